#ifndef KITH_PEOPLE_LINKAGE_LINKAGE_H
#define KITH_PEOPLE_LINKAGE_LINKAGE_H
/*
 * Rows of people that share no key, linked by what they say: a Fellegi-Sunter
 * model (Fellegi, Sunter 1969) whose weights are learned without labels by
 * expectation maximisation, with the frequency of each value, a class for
 * relatives, blocking chosen by what it gains, and clusters by the mean
 * probability over all pairs of two of them.
 *
 * What comes out depends on the set of rows alone: not on their order, on the
 * slices they came in, nor on how many threads work.
 *
 * Memory: about 400 bytes a row with ten fields filled.
 */
#include "core/err.h"
#include "core/buf.h"

enum link_field {
	LINK_GIVEN,
	LINK_FAMILY,
	LINK_FULL, /* of a name what is neither */
	LINK_DATE, /* of birth */
	LINK_EMAIL,
	LINK_PHONE,
	LINK_HOUSE,
	LINK_STREET,
	LINK_STREET2,
	LINK_CITY,
	LINK_POSTCODE,
	LINK_STATE,
	LINK_IDENT, /* a number that an office gave them */
	LINK_GENDER,
	LINK_CATEGORY,
	LINK_FIELDS
};

/* As members of data are called: "givenName". */
const char *link_field_name(enum link_field f);

/* A row as it is written; absent fields are STR_NONE.  All is copied. */
struct linkage_row {
	struct str id; /* of its record, unique but for its versions */
	uint64_t version; /* which one of them it is */
	struct str text[LINK_FIELDS];
	bool claimed; /* what it says nobody of ours wrote: it joins nothing */
};

struct linkage_options {
	double join; /* probability from which two clusters are one */
	double suggest; /* and from which they are told to be alike */
	unsigned threads; /* 0: as many as there are processors */
};

enum { LINKAGE_JOIN_PERCENT = 90, LINKAGE_SUGGEST_PERCENT = 45 };

struct linkage;

struct linkage *linkage_new(const struct linkage_options *o);
void linkage_free(struct linkage *l);
void linkage_add(struct linkage *l, const struct linkage_row *row);

/*
 * Rows have their numbers from linkage_settle on: in the order of a hash of
 * their ids.  Of rows with the same id and version one is left; of those with
 * the same id and another one each that `stands` says so of.
 */
typedef bool (*linkage_stands)(void *arg, struct str id, uint64_t version);
int linkage_settle(
    struct linkage *l, linkage_stands stands, void *arg, struct err *e);
uint32_t linkage_rows(const struct linkage *l);
struct str linkage_id(const struct linkage *l, uint32_t row);
/* The number of a row; UINT32_MAX where there is none. */
uint32_t linkage_find(const struct linkage *l, struct str id);

/* What keys have joined already: rows of one group are one from the start.
 * Unless given each row is of a group of its own. */
void linkage_group(struct linkage *l, uint32_t row, uint32_t with);
/* An operator's word: these stay apart, with all that joins either. */
void linkage_apart(struct linkage *l, uint32_t a, uint32_t b);
/* Of accounts of one kind a person has only one. */
void
linkage_account(struct linkage *l, uint32_t row, uint64_t kind, uint64_t value);

/* A model that linkage_save wrote, to be used as it is.  0, or -1 where text is
 * none. */
int linkage_load(struct linkage *l, struct str text, struct err *e);
/* After linkage_run: the model as JSON, a line. */
void linkage_save(const struct linkage *l, struct buf *out);

/* Trains, unless a model was loaded, and links. */
int linkage_run(struct linkage *l, struct err *e);

/* Two rows in clusters that were joined, or of clusters that are alike. */
enum linkage_stop {
	LINKAGE_JOINED,
	LINKAGE_BELOW, /* it is a suggestion by its probability */
	LINKAGE_GENERATION, /* junior and senior */
	LINKAGE_NAMES, /* two given names that are both well known */
	LINKAGE_RIVAL, /* it is as like another, who is somebody else */
	LINKAGE_CLAIMED, /* nobody of ours wrote one of them */
	LINKAGE_DIFFERENT, /* an operator's word */
	LINKAGE_ACCOUNTS, /* each has another one */
	LINKAGE_LIMIT, /* together they have too many: the caller's */
};
struct linkage_pair {
	uint32_t a, b; /* the likest two rows, a < b */
	enum linkage_stop stop;
	float probability; /* the mean over all pairs of both clusters */
	float weight; /* of a and b: log odds to the base 2 */
};
/* In the order of joining, then what was not joined, the likest first. */
size_t linkage_pairs(const struct linkage *l, const struct linkage_pair **out);
/* What stopped it, in a clause. */
const char *linkage_stop_text(enum linkage_stop stop);
/* Appends how two rows compare, field by field, after linkage_run. */
void linkage_explain(
    const struct linkage *l, uint32_t a, uint32_t b, struct buf *out);
/* Appends the links by which two rows are one, a line each; false where a key
 * has joined them, or nothing. */
bool
linkage_chain(const struct linkage *l, uint32_t a, uint32_t b, struct buf *out);
/* Letters and digits that tell the model apart from others; after
 * linkage_run. */
enum { LINKAGE_MODEL_ID = 12 };
void linkage_model_id(const struct linkage *l, char out[LINKAGE_MODEL_ID + 1]);
/* The smallest row of the row's cluster.  For tests, which know whose it is. */
uint32_t linkage_cluster(const struct linkage *l, uint32_t row);

#endif
