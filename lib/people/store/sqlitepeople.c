/*
 * People between the graph and the state: what is loaded of them before
 * resolving, and what is kept of them after it.
 */
#include <string.h>

#include "people/store/sqlite.h"

/* The keys beside one, from one side of the edges. */
struct beside {
	struct str key, record;
	int64_t since;
	bool profile;
};

struct beside_list VEC(struct beside);

static int
read_beside(struct sqlite *s, enum query q, int64_t row, struct beside_list *l,
    struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_int(st, 1, row);
	while ((rc = stmt_step(st, e)) == 1)
		vec_add(l, (struct beside){
			       arena_dup(&s->arena, stmt_col(st, 0)),
			       arena_dup(&s->arena, stmt_col(st, 2)),
			       stmt_col_int(st, 1),
			       stmt_col_int(st, 3) != 0,
			   });
	return rc;
}

/*
 * The evidence that joins a key with others.  Of a key that too many share
 * only the count is taken: what it does not join need not be loaded.
 */
static int
load_edges(struct sqlite *s, struct graph *g, uint32_t i, struct beside_list *l,
    struct err *e)
{
	size_t people = 0, edge;
	uint32_t other;

	arena_reset(&s->arena);
	l->n = 0;
	if (read_beside(s, Q_EDGES_A, s->known[i].row, l, e) < 0 ||
	    read_beside(s, Q_EDGES_B, s->known[i].row, l, e) < 0)
		return -1;
	for (size_t k = 0; k < l->n; k++)
		people += !graph_is_device(l->v[k].key);
	if (people > g->max_degree) {
		if (people > g->keys[i].degree)
			g->keys[i].degree =
			    (uint16_t)(people < UINT16_MAX ? people
							   : UINT16_MAX);
		return 0;
	}
	for (size_t k = 0; k < l->n; k++) {
		graph_intern(g, &l->v[k].key, 1, &other);
		edge = graph_join(g, i, other, l->v[k].profile, l->v[k].since,
		    l->v[k].record);
		if (str_eq(str_of(g->sources[edge].record), l->v[k].record) &&
		    (g->edges[edge].profile != 0) == l->v[k].profile)
			g->sources[edge].stored = true;
	}
	return 0;
}

/* The names of rows that have the key. */
static int
load_names(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_NAMES, e);
	int64_t row = s->known[i].row;
	int rc;

	if (st == NULL || (row == 0 && sqlite_find_row(s, Q_KEY_ROW,
					   graph_text(g, i), &row, e) != 0))
		return -1;
	stmt_int(st, 1, row);
	while ((rc = stmt_step(st, e)) == 1) {
		graph_named(g, i, graph_name_intern(g, stmt_col(st, 0)),
		    stmt_col(st, 1));
		g->named[g->named_n - 1].stored = true;
	}
	return rc;
}

int
sqlite_load(struct store *store, struct graph *g, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct beside_list l = { 0 };
	int rc = 0;

	s->loaded = g->n;
	if (s->fresh) {
		sqlite_grow_known(s, g->n);
		return 0;
	}
	/* The graph grows by what is found; that is looked up in its turn. */
	for (uint32_t i = 0; i < g->n && rc >= 0; i++) {
		sqlite_grow_known(s, g->n);
		rc = sqlite_load_key(s, g, i, e);
		if (rc == 1)
			rc = load_edges(s, g, i, &l, e);
		if (rc >= 0 && graph_is_shareable(graph_text(g, i)))
			rc = load_names(s, g, i, e);
	}
	sqlite_grow_known(s, g->n);
	s->loaded = g->n;
	vec_release(&l);
	return rc < 0 ? -1 : 0;
}

/* One message leaves for the conversation that its person's first opens. */
static int
part_message(struct sqlite *s, struct str message, int64_t row,
    int64_t conversation, struct err *e)
{
	static const enum query moves[] = { Q_PART, Q_PART_REFS };

	(void)map_put(&s->parted, message, NULL);
	for (size_t i = 0; i < 2; i++) {
		struct stmt *st = sqlite_query(s, moves[i], e);

		if (st == NULL)
			return -1;
		stmt_int(st, 1, conversation);
		stmt_int(st, 2, row);
		if (stmt_run(st, e) != 0)
			return -1;
	}
	return 0;
}

struct stray {
	struct str id, person, key;
	int64_t row;
};

/* The conversation is their person's, by the first of them. */
static int
part_strays(struct sqlite *s, const struct stray *x, size_t n, struct err *e)
{
	char id[ID_SIZE];
	int64_t row;

	id_make(id, 'c', &x->id, 1);
	if (sqlite_open_row(s, str_of(id), x->key, &row, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (part_message(s, x[i].id, x[i].row, row, e) != 0)
			return -1;
	return sqlite_recount(s, str_of(id), x->key, e);
}

/* Messages of others than its owner leave a conversation. */
static int
part_conversation(
    struct sqlite *s, int64_t row, struct str conversation, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_STRAY, e);
	struct strays VEC(struct stray) all = { 0 };
	size_t from = 0;
	int rc;

	if (st == NULL)
		return -1;
	stmt_int(st, 1, row);
	while ((rc = stmt_step(st, e)) == 1) {
		vec_add(&all, (struct stray){
				  arena_dup(&s->arena, stmt_col(st, 0)),
				  arena_dup(&s->arena, stmt_col(st, 1)),
				  arena_dup(&s->arena, stmt_col(st, 2)),
				  stmt_col_int(st, 3),
			      });
	}
	for (size_t i = 0; i < all.n && rc == 0; i++) {
		if (i + 1 < all.n &&
		    str_eq(all.v[i].person, all.v[i + 1].person))
			continue;
		rc = part_strays(s, all.v + from, i + 1 - from, e);
		from = i + 1;
	}
	if (rc == 0 && all.n > 0)
		rc = sqlite_recount(s, conversation, STR_NONE, e);
	vec_release(&all);
	return rc;
}

struct touched {
	struct str id;
	int64_t row;
};

int
sqlite_part_touched(
    struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_TOUCHED, e);
	struct all VEC(struct touched) all = { 0 };
	int rc;

	if (st == NULL)
		return -1;
	arena_reset(&s->arena);
	stmt_int(st, 1, s->known[i].row);
	stmt_int(st, 2, s->known[graph_root(g, i)].row);
	while ((rc = stmt_step(st, e)) == 1)
		vec_add(&all,
		    (struct touched){ arena_dup(&s->arena, stmt_col(st, 1)),
			stmt_col_int(st, 0) });
	for (size_t k = 0; k < all.n && rc == 0; k++)
		rc = part_conversation(s, all.v[k].row, all.v[k].id, e);
	vec_release(&all);
	return rc;
}

const struct store_move *
sqlite_moves(const struct store *store, size_t *n)
{
	const struct sqlite *s = sqlite_of(store);
	*n = s->moves.n;
	return s->moves.v;
}

bool
sqlite_was_parted(const struct store *store, struct str message)
{
	const struct sqlite *s = sqlite_of(store);
	return s->parted.n > 0 && map_get(&s->parted, message) != NULL;
}

int
sqlite_leave(struct store *store, struct str message, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_LEAVE, e);

	if (st == NULL)
		return -1;
	sqlite_forget_last(s);
	stmt_text(st, 1, message);
	return stmt_run(st, e);
}

int
sqlite_forget(struct store *store, struct err *e)
{
	struct sqlite *s = sqlite_of(store);

	if (sqlite_put_owed(s, e) != 0)
		return -1;
	map_reset(&s->parted);
	map_reset(&s->met);
	s->accounts.n = s->listed.n = 0;
	s->loaded = 0;
	if (s->known != NULL)
		memset(s->known, 0, s->known_n * sizeof(*s->known));
	sqlite_forget_last(s);
	s->moves.n = 0;
	return 0;
}

int
sqlite_person_key(struct store *store, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return sqlite_key_of_person(sqlite_of(store), id, a, key, e);
}
