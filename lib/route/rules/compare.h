#ifndef KITH_ROUTE_RULES_COMPARE_H
#define KITH_ROUTE_RULES_COMPARE_H
/*
 * What a rule wants of the values at a path:
 *
 *	open		the text, the number or the truth value itself
 *	"> 500"		a number that is more; also <, >=, <=
 *	">= 10 < 20"	all of several
 *	"< 2026-01-01"	a time that is earlier
 *	"!= spam"	none of the values is that; "= > 5" is the text "> 5"
 *	null		there is none
 *
 * Numbers are numbers also where the record writes them as texts.
 */
#include "core/arena.h"
#include "core/err.h"
#include "json/json.h"

struct compare; /* one of the alternatives */

/* Reads one; plain: it stands without quotes.  NULL with what is wrong. */
struct compare *
compare_read(struct str text, bool plain, struct arena *a, struct err *e);
/*
 * Does it hold for the n values?  *found (decoded in the arena) is the value
 * that decided it, or absent.
 */
bool compare_holds(const struct compare *c, const struct json *v, size_t n,
    struct arena *a, struct str *found);

#endif
