#include "core/text/nearest.h"

enum { NAME_BYTES = 63 };

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

static unsigned
distance(struct str a, struct str b)
{
	unsigned rows[3][NAME_BYTES + 1], *prev2 = rows[0], *prev = rows[1];
	unsigned *row = rows[2], *swap, cost;
	size_t i, j;

	for (j = 0; j <= b.n; j++)
		prev[j] = prev2[j] = (unsigned)j;
	for (i = 1; i <= a.n; i++) {
		row[0] = (unsigned)i;
		for (j = 1; j <= b.n; j++) {
			cost = a.p[i - 1] != b.p[j - 1];
			row[j] = least(
			    prev[j] + 1, row[j - 1] + 1, prev[j - 1] + cost);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] &&
			    prev2[j - 2] + 1 < row[j])
				row[j] = prev2[j - 2] + 1;
		}
		swap = prev2;
		prev2 = prev;
		prev = row;
		row = swap;
	}
	return prev[b.n];
}

const char *
nearest(struct str s, const char *const *names, size_t n)
{
	unsigned limit, d, best;
	const char *found = NULL;
	struct str name;
	size_t i;

	if (s.n == 0 || s.n > NAME_BYTES)
		return NULL;
	limit = s.n < 6 ? 1 + (s.n > 3) : (unsigned)(s.n / 3);
	best = limit + 1;
	for (i = 0; i < n; i++) {
		name = str_of(names[i]);
		if (name.n > NAME_BYTES)
			continue;
		d = distance(s, name);
		if (d < best) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
