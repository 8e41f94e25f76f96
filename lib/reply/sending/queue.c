#include "reply/sending/sending.h"

#include <stdlib.h>

#include "core/alloc.h"

void
queue_push(struct queue *l, struct waiting w)
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
queue_push_first(struct queue *l, struct waiting w)
{
	queue_push(l, w);
	l->first = (l->first + l->cap - 1) % l->cap;
	l->v[l->first] = w;
}

struct waiting
queue_pop(struct queue *l)
{
	struct waiting w = l->v[l->first];

	l->first = (l->first + 1) % l->cap;
	l->n--;
	return w;
}

const struct waiting *
queue_at(const struct queue *l, size_t i)
{
	return &l->v[(l->first + i) % l->cap];
}

struct waiting
queue_take(struct queue *l, size_t i)
{
	struct waiting w = *queue_at(l, i);

	for (; i > 0; i--)
		l->v[(l->first + i) % l->cap] = *queue_at(l, i - 1);
	queue_pop(l);
	return w;
}
