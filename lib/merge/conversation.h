#ifndef KITH_MERGE_CONVERSATION_H
#define KITH_MERGE_CONVERSATION_H
/*
 * Which conversation a record continues, and which ones it answers.  Records
 * are taken in the order of their time.
 *
 * An explicit reference wins where the conversation belongs to the record's
 * own person; else an order or ticket that its text names leads to where this
 * person spoke of it before; else one of the person's that waits for us on this
 * channel goes on, however long it does, or the one of another's where what they
 * asked does; else the person's last one, on whatever channel, while it is not
 * older than the window of the two channels; else a new one begins.  A reference to somebody else's conversation does not
 * join it: the record gets one of its own and the reason why.
 *
 * What one of ours writes is believed: a reference takes it anywhere; without
 * one it goes on with whom it is written to, or with what was last said in
 * the same place.  Where it answers, it does so for all conversations of its
 * recipients that wait on its channel, and for those on other channels that are
 * within the window; so does a call in which somebody spoke.
 *
 * What only thanks asks for nothing where the last that counts in its
 * conversation was our answer and nothing waits there; what may be an answer
 * itself, only where that answer asked nothing.
 *
 * A bounce, or an event that tells of one of ours, stands in the conversation
 * of what it tells of, and is nobody's: only where it names the id of a message
 * that one of us wrote there, which nobody knows but who got it.  It continues
 * nothing, and nothing can refer to it; where it failed, the answer is none.
 */
#include "core/idset.h"
#include "merge/acts/acted.h"
#include "merge/courtesy.h"
#include "merge/windows.h"
#include "people/graph.h"
#include "people/store/store.h"
#include "record/record.h"

enum {
	CONVERSATION_PEOPLE = 50, /* recipients that are looked at */
	CONVERSATION_ANSWERS = 64, /* conversations that one record answers */
	CONVERSATION_ABOUT = 8, /* messages that a receipt is about */
};

struct conversations;

/* Borrows all.  The store has the graph: see store_save. */
struct conversations *
conversations_new(struct graph *g, struct windows *w, struct store *s);
/* What acts say of conversations counts: borrowed, see acted.h. */
void conversations_obey(struct conversations *cs, struct acted *acted);
/*
 * The time of an act has come: what is done waits no more, what is joined
 * waits in the first.  1; 0 where it is about no conversation that is known;
 * -1.
 */
int conversations_act(struct conversations *cs, const struct act *a,
    struct str id, struct err *e);
void conversations_free(struct conversations *cs);

/* Hashes (last_hash) of what receipts of this run are about: such records are
 * found by their own ids, too.  Borrowed. */
void conversations_await(struct conversations *cs, const struct idset *about);

/* What merge knows of a record when it asks. */
struct turn {
	struct record *record; /* NULL where it need not be parsed: then */
	struct str refs; /* what refs_write made of it, */
	struct str line; /* and how it came, to be parsed into */
	struct record *spare; /* this, after all, where it */
	bool thanks; /* may be courtesy */
	struct str id;
	uint8_t channel; /* a number of windows.channels */
	int64_t time; /* TIME_NONE */
	uint32_t key; /* that decides its person; GRAPH_NONE */
	bool ours; /* outbound or internal, and that is believed */
	bool unproven; /* the same, and is not */
	bool let_in; /* an operator says that it belongs where it refers to */
	bool anew; /* it was in a conversation that its person has left */
	bool changed; /* the store holds an earlier version */
	bool asked, answered; /* so did an earlier version */
	bool asks; /* a person of ours must see it, unless it is courtesy */
	bool question; /* where it answers: that asks something */
	bool answers; /* it ends a wait, unless it is kept apart */
	/* Hashes (last_hash) by which a receipt that comes later says that it
	 * came back; 0. */
	uint64_t names[2];
	/* It would, and stands where it did, but failed before. */
	bool came_back;
	bool receipt; /* it tells of one of ours */
	bool message; /* else it has no conversation of its own */
	bool mail;
	bool outbound;
	bool others; /* whom it names is not its author, or recipient, alone */
	struct str failed; /* why it is not from whom it says; absent */
};

/* The answer; slices live until the next call. */
struct verdict {
	struct str conversation;
	uint32_t number; /* of it, for conversation_changed */
	bool guest; /* it goes on with another's, as a participant */
	struct str person; /* absent for nobody */
	uint32_t key; /* that decided it, after all */
	struct str place; /* for the store */
	/* A record that was kept out of a conversation: */
	struct str reason, reference, kept_from;
	bool courtesy; /* it asks for nothing, after all */
	/* A receipt: the key of whom the conversation is, and the ids of our
	 * records that it tells of, as far as the store has them. */
	uint32_t owner;
	struct str about[CONVERSATION_ABOUT];
	size_t about_n;
	/* Other conversations that it answers, the longest waiting first. */
	struct str *answered;
	size_t answered_n;
};

/* 0, or -1 where the store fails. */
int conversation_of(struct conversations *cs, const struct turn *t,
    struct verdict *out, struct err *e);
/*
 * The same for a record that the store holds already: its conversation stays
 * as long as it belongs to the same person.  1, or 0 where it has to be found
 * anew; -1.
 */
int conversation_again(struct conversations *cs, const struct turn *t,
    const struct store_message *m, struct verdict *out, struct err *e);
/* A later version of a record that stands in that conversation: who waits by
 * it, or does no more.  0, -1. */
int conversation_changed(struct conversations *cs, const struct turn *t,
    uint32_t number, struct err *e);
/* The id of a key's person; lives as long as cs. */
struct str conversation_person(struct conversations *cs, uint32_t key);
/* How many began. */
uint64_t conversations_count(const struct conversations *cs);

#endif
