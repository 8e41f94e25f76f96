#include "recall/dialled.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "identify/telephone.h"
#include "recall/callingcode.h"
#include "text/trunks.h"

enum {
	COUNTRIES = 300, /* calling codes that may be tried */
	FORMS = 8, /* of one number in one country */
	ABROAD = 16, /* of one with its country's code */
	NATIONAL_MIN = 7, /* digits, a trunk digit among them */
	E164_MAX = 15,
};

/* A typed number: its digits, and what stood between them. */
struct typed {
	struct str digits;
	bool plus;
	size_t zero; /* the digit of "(0)" behind the code; SIZE_MAX */
};

/* What stands between the digits: blanks, dashes, marks of direction that
 * lists of contacts put around a number. */
static bool
is_between(uint32_t c)
{
	if (c < 128)
		return ascii_is_in(c, " \t-./()[]_");
	return c == 0xa0 || c == 0xad || c == 0xb7 ||
	       (c >= 0x2000 && c <= 0x2015) || (c >= 0x2028 && c <= 0x202f) ||
	       c == 0x2060 || (c >= 0x2066 && c <= 0x2069) || c == 0x2212 ||
	       c == 0x3000 || c == 0xfeff || c == 0xff08 || c == 0xff09 ||
	       c == 0xff0d;
}

/* An extension of our own house, behind the number: ";ext=12", "x12". */
static bool
is_extension(struct str s)
{
	static const char *const words[] = { ";", ",", "extension", "ext", "x",
		"#" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t at = strlen(words[i]), from;

		if (!str_starts_nocase(s, str_of(words[i])))
			continue;
		if (*words[i] == ';')
			return true;
		while (at < s.n && ascii_is_in(s.p[at], " .:="))
			at++;
		from = at;
		while (at < s.n && ascii_is_digit(s.p[at]))
			at++;
		return at > from && at == s.n && at - from <= 7;
	}
	return false;
}

static bool
read_typed(struct str s, struct typed *t, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	*t = (struct typed){ .zero = SIZE_MAX };
	if (str_starts_nocase(s, STR("tel:")))
		s = str_sub(s, 4, s.n);
	while (s.n > 0) {
		struct str rest = s;
		uint32_t c = utf8_take(&s, NULL);
		int digit = utf8_digit(c);

		if (n > 0 && t->zero == SIZE_MAX &&
		    str_starts(rest, STR("(0)")))
			t->zero = n;
		if (digit >= 0)
			p[n++] = (char)('0' + digit);
		else if ((c == '+' || c == 0xff0b) && n == 0 && !t->plus)
			t->plus = true;
		else if (n > 0 && is_extension(rest))
			break;
		else if (!is_between(c))
			return false;
	}
	t->digits = str_make(p, n);
	return n >= DIALLED_MIN && n <= DIALLED_MAX;
}

static void
add(struct dialled *d, struct str code, struct str national, struct arena *a)
{
	struct str s;

	if (national.n == 0 || code.n + national.n > E164_MAX ||
	    (code.n == 0 && national.p[0] == '0'))
		return;
	s = telephone_key(ARENA_JOIN(a, STR("+"), code, national), a);
	for (size_t i = d->n < 4 * FORMS ? 0 : d->n - FORMS; i < d->n; i++)
		if (str_eq(d->v[i], s))
			return;
	d->v[d->n++] = s;
}

/* s without n bytes at `at`. */
static struct str
without(struct str s, size_t at, size_t n, struct arena *a)
{
	return arena_printf(
	    a, "%.*s%.*s", (int)at, s.p, STR_ARG(str_sub(s, at + n, s.n)));
}

/* In these the zero is part of the number, or was until lately. */
static bool
keeps_zero(struct str code)
{
	static const char *const codes[] = { "39", "378", "225", "241", "242" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (str_is(code, codes[i]))
			return true;
	return false;
}

/* 0 15 11 98765-4321: the carrier's two digits stand behind the trunk digit. */
static void
brazil(struct dialled *d, struct str code, struct str s, struct arena *a)
{
	if (s.p[0] == '0' && s.n >= 13 && s.n <= 14)
		add(d, code, str_sub(s, 3, s.n), a);
}

/* 011 15-2345-6789: a mobile's 15 stands behind the area's two to four digits,
 * where the number from abroad has a 9 before them. */
static void
argentina(struct dialled *d, struct str code, struct str s, struct arena *a)
{
	if (s.p[0] == '0')
		s = str_sub(s, 1, s.n);
	for (size_t area = 2; s.n == 12 && area <= 4; area++)
		if (str_starts(str_sub(s, area, s.n), STR("15")))
			add(d, code, without(s, area, 2, a), a);
}

/* A number as it is written within a country. */
static void
national(struct dialled *d, struct str code, struct str s, struct arena *a)
{
	struct str trunks = str_of(phone_trunks(code));

	if (keeps_zero(code))
		add(d, code, s, a);
	if (str_is(code, "55"))
		brazil(d, code, s, a);
	if (str_is(code, "54"))
		argentina(d, code, s, a);
	while (trunks.p != NULL && trunks.n > 0) {
		struct str trunk = str_split(&trunks, ' ');

		if (str_starts(s, trunk))
			add(d, code, str_sub(s, trunk.n, s.n), a);
	}
	add(d, code, s, a);
}

/* Behind what is dialled for abroad: in most countries 00, in others 011, 010
 * and so on; some number the carriers behind it. */
static void
abroad(struct dialled *d, struct str s, struct arena *a)
{
	static const char *const prefixes[] = { "00", "011", "010", "0011",
		"810", "001", "002", "009", "119" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (str_starts(s, str_of(prefixes[i])))
			add(d, STR(""), str_sub(s, strlen(prefixes[i]), s.n),
			    a);
	if (str_starts(s, STR("00")) && s.n > 13)
		add(d, STR(""), str_sub(s, 4, s.n), a);
}

/* A number that has its country's code: "+39 (0)6" keeps its zero in Italy
 * and loses it elsewhere. */
static void
international(struct dialled *d, const struct typed *t, struct arena *a)
{
	if (t->zero != SIZE_MAX)
		add(d, STR(""), without(t->digits, t->zero, 1, a), a);
	add(d, STR(""), t->digits, a);
}

void
dialled_read(
    struct str s, const char *region, struct arena *a, struct dialled *out)
{
	struct str own = region == NULL ? STR_NONE : calling_code(region);
	struct str seen[COUNTRIES];
	size_t n = 0;
	struct typed t;

	*out = (struct dialled){ 0 };
	if (!read_typed(s, &t, a))
		return;
	out->v = arena_alloc(a, (COUNTRIES * FORMS + ABROAD) * sizeof(*out->v));
	if (own.p != NULL && !t.plus)
		national(out, own, t.digits, a);
	if (!t.plus)
		abroad(out, t.digits, a);
	international(out, &t, a);
	out->sure = out->n;
	if (t.plus || t.digits.n < NATIONAL_MIN || t.digits.n > E164_MAX)
		return;
	for (const char *at = NULL; n < COUNTRIES;) {
		struct str code = calling_code_next(&at);
		bool known =
		    own.p != NULL && code.p != NULL && str_eq(code, own);

		if (code.p == NULL)
			return;
		for (size_t i = 0; i < n && !known; i++)
			known = str_eq(code, seen[i]);
		if (known)
			continue;
		seen[n++] = code;
		national(out, code, t.digits, a);
	}
}

bool
dialled_is_national(struct str s)
{
	struct arena a = { 0 };
	struct typed t;
	bool is = read_typed(s, &t, &a) && t.digits.n >= NATIONAL_MIN &&
		  !t.plus && !str_starts(t.digits, STR("00"));

	arena_release(&a);
	return is;
}
