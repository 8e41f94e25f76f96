/*
 * Matrix: Element's export of a room, what servers answer (/sync, /messages,
 * /context, a search), and events one by one.
 */
#include "source/matrix/matrix.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/sent.h"

struct look {
	unsigned event, room;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_event[] = { "event_id", "sender",
		"origin_server_ts", "content", "type", NULL };
	static const char *const of_room[] = { "room_name", "room_creator",
		"exported_by", "export_date", NULL };
	struct look *l = arg;

	for (size_t i = 0; of_event[i] != NULL; i++)
		if (str_is(p->name, of_event[i]))
			l->event |= 1u << i;
	for (size_t i = 0; p->within.n == 0 && of_room[i] != NULL; i++)
		l->room += str_is(p->name, of_room[i]);
}

static int
matrix_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };
	bool stamped = str_find(head, STR("\"origin_server_ts\"")) >= 0;

	(void)base_name;
	json_peek(head, see, &l);
	/* An id, and when its server got it. */
	if ((l.event & 7) == 7 || l.event == 30)
		return 94;
	if (l.room >= 3)
		return 93;
	if (stamped && str_find(head, STR("\"event_id\"")) >= 0 &&
	    str_find(head, STR("\"sender\"")) >= 0)
		return 88;
	return str_find(head, STR("\"next_batch\"")) >= 0 &&
		       str_find(head, STR("\"timeline\"")) >= 0
		   ? 84
		   : 0;
}

static int
matrix_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "messages", "chunk", "events",
		"state", "events_before", "event", "events_after",
		"rooms/join/*/state/events", "rooms/join/*/timeline/events",
		"rooms/join/*/ephemeral/events", "rooms/leave/*/state/events",
		"rooms/leave/*/timeline/events", "timeline/events",
		"search_categories/room_events/results/result", NULL };
	/* Of the room. */
	static const char *const repeat[] = { "room_name", "room_id", "*",
		NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

static const struct source_sent sent[] = { { "export.json", "files" },
	{ "export.json", "media" }, { "export.json", "images" },
	{ NULL, NULL } };

const struct source_format source_matrix = {
	.name = "matrix",
	.about = "Matrix: Element's export of a room, events as servers answer",
	.sniff = matrix_sniff,
	.read = matrix_read,
	.sent = sent,
	.normalize = matrix_normalize,
};
