#include "merge/conversation.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "merge/courtesy.h"
#include "merge/search.h"
#include "record/fields.h"
#include "record/waiting/lastanswers.h"

struct conversations *
conversations_new(struct graph *g, struct windows *w, struct store *s)
{
	struct conversations *cs = xcalloc(1, sizeof(*cs));

	cs->g = g;
	cs->windows = w;
	cs->store = s;
	return cs;
}

void
conversations_await(struct conversations *cs, const struct idset *about)
{
	cs->about = about;
}

void
conversations_obey(struct conversations *cs, struct acted *acted)
{
	cs->acted = acted;
}

void
conversations_free(struct conversations *cs)
{
	if (cs == NULL)
		return;
	arena_release(&cs->arena);
	vec_release(&cs->numbers);
	free(cs);
}

uint64_t
conversations_count(const struct conversations *cs)
{
	return cs == NULL ? 0 : cs->begun;
}

struct str
conversation_person(struct conversations *cs, uint32_t key)
{
	return arena_dup(&cs->arena, store_person(cs->store, key));
}

/* Valid until the next conversation is met. */
static const struct conversation *
at(const struct conversations *cs, uint32_t number)
{
	return store_conversation(cs->store, number);
}

static int
note(struct conversations *cs, struct str name, struct store_ref to,
    struct str message, bool over, struct err *e)
{
	struct store_ref old;

	if (search_look(cs, name, &old, e) != 0)
		return -1;
	if (old.number != NOWHERE && !over && (to.weak || !old.weak))
		return 0;
	return store_put_ref(cs->store, name, to, message, e);
}

/* Takes a step along the references: 1 where it led home, 0, -1. */
static int
joins(
    struct search *s, const struct ref *ref, struct store_ref f, struct err *e)
{
	const struct turn *t = s->t;
	uint32_t owner = at(s->cs, f.number)->owner;
	bool believed = t->failed.p == NULL && !t->unproven;
	int rc = 0;

	if (t->let_in || (t->ours && t->failed.p == NULL) ||
	    (believed && same_person(s->cs, owner, t->key) &&
		(owner != GRAPH_NONE || !f.weak))) {
		s->at = f.number;
		return 1;
	}
	/* What was written in this person's name by who knows whom is no harm
	 * to answer, but not theirs either. */
	if (is_claim_of(s->cs, owner, t->key))
		return 0;
	rc = participants_have(s, f.number, e);
	if (rc == 1) {
		s->at = f.number;
		s->guest = true;
	} else if (rc == 0 && !f.weak && s->foreign == NOWHERE) {
		/* What only somebody else's message mentions is nobody's. */
		s->foreign = f.number;
		s->foreign_ref = *ref;
	}
	return rc;
}

static int
by_reference(struct search *s, struct err *e)
{
	for (size_t i = 0; i < s->refs.list.n; i++) {
		struct store_ref f;
		int rc;

		if (search_look(s->cs, s->refs.list.v[i].name, &f, e) != 0)
			return -1;
		rc = f.number == NOWHERE ? 0
					 : joins(s, &s->refs.list.v[i], f, e);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return 0;
}

/* The person's last conversation: *near, or NOWHERE where it is not. */
static int
last_of(struct search *s, uint32_t key, struct store_last *out, uint32_t *near,
    struct err *e)
{
	int rc = store_last_of_person(s->cs->store, key, s->t->time, out, e);

	if (rc != 1)
		out->number = NOWHERE;
	*near = rc == 1 && is_near(s, out) ? out->number : NOWHERE;
	return rc < 0 ? -1 : 0;
}

/* Of the person's own that wait on the channel the one that has waited longest;
 * NOWHERE.  All that wait are in the list then. */
static int
longest_here(struct search *s, struct err *e)
{
	struct conversations *cs = s->cs;
	uint32_t best = NOWHERE;

	cs->numbers.n = 0;
	if (store_waiting(cs->store, s->t->key, &cs->numbers, e) != 0)
		return -1;
	for (size_t i = 0; i < cs->numbers.n; i++) {
		const struct conversation *c = at(cs, cs->numbers.v[i]);

		if (waits_here(s, c) && !c->aside &&
		    same_person(cs, c->owner, s->t->key))
			best = longer(s, best, cs->numbers.v[i]);
	}
	s->at = best;
	return 0;
}

/* What they asked in another's conversation waits on this channel: where it is
 * the only one, they mean that. */
static int
as_guest(struct search *s, struct err *e)
{
	struct conversations *cs = s->cs;
	uint32_t only = NOWHERE;
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < cs->numbers.n; i++) {
		const struct conversation *c = at(cs, cs->numbers.v[i]);

		if (!waits_here(s, c) || c->aside ||
		    same_person(cs, c->owner, s->t->key))
			continue;
		only = cs->numbers.v[i];
		n++;
	}
	if (n != 1)
		return 0;
	rc = participants_have(s, only, e);
	if (rc == 1) {
		s->at = only;
		s->guest = true;
	}
	return rc < 0 ? -1 : 0;
}

static int
by_author(struct search *s, struct err *e)
{
	struct store_last last;
	uint32_t near;

	if (last_of(s, s->t->key, &last, &near, e) != 0)
		return -1;
	/* Most go on where they were. */
	if (last.number != NOWHERE && waits_here(s, at(s->cs, last.number))) {
		s->at = last.number;
		return 0;
	}
	if (s->t->time != TIME_NONE &&
	    (longest_here(s, e) != 0 ||
		(s->at == NOWHERE && as_guest(s, e) != 0)))
		return -1;
	if (s->at == NOWHERE)
		s->at = near;
	return 0;
}

/* Ours go on where it has waited longest; else with what was last said to or by
 * this person, or by who only claimed to be them. */
static int
by_recipient(struct search *s, struct err *e)
{
	struct store_last last, other;
	uint32_t near, claimed;

	s->at = answered_longest(s, true);
	if (s->at != NOWHERE)
		return 0;
	if (last_of(s, s->t->key, &last, &near, e) != 0)
		return -1;
	s->at = near;
	if (s->claim != GRAPH_NONE) {
		if (last_of(s, s->claim, &other, &claimed, e) != 0)
			return -1;
		if (claimed != NOWHERE &&
		    (near == NOWHERE || other.time > last.time))
			s->at = claimed;
	}
	if (s->at == NOWHERE)
		s->at = answered_longest(s, false);
	return 0;
}

static int
by_person(struct search *s, struct err *e)
{
	if (s->t->key == GRAPH_NONE)
		return 0;
	return s->t->ours ? by_recipient(s, e) : by_author(s, e);
}

/* What was last said in the same channel of a chat. */
static int
by_place(struct search *s, struct err *e)
{
	struct store_last last;
	int rc;

	if (s->refs.place.p == NULL)
		return 0;
	rc = store_last_of_place(
	    s->cs->store, s->refs.place, s->t->time, &last, e);
	if (rc == 1 &&
	    (is_near(s, &last) || ((s->t->answers || s->t->came_back) &&
				      waits_here(s, at(s->cs, last.number)))))
		s->at = last.number;
	return rc < 0 ? -1 : 0;
}

static bool
is_trusted(const struct search *s)
{
	return s->t->failed.p == NULL &&
	       (s->t->ours ||
		   (s->t->key != GRAPH_NONE &&
		       (s->cs->g->keys[s->t->key].flags & KEY_CLAIM) == 0));
}

static int
begin(struct search *s, struct err *e)
{
	struct conversation c = {
		.trusted = is_trusted(s),
		.aside = s->apart,
		.owner = s->key,
		.last = TIME_NONE,
		.waiting = TIME_NONE,
	};

	id_make(c.id, 'c', &s->t->id, 1);
	s->cs->begun++;
	/* It may have begun one before. */
	if (s->t->anew &&
	    store_find_conversation(s->cs->store, str_of(c.id), &s->at, e) < 0)
		return -1;
	return store_put_conversation(s->cs->store, &c, &s->at, e);
}

/* What the same person said before in somebody else's thread. */
static struct str
aside(struct search *s)
{
	struct str person = s->t->key == GRAPH_NONE
				? STR_NONE
				: conversation_person(s->cs, s->t->key);

	return ARENA_JOIN(
	    &s->cs->arena, STR("a\t"), person, STR("\t"), s->foreign_ref.name);
}

static int
apart(struct search *s, struct verdict *out, struct err *e)
{
	struct conversations *cs = s->cs;
	const struct turn *t = s->t;
	struct store_ref f = { NOWHERE, false };
	struct str name;

	s->apart = true;
	if (s->foreign != NOWHERE) {
		out->reference = s->foreign_ref.id;
		out->kept_from =
		    arena_dup(&cs->arena, str_of(at(cs, s->foreign)->id));
	}
	if (t->failed.p != NULL) {
		out->reason = ARENA_JOIN(&cs->arena,
		    STR("authentication failed ("), t->failed, STR(")"));
		return begin(s, e);
	}
	out->reason =
	    t->unproven
		? STR("reference belongs to a person, and the mail is not "
		      "proven to be from us")
	    : is_claim_of(cs, t->key, at(cs, s->foreign)->owner)
		? STR("reference belongs to the person who has this address, and "
		      "the sender is not authenticated")
	    : t->key == GRAPH_NONE
		? STR("reference belongs to a person, and the sender is unknown")
		: STR("reference belongs to another person");
	name = aside(s);
	if (t->key != GRAPH_NONE && search_look(cs, name, &f, e) != 0)
		return -1;
	s->at = f.number;
	if (s->at == NOWHERE && begin(s, e) != 0)
		return -1;
	return t->key == GRAPH_NONE
		   ? 0
		   : note(cs, name, (struct store_ref){ s->at, false }, t->id,
			 false, e);
}

static bool
is_ours(const struct search *s)
{
	return s->t->ours && s->t->failed.p == NULL;
}

/* The id that others will refer to.  *over: it takes the place of another. */
static int
note_own(struct search *s, bool *over, struct err *e)
{
	struct conversations *cs = s->cs;
	struct str name = s->refs.own.name;
	struct store_ref f;

	/* Somebody unproven may have sent this id before, or somebody at all
	 * one of ours. */
	if (search_look(cs, name, &f, e) != 0)
		return -1;
	*over = f.number != NOWHERE &&
		(s->t->anew ||
		    (at(cs, s->at)->trusted && !at(cs, f.number)->trusted));
	return note(cs, name, (struct store_ref){ s->at, false, is_ours(s) },
	    s->t->id, *over || is_ours(s), e);
}

/* A receipt names the record's own id. */
static int
note_awaited(struct search *s, struct err *e)
{
	const struct idset *about = s->cs->about;

	if (about == NULL || about->n == 0 || !is_ours(s) ||
	    !idset_has(about, last_hash(s->t->id)))
		return 0;
	return note(s->cs, ref_make_own(&s->cs->arena, s->t->id).name,
	    (struct store_ref){ s->at, false, true }, s->t->id, true, e);
}

/* The record's own ids lead to its conversation, and, until somebody has a
 * better right to them, those that it mentions. */
static int
note_all(struct search *s, struct err *e)
{
	struct conversations *cs = s->cs;
	struct str thread = s->refs.thread.name;
	const struct store_ref own = { s->at, false }, weak = { s->at, true };
	bool over = false;

	if (note_awaited(s, e) != 0 ||
	    (s->refs.own.name.n > 0 && note_own(s, &over, e) != 0))
		return -1;
	if (thread.n > 0 && note(cs, thread, own, s->t->id, over, e) != 0)
		return -1;
	for (size_t i = 0; i < s->refs.list.n; i++)
		if (note(cs, s->refs.list.v[i].name, weak, s->t->id, false,
			e) != 0)
			return -1;
	/* What was kept apart says nothing of where the number belongs. */
	for (size_t i = 0;
	     i < s->numbers.n && s->foreign == NOWHERE && !s->guest; i++)
		if (note(cs, s->numbers.v[i].name, own, s->t->id, false, e) !=
		    0)
			return -1;
	return 0;
}

/*
 * The orders and tickets that the text names, as this person's: what somebody
 * else said of the same number is nothing to them, and a number that is known
 * to be somebody else's leads nowhere.
 */
static void
numbers_of(struct search *s)
{
	struct conversations *cs = s->cs;
	const struct str *names = s->refs.numbers;
	size_t n = s->refs.number_n;
	struct str person;

	s->numbers.v = NULL;
	s->numbers.n = 0;
	if (n == 0)
		return;
	person = conversation_person(cs, s->key);
	s->numbers.v = arena_calloc(&cs->arena, n, sizeof(*s->numbers.v));
	for (size_t i = 0; i < n; i++) {
		uint32_t k = graph_lookup(cs->g, names[i]);

		if (k != GRAPH_NONE &&
		    (cs->g->keys[k].flags & KEY_TRUSTED) != 0 &&
		    !same_person(cs, k, s->key))
			continue;
		s->numbers.v[s->numbers.n++] = (struct ref){
			.name = ARENA_JOIN(&cs->arena, STR("n\t"), person,
			    STR("\t"), names[i]),
			.id = names[i],
		};
	}
}

static int
by_number(struct search *s, struct err *e)
{
	for (size_t i = 0; i < s->numbers.n && s->at == NOWHERE; i++) {
		struct store_ref f;

		if (search_look(s->cs, s->numbers.v[i].name, &f, e) != 0)
			return -1;
		if (f.number != NOWHERE &&
		    same_person(s->cs, at(s->cs, f.number)->owner, s->key))
			s->at = f.number;
	}
	return 0;
}

/* We may be writing to who only claimed to be this person. */
static int
find_claim(struct search *s, struct err *e)
{
	if (!s->t->ours || s->t->key == GRAPH_NONE)
		return 0;
	return claim_of(s->cs, graph_text(s->cs->g, s->t->key), &s->claim, e) <
		       0
		   ? -1
		   : 0;
}

static int
find(struct search *s, struct verdict *out, struct err *e)
{
	if (by_reference(s, e) != 0)
		return -1;
	if (s->t->failed.p != NULL ||
	    (s->at == NOWHERE && s->foreign != NOWHERE))
		return apart(s, out, e);
	if (s->at == NOWHERE &&
	    (find_claim(s, e) != 0 || answered_find(s, e) != 0))
		return -1;
	if (s->at == NOWHERE && by_number(s, e) != 0)
		return -1;
	if (s->at == NOWHERE && by_person(s, e) != 0)
		return -1;
	if (s->at == NOWHERE && s->t->ours && by_place(s, e) != 0)
		return -1;
	return s->at == NOWHERE ? begin(s, e) : 0;
}

int
conversation_changed(struct conversations *cs, const struct turn *t,
    uint32_t number, struct err *e)
{
	struct store_answer by;

	if (t->asks && !t->asked)
		return store_asked(cs->store, number, t->time, t->channel, e);
	if (!t->asks && t->asked &&
	    store_unasked(cs->store, number, t->time, t->id, e) != 0)
		return -1;
	if (!t->answers || t->answered)
		return 0;
	by = search_answer(t, false);
	return store_answered(cs->store, number, t->time, &by, e);
}

static enum courtesy
courtesy_of(const struct turn *t)
{
	struct err e;

	if (t->record != NULL)
		return record_courtesy(t->record);
	return !t->thanks || record_parse(t->spare, t->line, &e) != 0
		   ? COURTESY_NONE
		   : record_courtesy(t->spare);
}

/* Does it only thank for our answer?  1, 0, -1. */
static int
is_polite(struct search *s, struct err *e)
{
	struct store *store = s->cs->store;
	const struct turn *t = s->t;
	enum courtesy is;
	bool asked = false;
	int rc = 1;

	if (!t->asks || s->apart || at(s->cs, s->at)->waiting != TIME_NONE ||
	    (!store_keeps(store) && !at(s->cs, s->at)->answered))
		return 0;
	is = courtesy_of(t);
	if (is != COURTESY_NONE)
		rc = store_was_answered(
		    store, s->at, t->time, courtesy_is_question, &asked, e);
	return is == COURTESY_NONE || (is == COURTESY_ASSENT && asked) ? 0 : rc;
}

/* Who waits by it, and who does no more. */
static int
account(struct search *s, struct verdict *out, struct err *e)
{
	struct turn t = *s->t;
	int polite = is_polite(s, e);

	if (polite < 0)
		return -1;
	out->courtesy = polite == 1;
	t.asks &= !out->courtesy;
	t.answers &= !s->apart;
	if (t.answers && answered_settle(s, out, e) != 0)
		return -1;
	return conversation_changed(s->cs, &t, s->at, e);
}

/* Of conversations that were joined the first goes on. */
static int
stand_in(struct search *s, struct err *e)
{
	struct conversations *cs = s->cs;
	struct str id, to;

	if (cs->acted == NULL || cs->acted->into.n == 0)
		return 0;
	id = str_of(at(cs, s->at)->id);
	to = acted_stands(cs->acted, id);
	return str_eq(id, to) || search_number(cs, to, &s->at, e) >= 0 ? 0 : -1;
}

static int
settle(struct search *s, struct verdict *out, struct err *e)
{
	struct conversations *cs = s->cs;
	const struct conversation *c = at(cs, s->at);

	/* What was kept apart is not where a place goes on. */
	store_continue(cs->store, s->at, s->t->time, s->channel,
	    s->apart ? STR_NONE : s->refs.place);
	/* An answer of ours is part of whose conversation it is. */
	out->key = s->t->ours && s->t->failed.p == NULL ? c->owner : s->key;
	out->conversation = arena_dup(&cs->arena, str_of(c->id));
	out->number = s->at;
	out->person = STR_NONE;
	out->place = s->refs.place;
	acted_met(cs->acted, str_of(c->id), s->at);
	out->guest = s->guest;
	if (out->key == GRAPH_NONE)
		return 0;
	out->person = conversation_person(cs, out->key);
	if (s->guest)
		return store_guest_spoke(
		    cs->store, s->at, s->key, s->t->time, s->t->asks, e);
	return s->apart ? 0
			: store_continue_person(cs->store, s->at, out->key, e);
}

static void
start(struct search *s, struct conversations *cs, const struct turn *t,
    struct verdict *out)
{
	arena_reset(&cs->arena);
	*s = (struct search){ .cs = cs,
		.t = t,
		.key = t->failed.p != NULL ? GRAPH_NONE : t->key,
		.claim = GRAPH_NONE,
		.at = NOWHERE,
		.foreign = NOWHERE };
	s->channel = t->channel;
	*out = (struct verdict){ .key = GRAPH_NONE, .owner = GRAPH_NONE };
	if (t->receipt)
		return;
	if (t->record != NULL)
		refs_of(t->record, &s->refs);
	else
		refs_load(t->refs, &cs->arena, &s->refs);
	if (s->key != GRAPH_NONE)
		numbers_of(s);
}

/* It changes nothing of where it stands but what it tells of. */
static void
settle_receipt(struct search *s, struct verdict *out)
{
	if (s->at == NOWHERE)
		return;
	out->conversation =
	    arena_dup(&s->cs->arena, str_of(search_at(s, s->at)->id));
	out->number = s->at;
}

static int
receipt_of(struct search *s, struct verdict *out, struct err *e)
{
	if (receipt_find(s, out, e) != 0 ||
	    (s->at == NOWHERE && s->t->message && begin(s, e) != 0))
		return -1;
	settle_receipt(s, out);
	return 0;
}

/* As conversation_again. */
static int
receipt_again(struct search *s, const struct store_message *m,
    struct verdict *out, struct err *e)
{
	struct str before = arena_dup(&s->cs->arena, m->conversation);

	if (receipt_find(s, out, e) != 0)
		return -1;
	if (s->at == NOWHERE &&
	    store_find_conversation(s->cs->store, before, &s->at, e) < 0)
		return -1;
	settle_receipt(s, out);
	return str_eq(out->conversation, before);
}

int
conversation_of(struct conversations *cs, const struct turn *t,
    struct verdict *out, struct err *e)
{
	struct search s;

	start(&s, cs, t, out);
	if (t->receipt)
		return receipt_of(&s, out, e);
	if (find(&s, out, e) != 0 || stand_in(&s, e) != 0 ||
	    settle(&s, out, e) != 0 || account(&s, out, e) != 0 ||
	    participants_note(&s, e) != 0)
		return -1;
	return note_all(&s, e);
}

/* What is sent by now, for one, was a draft before. */
static int
answers_by_now(struct search *s, struct err *e)
{
	uint32_t stays = s->at;
	int rc;

	s->at = NOWHERE;
	rc = by_reference(s, e);
	if (rc == 0 && s->at == NOWHERE)
		rc = find_claim(s, e) != 0 || answered_find(s, e) != 0;
	s->at = stays;
	s->foreign = NOWHERE;
	return rc == 0 ? 0 : -1;
}

int
conversation_again(struct conversations *cs, const struct turn *t,
    const struct store_message *m, struct verdict *out, struct err *e)
{
	struct search s;
	uint32_t owner;
	int rc;

	start(&s, cs, t, out);
	/* What it tells of may have come since, and stays as it was. */
	if (m->conversation.p == NULL)
		return t->receipt;
	if (t->receipt)
		return receipt_again(&s, m, out, e);
	s.apart = m->quarantine.p != NULL;
	rc = store_find_conversation(
	    cs->store, arena_dup(&cs->arena, m->conversation), &s.at, e);
	if (rc != 1)
		return rc;
	owner = at(cs, s.at)->owner;
	if (t->failed.p == NULL && !t->ours &&
	    !same_person(cs, owner, t->key)) {
		rc = participants_have(&s, s.at, e);
		s.guest = rc == 1;
		if (rc < 0 ||
		    (rc == 0 && t->asked &&
			store_unasked(cs->store, s.at, t->time, t->id, e) != 0))
			return -1;
		if (rc == 0)
			return 0;
	}
	if (settle(&s, out, e) != 0)
		return -1;
	if (!t->changed)
		return 1;
	if ((t->answers && !s.apart && answers_by_now(&s, e) != 0) ||
	    account(&s, out, e) != 0 || participants_note(&s, e) != 0 ||
	    note_all(&s, e) != 0)
		return -1;
	return 1;
}
