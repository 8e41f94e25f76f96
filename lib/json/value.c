#include "json/doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/text/utf8.h"

enum {
	NUMBER_CHARS = 128, /* longer ones are converted from the heap */
	SHORT_TEXT = 32, /* bytes, for which memchr does not pay */
};

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

struct json_walk
json_walk(struct json v)
{
	struct json_walk w = { .doc = v.doc, .next = v.at, .end = v.at };

	if (v.doc != NULL && opens(v.doc->text[v.doc->at[v.at]]))
		w.end = v.doc->skip[v.at];
	return w;
}

bool
json_walk_next(struct json_walk *w, struct json *key, struct json *value)
{
	const struct json_doc *d = w->doc;

	while (w->next < w->end) {
		uint32_t i = w->next++;
		char c = d->text[d->at[i]];

		if (c == '"' && d->text[d->at[i + 1]] == ':') {
			*key = (struct json){ d, i };
			*value = (struct json){ d, i + 2 };
			w->next = i + 2;
			return true;
		}
		if (opens(c) && ++w->depth > w->deepest)
			w->deepest = w->depth;
		w->depth -= c == '}' || c == ']';
	}
	return false;
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
		if (n < max)
			out[n] =
			    (struct json_member){ content(d, i), { d, i + 2 } };
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
	static const char controls[256] = {
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t',
	};
	uint32_t c;

	*n = 1;
	out[0] = *p++;
	if (out[0] != '\\')
		return p;
	out[0] = *p++;
	if (out[0] != 'u') {
		if (controls[(unsigned char)out[0]] != '\0')
			out[0] = controls[(unsigned char)out[0]];
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
	*n = utf8_put(out, c);
	return p;
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

static bool
string_is(const struct json_doc *d, uint32_t i, struct str s)
{
	const char *p = d->text + d->at[i];
	struct str written;

	/* The closing quote stands where s would end, before the next
	 * structural character. */
	if (d->at[i + 1] - d->at[i] >= s.n + 2 && p[s.n + 1] == '"' &&
	    (s.n == 0 || memcmp(p + 1, s.p, s.n) == 0))
		return !d->escapes || !json_escaped(str_make(p + 1, s.n));
	if (!d->escapes || s.n == 0 || (p[1] != s.p[0] && p[1] != '\\'))
		return false;
	written = content(d, i);
	/* An escape is longer than what it stands for. */
	return written.n > s.n && json_escaped(written) &&
	       decodes_to(written, s);
}

bool
json_name_is(const struct json_member *m, struct str name)
{
	return m->name.n >= name.n &&
	       (json_escaped(m->name) ? decodes_to(m->name, name)
				      : str_eq(m->name, name));
}

static inline bool
is_name(const struct json_doc *d, uint32_t i, struct str s, uint64_t mark)
{
	enum json_same same = json_compare(d->text + d->at[i], s, mark);

	return same == JSON_IS || (same == JSON_PERHAPS && string_is(d, i, s));
}

struct json
json_get_marked(struct json v, struct str name, uint64_t mark)
{
	const struct json_doc *d = v.doc;
	struct json found = JSON_ABSENT;

	if (json_type(v) != JSON_OBJECT || d->skip[v.at] == v.at + 1)
		return found;
	for (uint32_t i = v.at + 1;; i++) {
		if (is_name(d, i, name, mark))
			found = (struct json){ d, i + 2 };
		i = behind(d, i + 2);
		if (d->text[d->at[i]] != ',')
			return found;
	}
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

static inline bool
has_escapes(struct str written)
{
	return written.n <= SHORT_TEXT
		   ? json_escaped(written)
		   : memchr(written.p, '\\', written.n) != NULL;
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
	if (!v.doc->escapes || !has_escapes(written))
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
json_decodes_to(struct json v, struct str s)
{
	return json_type(v) == JSON_STRING && string_is(v.doc, v.at, s);
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

	if (json_type(v) != JSON_NUMBER || raw.p == NULL)
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
