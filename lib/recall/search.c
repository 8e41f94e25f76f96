#include "recall/search.h"

#include "identify/evidence.h"
#include "recall/lookup.h"

/* Does the record tell whose the name is? */
static bool
names_it(const struct search *s, struct record *r)
{
	struct evidence_list list;

	if (str_eq(record_str(r, "person"), s->name) ||
	    str_eq(record_str(r, "conversation"), s->name) ||
	    str_eq(record_str(r, "id"), s->name))
		return true;
	if (record_get(r, "quarantine").doc != NULL)
		return false;
	evidence_read(r, &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].trust != TRUST_MENTIONED &&
		    str_eq(key_notation(list.v[i].type, list.v[i].value,
			       record_arena(r)),
			s->name))
			return true;
	return false;
}

static bool
is_proven(struct record *r)
{
	struct evidence_list list;

	evidence_read(r, &list);
	for (size_t i = 0; i < list.n; i++)
		if (trust_joins(list.v[i].trust))
			return true;
	return false;
}

int
search_open(
    struct search *s, const char *typed, const char *region, struct err *e)
{
	s->name = lookup_name(str_of(typed), region, &s->arena);
	return s->name.p == NULL
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
	bool proven;

	if (person.p == NULL ||
	    (s->as_of != TIME_NONE && at != TIME_NONE && at > s->as_of))
		return;
	recaller_learn(recaller, r);
	if (!names_it(s, r))
		return;
	proven = is_proven(r);
	if (s->person.p == NULL || (proven && !s->proven))
		s->person = arena_dup(&s->arena, person);
	s->proven |= proven;
}

struct profile *
search_known(const struct search *s, struct recaller *recaller)
{
	return s->person.p == NULL
		   ? NULL
		   : context_get(recaller_context(recaller), s->person);
}

void
search_release(struct search *s)
{
	arena_release(&s->arena);
}
