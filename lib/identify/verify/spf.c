/*
 * Terms are tried from left to right (RFC 7208, 4.6.2); where an answer is
 * pending all stops there, and the next call goes over it again from the
 * beginning: what is known by then costs little.
 */
#include "identify/verify/spf.h"

#include <arpa/inet.h>

#include "core/text/ascii.h"
#include "identify/verify/spfmacro.h"
#include "identify/verify/spfrecord.h"

struct check {
	struct dns *dns;
	struct arena *a;
	struct spf_letters letters;
	unsigned lookups, empty;
	bool explains;
	struct str explanation;
};

/* What a term says of the mail. */
enum match { MATCH_NO, MATCH_YES, MATCH_PENDING, MATCH_TEMP, MATCH_PERM };

static enum auth_word
evaluate(struct check *c, struct str domain, bool outermost);

/* Asks for a term; an empty answer is counted. */
static enum match
ask(struct check *c, struct str name, enum dns_type type,
    const struct dns_answer **out)
{
	*out = dns_ask(c->dns, name, type);
	switch ((*out)->status) {
	case DNS_PENDING:
		return MATCH_PENDING;
	case DNS_FAILED:
		return MATCH_TEMP;
	case DNS_FOUND:
		return MATCH_YES;
	default:
		return ++c->empty > SPF_VOID ? MATCH_PERM : MATCH_NO;
	}
}

static bool
in_network(const uint8_t *address, const uint8_t *network, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	if (memcmp(address, network, bytes) != 0)
		return false;
	return rest == 0 || ((address[bytes] ^ network[bytes]) & mask) == 0;
}

static bool
holds_address(
    const struct check *c, const struct dns_answer *answer, unsigned bits)
{
	for (size_t i = 0; i < answer->n; i++) {
		uint8_t bytes[16];
		char text[INET6_ADDRSTRLEN];

		if (answer->v[i].n >= sizeof(text))
			continue;
		memcpy(text, answer->v[i].p, answer->v[i].n);
		text[answer->v[i].n] = '\0';
		if (inet_pton(c->letters.six ? AF_INET6 : AF_INET, text,
			bytes) == 1 &&
		    in_network(c->letters.bytes, bytes, bits))
			return true;
	}
	return false;
}

static enum match
match_host(
    struct check *c, struct str name, const struct spf_term *t, bool counted)
{
	const struct dns_answer *answer;
	unsigned empty = c->empty;
	enum match m = ask(c, name, c->letters.six ? DNS_AAAA : DNS_A, &answer);

	if (!counted && (m == MATCH_NO || m == MATCH_PERM)) {
		c->empty = empty;
		return MATCH_NO;
	}
	if (m != MATCH_YES)
		return m;
	return holds_address(c, answer, c->letters.six ? t->six : t->four)
		   ? MATCH_YES
		   : MATCH_NO;
}

static enum match
match_mx(struct check *c, struct str domain, const struct spf_term *t)
{
	const struct dns_answer *answer;
	enum match m = ask(c, domain, DNS_MX, &answer), all = MATCH_NO;

	if (m != MATCH_YES)
		return m;
	if (answer->n > SPF_NAMES)
		return MATCH_PERM;
	/* All are asked for at once, and the first that counts says. */
	for (size_t i = 0; i < answer->n; i++) {
		struct str host = answer->v[i];
		ptrdiff_t blank = str_chr(host, ' ');

		host = str_sub(host, (size_t)(blank + 1), host.n);
		if (host.n == 0)
			continue;
		m = match_host(c, host, t, true);
		if (all == MATCH_NO)
			all = m;
	}
	return all;
}

static bool
is_below(struct str name, struct str domain)
{
	return str_eq_nocase(name, domain) ||
	       (name.n > domain.n && str_ends_nocase(name, domain) &&
		   name.p[name.n - domain.n - 1] == '.');
}

/* The name under which the address's names are (RFC 1035, 3.5; 3596, 2.5). */
static struct str
reverse_name(const struct check *c)
{
	const uint8_t *b = c->letters.bytes;
	char *to;
	size_t n = 0;

	if (!c->letters.six)
		return arena_printf(
		    c->a, "%u.%u.%u.%u.in-addr.arpa", b[3], b[2], b[1], b[0]);
	to = arena_alloc(c->a, 80);
	for (int i = 15; i >= 0; i--) {
		to[n++] = ASCII_HEX_LOWER[b[i] & 15];
		to[n++] = '.';
		to[n++] = ASCII_HEX_LOWER[b[i] >> 4];
		to[n++] = '.';
	}
	memcpy(to + n, "ip6.arpa", 8);
	return str_make(to, n + 8);
}

/*
 * The address's own names that lead back to it (5.5): in *best one that is
 * domain, else one below it, else any.  MATCH_YES where there is one.
 */
static enum match
validated(struct check *c, struct str domain, struct str *best)
{
	static const struct spf_term host = { .four = 32, .six = 128 };
	const struct dns_answer *answer;
	enum match m = ask(c, reverse_name(c), DNS_PTR, &answer);
	bool pending = false;

	*best = STR_NONE;
	if (m != MATCH_YES)
		return m == MATCH_TEMP ? MATCH_NO : m;
	for (size_t i = 0; i < answer->n && i < SPF_NAMES; i++) {
		struct str name = answer->v[i];

		m = match_host(c, name, &host, false);
		pending |= m == MATCH_PENDING;
		if (m != MATCH_YES)
			continue;
		if (best->p == NULL || str_eq_nocase(name, domain) ||
		    (is_below(name, domain) && !is_below(*best, domain)))
			*best = name;
	}
	return pending ? MATCH_PENDING : best->p != NULL ? MATCH_YES : MATCH_NO;
}

/* A domain-spec with its macros in place, at most 253 bytes of it. */
static enum match
expand(struct check *c, struct str spec, struct str domain, struct str *out)
{
	struct str s;
	enum match m;

	*out = domain;
	if (spec.p == NULL)
		return MATCH_YES;
	c->letters.domain = domain;
	if (spf_needs_validated(spec)) {
		unsigned empty = c->empty;

		m = validated(c, domain, &c->letters.validated);
		c->empty = empty;
		if (m == MATCH_PENDING)
			return m;
	}
	s = spf_expand(spec, &c->letters, c->a);
	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	while (s.n > SPF_DOMAIN && str_chr(s, '.') >= 0)
		(void)str_split(&s, '.');
	*out = s;
	return MATCH_YES;
}

static enum match
match_include(struct check *c, struct str domain)
{
	struct str outer = c->letters.domain;
	enum auth_word word = evaluate(c, domain, false);

	c->letters.domain = outer;
	switch (word) {
	case WORD_PASS:
		return MATCH_YES;
	case WORD_PENDING:
		return MATCH_PENDING;
	case WORD_TEMPERROR:
		return MATCH_TEMP;
	case WORD_NONE:
	case WORD_PERMERROR:
		return MATCH_PERM;
	default:
		return MATCH_NO;
	}
}

static enum match
match_term(struct check *c, const struct spf_term *t, struct str domain)
{
	const struct dns_answer *answer;
	struct str target;
	enum match m;

	if (t->mechanism == SPF_ALL)
		return MATCH_YES;
	if (t->mechanism == SPF_IP4 || t->mechanism == SPF_IP6) {
		bool six = t->mechanism == SPF_IP6;

		return six == c->letters.six &&
			       in_network(c->letters.bytes, t->network,
				   six ? t->six : t->four)
			   ? MATCH_YES
			   : MATCH_NO;
	}
	if (++c->lookups > SPF_LOOKUPS)
		return MATCH_PERM;
	m = expand(c, t->domain, domain, &target);
	if (m != MATCH_YES)
		return m;
	switch (t->mechanism) {
	case SPF_INCLUDE:
		return match_include(c, target);
	case SPF_A:
		return match_host(c, target, t, true);
	case SPF_MX:
		return match_mx(c, target, t);
	case SPF_EXISTS:
		return ask(c, target, DNS_A, &answer);
	default: {
		struct str name;

		m = validated(c, target, &name);
		return m == MATCH_YES && !is_below(name, target) ? MATCH_NO : m;
	}
	}
}

/* A name that can have a record: two labels or more, none empty or too long
 * (4.3). */
static bool
is_domain(struct str s)
{
	struct str rest = s;
	size_t labels = 0;

	if (s.n > 0 && s.p[s.n - 1] == '.')
		rest.n--;
	if (rest.n == 0 || rest.n > SPF_DOMAIN)
		return false;
	for (; rest.p != NULL; labels++) {
		struct str label = str_split(&rest, '.');

		if (label.n == 0 || label.n > 63)
			return false;
	}
	return labels > 1;
}

/* The one record of the domain (4.4, 4.5); PASS where *out is it. */
static enum auth_word
find_record(struct check *c, struct str domain, struct str *out)
{
	const struct dns_answer *answer;

	if (!is_domain(domain))
		return WORD_NONE;
	answer = dns_ask(c->dns, domain, DNS_TXT);
	if (answer->status == DNS_PENDING)
		return WORD_PENDING;
	if (answer->status == DNS_FAILED)
		return WORD_TEMPERROR;
	*out = STR_NONE;
	for (size_t i = 0; i < answer->n; i++) {
		if (!spf_is_record(answer->v[i]))
			continue;
		if (out->p != NULL)
			return WORD_PERMERROR;
		*out = answer->v[i];
	}
	return out->p == NULL ? WORD_NONE : WORD_PASS;
}

/* What the domain says to who fails (6.2); any trouble, and it says nothing.
 * False while it is pending. */
static bool
explain(struct check *c, struct str spec, struct str domain)
{
	const struct dns_answer *answer;
	struct str name, text;

	c->explanation = STR_NONE;
	if (!c->explains || spec.p == NULL)
		return true;
	if (expand(c, spec, domain, &name) != MATCH_YES)
		return false;
	answer = dns_ask(c->dns, name, DNS_TXT);
	if (answer->status == DNS_PENDING)
		return false;
	if (answer->n != 1 || !spf_is_macro_string(answer->v[0], true))
		return true;
	text = answer->v[0];
	if (spf_needs_validated(text) &&
	    validated(c, domain, &c->letters.validated) == MATCH_PENDING)
		return false;
	c->letters.domain = domain;
	text = spf_expand(text, &c->letters, c->a);
	if (str_is_ascii(text))
		c->explanation = text;
	return true;
}

static enum auth_word
qualified(char qualifier)
{
	return qualifier == '+'   ? WORD_PASS
	       : qualifier == '-' ? WORD_FAIL
	       : qualifier == '~' ? WORD_SOFTFAIL
				  : WORD_NEUTRAL;
}

static enum auth_word
redirect(
    struct check *c, const struct spf_record *r, struct str domain, bool outer)
{
	struct str target;
	enum auth_word word;

	if (++c->lookups > SPF_LOOKUPS)
		return WORD_PERMERROR;
	if (expand(c, r->redirect, domain, &target) != MATCH_YES)
		return WORD_PENDING;
	word = evaluate(c, target, outer);
	return word == WORD_NONE ? WORD_PERMERROR : word;
}

static enum auth_word
evaluate(struct check *c, struct str domain, bool outermost)
{
	struct spf_record r;
	struct str text;
	enum auth_word word = find_record(c, domain, &text);

	if (word != WORD_PASS)
		return word;
	if (spf_read_record(text, c->a, &r) != 0)
		return WORD_PERMERROR;
	for (size_t i = 0; i < r.n; i++) {
		switch (match_term(c, &r.v[i], domain)) {
		case MATCH_NO:
			continue;
		case MATCH_PENDING:
			return WORD_PENDING;
		case MATCH_TEMP:
			return WORD_TEMPERROR;
		case MATCH_PERM:
			return WORD_PERMERROR;
		case MATCH_YES:
			break;
		}
		word = qualified(r.v[i].qualifier);
		if (word == WORD_FAIL && outermost &&
		    !explain(c, r.exp, domain))
			return WORD_PENDING;
		return word;
	}
	return r.redirect.p == NULL ? WORD_NEUTRAL
				    : redirect(c, &r, domain, outermost);
}

/* The address, an IPv4 one also where it is written as IPv6. */
static int
read_address(struct check *c, struct str text)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct spf_letters *l = &c->letters;
	char *s = arena_cstr(c->a, text);
	char *canonical = arena_alloc(c->a, INET6_ADDRSTRLEN);

	l->six = inet_pton(AF_INET6, s, l->bytes) == 1;
	if (!l->six && inet_pton(AF_INET, s, l->bytes) != 1)
		return -1;
	if (l->six && memcmp(l->bytes, mapped, sizeof(mapped)) == 0) {
		memmove(l->bytes, l->bytes + sizeof(mapped), 4);
		l->six = false;
	}
	inet_ntop(
	    l->six ? AF_INET6 : AF_INET, l->bytes, canonical, INET6_ADDRSTRLEN);
	l->address = str_of(canonical);
	return 0;
}

enum auth_word
spf_check(struct dns *d, const struct spf_mail *mail, struct arena *a,
    struct str *explanation)
{
	struct check c = { .dns = d, .a = a, .explains = explanation != NULL };
	struct spf_letters *l = &c.letters;
	struct str sender = mail->sender;
	enum auth_word word;
	ptrdiff_t at;

	if (sender.n == 0)
		sender = mail->helo;
	at = str_rchr(sender, '@');
	l->local = at > 0 ? str_sub(sender, 0, (size_t)at) : STR("postmaster");
	l->of = str_sub(sender, (size_t)(at + 1), sender.n);
	l->sender = at > 0 ? sender
			   : arena_printf(a, "postmaster@%.*s", STR_ARG(l->of));
	l->helo = mail->helo;
	l->receiver = mail->receiver;
	l->at = mail->at;
	if (read_address(&c, mail->address) != 0)
		return WORD_NONE;
	word = evaluate(&c, l->of, true);
	if (explanation != NULL)
		*explanation = word == WORD_FAIL ? c.explanation : STR_NONE;
	return word;
}
