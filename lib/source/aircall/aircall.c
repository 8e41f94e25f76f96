/*
 * Aircall: calls as its API answers them and as its webhooks send them, and the
 * table of calls that its dashboard exports.
 */
#include "source/aircall/aircall.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

static const char within[] = "calls|call|data|number|user";

static int
sniff_json(struct str head)
{
	size_t marks;

	if (str_find(head, STR("raw_digits")) < 0 &&
	    str_find(head, STR("rawDigits")) < 0 &&
	    str_find(head, STR("api.aircall.io/")) < 0)
		return 0;
	marks = desk_marks(head, within,
	    "raw_digits|missed_call_reason|direct_link|answered_at|"
	    "started_at|ended_at|voicemail|recording|asset|digits|"
	    "resource|event|token|archived|transferred_to|"
	    "availability_status|direction");
	return marks >= 5 ? 92 : marks >= 3 ? 84 : 0;
}

static int
aircall_sniff(const char *base_name, struct str head)
{
	static const char columns[] =
	    "line|datetime_(utc)|missed_call_reason|duration_(total)|"
	    "duration_(in_call)|country_code|number_timezone|"
	    "date_(tz_offset_incl)|time_(tz_offset_incl)|direction";

	(void)base_name;
	if (json_peek_is(head))
		return sniff_json(head);
	if (str_find_nocase(str_sub(head, 0, 8192), STR("missed_call_reason")) <
		0 &&
	    memchr(head.p, '\0', head.n < 64 ? head.n : 64) == NULL)
		return 0;
	return desk_columns(head, columns) >= 5 ? 92 : 0;
}

static int
aircall_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "calls", "data", "call", NULL };
	static const char *const repeat[] = { "resource", "event", "timestamp",
		NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 256, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_aircall = {
	.name = "aircall",
	.about = "Aircall's calls, by API, webhook and table",
	.sniff = aircall_sniff,
	.read = aircall_read,
	.normalize = aircall_normalize,
};
