/*
 * Acts that the state keeps.  What was decided since the last run counts before
 * merge has written it, each from its own time on: before the first record that
 * is later, or when somebody asks who is late.  One that stands in the stream,
 * too, counts once.
 */
#include <stdlib.h>

#include "people/acts.h"
#include "route/step.h"

static int
add(void *arg, struct str line, const struct act *a, struct err *e)
{
	struct route *rt = arg;
	struct record *r = record_new();
	int rc = record_parse(r, line, e);

	if (rc == 0)
		vec_add(&rt->kept,
		    (struct kept_act){ .at = a->at,
			.id = arena_dup(&rt->kept_texts, record_str(r, "id")),
			.line = arena_dup(&rt->kept_texts, line) });
	record_free(r);
	return rc;
}

static int
in_time(const void *a, const void *b)
{
	const struct kept_act *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return str_cmp(x->id, y->id);
}

int
kept_read(struct route *rt, const char *dir, struct err *e)
{
	if (acts_of_state(dir, add, rt, e) != 0)
		return -1;
	if (rt->kept.n > 0)
		qsort(rt->kept.v, rt->kept.n, sizeof(*rt->kept.v), in_time);
	return 0;
}

bool
kept_next(struct route *rt, int64_t at, struct str id, struct str *line)
{
	const struct kept_act *x;

	if (rt->kept_next == rt->kept.n)
		return false;
	x = &rt->kept.v[rt->kept_next];
	if (x->at > at || (x->at == at && str_cmp(x->id, id) >= 0))
		return false;
	rt->kept_next++;
	*line = x->line;
	return true;
}

void
kept_release(struct route *rt)
{
	vec_release(&rt->kept);
	arena_release(&rt->kept_texts);
}
