#include "merge/acts/acts.h"
#include "merge/link/link.h"
#include "people/acts.h"

#include <stdlib.h>

#include "core/alloc.h"

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
	m->main.sorter = sorter_new(o->memory);
	m->record = record_new();
	pipeline_init(&m->pipeline, "ids", o->workspace);
	m->list = xcalloc(1, sizeof(*m->list));
	bulk_init(&m->bulk);
	buf_init(&m->key, KEY_BYTES);
	buf_init(&m->line, LINE_BYTES);
	buf_init(&m->events, EVENTS_MAX);
	if (merger_link_open(m, e) != 0 || merger_read_files(m, e) != 0 ||
	    (m->store = store_open(&keep, e)) == NULL) {
		merger_close(m);
		return NULL;
	}
	m->may_be_plain = !store_keeps(m->store) && !o->follow;
	m->graph.keep_records = store_keeps(m->store) || o->explain;
	/* The state and links files speak of what must be known before. */
	m->eager = !store_keeps(m->store) && m->links.n == 0 &&
		   m->links.let_in.n == 0 && !o->explain;
	return m;
}

void
merger_close(struct merger *m)
{
	if (m == NULL)
		return;
	pipeline_release(&m->pipeline);
	conversations_free(m->conversations);
	store_close(m->store);
	merger_link_free(m->link);
	links_release(&m->links);
	merger_acts_release(&m->acts);
	graph_release(&m->graph);
	sorter_free(m->main.sorter);
	sorter_free(m->lates);
	record_free(m->record);
	idset_release(&m->seen);
	idset_release(&m->about);
	idset_release(&m->failed);
	bulk_release(&m->bulk);
	versions_release(&m->versions);
	map_release(&m->wanted);
	arena_release(&m->batch.arena);
	buf_release(&m->key);
	buf_release(&m->line);
	buf_release(&m->events);
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

/* Has an earlier run given another version before this one?  1, 0, -1. */
static int
comes_late(struct merger *m, struct str id, struct err *e)
{
	struct store_message had;
	int rc;

	if (spool_from(m->at) == m->at->time)
		return 0;
	rc = store_version(m->store, id, (int64_t)m->at->content, &had, e);
	if (rc == 1)
		return had.known != had.time;
	return rc < 0 ? -1 : store_message(m->store, id, &had, e);
}

/* What stands at its own time goes there. */
static int
sort_late(
    struct merger *m, struct str id, enum version_part part, struct err *e)
{
	int rc = 1;

	if (part == VERSION_ONLY) {
		rc = comes_late(m, id, e);
		if (rc == 1)
			versions_alone(&m->versions, id, m->at, m->place);
	}
	return rc == 1 ? merger_put_late(m, id, e) : rc;
}

static int
collect(struct merger *m, struct err *e)
{
	struct str id;
	uint64_t *want;
	int rc;

	while ((rc = merger_each(m, merger_fetch, &id, e)) == 1) {
		enum version_part part = merger_part(m, id);
		const struct spooled *last = versions_last(&m->versions, id);

		if (part != VERSION_ONLY && part != VERSION_LATE)
			continue;
		/* What stands at the end is evidence. */
		if (last == NULL || last->content == m->at->content)
			merger_collect(m, id);
		want = m->wanted.n == 0 ? NULL : map_get(&m->wanted, id);
		if (want != NULL) {
			uint32_t key = merger_link_want(m, id);

			if (key == GRAPH_NONE)
				key = spool_decides(m->at, &m->graph);
			*want = (uint64_t)key + 1;
		}
		if (sort_late(m, id, part, e) != 0)
			return -1;
	}
	if (rc == 0 && m->lates != NULL && sorter_finish(m->lates, e) != 0)
		return -1;
	m->late.sorter = m->lates;
	return rc < 0 ? -1 : merger_rewind(m, e);
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

static void
report_keys(struct merger *m, const struct merger_report *report)
{
	if (report == NULL)
		return;
	for (size_t i = 0; i < m->graph.conflict_n && report->conflict != NULL;
	     i++)
		report->conflict(report->arg, &m->graph.conflicts[i]);
	for (uint32_t i = 0; i < m->graph.n && report->listed != NULL; i++)
		if ((m->graph.keys[i].flags & KEY_LISTED) != 0)
			report->listed(report->arg, i);
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

/* An act that the state keeps. */
static int
take_kept(void *arg, struct str line, const struct act *a, struct err *e)
{
	struct merger *m = arg;
	struct store_message had;
	struct str id;
	int rc;

	if (record_parse(m->record, line, e) != 0)
		return -1;
	id = record_str(m->record, "id");
	if (id.n == 0)
		return err_set(e, "an act without an id");
	if (idset_has(&m->seen, idset_hash(id)))
		return 0;
	rc = store_message(m->store, id, &had, e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return merger_add(m, line, e) == 0 ? 0 : -1;
	/* It was written by an earlier run: what it joined is joined. */
	if (merger_learn_act(m, a, id, e) != 0)
		return -1;
	acted_join(&m->acts.acted, a, &m->acts.arena);
	return 0;
}

/* Behind the last record: those of the files, and of the state. */
static int
add_acts(struct merger *m, struct err *e)
{
	struct str rest = buf_str(&m->acts.files);

	while (rest.n > 0)
		if (merger_add(m, str_line(&rest), e) != 0)
			return -1;
	/* What was read up to here is known by its id. */
	return merger_flush(m, e) != 0
		   ? -1
		   : acts_of_state(m->o.state, take_kept, m, e);
}

/* What the state has of those that are let in is given once more. */
static int
add_let_in(struct merger *m, struct err *e)
{
	struct arena a = { 0 };
	struct str id, line;
	int rc = 0;

	while (!m->o.explain && rc == 0 && merger_let_in_next(m, &id)) {
		if (idset_has(&m->seen, idset_hash(id)))
			continue;
		rc = merger_let_in_line(m, id, &a, &line, e);
		if (rc == 1)
			rc = merger_add(m, line, e) < 0 ? -1 : 0;
	}
	arena_release(&a);
	return rc;
}

struct said {
	struct merger *m;
	struct err *e;
	int rc;
};

static void
add_said(void *arg, const struct store_said *x)
{
	struct said *s = arg;
	const struct bulk_sent sent = { x->text, x->who, x->time, x->people };

	if (s->rc == 0)
		s->rc = bulk_add(&s->m->bulk, &sent, s->e);
}

/* What was sent to many, with the last hour of the run before. */
static int
find_bulk(struct merger *m, struct err *e)
{
	struct said s = { m, e, 0 };

	if (m->o.explain)
		return 0;
	if (store_each_said(m->store, add_said, &s, e) != 0 || s.rc != 0)
		return -1;
	return bulk_find(&m->bulk, e);
}

int
merger_learn(
    struct merger *m, const struct merger_report *report, struct err *e)
{
	if (add_acts(m, e) != 0 || merger_flush(m, e) != 0 ||
	    add_let_in(m, e) != 0 || merger_flush(m, e) != 0 ||
	    find_bulk(m, e) != 0)
		return -1;
	idset_release(&m->seen);
	m->met = m->graph.n;
	/* Of records with one id only one is evidence. */
	if (m->eager && (m->versions.ids.n > 0 || m->acts.any)) {
		graph_unlearn(&m->graph);
		m->eager = false;
	}
	if (sorter_finish(m->main.sorter, e) != 0 || prepare_links(m, e) != 0)
		return -1;
	if (store_load(m->store, &m->graph, e) != 0)
		return -1;
	if (!m->eager && (merger_choose(m, e) != 0 || collect(m, e) != 0))
		return -1;
	for (size_t i = 0; i < m->links.n; i++)
		merger_link(m, &m->links.v[i], report);
	graph_resolve(&m->graph);
	merger_rows(m);
	report_keys(m, report);
	if (merger_link_rows(m, report, e) != 0)
		return -1;
	m->conversations =
	    conversations_new(&m->graph, &m->o.windows, m->store);
	conversations_obey(m->conversations, &m->acts.acted);
	conversations_await(m->conversations, &m->about);
	return save(m, e);
}
