#include "text/search.h"

static uint32_t
slot_of(uint32_t three)
{
	return (three * UINT32_C(0x9e3779b1)) >> 21;
}
_Static_assert(SEARCH_SLOTS == 1 << (32 - 21), "a slot is of eleven bits");

static uint32_t
three_of(const char *p)
{
	return (uint32_t)(unsigned char)p[0] |
	       (uint32_t)(unsigned char)p[1] << 8 |
	       (uint32_t)(unsigned char)p[2] << 16;
}

/* clang-format off */
/* How common a byte is in running words, the more the higher. */
static const unsigned char common[256] = {
	['z'] = 1, ['q'] = 2, ['x'] = 3, ['j'] = 4, ['k'] = 5, ['v'] = 6,
	['b'] = 7, ['w'] = 8, ['g'] = 9, ['y'] = 10, ['p'] = 11, ['f'] = 12,
	['m'] = 13, ['c'] = 14, ['l'] = 15, ['u'] = 16, ['d'] = 17, ['r'] = 18,
	['h'] = 19, ['s'] = 20, ['n'] = 21, ['i'] = 22, ['o'] = 23, ['a'] = 24,
	['t'] = 25, ['e'] = 26, [' '] = 27,
};
/* clang-format on */

static size_t
rarest(struct str s)
{
	size_t best = 0;
	int least = INT32_MAX;

	for (size_t i = 0; i + SEARCH_BYTES <= s.n; i++) {
		int now = common[(unsigned char)s.p[i]] +
			  common[(unsigned char)s.p[i + 1]] +
			  common[(unsigned char)s.p[i + 2]];

		if (now >= least)
			continue;
		least = now;
		best = i;
	}
	return best;
}

/* Where the bytes of the hash begin in an entry. */
static size_t
window_of(struct str entry, enum search_place place)
{
	if (entry.n <= SEARCH_BYTES || place == SEARCH_BEGINNING)
		return 0;
	return place == SEARCH_END ? entry.n - SEARCH_BYTES : rarest(entry);
}

int
search_add(
    struct search *s, struct str entry, enum search_place place, unsigned tag)
{
	struct search_entry *e;
	uint16_t *first = &s->first_short;

	if (entry.n == 0 || entry.n > SEARCH_LONGEST || tag >= 64 ||
	    s->n == SEARCH_MAX)
		return -1;
	e = &s->v[s->n];
	*e = (struct search_entry){
		.p = entry.p,
		.n = (unsigned char)entry.n,
		.window = (unsigned char)window_of(entry, place),
		.tag = (unsigned char)tag,
	};
	if (entry.n >= SEARCH_BYTES)
		first = &s->first[slot_of(three_of(e->p + e->window))];
	e->next = *first;
	*first = (uint16_t)++s->n;
	return 0;
}

/* Those of a chain whose entries text begins or ends with. */
static uint64_t
found_in(const struct search *s, uint16_t i, struct str text, bool end,
    uint64_t wanted)
{
	uint64_t found = 0;

	for (; i != 0; i = s->v[i - 1].next) {
		const struct search_entry *e = &s->v[i - 1];
		struct str entry = str_make(e->p, e->n);

		if ((wanted >> e->tag & 1) != 0 &&
		    (end ? str_ends(text, entry) : str_starts(text, entry)))
			found |= UINT64_C(1) << e->tag;
	}
	return found;
}

uint64_t
search_beginning(const struct search *s, struct str text, uint64_t wanted)
{
	uint64_t found = found_in(s, s->first_short, text, false, wanted);

	if (text.n >= SEARCH_BYTES)
		found |= found_in(s, s->first[slot_of(three_of(text.p))], text,
		    false, wanted);
	return found;
}

uint64_t
search_end(const struct search *s, struct str text, uint64_t wanted)
{
	uint64_t found = found_in(s, s->first_short, text, true, wanted);
	const char *last;

	if (text.n < SEARCH_BYTES)
		return found;
	last = text.p + text.n - SEARCH_BYTES;
	return found | found_in(s, s->first[slot_of(three_of(last))], text,
			   true, wanted);
}

/* An entry that stands in a text: its tag, and it is counted. */
static uint64_t
take(const struct search *s, uint16_t i, struct search_count *count)
{
	unsigned tag = s->v[i - 1].tag;
	uint64_t *seen, bit = UINT64_C(1) << (i - 1) % 64;

	if (count != NULL && count->tag == tag) {
		seen = &count->seen[(i - 1) / 64];
		count->n += (*seen & bit) == 0;
		*seen |= bit;
	}
	return UINT64_C(1) << tag;
}

/* Those of one slot, from i on, whose bytes of the hash stand at `at`. */
static uint64_t
found_at(const struct search *s, uint16_t i, struct str text, size_t at,
    uint64_t wanted, struct search_count *count)
{
	uint64_t found = 0;

	for (; i != 0; i = s->v[i - 1].next) {
		const struct search_entry *e = &s->v[i - 1];

		if ((wanted >> e->tag & 1) != 0 && e->window <= at &&
		    e->n <= text.n - (at - e->window) &&
		    memcmp(text.p + at - e->window, e->p, e->n) == 0)
			found |= take(s, i, count);
	}
	return found;
}

static uint64_t
found_short(const struct search *s, struct str text, uint64_t wanted,
    struct search_count *count)
{
	uint64_t found = 0;

	for (uint16_t i = s->first_short; i != 0; i = s->v[i - 1].next) {
		const struct search_entry *e = &s->v[i - 1];

		if ((wanted >> e->tag & 1) != 0 &&
		    str_find(text, str_make(e->p, e->n)) >= 0)
			found |= take(s, i, count);
	}
	return found;
}

uint64_t
search_parts(const struct search *s, struct str text, uint64_t wanted,
    struct search_count *count)
{
	uint64_t found = found_short(s, text, wanted, count);
	uint32_t three;

	if (text.n < SEARCH_BYTES || (found != 0 && count == NULL))
		return found;
	three = three_of(text.p) << 8;
	for (size_t i = 0; i + SEARCH_BYTES <= text.n; i++) {
		uint16_t first;

		three = three >> 8 | (uint32_t)(unsigned char)text.p[i + 2]
					 << 16;
		first = s->first[slot_of(three)];
		if (first == 0)
			continue;
		found |= found_at(s, first, text, i, wanted, count);
		if (found != 0 && count == NULL)
			break;
	}
	return found;
}
