/* The ring of what waits to be sent. */
#include "reply/sending/sending.h"

#include <stdlib.h>

#include "tap.h"

static struct queued
number(int64_t n)
{
	return (struct queued){ .number = n };
}

/* Grows at every place where the first can stand. */
static void
grows(void)
{
	bool right = true;

	for (int64_t first = 0; first < 40; first++) {
		struct queue q = { 0 };
		int64_t in = 0, out = 0;

		for (; in < first; in++)
			queue_push(&q, number(in));
		for (; out < first; out++)
			right &= queue_pop(&q).number == out;
		for (; in < first + 5000; in++)
			queue_push(&q, number(in));
		right &= q.n == 5000;
		for (; out < in; out++)
			right &= queue_pop(&q).number == out;
		free(q.v);
	}
	ok(right, "what went in first comes out first");
}

static void
takes(void)
{
	struct queue q = { 0 };

	for (int64_t i = 1; i <= 16; i++)
		queue_push(&q, number(i));
	queue_push_first(&q, number(0));
	is_int(queue_at(&q, 16)->number, 16, "the last");
	is_int(queue_take(&q, 3).number, 3, "one of the middle");
	is_int(queue_at(&q, 3)->number, 4, "  the next has its place");
	is_int(queue_pop(&q).number, 0, "  what was put first is");
	is_int((int64_t)q.n, 15, "  so many are left");
	free(q.v);
}

int
main(void)
{
	grows();
	takes();
	return done();
}
