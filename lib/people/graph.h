#ifndef KITH_PEOPLE_GRAPH_H
#define KITH_PEOPLE_GRAPH_H
/*
 * The identity graph in memory: keys, which of them were seen together, and
 * the people that follow from it.
 *
 * What it gives depends on the set of what was put in, never on the order:
 * resolving parts and then their results is resolving the whole.  A person is
 * a connected component; it is known by its oldest key.
 *
 * Memory: about 70 bytes a key with the text of a usual mail address, and 25
 * for each pair of keys seen together (55 with keep_records).
 */
#include "core/arena.h"
#include "core/hash.h"
#include "core/map.h"
#include "core/vec.h"
#include "people/limits.h"

#define GRAPH_NONE UINT32_MAX

enum {
	GRAPH_DEGREE =
	    20, /* other keys beside one before it counts as shared */
	GRAPH_TOGETHER = 16, /* keys of one record that are joined */
	GRAPH_BATCH = 64,
	GRAPH_UNIT = 4, /* texts stand at multiples of so many bytes, */
	GRAPH_CHUNK = 1 << 18, /* so many units to a chunk */
};

enum {
	KEY_TRUSTED = 1, /* stood in evidence that joins */
	KEY_SHARED = 2, /* a role address or the like, by list */
	KEY_NOTHING = 4, /* a placeholder, by list */
	KEY_DEMOTED = 8, /* shared, by what it would join: see its conflict */
	KEY_DEVICE = 16, /* not counted in others' degrees */
	KEY_HANDED = 32, /* its person id was given out by an earlier run */
	KEY_APART = 64, /* in a component that some other must not join */
	KEY_CLAIM = 128, /* stands for whoever claims the key behind the "?" */
	KEY_LISTED = 256, /* a list kept it from joining others */
	KEY_SPLIT = 512, /* of a person that must be taken apart */
};

/* Small, because there are so many: resolving touches them at random. */
struct graph_key {
	int64_t since; /* its earliest evidence; with KEY_HANDED as of then */
	uint32_t at; /* where its text is: see graph_text */
	uint32_t parent;
	uint32_t person; /* of a root, for the caller; 0 at first */
	uint16_t degree;
	uint16_t flags : 10;
	uint16_t limit : 6; /* its type's, of the graph's limits */
};

struct graph_edge {
	uint32_t a : 31;
	uint32_t profile : 1; /* by nothing but a profile: see profiles.h */
	uint32_t b : 31; /* a and b: keys, the smaller text first */
	uint32_t refused : 1; /* of such: it is not followed */
	int64_t since;
};

/* Kept with keep_records only. */
struct graph_source {
	char record[ID_SIZE]; /* the earliest that holds both */
	bool stored; /* the state has it so */
};

struct graph_pair {
	uint32_t a, b;
};

/* Rows of a table of people have this key beside this name. */
struct graph_name {
	uint32_t key, name; /* name: of graph.names */
	bool stored; /* the state has it so */
	char record[ID_SIZE];
};

/* Why a key is not believed, or a pair not joined. */
enum graph_why {
	WHY_DEGREE, /* beside more others than max_degree */
	WHY_NAMES, /* beside the names a and b, which do not agree */
	WHY_LIMIT, /* it would join the keys a and b, of one class, of which
		      one person has not so many */
	WHY_PAIR, /* key and a: the same of a pair alone */
	WHY_DIFFERENT, /* key and a: an operator's word */
	WHY_PROFILE, /* key and a: a's person has b, of the key's class */
};

struct graph_conflict {
	uint32_t key, a, b;
	enum graph_why why;
};

/* The lower half of a key's hash, and the key's index plus one. */
struct key_slots TABLE(uint64_t);
/* An edge's index plus one. */
struct edge_slots TABLE(uint32_t);

struct graph {
	struct graph_key *keys;
	uint32_t n;
	size_t cap;
	struct key_slots slots;
	char **chunks; /* of texts */
	size_t chunk_n, chunk_cap;
	size_t chunk_used; /* bytes of the last one */
	struct graph_edge *edges;
	struct graph_source *sources; /* one an edge, or NULL */
	size_t edge_n, edge_cap, source_cap;
	bool keep_records; /* set before the first edge */
	struct edge_slots edge_slots;
	uint64_t secret; /* of the edges' table */
	struct graph_pairs VEC(struct graph_pair) same, different;
	struct map names; /* folded; the values are nothing */
	struct graph_name *named;
	size_t named_n, named_cap;
	struct graph_conflict
	    *conflicts; /* after graph_resolve, by their keys */
	size_t conflict_n, conflict_cap;
	struct limits limits; /* the defaults unless set before the first key */
	unsigned max_degree; /* GRAPH_DEGREE unless set */
};

void graph_init(struct graph *g);
void graph_release(struct graph *g);
/* Forgets everything, and keeps the settings and some of the memory. */
void graph_clear(struct graph *g);

/* Finds or makes n keys (up to GRAPH_BATCH a call) by their notation: out[i] is
 * the index of text[i].  Several at once, because each is a miss in the cache.
 */
void
graph_intern(struct graph *g, const struct str *text, size_t n, uint32_t *out);
/* GRAPH_NONE where it is not there. */
uint32_t graph_lookup(const struct graph *g, struct str text);
/* Where the key's text is, its length before it. */
static inline const char *
graph_place(const struct graph *g, uint32_t i)
{
	uint32_t at = g->keys[i].at;

	return g->chunks[at / GRAPH_CHUNK] +
	       (size_t)(at % GRAPH_CHUNK) * GRAPH_UNIT;
}
/* type:value; "?type:value" for KEY_CLAIM. */
static inline struct str
graph_text(const struct graph *g, uint32_t i)
{
	const char *p = graph_place(g, i);
	uint16_t n;

	memcpy(&n, p, sizeof(n));
	return (struct str){ p + sizeof(n), n };
}
/* How strong the key's type is: see limits.h. */
static inline const struct limit *
graph_limit(const struct graph *g, uint32_t i)
{
	return &g->limits.v[g->keys[i].limit];
}

/*
 * Trusted keys that stood in one record of that time and id, the last
 * `profile` of them in somebody's profile.  Keys that a list tells to be shared
 * are not joined; those of a profile only with the site's id of whose it is.
 */
void graph_evidence(struct graph *g, const uint32_t *keys, size_t n,
    size_t profile, int64_t since, struct str record);
/* Is it a site's id of somebody, whose profile may have keys? */
bool graph_has_profile(struct str text);
/* Before several calls of it: fetches what they will touch, first with step
 * 0 for all of them, then with step 1. */
void
graph_fetch(const struct graph *g, const uint32_t *keys, size_t n, int step);
/* Bytes held for keys and what joins them. */
size_t graph_bytes(const struct graph *g);
/* Forgets all evidence and keeps the keys. */
void graph_unlearn(struct graph *g);
/* One pair, as the state kept it: profile where nothing else joins it.  Returns
 * the edge. */
size_t graph_join(struct graph *g, uint32_t a, uint32_t b, bool profile,
    int64_t since, struct str record);
/* A key of a type that one person has many of. */
bool graph_is_device(struct str text);
/* A key that the people of a house or an office may share; names tell. */
bool graph_is_shareable(struct str text);
/* An operator's word: these are one person; these are not. */
void graph_same(struct graph *g, uint32_t a, uint32_t b);
void graph_different(struct graph *g, uint32_t a, uint32_t b);

/*
 * A row's name, folded (names.h), as an index of graph.names; and that this
 * row has the key.
 */
uint32_t graph_name_intern(struct graph *g, struct str folded);
void
graph_named(struct graph *g, uint32_t key, uint32_t name, struct str record);

/*
 * Makes the people.  Evidence is followed from the strongest types of keys to
 * the weakest, of equal ones from the oldest, then the operator's `same`.
 * What would join two that are `different`, or more keys of a class than one
 * person has, is not followed; a key that would do so while it is of a weaker
 * type joins nobody at all.  All of it is in conflicts.
 */
void graph_resolve(struct graph *g);
/* The key's conflict, or NULL. */
const struct graph_conflict *
graph_conflict_of(const struct graph *g, uint32_t key);
/* The person's oldest key, after graph_resolve. */
uint32_t graph_root(struct graph *g, uint32_t key);
/* The id of the person whose oldest key this is. */
void graph_person_id(const struct graph *g, uint32_t root, char out[ID_SIZE]);

/*
 * The shortest chain of evidence from a to b: keys in path[0..n), at most max.
 * Returns n, 0 where there is none.  any: also along what was not believed.
 */
size_t graph_path(const struct graph *g, uint32_t a, uint32_t b, bool any,
    uint32_t *path, size_t max);
/* The edge between two keys, SIZE_MAX where it is an operator's word. */
size_t graph_edge_of(const struct graph *g, uint32_t a, uint32_t b);

#endif
