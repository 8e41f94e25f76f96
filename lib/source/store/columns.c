/*
 * What the columns of a till's tables are called.
 */
#include "core/text/ascii.h"
#include "source/store/store.h"
#include "text/unicode.h"

#define MEANS(SECTION, n) STORE_##SECTION
#include "source/store/words/columns.h"

enum { NAME_BYTES = 80 }; /* of a column's name */

enum store_column
store_column(struct str name, struct arena *a)
{
	char *plain;
	uint64_t means;
	size_t n = 0;

	if (name.n == 0 || name.n > NAME_BYTES)
		return STORE_COLUMNS;
	name = unicode_fold(name, a);
	plain = arena_alloc(a, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		if (ascii_is_letter(name.p[i]) ||
		    (unsigned char)name.p[i] >= 0x80)
			plain[n++] = name.p[i];
	means = wordlist_means(&words_columns, str_make(plain, n));
	return means == 0 ? STORE_COLUMNS
			  : (enum store_column)__builtin_ctzll(means);
}
