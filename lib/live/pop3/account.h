#ifndef KITH_LIVE_POP3_ACCOUNT_H
#define KITH_LIVE_POP3_ACCOUNT_H
/*
 * A mailbox on a POP3 server: the mails of it that were not read yet, into the
 * journal.  What was read is known by the server's unique ids (UIDL), all of
 * which the cursor has, as long as the mail is there: the place "read".  Those
 * that the server did not give, with how often it was asked, are in "holes".
 */
#include <signal.h>

#include "live/oauth.h"
#include "live/pop3/client.h"
#include "live/store.h"
#include "workspace/workspace.h"

enum {
	POP3_POLL_SECONDS = 300, /* it has no way to say that mail came */
	POP3_TRIES = 5, /* and then a mail that is not given is a reject */
	/* The cursor, which has all ids, is saved after each batch. */
	POP3_BATCH_MAILS = 2000,
	POP3_BATCH_BYTES = 32 << 20,
};

struct pop3_account {
	struct connection_login login; /* borrowed */
	struct oauth *oauth; /* gives its token, or NULL; borrowed */
	const char *url; /* pop3s://user@host, as records have it; borrowed */
	size_t max_item;
	const volatile sig_atomic_t *signalled; /* or NULL */
};

/*
 * Reads what is new, over a connection of its own, into the store and from
 * there to the sink.  0 or -1: ERR_AGAIN where the server cannot be reached.
 */
int pop3_account_poll(struct pop3_account *a, struct live_store *store,
    const struct workspace *workspace, struct sink *out, struct err *e);

#endif
