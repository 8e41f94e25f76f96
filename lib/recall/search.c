#include "recall/search.h"

#include "identify/evidence.h"
#include "recall/lookup.h"

enum { UNPROVEN = 1, GUESS = 2 }; /* ranks, added */

/* How sure the name is: 0 it is none of them, 1, 2 for a guess. */
static uint64_t
asked(const struct search *s, struct str name)
{
	const uint64_t *v = name.p == NULL ? NULL : map_get(&s->names, name);

	return v == NULL ? 0 : *v;
}

static void
meet(struct search *s, struct str by, struct str person, unsigned rank)
{
	if (s->n > 0 && rank > s->rank)
		return;
	if (s->n > 0 && rank < s->rank)
		s->n = 0;
	s->rank = rank;
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->found[i].by, by) ||
		    str_eq(s->found[i].person, person))
			return;
	if (s->n == SEARCH_PEOPLE)
		return;
	s->found[s->n].by = arena_dup(&s->arena, by);
	s->found[s->n++].person = arena_dup(&s->arena, person);
}

static bool
is_proven(const struct evidence_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (trust_joins(list->v[i].trust))
			return true;
	return false;
}

/* Does the record tell whose one of the names is? */
static void
ask(struct search *s, struct record *r, struct str person)
{
	struct str ids[] = { person, record_str(r, "conversation"),
		record_str(r, "id") };
	struct evidence_list list;
	unsigned rank;

	evidence_read_merged(r, &list);
	rank = is_proven(&list) ? 0 : UNPROVEN;
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (asked(s, ids[i]) != 0)
			meet(s, ids[i], person, rank);
	if (record_get(r, "quarantine").doc != NULL)
		return;
	for (size_t i = 0; i < list.n; i++) {
		struct str key = key_notation(
		    list.v[i].type, list.v[i].value, record_arena(r));
		uint64_t how = asked(s, key);

		/* What somebody claims who is known better is not theirs. */
		if (how != 0 && list.v[i].trust != TRUST_MENTIONED &&
		    (rank == UNPROVEN || trust_joins(list.v[i].trust)))
			meet(s, key, person, rank + (how == 2 ? GUESS : 0));
	}
}

int
search_open(
    struct search *s, const char *typed, const char *region, struct err *e)
{
	struct lookup_names names;

	s->typed = typed;
	lookup_read(str_of(typed), region, &s->arena, &names);
	for (size_t i = 0; i < names.n; i++) {
		bool fresh;
		uint64_t *v = map_put(&s->names, names.v[i], &fresh);

		if (fresh)
			*v = i < names.sure ? 1 : 2;
	}
	return names.n == 0
		   ? err_set(e,
			 "%s: no such file, and without a state (-S) no "
			 "address, number, key or id of anybody",
			 typed)
		   : 0;
}

void
search_record(struct search *s, struct recaller *recaller, struct record *r)
{
	struct str person = record_str(r, "person");
	int64_t at = record_time(r);

	if (person.p == NULL ||
	    (s->as_of != TIME_NONE && at != TIME_NONE && at > s->as_of))
		return;
	recaller_learn(recaller, r);
	ask(s, r, person);
}

int
search_known(const struct search *s, struct recaller *recaller,
    struct profile **out, struct err *e)
{
	struct str by[SEARCH_PEOPLE];

	*out = NULL;
	for (size_t i = 0; i < s->n; i++) {
		struct profile *k =
		    context_get(recaller_context(recaller), s->found[i].person);

		by[i] = s->found[i].by;
		if (i > 0 && k != *out)
			return lookup_several(e, str_of(s->typed), by, s->n,
			    s->n == SEARCH_PEOPLE);
		*out = k;
	}
	return 0;
}

void
search_release(struct search *s)
{
	map_release(&s->names);
	arena_release(&s->arena);
}
