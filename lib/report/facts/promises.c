#include "report/facts/promises.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/vec.h"
#include "record/waiting/waiting.h"

/* A conversation on its way. */
struct way {
	const struct promises_reader *r;
	const struct moment
	    *matter; /* names and the last word on it; or NULL */
	int64_t resolve, update, answered; /* TIME_NONE */
	bool counts, update_counts;
	const struct promise_names *update_names;
};

uint32_t
promises_add(struct promises *all, const struct moment *m)
{
	vec_hold(all->v, all->n, all->cap, 1);
	all->v[all->n++] = *m;
	return (uint32_t)all->n;
}

void
promises_release(struct promises *all)
{
	free(all->v);
	*all = (struct promises){ 0 };
}

static void
tell(const struct way *w, bool update, int64_t until, int64_t at, bool over)
{
	struct promise_outcome o = {
		.names = update ? w->update_names : &w->matter->names,
		.update = update,
		.end = at <= until ? (over ? PROMISE_KEPT : PROMISE_RUNNING)
				   : (over ? PROMISE_BROKEN : PROMISE_OVERDUE),
		.late = at <= until ? 0 : at - until,
	};

	if (update ? w->update_counts : w->counts)
		w->r->told(w->r->arg, &o);
}

/* The matter ends: over, or at the time of the report while it waits. */
static void
end_matter(struct way *w, int64_t at, bool over)
{
	if (w->matter != NULL && w->resolve != TIME_NONE)
		tell(w, false, w->resolve, at, over);
	w->matter = NULL;
	w->resolve = TIME_NONE;
}

/* Where nobody says that it is done the last answer was the end of it. */
static void
rest(struct way *w)
{
	end_matter(w, w->answered, true);
	w->update = w->answered = TIME_NONE;
}

static void
pass(struct way *w, const struct moment *m)
{
	switch (m->is) {
	case MOMENT_ASKED:
		if (w->answered != TIME_NONE &&
		    m->at - w->answered > MATTER_REST)
			rest(w);
		if (w->matter == NULL)
			w->counts = m->counts;
		w->matter = m;
		w->resolve = m->resolve;
		break;
	case MOMENT_ANSWERED:
		if (w->update != TIME_NONE)
			tell(w, true, w->update, m->at, true);
		w->update = m->update;
		w->update_counts = m->counts;
		w->update_names = &m->names;
		w->answered = m->at;
		break;
	case MOMENT_DONE:
		/* Until then they should have heard of us. */
		if (w->update != TIME_NONE && m->at > w->update)
			tell(w, true, w->update, m->at, true);
		end_matter(w, m->at, true);
		w->update = w->answered = TIME_NONE;
		break;
	}
}

static void
finish(struct way *w, uint32_t conversation)
{
	if (!w->r->waits(w->r->arg, conversation)) {
		if (w->answered != TIME_NONE)
			rest(w);
		return;
	}
	if (w->update != TIME_NONE)
		tell(w, true, w->update, w->r->now, false);
	end_matter(w, w->r->now, false);
}

static int
in_order(const void *a, const void *b)
{
	const struct moment *x = *(const struct moment *const *)a;
	const struct moment *y = *(const struct moment *const *)b;

	if (x->conversation != y->conversation)
		return x->conversation < y->conversation ? -1 : 1;
	return x < y ? -1 : x > y;
}

void
promises_tell(const struct promises *all, const struct promises_reader *r)
{
	const struct moment **order = xcalloc(all->n, sizeof(*order));

	for (size_t i = 0; i < all->n; i++)
		order[i] = &all->v[i];
	if (all->n > 0)
		qsort(order, all->n, sizeof(*order), in_order);
	for (size_t i = 0, k; i < all->n; i = k) {
		struct way w = { .r = r,
			.resolve = TIME_NONE,
			.update = TIME_NONE,
			.answered = TIME_NONE };
		uint32_t conversation = order[i]->conversation;

		for (k = i;
		     k < all->n && order[k]->conversation == conversation; k++)
			if (!order[k]->failed)
				pass(&w, order[k]);
		finish(&w, conversation);
	}
	free(order);
}
