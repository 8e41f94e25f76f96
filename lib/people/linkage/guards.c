/*
 * What stops a link whatever it scores: rules, no statistics.
 */
#include "people/linkage/inside.h"

#include "core/alloc.h"

bool
guards_any(const struct linkage *l)
{
	return l->aparts.n > 0 || l->accounts.n > 0;
}

void
linkage_apart(struct linkage *l, uint32_t a, uint32_t b)
{
	vec_add(&l->aparts, (struct apart){ a, b });
	vec_add(&l->aparts, (struct apart){ b, a });
}

void
linkage_account(struct linkage *l, uint32_t row, uint64_t kind, uint64_t value)
{
	vec_add(&l->accounts, (struct account){ row, kind, value });
}

static int
by_pair(const void *x, const void *y)
{
	const struct apart *a = x, *b = y;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

static int
by_row(const void *x, const void *y)
{
	const struct account *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

void
guards_settle(struct linkage *l)
{
	if (l->aparts.n > 0)
		qsort(l->aparts.v, l->aparts.n, sizeof(*l->aparts.v), by_pair);
	if (l->accounts.n > 0)
		qsort(l->accounts.v, l->accounts.n, sizeof(*l->accounts.v),
		    by_row);
}

static bool
is_apart(const struct linkage *l, uint32_t a, uint32_t b)
{
	struct apart x = { a, b };

	return l->aparts.n > 0 && bsearch(&x, l->aparts.v, l->aparts.n,
				      sizeof(x), by_pair) != NULL;
}

/* The first account of a row. */
static size_t
accounts_of(const struct linkage *l, uint32_t row)
{
	size_t low = 0, high = l->accounts.n;

	while (low < high) {
		size_t at = (low + high) / 2;

		if (l->accounts.v[at].row < row)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

/* Of one kind they have each another one. */
static bool
accounts_differ(const struct linkage *l, uint32_t a, uint32_t b)
{
	const struct account *v = l->accounts.v;
	size_t n = l->accounts.n, i = accounts_of(l, a);

	for (; i < n && v[i].row == a; i++)
		for (size_t j = accounts_of(l, b); j < n && v[j].row == b; j++)
			if (v[i].kind == v[j].kind && v[i].value != v[j].value)
				return true;
	return false;
}

enum linkage_stop
guards_of(const struct linkage *l, uint32_t a, uint32_t b)
{
	if (is_apart(l, a, b))
		return LINKAGE_DIFFERENT;
	return accounts_differ(l, a, b) ? LINKAGE_ACCOUNTS : LINKAGE_JOINED;
}
