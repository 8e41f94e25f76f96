#include "route/workparts.h"

/* The number of a word among all. */
static size_t
word(struct work *w, struct str s)
{
	bool fresh;
	uint64_t *at = map_put(&w->words, s, &fresh);

	if (fresh)
		*at = w->words.n - 1;
	return *at;
}

struct str
work_word(struct work *w, struct str s)
{
	size_t at;

	if (s.p == NULL)
		return s;
	at = word(w, s); /* first: it may move the entries */
	return w->words.entries[at].key;
}

void
work_set_turn(struct work *w, struct str team, struct str member)
{
	size_t number = word(w, member);

	*map_put(&w->turns, team, NULL) = number + 1;
}
