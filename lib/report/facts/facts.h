#ifndef KITH_REPORT_FACTS_FACTS_H
#define KITH_REPORT_FACTS_FACTS_H
/*
 * What a stream of records says about service: conversations, who waits,
 * every wait that an answer ended, and who moved between channels.  Computed
 * from the records alone, in one pass, so that two reports over the same
 * records cannot disagree.  Memory grows with conversations, people and
 * answers (about 400 bytes a conversation, 100 a person, 64 an answer, 120 more
 * for each of a conversation's last), and with the ids of records (14 bytes
 * each, 28 of what asks for nothing; promises.h has more).  An answer that
 * failed is taken out of all figures again.
 *
 * A record whose id came before counts no more; what it says and where it was
 * routed takes the place of what stood there.  Only what was neither a request
 * nor an answer, and has become one, counts as that instead.
 */
#include "core/idset.h"
#include "core/intern.h"
#include "core/map.h"
#include "hours/calendar.h"
#include "hours/zone.h"
#include "record/waiting/waiting.h"
#include "report/facts/promises.h"
#include "report/facts/silences.h"
#include "report/facts/tally.h"

/* What figures are grouped by. */
enum facts_by {
	BY_CHANNEL,
	BY_QUEUE,
	BY_TEAM,
	BY_ASSIGNEE, /* who of ours has it, or had it when it was answered */
	BY_AUTHOR, /* who of ours wrote the answer */
	BY_PRIORITY,
	BY_DAY,
	BY_WEEK,
	BY_MONTH,
};
/* Their names, for an option; NULL-terminated. */
extern const char *const facts_by_names[];

/*
 * Who waits for what.  An answer that ended it keeps it, and it stands again
 * where that answer failed: a fact more of the request is a member here and a
 * line in take_asked (facts.c).
 */
struct asked {
	struct str name; /* who waits: name, else address */
	bool named; /* it is no address */
	struct str person; /* absent when unknown */
	struct str aside; /* why all that waits was set aside; absent */
	struct str id; /* the request that waits longest */
	struct str text; /* its text, cut */
	int64_t misdated; /* its data.misdated, TIME_NONE */
};

/* What a report wants to know of a conversation besides its clock. */
struct conversation_facts {
	struct asked asked; /* of what waits, or waited last */
	struct str queue, priority, assignee, team; /* of the last route */
	struct str service; /* likewise: a level apart from the priority */
	int64_t due, reply_due; /* of the last route, TIME_NONE: what comes
				   first, and the reply */
	bool promised; /* more than replies were */
	uint32_t group; /* of the request that waits, or waited last */
	uint32_t counted; /* requests of that wait in the group's figures */
	bool counts; /* that request lies in the period */
};

/* A wait that an answer ended. */
struct wait {
	uint32_t conversation, group; /* indexes */
	bool first; /* the conversation's first reply */
	bool taken_back; /* the answer failed: as if it were not here */
	int64_t from, to, due, reply_due;
	struct str service, priority, team;
};

/* An answer that may fail: what it changed. */
struct ended {
	bool counted;
	bool ends; /* somebody waited, be it before the period */
	uint32_t group; /* that it counts for */
	uint32_t wait; /* that it ended, plus one; 0: none */
	uint32_t moment; /* among the promises, plus one; 0: none */
	uint32_t requests; /* that this wait's group counts */
	struct asked asked; /* what waited until then */
};

struct group {
	struct str name; /* "email", "2026-W09"; "-" where it is unknown */
	uint32_t requests, answers;
};

/* A change of channel: how often, by how many, and why. */
struct move {
	struct str from, to;
	uint32_t times, people;
	uint32_t unanswered; /* while the earlier channel owed an answer */
	struct map who;
	int64_t *gaps; /* times between the two messages */
	size_t gap_n, gap_cap;
};

struct facts {
	/* Set before the first record. */
	enum facts_by by;
	struct zone *zone; /* of BY_DAY, BY_WEEK, BY_MONTH; NULL: UTC */
	int64_t since, until; /* the period; TIME_NONE: open */
	bool grouped; /* by was asked for */
	bool silence; /* somebody asks who fell silent */
	int64_t now; /* for who waits; TIME_NONE: whatever was put off */
	/* What came out. */
	struct standings standings;
	struct conversation_facts *conversations; /* beside standings.v */
	size_t conversations_cap;
	struct wait *waits;
	size_t wait_n, wait_cap;
	struct ended *ended; /* beside standings.answers.v */
	size_t ended_cap;
	struct silences silences; /* where it is set */
	struct promises promises;
	struct map group_index;
	struct group *groups; /* in the order of their first request */
	size_t group_n, group_cap;
	struct move *moves;
	size_t move_n, move_cap;
	struct map move_index;
	struct map names; /* person -> name in `words`, of a contact row */
	struct idset moved; /* ids of what was let in */
	struct map people; /* person -> index in `last` + 1, 0: no request */
	struct last_request {
		uint64_t channel; /* in `words` */
		int64_t at;
	} * last;
	size_t last_n, last_cap;
	struct intern
	    words; /* channel names, priorities, teams: one copy each */
	uint64_t requests, answers;
	struct tally tally;
	struct arena arena;
};

/*
 * Takes a record in; records come in the order of time.  One of `until` or
 * later changes nothing; one before `since` moves the clocks, but its figures
 * do not count: a wait counts by its first request.
 */
void facts_add(struct facts *f, struct record *r);
void facts_release(struct facts *f);
/* A conversation that waits, and whose waiting request lies in the period. */
bool facts_waits(const struct facts *f, size_t i);

/* Who writes in conversation i: as they sign, as recall knew them, as a contact
 * row calls this person, the address. */
struct str facts_name(const struct facts *f, size_t i);

/* Business time from one instant to another; CELL_NONE without a calendar, and
 * where that does not count so far (hours/calendar.h). */
int64_t facts_business(struct calendar *c, int64_t from, int64_t to);

#endif
