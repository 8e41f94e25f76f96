/*
 * Mentions: no crash; every one is a key in its normal form; what is found is
 * never in a text that is called unlikely.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/text/utf8.h"
#include "identify/mentions.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
look(struct str text, const char *region, struct arena *a)
{
	struct mention m[MENTIONS_MAX];
	size_t n = mentions_find(text, region,
	    region != NULL && region[0] == 'U', m, MENTIONS_MAX, a);

	if (n > MENTIONS_MAX || (n > 0 && !mentions_likely(text, false)))
		abort();
	for (size_t i = 0; i < n; i++)
		if (m[i].tel ? !key_is_e164(m[i].value)
			     : !str_eq(key_email(m[i].value, a), m[i].value))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = { 0 };
	struct str text = arena_dup(&a, str_make((const char *)p, n));

	if (utf8_is_valid(text)) {
		static const char *const regions[] = { NULL, "DE", "US" };

		look(text, regions[n % 3], &a);
	}
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
