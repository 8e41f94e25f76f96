#include "core/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/alloc.h"

enum {
	BLOCK = 16 << 10,
	HUGE_PAGE = 2 << 20,
	LARGE = 2 * HUGE_PAGE, /* bytes held from which on blocks are such */
};

void
arena_reset(struct arena *a)
{
	a->at = a->first;
	a->used = 0;
}

void
arena_release(struct arena *a)
{
	struct arena_block *b = a->first, *next;

	for (; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){ 0 };
}

/* What is looked up all over is found sooner there, and zeroed in one go. */
static struct arena_block *
huge_block(void)
{
	struct arena_block *b = aligned_alloc(HUGE_PAGE, HUGE_PAGE);

	if (b == NULL)
		alloc_die(HUGE_PAGE);
	madvise(b, HUGE_PAGE, MADV_HUGEPAGE);
	b->size = HUGE_PAGE - sizeof(*b);
	return b;
}

static struct arena_block *
block(const struct arena *a, size_t n)
{
	struct arena_block *b;
	size_t size = BLOCK;

	if (a->held >= LARGE && n <= HUGE_PAGE - sizeof(*b))
		return huge_block();
	/* Powers of two: wishes that grow from record to record do not leave a
	 * block each behind. */
	while (size < n)
		size *= 2;
	b = xmalloc(sizeof(*b) + size);
	b->size = size;
	return b;
}

/* The next block that holds n bytes; blocks passed over stay for later. */
static void
advance(struct arena *a, size_t n)
{
	struct arena_block *b = a->at == NULL ? a->first : a->at->next;

	if (b == NULL || b->size < n) {
		if (n > SIZE_MAX / 4)
			alloc_die(n);
		b = block(a, n);
		a->held += sizeof(*b) + b->size;
		b->next = a->at == NULL ? a->first : a->at->next;
		if (a->at == NULL)
			a->first = b;
		else
			a->at->next = b;
	}
	a->at = b;
	a->used = 0;
}

void *
arena_alloc_slow(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		alloc_die(n);
	n = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	advance(a, n);
	a->used = n;
	return a->at->bytes;
}

void *
arena_calloc(struct arena *a, size_t n, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(n, size, &total))
		alloc_die(SIZE_MAX);
	p = arena_alloc(a, total);
	memset(p, 0, total);
	return p;
}

struct str
arena_dup(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return str_make(p, s.n);
}

void
arena_replace(struct arena *a, struct str *old, struct str s)
{
	if (s.p == NULL)
		*old = STR_NONE;
	else if (old->p == NULL || s.n > old->n)
		*old = arena_dup(a, s);
	else
		*old = str_make(memmove((char *)old->p, s.p, s.n), s.n);
}

char *
arena_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	/* Nearly always there is room in the block in hand: printing once. */
	size_t room = a->at == NULL ? 0 : a->at->size - a->used;
	char *p = room == 0 ? NULL : a->at->bytes + a->used;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(p, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		return STR("");
	p = arena_alloc(a, (size_t)n + 1);
	if ((size_t)n < room)
		return str_make(p, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return str_make(p, (size_t)n);
}

struct str
arena_join(struct arena *a, const struct str *parts, size_t n)
{
	size_t all = 0;
	char *p, *to;

	for (size_t i = 0; i < n; i++)
		all += parts[i].n;
	p = to = arena_alloc(a, all + 1);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n > 0)
			memcpy(to, parts[i].p, parts[i].n);
		to += parts[i].n;
	}
	*to = '\0';
	return str_make(p, all);
}

size_t
arena_held(const struct arena *a)
{
	return a->held;
}
