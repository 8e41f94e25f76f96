#include "identify/verify/taglist.h"

#include "core/text/ascii.h"
#include "core/text/base64.h"

enum { NUMBER_DIGITS = 18 };

/* ALPHA *(ALPHA / DIGIT / "_") */
static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(ascii_is_letter(s.p[i]) ||
			(i > 0 && (ascii_is_digit(s.p[i]) || s.p[i] == '_'))))
			return false;
	return s.n > 0;
}

static bool
is_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]) &&
		    ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f))
			return false;
	return true;
}

int
taglist_read(struct str text, struct taglist *out)
{
	struct str rest = text;

	out->n = 0;
	while (rest.p != NULL) {
		struct str tag = str_split(&rest, ';'), name, value;
		ptrdiff_t equals = str_chr(tag, '=');

		/* One at the end may stand there. */
		if (rest.p == NULL && str_trim(tag).n == 0 && out->n > 0)
			break;
		if (equals < 0 || out->n == TAGLIST_TAGS)
			return -1;
		name = str_trim(str_sub(tag, 0, (size_t)equals));
		value = str_trim(str_sub(tag, (size_t)equals + 1, tag.n));
		if (!is_name(name) || !is_value(value))
			return -1;
		for (size_t i = 0; i < out->n; i++)
			if (str_eq(out->v[i].name, name))
				return -1;
		out->v[out->n].name = name;
		out->v[out->n++].value = value;
	}
	return 0;
}

struct str
taglist_get(const struct taglist *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_is(l->v[i].name, name))
			return l->v[i].value;
	return STR_NONE;
}

struct str
taglist_base64(struct str value, struct arena *a)
{
	char *squeezed = arena_alloc(a, value.n + 1), *to;
	size_t n = 0, letters;

	for (size_t i = 0; i < value.n; i++)
		if (!ascii_is_space(value.p[i]))
			squeezed[n++] = value.p[i];
	letters = n;
	while (letters > 0 && n - letters < 2 && squeezed[letters - 1] == '=')
		letters--;
	if (n == 0 || n % 4 != 0)
		return STR_NONE;
	for (size_t i = 0; i < letters; i++)
		if (base64_values[(unsigned char)squeezed[i]] > 63)
			return STR_NONE;
	to = arena_alloc(a, BASE64_DECODED(n));
	return str_make(to, base64_decode(str_make(squeezed, n), to));
}

bool
taglist_lists(struct str list, struct str word)
{
	struct str rest = list;

	while (rest.p != NULL)
		if (str_eq_nocase(str_trim(str_split(&rest, ':')), word))
			return true;
	return false;
}

int64_t
taglist_number(struct str value)
{
	int64_t n;

	if (!str_is_digits(value) || value.n > NUMBER_DIGITS ||
	    str_to_int(value, &n) < 0)
		return -1;
	return n;
}
