#ifndef KITH_CORE_CRYPTO_KEYRING_H
#define KITH_CORE_CRYPTO_KEYRING_H
/*
 * Public keys that the user gave, and whether a JSON Web Signature (RFC 7515)
 * is by one of them, by the algorithms of RFC 7518 and 8037 that have a public
 * key.  Which kind of key an algorithm takes is fixed: a signature cannot
 * choose another one, and what is made with a shared secret is none.
 */
#include "core/arena.h"
#include "core/err.h"

enum {
	KEYRING_KEYS = 64, /* of all files */
	KEYRING_FILE = 1 << 20, /* bytes of a file */
	KEYRING_CHAIN = 10, /* certificates that come with a signature */
	KEYRING_RSA_BITS = 2048, /* that a key has at least (RFC 7518, 3.3) */
};

struct keyring;

struct keyring *keyring_new(void);
/* NULL is allowed. */
void keyring_free(struct keyring *k);
/*
 * All of a PEM file (RFC 7468): public keys, and certificates, each of which is
 * a key, too, and whose own names and times nobody asks for.  0, or -1 where
 * it has none, or something else, such as a private key.
 */
int keyring_add(struct keyring *k, const char *path, struct err *e);

/* A signature, over text; all is borrowed. */
struct keyring_signature {
	struct str algorithm; /* "ES256" (RFC 7518, 3.1) */
	struct str text, bytes;
	/* Certificates in DER that came with it, its own first, or none.  They
	 * count where they lead to a certificate of the ring, and all were
	 * valid then: at, or never where it is TIME_NONE. */
	const struct str *chain;
	size_t chained;
	int64_t at;
};
/* By which key it is: the base name of its file, borrowed from the ring, and
 * whom the signature's own certificate names (RFC 2253), where it was that
 * which counted; in the arena. */
struct keyring_signer {
	struct str file, subject;
};

/* Is it by a key of the ring?  0, or -1 with the reason why it is not. */
int keyring_verify(const struct keyring *k, const struct keyring_signature *s,
    struct keyring_signer *by, struct arena *a, struct err *e);

#endif
