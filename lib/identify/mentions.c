#include "identify/mentions.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "identify/telephone.h"
#include "text/phone.h"
#include "text/unicode.h"

enum {
	LOCAL_MAX = 64, /* bytes before the '@' (RFC 5321 4.5.3.1.1) */
	DOMAIN_MAX = 255,
	DIGITS_MIN = 7,
	DIGITS_MAX = 15,
	GROUPS_MAX = 8,
	STEP = 32,
};

static bool
is_letter(char c)
{
	c |= 0x20;
	return ascii_is_lower(c);
}

/* Between the digits of a number. */
static bool
is_between(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' ||
	       c == ')';
}

/*
 * Is one of the next STEP bytes a digit, '@', or with codes the '\\' of a
 * "\\u" (reads one byte more)?  Without branches, so that the compiler makes
 * vectors of it.
 */
static inline bool
step_has(const char *p, bool codes)
{
	unsigned char any = 0;

	for (int i = 0; i < STEP; i++)
		any |= ((unsigned char)(p[i] - '0') < 10) | (p[i] == '@');
	for (int i = 0; codes && i < STEP; i++)
		any |= (p[i] == '\\') & (p[i + 1] == 'u');
	return any != 0;
}

/* The next of those, or s.n. */
static inline size_t
next_start(struct str s, size_t i, bool codes)
{
	static const bool may[256] = {
		['0' ... '9'] = true,
		['@'] = true,
		['\\'] = true,
	};

	while (i + STEP < s.n && !step_has(s.p + i, codes))
		i += STEP;
	for (; i < s.n; i++)
		if (may[(unsigned char)s.p[i]] &&
		    (s.p[i] != '\\' ||
			(codes && i + 1 < s.n && s.p[i + 1] == 'u')))
			break;
	return i;
}

/* Past a run of digits and what stands between them; how many digits. */
static size_t
run_end(struct str s, size_t i, size_t *digits)
{
	size_t end = i, gap = 0;

	for (*digits = 0; i < s.n && gap < 4; i++) {
		bool digit = ascii_is_digit(s.p[i]);
		bool nbsp = s.p[i] == '\xc2' || s.p[i] == '\xa0' ||
			    s.p[i] == '\xe2' || s.p[i] == '\x80' ||
			    s.p[i] == '\xaf' || s.p[i] == '\x91';

		if (!digit && !nbsp && !is_between(s.p[i]))
			break;
		gap = digit || nbsp ? 0 : gap + 1;
		*digits += digit;
		if (digit)
			end = i + 1;
	}
	return end;
}

static inline bool
likely(struct str raw, bool codes)
{
	size_t i = 0, digits;

	while ((i = next_start(raw, i, codes)) < raw.n) {
		if (raw.p[i] == '@')
			return true;
		if (raw.p[i] == '\\') {
			struct str code = str_sub(raw, i + 2, 2);

			/* '@', digits, and blanks between them as escapes. */
			if (str_eq(code, STR("00")) || str_eq(code, STR("20")))
				return true;
			i += 2;
			continue;
		}
		i = run_end(raw, i, &digits);
		if (digits >= DIGITS_MIN)
			return true;
	}
	return false;
}

bool
mentions_likely(struct str raw, bool codes)
{
	return codes ? likely(raw, true) : likely(raw, false);
}

struct finder {
	struct str s;
	struct arena *a;
	const char *region;
	bool signature;
	struct mention *out;
	size_t n, max;
	size_t tries;
};

static void
add(struct finder *f, bool tel, struct str value)
{
	if (value.p != NULL && f->n < f->max)
		f->out[f->n++] = (struct mention){ tel, value };
}

/* Mail addresses. */

static bool
in_local(char c)
{
	return is_letter(c) || ascii_is_digit(c) || c == '.' || c == '_' ||
	       c == '+' || c == '-' || c == '%' || c == '\'' || c == '&';
}

/* Where the local part before the '@' at `at` begins. */
static size_t
local_start(struct str s, size_t at)
{
	size_t low = at > LOCAL_MAX ? at - LOCAL_MAX : 0, i = at;

	while (i > low) {
		struct str before = str_sub(s, low, i - low);
		uint32_t c;

		if (in_local(s.p[i - 1])) {
			i--;
			continue;
		}
		c = utf8_last(before);
		/* Han and kana stand right beside what is not theirs. */
		if (c < 0x80 || !unicode_in_word(c))
			break;
		while (i > low && (s.p[--i] & 0xc0) == 0x80)
			;
	}
	/* Too long for one. */
	if (i == low && low > 0)
		return at;
	while (i < at && !is_letter(s.p[i]) && !ascii_is_digit(s.p[i]) &&
	       (s.p[i] & 0x80) == 0 && s.p[i] != '_' && s.p[i] != '+')
		i++;
	return i;
}

/* Where the domain that begins at i ends. */
static size_t
domain_end(struct str s, size_t i)
{
	size_t high = i + DOMAIN_MAX < s.n ? i + DOMAIN_MAX : s.n, from = i;
	size_t label = i;

	while (i < high) {
		struct str rest = str_sub(s, i, high - i);
		uint32_t c = utf8_first(rest);

		if (c == '.')
			label = i + 1;
		else if (c < 0x80 && !is_letter((char)c) &&
			 !ascii_is_digit((char)c) && c != '-')
			break;
		else if (c >= 0x80 && !unicode_in_word(c))
			break;
		i += c < 0x80 ? 1 : utf8_length(rest);
	}
	/* "example.org" with a Korean particle behind it. */
	if (label < i && is_letter(s.p[label]))
		for (size_t k = label; k < i; k++)
			if ((s.p[k] & 0x80) != 0)
				i = k;
	while (i > from && (s.p[i - 1] == '.' || s.p[i - 1] == '-'))
		i--;
	return i;
}

/* Two labels at least, the last one no number. */
static bool
is_domain(struct str d)
{
	ptrdiff_t dot = str_rchr(d, '.');
	struct str last = str_sub(d, (size_t)(dot + 1), d.n);

	return dot > 0 && last.n >= 2 &&
	       (is_letter(last.p[0]) || (last.p[0] & 0x80) != 0);
}

/* "https://user:password@host" */
static bool
in_url(struct str s, size_t from)
{
	size_t low = from > 64 ? from - 64 : 0, i = from;

	if (from == 0 || (s.p[from - 1] != ':' && s.p[from - 1] != '/'))
		return false;
	if (s.p[from - 1] == '/')
		return from > 1 && s.p[from - 2] == '/';
	while (i > low && s.p[i - 1] != ' ' && s.p[i - 1] != '\n')
		if (s.p[--i] == '/')
			return true;
	return false;
}

/* Past the address around the '@' at `at`, or past the '@'. */
static size_t
take_address(struct finder *f, size_t at)
{
	size_t from = local_start(f->s, at), end = domain_end(f->s, at + 1);
	struct str domain = str_sub(f->s, at + 1, end - at - 1);

	if (from == at || !is_domain(domain) || in_url(f->s, from))
		return at + 1;
	add(f, false, key_email(str_sub(f->s, from, end - from), f->a));
	return end;
}

/* Telephone numbers. */

/* A candidate: its groups of digits and what they are written with. */
struct number {
	struct str written;
	size_t from, end; /* with a '+' or '(' before it */
	size_t digits, groups;
	size_t size[GROUPS_MAX]; /* of the groups, further ones not */
	size_t at[GROUPS_MAX];
	bool international, zero;
};

/* The bytes of a blank or hyphen beyond ASCII at i, or 0. */
static size_t
wide_between(struct str s, size_t i)
{
	struct str rest = str_sub(s, i, 3);

	if (str_starts(rest, STR("\xc2\xa0")))
		return 2;
	return str_starts(rest, STR("\xe2\x80\xaf")) ||
		       str_starts(rest, STR("\xe2\x80\x91"))
		   ? 3
		   : 0;
}

/* Reads the run of digits at i. */
static void
read_number(struct finder *f, size_t i, struct number *n)
{
	struct str s = f->s;
	size_t gap = 0, step;
	bool inside = false;

	*n = (struct number){ .from = i, .zero = s.p[i] == '0' };
	while (i < s.n && gap <= 2) {
		if (ascii_is_digit(s.p[i])) {
			if (!inside && n->groups < GROUPS_MAX) {
				n->at[n->groups] = i;
				n->size[n->groups] = 0;
			}
			n->groups += !inside;
			if (n->groups <= GROUPS_MAX)
				n->size[n->groups - 1]++;
			n->digits++;
			gap = 0;
			inside = true;
			n->end = ++i;
			continue;
		}
		step = is_between(s.p[i]) ? 1 : wide_between(s, i);
		if (step == 0)
			break;
		i += step;
		gap++;
		inside = false;
	}
}

/* The '(' and '+' before the first digit. */
static void
read_prefix(struct finder *f, struct number *n)
{
	const char *p = f->s.p;

	if (n->from > 0 && p[n->from - 1] == '(')
		n->from--;
	if (n->from > 0 && p[n->from - 1] == '+') {
		n->from--;
		n->international = true;
	}
	n->written = str_sub(f->s, n->from, n->end - n->from);
}

/* 2026-01-31, 31.01.2026, 1/31/2026; also with a time or more behind it. */
static bool
has_date(const struct finder *f, const struct number *n)
{
	for (size_t i = 0; i + 2 < n->groups && i + 2 < GROUPS_MAX; i++) {
		const size_t *size = &n->size[i];
		const char *first = f->s.p + n->at[i];
		const char *last = f->s.p + n->at[i + 2];

		if (size[1] > 2 || size[0] > 4 || size[2] > 4)
			continue;
		if (size[0] == 4 && size[2] <= 2 &&
		    (first[0] == '1' || first[0] == '2'))
			return true;
		if (size[0] <= 2 && size[2] == 4 &&
		    (last[0] == '1' || last[0] == '2') && last[-1] != ' ')
			return true;
		if (size[0] == 2 && size[2] == 2 && n->groups == 3)
			return true;
	}
	return false;
}

/* What stands right before or behind makes it something else. */
static bool
is_enclosed(const struct finder *f, const struct number *n)
{
	struct str before = str_sub(f->s, 0, n->from);
	struct str behind = str_sub(f->s, n->end, f->s.n);
	uint32_t b = utf8_last(before), c;

	/* "#" of an order, "$" of a price, "=" and "&" of a link. */
	if (b != 0 && (unicode_in_word(b) ||
			  (b < 0x80 && ascii_is_in((char)b, "#$=&%/\\@+-"))))
		return true;
	if (b == 0x20ac || b == 0xa3 || b == 0x2116 || b == 0xa7)
		return true;
	c = utf8_first(behind);
	if (c == ' ') {
		behind = str_sub(behind, 1, behind.n);
		c = utf8_first(behind);
		return c == 0x20ac || c == 0xa3 || c == '$' || c == '%';
	}
	if (c == ':' || c == ',')
		return behind.n > 1 && ascii_is_digit(behind.p[1]);
	return c != 0 && (unicode_in_word(c) || c == '@' || c == '%' ||
			     c == '$' || c == 0x20ac || c == '=' || c == '&');
}

/* Written as people write telephone numbers where no '+' says so. */
static bool
looks_national(const struct finder *f, const struct number *n)
{
	if (f->region == NULL || n->groups > 7 || has_date(f, n))
		return false;
	if (n->zero)
		return true;
	if (n->groups == 1)
		return f->signature;
	if (n->digits > 11)
		return false;
	/* 12.345.678 is an amount, 1-2-3-4 nothing. */
	for (size_t i = 0; i < n->groups; i++)
		if (n->size[i] > 5 || (n->size[i] == 1 && i > 0))
			return false;
	return f->s.p[n->at[1] - 1] != '.' || n->size[n->groups - 1] != 3;
}

static size_t
take_number(struct finder *f, size_t i)
{
	char e164[PHONE_SIZE];
	struct number n;

	read_number(f, i, &n);
	if (n.digits < DIGITS_MIN || n.digits > DIGITS_MAX + 2)
		return n.end;
	read_prefix(f, &n);
	if (is_enclosed(f, &n) || n.written.n > PHONE_TEXT ||
	    (!n.international && !looks_national(f, &n)) ||
	    f->tries++ >= MENTIONS_TRIES)
		return n.end;
	if (phone_in_text(n.written, n.international ? NULL : f->region, e164))
		add(f, true,
		    telephone_key(arena_dup(f->a, str_of(e164)), f->a));
	return n.end;
}

size_t
mentions_find(struct str text, const char *region, bool signature,
    struct mention *out, size_t max, struct arena *a)
{
	struct finder f = {
		.s = text.n > MENTIONS_TEXT ? utf8_cut(text, MENTIONS_TEXT)
					    : text,
		.a = a,
		.region = region,
		.signature = signature,
		.out = out,
		.max = max,
	};
	size_t i = 0;

	while (f.n < f.max && (i = next_start(f.s, i, false)) < f.s.n)
		i = f.s.p[i] == '@' ? take_address(&f, i) : take_number(&f, i);
	return f.n;
}
