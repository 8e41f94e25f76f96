#include "core/buf.h"
#include "identify/mentions.h"
#include "tap.h"

static struct arena a;
static const char *region = "DE";
static bool signature;

/* What is found, with blanks between. */
static void
finds(const char *text, const char *want)
{
	struct mention m[MENTIONS_MAX];
	struct str s = str_of(text);
	size_t n =
	    mentions_likely(s, true)
		? mentions_find(s, region, signature, m, MENTIONS_MAX, &a)
		: 0;
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%.*s", i > 0 ? " " : "", STR_ARG(m[i].value));
	is_str(buf_str(&b), want, text);
	buf_release(&b);
}

static void
addresses(void)
{
	finds("write to Anna.B@Example.org.", "anna.b@example.org");
	finds("<a@b.example>, (c@d.example); mailto:e@f.example!",
	    "a@b.example c@d.example e@f.example");
	finds("a+shop@gmail.com", "a@gmail.com");
	finds("o'brien@x.example 'quoted@x.example'",
	    "o'brien@x.example quoted@x.example");
	finds("@anna you @ home a@b a@b.1 x@ @y.example", "");
	finds(
	    "https://user:secret@host.example/ https://anna@host.example", "");
	finds("https://x.example/?mail=a@b.example&x=1", "a@b.example");
	finds("m\xc3\xbcller@b\xc3\xbc"
	      "cher.example",
	    "m\xc3\xbcller@xn--bcher-kva.example");
	/* Scripts that put no blanks between words. */
	finds("\xe3\x81\xafx@y.example\xe3\x81\xbe", "x@y.example");
	finds("x@y.example\xeb\xa1\x9c", "x@y.example");
	finds("a@x.example,b@x.example", "a@x.example b@x.example");
	finds("a@@x.example a@x@y.example", "x@y.example");
	finds("a..b@x.example -@x.example", "a..b@x.example");
}

static void
numbers(void)
{
	finds("call +49 30 123456 or +49 (0)171 1234567.",
	    "+4930123456 +491711234567");
	finds("030/123456, 0171 1234567; (030) 123456",
	    "+4930123456 +491711234567 +4930123456");
	finds("00 49 171 1234567; 0049 171 1234567",
	    "+491711234567 +491711234567");
	finds("0171\xc2\xa0"
	      "1234567",
	    "+491711234567");
	finds("on 31.01.2026 at 10:00, 2026-01-31, 01.02.2026 09:30", "");
	finds("order #0301234567, ORD-0301234567, x0301234567", "");
	finds("0301234567 \xe2\x82\xac, 1.234.567 EUR, $0301234567", "");
	finds("DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111", "");
	finds("192.168.100.200 10001234", "");
	finds("+49 30 12", "");
	finds("tel:+4930123456,+4930123457", "+4930123456 +4930123457");
}

static void
elsewhere(void)
{
	region = "US";
	finds("(212) 736-5000 or 212-736-5001, 1 212 736 5002",
	    "+12127365000 +12127365001 +12127365002");
	finds("123-45-6789 20260131 2127365000", "");
	signature = true;
	finds("2127365000", "+12127365000");
	signature = false;
	region = "FR";
	finds("06 12 34 56 78", "+33612345678");
	region = "ES";
	finds("tel. 612 345 678, 612345678", "+34612345678");
	region = NULL;
	finds("030 123456 +49 30 123456", "+4930123456");
}

static void
written(void)
{
	ok(mentions_likely(STR("a\\u0040b.example"), true), "an escaped @");
	ok(mentions_likely(STR("0171\\u202f123 4567"), true),
	    "an escaped blank");
	ok(!mentions_likely(
	       STR("\\u0414\\u0430\\n2026 \\\"x\\\" 123456"), true),
	    "escapes of letters");
	ok(!mentions_likely(STR(""), true), "nothing");
	ok(!mentions_likely(STR("a long text without any of those, of more "
				"than thirty-two bytes\\"),
	       true),
	    "nothing in a long text");
}

int
main(void)
{
	addresses();
	numbers();
	elsewhere();
	written();
	arena_release(&a);
	return done();
}
