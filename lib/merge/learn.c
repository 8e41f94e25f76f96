/*
 * merger, learning: what a record's evidence and an operator's links put into
 * the graph, and whose the record is by it.
 */
#include "merge/link/rows.h"

/* The row's name stands beside what its people may share. */
static void
collect_name(struct merger *m, struct str id)
{
	for (size_t i = 0; i < m->at->trusted; i++)
		if (graph_is_shareable(graph_text(&m->graph, m->at->keys[i])))
			graph_named(
			    &m->graph, m->at->keys[i], m->at->name - 1, id);
}

void
merger_collect(struct merger *m, struct str id)
{
	struct spooled *s = m->at;

	graph_evidence(&m->graph, s->keys, s->trusted, s->profile, s->time, id);
	if (s->name != 0)
		collect_name(m, id);
	if (s->claim != GRAPH_NONE && s->time < m->graph.keys[s->claim].since)
		m->graph.keys[s->claim].since = s->time;
}

/*
 * A row of a table of people is of somebody, also where all that it has is
 * shared with others: then it is known by its own id.
 */
static struct str
row_key(char out[ROW_KEY], struct str id)
{
	size_t n = id.n < ID_SIZE ? id.n : ID_SIZE - 1;

	memcpy(out, "row:", 4);
	if (n > 0)
		memcpy(out + 4, id.p, n);
	return str_make(out, n + 4);
}

void
merger_rows(struct merger *m)
{
	struct graph *g = &m->graph;
	char text[ROW_KEY];

	for (size_t i = 0; i < g->named_n; i++) {
		const struct graph_name *n = &g->named[i];
		struct str key = row_key(text, str_of(n->record));
		int64_t since = g->keys[n->key].since;
		uint32_t k;

		if ((g->keys[n->key].flags & KEY_DEMOTED) == 0)
			continue;
		graph_intern(g, &key, 1, &k);
		g->keys[k].flags |= KEY_TRUSTED;
		if (since < g->keys[k].since)
			g->keys[k].since = since;
	}
}

/* The key that decides the person of the record in hand. */
uint32_t
merger_decides(struct merger *m, struct str id)
{
	uint32_t key = spool_decides(m->at, &m->graph), row;
	char text[ROW_KEY];

	if (m->link != NULL && (m->at->flags & SPOOL_CONTACT) != 0 &&
	    (row = merger_link_row(m, id)) != GRAPH_NONE)
		return row;
	if (m->at->name == 0 || key == GRAPH_NONE ||
	    (m->graph.keys[key].flags & KEY_DEMOTED) == 0)
		return key;
	row = graph_lookup(&m->graph, row_key(text, id));
	return row == GRAPH_NONE ? key : row;
}

/* Links. */

int
merger_want(struct merger *m, struct link_name name, struct err *e)
{
	struct str key = name.s;
	struct arena a = { 0 };
	uint32_t i;
	int rc = 1;

	if (name.kind == LINK_MESSAGE)
		map_put(&m->wanted, name.s, NULL);
	if (name.kind == LINK_PERSON)
		rc = store_person_key(m->store, name.s, &a, &key, e);
	if (name.kind == LINK_MESSAGE)
		rc = store_message_key(m->store, name.s, &a, &key, e);
	if (rc == 1) {
		graph_intern(&m->graph, &key, 1, &i);
		if (name.kind != LINK_KEY)
			*map_put(&m->wanted, name.s, NULL) = (uint64_t)i + 1;
	}
	arena_release(&a);
	return rc < 0 ? -1 : 0;
}

/* Ids of people are hashes of their oldest keys: found by trying all. */
static uint32_t
key_of_person(struct merger *m, struct str id)
{
	for (uint32_t i = 0; i < m->graph.n; i++) {
		char made[ID_SIZE];

		graph_person_id(&m->graph, i, made);
		if (str_is(id, made))
			return i;
	}
	return GRAPH_NONE;
}

uint32_t
merger_key_of(struct merger *m, struct link_name name)
{
	uint64_t *want;

	if (name.kind == LINK_KEY)
		return graph_lookup(&m->graph, name.s);
	want = map_get(&m->wanted, name.s);
	if (want != NULL && *want != 0)
		return (uint32_t)(*want - 1);
	return name.kind == LINK_PERSON ? key_of_person(m, name.s) : GRAPH_NONE;
}

static bool
is_evident(const struct merger *m, uint32_t key)
{
	const struct graph_key *k = &m->graph.keys[key];

	return key < m->met || (k->flags & (KEY_TRUSTED | KEY_CLAIM)) != 0;
}

void
merger_link(
    struct merger *m, const struct link *l, const struct merger_report *report)
{
	uint32_t a = merger_key_of(m, l->a), b = merger_key_of(m, l->b);
	bool none = a == GRAPH_NONE || b == GRAPH_NONE;
	const char *why = NULL;

	if (none || !is_evident(m, a) || !is_evident(m, b))
		why = "nothing is known of one of them";
	else if (a == b && !l->same)
		why = "both are known by the same key";
	if (why != NULL && report != NULL && report->useless != NULL)
		report->useless(report->arg, l, why);
	if (none || a == b)
		return;
	/* What an operator names is a key that joins. */
	m->graph.keys[a].flags |= KEY_TRUSTED;
	m->graph.keys[b].flags |= KEY_TRUSTED;
	if (l->same)
		graph_same(&m->graph, a, b);
	else
		graph_different(&m->graph, a, b);
}
