#include "identity/mergerparts.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "identity/timeline.h"
#include "record/fields.h"
#include "record/write.h"

struct merger *
merger_open(const struct merger_options *o, struct err *e)
{
	struct merger *m = xcalloc(1, sizeof(*m));

	m->o = *o;
	graph_init(&m->graph);
	m->graph.max_degree = o->degree;
	m->graph.limits = o->limits;
	m->graph.keep_records = o->state != NULL || o->explain || o->follow;
	m->sorter = sorter_new(o->memory);
	m->record = record_new();
	m->pipeline.needs = "ids";
	m->list = xcalloc(1, sizeof(*m->list));
	buf_init(&m->key, KEY_BYTES);
	buf_init(&m->line, LINE_BYTES);
	if ((o->links != NULL && links_read(&m->links, o->links, e) != 0) ||
	    (o->state != NULL &&
		(m->state = state_open(o->state, !o->explain, e)) == NULL) ||
	    (o->follow && merger_follow_open(m, e) != 0)) {
		merger_close(m);
		return NULL;
	}
	/* The state and links files speak of what must be known before. */
	m->eager = m->state == NULL && m->links.n == 0 && !o->explain;
	return m;
}

void
merger_close(struct merger *m)
{
	if (m == NULL)
		return;
	conversations_free(m->conversations);
	state_close(m->state);
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

struct state *
merger_state(struct merger *m)
{
	return m->state;
}

/* Taking in. */

int
merger_read(struct merger *m, struct str line, struct err *e)
{
	struct batch *b = &m->batch;
	struct record *r = m->record;
	struct str id;

	if (record_parse(r, line, e) != 0)
		return 1;
	id = record_str(r, "id");
	if (pipeline_see(&m->pipeline, r, e) != 0)
		return 1;
	if (id.p == NULL || id.n == 0 || id.n > ID_MAX ||
	    memchr(id.p, '\0', id.n) != NULL)
		return err_set(e, "no id: not a record of kith normalize"), 1;
	evidence_read(r, m->list);
	m->at = &b->at[b->n];
	b->id[b->n++] = id;
	b->texts += spool_read(m->at, r, m->list, &m->graph, &m->o.windows,
	    &b->arena, b->text + b->texts);
	return 0;
}

void
merger_intern(struct merger *m)
{
	struct batch *b = &m->batch;
	uint32_t keys[BATCH_TEXTS], *from = keys;

	for (size_t i = 0; i < b->texts; i += GRAPH_BATCH)
		graph_intern(&m->graph, b->text + i,
		    b->texts - i < GRAPH_BATCH ? b->texts - i : GRAPH_BATCH,
		    keys + i);
	for (size_t i = 0; i < b->n; i++) {
		struct spooled *s = &b->at[i];
		size_t n = (size_t)s->trusted + s->claimed;

		memcpy(s->keys, from, n * sizeof(*from));
		from += n;
		spool_claim(s, &m->graph);
	}
}

static void
batch_reset(struct batch *b)
{
	arena_reset(&b->arena);
	b->n = b->texts = b->bytes = b->next = 0;
}

/* Takes a line into the batch for good. */
static struct str
batch_keep(struct batch *b, struct str line)
{
	char *p = arena_alloc(&b->arena, line.n + BUF_PAD);

	memcpy(p, line.p, line.n);
	memset(p + line.n, 0, BUF_PAD);
	b->bytes += line.n;
	return str_make(p, line.n);
}

static void
batch_fetch(struct merger *m)
{
	for (int step = 0; step < 2; step++)
		for (size_t i = 0; i < m->batch.n; i++)
			graph_fetch(&m->graph, m->batch.at[i].keys,
			    m->batch.at[i].trusted, step);
}

/* What was read goes to the sort. */
static int
take_batch(struct merger *m, struct err *e)
{
	struct batch *b = &m->batch;
	uint64_t seen[BATCH_RECORDS];

	for (size_t i = 0; i < b->n; i++) {
		seen[i] = seen_hash(b->id[i]);
		seen_fetch(&m->seen, seen[i]);
	}
	merger_intern(m);
	if (m->eager)
		batch_fetch(m);
	for (size_t i = 0; i < b->n; i++) {
		m->at = &b->at[i];
		if (!seen_first(&m->seen, seen[i]))
			map_put(&m->doubled, b->id[i], NULL);
		if (m->eager)
			merger_collect(m, b->id[i]);
		spool_write(m->at, b->id[i], &m->key, &m->line);
		if (sorter_add(
			m->sorter, buf_str(&m->key), buf_str(&m->line), e) != 0)
			return -1;
	}
	batch_reset(b);
	return 0;
}

int
merger_take(struct merger *m, struct str line, struct err *e)
{
	struct batch *b = &m->batch;
	int rc = merger_read(m, line, e);

	if (rc != 0)
		return rc;
	m->at->line = batch_keep(b, line);
	b->id[b->n - 1] = arena_dup(&b->arena, b->id[b->n - 1]);
	if (b->n == BATCH_RECORDS || b->texts >= GRAPH_BATCH ||
	    b->bytes >= BATCH_BYTES)
		return take_batch(m, e);
	return 0;
}

/* Learning. */

static int
fill(struct merger *m, struct err *e)
{
	struct batch *b = &m->batch;
	struct str key, line;
	int rc = m->ended ? 0 : 1;

	batch_reset(b);
	while (rc == 1 && b->n < BATCH_RECORDS && b->bytes < BATCH_BYTES &&
	       (rc = sorter_next(m->sorter, &key, &line, e)) == 1) {
		spool_load(&b->at[b->n], line);
		b->at[b->n].line = batch_keep(b, b->at[b->n].line);
		b->id[b->n++] = arena_dup(&b->arena, spool_id(key));
	}
	m->ended = rc == 0;
	return rc < 0 ? -1 : 0;
}

/* The next record: 1, 0 at the end, -1.  fetch is told of every batch. */
static int
next(struct merger *m, void (*fetch)(struct merger *m), struct str *id,
    struct err *e)
{
	struct batch *b = &m->batch;

	if (b->next == b->n) {
		if (fill(m, e) != 0)
			return -1;
		if (b->n == 0)
			return 0;
		if (fetch != NULL)
			fetch(m);
	}
	m->at = &b->at[b->next];
	*id = b->id[b->next++];
	m->place++;
	return 1;
}

static int
rewind_all(struct merger *m, struct err *e)
{
	batch_reset(&m->batch);
	m->place = 0;
	m->ended = false;
	return sorter_rewind(m->sorter, e);
}

/* Which one of each doubled id is kept. */
static int
choose(struct merger *m, struct err *e)
{
	struct str id = STR_NONE;
	int rc;

	if (m->doubled.n == 0)
		return 0;
	m->keepers = xcalloc(m->doubled.n, sizeof(*m->keepers));
	for (size_t i = 0; i < m->doubled.n; i++)
		m->doubled.entries[i].value = i;
	while ((rc = next(m, NULL, &id, e)) == 1) {
		uint64_t *at = map_get(&m->doubled, id);
		struct keeper *k;

		if (at == NULL)
			continue;
		k = &m->keepers[*at];
		if (k->at == 0 || spool_better(m->at, &k->best)) {
			k->best = *m->at;
			k->at = m->place;
		}
	}
	return rc < 0 ? -1 : rewind_all(m, e);
}

/* The keeper of the record in hand where it is another one, else NULL. */
static const struct keeper *
kept_instead(const struct merger *m, struct str id)
{
	uint64_t *at = m->doubled.n == 0 ? NULL : map_get(&m->doubled, id);

	return at == NULL || m->keepers[*at].at == m->place ? NULL
							    : &m->keepers[*at];
}

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

	while ((rc = next(m, batch_fetch, &id, e)) == 1) {
		if (kept_instead(m, id) != NULL)
			continue;
		merger_collect(m, id);
		want = m->wanted.n == 0 ? NULL : map_get(&m->wanted, id);
		if (want != NULL)
			*want = (uint64_t)spool_decides(m->at, &m->graph) + 1;
	}
	return rc < 0 ? -1 : rewind_all(m, e);
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
		rc = m->state == NULL
			 ? 0
			 : state_person_key(m->state, name.s, &a, &key, e);
	if (name.kind == LINK_MESSAGE)
		rc = m->state == NULL
			 ? 0
			 : state_message_key(m->state, name.s, &a, &key, e);
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
static uint32_t
decides(struct merger *m, struct str id)
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
	if (m->state == NULL || m->o.explain)
		return 0;
	if (state_begin(m->state, e) != 0 ||
	    state_save(m->state, &m->graph, e) != 0)
		return -1;
	return state_commit(m->state, e);
}

int
merger_learn(
    struct merger *m, const struct merger_report *report, struct err *e)
{
	if (take_batch(m, e) != 0)
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
	if (m->state != NULL && state_load(m->state, &m->graph, e) != 0)
		return -1;
	if (!m->eager && (choose(m, e) != 0 || collect(m, e) != 0))
		return -1;
	for (size_t i = 0; i < m->links.n; i++)
		merger_link(m, &m->links.v[i], report);
	graph_resolve(&m->graph);
	merger_rows(m);
	tell(m, report);
	m->conversations =
	    conversations_new(&m->graph, &m->o.windows, m->state);
	return save(m, e);
}

/* Giving out. */

static void
put_claims(struct merger *m, struct str person, struct merged *out)
{
	struct writer *w = NULL;

	for (size_t i = 0; i < m->at->claimed; i++) {
		uint32_t k = m->at->keys[m->at->trusted + i];
		uint16_t flags = m->graph.keys[k].flags;
		struct str other;

		if ((flags & KEY_TRUSTED) == 0 || (flags & KEY_NOTHING) != 0)
			continue;
		other = conversation_person(m->conversations, k);
		if (str_eq(other, person))
			continue;
		if (w == NULL) {
			w = record_put(m->record, "claims");
			write_list(w);
		}
		write_object(w);
		write_member(w, "person", other);
		write_member(w, "key", graph_text(&m->graph, k));
		write_object_end(w);
	}
	out->claimed = w != NULL;
	if (w == NULL) {
		record_drop(m->record, "claims");
		return;
	}
	write_list_end(w);
	record_put_end(m->record);
}

static void
put_quarantine(struct record *r, const struct verdict *v)
{
	struct writer *w;

	if (v->reason.p == NULL) {
		record_drop(r, "quarantine");
		return;
	}
	w = record_put(r, "quarantine");
	write_object(w);
	write_member(w, "reason", v->reason);
	write_member(w, "reference", v->reference);
	write_member(w, "conversation", v->kept_from);
	write_object_end(w);
	record_put_end(r);
}

static void
put_id(struct record *r, const char *name, struct str id)
{
	if (id.p == NULL)
		record_drop(r, name);
	else
		record_put_str(r, name, id);
}

/* Finds person and conversation of the record in hand; old is what the state
 * holds of it, or NULL. */
static int
judge(struct merger *m, struct str id, const struct state_message *old,
    struct verdict *v, bool *stays, struct err *e)
{
	struct turn t = {
		.record = m->at->plain != 0 ? NULL : m->record,
		.id = id,
		.channel = m->at->channel,
		.time = m->at->time,
	};

	t.key = decides(m, id);
	t.ours = (m->at->flags & SPOOL_OURS) != 0;
	*stays = false;
	if ((m->at->flags & SPOOL_FAILED) != 0)
		(void)evidence_failed(m->record, &t.failed);
	if ((m->at->flags & SPOOL_TALK) == 0) {
		*v = (struct verdict){ .key = t.key };
		if (t.key != GRAPH_NONE)
			v->person =
			    conversation_person(m->conversations, t.key);
		return 0;
	}
	t.anew = old != NULL && state_was_parted(m->state, id);
	if (t.anew && state_leave(m->state, id, e) != 0)
		return -1;
	if (old != NULL && !t.anew) {
		int rc = conversation_again(m->conversations, &t, old, v, e);

		*stays = rc == 1;
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return conversation_of(m->conversations, &t, v, e);
}

/* Is whom we wrote to whose conversation it is? */
static bool
names_person(struct merger *m, const struct verdict *v)
{
	uint32_t to = spool_decides(m->at, &m->graph);
	struct graph *g = &m->graph;
	struct str text;

	if ((m->at->flags & SPOOL_OURS) == 0 || v->key == GRAPH_NONE)
		return true;
	if (to == GRAPH_NONE)
		return false;
	if (graph_root(g, to) == graph_root(g, v->key))
		return true;
	text = graph_text(g, v->key);
	return (g->keys[v->key].flags & KEY_CLAIM) != 0 &&
	       str_eq(str_sub(text, 1, text.n), graph_text(g, to));
}

/* Puts the record into the state, in the transaction that merger_keep ends. */
static int
keep(struct merger *m, const struct verdict *v, struct err *e)
{
	struct state_message sm;

	timeline_message(m->record, &sm);
	if (!names_person(m, v))
		sm.name = STR_NONE;
	sm.person = v->person;
	sm.conversation = v->conversation;
	sm.key =
	    v->key == GRAPH_NONE ? STR_NONE : graph_text(&m->graph, v->key);
	sm.place = v->place;
	sm.content = (int64_t)m->at->content;
	if (v->reason.p != NULL)
		sm.quarantine = record_put_get(m->record, "quarantine");
	return state_put_message(m->state, &sm, e);
}

int
merger_begin(struct merger *m, struct err *e)
{
	if (m->state == NULL || m->begun)
		return 0;
	m->begun = true;
	return state_begin(m->state, e);
}

enum merger_result
merger_conflict(struct str id, struct err *e)
{
	err_set(e,
	    "another record with the id %.*s says something else, and is kept",
	    STR_ARG(id));
	return MERGER_CONFLICT;
}

enum merger_result
merger_give(struct merger *m, struct str id, struct merged *out, struct err *e)
{
	struct state_message old, *known = NULL;
	struct record *r = m->record;
	struct verdict v;
	bool stays;
	int rc;

	if (merger_begin(m, e) != 0)
		return MERGER_FAIL;
	if (m->state != NULL) {
		rc = state_message(m->state, id, &old, e);
		if (rc < 0)
			return MERGER_FAIL;
		if (rc == 1 && (uint64_t)old.content != m->at->content)
			return merger_conflict(id, e);
		if (rc == 1)
			known = &old;
	}
	if (judge(m, id, known, &v, &stays, e) != 0)
		return MERGER_FAIL;
	put_id(r, "person", v.person);
	put_id(r, "conversation", v.conversation);
	put_claims(m, v.person, out);
	if (stays && known->quarantine.p != NULL)
		record_put_raw(r, "quarantine", known->quarantine);
	else
		put_quarantine(r, &v);
	out->quarantined = record_put_get(r, "quarantine").p != NULL;
	out->record = r;
	if (m->state != NULL && !stays && keep(m, &v, e) != 0)
		return MERGER_FAIL;
	return MERGER_RECORD;
}

/* A record of which nothing but the keys matters is not parsed again. */
static enum merger_result
give_plain(struct merger *m, struct str id, struct merged *out, struct err *e)
{
	struct verdict v;
	bool stays;

	if (judge(m, id, NULL, &v, &stays, e) != 0)
		return MERGER_FAIL;
	out->line = m->at->line;
	out->at = m->at->plain;
	out->person = v.person;
	out->conversation = v.conversation;
	return MERGER_RECORD;
}

static void
put_plain(struct buf *out, struct str name, struct str id)
{
	if (id.p == NULL)
		return;
	buf_add_str(out, name);
	buf_add_str(out, id);
	buf_add_char(out, '"');
}

int
merged_write(const struct merged *m, struct buf *out, struct err *e)
{
	if (m->record != NULL)
		return record_write(m->record, out, e);
	buf_add(out, m->line.p, m->at);
	put_plain(out, STR(",\"person\":\""), m->person);
	put_plain(out, STR(",\"conversation\":\""), m->conversation);
	buf_add(out, m->line.p + m->at, m->line.n - m->at);
	if (out->over)
		return err_set(e, "the record is past %zu bytes", out->max);
	return 0;
}

static void
fetch_persons(struct merger *m)
{
	for (int step = 0; step < 3; step++)
		for (size_t i = 0; i < m->batch.n; i++) {
			const struct spooled *s = &m->batch.at[i];

			for (size_t k = 0; k < s->trusted; k++)
				conversations_fetch(
				    m->conversations, s->keys[k], step);
		}
}

enum merger_result
merger_next(struct merger *m, struct merged *out, struct err *e)
{
	const struct keeper *kept;
	struct str id = STR_NONE;
	int rc = next(m, fetch_persons, &id, e);

	*out = (struct merged){ 0 };
	if (rc <= 0)
		return rc < 0 ? MERGER_FAIL : MERGER_END;
	kept = kept_instead(m, id);
	if (kept == NULL && m->at->plain != 0 && m->state == NULL)
		return give_plain(m, id, out, e);
	m->at->plain = 0;
	if (record_parse(m->record, m->at->line, e) != 0)
		return MERGER_FAIL;
	out->record = m->record;
	if (kept == NULL)
		return merger_give(m, id, out, e);
	if (kept->best.content == m->at->content)
		return MERGER_DUPLICATE;
	return merger_conflict(id, e);
}

int
merger_keep(struct merger *m, struct err *e)
{
	if (m->state == NULL || !m->begun)
		return 0;
	m->begun = false;
	return state_commit(m->state, e);
}

bool
merger_lacks_ids(const struct merger *m)
{
	return pipeline_lacks(&m->pipeline);
}

uint64_t
merger_conversations(const struct merger *m)
{
	return m->began + conversations_count(m->conversations);
}
