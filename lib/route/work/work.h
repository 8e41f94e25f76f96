#ifndef KITH_ROUTE_WORK_WORK_H
#define KITH_ROUTE_WORK_WORK_H
/*
 * Open work: which conversation waits, in which team, with whom, due when;
 * and whose turn it is.  It is at hand in memory; what is kept of it besides
 * has two implementations, chosen when it is opened:
 *	memory.c	the records that wait, of this run
 *	sqlite.c	DIR/work.db, so that the next run goes on where this one
 *			ended and the same record gets the same decision again
 */
#include "core/intern.h"
#include "record/waiting/waiting.h"
#include "route/work/backlog.h"
#include "route/rules/rules.h"

/* What was decided for a conversation last. */
struct assignment {
	struct outcome is; /* no `human`: see below */
	struct str labels; /* a line each, or absent */
	int64_t due; /* TIME_NONE: no promise */
	int64_t matter_since; /* first request of what is open, or TIME_NONE */
	bool outside; /* the assignee, by an act, was in no team then */
	bool counted; /* the assignee's load counts it */
	int64_t queued; /* since when it waits in the backlog, or TIME_NONE */
	int64_t rests; /* since when the request was answered, or TIME_NONE */
	/* The last request as it was written: in memory, or NULL; or its row in
	 * the file, or 0. */
	char *record;
	size_t record_bytes;
	int64_t row;
};

struct work_ops;
struct work_file;

/* Mail programs try for five days, and some say so later. */
#define WORK_RETURNS (10 * TIME_DAY)

/* An answered request that is kept yet: in memory its place, in the file its
 * row, and when. */
struct resting {
	int64_t row;
	int64_t at;
};

struct work {
	const struct rules *rules; /* borrowed */
	struct standings standings;
	struct assignment *assignments; /* beside standings.v */
	size_t n, cap;
	struct intern words; /* texts that came from the state */
	struct map loads; /* assignee -> conversations that wait for them */
	uint64_t freed; /* how often one of them became fewer */
	struct map turns; /* team -> 1 + number in words of who had the last */
	struct backlog backlog; /* what waits and nobody has */
	/* Who had work and has left the rule file -> conversations of theirs
	 * that wait in the state. */
	struct map left;
	/* In the order of `at`; those before rest_from are gone. */
	struct rest_list VEC(struct resting) rest;
	size_t rest_from;
	bool keeps; /* a state */
	bool known; /* which has records of earlier runs */
	bool holds; /* records that wait, for work_overdue */
	const struct work_ops *ops; /* see parts.h */
	struct work_file *file; /* of sqlite.c */
};

/* dir NULL: nothing is kept beyond this run, and records that wait only where
 * somebody will ask (hold).  ERR_AGAIN where another run has the state. */
int work_open(struct work *w, const struct rules *rules, const char *dir,
    bool hold, struct err *e);
void work_close(struct work *w);
/* When the last request or answer was that the state has, but for those after
 * the time `until`; TIME_NONE.  0, -1. */
int work_newest(struct work *w, int64_t until, int64_t *out, struct err *e);
/* Is the record in hand kept where it waits? */
bool work_holds(const struct work *w);
/* Makes durable what was learned so far. */
int work_commit(struct work *w, struct err *e);

/* It will be asked for a conversation of that hash soon: see map_soon. */
void work_soon(const struct work *w, uint64_t hash, enum map_piece piece);
/* A conversation: its standing and its assignment, made where there were none.
 * Until the next work_find or standings_add. */
int work_find(struct work *w, struct str conversation, struct standing **t,
    struct assignment **p, struct err *e);
/* Takes a record in, as standings_take; NULL where it has no conversation. */
struct standing *work_add(struct work *w, struct record *r,
    const struct said *k, struct assignment **p);
/* The conversation waits with this assignee (absent: with nobody yet). */
void work_assign(struct work *w, struct assignment *p, struct str assignee);
/* It has these labels. */
void work_label(
    struct work *w, struct assignment *p, const struct str *labels, size_t n);
/* It waits no more, by somebody's word: what waited is kept, for it may again. */
void work_rest(struct work *w, struct assignment *p);
/* It was answered.  The request is kept for as long as the answer may come
 * back, WORK_RETURNS by the records' time, for work_overdue. */
void work_answered(struct work *w, struct assignment *p);
/* It waits again, so that the request stays.  0 or -1. */
int work_again(struct work *w, struct assignment *p, struct err *e);
/* It waits no more. */
void work_done(struct work *w, struct assignment *p);
/* Keeps a standing and its assignment for the next run. */
int work_save(struct work *w, const struct standing *t,
    const struct assignment *p, struct err *e);
/*
 * Who of the team is next at this time (TIME_NONE: nobody is away); STR_NONE
 * where all have what they can carry or are away.  The turn moves on.
 */
struct str work_next(struct work *w, const struct team *t, int64_t at);
/* After a receipt that failed was taken in: what it tells of and did not come
 * yet is known to the next run.  0 or -1. */
int work_came_early(struct work *w, struct record *r,
    const struct receipt *receipt, struct err *e);
/* Keeps whose turn it was last for the next run. */
int work_keep_turn(struct work *w, const struct team *t, struct err *e);

/* The conversation waits, since this time or in this team anew: it is open work
 * of who has it, or comes behind those that wait longer where nobody has. */
void work_waits(struct work *w, const struct standing *t, struct assignment *p);
static inline bool
work_has_queue(const struct work *w)
{
	return w->backlog.n > 0;
}
/*
 * Gives the conversation that waits longest to who has room for it, and keeps
 * that: 1 with the conversation, 0 where nothing waits for which anybody has
 * room, -1.  Standings and assignments of before are not to be used any more.
 */
int work_serve(struct work *w, int64_t at, struct standing **t, struct err *e);
/* The assignment of one of w->standings, until the next of these calls. */
struct assignment *work_assignment(struct work *w, const struct standing *t);

/* Are records that were given out known again? */
bool work_remembers(const struct work *w);
/*
 * 1 where an earlier run, or this one, gave the record out: *route is what it
 * got, STR_NONE for nothing; lives until the next call.  0 where it does not,
 * -1.
 */
int work_seen(struct work *w, struct str id, struct str *route, struct err *e);
/*
 * The record got this route (STR_NONE: none).  record is the whole of it as
 * it will be written, where it waits in p for an answer; else STR_NONE.
 */
int work_see(struct work *w, struct str id, struct str route, struct str record,
    struct assignment *p, struct err *e);

/* Who has open work in the state of a folder, and how many conversations; none
 * where it has none.  0 or -1. */
int work_carried(const char *dir, struct map *out, struct err *e);
/* What is said of who has left the rule file and has so many. */
void work_say_left(struct str who, uint64_t open, struct err *out);

/*
 * Lets the records go that wait no more: all, or unless they are many none.
 * One by one they would touch a page each, so they are gathered.
 */
int work_sweep(struct work *w, bool all, struct err *e);

struct late {
	struct str conversation, record;
	int64_t due, since; /* since when it waits */
	struct str route; /* for the caller */
};

/*
 * The conversations that wait past their due time at `now`, the one that waits
 * longest first, in memory of a's.  *out is an array of *n.
 */
int work_overdue(struct work *w, int64_t now, struct arena *a,
    struct late **out, size_t *n, struct err *e);

#endif
