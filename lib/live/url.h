#ifndef KITH_LIVE_URL_H
#define KITH_LIVE_URL_H
/*
 * Where a live source is: SCHEME://USER@HOST:PORT/FOLDER.
 */
#include "core/arena.h"
#include "core/err.h"

struct live_url {
	const char *scheme; /* lower case */
	const char *user, *folder; /* without their %XX; NULL where none */
	const char *server; /* scheme://host:port, for connections */
	const char *account; /* scheme://user@host:port, as records have it */
};

/*
 * All of it in the arena.  -1 where it is none, or has a password in it: others
 * see command lines, and the workspace file is no secret.
 */
int live_url_read(
    struct live_url *u, const char *url, struct arena *a, struct err *e);

#endif
