#include "report/linkage/model.h"

#include <inttypes.h>
#include <math.h>

#include "core/io/file.h"

enum { MODEL_MAX = 1 << 20 /* bytes of a file */ };

int
linkmodel_open(struct linkmodel *m, const char *path, struct err *e)
{
	struct err why = { 0 };
	struct buf text;
	int rc;

	m->doc = json_doc_new();
	buf_init(&text, MODEL_MAX);
	rc = file_read(path, &text, e);
	if (rc == 0 &&
	    (json_parse_copy(m->doc, buf_str(&text), &m->root, &why) != 0 ||
		json_type(json_get(m->root, "fields")) != JSON_OBJECT))
		rc = err_set(e,
		    "%s: no model: give a file that kith merge --link --model "
		    "wrote",
		    path);
	buf_release(&text);
	return rc;
}

void
linkmodel_close(struct linkmodel *m)
{
	json_doc_free(m->doc);
	m->doc = NULL;
}

static int64_t
count_at(struct json v, const char *name)
{
	int64_t n;

	return json_int(json_get(v, name), &n) == 0 ? n : CELL_NONE;
}

struct table *
linkmodel_weights(const struct linkmodel *m)
{
	struct table *t = table_new("linkageWeights", "Pairs by weight",
	    "Pairs of rows that were compared when the model was made, by "
	    "their weight: bits for being one person's.",
	    "No pair was compared.");
	struct json_iter it = json_each(json_get(m->root, "weights"));
	struct json v;

	table_column(t, "bits", "bits", CELL_NAME, 0);
	table_column(t, "pairs", "pairs", CELL_COUNT, COLUMN_BAR);
	t->chart = CHART_BARS;
	while (json_next(&it, NULL, &v)) {
		struct cell *row = table_row(t);

		row[0] = cell_text(t,
		    arena_printf(&t->arena, "%" PRId64, count_at(v, "bits")));
		row[1] = cell_count(count_at(v, "pairs"));
	}
	return t;
}

static struct str
joined(struct json list, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct str s = STR_NONE;
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct str part = json_str(v, a);

		s = s.n == 0 ? part : ARENA_JOIN(a, s, STR(", "), part);
	}
	return s;
}

struct table *
linkmodel_rules(const struct linkmodel *m)
{
	struct table *t = table_new("linkageRules", "Which pairs are compared",
	    "Rows are compared that have all of this in common.  Where too "
	    "many have it, none of them are, and another line must find them.",
	    "No rows are compared.");
	struct json_iter it = json_each(json_get(m->root, "rules"));
	struct json v;

	table_column(t, "equal", "in common", CELL_TEXT, 0);
	table_column(t, "pairs", "pairs", CELL_COUNT, COLUMN_BAR);
	table_column(t, "dropped", "too large", CELL_COUNT, 0);
	table_column(t, "droppedRows", "rows of these", CELL_COUNT, 0);
	while (json_next(&it, NULL, &v)) {
		struct cell *row = table_row(t);

		row[0] = cell_text(t, joined(json_get(v, "equal"), &t->arena));
		row[1] = cell_count(count_at(v, "pairs"));
		row[2] = cell_count(count_at(v, "dropped"));
		row[3] = cell_count(count_at(v, "droppedRows"));
	}
	return t;
}

/* A level of a field: how often of the same and of others; false for none. */
static bool
level_at(struct json field, unsigned level, double *same, double *others)
{
	return json_real(json_at(json_get(field, "same"), level), same) == 0 &&
	       json_real(json_at(json_get(field, "others"), level), others) ==
		   0 &&
	       *same > 0 && *others > 0;
}

static struct cell
share_cell(struct table *t, double v)
{
	return cell_text(t, arena_printf(&t->arena, "%.6f", v));
}

static struct cell
bits_cell(struct table *t, double v)
{
	return cell_text(t, arena_printf(&t->arena, "%+.2f", v));
}

static void
add_level(struct table *t, struct str name, struct json field,
    struct json other, unsigned level)
{
	double same, others, now, then;
	struct cell *row;

	if (!level_at(field, level, &same, &others))
		return;
	row = table_row(t);
	row[0] = cell_text(t, name);
	row[1] = cell_text(
	    t, json_str(json_at(json_get(field, "levels"), level), &t->arena));
	row[2] = bits_cell(t, log2(same / others));
	row[3] = share_cell(t, same);
	row[4] = share_cell(t, others);
	if (level_at(other, level, &now, &then)) {
		row[5] = bits_cell(t, log2(now / then));
		row[6] = bits_cell(t, log2(now / then) - log2(same / others));
	}
}

struct table *
linkmodel_fields(const struct linkmodel *m, const struct linkmodel *other)
{
	struct table *t = table_new("linkageFields", "What is how much worth",
	    "For each field and how alike two values are: the weight in bits, "
	    "how often it is so of one person's rows and of two people's.",
	    "The model has no fields.");
	struct json_iter it = json_each(json_get(m->root, "fields"));
	struct json key, field;

	table_column(t, "field", "field", CELL_NAME, 0);
	table_column(t, "level", "alike", CELL_NAME, 0);
	table_column(t, "weight", "weight", CELL_NAME, 0);
	table_column(t, "same", "of the same", CELL_NAME, 0);
	table_column(t, "others", "of others", CELL_NAME, 0);
	if (other != NULL) {
		table_column(t, "against", "other model", CELL_NAME, 0);
		table_column(t, "drift", "change", CELL_NAME, 0);
	}
	while (json_next(&it, &key, &field)) {
		struct str name = json_str(key, &t->arena);
		struct json there = { 0 };
		size_t n = 0;
		struct json_iter levels = json_each(json_get(field, "same"));
		struct json v;

		if (other != NULL)
			there =
			    json_get_str(json_get(other->root, "fields"), name);
		while (json_next(&levels, NULL, &v))
			add_level(t, name, field, there, (unsigned)n++);
	}
	return t;
}
