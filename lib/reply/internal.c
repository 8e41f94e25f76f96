#include "reply/internal.h"

#include "core/arena.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "json/write.h"
#include "text/unicode.h"

/* What is done with a value. */
struct hiding {
	bool all; /* internal words are shown */
	struct arena *a;
};

static bool
is_private(struct json keywords)
{
	struct json_iter it = json_each(keywords);
	struct json word;

	while (json_next(&it, NULL, &word))
		if (json_is(word, "private"))
			return true;
	return false;
}

static bool
stays_here(const struct hiding *h, struct json key, struct json v)
{
	if (h->all)
		return false;
	return json_is(key, "note") ||
	       (json_type(v) == JSON_OBJECT &&
		   (json_is(json_get(v, "direction"), "internal") ||
		       is_private(json_get(v, "keywords"))));
}

/* Strangers' words that are shown on one line, and are not: as such, else
 * absent. */
static struct str
on_one_line(const struct hiding *h, struct json key, struct json v)
{
	struct str s, line;

	if (json_type(v) != JSON_STRING ||
	    !(json_is(key, "name") || json_is(key, "subject")))
		return STR_NONE;
	s = json_raw(v);
	if (!json_escaped(s) && str_is_ascii(s))
		return STR_NONE;
	s = json_str(v, h->a);
	line = utf8_one_line(s, h->a);
	return line.p == s.p && line.n == s.n ? STR_NONE : line;
}

/* Is it a member by which its object stays here, or that does not stay as it is?
 * Most are told by a letter; what is written as a code may be any. */
static bool
tells(const struct hiding *h, struct json key, struct json v, bool inner)
{
	inner &= !h->all;

	switch (json_initial(key)) {
	case 'n':
	case 's':
		return (!h->all && json_is(key, "note")) ||
		       on_one_line(h, key, v).p != NULL;
	case 'd':
		return inner && json_is(key, "direction") &&
		       json_is(v, "internal");
	case 'k':
		return inner && json_is(key, "keywords") && is_private(v);
	default:
		return json_escaped(json_raw(key));
	}
}

/* May it have any of that, or is it nested too deep?  Each member is looked at
 * once. */
static bool
may_hide(const struct hiding *h, struct json v)
{
	struct json_walk w = json_walk(v);
	struct json key, item;

	while (json_walk_next(&w, &key, &item))
		if (tells(h, key, item, w.depth > 1))
			return true;
	return w.deepest > WRITE_DEPTH;
}

static bool
hide(const struct hiding *h, struct json v, struct writer *w, int depth)
{
	struct json_iter it = json_each(v);
	bool object = json_type(v) == JSON_OBJECT, hidden = false;
	struct json key = JSON_ABSENT, item;
	struct str line;

	if (!object && json_type(v) != JSON_LIST) {
		write_raw(w, json_raw(v));
		return false;
	}
	/* Nobody looked into it. */
	if (depth >= WRITE_DEPTH) {
		write_raw(w, STR("null"));
		return true;
	}
	if (object)
		write_object(w);
	else
		write_list(w);
	while (json_next(&it, object ? &key : NULL, &item)) {
		if (stays_here(h, key, item)) {
			hidden = true;
			continue;
		}
		if (object)
			write_key_str(w, json_str(key, h->a));
		line = on_one_line(h, key, item);
		if (line.p != NULL)
			write_str(w, line);
		hidden |= line.p != NULL || hide(h, item, w, depth + 1);
	}
	if (object)
		write_object_end(w);
	else
		write_list_end(w);
	return hidden;
}

bool
internal_hide(struct json v, bool all, struct buf *out)
{
	struct arena a = { 0 };
	struct hiding h = { all, &a };
	struct writer w;
	size_t n = out->n;
	bool hidden = false;

	/* Few have. */
	if (may_hide(&h, v)) {
		write_init(&w, out);
		hidden = hide(&h, v, &w, 0);
	}
	if (!hidden)
		out->n = n;
	arena_release(&a);
	return hidden;
}

/* Folded, runs of white space one blank. */
static struct str
folded(struct str s, struct arena *a)
{
	struct str f = unicode_fold(s, a);
	char *out = arena_alloc(a, f.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < f.n; i++) {
		if ((unsigned char)f.p[i] > ' ')
			out[n++] = f.p[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return str_trim(str_make(out, n));
}

/* Where a sentence ends: at these before a blank, at those of scripts that put
 * none behind them (Han, kana, Devanagari), and of Arabic. */
static size_t
end_mark(struct str s)
{
	static const char *const marks[] = { "\u3002", "\uff01", "\uff1f",
		"\uff61", "\u0964", "\u061f", "\u06d4" };

	if (*s.p == '\n')
		return 1;
	if (ascii_is_in(*s.p, ".!?"))
		return s.n == 1 || (unsigned char)s.p[1] <= ' ';
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_starts(s, str_of(marks[i])))
			return strlen(marks[i]);
	return 0;
}

/* Up to the end of a sentence or line, taken off the rest. */
static struct str
sentence(struct str *rest)
{
	size_t n = 0, mark = 0;
	struct str s;

	while (
	    n < rest->n && (mark = end_mark(str_sub(*rest, n, rest->n))) == 0)
		n++;
	s = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n + mark, rest->n);
	return s;
}

/* As a part of it, not of its words. */
static bool
stands_in(struct str all, struct str part)
{
	bool first = unicode_in_word(utf8_first(part));
	bool last = unicode_in_word(utf8_last(part));

	for (size_t from = 0;;) {
		struct str rest = str_sub(all, from, all.n);
		ptrdiff_t at = str_find(rest, part);
		size_t begin = from + (size_t)at;

		if (at < 0)
			return false;
		if (!(first &&
			unicode_in_word(utf8_last(str_sub(all, 0, begin)))) &&
		    !(last && unicode_in_word(utf8_first(
				  str_sub(all, begin + part.n, all.n)))))
			return true;
		from = begin + 1;
	}
}

bool
internal_quotes(struct str words, struct str note)
{
	struct arena a = { 0 };
	struct str all = folded(words, &a);
	bool found = false;

	while (!found && note.n > 0) {
		struct str part = folded(sentence(&note), &a);

		found =
		    unicode_words(part) >= QUOTE_WORDS && stands_in(all, part);
	}
	arena_release(&a);
	return found;
}
