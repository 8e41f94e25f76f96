/*
 * Members of an object by the names that the API has.
 */
#include "source/freshdesk/freshdesk.h"

struct json
freshdesk_get(struct freshdesk *f, struct json v, const char *name)
{
	return ticket_get(f->how, v, name);
}

struct str
freshdesk_str(struct freshdesk *f, struct json v, const char *name)
{
	return native_value(f->n, ticket_get(f->how, v, name));
}

struct str
freshdesk_any(struct freshdesk *f, struct json v, const char *const *names)
{
	struct str s = STR_NONE;

	for (; s.p == NULL && *names != NULL; names++)
		s = freshdesk_str(f, v, *names);
	return s;
}

bool
freshdesk_true(struct freshdesk *f, struct json v, const char *name)
{
	struct json is = freshdesk_get(f, v, name);

	return json_true(is) ||
	       str_eq_nocase(native_value(f->n, is), STR("true"));
}

int
freshdesk_time(
    struct freshdesk *f, struct json v, const char *const *names, int64_t *t)
{
	return native_time_utc(f->n, freshdesk_any(f, v, names), t);
}

struct json
freshdesk_unwrap(struct freshdesk *f, struct json v, const char *const *names)
{
	for (; *names != NULL; names++) {
		struct json in = freshdesk_get(f, v, *names);

		if (json_type(in) == JSON_OBJECT)
			return in;
	}
	return v;
}
