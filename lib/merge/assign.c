/*
 * merger, giving out: whose each record is, which conversation it continues,
 * and what the state keeps of it.
 */
#include "merge/acts/acts.h"
#include "merge/link/link.h"

#include "core/time.h"
#include "json/write.h"
#include "merge/courtesy.h"
#include "merge/refs.h"
#include "people/timeline.h"
#include "record/asks.h"
#include "record/fields.h"
#include "record/waiting/lastanswers.h"

/* Who has the key k, which does not tell whose the record is, where that is
 * another; else absent. */
static struct str
claimed_of(struct merger *m, struct str person, uint32_t k)
{
	uint16_t flags = m->graph.keys[k].flags;
	struct str other;

	if ((flags & KEY_TRUSTED) == 0 || (flags & KEY_NOTHING) != 0)
		return STR_NONE;
	other = conversation_person(m->conversations, k);
	return str_eq(other, person) ? STR_NONE : other;
}

static void
put_claims(struct merger *m, struct str person, struct merged *out)
{
	const struct spooled *s = m->at;
	struct writer *w = NULL;

	for (size_t i = (size_t)s->trusted - s->profile;
	     i < (size_t)s->trusted + s->claimed; i++) {
		uint32_t k = s->keys[i];
		struct str other = claimed_of(m, person, k);

		if (other.p == NULL)
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

/* What else than its own conversation it answers. */
static void
put_answers(struct record *r, const struct verdict *v)
{
	struct writer *w;

	if (v->answered_n == 0) {
		record_drop(r, "answers");
		return;
	}
	w = record_put(r, "answers");
	write_list(w);
	for (size_t i = 0; i < v->answered_n; i++)
		write_str(w, v->answered[i]);
	write_list_end(w);
	record_put_end(r);
}

/* Must a person see it? */
static void
put_asks(struct record *r, enum asks why)
{
	const char *word = asks_name(why);

	if (why == ASKS_NOT_INBOUND)
		record_drop(r, "asks");
	else
		record_put_raw(
		    r, "asks", why == ASKS_YES ? STR("true") : STR("false"));
	if (word == NULL)
		record_drop(r, "why");
	else
		record_put_str(r, "why", str_of(word));
}

static void
put_id(struct record *r, const char *name, struct str id)
{
	if (id.p == NULL)
		record_drop(r, name);
	else
		record_put_str(r, name, id);
}

/* Whose the record is decides the version that stands at the end. */
static uint32_t
decides(struct merger *m, struct str id)
{
	const struct spooled *last = versions_last(&m->versions, id);
	struct spooled *at = m->at, end;
	uint32_t key;

	if (last == NULL)
		return merger_decides(m, id);
	end = *last;
	m->at = &end;
	key = merger_decides(m, id);
	m->at = at;
	return key;
}

static bool
asks_itself(const struct spooled *s)
{
	return s->asks == ASKS_YES;
}

/* What asks by itself asks, or is courtesy. */
static void
settle_asks(struct merger *m, bool courtesy)
{
	if (asks_itself(m->at))
		m->at->asks = courtesy ? ASKS_COURTESY : ASKS_YES;
}

/* Of an answer, where nobody keeps its text. */
static bool
asks_question(struct merger *m)
{
	if (m->at->plain != 0)
		return m->at->question;
	return (m->at->flags & SPOOL_ANSWER) != 0 && !store_keeps(m->store) &&
	       courtesy_is_question(record_str(m->record, "text"));
}

/* What merge knows of the record in hand. */
static struct turn
turn_of(struct merger *m, struct str id)
{
	const struct spooled *s = m->at;

	return (struct turn){
		.record = s->plain != 0 ? NULL : m->record,
		.id = id,
		.channel = s->channel,
		.time = s->time,
		.key = GRAPH_NONE,
		.ours = (s->flags & SPOOL_OURS) != 0,
		.unproven = (s->flags & SPOOL_UNPROVEN) != 0,
		.asks = asks_itself(s),
		.refs = s->refs,
		.line = s->line,
		.spare = m->record,
		.thanks = s->thanks,
		.answers = (s->flags & SPOOL_ANSWER) != 0,
		.mail = (s->flags & SPOOL_MAIL) != 0,
		.outbound = s->flags >= SPOOL_CAME,
		.others = (s->flags & SPOOL_OTHERS) != 0,
		.receipt = (s->flags & SPOOL_RECEIPT) != 0,
		.message = (s->flags & SPOOL_MESSAGE) != 0,
		.question = asks_question(m),
	};
}

/* What the channel calls it. */
static struct str
own_id(const struct spooled *s)
{
	struct arena a = { 0 };
	struct refs refs;

	refs_load(s->refs, &a, &refs);
	arena_release(&a);
	return refs.own.id;
}

/*
 * An answer that came back before is none; of one that will come back, by what
 * is in the input, the store is told by which names.
 */
static int
take_failed(struct merger *m, struct str id, struct turn *t, struct err *e)
{
	struct str names[2] = { id, STR_NONE };
	int rc = 0;

	if (!t->answers || (m->failed.n == 0 && !store_keeps(m->store)))
		return 0;
	names[1] = m->at->plain == 0 ? record_str(m->record, "messageId")
				     : own_id(m->at);
	for (int i = 0; i < 2 && rc == 0; i++) {
		uint64_t hash = names[i].n == 0 ? 0 : last_hash(names[i]);

		if (hash != 0 && idset_has(&m->failed, hash))
			t->names[i] = hash;
		rc = store_has_failed(m->store, hash, e);
	}
	if (rc != 1)
		return rc;
	m->at->flags &= (uint16_t)~SPOOL_ANSWER;
	t->answers = false;
	t->came_back = true;
	return 0;
}

/* A later version of a message is where the first one was: 1, 0 where there is
 * none, -1. */
static int
found_before(struct merger *m, struct str id, struct verdict *v,
    struct str *quarantine, struct err *e)
{
	const struct version_found *f;
	struct turn t;

	if ((m->at->flags & SPOOL_LATE) == 0)
		return 0;
	f = versions_first(&m->versions, id);
	if (f == NULL)
		return 0;
	t = turn_of(m, id);
	if (take_failed(m, id, &t, e) != 0)
		return -1;
	*v = (struct verdict){ .conversation = f->conversation,
		.number = f->number,
		.person = f->person,
		.key = f->key };
	v->courtesy =
	    t.asks && !f->asked && record_courtesy(m->record) != COURTESY_NONE;
	*quarantine = f->quarantine;
	t.asks &= !v->courtesy;
	t.asked = f->asked;
	t.answered = f->answered;
	t.answers &= quarantine->p == NULL;
	return conversation_changed(m->conversations, &t, f->number, e) != 0
		   ? -1
		   : 1;
}

static void
note_found(struct merger *m, struct str id, const struct verdict *v,
    struct str quarantine)
{
	const struct version_found f = { .conversation = v->conversation,
		.person = v->person,
		.key = v->key,
		.number = v->number,
		.asked = m->at->asks == ASKS_YES,
		.answered = (m->at->flags & SPOOL_ANSWER) != 0,
		.quarantine = quarantine };

	if (m->versions.ids.n > 0 && v->conversation.p != NULL)
		versions_found(&m->versions, id, &f);
}

static void
add_said(void *arg, const struct store_said *x)
{
	struct merger *m = arg;
	const struct bulk_sent sent = { x->text, x->who, x->time, x->people };

	(void)bulk_next(&m->bulk, &sent);
}

/* As it comes: with what came in the last hour of the run before, too. */
static int
comes_in_bulk(struct merger *m, const struct bulk_sent *x, struct err *e)
{
	if (!m->bulk_known && store_each_said(m->store, add_said, m, e) != 0)
		return -1;
	m->bulk_known = true;
	return bulk_next(&m->bulk, x);
}

/*
 * Is the record in hand one of many with the same words?  Then it is no answer.
 * 1, 0, -1; what was found of it before stays.
 */
static int
take_bulk(struct merger *m, const struct stored *h, struct err *e)
{
	struct bulk_sent x;
	int rc;

	if ((m->at->flags & SPOOL_OURS) == 0 || m->at->plain != 0)
		return 0;
	if (h->found && !h->changed)
		return str_find(h->m.keywords, STR("\"" BULK_KEYWORD "\"")) >=
		       0;
	if (!m->o.follow && m->bulk.times.n == 0 && !store_keeps(m->store))
		return 0;
	if (!bulk_read(m->record, m->at->time, &x))
		return 0;
	rc = m->o.follow ? comes_in_bulk(m, &x, e) : bulk_has(&m->bulk, &x);
	if (rc < 0 ||
	    store_put_said(m->store,
		&(struct store_said){ x.text, x.who, x.time, x.people },
		m->bulk.newest, e) != 0)
		return -1;
	if (rc == 1)
		m->at->flags &= (uint16_t)~SPOOL_ANSWER;
	return rc;
}

/* What was kept out before is let in: nobody waits for it where it was. */
static int
move_in(struct merger *m, struct str id, struct stored *h, struct turn *t,
    struct err *e)
{
	uint32_t number;
	int rc;

	h->moved = arena_dup(record_arena(m->record), h->m.conversation);
	t->anew = h->changed = true;
	m->at->flags |= SPOOL_UPDATED;
	if (!h->m.asks)
		return 0;
	rc = store_find_conversation(m->store, h->moved, &number, e);
	return rc != 1 ? rc : store_unasked(m->store, number, t->time, id, e);
}

/* Finds person and conversation of the record in hand; old is what the store
 * holds of it, or NULL. */
static int
judge(struct merger *m, struct str id, struct stored *h, struct verdict *v,
    bool *stays, struct err *e)
{
	struct turn t = turn_of(m, id);

	if (take_failed(m, id, &t, e) != 0)
		return -1;
	t.key = decides(m, id);
	t.let_in = merger_is_let_in(m, id);
	*stays = false;
	if ((m->at->flags & SPOOL_FAILED) != 0)
		(void)evidence_failed(m->record, &t.failed);
	if ((m->at->flags & (SPOOL_MESSAGE | SPOOL_RECEIPT)) == 0) {
		*v = (struct verdict){ .key = t.key };
		if (t.key != GRAPH_NONE)
			v->person =
			    conversation_person(m->conversations, t.key);
		return 0;
	}
	t.anew = h->found && store_was_parted(m->store, id);
	t.changed = h->changed;
	t.asked = h->found && h->m.asks;
	t.answered = h->found && (h->m.flags & SPOOL_ANSWER) != 0;
	if (t.let_in && h->found && h->m.quarantine.p != NULL &&
	    move_in(m, id, h, &t, e) != 0)
		return -1;
	if (h->found && !t.anew) {
		int rc = conversation_again(m->conversations, &t, &h->m, v, e);

		*stays = rc == 1;
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		t.anew = h->changed;
	}
	if (t.anew && store_leave(m->store, id, e) != 0)
		return -1;
	t.asked = t.answered = false;
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

/* From when on it is true: the first from the time of the record, a row that
 * says no time from this run on. */
static int64_t
known_from(const struct merger *m, const struct stored *h)
{
	const struct spooled *s = m->at;

	if (h->found && !h->version)
		return h->m.known;
	if (!h->version && (s->flags & SPOOL_LATE) == 0)
		return s->time;
	return spool_from(s) == TIME_NONE ? m->o.now : spool_from(s);
}

/* Puts the record into the state, in the transaction that merger_keep ends. */
static int
keep(struct merger *m, const struct stored *h, const struct verdict *v,
    bool bulk, struct err *e)
{
	struct store_message sm;

	timeline_message(m->record, &sm);
	if (!names_person(m, v))
		sm.name = STR_NONE;
	sm.person = v->person;
	sm.conversation = v->conversation;
	sm.key =
	    v->key == GRAPH_NONE ? STR_NONE : graph_text(&m->graph, v->key);
	if ((m->at->flags & SPOOL_RECEIPT) != 0 && v->owner != GRAPH_NONE) {
		sm.key = graph_text(&m->graph, v->owner);
		sm.data = timeline_receipt(m->record, v->about, v->about_n);
	}
	sm.place = v->place;
	sm.content = (int64_t)m->at->content;
	sm.edited = m->at->edited;
	sm.rank = m->at->rank;
	sm.flags = m->at->flags & ~SPOOL_LATE;
	sm.known = known_from(m, h);
	sm.quarantine = record_put_get(m->record, "quarantine");
	sm.answers = record_put_get(m->record, "answers");
	sm.asks = m->at->asks == ASKS_YES;
	sm.guest = v->guest;
	/* Where it came with it, nothing was put. */
	if (bulk && !record_has_keyword(m->record, BULK_KEYWORD))
		sm.keywords = record_put_get(m->record, "keywords");
	if (h->version && sm.known > h->m.known &&
	    store_supersede(m->store, sm.id, e) != 0)
		return -1;
	if ((h->moved.p != NULL && store_drop_aside(m->store, sm.id, e) != 0) ||
	    (sm.quarantine.p != NULL && sm.asks &&
		store_put_aside(m->store, sm.id, record_line(m->record), e) !=
		    0))
		return -1;
	return store_put_message(m->store, &sm, e);
}

static enum merger_result
conflict(struct str id, struct err *e)
{
	err_set(e,
	    "another record with the id %.*s says something else, and is kept",
	    STR_ARG(id));
	return MERGER_CONFLICT;
}

/* An earlier version than the one that is kept: as it was found, where it was
 * given and a later one comes again, too; else it is not written. */
static enum merger_result
given_before(struct merger *m, struct str id, struct stored *h, struct err *e)
{
	const struct spooled *last = versions_last(&m->versions, id);
	int rc = 0;

	if (last != NULL && last->content != m->at->content)
		rc = store_version(
		    m->store, id, (int64_t)m->at->content, &h->m, e);
	if (rc <= 0)
		return rc < 0 ? MERGER_FAIL : MERGER_VERSION;
	h->past = true;
	h->changed = false;
	m->at->flags &= ~SPOOL_UPDATED;
	m->at->flags |= h->m.flags & SPOOL_UPDATED;
	return MERGER_RECORD;
}

enum merger_result
merger_stored(struct merger *m, struct str id, struct stored *h, struct err *e)
{
	struct spooled was = { 0 };
	int rc;

	h->found = h->changed = h->past = h->version = false;
	h->moved = STR_NONE;
	rc = store_message(m->store, id, &h->m, e);
	if (rc <= 0)
		return rc < 0 ? MERGER_FAIL : MERGER_RECORD;
	was.time = h->m.time;
	was.edited = h->m.edited;
	was.content = (uint64_t)h->m.content;
	was.rank = (uint8_t)h->m.rank;
	was.flags = (uint16_t)h->m.flags;
	h->found = true;
	h->changed = spool_weakness(m->at) < spool_weakness(&was);
	m->at->flags |= was.flags & SPOOL_UPDATED;
	switch (spool_version(m->at, &was)) {
	case SPOOL_SAME:
		/* What is known already, from who knows less of it. */
		if (spool_weakness(m->at) > spool_weakness(&was))
			return MERGER_DUPLICATE;
		break;
	case SPOOL_LATER:
		h->changed = h->version = true;
		break;
	case SPOOL_EARLIER:
		return given_before(m, id, h, e);
	case SPOOL_FOREIGN:
		return conflict(id, e);
	}
	if (h->changed)
		m->at->flags |= SPOOL_UPDATED;
	return MERGER_RECORD;
}

/* updated: who counts, or keeps, by id, puts it in the place of what was there.
 * bulk: it went to many. */
static void
put_keywords(struct record *r, bool updated, bool bulk)
{
	struct json_iter it = json_each(record_get(r, "keywords"));
	struct writer *w;
	struct json v;

	updated &= !record_has_keyword(r, SPOOL_KEYWORD);
	bulk &= !record_has_keyword(r, BULK_KEYWORD);
	if (!updated && !bulk)
		return;
	w = record_put(r, "keywords");
	write_list(w);
	while (json_next(&it, NULL, &v))
		write_raw(w, json_raw(v));
	if (bulk)
		write_str(w, STR(BULK_KEYWORD));
	if (updated)
		write_str(w, STR(SPOOL_KEYWORD));
	write_list_end(w);
	record_put_end(r);
}

/* stays: where the store has it; apart: why it was kept out before. */
static int
put_found(struct merger *m, struct str id, const struct verdict *v,
    const struct stored *h, bool stays, struct str apart, struct merged *out,
    struct err *e)
{
	struct record *r = m->record;

	put_id(r, "person", v->person);
	put_id(r, "conversation", v->conversation);
	put_id(r, "movedFrom", h->moved);
	put_claims(m, v->person, out);
	merger_put_likely(m, v->key);
	if (apart.p != NULL)
		record_put_raw(r, "quarantine", apart);
	else
		put_quarantine(r, v);
	note_found(m, id, v, record_put_get(r, "quarantine"));
	if (merger_act(m, e) != 0)
		return -1;
	if (stays && h->m.answers.p != NULL)
		record_put_raw(r, "answers", h->m.answers);
	else
		put_answers(r, v);
	put_asks(r, (enum asks)m->at->asks);
	out->quarantined = record_put_get(r, "quarantine").p != NULL;
	out->record = r;
	return 0;
}

enum merger_result
merger_assign(
    struct merger *m, struct str id, struct merged *out, struct err *e)
{
	struct record *r = m->record;
	enum merger_result rc;
	struct verdict v;
	struct str apart = STR_NONE;
	struct stored h;
	bool stays = false;
	int before, bulk;

	if (store_begin(m->store, e) != 0)
		return MERGER_FAIL;
	rc = merger_stored(m, id, &h, e);
	if (rc != MERGER_RECORD)
		return rc;
	bulk = take_bulk(m, &h, e);
	before = h.found ? 0 : found_before(m, id, &v, &apart, e);
	if (bulk < 0 || before < 0 ||
	    (before == 0 && judge(m, id, &h, &v, &stays, e) != 0))
		return MERGER_FAIL;
	if (stays)
		apart = h.m.quarantine;
	settle_asks(m, stays && !h.changed ? !h.m.asks : v.courtesy);
	if (put_found(m, id, &v, &h, stays, apart, out, e) != 0)
		return MERGER_FAIL;
	put_keywords(r, (m->at->flags & SPOOL_UPDATED) != 0, bulk == 1);
	out->updated =
	    h.changed || (!h.found && (m->at->flags & SPOOL_LATE) != 0);
	if (store_keeps(m->store) && !h.past && (!stays || h.changed) &&
	    keep(m, &h, &v, bulk == 1, e) != 0)
		return MERGER_FAIL;
	return MERGER_RECORD;
}

/* Is anything to be put but who it is of, and where it stands? */
static bool
has_more(struct merger *m, const struct verdict *v)
{
	const struct spooled *s = m->at;

	if (v->reason.p != NULL || v->answered_n > 0)
		return true;
	for (size_t i = (size_t)s->trusted - s->profile;
	     i < (size_t)s->trusted + s->claimed; i++)
		if (claimed_of(m, v->person, s->keys[i]).p != NULL)
			return true;
	return false;
}

/* A record of which all that matters stands in front is not parsed again. */
static enum merger_result
assign_plain(struct merger *m, struct str id, struct merged *out, struct err *e)
{
	struct stored h = { .found = false };
	struct verdict v;
	bool stays;

	if (judge(m, id, &h, &v, &stays, e) != 0)
		return MERGER_FAIL;
	settle_asks(m, v.courtesy);
	if (has_more(m, &v))
		return record_parse(m->record, m->at->line, e) != 0 ||
			       put_found(
				   m, id, &v, &h, false, STR_NONE, out, e) != 0
			   ? MERGER_FAIL
			   : MERGER_RECORD;
	note_found(m, id, &v, STR_NONE);
	out->line = m->at->line;
	out->at = m->at->plain;
	out->person = v.person;
	out->conversation = v.conversation;
	out->asks = (enum asks)m->at->asks;
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
	if (m->asks != ASKS_NOT_INBOUND)
		buf_add_z(out,
		    m->asks == ASKS_YES ? ",\"asks\":true" : ",\"asks\":false");
	put_plain(out, STR(",\"why\":\""), str_of(asks_name(m->asks)));
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

			store_fetch(m->store, s->keys, s->trusted, step);
		}
}

/* Then its text is looked at. */
static bool
may_be_bulk(const struct merger *m)
{
	return (m->at->flags & SPOOL_OURS) != 0 && m->bulk.times.n > 0;
}

enum merger_result
merger_next(struct merger *m, struct merged *out, struct err *e)
{
	enum version_part part;
	struct str id = STR_NONE;
	int rc;

	*out = (struct merged){ 0 };
	do {
		rc = merger_each(m, fetch_persons, &id, e);
		if (rc <= 0)
			return rc < 0 ? MERGER_FAIL : MERGER_END;
		part = merger_part(m, id);
	} while (part == VERSION_LATE);
	if (part == VERSION_ONLY && m->at->plain != 0 && !may_be_bulk(m))
		return assign_plain(m, id, out, e);
	m->at->plain = 0;
	if (record_parse(m->record, m->at->line, e) != 0)
		return MERGER_FAIL;
	out->record = m->record;
	switch (part) {
	case VERSION_SAME:
		return MERGER_DUPLICATE;
	case VERSION_PAST:
		return MERGER_VERSION;
	case VERSION_FOREIGN:
		return conflict(id, e);
	default:
		return merger_assign(m, id, out, e);
	}
}

int
merger_keep(struct merger *m, struct err *e)
{
	int64_t left = m->event_kept;

	if (left != m->event_left &&
	    (store_begin(m->store, e) != 0 ||
		store_events_left(m->store, left, e) != 0))
		return -1;
	m->event_left = left;
	m->event_kept = m->event_given;
	return merger_keep_acts(m, e) != 0 ? -1 : store_commit(m->store, e);
}

bool
merger_gave_events(const struct merger *m)
{
	return m->event_given != m->event_left;
}

int
merger_left(struct merger *m, struct err *e)
{
	m->event_kept = m->event_given;
	return merger_keep(m, e);
}

void
merger_warn(const struct merger *m)
{
	pipeline_warn(&m->pipeline);
}

uint64_t
merger_conversations(const struct merger *m)
{
	return m->began + conversations_count(m->conversations);
}
