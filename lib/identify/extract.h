#ifndef KITH_IDENTIFY_EXTRACT_H
#define KITH_IDENTIFY_EXTRACT_H
/*
 * Keys that the user's own patterns find in a record's texts: order and
 * customer numbers, and whatever else a company counts by.
 *
 *	- type: order                   # the key's type
 *	  pattern: 'order\s*#?(\d{6})'  # PCRE2, any case
 *	  fields: [subject, text]       # members; this is the default
 *	  trust: mentioned              # or claimed
 *	  value: '$1'                   # default: group 1, else all of it
 *	  case: upper                   # or lower, keep
 *
 * What somebody writes proves nothing, so a pattern cannot give more trust.
 */
#include "identify/keys.h"
#include "record/record.h"

enum {
	EXTRACT_PATTERNS = 1000, /* a file */
	EXTRACT_FIELDS = 64, /* different ones */
	EXTRACT_KEYS = 16, /* a record; further ones are left out */
	EXTRACT_VALUE = 256, /* bytes of a value; longer ones are none */
	EXTRACT_TEXT = 1 << 20, /* bytes of a member that are looked through */
};

struct extracted {
	struct str type, value;
	enum trust trust;
	struct str field; /* "subject", "data.note" */
};

struct extract;

/* NULL with "file:line:column: ..." */
struct extract *extract_read(const char *path, struct err *e);
void extract_free(struct extract *x);
/*
 * Fills at most EXTRACT_KEYS of them and returns how many; slices live as
 * long as the record's arena, and x.
 */
size_t extract_find(struct extract *x, struct record *r, struct extracted *out);
/* How many searches took too much work and were given up; *place (may be
 * NULL) is the "file:line" of the last pattern that did. */
size_t extract_given_up(const struct extract *x, const char **place);

#endif
