#include "source/equals.h"

#include <stdlib.h>

#include "core/alloc.h"

enum { SLOTS = 2 * EQUALS_SEEN };

void
equals_init(struct equals *q)
{
	*q = (struct equals){
		.now = xcalloc(SLOTS, sizeof(uint64_t)),
		.before = xcalloc(SLOTS, sizeof(uint64_t)),
	};
}

void
equals_release(struct equals *q)
{
	free(q->now);
	free(q->before);
}

/* Four lanes, since one multiplication waits for the other. */
static uint64_t
hash_of(struct str s, uint64_t seed)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t lane[4] = { seed ^ s.n, 1, 2, 3 }, w[4] = { 0 };
	size_t i = 0;

	for (; i + sizeof(w) <= s.n; i += sizeof(w)) {
		memcpy(w, s.p + i, sizeof(w));
		for (int k = 0; k < 4; k++)
			lane[k] = ((lane[k] << 7 | lane[k] >> 57) ^ w[k]) * odd;
	}
	memset(w, 0, sizeof(w));
	if (i < s.n)
		memcpy(w, s.p + i, s.n - i);
	for (int k = 0; k < 4; k++) {
		lane[k] = ((lane[k] << 7 | lane[k] >> 57) ^ w[k]) * odd;
		lane[0] = (lane[0] ^ lane[k] >> 29) * odd;
	}
	return lane[0] ^ lane[0] >> 32;
}

/* The lowest byte of a slot counts. */
static uint64_t *
slot_of(uint64_t *table, uint64_t h)
{
	size_t i = (size_t)(h >> 40) % SLOTS;

	while (table[i] != 0 && (table[i] ^ h) >> 8 != 0)
		i = (i + 1) % SLOTS;
	return &table[i];
}

unsigned
equals_count(struct equals *q, struct str line, struct str beside)
{
	uint64_t seed = beside.n > 0 ? hash_of(beside, 0) : 0;
	uint64_t h = (hash_of(line, seed) | 0x100) & ~UINT64_C(0xff);
	uint64_t *slot = slot_of(q->now, h), *older;
	unsigned count;

	if (*slot == 0) {
		older = slot_of(q->before, h);
		*slot = *older != 0 ? *older : h;
		q->n++;
	}
	count = *slot & 0xff;
	if (count < 0xff)
		++*slot;
	if (q->n == EQUALS_SEEN) {
		older = q->before;
		q->before = q->now;
		q->now = older;
		memset(q->now, 0, SLOTS * sizeof(*q->now));
		q->n = 0;
	}
	return count;
}
