#include "record/address.h"

void
address_list_add(struct address_list *list, struct address one, struct arena *a)
{
	struct address *wider;
	size_t n = list->n;

	/* Lists grow at powers of two. */
	if ((n & (n - 1)) == 0) {
		wider = arena_calloc(a, n == 0 ? 1 : 2 * n, sizeof(*wider));
		if (n > 0)
			memcpy(wider, list->v, n * sizeof(*wider));
		list->v = wider;
	}
	list->v[list->n++] = one;
}
