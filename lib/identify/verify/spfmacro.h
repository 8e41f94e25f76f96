#ifndef KITH_IDENTIFY_VERIFY_SPFMACRO_H
#define KITH_IDENTIFY_VERIFY_SPFMACRO_H
/*
 * Macros of SPF (RFC 7208, 7) and what of a term is written with them.
 */
#include "core/arena.h"

/* What the letters stand for. */
struct spf_letters {
	struct str sender, local, of; /* s, l, o */
	struct str domain; /* d */
	struct str address; /* as text; six: it is IPv6 */
	struct str helo, receiver, validated; /* h, r, p */
	uint8_t bytes[16];
	bool six;
	int64_t at; /* microseconds */
};

/* Is it a macro string?  explains: letters of explanations, and spaces, may
 * stand there. */
bool spf_is_macro_string(struct str s, bool explains);
/* Is it a domain-spec: a macro string that ends in a macro or a top label? */
bool spf_is_domain_spec(struct str s);
/* Does it need the letter p? */
bool spf_needs_validated(struct str s);
/* s, which is a macro string, with its macros in place. */
struct str
spf_expand(struct str s, const struct spf_letters *l, struct arena *a);

#endif
