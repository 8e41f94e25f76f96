#include "identify/keys.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "identify/telephone.h"
#include "record/channels.h"
#include "text/unicode.h"

#define LIT(s)                      \
	{                           \
		"" s, sizeof(s) - 1 \
	}

/* Types that are no channel's own. */
static const struct {
	struct str name;
	struct key_type type;
} types[] = {
	{ LIT("shopify"), { TRUST_PLATFORM, false } },
	{ LIT("uid"), { TRUST_PLATFORM, false } },
	{ LIT("user"), { TRUST_PLATFORM, false } },
	{ LIT("customer"), { TRUST_OPERATOR, false } },
	{ LIT("order"), { TRUST_OPERATOR, true } },
};

static const char *const trusts[] = {
	[TRUST_AUTHENTICATED] = "authenticated",
	[TRUST_PLATFORM] = "platform",
	[TRUST_OPERATOR] = "operator",
	[TRUST_PROFILE] = "profile",
	[TRUST_CLAIMED] = "claimed",
	[TRUST_MENTIONED] = "mentioned",
	[TRUST_UNKNOWN] = "unknown",
};

/*
 * What the providers document of their own addresses: Google that dots and
 * "+tag" do not matter and that googlemail.com is gmail.com; Microsoft, Apple
 * and Proton "+tag"; Fastmail "+tag" and tag@user.fastmail.com; Yahoo that a
 * hyphen, which its account names cannot have, begins the keyword of a
 * disposable address.
 */
struct provider {
	struct str domain;
	char tag; /* begins the part that does not matter; 0 for none */
	bool dots; /* dots do not matter */
	struct str same_as; /* the domain that it is another name of */
};

static const struct provider providers[] = {
	{ LIT("gmail.com"), '+', true, { NULL, 0 } },
	{ LIT("googlemail.com"), '+', true, LIT("gmail.com") },
	{ LIT("outlook.com"), '+', false, { NULL, 0 } },
	{ LIT("hotmail.com"), '+', false, { NULL, 0 } },
	{ LIT("live.com"), '+', false, { NULL, 0 } },
	{ LIT("msn.com"), '+', false, { NULL, 0 } },
	{ LIT("icloud.com"), '+', false, { NULL, 0 } },
	{ LIT("me.com"), '+', false, { NULL, 0 } },
	{ LIT("mac.com"), '+', false, { NULL, 0 } },
	{ LIT("proton.me"), '+', false, { NULL, 0 } },
	{ LIT("protonmail.com"), '+', false, { NULL, 0 } },
	{ LIT("protonmail.ch"), '+', false, { NULL, 0 } },
	{ LIT("pm.me"), '+', false, { NULL, 0 } },
	{ LIT("fastmail.com"), '+', false, { NULL, 0 } },
	{ LIT("fastmail.fm"), '+', false, { NULL, 0 } },
	{ LIT("yahoo.com"), '-', false, { NULL, 0 } },
	{ LIT("ymail.com"), '-', false, { NULL, 0 } },
	{ LIT("rocketmail.com"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.de"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.fr"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.it"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.es"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.co.uk"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.co.in"), '-', false, { NULL, 0 } },
	{ LIT("yahoo.com.br"), '-', false, { NULL, 0 } },
};

struct key_type
key_type_of(struct str name)
{
	const struct channel *c;

	if (str_eq(name, STR("email")))
		return (struct key_type){ TRUST_CLAIMED, false };
	if (str_eq(name, STR("tel")))
		return (struct key_type){ TRUST_PLATFORM, false };
	c = channel_of_scheme(name);
	if (c != NULL)
		return (struct key_type){ c->uri == CLAIMED ? TRUST_CLAIMED
							    : TRUST_PLATFORM,
			c->devices };
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (str_eq(name, types[i].name))
			return types[i].type;
	return (struct key_type){ TRUST_CLAIMED, false };
}

const char *
trust_name(enum trust t)
{
	return trusts[t];
}

enum trust
trust_of(struct str name)
{
	for (int t = 0; t < TRUST_UNKNOWN; t++)
		if (str_is(name, trusts[t]))
			return (enum trust)t;
	return TRUST_UNKNOWN;
}

/* What a byte of an address is. */
enum {
	NEVER = 1, /* cannot stand in one without quotes */
	WIDE = 2, /* not ASCII */
	ODD = 4, /* in a domain something that IDNA has a say in */
	DOT = 8, /* such a domain has no two of them in a row */
	HYPHEN = 16, /* likewise */
	UPPER = 'a' - 'A', /* the bit that makes it lower */
};

static const unsigned char kinds[256] = {
	[0 ... ' '] = NEVER,
	['!'] = ODD,
	['"'] = NEVER,
	['#' ... '\''] = ODD,
	['*' ... '+'] = ODD,
	['('] = NEVER,
	[')'] = NEVER,
	[','] = NEVER,
	['-'] = HYPHEN,
	['.'] = DOT,
	['/'] = ODD,
	[':'] = ODD,
	[';'] = NEVER,
	['<'] = NEVER,
	['='] = ODD,
	['>'] = NEVER,
	['?' ... '@'] = ODD,
	['A' ... 'Z'] = UPPER,
	['['] = ODD,
	['\\'] = NEVER,
	[']' ... '^'] = ODD,
	['`'] = ODD,
	['{' ... '~'] = ODD,
	[0x7f] = NEVER,
	[0x80 ... 0xff] = WIDE | ODD,
};

/* Lower-cases into out; the kinds that bytes of it are of, but DOT and HYPHEN
 * only where two stand in a row, or a DOT at the beginning. */
static unsigned
fold_ascii(struct str s, char *out)
{
	unsigned some = 0, twice = 0, before = DOT;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		unsigned kind = kinds[c];

		some |= kind;
		twice |= kind & before;
		out[i] = (char)(c | (kind & UPPER));
		before = kind;
	}
	return (some & (NEVER | WIDE | ODD)) | (twice & (DOT | HYPHEN));
}

/* "john doe" without its quotes and escapes (RFC 5322 3.2.4). */
static struct str
unquote(struct str local, struct arena *a)
{
	char *p;
	size_t n = 0;

	if (local.n < 3 || local.p[0] != '"' || local.p[local.n - 1] != '"')
		return local;
	p = arena_alloc(a, local.n);
	for (size_t i = 1; i < local.n - 1; i++) {
		if (local.p[i] == '\\' && ++i == local.n - 1)
			return local; /* the last quote is escaped */
		if (local.p[i] == '@')
			return local;
		p[n++] = local.p[i];
	}
	return str_make(p, n);
}

static struct str
fold_local(struct str local, struct arena *a)
{
	unsigned found;
	char *p;

	local = unquote(local, a);
	p = arena_alloc(a, local.n + 1);
	if (local.n == 0 || str_chr(local, '@') >= 0)
		return STR_NONE;
	found = fold_ascii(local, p);
	if ((found & NEVER) != 0)
		return STR_NONE;
	if ((found & WIDE) == 0)
		return str_make(p, local.n);
	/*
	 * No compatibility forms: whoever may register a name in full-width
	 * letters, or with a Kelvin sign, must not become somebody else by it.
	 */
	return utf8_is_valid(local) ? unicode_lower(local, a) : STR_NONE;
}

struct str
key_domain(struct str domain, struct arena *a)
{
	bool rooted = domain.n > 0 && domain.p[domain.n - 1] == '.';
	size_t n = domain.n - rooted;
	char *p = arena_alloc(a, domain.n + 1);
	struct str d = { p, n };
	unsigned found = fold_ascii(str_sub(domain, 0, n), p);

	if (domain.n == 0 || (found & NEVER) != 0)
		return STR_NONE;
	if (n > 2 && p[0] == '[' && p[n - 1] == ']')
		return d;
	if (n > 0 && found == 0 && p[n - 1] != '.')
		return d;
	return utf8_is_valid(domain) ? idna_ascii(domain, a) : STR_NONE;
}

static const struct provider *
provider_of(struct str domain)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (domain.n == providers[i].domain.n &&
		    domain.p[0] == providers[i].domain.p[0] &&
		    str_eq(domain, providers[i].domain))
			return &providers[i];
	return NULL;
}

/* tag@user.fastmail.com is user@fastmail.com. */
static void
lift_user(struct str *local, struct str *domain)
{
	static const struct str of[] = { LIT("fastmail.com"),
		LIT("fastmail.fm") };

	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		size_t n = of[i].n;
		struct str user;

		if (domain->n < n + 2 || !str_ends(*domain, of[i]) ||
		    domain->p[domain->n - n - 1] != '.')
			continue;
		user = str_sub(*domain, 0, domain->n - n - 1);
		if (str_chr(user, '.') >= 0)
			continue;
		*local = user;
		*domain = of[i];
	}
}

/* local is in the arena and may be written. */
static void
apply_provider(struct str *local, struct str *domain)
{
	const struct provider *p;
	char *out = (char *)(uintptr_t)local->p;
	ptrdiff_t tag;
	size_t n = 0;

	lift_user(local, domain);
	p = provider_of(*domain);
	if (p == NULL)
		return;
	tag = str_chr(*local, p->tag);
	if (tag > 0)
		local->n = (size_t)tag;
	if (p->dots && local->p == out) {
		for (size_t i = 0; i < local->n; i++)
			if (out[i] != '.')
				out[n++] = out[i];
		if (n > 0)
			local->n = n;
	}
	if (p->same_as.p != NULL)
		*domain = p->same_as;
}

struct str
key_email(struct str address, struct arena *a)
{
	struct str s = str_trim(address), local, domain;
	ptrdiff_t at = str_rchr(s, '@');
	char *p;

	if (at <= 0 || s.n > EMAIL_MAX)
		return STR_NONE;
	local = fold_local(str_sub(s, 0, (size_t)at), a);
	domain = key_domain(str_sub(s, (size_t)at + 1, s.n), a);
	if (local.p == NULL || domain.p == NULL || local.n == 0)
		return STR_NONE;
	apply_provider(&local, &domain);
	if (local.n + 1 + domain.n > EMAIL_MAX)
		return STR_NONE;
	p = arena_alloc(a, local.n + 1 + domain.n);
	memcpy(p, local.p, local.n);
	p[local.n] = '@';
	memcpy(p + local.n + 1, domain.p, domain.n);
	return str_make(p, local.n + 1 + domain.n);
}

bool
key_is_e164(struct str tel)
{
	if (tel.n < 8 || tel.n > 16 || tel.p[0] != '+' || tel.p[1] == '0')
		return false;
	for (size_t i = 1; i < tel.n; i++)
		if (!ascii_is_digit(tel.p[i]))
			return false;
	return true;
}

/*
 * The normal form of an international number with the blanks and signs that
 * people put between its digits, as identify/telephone.h has it; STR_NONE
 * where it is something else.  What needs to know a country's rules is for
 * text/phone.h.
 */
static struct str
tel_of(struct str written, struct arena *a)
{
	struct str s = str_trim(written);
	char *p;
	size_t n = 0;

	if (s.n == 0 || s.n > TEL_TEXT || s.p[0] != '+')
		return STR_NONE;
	p = arena_alloc(a, s.n);
	p[n++] = '+';
	for (size_t i = 1; i < s.n; i++) {
		if (ascii_is_digit(s.p[i]))
			p[n++] = s.p[i];
		else if (s.p[i] != ' ' && s.p[i] != '-' && s.p[i] != '.' &&
			 s.p[i] != '/')
			return STR_NONE;
	}
	return key_is_e164(str_make(p, n)) ? telephone_key(str_make(p, n), a)
					   : STR_NONE;
}

int
key_of_uri(struct str uri, struct str *type, struct str *value, struct arena *a)
{
	ptrdiff_t colon = str_chr(uri, ':');
	char *p;
	size_t n = (size_t)colon;

	if (colon <= 0 || n > 32 || n + 1 >= uri.n || uri.n > KEY_MAX)
		return -1;
	p = arena_alloc(a, n);
	for (size_t i = 0; i < n; i++) {
		p[i] = ascii_lower(uri.p[i]);
		if (!(ascii_is_lower(p[i]) || ascii_is_digit(p[i]) ||
			p[i] == '+' || p[i] == '-' || p[i] == '.'))
			return -1;
	}
	*type = str_make(p, n);
	*value = str_sub(uri, n + 1, uri.n);
	if (!channel_id_is_person(channel_of_scheme(*type), *value))
		return -1;
	return 0;
}

struct str
key_notation(struct str type, struct str value, struct arena *a)
{
	size_t n = type.n + 1 + value.n;
	char *p;

	if (type.n == 0 || value.n == 0 || n > KEY_MAX)
		return STR_NONE;
	p = arena_alloc(a, n);
	memcpy(p, type.p, type.n);
	p[type.n] = ':';
	memcpy(p + type.n + 1, value.p, value.n);
	return str_make(p, n);
}

struct str
key_read(struct str typed, struct arena *a)
{
	struct str s = str_trim(typed), type, value;

	value = tel_of(
	    str_starts_nocase(s, STR("tel:")) ? str_sub(s, 4, s.n) : s, a);
	if (value.p != NULL)
		return key_notation(STR("tel"), value, a);
	if (str_starts_nocase(s, STR("mailto:")))
		s = str_sub(s, 7, s.n);
	if (str_starts_nocase(s, STR("email:")))
		s = str_sub(s, 6, s.n);
	else if (key_of_uri(s, &type, &value, a) == 0)
		return key_notation(type, value, a);
	value = key_email(s, a);
	return value.p == NULL ? STR_NONE
			       : key_notation(STR("email"), value, a);
}
