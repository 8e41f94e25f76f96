/*
 * By which links two rows are one: the shortest chain of them.
 */
#include "core/alloc.h"
#include "people/linkage/inside.h"

/* A row on the way, and the link that led to it; GROUP: a key did. */
enum { GROUP = UINT32_MAX };

struct step {
	uint32_t row, from, link;
};

struct search {
	const struct linkage *l;
	struct steps VEC(struct step) steps;
	bool *seen; /* by row */
};

static void
reach(struct search *s, uint32_t row, uint32_t from, uint32_t link)
{
	if (s->seen[row])
		return;
	s->seen[row] = true;
	vec_add(&s->steps, (struct step){ row, from, link });
}

/* All that the step's row is linked with. */
static void
reach_next(struct search *s, uint32_t at)
{
	const struct linkage *l = s->l;
	uint32_t row = s->steps.v[at].row, cluster = l->cluster[row];

	for (uint32_t i = 0; i < l->n; i++)
		if (l->group[i] == l->group[row])
			reach(s, i, at, GROUP);
	for (uint32_t i = 0; i < l->found.n; i++) {
		const struct linkage_pair *p = &l->found.v[i];

		if (p->stop != LINKAGE_JOINED || l->cluster[p->a] != cluster)
			continue;
		if (p->a == row)
			reach(s, p->b, at, i);
		else if (p->b == row)
			reach(s, p->a, at, i);
	}
}

static void
add_step(const struct linkage *l, const struct step *from,
    const struct step *to, const char *model, struct buf *out)
{
	struct str a = linkage_id(l, from->row), b = linkage_id(l, to->row);
	const struct linkage_pair *p;

	buf_printf(out, "  %.*s  --  %.*s  (", STR_ARG(a), STR_ARG(b));
	if (to->link == GROUP) {
		buf_add_z(out, "one by a key)\n");
		return;
	}
	p = &l->found.v[to->link];
	buf_printf(out, "linked, weight %+.2f, probability %.3f, model %s)\n",
	    (double)p->weight, (double)p->probability, model);
}

bool
linkage_chain(const struct linkage *l, uint32_t a, uint32_t b, struct buf *out)
{
	char model[LINKAGE_MODEL_ID + 1];
	struct search s = { .l = l };
	uint32_t at = 0;

	if (l->cluster[a] != l->cluster[b] || l->group[a] == l->group[b])
		return false;
	linkage_model_id(l, model);
	s.seen = xcalloc((size_t)l->n + 1, sizeof(*s.seen));
	/* From the end, so that what led to each is the way on. */
	reach(&s, b, 0, GROUP);
	while (at < s.steps.n && s.steps.v[at].row != a)
		reach_next(&s, at++);
	while (at > 0 && at < s.steps.n) {
		const struct step *x = &s.steps.v[at];
		struct step to = s.steps.v[x->from];

		to.link = x->link;
		add_step(l, x, &to, model, out);
		at = x->from;
	}
	free(s.seen);
	vec_release(&s.steps);
	return true;
}
