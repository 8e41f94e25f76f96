#ifndef KITH_LIVE_PARTS_H
#define KITH_LIVE_PARTS_H
/*
 * The live sources of a run, as live.c and follow.c see them; nobody else
 * includes this.
 */
#include <poll.h>
#include <pthread.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "live/api/account.h"
#include "live/imap/account.h"
#include "live/live.h"
#include "live/pop3/account.h"
#include "live/sources.h"
#include "live/store.h"
#include "live/url.h"

enum live_kind { LIVE_IMAP, LIVE_POP3, LIVE_API };

/* What hooks said that there is news. */
struct live_hints {
	struct VEC(struct str) places;
	bool all; /* who knows where */
	struct arena arena;
};

struct live_one {
	const struct workspace_source *source;
	const char *name; /* "@desk", or the url */
	struct buf secret;
	struct oauth oauth;
	const char *token_folder; /* of its file, or NULL */
	enum live_kind kind;
	struct imap_account imap;
	struct pop3_account pop3;
	struct api_account api;
	struct live_service *service; /* of LIVE_API, else NULL */
	struct live_store store;
	bool open; /* the store is */
	bool failing; /* the last poll failed */
	bool hopeless; /* the server refused it, and never did anything else */
	char said[1024]; /* why */
	/* Of live_follow, in milliseconds. */
	int64_t due;
	int pause; /* seconds until it is tried again, while it fails */
	struct live_hints hints;
	int64_t rest; /* no hint is followed before this */
	struct net_wait wait; /* what is done while its server is waited for */
	struct live *live;
	pthread_t thread;
	bool threaded; /* there is one to be joined */
	bool busy; /* it is at work */
	bool all; /* on all places, not those of hints alone */
};

struct live {
	struct live_run run;
	struct VEC(struct live_one *) ones;
	struct VEC(struct live_sources *) selected;
	struct arena arena;
	const char *netrc;
	bool following, again;
	/* Of live_follow. */
	const struct live_beside *beside; /* or NULL */
	/* Where there are several sources each is read by a thread, of which
	 * one works while the others wait for servers. */
	pthread_mutex_t room;
	int (*read)(
	    struct live *l, struct live_one *o, bool all, struct err *e);
	bool several;
	int wake[2]; /* a pipe: a thread has done its work */
	bool ending;
	bool cut; /* a look has ended a wait: by a signal, or */
	bool failed; /* since it cannot go on */
	struct err why;
};

void live_hints_release(struct live_hints *h);
/* Reads one, and says how it went: -1 where nothing can go on. */
int live_poll_one(struct live *l, struct live_one *o, struct err *e);

/* readers.c.  Whoever opens them is in the room until they are closed: by then
 * they have ended. */
int readers_open(struct live *l,
    int (*read)(struct live *l, struct live_one *o, bool all, struct err *e),
    struct err *e);
/* That by a thread, or, where there can be none, at once. */
int readers_begin(struct live *l, struct live_one *o, bool all, struct err *e);
/* poll(2), outside; it ends when a thread has done its work, too.  fds has room
 * for one more. */
void readers_wait(struct live *l, struct pollfd *fds, nfds_t n, int ms);
void readers_close(struct live *l);

#endif
