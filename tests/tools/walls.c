/* Which walls this kernel has: "files", "calls", a line each. */
#include <stdio.h>

#include "core/sandbox/sandbox.h"

int
main(void)
{
	struct sandbox s = { 0 };
	unsigned missing;
	const char *why;
	struct err e;

	if (sandbox_raise(&s, &missing, &why, &e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 2;
	}
	if ((missing & SANDBOX_FILES) == 0)
		puts("files");
	if ((missing & SANDBOX_CALLS) == 0)
		puts("calls");
	return 0;
}
