#include "text/markup/xmlattrs.h"

/* A count that compilers turn into vectors. */
static size_t
count_quotes(struct str s)
{
	size_t n = 0;

	while (s.n > 0) {
		size_t step = s.n < 255 ? s.n : 255;
		unsigned char part = 0;

		for (size_t i = 0; i < step; i++)
			part += (s.p[i] == '"') | (s.p[i] == '\'');
		n += part;
		s = str_sub(s, step, s.n);
	}
	return n;
}

static bool
is_plain(struct str s)
{
	return str_find(s, STR("<!")) < 0 && str_find(s, STR("<?")) < 0 &&
	       str_find(s, STR("-->")) < 0 && str_find(s, STR("]]>")) < 0;
}

/* Attributes of the tag whose "<" is at *at, which moves to its ">"; SIZE_MAX
 * where it has no end. */
static size_t
tag_attrs(struct str s, size_t *at)
{
	size_t n = 0, i = *at + 1;

	for (; i < s.n && s.p[i] != '>'; i++)
		if (s.p[i] == '"' || s.p[i] == '\'') {
			const char *from = s.p + i + 1;
			const char *to = memchr(from, s.p[i], s.n - i - 1);

			if (to == NULL)
				return SIZE_MAX;
			i = (size_t)(to - s.p);
			n++;
		}
	*at = i;
	return i == s.n ? SIZE_MAX : n;
}

bool
xml_attrs_within(struct str s, size_t max)
{
	size_t quotes;
	bool sure;

	/* One takes four bytes: a="". */
	if (s.n / 4 <= max)
		return true;
	quotes = count_quotes(s);
	if (quotes <= 2 * max)
		return true;
	sure = is_plain(s);
	for (size_t at = 0; sure && at < s.n; at++) {
		const char *open = memchr(s.p + at, '<', s.n - at);
		size_t n;

		if (open == NULL)
			break;
		at = (size_t)(open - s.p);
		n = tag_attrs(s, &at);
		sure = n != SIZE_MAX;
		if (sure && n > max)
			return false;
	}
	return sure || quotes <= 16 * max;
}
