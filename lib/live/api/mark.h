#ifndef KITH_LIVE_API_MARK_H
#define KITH_LIVE_API_MARK_H
/*
 * How far a list was read whose items have a number or a time that grows: done,
 * the last that is known, and holes below it, which a poll that was cut off
 * leaves where the newest items come first.  It stands in the cursor as
 *
 *	{"done":"1700.5","holes":[["1200","1500.25"]]}
 *
 * where of a hole all that is later than its first value and not later than its
 * second is missing still.
 */
#include "core/buf.h"
#include "core/vec.h"
#include "live/service/service.h"

struct mark_hole {
	struct str from, to; /* absent: the beginning; whatever is newest */
};

struct mark {
	enum service_cursor kind; /* CURSOR_NUMBER or CURSOR_TIME */
	struct str done; /* absent: nothing was read yet */
	struct VEC(struct mark_hole) holes; /* the newest first */
	struct arena arena;
};

/* From what mark_write wrote; absent is an empty one.  0, or -1 where it is
 * none.  mark_release also after -1. */
int mark_read(struct mark *m, enum service_cursor kind, struct str text);
void mark_write(const struct mark *m, struct buf *out);
void mark_release(struct mark *m);

/* Is it a value of that kind: digits, with a fraction; RFC 3339? */
bool mark_is(enum service_cursor kind, struct str value);
/* Below, at or above 0, as a is before, the same as or after b; absent is
 * before all. */
int mark_compare(enum service_cursor kind, struct str a, struct str b);
/* So many seconds (of a number: units) before the value, not below 0; in the
 * arena.  Absent stays so. */
struct str mark_before(enum service_cursor kind, struct str value,
    int64_t seconds, struct arena *a);

/* What is new is a hole, the first, of which nobody knows yet where it ends. */
void mark_begin(struct mark *m);
/* A page of a hole was read from above, with these values, the latest and the
 * earliest (absent where it had none).  Copied. */
void
mark_take(struct mark *m, size_t hole, struct str latest, struct str earliest);
/* All of the hole was read. */
void mark_close(struct mark *m, size_t hole);

#endif
