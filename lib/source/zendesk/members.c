/*
 * Members of an object by the names that the API has.
 */
#include "source/zendesk/zendesk.h"

struct json
zendesk_get(struct zendesk *z, struct json v, const char *name)
{
	return ticket_get(z->how, v, name);
}

struct str
zendesk_str(struct zendesk *z, struct json v, const char *name)
{
	return native_value(z->n, ticket_get(z->how, v, name));
}

struct str
zendesk_any(struct zendesk *z, struct json v, const char *const *names)
{
	struct str s = STR_NONE;

	for (; s.p == NULL && *names != NULL; names++)
		s = zendesk_str(z, v, *names);
	return s;
}

bool
zendesk_true(struct zendesk *z, struct json v, const char *name)
{
	struct json is = zendesk_get(z, v, name);

	return json_true(is) ||
	       str_eq_nocase(native_value(z->n, is), STR("true"));
}

bool
zendesk_false(struct zendesk *z, struct json v, const char *name)
{
	struct json is = zendesk_get(z, v, name);

	return json_type(is) == JSON_FALSE ||
	       str_eq_nocase(native_value(z->n, is), STR("false"));
}

int
zendesk_time(struct zendesk *z, struct json v, int64_t *out)
{
	return native_time_utc(z->n, native_value(z->n, v), out);
}
