/*
 * Gorgias: tickets with their messages, messages, satisfaction surveys and
 * events, as its API answers them: alone, in the `data` of a page, or one a
 * line.
 */
#include "source/gorgias/gorgias.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] = "data|ticket|message|messages";

/* Times that are called so are nobody else's. */
static int
gorgias_sniff(const char *base_name, struct str head)
{
	size_t times, marks;

	(void)base_name;
	if (!json_peek_is(head) || str_find_nocase(head, STR("datetime\"")) < 0)
		return 0;
	times = desk_marks(head, within,
	    "created_datetime|sent_datetime|opened_datetime|"
	    "last_message_datetime|last_received_message_datetime|"
	    "updated_datetime|closed_datetime|snooze_datetime|"
	    "failed_datetime|deleted_datetime|scored_datetime|"
	    "should_send_datetime|trashed_datetime");
	marks = desk_marks(head, within,
	    "from_agent|stripped_text|stripped_html|body_text|body_html|"
	    "ticket_id|integration_id|assignee_user|assignee_team|customer|"
	    "messages_count|satisfaction_survey|source|via|is_unread|spam|"
	    "score|customer_id|object_type|object_id|user_id|context");
	return times >= 2 && marks >= 4   ? 90
	       : times >= 1 && marks >= 3 ? 84
					  : 0;
}

static int
gorgias_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "data", "tickets", NULL };
	static const char *const repeat[] = { "ticket", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_gorgias = {
	.name = "gorgias",
	.about = "Gorgias' tickets, messages, surveys and events",
	.sniff = gorgias_sniff,
	.read = gorgias_read,
	.normalize = gorgias_normalize,
};
