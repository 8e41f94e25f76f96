#include "core/crypto/keyring.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/time.h"

/* A key, of the certificate where it came in one. */
struct ring_key {
	EVP_PKEY *key;
	X509 *certificate;
	char *file;
};

struct keyring {
	struct ring_key v[KEYRING_KEYS];
	size_t n;
	X509_STORE *certificates;
};

struct algorithm {
	const char *name;
	int type; /* of its keys */
	const EVP_MD *(*digest)(void); /* NULL: the algorithm has its own */
	int padding; /* of RSA */
	const char *curve;
	size_t half; /* bytes of each of the two numbers of a signature */
};

/* RFC 7518, 3.1; RFC 8037, 3.1; RFC 9864, 2.2. */
static const struct algorithm algorithms[] = {
	{ "RS256", EVP_PKEY_RSA, EVP_sha256, RSA_PKCS1_PADDING, NULL, 0 },
	{ "RS384", EVP_PKEY_RSA, EVP_sha384, RSA_PKCS1_PADDING, NULL, 0 },
	{ "RS512", EVP_PKEY_RSA, EVP_sha512, RSA_PKCS1_PADDING, NULL, 0 },
	{ "PS256", EVP_PKEY_RSA, EVP_sha256, RSA_PKCS1_PSS_PADDING, NULL, 0 },
	{ "PS384", EVP_PKEY_RSA, EVP_sha384, RSA_PKCS1_PSS_PADDING, NULL, 0 },
	{ "PS512", EVP_PKEY_RSA, EVP_sha512, RSA_PKCS1_PSS_PADDING, NULL, 0 },
	{ "ES256", EVP_PKEY_EC, EVP_sha256, 0, SN_X9_62_prime256v1, 32 },
	{ "ES384", EVP_PKEY_EC, EVP_sha384, 0, SN_secp384r1, 48 },
	{ "ES512", EVP_PKEY_EC, EVP_sha512, 0, SN_secp521r1, 66 },
	{ "EdDSA", EVP_PKEY_ED25519, NULL, 0, NULL, 0 },
	{ "EdDSA", EVP_PKEY_ED448, NULL, 0, NULL, 0 },
	{ "Ed25519", EVP_PKEY_ED25519, NULL, 0, NULL, 0 },
	{ "Ed448", EVP_PKEY_ED448, NULL, 0, NULL, 0 },
};
enum { ALGORITHMS = sizeof(algorithms) / sizeof(*algorithms) };

struct keyring *
keyring_new(void)
{
	struct keyring *k = xcalloc(1, sizeof(*k));

	k->certificates = X509_STORE_new();
	if (k->certificates == NULL)
		alloc_die(sizeof(*k));
	/* A certificate that was given need not be a root. */
	X509_STORE_set_flags(k->certificates, X509_V_FLAG_PARTIAL_CHAIN);
	return k;
}

void
keyring_free(struct keyring *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->n; i++) {
		EVP_PKEY_free(k->v[i].key);
		X509_free(k->v[i].certificate);
		free(k->v[i].file);
	}
	X509_STORE_free(k->certificates);
	free(k);
}

static bool
fits(const struct algorithm *a, const EVP_PKEY *key)
{
	char curve[64];
	size_t n;

	if (EVP_PKEY_get_base_id(key) != a->type)
		return false;
	if (a->type == EVP_PKEY_RSA)
		return EVP_PKEY_get_bits(key) >= KEYRING_RSA_BITS;
	return a->curve == NULL ||
	       (EVP_PKEY_get_group_name(key, curve, sizeof(curve), &n) == 1 &&
		   strcmp(curve, a->curve) == 0);
}

static bool
is_of_use(const EVP_PKEY *key)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (fits(&algorithms[i], key))
			return true;
	return false;
}

/* Files of keys. */

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* Takes what stands in it, NULL where there is none. */
static int
add_key(struct keyring *k, struct ring_key one, const char *path, struct err *e)
{
	if (one.certificate != NULL)
		one.key = X509_get_pubkey(one.certificate);
	if (k->n < KEYRING_KEYS && one.key != NULL &&
	    (one.certificate != NULL || is_of_use(one.key)) &&
	    (one.certificate == NULL ||
		X509_STORE_add_cert(k->certificates, one.certificate) == 1)) {
		one.file = xstrdup(base_of(path));
		k->v[k->n++] = one;
		return 0;
	}
	err_set(e,
	    k->n == KEYRING_KEYS ? "%s: there must not be more than 64 keys"
	    : one.key == NULL
		? "%s: a key or certificate in it is damaged"
		: "%s: a key must be RSA of 2048 bits or more, P-256, P-384, "
		  "P-521, Ed25519 or Ed448",
	    path);
	EVP_PKEY_free(one.key);
	X509_free(one.certificate);
	return -1;
}

/* A block of PEM by its label. */
static int
add_block(struct keyring *k, struct str label, const unsigned char *p, long n,
    const char *path, struct err *e)
{
	struct ring_key one = { 0 };

	if (str_ends(label, STR("PRIVATE KEY")))
		return err_set(e,
		    "%s: a private key does not belong here: openssl pkey "
		    "-pubout writes the public one",
		    path);
	if (str_is(label, "PUBLIC KEY"))
		one.key = d2i_PUBKEY(NULL, &p, n);
	else if (str_is(label, "RSA PUBLIC KEY"))
		one.key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, n);
	else if (str_is(label, "CERTIFICATE"))
		one.certificate = d2i_X509(NULL, &p, n);
	else
		return err_set(e,
		    "%s: '%.*s' is no public key and no certificate", path,
		    STR_ARG(label));
	return add_key(k, one, path, e);
}

/* What is between two blocks is passed over, as RFC 7468 has it. */
static int
add_blocks(struct keyring *k, struct str s, const char *path, struct err *e)
{
	BIO *in = BIO_new_mem_buf(s.p, (int)s.n);
	char *label, *header;
	unsigned char *p;
	size_t blocks = 0;
	int rc = 0;
	long n;

	if (in == NULL)
		alloc_die(s.n);
	while (rc == 0 && PEM_read_bio(in, &label, &header, &p, &n) == 1) {
		rc = add_block(k, str_of(label), p, n, path, e);
		blocks++;
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_free(p);
	}
	BIO_free(in);
	if (rc < 0)
		return -1;
	for (ptrdiff_t at; (at = str_find(s, STR("-----BEGIN "))) >= 0;
	     s = str_sub(s, (size_t)at + 1, s.n))
		if (blocks-- == 0)
			return err_set(
			    e, "%s: a block of PEM in it is damaged", path);
	return 0;
}

int
keyring_add(struct keyring *k, const char *path, struct err *e)
{
	size_t before = k->n;
	struct buf text;
	int rc;

	buf_init(&text, KEYRING_FILE);
	rc = file_read(path, &text, e);
	if (rc == 0)
		rc = add_blocks(k, buf_str(&text), path, e);
	if (rc == 0 && k->n == before)
		rc = err_set(e,
		    "%s: there is no public key and no certificate in it, in "
		    "PEM",
		    path);
	buf_release(&text);
	return rc;
}

/* Signatures. */

/* Two numbers of one length (RFC 7518, 3.4) as libcrypto has them; NULL where
 * they are none. */
static unsigned char *
der_of(struct str bytes, size_t half, size_t *n)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	unsigned char *out = NULL;
	ECDSA_SIG *sig;
	BIGNUM *r, *s;
	int size;

	if (bytes.n != 2 * half)
		return NULL;
	sig = ECDSA_SIG_new();
	r = BN_bin2bn(p, (int)half, NULL);
	s = BN_bin2bn(p + half, (int)half, NULL);
	if (sig == NULL || r == NULL || s == NULL ||
	    ECDSA_SIG_set0(sig, r, s) != 1)
		alloc_die(bytes.n);
	size = i2d_ECDSA_SIG(sig, &out);
	ECDSA_SIG_free(sig);
	*n = size < 0 ? 0 : (size_t)size;
	return out;
}

/* What of a signature is the same for all keys. */
struct asked {
	const struct keyring_signature *s;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n;
};

static bool
is_by_prehashed(
    const struct algorithm *a, EVP_PKEY *key, const struct asked *asked)
{
	struct str bytes = asked->s->bytes;
	const unsigned char *p = (const unsigned char *)bytes.p;
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	unsigned char *der = NULL;
	size_t n = bytes.n;
	bool good;

	if (c == NULL)
		alloc_die(sizeof(void *));
	if (a->half > 0)
		p = der = der_of(bytes, a->half, &n);
	good = p != NULL && EVP_PKEY_verify_init(c) == 1;
	if (a->padding != 0)
		good = good && EVP_PKEY_CTX_set_rsa_padding(c, a->padding) == 1;
	good = good && EVP_PKEY_CTX_set_signature_md(c, a->digest()) == 1;
	if (a->padding == RSA_PKCS1_PSS_PADDING)
		good = good && EVP_PKEY_CTX_set_rsa_pss_saltlen(
				   c, RSA_PSS_SALTLEN_DIGEST) == 1;
	good = good && EVP_PKEY_verify(c, p, n, asked->digest, asked->n) == 1;
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(c);
	return good;
}

static bool
is_by_whole(EVP_PKEY *key, const struct keyring_signature *s)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool good;

	if (c == NULL)
		alloc_die(sizeof(void *));
	good =
	    EVP_DigestVerifyInit(c, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestVerify(c, (const unsigned char *)s->bytes.p, s->bytes.n,
		(const unsigned char *)s->text.p, s->text.n) == 1;
	EVP_MD_CTX_free(c);
	return good;
}

/* By a key of this kind, whichever row of the algorithm has it. */
static bool
is_signed_by(EVP_PKEY *key, const struct asked *asked, size_t *tried)
{
	for (size_t i = 0; i < ALGORITHMS; i++) {
		const struct algorithm *a = &algorithms[i];

		if (!str_is(asked->s->algorithm, a->name) || !fits(a, key))
			continue;
		++*tried;
		if (a->digest == NULL ? is_by_whole(key, asked->s)
				      : is_by_prehashed(a, key, asked))
			return true;
	}
	return false;
}

/* False where there is no such algorithm. */
static bool
ask(struct asked *asked, const struct keyring_signature *s)
{
	asked->s = s;
	for (size_t i = 0; i < ALGORITHMS; i++) {
		const struct algorithm *a = &algorithms[i];

		if (!str_is(s->algorithm, a->name))
			continue;
		if (a->digest != NULL &&
		    EVP_Digest(s->text.p, s->text.n, asked->digest, &asked->n,
			a->digest(), NULL) != 1)
			alloc_die(sizeof(void *));
		return true;
	}
	return false;
}

static int
refuse(struct str algorithm, struct err *e)
{
	if (algorithm.n == 0)
		return err_set(e, "it must name its alg");
	if (str_is(algorithm, "none"))
		return err_set(e, "alg none signs nothing");
	return str_starts(algorithm, STR("HS"))
		   ? err_set(e,
			 "alg %.*s is made with a secret that both have, and "
			 "proves nothing",
			 STR_ARG(str_sub(algorithm, 0, 20)))
		   : err_set(e,
			 "alg %.*s is none of RS256, PS256, ES256, their "
			 "longer forms, and EdDSA",
			 STR_ARG(str_sub(algorithm, 0, 20)));
}

/* Certificates that came with a signature. */

/* May its key sign at all (RFC 5280, 4.2.1.3)? */
static bool
may_sign(const X509 *x)
{
	ASN1_BIT_STRING *use = X509_get_ext_d2i(x, NID_key_usage, NULL, NULL);
	bool may = use == NULL || ASN1_BIT_STRING_get_bit(use, 0) ||
		   ASN1_BIT_STRING_get_bit(use, 1);

	ASN1_BIT_STRING_free(use);
	return may;
}

static int
read_chain(
    STACK_OF(X509) * out, const struct keyring_signature *s, struct err *e)
{
	for (size_t i = 0; i < s->chained; i++) {
		const unsigned char *p = (const unsigned char *)s->chain[i].p;
		X509 *x = d2i_X509(NULL, &p, (long)s->chain[i].n);

		if (x == NULL)
			return err_set(e, "x5c[%zu]: must be a certificate", i);
		if (sk_X509_push(out, x) == 0)
			alloc_die(sizeof(x));
	}
	return 0;
}

/* Does it lead to a certificate of the ring?  *root is that one's. */
static int
check_chain(const struct keyring *k, STACK_OF(X509) * chain, int64_t at,
    struct str *root, struct err *e)
{
	X509_STORE_CTX *c = X509_STORE_CTX_new();
	X509 *last = NULL;
	int rc = 0;

	if (c == NULL || X509_STORE_CTX_init(c, k->certificates,
			     sk_X509_value(chain, 0), chain) != 1)
		alloc_die(sizeof(void *));
	X509_STORE_CTX_set_time(c, 0, at / TIME_SECOND);
	X509_STORE_CTX_set_depth(c, KEYRING_CHAIN);
	if (X509_verify_cert(c) != 1)
		rc = err_set(e,
		    "x5c does not lead to a certificate of the keys: %s",
		    X509_verify_cert_error_string(X509_STORE_CTX_get_error(c)));
	else
		last = sk_X509_value(X509_STORE_CTX_get0_chain(c),
		    sk_X509_num(X509_STORE_CTX_get0_chain(c)) - 1);
	for (size_t i = 0; last != NULL && i < k->n; i++)
		if (k->v[i].certificate != NULL &&
		    X509_cmp(k->v[i].certificate, last) == 0)
			*root = str_of(k->v[i].file);
	X509_STORE_CTX_free(c);
	return rc;
}

static struct str
subject_of(const X509 *x, struct arena *a)
{
	BIO *out = BIO_new(BIO_s_mem());
	struct str s = STR_NONE;
	char *p;
	long n;

	if (out == NULL)
		alloc_die(sizeof(void *));
	if (X509_NAME_print_ex(
		out, X509_get_subject_name(x), 0, XN_FLAG_RFC2253) >= 0 &&
	    (n = BIO_get_mem_data(out, &p)) > 0)
		s = arena_dup(a, str_make(p, (size_t)n));
	BIO_free(out);
	return s;
}

static int
verify_chained(const struct keyring *k, const struct asked *asked,
    struct keyring_signer *by, struct arena *a, struct err *e)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	size_t tried = 0;
	X509 *own;
	int rc = -1;

	if (chain == NULL)
		alloc_die(sizeof(void *));
	if (read_chain(chain, asked->s, e) < 0 ||
	    check_chain(k, chain, asked->s->at, &by->file, e) < 0)
		goto out;
	own = sk_X509_value(chain, 0);
	if (!may_sign(own))
		err_set(e, "x5c[0]: its key must not sign");
	else if (!is_signed_by(X509_get0_pubkey(own), asked, &tried))
		err_set(e, tried == 0 ? "alg and the key of x5c[0] do not fit"
				      : "it is not by the key of x5c[0]");
	else
		rc = 0, by->subject = subject_of(own, a);
out:
	sk_X509_pop_free(chain, X509_free);
	return rc;
}

int
keyring_verify(const struct keyring *k, const struct keyring_signature *s,
    struct keyring_signer *by, struct arena *a, struct err *e)
{
	struct asked asked = { .n = 0 };
	size_t tried = 0;

	*by = (struct keyring_signer){ 0 };
	if (!ask(&asked, s))
		return refuse(s->algorithm, e);
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].key != NULL &&
		    is_signed_by(k->v[i].key, &asked, &tried)) {
			by->file = str_of(k->v[i].file);
			return 0;
		}
	if (s->chained > 0 && s->at != TIME_NONE)
		return verify_chained(k, &asked, by, a, e);
	return tried == 0 ? err_set(e, "there is no key for %.*s",
				STR_ARG(s->algorithm))
			  : err_set(e, "no key for %.*s made it",
				STR_ARG(s->algorithm));
}
