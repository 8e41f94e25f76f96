#include "identify/verify/spfrecord.h"

#include <arpa/inet.h>

#include "core/text/ascii.h"
#include "core/vec.h"
#include "identify/verify/spf.h"
#include "identify/verify/spfmacro.h"

struct terms VEC(struct spf_term);

bool
spf_is_record(struct str text)
{
	return str_starts_nocase(text, STR("v=spf1")) &&
	       (text.n == 6 || text.p[6] == ' ');
}

/* "24" without leading zeros, at most max. */
static int
prefix(struct str s, unsigned max, unsigned *out)
{
	int64_t n;

	if (!str_is_digits(s) || s.n > 3 || (s.n > 1 && s.p[0] == '0') ||
	    str_to_int(s, &n) < 0 || n > (int64_t)max)
		return -1;
	*out = (unsigned)n;
	return 0;
}

/* Takes "/24", "//64" or both off the end of s. */
static int
take_prefixes(struct str *s, struct spf_term *t)
{
	ptrdiff_t two = str_find(*s, STR("//"));
	size_t i;

	t->four = 32;
	t->six = 128;
	if (two >= 0 && str_is_digits(str_sub(*s, (size_t)two + 2, s->n))) {
		if (prefix(str_sub(*s, (size_t)two + 2, s->n), 128, &t->six) !=
		    0)
			return -1;
		s->n = (size_t)two;
	}
	i = s->n;
	while (i > 0 && ascii_is_digit(s->p[i - 1]))
		i--;
	if (i == 0 || s->p[i - 1] != '/')
		return 0;
	if (prefix(str_sub(*s, i, s->n), 32, &t->four) != 0)
		return -1;
	s->n = i - 1;
	return 0;
}

/* "192.0.2.0/24" or "2001:db8::/32". */
static int
read_network(struct str s, struct spf_term *t)
{
	bool six = t->mechanism == SPF_IP6;
	ptrdiff_t slash = str_chr(s, '/');
	struct str host = slash < 0 ? s : str_sub(s, 0, (size_t)slash);
	char text[64];

	t->four = 32;
	t->six = 128;
	if (host.n == 0 || host.n >= sizeof(text))
		return -1;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, text, t->network) != 1)
		return -1;
	return slash < 0 ? 0
			 : prefix(str_sub(s, (size_t)slash + 1, s.n),
			       six ? 128 : 32, six ? &t->six : &t->four);
}

/* What a mechanism's name has behind it. */
static int
read_rest(struct str rest, struct spf_term *t)
{
	enum spf_mechanism m = t->mechanism;

	t->domain = STR_NONE;
	if (m == SPF_ALL)
		return rest.n == 0 ? 0 : -1;
	if (m == SPF_IP4 || m == SPF_IP6)
		return rest.n > 1 && rest.p[0] == ':'
			   ? read_network(str_sub(rest, 1, rest.n), t)
			   : -1;
	if ((m == SPF_A || m == SPF_MX) && take_prefixes(&rest, t) != 0)
		return -1;
	if (rest.n == 0)
		return m == SPF_INCLUDE || m == SPF_EXISTS ? -1 : 0;
	if (rest.p[0] != ':')
		return -1;
	t->domain = str_sub(rest, 1, rest.n);
	return spf_is_domain_spec(t->domain) ? 0 : -1;
}

static int
read_mechanism(struct str s, struct spf_term *t)
{
	static const char *const names[] = { [SPF_ALL] = "all",
		[SPF_INCLUDE] = "include",
		[SPF_A] = "a",
		[SPF_MX] = "mx",
		[SPF_PTR] = "ptr",
		[SPF_IP4] = "ip4",
		[SPF_IP6] = "ip6",
		[SPF_EXISTS] = "exists" };
	size_t n = 0;

	t->qualifier = '+';
	if (s.n > 0 && ascii_is_in(s.p[0], "+-~?")) {
		t->qualifier = s.p[0];
		s = str_sub(s, 1, s.n);
	}
	while (n < s.n && s.p[n] != ':' && s.p[n] != '/')
		n++;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(str_sub(s, 0, n), str_of(names[i]))) {
			t->mechanism = (enum spf_mechanism)i;
			return read_rest(str_sub(s, n, s.n), t);
		}
	return -1;
}

/* ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) before a "=", or -1. */
static ptrdiff_t
modifier_name(struct str s)
{
	size_t n = 0;

	while (n < s.n && (ascii_is_letter(s.p[n]) ||
			      (n > 0 && (ascii_is_digit(s.p[n]) ||
					    ascii_is_in(s.p[n], "-_.")))))
		n++;
	return n > 0 && n < s.n && s.p[n] == '=' ? (ptrdiff_t)n : -1;
}

static int
read_modifier(struct str s, size_t n, struct spf_record *out)
{
	struct str name = str_sub(s, 0, n), value = str_sub(s, n + 1, s.n);
	struct str *to = str_eq_nocase(name, STR("redirect")) ? &out->redirect
			 : str_eq_nocase(name, STR("exp"))    ? &out->exp
							      : NULL;

	/* What nobody knows is let be, where it is well written. */
	if (to == NULL)
		return spf_is_macro_string(value, false) ? 0 : -1;
	if (to->p != NULL || !spf_is_domain_spec(value))
		return -1;
	*to = value;
	return 0;
}

int
spf_read_record(struct str text, struct arena *a, struct spf_record *out)
{
	struct str rest = str_sub(text, 6, text.n);
	struct terms terms = { 0 };

	*out = (struct spf_record){ 0 };
	if (!str_is_ascii(text))
		return -1;
	while (rest.p != NULL) {
		struct str s = str_split(&rest, ' ');
		ptrdiff_t name = modifier_name(s);
		struct spf_term t = { .mechanism = SPF_ALL };

		if (s.n == 0)
			continue;
		if (name >= 0) {
			if (read_modifier(s, (size_t)name, out) != 0)
				return -1;
			continue;
		}
		if (terms.n == SPF_TERMS || read_mechanism(s, &t) != 0)
			return -1;
		vec_add_in(a, &terms, t);
	}
	out->v = terms.v;
	out->n = terms.n;
	return 0;
}
