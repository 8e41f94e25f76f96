#include "core/pool.h"

#include <stdlib.h>

#include "tap.h"

int
main(void)
{
	struct pool p = { 0 };
	char *a, *b, *big;

	is_int((int64_t)pool_size(1), POOL_STEP, "a step at least");
	is_int((int64_t)pool_size(POOL_STEP + 1), 2 * POOL_STEP, "whole steps");
	a = pool_alloc(&p, POOL_STEP);
	b = pool_alloc(&p, 2 * POOL_STEP);
	memset(a, 'a', POOL_STEP);
	memset(b, 'b', 2 * POOL_STEP);
	ok(a[POOL_STEP - 1] == 'a' && b[0] == 'b', "pieces are apart");
	pool_free(&p, a, POOL_STEP);
	pool_free(&p, b, 2 * POOL_STEP);
	ok(pool_alloc(&p, POOL_STEP) == a, "what is given back is taken again");
	ok(pool_alloc(&p, POOL_STEP) != b, "by its own size alone");
	big = pool_alloc(&p, pool_size(POOL_MOST + 1));
	memset(big, 'c', POOL_MOST + 1);
	pool_free(&p, big, pool_size(POOL_MOST + 1));
	pool_free(&p, NULL, 0);
	pool_release(&p);
	return done();
}
