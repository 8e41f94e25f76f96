#ifndef KITH_HOOK_SPOOL_H
#define KITH_HOOK_SPOOL_H
/*
 * The spool: a folder with a file for each body that came by a hook, from when
 * it was answered until it was given on.  A file is a line that says what it
 * is, and the body as it came:
 *
 *	kith-hook 1 team 2026-11-30T09:00:00.123456Z application/json
 *
 * Its name is the time, so that names in their order are bodies in theirs.
 */
#include "core/buf.h"
#include "core/err.h"

enum {
	SPOOL_NAME = 64, /* bytes of a file's name, with a NUL */
	SPOOL_HEAD = 512, /* of its first line */
};
#define SPOOL_SUFFIX ".hook"
#define SPOOL_NEW ".new" /* one that is being written */

struct spooled {
	struct str source, type; /* type absent: not said */
	int64_t at; /* microseconds */
	struct str body;
};

/*
 * Writes it whole or not at all: what stands under a name that ends with
 * SPOOL_SUFFIX has reached the disk, its name too.  0, or -1, and then nothing
 * is left of it.
 */
int spooled_write(const char *folder, const struct spooled *s, struct err *e);
/* What spooled_write wrote.  0, or -1: it is none. */
int spooled_parse(struct str file, struct spooled *out);
/* Is it the name of a file that was written whole? */
bool spooled_is_name(const char *name);

#endif
