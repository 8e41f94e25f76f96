#ifndef KITH_SOURCE_IMESSAGE_PLIST_H
#define KITH_SOURCE_IMESSAGE_PLIST_H
/*
 * Apple's binary property lists ("bplist00", CFBinaryPList.c): objects by their
 * number, looked at one by one, so that what refers to itself does no harm.
 * Slices are of the list's bytes.
 */
#include <stdint.h>

#include "core/str.h"

struct plist {
	struct str bytes; /* borrowed */
	size_t offset, ref; /* bytes of an offset and of a number */
	uint64_t objects, table, top;
};
#define PLIST_NONE UINT64_MAX

/* 0, or -1 where it is none. */
int plist_open(struct plist *p, struct str bytes);
/* The object that all others hang on. */
uint64_t plist_top(const struct plist *p);
/* The value of a dictionary's key (of ASCII), PLIST_NONE where there is none.
 * Objects that are PLIST_NONE, or of another kind, have none. */
uint64_t plist_get(const struct plist *p, uint64_t dict, const char *key);
/* Value i of a list or dictionary, and in *key (may be NULL) its key. */
uint64_t
plist_at(const struct plist *p, uint64_t of, size_t i, struct str *key);
/* The bytes of data or of a text of ASCII; absent where it is neither. */
struct str plist_bytes(const struct plist *p, uint64_t object);
/* A number, of a date the seconds since 2001; 0, or -1 where it is none. */
int plist_number(const struct plist *p, uint64_t object, double *out);

#endif
