/*
 * Direct messages of X (Twitter): direct-messages.js and its like of an
 * archive, and what its interfaces answer (dm_events of version 2, events of
 * 1.1 and of webhooks).  Each message is an item, and so is what happened to a
 * group.
 */
#include "source/x/x.h"

#include "source/peek.h"
#include "source/sent.h"

struct look {
	unsigned archive, event, two, one;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const lists[] = { "", "data", "events",
		"direct_message_events", NULL };
	struct look *l = arg;

	if (p->within.n == 0) {
		l->archive += str_is(p->name, "dmConversation");
		l->event += p->first == '{' &&
			    (str_is(p->name, "messageCreate") ||
				str_is(p->name, "welcomeMessageCreate") ||
				str_is(p->name, "joinConversation") ||
				str_is(p->name, "participantsLeave"));
	}
	for (size_t i = 0; lists[i] != NULL; i++) {
		if (!str_is(p->within, lists[i]))
			continue;
		l->two += str_is(p->name, "dm_conversation_id") ||
			  str_is(p->name, "event_type");
		l->one +=
		    (str_is(p->name, "message_create") && p->first == '{') ||
		    str_is(p->name, "created_timestamp");
	}
}

static int
x_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };

	(void)base_name;
	if (str_starts(head, STR("window.YTD.direct_message")) ||
	    str_starts(head, STR("\xef\xbb\xbfwindow.YTD.direct_message")))
		return 96;
	json_peek(str_sub(head, items_script_head(head), head.n), see, &l);
	if (l.archive > 0)
		return 93;
	return l.event > 0 ? 88 : l.two >= 2 || l.one >= 2 ? 90 : 0;
}

static int
x_read(struct ingest *in, struct input *file, struct err *e)
{
	return items_form_read(in, file, &x_form, e);
}

static const struct source_sent sent[] = { { "direct-messages.js",
					       "direct_messages_media" },
	{ "direct-messages.js", "direct_messages_group_media" },
	{ "direct-messages-group.js", "direct_messages_media" },
	{ "direct-messages-group.js", "direct_messages_group_media" },
	{ NULL, NULL } };

const struct source_format source_x = {
	.name = "x",
	.about = "direct messages of X (Twitter), of an archive or its API",
	.sniff = x_sniff,
	.read = x_read,
	.sniff_tree = x_sniff_tree,
	.read_tree = x_read_tree,
	.release_tree = x_release_tree,
	.sent = sent,
	.normalize = x_normalize,
};
