/* A workspace file from any bytes: read, or refused with a sentence. */
#include "named.h"
#include "workspace/workspace.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
tell(void *arg, const char *fault)
{
	*(int *)arg += fault[0] != '\0';
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct workspace *c;
	struct err e = { 0 };
	int faults = 0;

	c = workspace_read(fuzz_named(p, n), tell, &faults, &e);
	if (c == NULL && e.msg[0] == '\0')
		abort();
	workspace_free(c);
	return 0;
}

#include "fuzz.h"
