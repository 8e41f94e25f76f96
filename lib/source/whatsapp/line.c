/*
 * The line that begins a message of WhatsApp, in all languages of its phones.
 * The date is three numbers, the time two or three, and what may stand
 * between and behind is a closed list: a text that only looks similar is no
 * header, and stays what its author wrote.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/clock/dayhalf.h"
#include "source/whatsapp/whatsapp.h"

enum {
	TOKEN = 64, /* bytes of a word between or behind date and time */
	SENTENCES = 80, /* bytes, of a name that is none */
};

struct cursor {
	const char *p, *end;
};

static bool
is_mark(uint32_t c)
{
	return c == 0x200e || c == 0x200f || c == 0x61c || c == 0xfeff ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool
is_blank(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || c == '\t' || c == '_';
	return c == 0xa0 || c == 0x202f || (c >= 0x2000 && c <= 0x200b) ||
	       c == 0x3000;
}

/* The character at p and its bytes; 0 at the end and where it is no UTF-8. */
static uint32_t
decode(const char *p, const char *end, size_t *n)
{
	const unsigned char *s = (const unsigned char *)p;

	*n = 0;
	if (p == end)
		return 0;
	*n = 1;
	if (s[0] < 0x80)
		return s[0];
	*n = utf8_length(str_make(p, (size_t)(end - p)));
	switch (*n) {
	case 2:
		return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
	case 3:
		return (s[0] & 0xfu) << 12 | (s[1] & 0x3fu) << 6 |
		       (s[2] & 0x3fu);
	case 4:
		return (s[0] & 7u) << 18 | (s[1] & 0x3fu) << 12 |
		       (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
	default:
		*n = 0;
		return 0;
	}
}

static uint32_t
peek_behind_marks(struct cursor *c, size_t *n)
{
	uint32_t u = decode(c->p, c->end, n);

	while (is_mark(u)) {
		c->p += *n;
		u = decode(c->p, c->end, n);
	}
	return u;
}

/* The next character that is no mark; the cursor stands on it.  Most are of
 * ASCII. */
static inline uint32_t
peek(struct cursor *c, size_t *n)
{
	if (c->p == c->end || (unsigned char)*c->p >= 0x80)
		return peek_behind_marks(c, n);
	*n = 1;
	return (unsigned char)*c->p;
}

static inline bool
take(struct cursor *c, uint32_t want)
{
	size_t n;

	if (peek(c, &n) != want || n == 0)
		return false;
	c->p += n;
	return true;
}

static inline void
blanks(struct cursor *c)
{
	size_t n;

	while (is_blank(peek(c, &n)))
		c->p += n;
}

static inline int
digit_of(uint32_t u)
{
	if (u - '0' < 10)
		return (int)(u - '0');
	return u < 0x80 ? -1 : utf8_digit(u);
}

/* A number of 1 to max digits; false where there is none or it is longer. */
static bool
number(struct cursor *c, unsigned max, int *out, unsigned char *digits)
{
	size_t n;
	int d;

	*out = 0;
	*digits = 0;
	while ((d = digit_of(peek(c, &n))) >= 0) {
		if (*digits == max)
			return false;
		*out = *out * 10 + d;
		++*digits;
		c->p += n;
	}
	return *digits > 0;
}

/* What separates a date's numbers; 0 for none. */
static char
separator(struct cursor *c)
{
	size_t n;
	uint32_t u;
	char kind = 0;

	blanks(c);
	u = peek(c, &n);
	if (u == '/' || u == '.' || u == '-')
		kind = (char)u;
	else if (u == 0x2010 || u == 0x2011 || u == 0x2013)
		kind = '-';
	else if (u == 0x2044 || u == 0xff0f)
		kind = '/';
	else if (u == 0xff0e)
		kind = '.';
	else if (u == 0x5e74 || u == 0x6708 || u == 0xb144 || u == 0xc6d4)
		kind = 'y'; /* 年 月 년 월 */
	if (kind != 0) {
		c->p += n;
		blanks(c);
	}
	return kind;
}

static bool
date(struct cursor *c, struct whatsapp_stamp *s)
{
	char second;

	if (!number(c, 4, &s->date[0], &s->digits[0]))
		return false;
	s->separator = separator(c);
	if (s->separator == 0 || !number(c, 2, &s->date[1], &s->digits[1]))
		return false;
	second = separator(c);
	if (second != s->separator || !number(c, 4, &s->date[2], &s->digits[2]))
		return false;
	if (s->separator == 'y' && !take(c, 0x65e5) && !take(c, 0xc77c))
		return false; /* 日 일 */
	return true;
}

/* Letters only, without dots, blanks and marks; ASCII in lower case. */
static bool
token(const char *from, const char *to, char out[TOKEN + 1], bool *capitals)
{
	struct cursor c = { from, to };
	size_t n, at = 0;
	uint32_t u;

	*capitals = true;
	while ((u = peek(&c, &n)) != 0 || n != 0) {
		if (u == '.' || is_blank(u)) {
			*capitals &= u != '.';
			c.p += n;
			continue;
		}
		if (at + n > TOKEN)
			return false;
		memcpy(out + at, c.p, n);
		if (n == 1 && u >= 'A' && u <= 'Z')
			out[at] = (char)(u + 32);
		else if (n == 1)
			*capitals = false;
		at += n;
		c.p += n;
	}
	out[at] = '\0';
	return c.p == c.end;
}

/* A word beside the time: which half of the day, nothing, or no header. */
static bool
word(struct whatsapp_stamp *s, const char *from, const char *to, bool before)
{
	char text[TOKEN + 1] = { 0 };
	struct dayhalf is;
	bool capitals;

	if (!token(from, to, text, &capitals))
		return false;
	is = dayhalf_of(str_of(text), before);
	if (is.half == 0 || is.half == ' ')
		return is.half == ' ';
	s->half = is.half;
	s->capitals = capitals && text[1] == 'm';
	s->year_first = is.year_first;
	return true;
}

/* From the date to the time's first digit. */
static bool
between(struct cursor *c, struct whatsapp_stamp *s)
{
	const char *from, *date_end = c->p;
	size_t n;
	uint32_t u;

	(void)take(c, '.');
	blanks(c);
	/* A word of the date itself, as in Bulgarian: 14.12.22 г., 13:34 */
	if (take(c, 0x433))
		(void)take(c, '.');
	s->comma = take(c, ',') || take(c, 0x60c) || take(c, 0x3001) ||
		   take(c, 0xff0c);
	blanks(c);
	/* WhatsApp Viewer: 01.04.2015 - 16:00:27; */
	s->dash_between = take(c, '-');
	blanks(c);
	from = c->p;
	while (utf8_digit(u = peek(c, &n)) < 0) {
		if (n == 0 || u == '\n' || c->p - from > TOKEN)
			return false;
		c->p += n;
	}
	return c->p > date_end && word(s, from, c->p, true);
}

/* "23:23", "23.23", "23h23", "23 h 23 min 45": the sign, 0 for none. */
static char
time_sign(struct cursor *c)
{
	struct cursor back = *c;

	if (take(c, '.'))
		return '.';
	if (take(c, ':') || take(c, 0xff1a) || take(c, 0x2236))
		return ':';
	blanks(c);
	if (take(c, 'h') || (take(c, 'm') && take(c, 'i') && take(c, 'n'))) {
		blanks(c);
		return 'h';
	}
	*c = back;
	return 0;
}

static bool
clock_of_day(struct cursor *c, struct whatsapp_stamp *s)
{
	struct cursor back;
	unsigned char digits;

	if (!number(c, 2, &s->hour, &digits) || s->hour > 24)
		return false;
	s->time_sign = time_sign(c);
	if (s->time_sign == 0 || !number(c, 2, &s->minute, &digits) ||
	    digits != 2 || s->minute > 59)
		return false;
	s->second = -1;
	back = *c;
	if (time_sign(c) == 0)
		return true;
	if (!number(c, 2, &s->second, &digits) || digits != 2 ||
	    s->second > 60) {
		s->second = -1;
		*c = back;
	}
	return true;
}

/* Is what stands at c a blank or the line's end? */
static bool
at_blank(struct cursor c)
{
	size_t n;
	uint32_t u = peek(&c, &n);

	return n == 0 || is_blank(u);
}

/* What may end the stamp at a character u behind `last`; 0 for none. */
static char
ender(const struct whatsapp_stamp *s, uint32_t u, uint32_t last, bool blank)
{
	if (s->bracket)
		return u == ']' ? ']' : 0;
	if ((u == '-' || u == 0x2013) && is_blank(last))
		return '-';
	return (u == ':' || u == ';') && blank ? (char)u : 0;
}

/* "]", a dash with blanks around, or a colon or semicolon with one behind. */
static bool
sign_behind(struct cursor *c, struct whatsapp_stamp *s)
{
	const char *from = c->p;
	struct cursor next;
	uint32_t u, last = 0;
	size_t n;

	for (;;) {
		u = peek(c, &n);
		if (n == 0 || c->p - from > TOKEN || u == ',')
			return false;
		next = (struct cursor){ c->p + n, c->end };
		s->end = ender(s, u, last, u >= ':' && at_blank(next));
		if (s->end != 0)
			break;
		if (u == ':')
			return false;
		last = u;
		c->p += n;
	}
	if (!word(s, from, c->p, false))
		return false;
	*c = next;
	return s->bracket || at_blank(*c);
}

/* "AM" or "p. m." behind the time, where no sign tells it from a name: other
 * words for it are names, too. */
static void
half_behind(struct cursor *c, struct whatsapp_stamp *s)
{
	static const char halves[] = "ap";
	struct cursor at = *c;
	size_t n;
	uint32_t u;

	blanks(&at);
	u = peek(&at, &n) | 0x20;
	if (u != 'a' && u != 'p')
		return;
	at.p += n;
	(void)take(&at, '.');
	blanks(&at);
	if (!take(&at, 'm') && !take(&at, 'M'))
		return;
	(void)take(&at, '.');
	if (!at_blank(at))
		return;
	s->half = halves[u == 'p'];
	*c = at;
}

/* Nothing but a blank: "02-12-18 22:55:45 Ewout: text", with a name behind. */
static bool
nothing_behind(struct cursor *c, struct whatsapp_stamp *s)
{
	struct str rest;

	s->end = ' ';
	if (s->bracket || !at_blank(*c))
		return false;
	half_behind(c, s);
	rest = str_make(c->p, (size_t)(c->end - c->p));
	return str_find(rest, STR(": ")) > 0 ||
	       str_ends(str_trim_right(rest), STR(":"));
}

/* What ends the stamp, and the blank before the name. */
static bool
finish(struct cursor *c, struct whatsapp_stamp *s)
{
	struct cursor back = *c;
	size_t n;

	if (!sign_behind(c, s)) {
		*c = back;
		if (s->time_first || !nothing_behind(c, s))
			return false;
	}
	if (is_blank(peek(c, &n)))
		c->p += n;
	/* "[date, time] - Name: text" */
	back = *c;
	s->dash_behind = s->bracket && take(c, '-') && is_blank(peek(c, &n));
	if (s->dash_behind)
		c->p += n;
	else
		*c = back;
	return true;
}

/* "11:23 PM, 12/24/2019": as WhatsApp Web copies, and Vietnamese phones. */
static bool
time_then_date(struct cursor *c, struct whatsapp_stamp *s)
{
	const char *from;
	size_t n;
	uint32_t u;

	if (!clock_of_day(c, s))
		return false;
	for (from = c->p; (u = peek(c, &n)) != ','; c->p += n)
		if (n == 0 || u == ':' || c->p - from > TOKEN)
			return false;
	if (!word(s, from, c->p, false))
		return false;
	c->p += n;
	blanks(c);
	s->time_first = date(c, s);
	return s->time_first;
}

size_t
whatsapp_stamp(struct str line, struct whatsapp_stamp *out)
{
	struct cursor c = { line.p, line.p + line.n }, begin;
	size_t n;

	*out = (struct whatsapp_stamp){ 0 };
	out->bracket = take(&c, '[');
	(void)peek(&c, &n);
	begin = c;
	blanks(&c);
	out->indented = c.p > begin.p;
	begin = c;
	if (!date(&c, out) || !between(&c, out) || !clock_of_day(&c, out)) {
		c = begin;
		if (!time_then_date(&c, out))
			return 0;
	}
	return finish(&c, out) ? (size_t)(c.p - line.p) : 0;
}

uint32_t
whatsapp_form(const struct whatsapp_stamp *s)
{
	/* Copies of WhatsApp Web come from phones with different clocks. */
	bool clock = s->half != 0 && !s->time_first;
	uint32_t bits =
	    (uint32_t)s->time_first | (uint32_t)clock << 1 |
	    (uint32_t)s->comma << 2 | (uint32_t)s->dash_between << 3 |
	    (uint32_t)s->dash_behind << 4 | (uint32_t)(s->second >= 0) << 5 |
	    (uint32_t)(s->digits[0] > 2) << 6 |
	    (uint32_t)(s->digits[2] > 2) << 7;

	return bits << 24 | (uint32_t)(unsigned char)s->end << 16 |
	       (uint32_t)(unsigned char)s->separator << 8 |
	       (uint32_t)s->indented << 7 |
	       (uint32_t)(unsigned char)s->time_sign;
}

bool
whatsapp_year_first(const struct whatsapp_stamp *s)
{
	return s->digits[0] > 2 || s->separator == 'y' || s->year_first;
}

/* Two digits of a year that WhatsApp has not seen are those of the Buddhist
 * calendar, as are 2552 and later: Thai phones have it. */
static int
year_of(int written, unsigned digits)
{
	if (digits <= 2)
		return written < 52 ? 2000 + written : 1957 + written;
	return written >= 2400 && written < 2700 ? written - 543 : written;
}

/* The years of the Persian calendar that have 366 days, in their cycle of 33.
 */
static bool
is_persian_leap(int year)
{
	return (year * 8 + 29) % 33 < 8;
}

/* A day of the Persian calendar, which phones in Iran write, from 1300 on. */
static int
from_persian(struct civil *c)
{
	int64_t day = time_days(1921, 3, 21) + c->day - 1;
	int last = c->month < 7    ? 31
		   : c->month < 12 ? 30
				   : 29 + is_persian_leap(c->year);
	struct civil noon;

	if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > last)
		return -1;
	for (int year = 1300; year < c->year; year++)
		day += 365 + is_persian_leap(year);
	for (int month = 1; month < c->month; month++)
		day += month < 7 ? 31 : 30;
	time_to_civil(day * TIME_DAY, &noon);
	c->year = noon.year;
	c->month = noon.month;
	c->day = noon.day;
	return 0;
}

static int
in_order(const struct whatsapp_stamp *s, enum whatsapp_order order,
    struct civil *out)
{
	static const unsigned char places[][3] = { { 2, 1, 0 }, { 2, 0, 1 },
		{ 0, 1, 2 } };
	const unsigned char *at = places[order];
	int64_t t;

	if (s->digits[at[1]] > 2 || s->digits[at[2]] > 2)
		return -1;
	out->year = year_of(s->date[at[0]], s->digits[at[0]]);
	out->month = s->date[at[1]];
	out->day = s->date[at[2]];
	if (out->year >= 1300 && out->year < 1500 && from_persian(out) < 0)
		return -1;
	return out->year < 1990 || out->year > 2399 ? -1
						    : time_from_civil(out, &t);
}

int
whatsapp_civil(const struct whatsapp_stamp *s, enum whatsapp_order order,
    struct civil *out)
{
	*out = (struct civil){ .hour = dayhalf_hour(s->hour, s->half),
		.minute = s->minute,
		.second = s->second < 0    ? 0
			  : s->second > 59 ? 59
					   : s->second };
	if (whatsapp_year_first(s))
		return in_order(s, WHATSAPP_YMD, out);
	if (in_order(s, order, out) == 0)
		return 0;
	for (int other = WHATSAPP_DMY; other <= WHATSAPP_YMD; other++)
		if (in_order(s, (enum whatsapp_order)other, out) == 0)
			return 0;
	return -1;
}

static size_t
mark_at(struct str s, size_t i)
{
	size_t n;
	uint32_t u = decode(s.p + i, s.p + s.n, &n);

	return is_mark(u) ? n : 0;
}

struct str
whatsapp_unmarked(struct str s, struct arena *a)
{
	char *out = NULL;
	size_t to = 0, from = 0;

	for (size_t i = 0; i < s.n; i++) {
		size_t n = (unsigned char)s.p[i] < 0x80 ? 0 : mark_at(s, i);

		if (n == 0)
			continue;
		if (out == NULL)
			out = arena_alloc(a, s.n);
		memcpy(out + to, s.p + from, i - from);
		to += i - from;
		from = i + n;
		i += n - 1;
	}
	if (out == NULL)
		return s;
	memcpy(out + to, s.p + from, s.n - from);
	return str_make(out, to + s.n - from);
}

struct str
whatsapp_plain(struct str s, struct arena *a)
{
	char *out = NULL;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_control(s.p[i]))
			continue;
		if (out == NULL) {
			out = arena_alloc(a, s.n);
			memcpy(out, s.p, s.n);
		}
		out[i] = ' ';
	}
	return out == NULL ? s : str_make(out, s.n);
}

struct str
whatsapp_name(struct str raw, struct arena *a, bool *own_choice)
{
	struct str s = whatsapp_plain(whatsapp_unmarked(raw, a), a);
	struct cursor c = { s.p, s.p };
	const char *end;

	*own_choice = false;
	if (s.n == 0)
		return s;
	c.end += s.n;
	end = c.end;
	blanks(&c);
	*own_choice = take(&c, '~');
	if (*own_choice)
		blanks(&c);
	while (end > c.p && ascii_is_blank(end[-1]))
		end--;
	return str_make(c.p, (size_t)(end - c.p));
}

bool
whatsapp_is_number(struct str name)
{
	struct cursor c = { name.p, name.p };
	size_t n, digits = 0;
	uint32_t u;

	if (name.n == 0)
		return false;
	c.end += name.n;
	while ((u = peek(&c, &n)) != 0 || n != 0) {
		if (utf8_digit(u) >= 0)
			digits++;
		else if (!is_blank(u) && u != '+' && u != '-' && u != '(' &&
			 u != ')' && u != '.' && u != 0x2011)
			return false;
		c.p += n;
	}
	return c.p == c.end && digits >= 6 && digits <= 15;
}

/* A quotation that is open at the end: a colon behind it is the quotation's,
 * as in: Anna changed the subject to "Team: north". */
static bool
opens_quote(struct str s)
{
	int plain = 0, open = 0;

	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_sub(s, i, s.n);

		if (s.p[i] == '"')
			plain ^= 1;
		else if (str_starts(rest, STR("\xe2\x80\x9e")) ||
			 str_starts(rest, STR("\xc2\xab")))
			open++;
		else if (str_starts(rest, STR("\xe2\x80\x9c")))
			open += open > 0 ? -1 : 1; /* closes in German */
		else if (str_starts(rest, STR("\xe2\x80\x9d")) ||
			 str_starts(rest, STR("\xc2\xbb")))
			open--;
	}
	return plain != 0 || open > 0;
}

/* No name, but whole sentences, as in: Messages are encrypted. Nobody outside
 * can read them. Learn more: ... */
static bool
is_prose(struct str s)
{
	return s.n > SENTENCES && str_find(s, STR(". ")) >= 0;
}

/* Where the sender's name ends, -1 in a line of the system. */
static ptrdiff_t
sender_end(struct str rest, struct str chat)
{
	ptrdiff_t colon;

	if (chat.n > 0 && rest.n > chat.n && str_starts(rest, chat) &&
	    rest.p[chat.n] == ':')
		return (ptrdiff_t)chat.n;
	colon = str_find(rest, STR(": "));
	if (colon < 0 && rest.n > 0 && rest.p[rest.n - 1] == ':')
		colon = (ptrdiff_t)rest.n - 1;
	if (colon < 0 && str_ends(rest, STR(":.")))
		colon = (ptrdiff_t)rest.n - 2;
	if (colon <= 0 || colon > WHATSAPP_NAME ||
	    opens_quote(str_sub(rest, 0, (size_t)colon)) ||
	    is_prose(str_sub(rest, 0, (size_t)colon)))
		return -1;
	return colon;
}

bool
whatsapp_line(struct str line, struct str chat, struct whatsapp_line *out)
{
	size_t at;
	struct str rest;
	ptrdiff_t colon;

	*out = (struct whatsapp_line){ 0 };
	at = whatsapp_stamp(line, &out->stamp);
	if (at == 0)
		return false;
	rest = str_sub(line, at, line.n);
	colon = sender_end(rest, chat);
	out->body = rest;
	if (colon >= 0) {
		out->sender = str_sub(rest, 0, (size_t)colon);
		out->body = str_sub(rest, (size_t)colon + 1, rest.n);
		out->bare =
		    str_is(out->body, ".") || str_trim(out->body).n == 0;
		if (out->body.n > 0 && out->body.p[0] == ' ')
			out->body = str_sub(out->body, 1, out->body.n);
	}
	out->marked = str_starts(out->body, STR("\xe2\x80\x8e"));
	return true;
}
