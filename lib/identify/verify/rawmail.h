#ifndef KITH_IDENTIFY_VERIFY_RAWMAIL_H
#define KITH_IDENTIFY_VERIFY_RAWMAIL_H
/*
 * A mail as signatures see it: fields with every byte that they came with.
 * Stricter than what reads mails for people: where two readers could see two
 * different headers there is nothing to be verified.
 */
#include "core/arena.h"

enum {
	RAWMAIL_FIELDS = 2000,
	RAWMAIL_HEADER = 1 << 20, /* bytes; servers take less */
};

struct rawfield {
	struct str name; /* as written, without blanks before the colon */
	struct str whole; /* with its name and the line ends within, without
			     the one at its end */
	struct str value; /* behind the colon */
};

struct rawmail {
	struct rawfield *v; /* top to bottom */
	size_t n;
	struct str body; /* behind the empty line; empty where there is none */
};

/* Slices of raw (borrowed), the list in the arena.  -1 where it is no header:
 * a line that begins no field and continues none, a NUL, a lone CR, or one
 * that is larger than these bounds. */
int rawmail_read(struct str raw, struct arena *a, struct rawmail *out);
/* The first field of that name, NULL without one; *count (may be NULL) is how
 * many there are. */
const struct rawfield *
rawmail_find(const struct rawmail *m, struct str name, size_t *count);
/* A field's value without its line ends, trimmed. */
struct str rawfield_unfolded(const struct rawfield *f, struct arena *a);

#endif
