/* How each channel answers. */
#include "insight/kinds.h"
#include "insight/stats.h"

#include <stdlib.h>

#include "core/alloc.h"

enum {
	NAME,
	REQUESTS,
	ANSWERS,
	TALKS,
	WAITING,
	OLDEST,
	FIRST,
	FIRST_P90,
	BUSINESS,
	BUSINESS_P90,
	NEXT,
	WHY,
};

static struct table *
make(const struct report_options *o)
{
	struct table *t = table_new("channels", "How each channel answers",
	    "A conversation counts for the channel of its first request. First "
	    "reply: from the first request to the first human answer, only "
	    "where there is one; automatic messages never count. Next reply: "
	    "from the oldest unanswered later request to the answer. Median "
	    "and p90 by the nearest rank. Business time runs only in the "
	    "calendar's hours. Waiting: conversations whose last word is the "
	    "customer's.",
	    "No messages.");
	bool business = o->calendar != NULL;

	t->chart = CHART_BARS;
	table_column(t, "channel", "channel", CELL_NAME, 0);
	table_column(t, "requests", "requests", CELL_COUNT, 0);
	table_column(t, "answers", "answers", CELL_COUNT, 0);
	table_column(t, "conversations", "conversations", CELL_COUNT, 0);
	table_column(t, "waiting", "waiting", CELL_COUNT, COLUMN_WARN);
	table_column(t, "longestWait", "longest wait", CELL_DURATION, 0);
	table_column(t, "firstReplyMedian", "first reply", CELL_DURATION,
	    (!business ? COLUMN_BAR : 0));
	table_column(t, "firstReplyP90", "p90", CELL_DURATION,
	    (!business ? COLUMN_TICK : 0));
	table_column(t, "firstReplyBusinessMedian", "in business hours",
	    CELL_HOURS,
	    (business ? COLUMN_BAR : 0) | (!business ? COLUMN_HIDDEN : 0));
	table_column(t, "firstReplyBusinessP90", "p90", CELL_HOURS,
	    (business ? COLUMN_TICK : 0) | (!business ? COLUMN_HIDDEN : 0));
	table_column(t, "nextReplyMedian", "next reply", CELL_DURATION, 0);
	table_column(t, "why", "conversations", CELL_LIST,
	    (!o->why ? COLUMN_HIDDEN : 0));
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

/* The waits of one channel. */
struct channel {
	struct samples first, business, next;
	struct length *lengths;
	size_t length_n, talks, waiting;
	int64_t oldest;
};

static void
count_talks(struct facts *f, struct str name, struct channel *c)
{
	for (size_t i = 0; i < f->threads.n; i++) {
		const struct thread *th = &f->threads.v[i];

		if (!str_eq(f->talks[i].first_channel, name))
			continue;
		c->talks++;
		if (th->waiting_since == TIME_NONE)
			continue;
		c->waiting++;
		if (c->oldest == TIME_NONE || th->waiting_since < c->oldest)
			c->oldest = th->waiting_since;
	}
}

static void
measure(struct facts *f, const struct report_options *o, struct str name,
    struct channel *c)
{
	c->lengths = xcalloc(f->wait_n, sizeof(*c->lengths));
	for (size_t i = 0; i < f->wait_n; i++) {
		const struct wait *w = &f->waits[i];
		int64_t business;

		if (!str_eq(f->talks[w->talk].first_channel, name))
			continue;
		if (!w->first) {
			samples_add(&c->next, w->to - w->from);
			continue;
		}
		business = facts_business(o->calendar, w->from, w->to);
		samples_add(&c->first, w->to - w->from);
		if (business != CELL_NONE)
			samples_add(&c->business, business);
		c->lengths[c->length_n++] = (struct length){ w->to - w->from,
			business, f->threads.v[w->talk].id };
	}
	qsort(c->lengths, c->length_n, sizeof(*c->lengths), longest_first);
}

static void
add_why(struct table *t, struct cell *cell, const struct channel *c)
{
	struct str *ids =
	    arena_calloc(&t->arena, c->length_n + 1, sizeof(*ids));
	struct str *notes =
	    arena_calloc(&t->arena, c->length_n + 1, sizeof(*notes));

	for (size_t i = 0; i < c->length_n; i++) {
		const struct length *l = &c->lengths[i];
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
	cell->list_n = c->length_n;
}

static void
add_row(struct table *t, struct facts *f, const struct report_options *o,
    const struct map_entry *entry)
{
	struct channel c = { .oldest = TIME_NONE };
	struct cell *row = table_row(t);

	count_talks(f, entry->key, &c);
	measure(f, o, entry->key, &c);
	row[NAME] = cell_text(t, entry->key);
	row[REQUESTS] = cell_count((int64_t)(entry->value >> 32));
	row[ANSWERS] = cell_count((int64_t)(entry->value & UINT32_MAX));
	row[TALKS] = cell_count((int64_t)c.talks);
	row[WAITING] = cell_count((int64_t)c.waiting);
	if (c.oldest != TIME_NONE)
		row[OLDEST] = cell_count(o->now - c.oldest);
	row[FIRST] = cell_count(samples_quantile(&c.first, 0.5));
	row[FIRST_P90] = cell_count(samples_quantile(&c.first, 0.9));
	row[BUSINESS] = cell_count(samples_quantile(&c.business, 0.5));
	row[BUSINESS_P90] = cell_count(samples_quantile(&c.business, 0.9));
	row[NEXT] = cell_count(samples_quantile(&c.next, 0.5));
	if (o->why)
		add_why(t, &row[WHY], &c);
	samples_release(&c.first);
	samples_release(&c.business);
	samples_release(&c.next);
	free(c.lengths);
}

static int
by_key(const void *a, const void *b)
{
	const struct map_entry *x = a, *y = b;

	return str_cmp(x->key, y->key);
}

struct table *
report_channels(struct facts *f, const struct report_options *o)
{
	struct table *t = make(o);
	struct map_entry *order =
	    xcalloc(f->channels.n, sizeof(*f->channels.entries));

	for (size_t i = 0; i < f->channels.n; i++)
		order[i] = f->channels.entries[i];
	qsort(order, f->channels.n, sizeof(*order), by_key);
	for (size_t i = 0; i < f->channels.n; i++)
		add_row(t, f, o, &order[i]);
	free(order);
	return t;
}
