/*
 * Relative references (RFC 3986, 5.2).
 */
#include "core/text/ascii.h"
#include "source/feed/feed.h"

/* The scheme with its colon; 0 for none. */
static size_t
scheme(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':')
			return i == 0 ? 0 : i + 1;
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "+-."))
			return 0;
	}
	return 0;
}

/* Scheme and authority: "http://a.example". */
static size_t
authority(struct str s)
{
	size_t n = scheme(s);

	if (n == 0 || !str_starts(str_sub(s, n, s.n), STR("//")))
		return n;
	for (n += 2; n < s.n && !ascii_is_in(s.p[n], "/?#");)
		n++;
	return n;
}

/* A path without "." and ".." (5.2.4), in place of out. */
static size_t
without_dots(struct str path, char *out)
{
	size_t n = 0;

	for (struct str rest = path; rest.n > 0;) {
		size_t end = 1;
		struct str part;

		while (end < rest.n && rest.p[end] != '/')
			end++;
		part = str_sub(rest, 0, end);
		rest = str_sub(rest, end, rest.n);
		if (str_is(part, "/.") || str_is(part, "/..")) {
			while (part.n == 3 && n > 0 && out[--n] != '/')
				;
			if (rest.n == 0)
				out[n++] = '/';
			continue;
		}
		memcpy(out + n, part.p, part.n);
		n += part.n;
	}
	return n;
}

static struct str
cut_at(struct str s, const char *marks)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_in(s.p[n], marks))
		n++;
	return str_sub(s, 0, n);
}

struct str
feed_url(struct str base, struct str ref, struct arena *a)
{
	size_t host = authority(base);
	struct str path, tail, whole;
	char *out;

	ref = str_trim(ref);
	if (scheme(ref) > 0 || scheme(base) == 0)
		return ref;
	if (ref.n == 0)
		return base;
	if (str_starts(ref, STR("//")))
		return ARENA_JOIN(a, str_sub(base, 0, scheme(base)), ref);
	if (ref.p[0] == '#')
		return ARENA_JOIN(a, cut_at(base, "#"), ref);
	if (ref.p[0] == '?')
		return ARENA_JOIN(a, cut_at(base, "?#"), ref);
	path = cut_at(str_sub(base, host, base.n), "?#");
	path = str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
	tail = str_sub(ref, cut_at(ref, "?#").n, ref.n);
	ref = cut_at(ref, "?#");
	whole = ref.n > 0 && ref.p[0] == '/'
		    ? ref
		    : ARENA_JOIN(a, path.n == 0 ? STR("/") : path, ref);
	out = arena_alloc(a, whole.n + 2);
	whole = str_make(out, without_dots(whole, out));
	return ARENA_JOIN(a, str_sub(base, 0, host), whole, tail);
}
