/* Apart from hash.c, so that a tool which only looks things up does not load
 * libcrypto: 0.6 ms of each start. */
#include "core/hash.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>

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
	return le64toh(v);
}

/* The last n bytes before end, less than eight; size: of all the data. */
static inline uint64_t
load_tail(const uint8_t *end, size_t n, size_t size)
{
	uint64_t v = 0;

	if (n == 0)
		return 0;
	if (size >= 8)
		return load64(end - 8) >> (64 - 8 * n);
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)end[-1 - (ptrdiff_t)i] << 8 * (n - 1 - i);
	return v;
}

uint64_t
hash_sip13(const uint8_t key[16], const void *data, size_t n)
{
	uint64_t k0 = load64(key), k1 = load64(key + 8), last;
	struct sip s = {
		k0 ^ UINT64_C(0x736f6d6570736575),
		k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261),
		k1 ^ UINT64_C(0x7465646279746573),
	};
	/* Nothing is often nowhere, too: NULL + 0 is not defined. */
	const uint8_t *p = n == 0 ? (const uint8_t *)&s : data;
	size_t left = n;

	for (; left >= 8; left -= 8, p += 8) {
		uint64_t m = load64(p);

		s.v3 ^= m;
		sip_round(&s);
		s.v0 ^= m;
	}
	last = load_tail(p + left, left, n) | (uint64_t)n << 56;
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
		/* The kernel gives each process so many bytes, too. */
		if (getrandom(key, sizeof(key), 0) != sizeof(key))
			memcpy(key, (const void *)getauxval(AT_RANDOM),
			    sizeof(key));
		ready = true;
	}
	return hash_sip13(key, p, n);
}
