#include "record/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "record/simd.h"

enum { NUMBER_CHARS = 128 }; /* longer ones are converted from the heap */

struct json_doc {
	const char *text;
	const uint32_t *at; /* offsets of the structural characters */
	uint32_t *skip; /* a container's entry: the entry that ends it */
	uint32_t n;
	size_t skip_cap;
	bool escapes; /* there is a backslash somewhere */
	struct simd *simd;
	struct buf copy;
};

struct json_doc *
json_doc_new(void)
{
	struct json_doc *d = xcalloc(1, sizeof(*d));

	d->simd = simd_new();
	if (d->simd == NULL)
		alloc_die(sizeof(*d));
	buf_init(&d->copy, UINT32_MAX);
	return d;
}

void
json_doc_free(struct json_doc *d)
{
	if (d == NULL)
		return;
	simd_free(d->simd);
	free(d->skip);
	buf_release(&d->copy);
	free(d);
}

static inline bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool
is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* 0..15, or -1. */
static int
hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The 16 bits that four hex digits say, or -1. */
static int32_t
hex4(const char *p)
{
	int32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

/*
 * Checks all escapes.  A backslash outside of strings begins or lies in a
 * scalar, which the walk refuses; so every one may be read as an escape here.
 * Returns the bad one's place or NULL.
 */
static const char *
bad_escape(const char *p, const char *end)
{
	for (; (p = memchr(p, '\\', (size_t)(end - p))) != NULL; p += 2) {
		if (end - p < 2)
			return p;
		switch (p[1]) {
		case '"':
		case '\\':
		case '/':
		case 'b':
		case 'f':
		case 'n':
		case 'r':
		case 't':
			break;
		case 'u':
			if (end - p < 6 || hex4(p + 2) < 0)
				return p;
			break;
		default:
			return p;
		}
	}
	return NULL;
}

/* The number's end where p..end begins with one, else NULL. */
static const char *
number_end(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	if (p == end || !is_digit(*p))
		return NULL;
	if (*p++ != '0')
		while (p < end && is_digit(*p))
			p++;
	if (p < end && *p == '.') {
		if (++p == end || !is_digit(*p))
			return NULL;
		while (p < end && is_digit(*p))
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		if (++p < end && (*p == '+' || *p == '-'))
			p++;
		if (p == end || !is_digit(*p))
			return NULL;
		while (p < end && is_digit(*p))
			p++;
	}
	return p;
}

/*
 * True where a literal or number begins at p and only white space stands
 * between its end and the next structural character, end.
 */
static bool
good_scalar(const char *p, const char *end)
{
	const char *stop = NULL;

	switch (*p) {
	case 't':
		if (end - p >= 4 && memcmp(p, "true", 4) == 0)
			stop = p + 4;
		break;
	case 'f':
		if (end - p >= 5 && memcmp(p, "false", 5) == 0)
			stop = p + 5;
		break;
	case 'n':
		if (end - p >= 4 && memcmp(p, "null", 4) == 0)
			stop = p + 4;
		break;
	default:
		stop = number_end(p, end);
	}
	return stop != NULL && (stop == end || is_space(*stop));
}

/*
 * Checks the grammar, from an opening character to the last entry, and notes
 * where containers end.  The last entry closes something, so none of the
 * steps that look ahead passes it: only a close can be followed by nothing.
 * Returns what is wrong at entry *where, or NULL.
 */
static const char *
walk(struct json_doc *d, uint32_t *where)
{
	const char *text = d->text;
	const uint32_t *at = d->at;
	uint32_t stack[JSON_DEPTH], i = 0;
	unsigned depth = 0;
	bool object = false;

value:
	switch (text[at[i]]) {
	case '"':
		i++;
		break;
	case '{':
	case '[':
		*where = i;
		if (depth == JSON_DEPTH)
			return "nested too deep";
		object = text[at[i]] == '{';
		stack[depth++] = i++;
		if (text[at[i]] == (object ? '}' : ']'))
			goto close;
		if (object)
			goto key;
		goto value;
	default:
		*where = i;
		if (!good_scalar(text + at[i], text + at[i + 1]))
			return "no value";
		i++;
	}
after:
	if (text[at[i]] == ',') {
		i++;
		if (!object)
			goto value;
	key:
		*where = i;
		if (text[at[i]] != '"')
			return "no member's name";
		if (text[at[i + 1]] != ':')
			return "no colon behind a member's name";
		i += 2;
		goto value;
	}
	*where = i;
	if (text[at[i]] != (object ? '}' : ']'))
		return object ? "neither comma nor }" : "neither comma nor ]";
close:
	d->skip[stack[--depth]] = i++;
	*where = i;
	if (depth == 0)
		return i == d->n ? NULL : "something behind the value";
	if (i == d->n)
		return "the text ends within a value";
	object = text[at[stack[depth - 1]]] == '{';
	goto after;
}

/* The text as a whole: a container through the walk, or one scalar. */
static const char *
check(struct json_doc *d, uint32_t *where)
{
	char first = d->text[d->at[0]], last = d->text[d->at[d->n - 1]];

	*where = 0;
	if (first == '{' || first == '[') {
		/* The walk relies on it; most texts cut short end here. */
		if (last != '}' && last != ']') {
			*where = d->n;
			return "the text ends within a value";
		}
		return walk(d, where);
	}
	if (first != '"' &&
	    !good_scalar(d->text + d->at[0], d->text + d->at[1]))
		return "no value";
	*where = 1;
	return d->n == 1 ? NULL : "something behind the value";
}

/* The first byte of a malformed sequence. */
static size_t
bad_utf8(struct str text)
{
	size_t i = 0, n;

	while ((n = str_utf8(str_sub(text, i, 4))) > 0)
		i += n;
	return i;
}

static int
index_error(enum simd_result result, struct str text, struct err *e)
{
	size_t i = 0;

	switch (result) {
	case SIMD_EMPTY:
		return err_set(e, "no JSON: the text is empty");
	case SIMD_UTF8:
		return err_set(
		    e, "no JSON: byte %zu: malformed UTF-8", bad_utf8(text));
	case SIMD_CONTROL:
		for (bool in = false; i < text.n; i++) {
			if (in && (unsigned char)text.p[i] < ' ')
				break;
			if (in && text.p[i] == '\\')
				i++;
			else if (text.p[i] == '"')
				in = !in;
		}
		return err_set(e,
		    "no JSON: byte %zu: a control character within a string",
		    i);
	case SIMD_OPEN:
		return err_set(e, "no JSON: the last string has no end");
	default:
		return err_set(e, "no JSON: the text is too long");
	}
}

int
json_parse(
    struct json_doc *d, struct str text, struct json *root, struct err *e)
{
	enum simd_result result;
	const char *why, *bad;
	uint32_t *at, where;
	size_t n;

	*root = JSON_ABSENT;
	if (text.n >= UINT32_MAX - BUF_PAD)
		return index_error(SIMD_BIG, text, e);
	result = simd_index(d->simd, text.p, text.n, &at, &n);
	if (result != SIMD_OK)
		return index_error(result, text, e);
	at[n] = (uint32_t)text.n;
	if (n > d->skip_cap) {
		d->skip_cap = n + n / 2;
		free(d->skip);
		d->skip = xmalloc(d->skip_cap * sizeof(*d->skip));
	}
	d->text = text.p;
	d->at = at;
	d->n = (uint32_t)n;
	why = check(d, &where);
	if (why != NULL)
		return err_set(
		    e, "no JSON: byte %" PRIu32 ": %s", at[where], why);
	bad = memchr(text.p, '\\', text.n);
	d->escapes = bad != NULL;
	if (bad != NULL && (bad = bad_escape(bad, text.p + text.n)) != NULL)
		return err_set(
		    e, "no JSON: byte %td: no such escape", bad - text.p);
	*root = (struct json){ d, 0 };
	return 0;
}

int
json_parse_copy(
    struct json_doc *d, struct str text, struct json *root, struct err *e)
{
	*root = JSON_ABSENT;
	buf_reset(&d->copy);
	if (buf_add_str(&d->copy, text) != 0)
		return index_error(SIMD_BIG, text, e);
	return json_parse(d, buf_str(&d->copy), root, e);
}

enum json_type
json_type(struct json v)
{
	if (v.doc == NULL)
		return JSON_NONE;
	switch (v.doc->text[v.doc->at[v.at]]) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_LIST;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

/* The string's or scalar's bytes at entry i: up to the next one, without the
 * white space between. */
static inline struct str
scalar(const struct json_doc *d, uint32_t i)
{
	const char *p = d->text + d->at[i], *end = d->text + d->at[i + 1];

	while (is_space(end[-1]))
		end--;
	return str_make(p, (size_t)(end - p));
}

static inline bool
opens(char c)
{
	return c == '{' || c == '[';
}

struct str
json_raw(struct json v)
{
	const struct json_doc *d = v.doc;
	const char *p;

	if (d == NULL)
		return STR_NONE;
	p = d->text + d->at[v.at];
	if (!opens(*p))
		return scalar(d, v.at);
	return str_make(p, d->at[d->skip[v.at]] + 1 - d->at[v.at]);
}

struct json_iter
json_each(struct json v)
{
	struct json_iter it = { NULL, 0, false };
	enum json_type type = json_type(v);

	if (type != JSON_LIST && type != JSON_OBJECT)
		return it;
	it.object = type == JSON_OBJECT;
	it.next = v.at + 1;
	if (v.doc->skip[v.at] != it.next)
		it.doc = v.doc;
	return it;
}

/* The entry behind the value at entry i: a comma's or a closing one. */
static inline uint32_t
behind(const struct json_doc *d, uint32_t i)
{
	return (opens(d->text[d->at[i]]) ? d->skip[i] : i) + 1;
}

bool
json_next(struct json_iter *it, struct json *key, struct json *value)
{
	const struct json_doc *d = it->doc;

	if (d == NULL)
		return false;
	if (key != NULL)
		*key = it->object ? (struct json){ d, it->next } : JSON_ABSENT;
	if (it->object)
		it->next += 2;
	*value = (struct json){ d, it->next };
	it->next = behind(d, it->next);
	if (d->text[d->at[it->next]] == ',')
		it->next++;
	else
		it->doc = NULL;
	return true;
}

size_t
json_members(struct json v, struct json_member *out, size_t max)
{
	struct json_iter it = json_each(v);
	const struct json_doc *d = it.doc;
	uint32_t i = it.next;
	size_t n = 0;

	if (d == NULL || !it.object)
		return 0;
	for (;; i++) {
		struct str name = scalar(d, i);

		if (n < max)
			out[n] = (struct json_member){
				str_make(name.p + 1, name.n - 2), { d, i + 2 }
			};
		n++;
		i = behind(d, i + 2);
		if (d->text[d->at[i]] != ',')
			return n;
	}
}

/*
 * Decodes the escape at p, which is a good one (or a plain byte).  Writes at
 * most 4 bytes, sets *n to their number, returns what follows.
 */
static const char *
unescape(const char *p, const char *end, char out[4], size_t *n)
{
	static const char codes[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	const char *code;
	uint32_t c;

	*n = 1;
	out[0] = *p++;
	if (out[0] != '\\')
		return p;
	out[0] = *p++;
	if (out[0] != 'u') {
		code = memchr(codes, out[0], sizeof(codes) - 1);
		if (code != NULL)
			out[0] = bytes[code - codes];
		return p;
	}
	c = (uint32_t)hex4(p);
	p += 4;
	if (c >= 0xd800 && c < 0xe000) {
		uint32_t low = 0;

		if (c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u')
			low = (uint32_t)hex4(p + 2);
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		} else {
			c = 0xfffd;
		}
	}
	*n = str_put_utf8(out, c);
	return p;
}

/* The content of the string at entry i as it is written. */
static inline struct str
content(const struct json_doc *d, uint32_t i)
{
	struct str raw = scalar(d, i);

	return str_make(raw.p + 1, raw.n - 2);
}

/* Is the written content, decoded, s? */
static bool
decodes_to(struct str written, struct str s)
{
	const char *p = written.p, *end = p + written.n;

	while (p < end) {
		char c[4];
		size_t n;

		p = unescape(p, end, c, &n);
		if (n > s.n || memcmp(c, s.p, n) != 0)
			return false;
		s = str_sub(s, n, s.n);
	}
	return s.n == 0;
}

static inline bool
string_is(const struct json_doc *d, uint32_t i, struct str s)
{
	struct str written = content(d, i);

	/* An escape is longer than what it stands for. */
	if (written.n < s.n)
		return false;
	if (d->escapes && json_escaped(written))
		return decodes_to(written, s);
	return str_eq(written, s);
}

bool
json_name_is(const struct json_member *m, struct str name)
{
	return m->name.n >= name.n &&
	       (json_escaped(m->name) ? decodes_to(m->name, name)
				      : str_eq(m->name, name));
}

struct json
json_get_str(struct json v, struct str name)
{
	struct json key, value, found = JSON_ABSENT;
	struct json_iter it = json_each(v);

	if (it.object)
		while (json_next(&it, &key, &value))
			if (string_is(v.doc, key.at, name))
				found = value;
	return found;
}

struct json
json_get(struct json v, const char *name)
{
	return json_get_str(v, str_of(name));
}

struct json
json_at(struct json v, size_t i)
{
	struct json value;
	struct json_iter it = json_each(v);

	if (!it.object)
		while (json_next(&it, NULL, &value))
			if (i-- == 0)
				return value;
	return JSON_ABSENT;
}

size_t
json_count(struct json v)
{
	struct json value;
	struct json_iter it = json_each(v);
	size_t n = 0;

	while (json_next(&it, NULL, &value))
		n++;
	return n;
}

struct str
json_str(struct json v, struct arena *a)
{
	struct str written;
	const char *p, *end;
	char *out;
	size_t n = 0, piece;

	if (json_type(v) != JSON_STRING)
		return STR_NONE;
	written = content(v.doc, v.at);
	if (!v.doc->escapes || memchr(written.p, '\\', written.n) == NULL)
		return written;
	/* Nothing decodes to more bytes than it is written with. */
	out = arena_alloc(a, written.n + 4);
	end = written.p + written.n;
	for (const char *from = written.p;; from = p) {
		p = memchr(from, '\\', (size_t)(end - from));
		if (p == NULL)
			p = end;
		memcpy(out + n, from, (size_t)(p - from));
		n += (size_t)(p - from);
		if (p == end)
			break;
		p = unescape(p, end, out + n, &piece);
		n += piece;
	}
	out[n] = '\0';
	return str_make(out, n);
}

bool
json_is_str(struct json v, struct str s)
{
	return json_type(v) == JSON_STRING && string_is(v.doc, v.at, s);
}

bool
json_is(struct json v, const char *s)
{
	return json_is_str(v, str_of(s));
}

int
json_int(struct json v, int64_t *out)
{
	return json_type(v) == JSON_NUMBER ? str_to_int(json_raw(v), out) : -1;
}

int
json_real(struct json v, double *out)
{
	struct str raw = json_raw(v);
	char small[NUMBER_CHARS], *text = small;
	double value;

	if (json_type(v) != JSON_NUMBER)
		return -1;
	if (raw.n < sizeof(small)) {
		memcpy(small, raw.p, raw.n);
		small[raw.n] = '\0';
	} else {
		text = xmemdup0(raw.p, raw.n);
	}
	value = strtod(text, NULL);
	if (text != small)
		free(text);
	if (!isfinite(value))
		return -1;
	*out = value;
	return 0;
}

bool
json_true(struct json v)
{
	return json_type(v) == JSON_TRUE;
}
