/*
 * Members in camelCase and in PascalCase, times, and who somebody is.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/teams/teams.h"

enum { NAME_BYTES = 40 };

struct json
teams_get(const struct teams_view *v, struct json from, const char *name)
{
	char pascal[NAME_BYTES + 1];
	size_t n = strlen(name);

	if (!v->pascal || n > NAME_BYTES)
		return json_get(from, name);
	memcpy(pascal, name, n);
	pascal[0] = ascii_upper(name[0]);
	return json_get_str(from, str_make(pascal, n));
}

struct json
teams_at(const struct teams_view *v, struct json from, const char *path)
{
	struct str rest = str_of(path);
	char name[NAME_BYTES + 1];

	while (rest.p != NULL) {
		struct str part = str_split(&rest, '/');

		if (part.n > NAME_BYTES)
			return JSON_ABSENT;
		memcpy(name, part.p, part.n);
		name[part.n] = '\0';
		from = teams_get(v, from, name);
	}
	return from;
}

struct str
teams_text(const struct teams_view *v, struct json from, const char *path)
{
	return native_value(v->n, teams_at(v, from, path));
}

int
teams_time(const struct teams_view *v, const char *name, int64_t *out)
{
	struct json value = teams_get(v, v->native, name);
	struct str s;

	/* PowerShell: {"value":"/Date(1700000000000)/",...} */
	if (json_type(value) == JSON_OBJECT)
		value = json_get(value, "value");
	s = native_value(v->n, value);
	if (str_starts(s, STR("/Date(")) && str_ends(s, STR(")/")))
		s = str_sub(s, 6, s.n - 8);
	/* What .NET has for none. */
	if (s.n == 0 || str_starts(s, STR("0001-01-01")))
		return -1;
	return native_time_text(v->n, s, out);
}

/* "8:orgid:GUID" in other exports of the same people. */
static struct str
person_id(struct str id)
{
	if (str_starts(id, STR("8:")))
		id = str_sub(id, 2, id.n);
	if (str_starts(id, STR("orgid:")))
		id = str_sub(id, 6, id.n);
	return id;
}

/* A mail into a channel, a caller: what they are called says who they are, and
 * nobody vouches for it. */
static struct address
outsider(const struct teams_view *v, struct json who, struct str id, bool phone)
{
	struct address a = { .name = teams_text(v, who, "displayName") };

	if (phone)
		message_phone(v->m, &a, id);
	else if (a.name.p == NULL)
		a.name = id;
	return a;
}

struct address
teams_identity(const struct teams_view *v, struct json set, bool *machine)
{
	static const char *const kinds[] = { "user", "application", "device",
		"phone", "guest", "conversation" };
	struct address a = { 0 };

	*machine = false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct json who = teams_get(v, set, kinds[i]);
		struct str id = teams_text(v, who, "id"), kind;

		if (json_type(who) != JSON_OBJECT)
			continue;
		kind = teams_text(v, who, "userIdentityType");
		*machine = i == 1 || i == 2;
		if (str_is(kind, "emailUser") || i == 5)
			return outsider(v, who, id, false);
		if (str_is(kind, "phoneUser") || i == 3)
			return outsider(v, who, id, true);
		a.name = teams_text(v, who, "displayName");
		a.uri = native_uri(v->n, "teams", person_id(id));
		return a;
	}
	return a;
}
