#include "json/doc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/text/utf8.h"

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

/*
 * Checks all escapes from p on and notes whether there are codes.  A backslash
 * outside of strings begins or lies in a scalar, which the walk refuses; so
 * every one may be read as an escape here.  Returns the bad one's place or
 * NULL.
 */
static const char *
bad_escape(const char *p, const char *end, bool *codes)
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
			*codes = true;
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
	if (p == end || !ascii_is_digit(*p))
		return NULL;
	if (*p++ != '0')
		while (p < end && ascii_is_digit(*p))
			p++;
	if (p < end && *p == '.') {
		if (++p == end || !ascii_is_digit(*p))
			return NULL;
		while (p < end && ascii_is_digit(*p))
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		if (++p < end && (*p == '+' || *p == '-'))
			p++;
		if (p == end || !ascii_is_digit(*p))
			return NULL;
		while (p < end && ascii_is_digit(*p))
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

/* What is wrong behind a close, or NULL. */
static const char *
wrong_end(bool open, bool more)
{
	if (open)
		return "the text ends within a value";
	return more ? "something behind the value" : NULL;
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
	const char *text = d->text, *why;
	const uint32_t *p = d->at, *end = d->at + d->n;
	uint32_t stack[JSON_DEPTH];
	unsigned depth = 0;
	char close = ']', c;

value:
	c = text[*p];
	if (c == '"') {
		p++;
	} else if (opens(c)) {
		why = "nested too deep";
		if (depth == JSON_DEPTH)
			goto wrong;
		close = c == '{' ? '}' : ']';
		stack[depth++] = (uint32_t)(p++ - d->at);
		if (text[*p] == close)
			goto closing;
		if (close == '}')
			goto key;
		goto value;
	} else {
		why = "no value";
		if (!good_scalar(text + p[0], text + p[1]))
			goto wrong;
		p++;
	}
after:
	if (text[*p] == ',') {
		p++;
		if (close == ']')
			goto value;
	key:
		why = "no member's name";
		if (text[*p] != '"')
			goto wrong;
		why = "no colon behind a member's name";
		if (text[p[1]] != ':')
			goto wrong;
		p += 2;
		goto value;
	}
	why = close == '}' ? "neither comma nor }" : "neither comma nor ]";
	if (text[*p] != close)
		goto wrong;
closing:
	/* Only a container that is open gets here, so depth is not 0. */
	/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript) */
	d->skip[stack[--depth]] = (uint32_t)(p++ - d->at);
	if (depth > 0 && p < end) {
		close = text[d->at[stack[depth - 1]]] == '{' ? '}' : ']';
		goto after;
	}
	why = wrong_end(depth > 0, p < end);
wrong:
	*where = (uint32_t)(p - d->at);
	return why;
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

	while ((n = utf8_length(str_sub(text, i, 4))) > 0)
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
	d->codes = false;
	if (bad != NULL)
		bad = bad_escape(bad, text.p + text.n, &d->codes);
	if (bad != NULL)
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
