#include "hook/member.h"

#include "core/text/ascii.h"

static void
skip_space(struct str *s)
{
	while (s->n > 0 && ascii_is_in(s->p[0], " \t\r\n"))
		*s = str_sub(*s, 1, s->n);
}

/* Takes a string that begins here, without its quotes; absent where it has no
 * end. */
static struct str
take_string(struct str *s)
{
	size_t i = 1;
	struct str out;

	while (i < s->n && s->p[i] != '"')
		i += s->p[i] == '\\' ? 2 : 1;
	if (i >= s->n)
		return STR_NONE;
	out = str_sub(*s, 1, i - 1);
	*s = str_sub(*s, i + 1, s->n);
	return out;
}

/* Passes over a list or an object. */
static bool
skip_nested(struct str *s)
{
	size_t depth = 0;

	while (s->n > 0) {
		char c = s->p[0];

		if (c == '"') {
			if (take_string(s).p == NULL)
				return false;
			continue;
		}
		*s = str_sub(*s, 1, s->n);
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		if (depth == 0)
			return true;
	}
	return false;
}

/* Takes a value; absent for one that is nested, or where it has no end (*good
 * is false then). */
static struct str
take_value(struct str *s, bool *good)
{
	size_t n = 0;
	struct str out;

	skip_space(s);
	*good = s->n > 0;
	if (!*good)
		return STR_NONE;
	if (s->p[0] == '{' || s->p[0] == '[') {
		*good = skip_nested(s);
		return STR_NONE;
	}
	if (s->p[0] == '"') {
		out = take_string(s);
		*good = out.p != NULL;
		return out;
	}
	while (n < s->n && !ascii_is_in(s->p[n], ",}] \t\r\n"))
		n++;
	*good = n > 0;
	out = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	return out;
}

/* Takes { or a comma, a name and its colon; absent where it is not so. */
static struct str
take_name(struct str *s)
{
	struct str name;

	*s = str_sub(*s, 1, s->n);
	skip_space(s);
	if (s->n == 0 || s->p[0] != '"')
		return STR_NONE;
	name = take_string(s);
	skip_space(s);
	if (name.p == NULL || s->n == 0 || s->p[0] != ':')
		return STR_NONE;
	*s = str_sub(*s, 1, s->n);
	return name;
}

/* Behind a value: is there a comma, or the end? */
static bool
goes_on(struct str *s, char end)
{
	skip_space(s);
	return s->n > 0 && (s->p[0] == ',' || s->p[0] == end);
}

static bool
begins(struct str *s, char c)
{
	skip_space(s);
	return s->n > 0 && s->p[0] == c;
}

struct str
hook_member(struct str text, struct str name)
{
	bool good = begins(&text, '{');

	while (good && text.p[0] != '}') {
		struct str key = take_name(&text), value;

		if (key.p == NULL)
			return STR_NONE;
		value = take_value(&text, &good);
		if (good && str_eq(key, name))
			return value;
		good &= goes_on(&text, '}');
	}
	return STR_NONE;
}

/* What all of them must be. */
struct want {
	struct str name;
	bool (*fits)(void *arg, struct str value);
	void *arg;
	bool all; /* so far */
};

/* Takes an object: false where it is none.  Of a name that comes twice both
 * must fit: readers of JSON differ in which they take. */
static bool
check_object(struct want *w, struct str *s)
{
	bool good = begins(s, '{'), found = false;

	while (good && s->p[0] != '}') {
		struct str key = take_name(s), value;

		if (key.p == NULL)
			return false;
		value = take_value(s, &good);
		if (good && str_eq(key, w->name)) {
			w->all &= w->fits(w->arg, value);
			found = true;
		}
		good &= goes_on(s, '}');
	}
	if (good)
		*s = str_sub(*s, 1, s->n);
	w->all &= found;
	return good;
}

static bool
check_list(struct want *w, struct str *s)
{
	bool good = begins(s, '[');

	while (good && s->p[0] != ']') {
		*s = str_sub(*s, 1, s->n);
		good = check_object(w, s) && goes_on(s, ']');
	}
	if (good)
		*s = str_sub(*s, 1, s->n);
	return good;
}

static bool
check_lists(struct want *w, struct str list, struct str *s)
{
	bool good = begins(s, '{'), found = false;

	while (good && s->p[0] != '}') {
		struct str key = take_name(s);

		if (key.p == NULL)
			return false;
		if (str_eq(key, list)) {
			good = check_list(w, s);
			found = true;
		} else {
			(void)take_value(s, &good);
		}
		good = good && goes_on(s, '}');
	}
	if (good)
		*s = str_sub(*s, 1, s->n);
	return good && found;
}

bool
hook_members_fit(struct str text, struct str list, struct str name,
    bool (*fits)(void *arg, struct str value), void *arg)
{
	struct want w = { name, fits, arg, true };
	bool good =
	    list.n > 0 ? check_lists(&w, list, &text) : check_object(&w, &text);

	skip_space(&text);
	return good && text.n == 0 && w.all;
}
