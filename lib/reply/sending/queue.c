#include "reply/sending/sending.h"

#include <string.h>

#include "core/vec.h"

void
queue_push(struct queue *l, struct queued w)
{
	if (l->n == l->cap) {
		size_t old = l->cap, behind = old - l->first;

		vec_hold(l->v, old, l->cap, 1);
		/* What stands from the first on goes to the new end. */
		if (behind > 0)
			memmove(l->v + l->cap - behind, l->v + l->first,
			    behind * sizeof(*l->v));
		l->first = (l->cap - behind) % l->cap;
	}
	l->v[(l->first + l->n++) % l->cap] = w;
}

void
queue_push_first(struct queue *l, struct queued w)
{
	queue_push(l, w);
	l->first = (l->first + l->cap - 1) % l->cap;
	l->v[l->first] = w;
}

struct queued
queue_pop(struct queue *l)
{
	struct queued w = l->v[l->first];

	l->first = (l->first + 1) % l->cap;
	l->n--;
	return w;
}

const struct queued *
queue_at(const struct queue *l, size_t i)
{
	return &l->v[(l->first + i) % l->cap];
}

struct queued
queue_take(struct queue *l, size_t i)
{
	struct queued w = *queue_at(l, i);

	for (; i > 0; i--)
		l->v[(l->first + i) % l->cap] = *queue_at(l, i - 1);
	queue_pop(l);
	return w;
}
