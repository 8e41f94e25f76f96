#include "jq/fill.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"

static bool
begins_name(char c)
{
	return ascii_is_letter(c) || c == '_';
}

static void
skip_blanks(struct str *s)
{
	while (s->n > 0 && *s->p == ' ')
		*s = str_sub(*s, 1, s->n);
}

/* A dot and a name, taken off s; absent where there is none. */
static struct str
take_name(struct str *s)
{
	struct str name;
	size_t n = 1;

	if (s->n < 2 || s->p[0] != '.' || !begins_name(s->p[1]))
		return STR_NONE;
	while (n < s->n && (begins_name(s->p[n]) || ascii_is_digit(s->p[n])))
		n++;
	name = str_sub(*s, 1, n - 1);
	*s = str_sub(*s, n, s->n);
	return name;
}

/* A string without escapes, at the end of the program. */
static bool
take_string(struct str s, struct str *out)
{
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return false;
	*out = str_sub(s, 1, s.n - 2);
	for (size_t i = 0; i < out->n; i++)
		if ((unsigned char)out->p[i] < ' ' ||
		    ascii_is_in(out->p[i], "\"\\"))
			return false;
	return utf8_is_valid(*out);
}

static bool
read_hole(struct fill_hole *h, struct str s, struct arena *a)
{
	struct str name, otherwise;

	skip_blanks(&s);
	h->names = arena_calloc(a, s.n / 2 + 1, sizeof(*h->names));
	while ((name = take_name(&s)).p != NULL)
		h->names[h->n++] = arena_dup(a, name);
	if (h->n == 0)
		return false;
	skip_blanks(&s);
	if (str_starts(s, STR("//"))) {
		s = str_trim_right(str_sub(s, 2, s.n));
		skip_blanks(&s);
		if (!take_string(s, &otherwise))
			return false;
		h->otherwise = arena_dup(a, otherwise);
		s = STR("");
	}
	return s.n == 0;
}

bool
fill_read(struct fill *f, const struct str *programs, size_t n, struct arena *a)
{
	if (n > FILL_HOLES)
		return false;
	f->holes = arena_calloc(a, n + 1, sizeof(*f->holes));
	f->n = n;
	for (size_t i = 0; i < n; i++)
		if (!read_hole(&f->holes[i], programs[i], a))
			return false;
	return true;
}

/* What stands in the hole, as libjq would give it; absent where only libjq can
 * tell. */
static struct str
value(const struct fill_hole *h, struct json object, struct arena *a)
{
	struct json v = object;

	for (size_t i = 0; i < h->n; i++) {
		/* Nothing has no members; of what is none libjq has a word. */
		if (json_type(v) == JSON_NULL || json_type(v) == JSON_NONE)
			break;
		if (json_type(v) != JSON_OBJECT)
			return STR_NONE;
		v = json_get_str(v, h->names[i]);
	}
	switch (json_type(v)) {
	case JSON_STRING:
		return json_str(v, a);
	case JSON_NONE:
	case JSON_NULL:
		return h->otherwise.p == NULL ? STR("null") : h->otherwise;
	default:
		return STR_NONE;
	}
}

static bool
add_holes(const struct fill *fill, struct str text, const size_t *ends,
    struct json object, void (*f)(struct str value, struct buf *out),
    struct arena *a, struct buf *out)
{
	for (size_t i = 0; i < fill->n; i++) {
		struct str s = value(&fill->holes[i], object, a);

		if (s.p == NULL)
			return false;
		if (f != NULL)
			f(s, out);
		else
			buf_add_str(out, s);
		buf_add_str(out, str_sub(text, ends[i], ends[i + 1] - ends[i]));
	}
	return !out->over;
}

bool
fill_text(const struct fill *fill, struct str text, const size_t *ends,
    struct json object, void (*f)(struct str value, struct buf *out),
    struct arena *a, struct buf *out)
{
	size_t before = out->n;

	if (fill->holes == NULL)
		return false;
	buf_add_str(out, str_sub(text, 0, ends[0]));
	if (add_holes(fill, text, ends, object, f, a, out))
		return true;
	buf_cut(out, before);
	return false;
}
