#include "core/hash.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "core/alloc.h"

struct hash_key {
	EVP_PKEY *key;
	EVP_PKEY_CTX *rsa; /* ready to verify */
};

/* One context for the thread, of no text between calls: a fetch of the algorithm costs more than the
 * hash of a short text. */
static EVP_MD_CTX *
sha256_start(void)
{
	static _Thread_local EVP_MD_CTX *ctx;
	static _Thread_local EVP_MD *md;

	if (ctx == NULL) {
		ctx = EVP_MD_CTX_new();
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
	}
	if (ctx == NULL || md == NULL || EVP_DigestInit_ex(ctx, md, NULL) != 1)
		alloc_die(sizeof(uint32_t) * 64);
	return ctx;
}

void
hash_alone(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
				OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
				OPENSSL_INIT_NO_ATEXIT,
	    NULL);
}

void
hash_sha256(const void *p, size_t n, uint8_t out[32])
{
	EVP_MD_CTX *ctx = sha256_start();

	EVP_DigestUpdate(ctx, p, n);
	EVP_DigestFinal_ex(ctx, out, NULL);
}

size_t
hash_mac(enum hash_algorithm a, struct str key, struct str text,
    uint8_t out[HASH_MOST])
{
	const EVP_MD *md = a == HASH_SHA1     ? EVP_sha1()
			   : a == HASH_SHA512 ? EVP_sha512()
					      : EVP_sha256();
	unsigned len = 0;

	if (HMAC(md, key.p, (int)key.n, (const unsigned char *)text.p, text.n,
		out, &len) == NULL)
		alloc_die(HASH_MOST);
	return len;
}

void
id_make(char out[ID_SIZE], char prefix, const struct str *parts, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	EVP_MD_CTX *ctx = sha256_start();
	uint8_t digest[32];
	unsigned bits = 0, held = 0, d = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t length[8];

		for (unsigned b = 0; b < 8; b++)
			length[b] = (uint8_t)(parts[i].n >> (56 - 8 * b));
		EVP_DigestUpdate(ctx, length, sizeof(length));
		EVP_DigestUpdate(ctx, parts[i].p, parts[i].n);
	}
	EVP_DigestFinal_ex(ctx, digest, NULL);
	out[0] = prefix;
	for (size_t i = 1; i <= ID_LETTERS; i++) {
		if (held < 5) {
			bits = bits << 8 | digest[d++];
			held += 8;
		}
		held -= 5;
		out[i] = letters[bits >> held & 31];
	}
	out[1 + ID_LETTERS] = '\0';
}

static EVP_PKEY *
rsa_key(struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	EVP_PKEY *k = d2i_PUBKEY(NULL, &p, (long)bytes.n);

	if (k == NULL) {
		p = (const unsigned char *)bytes.p;
		k = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)bytes.n);
	}
	/* Bytes behind it are no key's. */
	if (k != NULL && (EVP_PKEY_get_base_id(k) != EVP_PKEY_RSA ||
			     p != (const unsigned char *)bytes.p + bytes.n)) {
		EVP_PKEY_free(k);
		k = NULL;
	}
	return k;
}

struct hash_key *
hash_key_read(enum hash_key_kind kind, struct str bytes)
{
	struct hash_key *out = xcalloc(1, sizeof(*out));

	if (kind == HASH_KEY_ED25519) {
		out->key = bytes.n != 32
			       ? NULL
			       : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519,
				     NULL, (const unsigned char *)bytes.p, 32);
	} else if ((out->key = rsa_key(bytes)) != NULL) {
		out->rsa = EVP_PKEY_CTX_new(out->key, NULL);
		if (out->rsa == NULL || EVP_PKEY_verify_init(out->rsa) <= 0 ||
		    EVP_PKEY_CTX_set_rsa_padding(out->rsa, RSA_PKCS1_PADDING) <=
			0 ||
		    EVP_PKEY_CTX_set_signature_md(out->rsa, EVP_sha256()) <= 0)
			alloc_die(sizeof(*out));
	}
	ERR_clear_error();
	if (out->key != NULL)
		return out;
	hash_key_free(out);
	return NULL;
}

void
hash_key_free(struct hash_key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_CTX_free(k->rsa);
	EVP_PKEY_free(k->key);
	free(k);
}

int
hash_key_bits(const struct hash_key *k)
{
	return EVP_PKEY_get_bits(k->key);
}

/* Ed25519 takes the text as it is. */
static bool
verify_text(
    const struct hash_key *k, const void *text, size_t n, struct str signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	if (ctx == NULL)
		alloc_die(sizeof(uint32_t) * 64);
	good = EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k->key) == 1 &&
	       EVP_DigestVerify(ctx, (const unsigned char *)signature.p,
		   signature.n, text, n) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

bool
hash_key_signed(
    const struct hash_key *k, const uint8_t hash[32], struct str signature)
{
	bool good = k->rsa == NULL ? verify_text(k, hash, 32, signature)
				   : EVP_PKEY_verify(k->rsa,
					 (const unsigned char *)signature.p,
					 signature.n, hash, 32) == 1;

	ERR_clear_error();
	return good;
}

bool
hash_key_signed_text(
    const struct hash_key *k, struct str text, struct str signature)
{
	bool good = k->rsa == NULL && verify_text(k, text.p, text.n, signature);

	ERR_clear_error();
	return good;
}
