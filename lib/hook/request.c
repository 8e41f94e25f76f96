#include "hook/request.h"

#include "core/text/ascii.h"
#include "core/text/percent.h"

enum { HEADER_NAME = 100 /* bytes */ };

struct str
hook_variable(const struct hook_request *r, const char *name)
{
	return str_of(r->variable(r->arg, name));
}

struct str
hook_header(const struct hook_request *r, struct str name)
{
	char variable[sizeof("HTTP_") + HEADER_NAME] = "HTTP_";
	size_t n = strlen(variable);

	if (name.n > HEADER_NAME)
		return STR_NONE;
	for (size_t i = 0; i < name.n; i++)
		variable[n++] = name.p[i] == '-' ? '_' : ascii_upper(name.p[i]);
	variable[n] = '\0';
	return hook_variable(r, variable);
}

struct str
hook_source(const struct hook_request *r)
{
	return str_after_last(hook_variable(r, "PATH_INFO"), '/');
}

struct str
hook_unescape(struct str s, struct arena *a)
{
	return percent_decode(s, true, arena_alloc(a, s.n + 1));
}

struct str
hook_parameter(const struct hook_request *r, struct str name, struct arena *a)
{
	struct str rest = hook_variable(r, "QUERY_STRING");

	while (rest.p != NULL) {
		struct str value = str_split(&rest, '&');
		struct str key = str_split(&value, '=');

		if (str_eq(hook_unescape(key, a), name))
			return value.p == NULL ? STR("")
					       : hook_unescape(value, a);
	}
	return STR_NONE;
}

bool
hook_is_form(const struct hook_request *r)
{
	struct str type = hook_variable(r, "CONTENT_TYPE");

	return str_starts_nocase(
	    type, STR("application/x-www-form-urlencoded"));
}
