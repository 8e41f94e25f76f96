#include "source/native.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/ascii.h"
#include "core/vec.h"
#include "mail/address.h"
#include "mail/date.h"
#include "source/clock/when.h"
#include "text/markup/html.h"

enum {
	NUMBER_BYTES = 40, /* of a time that is a number */
	TAG_BYTES = 24, /* of the longest name of a tag */
};

struct str
native_value(struct normalize *n, struct json v)
{
	struct str s = json_type(v) == JSON_NUMBER
			   ? json_raw(v)
			   : str_trim(json_str(v, &n->message.arena));

	return s.n == 0 ? STR_NONE : s;
}

struct str
native_text(struct normalize *n, struct json from, const char *name)
{
	return native_value(n, json_get(from, name));
}

struct str
native_any(struct normalize *n, struct json from, const char *const *names)
{
	struct str s = STR_NONE;

	for (; *names != NULL && s.p == NULL; names++)
		s = native_text(n, from, *names);
	return s;
}

struct json
native_at(struct json from, const char *path)
{
	struct str rest = str_of(path);
	char name[64];

	while (rest.p != NULL && rest.n > 0) {
		struct str part = str_split(&rest, '/');

		if (part.n >= sizeof(name))
			return JSON_ABSENT;
		memcpy(name, part.p, part.n);
		name[part.n] = '\0';
		from = json_get(from, name);
	}
	return from;
}

/* Digits with at most one point. */
static bool
is_number(struct str s)
{
	size_t points = 0;

	for (size_t i = 0; i < s.n; i++) {
		points += s.p[i] == '.';
		if (s.p[i] != '.' && !ascii_is_digit(s.p[i]) &&
		    !(i == 0 && s.p[i] == '-'))
			return false;
	}
	return s.n > 0 && points <= 1;
}

/* In seconds, or in what a time of our days would be: 1e11 seconds are the year
 * 5138, as many milliseconds 1973. */
static int
from_number(struct str s, int64_t *out)
{
	char text[NUMBER_BYTES];
	ptrdiff_t point = str_chr(s, '.');
	int64_t whole, part = 0;
	int64_t unit = TIME_SECOND;

	if (s.n >= sizeof(text))
		return -1;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	whole = strtoll(text, NULL, 10);
	for (int64_t limit = INT64_C(100000000000);
	     unit > 1 && llabs(whole) >= limit; limit *= 1000)
		unit /= 1000;
	if (unit == 1 && llabs(whole) >= INT64_C(100000000000000000))
		whole /= 1000;
	if (point >= 0 && unit == TIME_SECOND)
		for (size_t i = (size_t)point + 1, d = 100000; i < s.n && d > 0;
		     i++, d /= 10)
			part += (s.p[i] - '0') * (int64_t)d;
	*out = whole * unit + (s.p[0] == '-' ? -part : part);
	return 0;
}

int
native_time_text(struct normalize *n, struct str s, int64_t *out)
{
	s = str_trim(s);
	if (s.n == 0)
		return -1;
	if (is_number(s))
		return from_number(s, out);
	if (when_parse(n->clock, s, out) == 0)
		return 0;
	return mailtime_parse_day(s, out);
}

/* A day, a blank or "T", and a clock with nothing behind it. */
static bool
lacks_zone(struct str s)
{
	if (s.n < 16 || s.p[4] != '-' || (s.p[10] != ' ' && s.p[10] != 'T'))
		return false;
	for (size_t i = 11; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return false;
	return true;
}

int
native_time_utc(struct normalize *n, struct str s, int64_t *out)
{
	if (lacks_zone(s))
		s = ARENA_JOIN(&n->message.arena, str_sub(s, 0, 10), STR("T"),
		    str_sub(s, 11, s.n), STR("Z"));
	return native_time_text(n, s, out);
}

int
native_time(struct normalize *n, struct json v, int64_t *out)
{
	return native_time_text(n, native_value(n, v), out);
}

/* Has it a tag, or a character by its name? */
static bool
has_markup(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		size_t end = i + 1;

		if (s.p[i] == '&' && s.p[i + 1] != ' ' &&
		    str_chr(str_sub(s, i, TAG_BYTES), ';') > 1)
			return true;
		if (s.p[i] != '<')
			continue;
		end += s.p[end] == '/' || s.p[end] == '!';
		if (end < s.n &&
		    (ascii_is_alnum(s.p[end]) || s.p[end] == '-') &&
		    str_chr(str_sub(s, end, s.n), '>') >= 0)
			return true;
	}
	return false;
}

int
native_html(
    struct normalize *n, struct str html, struct str *out, struct err *e)
{
	struct buf text;
	int rc = 0;

	*out = html;
	if (!has_markup(html))
		return 0;
	buf_init(&text, NORMALIZE_SCRATCH);
	rc = html_to_text(html, &text, e);
	if (rc == 0)
		*out = arena_dup(&n->message.arena, str_trim(buf_str(&text)));
	buf_release(&text);
	return rc;
}

/* No address, and no id, has a control character in it. */
static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_control(s.p[i]))
			return true;
	return false;
}

struct str
native_uri(struct normalize *n, const char *scheme, struct str id)
{
	return id.n == 0 || has_control(id) ? STR_NONE
					    : ARENA_JOIN(&n->message.arena,
						  str_of(scheme), STR(":"), id);
}

void
native_email(struct normalize *n, struct address *a, struct str raw)
{
	struct address_list list = { 0 };

	if (raw.n == 0)
		return;
	mailaddr_read(raw, &n->message.arena, &list);
	if (list.n == 0 || list.v[0].email.p == NULL ||
	    has_control(list.v[0].email))
		return;
	a->email = list.v[0].email;
	if (a->name.p == NULL)
		a->name = list.v[0].name;
}

struct writer *
native_data(struct normalize *n)
{
	buf_reset(&n->scratch);
	write_init(&n->data, &n->scratch);
	write_object(&n->data);
	return &n->data;
}

int
native_data_end(struct normalize *n, struct err *e)
{
	write_object_end(&n->data);
	if (n->scratch.over)
		return err_set(
		    e, "an item of more than %zu bytes", NORMALIZE_SCRATCH);
	if (n->scratch.n > 2)
		n->message.data = buf_str(&n->scratch);
	return 0;
}

void
native_data_raw(struct writer *w, const char *name, struct json v)
{
	struct str raw = json_raw(v);

	if (json_type(v) != JSON_NONE && json_type(v) != JSON_NULL &&
	    !str_is(raw, "\"\"") && !str_is(raw, "[]") && !str_is(raw, "{}"))
		write_member_raw(w, name, raw);
}

struct json
native_beside(const struct normalize *n, const char *name)
{
	return json_get(json_get(n->root, "beside"), name);
}

enum stage_result
native_emit(struct normalize *n, struct err *e)
{
	return message_emit(&n->message, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

enum stage_result
native_reject(struct err *e, const char *why)
{
	err_set(e, "%s", why);
	return STAGE_REJECT;
}

enum stage_result
native_part(struct normalize *n, enum stage_result is, const char *name,
    size_t number, struct json part, struct err *e)
{
	struct json source = json_get(n->root, "source");
	struct arena *a = &n->message.arena;
	char mark[STR_COUNT];
	struct str at, which;

	if (is != STAGE_REJECT)
		return is;
	at = json_str(json_get(source, "at"), a);
	which = number == 0 ? STR("") : str_count(mark, '#', number);
	at = ARENA_JOIN(a, at, STR("/"), str_of(name), which);
	return sink_reject(n->sink, json_str(json_get(source, "file"), a), at,
		   e->msg, json_raw(part), e) < 0
		   ? STAGE_FATAL
		   : STAGE_OK;
}

/* What an item says, in one order and spelling. */

struct named {
	struct str name;
	struct json value;
};

static int
by_name(const void *a, const void *b)
{
	return str_cmp(
	    ((const struct named *)a)->name, ((const struct named *)b)->name);
}

static void write_content(struct writer *w, struct json v, struct arena *a);

static void
write_members(struct writer *w, struct json v, struct arena *a)
{
	struct VEC(struct named) all = { 0 };
	struct json_iter it = json_each(v);
	struct json key, one;

	while (json_next(&it, &key, &one))
		if (json_type(one) != JSON_NULL)
			vec_add_in(
			    a, &all, (struct named){ json_str(key, a), one });
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(all.v[0]), by_name);
	write_object(w);
	for (size_t i = 0; i < all.n; i++) {
		write_key_str(w, all.v[i].name);
		write_content(w, all.v[i].value, a);
	}
	write_object_end(w);
}

static void
write_content(struct writer *w, struct json v, struct arena *a)
{
	struct json_iter it = json_each(v);
	struct json one;

	switch (json_type(v)) {
	case JSON_OBJECT:
		write_members(w, v, a);
		return;
	case JSON_LIST:
		write_list(w);
		while (json_next(&it, NULL, &one))
			write_content(w, one, a);
		write_list_end(w);
		return;
	case JSON_STRING:
		write_str(w, json_str(v, a));
		return;
	default:
		write_raw(w, json_raw(v));
	}
}

struct str
native_content(struct normalize *n, struct json v)
{
	struct arena a = { 0 };
	struct writer w;
	struct buf out;
	struct str s;

	buf_init(&out, NORMALIZE_SCRATCH);
	write_init(&w, &out);
	write_content(&w, v, &a);
	s = out.over ? json_raw(v)
		     : arena_dup(&n->message.arena, buf_str(&out));
	buf_release(&out);
	arena_release(&a);
	return s;
}
