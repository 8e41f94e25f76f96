#ifndef KITH_TEXT_REGEX_H
#define KITH_TEXT_REGEX_H
/*
 * One regular expression with groups (PCRE2): for taking a part out of a text.
 * Letters match in any case, classes know Unicode.  Each search has a bound on
 * its work, so that no text can make it run for ever.
 *
 * Many words and expressions at once, without groups, are Hyperscan's work,
 * which cannot say where a group stands.
 */
#include "core/err.h"

enum {
	REGEX_BYTES = 2000, /* an expression */
	REGEX_GROUPS = 16, /* the whole match counted */
	REGEX_WORK = 200000, /* steps a search (PCRE2's match limit) */
	REGEX_HEAP = 20000, /* KiB a search */
};

struct regex;

/* NULL with what is wrong and after which characters. */
struct regex *regex_new(struct str expression, struct err *e);
void regex_free(struct regex *x);
/* Groups of the expression, the whole match not counted. */
int regex_groups(const struct regex *x);
/* The number of a named group, or -1. */
int regex_group(const struct regex *x, const char *name);
/*
 * The first match that begins at byte `from` or later: 1, with groups[0] the
 * whole of it and the others as slices of the text (STR_NONE where they took
 * no part); 0 where there is none; -1 where it took too much work.  text is
 * valid UTF-8 and from the start of a character.
 */
int regex_find(struct regex *x, struct str text, size_t from,
    struct str groups[REGEX_GROUPS]);

#endif
