#ifndef KITH_CORE_HASH_H
#define KITH_CORE_HASH_H
/*
 * Two kinds of hash: a fast one under a secret for tables in memory, which
 * never shows in any output, and a collision-resistant one for ids, which is
 * the same everywhere and for ever.  And signatures over the latter.
 */
#include "core/str.h"
#include "core/text/ascii.h"

/* SipHash-1-3 (Aumasson, Bernstein 2012) under the process's secret. */
uint64_t hash_keyed(const void *p, size_t n);
/* SipHash-1-3 under a key of the caller's. */
uint64_t hash_sip13(const uint8_t key[16], const void *p, size_t n);

/* Before the first hash of a program that starts for each: what the system has
 * configured of OpenSSL is not read, which costs more than many hashes. */
void hash_alone(void);
/* SHA-256 (FIPS 180-4). */
void hash_sha256(const void *p, size_t n, uint8_t out[32]);
/* HMAC by the hash that others chose; returns how many bytes it has. */
enum hash_algorithm { HASH_SHA1, HASH_SHA256, HASH_SHA512 };
enum { HASH_MOST = 64 /* bytes */ };
size_t hash_mac(enum hash_algorithm a, struct str key, struct str text,
    uint8_t out[HASH_MOST]);

/* A public key, and what kind of it. */
enum hash_key_kind { HASH_KEY_RSA, HASH_KEY_ED25519 };
struct hash_key;
/*
 * RSA: a SubjectPublicKeyInfo, or the RSAPublicKey in it (RFC 8017); Ed25519:
 * its 32 bytes (RFC 8032).  NULL where it is no such key.
 */
struct hash_key *hash_key_read(enum hash_key_kind kind, struct str bytes);
/* NULL is allowed. */
void hash_key_free(struct hash_key *k);
/* Bits of the modulus; 256 for Ed25519. */
int hash_key_bits(const struct hash_key *k);
/*
 * Is it this key's signature of that SHA-256 hash?  RSA by PKCS #1 v1.5, and
 * Ed25519 over the hash's 32 bytes (RFC 8463, 3).
 */
bool hash_key_signed(
    const struct hash_key *k, const uint8_t hash[32], struct str signature);
/* The same for Ed25519 over a text of any length (RFC 8032); an RSA key signs
 * no such. */
bool hash_key_signed_text(
    const struct hash_key *k, struct str text, struct str signature);

/* Letters that an id has behind its prefix: 130 bits, base32, lower case. */
enum { ID_LETTERS = 26, ID_SIZE = 1 + ID_LETTERS + 1 };

/*
 * An id from content: prefix, then the first 130 bits of SHA-256 over the
 * parts, each preceded by its length (so no two lists of parts run
 * together), in base32 of RFC 4648 in lower case.  NUL-terminated.
 */
void id_make(char out[ID_SIZE], char prefix, const struct str *parts, size_t n);
/* Could s be an id of ours, with one of these prefixes ("pcm")?  Here, so that
 * who only asks does not load what makes one. */
static inline bool
id_is(struct str s, const char *prefixes)
{
	if (s.n != 1 + ID_LETTERS || !ascii_is_in(s.p[0], prefixes))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!(ascii_is_lower(s.p[i]) ||
			(s.p[i] >= '2' && s.p[i] <= '7')))
			return false;
	return true;
}

#endif
