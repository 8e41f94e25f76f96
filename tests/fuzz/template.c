/* A template of any bytes: its head is read, or refused with a sentence. */
#include "jqless.h"
#include "named.h"
#include "reply/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct workspace workspace = { 0 };
	struct err e = { 0 };
	struct template *t;

	t = template_open(fuzz_named(p, n), &workspace, &e);
	if (t == NULL && e.msg[0] == '\0')
		abort();
	template_free(t);
	return 0;
}

#include "fuzz.h"
