/*
 * Dialpad: calls and short messages as its API and webhooks tell of them, and
 * the records of calls that its statistics export.
 */
#include "source/dialpad/dialpad.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

static const char within[] = "items|calls|contact|target|call";

static const char columns[] =
    "call_id|external_number|internal_number|date_started|date_rang|"
    "date_connected|date_ended|categories|target_id|target_kind|"
    "target_type|is_internal|entry_point_call_id|master_call_id|"
    "operator_call_id|proxy_target_id|was_recorded|date_queued|"
    "date_first_rang|talk_duration|ring_duration|callback_id|direction|"
    "transferred_from_contact_id|availability";

static int
dialpad_sniff(const char *base_name, struct str head)
{
	size_t calls, texts;

	(void)base_name;
	if (!json_peek_is(head)) {
		if (str_find_nocase(str_sub(head, 0, 8192), STR("external")) <
			0 &&
		    memchr(head.p, '\0', head.n < 64 ? head.n : 64) == NULL)
			return 0;
		return desk_columns(head, columns) >= 5 ? 90 : 0;
	}
	calls = desk_marks(head, within,
	    "call_id|date_started|date_rang|date_connected|date_ended|"
	    "external_number|internal_number|state|target|"
	    "entry_point_call_id|entry_point_target|master_call_id|"
	    "operator_call_id|proxy_target|event_timestamp|voicemail_link|"
	    "was_recorded|is_transferred|mos_score|group_id|total_duration");
	texts = desk_marks(head, within,
	    "from_number|to_number|message_status|created_date|target|"
	    "message_delivery_result|mms|sender_id|event_timestamp|contact");
	return calls >= 6 ? 90 : texts >= 6 ? 88 : 0;
}

static int
dialpad_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "items", "calls", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 64, .whole = true
	};
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return json_peek_is(head) ? items_form_read(in, file, &form, e)
				  : table_ingest(in, file, NULL, false, e);
}

const struct source_format source_dialpad = {
	.name = "dialpad",
	.about = "Dialpad's calls and short messages, and its records of calls",
	.sniff = dialpad_sniff,
	.read = dialpad_read,
	.normalize = dialpad_normalize,
};
