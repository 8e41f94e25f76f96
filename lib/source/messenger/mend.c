/*
 * Meta's exports write each byte of UTF-8 as a character of its own.  That is
 * taken back where it is proved: all characters are bytes, and the bytes are
 * well-formed.
 */
#include "core/text/utf8.h"
#include "source/messenger/messenger.h"

/* U+0080..U+00FF begin with these two bytes. */
static bool
is_upper_byte(struct str s, size_t i)
{
	return (s.p[i] == '\xc2' || s.p[i] == '\xc3') && i + 1 < s.n &&
	       utf8_goes_on(s.p[i + 1]);
}

struct str
messenger_mend(struct str s, struct arena *a)
{
	size_t i = 0, n;
	char *out;

	while (i < s.n && (signed char)s.p[i] >= 0)
		i++;
	if (i == s.n)
		return s;
	n = i;
	out = arena_alloc(a, s.n);
	memcpy(out, s.p, n);
	while (i < s.n) {
		if ((signed char)s.p[i] >= 0) {
			out[n++] = s.p[i++];
			continue;
		}
		if (!is_upper_byte(s, i))
			return s;
		out[n++] = (char)((s.p[i] == '\xc3' ? 0xc0 : 0x80) |
				  (s.p[i + 1] & 0x3f));
		i += 2;
	}
	return utf8_is_valid(str_make(out, n)) ? str_make(out, n) : s;
}
