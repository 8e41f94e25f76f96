#ifndef KITH_JQ_FILL_H
#define KITH_JQ_FILL_H
/*
 * Within lib/jq: the holes of a template that are paths, with a text where
 * nothing stands there: \(.from.name // "there").  Most are no more than that,
 * and filling them in needs no libjq, which takes longer to start than all else
 * that a template costs.
 */
#include "json/json.h"

enum { FILL_HOLES = 64 };

struct fill_hole {
	struct str *names; /* of the path */
	size_t n;
	struct str otherwise; /* absent: null stands there */
};

struct fill {
	struct fill_hole *holes;
	size_t n;
};

/* Reads programs; false where one of them is more than a path.  What is kept is
 * the arena's. */
bool fill_read(
    struct fill *f, const struct str *programs, size_t n, struct arena *a);
/*
 * Adds the text, of which `ends` are the ends of the pieces before each hole and
 * behind the last one.  Each value goes through f on its way; NULL: as it is.
 * False, with nothing added, where only libjq can tell what stands in a hole,
 * where holes is NULL, and past the ceiling of out.
 */
bool fill_text(const struct fill *fill, struct str text, const size_t *ends,
    struct json object, void (*f)(struct str value, struct buf *out),
    struct arena *a, struct buf *out);

#endif
