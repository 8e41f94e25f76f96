/*
 * Texts as X stores them: "<", ">" and "&" by their names, each link shortened.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/x/x.h"

enum { LINKS = 256 }; /* of a message that are looked for in its text */

/* The characters that X writes by their names; how many bytes that is. */
static size_t
named(struct str s, char *c)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' } };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_starts(s, str_of(names[i].name))) {
			*c = names[i].c;
			return strlen(names[i].name);
		}
	return 0;
}

/* The link that s begins with: its length, and what it stands for. */
static size_t
shortened(struct normalize *n, struct str s, struct json urls, struct str *full)
{
	static const char *const names[] = { "expanded", "expanded_url", NULL };
	struct json_iter it = json_each(urls);
	struct json one;

	for (int i = 0; i < LINKS && json_next(&it, NULL, &one); i++) {
		struct str url = native_text(n, one, "url");

		if (url.n == 0 || !str_starts(s, url) ||
		    (s.n > url.n && ascii_is_alnum(s.p[url.n])))
			continue;
		*full = native_any(n, one, names);
		return full->p == NULL ? 0 : url.n;
	}
	return 0;
}

static bool
is_attached(struct str url)
{
	return str_find(url, STR("/messages/media/")) > 0;
}

struct str
x_text(struct normalize *n, struct str text, struct json urls)
{
	struct buf out;
	struct str s = text;
	bool linked = json_count(urls) > 0;

	if (!linked && str_chr(text, '&') < 0)
		return text;
	buf_init(&out, NORMALIZE_SCRATCH);
	while (s.n > 0) {
		struct str full = STR_NONE;
		char c = s.p[0];
		size_t used = c == '&' ? named(s, &c) : 0;

		if (linked && c == 'h')
			used = shortened(n, s, urls, &full);
		if (full.p == NULL)
			buf_add_char(&out, c);
		else if (!is_attached(full))
			buf_add_str(&out, full);
		s = str_sub(s, used > 0 ? used : 1, s.n);
	}
	text = arena_dup(&n->message.arena, str_trim(buf_str(&out)));
	buf_release(&out);
	return text.n > 0 ? text : STR_NONE;
}
