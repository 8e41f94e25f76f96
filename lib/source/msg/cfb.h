#ifndef KITH_SOURCE_MSG_CFB_H
#define KITH_SOURCE_MSG_CFB_H
/*
 * Compound files (OLE2; MS-CFB): folders ("storages") of files ("streams") in
 * one file, which lies in memory.  Sectors that a table chains are the files;
 * small ones lie in sectors of 64 bytes of a file of their own.
 *
 * Chains that run in circles, tables that lead out of the file, a file that
 * was cut off and names twice in the tree are errors, or are not seen; what is
 * copied together is bounded by a few times the file's size, whatever its
 * entries say.  What lies in one piece is a slice of the file.
 *
 * Not libgsf (1.14), which brings GLib, GObject, GIO and libxml2 into every
 * worker for these 300 lines, and reads by its own loops in their memory.
 */
#include "core/arena.h"
#include "core/err.h"

enum {
	CFB_ROOT = 0, /* the outermost storage */
	CFB_NONE = -1,
};

struct cfb_entry;

struct cfb {
	struct str file; /* borrowed */
	struct arena *arena; /* borrowed: all that it has lives there */
	size_t sector, mini; /* bytes of one */
	uint32_t cutoff; /* streams of fewer bytes lie in mini sectors */
	uint32_t *fat, *minifat;
	size_t fat_count, minifat_count;
	struct str ministream;
	struct cfb_entry *entries;
	size_t count;
	int *order; /* entries by their storage, and by name */
	size_t order_count;
	size_t copied;
};

/* Whether a file begins as one. */
bool cfb_is(struct str head);
/* file (borrowed as long as c) into c: 0, or -1 with what is wrong. */
int cfb_open(struct cfb *c, struct str file, struct arena *a, struct err *e);
/* The entry of that name in a storage, CFB_NONE without one.  Case does not
 * count. */
int cfb_find(const struct cfb *c, int storage, struct str name);
/* The storage's entries whose names begin so, in the order of names: the i-th,
 * CFB_NONE behind the last. */
int cfb_child(const struct cfb *c, int storage, struct str begin, size_t i);
bool cfb_is_storage(const struct cfb *c, int entry);
/* A stream's bytes, in the file or in the arena: 0, or -1 where it is cut off,
 * or is none. */
int cfb_read(struct cfb *c, int entry, struct str *out, struct err *e);

#endif
