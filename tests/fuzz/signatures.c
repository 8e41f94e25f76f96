/*
 * Signatures of mails.  What is signed here, by canonical forms that are made
 * a byte after the other as RFC 6376, 3.4 tells them, is found to hold by DKIM
 * and by ARC; with another byte in its body, or signed by nobody, it does not.
 */
#include <openssl/evp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/text/base64.h"
#include "identify/verify/arc.h"
#include "identify/verify/dkim.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { MOST = 1 << 24, NAMES = 20 };

static EVP_PKEY *key;
static struct buf record; /* of the key */

/* The DNS: the key for names that begin with "k", what the mail's first field
 * holds for others. */
static struct str answers[1];

const struct dns_answer *
dns_ask(struct dns *d, struct str name, enum dns_type type)
{
	static struct dns_answer answer;

	(void)d, (void)type;
	answer =
	    (struct dns_answer){ .status = DNS_FOUND, .n = 1, .v = answers };
	if (str_starts(name, STR("k.")))
		answers[0] = buf_str(&record);
	return &answer;
}

static void
make_key(void)
{
	unsigned char bytes[32];
	size_t n = sizeof(bytes);

	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i + 1);
	key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, n);
	if (key == NULL || EVP_PKEY_get_raw_public_key(key, bytes, &n) != 1)
		abort();
	buf_init(&record, 4096);
	buf_add_z(&record, "v=DKIM1; k=ed25519; p=");
	base64_add(&record, str_make((char *)bytes, n));
}

/* The hash of what was signed, as b= has it. */
static void
sign(struct str bytes, struct buf *out)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned char signature[64];
	size_t n = sizeof(signature);
	uint8_t hash[32];

	hash_sha256(bytes.p, bytes.n, hash);
	if (EVP_DigestSignInit(c, NULL, NULL, NULL, key) != 1 ||
	    EVP_DigestSign(c, signature, &n, hash, sizeof(hash)) != 1)
		abort();
	EVP_MD_CTX_free(c);
	base64_add(out, str_make((char *)signature, n));
}

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* A line end is CRLF, or LF where the mail was kept so: its length. */
static size_t
end_at(struct str s, size_t i)
{
	if (i < s.n && s.p[i] == '\n')
		return 1;
	return i + 1 < s.n && s.p[i] == '\r' && s.p[i + 1] == '\n' ? 2 : 0;
}

/* 3.4.1 and 3.4.2: a field with its name, no line end behind it. */
static void
plain_field(struct str f, bool relaxed, struct buf *out)
{
	size_t i = 0, from;

	if (!relaxed) {
		while (i < f.n) {
			size_t end = end_at(f, i);

			if (end > 0)
				buf_add(out, "\r\n", 2);
			else
				buf_add_char(out, f.p[i]);
			i += end > 0 ? end : 1;
		}
		return;
	}
	for (; f.p[i] != ':'; i++)
		if (!is_wsp(f.p[i]))
			buf_add_char(out, f.p[i] >= 'A' && f.p[i] <= 'Z'
					      ? (char)(f.p[i] + 32)
					      : f.p[i]);
	buf_add_char(out, ':');
	from = out->n;
	for (i++; i < f.n; i++) {
		if (end_at(f, i) > 0) {
			i += end_at(f, i) - 1;
			continue;
		}
		if (!is_wsp(f.p[i]))
			buf_add_char(out, f.p[i]);
		else if (out->n > from && out->p[out->n - 1] != ' ')
			buf_add_char(out, ' ');
	}
	while (out->n > from && out->p[out->n - 1] == ' ')
		buf_cut(out, out->n - 1);
}

/* 3.4.3 and 3.4.4. */
static void
plain_body(struct str body, bool relaxed, struct buf *out)
{
	size_t filled = 0, i = 0;

	while (i < body.n) {
		size_t end = end_at(body, i), line = out->n;

		while (i < body.n && (end = end_at(body, i)) == 0) {
			char c = body.p[i++];

			/* A mail that ends within a line end. */
			if (c == '\r' && i == body.n)
				break;
			if (relaxed && is_wsp(c)) {
				if (out->n > line && out->p[out->n - 1] == ' ')
					continue;
				c = ' ';
			}
			buf_add_char(out, c);
		}
		while (relaxed && out->n > line && out->p[out->n - 1] == ' ')
			buf_cut(out, out->n - 1);
		if (out->n > line)
			filled = out->n + 2;
		buf_add(out, "\r\n", 2);
		i += end;
	}
	buf_cut(out, filled);
	if (filled == 0 && !relaxed)
		buf_add(out, "\r\n", 2);
}

/* Fields that are signed: some of the mail's, from the bottom up. */
struct names {
	const struct rawfield *v[NAMES];
	size_t n;
};

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == ';')
			return false;
	return s.n > 0 && !str_starts_nocase(s, STR("ARC-"));
}

/* Each with all of those below that have its name, as they are counted. */
static void
choose(const struct rawmail *m, struct names *out)
{
	out->n = 0;
	for (size_t i = m->n; i > 0 && out->n < NAMES; i--)
		if (is_name(m->v[i - 1].name))
			out->v[out->n++] = &m->v[i - 1];
}

/* A field that signs the mail, without its line end; text begins it, up to
 * its tags. */
static void
add_signature(const char *text, const struct rawmail *m,
    const struct names *names, bool relaxed, struct buf *out)
{
	static struct buf bytes;
	uint8_t hash[32];
	size_t from = out->n;

	if (bytes.max == 0)
		buf_init(&bytes, MOST);
	buf_reset(&bytes);
	plain_body(m->body, relaxed, &bytes);
	hash_sha256(bytes.p, bytes.n, hash);
	buf_printf(out,
	    "%s a=ed25519-sha256; c=%s;\n\td=a.example; s=k;\n h=from", text,
	    relaxed ? "relaxed/relaxed" : "simple/simple");
	for (size_t i = 0; i < names->n; i++)
		if (!str_eq_nocase(names->v[i]->name, STR("From")))
			buf_printf(
			    out, " :\n %.*s", STR_ARG(names->v[i]->name));
	buf_add_z(out, "; bh=");
	base64_add(out, str_make((char *)hash, sizeof(hash)));
	buf_add_z(out, ";\n\tb=");
	buf_reset(&bytes);
	/* One From: of others nobody may say which. */
	for (int other = 0; other < 2; other++)
		for (size_t i = 0; i < names->n; i++) {
			bool author =
			    str_eq_nocase(names->v[i]->name, STR("From"));

			if (author == other)
				continue;
			plain_field(names->v[i]->whole, relaxed, &bytes);
			buf_add(&bytes, "\r\n", 2);
			if (author)
				break;
		}
	plain_field(str_sub(buf_str(out), from, out->n), relaxed, &bytes);
	sign(buf_str(&bytes), out);
}

/* The set of who takes it first. */
static void
add_set(const struct rawmail *m, const struct names *names, bool relaxed,
    struct buf *out)
{
	static struct buf bytes, set;
	size_t seal, message;

	if (set.max == 0) {
		buf_init(&bytes, MOST);
		buf_init(&set, MOST);
	}
	buf_reset(&bytes);
	buf_reset(&set);
	buf_add_z(&set,
	    "ARC-Authentication-Results: i=1; mx.us.example;\n  dkim=none");
	plain_field(buf_str(&set), true, &bytes);
	buf_add(&bytes, "\r\n", 2);
	buf_add_char(&set, '\n');
	message = set.n;
	add_signature("ARC-Message-Signature: i=1;", m, names, relaxed, &set);
	plain_field(str_sub(buf_str(&set), message, set.n), true, &bytes);
	buf_add(&bytes, "\r\n", 2);
	buf_add_char(&set, '\n');
	seal = set.n;
	buf_add_z(&set,
	    "ARC-Seal: i=1; a=ed25519-sha256; cv=none;\n d=a.example; s=k; b=");
	plain_field(str_sub(buf_str(&set), seal, set.n), true, &bytes);
	sign(buf_str(&bytes), &set);
	buf_add_char(&set, '\n');
	buf_add_str(out, buf_str(&set));
}

static enum auth_word
check(struct signature_checker *c, struct str raw, bool arc, struct arena *a)
{
	struct rawmail m;
	struct dkim d;

	if (rawmail_read(raw, a, &m) != 0)
		return WORD_NONE;
	signature_begin(c, &m, 0);
	if (arc)
		return arc_check(c, a, false);
	dkim_check(c, a, false, &d);
	return d.n == 0 ? WORD_NONE : d.v[0].word;
}

static void
expect(bool right, const char *what, struct str mail)
{
	if (right)
		return;
	fprintf(stderr, "%s: %.*s\n", what, STR_ARG(mail));
	abort();
}

/* Has it a field of a chain that was begun? */
static bool
has_chain(const struct rawmail *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (str_starts_nocase(m->v[i].name, STR("ARC-")))
			return true;
	return false;
}

/* The same with another byte somewhere in its body. */
static void
spoil(struct buf *mail, size_t body, size_t at)
{
	size_t i = body + at % (mail->n - body);

	if (mail->p[i] > ' ' && mail->p[i] < '~')
		mail->p[i] ^= 1;
	else
		mail->p[i] = 'x';
}

static void
sign_and_check(struct signature_checker *c, struct str raw,
    const struct rawmail *m, bool arc, bool relaxed, struct arena *a)
{
	static struct buf mail;
	struct names names;
	size_t body;

	if (mail.max == 0)
		buf_init(&mail, MOST);
	buf_reset(&mail);
	choose(m, &names);
	if (arc) {
		add_set(m, &names, relaxed, &mail);
	} else {
		add_signature(
		    "DKIM-Signature: v=1;", m, &names, relaxed, &mail);
		buf_add_char(&mail, '\n');
	}
	body = mail.n + raw.n - m->body.n;
	buf_add_str(&mail, raw);
	expect(check(c, buf_str(&mail), arc, a) == WORD_PASS, "does not hold",
	    buf_str(&mail));
	if (m->body.n == 0)
		return;
	spoil(&mail, body, raw.n * 7);
	expect(check(c, buf_str(&mail), arc, a) != WORD_PASS, "holds",
	    buf_str(&mail));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct signature_checker c;
	static struct arena a;
	struct str raw;
	struct rawmail m;
	bool arc;

	if (key == NULL)
		make_key();
	arena_reset(&a);
	raw = arena_dup(&a, str_make((const char *)p, n));
	if (rawmail_read(raw, &a, &m) != 0)
		return 0;
	answers[0] = m.n > 0 ? m.v[0].value : STR("");
	expect(check(&c, raw, false, &a) != WORD_PASS, "signed by none", raw);
	expect(check(&c, raw, true, &a) != WORD_PASS, "sealed by none", raw);
	/* One way each, since nearly all the time goes into Ed25519. */
	arc = n % 4 > 1 && !has_chain(&m);
	sign_and_check(&c, raw, &m, arc, n % 2 != 0, &a);
	return 0;
}

#include "fuzz.h"
