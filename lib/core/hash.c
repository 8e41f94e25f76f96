#include "core/hash.h"

/* The functions of one hash alone, since what finds one by its name reads all of
 * libcrypto's names first: kith-hook would spend most of its time there. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "core/alloc.h"

struct hash_key {
	EVP_PKEY *key;
	EVP_PKEY_CTX *rsa; /* ready to verify */
};

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
	SHA256_CTX c;

	SHA256_Init(&c);
	SHA256_Update(&c, p, n);
	SHA256_Final(out, &c);
}

/* Of two texts, one behind the other; returns how many bytes it has. */
static size_t
hash_two(enum hash_algorithm a, struct str s, struct str t, uint8_t *out)
{
	union {
		SHA_CTX sha1;
		SHA256_CTX sha256;
		SHA512_CTX sha512;
	} c;

	switch (a) {
	case HASH_SHA1:
		SHA1_Init(&c.sha1);
		SHA1_Update(&c.sha1, s.p, s.n);
		SHA1_Update(&c.sha1, t.p, t.n);
		SHA1_Final(out, &c.sha1);
		return 20;
	case HASH_SHA512:
		SHA512_Init(&c.sha512);
		SHA512_Update(&c.sha512, s.p, s.n);
		SHA512_Update(&c.sha512, t.p, t.n);
		SHA512_Final(out, &c.sha512);
		return 64;
	case HASH_SHA256:
		break;
	}
	SHA256_Init(&c.sha256);
	SHA256_Update(&c.sha256, s.p, s.n);
	SHA256_Update(&c.sha256, t.p, t.n);
	SHA256_Final(out, &c.sha256);
	return 32;
}

/* RFC 2104. */
size_t
hash_mac(enum hash_algorithm a, struct str key, struct str text,
    uint8_t out[HASH_MOST])
{
	size_t block = a == HASH_SHA512 ? 128 : 64, n;
	uint8_t pad[128] = { 0 }, inner[HASH_MOST];

	if (key.n > block)
		hash_two(a, key, STR(""), pad);
	else if (key.n > 0)
		memcpy(pad, key.p, key.n);
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36;
	n = hash_two(a, str_make((const char *)pad, block), text, inner);
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	hash_two(a, str_make((const char *)pad, block),
	    str_make((const char *)inner, n), out);
	OPENSSL_cleanse(pad, sizeof(pad));
	return n;
}

void
id_make(char out[ID_SIZE], char prefix, const struct str *parts, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t digest[32];
	unsigned bits = 0, held = 0, d = 0;
	SHA256_CTX c;

	SHA256_Init(&c);
	for (size_t i = 0; i < n; i++) {
		uint8_t length[8];

		for (unsigned b = 0; b < 8; b++)
			length[b] = (uint8_t)(parts[i].n >> (56 - 8 * b));
		SHA256_Update(&c, length, sizeof(length));
		SHA256_Update(&c, parts[i].p, parts[i].n);
	}
	SHA256_Final(digest, &c);
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
