#include "reply/internal.h"

#include "core/arena.h"
#include "json/write.h"
#include "text/unicode.h"

static bool
stays_here(struct json v)
{
	struct json_iter it = json_each(json_get(v, "keywords"));
	struct json word;

	if (json_type(v) != JSON_OBJECT)
		return false;
	if (json_is(json_get(v, "direction"), "internal"))
		return true;
	while (json_next(&it, NULL, &word))
		if (json_is(word, "private"))
			return true;
	return false;
}

static bool
hide(struct json v, struct writer *w, struct arena *a, int depth)
{
	struct json_iter it = json_each(v);
	bool object = json_type(v) == JSON_OBJECT, hidden = false;
	struct json key, item;

	if (depth > 8 || (!object && json_type(v) != JSON_LIST)) {
		write_raw(w, json_raw(v));
		return false;
	}
	if (object)
		write_object(w);
	else
		write_list(w);
	while (json_next(&it, object ? &key : NULL, &item)) {
		if ((object && json_is(key, "note")) || stays_here(item)) {
			hidden = true;
			continue;
		}
		if (object)
			write_key_str(w, json_str(key, a));
		hidden |= hide(item, w, a, depth + 1);
	}
	if (object)
		write_object_end(w);
	else
		write_list_end(w);
	return hidden;
}

bool
internal_hide(struct json v, struct buf *out)
{
	struct arena a = { 0 };
	struct writer w;
	bool hidden;

	write_init(&w, out);
	hidden = hide(v, &w, &a, 0);
	arena_release(&a);
	return hidden;
}

/* Folded, runs of white space one blank; *words: how many there are. */
static struct str
folded(struct str s, struct arena *a, size_t *words)
{
	struct str f = unicode_fold(s, a);
	char *out = arena_alloc(a, f.n + 1);
	size_t n = 0;

	*words = 0;
	for (size_t i = 0; i < f.n; i++) {
		bool blank = (unsigned char)f.p[i] <= ' ';

		if (!blank && (n == 0 || out[n - 1] == ' '))
			++*words;
		if (!blank)
			out[n++] = f.p[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return str_trim(str_make(out, n));
}

/* Up to the end of a sentence or line, taken off the rest. */
static struct str
sentence(struct str *rest)
{
	size_t n = 0;
	struct str s;

	while (n < rest->n && rest->p[n] != '\n' &&
	       !(n + 1 < rest->n && rest->p[n + 1] == ' ' &&
		   strchr(".!?", rest->p[n]) != NULL))
		n++;
	s = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n < rest->n ? n + 1 : n, rest->n);
	return s;
}

bool
internal_quotes(struct str words, struct str note)
{
	struct arena a = { 0 };
	size_t count, own;
	struct str all = folded(words, &a, &own), whole, part;
	bool found;

	whole = folded(note, &a, &count);
	found = whole.n >= 8 && str_find(all, whole) >= 0;
	while (!found && note.n > 0) {
		part = folded(sentence(&note), &a, &count);
		found = (count >= 3 || part.n >= 24) && part.n >= 12 &&
			str_find(all, part) >= 0;
	}
	arena_release(&a);
	return found;
}
