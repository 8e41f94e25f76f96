#ifndef KITH_LIVE_SOURCES_H
#define KITH_LIVE_SOURCES_H
/*
 * Which live sources an operand of ingest means, and the secrets of one.  What
 * the workspace file says of them is struct workspace_source.
 */
#include "core/buf.h"
#include "core/vec.h"
#include "workspace/workspace.h"

enum { LIVE_SECRET_MAX = 64 << 10 /* bytes of a file with a secret */ };

/* In the order of the workspace file; each is borrowed from there, but for
 * that of a url, which is `own`. */
struct live_sources {
	struct VEC(const struct workspace_source *) list;
	struct workspace_source own;
};

/* Does the operand mean live sources, and no file: @NAME, @all, or a url
 * (SCHEME://...)? */
bool live_is(const char *operand);
/*
 * The sources that it means, added to s (zeroed before the first); @all are
 * those that are read of a server, not what services send.  A url is a source
 * named by itself, and borrowed.  0, or -1 where the workspace has none
 * of that name, with the nearest.  live_release also after -1.
 */
int live_select(struct live_sources *s, const struct workspace *c,
    const char *operand, struct err *e);
void live_release(struct live_sources *s);
/*
 * What stands in a file of a secret (passwordFile and its like), without the
 * newline at its end: appended to out.  -1 where it cannot be read, everybody
 * can read or change it, or nothing stands in it.
 */
int live_secret(const char *path, struct buf *out, struct err *e);

#endif
