/*
 * What a program can see: no crash, whatever stands in it; it sees all or
 * members with names that stand in it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "jq/reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
look(const struct reach *r, struct str text)
{
	for (const struct reach *m = r->below; m != NULL; m = m->next) {
		if (str_find(text, m->name) < 0)
			abort();
		look(m, text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = { 0 };
	struct str text = arena_dup(&a, str_make((const char *)p, n));

	for (int truth = 0; truth < 2; truth++) {
		struct reach r = { 0 };

		reach_add(&r, text, truth != 0, &a);
		look(&r, text);
	}
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
