#include "report/timeline.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/io/sort.h"
#include "core/map.h"
#include "identify/ids.h"
#include "record/fields.h"

enum { SPOOL_MEMORY = 64 << 20 };

enum { AT, CHANNEL, SIDE, WHO, TEXT, NOTE, CONVERSATION, ID };

struct timeline {
	struct str who; /* as given */
	bool why;
	struct table *table;
	struct sorter *spool; /* of a key: the person comes later */
	struct map people; /* whom the key means */
};

static struct table *
make(void)
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

static void
add_row(struct table *t, struct record *r, bool why)
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
		row[TEXT].s = ARENA_JOIN(&t->arena, subject, STR(": "), text);
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
	row[CONVERSATION] = cell_text(t, record_str(r, "conversation"));
	row[ID] = cell_text(t, record_str(r, "id"));
}

struct timeline *
timeline_new(struct str who, bool why)
{
	struct timeline *t = xcalloc(1, sizeof(*t));

	t->who = who;
	t->why = why;
	t->table = make();
	if (id_is(who, "p"))
		*map_put(&t->people, who, NULL) = 1;
	else
		t->spool = sorter_new(SPOOL_MEMORY);
	return t;
}

void
timeline_free(struct timeline *t)
{
	if (t == NULL)
		return;
	table_free(t->table);
	sorter_free(t->spool);
	map_release(&t->people);
	free(t);
}

/* Whether one of the record's keys is what the user named. */
static bool
has_key(struct record *rec, struct str who)
{
	struct ids ids = ids_each(record_get(rec, "ids"), record_arena(rec));
	struct evidence e;

	while (ids_next(&ids, &e)) {
		if (e.trust == TRUST_MENTIONED)
			continue;
		if (str_eq_nocase(e.value, who))
			return true;
		if (who.n == e.type.n + 1 + e.value.n &&
		    who.p[e.type.n] == ':' && str_starts(who, e.type) &&
		    str_eq_nocase(str_sub(who, e.type.n + 1, who.n), e.value))
			return true;
	}
	return false;
}

/* The person's own records, and those shown beside (claims). */
static bool
is_about(struct record *rec, const struct map *people)
{
	struct json_iter claims = json_each(record_get(rec, "claims"));
	struct json claim;

	if (map_get(people, record_str(rec, "person")) != NULL)
		return true;
	while (json_next(&claims, NULL, &claim))
		if (map_get(people, json_str(json_get(claim, "person"),
					record_arena(rec))) != NULL)
			return true;
	return false;
}

int
timeline_add(struct timeline *t, struct record *r, struct err *e)
{
	struct str person;

	if (t->spool == NULL) {
		if (is_about(r, &t->people))
			add_row(t->table, r, t->why);
		return 0;
	}
	person = record_str(r, "person");
	if (person.n > 0 && has_key(r, t->who))
		map_put(&t->people, person, NULL);
	return sorter_add(t->spool, STR(""), record_line(r), e);
}

static int
read_spool(struct timeline *t, struct record *r, struct err *e)
{
	struct str key, line;
	int more;

	if (sorter_finish(t->spool, e) < 0)
		return -1;
	while ((more = sorter_next(t->spool, &key, &line, e)) > 0) {
		if (record_parse(r, line, e) < 0)
			return -1;
		if (is_about(r, &t->people))
			add_row(t->table, r, t->why);
	}
	return more;
}

/* The key is known to mean one person by now: their records. */
static int
find_records(struct timeline *t, struct err *e)
{
	struct record *r;
	int rc;

	if (t->people.n > 1)
		return err_set(e,
		    "'%.*s' means %zu persons, %.*s and %.*s among them; name "
		    "one by its id",
		    STR_ARG(t->who), t->people.n,
		    STR_ARG(t->people.entries[0].key),
		    STR_ARG(t->people.entries[1].key));
	r = record_new();
	rc = read_spool(t, r, e);
	record_free(r);
	return rc;
}

struct table *
timeline_table(struct timeline *t, struct err *e)
{
	struct table *table;

	if (t->spool != NULL && find_records(t, e) < 0)
		return NULL;
	table = t->table;
	t->table = NULL;
	return table;
}
