#ifndef KITH_HOOK_REQUEST_H
#define KITH_HOOK_REQUEST_H
/*
 * A request as a web server hands it to a CGI program (RFC 3875): meta-variables
 * in the environment, the body on standard input.
 */
#include "core/arena.h"
#include "core/str.h"

struct hook_request {
	/* A meta-variable, NULL where there is none: getenv, or a test's. */
	const char *(*variable)(void *arg, const char *name);
	void *arg;
	struct str body;
};

/* Absent where there is none. */
struct str hook_variable(const struct hook_request *r, const char *name);
/* A header, by its name in any case: HTTP_X_NAME.  Absent where there is none,
 * or the name is too long for one. */
struct str hook_header(const struct hook_request *r, struct str name);
/* What stands behind the last slash of PATH_INFO: the source.  Empty where
 * nothing does. */
struct str hook_source(const struct hook_request *r);
/*
 * A value of QUERY_STRING, or of a form, decoded in the arena (RFC 3986, and a
 * plus is a blank): the first of that name, absent where there is none.
 */
struct str
hook_parameter(const struct hook_request *r, struct str name, struct arena *a);
struct str hook_unescape(struct str s, struct arena *a);
/* Is the body a form (application/x-www-form-urlencoded)? */
bool hook_is_form(const struct hook_request *r);

#endif
