#ifndef KITH_IDENTIFY_KEYS_H
#define KITH_IDENTIFY_KEYS_H
/*
 * Identity keys: what tells one person from another.  A key has a type
 * ("email", "tel", or the scheme of a platform's uri) and a value in its
 * normal form; people and files write it as type:value.  Two spellings have
 * the same key only where the issuer documents that they are the same.
 */
#include "core/arena.h"

enum {
	KEY_MAX = 512, /* bytes of a key in its notation */
	EMAIL_MAX = 320, /* bytes of an address (RFC 3696 erratum 1690) */
	TEL_TEXT = 64, /* bytes of a number as it is written */
};

/* How a key came to stand beside a message; the strongest first. */
enum trust {
	TRUST_AUTHENTICATED, /* aligned mail authentication */
	TRUST_PLATFORM, /* the channel vouches */
	TRUST_OPERATOR, /* a contact row, an agent, a links file */
	/* What somebody who was logged in has in their profile: beside the
	 * site's id of them it joins one of a type, see people/profiles.h. */
	TRUST_PROFILE,
	TRUST_CLAIMED, /* an unauthenticated sender, a form field */
	TRUST_MENTIONED, /* recipients, text */
	TRUST_UNKNOWN,
};

struct key_type {
	enum trust trust; /* of a sender's key, when nothing else decides */
	/*
	 * One person has many of these (a cookie a browser): they are not
	 * counted when another key is suspected of being shared.
	 */
	bool device;
};

/* By the channel whose scheme it is (record/channels.h), or what shops and
 * sites number people by; all others are claimed. */
struct key_type key_type_of(struct str name);

const char *trust_name(enum trust t);
enum trust trust_of(struct str name);
/* Such keys join two people by themselves. */
static inline bool
trust_joins(enum trust t)
{
	return t <= TRUST_PROFILE;
}

/*
 * The normal form of a mail address: domain as A-labels in lower case, local
 * part folded, tags and dots dropped where the provider documents that they
 * do not matter.  STR_NONE where it is no address.
 */
struct str key_email(struct str address, struct arena *a);
/* A domain as A-labels in lower case, STR_NONE where it is none. */
struct str key_domain(struct str domain, struct arena *a);
/* "+" and 7 to 15 digits, the first not 0 (ITU-T E.164). */
bool key_is_e164(struct str tel);
/*
 * Takes a uri apart: type is its scheme in lower case (in the arena or
 * static), value the rest.  -1 where it is none, or names something that is
 * no person (a Slack channel, a bot).
 */
int key_of_uri(
    struct str uri, struct str *type, struct str *value, struct arena *a);

/*
 * Reads what a person typed: type:value, a bare address, a bare international
 * number.  The key in its notation, or STR_NONE.
 */
struct str key_read(struct str typed, struct arena *a);
/* type:value in the arena; STR_NONE past KEY_MAX. */
struct str key_notation(struct str type, struct str value, struct arena *a);

#endif
