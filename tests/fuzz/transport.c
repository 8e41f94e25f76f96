/* A transport file from any bytes: read, or refused with a sentence. */
#include "jqless.h"
#include "named.h"
#include "reply/sending/transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct transports t = { 0 };
	struct err e = { 0 };

	if (transports_add(&t, fuzz_named(p, n), false, &e) != 0 &&
	    e.msg[0] == '\0')
		abort();
	transports_release(&t);
	return 0;
}

#include "fuzz.h"
