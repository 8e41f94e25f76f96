#ifndef KITH_TEXT_SEARCH_H
#define KITH_TEXT_SEARCH_H
/*
 * Which of some hundred short texts stand in a text: all of them looked for in
 * one pass.  Three bytes of each, those that are rarest in running words, go
 * into a table by their hash; a text is read once, three bytes at each place.
 * (Hyperscan was no faster for phrases in lines.)
 *
 * A zeroed struct search is ready.  One is filled once and then only read, so
 * that threads may share it.
 */
#include "core/str.h"

enum {
	SEARCH_SLOTS = 2048,
	SEARCH_MAX = 4096, /* entries */
	SEARCH_BYTES = 3, /* in the hash; shorter ones are sought one by one */
	SEARCH_LONGEST = 255, /* bytes of an entry */
};

enum search_place { SEARCH_BEGINNING, SEARCH_END, SEARCH_PART };

struct search_entry {
	const char *p;
	unsigned char n, window, tag;
	uint16_t next; /* 1 + the next one's number; 0: none */
};

struct search {
	uint16_t first[SEARCH_SLOTS]; /* 1 + an entry's number; 0: none */
	uint16_t first_short;
	struct search_entry v[SEARCH_MAX];
	size_t n;
};

/* How many entries with a tag stand in a text, each of them counted once. */
struct search_count {
	unsigned tag;
	int n;
	uint64_t seen[SEARCH_MAX / 64];
};

/*
 * Adds an entry, which is borrowed and must outlive s, with a tag below 64.  A
 * search holds entries of one place only.  -1 where it is empty, too long, or
 * one too many.
 */
int search_add(
    struct search *s, struct str entry, enum search_place place, unsigned tag);

/* Whose entries text begins or ends with: 1 << tag for each of those wanted. */
uint64_t
search_beginning(const struct search *s, struct str text, uint64_t wanted);
uint64_t search_end(const struct search *s, struct str text, uint64_t wanted);

/*
 * Whose entries stand in text: 1 << tag for each of those wanted.  Ends with
 * the first one found where count is NULL.
 */
uint64_t search_parts(const struct search *s, struct str text, uint64_t wanted,
    struct search_count *count);

#endif
