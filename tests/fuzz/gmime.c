/* A sound mail, made up as the bytes choose: GMime finds the same parts. */
#include "../gmime.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const uint8_t *choices;
static size_t left;

static unsigned
chance(unsigned n)
{
	if (left == 0)
		return 0;
	left--;
	return *choices++ % n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf mail;

	choices = p;
	left = n;
	buf_init(&mail, 64 << 20);
	make_mail(&mail);
	if (differs(buf_str(&mail)))
		abort();
	buf_release(&mail);
	return 0;
}

#include "fuzz.h"
