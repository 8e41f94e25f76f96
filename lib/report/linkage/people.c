#include "report/linkage/people.h"

#include <stdlib.h>

#include "record/fields.h"

void
linkage_report_release(struct linkage_report *l)
{
	map_release(&l->index);
	map_release(&l->pairs);
	vec_release(&l->people);
	vec_release(&l->doubts);
	idset_release(&l->seen);
	arena_release(&l->arena);
}

static struct linked_person *
person_of(struct linkage_report *l, struct str id)
{
	bool fresh;
	uint64_t *at = map_put(&l->index, id, &fresh);

	if (fresh) {
		*at = l->people.n;
		vec_add(&l->people, (struct linked_person){ 0 });
	}
	return &l->people.v[*at];
}

/* Each pair stands with the rows of both. */
static void
add_doubt(struct linkage_report *l, struct str a, struct str b, double p)
{
	bool turned = str_cmp(a, b) > 0, fresh;
	struct str first = turned ? b : a, second = turned ? a : b;

	(void)map_put(
	    &l->pairs, ARENA_JOIN(&l->arena, first, STR(" "), second), &fresh);
	if (!fresh)
		return;
	vec_add(&l->doubts, (struct doubt){ arena_dup(&l->arena, first),
				arena_dup(&l->arena, second), p });
}

static void
add_likely(struct linkage_report *l, struct record *r, struct str person)
{
	struct json_iter it = json_each(record_get(r, "likely"));
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct str other =
		    json_str(json_get(v, "person"), record_arena(r));
		double p;

		if (other.n > 0 &&
		    json_real(json_get(v, "probability"), &p) == 0)
			add_doubt(l, person, other, p);
	}
}

void
linkage_report_add(struct linkage_report *l, struct record *r)
{
	struct str person = record_str(r, "person");
	struct str id = record_str(r, "id"), name;
	struct linked_person *x;

	if (!record_is(r, "type", "contact") || person.n == 0 ||
	    !idset_add(&l->seen, idset_hash(id)))
		return;
	name =
	    json_str(json_get(record_get(r, "from"), "name"), record_arena(r));
	x = person_of(l, person);
	x->rows++;
	if (x->record.n == 0 || str_cmp(id, x->record) < 0) {
		x->record = arena_dup(&l->arena, id);
		x->name = arena_dup(&l->arena, name);
	}
	add_likely(l, r, person);
}

static int
by_rows(const void *x, const void *y)
{
	const struct linked_person *a = x, *b = y;

	return a->rows < b->rows ? -1 : a->rows > b->rows;
}

struct table *
linkage_report_sizes(struct linkage_report *l)
{
	struct table *t = table_new("linkage", "How many rows people have",
	    "Rows of contact tables, address books and CRMs, each counted "
	    "once, by how many are one person's.",
	    "No row of a person.");
	struct linked_people sorted = { 0 };

	table_column(t, "rows", "rows of one", CELL_COUNT, 0);
	table_column(t, "people", "people", CELL_COUNT, COLUMN_BAR);
	table_column(t, "allRows", "rows", CELL_COUNT, 0);
	t->chart = CHART_BARS;
	for (size_t i = 0; i < l->people.n; i++)
		vec_add(&sorted, l->people.v[i]);
	if (sorted.n > 1)
		qsort(sorted.v, sorted.n, sizeof(*sorted.v), by_rows);
	for (size_t i = 0, end; i < sorted.n; i = end) {
		struct cell *row = table_row(t);

		for (end = i + 1;
		     end < sorted.n && sorted.v[end].rows == sorted.v[i].rows;)
			end++;
		row[0] = cell_count(sorted.v[i].rows);
		row[1] = cell_count((int64_t)(end - i));
		row[2] = cell_count((int64_t)(end - i) * sorted.v[i].rows);
	}
	vec_release(&sorted);
	return t;
}

static int
by_likeness(const void *x, const void *y)
{
	const struct doubt *a = x, *b = y;
	int rc;

	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	rc = str_cmp(a->a, b->a);
	return rc != 0 ? rc : str_cmp(a->b, b->b);
}

static void
add_person(
    struct linkage_report *l, struct table *t, struct cell *row, struct str id)
{
	const uint64_t *at = map_get(&l->index, id);

	if (at != NULL) {
		row[0] = cell_text(t, l->people.v[*at].name);
		row[1] = cell_text(t, l->people.v[*at].record);
	}
	row[2] = cell_text(t, id);
}

struct table *
linkage_report_doubtful(struct linkage_report *l)
{
	struct table *t = table_new("linkage", "Who may be one",
	    "People whose rows are alike and that were not joined, with the "
	    "probability of being one, the likest first.  A line "
	    "{\"same\":[A,B]} or {\"different\":[A,B]} of a links file, with "
	    "the ids of a row of each, is a verdict.",
	    "Nobody is in doubt.");

	table_column(t, "probability", "probability", CELL_NAME, 0);
	table_column(t, "name", "name", CELL_TEXT, 0);
	table_column(t, "record", "row", CELL_NAME, 0);
	table_column(t, "person", "person", CELL_NAME, COLUMN_HIDDEN);
	table_column(t, "otherName", "name", CELL_TEXT, 0);
	table_column(t, "otherRecord", "row", CELL_NAME, 0);
	table_column(t, "otherPerson", "person", CELL_NAME, COLUMN_HIDDEN);
	if (l->doubts.n > 1)
		qsort(l->doubts.v, l->doubts.n, sizeof(*l->doubts.v),
		    by_likeness);
	for (size_t i = 0; i < l->doubts.n; i++) {
		const struct doubt *d = &l->doubts.v[i];
		struct cell *row = table_row(t);

		row[0] = cell_text(
		    t, arena_printf(&l->arena, "%.3f", d->probability));
		add_person(l, t, row + 1, d->a);
		add_person(l, t, row + 4, d->b);
	}
	return t;
}
