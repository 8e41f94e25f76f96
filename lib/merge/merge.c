#include "merge/passes.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "record/fields.h"

struct merger *
merger_open(const struct merger_options *o, struct err *e)
{
	struct merger *m = xcalloc(1, sizeof(*m));
	const struct store_options keep = {
		.dir = o->state,
		.write = !o->explain,
		.reload = o->follow,
		.channels = &m->o.windows.channels,
	};

	m->o = *o;
	graph_init(&m->graph);
	m->graph.max_degree = o->degree;
	m->graph.limits = o->limits;
	m->sorter = sorter_new(o->memory);
	m->record = record_new();
	m->pipeline.needs = "ids";
	m->list = xcalloc(1, sizeof(*m->list));
	buf_init(&m->key, KEY_BYTES);
	buf_init(&m->line, LINE_BYTES);
	buf_init(&m->events, EVENTS_MAX);
	if ((o->links != NULL && links_read(&m->links, o->links, e) != 0) ||
	    (m->store = store_open(&keep, e)) == NULL) {
		merger_close(m);
		return NULL;
	}
	m->graph.keep_records = store_keeps(m->store) || o->explain;
	/* The state and links files speak of what must be known before. */
	m->eager = !store_keeps(m->store) && m->links.n == 0 && !o->explain;
	return m;
}

void
merger_close(struct merger *m)
{
	if (m == NULL)
		return;
	conversations_free(m->conversations);
	store_close(m->store);
	links_release(&m->links);
	graph_release(&m->graph);
	sorter_free(m->sorter);
	record_free(m->record);
	seen_release(&m->seen);
	map_release(&m->doubled);
	map_release(&m->wanted);
	arena_release(&m->batch.arena);
	buf_release(&m->key);
	buf_release(&m->line);
	buf_release(&m->events);
	free(m->keepers);
	free(m->list);
	free(m);
}

struct graph *
merger_graph(struct merger *m)
{
	return &m->graph;
}

bool
merger_keeps(const struct merger *m)
{
	return store_keeps(m->store);
}

/* Learning. */

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

	graph_evidence(&m->graph, s->keys, s->trusted, s->time, id);
	if (s->name != 0)
		collect_name(m, id);
	if (s->claim != GRAPH_NONE && s->time < m->graph.keys[s->claim].since)
		m->graph.keys[s->claim].since = s->time;
}

static int
collect(struct merger *m, struct err *e)
{
	struct str id;
	uint64_t *want;
	int rc;

	while ((rc = merger_each(m, merger_fetch, &id, e)) == 1) {
		if (merger_kept_instead(m, id) != NULL)
			continue;
		merger_collect(m, id);
		want = m->wanted.n == 0 ? NULL : map_get(&m->wanted, id);
		if (want != NULL)
			*want = (uint64_t)spool_decides(m->at, &m->graph) + 1;
	}
	return rc < 0 ? -1 : merger_rewind(m, e);
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

static int
prepare_links(struct merger *m, struct err *e)
{
	for (size_t i = 0; i < m->links.n; i++)
		if (merger_want(m, m->links.v[i].a, e) != 0 ||
		    merger_want(m, m->links.v[i].b, e) != 0)
			return -1;
	return 0;
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

static void
tell(struct merger *m, const struct merger_report *report)
{
	if (report == NULL)
		return;
	for (size_t i = 0; i < m->graph.doubt_n && report->doubt != NULL; i++)
		report->doubt(report->arg, &m->graph.doubts[i]);
	for (uint32_t i = 0; i < m->graph.n && report->held != NULL; i++)
		if ((m->graph.keys[i].flags & KEY_HELD) != 0)
			report->held(report->arg, i);
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

	if (m->at->name == 0 || key == GRAPH_NONE ||
	    (m->graph.keys[key].flags & KEY_DEMOTED) == 0)
		return key;
	row = graph_lookup(&m->graph, row_key(text, id));
	return row == GRAPH_NONE ? key : row;
}

static int
save(struct merger *m, struct err *e)
{
	if (m->o.explain)
		return 0;
	if (store_begin(m->store, e) != 0 ||
	    store_save(m->store, &m->graph, e) != 0)
		return -1;
	return store_commit(m->store, e);
}

int
merger_learn(
    struct merger *m, const struct merger_report *report, struct err *e)
{
	if (merger_flush(m, e) != 0)
		return -1;
	seen_release(&m->seen);
	m->met = m->graph.n;
	/* Of records with one id only one is evidence. */
	if (m->eager && m->doubled.n > 0) {
		graph_unlearn(&m->graph);
		m->eager = false;
	}
	if (sorter_finish(m->sorter, e) != 0 || prepare_links(m, e) != 0)
		return -1;
	if (store_load(m->store, &m->graph, e) != 0)
		return -1;
	if (!m->eager && (merger_choose(m, e) != 0 || collect(m, e) != 0))
		return -1;
	for (size_t i = 0; i < m->links.n; i++)
		merger_link(m, &m->links.v[i], report);
	graph_resolve(&m->graph);
	merger_rows(m);
	tell(m, report);
	m->conversations =
	    conversations_new(&m->graph, &m->o.windows, m->store);
	return save(m, e);
}
