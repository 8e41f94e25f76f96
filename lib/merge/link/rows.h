#ifndef KITH_MERGE_LINK_ROWS_H
#define KITH_MERGE_LINK_ROWS_H
/*
 * Which rows take part in linking (people/linkage), and what they say.
 *
 * Rows are those of contact tables, address books and CRMs.  One whose keys are
 * only claimed takes part and joins nobody.
 */
#include "merge/passes.h"
#include "people/linkage/linkage.h"

/* Somebody whom a person may be as well. */
struct likely {
	uint32_t root, other; /* persons, as keys */
	float probability;
};

struct merger_link {
	struct linkage *linkage;
	struct likelies VEC(struct likely) likely; /* by root, then likeness */
	uint32_t *keys; /* of each row, which decides its person */
	uint64_t joined; /* pairs of clusters */
	bool loaded; /* the model */
};

void merger_link_free(struct merger_link *k);
/* The record in hand, as it is taken in: 1 where it takes part. */
bool merger_link_add(struct merger *m, struct str id);
/* The record in hand, which an operator speaks of: the key that it is known by
 * from now on, or GRAPH_NONE where it takes no part. */
uint32_t merger_link_want(struct merger *m, struct str id);
/* The key that a row without a better one is known by, made. */
uint32_t merger_link_key(struct merger *m, struct str id);
/* The same where it was made; else GRAPH_NONE. */
uint32_t merger_link_row(const struct merger *m, struct str id);
/*
 * Fills in o->link by what --link says (NULL: it is not given), else by the
 * workspace, whose word counts where rows can be linked: not with a state or
 * --follow; and o->model, where that is not given.  0 or -1.
 */
int merger_link_told(struct merger_options *o, const char *text, struct err *e);
/* Begins it where the options say so, with their model, where that is there
 * already.  0, or -1 where they do not go together. */
int merger_link_open(struct merger *m, struct err *e);

#endif
