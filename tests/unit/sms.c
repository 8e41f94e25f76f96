#include "core/buf.h"
#include "tap.h"
#include "text/sms.h"

static struct buf text;

static struct sms
repeat(const char *s, size_t n, const char *end)
{
	struct sms x;

	buf_reset(&text);
	while (n-- > 0)
		buf_add_z(&text, s);
	buf_add_z(&text, end);
	sms_measure(buf_str(&text), &x);
	return x;
}

static void
test_counts(void)
{
	is_int((int64_t)repeat("", 0, "").segments, 0, "nothing: none");
	is_int((int64_t)repeat("a", 160, "").segments, 1, "160 fit into one");
	is_int((int64_t)repeat("a", 161, "").segments, 2, "161 need two");
	is_int((int64_t)repeat("a", 306, "").segments, 2, "306 fit into two");
	is_int((int64_t)repeat("a", 307, "").segments, 3, "307 need three");
	is_int((int64_t)repeat("€", 80, "").segments, 1, "80 euro signs");
	is_int((int64_t)repeat("€", 81, "").segments, 2, "81 euro signs");
	is_int((int64_t)repeat("é", 160, "").segments, 1, "é is in the table");
	ok(repeat("ê", 1, "").ucs2, "ê is not");
	ok(repeat("`", 1, "").ucs2, "the backtick is not");
	ok(!repeat("{[~]}\\|^", 1, "").ucs2, "brackets are, by an escape");
	is_int((int64_t)repeat("{[~]}\\|^", 1, "").units, 16, "and count two");
	is_int((int64_t)repeat("ж", 70, "").segments, 1, "70 in UCS-2");
	is_int((int64_t)repeat("ж", 71, "").segments, 2, "71 in UCS-2");
	is_int((int64_t)repeat("😀", 35, "").segments, 1, "35 pairs");
	is_int((int64_t)repeat("😀", 36, "").segments, 2, "36 pairs");
	is_int((int64_t)repeat("😀", 67, "").segments, 3,
	    "33 pairs a part, and half a place is lost");
}

static void
test_cuts(void)
{
	struct sms x = repeat("a", 152, "{more");
	struct str rest, first;

	x = repeat("a", 152, "{and then some more");
	rest = buf_str(&text);
	first = sms_segment(&x, &rest);
	is_int((int64_t)first.n, 152, "an escape is not split");
	ok(rest.p != NULL && rest.p[0] == '{', "it opens the next part");
	x = repeat("ж", 66, "😀 and so on");
	rest = buf_str(&text);
	first = sms_segment(&x, &rest);
	is_int((int64_t)first.n, 132, "nor is a pair");
	sms_segment(&x, &rest);
	ok(rest.p == NULL, "nothing is left after the last");
	sms_measure(str_make("a\xff"
			     "b",
			3),
	    &x);
	ok(x.ucs2 && x.units == 3 && x.segments == 1,
	    "a stray byte counts one");
}

int
main(void)
{
	buf_init(&text, 65536);
	test_counts();
	test_cuts();
	buf_release(&text);
	return done();
}
