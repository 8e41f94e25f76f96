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
read_beside(struct sqlite *s, enum query q, struct str key,
    struct beside_list *l, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, key);
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
	if (read_beside(s, Q_EDGES_A, graph_text(g, i), l, e) < 0 ||
	    read_beside(s, Q_EDGES_B, graph_text(g, i), l, e) < 0)
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
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, graph_text(g, i));
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
	vec_release(&l);
	return rc < 0 ? -1 : 0;
}

/* Keeping. */

static int
put_edges(struct sqlite *s, struct graph *g, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_EDGE, e);

	if (st == NULL)
		return -1;
	for (size_t i = 0; i < g->edge_n; i++) {
		const struct graph_edge *edge = &g->edges[i];

		if (g->sources[i].stored)
			continue;
		stmt_text(st, 1, graph_text(g, edge->a));
		stmt_text(st, 2, graph_text(g, edge->b));
		stmt_int(st, 3, edge->since);
		stmt_text(st, 4, str_of(g->sources[i].record));
		stmt_int(st, 5, edge->profile);
		if (stmt_run(st, e) != 0)
			return -1;
		g->sources[i].stored = true;
	}
	return 0;
}

static int
put_names(struct sqlite *s, struct graph *g, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_NAME, e);

	if (st == NULL)
		return -1;
	for (size_t i = 0; i < g->named_n; i++) {
		struct graph_name *n = &g->named[i];

		if (n->stored)
			continue;
		stmt_text(st, 1, graph_text(g, n->key));
		stmt_text(st, 2, str_of(n->record));
		stmt_text(st, 3, g->names.entries[n->name].key);
		if (stmt_run(st, e) != 0)
			return -1;
		n->stored = true;
	}
	return 0;
}

static int
put_person(struct sqlite *s, struct graph *g, uint32_t root, struct str id,
    struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_PERSON, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
	stmt_text(st, 2, graph_text(g, root));
	return stmt_run(st, e);
}

/* 1 where the key was not there so. */
static int
put_key(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_KEY, e);
	uint32_t root = graph_root(g, i);
	char id[ID_SIZE];

	graph_person_id(g, root, id);
	if (i == root && put_person(s, g, root, str_of(id), e) != 0)
		return -1;
	if (st == NULL)
		return -1;
	stmt_text(st, 1, graph_text(g, i));
	stmt_text(st, 2, str_of(id));
	stmt_int(st, 3, g->keys[i].since);
	stmt_int(st, 4, i == root || (g->keys[i].flags & KEY_HANDED) != 0);
	return stmt_run(st, e);
}

static int
move_messages(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	static const enum query all[] = { Q_MOVE, Q_MOVE_EARLIER };
	char id[ID_SIZE];

	graph_person_id(g, graph_root(g, i), id);
	for (size_t n = 0; n < sizeof(all) / sizeof(*all); n++) {
		struct stmt *st = sqlite_query(s, all[n], e);

		if (st == NULL)
			return -1;
		stmt_text(st, 1, str_of(id));
		stmt_text(st, 2, graph_text(g, i));
		if (stmt_run(st, e) != 0)
			return -1;
	}
	return 0;
}

/* One message leaves for the conversation that its person's first opens. */
static int
part_message(struct sqlite *s, struct str message, struct str conversation,
    struct err *e)
{
	static const enum query moves[] = { Q_PART, Q_PART_REFS };

	(void)map_put(&s->parted, message, NULL);
	for (size_t i = 0; i < 2; i++) {
		struct stmt *st = sqlite_query(s, moves[i], e);

		if (st == NULL)
			return -1;
		stmt_text(st, 1, conversation);
		stmt_text(st, 2, message);
		if (stmt_run(st, e) != 0)
			return -1;
	}
	return 0;
}

struct stray {
	struct str id, person, key;
};

/* Messages of others than its owner leave a conversation. */
static int
part_conversation(struct sqlite *s, struct str conversation, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_STRAY, e);
	struct strays VEC(struct stray) all = { 0 };
	char id[ID_SIZE] = "";
	struct str key = STR_NONE;
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, conversation);
	while ((rc = stmt_step(st, e)) == 1) {
		vec_add(&all, (struct stray){
				  arena_dup(&s->arena, stmt_col(st, 0)),
				  arena_dup(&s->arena, stmt_col(st, 1)),
				  arena_dup(&s->arena, stmt_col(st, 2)),
			      });
	}
	for (size_t i = 0; i < all.n && rc == 0; i++) {
		const struct stray *x = &all.v[i];

		if (i == 0 || !str_eq(x->person, x[-1].person)) {
			id_make(id, 'c', &x->id, 1);
			key = x->key;
		}
		rc = part_message(s, x->id, str_of(id), e);
		if (rc == 0 &&
		    (i + 1 == all.n || !str_eq(x->person, x[1].person)))
			rc = sqlite_recount(s, str_of(id), key, e);
	}
	if (rc == 0 && all.n > 0)
		rc = sqlite_recount(s, conversation, STR_NONE, e);
	vec_release(&all);
	return rc;
}

static int
part_touched(struct sqlite *s, struct str key, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_TOUCHED, e);
	struct touched VEC(struct str) all = { 0 };
	int rc;

	if (st == NULL)
		return -1;
	arena_reset(&s->arena);
	stmt_text(st, 1, key);
	while ((rc = stmt_step(st, e)) == 1)
		vec_add(&all, arena_dup(&s->arena, stmt_col(st, 0)));
	for (size_t i = 0; i < all.n && rc == 0; i++)
		rc = part_conversation(s, all.v[i], e);
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
	struct stmt *st = sqlite_query(s, Q_PART, e);

	if (st == NULL)
		return -1;
	stmt_null(st, 1);
	stmt_text(st, 2, message);
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
	if (s->old_root != NULL)
		memset(s->old_root, 0, s->old_n * sizeof(*s->old_root));
	s->moves.n = 0;
	return 0;
}

/* A key is somebody else's than before: their person's fate, once. */
static void
note_move(struct sqlite *s, struct graph *g, uint32_t i)
{
	uint32_t founder = s->old_root[i] - 1;
	struct store_move m = { .merged = graph_root(g, founder) != founder &&
					  graph_root(g, founder) ==
					      graph_root(g, i) };

	graph_person_id(g, founder, m.from);
	graph_person_id(g, graph_root(g, i), m.to);
	for (size_t k = 0; k < s->moves.n; k++)
		if (strcmp(s->moves.v[k].from, m.from) == 0 &&
		    strcmp(s->moves.v[k].to, m.to) == 0)
			return;
	vec_add(&s->moves, m);
}

static bool
is_known(const struct graph *g, uint32_t i)
{
	return (g->keys[i].flags & (KEY_TRUSTED | KEY_CLAIM)) != 0 &&
	       (g->keys[i].flags & KEY_NOTHING) == 0;
}

/* Of whom the file knew nothing, it knows of nothing that waits. */
static void
list_new(struct sqlite *s, struct graph *g)
{
	bool *known = xcalloc(g->n, sizeof(*known));

	for (uint32_t i = 0; i < g->n; i++)
		if (s->old_root[i] != 0)
			known[graph_root(g, i)] = true;
	sqlite_list_new(s, known, g->n);
	free(known);
}

int
sqlite_save(struct store *store, struct graph *g, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	int claims = s->claims ? 0 : sqlite_any(s, Q_ANY_CLAIM, e);

	s->claims |= claims == 1;
	if (claims < 0 || put_edges(s, g, e) != 0 || put_names(s, g, e) != 0)
		return -1;
	sqlite_grow_known(s, g->n);
	list_new(s, g);
	for (uint32_t i = 0; i < g->n; i++)
		if (is_known(g, i) && put_key(s, g, i, e) != 0)
			return -1;
	sqlite_grow_known(s, g->n);
	s->moves.n = 0;
	map_reset(&s->parted);
	for (uint32_t i = 0; i < g->n; i++) {
		if (s->old_root[i] == 0 ||
		    s->old_root[i] - 1 == graph_root(g, i))
			continue;
		note_move(s, g, i);
		if (move_messages(s, g, i, e) != 0)
			return -1;
	}
	/* Where a person's keys went apart, so do their conversations. */
	for (uint32_t i = 0; i < g->n; i++)
		if (s->old_root[i] != 0 &&
		    graph_root(g, s->old_root[i] - 1) != graph_root(g, i) &&
		    part_touched(s, graph_text(g, i), e) != 0)
			return -1;
	for (uint32_t i = 0; i < g->n; i++)
		if (is_known(g, i))
			s->old_root[i] = graph_root(g, i) + 1;
	return 0;
}

int
sqlite_person_key(struct store *store, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return sqlite_key_of_person(sqlite_of(store), id, a, key, e);
}
