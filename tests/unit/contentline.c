#include "core/text/contentline.h"

#include "tap.h"

static struct arena arena;

static void
next_is(struct content *c, const char *want, int at)
{
	struct str line;

	if (!content_next(c, &line))
		line = STR_NONE;
	is_str(line, want, want == NULL ? "the end" : want);
	if (want != NULL)
		is_int(c->at, at, "its number");
}

static void
test_lines(void)
{
	struct content c;
	struct str text = STR("BEGIN:VCALENDAR\r\nSUMMARY:a\r\n  b\r\n\tc\r\n"
			      "X:1\n\nEND:VCALENDAR");

	content_init(&c, text, &arena, 100);
	next_is(&c, "BEGIN:VCALENDAR", 1);
	next_is(&c, "SUMMARY:a bc", 2);
	next_is(&c, "X:1", 5);
	next_is(&c, "", 6);
	next_is(&c, "END:VCALENDAR", 7);
	next_is(&c, NULL, 0);
	ok(!c.over, "none was too long");
	content_init(&c, STR(" a\n b\r\r\n"), &arena, 100);
	next_is(&c, " ab", 1);
	next_is(&c, "", 3);
	next_is(&c, NULL, 0);
	content_init(&c, STR(""), &arena, 100);
	next_is(&c, NULL, 0);
	content_init(&c, STR("A:1\nB:2\n"), &arena, 100);
	next_is(&c, "A:1", 1);
	ok(arena_held(&arena) > 0 && c.rest.p[0] == 'B', "read as far");
}

/* Folded in the middle of a character, as RFC 5545 allows. */
static void
test_characters(void)
{
	struct content c;

	content_init(&c, STR("A:\xc3\r\n \xa9\n"), &arena, 100);
	next_is(&c, "A:\xc3\xa9", 1);
}

static void
test_ceiling(void)
{
	struct content c;
	struct str line;

	content_init(&c, STR("A:12\n 34\n 5\nB:0123456789\n"), &arena, 6);
	ok(content_next(&c, &line) && c.over, "more than the ceiling");
	is_str(line, "A:1234", "as much as fits");
	next_is(&c, "B:0123456789", 4);
}

static void
unfolds(const char *text, bool keeps_blank, const char *want)
{
	struct content c;

	content_init(&c, str_of(text), &arena, 100);
	is_str(content_unfold(&c, content_take(&c), keeps_blank), want, want);
}

static void
test_ways(void)
{
	unfolds("N:a\n b\nX:", true, "N:a b");
	unfolds("N:a\n b\n\tc\nX:", false, "N:abc");
	unfolds("N:a=\nb\nX:", false, "N:a=");
}

static void
test_parts(void)
{
	is_int((int64_t)content_name(STR("TEL:1")), 3, "a name");
	is_int((int64_t)content_name(STR("item1.X-ABC;A=1:2")), 11, "a group");
	is_int((int64_t)content_name(STR("no name:")), 0, "no name");
	is_int((int64_t)content_name(STR("TEL")), 0, "a name and nothing");
	is_int((int64_t)content_value(STR("TEL:1"), 3), 4, "a value");
	is_int((int64_t)content_value(STR("A;B=\"c:d\":e"), 1), 10,
	    "a colon in quotes");
	is_int((int64_t)content_value(STR("A;B=\"c:d"), 1), 7,
	    "a quote that is not closed");
	is_int((int64_t)content_value(STR("A;B=c"), 1), 0, "no value");
}

int
main(void)
{
	test_lines();
	test_characters();
	test_ceiling();
	test_ways();
	test_parts();
	arena_release(&arena);
	return done();
}
