#include "core/pool.h"

#include <stdlib.h>

#include "core/alloc.h"

size_t
pool_size(size_t n)
{
	if (n > SIZE_MAX / 2)
		alloc_die(n);
	return (n + POOL_STEP - 1) / POOL_STEP * POOL_STEP;
}

static void **
list_of(struct pool *p, size_t size)
{
	return &p->spare[size / POOL_STEP - 1];
}

void *
pool_alloc(struct pool *p, size_t size)
{
	void **list, *m;

	if (size > POOL_MOST)
		return xmalloc(size);
	list = list_of(p, size);
	m = *list;
	if (m == NULL)
		return arena_alloc(&p->arena, size);
	memcpy(list, m, sizeof(*list));
	return m;
}

void
pool_free(struct pool *p, void *m, size_t size)
{
	void **list;

	if (size > POOL_MOST || m == NULL) {
		free(m);
		return;
	}
	list = list_of(p, size);
	memcpy(m, list, sizeof(*list));
	*list = m;
}

void
pool_release(struct pool *p)
{
	arena_release(&p->arena);
	*p = (struct pool){ 0 };
}
