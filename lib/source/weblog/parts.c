/*
 * What all forms of access logs have in common: times, requests, addresses,
 * escapes, and the names of what a line says.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/native.h"
#include "source/weblog/weblog.h"
#include "text/unicode.h"

#define MEANS(SECTION, n) WEBLOG_##SECTION
#include "source/weblog/words/members.h"

enum {
	NAME_BYTES = 80, /* of a member with those that it stands in */
	METHOD_BYTES = 32,
	IP_BYTES = 48,
};

enum weblog_member
weblog_member(struct str name, struct arena *a)
{
	char plain[NAME_BYTES];
	uint64_t means;
	size_t n = 0;

	(void)a;
	if (name.n > sizeof(plain))
		return WEBLOG_MEMBERS;
	for (size_t i = 0; i < name.n; i++)
		if (ascii_is_letter(name.p[i]))
			plain[n++] = (char)(name.p[i] | 0x20);
	means = wordlist_means(&words_members, str_make(plain, n));
	return means == 0 ? WEBLOG_MEMBERS
			  : (enum weblog_member)__builtin_ctzll(means);
}

void
weblog_set(struct weblog *v, enum weblog_member m, struct str s)
{
	s = str_trim(s);
	if (m < WEBLOG_MEMBERS && v->part[m].p == NULL && s.n > 0 &&
	    !str_is(s, "-"))
		v->part[m] = s;
}

static int
two(struct str s, size_t i)
{
	return ascii_is_digit(s.p[i]) && ascii_is_digit(s.p[i + 1])
		   ? (s.p[i] - '0') * 10 + s.p[i + 1] - '0'
		   : -1;
}

/* "10/Oct/2000:13:55:36", and what stands behind it. */
static bool
ncsa(struct str s, struct civil *c, struct str *rest)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (s.n < 20 || s.p[2] != '/' || s.p[6] != '/' || s.p[11] != ':' ||
	    s.p[14] != ':' || s.p[17] != ':' || two(s, 7) < 0 || two(s, 9) < 0)
		return false;
	*c = (struct civil){ .year = two(s, 7) * 100 + two(s, 9),
		.day = two(s, 0),
		.hour = two(s, 12),
		.minute = two(s, 15),
		.second = two(s, 18) };
	for (int m = 0; m < 12; m++)
		if (memcmp(months + 3 * (size_t)m, s.p + 3, 3) == 0)
			c->month = m + 1;
	*rest = str_sub(s, 20, s.n);
	return c->month > 0 && c->day > 0 && c->hour >= 0 && c->minute >= 0 &&
	       c->second >= 0;
}

bool
weblog_is_stamp(struct str s)
{
	struct civil c;
	struct str rest;

	return s.n > 1 && s.p[0] == '[' &&
	       ncsa(str_sub(s, 1, s.n), &c, &rest) && rest.n > 0 &&
	       ascii_is_in(rest.p[0], " ].,");
}

/* " -0700", with a fraction of a second before it. */
static int
offset_of(struct str s, struct civil *c, int64_t *out)
{
	int unit = 100000, hours, minutes;

	if (s.n > 0 && (s.p[0] == '.' || s.p[0] == ','))
		for (s = str_sub(s, 1, s.n); s.n > 0 && ascii_is_digit(s.p[0]);
		     s = str_sub(s, 1, s.n), unit /= 10)
			c->usec += (s.p[0] - '0') * unit;
	s = str_trim(s);
	if (s.n == 6 && s.p[3] == ':')
		hours = two(s, 1), minutes = two(s, 4);
	else if (s.n == 5)
		hours = two(s, 1), minutes = two(s, 3);
	else
		return -1;
	if ((s.p[0] != '+' && s.p[0] != '-') || hours < 0 || minutes < 0)
		return -1;
	*out = (hours * 60 + minutes) * TIME_MINUTE;
	if (s.p[0] == '-')
		*out = -*out;
	return 0;
}

int
weblog_time(struct normalize *n, struct str s, int64_t *out)
{
	struct civil c;
	struct str rest;
	int64_t offset, t;

	if (!ncsa(s, &c, &rest))
		return native_time_text(n, s, out);
	if (c.day > 31 || c.hour > 23 || c.minute > 59 || c.second > 60)
		return -1;
	if (offset_of(rest, &c, &offset) == 0) {
		if (c.second == 60)
			c.second = 59;
		if (time_from_civil(&c, &t) < 0)
			return -1;
		*out = t - offset;
		return 0;
	}
	*out = local_instant(n->clock, &c);
	return *out == TIME_NONE ? -1 : 0;
}

static bool
is_method(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_upper(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n > 1 && s.n < METHOD_BYTES;
}

/* What is none ("\x16\x03\x01") stays whole. */
void
weblog_request(struct weblog *v, struct str s)
{
	ptrdiff_t space, last;
	struct str url;

	s = str_trim(s);
	space = str_chr(s, ' ');
	if (space < 0 || !is_method(str_sub(s, 0, (size_t)space))) {
		weblog_set(v,
		    s.n > 0 && s.p[0] == '/' ? WEBLOG_URL : WEBLOG_REQUEST, s);
		return;
	}
	weblog_set(v, WEBLOG_METHOD, str_sub(s, 0, (size_t)space));
	url = str_trim(str_sub(s, (size_t)space, s.n));
	last = str_rchr(url, ' ');
	if (last > 0 &&
	    str_starts(str_sub(url, (size_t)last + 1, url.n), STR("HTTP/")))
		url = str_sub(url, 0, (size_t)last);
	weblog_set(v, WEBLOG_URL, url);
}

struct str
weblog_ip(struct str s)
{
	size_t dots = 0, colons = 0, n = s.n;

	if (s.n > 2 && s.p[0] == '[') {
		ptrdiff_t end = str_chr(s, ']');

		return end < 0 ? STR_NONE
			       : weblog_ip(str_sub(s, 1, (size_t)end - 1));
	}
	for (size_t i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		colons += s.p[i] == ':';
		if (s.p[i] == '%' && colons > 1) {
			n = i;
			break;
		}
		if (ascii_hex(s.p[i]) < 0 && s.p[i] != '.' && s.p[i] != ':')
			return STR_NONE;
	}
	/* A clock has two colons, too. */
	if (n > IP_BYTES || (colons < 2 && dots != 3) ||
	    (colons > 1 && colons != 7 && str_find(s, STR("::")) < 0))
		return STR_NONE;
	if (colons == 1)
		n = (size_t)str_chr(s, ':');
	return str_sub(s, 0, n);
}

static int
escape_of(struct str s, size_t i, char *out)
{
	static const char names[] = "nrtbvf0", bytes[] = "\n\r\t\b\v\f";
	const char *at;

	if (s.p[i] == 'x' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 &&
	    ascii_hex(s.p[i + 2]) >= 0) {
		*out =
		    (char)(ascii_hex(s.p[i + 1]) * 16 + ascii_hex(s.p[i + 2]));
		return 3;
	}
	if (s.p[i] == '"' || s.p[i] == '\\' || s.p[i] == '\'') {
		*out = s.p[i];
		return 1;
	}
	at = s.p[i] == '\0' ? NULL : strchr(names, s.p[i]);
	if (at == NULL)
		return 0;
	*out = bytes[at - names];
	return 1;
}

struct str
weblog_plain(struct weblog *v, struct str s)
{
	struct buf text;
	char *out;
	size_t n = 0;

	if (str_chr(s, '\\') < 0)
		return s;
	out = arena_alloc(v->a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		int used = s.p[i] == '\\' && i + 1 < s.n
			       ? escape_of(s, i + 1, &out[n])
			       : 0;

		if (used == 0)
			out[n] = s.p[i];
		/* What a machine sent in the place of words shows as such. */
		if (out[n] == '\0')
			out[n] = ' ';
		n++;
		i += (size_t)used;
	}
	s = str_make(out, n);
	if (utf8_is_valid(s))
		return s;
	buf_init(&text, 8 * s.n + 64);
	charset_decode(s, str_of(charset_guess(s)), &text);
	s = arena_dup(v->a, buf_str(&text));
	buf_release(&text);
	return s;
}
