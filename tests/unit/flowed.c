/* Text that flows, and enriched text. */
#include "tap.h"
#include "text/flowed.h"

static void
joins(const char *in, bool delsp, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	flowed_join(str_of(in), delsp, &b);
	is_str(buf_str(&b), want, in);
	buf_release(&b);
}

static void
reads(const char *in, bool rich, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	enriched_to_text(str_of(in), rich, &b);
	is_str(buf_str(&b), want, in);
	buf_release(&b);
}

int
main(void)
{
	joins("one \ntwo\nthree\n", false, "one two\nthree\n");
	joins("on \ne\n", true, "one\n");
	joins(">> a \n>> b\n> c\nd\n", false, ">> a b\n> c\nd\n");
	joins("> a \nb\n", false, "> a \nb\n");
	joins("> a \n> b\n", false, "> a b\n");
	joins("a \n\nb\n", false, "a \n\nb\n");
	joins("a \n-- \nb\n", false, "a \n-- \nb\n");
	joins(" From here\n  in\n", false, "From here\n in\n");
	joins("no end ", false, "no end ");
	joins("", false, "");
	reads("<bold>Now</bold> is\n<<x>\n\n\nbye", false, "Now is <x>\n\nbye");
	reads("<color><param>red</param>a</color>", false, "a");
	reads("<nofill>a\nb</nofill>", false, "a\nb");
	reads("a < b", false, "a < b");
	reads("<bold>a</bold><lt>b\nc<nl>d", true, "a<b c\nd");
	return done();
}
