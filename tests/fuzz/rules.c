/* A rule file from any bytes: read or refused with a place, never a crash. */
#include "jqless.h"
#include "named.h"
#include "route/rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct issues is = { 0 };
	struct rules *r;
	struct err e;

	r = rules_read(fuzz_named(p, n), &is, &e);
	if ((r == NULL) != (is.errors > 0))
		abort();
	if (r != NULL)
		rules_lint(r, &is);
	rules_free(r);
	issues_release(&is);
	return 0;
}

#include "fuzz.h"
