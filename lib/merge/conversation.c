#include "merge/conversation.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/map.h"
#include "core/time.h"
#include "merge/refs.h"
#include "record/fields.h"

enum { WEAK = 1u << 31 }; /* of a reference's value: only mentioned */

struct conversation {
	char id[ID_SIZE];
	bool trusted; /* begun by ours, or by somebody who was believed */
	uint8_t channel; /* of its last message, as windows.h counts them */
	uint32_t owner; /* a key of its person, GRAPH_NONE for nobody */
	int64_t last;
};

/* Ids of people are hashes: those that come often are kept. */
enum { IDS_KEPT = 1 << 14 };

struct kept_id {
	char id[ID_SIZE];
	uint32_t root; /* plus one */
};

struct conversations {
	struct graph *g;
	struct windows *windows;
	struct state *state;
	struct conversation *v;
	uint32_t n, cap;
	struct kept_id *kept; /* by the root */
	struct ref_table refs; /* without a state */
	struct map ids; /* with one: id to index */
	struct arena arena; /* of the call in hand */
	uint64_t begun;
};

struct conversations *
conversations_new(struct graph *g, struct windows *w, struct state *s)
{
	struct conversations *cs = xcalloc(1, sizeof(*cs));

	cs->g = g;
	cs->windows = w;
	cs->state = s;
	return cs;
}

void
conversations_free(struct conversations *cs)
{
	if (cs == NULL)
		return;
	free(cs->v);
	free(cs->kept);
	ref_table_release(&cs->refs);
	map_release(&cs->ids);
	arena_release(&cs->arena);
	free(cs);
}

uint64_t
conversations_count(const struct conversations *cs)
{
	return cs == NULL ? 0 : cs->begun;
}

static const char *
person_id(struct conversations *cs, uint32_t key)
{
	uint32_t root = graph_root(cs->g, key);
	struct kept_id *k;

	if (cs->kept == NULL)
		cs->kept = xcalloc(IDS_KEPT, sizeof(*cs->kept));
	k = &cs->kept[root % IDS_KEPT];
	if (k->root != root + 1) {
		graph_person_id(cs->g, root, k->id);
		k->root = root + 1;
	}
	return k->id;
}

/* The person's last conversation plus one; without a state. */
static uint32_t *
last_place(struct conversations *cs, uint32_t key)
{
	return &cs->g->keys[graph_root(cs->g, key)].person;
}

struct str
conversation_person(struct conversations *cs, uint32_t key)
{
	return arena_dup(&cs->arena, str_of(person_id(cs, key)));
}

void
conversations_fetch(const struct conversations *cs, uint32_t key, int step)
{
	const struct graph_key *k = &cs->g->keys[key];

	if (step == 0)
		__builtin_prefetch(k);
	else if (step == 1)
		__builtin_prefetch(&cs->g->keys[k->parent]);
	else {
		uint32_t before = cs->g->keys[k->parent].person;

		__builtin_prefetch(graph_place(cs->g, k->parent));
		if (before != 0 && before <= cs->n)
			__builtin_prefetch(&cs->v[before - 1], 1);
	}
}

static bool
same_person(struct conversations *cs, uint32_t a, uint32_t b)
{
	if (a == GRAPH_NONE || b == GRAPH_NONE)
		return a == b;
	return graph_root(cs->g, a) == graph_root(cs->g, b);
}

static uint32_t
add(struct conversations *cs, struct str id, uint32_t owner)
{
	if (cs->n == cs->cap) {
		cs->cap = cs->cap == 0 ? 256 : cs->cap * 3 / 2;
		cs->v = xreallocarray(cs->v, cs->cap, sizeof(*cs->v));
	}
	cs->v[cs->n] =
	    (struct conversation){ .owner = owner, .last = TIME_NONE };
	memcpy(cs->v[cs->n].id, id.p, id.n < ID_SIZE ? id.n : ID_SIZE - 1);
	return cs->n++;
}

/* A conversation that the state names. */
static int
known(struct conversations *cs, struct str id, uint32_t *out, struct err *e)
{
	struct str key = STR_NONE;
	uint32_t owner = GRAPH_NONE;
	bool fresh;
	uint64_t *at = map_put(&cs->ids, id, &fresh);
	int rc;

	if (fresh) {
		rc = state_conversation(cs->state, id, &cs->arena, &key, e);
		if (rc < 0)
			return -1;
		if (key.p != NULL &&
		    state_adopt(cs->state, cs->g, key, &owner, e) != 0)
			return -1;
		*map_put(&cs->ids, id, NULL) = add(cs, id, owner);
		at = map_get(&cs->ids, id);
	}
	*out = (uint32_t)*at;
	return 0;
}

/* Where looking has led; NOWHERE when to nothing. */
struct found {
	uint32_t at;
	bool weak;
};

enum { NOWHERE = UINT32_MAX };

static int
look(
    struct conversations *cs, struct str name, struct found *out, struct err *e)
{
	struct state_found f;
	uint32_t v;
	int rc;

	*out = (struct found){ NOWHERE, false };
	if (cs->state == NULL) {
		v = ref_table_get(&cs->refs, name);
		if (v != UINT32_MAX)
			*out = (struct found){ v & ~WEAK, (v & WEAK) != 0 };
		return 0;
	}
	rc = state_ref(cs->state, name, &f, e);
	if (rc != 1)
		return rc;
	out->weak = f.weak;
	return known(cs, str_of(f.conversation), &out->at, e);
}

static int
note(struct conversations *cs, struct str name, uint32_t at, struct str message,
    bool weak, bool over, struct err *e)
{
	struct found old;

	if (look(cs, name, &old, e) != 0)
		return -1;
	if (old.at != NOWHERE && !over && (weak || !old.weak))
		return 0;
	if (cs->state == NULL)
		ref_table_put(&cs->refs, name, at | (weak ? WEAK : 0));
	else
		return state_put_ref(
		    cs->state, name, str_of(cs->v[at].id), message, weak, e);
	return 0;
}

/* One record's way to its conversation. */
struct search {
	struct conversations *cs;
	const struct turn *t;
	struct ref_list refs, numbers;
	struct str place;
	uint8_t channel;
	uint32_t key; /* may become the conversation's, for ours */
	uint32_t at;
	uint32_t foreign; /* the first that belongs to somebody else */
	struct ref foreign_ref;
	bool begun;
};

static bool
is_claim_of(struct conversations *cs, uint32_t claim, uint32_t key)
{
	struct str text;
	uint32_t real;

	if (claim == GRAPH_NONE || key == GRAPH_NONE ||
	    (cs->g->keys[claim].flags & KEY_CLAIM) == 0)
		return false;
	text = graph_text(cs->g, claim);
	real = graph_lookup(cs->g, str_sub(text, 1, text.n));
	return real != GRAPH_NONE && same_person(cs, real, key);
}

/* Takes a step along the references; true where it led home. */
static bool
joins(struct search *s, const struct ref *ref, struct found f)
{
	uint32_t owner = s->cs->v[f.at].owner;

	if (s->t->ours && s->t->failed.p == NULL) {
		s->at = f.at;
		return true;
	}
	if (s->t->failed.p == NULL && !s->t->unproven &&
	    same_person(s->cs, owner, s->t->key) &&
	    (owner != GRAPH_NONE || !f.weak)) {
		s->at = f.at;
		return true;
	}
	/* What only somebody else's message mentions is nobody's; and what
	 * was written in this person's name by who knows whom is no harm to
	 * answer, but not theirs either. */
	if (f.weak || is_claim_of(s->cs, owner, s->t->key))
		return false;
	if (s->foreign == NOWHERE) {
		s->foreign = f.at;
		s->foreign_ref = *ref;
	}
	return false;
}

static int
by_reference(struct search *s, struct err *e)
{
	for (size_t i = 0; i < s->refs.n; i++) {
		struct found f;

		if (look(s->cs, s->refs.v[i].name, &f, e) != 0)
			return -1;
		if (f.at != NOWHERE && joins(s, &s->refs.v[i], f))
			return 0;
	}
	return 0;
}

/* May it go on at the record's time? */
static bool
is_near(const struct search *s, int64_t last, uint8_t channel)
{
	int64_t t = s->t->time;

	return t != TIME_NONE && last != TIME_NONE && last <= t &&
	       t - last <= windows_of(s->cs->windows, channel, s->channel);
}

static bool
is_near_found(const struct search *s, const struct state_found *f)
{
	return is_near(
	    s, f->last, windows_channel(s->cs->windows, str_of(f->channel)));
}

static bool
is_near_here(const struct search *s, uint32_t at)
{
	return is_near(s, s->cs->v[at].last, s->cs->v[at].channel);
}

/* The person's last conversation, while it is near. */
static int
last_of(
    struct search *s, uint32_t key, uint32_t *out, int64_t *last, struct err *e)
{
	struct conversations *cs = s->cs;
	uint32_t before = *last_place(cs, key);
	struct state_found f;
	int rc;

	*out = NOWHERE;
	if (cs->state == NULL) {
		if (before != 0 && is_near_here(s, before - 1)) {
			*out = before - 1;
			*last = cs->v[*out].last;
		}
		return 0;
	}
	if (s->t->time == TIME_NONE)
		return 0;
	rc = state_last_of_person(
	    cs->state, str_of(person_id(cs, key)), s->t->time, &f, e);
	if (rc != 1 || !is_near_found(s, &f))
		return rc < 0 ? -1 : 0;
	*last = f.last;
	return known(cs, str_of(f.conversation), out, e);
}

static int
by_person(struct search *s, struct err *e)
{
	struct str text;
	uint32_t claim, other;
	int64_t last = TIME_NONE, other_last;

	if (s->t->key == GRAPH_NONE)
		return 0;
	if (last_of(s, s->t->key, &s->at, &last, e) != 0)
		return -1;
	if (!s->t->ours)
		return 0;
	/* We may be answering who only claimed to be this person. */
	text = arena_printf(
	    &s->cs->arena, "?%.*s", STR_ARG(graph_text(s->cs->g, s->t->key)));
	claim = graph_lookup(s->cs->g, text);
	if (claim == GRAPH_NONE)
		return 0;
	if (last_of(s, claim, &other, &other_last, e) != 0)
		return -1;
	if (other != NOWHERE && (s->at == NOWHERE || other_last > last))
		s->at = other;
	return 0;
}

/* What was last said in the same channel of a chat. */
static int
by_place(struct search *s, struct err *e)
{
	struct conversations *cs = s->cs;
	struct state_found f;
	struct found m;
	int rc;

	if (s->place.p == NULL || s->t->time == TIME_NONE)
		return 0;
	if (cs->state == NULL) {
		if (look(cs, s->place, &m, e) != 0)
			return -1;
		if (m.at != NOWHERE && is_near_here(s, m.at))
			s->at = m.at;
		return 0;
	}
	rc = state_last_of_place(cs->state, s->place, s->t->time, &f, e);
	if (rc != 1 || !is_near_found(s, &f))
		return rc < 0 ? -1 : 0;
	return known(cs, str_of(f.conversation), &s->at, e);
}

/* Where a chat's message stands: channel, account, first recipient. */
static struct str
place_of(const struct turn *t)
{
	struct record *r = t->record;
	struct arena *a = record_arena(r);
	struct json to = json_at(record_get(r, "to"), 0);
	struct str uri = json_str(json_get(to, "uri"), a);

	if (uri.n == 0 || json_type(json_get(to, "email")) == JSON_STRING)
		return STR_NONE;
	return ref_make(r, 'p', uri).name;
}

static int
begin(struct search *s, struct err *e)
{
	struct conversations *cs = s->cs;
	char id[ID_SIZE];
	bool fresh = true;
	uint64_t *at;

	id_make(id, 'c', &s->t->id, 1);
	s->begun = true;
	cs->begun++;
	if (cs->state == NULL) {
		s->at = add(cs, str_of(id), s->key);
		return 0;
	}
	at = map_put(&cs->ids, str_of(id), &fresh);
	if (fresh)
		*at = add(cs, str_of(id), s->key);
	s->at = (uint32_t)*at;
	cs->v[s->at].owner = s->key;
	return state_put_conversation(cs->state, str_of(id),
	    s->key == GRAPH_NONE ? STR_NONE : graph_text(cs->g, s->key), e);
}

/* What the same person said before in somebody else's thread. */
static struct str
aside(struct search *s)
{
	struct str person = s->t->key == GRAPH_NONE
				? STR_NONE
				: conversation_person(s->cs, s->t->key);

	return arena_printf(&s->cs->arena, "a\t%.*s\t%.*s", STR_ARG(person),
	    STR_ARG(s->foreign_ref.name));
}

static int
apart(struct search *s, struct verdict *out, struct err *e)
{
	struct conversations *cs = s->cs;
	const struct turn *t = s->t;
	struct found f = { NOWHERE, false };
	struct str name;

	if (s->foreign != NOWHERE) {
		out->reference = s->foreign_ref.id;
		out->kept_from =
		    arena_dup(&cs->arena, str_of(cs->v[s->foreign].id));
	}
	if (t->failed.p != NULL) {
		out->reason = arena_printf(&cs->arena,
		    "authentication failed (%.*s)", STR_ARG(t->failed));
		return begin(s, e);
	}
	out->reason =
	    t->unproven
		? STR("reference belongs to a person, and the mail is not "
		      "proven to be from us")
	    : is_claim_of(cs, t->key, cs->v[s->foreign].owner)
		? STR("reference belongs to the person who has this address, and "
		      "the sender is not authenticated")
	    : t->key == GRAPH_NONE
		? STR("reference belongs to a person, and the sender is unknown")
		: STR("reference belongs to another person");
	name = aside(s);
	if (t->key != GRAPH_NONE && look(cs, name, &f, e) != 0)
		return -1;
	s->at = f.at;
	if (s->at == NOWHERE && begin(s, e) != 0)
		return -1;
	return t->key == GRAPH_NONE
		   ? 0
		   : note(cs, name, s->at, t->id, false, false, e);
}

/* The record's own ids lead to its conversation, and, until somebody has a
 * better right to them, those that it mentions. */
static int
note_all(struct search *s, struct err *e)
{
	struct record *r = s->t->record;
	struct conversations *cs = s->cs;
	struct str id = record_str(r, "messageId");
	struct str thread = record_str(r, "threadId");
	struct found f;
	bool over = false;

	if (id.n > 0) {
		struct ref own = ref_make(r, REF_MESSAGE, id);

		/* Somebody unproven may have sent this id before, or
		 * somebody at all one of ours. */
		if (look(cs, own.name, &f, e) != 0)
			return -1;
		over = f.at != NOWHERE &&
		       (s->t->anew ||
			   (cs->v[s->at].trusted && !cs->v[f.at].trusted));
		if (note(cs, own.name, s->at, s->t->id, false,
			over || (s->t->ours && s->t->failed.p == NULL), e) != 0)
			return -1;
	}
	if (thread.n > 0 && note(cs, ref_make(r, REF_THREAD, thread).name,
				s->at, s->t->id, false, over, e) != 0)
		return -1;
	for (size_t i = 0; i < s->refs.n; i++)
		if (note(cs, s->refs.v[i].name, s->at, s->t->id, true, false,
			e) != 0)
			return -1;
	/* What was kept apart says nothing of where the number belongs. */
	for (size_t i = 0; i < s->numbers.n && s->foreign == NOWHERE; i++)
		if (note(cs, s->numbers.v[i].name, s->at, s->t->id, false,
			false, e) != 0)
			return -1;
	if (s->place.p != NULL && cs->state == NULL)
		return note(cs, s->place, s->at, s->t->id, false, true, e);
	return 0;
}

static bool
is_trusted(const struct search *s)
{
	return s->t->failed.p == NULL &&
	       (s->t->ours ||
		   (s->t->key != GRAPH_NONE &&
		       (s->cs->g->keys[s->t->key].flags & KEY_CLAIM) == 0));
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
	struct record *r = s->t->record;
	struct str names[CONVERSATION_NUMBERS];
	size_t n = refs_numbers(r, names, CONVERSATION_NUMBERS);
	struct str person;

	s->numbers.v = NULL;
	s->numbers.n = 0;
	if (n == 0)
		return;
	person = conversation_person(cs, s->key);
	s->numbers.v = arena_calloc(record_arena(r), n, sizeof(*s->numbers.v));
	for (size_t i = 0; i < n; i++) {
		uint32_t k = graph_lookup(cs->g, names[i]);

		if (k != GRAPH_NONE &&
		    (cs->g->keys[k].flags & KEY_TRUSTED) != 0 &&
		    !same_person(cs, k, s->key))
			continue;
		s->numbers.v[s->numbers.n++] = (struct ref){
			.name = arena_printf(record_arena(r), "n\t%.*s\t%.*s",
			    STR_ARG(person), STR_ARG(names[i])),
			.id = names[i],
		};
	}
}

static int
by_number(struct search *s, struct err *e)
{
	for (size_t i = 0; i < s->numbers.n && s->at == NOWHERE; i++) {
		struct found f;

		if (look(s->cs, s->numbers.v[i].name, &f, e) != 0)
			return -1;
		if (f.at != NOWHERE &&
		    same_person(s->cs, s->cs->v[f.at].owner, s->key))
			s->at = f.at;
	}
	return 0;
}

static int
find(struct search *s, struct verdict *out, struct err *e)
{
	if (by_reference(s, e) != 0)
		return -1;
	if (s->t->failed.p != NULL ||
	    (s->at == NOWHERE && s->foreign != NOWHERE))
		return apart(s, out, e);
	if (s->at == NOWHERE && by_number(s, e) != 0)
		return -1;
	if (s->at == NOWHERE && by_person(s, e) != 0)
		return -1;
	if (s->at == NOWHERE && s->t->ours && by_place(s, e) != 0)
		return -1;
	return s->at == NOWHERE ? begin(s, e) : 0;
}

static void
settle(struct search *s, struct verdict *out)
{
	struct conversations *cs = s->cs;
	struct conversation *c = &cs->v[s->at];
	int64_t t = s->t->time;

	if (s->begun)
		c->trusted = is_trusted(s);
	if (t != TIME_NONE && (c->last == TIME_NONE || t >= c->last)) {
		c->last = t;
		c->channel = s->channel;
	}
	/* An answer of ours is part of whose conversation it is. */
	out->key = s->t->ours && s->t->failed.p == NULL ? c->owner : s->key;
	out->conversation = arena_dup(&cs->arena, str_of(c->id));
	out->person = STR_NONE;
	if (out->key != GRAPH_NONE) {
		out->person = conversation_person(cs, out->key);
		if (out->reason.p == NULL)
			*last_place(cs, out->key) = s->at + 1;
	}
	out->place = s->place;
}

static void
start(struct search *s, struct conversations *cs, const struct turn *t,
    struct verdict *out)
{
	arena_reset(&cs->arena);
	*s = (struct search){ .cs = cs,
		.t = t,
		.key = t->failed.p != NULL ? GRAPH_NONE : t->key,
		.at = NOWHERE,
		.foreign = NOWHERE };
	s->channel = t->channel;
	*out = (struct verdict){ .key = GRAPH_NONE };
	if (t->record == NULL)
		return;
	s->place = place_of(t);
	refs_of(t->record, &s->refs, CONVERSATION_REFS);
	if (s->key != GRAPH_NONE)
		numbers_of(s);
}

int
conversation_of(struct conversations *cs, const struct turn *t,
    struct verdict *out, struct err *e)
{
	struct search s;

	start(&s, cs, t, out);
	if (find(&s, out, e) != 0)
		return -1;
	settle(&s, out);
	return t->record == NULL ? 0 : note_all(&s, e);
}

int
conversation_again(struct conversations *cs, const struct turn *t,
    const struct state_message *m, struct verdict *out, struct err *e)
{
	struct search s;
	uint32_t owner;

	start(&s, cs, t, out);
	if (m->conversation.p == NULL)
		return 0;
	if (known(cs, arena_dup(&cs->arena, m->conversation), &s.at, e) != 0)
		return -1;
	owner = cs->v[s.at].owner;
	if (t->failed.p == NULL && !t->ours && !same_person(cs, owner, t->key))
		return 0;
	settle(&s, out);
	return t->changed && note_all(&s, e) != 0 ? -1 : 1;
}
