#ifndef KITH_MAIL_TNEF_H
#define KITH_MAIL_TNEF_H
/*
 * The files in a winmail.dat (TNEF, MS-OXTNEF), which Outlook sends where it
 * takes its reader for Outlook.  Files are slices of it; checksums are not
 * asked, so that a damaged one gives what it still holds.
 *
 * Not libytnef (2.0): on 20 MB in four files it takes 145 ms and 28 MB more
 * memory, as it copies and sums all of them, where this takes 7 us; one byte
 * that is wrong in a file, and it gives neither that file nor those behind it;
 * and it prints.
 */
#include "core/arena.h"

struct tnef {
	struct str rest; /* attributes that are not read yet */
	bool begun; /* a file's attributes have begun */
};

struct tnef_file {
	struct str name; /* bytes in the sender's charset, or UTF-8; absent */
	struct str bytes;
};

/* False where s is none. */
bool tnef_open(struct tnef *t, struct str s);
/* The next file; names of UTF-16 are put into a.  False behind the last, or
 * where the rest is broken. */
bool tnef_next(struct tnef *t, struct arena *a, struct tnef_file *out);

#endif
