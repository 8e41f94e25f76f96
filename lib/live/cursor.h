#ifndef KITH_LIVE_CURSOR_H
#define KITH_LIVE_CURSOR_H
/*
 * How far a live source was read, by place (a folder, a channel, a list): it
 * stands for what is in the journal, synced, and never for what was only
 * listed.  It says to which position the journal was synced then: where the
 * journal ends before that (its disk was put back, a file was lost) it would
 * lie, and is forgotten, so that all is read again.
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/vec.h"

struct cursor_place {
	char *name, *value;
};

struct cursor {
	char *path;
	uint64_t end; /* of the journal when it was saved */
	struct VEC(struct cursor_place) places; /* in the order of their use */
};

/* The one of a folder; none there is an empty one.  cursor_close also after
 * -1, which says what is wrong with the file. */
int cursor_open(struct cursor *c, const char *folder, struct err *e);
void cursor_close(struct cursor *c);
/* The value of a place, absent where it was never read; until it is set. */
struct str cursor_get(const struct cursor *c, struct str place);
/* Copies both, which are UTF-8; not saved. */
void cursor_set(struct cursor *c, struct str place, struct str value);
/* Forgets all places. */
void cursor_reset(struct cursor *c);
/* Makes it durable, for a journal that is synced to this position. */
int cursor_save(struct cursor *c, uint64_t end, struct err *e);

#endif
