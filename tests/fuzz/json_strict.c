/*
 * JSON against a second reader, which is written from the grammar of RFC 8259
 * a byte after the other: both take the same texts, and read the same in them.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* The second reader; what it reads goes to out in one spelling. */
struct strict {
	const char *p, *end;
	struct buf *out;
	int depth, deepest;
	size_t members; /* of the root */
};

static bool value(struct strict *s);

static void
space(struct strict *s)
{
	while (
	    s->p < s->end && strchr(" \t\r\n", *s->p) != NULL && *s->p != '\0')
		s->p++;
}

static bool
next_is(struct strict *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool
word(struct strict *s, const char *w)
{
	size_t n = strlen(w);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n) != 0)
		return false;
	s->p += n;
	buf_add_z(s->out, w);
	return true;
}

static bool
digits(struct strict *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > from;
}

/* A number as it may be asked for: whole and finite, whatever it is. */
static void
put_number(struct buf *out, struct str text, bool whole, int64_t i, bool finite,
    double d)
{
	buf_add_char(out, '#');
	buf_add_str(out, text);
	if (whole)
		buf_printf(out, "=%lld", (long long)i);
	if (finite)
		buf_printf(out, "~%a", d);
}

static bool
fits(struct str text, int64_t *out)
{
	bool minus = text.p[0] == '-';
	uint64_t v = 0, most = INT64_MAX;

	for (size_t i = minus; i < text.n; i++) {
		uint64_t digit = (uint64_t)(text.p[i] - '0');

		if (text.p[i] < '0' || text.p[i] > '9' ||
		    v > (most + minus - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

static bool
number(struct strict *s)
{
	const char *from = s->p;
	struct str text;
	int64_t i = 0;
	char *copy;
	double d;
	bool whole;

	(void)next_is(s, '-');
	if (!next_is(s, '0') && !digits(s))
		return false;
	if (next_is(s, '.') && !digits(s))
		return false;
	if (next_is(s, 'e') || next_is(s, 'E')) {
		if (!next_is(s, '+'))
			(void)next_is(s, '-');
		if (!digits(s))
			return false;
	}
	text = str_make(from, (size_t)(s->p - from));
	copy = strndup(text.p, text.n);
	d = strtod(copy, NULL);
	free(copy);
	whole = fits(text, &i);
	put_number(s->out, text, whole, i, d - d == 0, d);
	return true;
}

/* RFC 3629, 4: the bytes of one character, 0 where it is none. */
static size_t
character(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char from, to, low, high;
		size_t n;
	} kinds[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		if (p[0] < kinds[k].from || p[0] > kinds[k].to)
			continue;
		if (kinds[k].n > n ||
		    (kinds[k].n > 1 &&
			(p[1] < kinds[k].low || p[1] > kinds[k].high)))
			return 0;
		for (size_t i = 2; i < kinds[k].n; i++)
			if (p[i] < 0x80 || p[i] > 0xbf)
				return 0;
		return kinds[k].n;
	}
	return 0;
}

static void
put_character(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_add_char(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_add_char(out, (char)(0xe0 | c >> 12));
		} else {
			buf_add_char(out, (char)(0xf0 | c >> 18));
			buf_add_char(out, (char)(0x80 | (c >> 12 & 63)));
		}
		buf_add_char(out, (char)(0x80 | (c >> 6 & 63)));
	}
	buf_add_char(out, (char)(0x80 | (c & 63)));
}

static bool
unit(struct strict *s, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		static const char hex[] = "0123456789abcdefABCDEF";
		const char *at;

		if (s->p == s->end || *s->p == '\0' ||
		    (at = strchr(hex, *s->p)) == NULL)
			return false;
		*out = *out * 16 +
		       (uint32_t)(at - hex > 15 ? at - hex - 6 : at - hex);
		s->p++;
	}
	return true;
}

/* Behind a backslash and a u: one half of a pair alone is U+FFFD. */
static bool
code(struct strict *s)
{
	uint32_t high, low;

	if (!unit(s, &high))
		return false;
	if (high < 0xd800 || high > 0xdfff) {
		put_character(s->out, high);
		return true;
	}
	if (high < 0xdc00 && s->end - s->p >= 2 && s->p[0] == '\\' &&
	    s->p[1] == 'u') {
		const char *back = s->p;

		s->p += 2;
		if (!unit(s, &low))
			return false;
		if (low >= 0xdc00 && low <= 0xdfff) {
			put_character(s->out,
			    0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
			return true;
		}
		s->p = back;
	}
	put_character(s->out, 0xfffd);
	return true;
}

static bool
escape(struct strict *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (next_is(s, 'u'))
		return code(s);
	if (s->p == s->end || *s->p == '\0' ||
	    (at = strchr(from, *s->p)) == NULL)
		return false;
	buf_add_char(s->out, to[at - from]);
	s->p++;
	return true;
}

static bool
string(struct strict *s)
{
	if (!next_is(s, '"'))
		return false;
	buf_add_char(s->out, '"');
	while (s->p < s->end && *s->p != '"') {
		size_t n;

		if ((unsigned char)*s->p < 0x20)
			return false;
		if (next_is(s, '\\')) {
			if (!escape(s))
				return false;
			continue;
		}
		n = character(
		    (const unsigned char *)s->p, (size_t)(s->end - s->p));
		if (n == 0)
			return false;
		buf_add(s->out, s->p, n);
		s->p += n;
	}
	/* Behind a string no byte of UTF-8. */
	buf_add_char(s->out, '\xff');
	return next_is(s, '"');
}

static bool
container(struct strict *s, char open, char close)
{
	bool whole = true;

	if (!next_is(s, open))
		return false;
	buf_add_char(s->out, open);
	if (++s->depth > s->deepest)
		s->deepest = s->depth;
	space(s);
	if (!next_is(s, close)) {
		do {
			space(s);
			if (open == '{') {
				whole = string(s);
				space(s);
				whole = whole && next_is(s, ':');
			}
			s->members += s->depth == 1;
			space(s);
			whole = whole && value(s);
			space(s);
		} while (whole && next_is(s, ','));
		whole = whole && next_is(s, close);
	}
	buf_add_char(s->out, close);
	s->depth--;
	return whole;
}

static bool
value(struct strict *s)
{
	if (s->p == s->end || s->depth > 2 * JSON_DEPTH)
		return false;
	switch (*s->p) {
	case '{':
		return container(s, '{', '}');
	case '[':
		return container(s, '[', ']');
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

/* What the record's reader read, in the same spelling. */
static void
spell_string(struct json v, struct arena *a, struct buf *out)
{
	buf_add_char(out, '"');
	buf_add_str(out, json_str(v, a));
	buf_add_char(out, '\xff');
}

static void
spell(struct json v, struct arena *a, struct buf *out)
{
	struct json_iter it = json_each(v);
	struct json key, item;
	enum json_type type = json_type(v);
	int64_t i = 0;
	double d = 0;
	bool whole, finite;

	switch (type) {
	case JSON_OBJECT:
	case JSON_LIST:
		buf_add_char(out, type == JSON_OBJECT ? '{' : '[');
		while (json_next(&it, &key, &item)) {
			if (type == JSON_OBJECT)
				spell_string(key, a, out);
			spell(item, a, out);
		}
		buf_add_char(out, type == JSON_OBJECT ? '}' : ']');
		break;
	case JSON_STRING:
		spell_string(v, a, out);
		break;
	case JSON_NUMBER:
		whole = json_int(v, &i) == 0;
		finite = json_real(v, &d) == 0;
		put_number(out, json_raw(v), whole, i, finite, d);
		break;
	default:
		buf_add_str(out, json_raw(v));
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct record *r;
	static struct buf in, one, other;
	struct strict s = { .out = &one };
	struct err e;
	bool takes, reads;

	if (r == NULL) {
		r = record_new();
		buf_init(&in, 64 << 20);
		buf_init(&one, 256 << 20);
		buf_init(&other, 256 << 20);
	}
	buf_reset(&in);
	buf_reset(&one);
	buf_reset(&other);
	buf_add(&in, p, n);
	s.p = in.p;
	s.end = in.p + n;
	space(&s);
	reads = s.p < s.end && *s.p == '{' && value(&s);
	space(&s);
	reads = reads && s.p == s.end && s.deepest <= JSON_DEPTH &&
		s.members <= RECORD_MEMBERS;
	takes = record_parse(r, buf_str(&in), &e) == 0;
	if (takes != reads) {
		fprintf(stderr, "taken: %d, by the grammar: %d: %s\n", takes,
		    reads, takes ? "" : e.msg);
		abort();
	}
	if (takes)
		spell(record_root(r), record_arena(r), &other);
	if (takes && !str_eq(buf_str(&one), buf_str(&other))) {
		fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(buf_str(&one)),
		    STR_ARG(buf_str(&other)));
		abort();
	}
	return 0;
}

#include "fuzz.h"
