#ifndef KITH_CORE_MAP_H
#define KITH_CORE_MAP_H
/*
 * A hash map from byte strings to 64-bit values, with a hash keyed by a
 * random secret of the process (SipHash-1-3), so that nobody who writes the
 * input can make it slow.  Entries stand in the order of their first put:
 * walking it depends on the input alone, never on the hash.
 */
#include "core/arena.h"
#include "core/str.h"
#include "core/table.h"

struct map_entry {
	struct str key; /* owned by the map */
	uint64_t value;
};

/* The lower half of an entry's hash, and the entry's index plus one. */
struct map_slots TABLE(uint64_t);

/* A zeroed one is ready. */
struct map {
	struct map_entry *entries; /* 0 .. n-1, in the order of insertion */
	size_t n, cap;
	struct map_slots slots;
	struct arena keys;
};

void map_release(struct map *m);
/* Empties it and keeps the memory. */
void map_reset(struct map *m);
/* The value's place, or NULL.  Valid until the next map_put. */
uint64_t *map_get(const struct map *m, struct str key);
/*
 * The value's place, made with value 0 where the key was not there; *fresh
 * (may be NULL) tells which.  The key is copied.
 */
uint64_t *map_put(struct map *m, struct str key, bool *fresh);

/*
 * For who will look a key up soon and has other work to do meanwhile: a large
 * table is memory that is far away, each piece of which tells where the next
 * one is.  A hash from map_hash; then MAP_SLOT, MAP_ENTRY and MAP_KEY, with
 * work in between, have each piece loaded.  Gives the entry where it is known,
 * which may be another key's, else SIZE_MAX.
 */
enum map_piece { MAP_SLOT, MAP_ENTRY, MAP_KEY };
uint64_t map_hash(struct str key);
size_t map_soon(const struct map *m, uint64_t hash, enum map_piece piece);

#endif
