/*
 * The account of a conversation, worked out from all that the file has of it:
 * what its records asked and answered, and what operators decided.
 *
 * In the order of time an answer, or an act, ends what waits until then.  What
 * was done can be taken back by a later act, unless an answer came between;
 * what failed is no answer any more (sqlite_failed).  Of what was joined counts
 * what waited there at that time, as it is known by now.
 *
 * Cost: the conversation's records since its last answer, and those of what was
 * joined since.
 */
#include "core/time.h"
#include "people/store/sqlite.h"

enum {
	ASKED = 0,
	ANSWERED = 1, /* and enum decided */
	JOINS_MOST = 64, /* of what was joined */
};

struct event {
	int64_t time;
	struct str id, other; /* a conversation, or a channel */
	int64_t kind;
};

/* Behind what comes next there is nothing of it. */
struct until {
	int64_t time;
	struct str id;
};

struct events VEC(struct event);

/* As it stands after some of its events. */
struct sum {
	int64_t since; /* it waits; TIME_NONE */
	uint64_t on;
	int64_t done_since; /* what an act ended; TIME_NONE */
	uint64_t done_on;
	int64_t answered, done; /* when last */
	int64_t asked;
};

static const struct sum nothing = { .since = TIME_NONE,
	.done_since = TIME_NONE,
	.answered = TIME_NONE,
	.done = TIME_NONE,
	.asked = TIME_NONE };

/* The time of its last answer before that: nothing older matters. */
static int
begins_at(
    struct sqlite *s, int64_t row, int64_t before, int64_t *out, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_ANSWER, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_int(st, 1, row);
	stmt_int(st, 2, before == INT64_MAX ? before : before - 1);
	rc = stmt_step(st, e);
	*out = rc == 1 ? stmt_col_int(st, 0) : INT64_MIN;
	if (rc == 1)
		stmt_reset(st);
	return rc < 0 ? -1 : 0;
}

static bool
is_before(int64_t time, struct str id, struct until u)
{
	return time < u.time || (time == u.time && str_cmp(id, u.id) < 0);
}

static int
read_events(struct sqlite *s, struct arena *a, struct str id,
    struct until until, struct events *out, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_ACCOUNT, e);
	int64_t from, row;
	int rc;

	if (st == NULL || sqlite_row_of_conversation(s, id, &row, e) != 0 ||
	    begins_at(s, row, until.time, &from, e) != 0)
		return -1;
	stmt_int(st, 1, row);
	stmt_int(st, 2, from);
	stmt_text(st, 3, id);
	while ((rc = stmt_step(st, e)) == 1) {
		struct event x = { .time = stmt_col_int(st, 0),
			.kind = stmt_col_int(st, 2) };

		if (!is_before(x.time, stmt_col(st, 1), until))
			continue;
		x.id = arena_dup(a, stmt_col(st, 1));
		if (stmt_col(st, 3).n > 0)
			x.other = arena_dup(a, stmt_col(st, 3));
		vec_add_in(a, out, x);
	}
	return rc;
}

static void
ask(struct sum *w, int64_t since, uint64_t on)
{
	if (since == TIME_NONE)
		return;
	if (w->since == TIME_NONE || since < w->since)
		w->since = since;
	w->on |= on;
}

static void
answer(struct sum *w, int64_t t)
{
	w->since = w->done_since = w->done = TIME_NONE;
	w->on = w->done_on = 0;
	if (w->answered == TIME_NONE || t > w->answered)
		w->answered = t;
}

static void
done(struct sum *w, int64_t t)
{
	if (w->since != TIME_NONE &&
	    (w->done_since == TIME_NONE || w->since < w->done_since))
		w->done_since = w->since;
	w->done_on |= w->on;
	w->since = TIME_NONE;
	w->on = 0;
	w->done = t;
}

static int add_up(struct sqlite *s, struct arena *a, struct str id,
    struct until until, int joins, struct sum *w, struct err *e);

static int
take(struct sqlite *s, struct arena *a, const struct event *x, int joins,
    struct sum *w, struct err *e)
{
	struct sum other = nothing;

	switch (x->kind) {
	case ASKED:
		ask(w, x->time, sqlite_channel_bit(s, x->other));
		break;
	case ANSWERED:
		answer(w, x->time);
		break;
	case DECIDED_DONE:
		done(w, x->time);
		return 0;
	case DECIDED_REOPENED:
		ask(w, w->done_since, w->done_on);
		w->done_since = w->done = TIME_NONE;
		w->done_on = 0;
		ask(w, x->time, sqlite_channel_bit(s, x->other));
		break;
	case DECIDED_LEFT:
		answer(w, x->time);
		break;
	case DECIDED_JOINED:
		if (joins < JOINS_MOST &&
		    add_up(s, a, x->other, (struct until){ x->time, x->id },
			joins + 1, &other, e) != 0)
			return -1;
		ask(w, other.since, other.on);
		break;
	}
	if (x->kind != ANSWERED && x->kind != DECIDED_LEFT)
		w->asked = x->time;
	return 0;
}

/* What is before the last end of all waits need not be added up. */
static size_t
first_of(const struct events *all)
{
	size_t i = all->n;

	while (i > 0 && all->v[i - 1].kind != ANSWERED &&
	       all->v[i - 1].kind != DECIDED_LEFT)
		i--;
	return i == 0 ? 0 : i - 1;
}

static int
add_up(struct sqlite *s, struct arena *a, struct str id, struct until until,
    int joins, struct sum *w, struct err *e)
{
	struct events all = { 0 };

	if (read_events(s, a, id, until, &all, e) != 0)
		return -1;
	for (size_t i = first_of(&all); i < all.n; i++)
		if (take(s, a, &all.v[i], joins, w, e) != 0)
			return -1;
	return 0;
}

static int
account(struct sqlite *s, struct arena *a, struct str id, struct str but,
    int64_t answered, struct sum *w, struct err *e)
{
	struct events all = { 0 };

	if (read_events(
		s, a, id, (struct until){ INT64_MAX, STR("") }, &all, e) != 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		const struct event *x = &all.v[i];

		if (answered != TIME_NONE && x->time > answered) {
			answer(w, answered);
			answered = TIME_NONE;
		}
		if (x->kind == ASKED && but.n > 0 && str_eq(x->id, but))
			continue;
		if (take(s, a, x, 0, w, e) != 0)
			return -1;
	}
	if (answered != TIME_NONE)
		answer(w, answered);
	return 0;
}

int
sqlite_account(struct sqlite *s, struct conversation *c, struct account *a,
    struct str but, int64_t answered, struct err *e)
{
	struct arena arena = { 0 };
	struct sum w = nothing;
	int rc = account(s, &arena, str_of(c->id), but, answered, &w, e);

	arena_release(&arena);
	c->waiting = w.since;
	c->waits_on = w.on;
	a->asked = w.asked;
	a->answered =
	    w.done != TIME_NONE && w.done > w.answered ? w.done : w.answered;
	return rc;
}

int
sqlite_decide(struct sqlite *s, enum decided kind, struct str conversation,
    int64_t t, struct str act, struct str other, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_DECIDE, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, conversation);
	stmt_int(st, 2, t);
	stmt_text(st, 3, act);
	stmt_int(st, 4, kind);
	stmt_text(st, 5, other);
	return stmt_run(st, e);
}

static bool
has(const struct store_ids *ids, struct str id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (str_eq(ids->v[i], id))
			return true;
	return false;
}

int
sqlite_joined_into(
    struct sqlite *s, struct arena *a, struct store_ids *ids, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_JOINED_INTO, e);
	int rc = 0;

	if (st == NULL)
		return -1;
	for (size_t i = 0; i < ids->n && rc == 0; i++) {
		stmt_text(st, 1, ids->v[i]);
		while ((rc = stmt_step(st, e)) == 1)
			if (!has(ids, stmt_col(st, 0)))
				vec_add_in(
				    a, ids, arena_dup(a, stmt_col(st, 0)));
	}
	return rc;
}
