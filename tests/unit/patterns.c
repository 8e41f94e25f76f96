#include "route/rules/patterns.h"

#include "tap.h"

static void
finds(const char *pattern, const char *text, bool want)
{
	struct err e = { 0 };
	struct patterns *p = patterns_new();

	if (patterns_add(p, str_of(pattern), &e) != 0 ||
	    patterns_compile(p, &e) != 0 ||
	    patterns_scan(p, str_of(text), &e) != 0) {
		printf("# %s\n", e.msg);
		ok(false, pattern);
	} else {
		printf("# %s in %s\n", pattern, text);
		ok(patterns_found(p, 0) == want, pattern);
	}
	patterns_free(p);
}

static void
words(void)
{
	finds("cancel", "I want to CANCEL.", true);
	finds("cancel", "cancel", true);
	finds("cancel", "cancelled", false);
	finds("cancel", "re_cancel", false);
	finds("cancel*", "I am cancelling it", true);
	finds("*cancel*", "uncancelled", true);
	finds("my lawyer", "My\n  Lawyer will call", true);
	finds("my lawyer", "my lawyers", false);
	finds("k\xc3\xbcndigen", "Ich will K\xc3\x9cNDIGEN!", true);
	finds("k\xc3\xbcndigen", "\xc3\xbck\xc3\xbcndigen", false);
	finds("\xd0\xbe\xd1\x82\xd0\xbc\xd0\xb5\xd0\xbd\xd0\xb0",
	    "\xd0\x9e\xd0\xa2\xd0\x9c\xd0\x95\xd0\x9d\xd0\x90", true);
	finds("C++", "is it C++?", true);
	finds("C++", "is it c++11?", true);
	finds("can*ing", "I am cancelling", true);
	finds("can*ing", "I can swing", false);
	finds("late", "later, too late", true);
	finds("late", "later, relate", false);
	finds("caf\xc3\xa9", "caf\xc3\xa9\xe2\x80\xa6", true);
	finds("caf\xc3\xa9", "caf\xc3\xa9s", false);
	/* Chinese has no blanks between words. */
	finds("\xe5\x8f\x96\xe6\xb6\x88",
	    "\xe6\x88\x91\xe5\x8f\x96\xe6\xb6\x88\xe8\xae\xa2", true);
	finds("$100", "for $1000", false);
	finds("a.b", "axb", false);
	finds("a.b", "(a.b)", true);
	finds("/", "and / or", true);
}

static void
expressions(void)
{
	finds("/k\xc3\xbcndig\\w+/", "bitte k\xc3\xbcndigung best\xc3\xa4tigen",
	    true);
	finds("/k\xc3\xbcndig\\w+/", "K\xc3\x9cNDIGUNG", true);
	finds("/order\\s+#?\\d{4,}/", "Order #12345", true);
	finds("/order\\s+#?\\d{4,}/", "order 123", false);
	finds("/\\bcancel\\b/", "please cancel now", true);
	finds("/\\bcancel\\b/", "cancelled", false);
	finds("/^stop$/", "STOP", true);
	finds("/^stop$/", "please stop", false);
}

/* Letters are looked for loosely first; what is found so is made sure. */
static void
letters(void)
{
	finds("/ab\\w{2}c/", "abxyc", true);
	finds("/ab\\w{2}c/", "abxc abxyzc", false);
	finds("/ab\\w{2}c/", "abxyzc, ABxyC", true);
	finds("/ab\\w{2}c/", "ab\xc3\xa9xc", true);
	finds("/ab\\w{2}c/", "ab\xe2\x80\x93xc", false);
	finds("/ab\\w{0,1}c/", "abc", true);
	finds("/mar\\wo/", "mar\xe2\x84\xaao", true); /* Kelvin's sign */
	finds("/mar\\Wo/", "mar\xe2\x84\xaao", false);
	finds("/ab\\w{1,}c/", "abc", false);
	finds("/a\\w\\x{20}b/", "axx b ax b", true);
	finds("/a\\w\\x{20}b/", "ax                    b", false);
	finds("/a[^\\w]b\\w/",
	    "a\xe2\x80\x93"
	    "bx",
	    true);
	finds("/a[^\\w]b\\w/",
	    "a\xc3\xa9"
	    "bx",
	    false);
	finds("/[[:digit:]\\w]!/", "\xc3\xa9!", true);
	finds("/[]\\w]!\\w{1}/", "]!x", true);
	finds("/\\Q{2}\\E\\w/", "{2}x", true);
	finds("/\\w{3}\\d\\w{3}/", "a1b2c3 abc4def", true);
	finds("/\\w{2}-\\w{20}-\\w{30}/", "not so long", false);
}

/* One loose pattern in the subject and none in the text. */
static void
loose_twice(void)
{
	struct err e = { 0 };
	struct patterns *p = patterns_new();

	patterns_add(p, STR("/a\\w{2}z/"), &e);
	patterns_add(p, STR("/b\\w{2}z/"), &e);
	patterns_compile(p, &e);
	is_int(patterns_scan(p, STR("a12z b1z"), &e), 0, "first text");
	is_int(patterns_scan(p, STR("a1z b123z"), &e), 0, "second text");
	ok(patterns_found(p, 0) && !patterns_found(p, 1), "the first one");
	patterns_clear(p);
	is_int(patterns_scan(p, STR("a1z b12z"), &e), 0, "third text");
	ok(!patterns_found(p, 0) && patterns_found(p, 1), "the second one");
	patterns_free(p);
}

static void
bad(const char *pattern, const char *want)
{
	struct err e = { 0 };
	struct patterns *p = patterns_new();

	is_int(patterns_add(p, str_of(pattern), &e), -1, "refused");
	is_str(str_of(e.msg), want, want);
	patterns_free(p);
}

static void
many(void)
{
	struct err e = { 0 };
	struct patterns *p = patterns_new();

	is_int(patterns_add(p, STR("one"), &e), 0, "first");
	is_int(patterns_add(p, STR("two"), &e), 1, "second");
	is_int(patterns_add(p, STR("one"), &e), 0, "the first again");
	is_str(patterns_text(p, 1), "two", "text");
	patterns_compile(p, &e);
	patterns_scan(p, STR("two and a half"), &e);
	ok(!patterns_found(p, 0) && patterns_found(p, 1), "second found");
	patterns_scan(p, STR("one"), &e);
	ok(patterns_found(p, 0) && patterns_found(p, 1), "both found");
	patterns_clear(p);
	ok(!patterns_found(p, 0) && !patterns_found(p, 1), "cleared");
	patterns_free(p);
	p = patterns_new();
	is_int(patterns_compile(p, &e), 0, "none");
	is_int(patterns_scan(p, STR("x"), &e), 0, "nothing to look for");
	patterns_free(p);
	patterns_free(NULL);
}

int
main(void)
{
	words();
	expressions();
	letters();
	loose_twice();
	bad("/(/", "'/(/': Missing close parenthesis for group started at "
		   "index 0");
	bad("/a(?=b)/", "'/a(?=b)/': Zero-width assertions are not supported");
	bad("/x*/", "'/x*/' is found in every text");
	bad(" ", "' ' is found in every text");
	bad("*", "'*' is found in every text");
	bad("/(\\w{99}){99}(\\w{99}){99}/",
	    "'/(\\w{99}){99}(\\w{99}){99}/': Pattern too large");
	many();
	return done();
}
