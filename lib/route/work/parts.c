#include "route/work/parts.h"

struct str
work_word(struct work *w, struct str s)
{
	return intern_str(&w->words, s);
}

void
work_set_turn(struct work *w, struct str team, struct str member)
{
	uint32_t number = intern_number(&w->words, member);

	*map_put(&w->turns, team, NULL) = (uint64_t)number + 1;
}
