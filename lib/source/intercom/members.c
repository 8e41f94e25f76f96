/*
 * Members of an object by the names that the API has, and columns that are called
 * by two of them.
 */
#include "source/intercom/intercom.h"

#include <stdio.h>

enum { COLUMN_BYTES = 64 };

struct json
intercom_get(struct intercom *c, struct json v, const char *name)
{
	return ticket_get(c->how, v, name);
}

struct str
intercom_str(struct intercom *c, struct json v, const char *name)
{
	return native_value(c->n, ticket_get(c->how, v, name));
}

struct json
intercom_in(
    struct intercom *c, struct json v, const char *object, const char *name)
{
	struct json in = intercom_get(c, v, object);
	char column[COLUMN_BYTES];

	if (json_type(in) == JSON_OBJECT)
		return intercom_get(c, in, name);
	(void)snprintf(column, sizeof(column), "%s_%s", object, name);
	return intercom_get(c, v, column);
}

struct str
intercom_str_in(
    struct intercom *c, struct json v, const char *object, const char *name)
{
	return native_value(c->n, intercom_in(c, v, object, name));
}

int
intercom_time(struct intercom *c, struct json v, const char *name, int64_t *t)
{
	struct str s = intercom_str(c, v, name);

	return s.p == NULL || str_is(s, "0") ? -1 : native_time_utc(c->n, s, t);
}
