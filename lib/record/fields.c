#include "record/fields.h"

#include <string.h>

#include "core/text/ascii.h"
#include "core/time.h"
#include "record/channels.h"

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

static bool
is_id(struct str s)
{
	return s.n > 0 && str_chr(s, ' ') < 0 && !has_control(s);
}

static bool
is_time(struct str s)
{
	int64_t t;

	return str_ends(s, STR("Z")) && time_parse(s, &t) == 0;
}

bool
fields_is_email(struct str s)
{
	ptrdiff_t at = str_rchr(s, '@');

	return at > 0 && (size_t)at + 1 < s.n && !has_control(s);
}

static bool
is_tel(struct str s)
{
	if (s.n < 3 || s.n > 16 || s.p[0] != '+' || s.p[1] == '0')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return true;
}

bool
fields_is_uri(struct str s)
{
	ptrdiff_t colon = str_chr(s, ':');

	if (colon <= 0 || (size_t)colon + 1 == s.n || has_control(s))
		return false;
	for (ptrdiff_t i = 0; i < colon; i++) {
		char c = s.p[i];

		if (!ascii_is_lower(c) &&
		    (i == 0 || !ascii_is_in(c, "0123456789+.-")))
			return false;
	}
	return true;
}

static bool
is_any(struct str s)
{
	(void)s;
	return true;
}

/* Types that are strings of a form. */
static const struct {
	const char *type;
	bool (*is)(struct str);
	const char *what;
} forms[] = {
	{ "string", is_any, "a string" },
	{ "id", is_id, "an id" },
	{ "time", is_time, "a time in RFC 3339 with Z" },
	{ "email", fields_is_email, "a mail address" },
	{ "tel", is_tel, "an E.164 number" },
	{ "uri", fields_is_uri, "a uri" },
};

static bool
is_one_of(struct str s, const char *words)
{
	struct str rest = str_of(words);

	while (rest.p != NULL)
		if (str_eq(str_split(&rest, '|'), s))
			return true;
	return false;
}

/* What v ought to be by its type and is not, or NULL. */
static const char *
wrong_scalar(struct json v, struct str type, struct arena *a)
{
	enum json_type is = json_type(v);
	int64_t n;

	if (str_is(type, "any"))
		return NULL;
	if (str_is(type, "object") || str_is(type, "address"))
		return is == JSON_OBJECT ? NULL : "an object";
	if (str_is(type, "boolean"))
		return is == JSON_TRUE || is == JSON_FALSE ? NULL
							   : "true or false";
	if (str_is(type, "integer"))
		return json_int(v, &n) == 0 ? NULL : "an integer";
	if (str_is(type, "number"))
		return is == JSON_NUMBER ? NULL : "a number";
	if (is != JSON_STRING)
		return "a string";
	if (str_is(type, "channel"))
		return channel_named(json_str(v, a)) != NULL
			   ? NULL
			   : "one of the words for it";
	if (str_starts(type, STR("enum:")))
		return is_one_of(json_str(v, a), type.p + 5)
			   ? NULL
			   : "one of the words for it";
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (str_is(type, forms[i].type))
			return forms[i].is(json_str(v, a)) ? NULL
							   : forms[i].what;
	return "of a known type";
}

static int check_members(struct json v, const struct field *parent,
    const char *shown, struct arena *a, struct err *e);

static int
check_one(struct json v, const struct field *f, struct str type,
    const char *shown, struct arena *a, struct err *e)
{
	const char *wrong;

	if (json_type(v) == JSON_NULL)
		return err_set(e, "%s: null: leave it out", shown);
	wrong = wrong_scalar(v, type, a);
	if (wrong != NULL)
		return err_set(e, "%s: not %s", shown, wrong);
	return check_members(v, f, shown, a, e);
}

static int
check_field(struct json v, const struct field *f, const char *shown,
    struct arena *a, struct err *e)
{
	struct str type = str_of(f->type);
	struct json item;
	struct json_iter it;

	if (!str_ends(type, STR("[]")))
		return check_one(v, f, type, shown, a, e);
	if (json_type(v) != JSON_LIST)
		return err_set(e, "%s: not a list", shown);
	type.n -= 2;
	it = json_each(v);
	while (json_next(&it, NULL, &item))
		if (check_one(item, f, type, shown, a, e) != 0)
			return -1;
	return 0;
}

/* Addresses have the members of from, wherever they stand. */
static int
check_members(struct json v, const struct field *parent, const char *shown,
    struct arena *a, struct err *e)
{
	bool address = strncmp(parent->type, "address", 7) == 0;
	const char *owner = address ? "from" : parent->name;
	size_t n = strlen(owner);

	if (json_type(v) != JSON_OBJECT)
		return 0;
	for (const struct field *f = fields; f->name != NULL; f++) {
		struct json member;
		struct str name;

		if (strncmp(f->name, owner, n) != 0 || f->name[n] != '.' ||
		    strchr(f->name + n + 1, '.') != NULL)
			continue;
		member = json_get(v, f->name + n + 1);
		if (member.doc == NULL)
			continue;
		name = arena_printf(a, "%s.%s", shown, f->name + n + 1);
		if (check_field(member, f, name.p, a, e) != 0)
			return -1;
	}
	return 0;
}

int
fields_check(struct record *r, struct err *e)
{
	for (const struct field *f = fields; f->name != NULL; f++) {
		struct json v;

		if (strchr(f->name, '.') != NULL)
			continue;
		v = record_get(r, f->name);
		if (v.doc != NULL &&
		    check_field(v, f, f->name, record_arena(r), e) != 0)
			return -1;
	}
	return 0;
}

int64_t
record_time(struct record *r)
{
	struct record_clock *c = record_clock(r);

	if (c->read)
		return c->at;
	c->read = true;
	if (time_parse(record_str(r, "receivedAt"), &c->at) != 0 &&
	    time_parse(record_str(r, "sentAt"), &c->at) != 0)
		c->at = TIME_NONE;
	return c->at;
}

int64_t
record_known(struct record *r)
{
	static const char *const names[] = { "editedAt", "updatedAt" };
	int64_t own = record_time(r), t;

	if (!record_has_keyword(r, "updated"))
		return own;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (time_parse(
			json_str(json_get(record_get(r, "data"), names[i]),
			    record_arena(r)),
			&t) == 0)
			return t > own ? t : own;
	return own;
}

bool
record_has_any(const struct record *r, const char *const *words)
{
	struct json_iter it = json_each(record_get(r, "keywords"));
	struct json v;

	while (json_next(&it, NULL, &v))
		for (const char *const *w = words; *w != NULL; w++)
			if (json_is(v, *w))
				return true;
	return false;
}

bool
record_has_keyword(const struct record *r, const char *keyword)
{
	return record_has_any(r, (const char *[]){ keyword, NULL });
}
