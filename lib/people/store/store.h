#ifndef KITH_PEOPLE_STORE_STORE_H
#define KITH_PEOPLE_STORE_STORE_H
/*
 * What merge keeps of people, their records and conversations, from one record
 * to the next and, with a state, from one run to the next; recall reads it.
 *
 * There are two, chosen when it is opened, and nobody asks which one it is:
 *	memory.c	of one run that has all of its graph at hand: where
 *			references lead and what was said last.  It knows
 *			nothing from before, and keeps no records.
 *	sqlite*.c	in DIR/people.db: keys and the evidence that joins them,
 *			the ids of people that were given out, the timeline of
 *			records, references, events.
 * Where one has nothing to say or to do, a call gives 0.
 *
 * Cost: a call on a conversation is a hash table's in memory, and one to a few
 * B-tree descents in SQLite.  Memory of the first: about 80 bytes a
 * conversation, and 25 for each id that a record has or mentions; of the
 * second: what is in use.
 */
#include "core/buf.h"
#include "core/err.h"
#include "core/vec.h"
#include "people/graph.h"
#include "record/channelset.h"

enum {
	STORE_VERSION = 13, /* of the layout of people.db: kith-state(5) */
	STORE_TEXT = 500, /* bytes of a message's text that are kept */
	STORE_SUBJECT = 200,
	STORE_ASIDE = 256 << 10, /* of a message that was set aside */
	STORE_DATA = 2000, /* bytes of an order's data; longer ones are not */
	/* Of a message's flags: it ends a wait, and has not failed. */
	STORE_ANSWER = 1024,
	/* It tells of one of ours in its conversation; its key is that of whom
	 * the conversation is, and it has no person. */
	STORE_RECEIPT = 4096,
};

struct store;

struct store_options {
	const char *dir; /* of the state, or NULL */
	bool write; /* else it is only read */
	/* What one record taught is loaded for the next one: SQLite, in memory
	 * where dir is NULL. */
	bool reload;
	/* Borrowed: as the caller counts channels.  NULL where it asks for no
	 * conversation. */
	struct channel_set *channels;
};

/* For writing takes DIR/people.lock too, and where it is held fails with
 * ERR_AGAIN. */
struct store *store_open(const struct store_options *o, struct err *e);
void store_close(struct store *s);
/* Are records kept?  Where not, nobody need make them, and what was put is
 * not to be committed before they leave. */
bool store_keeps(const struct store *s);
/* A transaction, unless one has begun. */
int store_begin(struct store *s, struct err *e);
/* Makes durable what was put since. */
int store_commit(struct store *s, struct err *e);

/* People. */

/*
 * Adds to the graph all that is known of its keys, and of the keys that are
 * joined with these.
 */
int store_load(struct store *s, struct graph *g, struct err *e);
/*
 * After graph_resolve: these are the people from now on.  Keeps keys,
 * evidence and ids, and moves the messages of keys that belong to somebody
 * else now.  Borrows the graph, until the next one or store_forget.
 */
int store_save(struct store *s, struct graph *g, struct err *e);
/* The next graph is another one: forgets what was loaded into the last, and
 * which conversations were met. */
int store_forget(struct store *s, struct err *e);
/* The id of a key's person; lives until the next call. */
struct str store_person(struct store *s, uint32_t key);
/* The key of that text, where anything is known of it: 1, 0, -1. */
int
store_find_key(struct store *s, struct str text, uint32_t *key, struct err *e);
/* What the last store_save changed of people that were known before. */
struct store_move {
	char from[ID_SIZE], to[ID_SIZE];
	bool merged; /* from is now an alias of to; else some keys left */
};
const struct store_move *store_moves(const struct store *s, size_t *n);
/* The key that an id of a person stands for, aliases included: 1, 0, -1. */
int store_person_key(struct store *s, struct str id, struct arena *a,
    struct str *key, struct err *e);
/* The key that decided a message's person: 1, 0, -1. */
int store_message_key(struct store *s, struct str id, struct arena *a,
    struct str *key, struct err *e);

/* Records. */

struct store_message {
	struct str id, person, key, conversation;
	struct str type, channel, account, direction, name;
	struct str subject, text, keywords, data; /* the latter two JSON */
	struct str place, quarantine, answers; /* the latter two JSON */
	int64_t time; /* TIME_NONE */
	int64_t
	    known; /* from when on it is true: time, but of later versions */
	int64_t content; /* hash */
	int64_t edited; /* TIME_NONE */
	int64_t rank, flags; /* as spool.h has them, with STORE_... */
	bool asks; /* a person must see it (record/asks.h) */
	bool guest; /* in another's conversation, as a participant */
	/* Of store_timeline, where it is not the person's: the conversation of
	 * theirs that it stands in, or answers from elsewhere. */
	struct str beside;
};

/* 1 with the message, whose slices live until the next call; 0, -1. */
int store_message(
    struct store *s, struct str id, struct store_message *out, struct err *e);
/* Takes the place of what stands under its id. */
int store_put_message(
    struct store *s, const struct store_message *m, struct err *e);
/* What stands under the id is past, and stays for who asks of then. */
int store_supersede(struct store *s, struct str id, struct err *e);
/* The version, past or standing, whose content is this: 1 as store_message; 0,
 * -1. */
int store_version(struct store *s, struct str id, int64_t content,
    struct store_message *out, struct err *e);
/*
 * A message that was set aside and asks is kept as it came, of at most
 * STORE_ASIDE bytes, until it is let in: then nobody need give it again.
 */
int
store_put_aside(struct store *s, struct str id, struct str line, struct err *e);
/* 1 with a copy in the arena, 0, -1. */
int store_aside(struct store *s, struct str id, struct arena *a,
    struct str *line, struct err *e);
int store_drop_aside(struct store *s, struct str id, struct err *e);
/* Did the last store_save take this message out of its conversation? */
bool store_was_parted(const struct store *s, struct str message);
/* It is in none until it is put again. */
int store_leave(struct store *s, struct str message, struct err *e);

/* Conversations: those that a run meets have numbers. */

struct conversation {
	char id[ID_SIZE];
	bool trusted; /* begun by ours, or by somebody who was believed */
	bool aside; /* all of it was kept apart so far */
	bool answered, questioned; /* in memory: the last that counts is an
				      answer; it asks something */
	uint8_t asked; /* in memory: how many ask, up to 255 */
	uint8_t channel; /* in memory: of its last message, and when */
	uint32_t owner; /* a key of its person, GRAPH_NONE for nobody */
	uint32_t next, undo; /* memory's */
	int64_t last;
	/* The time of the oldest message that asks and was not answered, and
	 * the channels of all such (channel_bit); TIME_NONE and 0. */
	int64_t waiting;
	uint64_t waits_on;
};

/* Valid until the next one is met. */
const struct conversation *
store_conversation(const struct store *s, uint32_t number);
/* The conversation of that id, which a record that is kept has: 1, 0, -1. */
int store_find_conversation(
    struct store *s, struct str id, uint32_t *number, struct err *e);
/* A new one; all but next is set: last and waiting to TIME_NONE. */
int store_put_conversation(struct store *s, const struct conversation *c,
    uint32_t *number, struct err *e);
/* A conversation, and its last message. */
struct store_last {
	uint32_t number;
	uint8_t channel; /* and time of its last message until then */
	int64_t time; /* may be later than t, in memory */
};

/* It went on with a message.  channel is a number, place absent or as
 * store_last_of_place will be asked for. */
void store_continue(struct store *s, uint32_t number, int64_t t,
    uint8_t channel, struct str place);
/* Its message is the last one of the key's person, and was believed. */
int store_continue_person(
    struct store *s, uint32_t number, uint32_t key, struct err *e);

/*
 * Who waits for us.  One account of each conversation, as record/waiting
 * has it of a stream of records; what comes late finds what it would have
 * found in time.
 *
 * What ended a wait can be taken back: an answer that failed, what was done.
 * Then the conversation waits as if that had never been, and where another one
 * was joined into it, as if it had never been there.
 */

/* A message of it asks, on a channel (number).  Once more of the same is
 * nothing. */
int store_asked(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct err *e);
struct store_answer {
	struct str id; /* of our message */
	bool elsewhere; /* it stands in another conversation */
	bool question; /* for who keeps no records: it asks something */
	/* Likewise: hashes  of the names by which store_failed will tell that it came
	 * back; 0 for none. */
	uint64_t names[2];
};
/* It was answered. */
int store_answered(struct store *s, uint32_t number, int64_t t,
    const struct store_answer *by, struct err *e);
/* What operators decide: nothing waits in it any more; */
int store_done(
    struct store *s, uint32_t number, int64_t t, struct str act, struct err *e);
/* it waits as before it was done, and from then on, on this channel; */
int store_reopened(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct str act, struct err *e);
/* what waits in another one waits in it. */
int store_joined(struct store *s, uint32_t number, uint32_t other, int64_t t,
    struct str act, struct err *e);
/* Its message of that time and id asks for nothing any more. */
int store_unasked(
    struct store *s, uint32_t number, int64_t t, struct str id, struct err *e);
/*
 * Whether an answer of ours, a message that stands in it, is the last that
 * counts there until t: 1 with whether it asks something, as far as question()
 * tells of its text; 0, -1.
 */
int store_was_answered(struct store *s, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e);
/* The answer of that id, or name, which stands in it, came back. */
int store_failed(struct store *s, uint32_t number, struct str answer,
    uint64_t name, struct err *e);
/* The same of one that did not come yet, for store_has_failed. */
int store_put_failed(struct store *s, uint64_t name, struct err *e);
/* 1, 0, -1. */
int store_has_failed(struct store *s, uint64_t name, struct err *e);
/* The conversations of the key's person that wait, and those of others where
 * they asked and were not answered, in any order, to the end of the list. */
struct store_numbers VEC(uint32_t);
int store_waiting(
    struct store *s, uint32_t key, struct store_numbers *out, struct err *e);
/*
 * Participants: who may go on with a conversation that is another's.  In memory
 * only those are kept whose key the graph has, for nobody else can be asked for:
 * 14 bytes each.
 */

/* The key stands in To or Cc of a mail of it from t on. */
int store_put_participant(
    struct store *s, uint32_t number, struct str key, int64_t t, struct err *e);
/* Was the key's person one, then?  1, 0, -1. */
int store_is_participant(
    struct store *s, uint32_t number, uint32_t key, int64_t t, struct err *e);
/* They said something in it; asks: that waits for us. */
int store_guest_spoke(struct store *s, uint32_t number, uint32_t key, int64_t t,
    bool asks, struct err *e);
/* When it last went on until t, and on which channel: 1, 0, -1. */
int store_last_of(struct store *s, uint32_t number, int64_t t,
    struct store_last *out, struct err *e);

/* Where a reference leads. */
struct store_ref {
	uint32_t number; /* of the conversation */
	bool weak; /* only mentioned by a message of it */
	bool ours; /* of a message that one of us wrote */
};
/* 1, 0, -1. */
int store_ref(
    struct store *s, struct str ref, struct store_ref *out, struct err *e);
/* Takes the place of what stood there; message: whose id it is, or who
 * mentions it. */
int store_put_ref(struct store *s, struct str ref, struct store_ref to,
    struct str message, struct err *e);

/* The conversation of the last message of the key's person, or at the place,
 * until t that was not kept apart: 1, 0, -1. */
int store_last_of_person(struct store *s, uint32_t key, int64_t t,
    struct store_last *out, struct err *e);
int store_last_of_place(struct store *s, struct str place, int64_t t,
    struct store_last *out, struct err *e);
/* Before several of these: fetches what they will touch of the keys' people,
 * first with step 0 for all of them, then 1 and 2. */
void
store_fetch(const struct store *s, const uint32_t *keys, size_t n, int step);

/*
 * Events that may not have left yet: put in the transaction of what they tell,
 * taken out when they were written.  *row is the place of the last, from
 * store_events on: places only grow, also where all before were taken out.
 */
int
store_put_event(struct store *s, struct str line, int64_t *row, struct err *e);
/* Appends those behind *row, a line each: some megabytes of them, none where
 * no more are there. */
int store_events(struct store *s, struct buf *out, int64_t *row, struct err *e);
/* Those up to the row have left. */
int store_events_left(struct store *s, int64_t row, struct err *e);

/*
 * What was sent in the last hour, as merge/bulk.h counts it, for the next run.
 */
struct store_said {
	uint64_t text, who; /* hashes */
	int64_t time;
	uint32_t people;
};
int store_each_said(struct store *s,
    void (*each)(void *arg, const struct store_said *x), void *arg,
    struct err *e);
/* Keeps it where it is within an hour of the newest, and forgets what is not
 * any more. */
int store_put_said(
    struct store *s, const struct store_said *x, int64_t newest, struct err *e);

/* For look-ups. */

/* Runs over the person's messages, past versions and what tells of ours
 * (STORE_RECEIPT) among them, and those of others that stand in conversations
 * where the person wrote, too, or answer theirs (beside), with (known, id) behind
 * `after` and before `until`, oldest first; of more than `most` the newest. */
struct store_cursor {
	int64_t time; /* from when on it is true */
	char id[ID_SIZE];
};
int store_timeline(struct store *s, struct str person,
    const struct store_cursor *after, const struct store_cursor *until,
    size_t most, void (*each)(void *arg, const struct store_message *m),
    void *arg, struct err *e);
/* Whoever reads a stream has learned of the record itself: what comes before
 * it is not to be read again. */
void store_pass(
    const struct store *s, struct store_cursor *c, int64_t time, struct str id);
/* The person that the key, id of a person, conversation or message is of now:
 * 1 with its id in out; 0, -1. */
int
store_who(struct store *s, struct str name, char out[ID_SIZE], struct err *e);
/* Puts in the place of a person's id the one that stands for them now; lives
 * as long as the store, which asks once and remembers. */
int store_stands_now(struct store *s, struct str *person, struct err *e);
/* The person's keys, oldest first, but for those of orders: they may have
 * thousands of these. */
int store_keys(struct store *s, struct str person,
    void (*each)(void *arg, struct str key, int64_t since), void *arg,
    struct err *e);
/* The first key, or reference, in byte order from this text on: 1 with a copy
 * in the arena, 0, -1. */
int store_next_key(struct store *s, struct str from, struct arena *a,
    struct str *out, struct err *e);
int store_next_ref(struct store *s, struct str from, struct arena *a,
    struct str *out, struct err *e);
/* The message whose own id a reference is: 1, 0, -1. */
int store_ref_message(
    struct store *s, struct str ref, char out[ID_SIZE], struct err *e);
/* The first person behind this id, in their byte order: 1 with a copy in the
 * arena, 0, -1. */
int store_next_person(struct store *s, struct str behind, struct arena *a,
    struct str *out, struct err *e);
/* Other ids that stand for the person. */
int store_aliases(struct store *s, struct str person,
    void (*each)(void *arg, struct str id), void *arg, struct err *e);

#endif
