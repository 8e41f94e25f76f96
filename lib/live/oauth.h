#ifndef KITH_LIVE_OAUTH_H
#define KITH_LIVE_OAUTH_H
/*
 * Access tokens by a refresh token (RFC 6749, section 6).  What it needs stands
 * in a file of JSON, by the names of the standard:
 *
 *	{"token_endpoint": "https://...", "client_id": "...",
 *	 "client_secret": "...", "scope": "...", "refresh_token": "..."}
 *
 * client_secret and scope may be absent.  A server may give a new refresh token
 * each time, after which the old one is void: it is in the file, on disk, before
 * the access token is used.  Without a refresh token, but with a client_secret,
 * it is asked for by these alone (client credentials, section 4.4).
 */
#include "core/buf.h"
#include "core/err.h"
#include "net/connection.h"

struct oauth {
	const char *path; /* borrowed */
	const char *ca_file; /* borrowed, or NULL */
	struct net_wait *wait; /* likewise */
	struct buf file; /* as it stands */
	struct buf token; /* the access token, "" for none */
	int64_t until; /* by the clock that only goes forward, in seconds */
};

/* Reads the file, for which the path is borrowed: 0, or -1 with what it must
 * be.  oauth_release also after -1. */
int oauth_read(struct oauth *o, const char *path, struct err *e);
void oauth_release(struct oauth *o);
/*
 * An access token that is good for a minute at least, until the next call;
 * another one where that was refused.  NULL: ERR_FAIL where the refresh token
 * is refused for good.
 */
const char *oauth_token(struct oauth *o, bool another, struct err *e);
/*
 * connection_open by a token that is good for a minute at least; where that is
 * refused, since somebody took it back, another is tried once.  ERR_FAIL where
 * the refresh token is refused for good.  Without o it is connection_open.
 */
struct connection *
oauth_connect(struct oauth *o, struct connection_login *login, struct err *e);

#endif
