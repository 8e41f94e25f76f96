/* Files of patterns and of segments: read, or refused with a sentence. */
#include "identify/extract.h"
#include "jqless.h"
#include "named.h"
#include "recall/segments.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const char *name = fuzz_named(p, n);
	struct segments *s;
	struct extract *x;
	struct err e = { 0 };

	x = extract_read(name, &e);
	if (x == NULL && e.msg[0] == '\0')
		abort();
	extract_free(x);
	e.msg[0] = '\0';
	(void)segments_open(name, true, &s, &e);
	if (s == NULL && e.msg[0] == '\0')
		abort();
	segments_free(s);
	return 0;
}

#include "fuzz.h"
