/* One person's story over all channels. */
#include "report/kinds.h"

enum { AT, CHANNEL, SIDE, WHO, TEXT, NOTE, TALK, ID };

struct table *
timeline_new(void)
{
	struct table *t = table_new("timeline", "The story so far",
	    "Every record of the person in the order of time, on all channels: "
	    "in is theirs, out is ours.",
	    "Nothing is known of this person.");

	t->chart = CHART_LANES;
	t->lane = CHANNEL;
	t->side = SIDE;
	table_column(t, "at", "when (UTC)", CELL_TIME, 0);
	table_column(t, "channel", "channel", CELL_NAME, 0);
	table_column(t, "direction", "", CELL_NAME, 0);
	table_column(t, "name", "who", CELL_TEXT, 0);
	table_column(t, "text", "what", CELL_TEXT, 0);
	table_column(t, "note", "", CELL_NAME, 0);
	table_column(
	    t, "conversation", "conversation", CELL_NAME, COLUMN_HIDDEN);
	table_column(t, "id", "id", CELL_NAME, 0);
	return t;
}

static struct str
who(struct record *r)
{
	struct json from = record_get(r, "from");
	struct str s = json_str(json_get(from, "name"), record_arena(r));
	static const char *const members[] = { "email", "tel", "uri" };

	for (size_t i = 0; i < 3 && s.n == 0; i++)
		s = json_str(json_get(from, members[i]), record_arena(r));
	return s;
}

void
timeline_add(struct table *t, struct record *r, bool why)
{
	struct str subject = record_str(r, "subject");
	struct str text = record_str(r, "text");
	struct cell *row;

	if (t->row_n == 0)
		t->columns[ID].flags = why ? 0 : COLUMN_HIDDEN;
	row = table_row(t);
	row[AT] = cell_count(record_time(r));
	row[CHANNEL] = cell_text(t, record_str(r, "channel"));
	row[SIDE] =
	    cell_text(t, record_is(r, "direction", "outbound")   ? STR("out")
			 : record_is(r, "direction", "internal") ? STR("note")
								 : STR("in"));
	row[WHO] = cell_text(t, who(r));
	if (subject.n > 0 && text.n > 0)
		row[TEXT].s = arena_printf(
		    &t->arena, "%.*s: %.*s", STR_ARG(subject), STR_ARG(text));
	else
		row[TEXT] = cell_text(t, subject.n > 0 ? subject : text);
	if (json_type(record_get(r, "quarantine")) != JSON_NONE)
		row[NOTE].s = STR("set aside");
	else if (record_has_keyword(r, "bounce"))
		row[NOTE].s = STR("bounce");
	else if (record_has_keyword(r, "automatic"))
		row[NOTE].s = STR("automatic");
	else if (!record_is(r, "type", "message"))
		row[NOTE] = cell_text(t, record_str(r, "type"));
	row[TALK] = cell_text(t, record_str(r, "conversation"));
	row[ID] = cell_text(t, record_str(r, "id"));
}
