#ifndef KITH_HOOK_VERIFY_H
#define KITH_HOOK_VERIFY_H
/*
 * Does a request prove that it is the service's?  By what its description says:
 * a template of what is signed, over the raw bytes, compared in constant time.
 *
 *	{body}		the bytes as they came
 *	{time}		the header that `time` names, as it is written
 *	{header:NAME}	any other header
 *	{url}		our address from the outside with the request's query;
 *			with and without the port of its scheme, an
 *			apostrophe in the query as it is and as %27: one of
 *			these was signed (Twilio)
 *	{form}		of a form all names and values, decoded, without
 *			anything between, sorted by name; of equal names each
 *			value once, sorted.  Else nothing.
 */
#include "hook/conf.h"
#include "hook/request.h"

/* 0, or -1 with what is wrong: the rule and the url, never the secret.  now is
 * in microseconds. */
int hook_verify(const struct hook_rule *rule, const struct hook_request *r,
    int64_t now, struct err *e);
/* Is the template one, with all of its braces?  For who writes it. */
bool hook_template_is_good(struct str sign);
/* The time of a header in a unit, in microseconds.  0, or -1.  For tests. */
int hook_time(struct str s, enum hook_unit unit, int64_t *out);

#endif
