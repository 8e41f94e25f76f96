#ifndef KITH_INSIGHT_FACTS_H
#define KITH_INSIGHT_FACTS_H
/*
 * What a stream of records says about service: conversations, who waits, and
 * every wait that an answer ended.  Computed from the records alone, in one
 * pass, so that two reports over the same records cannot disagree.  Memory
 * grows with conversations, people and answers (about 300 bytes a
 * conversation, 60 a person, 32 an answer), not with messages.
 */
#include "core/calendar.h"
#include "core/map.h"
#include "record/waiting.h"

/* What a report wants to know of a conversation besides its clock. */
struct talk {
	struct str first_channel; /* of the first request */
	struct str name; /* who writes: name, else address */
	struct str text; /* the request that waits longest, cut */
	struct str waiting_id; /* its record's id */
	struct str queue, priority, assignee, team; /* of the last route */
	int64_t due; /* of the last route, TIME_NONE */
	bool human;
};

/* A wait that an answer ended. */
struct wait {
	uint32_t talk; /* index */
	bool first; /* the conversation's first reply */
	int64_t from, to;
};

struct channel_count {
	struct str name;
	uint32_t requests, answers;
};

struct facts {
	struct threads threads;
	struct talk *talks; /* beside threads.v */
	size_t talk_cap;
	struct wait *waits;
	size_t wait_n, wait_cap;
	struct map channels; /* name -> requests << 32 | answers */
	struct map people;
	uint64_t requests, answers, automatic, quarantined;
	int64_t last; /* time of the last record */
	struct arena arena;
};

/* A zeroed struct facts is ready.  Records come in the order of time. */
void facts_add(struct facts *f, struct record *r);
void facts_release(struct facts *f);

/* Business time from one instant to another; CELL_NONE without a calendar. */
int64_t facts_business(struct calendar *c, int64_t from, int64_t to);

#endif
