#include "report/facts/tally.h"

enum { SHARES = ASKS_COUNT * 4 };

static void
count(struct tally *t, struct share s, int64_t add)
{
	if (s.asks < ASKS_COUNT)
		t->asks[s.asks] += (uint64_t)add;
	t->automatic += s.automatic ? (uint64_t)add : 0;
	t->quarantined += s.quarantined ? (uint64_t)add : 0;
}

/* An id among those that came, with what it added. */
static uint64_t
seen_with(uint64_t hash, struct share s)
{
	unsigned n = (unsigned)s.asks * 4 + s.automatic * 2U + s.quarantined;

	return (hash + (n + 1) * UINT64_C(0x9e3779b97f4a7c15)) | 1;
}

/* Takes back what an id added as something else; all that it may have been
 * are tried, since few come so. */
static void
uncount(struct tally *t, uint64_t hash)
{
	for (unsigned n = 0; n < SHARES; n++) {
		struct share s = { (enum asks)(n / 4), n & 2, n & 1 };

		if (idset_has(&t->seen, seen_with(hash, s))) {
			count(t, s, -1);
			return;
		}
	}
}

/*
 * What was neither request nor answer may come again as one: a draft that was
 * sent since, a mail that is no junk.  Then that one counts.
 */
static bool
came_before(struct tally *t, struct str id, enum role kind, struct share s)
{
	uint64_t hash;

	if (id.p == NULL)
		return false;
	hash = idset_hash(id);
	if (idset_has(&t->seen, hash))
		return true;
	if (kind == ROLE_NONE) {
		if (!idset_add(&t->seen, idset_other(hash)))
			return true;
		if (s.asks < ASKS_NOT_INBOUND || s.automatic || s.quarantined)
			idset_add(&t->seen, seen_with(hash, s));
		return false;
	}
	idset_add(&t->seen, hash);
	if (idset_has(&t->seen, idset_other(hash)))
		uncount(t, hash);
	return false;
}

bool
tally_add(struct tally *t, struct str id, enum role kind, struct share s)
{
	if (came_before(t, id, kind, s))
		return false;
	count(t, s, 1);
	return true;
}

void
tally_release(struct tally *t)
{
	idset_release(&t->seen);
	*t = (struct tally){ 0 };
}
