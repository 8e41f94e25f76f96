#include "record/columnwords.h"

#include "core/text/ascii.h"
#include "text/unicode.h"

static bool
is_letter(char c)
{
	return ascii_is_letter(c) || (unsigned char)c >= 0x80;
}

struct str
column_fold(struct str name, struct arena *a)
{
	char *p;
	struct str s;
	size_t n = 0;

	if (name.n == 0 || name.n > COLUMN_NAME)
		return STR("");
	p = arena_alloc(a, 2 * name.n);
	for (size_t i = 0; i < name.n; i++) {
		if (i > 0 && ascii_is_upper(name.p[i]) &&
		    ascii_is_lower(name.p[i - 1]))
			p[n++] = ' ';
		p[n++] = name.p[i];
	}
	s = unicode_fold(str_make(p, n), a);
	p = arena_alloc(a, s.n + 1);
	n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (is_letter(s.p[i]))
			p[n++] = s.p[i];
		else if (n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	return str_trim(str_make(p, n));
}

/* From U+3000 on: scripts that put no blank between words. */
static bool
is_dense(struct str s)
{
	return (unsigned char)s.p[0] >= 0xe3;
}

uint64_t
column_means(const struct wordlist *l, struct str folded)
{
	uint64_t means = 0;
	bool dense = false;

	for (size_t i = 0; i < folded.n; i++) {
		int words = 0;

		dense |= is_dense(str_sub(folded, i, folded.n));
		if (i > 0 && folded.p[i - 1] != ' ')
			continue;
		for (size_t end = i + 1; end <= folded.n; end++) {
			if (end < folded.n && folded.p[end] != ' ')
				continue;
			means |= wordlist_means(l, str_sub(folded, i, end - i));
			if (++words == COLUMN_RUN)
				break;
		}
	}
	for (unsigned m = 0; dense && m < WORDLIST_MEANINGS; m++)
		for (size_t i = 0; i < wordlist_count(l, m); i++) {
			struct str word = wordlist_of(l, m, i);

			if (is_dense(word) && str_find(folded, word) >= 0)
				means |= UINT64_C(1) << m;
		}
	return means;
}

/* A name of a list, and what it means there. */
struct kept {
	const struct wordlist *list;
	uint64_t means, whole;
	unsigned char n;
	char name[COLUMN_KEPT_NAME];
};

uint64_t
column_name_means(const struct wordlist *l, struct str name, uint64_t *whole)
{
	/*
	 * It may outlive a stage and serve another: what a name means in a
	 * list, both in the key, hangs on nothing else.
	 */
	static _Thread_local struct kept kept[COLUMN_KEPT];
	struct kept *k = &kept[wordlist_hash(name) % COLUMN_KEPT];
	struct arena a = { 0 };
	struct str folded;
	uint64_t means;

	if (k->list == l && k->n == name.n &&
	    memcmp(k->name, name.p, name.n) == 0) {
		*whole = k->whole;
		return k->means;
	}
	folded = column_fold(name, &a);
	means = column_means(l, folded);
	*whole = folded.n == 0 ? 0 : wordlist_means(l, folded);
	if (name.n > 0 && name.n <= COLUMN_KEPT_NAME) {
		*k = (struct kept){ .list = l,
			.means = means,
			.whole = *whole,
			.n = (unsigned char)name.n };
		memcpy(k->name, name.p, name.n);
	}
	arena_release(&a);
	return means;
}
