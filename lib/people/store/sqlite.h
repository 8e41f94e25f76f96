#ifndef KITH_PEOPLE_STORE_SQLITE_H
#define KITH_PEOPLE_STORE_SQLITE_H
/*
 * Inside of the store in SQLite, shared by its sources: statements and the
 * people that a run loaded.
 *
 * The tables are those of kith-state(5), made in sqlitelayout.c.
 */
#include "core/idset.h"
#include "core/io/db.h"
#include "core/map.h"
#include "core/vec.h"
#include "people/reftable.h"
#include "people/store/storeparts.h"

enum query {
	Q_KEY,
	Q_KEY_ROW,
	Q_KEY_PERSON,
	Q_LAST_KEY,
	Q_EDGES_A,
	Q_EDGES_B,
	Q_PERSON,
	Q_PERSON_ROW,
	Q_PUT_KEY,
	Q_FEED_KEYS,
	Q_FEED_PERSONS,
	Q_FEED_EDGES,
	Q_FEED_CONVERSATIONS,
	Q_FEED_MESSAGES,
	Q_SET_KEY,
	Q_NAMES,
	Q_PUT_NAME,
	Q_PUT_EDGE,
	Q_PUT_PERSON,
	Q_MOVE,
	Q_TOUCHED,
	Q_STRAY,
	Q_LEAVE,
	Q_PART,
	Q_PART_REFS,
	Q_MOVE_EARLIER,
	Q_MESSAGE,
	Q_MESSAGE_ROW,
	Q_LAST_MESSAGE,
	Q_VERSION,
	Q_SUPERSEDE,
	Q_PUT_MESSAGE,
	Q_SET_MESSAGE,
	Q_PUT_ASIDE,
	Q_ASIDE,
	Q_DROP_ASIDE,
	Q_REF,
	Q_PUT_REF,
	Q_LAST_PERSON,
	Q_LAST_PLACE,
	Q_LAST_TIME,
	Q_PUT_CONVERSATION,
	Q_SET_CONVERSATION,
	Q_CONVERSATION,
	Q_CONVERSATION_ROW,
	Q_LAST_CONVERSATION,
	Q_ANY_CLAIM,
	Q_ANY_SHARED,
	Q_ANY_REF,
	Q_ANY_FAILED,
	Q_ANY_BESIDE,
	Q_ACCOUNT,
	Q_FAIL,
	Q_ANSWER,
	Q_ASKED_SINCE,
	Q_ALSO,
	Q_DECIDE,
	Q_JOINED_INTO,
	Q_PUT_FAILED,
	Q_HAS_FAILED,
	Q_WAITING,
	Q_WAITING_GUEST,
	Q_PUT_ALSO,
	Q_PUT_PARTICIPANT,
	Q_PARTICIPANT,
	Q_GUEST_SPOKE,
	Q_TIMELINE_SHARED,
	Q_TIMELINE,
	Q_TIMELINE_PLAIN,
	Q_BESIDE,
	Q_KEY_RECEIPTS,
	Q_KEYS,
	Q_ALIASES,
	Q_PUT_EVENT,
	Q_EVENTS,
	Q_EVENTS_LEFT,
	Q_SAID,
	Q_PUT_SAID,
	Q_SAID_PAST,
	Q_NEXT_KEY,
	Q_NEXT_PERSON,
	Q_NEXT_REF,
	QUERIES,
};

/* What an act does to a conversation. */
enum decided {
	DECIDED_DONE = 2, /* behind what records do, see sqliteaccount.c */
	DECIDED_REOPENED,
	DECIDED_JOINED, /* another one came in */
	DECIDED_LEFT, /* it went into another one */
};

/* Beside a conversation that was met. */
struct account {
	int64_t row; /* its number in the file; 0: none yet */
	bool stored; /* the file has that row */
	int64_t answered; /* its last answer, or TIME_NONE */
	int64_t asked; /* its last message that asks; INT64_MAX: unknown */
	bool shared; /* others spoke in it, or it was answered elsewhere */
	bool owed; /* the file does not have it so yet */
	/* Its last message that says something, where that is known of this
	 * era (see sqlitelast.c); TIME_NONE: it has none. */
	uint8_t channel;
	uint32_t era;
	int64_t last;
};

/* A key of the graph, as the file has it. */
struct known {
	/* The key of its person plus one, as it was loaded; 0: it is new. */
	uint32_t root;
	uint32_t row; /* its number in the file; 0: none yet */
};

/* Of the person of a root: the last message that a later one may continue. */
struct person_last {
	int64_t time; /* TIME_NONE: there is none */
	uint32_t number; /* of the conversation */
	uint32_t era; /* of which this is known; 0: of none */
};

/* The numbers that stand for what a message names; 0: for nothing. */
struct store_rows {
	int64_t message, person, key, conversation;
};

enum { PENDING_MOST = 128 /* messages that are put by one statement */ };

/* A message that the file does not have yet. */
struct pending_message {
	struct store_message m;
	struct store_rows rows;
};

struct sqlite {
	struct store base; /* first */
	struct db *db;
	int lock;
	bool lasts; /* beyond this run */
	struct stmt *q[QUERIES];
	bool fresh; /* the file was empty when this run began */
	bool counted; /* the numbers that were given last are known */
	uint32_t last_key;
	int64_t last_message, last_conversation;
	struct known *known; /* of the graph's keys */
	size_t known_n;
	uint32_t loaded; /* so many of them were looked for in the file */
	struct person_last *last_of; /* of their roots */
	size_t last_n;
	uint32_t era; /* of what is known of last messages */
	struct {
		struct buf id;
		int64_t row;
	} hand; /* the message that was asked for, or named, last */
	/* Puts what is pending before a query that could ask for it. */
	int (*flush_for)(struct sqlite *s, enum query q, struct err *e);
	struct {
		struct pending_message *v;
		size_t n, cap;
		size_t at; /* behind the one that is being put */
		uint64_t hash[PENDING_MOST]; /* of their ids */
		struct arena arena; /* of texts */
	} pending;
	struct store_numbers begun; /* conversations that it does not have */
	/* Of a fresh file: hashes of the ids of messages, and references, both
	 * of all that were put.  failed: some answer was. */
	struct idset put;
	struct ref_table refs;
	bool failed;
	struct map parted; /* ids of messages */
	struct moves VEC(struct store_move) moves;
	struct map met; /* ids of conversations to their numbers */
	struct accounts VEC(struct account) accounts; /* by their numbers */
	struct store_numbers owed; /* conversations, until the next commit */
	struct listed VEC(bool) listed; /* roots whose store_list is whole */
	struct {
		bool known, shared, beside;
		uint32_t version; /* of the file, when that was so */
	} has; /* see sqlite_timeline */
	bool claims; /* the file knows of some */
	struct map now; /* ids of people to those that stand now, in now_ids */
	struct arena now_ids;
	struct arena arena, found; /* of a call; of who calls such */
};

static inline struct sqlite *
sqlite_of(const struct store *s)
{
	return (struct sqlite *)(uintptr_t)s;
}

/* sqlitequery.c */

struct stmt *sqlite_query(struct sqlite *s, enum query q, struct err *e);
/* The first text column of a row found by a text: 1, 0, -1. */
int sqlite_find_text(struct sqlite *s, enum query q, struct str by,
    struct arena *a, struct str *out, struct err *e);
/* Cut to an id's length. */
void sqlite_copy_id(char out[ID_SIZE], struct str s);
/* 1 where a query without parameters has a row, 0, -1. */
int sqlite_any(struct sqlite *s, enum query q, struct err *e);
/* See store_person_key; the same of a conversation's owner, absent for
 * nobody. */
/* The first column, a number: 0 where there is no row or no number. */
int sqlite_find_row(
    struct sqlite *s, enum query q, struct str by, int64_t *row, struct err *e);
int sqlite_key_of_person(struct sqlite *s, struct str id, struct arena *a,
    struct str *key, struct err *e);
int sqlite_key_of_conversation(struct sqlite *s, struct str id, struct arena *a,
    struct str *key, struct err *e);

/* sqlitehand.c */

/* In a file that was empty: was a message of that id put?  Else true. */
bool sqlite_may_have(const struct sqlite *s, struct str id);
/* The message of that id that the file does not have yet, or NULL. */
const struct pending_message *
sqlite_pending(const struct sqlite *s, struct str id);
/* The file has it there; 0: not yet. */
void sqlite_take_in_hand(struct sqlite *s, struct str id, int64_t row);
/* The message's number in the file: that which it will have, where it is the
 * next one that is put. */
int sqlite_row_of_message(
    struct sqlite *s, struct str id, int64_t *row, struct err *e);

/* sqlitepending.c */

/* Puts what is pending; where a query could ask for it. */
int sqlite_flush(struct sqlite *s, struct err *e);
int sqlite_flush_for(struct sqlite *s, enum query q, struct err *e);
/* One message, by a query that puts it. */
int sqlite_put_alone(struct stmt *st, const struct store_message *m,
    const struct store_rows *r, struct err *e);
/* So that the message of that id can be asked for. */
int sqlite_flush_message(struct sqlite *s, struct str id, struct err *e);
/* The same of messages of a person, and of a conversation. */
int sqlite_flush_person(struct sqlite *s, int64_t row, struct err *e);
int sqlite_flush_conversation(struct sqlite *s, int64_t row, struct err *e);
/* A message that the file does not have. */
int sqlite_add_pending(struct sqlite *s, const struct store_message *m,
    const struct store_rows *rows, struct err *e);

/* sqlitebegun.c: puts conversations that the file does not have. */
int sqlite_put_begun(struct sqlite *s, struct err *e);

/* sqlitelast.c */

/* A message of that conversation (a number) and person (a key, or GRAPH_NONE)
 * was put. */
void sqlite_note_last(struct sqlite *s, uint32_t number, uint32_t key,
    const struct store_message *m);
/* Messages were put elsewhere, or anew: nothing is known of last ones. */
void sqlite_forget_last(struct sqlite *s);
/* A conversation, a person who is new in the file has none. */
void sqlite_begin_last(struct sqlite *s, uint32_t number);
void sqlite_begin_person(struct sqlite *s, uint32_t root);

/* sqlitekeys.c */

/* Room for keys of the graph in s->known. */
void sqlite_grow_known(struct sqlite *s, size_t n);
/* What is known of the key itself: 1, 0, -1. */
int
sqlite_load_key(struct sqlite *s, struct graph *g, uint32_t i, struct err *e);
/* The number in the file of a key: one is given to a text that it does not
 * have, which is then the key of nobody. */
int sqlite_row_of_key(
    struct sqlite *s, struct str text, int64_t *row, struct err *e);
/* The number of the key's person: that of their first key; 0 for nobody. */
int64_t sqlite_person_row(const struct sqlite *s, uint32_t key);
/* Which numbers were given out: once for each run. */
int sqlite_count(struct sqlite *s, struct err *e);
/* After graph_resolve: a key that was not in it, with its person's as its
 * root. */
int sqlite_adopt(struct sqlite *s, struct graph *g, struct str key,
    uint32_t *out, struct err *e);

/* sqlitepeople.c: where the key, which is another person's now, stood in
 * conversations, what is not of their owner leaves. */
int sqlite_part_touched(
    struct sqlite *s, struct graph *g, uint32_t i, struct err *e);

/* sqlitelayout.c */

/* Opens DIR/people.db, or what is in memory alone. */
int
sqlite_open_file(struct sqlite *s, const char *dir, bool write, struct err *e);
/* The indexes that are made behind many keys (sqlitesave.c). */
extern const char sqlite_key_indexes[];

/* sqliteconversations.c */

/* The bit of a channel in a set; 0 where nobody counts channels. */
uint64_t sqlite_channel_bit(struct sqlite *s, struct str name);
/* 1 with what the file has of a conversation, and its owner's text, which lives
 * until the next call; 0, as it is of one that it does not know; -1. */
int sqlite_read_conversation(struct sqlite *s, struct str id,
    struct conversation *c, struct account *a, struct str *key, struct err *e);
/* key: the owner's, or absent. */
int sqlite_put_row(struct sqlite *s, const struct conversation *c,
    struct account *a, struct str key, struct err *e);
/* Gives it its number in the file; stored where it has it. */
int sqlite_give_row(
    struct sqlite *s, const char *id, struct account *a, struct err *e);
/* Channels by their names, until s->found is reset. */
struct str sqlite_write_channels(struct sqlite *s, uint64_t set);
/* The conversation's number in the file; 0: it has none. */
int sqlite_row_of_conversation(
    struct sqlite *s, struct str id, int64_t *row, struct err *e);
/* The same of one that may not be there: then it is from now on. */
int sqlite_open_row(struct sqlite *s, struct str id, struct str key,
    int64_t *row, struct err *e);
/* The number in this run of a conversation that is met; of a new one, too. */
uint32_t sqlite_number(struct sqlite *s, const struct conversation *c);

/* sqliteaccount.c */

/*
 * Works out anew who waits in a conversation, by all that the file has of it:
 * records, and what was decided.  Its record of the id `but` asks for nothing,
 * and one that is not there yet answers it at `answered`; empty and TIME_NONE.
 */
int sqlite_account(struct sqlite *s, struct conversation *c, struct account *a,
    struct str but, int64_t answered, struct err *e);
/* An act is kept; other: a conversation, or on which channel. */
int sqlite_decide(struct sqlite *s, enum decided kind, struct str conversation,
    int64_t t, struct str act, struct str other, struct err *e);
/* Adds those that the conversations in the list were joined into; in the
 * arena. */
struct store_ids VEC(struct str);
int sqlite_joined_into(
    struct sqlite *s, struct arena *a, struct store_ids *ids, struct err *e);

/* sqlitewaiting.c */

/* Works out anew who waits in a conversation that messages have left, or were
 * put into; one that is not there yet is this key's. */
int
sqlite_recount(struct sqlite *s, struct str id, struct str key, struct err *e);
/* Before a commit: puts what is owed. */
int sqlite_put_owed(struct sqlite *s, struct err *e);
/* known: by roots, the people that the file knew something of.  Of all others
 * it has nothing that waits. */
void sqlite_list_new(struct sqlite *s, const bool *known, size_t n);

/* sqliterecords.c */

/* A row of Q_MESSAGE or Q_TIMELINE, but for what stands behind
 * its STORE_COLUMNS. */
enum { STORE_COLUMNS = 24 };
void sqlite_read_message(struct stmt *st, struct store_message *m);

/* What stands in the table of sqlite.c: see store.h. */

int sqlite_load(struct store *s, struct graph *g, struct err *e);
int sqlite_save(struct store *s, struct graph *g, struct err *e);
int sqlite_forget(struct store *s, struct err *e);
int
sqlite_find_key(struct store *s, struct str text, uint32_t *key, struct err *e);
const struct store_move *sqlite_moves(const struct store *s, size_t *n);
int sqlite_person_key(struct store *s, struct str id, struct arena *a,
    struct str *key, struct err *e);
int sqlite_message_key(struct store *s, struct str id, struct arena *a,
    struct str *key, struct err *e);
int sqlite_message(
    struct store *s, struct str id, struct store_message *out, struct err *e);
int sqlite_put_message(
    struct store *s, const struct store_message *m, struct err *e);
int sqlite_supersede(struct store *s, struct str id, struct err *e);
int sqlite_version(struct store *s, struct str id, int64_t content,
    struct store_message *out, struct err *e);
int sqlite_put_aside(
    struct store *s, struct str id, struct str line, struct err *e);
int sqlite_aside(struct store *s, struct str id, struct arena *a,
    struct str *line, struct err *e);
int sqlite_drop_aside(struct store *s, struct str id, struct err *e);
bool sqlite_was_parted(const struct store *s, struct str message);
int sqlite_leave(struct store *s, struct str message, struct err *e);
int sqlite_find_conversation(
    struct store *s, struct str id, uint32_t *number, struct err *e);
int sqlite_put_conversation(struct store *s, const struct conversation *c,
    uint32_t *number, struct err *e);
int sqlite_ref(
    struct store *s, struct str ref, struct store_ref *out, struct err *e);
int sqlite_continued_person(
    struct store *s, uint32_t number, uint32_t key, struct err *e);
int sqlite_asked(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct err *e);
int sqlite_answered(struct store *s, uint32_t number, int64_t t,
    const struct store_answer *by, struct err *e);
int sqlite_done(
    struct store *s, uint32_t number, int64_t t, struct str act, struct err *e);
int sqlite_reopened(struct store *s, uint32_t number, int64_t t,
    uint8_t channel, struct str act, struct err *e);
int sqlite_joined(struct store *s, uint32_t number, uint32_t other, int64_t t,
    struct str act, struct err *e);
int sqlite_put_participant(
    struct store *s, uint32_t number, struct str key, int64_t t, struct err *e);
int sqlite_is_participant(
    struct store *s, uint32_t number, uint32_t key, int64_t t, struct err *e);
int sqlite_guest_spoke(struct store *s, uint32_t number, uint32_t key,
    int64_t t, bool asks, struct err *e);
int sqlite_unasked(
    struct store *s, uint32_t number, int64_t t, struct str id, struct err *e);
int sqlite_was_answered(struct store *s, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e);
int sqlite_failed(struct store *s, uint32_t number, struct str answer,
    uint64_t name, struct err *e);
int sqlite_put_failed(struct store *s, uint64_t name, struct err *e);
int sqlite_has_failed(struct store *s, uint64_t name, struct err *e);
int sqlite_waiting(
    struct store *s, uint32_t key, struct store_numbers *out, struct err *e);
int sqlite_last_of(struct store *s, uint32_t number, int64_t t,
    struct store_last *out, struct err *e);
int sqlite_put_ref(struct store *s, struct str ref, struct store_ref to,
    struct str message, struct err *e);
int sqlite_last_of_person(struct store *s, uint32_t key, int64_t t,
    struct store_last *out, struct err *e);
int sqlite_last_of_place(struct store *s, struct str place, int64_t t,
    struct store_last *out, struct err *e);
int
sqlite_put_event(struct store *s, struct str line, int64_t *row, struct err *e);
int
sqlite_events(struct store *s, struct buf *out, int64_t *row, struct err *e);
int sqlite_events_left(struct store *s, int64_t row, struct err *e);
int sqlite_each_said(struct store *s,
    void (*each)(void *arg, const struct store_said *x), void *arg,
    struct err *e);
int sqlite_put_said(
    struct store *s, const struct store_said *x, int64_t newest, struct err *e);
int sqlite_timeline(struct store *s, struct str person,
    const struct store_cursor *after, const struct store_cursor *until,
    size_t most, void (*each)(void *arg, const struct store_message *m),
    void *arg, struct err *e);
int
sqlite_who(struct store *s, struct str name, char out[ID_SIZE], struct err *e);
int sqlite_stands_now(struct store *s, struct str *person, struct err *e);
int sqlite_keys(struct store *s, struct str person,
    void (*each)(void *arg, struct str key, int64_t since), void *arg,
    struct err *e);
int sqlite_next_person(struct store *s, struct str behind, struct arena *a,
    struct str *out, struct err *e);
int sqlite_next_key(struct store *s, struct str from, struct arena *a,
    struct str *out, struct err *e);
int sqlite_next_ref(struct store *s, struct str from, struct arena *a,
    struct str *out, struct err *e);
int sqlite_ref_message(
    struct store *s, struct str ref, char out[ID_SIZE], struct err *e);
int sqlite_aliases(struct store *s, struct str person,
    void (*each)(void *arg, struct str id), void *arg, struct err *e);
#endif
