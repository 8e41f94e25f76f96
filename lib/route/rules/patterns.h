#ifndef KITH_ROUTE_RULES_PATTERNS_H
#define KITH_ROUTE_RULES_PATTERNS_H
/*
 * Words and expressions, any number of them, looked for in one pass over a
 * text (Hyperscan).
 *
 * A word is found whole and in any case: "cancel" is not in "cancelled".
 * Blanks in it match any run of blanks, a '*' any letters and digits:
 * "cancel*" is in "cancelled".  An expression stands between slashes and has
 * Hyperscan's part of PCRE's syntax (no back references, no look-around);
 * letters match in any case, \w and \s know letters and blanks beyond ASCII, \d
 * and \b do not.
 */
#include "core/err.h"

enum {
	PATTERNS_MAX = 20000, /* in all */
	PATTERN_BYTES = 2000, /* each */
};

struct patterns;

struct patterns *patterns_new(void);
void patterns_free(struct patterns *p);
/*
 * Adds a pattern and gives its number; the same text gives the same number.
 * -1 with what is wrong with it.
 */
int patterns_add(struct patterns *p, struct str text, struct err *e);
/* After the last one: makes the automaton.  0 or -1. */
int patterns_compile(struct patterns *p, struct err *e);
struct str patterns_text(const struct patterns *p, size_t i);

/*
 * Looks through a text in valid UTF-8; what is found stays found until
 * patterns_clear.  -1 where the text is too long for it (4 GiB).
 */
int patterns_scan(struct patterns *p, struct str text, struct err *e);
void patterns_clear(struct patterns *p);
bool patterns_found(const struct patterns *p, size_t i);
/* Was any? */
bool patterns_any(const struct patterns *p);

#endif
