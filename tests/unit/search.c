#include "tap.h"

#include "text/search.h"

static struct search parts, beginnings, ends;

static const char *const entries[] = { "unsubscribe", "abc", "bcd",
	"mailing list", "aaa", "aaaa", "список рассылки", "を入手", "e mail",
	"d ", "un" };

enum { ENTRIES = sizeof(entries) / sizeof(*entries) };

/* Each entry with its own tag. */
static void
fill(void)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		search_add(&parts, str_of(entries[i]), SEARCH_PART, i);
		search_add(
		    &beginnings, str_of(entries[i]), SEARCH_BEGINNING, i);
		search_add(&ends, str_of(entries[i]), SEARCH_END, i);
	}
}

/* What a plain search for each entry finds. */
static uint64_t
plain(struct str s, enum search_place place)
{
	uint64_t found = 0;

	for (size_t i = 0; i < ENTRIES; i++) {
		struct str e = str_of(entries[i]);
		bool is = place == SEARCH_PART  ? str_find(s, e) >= 0
			  : place == SEARCH_END ? str_ends(s, e)
						: str_starts(s, e);

		found |= (uint64_t)is << i;
	}
	return found;
}

static void
test_random(void)
{
	static const char *const pieces[] = { "a", "b", "c", "d", " ", "e",
		"mail", "ing list", "un", "subscribe", "список ", "рассылки",
		"を", "入手" };
	uint32_t seed = 1;
	size_t wrong = 0;

	for (int i = 0; i < 100000; i++) {
		char text[128];
		struct str s;
		struct search_count count = { .tag = 4 };
		size_t n = 0;

		for (int k = 0; k < 8; k++) {
			struct str piece;

			seed = seed * 1664525 + 1013904223;
			piece =
			    str_of(pieces[(seed >> 16) %
					  (sizeof(pieces) / sizeof(*pieces))]);
			memcpy(text + n, piece.p, piece.n);
			n += piece.n;
		}
		s = str_make(text, n);
		wrong += search_parts(&parts, s, UINT64_MAX, &count) !=
			 plain(s, SEARCH_PART);
		wrong += search_beginning(&beginnings, s, UINT64_MAX) !=
			 plain(s, SEARCH_BEGINNING);
		wrong +=
		    search_end(&ends, s, UINT64_MAX) != plain(s, SEARCH_END);
		wrong += count.n != (str_find(s, STR("aaa")) >= 0);
	}
	ok(wrong == 0, "in one pass the same as one by one");
}

static void
test_edges(void)
{
	static struct search s;
	struct search_count count = { .tag = 1 };

	ok(search_parts(&parts, STR("u"), UINT64_MAX, NULL) == 0 &&
		search_end(&ends, STR("aa"), UINT64_MAX) == 0 &&
		search_beginning(&beginnings, STR_NONE, UINT64_MAX) == 0,
	    "nothing stands in what is shorter");
	ok(search_parts(&parts, STR("the mailing list"), 1, NULL) == 0,
	    "only what is wanted is found");
	ok(search_add(&s, STR(""), SEARCH_PART, 0) < 0, "an empty entry");
	ok(search_add(&s, STR("abc"), SEARCH_PART, 64) < 0, "no such tag");
	ok(search_add(&s, STR("abc"), SEARCH_PART, 1) == 0 &&
		search_add(&s, STR("bcd"), SEARCH_PART, 1) == 0,
	    "two of one tag");
	ok(search_parts(&s, STR("abcd abcd"), 2, &count) == 2 && count.n == 2,
	    "each is counted once");
	for (size_t i = s.n; i < SEARCH_MAX; i++)
		search_add(&s, STR("xyz"), SEARCH_PART, 2);
	ok(search_add(&s, STR("xyz"), SEARCH_PART, 2) < 0, "one too many");
}

int
main(void)
{
	fill();
	test_random();
	test_edges();
	return done();
}
