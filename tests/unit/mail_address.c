/* Addresses as people and programs write them. */
#include <stdio.h>

#include "core/buf.h"
#include "mail/address.h"
#include "tap.h"

/* "name <email>" each, joined by " | ". */
static void
reads(const char *in, const char *want)
{
	struct mailaddr_list l;
	struct mailaddr m;
	struct arena a = { 0 };
	struct buf b;

	buf_init(&b, 1 << 20);
	mailaddr_init(&l, str_of(in));
	while (mailaddr_next(&l, &a, &m))
		buf_printf(&b, "%s%.*s <%.*s>", b.n > 0 ? " | " : "",
		    STR_ARG(m.name), STR_ARG(m.email));
	is_str(buf_str(&b), want, in);
	buf_release(&b);
	arena_release(&a);
}

static void
by_the_rfc(void)
{
	reads("a@b.example", " <a@b.example>");
	reads("Anna <a@b.example>, <c@d.example>",
	    "Anna <a@b.example> |  <c@d.example>");
	reads("\"Keller, Anna\" <a@b.example>", "Keller, Anna <a@b.example>");
	reads("\"a \\\"x\\\" b\" <a@b.example>", "a \"x\" b <a@b.example>");
	reads("a@b.example (Anna (the) Keller)",
	    "Anna (the) Keller <a@b.example>");
	reads("Anna (Sales) <a@b.example>", "Anna (Sales) <a@b.example>");
	reads("Team: a@b.example, C <c@d.example>;, e@f.example",
	    " <a@b.example> | C <c@d.example> |  <e@f.example>");
	reads("undisclosed-recipients:;", "");
	reads("<@x.example,@y.example:a@b.example>", " <a@b.example>");
	reads("\"john doe\"@b.example", " <\"john doe\"@b.example>");
	reads("a@[IPv6:2001:db8::1]", " <a@[IPv6:2001:db8::1]>");
	reads("a @ b . example", " <a@b.example>");
	reads("Anna\r\n Keller <a@b.example>", "Anna Keller <a@b.example>");
	reads("J. R. Smith <j@b.example>", "J. R. Smith <j@b.example>");
	reads("=?utf-8?Q?J=C3=BC?= <j@b.example>",
	    "=?utf-8?Q?J=C3=BC?= <j@b.example>");
}

/* As list archives hide them. */
static void
hidden(void)
{
	reads(
	    "uma at ridge.example (Uma Lund)", "Uma Lund <uma@ridge.example>");
	reads("Uma Lund <uma.l AT ridge dot co dot example>",
	    "Uma Lund <uma.l@ridge.co.example>");
	reads("uma[at]ridge.example, bo (at) ridge.example",
	    " <uma@ridge.example> |  <bo@ridge.example>");
	reads("Lund, Uma <uma at ridge.example>",
	    "Lund, Uma <uma@ridge.example>");
	reads("Uma at Ridge", "Uma at Ridge <>");
	reads("Uma at ridge.example <uma@b.example>",
	    "Uma at ridge.example <uma@b.example>");
	reads("Sales team at ridge.example", "Sales team at ridge.example <>");
}

static void
by_people(void)
{
	reads("a@b.example; C D <c@d.example>",
	    " <a@b.example> | C D <c@d.example>");
	reads("a@b.example c@d.example", " <a@b.example> |  <c@d.example>");
	reads("A <a@b.example> C <c@d.example>",
	    "A <a@b.example> | C <c@d.example>");
	reads(
	    "A <a@b.example, c@d.example", "A <a@b.example> |  <c@d.example>");
	reads("A <<a@b.example>>", "A <a@b.example>");
	reads("A <mailto:a@b.example>", "A <a@b.example>");
	reads("A [Sales] <a@b.example>", "A [Sales] <a@b.example>");
	reads("a..b.@c.example", " <a..b.@c.example>");
	reads("Anna Keller anna@a.example", "Anna Keller <anna@a.example>");
	reads("anna@a.example <>", " <anna@a.example>");
	reads("x@y.example via z@y.example <list@y.example>",
	    "x@y.example via z@y.example <list@y.example>");
	reads("Anna (Sales <a@b.example>", "Anna (Sales <a@b.example>");
	reads("root, , ", "root <>");
	reads("\" \" <a@b.example>", " <a@b.example>");
	reads("((((", "(((( <>");
}

/* Takes hours where each word is compared with all behind it. */
static void
many_words(void)
{
	enum { WORDS = 1 << 20 };
	struct mailaddr_list l;
	struct mailaddr m;
	struct arena a = { 0 };
	struct buf b;
	size_t n = 0;

	reads("a, b; c, x@y.example", "a <> | b <> | c <> |  <x@y.example>");
	reads("a, b, Jan <x@y.example>, c, d, z@y.example",
	    "a, b, Jan <x@y.example> | c <> | d <> |  <z@y.example>");
	buf_init(&b, 4 * WORDS);
	for (int i = 0; i < WORDS; i++)
		buf_add_str(&b, STR("ab, "));
	mailaddr_init(&l, buf_str(&b));
	while (mailaddr_next(&l, &a, &m))
		n += m.email.p == NULL;
	is_int((int64_t)n, WORDS, "a million words and no address");
	buf_release(&b);
	arena_release(&a);
}

int
main(void)
{
	by_the_rfc();
	by_people();
	hidden();
	many_words();
	return done();
}
