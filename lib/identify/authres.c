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
};

static const unsigned char kinds[256] = {
	['\0'] = ENDS,
	['\t'] = ENDS | CFWS,
	['\n'] = ENDS | CFWS,
	['\r'] = ENDS | CFWS,
	[' '] = ENDS | CFWS,
	['('] = ENDS | CFWS,
	['"'] = ENDS,
	[';'] = ENDS,
	['='] = EQUALS,
	['.'] = DOT,
	['/'] = SLASH,
	['A' ... 'Z'] = UPPER,
};

/* A cursor over the field's body. */
struct scan {
	struct str s;
	size_t i;
	struct arena *a;
	bool broken; /* a quote or comment never ended */
};

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

/* A comment from its "(": past its end, or past all when it never ends. */
static void
skip_comment(struct scan *c)
{
	unsigned depth = 0;

	for (; !at_end(c); c->i++) {
		char ch = c->s.p[c->i];

		if (ch == '\\' && c->i + 1 < c->s.n) {
			c->i++;
		} else if (ch == '(') {
			if (++depth > AUTHRES_COMMENT_DEPTH) {
				c->i = c->s.n;
				c->broken = true;
				return;
			}
		} else if (ch == ')' && --depth == 0) {
			c->i++;
			return;
		}
	}
	c->broken = true;
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

/* A quoted string's content, escapes undone. */
static struct str
quoted(struct scan *c)
{
	char *p = arena_alloc(c->a, c->s.n - c->i + 1);
	size_t n = 0;

	for (c->i++; !at_end(c); c->i++) {
		char ch = peek(c);

		if (ch == '"') {
			c->i++;
			return str_make(p, n);
		}
		if (ch == '\\' && c->i + 1 < c->s.n)
			ch = c->s.p[++c->i];
		p[n++] = ch;
	}
	c->broken = true;
	return STR_NONE;
}

static struct str
lowered(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return str_make(p, s.n);
}

/* Characters up to one of those kinds, white space, or a comment.  *seen (may
 * be NULL) tells of which kinds they are. */
static struct str
token(struct scan *c, unsigned stop, unsigned *seen)
{
	const char *from = c->s.p + c->i, *end = c->s.p + c->s.n, *p = from;
	unsigned kind, all = 0;

	for (; p < end; p++) {
		kind = kinds[(unsigned char)*p];
		if ((kind & (stop | ENDS)) != 0)
			break;
		all |= kind;
	}
	if (seen != NULL)
		*seen = all;
	c->i += (size_t)(p - from);
	return p == from ? STR_NONE : str_make(from, (size_t)(p - from));
}

/* The same in lower case. */
static struct str
word(struct scan *c, unsigned stop)
{
	unsigned seen;
	struct str s = token(c, stop, &seen);

	return (seen & UPPER) != 0 ? lowered(s, c->a) : s;
}

/* pvalue: a token, a quoted string, or a quoted local part before a domain. */
static struct str
value(struct scan *c)
{
	struct str v, rest;

	skip_space(c);
	if (peek(c) != '"')
		return token(c, 0, NULL);
	v = quoted(c);
	if (v.p == NULL || peek(c) != '@')
		return v;
	rest = token(c, 0, NULL);
	return arena_printf(c->a, "%.*s%.*s", STR_ARG(v), STR_ARG(rest));
}

/* To the ";" that ends this result, with quotes and comments minded. */
static void
skip_result(struct scan *c)
{
	while (!at_end(c) && peek(c) != ';') {
		if (peek(c) == '"')
			(void)quoted(c);
		else if (peek(c) == '(')
			skip_comment(c);
		else
			c->i++;
	}
}

/*
 * One "ptype.property=value", "reason=value", or what servers put there beside
 * the grammar ("action=none").  False where no such thing follows.
 */
static bool
property(struct scan *c, struct authres_result *r)
{
	struct str type, name = STR_NONE, v;

	skip_space(c);
	if (at_end(c) || peek(c) == ';')
		return false;
	type = word(c, EQUALS | DOT);
	if (type.p == NULL)
		return false;
	if (take(c, '.')) {
		skip_space(c);
		name = word(c, EQUALS);
	}
	if (!take(c, '='))
		return false;
	v = value(c);
	if (name.p != NULL && v.p != NULL && r->prop_count < AUTHRES_PROPS)
		r->props[r->prop_count++] =
		    (struct authres_prop){ type, name, v };
	return true;
}

/* methodspec: Keyword ["/" version] "=" result. */
static bool
result(struct scan *c, struct authres_result *r)
{
	r->prop_count = 0;
	skip_space(c);
	r->method = word(c, EQUALS | SLASH);
	if (r->method.p == NULL)
		return false;
	if (take(c, '/')) {
		skip_space(c);
		(void)token(c, EQUALS, NULL);
	}
	if (!take(c, '='))
		return false;
	skip_space(c);
	r->result = word(c, EQUALS);
	return r->result.p != NULL;
}

static int
server(struct scan *c, struct str *id)
{
	skip_space(c);
	*id = peek(c) == '"' ? quoted(c) : token(c, EQUALS, NULL);
	skip_space(c);
	return id->p == NULL || id->n == 0 || peek(c) == '=' ? -1 : 0;
}

/* What stands behind the authserv-id. */
static void
results(struct scan *c, struct authres *out)
{
	out->n = 0;
	skip_result(c); /* the version */
	while (take(c, ';')) {
		struct authres_result *r = &out->results[out->n];

		if (out->n == AUTHRES_RESULTS)
			break;
		if (result(c, r)) {
			while (property(c, r))
				;
			out->n++;
		}
		skip_result(c);
	}
	out->broken = c->broken;
}

int
authres_parse(struct str body, struct arena *a, struct authres *out)
{
	struct scan c = { body, 0, a, false };

	out->n = 0;
	out->broken = false;
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
	/* of the fields above the one in hand */
	bool spf_read, dkim_read, dmarc_read, arc_read;
	size_t fields;
};

static void
judge_dkim(struct judge *j, const struct authres_result *r, struct arena *a)
{
	struct str d = authres_prop(r, "header", "d");
	bool pass = str_is(r->result, "pass"), aligned;

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
	/*
	 * A server says it once.  Where it seems to say more, something of the
	 * mail's own (an envelope sender with quotes in it) may have been
	 * taken for a result: the worst one counts.
	 */
	if (j->out->dmarc.p == NULL || is_bad(r->result) ||
	    str_is(j->out->dmarc, "pass"))
		j->out->dmarc = r->result;
}

static void
judge_field(struct judge *j, const struct authres *f, struct arena *a)
{
	bool spf = j->spf_read, dkim = j->dkim_read, dmarc = j->dmarc_read;
	bool arc = j->arc_read;

	for (size_t i = 0; i < f->n; i++) {
		const struct authres_result *r = &f->results[i];
		bool pass = str_is(r->result, "pass");
		/* Where a quote never ends, what follows it may be what the
		 * mail's sender wrote. */
		bool counts = !(f->broken && pass);

		if (str_is(r->method, "spf")) {
			if (!spf && counts)
				judge_spf(j, r, a);
			j->spf_read = true;
		} else if (str_is(r->method, "dkim")) {
			if (!dkim && counts)
				judge_dkim(j, r, a);
			j->dkim_read = true;
		} else if (str_is(r->method, "dmarc")) {
			if (!dmarc && counts)
				judge_dmarc(j, r, a);
			j->dmarc_read = true;
		} else if (str_is(r->method, "arc")) {
			if (!arc && counts)
				j->out->arc = r->result;
			j->arc_read = true;
		} else if (str_is(r->method, "auth")) {
			j->out->submitted |= j->fields == 0 && counts && pass;
		}
	}
	/* What did not fit stands here all the same, not further down. */
	if (f->n == AUTHRES_RESULTS)
		j->spf_read = j->dkim_read = j->dmarc_read = j->arc_read = true;
	j->fields++;
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
	    (struct scan){ json_str(json_get(v, "value"), a), 0, a, false };
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
			false };

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
		if (out->by.p == NULL)
			out->by = fields[i].id;
		judge_field(&j, f, a);
	}
	out->verdict = verdict(&j);
}
