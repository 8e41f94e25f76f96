/* How each channel, queue, team, person or week answers. */
#include "report/kinds.h"
#include "report/stats.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/vec.h"

enum {
	NAME,
	REQUESTS,
	ANSWERS,
	WAITING,
	OLDEST,
	FIRST,
	FIRST_P90,
	BUSINESS,
	BUSINESS_P90,
	NEXT,
	WHY,
};

static const char *const names[] = { "channel", "queue", "team", "assignee",
	"author", "priority", "day", "week", "month" };

static const char *const titles[] = { "How each channel answers",
	"How each queue is answered", "How each team answers",
	"How what each person of ours had was answered",
	"How each person of ours answered", "How each priority is answered",
	"Day by day", "Week by week", "Month by month" };

static const char *
whose(enum facts_by by)
{
	switch (by) {
	case BY_AUTHOR:
		return "A wait counts for who wrote the answer that ended it; "
		       "what still waits is nobody's (-).";
	case BY_ASSIGNEE:
		return "A wait counts for who has it, or had it when the "
		       "answer came, whoever wrote that.";
	default:
		return "A wait counts for the group of the request that began "
		       "it.";
	}
}

static struct table *
make(const struct facts *f, const struct report_options *o)
{
	struct table *t = table_new("channels", titles[f->by],
	    "First reply: from the conversation's first request to the first human "
	    "answer, only where there is one; automatic messages never count. "
	    "Next reply: from the oldest unanswered later request to the "
	    "answer. Median and p90 by the nearest rank. Business hours: what "
	    "the calendar's hours hold of that time. Waiting: conversations "
	    "whose last word is the customer's.",
	    "No messages.");
	bool business = o->calendar != NULL;

	t->about = arena_printf(&t->arena, "%s %s", whose(f->by), t->about).p;
	t->chart = CHART_BARS;
	table_column(t, names[f->by], names[f->by], CELL_NAME, 0);
	table_column(t, "requests", "requests", CELL_COUNT, 0);
	table_column(t, "answers", "answers", CELL_COUNT, 0);
	table_column(t, "waiting", "waiting", CELL_COUNT, COLUMN_WARN);
	table_column(t, "longestWait", "longest wait", CELL_DURATION, 0);
	table_column(t, "firstReplyMedian", "first reply", CELL_DURATION,
	    business ? 0 : COLUMN_BAR);
	table_column(t, "firstReplyP90", "p90", CELL_DURATION,
	    business ? 0 : COLUMN_TICK);
	table_column(t, "firstReplyBusinessMedian", "in business hours",
	    CELL_HOURS, business ? COLUMN_BAR : COLUMN_HIDDEN);
	table_column(t, "firstReplyBusinessP90", "p90", CELL_HOURS,
	    business ? COLUMN_TICK : COLUMN_HIDDEN);
	table_column(t, "nextReplyMedian", "next reply", CELL_DURATION, 0);
	table_column(
	    t, "why", "conversations", CELL_LIST, o->why ? 0 : COLUMN_HIDDEN);
	return t;
}

/* A wait with its lengths, for the list behind a figure. */
struct length {
	int64_t calendar, business;
	struct str id;
};

static int
longest_first(const void *a, const void *b)
{
	const struct length *x = a, *y = b;

	if (x->calendar != y->calendar)
		return x->calendar > y->calendar ? -1 : 1;
	return str_cmp(x->id, y->id);
}

/* What is measured of one group. */
struct measured {
	struct samples first, business, next;
	struct length *lengths;
	size_t length_n, length_cap, waiting;
	int64_t oldest;
};

static void
add_length(struct measured *m, struct length l)
{
	vec_hold(m->lengths, m->length_n, m->length_cap, 1);
	m->lengths[m->length_n++] = l;
}

/* One walk over conversations and waits for all groups. */
static struct measured *
measure(const struct facts *f, const struct report_options *o)
{
	struct measured *all = xcalloc(f->group_n, sizeof(*all));

	for (size_t i = 0; i < f->group_n; i++)
		all[i].oldest = TIME_NONE;
	for (size_t i = 0; i < f->standings.n; i++) {
		struct measured *m = &all[f->conversations[i].group];
		int64_t since = f->standings.v[i].waiting_since;

		if (!facts_waits(f, i))
			continue;
		m->waiting++;
		if (m->oldest == TIME_NONE || since < m->oldest)
			m->oldest = since;
	}
	for (size_t i = 0; i < f->wait_n; i++) {
		const struct wait *w = &f->waits[i];
		struct measured *m = &all[w->group];
		int64_t business;

		if (w->taken_back)
			continue;
		if (!w->first) {
			samples_add(&m->next, w->to - w->from);
			continue;
		}
		business = facts_business(o->calendar, w->from, w->to);
		samples_add(&m->first, w->to - w->from);
		if (business != CELL_NONE)
			samples_add(&m->business, business);
		if (o->why)
			add_length(
			    m, (struct length){ w->to - w->from, business,
				   f->standings.v[w->conversation].id });
	}
	return all;
}

static void
add_why(struct table *t, struct cell *cell, struct measured *m)
{
	struct str *ids =
	    arena_calloc(&t->arena, m->length_n + 1, sizeof(*ids));
	struct str *notes =
	    arena_calloc(&t->arena, m->length_n + 1, sizeof(*notes));

	if (m->length_n > 0)
		qsort(m->lengths, m->length_n, sizeof(*m->lengths),
		    longest_first);
	for (size_t i = 0; i < m->length_n; i++) {
		const struct length *l = &m->lengths[i];
		char a[TIME_SIZE], b[TIME_SIZE];

		ids[i] = arena_dup(&t->arena, l->id);
		duration_format(l->calendar, a);
		if (l->business == CELL_NONE) {
			notes[i] = arena_printf(&t->arena, "%s", a);
			continue;
		}
		duration_format(l->business, b);
		notes[i] = arena_printf(&t->arena, "%s, business %s", a, b);
	}
	cell->list = ids;
	cell->notes = notes;
	cell->list_n = m->length_n;
}

static void
add_row(struct table *t, const struct group *g, struct measured *m,
    const struct report_options *o)
{
	struct cell *row = table_row(t);

	row[NAME] = cell_text(t, g->name);
	row[REQUESTS] = cell_count(g->requests);
	row[ANSWERS] = cell_count(g->answers);
	row[WAITING] = cell_count((int64_t)m->waiting);
	if (m->oldest != TIME_NONE)
		row[OLDEST] = cell_count(o->now - m->oldest);
	row[FIRST] = cell_count(samples_quantile(&m->first, 0.5));
	row[FIRST_P90] = cell_count(samples_quantile(&m->first, 0.9));
	row[BUSINESS] = cell_count(samples_quantile(&m->business, 0.5));
	row[BUSINESS_P90] = cell_count(samples_quantile(&m->business, 0.9));
	row[NEXT] = cell_count(samples_quantile(&m->next, 0.5));
	if (o->why)
		add_why(t, &row[WHY], m);
}

static int
by_name(const void *a, const void *b)
{
	const struct group *x = *(const struct group *const *)a;
	const struct group *y = *(const struct group *const *)b;

	return str_cmp(x->name, y->name);
}

/* Nobody, where all that was nobody's has become somebody's, is no row. */
static bool
people(const struct facts *f)
{
	return f->by == BY_AUTHOR || f->by == BY_ASSIGNEE;
}

struct table *
report_channels(struct facts *f, const struct report_options *o)
{
	struct table *t = make(f, o);
	struct measured *all = measure(f, o);
	const struct group **order = xcalloc(f->group_n, sizeof(*order));

	for (size_t i = 0; i < f->group_n; i++)
		order[i] = &f->groups[i];
	if (f->group_n > 0)
		qsort(order, f->group_n, sizeof(*order), by_name);
	for (size_t i = 0; i < f->group_n; i++)
		if (order[i]->requests + order[i]->answers > 0 || !people(f))
			add_row(t, order[i], &all[order[i] - f->groups], o);
	for (size_t i = 0; i < f->group_n; i++) {
		samples_release(&all[i].first);
		samples_release(&all[i].business);
		samples_release(&all[i].next);
		free(all[i].lengths);
	}
	free(all);
	free(order);
	return t;
}
