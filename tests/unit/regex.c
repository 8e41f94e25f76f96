#include "text/regex.h"
#include "tap.h"

static struct err e;

static void
refuses(const char *expression, const char *why)
{
	struct regex *x = regex_new(str_of(expression), &e);

	ok(x == NULL, expression);
	is_str(str_of(x == NULL ? e.msg : ""), why, "  says why");
	regex_free(x);
}

static void
groups(void)
{
	struct str g[REGEX_GROUPS];
	struct str text = STR("Bestellung \xc3\x84-17, \xc3\xa4-18");
	struct regex *x = regex_new(STR("(?<who>\xc3\xa4)-(\\d+)(x)?"), &e);

	is_int(regex_groups(x), 3, "groups");
	is_int(regex_group(x, "who"), 1, "by name");
	is_int(regex_group(x, "whose"), -1, "an unknown name");
	is_int(regex_find(x, text, 0, g), 1, "found");
	is_str(g[1], "\xc3\x84", "in any case");
	is_str(g[2], "17", "a group");
	is_str(g[3], NULL, "one without part");
	is_int(regex_find(x, text, (size_t)(g[0].p - text.p) + g[0].n, g), 1,
	    "the next");
	is_str(g[2], "18", "is another");
	is_int(regex_find(x, text, text.n, g), 0, "none at the end");
	regex_free(x);
}

static void
work(void)
{
	struct str g[REGEX_GROUPS];
	struct regex *x = regex_new(STR("^(?:a|aa)+$"), &e);

	is_int(
	    regex_find(x, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"), 0, g),
	    -1, "what takes too long is given up");
	is_int(regex_find(x, STR("aaa"), 0, g), 1, "and others are found");
	regex_free(x);
}

int
main(void)
{
	refuses("a(b", "'a(b': missing closing parenthesis after 'a(b'");
	refuses("x*", "'x*' is found in every text");
	refuses("", "an expression has 1 to 2000 bytes of UTF-8");
	refuses("\xff", "an expression has 1 to 2000 bytes of UTF-8");
	refuses("a(((((((((((((((((b)))))))))))))))))",
	    "'a(((((((((((((((((b)))))))))))))))))': more than 15 groups");
	groups();
	work();
	return done();
}
