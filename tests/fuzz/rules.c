/* A rule file from any bytes: read or refused with a place, never a crash. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "route/rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char path[] = "/tmp/kith-fuzz-rules-XXXXXX";
	struct issues is = { 0 };
	struct rules *r;
	struct err e;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		abort();
	close(fd);
	r = rules_read(path, &is, &e);
	if ((r == NULL) != (is.errors > 0))
		abort();
	if (r != NULL)
		rules_lint(r, &is);
	rules_free(r);
	issues_release(&is);
	unlink(path);
	return 0;
}

#include "fuzz.h"
