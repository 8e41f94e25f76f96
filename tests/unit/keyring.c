/*
 * Signatures by keys of a ring: each algorithm, with keys that are made here,
 * each byte that is changed, keys and algorithms that do not fit, certificates
 * that lead to one of the ring and those that do not.
 */
#include "core/crypto/keyring.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/time.h"
#include "tap.h"

static char folder[] = "/tmp/kith-keyring-XXXXXX";
static struct arena arena;
static const char text[] = "eyJhbGciOiJSUzI1NiJ9.eyJ1dWlkIjoiMSJ9";

/* 2025-06-01, in the middle of all certificates. */
enum { MADE = 1748736000, DAY = 86400 };

static const char *
path_of(const char *name)
{
	return arena_cstr(
	    &arena, ARENA_JOIN(&arena, str_of(folder), STR("/"), str_of(name)));
}

static const char *
put(const char *name, const char *bytes)
{
	const char *path = path_of(name);
	FILE *f = fopen(path, "w");

	fputs(bytes, f);
	fclose(f);
	return path;
}

static const char *
put_key(const char *name, EVP_PKEY *key)
{
	const char *path = path_of(name);
	FILE *f = fopen(path, "w");

	PEM_write_PUBKEY(f, key);
	fclose(f);
	return path;
}

static const char *
put_certificate(const char *name, X509 *x)
{
	const char *path = path_of(name);
	FILE *f = fopen(path, "w");

	PEM_write_X509(f, x);
	fclose(f);
	return path;
}

static struct keyring *
ring_of(const char *path)
{
	struct keyring *k = keyring_new();
	struct err e;

	if (!ok(keyring_add(k, path, &e) == 0, "the file is read"))
		printf("# %s\n", e.msg);
	return k;
}

static EVP_PKEY *
make_key(const char *kind)
{
	return strcmp(kind, "RSA") == 0       ? EVP_RSA_gen(2048)
	       : strcmp(kind, "RSA1024") == 0 ? EVP_RSA_gen(1024)
	       : kind[0] == 'E' ? EVP_PKEY_Q_keygen(NULL, NULL, kind)
				: EVP_EC_gen(kind);
}

/* Those of RSA take a while. */
static EVP_PKEY *rsa[2];

static EVP_PKEY *
key_of(const char *kind, int i)
{
	if (strcmp(kind, "RSA") != 0)
		return make_key(kind);
	if (rsa[i] == NULL)
		rsa[i] = make_key(kind);
	EVP_PKEY_up_ref(rsa[i]);
	return rsa[i];
}

/* Two numbers of half bytes each from the DER of libcrypto. */
static size_t
raw_of(unsigned char *sig, size_t n, int half)
{
	const unsigned char *p = sig;
	ECDSA_SIG *two = d2i_ECDSA_SIG(NULL, &p, (long)n);

	BN_bn2binpad(ECDSA_SIG_get0_r(two), sig, half);
	BN_bn2binpad(ECDSA_SIG_get0_s(two), sig + half, half);
	ECDSA_SIG_free(two);
	return 2 * (size_t)half;
}

static struct str
sign(EVP_PKEY *key, const char *digest, bool pss, int half)
{
	unsigned char *sig = arena_alloc(&arena, 1024);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	size_t n = 1024;

	EVP_DigestSignInit_ex(c, &how, digest, NULL, NULL, key, NULL);
	if (pss) {
		EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST);
	}
	if (EVP_DigestSign(
		c, sig, &n, (const unsigned char *)text, strlen(text)) != 1)
		exit(2);
	EVP_MD_CTX_free(c);
	if (half > 0)
		n = raw_of(sig, n, half);
	return str_make((char *)sig, n);
}

static bool
good(const struct keyring *k, const char *algorithm, struct str signed_text,
    struct str bytes)
{
	struct keyring_signature s = { .algorithm = str_of(algorithm),
		.text = signed_text,
		.bytes = bytes,
		.at = TIME_NONE };
	struct keyring_signer by;
	struct err e;

	return keyring_verify(k, &s, &by, &arena, &e) == 0;
}

/* How many of all changes of one byte are taken for signed. */
static int
changed(const struct keyring *k, const char *algorithm, struct str signed_text,
    struct str bytes, bool of_text)
{
	struct str s = arena_dup(&arena, of_text ? signed_text : bytes);
	char *p = (char *)(uintptr_t)s.p;
	int taken = 0;

	for (size_t i = 0; i < s.n; i++) {
		p[i] ^= 1;
		taken += good(k, algorithm, of_text ? s : signed_text,
		    of_text ? bytes : s);
		p[i] ^= 1;
	}
	for (size_t n = 0; n < s.n; n++)
		taken +=
		    good(k, algorithm, of_text ? str_make(p, n) : signed_text,
			of_text ? bytes : str_make(p, n));
	return taken;
}

static const struct kind {
	const char *algorithm, *key, *digest;
	bool pss;
	int half;
} kinds[] = {
	{ "RS256", "RSA", "SHA256", false, 0 },
	{ "RS384", "RSA", "SHA384", false, 0 },
	{ "RS512", "RSA", "SHA512", false, 0 },
	{ "PS256", "RSA", "SHA256", true, 0 },
	{ "PS384", "RSA", "SHA384", true, 0 },
	{ "PS512", "RSA", "SHA512", true, 0 },
	{ "ES256", "P-256", "SHA256", false, 32 },
	{ "ES384", "P-384", "SHA384", false, 48 },
	{ "ES512", "P-521", "SHA512", false, 66 },
	{ "EdDSA", "ED25519", NULL, false, 0 },
	{ "Ed25519", "ED25519", NULL, false, 0 },
	{ "EdDSA", "ED448", NULL, false, 0 },
	{ "Ed448", "ED448", NULL, false, 0 },
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static void
each_algorithm(void)
{
	static const char *const never[] = { "none", "None", "", "HS256",
		"HS384", "HS512", "RS1", "RSA-OAEP", "ES256K", "rs256" };
	struct str whole = str_of(text);

	for (size_t i = 0; i < KINDS; i++) {
		const struct kind *a = &kinds[i];
		EVP_PKEY *key = key_of(a->key, 0), *other = key_of(a->key, 1);
		struct keyring *k = ring_of(put_key("key.pem", key));
		struct str s = sign(key, a->digest, a->pss, a->half);
		int taken = 0;

		ok(good(k, a->algorithm, whole, s), a->algorithm);
		is_int(changed(k, a->algorithm, whole, s, true), 0,
		    "no byte of the text may differ");
		is_int(changed(k, a->algorithm, whole, s, false), 0,
		    "nor one of the signature");
		for (size_t j = 0; j < KINDS; j++)
			taken +=
			    strcmp(kinds[j].algorithm, a->algorithm) != 0 &&
			    (a->digest != NULL || kinds[j].digest != NULL) &&
			    good(k, kinds[j].algorithm, whole, s);
		for (size_t j = 0; j < sizeof(never) / sizeof(*never); j++)
			taken += good(k, never[j], whole, s);
		is_int(taken, 0, "nor is it one of another algorithm");
		s = sign(other, a->digest, a->pss, a->half);
		ok(!good(k, a->algorithm, whole, s), "nor of another key");
		keyring_free(k);
		EVP_PKEY_free(key);
		EVP_PKEY_free(other);
	}
	EVP_PKEY_free(rsa[0]);
	EVP_PKEY_free(rsa[1]);
}

/* A public key as the secret of an HMAC, which its readers all have. */
static void
confused(void)
{
	EVP_PKEY *key = make_key("RSA");
	const char *path = put_key("key.pem", key);
	struct keyring *k = ring_of(path);
	unsigned char mac[EVP_MAX_MD_SIZE];
	char pem[2048];
	size_t n = sizeof(mac);
	FILE *f = fopen(path, "r");
	size_t len = fread(pem, 1, sizeof(pem), f);
	struct keyring_signature s = {
		.algorithm = STR("HS256"), .text = str_of(text), .at = TIME_NONE
	};
	struct keyring_signer by;
	struct err e;

	fclose(f);
	EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, pem, len,
	    (const unsigned char *)text, strlen(text), mac, sizeof(mac), &n);
	s.bytes = str_make((char *)mac, n);
	ok(keyring_verify(k, &s, &by, &arena, &e) < 0, "no HMAC");
	is_str(str_of(e.msg),
	    "alg HS256 is made with a secret that both have, and proves "
	    "nothing",
	    "and it is said");
	keyring_free(k);
	EVP_PKEY_free(key);
}

/* Certificates. */

static void
extend(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
}

/* by: whose it is by, NULL for itself; use: its key usage. */
static X509 *
certify(const char *name, EVP_PKEY *key, X509 *by, EVP_PKEY *by_key, bool ca,
    const char *use)
{
	X509 *x = X509_new();
	X509_NAME *subject = X509_get_subject_name(x);

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1 + (long)strlen(name));
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
	    (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(
	    x, by == NULL ? subject : X509_get_subject_name(by));
	ASN1_TIME_set(X509_getm_notBefore(x), MADE - 10 * DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), MADE + 10 * DAY);
	X509_set_pubkey(x, key);
	extend(x, NID_basic_constraints, ca ? "critical,CA:TRUE" : "CA:FALSE");
	extend(x, NID_key_usage, use);
	X509_sign(x, by_key, EVP_sha256());
	return x;
}

struct chain {
	EVP_PKEY *key[3]; /* root, middle, own */
	X509 *x[3];
	struct str der[3];
};

static void
make_chain(struct chain *c, bool middle_ca, const char *use)
{
	static const char *const names[] = { "Root", "Middle", "Own" };

	for (int i = 0; i < 3; i++) {
		unsigned char *der = NULL;
		int up = i == 0 ? 0 : i - 1, n;

		c->key[i] = make_key("P-256");
		c->x[i] = certify(names[i], c->key[i], i == 0 ? NULL : c->x[up],
		    c->key[up], i == 0 || (i == 1 && middle_ca),
		    i == 2   ? use
		    : i == 0 ? "keyCertSign"
			     : "keyCertSign,digitalSignature");
		n = i2d_X509(c->x[i], &der);
		c->der[i] = arena_dup(&arena, str_make((char *)der, (size_t)n));
		OPENSSL_free(der);
	}
}

static void
free_chain(struct chain *c)
{
	for (int i = 0; i < 3; i++) {
		EVP_PKEY_free(c->key[i]);
		X509_free(c->x[i]);
	}
}

static int
chained(const struct keyring *k, const struct chain *c, size_t n, int64_t at,
    struct keyring_signer *by, struct err *e)
{
	struct str own_first[] = { c->der[2], c->der[1], c->der[0] };
	struct keyring_signature s = { .algorithm = STR("ES256"),
		.text = str_of(text),
		.bytes = sign(c->key[2], "SHA256", false, 32),
		.chain = own_first,
		.chained = n,
		.at = at };

	return keyring_verify(k, &s, by, &arena, e);
}

static void
chains(void)
{
	const int64_t at = MADE * TIME_SECOND, day = DAY * TIME_SECOND;
	struct chain c, foreign, no_ca, no_use;
	struct keyring_signer by;
	struct keyring *k;
	struct err e;

	make_chain(&c, true, "digitalSignature");
	make_chain(&foreign, true, "digitalSignature");
	make_chain(&no_ca, false, "digitalSignature");
	make_chain(&no_use, true, "keyAgreement");
	k = ring_of(put_certificate("root.pem", c.x[0]));
	if (!ok(chained(k, &c, 2, at, &by, &e) == 0, "leads to the root"))
		printf("# %s\n", e.msg);
	is_str(by.file, "root.pem", "whose file it is");
	is_str(by.subject, "CN=Own", "and whom it is of");
	ok(chained(k, &c, 3, at, &by, &e) == 0, "the root may come along");
	ok(chained(k, &c, 1, at, &by, &e) < 0, "a link is missing");
	ok(chained(k, &c, 0, at, &by, &e) < 0, "all are");
	ok(chained(k, &c, 2, at - 11 * day, &by, &e) < 0, "not yet valid");
	ok(chained(k, &c, 2, at + 11 * day, &by, &e) < 0, "no more valid");
	ok(chained(k, &c, 2, TIME_NONE, &by, &e) < 0, "of no known time");
	ok(chained(k, &foreign, 3, at, &by, &e) < 0,
	    "a root of the same name that is another");
	is_int(str_find(str_of(e.msg),
		   STR("x5c does not lead to a certificate of the keys: ")),
	    0, "and it is said");
	foreign.der[2] = c.der[2];
	ok(chained(k, &foreign, 2, at, &by, &e) < 0,
	    "somebody's certificate beside another's signature");
	keyring_free(k);
	k = ring_of(put_certificate("middle.pem", c.x[1]));
	ok(chained(k, &c, 1, at, &by, &e) == 0, "the ring may have the middle");
	keyring_free(k);
	k = ring_of(put_certificate("own.pem", c.x[2]));
	ok(chained(k, &c, 0, TIME_NONE, &by, &e) == 0 && by.subject.p == NULL,
	    "or its own, whose times nobody asks for");
	keyring_free(k);
	k = ring_of(put_certificate("root.pem", no_ca.x[0]));
	ok(chained(k, &no_ca, 2, at, &by, &e) < 0,
	    "one that may not certify has certified");
	keyring_free(k);
	k = ring_of(put_certificate("root.pem", no_use.x[0]));
	ok(chained(k, &no_use, 2, at, &by, &e) < 0, "one that may not sign");
	is_str(
	    str_of(e.msg), "x5c[0]: its key must not sign", "and it is said");
	keyring_free(k);
	k = ring_of(put_key("root.pem", c.key[0]));
	ok(chained(k, &c, 3, at, &by, &e) < 0, "a bare key certifies nothing");
	keyring_free(k);
	free_chain(&c);
	free_chain(&foreign);
	free_chain(&no_ca);
	free_chain(&no_use);
}

static void
refused(const char *bytes, const char *want, const char *what)
{
	struct keyring *k = keyring_new();
	const char *path = put("bad.pem", bytes);
	struct err e = { 0 };

	ok(keyring_add(k, path, &e) < 0, what);
	is_str(str_sub(str_of(e.msg), strlen(path) + 2, sizeof(e.msg)), want,
	    "with this sentence");
	keyring_free(k);
}

static const char *
pem_of(EVP_PKEY *key, bool secret)
{
	static char out[8192];
	const char *path = path_of("made.pem");
	FILE *f = fopen(path, "w+");
	size_t n;

	if (secret)
		PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	else
		PEM_write_PUBKEY(f, key);
	rewind(f);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = '\0';
	fclose(f);
	return out;
}

static void
files(void)
{
	static const char kinds_of[] =
	    "a key must be RSA of 2048 bits or more, P-256, P-384, P-521, "
	    "Ed25519 or Ed448";
	EVP_PKEY *key = make_key("P-256"), *weak = make_key("RSA1024"),
		 *odd = make_key("secp256k1");
	char both[16384];
	struct keyring *k;
	struct err e;

	refused("", "there is no public key and no certificate in it, in PEM",
	    "an empty file");
	refused("{\"kty\":\"EC\"}\n",
	    "there is no public key and no certificate in it, in PEM",
	    "another form");
	refused(pem_of(key, true),
	    "a private key does not belong here: openssl pkey -pubout writes "
	    "the public one",
	    "a private key");
	refused(pem_of(weak, false), kinds_of, "RSA of 1024 bits");
	refused(pem_of(odd, false), kinds_of, "a curve of no algorithm");
	refused("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
	    "'X509 CRL' is no public key and no certificate", "another block");
	refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
	    "a key or certificate in it is damaged", "no key in it");
	snprintf(both, sizeof(both), "ours\n%s-----BEGIN PUBLIC KEY-----\n!!\n",
	    pem_of(key, false));
	refused(both, "a block of PEM in it is damaged", "a torn one");
	snprintf(both, sizeof(both), "ours\n%sand\n%s", pem_of(key, false),
	    pem_of(key, false));
	k = keyring_new();
	for (int i = 0; i < KEYRING_KEYS / 2; i++)
		ok(keyring_add(k, put("two.pem", both), &e) == 0, "two keys");
	ok(keyring_add(k, put("two.pem", both), &e) < 0, "are too many once");
	ok(keyring_add(k, path_of("none.pem"), &e) < 0,
	    "one that is not there");
	keyring_free(k);
	EVP_PKEY_free(key);
	EVP_PKEY_free(weak);
	EVP_PKEY_free(odd);
}

int
main(void)
{
	char command[64];

	if (mkdtemp(folder) == NULL)
		return 1;
	each_algorithm();
	confused();
	chains();
	files();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	if (system(command) != 0)
		return 1;
	arena_release(&arena);
	return done();
}
