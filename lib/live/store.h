#ifndef KITH_LIVE_STORE_H
#define KITH_LIVE_STORE_H
/*
 * What the state keeps of a live source, in STATE/live/NAME: the journal, the
 * cursor, and how its last polls went.
 */
#include "live/cursor.h"
#include "live/journal.h"

/* How the last polls went; times are TIME_NONE where there was none. */
struct live_status {
	int64_t success, failure;
	char error[512]; /* of the last failure; "" after a success */
	uint64_t holes; /* items that the source did not give yet */
};

struct live_store {
	char *folder;
	struct journal journal;
	struct cursor cursor;
	struct live_status status;
	uint64_t given; /* the journal's position up to which it was written */
	bool broken; /* the state, or what it is written to, failed */
	bool lost; /* the cursor stood for more than the journal has, and all
		      is read again */
};

/* Makes what is missing of the state's folders and opens all of it;
 * live_store_close also after -1, which is ERR_AGAIN where another run has it. */
int live_store_open(
    struct live_store *s, const char *state, const char *name, struct err *e);
void live_store_close(struct live_store *s);
/* What formats wrote is in the journal, synced, and then the cursor is saved.
 * 0 or -1. */
int live_store_settle(struct live_store *s, struct err *e);
/* Writes what is in the journal and was not written yet.  0 or -1. */
int live_store_give(struct live_store *s, struct sink *to, struct err *e);

/* How it went, at this time; why is NULL where it went well. */
int live_status_note(
    struct live_store *s, int64_t now, const char *why, struct err *e);
/* The one of a folder, without opening the rest; none there is an empty one. */
int
live_status_read(const char *folder, struct live_status *out, struct err *e);
/*
 * Each source of a state that was ever read: its folder and its name, to a
 * function that returns 0 or -1.  In the order of the folders' names.
 */
int live_each(const char *state,
    int (*one)(void *arg, const char *folder, const char *name, struct err *e),
    void *arg, struct err *e);

#endif
