#ifndef KITH_MERGE_SEARCH_H
#define KITH_MERGE_SEARCH_H
/*
 * Inside of conversation.h: one record's way to its conversation, shared by
 * what looks for it (conversation.c) and for what it answers (answered.c).
 */
#include "core/time.h"
#include "merge/conversation.h"
#include "merge/refs.h"

struct conversations {
	struct graph *g;
	struct windows *windows;
	struct store *store;
	struct arena arena; /* of the call in hand */
	struct store_numbers numbers; /* likewise */
	const struct idset *about; /* see conversations_await; or NULL */
	uint64_t begun;
	struct acted *acted; /* see conversations_obey */
};

enum { NOWHERE = UINT32_MAX };

/* A conversation that waits, and that the record answers. */
struct waits {
	uint32_t number;
	bool first; /* of whom it is to first, else of a further recipient */
	bool here; /* waits on the record's channel; else near on another */
};

struct search {
	struct conversations *cs;
	const struct turn *t;
	struct refs refs;
	struct ref_list numbers;
	uint8_t channel;
	uint32_t key; /* may become the conversation's, for ours */
	uint32_t claim; /* of ours: whoever claims that; GRAPH_NONE */
	uint32_t at;
	bool apart; /* it is kept out of where it wants to be */
	bool guest; /* it goes on with another's, as a participant */
	uint32_t foreign; /* the first that belongs to somebody else */
	struct ref foreign_ref;
	struct answered VEC(struct waits) answered; /* in cs->arena */
};

/* Valid until the next conversation is met. */
static inline const struct conversation *
search_at(const struct search *s, uint32_t number)
{
	return store_conversation(s->cs->store, number);
}

static inline bool
same_person(struct conversations *cs, uint32_t a, uint32_t b)
{
	if (a == GRAPH_NONE || b == GRAPH_NONE)
		return a == b;
	return graph_root(cs->g, a) == graph_root(cs->g, b);
}

/* Where a reference leads; NOWHERE when to nothing.  0, -1. */
static inline int
search_look(struct conversations *cs, struct str name, struct store_ref *out,
    struct err *e)
{
	*out = (struct store_ref){ NOWHERE, false, false };
	return store_ref(cs->store, name, out, e) < 0 ? -1 : 0;
}

/* Does one stand for whoever claims to have the other, which is a key? */
static inline bool
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

/* May what was last said then go on at the record's time? */
static inline bool
is_near(const struct search *s, const struct store_last *last)
{
	int64_t t = s->t->time;

	return t != TIME_NONE && last->time != TIME_NONE && last->time <= t &&
	       t - last->time <=
		   windows_of(s->cs->windows, last->channel, s->channel);
}

/* Did it wait for us, on this channel, when the record came? */
static inline bool
waits_here(const struct search *s, const struct conversation *c)
{
	return c->waiting != TIME_NONE && c->waiting <= s->t->time &&
	       (c->waits_on & windows_line(s->cs->windows, s->channel)) != 0;
}

/* What the store is told of an answer. */
static inline struct store_answer
search_answer(const struct turn *t, bool elsewhere)
{
	return (struct store_answer){ .id = t->id,
		.elsewhere = elsewhere,
		.question = t->question,
		.names = { t->names[0], t->names[1] } };
}

/* The one of both that has waited longer. */
static inline uint32_t
longer(const struct search *s, uint32_t a, uint32_t b)
{
	const struct conversation *x, *y;

	if (a == NOWHERE || b == NOWHERE)
		return a == NOWHERE ? b : a;
	x = search_at(s, a);
	y = search_at(s, b);
	if (x->waiting != y->waiting)
		return x->waiting < y->waiting ? a : b;
	return strcmp(x->id, y->id) < 0 ? a : b;
}

/* receipts.c */

/* The conversation of what of ours the record tells of, and what it changes
 * there. */
int receipt_find(struct search *s, struct verdict *out, struct err *e);

/* acted.c: the number of an id: 1, 0 where it was not met, -1. */
int search_number(
    struct conversations *cs, struct str id, uint32_t *number, struct err *e);
/* participants.c */

/* May the record's person go on with another's conversation?  1, 0, -1. */
int participants_have(struct search *s, uint32_t number, struct err *e);
/* Whom a mail of ours, or of the conversation's owner, is to may go on with
 * it. */
int participants_note(struct search *s, struct err *e);

/* answered.c */

/* What stands for whoever claims a key: 1, 0 where nobody does, -1. */
int claim_of(
    struct conversations *cs, struct str key, uint32_t *claim, struct err *e);
/*
 * Fills s->answered: of the conversations that wait of its recipients, or of
 * who called, those on its channel, however long, and those that are near.
 */
int answered_find(struct search *s, struct err *e);
/* Of those of whom it is to first the one that has waited longest, here or on
 * another channel; NOWHERE. */
uint32_t answered_longest(const struct search *s, bool here);
/* Ends their waits, but for that of the record's own conversation, and tells
 * them in out, the longest first. */
int answered_settle(struct search *s, struct verdict *out, struct err *e);

#endif
