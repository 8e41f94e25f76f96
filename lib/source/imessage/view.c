#include "source/imessage/view.h"

#include "record/native.h"

/* Seconds from 1970 to 2001; what is more than this many of them are
 * nanoseconds. */
#define APPLE_EPOCH 978307200
#define NANOSECONDS 1e11

struct str
imessage_text(struct imessage_view *v, const char *column)
{
	return native_text(v->n, v->row, column);
}

int64_t
imessage_int(struct imessage_view *v, const char *column)
{
	int64_t i;

	return json_int(json_get(v->row, column), &i) == 0 ? i : 0;
}

int64_t
imessage_instant(double since)
{
	if (since == 0 || !(since > -NANOSECONDS && since < 9e18))
		return TIME_NONE;
	if (since > NANOSECONDS)
		since /= 1e9;
	return (int64_t)(since * 1e6) + APPLE_EPOCH * TIME_SECOND;
}

int64_t
imessage_time(struct imessage_view *v, const char *column)
{
	struct json at = json_get(v->row, column);
	int64_t i;
	double d;

	/* A double has not all digits of nanoseconds. */
	if (json_int(at, &i) == 0 && i > (int64_t)NANOSECONDS)
		return i / 1000 + APPLE_EPOCH * TIME_SECOND;
	return json_real(at, &d) == 0 ? imessage_instant(d) : TIME_NONE;
}

struct str
imessage_blob(struct imessage_view *v, const char *column)
{
	struct json at = json_get(v->row, column);
	struct str bytes;
	struct err e;

	return json_type(at) == JSON_OBJECT &&
		       native_bytes(at, &v->m->arena, &bytes, &e) == 0
		   ? bytes
		   : STR_NONE;
}

struct str
imessage_clean(struct imessage_view *v, struct str s)
{
	static const char mark[] = "\xef\xbf\xbc";
	struct str m = STR("\xef\xbf\xbc");
	size_t n = 0;
	char *to;

	if (s.n == 0)
		return STR_NONE;
	if (str_find(s, m) >= 0) {
		to = arena_alloc(&v->m->arena, s.n);
		for (size_t i = 0; i < s.n; i++)
			if (s.n - i >= m.n && memcmp(s.p + i, mark, m.n) == 0)
				i += m.n - 1;
			else
				to[n++] = s.p[i];
		s = str_make(to, n);
	}
	s = str_trim(s);
	return s.n == 0 ? STR_NONE : s;
}
