/* Trimming: no crash, and every byte that is no white space comes back in
 * one of the parts. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "text/trim.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Bytes other than white space, and their sum. */
static uint64_t
weigh(struct str s)
{
	uint64_t w = 0;

	for (size_t i = 0; i < s.n; i++)
		if (str_starts(str_sub(s, i, 2), STR("\xc2\xa0")))
			i++; /* a hard blank is one */
		else if (s.p[i] != ' ' && (s.p[i] < '\t' || s.p[i] > '\r'))
			w += (1U << 16) + (unsigned char)s.p[i];
	return w;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str body = str_make((const char *)p, n);
	struct arena a = { 0 };
	struct trimmed t;

	text_trim(body, false, &a, &t);
	if (weigh(body) != weigh(t.text) + weigh(t.quoted) + weigh(t.signature))
		abort();
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
