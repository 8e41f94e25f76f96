#ifndef KITH_HOOK_BODY_H
#define KITH_HOOK_BODY_H
#include "core/buf.h"
#include "hook/request.h"

/*
 * The body of a request from standard input: exactly as many bytes as were
 * announced (CONTENT_LENGTH), at most HOOK_BODY of them, within 20 seconds.
 * out holds them.  NULL, or the status that says what is wrong.
 */
const char *hook_body(struct hook_request *r, struct buf *out);

#endif
