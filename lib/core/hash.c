#include "core/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/alloc.h"

#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = ROTL(s->v1, 13) ^ s->v0;
	s->v0 = ROTL(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = ROTL(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = ROTL(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = ROTL(s->v1, 17) ^ s->v2;
	s->v2 = ROTL(s->v2, 32);
}

static inline uint64_t
load64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

uint64_t
hash_sip13(const uint8_t key[16], const void *data, size_t n)
{
	uint64_t k0 = load64(key), k1 = load64(key + 8), last = 0;
	struct sip s = {
		k0 ^ UINT64_C(0x736f6d6570736575),
		k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261),
		k1 ^ UINT64_C(0x7465646279746573),
	};
	const uint8_t *p = data;
	size_t left = n;

	for (; left >= 8; left -= 8, p += 8) {
		uint64_t m = load64(p);

		s.v3 ^= m;
		sip_round(&s);
		s.v0 ^= m;
	}
	if (left > 0)
		memcpy(&last, p, left);
	last |= (uint64_t)n << 56;
	s.v3 ^= last;
	sip_round(&s);
	s.v0 ^= last;
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t
hash_keyed(const void *p, size_t n)
{
	static uint8_t key[16];
	static bool ready;

	if (!ready) {
		if (getrandom(key, sizeof(key), 0) != sizeof(key))
			abort();
		ready = true;
	}
	return hash_sip13(key, p, n);
}

/* One context for the process: a fetch of the algorithm costs more than the
 * hash of a short text. */
static EVP_MD_CTX *
sha256_start(void)
{
	static EVP_MD_CTX *ctx;
	static EVP_MD *md;

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
