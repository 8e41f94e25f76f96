#ifndef KITH_LIVE_API_ACCOUNT_H
#define KITH_LIVE_API_ACCOUNT_H
/*
 * What a service has that was not read yet, by its description, into the
 * journal: each place (a channel, a mailbox, a page) has its cursor, which
 * stands for what is in the journal, page by page.
 *
 * By a token the service itself knows what is new.  Where items have numbers
 * or times, oldest first, the latest that was read is the cursor; newest first
 * it is with the holes that a poll leaves which ends between the newest and
 * what was known (live/api/mark.h).
 */
#include "live/api/ask.h"
#include "live/api/seen.h"
#include "live/store.h"
#include "source/source.h"

enum {
	API_ITEM_TRIES = 5 /* polls, and then an item that fails is a reject */
};

/* What is borrowed for its life. */
struct api_account {
	struct api api;
	const char *name; /* "@team", as records have it */
	struct source_context *context;
	size_t max_item;
	/* These places alone, where there are any; borrowed. */
	const struct str *only;
	size_t only_count;
};

/*
 * Reads what is new into the store and from there to the sink.  0 or -1:
 * ERR_AGAIN where the service cannot be reached, or asks to wait.
 */
int api_account_poll(struct api_account *a, struct live_store *store,
    struct sink *out, struct err *e);

#endif
