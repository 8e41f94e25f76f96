/*
 * One key, between the graph and the file.
 */
#include <string.h>

#include "people/store/sqlite.h"

void
sqlite_grow_known(struct sqlite *s, size_t n)
{
	size_t from = s->known_n;

	if (n < from)
		return;
	vec_hold(s->known, from, s->known_n, n + 1 - from);
	memset(s->known + from, 0, (s->known_n - from) * sizeof(*s->known));
}

int
sqlite_count(struct sqlite *s, struct err *e)
{
	int64_t key;

	if (s->counted)
		return 0;
	if (sqlite_find_row(s, Q_LAST_KEY, STR_NONE, &key, e) != 0 ||
	    sqlite_find_row(s, Q_LAST_MESSAGE, STR_NONE, &s->last_message, e) !=
		0 ||
	    sqlite_find_row(s, Q_LAST_CONVERSATION, STR_NONE,
		&s->last_conversation, e) != 0)
		return -1;
	s->last_key = (uint32_t)key;
	s->counted = true;
	return 0;
}

int64_t
sqlite_person_row(const struct sqlite *s, uint32_t key)
{
	uint32_t root = graph_root(s->base.g, key);

	return root < s->known_n ? s->known[root].row : 0;
}

/* A key of nobody. */
static int
put_text(struct sqlite *s, struct str text, int64_t *row, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_KEY, e);

	if (st == NULL || sqlite_count(s, e) != 0)
		return -1;
	*row = ++s->last_key;
	stmt_int(st, 1, *row);
	stmt_text(st, 2, text);
	stmt_null(st, 3);
	stmt_int(st, 4, 0);
	stmt_int(st, 5, 0);
	return stmt_run(st, e);
}

int
sqlite_row_of_key(
    struct sqlite *s, struct str text, int64_t *row, struct err *e)
{
	uint32_t i =
	    s->base.g == NULL ? GRAPH_NONE : graph_lookup(s->base.g, text);

	if (i < s->known_n && s->known[i].row != 0) {
		*row = s->known[i].row;
		return 0;
	}
	if (sqlite_find_row(s, Q_KEY_ROW, text, row, e) != 0)
		return -1;
	return *row != 0 ? 0 : put_text(s, text, row, e);
}

int
sqlite_load_key(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	struct stmt *st;
	struct str founder;
	int64_t row, person;
	uint32_t f = i;
	int rc;

	if (s->fresh)
		return 0;
	st = sqlite_query(s, Q_KEY, e);
	if (st == NULL)
		return -1;
	stmt_text(st, 1, graph_text(g, i));
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	row = stmt_col_int(st, 0);
	person = stmt_col_int(st, 1);
	s->known[i].row = (uint32_t)row;
	if (person == 0) {
		stmt_reset(st);
		return 0;
	}
	if ((g->keys[i].flags & KEY_CLAIM) == 0)
		g->keys[i].flags |= KEY_TRUSTED;
	g->keys[i].since = stmt_col_int(st, 2);
	if (stmt_col_int(st, 3) != 0)
		g->keys[i].flags |= KEY_HANDED;
	founder = stmt_col(st, 4);
	if (row != person)
		graph_intern(g, &founder, 1, &f);
	stmt_reset(st);
	sqlite_grow_known(s, g->n);
	s->known[i].root = f + 1;
	s->known[f].row = (uint32_t)person;
	return 1;
}

int
sqlite_adopt(struct sqlite *s, struct graph *g, struct str key, uint32_t *out,
    struct err *e)
{
	uint32_t before = g->n;

	graph_intern(g, &key, 1, out);
	sqlite_grow_known(s, g->n);
	if (g->n == before)
		return 0;
	if (sqlite_load_key(s, g, *out, e) < 0)
		return -1;
	if (s->known[*out].root != 0)
		g->keys[*out].parent = s->known[*out].root - 1;
	return 0;
}

int
sqlite_find_key(
    struct store *store, struct str text, uint32_t *key, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct str person;
	int rc;

	/* Most claim nothing. */
	if (s->fresh || (text.p[0] == '?' && !s->claims))
		return 0;
	arena_reset(&s->arena);
	rc = sqlite_find_text(s, Q_KEY_PERSON, text, &s->arena, &person, e);
	if (rc == 1 && sqlite_adopt(s, store->g, text, key, e) != 0)
		return -1;
	return rc;
}
