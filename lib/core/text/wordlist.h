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
	/* Of a list of phrases (text/wordfile.h), else NULL. */
	const struct wordlist_phrases *phrases;
	const char *names; /* the sections', each with its NUL, in order */
	uint32_t mask; /* slots - 1, of a power of two */
	uint32_t longest; /* bytes of an entry */
	struct wordlist_part parts[WORDLIST_MEANINGS]; /* by meaning */
};

/* FNV-1a (Fowler, Noll, Vo), byte by byte from WORDLIST_HASH on; the hash is
 * what wordlist_hashed gives at the end. */
#define WORDLIST_HASH UINT32_C(2166136261)
static inline uint32_t
wordlist_hash_more(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * UINT32_C(16777619);
}
static inline uint32_t
wordlist_hashed(uint32_t h)
{
	return h ^ h >> 15;
}
static inline uint32_t
wordlist_hash(struct str s)
{
	uint32_t h = WORDLIST_HASH;

	for (size_t i = 0; i < s.n; i++)
		h = wordlist_hash_more(h, s.p[i]);
	return wordlist_hashed(h);
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
		h = wordlist_hash_more(h, s.p[i]);
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

/* Phrases. */

/*
 * What is known of a list's phrases without looking at them: which words may
 * stand in one, and of the sections that texts are scanned for (%scan) what
 * their words mean: of a phrase its rarest two that stand side by side.  So a
 * text that has none need not be read.
 *
 * A word is told by its first eight bytes, its key; one that an entry gives
 * with a star by the first four, or six beyond ASCII, and those that follow.
 */
struct wordlist_phrases {
	/* The languages of each meaning of an entry, of the lowest bit first; a
	 * bit a language and its dialects, all of them for und. */
	const uint64_t *languages;
	const uint32_t *languages_at; /* where each entry's begin */
	/* WORDLIST_BITS bits each: by keys of words; by beginnings of those with
	 * a star; by the hash of beginnings of entries that end with a word. */
	const uint64_t *words, *stems, *begins;
	/* The same of what is scanned for: by openings of words; by keys of pairs. */
	const uint64_t *openings, *pairs;
	/* Slots of what is scanned for; 0: free. */
	const uint64_t *keys;
	const uint64_t *means; /* beside it */
	/* The languages of each of its meanings, likewise. */
	const uint64_t *key_languages;
	const uint16_t *key_languages_at;
	uint32_t mask; /* slots - 1, of a power of two */
};

enum {
	WORDLIST_BITS = 1 << 16,
	WORDLIST_KEY = 8, /* bytes of a word */
	WORDLIST_STEM = 4, /* bytes before a star, at least */
	WORDLIST_STEM_OTHER = 6,
};

/* A word's key, or that of so many bytes of it. */
static inline uint64_t
wordlist_key(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n < WORDLIST_KEY ? n : WORDLIST_KEY);
	return v;
}

/* The key of two words that stand side by side. */
static inline uint64_t
wordlist_pair(uint64_t first, uint64_t second)
{
	return (first * UINT64_C(0xff51afd7ed558ccd) ^ second) | 1;
}

static inline uint32_t
wordlist_spread(uint64_t key)
{
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* The first four bytes of a word of ASCII, or less where it ends; its hash. */
static inline uint32_t
wordlist_opening(uint32_t four)
{
	return four * UINT32_C(0x9e3779b1) >> 16;
}

static inline bool
wordlist_bit(const uint64_t *bits, uint32_t hash)
{
	hash %= WORDLIST_BITS;
	return (bits[hash / 64] >> hash % 64 & 1) != 0;
}

/* The slot of a key that is scanned for, or one that is free. */
static inline uint32_t
wordlist_slot(const struct wordlist_phrases *l, uint64_t key)
{
	uint32_t i = wordlist_spread(key);

	while (l->keys[i & l->mask] != key && l->keys[i & l->mask] != 0)
		i++;
	return i & l->mask;
}

/* The languages in which entry i has this meaning, which it has. */
static inline uint64_t
wordlist_languages(const struct wordlist *l, size_t i, unsigned meaning)
{
	uint64_t below = l->means[i] & ((UINT64_C(1) << meaning) - 1);

	return l->phrases->languages[l->phrases->languages_at[i] +
				     (unsigned)__builtin_popcountll(below)];
}

#endif
