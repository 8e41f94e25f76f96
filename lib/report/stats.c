#include "report/stats.h"

#include <math.h>
#include <stdlib.h>

#include "core/vec.h"

void
samples_add(struct samples *s, int64_t value)
{
	vec_add(s, value);
	s->sorted = 0;
}

void
samples_release(struct samples *s)
{
	vec_release(s);
	*s = (struct samples){ 0 };
}

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

int64_t
samples_quantile(struct samples *s, double q)
{
	size_t rank;

	if (s->n == 0)
		return INT64_MIN;
	if (!s->sorted)
		qsort(s->v, s->n, sizeof(*s->v), ascending);
	s->sorted = 1;
	rank = (size_t)ceil(q * (double)s->n);
	return s->v[rank == 0 ? 0 : rank - 1];
}
