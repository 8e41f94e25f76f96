#include "route/work/work.h"

#include <stdlib.h>

#include "core/vec.h"
#include "route/work/parts.h"

int
work_open(struct work *w, const char *dir, bool hold, struct err *e)
{
	*w = (struct work){ .holds = hold || dir != NULL, .ops = &work_memory };
	return dir == NULL ? 0 : work_sqlite(w, dir, e);
}

void
work_close(struct work *w)
{
	if (w->ops != NULL)
		w->ops->close(w);
	free(w->assignments);
	standings_release(&w->standings);
	intern_release(&w->words);
	map_release(&w->loads);
	map_release(&w->turns);
	*w = (struct work){ 0 };
}

bool
work_holds(const struct work *w)
{
	return w->holds;
}

int
work_commit(struct work *w, struct err *e)
{
	return w->ops->commit == NULL ? 0 : w->ops->commit(w, e);
}

/* Places for standings that came since. */
static struct assignment *
place_of(struct work *w, const struct standing *t)
{
	size_t at = (size_t)(t - w->standings.v);

	for (; w->n <= at; w->n++) {
		vec_hold(w->assignments, w->n, w->cap, 1);
		w->assignments[w->n] = (struct assignment){ .due = TIME_NONE };
	}
	return &w->assignments[at];
}

static void
load_soon(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch((const char *)p + i, 1);
}

void
work_soon(const struct work *w, uint64_t hash, enum map_piece piece)
{
	size_t i = map_soon(&w->standings.index, hash, piece);

	if (piece != MAP_ENTRY || i >= w->n)
		return;
	load_soon(&w->standings.v[i], sizeof(*w->standings.v));
	load_soon(&w->assignments[i], sizeof(*w->assignments));
}

int
work_find(struct work *w, struct str conversation, struct standing **t,
    struct assignment **p, struct err *e)
{
	size_t had = w->standings.n;

	*t = standings_put(&w->standings, conversation);
	*p = place_of(w, *t);
	if (w->ops->load == NULL || w->standings.n == had)
		return 0;
	return w->ops->load(w, *t, *p, e);
}

struct standing *
work_add(struct work *w, struct record *r, const struct said *k,
    struct assignment **p)
{
	struct standing *t = standings_take(&w->standings, r, k, NULL);

	*p = t == NULL ? NULL : place_of(w, t);
	return t;
}

static void
count(struct work *w, struct str assignee, int64_t add)
{
	uint64_t *at = map_put(&w->loads, assignee, NULL);

	*at = (uint64_t)((int64_t)*at + add);
}

void
work_assign(struct work *w, struct assignment *p, struct str assignee)
{
	if (p->counted && str_eq(p->is.what[WHAT_ASSIGNEE], assignee))
		return;
	if (p->counted)
		count(w, p->is.what[WHAT_ASSIGNEE], -1);
	p->is.what[WHAT_ASSIGNEE] = assignee;
	p->counted = assignee.p != NULL;
	if (p->counted)
		count(w, assignee, 1);
}

void
work_done(struct work *w, struct assignment *p)
{
	if (p->counted)
		count(w, p->is.what[WHAT_ASSIGNEE], -1);
	p->counted = false;
	p->due = TIME_NONE;
	w->ops->drop(w, p);
}

int
work_save(struct work *w, const struct standing *t, const struct assignment *p,
    struct err *e)
{
	return w->ops->save == NULL ? 0 : w->ops->save(w, t, p, e);
}

int
work_others(struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->standings.others.n; i++) {
		const struct standing *t =
		    &w->standings.v[w->standings.others.v[i].at];
		struct assignment *p = place_of(w, t);

		if (t->waiting_since == TIME_NONE)
			work_done(w, p);
		if (work_save(w, t, p, e) != 0)
			return -1;
	}
	return 0;
}

static uint64_t
load_of(const struct work *w, const struct member *m)
{
	const uint64_t *at = map_get(&w->loads, m->name);

	return at == NULL ? 0 : *at;
}

/* Who had the last turn; n where nobody had. */
static size_t
last_turn(const struct work *w, const struct team *t)
{
	const uint64_t *at = map_get(&w->turns, t->is.name);
	size_t i;

	if (at == NULL)
		return t->n;
	for (i = 0; i < t->n; i++)
		if (str_eq(t->members[i].name,
			intern_word(&w->words, (uint32_t)*at - 1)))
			break;
	return i;
}

/* a carries less of what they can than b; without bounds, less. */
static bool
lighter(const struct member *a, uint64_t a_carries, const struct member *b,
    uint64_t b_carries)
{
	if (a->capacity > 0 && b->capacity > 0)
		return a_carries * (uint64_t)b->capacity <
		       b_carries * (uint64_t)a->capacity;
	return a_carries < b_carries;
}

struct str
work_next(struct work *w, const struct team *t)
{
	bool by_turns = t->assign == ASSIGN_ROUND_ROBIN;
	size_t last, i, at, best = t->n;
	uint64_t carries = 0, least = 0;
	const struct member *m;

	if (t->n == 0 || t->assign == ASSIGN_NOBODY)
		return STR_NONE;
	last = last_turn(w, t);
	for (i = 0; i < t->n && (best == t->n || !by_turns); i++) {
		at = last == t->n ? i : (last + 1 + i) % t->n;
		m = &t->members[at];
		if (m->capacity >= 0 || !by_turns)
			carries = load_of(w, m);
		if (m->capacity >= 0 && carries >= (uint64_t)m->capacity)
			continue;
		if (best == t->n ||
		    lighter(m, carries, &t->members[best], least)) {
			best = at;
			least = carries;
		}
	}
	if (best == t->n)
		return STR_NONE;
	work_set_turn(w, t->is.name, t->members[best].name);
	return t->members[best].name;
}

int
work_keep_turn(struct work *w, const struct team *t, struct err *e)
{
	const uint64_t *at;

	if (w->ops->save_turn == NULL ||
	    (at = map_get(&w->turns, t->is.name)) == NULL)
		return 0;
	return w->ops->save_turn(
	    w, t->is.name, intern_word(&w->words, (uint32_t)*at - 1), e);
}

int
work_seen(struct work *w, struct str id, struct str *route, struct err *e)
{
	return w->ops->seen == NULL ? 0 : w->ops->seen(w, id, route, e);
}

int
work_see(struct work *w, struct str id, struct str route, struct str record,
    struct assignment *p, struct err *e)
{
	return w->ops->see(w, id, route, record, p, e);
}

int
work_sweep(struct work *w, bool all, struct err *e)
{
	return w->ops->sweep == NULL ? 0 : w->ops->sweep(w, all, e);
}

static int
by_due(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return str_cmp(x->conversation, y->conversation);
}

int
work_overdue(struct work *w, int64_t now, struct arena *a, struct late **out,
    size_t *n, struct err *e)
{
	*n = 0;
	if (w->ops->overdue(w, now, a, out, n, e) != 0)
		return -1;
	if (*n > 0)
		qsort(*out, *n, sizeof(**out), by_due);
	return 0;
}
