#include "mail/date.h"

#include "core/text/ascii.h"
#include "hours/zone.h"

/* The sections are the months in their order. */
#define MEANS(SECTION, n) (n)
#include "mail/words/months.h"

enum { MONTH_BYTES = 32 /* of what a month begins with */ };

static const char weekdays[] = "MonTueWedThuFriSatSun";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

enum { RULES_MAX = 48 }; /* bytes of a zone's name */

struct parts {
	struct civil c;
	bool day, month, year, time, zone, pm, am;
	bool early; /* the month stands before the day, as a weekday may */
	int offset; /* seconds east of UTC */
	int weekday; /* 1 Monday to 7; 0: not said */
	struct str rules; /* the zone whose rules count, by its IANA name */
};

/* Takes digits off s, at most `most`; their number, and the value. */
static size_t
digits(struct str *s, size_t most, int *value)
{
	size_t n = 0;

	*value = 0;
	while (n < most && n < s->n && ascii_is_digit(s->p[n]))
		*value = *value * 10 + (s->p[n++] - '0');
	*s = str_sub(*s, n, s->n);
	return n;
}

/* Could they be the same word?  Most are not by their first letter. */
static bool
begin_alike(struct str word, const char *name)
{
	return word.n > 0 && (word.p[0] | 0x20) == (name[0] | 0x20);
}

/* The index of the name that the word begins with (3 letters), or -1. */
static int
name_index(struct str word, const char *names)
{
	if (word.n < 3)
		return -1;
	for (int i = 0; names[3 * i] != '\0'; i++)
		if (begin_alike(word, names + 3 * i) &&
		    str_eq_nocase(
			str_sub(word, 0, 3), str_make(names + 3 * i, 3)))
			return i;
	return -1;
}

/* "+0200", "-5", "+05:30". */
static bool
take_offset(struct parts *p, struct str s)
{
	bool west = s.p[0] == '-';
	int hours, minutes = 0;
	size_t n;

	s = str_sub(s, 1, s.n);
	n = digits(&s, 4, &hours);
	if (n == 0)
		return false;
	if (n > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (s.n > 0 && s.p[0] == ':') {
		s = str_sub(s, 1, s.n);
		digits(&s, 2, &minutes);
	}
	p->zone = true;
	p->rules = STR_NONE;
	/* An offset that no place has says nothing. */
	if (hours > 24 || minutes > 59)
		return true;
	p->offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

/* "5EDT", "-1CEST" behind a zone's name: it has summer time by its rule. */
static bool
is_rule(struct str s)
{
	size_t digits = 0, letters = 0;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_sub(s, 1, s.n);
	while (digits < s.n && ascii_is_digit(s.p[digits]))
		digits++;
	while (digits + letters < s.n && ascii_is_letter(s.p[digits + letters]))
		letters++;
	return digits > 0 && digits <= 2 && letters >= 3;
}

static const struct {
	const char *name;
	int minutes;
	const char *place; /* that has its rules */
} zones[] = { { "UT", 0, NULL }, { "UTC", 0, NULL },
	{ "GMT", 0, "Europe/London" }, { "Z", 0, NULL },
	{ "EST", -300, "America/New_York" }, { "EDT", -240, NULL },
	{ "CST", -360, "America/Chicago" }, { "CDT", -300, NULL },
	{ "MST", -420, "America/Denver" }, { "MDT", -360, NULL },
	{ "PST", -480, "America/Los_Angeles" }, { "PDT", -420, NULL },
	{ "AKST", -540, "America/Anchorage" }, { "AKDT", -480, NULL },
	{ "HST", -600, NULL }, { "WET", 0, "Europe/Lisbon" },
	{ "WEST", 60, NULL }, { "BST", 60, NULL },
	{ "CET", 60, "Europe/Berlin" }, { "MET", 60, "Europe/Berlin" },
	{ "MEZ", 60, "Europe/Berlin" }, { "CEST", 120, NULL },
	{ "MEST", 120, NULL }, { "MESZ", 120, NULL },
	{ "EET", 120, "Europe/Athens" }, { "EEST", 180, NULL },
	{ "MSK", 180, NULL }, { "MSD", 240, NULL }, { "JST", 540, NULL },
	{ "KST", 540, NULL }, { "AEST", 600, "Australia/Sydney" },
	{ "AEDT", 660, NULL }, { "NZST", 720, "Pacific/Auckland" },
	{ "NZDT", 780, NULL } };

static bool
take_zone(struct parts *p, struct str word)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct str name = str_of(zones[i].name), rest;
		bool ruled;

		if (!begin_alike(word, name.p) ||
		    !str_starts_nocase(word, name))
			continue;
		rest = str_sub(word, name.n, word.n);
		ruled = zones[i].place != NULL && is_rule(rest);
		if (rest.n == 0 || ruled ||
		    (zones[i].minutes != 0 && ascii_is_digit(rest.p[0]))) {
			if (!p->zone)
				p->offset = zones[i].minutes * 60;
			if (!p->zone && ruled)
				p->rules = str_of(zones[i].place);
			p->zone = true;
			return true;
		}
		if (zones[i].minutes == 0 && rest.n > 1 &&
		    (rest.p[0] == '+' || rest.p[0] == '-'))
			return take_offset(p, rest);
	}
	return false;
}

bool
mailtime_zone(struct str word, int *minutes)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (str_eq_nocase(word, str_of(zones[i].name)) &&
		    !str_is(str_of(zones[i].name), "CST")) {
			*minutes = zones[i].minutes;
			return true;
		}
	return false;
}

/* The month that a word means, 1 to 12; 0 where it is none.  Some programs
 * write what their user's language says. */
static int
month_of(struct str word)
{
	char low[MONTH_BYTES];
	int i = name_index(word, months);

	if (i >= 0)
		return i + 1;
	for (size_t n = 0;
	     n < word.n && n < words_months.longest && n < sizeof(low); n++) {
		uint64_t means;

		low[n] = ascii_lower(word.p[n]);
		if (n < 2)
			continue;
		means = wordlist_means(&words_months, str_make(low, n + 1));
		if (means != 0)
			return __builtin_ctzll(means) + 1;
	}
	return 0;
}

static bool
take_word(struct parts *p, struct str word)
{
	int i;

	if (str_eq_nocase(word, STR("am")) || str_eq_nocase(word, STR("pm"))) {
		p->am = word.p[0] == 'a' || word.p[0] == 'A';
		p->pm = !p->am;
		return true;
	}
	/* "mar., 6 oct. 2026": the first was Tuesday. */
	i = !p->month || (p->early && p->day && !p->time) ? month_of(word) : 0;
	if (i > 0) {
		p->c.month = i;
		p->early = !p->day;
		p->month = true;
		return true;
	}
	if (take_zone(p, word))
		return true;
	if (str_eq_nocase(word, STR("DST"))) {
		p->offset += p->zone && p->rules.n == 0 ? 3600 : 0;
		return true;
	}
	if (str_chr(word, '/') > 0) {
		if (!p->zone)
			p->rules = word;
		return true;
	}
	i = name_index(word, weekdays);
	if (i >= 0)
		p->weekday = i + 1;
	/* Weekdays, and zones that nobody can place. */
	return word.n <= 10;
}

/* "12:30", "12:30:15", "12:30:15.25", with a zone right behind. */
static bool
take_time(struct parts *p, struct str s)
{
	int fraction;

	if (digits(&s, 2, &p->c.hour) == 0 || s.n < 2 ||
	    (s.p[0] != ':' && s.p[0] != '.'))
		return false;
	s = str_sub(s, 1, s.n);
	if (digits(&s, 2, &p->c.minute) == 0)
		return false;
	if (s.n > 1 && (s.p[0] == ':' || s.p[0] == '.') &&
	    ascii_is_digit(s.p[1])) {
		s = str_sub(s, 1, s.n);
		digits(&s, 2, &p->c.second);
	}
	if (s.n > 1 && s.p[0] == '.' && ascii_is_digit(s.p[1])) {
		s = str_sub(s, 1, s.n);
		while (digits(&s, 4, &fraction) > 0)
			;
	}
	p->time = true;
	if (s.n > 1 && (s.p[0] == '+' || s.p[0] == '-'))
		return take_offset(p, s);
	return s.n == 0 || take_word(p, s);
}

static int
full_year(size_t letters, int year)
{
	if (letters <= 2 || (letters == 4 && year < 100))
		return year < 50 ? year + 2000 : year + 1900;
	/* "113", "0102": the years since 1900, of programs of those days. */
	return letters == 3 || (letters == 4 && year >= 100 && year < 200)
		   ? year + 1900
		   : year;
}

static bool
is_day(int year, int month, int day)
{
	struct civil c = { .year = year, .month = month, .day = day };
	int64_t t;

	return time_from_civil(&c, &t) == 0;
}

/* Which of two numbers is the day: dots part days from months, and else what
 * there is or the weekday tells.  0 where nobody can say. */
static int
day_first(const struct parts *p, const int v[3], char mark)
{
	struct civil day = { .year = v[2], .month = v[1], .day = v[0] };
	struct civil month = { .year = v[2], .month = v[0], .day = v[1] };
	bool may = is_day(v[2], v[1], v[0]), may_not = is_day(v[2], v[0], v[1]);

	if (may && may_not && v[0] != v[1] && p->weekday > 0) {
		may = time_weekday(&day) == p->weekday - 1;
		may_not = time_weekday(&month) == p->weekday - 1;
	}
	if (may && may_not && v[0] != v[1])
		return mark == '.' ? 1 : 0;
	return may ? 1 : may_not ? -1 : 0;
}

/* Numbers alone: "1999/01/31", "31.1.1999", "1/31/99". */
static bool
take_numbers(struct parts *p, struct str s)
{
	int v[3], order;
	size_t n[3];
	char mark;

	n[0] = digits(&s, 4, &v[0]);
	if (s.n < 4 || !ascii_is_in(mark = s.p[0], "/.-"))
		return false;
	for (int i = 1; i < 3; i++) {
		if (s.n == 0 || s.p[0] != mark)
			return false;
		s = str_sub(s, 1, s.n);
		n[i] = digits(&s, 4, &v[i]);
	}
	if (s.n > 0 || n[1] == 0 || n[1] > 2 || p->day || p->month || p->year)
		return false;
	if (n[0] == 4 && n[2] > 0 && n[2] <= 2) {
		p->c.year = v[0];
		p->c.month = v[1];
		p->c.day = v[2];
	} else {
		if (n[0] > 2 || (n[2] != 4 && n[2] != 2))
			return false;
		v[2] = full_year(n[2], v[2]);
		order = day_first(p, v, mark);
		if (order == 0)
			return false;
		p->c.year = v[2];
		p->c.month = order > 0 ? v[1] : v[0];
		p->c.day = order > 0 ? v[0] : v[1];
	}
	p->day = p->month = p->year = true;
	return true;
}

/* A day, a year, or both with the month between: "7-Oct-1994", "7/Oct/1994". */
static bool
take_number(struct parts *p, struct str s)
{
	int value;
	size_t n = digits(&s, 4, &value);

	if (s.n > 0 && ascii_is_digit(s.p[0]))
		return false;
	if (n <= 2 && !p->day) {
		p->c.day = value;
		p->day = true;
	} else if (!p->year) {
		p->c.year = full_year(n, value);
		p->year = true;
	} else
		return false;
	if (s.n > 1 && (s.p[0] == '-' || s.p[0] == '/')) {
		struct str rest = str_sub(s, 1, s.n);
		ptrdiff_t dash = str_chr(rest, s.p[0]);
		struct str month =
		    str_sub(rest, 0, dash < 0 ? rest.n : (size_t)dash);

		if (month.n == 0 || !ascii_is_letter(month.p[0]))
			return false;
		return take_word(p, month) &&
		       (dash < 0 || (size_t)dash + 1 >= rest.n ||
			   take_number(
			       p, str_sub(rest, (size_t)dash + 1, rest.n)));
	}
	return true;
}

/* Behind the comment that s begins with; comments nest. */
static struct str
skip_comment(struct str s)
{
	size_t depth = 0, i = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return str_sub(s, i + 1, s.n);
	}
	return str_sub(s, s.n, 0);
}

static bool
is_break(char c)
{
	return ascii_is_blank(c) || c == '\r' || c == '\n' || c == ',';
}

static struct str
next_token(struct str *rest)
{
	size_t n = 0;
	struct str token;

	for (;;) {
		while (rest->n > 0 && is_break(rest->p[0]))
			*rest = str_sub(*rest, 1, rest->n);
		if (rest->n == 0 || rest->p[0] != '(')
			break;
		*rest = skip_comment(*rest);
	}
	while (n < rest->n && !is_break(rest->p[n]) && rest->p[n] != '(')
		n++;
	token = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return token;
}

static bool
take_token(struct parts *p, struct str token)
{
	if (ascii_is_letter(token.p[0]) || (token.p[0] & 0x80) != 0)
		return take_word(p, token);
	if (token.p[0] == '+' || token.p[0] == '-')
		return take_offset(p, token);
	if (!ascii_is_digit(token.p[0]))
		return false;
	if (!p->time &&
	    (str_chr(token, ':') >= 0 ||
		(p->day && p->month && p->year && str_chr(token, '.') > 0)))
		return take_time(p, token);
	return take_numbers(p, token) || take_number(p, token);
}

/* By the rules of p->rules; -1 where there is no such zone. */
static int
by_rules(const struct parts *p, int64_t *out)
{
	char name[RULES_MAX];
	struct zone *z;
	struct err e;

	if (p->rules.n == 0 || p->rules.n >= sizeof(name))
		return -1;
	memcpy(name, p->rules.p, p->rules.n);
	name[p->rules.n] = '\0';
	z = zone_open(name, &e);
	if (z == NULL)
		return -1;
	*out = zone_instant(z, &p->c);
	zone_free(z);
	return 0;
}

static int
finish(struct parts *p, int64_t *out)
{
	if (p->pm && p->c.hour < 12)
		p->c.hour += 12;
	else if (p->am && p->c.hour == 12)
		p->c.hour = 0;
	if (p->c.second == 60)
		p->c.second = 59;
	if (time_from_civil(&p->c, out) < 0)
		return -1;
	if (by_rules(p, out) < 0)
		*out -= p->offset * TIME_SECOND;
	return 0;
}

/* What the tokens say; false where one is of another kind. */
static bool
take_all(struct parts *p, struct str s)
{
	enum { TOKENS = 12 };
	struct str token;

	for (int i = 0; i < TOKENS; i++) {
		token = next_token(&s);
		if (token.n == 0)
			break;
		if (!take_token(p, token))
			return p->day && p->month && p->year && p->time;
	}
	return true;
}

int
mailtime_parse(struct str s, int64_t *out)
{
	struct parts p = { 0 };

	if (!take_all(&p, s))
		return time_parse(str_trim(s), out);
	if (!p.day || !p.month || !p.year || !p.time)
		return -1;
	return finish(&p, out);
}

int
mailtime_parse_day(struct str s, int64_t *out)
{
	struct parts p = { 0 };

	if (mailtime_parse(s, out) == 0)
		return 0;
	if (!take_all(&p, s) || p.time || !p.day || !p.month || !p.year)
		return -1;
	return time_from_civil(&p.c, out);
}

int
mailtime_received(struct str field, int64_t *out)
{
	ptrdiff_t at = str_rchr(field, ';');

	if (at < 0)
		return -1;
	return mailtime_parse(str_sub(field, (size_t)at + 1, field.n), out);
}

void
mailtime_write(int64_t t, struct buf *out)
{
	struct civil c;

	time_to_civil(t, &c);
	buf_printf(out, "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000",
	    weekdays + 3 * (ptrdiff_t)time_weekday(&c), c.day,
	    months + 3 * (ptrdiff_t)(c.month - 1), c.year, c.hour, c.minute,
	    c.second);
}
