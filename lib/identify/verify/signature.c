#include "identify/verify/signature.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/text/ascii.h"

struct signer_key {
	struct str record; /* the text that it was read from, owned */
	struct hash_key *key;
	bool ed25519;
	bool strict; /* t=s: i= must be d= itself */
};

static void
key_free(struct signer_key *k)
{
	if (k == NULL)
		return;
	hash_key_free(k->key);
	free((char *)(uintptr_t)k->record.p);
	free(k);
}

void
signature_begin(
    struct signature_checker *c, const struct rawmail *mail, int64_t at)
{
	if (c->canonical.max == 0)
		buf_init(&c->canonical, SIGNATURE_MAX);
	c->mail = mail;
	c->at = at;
	c->body_count = 0;
}

void
signature_release(struct signature_checker *c)
{
	for (size_t i = 0; i < SIGNATURE_KEYS; i++)
		key_free(c->keys[i]);
	if (c->canonical.max != 0)
		buf_release(&c->canonical);
}

/* Tags. */

/* A domain as a tag has it: labels of letters, digits, hyphens (and what
 * servers put there), two at least. */
static bool
is_domain(struct str s)
{
	if (s.n == 0 || s.n > 253 || str_chr(s, '.') <= 0)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "-._") &&
		    (unsigned char)s.p[i] < 0x80)
			return false;
	return s.p[s.n - 1] != '.';
}

static bool
is_selector(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "-._"))
			return false;
	return s.n > 0;
}

bool
signature_is_below(struct str s, struct str domain)
{
	return str_eq_nocase(s, domain) ||
	       (s.n > domain.n && str_ends_nocase(s, domain) &&
		   s.p[s.n - domain.n - 1] == '.');
}

int
signature_read_common(
    const struct taglist *tags, struct arena *a, struct signature *out)
{
	struct str algorithm = taglist_get(tags, "a");

	out->domain = taglist_get(tags, "d");
	out->agent = out->domain;
	out->selector = taglist_get(tags, "s");
	out->signature = taglist_base64(taglist_get(tags, "b"), a);
	out->ed25519 = str_is(algorithm, "ed25519-sha256");
	/* SHA-1 proves nothing any more (RFC 8301, 3.1). */
	if (!out->ed25519 && !str_is(algorithm, "rsa-sha256"))
		return -1;
	return is_domain(out->domain) && is_selector(out->selector) &&
		       out->signature.n > 0
		   ? 0
		   : -1;
}

/* "relaxed/simple"; what is missing is simple. */
static int
read_canon(struct str s, struct signature *out)
{
	struct str rest = s, header, body;

	out->header_canon = out->body_canon = CANON_SIMPLE;
	if (s.p == NULL)
		return 0;
	header = str_split(&rest, '/');
	body = rest.p == NULL ? STR("simple") : rest;
	if ((!str_is(header, "simple") && !str_is(header, "relaxed")) ||
	    (!str_is(body, "simple") && !str_is(body, "relaxed")))
		return -1;
	if (str_is(header, "relaxed"))
		out->header_canon = CANON_RELAXED;
	if (str_is(body, "relaxed"))
		out->body_canon = CANON_RELAXED;
	return 0;
}

/* Names between colons, one at least and SIGNATURE_FIELDS at most; what some
 * leave empty is none. */
static bool
is_field_list(struct str list)
{
	struct str rest = list;
	size_t n = 0, named = 0;

	while (rest.p != NULL) {
		struct str name = str_trim(str_split(&rest, ':'));

		if (++n > SIGNATURE_FIELDS)
			return false;
		named += name.n > 0;
		for (size_t i = 0; i < name.n; i++)
			if (name.p[i] <= ' ' || name.p[i] >= 0x7f ||
			    name.p[i] == ';')
				return false;
	}
	return named > 0;
}

/* t= and x=: when it was made, until when it is good. */
static int
check_times(const struct taglist *tags, int64_t at)
{
	struct str made = taglist_get(tags, "t"),
		   until = taglist_get(tags, "x");
	int64_t t = made.p == NULL ? 0 : taglist_number(made);
	int64_t x = until.p == NULL ? 0 : taglist_number(until);

	if (t < 0 || x < 0)
		return -1;
	if (until.p != NULL && ((made.p != NULL && x < t) || x < at / 1000000))
		return -1;
	return 0;
}

int
signature_read_message(const struct taglist *tags, int64_t at, struct arena *a,
    struct signature *out)
{
	struct str length = taglist_get(tags, "l"), q = taglist_get(tags, "q");

	out->fields = taglist_get(tags, "h");
	out->body_hash = taglist_base64(taglist_get(tags, "bh"), a);
	out->length = length.p == NULL ? -1 : taglist_number(length);
	if (out->body_hash.n != 32 || !is_field_list(out->fields) ||
	    (length.p != NULL && out->length < 0) ||
	    (q.p != NULL && !taglist_lists(q, STR("dns/txt"))))
		return -1;
	return read_canon(taglist_get(tags, "c"), out) < 0 ||
		       check_times(tags, at) < 0
		   ? -1
		   : 0;
}

/* Keys. */

/* A key's record (RFC 6376, 3.6.1); NULL where it is none that may be used. */
static struct signer_key *
read_key(struct str record, struct arena *a)
{
	struct signer_key *k;
	struct taglist tags;
	struct str v, kind, hashes, services, flags, p;
	struct hash_key *key;
	bool ed25519;

	if (taglist_read(record, &tags) != 0)
		return NULL;
	v = taglist_get(&tags, "v");
	kind = taglist_get(&tags, "k");
	ed25519 = kind.p != NULL && str_is(kind, "ed25519");
	hashes = taglist_get(&tags, "h");
	services = taglist_get(&tags, "s");
	flags = taglist_get(&tags, "t");
	if ((v.p != NULL &&
		(!str_is(v, "DKIM1") || !str_is(tags.v[0].name, "v"))) ||
	    (hashes.p != NULL && !taglist_lists(hashes, STR("sha256"))) ||
	    (services.p != NULL && !taglist_lists(services, STR("*")) &&
		!taglist_lists(services, STR("email"))) ||
	    (kind.p != NULL && !ed25519 && !str_is(kind, "rsa")))
		return NULL;
	p = taglist_base64(taglist_get(&tags, "p"), a);
	if (p.p == NULL)
		return NULL;
	key = hash_key_read(ed25519 ? HASH_KEY_ED25519 : HASH_KEY_RSA, p);
	if (key == NULL)
		return NULL;
	k = xcalloc(1, sizeof(*k));
	k->key = key;
	k->ed25519 = ed25519;
	k->strict = flags.p != NULL && taglist_lists(flags, STR("s"));
	k->record = str_make(xmemdup0(record.p, record.n), record.n);
	if (k->ed25519 || (hash_key_bits(key) >= SIGNATURE_BITS &&
			      hash_key_bits(key) <= SIGNATURE_BITS_MAX))
		return k;
	key_free(k);
	return NULL;
}

/* Reading a key costs more than a check by it. */
static struct signer_key *
kept_key(struct signature_checker *c, struct str record, struct arena *a)
{
	size_t at = hash_keyed(record.p, record.n) % SIGNATURE_KEYS;
	struct signer_key *k = c->keys[at];

	if (k != NULL && str_eq(k->record, record))
		return k;
	k = read_key(record, a);
	if (k == NULL)
		return NULL;
	key_free(c->keys[at]);
	c->keys[at] = k;
	return k;
}

static const struct dns_answer *
ask_key(struct signature_checker *c, const struct signature *s, struct arena *a)
{
	return dns_ask(c->dns,
	    arena_printf(a, "%.*s._domainkey.%.*s", STR_ARG(s->selector),
		STR_ARG(s->domain)),
	    DNS_TXT);
}

enum auth_word
signature_key(struct signature_checker *c, const struct signature *s,
    struct arena *a, const struct signer_key **key)
{
	const struct dns_answer *answer = ask_key(c, s, a);

	if (answer->status == DNS_PENDING)
		return WORD_PENDING;
	if (answer->status == DNS_FAILED)
		return WORD_TEMPERROR;
	/* Of several records nobody says which one counts. */
	for (size_t i = 0; i < answer->n; i++) {
		const struct signer_key *k = kept_key(c, answer->v[i], a);

		if (k == NULL || k->ed25519 != s->ed25519 ||
		    (k->strict && !str_eq_nocase(s->agent, s->domain)))
			continue;
		*key = k;
		return WORD_PASS;
	}
	return WORD_PERMERROR;
}

/* Checks. */

/* Does the body have the hash?  *whole: nothing of it is left out. */
static bool
has_body(struct signature_checker *c, const struct signature *s, bool *whole)
{
	size_t i = 0;
	struct str body;

	while (i < c->body_count && (c->bodies[i].canon != s->body_canon ||
					c->bodies[i].length != s->length))
		i++;
	if (i == c->body_count) {
		i = i < SIGNATURE_BODIES ? c->body_count++ : i - 1;
		buf_reset(&c->canonical);
		canon_body(c->mail->body, s->body_canon, &c->canonical);
		body = buf_str(&c->canonical);
		c->bodies[i].canon = s->body_canon;
		c->bodies[i].length = s->length;
		c->bodies[i].whole =
		    s->length < 0 || (uint64_t)s->length == body.n;
		if (s->length >= 0)
			body = str_sub(body, 0, (size_t)s->length);
		hash_sha256(body.p, body.n, c->bodies[i].hash);
	}
	*whole = c->bodies[i].whole;
	return !c->canonical.over &&
	       str_eq(
		   s->body_hash, str_make((const char *)c->bodies[i].hash, 32));
}

bool
signature_holds(
    const struct signer_key *key, const struct signature *s, struct str bytes)
{
	uint8_t hash[32];

	hash_sha256(bytes.p, bytes.n, hash);
	return hash_key_signed(key->key, hash, s->signature);
}

/*
 * The fields that h= names, of doubled ones from the bottom up, each once (RFC
 * 6376, 5.4.2).
 */
static void
add_fields(const struct rawmail *m, const struct signature *s, struct arena *a,
    struct buf *out)
{
	bool *taken = arena_calloc(a, m->n + 1, sizeof(*taken));
	struct str rest = s->fields;

	while (rest.p != NULL) {
		struct str name = str_trim(str_split(&rest, ':'));
		size_t i = m->n;

		while (i > 0 && (taken[i - 1] || m->v[i - 1].name.n != name.n ||
				    !str_eq_nocase(m->v[i - 1].name, name)))
			i--;
		if (i == 0)
			continue;
		taken[i - 1] = true;
		canon_field(&m->v[i - 1], s->header_canon, out);
		buf_add(out, "\r\n", 2);
	}
}

enum auth_word
signature_check(struct signature_checker *c, const struct signature *s,
    struct arena *a, bool look)
{
	const struct signer_key *key = NULL;
	enum auth_word word;
	bool whole;

	if (look)
		return ask_key(c, s, a)->status == DNS_PENDING ? WORD_PENDING
							       : WORD_PASS;
	word = signature_key(c, s, a, &key);
	if (word != WORD_PASS)
		return word;
	if (!has_body(c, s, &whole))
		return WORD_FAIL;
	buf_reset(&c->canonical);
	add_fields(c->mail, s, a, &c->canonical);
	canon_unsigned(s->field, s->header_canon, &c->canonical);
	if (c->canonical.over ||
	    !signature_holds(key, s, buf_str(&c->canonical)))
		return WORD_FAIL;
	/* Anybody may have put what stands behind the signed part. */
	return whole ? WORD_PASS : WORD_POLICY;
}
