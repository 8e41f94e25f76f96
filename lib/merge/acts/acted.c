#include "merge/acts/acted.h"

#include <stddef.h>

#include "merge/search.h"

enum { CHAIN = 64 }; /* joins of what was joined */

void
acted_release(struct acted *x)
{
	map_release(&x->named);
	map_release(&x->into);
}

void
acted_name(struct acted *x, const struct act *a, struct arena *arena)
{
	struct json_iter it = json_each(a->conversations);
	struct json v;

	if (a->conversation.n > 0)
		map_put(&x->named, a->conversation, NULL);
	if (a->kind != ACT_JOIN && a->kind != ACT_PART)
		return;
	while (json_next(&it, NULL, &v))
		map_put(&x->named, json_str(v, arena), NULL);
}

/* The number of an id among the named, plus one. */
static uint64_t
entry_of(struct acted *x, struct str id)
{
	const uint64_t *at = map_put(&x->named, id, NULL);
	const struct map_entry *named =
	    (const void *)((const char *)at -
			   offsetof(struct map_entry, value));

	return (uint64_t)(named - x->named.entries) + 1;
}

void
acted_join(struct acted *x, const struct act *a, struct arena *arena)
{
	struct json_iter it = json_each(a->conversations);
	struct str first = STR_NONE;
	struct json v;

	if (a->kind != ACT_JOIN && a->kind != ACT_PART)
		return;
	while (json_next(&it, NULL, &v)) {
		struct str id = json_str(v, arena);

		if (a->kind == ACT_PART) {
			*map_put(&x->into, id, NULL) = 0;
			continue;
		}
		id = acted_stands(x, id);
		if (first.p == NULL)
			first = arena_dup(arena, id);
		else if (!str_eq(id, first))
			*map_put(&x->into, id, NULL) = entry_of(x, first);
	}
}

void
acted_met(struct acted *x, struct str id, uint32_t number)
{
	uint64_t *at =
	    x == NULL || x->named.n == 0 ? NULL : map_get(&x->named, id);

	if (at != NULL)
		*at = (uint64_t)number + 1;
}

struct str
acted_stands(const struct acted *x, struct str id)
{
	for (int i = 0; i < CHAIN && x->into.n > 0; i++) {
		const uint64_t *to = map_get(&x->into, id);

		if (to == NULL || *to == 0)
			break;
		id = x->named.entries[*to - 1].key;
	}
	return id;
}

int
search_number(
    struct conversations *cs, struct str id, uint32_t *number, struct err *e)
{
	const uint64_t *met = map_get(&cs->acted->named, id);
	int rc = store_find_conversation(cs->store, id, number, e);

	if (rc != 0 || met == NULL || *met == 0)
		return rc;
	*number = (uint32_t)(*met - 1);
	return 1;
}

static int
join(
    struct conversations *cs, const struct act *a, struct str id, struct err *e)
{
	struct json_iter it = json_each(a->conversations);
	uint32_t first = NOWHERE, number;
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct str name =
		    acted_stands(cs->acted, json_str(v, &cs->arena));
		int rc = search_number(cs, name, &number, e);

		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		if (first == NOWHERE)
			first = number;
		else if (store_joined(cs->store, first, number, a->at, id, e) !=
			 0)
			return -1;
	}
	acted_join(cs->acted, a, &cs->arena);
	return first != NOWHERE;
}

/* On the channel where it was last spoken. */
static int
reopen(struct conversations *cs, uint32_t number, const struct act *a,
    struct str id, struct err *e)
{
	struct store_last last;
	int rc = store_last_of(cs->store, number, a->at, &last, e);

	if (rc != 1)
		return rc;
	return store_reopened(cs->store, number, a->at, last.channel, id, e) !=
		       0
		   ? -1
		   : 1;
}

int
conversations_act(
    struct conversations *cs, const struct act *a, struct str id, struct err *e)
{
	uint32_t number;
	int rc;

	arena_reset(&cs->arena);
	if (a->kind == ACT_JOIN)
		return join(cs, a, id, e);
	if (a->kind == ACT_PART) {
		acted_join(cs->acted, a, &cs->arena);
		return 1;
	}
	if (a->conversation.n == 0)
		return 1;
	rc = search_number(
	    cs, acted_stands(cs->acted, a->conversation), &number, e);
	if (rc != 1)
		return rc;
	if (a->kind == ACT_DONE)
		return store_done(cs->store, number, a->at, id, e) != 0 ? -1
									: 1;
	return a->kind == ACT_REOPEN ? reopen(cs, number, a, id, e) : 1;
}
