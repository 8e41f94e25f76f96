/*
 * merger, each record as it comes: what the state knows of its keys and of
 * those that are joined with them is resolved anew with what the record
 * shows.  So the people are those that merging everything would find.
 */
#include <stdlib.h>

#include "core/time.h"
#include "json/write.h"
#include "merge/acts/acts.h"
#include "record/fields.h"

/* Loads until nothing more belongs to what is there. */
static int
load(struct merger *m, struct err *e)
{
	uint32_t before;

	do {
		before = m->graph.n;
		for (size_t i = 0; i < m->links.n; i++) {
			const struct link *l = &m->links.v[i];
			bool a = merger_key_of(m, l->a) != GRAPH_NONE;
			bool b = merger_key_of(m, l->b) != GRAPH_NONE;

			if (a != b && merger_want(m, a ? l->b : l->a, e) != 0)
				return -1;
		}
		if (store_load(m->store, &m->graph, e) != 0)
			return -1;
	} while (m->graph.n > before);
	return 0;
}

/* Names in the links file that are ids stand for keys of this graph. */
static int
want_ids(struct merger *m, struct err *e)
{
	for (size_t i = 0; i < m->links.n; i++) {
		const struct link *l = &m->links.v[i];

		if ((l->a.kind != LINK_KEY && merger_want(m, l->a, e) != 0) ||
		    (l->b.kind != LINK_KEY && merger_want(m, l->b, e) != 0))
			return -1;
	}
	return 0;
}

static void
write_event(struct merger *m, const struct store_move *move, struct str id)
{
	struct str parts[4] = { STR("personParted"), str_of(move->from),
		str_of(move->to), id };
	struct json source = record_get(m->record, "source");
	char made[ID_SIZE];
	struct writer w;

	if (move->merged)
		parts[0] = STR("personMerged");
	id_make(made, 'm', parts, 4);
	write_init(&w, &m->events);
	write_object(&w);
	write_member(&w, "id", str_of(made));
	write_member(&w, "type", STR("event"));
	write_member(&w, "channel", record_str(m->record, "channel"));
	write_member_time(&w, "sentAt", m->at->time);
	write_key(&w, "data");
	write_object(&w);
	write_member(&w, "event", parts[0]);
	write_member(&w, move->merged ? "survivor" : "parted", parts[2]);
	write_member(&w, move->merged ? "alias" : "from", parts[1]);
	write_member(&w, "record", id);
	write_object_end(&w);
	if (json_type(source) == JSON_OBJECT)
		write_member_raw(&w, "source", json_raw(source));
	write_member(&w, "person", parts[2]);
	write_object_end(&w);
	buf_add_char(&m->events, '\n');
}

static int
keep_events(struct merger *m, struct err *e)
{
	struct str rest = buf_str(&m->events);

	while (rest.n > 0)
		if (store_put_event(m->store, str_split(&rest, '\n'),
			&m->event_put, e) != 0)
			return -1;
	return 0;
}

static int
learn(struct merger *m, struct str id, const struct merger_report *report,
    struct err *e)
{
	const struct store_move *moves;
	size_t n;

	m->met = m->graph.n;
	if (want_ids(m, e) != 0 || load(m, e) != 0)
		return -1;
	merger_collect(m, id);
	for (size_t i = 0; i < m->links.n; i++)
		merger_link(m, &m->links.v[i], NULL);
	graph_resolve(&m->graph);
	merger_rows(m);
	for (size_t i = 0; i < m->graph.conflict_n && report != NULL; i++)
		report->conflict(report->arg, &m->graph.conflicts[i]);
	if (store_begin(m->store, e) != 0 ||
	    store_save(m->store, &m->graph, e) != 0)
		return -1;
	moves = store_moves(m->store, &n);
	for (size_t i = 0; i < n; i++)
		write_event(m, &moves[i], id);
	if (m->events.over)
		return err_set(e,
		    "what the record %.*s tells of people is past %zu bytes",
		    STR_ARG(id), m->events.max);
	return keep_events(m, e);
}

int
merger_unsent(struct merger *m, struct str *out, struct err *e)
{
	buf_reset(&m->events);
	if (store_events(m->store, &m->events, &m->event_put, e) != 0)
		return -1;
	*out = buf_str(&m->events);
	return 0;
}

void
merger_events_given(struct merger *m)
{
	m->event_given = m->event_put;
}

enum merger_result
merger_follow(struct merger *m, struct str line,
    const struct merger_report *report, struct merged *out, struct err *e)
{
	enum merger_result rc;
	struct stored h;
	struct str id;

	*out = (struct merged){ .record = m->record };
	if (store_forget(m->store, e) != 0)
		return MERGER_FAIL;
	graph_clear(&m->graph);
	map_reset(&m->wanted);
	buf_reset(&m->events);
	arena_reset(&m->batch.arena);
	m->batch.n = m->batch.texts = 0;
	if (merger_read(m, line, e) != 0)
		return MERGER_CONFLICT;
	merger_intern(m);
	merger_let_in(m, m->batch.id[0], m->at);
	m->at->plain = 0;
	m->at->given = ++m->given;
	id = m->batch.id[0];
	rc = merger_stored(m, id, &h, e);
	if (rc != MERGER_RECORD)
		return rc;
	/* Came before in this run, and says nothing new? */
	if (!idset_add(&m->seen, idset_hash(id)) && h.found && !h.changed &&
	    (h.m.quarantine.p == NULL || !merger_is_let_in(m, id)))
		return MERGER_DUPLICATE;
	if (learn(m, id, report, e) != 0)
		return MERGER_FAIL;
	m->began += conversations_count(m->conversations);
	conversations_free(m->conversations);
	m->conversations =
	    conversations_new(&m->graph, &m->o.windows, m->store);
	conversations_obey(m->conversations, &m->acts.acted);
	conversations_await(m->conversations, &m->about);
	rc = merger_assign(m, id, out, e);
	out->events = buf_str(&m->events);
	return rc;
}
