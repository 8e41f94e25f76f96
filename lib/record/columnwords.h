#ifndef KITH_RECORD_COLUMNWORDS_H
#define KITH_RECORD_COLUMNWORDS_H
/*
 * Words in the names of columns, as companies call those of their own tables:
 * "emailOptOut", "Zgoda SMS", "メール配信希望".
 */
#include "core/arena.h"
#include "core/text/wordlist.h"

enum {
	COLUMN_NAME = 200, /* bytes of a name; longer ones say nothing */
	COLUMN_RUN = 6, /* words of an entry */
	COLUMN_KEPT = 256, /* names remembered */
	COLUMN_KEPT_NAME = 48, /* bytes of such a name */
};

/* Folded (unicode_fold), with a blank for whatever is no letter between two
 * words and where a capital begins one; "" where it is longer than COLUMN_NAME.
 * Memory is a's. */
struct str column_fold(struct str name, struct arena *a);
/*
 * What stands in such a name: 1 << meaning for each entry of a list of whole
 * words one behind the other.  Entries that begin with a sign of Chinese,
 * Japanese or Korean are found within a word, too.
 */
uint64_t column_means(const struct wordlist *l, struct str folded);
/* Both in one, remembered for the names that tables repeat in every row; whole
 * gets what the name as a whole means. */
uint64_t
column_name_means(const struct wordlist *l, struct str name, uint64_t *whole);

#endif
