#ifndef KITH_PEOPLE_LINKAGE_INSIDE_H
#define KITH_PEOPLE_LINKAGE_INSIDE_H
/*
 * Inside of linkage.h: the rows as numbers, and what the steps hand on.
 * In the order of the steps: values, levels, features, model, training, rules,
 * pairs, clusters.
 */
#include <stdatomic.h>

#include "core/text/date.h"
#include "core/vec.h"
#include "people/linkage/linkage.h"

/* values.c: each value of a field stands once. */

enum {
	VALUE_NONE = 0, /* its number where there is none */
	VALUE_BYTES = 120, /* more of a text is not compared */
	VALUE_WORDS = 12,
	KNOWN_ROWS = 3, /* that establish a given name */
};

struct value {
	uint32_t at; /* of dictionary.text */
	uint32_t count; /* rows that have it */
	uint32_t letters; /* a bit each that is in it; 26 to 31: digits */
	uint32_t words_at; /* of dictionary.words */
	float lf; /* ln(count / rows that have the field) */
	uint32_t date; /* of a date: its number */
	uint8_t n, words; /* bytes, words */
	uint8_t local; /* of an address: bytes before the @ */
	bool shared; /* a switchboard's, a role's */
	bool
	    known; /* of a given name: others have it, or one that it is a slip of */
};

struct dictionary {
	struct value *v; /* [0] is none */
	uint32_t n;
	size_t cap;
	char *text;
	size_t text_n, text_cap;
	uint64_t *slots; /* upper half of the hash, number */
	size_t mask;
	uint64_t present; /* rows that have one */
	uint32_t *words; /* numbers of word */
	size_t words_n, words_cap;
};

static inline struct str
value_text(const struct dictionary *d, uint32_t v)
{
	return (struct str){ d->text + d->v[v].at, d->v[v].n };
}
uint32_t dictionary_put(struct dictionary *d, struct str s);
/* VALUE_NONE where it is not there. */
uint32_t dictionary_find(const struct dictionary *d, struct str s);
void dictionary_release(struct dictionary *d);

/* Dates with slashes are read as the table writes them, where it shows. */
void dates_settle(struct linkage *l);
/* Once all rows are in: what is told of each value, and of its words. */
void values_settle(struct linkage *l);

/* What a row is to the comparison. */
enum {
	ROW_NAMED = 1, /* its address's local part is made of its name */
	ROW_ONLY_FULL = 2, /* a name whose parts are not told apart */
	ROW_CLAIMED = 4,
	ROW_INITIAL = 8, /* its given name is one letter */
	ROW_TURNABLE = 16, /* day and month of its date may be turned */
};

struct row {
	uint32_t v[LINK_FIELDS];
	uint8_t flags;
	unsigned generation : 4; /* 0: not told; senior, junior, third ... */
	unsigned family_words : 4; /* "Smith, Anna": the last so many */
	uint16_t silent; /* a bit each field that says nothing */
};

struct row_id {
	uint64_t hash; /* the same everywhere */
	uint64_t version;
	uint32_t at; /* of ids */
	uint32_t n;
	uint32_t row; /* before settling: where it was put */
};

/* normal.c: the text of a row's fields as it is compared. */

struct normal {
	struct str text[LINK_FIELDS];
	uint8_t flags, generation, family_words;
	uint8_t order; /* enum date_order */
};
/* Texts live in the arena. */
void
normal_row(const struct linkage_row *row, struct normal *out, struct arena *a);

/* names.c: whole names, cut as those of other rows are. */
void names_cut(struct linkage *l);

/* similar.c: how alike two texts of at most VALUE_BYTES are. */
enum { SIMILAR_BYTES = 64 /* that are looked at */ };

/* Optimal string alignment, up to `most`; more is most + 1. */
unsigned similar_edits(struct str a, struct str b, unsigned most);
/* Jaro-Winkler, 0 to 1. */
double similar_jaro(struct str a, struct str b);
/* Short forms of one name, of each other ("bob", "robert"). */
bool similar_nickname(struct str a, struct str b);
/* A code of the sound, 0 for an empty one. */
uint32_t similar_sound(struct str s);

/* levels.c: how two rows compare, field by field. */

enum {
	LEVELS_MAX = 9,
	LEVEL_MISSING = 255, /* says nothing */
	MEMO_BITS = 15,
	EMAIL_LOCAL = 4, /* the local parts are equal */
};
extern const uint8_t link_levels[LINK_FIELDS];
/* For people: "a letter off". */
const char *link_level_name(enum link_field f, unsigned level);

/* Of one thread: levels of pairs of values that were compared. */
struct memo {
	uint64_t *keys;
	uint8_t *levels;
};
void memo_init(struct memo *m);
void memo_release(struct memo *m);

struct comparison {
	uint8_t level[LINK_FIELDS];
	float lf[LINK_FIELDS]; /* of the more common of both values */
};
void levels_compare(const struct linkage *l, struct memo *m, uint32_t a,
    uint32_t b, struct comparison *out);

/* model.c */

enum link_class { CLASS_SAME, CLASS_MOVED, CLASS_RELATIVES, CLASS_OTHERS };
enum { CLASSES = CLASS_OTHERS + 1 };

struct model {
	double m[LINK_FIELDS][LEVELS_MAX]; /* share of levels of the same */
	double h[LINK_FIELDS][LEVELS_MAX]; /* of relatives */
	double u[LINK_FIELDS][LEVELS_MAX]; /* of all others */
	double c[LINK_FIELDS][LEVELS_MAX]; /* ln frequency that is usual */
	double pi[CLASSES];
	double tf; /* how far frequencies are believed: less of few rows */
	uint64_t rules[192];
	size_t rules_n;
	/* Made of the above by model_weigh. */
	double w[LINK_FIELDS][LEVELS_MAX], r[LINK_FIELDS][LEVELS_MAX];
	double lnpi[CLASSES];
};
/* Before anything was seen: m and h by experience. */
void model_begin(struct model *m);
void model_weigh(struct model *m);
double model_prior(enum link_field f, unsigned level);
double model_others(enum link_field f, unsigned level); /* likewise */
/* Is it of those that move with a household? */
bool model_is_place(enum link_field f);
/* Log likelihoods against others, with what each class has of all. */
void model_classes(
    const struct model *m, const struct comparison *c, double out[CLASSES]);
/* The same; returns the log odds of being the same. */
double model_score(
    const struct model *m, const struct comparison *c, double out[CLASSES]);

/* features.c */

enum { FEATURES = 32 };
typedef uint32_t features_row[FEATURES] __attribute__((aligned(128)));
/* A bit each feature that is equal, also where neither has it; that a row has;
 * that both have and that is equal. */
uint32_t features_same(const uint32_t *a, const uint32_t *b);
uint32_t features_there(const uint32_t *a);
uint32_t features_equal(const uint32_t *a, const uint32_t *b);
void features_make(struct linkage *l);
/* Which field a feature is of, and what it is called. */
enum link_field feature_field(unsigned feature);
const char *feature_name(unsigned feature);

/* rules.c, pairs.c */

enum { RULES_MAX = 160 };
struct rule {
	uint32_t mask;
	uint64_t dropped; /* blocks past the cap, and rows in them */
	uint64_t dropped_rows;
	uint64_t pairs; /* that it alone is the first of */
};
struct link_pair {
	uint32_t a, b;
};
struct edge {
	uint32_t a, b;
	float logodds;
	uint8_t stop; /* enum linkage_stop */
};

void rules_choose(struct linkage *l);
void pairs_make(struct linkage *l);
uint64_t rule_key(const uint32_t *features, uint32_t mask);
unsigned rules_cap(uint32_t rows);

/* train.c */
void train_frequencies(struct linkage *l); /* u of all pairs, and c */
void train_model(struct linkage *l);

/* score.c */
bool names_differ(const struct linkage *l, uint32_t a, uint32_t b,
    const struct comparison *c);
void score_pairs(struct linkage *l);
/* With guards: the log odds of two rows, and what stops them. */
double score_rows(const struct linkage *l, struct memo *m, uint32_t a,
    uint32_t b, enum linkage_stop *stop);

/* guards.c */
void guards_settle(struct linkage *l);
bool guards_any(const struct linkage *l);
/* Of what the caller told. */
enum linkage_stop guards_of(const struct linkage *l, uint32_t a, uint32_t b);

bool
rows_conflict(const struct linkage *l, struct memo *m, uint32_t a, uint32_t b);

/* clusters.c */
void clusters_make(struct linkage *l);

/* sort.c: by key, stable, least digit first. */
struct keyed {
	uint64_t key;
	uint32_t row;
};
/* spare holds as many; the result is in v. */
void sort_keyed(struct keyed *v, struct keyed *spare, size_t n);

/* jobs.c: n tasks on the threads; what each does depends on its number. */
void jobs_run(unsigned threads, size_t n,
    void (*task)(void *arg, size_t i, unsigned thread), void *arg);
unsigned jobs_threads(unsigned wanted);

/* The same on every machine. */
static inline uint64_t
mix64(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}
static inline uint64_t
mix_bytes(struct str s)
{
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ s.n, v;

	for (size_t i = 0; i < s.n; i += 8) {
		v = 0;
		memcpy(&v, s.p + i, s.n - i < 8 ? s.n - i : 8);
		h = mix64(h ^ v) + UINT64_C(0x9e3779b97f4a7c15);
	}
	return mix64(h);
}
/* Of a pair of rows, by their ids, whichever stands first. */
static inline uint64_t
mix_pair(uint64_t a, uint64_t b)
{
	return a < b ? mix64(a ^ mix64(b)) : mix64(b ^ mix64(a));
}

struct apart {
	uint32_t a, b;
};
struct account {
	uint32_t row;
	uint64_t kind, value;
};

/* Pairs by weight: at least -BINS_LOW bits, then one more each. */
enum { BINS_LOW = 20, BINS = 61 };

struct linkage {
	struct linkage_options o;
	unsigned threads;
	struct dictionary dict[LINK_FIELDS];
	struct dictionary word[LINK_FIELDS]; /* those of names are in FULL's */
	struct rows VEC(struct row) rows;
	struct row_ids VEC(struct row_id) row_ids;
	struct id_text VEC(char) ids;
	struct arena arena;
	uint32_t n; /* rows, once settled */
	uint64_t orders[DATE_EITHER + 1]; /* dates of each */
	bool mixed; /* some names have parts, some not */
	uint32_t *group; /* the smallest row of its */
	struct aparts VEC(struct apart) aparts;
	struct accounts VEC(struct account) accounts;
	features_row *features;
	double all[LINK_FIELDS][LEVELS_MAX]; /* pairs of rows at each */
	double both[LINK_FIELDS]; /* pairs of rows that have both */
	struct model model;
	bool trained; /* it was loaded */
	struct rule rules[RULES_MAX];
	size_t rules_n;
	struct link_pair *pairs;
	size_t pairs_n;
	struct edge *edges;
	size_t edges_n;
	uint32_t *cluster;
	struct found VEC(struct linkage_pair) found;
	unsigned rounds; /* of training */
	uint64_t bins[BINS]; /* pairs that were scored */
};

static inline double
pairs_of(double n)
{
	return n * (n - 1) / 2;
}

#endif
