#include "identify/telephone.h"

#include "tap.h"

static void
one(const char *e164, const char *want, const char *why)
{
	struct arena a = { 0 };

	is_str(telephone_key(str_of(e164), &a), want, why);
	arena_release(&a);
}

int
main(void)
{
	one("+554187991234", "+5541987991234", "Brazil, the ninth digit");
	one("+5541987991234", "+5541987991234", "Brazil, with it");
	one("+551132123456", "+551132123456", "Brazil, a landline");
	one("+5491123456789", "+541123456789", "Argentina, from abroad");
	one("+541123456789", "+541123456789", "Argentina, at home");
	one("+5215512345678", "+525512345678", "Mexico, before 2019");
	one("+525512345678", "+525512345678", "Mexico, since");
	one("+4915112345678", "+4915112345678", "anybody else");
	one("+5411", "+5411", "too short");
	one("22000", "22000", "none");
	return done();
}
