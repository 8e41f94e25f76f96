#ifndef KITH_LIVE_IMAP_ACCOUNT_H
#define KITH_LIVE_IMAP_ACCOUNT_H
/*
 * An account on an IMAP server: connects, finds its folders, reads what is new
 * of each, and waits for more (IDLE, RFC 2177).
 */
#include "live/imap/folders.h"
#include "live/imap/mailbox.h"
#include "live/oauth.h"
#include "net/connection.h"

enum {
	/* Routers forget a silent connection after 5 to 15 minutes, and tell
	 * nobody. */
	IMAP_IDLE_SECONDS = 9 * 60,
	/* In which a server that is there answers to the end of it: who is
	 * gone without a word is known before ten minutes are over. */
	IMAP_DONE_MS = 30000,
	/* Where there is more than the one folder that is waited for, or the
	 * server cannot wait. */
	IMAP_POLL_SECONDS = 60,
};

struct imap_account {
	struct connection_login login; /* borrowed */
	struct oauth *oauth; /* gives its token, or NULL; borrowed */
	const char *url; /* scheme://user@host, as records have it; borrowed */
	const char *name; /* in messages; borrowed */
	const struct workspace_list *patterns; /* of folders; borrowed */
	const char *folder; /* the only pattern, or NULL; borrowed */
	size_t max_item;
	int64_t now; /* the time of the poll */
	const volatile sig_atomic_t *signalled;
	struct connection *connection; /* NULL: not connected */
	struct imap client;
	struct imap_folders folders;
	bool waiting; /* IDLE is under way */
};

/*
 * Reads all folders, connecting first where it is not, into the store and from
 * there to the sink.  0 or -1: ERR_AGAIN where the server cannot be reached,
 * ERR_FAIL where it refuses.  A folder that the server does not open does not
 * keep the others from being read.
 */
int imap_account_poll(struct imap_account *a, struct live_store *store,
    const struct workspace *workspace, struct sink *out, struct err *e);
/*
 * Begins to wait, where the server can: what to wait for is
 * connection_socket(a->connection), for at most so many seconds.
 */
int imap_account_wait(struct imap_account *a, int *seconds, struct err *e);
/* Has mail come?  1, 0, or -1 where the connection is lost. */
int imap_account_look(struct imap_account *a, struct err *e);
/* Closes the connection, where there is one. */
void imap_account_close(struct imap_account *a);

#endif
