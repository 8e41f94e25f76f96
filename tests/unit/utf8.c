#include "core/text/utf8.h"

#include <unicode/utf8.h>

#include "tap.h"

/* Bytes at the edges of what each place of a sequence may hold. */
static const unsigned char edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
	0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
	0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff };

enum { EDGES = sizeof(edges), PLACES = 5 };

/* Takes s apart as ICU does; false where we do it in another way. */
static bool
takes_alike(struct str s)
{
	struct str rest = s;
	int32_t i = 0;
	bool valid = true;

	while (rest.n > 0) {
		bool bad;
		uint32_t c = utf8_take(&rest, &bad);
		UChar32 want;

		U8_NEXT((const uint8_t *)s.p, i, (int32_t)s.n, want);
		if (bad != (want < 0) || rest.n != s.n - (size_t)i ||
		    c != (want < 0 ? 0xfffd : (uint32_t)want))
			return false;
		valid = valid && !bad;
	}
	return utf8_is_valid(s) == valid;
}

static bool
ends_alike(struct str s)
{
	int32_t i = 0;
	UChar32 first, last;

	U8_NEXT((const uint8_t *)s.p, i, (int32_t)s.n, first);
	if (utf8_first(s) != (first < 0 ? 0 : (uint32_t)first) ||
	    utf8_length(s) != (first < 0 ? 0 : (size_t)i))
		return false;
	i = (int32_t)s.n;
	U8_PREV((const uint8_t *)s.p, 0, i, last);
	return utf8_last(s) == (last < 0 ? 0 : (uint32_t)last);
}

/* Every text of so many such bytes. */
static void
test_edges(void)
{
	char text[PLACES];
	size_t at[PLACES] = { 0 };
	bool take = true, ends = true;

	for (size_t n = 1; n <= PLACES; n++) {
		size_t i = 0;

		while (i < n) {
			struct str s = str_make(text, n);

			for (i = 0; i < n; i++)
				text[i] = (char)edges[at[i]];
			take = take && takes_alike(s);
			ends = ends && ends_alike(s);
			for (i = 0; i < n && ++at[i] == EDGES; i++)
				at[i] = 0;
		}
	}
	ok(take, "texts fall apart as in ICU");
	ok(ends, "their first and last characters, too");
}

static void
test_characters(void)
{
	bool good = true;

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char text[4];
		struct str s;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		s = str_make(text, utf8_put(text, c));
		good = good && utf8_length(s) == s.n && utf8_first(s) == c &&
		       utf8_last(s) == c;
	}
	ok(good, "every character is read as it was written");
	is_int(utf8_first(STR("")), 0, "none at the beginning of nothing");
	is_int(utf8_last(STR("")), 0, "nor at its end");
}

static void
clean(const char *s, size_t n, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 10);
	utf8_clean(str_make(s, n), &b);
	is_str(buf_str(&b), want, want);
	buf_release(&b);
}

static void
test_cleaning(void)
{
	const char *wide = "a\xc3\xa9\xf0\x9f\x98\x80";

	clean("", 0, "");
	clean("caf\xc3\xa9", 5, "caf\xc3\xa9");
	clean("a\0b", 3, "ab");
	clean("\xff", 1, "\xef\xbf\xbd");
	clean("a\xe2\x82z", 4, "a\xef\xbf\xbdz");
	clean("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	clean("x\xf0\x9f\x98", 4, "x\xef\xbf\xbd");
	is_str(utf8_cut(str_of(wide), 7), wide, "cut behind the end");
	is_str(utf8_cut(str_of(wide), 6), "a\xc3\xa9", "within four bytes");
	is_str(utf8_cut(str_of(wide), 3), "a\xc3\xa9", "between characters");
	is_str(utf8_cut(str_of(wide), 2), "a", "within two bytes");
	is_str(utf8_cut(str_of(wide), 0), "", "to nothing");
}

static void
test_lines(void)
{
	struct arena a = { 0 };
	struct str plain = STR("Ana \u200fRiba");
	struct str line = utf8_one_line(plain, &a);

	ok(line.p == plain.p && line.n == plain.n, "one line is as it is");
	is_str(utf8_one_line(STR("\x1b[A\nB\r\n"), &a), "[A B",
	    "line ends and controls are blanks");
	is_str(utf8_one_line(STR("A\xc2\x85"
				 "B\u2028C\u2029\xc2\x9b"),
		   &a),
	    "A B C", "also those of Unicode");
	is_str(utf8_one_line(STR("\u202eevil\u202c\u2066x\u2069"), &a), "evilx",
	    "what turns it round is not there");
	is_str(utf8_one_line(STR("\n\xe2\x80"), &a), "\xe2\x80",
	    "and what is cut off is not looked behind");
	arena_release(&a);
}

int
main(void)
{
	test_edges();
	test_characters();
	test_cleaning();
	test_lines();
	return done();
}
