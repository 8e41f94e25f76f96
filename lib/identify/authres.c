#include "identify/authres.h"

#include "core/text/ascii.h"
#include "identify/keys.h"

/* What ends a token, always or where it is asked for; what begins CFWS. */
enum {
	ENDS = 1,
	EQUALS = 2,
	DOT = 4,
	SLASH = 8,
	CFWS = 16,
	UPPER = 32, /* ends none */
	ODD = 64, /* stands in no value */
	NAME = 128, /* letters, digits, '-' and '_' */
};

static const unsigned char kinds[256] = {
	['\0' ... '\x08'] = ENDS | ODD,
	['\t' ... '\n'] = ENDS | CFWS,
	['\x0b' ... '\x0c'] = ENDS | ODD,
	['\r'] = ENDS | CFWS,
	['\x0e' ... '\x1f'] = ENDS | ODD,
	[' '] = ENDS | CFWS,
	['('] = ENDS | CFWS,
	[')'] = ENDS,
	['"'] = ENDS,
	[';'] = ENDS,
	['\\'] = ENDS | ODD,
	['\x7f'] = ENDS | ODD,
	['='] = EQUALS,
	['.'] = DOT,
	['/'] = SLASH,
	['A' ... 'Z'] = UPPER | NAME,
	['a' ... 'z'] = NAME,
	['0' ... '9'] = NAME,
	['-'] = NAME,
	['_'] = NAME,
};

/* A cursor over the field's body. */
struct scan {
	struct str s;
	size_t i;
	struct arena *a;
	const char *odd; /* what no server would have written; NULL */
};

/* Nothing is read behind the first thing that is odd. */
static bool
odd(struct scan *c, const char *why)
{
	if (c->odd == NULL)
		c->odd = why;
	c->i = c->s.n;
	return false;
}

static bool
at_end(const struct scan *c)
{
	return c->i >= c->s.n;
}

static char
peek(const struct scan *c)
{
	return at_end(c) ? '\0' : c->s.p[c->i];
}

/*
 * A comment from its "(".  Servers tell in comments whom the envelope names: a
 * quote or a backslash there is the sender's, and who takes it for the server's
 * would end the comment elsewhere.
 */
static void
skip_comment(struct scan *c)
{
	unsigned depth = 0;

	for (; !at_end(c); c->i++) {
		char ch = c->s.p[c->i];

		if (ch == '(') {
			if (++depth > AUTHRES_COMMENT_DEPTH) {
				odd(c, "comments too deep");
				return;
			}
		} else if (ch == ')' && --depth == 0) {
			c->i++;
			return;
		} else if (ch == '"' || ch == '\\') {
			odd(c, "a quote in a comment");
			return;
		}
	}
	odd(c, "a comment that never ends");
}

/* CFWS of RFC 5322 3.2.2. */
static inline void
skip_space(struct scan *c)
{
	while (!at_end(c) && (kinds[(unsigned char)peek(c)] & CFWS) != 0) {
		if (peek(c) == '(')
			skip_comment(c);
		else
			c->i++;
	}
}

static bool
take(struct scan *c, char ch)
{
	skip_space(c);
	if (at_end(c) || peek(c) != ch)
		return false;
	c->i++;
	return true;
}

/*
 * A quoted string's content.  An escape, and what goes on behind it as a quoted
 * local part does, is the sender's; so is what ends a result or begins a
 * comment, where the sender chose the value.
 */
static struct str
quoted(struct scan *c, bool chosen)
{
	size_t from = ++c->i;
	struct str s;

	while (!at_end(c) && peek(c) != '"') {
		char ch = peek(c);

		if ((kinds[(unsigned char)ch] & ODD) != 0 ||
		    (chosen && (ch == ';' || ch == '(' || ch == ')'))) {
			odd(c, "more than words in quotes");
			return STR_NONE;
		}
		c->i++;
	}
	if (at_end(c)) {
		odd(c, "a quote that never ends");
		return STR_NONE;
	}
	s = str_sub(c->s, from, c->i - from);
	c->i++;
	if (!at_end(c) && peek(c) != ';' &&
	    (kinds[(unsigned char)peek(c)] & CFWS) == 0)
		odd(c, "a quoted local part");
	return s;
}

static struct str
lowered(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return str_make(p, s.n);
}

/* Of which kinds characters are: some of them, and all. */
struct seen {
	unsigned some, all;
};

/* Characters up to one of those kinds, white space, or a comment. */
static struct str
token(struct scan *c, unsigned stop, struct seen *seen)
{
	const char *from = c->s.p + c->i, *end = c->s.p + c->s.n, *p = from;
	unsigned kind, some = 0, all = ~0U;

	for (; p < end; p++) {
		kind = kinds[(unsigned char)*p];
		if ((kind & (stop | ENDS)) != 0)
			break;
		some |= kind;
		all &= kind;
	}
	*seen = (struct seen){ some, all };
	c->i += (size_t)(p - from);
	return p == from ? STR_NONE : str_make(from, (size_t)(p - from));
}

/* The same in lower case, of NAME alone (Keyword); false where it is not. */
static bool
keyword(struct scan *c, unsigned stop, struct str *out)
{
	struct seen seen;

	*out = token(c, stop, &seen);
	if ((seen.some & UPPER) != 0)
		*out = lowered(*out, c->a);
	return out->n > 0 && (seen.all & NAME) != 0;
}

/* The kinds of properties (RFC 8601 2.3 and the registry), and experiments. */
static bool
is_ptype(struct str s)
{
	static const char *const names[] = { "header", "smtp", "policy", "body",
		"dns", "dnswl", "mailbox" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(s, names[i]))
			return true;
	return str_starts(s, STR("x-"));
}

/*
 * pvalue: a token or a quoted string, STR_NONE for none.  An encoded word is
 * the sender's: read as text (RFC 2047) it could say anything.
 */
static struct str
value(struct scan *c, bool chosen)
{
	struct seen seen;
	struct str v;

	skip_space(c);
	v = peek(c) == '"' ? quoted(c, chosen) : token(c, 0, &seen);
	if (v.p != NULL && str_find(v, STR("=?")) >= 0)
		odd(c, "an encoded word");
	return v;
}

static bool
has_prop(const struct authres_result *r, struct str type, struct str name)
{
	for (size_t i = 0; i < r->prop_count; i++)
		if (str_eq(r->props[i].type, type) &&
		    str_eq(r->props[i].name, name))
			return true;
	return false;
}

static bool
add_prop(struct scan *c, struct authres_result *r, struct authres_prop p)
{
	if (!is_ptype(p.type))
		return odd(c, "a property of no kind");
	if (has_prop(r, p.type, p.name))
		return odd(c, "a property twice");
	if (r->prop_count == AUTHRES_PROPS)
		return odd(c, "too many properties");
	r->props[r->prop_count++] = p;
	return true;
}

/*
 * One "ptype.property=value", "reason=value", or what servers put there beside
 * the grammar ("action=none").  False where no such thing follows.
 */
static bool
property(struct scan *c, struct authres_result *r)
{
	struct authres_prop p;
	bool named = true;

	skip_space(c);
	if (at_end(c) || peek(c) == ';')
		return false;
	if (!keyword(c, EQUALS | DOT, &p.type))
		return odd(c, "text that is no result");
	p.name = STR_NONE;
	if (take(c, '.')) {
		skip_space(c);
		named = keyword(c, EQUALS, &p.name);
	}
	if (!take(c, '='))
		return odd(c, "text that is no result");
	p.value = value(c, !(str_is(p.type, "header") && str_is(p.name, "b")));
	if (c->odd != NULL || p.name.p == NULL || p.value.p == NULL)
		return c->odd == NULL;
	return named ? add_prop(c, r, p) : odd(c, "a property of no kind");
}

/* A version, of the field or of a method: 1 is the one that there is, and
 * what another one means nobody knows yet (RFC 8601 2.2). */
static void
version(struct scan *c)
{
	struct seen seen;
	struct str s;

	skip_space(c);
	s = token(c, EQUALS, &seen);
	if (!str_is(s, "1"))
		odd(c, s.n > 0 && ascii_is_digit(s.p[0])
			   ? "a version that is not known"
			   : "text that is no result");
}

/* methodspec: Keyword ["/" version] "=" result.  False for "none" alone. */
static bool
result(struct scan *c, struct authres_result *r)
{
	r->prop_count = 0;
	if (!keyword(c, EQUALS | SLASH, &r->method))
		return odd(c, "text that is no result");
	if (take(c, '/'))
		version(c);
	if (!take(c, '=')) {
		if (!str_is(r->method, "none") ||
		    (!at_end(c) && peek(c) != ';'))
			odd(c, "text that is no result");
		return false;
	}
	skip_space(c);
	return keyword(c, EQUALS, &r->result) ||
	       odd(c, "text that is no result");
}

static int
server(struct scan *c, struct str *id)
{
	struct seen seen;

	skip_space(c);
	*id = peek(c) == '"' ? quoted(c, false) : token(c, EQUALS, &seen);
	skip_space(c);
	return id->p == NULL || id->n == 0 || peek(c) == '=' ? -1 : 0;
}

/* Of the envelope's sender, or of the same other thing (HELO, PRA). */
static bool
is_same_identity(const struct authres_result *x, const struct authres_result *y)
{
	bool of = authres_prop(x, "smtp", "mailfrom").p != NULL;

	if (of || authres_prop(y, "smtp", "mailfrom").p != NULL)
		return of && authres_prop(y, "smtp", "mailfrom").p != NULL;
	return x->prop_count == 0 || y->prop_count == 0 ||
	       str_eq(x->props[0].name, y->props[0].name);
}

/*
 * Results that no server gives beside each other: two of DMARC or of a chain of
 * seals, two of SPF for one identity; one of a signature, and that there is
 * none.
 */
static bool
is_contrary(const struct authres *f, const struct authres_result *r)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct authres_result *o = &f->results[i];

		if (!str_eq(o->method, r->method))
			continue;
		if (str_is(r->method, "dmarc") || str_is(r->method, "arc"))
			return true;
		if (str_is(r->method, "dkim") &&
		    (str_is(o->result, "none") || str_is(r->result, "none")))
			return true;
		if (str_is(r->method, "spf") && is_same_identity(o, r))
			return true;
	}
	return false;
}

/* What stands behind the authserv-id. */
static void
results(struct scan *c, struct authres *out)
{
	struct authres_result *r;

	out->n = 0;
	skip_space(c);
	if (!at_end(c) && peek(c) != ';')
		version(c);
	while (take(c, ';')) {
		skip_space(c);
		if (at_end(c) || peek(c) == ';')
			continue;
		if (out->n == AUTHRES_RESULTS) {
			odd(c, "too many results");
			break;
		}
		r = &out->results[out->n];
		if (!result(c, r))
			continue;
		while (property(c, r))
			;
		if (is_contrary(out, r))
			odd(c, "two results that no server gives together");
		out->n++;
	}
	if (!at_end(c))
		odd(c, "text that is no result");
	out->odd = c->odd;
	if (out->odd != NULL)
		out->n = 0;
}

int
authres_parse(struct str body, struct arena *a, struct authres *out)
{
	struct scan c = { body, 0, a, NULL };

	out->n = 0;
	out->odd = NULL;
	if (server(&c, &out->id) != 0)
		return -1;
	results(&c, out);
	return 0;
}

struct str
authres_prop(const struct authres_result *r, const char *type, const char *name)
{
	for (size_t i = 0; i < r->prop_count; i++)
		if (str_is(r->props[i].type, type) &&
		    str_is(r->props[i].name, name))
			return r->props[i].value;
	return STR_NONE;
}

/* Judging. */

/* The domain of a property that may hold a whole address. */
static struct str
prop_domain(struct str v, struct arena *a)
{
	ptrdiff_t at = str_rchr(v, '@');

	if (v.p == NULL)
		return v;
	v = str_sub(v, (size_t)(at + 1), v.n);
	if (v.n > 0 && v.p[v.n - 1] == '>')
		v.n--;
	if (v.n > 0 && v.p[v.n - 1] == '.')
		v.n--;
	return key_domain(v, a);
}

/*
 * Equal, or a parent with at least two labels: who holds the parent holds
 * what is below it, but not the other way round.
 */
static bool
vouches(struct str signer, struct str domain)
{
	if (signer.p == NULL || signer.n == 0)
		return false;
	if (str_eq(signer, domain))
		return true;
	return signer.n < domain.n && str_ends(domain, signer) &&
	       domain.p[domain.n - signer.n - 1] == '.' &&
	       str_chr(signer, '.') > 0;
}

static bool
is_bad(struct str word)
{
	return str_is(word, "fail") || str_is(word, "hardfail") ||
	       str_is(word, "softfail");
}

struct judge {
	struct auth *out;
	struct str domain;
	bool spf_aligned, dkim_aligned, spf_of_sender;
};

static void
judge_dkim(struct judge *j, const struct authres_result *r, struct arena *a)
{
	struct str d = authres_prop(r, "header", "d");
	bool pass = str_is(r->result, "pass"), aligned;

	/* A signature's d= is its i='s domain or above it. */
	if (d.p == NULL)
		d = authres_prop(r, "header", "i");
	d = prop_domain(d, a);
	aligned = pass && vouches(d, j->domain);
	/* Of several signatures the best one speaks. */
	if (j->out->dkim.p == NULL || (pass && !str_is(j->out->dkim, "pass")) ||
	    aligned)
		j->out->dkim = r->result;
	j->dkim_aligned |= aligned;
}

static void
judge_spf(struct judge *j, const struct authres_result *r, struct arena *a)
{
	struct str from = authres_prop(r, "smtp", "mailfrom");

	/* The result on the envelope's sender goes before that on HELO. */
	if (j->out->spf.p != NULL && (j->spf_of_sender || from.p == NULL))
		return;
	j->spf_of_sender = from.p != NULL;
	j->out->spf = r->result;
	j->spf_aligned = str_is(r->result, "pass") &&
			 vouches(prop_domain(from, a), j->domain);
}

static void
judge_dmarc(struct judge *j, const struct authres_result *r, struct arena *a)
{
	struct str from = authres_prop(r, "header", "from");

	/* About another author, or one that is no domain: not about this
	 * mail. */
	if (from.p != NULL && !str_eq(prop_domain(from, a), j->domain))
		return;
	j->out->dmarc = r->result;
}

static void
judge_field(struct judge *j, const struct authres *f, struct arena *a)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct authres_result *r = &f->results[i];

		if (str_is(r->method, "spf"))
			judge_spf(j, r, a);
		else if (str_is(r->method, "dkim"))
			judge_dkim(j, r, a);
		else if (str_is(r->method, "dmarc"))
			judge_dmarc(j, r, a);
		else if (str_is(r->method, "arc"))
			j->out->arc = r->result;
		else if (str_is(r->method, "auth"))
			j->out->submitted |= str_is(r->result, "pass");
	}
}

/*
 * Another field at the same hop: milters write one each, and so may a mail
 * whose server takes none out.  It can do the mail no good.
 */
static void
judge_lower(struct judge *j, const struct authres *f, struct arena *a)
{
	struct str before = j->out->dmarc;

	for (size_t i = 0; i < f->n; i++)
		if (str_is(f->results[i].method, "dmarc") &&
		    is_bad(f->results[i].result))
			judge_dmarc(j, &f->results[i], a);
	if (is_bad(before))
		j->out->dmarc = before;
}

/*
 * The words in which a server says that it could not tell; the last one is
 * Microsoft's guess for domains that have no policy.
 */
static bool
tells_nothing(struct str dmarc)
{
	return dmarc.p == NULL || str_is(dmarc, "none") ||
	       str_is(dmarc, "temperror") || str_is(dmarc, "permerror") ||
	       str_is(dmarc, "bestguesspass");
}

bool
auth_words_fail(struct str spf, struct str dkim, struct str dmarc)
{
	if (!tells_nothing(dmarc))
		return is_bad(dmarc);
	return is_bad(dkim) && is_bad(spf);
}

static enum auth_verdict
verdict(const struct judge *j)
{
	const struct auth *o = j->out;

	if (str_is(o->dmarc, "pass"))
		return AUTH_PASS;
	if (auth_words_fail(o->spf, o->dkim, o->dmarc))
		return AUTH_FAIL;
	if (tells_nothing(o->dmarc) && (j->dkim_aligned || j->spf_aligned))
		return AUTH_PASS;
	return AUTH_NOTHING;
}

bool
auth_is_believed(struct str id, const struct workspace *c)
{
	for (size_t i = 0; i < c->authserv.n; i++)
		if (str_eq_nocase(id, c->authserv.v[i]))
			return true;
	return false;
}

/* A field of a server that we believe, read up to its authserv-id. */
struct counted {
	struct scan rest;
	struct str id;
	int64_t hop;
};

/* False where it is not of such a server. */
static bool
counts(struct json v, const struct workspace *c, struct arena *a,
    struct counted *f)
{
	f->rest =
	    (struct scan){ json_str(json_get(v, "value"), a), 0, a, NULL };
	if (f->rest.s.p == NULL || server(&f->rest, &f->id) != 0 ||
	    !auth_is_believed(f->id, c))
		return false;
	if (json_int(json_get(v, "hop"), &f->hop) != 0 || f->hop < 0)
		f->hop = 0;
	return true;
}

/* The fields that count; *top is the fewest Received fields above one. */
static size_t
counted(struct json list, const struct workspace *c, struct arena *a,
    struct counted out[AUTHRES_FIELDS], int64_t *top)
{
	struct json_iter it = json_each(list);
	size_t n = 0;
	struct json v;

	*top = INT64_MAX;
	for (size_t i = 0; i < AUTHRES_FIELDS && json_next(&it, NULL, &v);
	     i++) {
		if (!counts(v, c, a, &out[n]))
			continue;
		if (out[n].hop < *top)
			*top = out[n].hop;
		n++;
	}
	return n;
}

size_t
auth_servers(struct json list, struct arena *a, struct str out[AUTHRES_FIELDS])
{
	struct json_iter it = json_each(list);
	size_t n = 0;
	struct json v;

	if (json_type(list) != JSON_LIST)
		return 0;
	while (n < AUTHRES_FIELDS && json_next(&it, NULL, &v)) {
		struct scan c = { json_str(json_get(v, "value"), a), 0, a,
			NULL };

		if (c.s.p != NULL && server(&c, &out[n]) == 0)
			n++;
	}
	return n;
}

void
auth_read(struct auth *out, struct json list, struct str domain,
    const struct workspace *c, struct arena *a)
{
	struct judge j = { .out = out, .domain = domain };
	struct counted fields[AUTHRES_FIELDS];
	struct authres *f;
	int64_t top;
	size_t n;

	*out = (struct auth){ 0 };
	if (c->authserv.n == 0 || json_type(list) != JSON_LIST)
		return;
	n = counted(list, c, a, fields, &top);
	if (n == 0)
		return;
	f = arena_alloc(a, sizeof(*f));
	for (size_t i = 0; i < n; i++) {
		if (fields[i].hop != top)
			continue;
		results(&fields[i].rest, f);
		if (out->by.p != NULL) {
			judge_lower(&j, f, a);
			continue;
		}
		out->by = fields[i].id;
		if (f->odd != NULL)
			out->odd = str_of(f->odd);
		judge_field(&j, f, a);
	}
	out->verdict = verdict(&j);
}
