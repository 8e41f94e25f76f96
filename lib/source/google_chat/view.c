/*
 * Members by either name, dates in people's languages, and who somebody is.
 */
#include "core/text/ascii.h"
#include "source/google_chat/google_chat.h"
#include "source/mail/author/forwarddate.h"

enum { DATE_BYTES = 160 };

struct json
google_get(
    const struct google_view *v, const char *exported, const char *answered)
{
	return json_get(v->native, v->api ? answered : exported);
}

/* "11時59分50秒", "11시 59분 50초": signs of a clock, which a colon is, too. */
static struct str
with_colons(struct google_view *v, struct str s)
{
	static const char *const signs[] = { "時", "时", "分", "시", "분" };
	char *out = arena_alloc(&v->m->arena, s.n + 1);
	size_t n = 0;

	if (str_is_ascii(s))
		return s;
	for (size_t i = 0; i < s.n;) {
		struct str rest = str_sub(s, i, 3);
		size_t k = 0;

		while (k < 5 && !str_is(rest, signs[k]))
			k++;
		if (k == 5) {
			out[n++] = s.p[i++];
			continue;
		}
		for (i += 3; i < s.n && s.p[i] == ' ';)
			i++;
		out[n++] = i < s.n && ascii_is_digit(s.p[i]) ? ':' : ' ';
	}
	return str_make(out, n);
}

/* "2 tháng 3, 2026": as figures with points, the day first. */
static struct str
with_points(struct google_view *v, struct str s)
{
	static const char month[] = " tháng ";
	ptrdiff_t at = str_find(s, str_of(month));

	return at < 0 ? s
		      : ARENA_JOIN(&v->m->arena, str_sub(s, 0, (size_t)at),
			    STR("."),
			    str_sub(s, (size_t)at + sizeof(month) - 1, s.n));
}

int
google_time(struct google_view *v, struct json value, int64_t *out)
{
	struct str s = native_value(v->n, value);
	struct civil when;

	if (s.n == 0)
		return -1;
	if (ascii_is_digit(s.p[0]) && native_time_text(v->n, s, out) == 0)
		return 0;
	s = str_sub(s, 0, DATE_BYTES);
	if (forwarddate_parse(v->n->clock, with_points(v, with_colons(v, s)),
		&v->m->arena, out) < 0)
		return -1;
	/* The Buddhist era. */
	if (str_find(s, STR("พ.ศ.")) < 0)
		return 0;
	time_to_civil(*out, &when);
	when.year -= 543;
	return time_from_civil(&when, out);
}

bool
google_is_bot(struct google_view *v, struct json who)
{
	return str_eq_nocase(native_text(v->n, who, "user_type"), STR("bot")) ||
	       str_eq_nocase(native_text(v->n, who, "type"), STR("bot"));
}

struct address
google_person(struct google_view *v, struct json who)
{
	struct str id = native_text(v->n, who, "name");
	struct address a = { 0 };

	if (str_starts(id, STR("users/"))) {
		a.uri = native_uri(v->n, "chat", id);
		a.name = native_text(v->n, who, "displayName");
	} else {
		a.name = id;
	}
	native_email(v->n, &a, native_text(v->n, who, "email"));
	return a;
}
