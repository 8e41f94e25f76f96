#ifndef KITH_IDENTIFY_VERIFY_TAGLIST_H
#define KITH_IDENTIFY_VERIFY_TAGLIST_H
/*
 * Lists of tags, "v=1; a=rsa-sha256", of DKIM, ARC and DMARC (RFC 6376, 3.2).
 */
#include "core/arena.h"

enum { TAGLIST_TAGS = 64 };

struct taglist {
	struct {
		struct str name, value; /* trimmed, white space within kept */
	} v[TAGLIST_TAGS];
	size_t n;
};

/* 0, or -1 where it does not follow the grammar, names one tag twice or has
 * too many.  Slices of text. */
int taglist_read(struct str text, struct taglist *out);
/* STR_NONE without one. */
struct str taglist_get(const struct taglist *l, const char *name);
/* Base64 with white space in it; STR_NONE where it is none or empty. */
struct str taglist_base64(struct str value, struct arena *a);
/* Is the word one of a list between colons, white space around each; in any
 * case? */
bool taglist_lists(struct str list, struct str word);
/* A number of at most 18 digits; -1 where it is none. */
int64_t taglist_number(struct str value);

#endif
