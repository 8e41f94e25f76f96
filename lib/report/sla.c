/* Promises kept and broken; and who moves between which channels. */
#include "report/kinds.h"
#include "report/stats.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/vec.h"

/* What a level promises, in the order of the table. */
enum promised { FIRST_REPLY, NEXT_REPLY, RESOLVE, UPDATE };

static const char *const promised_names[] = { "first", "next", "resolve",
	"update" };

/* One promise of a level of service to a team's customers. */
struct level {
	struct promise_names names;
	enum promised of;
	int64_t met, breached, running, overdue;
	struct samples late;
};

struct levels {
	struct level *v;
	size_t n, cap;
	const struct facts *facts;
};

static struct level *
level_of(
    struct levels *all, const struct promise_names *names, enum promised of)
{
	for (size_t i = 0; i < all->n; i++) {
		struct level *l = &all->v[i];

		if (l->of == of && str_eq(l->names.service, names->service) &&
		    str_eq(l->names.priority, names->priority) &&
		    str_eq(l->names.team, names->team))
			return l;
	}
	vec_add(all, (struct level){ .names = *names, .of = of });
	return &all->v[all->n - 1];
}

static void
count(struct level *l, enum promise_end end, int64_t late)
{
	l->met += end == PROMISE_KEPT;
	l->breached += end == PROMISE_BROKEN;
	l->running += end == PROMISE_RUNNING;
	l->overdue += end == PROMISE_OVERDUE;
	if (end == PROMISE_BROKEN || end == PROMISE_OVERDUE)
		samples_add(&l->late, late);
}

static void
collect_replies(struct levels *all, const struct facts *f, int64_t now)
{
	for (size_t i = 0; i < f->wait_n; i++) {
		const struct wait *w = &f->waits[i];

		if (w->reply_due == TIME_NONE || w->taken_back)
			continue;
		count(level_of(all,
			  &(struct promise_names){
			      w->service, w->priority, w->team },
			  w->first ? FIRST_REPLY : NEXT_REPLY),
		    w->to <= w->reply_due ? PROMISE_KEPT : PROMISE_BROKEN,
		    w->to - w->reply_due);
	}
	for (size_t i = 0; i < f->standings.n; i++) {
		const struct conversation_facts *c = &f->conversations[i];

		if (!facts_waits(f, i) || c->reply_due == TIME_NONE)
			continue;
		count(level_of(all,
			  &(struct promise_names){
			      c->service, c->priority, c->team },
			  f->standings.v[i].first_answer == TIME_NONE
			      ? FIRST_REPLY
			      : NEXT_REPLY),
		    now <= c->reply_due ? PROMISE_RUNNING : PROMISE_OVERDUE,
		    now - c->reply_due);
	}
}

static bool
waits(void *arg, uint32_t conversation)
{
	const struct levels *all = arg;

	return all->facts->standings.v[conversation].waiting_since != TIME_NONE;
}

static void
take_outcome(void *arg, const struct promise_outcome *o)
{
	count(level_of(arg, o->names, o->update ? UPDATE : RESOLVE), o->end,
	    o->late);
}

static int
in_order(const void *a, const void *b)
{
	const struct level *x = a, *y = b;
	int c = str_cmp(x->names.service, y->names.service);

	if (c == 0)
		c = str_cmp(x->names.priority, y->names.priority);
	if (c == 0)
		c = str_cmp(x->names.team, y->names.team);
	return c != 0 ? c : (int)x->of - (int)y->of;
}

static bool
any_service(const struct levels *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].names.service.n > 0)
			return true;
	return false;
}

struct table *
report_sla(struct facts *f, const struct report_options *o)
{
	struct table *t = table_new("sla", "Promises kept and broken",
	    "Each wait with a due time, by priority, team, and first or next "
	    "reply; of levels that promise it each matter that is to be "
	    "resolved, and each of our answers that another one is to follow "
	    "(update) for as long as the matter goes on. Kept: answered by "
	    "then, or resolved. Broken: later. Overdue: not yet, and past due. "
	    "Running: not yet, still in time. Kept of all: kept / (kept + "
	    "broken + overdue). Late by: how long past due, median of broken "
	    "and overdue.",
	    "No record has a due time: kith route gives one, by rules with "
	    "service levels.");
	struct levels all = { .facts = f };
	bool levels;
	struct promises_reader reader = {
		.arg = &all, .waits = waits, .told = take_outcome, .now = o->now
	};

	collect_replies(&all, f, o->now);
	promises_tell(&f->promises, &reader);
	levels = any_service(&all);
	table_column(t, "priority", "priority", CELL_NAME, 0);
	table_column(t, "team", "team", CELL_NAME, 0);
	table_column(t, "reply", "reply", CELL_NAME, 0);
	table_column(t, "met", "kept", CELL_COUNT, 0);
	table_column(t, "breached", "broken", CELL_COUNT, COLUMN_WARN);
	table_column(t, "overdue", "overdue", CELL_COUNT, COLUMN_WARN);
	table_column(t, "running", "running", CELL_COUNT, 0);
	table_column(t, "metPercent", "kept of all, %", CELL_COUNT, COLUMN_BAR);
	table_column(t, "lateMedian", "late by", CELL_DURATION, 0);
	if (levels)
		table_column(t, "service", "level", CELL_NAME, 0);
	t->chart = CHART_BARS;
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), in_order);
	for (size_t i = 0; i < all.n; i++) {
		struct level *l = &all.v[i];
		int64_t ended = l->met + l->breached + l->overdue;
		struct cell *row = table_row(t);

		row[0] = cell_text(t, l->names.priority);
		row[1] = cell_text(t, l->names.team);
		row[2] = cell_text(t, str_of(promised_names[l->of]));
		row[3] = cell_count(l->met);
		row[4] = cell_count(l->breached);
		row[5] = cell_count(l->overdue);
		row[6] = cell_count(l->running);
		if (ended > 0)
			row[7] = cell_count(l->met * 100 / ended);
		row[8] = cell_count(samples_quantile(&l->late, 0.5));
		if (levels)
			row[9] = cell_text(t, l->names.service);
		samples_release(&l->late);
	}
	free(all.v);
	return t;
}

static int
most_first(const void *a, const void *b)
{
	const struct move *x = *(const struct move *const *)a;
	const struct move *y = *(const struct move *const *)b;
	int c;

	if (x->times != y->times)
		return x->times > y->times ? -1 : 1;
	c = str_cmp(x->from, y->from);
	return c != 0 ? c : str_cmp(x->to, y->to);
}

static void
add_people(struct table *t, struct cell *cell, const struct move *m)
{
	struct str *ids = arena_calloc(&t->arena, m->who.n, sizeof(*ids));

	for (size_t i = 0; i < m->who.n; i++)
		ids[i] = arena_dup(&t->arena, m->who.entries[i].key);
	cell->list = ids;
	cell->list_n = m->who.n;
}

struct table *
report_journeys(struct facts *f, const struct report_options *o)
{
	struct table *t = table_new("journeys",
	    "Who moves between which channels",
	    "A move is a person's request on another channel than their "
	    "request before. Unanswered: the conversation still waited for us "
	    "when they moved. After: time between the two requests, median by "
	    "the nearest rank.",
	    "Nobody moved between channels.");
	const struct move **order = xcalloc(f->move_n, sizeof(*order));

	table_column(t, "from", "from", CELL_NAME, 0);
	table_column(t, "to", "to", CELL_NAME, 0);
	table_column(t, "moves", "moves", CELL_COUNT, COLUMN_BAR);
	table_column(t, "people", "people", CELL_COUNT, 0);
	table_column(t, "unanswered", "unanswered", CELL_COUNT, COLUMN_WARN);
	table_column(t, "afterMedian", "after", CELL_DURATION, 0);
	table_column(t, "why", "people", CELL_LIST, o->why ? 0 : COLUMN_HIDDEN);
	for (size_t i = 0; i < f->move_n; i++)
		order[i] = &f->moves[i];
	if (f->move_n > 0)
		qsort(order, f->move_n, sizeof(*order), most_first);
	for (size_t i = 0; i < f->move_n; i++) {
		const struct move *m = order[i];
		struct cell *row = table_row(t);
		struct samples gaps = { 0 };

		for (size_t k = 0; k < m->gap_n; k++)
			samples_add(&gaps, m->gaps[k]);
		row[0] = cell_text(t, m->from);
		row[1] = cell_text(t, m->to);
		row[2] = cell_count(m->times);
		row[3] = cell_count(m->people);
		row[4] = cell_count(m->unanswered);
		row[5] = cell_count(samples_quantile(&gaps, 0.5));
		if (o->why)
			add_people(t, &row[6], m);
		samples_release(&gaps);
	}
	free(order);
	return t;
}
