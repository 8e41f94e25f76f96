#include "live/api/mark.h"

#include "live/api/seen.h"
#include "tap.h"

static int
compare(enum service_cursor kind, const char *a, const char *b)
{
	int rc = mark_compare(kind, str_of(a), str_of(b));

	return (rc > 0) - (rc < 0);
}

static void
values(void)
{
	struct arena a = { 0 };

	ok(mark_is(CURSOR_NUMBER, STR("1700000001.000100")) &&
		mark_is(CURSOR_NUMBER, STR("0")),
	    "numbers");
	ok(!mark_is(CURSOR_NUMBER, STR("")) &&
		!mark_is(CURSOR_NUMBER, STR("-1")) &&
		!mark_is(CURSOR_NUMBER, STR("1.")) &&
		!mark_is(CURSOR_NUMBER, STR(".5")) &&
		!mark_is(CURSOR_NUMBER, STR("1.2.3")) &&
		!mark_is(CURSOR_NUMBER, STR("1e9")),
	    "and none");
	ok(mark_is(CURSOR_TIME, STR("2026-11-30T10:00:00+01:00")) &&
		!mark_is(CURSOR_TIME, STR("1700000001")),
	    "times");
	is_int(compare(CURSOR_NUMBER, "99", "100"), -1, "by size");
	is_int(compare(
		   CURSOR_NUMBER, "1300000000000000001", "1300000000000000002"),
	    -1, "of more digits than a double has");
	is_int(compare(CURSOR_NUMBER, "007.50", "7.5"), 0, "zeros say nothing");
	is_int(compare(CURSOR_NUMBER, "7.05", "7.5"), -1, "fractions");
	is_int(compare(CURSOR_TIME, "2026-11-30T10:00:00+01:00",
		   "2026-11-30T09:00:00Z"),
	    0, "one instant");
	is_int(mark_compare(CURSOR_NUMBER, STR_NONE, STR("0")), -1,
	    "nothing is before all");
	is_str(mark_before(CURSOR_NUMBER, STR("1700000001.000100"), 60, &a),
	    "1699999941.000100", "seconds before");
	is_str(mark_before(CURSOR_NUMBER, STR("5.5"), 60, &a), "0.5",
	    "not below 0");
	is_str(mark_before(CURSOR_TIME, STR("2026-03-01T00:00:00Z"), 86400, &a),
	    "2026-02-28T00:00:00Z", "a day before");
	ok(mark_before(CURSOR_TIME, STR_NONE, 60, &a).p == NULL,
	    "nothing stays so");
	arena_release(&a);
}

/* What the cursor has of it, and back. */
static void
again(struct mark *m, const char *want, const char *what)
{
	enum service_cursor kind = m->kind;
	struct buf b;

	buf_init(&b, 4096);
	mark_write(m, &b);
	is_str(buf_str(&b), want, what);
	mark_release(m);
	ok(mark_read(m, kind, buf_str(&b)) == 0, "reads back");
	buf_release(&b);
}

static void
holes(void)
{
	struct mark m;

	ok(mark_read(&m, CURSOR_NUMBER, STR_NONE) == 0, "never read");
	mark_begin(&m);
	again(&m, "{}", "nothing came");
	mark_begin(&m);
	mark_take(&m, 0, STR("9"), STR("7"));
	again(&m, "{\"done\":\"9\",\"holes\":[[null,\"7\"]]}", "cut off");
	/* The next poll begins above. */
	mark_begin(&m);
	mark_take(&m, 0, STR("12"), STR("11"));
	again(&m, "{\"done\":\"12\",\"holes\":[[\"9\",\"11\"],[null,\"7\"]]}",
	    "and once more");
	mark_begin(&m);
	mark_close(&m, 0);
	mark_take(&m, 0, STR("10"), STR("9.5"));
	mark_close(&m, 0);
	again(
	    &m, "{\"done\":\"12\",\"holes\":[[null,\"7\"]]}", "one is closed");
	mark_take(&m, 0, STR("6"), STR("1"));
	mark_close(&m, 0);
	again(&m, "{\"done\":\"12\"}", "and the other");
	/* What is only asked for once more leaves no hole behind. */
	mark_begin(&m);
	mark_take(&m, 0, STR("12"), STR("8"));
	again(&m, "{\"done\":\"12\",\"holes\":[[\"12\",\"8\"]]}", "an overlap");
	mark_begin(&m);
	is_int((int)m.holes.n, 1, "which is asked for anew");
	mark_release(&m);
	ok(mark_read(&m, CURSOR_NUMBER, STR("{\"done\":\"x\"}")) < 0,
	    "what is no cursor");
	mark_release(&m);
	ok(mark_read(&m, CURSOR_NUMBER,
	       STR("{\"done\":\"1\",\"holes\":[[\"0\"]]}")) < 0,
	    "nor a hole");
	mark_release(&m);
}

static void
lately(void)
{
	struct seen s = { 0 }, back = { 0 };
	bool good = true;
	struct buf b;
	char text[16];

	ok(!seen_before(&s, STR("a"), STR("x")), "new");
	ok(seen_before(&s, STR("a"), STR("x")), "seen");
	ok(!seen_before(&s, STR("b"), STR("x")), "elsewhere new");
	ok(!seen_before(&s, STR("ax"), STR("")), "its parts are apart");
	for (int i = 0; i < 3 * SEEN_MOST; i++) {
		snprintf(text, sizeof(text), "%d", i);
		good &= !seen_before(&s, STR("n"), str_of(text));
	}
	ok(good && s.known.n < 2 * SEEN_MOST, "it does not grow for ever");
	buf_init(&b, 1 << 20);
	seen_write(&s, &b);
	seen_read(&back, buf_str(&b));
	is_int((int)back.known.n, SEEN_MOST, "so many are kept");
	ok(seen_before(&back, STR("n"), str_of(text)), "the last of them");
	ok(!seen_before(&back, STR("n"), STR("0")), "not the first");
	buf_release(&b);
	seen_release(&s);
	seen_release(&back);
}

int
main(void)
{
	values();
	holes();
	lately();
	return done();
}
