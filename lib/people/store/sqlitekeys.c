/*
 * One key, between the graph and the file.
 */
#include <string.h>

#include "people/store/sqlite.h"

void
sqlite_grow_known(struct sqlite *s, size_t n)
{
	size_t from = s->old_n;

	if (n < from)
		return;
	vec_hold(s->old_root, from, s->old_n, n + 1 - from);
	memset(s->old_root + from, 0, (s->old_n - from) * sizeof(*s->old_root));
}

int
sqlite_load_key(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_KEY, e);
	struct str person, founder;
	uint32_t f;
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, graph_text(g, i));
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	arena_reset(&s->arena);
	person = arena_dup(&s->arena, stmt_col(st, 0));
	if ((g->keys[i].flags & KEY_CLAIM) == 0)
		g->keys[i].flags |= KEY_TRUSTED;
	g->keys[i].since = stmt_col_int(st, 1);
	if (stmt_col_int(st, 2) != 0)
		g->keys[i].flags |= KEY_HANDED;
	stmt_reset(st);
	if (sqlite_key_of_person(s, person, &s->arena, &founder, e) != 1)
		return err_set(
		    e, "the state knows no person %.*s", STR_ARG(person));
	graph_intern(g, &founder, 1, &f);
	sqlite_grow_known(s, g->n);
	s->old_root[i] = f + 1;
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
	if (s->old_root[*out] != 0)
		g->keys[*out].parent = s->old_root[*out] - 1;
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
	if (text.p[0] == '?' && !s->claims)
		return 0;
	arena_reset(&s->arena);
	rc = sqlite_find_text(s, Q_KEY, text, &s->arena, &person, e);
	if (rc == 1 && sqlite_adopt(s, store->g, text, key, e) != 0)
		return -1;
	return rc;
}
