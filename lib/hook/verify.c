#include "hook/verify.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/text/base64.h"
#include "core/time.h"
#include "core/vec.h"
#include "hook/member.h"

enum {
	SIGNED_MAX = 3 * HOOK_BODY, /* bytes: a form grows by nothing */
	URLS = 4, /* ways to write one */
	SIGNATURES = 8, /* in one header */
	FIELDS = 10000, /* of a form */
};

struct check {
	const struct hook_rule *rule;
	const struct hook_request *r;
	struct arena arena;
	struct buf text; /* what is signed */
	struct str time;
	struct str given[SIGNATURES]; /* decoded */
	size_t given_count;
	struct str urls[URLS];
	size_t url_count;
	bool whole; /* all of what is signed is in text */
};

/* Takes as long whatever is equal. */
static bool
same(struct str a, struct str b)
{
	unsigned char differ = 0;

	if (a.n != b.n || a.n == 0)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differ |= (unsigned char)(a.p[i] ^ b.p[i]);
	return differ == 0;
}

int
hook_time(struct str s, enum hook_unit unit, int64_t *out)
{
	int64_t n;

	if (unit == HOOK_RFC3339)
		return time_parse(s, out);
	if (!str_is_digits(s) || str_to_int(s, &n) < 0 ||
	    n > INT64_MAX / TIME_SECOND)
		return -1;
	*out = n * (unit == HOOK_SECONDS ? TIME_SECOND : TIME_SECOND / 1000);
	return 0;
}

/* The name in the next braces of a template, *before what stands before them;
 * absent at its end. */
static struct str
next_hole(struct str *rest, struct str *before)
{
	ptrdiff_t open = str_chr(*rest, '{'), close;
	struct str name;

	*before = str_sub(*rest, 0, open < 0 ? rest->n : (size_t)open);
	*rest = str_sub(*rest, before->n + (open >= 0), rest->n);
	if (open < 0)
		return STR_NONE;
	close = str_chr(*rest, '}');
	if (close < 0)
		return STR(""); /* no name */
	name = str_sub(*rest, 0, (size_t)close);
	*rest = str_sub(*rest, name.n + 1, rest->n);
	return name;
}

bool
hook_template_is_good(struct str sign)
{
	static const char *const names[] = { "body", "time", "url", "form",
		NULL };
	struct str before, name;
	size_t holes = 0;

	for (; (name = next_hole(&sign, &before)).p != NULL; holes++)
		if (!str_is_one_of(name, names) &&
		    !(str_starts(name, STR("header:")) && name.n > 7))
			return false;
	return holes > 0;
}

struct field {
	struct str name, value;
};

static int
by_name(const void *a, const void *b)
{
	const struct field *x = a, *y = b;
	int order = str_cmp(x->name, y->name);

	return order != 0 ? order : str_cmp(x->value, y->value);
}

static void
add_form(struct check *c)
{
	struct VEC(struct field) fields = { 0 };
	struct str rest = c->r->body;

	if (!hook_is_form(c->r))
		return;
	while (rest.n > 0 && c->whole) {
		struct str value = str_split(&rest, '&');
		struct str name = str_split(&value, '=');
		struct field f = { hook_unescape(name, &c->arena),
			hook_unescape(value, &c->arena) };

		vec_add(&fields, f);
		/* What is left out would not be signed. */
		c->whole = fields.n < FIELDS;
	}
	if (fields.n > 0)
		qsort(fields.v, fields.n, sizeof(*fields.v), by_name);
	for (size_t i = 0; i < fields.n; i++) {
		if (i > 0 && by_name(&fields.v[i - 1], &fields.v[i]) == 0)
			continue;
		buf_add_str(&c->text, fields.v[i].name);
		buf_add_str(&c->text, fields.v[i].value);
	}
	vec_release(&fields);
}

/* What is signed, where our address is written like this. */
static void
write_signed(struct check *c, struct str url)
{
	struct str rest = c->rule->sign, before, name;

	buf_reset(&c->text);
	c->whole = true;
	do {
		name = next_hole(&rest, &before);
		buf_add_str(&c->text, before);
		if (str_is(name, "body"))
			buf_add_str(&c->text, c->r->body);
		else if (str_is(name, "time"))
			buf_add_str(&c->text, c->time);
		else if (str_is(name, "url"))
			buf_add_str(&c->text, url);
		else if (str_is(name, "form"))
			add_form(c);
		else if (name.p != NULL)
			buf_add_str(&c->text,
			    hook_header(c->r, str_sub(name, 7, name.n)));
	} while (name.p != NULL);
	c->whole &= !c->text.over;
}

/* The other way to write the port of an address; absent where it has one that
 * is not its scheme's. */
static struct str
other_port(struct check *c, struct str url)
{
	bool tls = str_starts(url, STR("https://"));
	size_t from = tls ? 8 : 7, to;
	struct str host = str_sub(url, from, url.n), tail, port;
	ptrdiff_t slash = str_chr(host, '/');

	host = str_sub(host, 0, slash < 0 ? host.n : (size_t)slash);
	to = from + host.n;
	tail = str_sub(url, to, url.n);
	port = tls ? STR(":443") : STR(":80");
	if (str_ends(host, port))
		return ARENA_JOIN(
		    &c->arena, str_sub(url, 0, to - port.n), tail);
	if (str_chr(host, ':') >= 0)
		/* With another one Twilio signs without it, too. */
		return ARENA_JOIN(&c->arena,
		    str_sub(url, 0, from + (size_t)str_chr(host, ':')), tail);
	return ARENA_JOIN(&c->arena, str_sub(url, 0, to), port, tail);
}

static struct str
other_quotes(struct check *c, struct str url)
{
	struct buf b;
	struct str out;

	buf_init(&b, 3 * url.n + 1);
	for (size_t i = 0; i < url.n; i++) {
		if (str_starts(str_sub(url, i, 3), STR("%27"))) {
			buf_add_char(&b, '\'');
			i += 2;
		} else if (url.p[i] == '\'') {
			buf_add_z(&b, "%27");
		} else {
			buf_add_char(&b, url.p[i]);
		}
	}
	out = arena_dup(&c->arena, buf_str(&b));
	buf_release(&b);
	return out;
}

static void
add_url(struct check *c, struct str url)
{
	for (size_t i = 0; i < c->url_count; i++)
		if (str_eq(c->urls[i], url))
			return;
	c->urls[c->url_count++] = url;
}

static void
find_urls(struct check *c)
{
	struct str query = hook_variable(c->r, "QUERY_STRING");
	struct str url = c->rule->url;

	if (str_find(c->rule->sign, STR("{url}")) < 0) {
		c->urls[c->url_count++] = url;
		return;
	}
	if (query.n > 0)
		url = ARENA_JOIN(&c->arena, url,
		    str_chr(url, '?') < 0 ? STR("?") : STR("&"), query);
	c->urls[c->url_count++] = url;
	add_url(c, other_port(c, url));
	add_url(c, other_quotes(c, c->urls[0]));
	if (c->url_count > 2)
		add_url(c, other_quotes(c, c->urls[1]));
}

/* Absent where it is not written so. */
static struct str
decode(struct check *c, struct str s)
{
	char *to = arena_alloc(&c->arena, BASE64_DECODED(s.n) + 1);
	size_t n = 0;

	if (c->rule->coding == HOOK_TEXT)
		return s;
	if (c->rule->coding == HOOK_BASE64)
		return base64_is(s) ? str_make(to, base64_decode(s, to))
				    : STR_NONE;
	if (s.n % 2 != 0)
		return STR_NONE;
	for (; n < s.n / 2; n++) {
		int high = ascii_hex(s.p[2 * n]),
		    low = ascii_hex(s.p[2 * n + 1]);

		if (high < 0 || low < 0)
			return STR_NONE;
		to[n] = (char)(high * 16 + low);
	}
	return str_make(to, n);
}

/* Where it stands. */
static struct str
place_of(const struct hook_rule *rule)
{
	return rule->query.n > 0 ? rule->query : rule->header;
}

static const char *
kind_of(const struct hook_rule *rule)
{
	return rule->query.n > 0 ? "parameter" : "header";
}

static int
find_given(struct check *c, struct err *e)
{
	const struct hook_rule *rule = c->rule;
	struct str rest = str_trim(
		       rule->query.n > 0
			   ? hook_parameter(c->r, rule->query, &c->arena)
			   : hook_header(c->r, rule->header)),
		   one;

	if (rest.n == 0)
		return err_set(e, "the %s %.*s is missing", kind_of(rule),
		    STR_ARG(place_of(rule)));
	while (rest.p != NULL && c->given_count < SIGNATURES) {
		one = rule->several ? str_split(&rest, ' ') : rest;
		if (!rule->several)
			rest = STR_NONE;
		if (!str_starts(one, rule->prefix))
			continue;
		one = decode(c, str_sub(one, rule->prefix.n, one.n));
		if (one.n > 0)
			c->given[c->given_count++] = one;
	}
	if (c->given_count > 0)
		return 0;
	return err_set(e, "the %s %.*s is not %.*s%sa signature in %s",
	    kind_of(rule), STR_ARG(place_of(rule)), STR_ARG(rule->prefix),
	    rule->prefix.n > 0 ? " and " : "", hook_codings[rule->coding]);
}

static int
check_time(struct check *c, int64_t now, struct err *e)
{
	const struct hook_rule *rule = c->rule;
	int64_t at, most = rule->tolerance * TIME_SECOND;

	if (rule->time.p == NULL)
		return 0;
	c->time = hook_header(c->r, rule->time);
	if (hook_time(c->time, rule->unit, &at) < 0)
		return err_set(e, "the header %.*s must be a time (%s)",
		    STR_ARG(rule->time), hook_units[rule->unit]);
	if (most > 0 && (at > now + most || at < now - most))
		return err_set(e,
		    "the time in %.*s is %" PRId64 " seconds from ours, more "
		    "than %" PRId64 "; it is old, or a clock is wrong",
		    STR_ARG(rule->time),
		    (at > now ? at - now : now - at) / TIME_SECOND,
		    rule->tolerance);
	return 0;
}

/* Of a body that is not signed itself the hash stands in the query, which is. */
static int
check_digest(struct check *c, struct err *e)
{
	struct str given;
	char want[64];
	uint8_t sum[32];

	if (c->rule->digest.p == NULL || hook_is_form(c->r))
		return 0;
	given = hook_parameter(c->r, c->rule->digest, &c->arena);
	if (given.p == NULL && c->r->body.n == 0)
		return 0;
	hash_sha256(c->r->body.p, c->r->body.n, sum);
	for (size_t i = 0; i < 32; i++) {
		want[2 * i] = ASCII_HEX_LOWER[sum[i] >> 4];
		want[2 * i + 1] = ASCII_HEX_LOWER[sum[i] & 15];
	}
	if (given.n == 64 && str_eq_nocase(given, str_make(want, 64)))
		return 0;
	return err_set(e, "%.*s in the query is not the hash of the body",
	    STR_ARG(c->rule->digest));
}

/* Does one of the signatures fit this secret and what is signed? */
static bool
fits(struct check *c, struct str secret)
{
	static const enum hash_algorithm algorithms[] = { HASH_SHA256,
		HASH_SHA1, HASH_SHA512 };
	uint8_t mac[HASH_MOST];
	struct str want = secret;
	struct hash_key *key = NULL;
	bool good = false;

	if (c->rule->algorithm == HOOK_ED25519)
		key = hash_key_read(HASH_KEY_ED25519, secret);
	else if (c->rule->algorithm != HOOK_EQUAL)
		want = str_make(
		    (const char *)mac, hash_mac(algorithms[c->rule->algorithm],
					   secret, buf_str(&c->text), mac));
	for (size_t i = 0; i < c->given_count; i++)
		good |= c->rule->algorithm == HOOK_ED25519
			    ? key != NULL && hash_key_signed_text(key,
						 buf_str(&c->text), c->given[i])
			    : same(want, c->given[i]);
	hash_key_free(key);
	return good;
}

static int
check_signature(struct check *c, struct err *e)
{
	const struct hook_rule *rule = c->rule;
	bool good = false;

	for (size_t u = 0; u < c->url_count && !good; u++) {
		if (rule->algorithm != HOOK_EQUAL)
			write_signed(c, c->urls[u]);
		for (size_t i = 0; i < rule->secret_count && c->whole; i++)
			good |= fits(c, rule->secrets[i]);
	}
	if (good)
		return 0;
	if (rule->algorithm == HOOK_EQUAL)
		return err_set(e, "the %s %.*s is not the secret",
		    kind_of(rule), STR_ARG(place_of(rule)));
	return err_set(e,
	    "the signature in %.*s does not fit: %.*s by %s, %zu bytes%s%.*s",
	    STR_ARG(rule->header), STR_ARG(rule->sign),
	    hook_algorithms[rule->algorithm], c->text.n,
	    c->urls[0].n > 0 ? ", url " : "", STR_ARG(c->urls[0]));
}

static bool
is_a_secret(void *arg, struct str value)
{
	const struct hook_rule *rule = arg;
	bool good = false;

	for (size_t i = 0; i < rule->secret_count; i++)
		good |= same(rule->secrets[i], value);
	return good;
}

static int
check_members(
    const struct hook_rule *rule, const struct hook_request *r, struct err *e)
{
	if (hook_members_fit(r->body, rule->list, rule->member, is_a_secret,
		(void *)(uintptr_t)rule))
		return 0;
	return rule->list.n > 0
		   ? err_set(e,
			 "the member %.*s of what is in %.*s is not the secret "
			 "everywhere",
			 STR_ARG(rule->member), STR_ARG(rule->list))
		   : err_set(e, "the member %.*s is not the secret",
			 STR_ARG(rule->member));
}

int
hook_verify(const struct hook_rule *rule, const struct hook_request *r,
    int64_t now, struct err *e)
{
	struct check c = { .rule = rule, .r = r, .whole = true };
	int rc;

	if (rule->member.n > 0)
		return check_members(rule, r, e);
	buf_init(&c.text, SIGNED_MAX);
	rc = find_given(&c, e);
	if (rc == 0)
		rc = check_time(&c, now, e);
	if (rc == 0)
		rc = check_digest(&c, e);
	if (rc == 0) {
		find_urls(&c);
		rc = check_signature(&c, e);
	}
	buf_release(&c.text);
	arena_release(&c.arena);
	return rc;
}
