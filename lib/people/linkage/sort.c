/*
 * Radix sort, eleven bits at a time, of the bits that differ at all.
 */
#include "people/linkage/inside.h"

enum { DIGIT = 11, BUCKETS = 1 << DIGIT, SMALL = 48 };

static void
sort_small(struct keyed *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct keyed x = v[i];
		size_t j = i;

		for (; j > 0 && v[j - 1].key > x.key; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

void
sort_keyed(struct keyed *v, struct keyed *spare, size_t n)
{
	struct keyed *from = v, *to = spare, *swap;
	uint64_t any = 0;

	if (n <= SMALL) {
		sort_small(v, n);
		return;
	}
	for (size_t i = 1; i < n; i++)
		any |= v[i].key ^ v[0].key;
	for (unsigned shift = 0; shift < 64; shift += DIGIT) {
		uint32_t at[BUCKETS] = { 0 }, sum = 0;

		if ((any >> shift & (BUCKETS - 1)) == 0)
			continue;
		for (size_t i = 0; i < n; i++)
			at[from[i].key >> shift & (BUCKETS - 1)]++;
		for (size_t i = 0; i < BUCKETS; i++) {
			uint32_t count = at[i];

			at[i] = sum;
			sum += count;
		}
		for (size_t i = 0; i < n; i++)
			to[at[from[i].key >> shift & (BUCKETS - 1)]++] =
			    from[i];
		swap = from;
		from = to;
		to = swap;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
}
