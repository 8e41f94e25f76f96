/*
 * People into the state: keys in the order of their texts and evidence in that
 * of its keys, so that pages fill one after the other.  Only what is new, or
 * other than it was, is written.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "people/store/sqlite.h"

/* Of many more keys than the file has, indexes are made at the end. */
enum { BULK_KEYS = 10000 };

static const char drop_indexes[] =
    "DROP INDEX keys_person; DROP INDEX keys_told; DROP INDEX edges_b;"
    "DROP INDEX persons_id;";

struct item {
	struct str text;
	uint32_t key;
};

struct items VEC(struct item);

static int
by_text(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return str_cmp(x->text, y->text);
}

static bool
is_known(const struct graph *g, uint32_t i)
{
	return (g->keys[i].flags & (KEY_TRUSTED | KEY_CLAIM)) != 0 &&
	       (g->keys[i].flags & KEY_NOTHING) == 0;
}

/* Has the file a key that was not asked for? */
static int
look_for(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	int64_t row;

	if (s->fresh || i < s->loaded || s->known[i].row != 0)
		return 0;
	if (sqlite_find_row(s, Q_KEY_ROW, graph_text(g, i), &row, e) != 0)
		return -1;
	s->known[i].row = (uint32_t)row;
	return 0;
}

/* Gives each new key its number, in the order of their texts. */
static int
number_keys(struct sqlite *s, struct graph *g, struct items *out, struct err *e)
{
	for (uint32_t i = 0; i < g->n; i++) {
		if (!is_known(g, i))
			continue;
		if (look_for(s, g, i, e) != 0)
			return -1;
		if (s->known[i].row == 0)
			vec_add(out, (struct item){ graph_text(g, i), i });
	}
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_text);
	for (size_t i = 0; i < out->n; i++)
		s->known[out->v[i].key].row = ++s->last_key;
	return 0;
}

static int
put_person(struct sqlite *s, struct graph *g, uint32_t root, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_PERSON, e);
	char id[ID_SIZE];

	if (st == NULL)
		return -1;
	graph_person_id(g, root, id);
	stmt_int(st, 1, s->known[root].row);
	stmt_text(st, 2, str_of(id));
	return stmt_run(st, e);
}

/* As Q_PUT_KEY and Q_SET_KEY have them in common. */
static int
bind_key(struct sqlite *s, struct graph *g, uint32_t i, struct stmt *st, int at)
{
	uint32_t root = graph_root(g, i);

	stmt_int(st, 1, s->known[i].row);
	stmt_int(st, at, s->known[root].row);
	stmt_int(st, at + 1, g->keys[i].since);
	stmt_int(st, at + 2, i == root || (g->keys[i].flags & KEY_HANDED) != 0);
	return 0;
}

/* New keys, one after the other; of those that are roots their persons. */
struct walk {
	struct sqlite *s;
	struct graph *g;
	const struct items *all;
	size_t at; /* behind the one in hand */
	char id[ID_SIZE];
};

static bool
next_key(void *arg)
{
	struct walk *w = arg;

	return w->at++ < w->all->n;
}

static void
key_cell(void *arg, int column, struct db_cell *out)
{
	const struct walk *w = arg;
	const struct item *x = &w->all->v[w->at - 1];
	const struct graph_key *k = &w->g->keys[x->key];
	uint32_t root = graph_root(w->g, x->key);
	bool handed = x->key == root || (k->flags & KEY_HANDED) != 0;
	const int64_t cells[] = { w->s->known[x->key].row, 0,
		w->s->known[root].row, k->since, handed };

	if (column == 1)
		*out = (struct db_cell){ .kind = DB_TEXT, .text = x->text };
	else
		*out =
		    (struct db_cell){ .kind = DB_INT, .number = cells[column] };
}

static bool
next_person(void *arg)
{
	struct walk *w = arg;
	uint32_t i;

	do {
		if (w->at == w->all->n)
			return false;
		i = w->all->v[w->at++].key;
	} while (i != graph_root(w->g, i));
	graph_person_id(w->g, i, w->id);
	return true;
}

static void
person_cell(void *arg, int column, struct db_cell *out)
{
	const struct walk *w = arg;

	if (column == 1)
		*out =
		    (struct db_cell){ .kind = DB_TEXT, .text = str_of(w->id) };
	else
		*out = (struct db_cell){ .kind = DB_INT,
			.number = w->s->known[w->all->v[w->at - 1].key].row };
}

static int
put_new_keys(
    struct sqlite *s, struct graph *g, const struct items *all, struct err *e)
{
	struct stmt *keys = sqlite_query(s, Q_FEED_KEYS, e);
	struct stmt *persons = sqlite_query(s, Q_FEED_PERSONS, e);
	struct walk w = { s, g, all, 0, "" };

	if (keys == NULL || persons == NULL)
		return -1;
	if (all->n == 0)
		return 0;
	if (stmt_run_feed(
		keys, &(struct db_feed){ next_key, key_cell, &w }, e) != 0)
		return -1;
	w.at = 0;
	return stmt_run_feed(
	    persons, &(struct db_feed){ next_person, person_cell, &w }, e);
}

/* Does the file have all of it?  Nothing changes of a key that was handed out
 * but whose it is. */
static bool
stands(const struct sqlite *s, struct graph *g, uint32_t i)
{
	return (g->keys[i].flags & KEY_HANDED) != 0 &&
	       s->known[i].root == graph_root(g, i) + 1;
}

static int
put_old_keys(struct sqlite *s, struct graph *g, uint32_t since, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_SET_KEY, e);

	if (st == NULL)
		return -1;
	for (uint32_t i = 0; i < g->n; i++) {
		if (!is_known(g, i) || s->known[i].row > since ||
		    stands(s, g, i))
			continue;
		if (i == graph_root(g, i) && put_person(s, g, i, e) != 0)
			return -1;
		bind_key(s, g, i, st, 2);
		if (stmt_run(st, e) != 0)
			return -1;
	}
	return 0;
}

/* An edge, by its keys' numbers. */
struct pair {
	uint64_t keys;
	size_t edge;
};

struct pairs VEC(struct pair);

static int
by_keys(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return x->keys < y->keys ? -1 : x->keys > y->keys;
}

static int
row_of(
    struct sqlite *s, struct graph *g, uint32_t i, int64_t *row, struct err *e)
{
	*row = s->known[i].row;
	if (*row != 0)
		return 0;
	if (sqlite_row_of_key(s, graph_text(g, i), row, e) != 0)
		return -1;
	s->known[i].row = (uint32_t)*row;
	return 0;
}

static int
put_edge(struct sqlite *s, struct graph *g, size_t i, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_EDGE, e);
	const struct graph_edge *edge = &g->edges[i];

	if (st == NULL)
		return -1;
	stmt_int(st, 1, s->known[edge->a].row);
	stmt_int(st, 2, s->known[edge->b].row);
	stmt_int(st, 3, edge->since);
	stmt_text(st, 4, str_of(g->sources[i].record));
	stmt_int(st, 5, edge->profile);
	if (stmt_run(st, e) != 0)
		return -1;
	g->sources[i].stored = true;
	return 0;
}

/* Edges, one after the other. */
struct edge_walk {
	struct sqlite *s;
	struct graph *g;
	const struct pairs *all;
	size_t at; /* behind the one in hand */
};

static bool
next_edge(void *arg)
{
	struct edge_walk *w = arg;

	return w->at++ < w->all->n;
}

static void
edge_cell(void *arg, int column, struct db_cell *out)
{
	const struct edge_walk *w = arg;
	size_t i = w->all->v[w->at - 1].edge;
	const struct graph_edge *edge = &w->g->edges[i];
	const int64_t cells[] = { w->s->known[edge->a].row,
		w->s->known[edge->b].row, edge->since, 0, edge->profile };

	if (column == 3)
		*out = (struct db_cell){ .kind = DB_TEXT,
			.text = str_of(w->g->sources[i].record) };
	else
		*out =
		    (struct db_cell){ .kind = DB_INT, .number = cells[column] };
}

static int
feed_edges(
    struct sqlite *s, struct graph *g, const struct pairs *all, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_FEED_EDGES, e);
	struct edge_walk w = { s, g, all, 0 };

	if (st == NULL ||
	    stmt_run_feed(
		st, &(struct db_feed){ next_edge, edge_cell, &w }, e) != 0)
		return -1;
	for (size_t i = 0; i < all->n; i++)
		g->sources[all->v[i].edge].stored = true;
	return 0;
}

static int
put_edges(struct sqlite *s, struct graph *g, struct err *e)
{
	struct pairs all = { 0 };
	int rc = 0;

	for (size_t i = 0; i < g->edge_n && rc == 0; i++) {
		int64_t a, b;

		if (g->sources[i].stored)
			continue;
		rc = row_of(s, g, g->edges[i].a, &a, e);
		if (rc == 0)
			rc = row_of(s, g, g->edges[i].b, &b, e);
		if (rc == 0)
			vec_add(&all, (struct pair){
					  (uint64_t)a << 32 | (uint64_t)b, i });
	}
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_keys);
	if (rc == 0 && s->fresh && all.n > 0)
		rc = feed_edges(s, g, &all, e);
	for (size_t i = 0; i < all.n && rc == 0 && !s->fresh; i++)
		rc = put_edge(s, g, all.v[i].edge, e);
	vec_release(&all);
	return rc;
}

static int
put_names(struct sqlite *s, struct graph *g, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_NAME, e);

	if (st == NULL)
		return -1;
	for (size_t i = 0; i < g->named_n; i++) {
		struct graph_name *n = &g->named[i];
		int64_t row;

		if (n->stored)
			continue;
		if (row_of(s, g, n->key, &row, e) != 0)
			return -1;
		stmt_int(st, 1, row);
		stmt_text(st, 2, str_of(n->record));
		stmt_text(st, 3, g->names.entries[n->name].key);
		if (stmt_run(st, e) != 0)
			return -1;
		n->stored = true;
	}
	return 0;
}

static int
put_people(struct sqlite *s, struct graph *g, struct err *e)
{
	struct items fresh = { 0 };
	uint32_t last = s->last_key;
	int rc = number_keys(s, g, &fresh, e);
	bool bulk = s->fresh && fresh.n > BULK_KEYS;

	if (rc == 0 && bulk)
		rc = db_exec(s->db, drop_indexes, e);
	if (rc == 0 && put_new_keys(s, g, &fresh, e) != 0)
		rc = -1;
	if (rc == 0 && !s->fresh && put_old_keys(s, g, last, e) != 0)
		rc = -1;
	vec_release(&fresh);
	if (rc != 0 || put_edges(s, g, e) != 0 || put_names(s, g, e) != 0)
		return -1;
	return bulk ? db_exec(s->db, sqlite_key_indexes, e) : 0;
}

/* Messages of a key that belongs to somebody else now. */
static int
move_messages(struct sqlite *s, struct graph *g, uint32_t i, struct err *e)
{
	struct stmt *move = sqlite_query(s, Q_MOVE, e);
	struct stmt *earlier = sqlite_query(s, Q_MOVE_EARLIER, e);
	int64_t person = s->known[graph_root(g, i)].row;

	if (move == NULL || earlier == NULL)
		return -1;
	stmt_int(move, 1, person);
	stmt_int(move, 2, s->known[s->known[i].root - 1].row);
	stmt_int(move, 3, s->known[i].row);
	stmt_int(earlier, 1, person);
	stmt_int(earlier, 2, s->known[i].row);
	return stmt_run(move, e) != 0 ? -1 : stmt_run(earlier, e);
}

/* A key is somebody else's than before: their person's fate, once. */
static void
note_move(struct sqlite *s, struct graph *g, uint32_t i)
{
	uint32_t founder = s->known[i].root - 1;
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

/* Of whom the file knew nothing, it knows of nothing that waits. */
static void
list_new(struct sqlite *s, struct graph *g)
{
	bool *known = xcalloc(g->n, sizeof(*known));

	for (uint32_t i = 0; i < g->n; i++)
		if (s->known[i].root != 0)
			known[graph_root(g, i)] = true;
	for (uint32_t i = 0; i < g->n; i++)
		if (!known[i] && graph_root(g, i) == i)
			sqlite_begin_person(s, i);
	sqlite_list_new(s, known, g->n);
	free(known);
}

/* Messages follow their keys; where a person's keys went apart, so do their
 * conversations. */
static int
move(struct sqlite *s, struct graph *g, struct err *e)
{
	for (uint32_t i = 0; i < g->n; i++) {
		if (s->known[i].root == 0 ||
		    s->known[i].root - 1 == graph_root(g, i))
			continue;
		note_move(s, g, i);
		if (move_messages(s, g, i, e) != 0)
			return -1;
	}
	for (uint32_t i = 0; i < g->n; i++)
		if (s->known[i].root != 0 &&
		    graph_root(g, s->known[i].root - 1) != graph_root(g, i) &&
		    sqlite_part_touched(s, g, i, e) != 0)
			return -1;
	return 0;
}

int
sqlite_save(struct store *store, struct graph *g, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	int claims = s->claims || s->fresh ? 0 : sqlite_any(s, Q_ANY_CLAIM, e);

	s->claims |= claims == 1;
	sqlite_grow_known(s, g->n);
	if (claims < 0 || sqlite_count(s, e) != 0)
		return -1;
	sqlite_forget_last(s);
	list_new(s, g);
	if (put_people(s, g, e) != 0)
		return -1;
	s->moves.n = 0;
	map_reset(&s->parted);
	if (!s->fresh && move(s, g, e) != 0)
		return -1;
	for (uint32_t i = 0; i < g->n; i++)
		if (is_known(g, i))
			s->known[i].root = graph_root(g, i) + 1;
	return 0;
}
