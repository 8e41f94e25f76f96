/*
 * What waits and is answered by a record without a reference.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "identify/ids.h"
#include "merge/search.h"

int
claim_of(
    struct conversations *cs, struct str key, uint32_t *claim, struct err *e)
{
	char text[1 + KEY_MAX] = "?";

	if (key.n > KEY_MAX)
		return 0;
	memcpy(text + 1, key.p, key.n);
	return store_find_key(cs->store, str_make(text, 1 + key.n), claim, e);
}

static bool
is_there(const struct search *s, uint32_t number)
{
	for (size_t i = 0; i < s->answered.n; i++)
		if (s->answered.v[i].number == number)
			return true;
	return false;
}

/* Is it a while ago that it went on, on another channel? */
static int
near_elsewhere(struct search *s, uint32_t number, struct err *e)
{
	struct store_last last;
	int rc = store_last_of(s->cs->store, number, s->t->time, &last, e);

	return rc != 1 ? rc : is_near(s, &last);
}

/* The conversations of one person. */
static int
find_of(struct search *s, uint32_t key, bool first, struct err *e)
{
	struct conversations *cs = s->cs;

	cs->numbers.n = 0;
	if (key == GRAPH_NONE || s->t->time == TIME_NONE)
		return 0;
	if (store_waiting(cs->store, key, &cs->numbers, e) != 0)
		return -1;
	for (size_t i = 0; i < cs->numbers.n; i++) {
		uint32_t number = cs->numbers.v[i];
		bool here = waits_here(s, search_at(s, number));
		int near = here;

		if (is_there(s, number) ||
		    search_at(s, number)->waiting > s->t->time)
			continue;
		if (!here)
			near = near_elsewhere(s, number, e);
		if (near < 0)
			return -1;
		if (near > 0)
			vec_add_in(&cs->arena, &s->answered,
			    (struct waits){ number, first, here });
	}
	return 0;
}

/* Recipients stand among the ids, which name where they were read. */
static int
find_others(struct search *s, struct err *e)
{
	struct record *r = s->t->record;
	struct ids it = ids_each(record_get(r, "ids"), record_arena(r));
	struct evidence who;
	uint32_t key;
	int rc = 0;

	for (int i = 0; i < CONVERSATION_PEOPLE && rc >= 0; i++) {
		struct str text;

		if (!ids_next_recipient(&it, &who))
			return 0;
		text = key_notation(who.type, who.value, record_arena(r));
		if (text.p == NULL)
			continue;
		rc = store_find_key(s->cs->store, text, &key, e);
		if (rc == 1)
			rc = find_of(s, key, false, e);
		if (rc == 0)
			rc = claim_of(s->cs, text, &key, e);
		if (rc == 1)
			rc = find_of(s, key, false, e);
	}
	return rc < 0 ? -1 : 0;
}

int
answered_find(struct search *s, struct err *e)
{
	if (!s->t->answers && !s->t->came_back)
		return 0;
	if (find_of(s, s->t->key, true, e) != 0 ||
	    find_of(s, s->claim, true, e) != 0)
		return -1;
	return s->t->others && s->t->record != NULL ? find_others(s, e) : 0;
}

uint32_t
answered_longest(const struct search *s, bool here)
{
	uint32_t best = NOWHERE;

	for (size_t i = 0; i < s->answered.n; i++)
		if (s->answered.v[i].first && s->answered.v[i].here == here)
			best = longer(s, best, s->answered.v[i].number);
	return best;
}

static int
by_wait(const void *a, const void *b, void *search)
{
	const struct waits *x = a, *y = b;

	return longer(search, x->number, y->number) == x->number ? -1 : 1;
}

int
answered_settle(struct search *s, struct verdict *out, struct err *e)
{
	struct conversations *cs = s->cs;
	struct waits *v = s->answered.v;
	size_t n = s->answered.n;
	struct store_answer by = search_answer(s->t, true);

	if (n == 0)
		return 0;
	qsort_r(v, n, sizeof(*v), by_wait, s);
	out->answered = arena_calloc(&cs->arena, n, sizeof(*out->answered));
	for (size_t i = 0; i < n; i++) {
		if (v[i].number == s->at ||
		    out->answered_n == CONVERSATION_ANSWERS)
			continue;
		out->answered[out->answered_n++] = arena_dup(
		    &cs->arena, str_of(search_at(s, v[i].number)->id));
		if (store_answered(
			cs->store, v[i].number, s->t->time, &by, e) != 0)
			return -1;
	}
	return 0;
}
