#include "route/rules/roster.h"

#include "core/vec.h"

void
roster_release(struct roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		vec_release(&r->v[i]);
	vec_release(r);
	map_release(&r->names);
	*r = (struct roster){ 0 };
}

struct roster_entry *
roster_put(struct roster *r, struct str name)
{
	bool fresh;
	uint64_t *at = map_put(&r->names, name, &fresh);
	struct roster_entry *e;

	if (!fresh)
		return &r->v[*at];
	*at = r->n;
	e = vec_new(r);
	*e = (struct roster_entry){ 0 };
	return e;
}

bool
roster_away(struct roster *r, struct str name, struct roster_span span)
{
	struct roster_entry *e = roster_put(r, name);

	r->any_away = true;
	if (e->n == ROSTER_SPANS)
		return false;
	*vec_new(e) = span;
	return true;
}

static int
by_start(const void *a, const void *b)
{
	const struct roster_span *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static void
join(struct roster_entry *e)
{
	size_t n = 0;

	if (e->n == 0)
		return;
	qsort(e->v, e->n, sizeof(*e->v), by_start);
	for (size_t i = 1; i < e->n; i++)
		if (e->v[i].from > e->v[n].to)
			e->v[++n] = e->v[i];
		else if (e->v[i].to > e->v[n].to)
			e->v[n].to = e->v[i].to;
	e->n = n + 1;
}

void
roster_settle(struct roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		join(&r->v[i]);
}

bool
roster_has(const struct roster *r, struct str name)
{
	return map_get(&r->names, name) != NULL;
}

int64_t
roster_back(const struct roster *r, struct str name, int64_t t)
{
	const uint64_t *at;
	const struct roster_entry *e;

	if (!r->any_away || t == TIME_NONE || name.p == NULL ||
	    (at = map_get(&r->names, name)) == NULL)
		return TIME_NONE;
	e = &r->v[*at];
	for (size_t i = 0; i < e->n && e->v[i].from <= t; i++)
		if (t < e->v[i].to)
			return e->v[i].to;
	return TIME_NONE;
}
