#ifndef KITH_MERGE_ACTS_ACTS_H
#define KITH_MERGE_ACTS_ACTS_H
/*
 * What operators decided, as merge obeys it.
 *
 * Who is who (same, different) and which record is let in holds for the whole
 * run, as the links file does.  What is about conversations (done, reopen,
 * join, part ...) holds from its own time on: merger_act is told of each where
 * it stands among the records.
 *
 * Acts come with the records, from files, and from the state, which keeps them
 * in DIR/acts.jsonl; what is in it and was not given out before is given out
 * where it belongs.
 */
#include "merge/passes.h"
#include "record/act.h"

/* Of the options: links, and acts, which are records to come.  0 or -1. */
int merger_read_files(struct merger *m, struct err *e);
void merger_acts_release(struct merger_acts *acts);
/* Of the record in hand, while records are taken in: is it an act, and what
 * does it say that holds for the run?  1; 0 where it is none, -1 where it is a
 * wrong one. */
int merger_take_act(struct merger *m, struct str id, struct err *e);
/*
 * With follow, before the first record: what the acts of the files and of the
 * state say that records of earlier runs have obeyed.  The others are records
 * to come, a line each in *out, until the next one is taken in.
 */
int merger_acts_first(struct merger *m, struct str *out, struct err *e);
/* The same later, of what came into the state since; empty most times. */
int merger_acts_since(struct merger *m, struct str *out, struct err *e);
/* What an act says that holds for the whole run.  0, or -1 where it is wrong. */
int merger_learn_act(
    struct merger *m, const struct act *a, struct str id, struct err *e);
/* A record that somebody let in is from whom it says. */
void merger_let_in(struct merger *m, struct str id, struct spooled *s);
/* The same, asked of the record in hand. */
bool merger_is_let_in(const struct merger *m, struct str id);
/* The next that is let in and was not asked for here: false where there is
 * none. */
bool merger_let_in_next(struct merger *m, struct str *id);
/* What the state has of it, as it came and was set aside, in the arena: 1; 0
 * where it has not, -1. */
int merger_let_in_line(struct merger *m, struct str id, struct arena *a,
    struct str *line, struct err *e);
/* The time of the record in hand has come: where it is an act, it is obeyed.
 * 0 or -1. */
int merger_act(struct merger *m, struct err *e);
/* Makes those that came durable, where there is a state. */
int merger_keep_acts(struct merger *m, struct err *e);
/* Behind the last record: a warning for each that let in none. */
void merger_warn_acts(const struct merger *m);

#endif
