/* Authentication-Results and addresses: no crash, and a normal form is its own
 * normal form. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "identify/authres.h"
#include "identify/keys.h"
#include "people/guards.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = { 0 };
	/* Exactly these bytes, so that a step too far shows. */
	struct str s = { malloc(n == 0 ? 1 : n), n }, key, again;
	struct authres *f = arena_alloc(&a, sizeof(*f));

	if (n > 0)
		memcpy((char *)(uintptr_t)s.p, p, n);
	if (authres_parse(s, &a, f) == 0) {
		if (f->id.n == 0 || f->n > AUTHRES_RESULTS)
			abort();
		for (size_t i = 0; i < f->n; i++)
			if (f->results[i].result.n == 0 ||
			    f->results[i].prop_count > AUTHRES_PROPS ||
			    authres_prop(&f->results[i], "", "").p != NULL)
				abort();
	}
	(void)key_read(s, &a);
	key = key_email(s, &a);
	if (key.p != NULL) {
		(void)guard_key(STR("email"), key);
		again = key_email(key, &a);
		if (!str_eq(key, again))
			abort();
	}
	free((char *)(uintptr_t)s.p);
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
