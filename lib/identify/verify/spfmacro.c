#include "identify/verify/spfmacro.h"

#include <arpa/inet.h>

#include "core/buf.h"
#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "core/vec.h"

enum { EXPANDED_MAX = 1 << 16, NIBBLES = 64 };

static const char delimiters[] = ".-+,/_=";

/* "%{d2r-}" at the beginning of s: its parts. */
struct macro {
	char letter; /* lower case; '%', '_' or '-' for the short ones */
	bool escape; /* a capital: escaped as in URLs */
	bool reverse;
	uint64_t keep; /* parts from the right; 0: all */
	struct str delimiters;
	size_t n; /* bytes of it */
};

static bool
read_macro(struct str s, struct macro *out)
{
	size_t i = 3, from;
	bool digits = false;

	*out = (struct macro){ .n = 2 };
	if (s.n < 2)
		return false;
	out->letter = s.p[1];
	if (ascii_is_in(s.p[1], "%_-"))
		return true;
	if (s.p[1] != '{' || s.n < 4 || !ascii_is_letter(s.p[2]))
		return false;
	out->letter = ascii_lower(s.p[2]);
	out->escape = ascii_is_upper(s.p[2]);
	for (; i < s.n && ascii_is_digit(s.p[i]); i++) {
		digits = true;
		if (out->keep < 1000)
			out->keep = out->keep * 10 + (uint64_t)(s.p[i] - '0');
	}
	if (digits && out->keep == 0)
		return false;
	if (i < s.n && ascii_lower(s.p[i]) == 'r') {
		out->reverse = true;
		i++;
	}
	from = i;
	while (i < s.n && ascii_is_in(s.p[i], delimiters))
		i++;
	out->delimiters = str_sub(s, from, i - from);
	out->n = i + 1;
	return i < s.n && s.p[i] == '}';
}

bool
spf_is_macro_string(struct str s, bool explains)
{
	for (size_t i = 0; i < s.n; i++) {
		struct macro m;

		if (s.p[i] != '%') {
			if (s.p[i] < (explains ? ' ' : '!') || s.p[i] > '~')
				return false;
			continue;
		}
		if (!read_macro(str_sub(s, i, s.n), &m) ||
		    (m.n > 2 && !ascii_is_in(m.letter,
				    explains ? "slodiphvcrt" : "slodiphv")))
			return false;
		i += m.n - 1;
	}
	return true;
}

/* alphanum and hyphens, no hyphen at an end, not digits alone. */
static bool
is_top_label(struct str s)
{
	bool other = false;

	if (s.n == 0 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
		other |= !ascii_is_digit(s.p[i]);
	}
	return other;
}

bool
spf_is_domain_spec(struct str s)
{
	struct str last = s;
	ptrdiff_t dot;

	if (s.n == 0 || !spf_is_macro_string(s, false))
		return false;
	/* Where the last macro ends all of it, that is the end. */
	if (s.p[s.n - 1] == '}') {
		size_t at = 0;

		for (struct macro m; at < s.n; at += m.n) {
			m.n = 1;
			if (s.p[at] == '%')
				(void)read_macro(str_sub(s, at, s.n), &m);
			if (at + m.n == s.n && m.n > 2)
				return true;
		}
		return false;
	}
	if (s.n >= 2 && s.p[s.n - 2] == '%' && ascii_is_in(s.p[s.n - 1], "%_-"))
		return true;
	if (last.p[last.n - 1] == '.')
		last.n--;
	dot = str_rchr(last, '.');
	return dot >= 0 && is_top_label(str_sub(last, (size_t)dot + 1, last.n));
}

bool
spf_needs_validated(struct str s)
{
	return str_find_nocase(s, STR("%{p")) >= 0;
}

/* i: IPv4 as it is, IPv6 as nibbles with dots. */
static struct str
dotted(const struct spf_letters *l, struct arena *a)
{
	char *to = arena_alloc(a, NIBBLES);
	size_t n = 0;

	if (!l->six)
		return l->address;
	for (size_t i = 0; i < 16; i++) {
		to[n++] = ASCII_HEX_LOWER[l->bytes[i] >> 4];
		to[n++] = '.';
		to[n++] = ASCII_HEX_LOWER[l->bytes[i] & 15];
		to[n++] = '.';
	}
	return str_make(to, n - 1);
}

static struct str
letter_text(char letter, const struct spf_letters *l, struct arena *a)
{
	switch (letter) {
	case 's':
		return l->sender;
	case 'l':
		return l->local;
	case 'o':
		return l->of;
	case 'd':
		return l->domain;
	case 'i':
		return dotted(l, a);
	case 'p':
		return l->validated.n > 0 ? l->validated : STR("unknown");
	case 'v':
		return l->six ? STR("ip6") : STR("in-addr");
	case 'h':
		return l->helo;
	case 'c':
		return l->address;
	case 'r':
		return l->receiver.n > 0 ? l->receiver : STR("unknown");
	default:
		return arena_printf(a, "%lld", (long long)(l->at / 1000000));
	}
}

struct parts VEC(struct str);

/* Cut at the delimiters, turned round, the last ones kept, with dots. */
static struct str
transformed(struct str s, const struct macro *m, struct arena *a)
{
	struct parts parts = { 0 };
	struct str by = m->delimiters.n > 0 ? m->delimiters : STR(".");
	char *to = arena_alloc(a, s.n + 1);
	size_t from = 0, n = 0, first;

	if (m->keep == 0 && !m->reverse && m->delimiters.n == 0)
		return s;
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && str_chr(by, s.p[i]) < 0)
			continue;
		vec_add_in(a, &parts, str_sub(s, from, i - from));
		from = i + 1;
	}
	first = m->keep == 0 || m->keep > parts.n ? 0 : parts.n - m->keep;
	for (size_t i = first; i < parts.n; i++) {
		struct str part = parts.v[m->reverse ? parts.n - 1 - i : i];

		if (i > first)
			to[n++] = '.';
		if (part.n > 0)
			memcpy(to + n, part.p, part.n);
		n += part.n;
	}
	return str_make(to, n);
}

/* Unreserved characters of RFC 3986 stay. */
static void
add_escaped(struct buf *out, struct str s)
{
	percent_encode(out, s, "-._~");
}

struct str
spf_expand(struct str s, const struct spf_letters *l, struct arena *a)
{
	struct buf out;
	struct str done;

	buf_init(&out, EXPANDED_MAX);
	for (size_t i = 0; i < s.n;) {
		struct macro m;
		struct str text;

		if (s.p[i] != '%' || !read_macro(str_sub(s, i, s.n), &m)) {
			buf_add_char(&out, s.p[i++]);
			continue;
		}
		i += m.n;
		if (m.n == 2) {
			buf_add_z(&out, m.letter == '%'   ? "%"
					: m.letter == '_' ? " "
							  : "%20");
			continue;
		}
		text = transformed(letter_text(m.letter, l, a), &m, a);
		if (m.escape)
			add_escaped(&out, text);
		else
			buf_add_str(&out, text);
	}
	done = arena_dup(a, buf_str(&out));
	buf_release(&out);
	return done;
}
