#include "report/facts/silences.h"

#include <stdlib.h>

#include "core/alloc.h"

void
silences_release(struct silences *all)
{
	free(all->v);
	intern_release(&all->channels);
	arena_release(&all->arena);
}

struct silent *
silences_at(struct silences *all, size_t at)
{
	size_t cap = all->cap == 0 ? 64 : all->cap;

	while (cap <= at)
		cap *= 2;
	if (cap > all->cap) {
		all->v = xreallocarray(all->v, cap, sizeof(*all->v));
		for (; all->cap < cap; all->cap++)
			all->v[all->cap] = (struct silent){ .is = SILENCE_NEW };
	}
	return &all->v[at];
}

static struct str
name_of(struct record *r)
{
	static const char *const members[] = { "name", "email", "tel", "uri" };
	struct json to = json_at(record_get(r, "to"), 0);
	struct str s = STR_NONE;

	for (size_t i = 0; i < 4 && s.n == 0; i++)
		s = json_str(json_get(to, members[i]), record_arena(r));
	return s;
}

bool
silences_take(struct silences *all, size_t at, const struct standing *h,
    struct record *r, const struct said *k)
{
	struct silent *x = silences_at(all, at);
	struct str name;

	if (!silence_take(&x->is, h, r, k, SILENCE_TEMPLATE) ||
	    (k->at != TIME_NONE && k->at < x->is.ours))
		return false;
	x->channel = intern_str(&all->channels, record_str(r, "channel"));
	arena_replace(&all->arena, &x->id, record_str(r, "id"));
	if (x->name.p == NULL && (name = name_of(r)).n > 0)
		x->name = arena_dup(&all->arena, name);
	return true;
}
