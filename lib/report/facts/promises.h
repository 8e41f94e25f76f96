#ifndef KITH_REPORT_FACTS_PROMISES_H
#define KITH_REPORT_FACTS_PROMISES_H
/*
 * What a service level promises beside replies (kith-rules(5)): that a matter
 * is resolved by then, and that its customer hears of us again.  It is told in
 * the end, since an answer may fail and a customer may come back.
 *
 * A matter is resolved when an operator says that it is done, else with the
 * last answer that no request follows within MATTER_REST.  An update is owed
 * for as long as the matter goes on.
 */
#include "core/str.h"
#include "core/time.h"

/* Names are borrowed for as long as the promises live. */
struct promise_names {
	struct str service, priority, team; /* absent where there is none */
};

enum promise_moment { MOMENT_ASKED, MOMENT_ANSWERED, MOMENT_DONE };

/* What a record did; without a promise in its conversation it need not be
 * told. */
struct moment {
	uint32_t conversation;
	enum promise_moment is;
	bool failed; /* an answer that came back: as if it were not here */
	bool counts; /* it lies in the period */
	int64_t at, resolve, update; /* until when; TIME_NONE */
	struct promise_names names;
};

/* Zeroed it is ready; 96 bytes a moment. */
struct promises {
	struct moment *v;
	size_t n, cap;
};

/* In the order of time; its number plus one. */
uint32_t promises_add(struct promises *all, const struct moment *m);
void promises_release(struct promises *all);

enum promise_end {
	PROMISE_KEPT,
	PROMISE_BROKEN,
	PROMISE_RUNNING,
	PROMISE_OVERDUE
};

struct promise_outcome {
	const struct promise_names *names;
	bool update; /* else of a matter */
	enum promise_end end;
	int64_t late; /* where it is broken or overdue */
};

/* Whom it is told, and who knows which conversations wait. */
struct promises_reader {
	void *arg;
	bool (*waits)(void *arg, uint32_t conversation);
	void (*told)(void *arg, const struct promise_outcome *o);
	int64_t now;
};

/* By conversation, and in each in the order of time. */
void promises_tell(const struct promises *all, const struct promises_reader *r);

#endif
