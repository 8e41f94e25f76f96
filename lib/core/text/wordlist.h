#ifndef KITH_CORE_TEXT_WORDLIST_H
#define KITH_CORE_TEXT_WORDLIST_H
/*
 * A list of words of languages, each with what it means: made from a text file
 * (text/wordfile.h) by the build, and nothing to do at start.  Whole words are
 * found by hash; the words of one meaning can be walked in the order of their
 * bytes.  Entries are ours, so a plain hash does: no input fills the table.
 *
 * The includer of "ROOM/words/NAME.h" has an enum of meanings, its values below
 * WORDLIST_MEANINGS, and says what the n-th section is called in it:
 *	#define MEANS(SECTION, n) MAILBOX_##SECTION
 *	#include "people/words/mailboxes.h"
 * which gives it `static const struct wordlist words_mailboxes` and how many
 * entries it has as the constant entries_of_mailboxes.
 */
#include "core/str.h"

enum { WORDLIST_MEANINGS = 64 };

/* Those of one meaning: of `rows`, n from the first. */
struct wordlist_part {
	uint16_t first, n;
};

/* Storage is the maker's: constant, or of one arena. */
struct wordlist {
	const char *text; /* the entries one behind the other, sorted */
	const uint32_t *at; /* where each begins; the last one's end */
	const uint64_t *means; /* of each, 1 << meaning for each it has */
	const uint16_t *slots; /* 1 + an entry's number; 0: free */
	const uint16_t *rows; /* entries' numbers by meaning, then sorted */
	const char *names; /* the sections', each with its NUL, in order */
	uint32_t mask; /* slots - 1, of a power of two */
	uint32_t longest; /* bytes of an entry */
	struct wordlist_part parts[WORDLIST_MEANINGS]; /* by meaning */
};

/* FNV-1a (Fowler, Noll, Vo), a byte at a time. */
#define WORDLIST_HASH UINT32_C(2166136261)

static inline uint32_t
wordlist_hash_add(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * UINT32_C(16777619);
}

static inline uint32_t
wordlist_hash(struct str s)
{
	uint32_t h = WORDLIST_HASH;

	for (size_t i = 0; i < s.n; i++)
		h = wordlist_hash_add(h, s.p[i]);
	return h ^ h >> 15;
}

/* The entry of number i, borrowed from the list. */
static inline struct str
wordlist_at(const struct wordlist *l, size_t i)
{
	return str_make(l->text + l->at[i], l->at[i + 1] - l->at[i]);
}

/* What s means as a whole entry, 1 << meaning for each; 0 where it is none.
 * added is its hash, from WORDLIST_HASH on: for who looks up one beginning of a
 * text after the other. */
static inline uint64_t
wordlist_means_added(const struct wordlist *l, struct str s, uint32_t added)
{
	for (uint32_t h = added ^ added >> 15;; h++) {
		uint32_t slot = l->slots[h & l->mask];

		if (slot == 0)
			return 0;
		if (str_eq(wordlist_at(l, slot - 1), s))
			return l->means[slot - 1];
	}
}

static inline uint64_t
wordlist_means(const struct wordlist *l, struct str s)
{
	uint32_t h = WORDLIST_HASH;

	if (s.n == 0 || s.n > l->longest)
		return 0;
	for (size_t i = 0; i < s.n; i++)
		h = wordlist_hash_add(h, s.p[i]);
	return wordlist_means_added(l, s, h);
}

/* Whether s is an entry of this meaning. */
static inline bool
wordlist_is(const struct wordlist *l, struct str s, unsigned meaning)
{
	return (wordlist_means(l, s) >> meaning & 1) != 0;
}

/* How many entries have this meaning, and the i-th of them. */
static inline size_t
wordlist_count(const struct wordlist *l, unsigned meaning)
{
	return l->parts[meaning].n;
}

static inline struct str
wordlist_of(const struct wordlist *l, unsigned meaning, size_t i)
{
	return wordlist_at(l, l->rows[l->parts[meaning].first + i]);
}

/* The first of them that begins with this byte or a higher one: those that
 * begin with c go up to the one of c + 1. */
static inline size_t
wordlist_from(const struct wordlist *l, unsigned meaning, unsigned c)
{
	const uint16_t *rows = l->rows + l->parts[meaning].first;
	size_t low = 0, high = l->parts[meaning].n;

	while (low < high) {
		size_t at = (low + high) / 2;

		if ((unsigned char)l->text[l->at[rows[at]]] < c)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

#endif
