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

struct str
hook_member(struct str text, struct str name)
{
	bool good = true;

	skip_space(&text);
	if (text.n == 0 || text.p[0] != '{')
		return STR_NONE;
	while (good && text.n > 0 && text.p[0] != '}') {
		struct str key, value;

		text = str_sub(text, 1, text.n);
		skip_space(&text);
		if (text.n == 0 || text.p[0] != '"')
			return STR_NONE;
		key = take_string(&text);
		skip_space(&text);
		if (key.p == NULL || text.n == 0 || text.p[0] != ':')
			return STR_NONE;
		text = str_sub(text, 1, text.n);
		value = take_value(&text, &good);
		if (good && str_eq(key, name))
			return value;
		skip_space(&text);
		good &= text.n > 0 && ascii_is_in(text.p[0], ",}");
	}
	return STR_NONE;
}
