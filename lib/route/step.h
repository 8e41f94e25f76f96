#ifndef KITH_ROUTE_STEP_H
#define KITH_ROUTE_STEP_H
/*
 * Inside of routing: what is known while one record is routed, and the parts of
 * its decision.  step.c leads them; assignee.c says who has it, due.c by when,
 * member.c writes it, explain.c tells people.
 */
#include "route/route.h"

enum kind { KIND_OTHER, KIND_REQUEST, KIND_ANSWER };
/* Why somebody cannot have it. */
enum lost { LOST_NOTHING, LOST_LEFT, LOST_AWAY };

/* What is known while one record is routed. */
struct step {
	struct route *rt;
	struct record *r;
	struct said said; /* what it says of its conversation */
	enum asks why; /* or why it does not ask */
	enum kind kind;
	bool open; /* it asks for nothing, but a rule may say that it does */
	bool aside; /* merge set it apart */
	bool anew; /* it was taken back before, and asks again */
	bool decided; /* by the rules, already */
	bool out; /* a rule has taken it out */
	int64_t now; /* the record's time, or --now for what is overdue */
	struct standing *standing; /* NULL where it has no conversation */
	struct assignment *assignment;
	struct facts facts;
	struct outcome kept; /* from the conversation's last decision */
	int64_t waited_since; /* before this record, or TIME_NONE */
	int64_t since;
	const struct level *level;
	const struct named_calendar *calendar;
	/* What the level promises, from when and until when, TIME_NONE where
	 * it does not; the first of them is due, which is `promise`. */
	int64_t from[PROMISES], until[PROMISES];
	int64_t due;
	enum promise promise;
	bool handed; /* from another team, or because of lost */
	bool stayed; /* the assignee is who had it */
	struct str from_team, from_assignee;
	enum lost lost; /* of who had it, or whom a rule named */
	struct str lost_by; /* their name */
	int64_t back; /* and when they are back, of who is away */
	bool overdue; /* decided anew at its due time */
	struct decision d; /* large, and set by decide() alone */
};

/* The record before anything is decided. */
void step_init(struct step *s, struct route *rt, struct record *r);
/* What stands before the record is taken in.  0 or -1. */
int step_before(struct step *s, struct err *e);
/* Of what is open: asks the rules whether it is a request.  0 or -1. */
int step_open(struct step *s, struct err *e);
/* Decides a request, or takes an answer in; puts the member.  0 or -1. */
int step_take(struct step *s, struct err *e);
/* Our answer, or what makes nobody wait, is taken in, and what waited for a place
 * is given one.  0 or -1. */
int step_pass(struct step *s, struct err *e);
/* Decides anew, after step_before, what waits past its due time.  0 or -1. */
int step_again(struct step *s, int64_t due, struct err *e);

/* The record as it will be written, until the next call.  0 or -1. */
int step_line(struct step *s, struct str *out, struct err *e);

/* kept.c: the acts of a state's folder. */
int kept_read(struct route *rt, const char *dir, struct err *e);
/* The next of them, where it is before a record of that time and id. */
bool kept_next(struct route *rt, int64_t at, struct str id, struct str *line);
void kept_release(struct route *rt);

/* obey.c: an act of an operator is taken in.  0 or -1. */
int step_act(struct step *s, struct err *e);

/* assignee.c: who has it; -1 only where the state cannot be written. */
int step_assign(struct step *s, struct err *e);
/* Gives out what waits longest, as far as somebody has room.  0 or -1. */
int step_serve(struct step *s, struct err *e);
/* due.c: by when, and why, of what waits. */
void step_due(struct step *s);
/* By when the customer is to hear of us again, after our answer. */
void step_update(struct step *s);
/* Was anything decided for it yet? */
bool step_decided(const struct assignment *p);
/* It waits again: due by what was decided for it last, and with who had it.  0
 * or -1. */
int step_reopen(
    struct step *s, struct standing *t, struct assignment *p, struct err *e);
/* member.c: puts `route` into the record; into what is no request only where
 * it has something to say.  0 or -1. */
int step_put(struct step *s, struct err *e);

#endif
