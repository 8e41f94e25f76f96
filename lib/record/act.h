#ifndef KITH_RECORD_ACT_H
#define KITH_RECORD_ACT_H
/*
 * Acts: what operators decide, as records of the type event with data.act.
 * They stand in the stream, or in a file under version control, in the order
 * of time with all else, so that a replay sees them when they happened.
 *
 *	{"id":"m...","type":"event","channel":"desk",
 *	 "sentAt":"2026-10-06T09:00:00Z","from":{"name":"kim"},
 *	 "data":{"act":"snooze","conversation":"c...",
 *	         "until":"2026-10-08T07:00:00Z","note":"..."}}
 *
 * What tells of a message of ours (receipt), of how somebody liked it (rating)
 * and of consent has the same form, and is no operator's: act_read gives these
 * ACT_NONE.
 */
#include "core/err.h"
#include "record/record.h"

enum act_kind {
	ACT_NONE,
	ACT_DONE, /* conversation: nothing waits in it */
	ACT_REOPEN, /* conversation: it waits as before it was done, else from
		       now on */
	ACT_SNOOZE, /* conversation, until: it waits from then on */
	ACT_ASSIGN, /* conversation, assignee or team: is theirs */
	ACT_LET_IN, /* record: is from whom it says, and belongs where it
		       refers to */
	ACT_SAME, /* names: are one person, as in the links file */
	ACT_DIFFERENT, /* names: are not */
	ACT_JOIN, /* conversations: are one from now on, the first */
	ACT_PART, /* conversations: are not any more */
	ACT_SEEN, /* alert: somebody knows of it */
	ACT_KINDS
};

enum { ACT_NAMES = 1000 }; /* that one act lists */

struct act {
	enum act_kind kind;
	/* Absent where they are not given; slices of the record. */
	struct str conversation, assignee, team, record, alert, note, by;
	struct json conversations, names; /* lists of strings */
	int64_t until; /* TIME_NONE */
	int64_t at; /* its own time, TIME_NONE */
};

/* "done", ...: the words of data.act; NULL for ACT_NONE. */
const char *act_name(enum act_kind kind);
/* ACT_NONE where there is none of that name. */
enum act_kind act_named(struct str name);
/* Is the record an act?  Then *out has it. */
bool act_read(struct record *r, struct act *out);
/* Is an event one? */
bool act_is(struct record *r);
/* Does it have what its kind needs?  0, or -1 with what is missing. */
int act_check(const struct act *a, struct err *e);
/* The conversation that a record belongs to or tells of; absent. */
struct str record_conversation(struct record *r);

/*
 * Appends the line of an act without its newline; its id is a hash of all of
 * it.  conversation, record and names may each be several, as `what`: for
 * ACT_LET_IN records, for ACT_JOIN and ACT_PART conversations, for ACT_SAME
 * and ACT_DIFFERENT names, else the first alone counts.
 */
struct act_words {
	enum act_kind kind;
	const struct str *what;
	size_t n;
	struct str assignee, team, note, by; /* absent */
	int64_t at, until; /* until may be TIME_NONE */
};
void act_write(struct buf *out, const struct act_words *a);

#endif
