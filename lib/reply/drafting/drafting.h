#ifndef KITH_REPLY_DRAFTING_DRAFTING_H
#define KITH_REPLY_DRAFTING_DRAFTING_H
/*
 * Drafts from the triaged stream: one for each conversation that waits for
 * us, made from its last request.  Holds the last request's line of every
 * conversation that waits, or was answered less than DRAFTING_RETURNS before
 * the record in hand: an answer may come back, and then it waits again.  The
 * same stream gives the same drafts.
 *
 * Or reminders: one for each conversation in which they have been silent for so
 * long, since our answer and since the last reminder, at most
 * SILENCE_REMINDERS; behind these the act that calls it done.  Then it holds
 * our last answer of each that is silent.
 */
#include "core/time.h"
#include "record/sink.h"
#include "record/waiting/silence.h"
#include "reply/sending/transport.h"
#include "reply/template.h"
#include "workspace/workspace.h"

/* Nobody is told after a week that their message has just arrived. */
#define DRAFTING_ACK_AGE (7 * TIME_DAY)
/* Who was reminded of nothing for so long is not to be reminded of it. */
#define DRAFTING_REMINDER_AGE (90 * TIME_DAY)
/* Servers give up after five days or so. */
#define DRAFTING_RETURNS (10 * TIME_DAY)

struct drafting;

/*
 * From a template by its name (template_open); c and transports are borrowed.
 * No draft is made for a request that is older than max_age at now; -1: the
 * template decides, DRAFTING_ACK_AGE where nobody looks at what it gives, else
 * any age will do.  silent: not -1, reminders after so long instead, none of
 * what is older than max_age, DRAFTING_REMINDER_AGE by default.  NULL on error.
 */
struct drafting *drafting_open(const char *template, const struct workspace *c,
    const struct transports *transports, int64_t now, int64_t max_age,
    int64_t silent, struct err *e);
/* NULL is allowed. */
void drafting_free(struct drafting *d);
/* Takes a record of the stream in. */
void drafting_add(struct drafting *d, struct record *r);
/* After the last: the drafts of all that wait, the one that waits longest
 * first, ids deciding; what cannot be drafted is rejected.  Those that are left
 * out for their age are a sum, "too old".  0 or -1. */
int drafting_finish(struct drafting *d, struct sink *out, struct err *e);

#endif
