/*
 * Open work of one run: of what waits the record is kept where somebody will
 * ask.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "route/work/parts.h"

static void
memory_drop(struct work *w, struct assignment *p)
{
	(void)w;
	free(p->record);
	p->record = NULL;
	p->rests = TIME_NONE;
}

/* Those whose time is over go; the list is as long as what it holds. */
static void
let_go(struct work *w)
{
	struct rest_list *all = &w->rest;

	for (;
	     w->rest_from < all->n && work_is_over(w, all->v[w->rest_from].at);
	     w->rest_from++) {
		const struct resting *x = &all->v[w->rest_from];
		struct assignment *p = &w->assignments[x->row];

		if (p->rests == x->at)
			memory_drop(w, p);
	}
	if (w->rest_from * 2 < all->n)
		return;
	all->n -= w->rest_from;
	memmove(all->v, all->v + w->rest_from, all->n * sizeof(*all->v));
	w->rest_from = 0;
}

static void
memory_rest(struct work *w, struct assignment *p, int64_t at)
{
	p->rests = at;
	vec_add(&w->rest, ((struct resting){ p - w->assignments, at }));
	let_go(w);
}

static int
memory_wake(struct work *w, struct assignment *p, struct err *e)
{
	(void)e;
	if (work_is_over(w, p->rests))
		memory_drop(w, p);
	p->rests = TIME_NONE;
	return 0;
}

static void
memory_close(struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		memory_drop(w, &w->assignments[i]);
}

static int
memory_see(struct work *w, struct str id, struct str route, struct str record,
    struct assignment *p, struct err *e)
{
	(void)id, (void)route, (void)e;
	if (!w->holds || p == NULL || record.p == NULL)
		return 0;
	memory_drop(w, p);
	p->record = xmemdup0(record.p, record.n);
	p->record_bytes = record.n;
	return 0;
}

static int
memory_overdue(struct work *w, int64_t now, struct arena *a, struct late **out,
    size_t *n, struct err *e)
{
	(void)e;
	*out = arena_calloc(a, w->n + 1, sizeof(**out));
	for (size_t i = 0; i < w->n; i++) {
		const struct assignment *p = &w->assignments[i];

		if (p->record == NULL || p->due == TIME_NONE || p->due >= now)
			continue;
		(*out)[(*n)++] = (struct late){
			.conversation = w->standings.v[i].id,
			.record = str_make(p->record, p->record_bytes),
			.due = p->due,
			.since = w->standings.v[i].waiting_since,
		};
	}
	return 0;
}

const struct work_ops work_memory = {
	.close = memory_close,
	.see = memory_see,
	.drop = memory_drop,
	.rest = memory_rest,
	.wake = memory_wake,
	.overdue = memory_overdue,
};
