#include "core/intern.h"

void
intern_release(struct intern *w)
{
	map_release(&w->map);
	w->last = 0;
}

uint32_t
intern_number(struct intern *w, struct str word)
{
	uint64_t *at;
	bool fresh;

	/* Most times it is the one before. */
	if (w->last > 0 && str_eq(w->map.entries[w->last - 1].key, word))
		return (uint32_t)w->last - 1;
	at = map_put(&w->map, word, &fresh);
	if (fresh)
		*at = w->map.n - 1;
	w->last = (size_t)*at + 1;
	return (uint32_t)*at;
}

struct str
intern_str(struct intern *w, struct str word)
{
	if (word.p == NULL)
		return word;
	return intern_word(w, intern_number(w, word));
}
