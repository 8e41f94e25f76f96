/* Links and acts, which people write by hand: read, or refused with a line. */
#include "named.h"
#include "people/acts.h"
#include "people/links.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
learn(void *arg, struct str line, const struct act *a, struct err *e)
{
	(void)line;
	return links_act(arg, a, STR("m1"), e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct links l = { 0 };
	struct err e = { 0 };
	const char *name = fuzz_named(p, n);

	if (links_read(&l, name, &e) != 0 && e.msg[0] == '\0')
		abort();
	links_release(&l);
	l = (struct links){ 0 };
	e.msg[0] = '\0';
	if (acts_read(name, learn, &l, &e) != 0 && e.msg[0] == '\0')
		abort();
	links_release(&l);
	return 0;
}

#include "fuzz.h"
