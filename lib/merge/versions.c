#include "merge/versions.h"

#include <stdlib.h>

#include "core/time.h"

void
versions_release(struct versions *vs)
{
	map_release(&vs->ids);
	vec_release(&vs->list);
	vec_release(&vs->each);
	*vs = (struct versions){ 0 };
}

void
versions_met(struct versions *vs, struct str id)
{
	map_put(&vs->ids, id, NULL);
}

void
versions_begin(struct versions *vs)
{
	for (size_t i = 0; i < vs->ids.n; i++) {
		vs->ids.entries[i].value = i;
		vec_add(&vs->each, (struct version_id){ 0 });
	}
}

static struct version_id *
of(const struct versions *vs, struct str id)
{
	const uint64_t *at = vs->ids.n == 0 ? NULL : map_get(&vs->ids, id);

	return at == NULL ? NULL : &vs->each.v[*at];
}

/* Version number i, plus one; NULL behind the last. */
static struct version *
number(const struct versions *vs, uint32_t i)
{
	return i == 0 ? NULL : &vs->list.v[i - 1];
}

#define EACH(vs, x, id)                                              \
	for (struct version *x = number(vs, (id)->first); x != NULL; \
	     x = number(vs, x->next))

/* The second by time leaves for one from this time; NULL where that would be
 * the second. */
static struct version *
give_way(struct versions *vs, struct version_id *id, int64_t from)
{
	struct version *first = number(vs, id->first), *second = NULL;

	EACH(vs, x, id)
	if (spool_from(&x->s) < spool_from(&first->s))
		first = x;
	/* Before all: the first up to now is the second. */
	if (from < spool_from(&first->s))
		return first;
	EACH(vs, x, id)
	if (x != first &&
	    (second == NULL || spool_from(&x->s) < spool_from(&second->s)))
		second = x;
	return from < spool_from(&second->s) ? NULL : second;
}

static void
add(struct versions *vs, struct version_id *id, const struct spooled *s,
    uint64_t place)
{
	size_t n = 0;
	struct version *x;

	EACH(vs, y, id)
	n++;
	if (n == VERSIONS_MAX) {
		x = give_way(vs, id, spool_from(s));
		if (x != NULL) {
			x->s = *s;
			x->at = place;
		}
		return;
	}
	vec_add(&vs->list,
	    (struct version){ .s = *s, .at = place, .next = id->first });
	id->first = (uint32_t)vs->list.n;
}

/* What two say alike was said when the latter was given. */
static void
same(struct version *x, const struct spooled *s, uint64_t place)
{
	uint64_t given = x->s.given > s->given ? x->s.given : s->given;

	if (spool_better(s, &x->s)) {
		x->s = *s;
		x->at = place;
	}
	x->s.given = given;
}

void
versions_take(
    struct versions *vs, struct str id, const struct spooled *s, uint64_t place)
{
	struct version_id *of_id = of(vs, id);
	const struct version *first;

	if (of_id == NULL)
		return;
	first = number(vs, of_id->first);
	if (first != NULL && spool_weakness(s) != spool_weakness(&first->s)) {
		if (spool_weakness(s) > spool_weakness(&first->s))
			return;
		of_id->first = 0;
	}
	/* Of mails with other words one stands, whatever became of it. */
	first = number(vs, of_id->first);
	if (first != NULL && (s->flags & SPOOL_MAIL) != 0 &&
	    !spool_same_words(s, &first->s)) {
		if (spool_version(s, &first->s) != SPOOL_LATER)
			return;
		of_id->first = 0;
	}
	EACH(vs, x, of_id)
	if (x->s.content == s->content) {
		same(x, s, place);
		return;
	}
	EACH(vs, x, of_id)
	if (spool_from(&x->s) == spool_from(s)) {
		if (spool_is_later(s, &x->s))
			*x = (struct version){
				.s = *s, .at = place, .next = x->next
			};
		return;
	}
	add(vs, of_id, s, place);
}

/* By the times from which they are true; few, and mostly in order. */
static void
put_in_order(struct versions *vs, struct version_id *id)
{
	uint32_t rest = id->first, sorted = 0;

	while (rest != 0) {
		struct version *x = number(vs, rest);
		uint32_t i = rest, *to = &sorted;

		rest = x->next;
		while (*to != 0 &&
		       spool_from(&number(vs, *to)->s) < spool_from(&x->s))
			to = &number(vs, *to)->next;
		x->next = *to;
		*to = i;
	}
	id->first = sorted;
}

void
versions_end(struct versions *vs)
{
	for (size_t i = 0; i < vs->ids.n; i++) {
		struct version_id *id = &vs->each.v[i];
		struct version *x;

		put_in_order(vs, id);
		x = number(vs, id->first);
		while (x != NULL) {
			struct version *next = number(vs, x->next);

			if (next == NULL)
				break;
			if (spool_is_later(&x->s, &next->s)) {
				x->next = next->next;
				continue;
			}
			next->late = true;
			x = next;
		}
	}
}

enum version_part
versions_part(const struct versions *vs, struct str id, const struct spooled *s,
    uint64_t place)
{
	const struct version_id *of_id = of(vs, id);
	bool said = false;

	if (of_id == NULL)
		return VERSION_ONLY;
	EACH(vs, x, of_id)
	{
		if (x->at == place)
			return x->late ? VERSION_LATE : VERSION_ONLY;
		said = said || x->s.content == s->content;
	}
	if (said)
		return VERSION_SAME;
	return spool_version(s, versions_last(vs, id)) == SPOOL_FOREIGN
		   ? VERSION_FOREIGN
		   : VERSION_PAST;
}

const struct spooled *
versions_last(const struct versions *vs, struct str id)
{
	const struct version_id *of_id = of(vs, id);
	const struct version *last = NULL;

	if (of_id != NULL)
		EACH(vs, x, of_id)
	last = x;
	return last == NULL ? NULL : &last->s;
}

void
versions_alone(
    struct versions *vs, struct str id, const struct spooled *s, uint64_t place)
{
	struct version_id *of_id = of(vs, id);

	if (of_id == NULL) {
		*map_put(&vs->ids, id, NULL) = vs->each.n;
		of_id = vec_new(&vs->each);
		*of_id = (struct version_id){ 0 };
		add(vs, of_id, s, place);
	}
	number(vs, of_id->first)->late = true;
}

static void
keep_text(struct arena *a, struct str *s)
{
	if (s->p != NULL)
		*s = arena_dup(a, *s);
}

void
versions_found(
    struct versions *vs, struct str id, const struct version_found *found)
{
	struct version_id *of_id = of(vs, id);
	struct arena *a = &vs->ids.keys;

	if (of_id == NULL || number(vs, of_id->first)->next == 0)
		return;
	of_id->found = *found;
	keep_text(a, &of_id->found.person);
	keep_text(a, &of_id->found.conversation);
	keep_text(a, &of_id->found.quarantine);
}

const struct version_found *
versions_first(const struct versions *vs, struct str id)
{
	const struct version_id *of_id = of(vs, id);

	return of_id == NULL || of_id->found.conversation.p == NULL
		   ? NULL
		   : &of_id->found;
}
