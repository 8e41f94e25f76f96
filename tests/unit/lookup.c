#include "recall/lookup.h"

#include "tap.h"

static struct arena a;

static void
names(const char *typed, const char *region, const char *want)
{
	struct lookup_names all;

	lookup_read(str_of(typed), region, &a, &all);
	is_str(all.n == 0 ? STR_NONE : all.v[0], want, typed);
}

int
main(void)
{
	names("anna@Example.ORG", NULL, "email:anna@example.org");
	names(
	    " Anna Keller <anna@example.org> ", NULL, "email:anna@example.org");
	names("mailto:anna@example.org", NULL, "email:anna@example.org");
	names("slack:T1/U2", NULL, "slack:T1/U2");
	names("+49 171 234-5678", NULL, "tel:+491712345678");
	names("tel:+491712345678", NULL, "tel:+491712345678");
	names("+49 (0)171 2345678", NULL, "tel:+491712345678");
	names("0049 171 2345678", NULL, "tel:+491712345678");
	names("0171 2345678", "DE", "tel:+491712345678");
	names("(0171) 234/5678", "DE", "tel:+491712345678");
	names("06 1234 5678", "IT", "tel:+390612345678");
	names(
	    "paaaaaaaaaaaaaaaaaaaaaaaaaa", NULL, "paaaaaaaaaaaaaaaaaaaaaaaaaa");
	names("", NULL, NULL);
	names("what", NULL, NULL);
	names("12", "DE", NULL);
	ok(*lookup_hint(STR("0171 2345678"), NULL) != '\0',
	    "it needs a region");
	ok(*lookup_hint(STR("0171 2345678"), "DE") == '\0', "there is one");
	ok(*lookup_hint(STR("+49 171 2345678"), NULL) == '\0',
	    "it has a country");
	ok(*lookup_hint(STR("LB-2041"), NULL) == '\0', "it is no number");
	arena_release(&a);
	return done();
}
