#include "tap.h"

#include "text/wordfile.h"

static void
test_list(void)
{
	static const struct str text = STR("# a comment\n%form folded\n\n"
					   "[greeting]\nguten tag\tde\n"
					   "hallo\tde,nl\ta remark\n"
					   "[call]\nhallo\tde\noi\tpt-BR\n");
	struct arena a = { 0 };
	struct wordfile f;
	struct wordlist l;
	struct err e;
	size_t n;

	ok(wordfile_read(text, "list", &a, &f, &e) == 0, "a file is read");
	wordfile_list(&f, &a, &l, &n);
	ok(n == 3 && f.n == 4, "entries of two meanings are one");
	ok(wordlist_means(&l, STR("guten tag")) == 1, "of one meaning");
	ok(wordlist_means(&l, STR("hallo")) == 3, "of both");
	ok(wordlist_is(&l, STR("oi"), 1) && !wordlist_is(&l, STR("oi"), 0),
	    "of the other");
	ok(wordlist_means(&l, STR("")) == 0 &&
		wordlist_means(&l, STR("guten")) == 0 &&
		wordlist_means(&l, STR("guten tag und mehr")) == 0,
	    "of none");
	ok(wordlist_count(&l, 0) == 2 && wordlist_count(&l, 1) == 2 &&
		wordlist_count(&l, 2) == 0,
	    "how many have a meaning");
	ok(str_is(wordlist_of(&l, 0, 1), "hallo") &&
		str_is(wordlist_of(&l, 1, 1), "oi"),
	    "in the order of their bytes");
	ok(strcmp(l.names, "greeting") == 0 &&
		strcmp(l.names + sizeof("greeting"), "call") == 0,
	    "the names of the sections");
	arena_release(&a);
}

/* Words of phrases: without case, marks and signs. */
static void
test_phrases(void)
{
	static const struct str text = STR(
	    "%phrases\n%scan stop\n[stop]\n"
	    "arr\xc3\xaat des messages\tfr\nopt-out\ten\nunsubscrib*\ten,nl\n"
	    "\xe5\x81\x9c\xe6\xad\xa2\tzh\n[more]\nunsubscrib*\tde\n");
	struct arena a = { 0 };
	struct wordfile f;
	struct wordlist l;
	struct err e;
	size_t n;

	ok(wordfile_read(text, "list", &a, &f, &e) == 0, "phrases are read");
	wordfile_list(&f, &a, &l, &n);
	is_int((int64_t)n, 4, "one entry of two meanings");
	ok(wordlist_means(&l, STR("opt out")) == 1 &&
		wordlist_means(&l, STR("arret des messages")) == 1,
	    "without marks and signs");
	ok(wordlist_means(&l, STR("unsubscrib*")) == 3, "a beginning");
	ok(l.phrases != NULL, "the list knows its phrases");
	for (size_t i = 0; i < n; i++) {
		if (!str_is(wordlist_at(&l, i), "unsubscrib*"))
			continue;
		is_int(__builtin_popcountll(
			   wordlist_languages(&l, (unsigned)i, 0)),
		    2, "the languages of a meaning");
		is_int(__builtin_popcountll(
			   wordlist_languages(&l, (unsigned)i, 1)),
		    1, "and of the other");
	}
	arena_release(&a);
}

/* Every list has more than one place where its hash may go on. */
static void
test_many(void)
{
	enum { MANY = 5000 };
	static char text[MANY * 16 + 8];
	struct arena a = { 0 };
	struct wordfile f;
	struct wordlist l;
	struct err e;
	size_t n = 0, at = 4, found = 0;

	memcpy(text, "[a]\n", 4);
	for (int i = 0; i < MANY; i++)
		at += (size_t)snprintf(
		    text + at, sizeof(text) - at, "w%04d\ten\n", i);
	ok(wordfile_read(str_make(text, at), "list", &a, &f, &e) == 0,
	    "many are read");
	wordfile_list(&f, &a, &l, &n);
	for (size_t i = 0; i < n; i++)
		found += wordlist_means(&l, wordlist_at(&l, i)) == 1;
	ok(n == MANY && found == MANY, "and each is found");
	ok(wordlist_means(&l, STR("w9999")) == 0, "but no other");
	arena_release(&a);
}

int
main(void)
{
	test_list();
	test_phrases();
	test_many();
	return done();
}
