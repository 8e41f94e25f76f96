#include "report/silences.h"

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

/* Writes over the old text where the new one fits: ids are of one length. */
static void
replace(struct silences *all, struct str *old, struct str s)
{
	if (old->p != NULL && s.n > 0 && s.n <= old->n)
		*old = str_make(memcpy((char *)old->p, s.p, s.n), s.n);
	else
		*old = s.n == 0 ? STR_NONE : arena_dup(&all->arena, s);
}

bool
silences_take(struct silences *all, size_t at, const struct standing *h,
    struct record *r, const struct said *k)
{
	struct silent *x = silences_at(all, at);

	if (!silence_take(&x->is, h, r, k, SILENCE_TEMPLATE) ||
	    (k->at != TIME_NONE && k->at < x->is.ours))
		return false;
	x->channel = intern_str(&all->channels, record_str(r, "channel"));
	replace(all, &x->id, record_str(r, "id"));
	if (x->name.p == NULL)
		replace(all, &x->name, name_of(r));
	return true;
}
