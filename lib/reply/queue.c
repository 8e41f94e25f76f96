#include "reply/sending.h"

#include <stdlib.h>

#include "core/alloc.h"

void
line_push(struct line *l, struct waiting w)
{
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 64 : l->cap * 2;
		struct waiting *v = xcalloc(cap, sizeof(*v));

		for (size_t i = 0; i < l->n; i++)
			v[i] = l->v[(l->first + i) % l->cap];
		free(l->v);
		l->v = v;
		l->first = 0;
		l->cap = cap;
	}
	l->v[(l->first + l->n++) % l->cap] = w;
}

void
line_push_first(struct line *l, struct waiting w)
{
	line_push(l, w);
	l->first = (l->first + l->cap - 1) % l->cap;
	l->v[l->first] = w;
}

struct waiting
line_pop(struct line *l)
{
	struct waiting w = l->v[l->first];

	l->first = (l->first + 1) % l->cap;
	l->n--;
	return w;
}

const struct waiting *
line_at(const struct line *l, size_t i)
{
	return &l->v[(l->first + i) % l->cap];
}

struct waiting
line_take(struct line *l, size_t i)
{
	struct waiting w = *line_at(l, i);

	for (; i > 0; i--)
		l->v[(l->first + i) % l->cap] = *line_at(l, i - 1);
	line_pop(l);
	return w;
}
