#include "source/teams/tag.h"

#include "core/text/ascii.h"

static bool
is_name(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == ':';
}

/* Behind the ">" that ends a tag, SIZE_MAX where none does. */
static size_t
tag_end(struct str s, size_t i)
{
	char quote = '\0';

	for (; i < s.n; i++) {
		char c = s.p[i];

		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (c == '>')
			return i + 1;
		else if (s.p[i - 1] == '=' && (c == '"' || c == '\''))
			quote = c;
	}
	return SIZE_MAX;
}

bool
tag_next(struct str s, size_t at, struct tag *t)
{
	while (at < s.n) {
		ptrdiff_t open = str_chr(str_sub(s, at, s.n), '<');
		size_t i, name;

		if (open < 0)
			return false;
		*t = (struct tag){ .from = at + (size_t)open };
		i = t->from + 1;
		t->end = i < s.n && s.p[i] == '/';
		name = i += t->end;
		while (i < s.n && is_name(s.p[i]))
			i++;
		at = i;
		if (i == name || !ascii_is_letter(s.p[name]))
			continue;
		t->name = str_sub(s, name, i - name);
		t->to = tag_end(s, i);
		if (t->to == SIZE_MAX)
			return false;
		t->rest = str_sub(s, i, t->to - 1 - i);
		t->alone = str_ends(t->rest, STR("/"));
		return true;
	}
	return false;
}

bool
tag_is(const struct tag *t, const char *name)
{
	return str_eq_nocase(t->name, str_of(name));
}

/* The value that stands behind a "=", and behind it the rest. */
static struct str
take_value(struct str *rest)
{
	char quote = rest->n > 0 ? rest->p[0] : '\0';
	struct str v;
	size_t i = 0;

	if (quote == '"' || quote == '\'') {
		*rest = str_sub(*rest, 1, rest->n);
		v = str_split(rest, quote);
		return v;
	}
	while (i < rest->n && !ascii_is_space(rest->p[i]))
		i++;
	v = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i, rest->n);
	return v;
}

struct str
tag_value(const struct tag *t, const char *name)
{
	struct str rest = t->rest;

	while (rest.n > 0) {
		struct str key, v = STR_NONE;
		size_t i = 0;

		while (i < rest.n && !is_name(rest.p[i]))
			i++;
		rest = str_sub(rest, i, rest.n);
		for (i = 0; i < rest.n && is_name(rest.p[i]);)
			i++;
		key = str_sub(rest, 0, i);
		rest = str_trim(str_sub(rest, i, rest.n));
		if (rest.n > 0 && rest.p[0] == '=') {
			rest = str_trim(str_sub(rest, 1, rest.n));
			v = take_value(&rest);
		}
		if (key.n == 0)
			break;
		if (str_eq_nocase(key, str_of(name)))
			return v.n == 0 ? STR_NONE : v;
	}
	return STR_NONE;
}
