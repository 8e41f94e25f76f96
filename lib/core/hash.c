#include "core/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/alloc.h"

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
hash_sha256(const void *p, size_t n, uint8_t out[32])
{
	EVP_MD_CTX *ctx = sha256_start();

	EVP_DigestUpdate(ctx, p, n);
	EVP_DigestFinal_ex(ctx, out, NULL);
}

void
hash_hmac(struct str key, struct str text, uint8_t out[32])
{
	unsigned len = 32;

	if (HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)text.p,
		text.n, out, &len) == NULL)
		alloc_die(32);
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
