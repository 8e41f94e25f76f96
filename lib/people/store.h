#ifndef KITH_PEOPLE_STORE_H
#define KITH_PEOPLE_STORE_H
/*
 * What merge keeps between runs, in DIR/people.db: keys and the evidence that
 * joins them, the ids of people that were given out, and the timeline of
 * messages.  recall reads it.
 *
 * Tables (all times in microseconds since 1970):
 *	keys		key, person, since, handed: the key gave its person the
 *			id
 *	edges		a, b, since, record: two keys that stood together
 *	persons		id, key: ids that were given out, aliases among them
 *	names		key, record, name: a row of a table of people has the
 *			key beside this name (names.h)
 *	conversations	id, key of whom it belongs to
 *	messages	the timeline
 *	refs		the channels' own ids, to conversations
 *	events		what --follow has to tell and may not have told yet
 */
#include "core/buf.h"
#include "core/err.h"
#include "people/graph.h"

enum {
	STATE_TEXT = 500, /* bytes of a message's text that are kept */
	STATE_SUBJECT = 200,
	STATE_CHANNEL = 16,
	STATE_DATA = 2000, /* bytes of an order's data; longer ones are not */
};

struct state;

/* Opens DIR/people.db (dir NULL: one in memory); for writing takes
 * DIR/people.lock too, and where it is held fails with ERR_AGAIN. */
struct state *state_open(const char *dir, bool write, struct err *e);
void state_close(struct state *s);
int state_begin(struct state *s, struct err *e);
int state_commit(struct state *s, struct err *e);

/*
 * Adds to the graph all that is known of its keys, and of the keys that are
 * joined with these.
 */
int state_load(struct state *s, struct graph *g, struct err *e);
/* After graph_resolve: a key that was not in it, with its person's as its
 * root. */
int state_adopt(struct state *s, struct graph *g, struct str key, uint32_t *out,
    struct err *e);
/* After graph_resolve: keeps keys, evidence and people, and moves the
 * messages of keys that belong to somebody else now. */
int state_save(struct state *s, struct graph *g, struct err *e);
/* What the last state_save changed of people that were known before. */
struct state_move {
	char from[ID_SIZE], to[ID_SIZE];
	bool merged; /* from is now an alias of to; else some keys left */
};
const struct state_move *state_moves(const struct state *s, size_t *n);
/* Did the last state_save take this message out of its conversation? */
bool state_was_parted(const struct state *s, struct str message);
/* It is in none until it is put again. */
int state_leave(struct state *s, struct str message, struct err *e);
/* The next graph is another one: forgets what was loaded into the last. */
void state_forget(struct state *s);
/* The key that an id of a person stands for, aliases included: 1, 0, -1. */
int state_person_key(struct state *s, struct str id, struct arena *a,
    struct str *key, struct err *e);
/* The key that decided a message's person: 1, 0, -1. */
int state_message_key(struct state *s, struct str id, struct arena *a,
    struct str *key, struct err *e);

struct state_message {
	struct str id, person, key, conversation;
	struct str type, channel, account, direction, name;
	struct str subject, text, keywords, data; /* the latter two JSON */
	struct str place, quarantine; /* the latter JSON */
	int64_t time; /* TIME_NONE */
	int64_t content; /* hash */
	int64_t edited; /* TIME_NONE */
	int64_t rank, flags; /* as spool.h has them */
};

/* 1 with the message, whose slices live until the next call; 0, -1. */
int state_message(
    struct state *s, struct str id, struct state_message *out, struct err *e);
int state_put_message(
    struct state *s, const struct state_message *m, struct err *e);

/* Where a conversation is looked for, in what comes out of these: */
struct state_found {
	char conversation[ID_SIZE];
	char message[ID_SIZE]; /* whose id it is; empty for a weak one */
	bool weak; /* only mentioned by a message of it */
	int64_t last; /* time of its last message until then, and where */
	char channel[STATE_CHANNEL];
};
int state_ref(
    struct state *s, struct str ref, struct state_found *out, struct err *e);
/* Takes the place of what stood there. */
int state_put_ref(struct state *s, struct str ref, struct str conversation,
    struct str message, bool weak, struct err *e);
/* The conversation of the person's, or the place's, last message until t that
 * was not kept apart. */
int state_last_of_person(struct state *s, struct str person, int64_t t,
    struct state_found *out, struct err *e);
int state_last_of_place(struct state *s, struct str place, int64_t t,
    struct state_found *out, struct err *e);
int state_put_conversation(
    struct state *s, struct str id, struct str key, struct err *e);
/* The key of whom it belongs to, absent for nobody: 1, 0, -1. */
int state_conversation(struct state *s, struct str id, struct arena *a,
    struct str *key, struct err *e);

/*
 * Events that may not have left yet: put in the transaction of what they tell,
 * taken out when they were written.  *row is the place of the last.
 */
int
state_put_event(struct state *s, struct str line, int64_t *row, struct err *e);
/* Appends those that are there, a line each. */
int state_events(struct state *s, struct buf *out, int64_t *row, struct err *e);
int state_told(struct state *s, int64_t row, struct err *e);

/* For look-ups. */

/* Runs over the person's messages with (time, id) behind `after` and before
 * `until`, oldest first; of more than `most` the newest. */
struct state_cursor {
	int64_t time;
	char id[ID_SIZE];
};
int state_timeline(struct state *s, struct str person,
    const struct state_cursor *after, const struct state_cursor *until,
    size_t most, void (*each)(void *arg, const struct state_message *m),
    void *arg, struct err *e);
/* The person that has the key now; the person that an id stands for now; the
 * owner of a conversation or message.  1 with its id in out; 0, -1. */
int
state_who(struct state *s, struct str name, char out[ID_SIZE], struct err *e);
/* The person's keys, oldest first. */
int state_keys(struct state *s, struct str person,
    void (*each)(void *arg, struct str key, int64_t since), void *arg,
    struct err *e);
/* The first key, or reference, in byte order from this text on: 1 with a copy
 * in the arena, 0, -1. */
int state_next_key(struct state *s, struct str from, struct arena *a,
    struct str *out, struct err *e);
int state_next_ref(struct state *s, struct str from, struct arena *a,
    struct str *out, struct err *e);
/* Other ids that stand for the person. */
int state_aliases(struct state *s, struct str person,
    void (*each)(void *arg, struct str id), void *arg, struct err *e);

#endif
