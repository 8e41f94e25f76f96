#ifndef KITH_HOOK_CONF_H
#define KITH_HOOK_CONF_H
/*
 * SPOOL/hook.conf: how the hooks of each source prove whose they are, with the
 * secrets.  `kith ingest --hook-setup` writes it of the workspace file and the
 * services' descriptions, kith-hook reads it.  Lines of a key and a value:
 *
 *	kith-hook 1
 *	workspace /etc/kith/kith.yaml	# the conf must not be older than this
 *	source team
 *	service slack
 *	algorithm sha256
 *	header X-Slack-Signature
 *	prefix v0=
 *	coding hex
 *	signed v0:{time}:{body}
 *	time X-Slack-Request-Timestamp
 *	unit s
 *	tolerance 300
 *	challenge json type url_verification - json challenge
 *	secret 6b657931			# in hexadecimal
 *	sum 9f86d0...			# SHA-256 of all above
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/buf.h"

enum {
	HOOK_CONF_MAX = 1 << 20, /* bytes */
	HOOK_SECRETS = 4, /* of one source: two while one is changed */
	HOOK_CHALLENGES = 4,
	HOOK_BODY = 4 << 20, /* bytes of one body */
};
#define HOOK_CONF "hook.conf"

enum hook_algorithm {
	HOOK_SHA256, /* HMAC (RFC 2104) */
	HOOK_SHA1,
	HOOK_SHA512,
	HOOK_ED25519, /* RFC 8032; the secret is the public key */
	HOOK_EQUAL, /* header, parameter or member is the secret */
};
enum hook_coding { HOOK_HEX, HOOK_BASE64, HOOK_TEXT };
enum hook_unit { HOOK_SECONDS, HOOK_MILLISECONDS, HOOK_RFC3339 };

/* What a hook is asked for when it is set up, and what it answers. */
enum hook_place {
	HOOK_IN_QUERY, /* of a GET */
	HOOK_IN_JSON, /* the body of a POST that was verified */
	HOOK_UNSIGNED, /* of one that nobody signs */
	HOOK_IN_POST, /* in the query of a POST, which nobody signs */
};
enum hook_answer {
	HOOK_FROM_QUERY,
	HOOK_FROM_JSON,
	HOOK_FROM_HEADER,
	HOOK_THIS
};
struct hook_challenge {
	enum hook_place place;
	struct str name, value; /* the parameter or member; absent: any */
	struct str word; /* the parameter that has the challenge's word */
	enum hook_answer from;
	struct str answer; /* parameter, member, header, or the text itself */
};

struct hook_rule {
	struct str source, service;
	enum hook_algorithm algorithm;
	struct str header; /* of the signature; or, where it is the secret, */
	struct str query; /* the parameter of the query that is, or */
	struct str list, member; /* the member of each object in the body's
				    list; without list, of the body */
	struct str prefix; /* before it */
	bool several; /* signatures, with blanks between */
	enum hook_coding coding;
	struct str sign; /* the template of what is signed */
	struct str time; /* header; absent: none */
	enum hook_unit unit;
	int64_t tolerance; /* seconds; 0: any */
	struct str digest; /* parameter of the query that has the hash of a
			      body that sign does not have */
	struct str url; /* our address from the outside */
	enum hook_coding key; /* how a secret is written */
	struct str key_prefix;
	struct str secrets[HOOK_SECRETS]; /* decoded */
	size_t secret_count;
	struct str word; /* of challenges */
	struct hook_challenge challenges[HOOK_CHALLENGES];
	size_t challenge_count;
};

/* A word of the file for each value; NULL ends each list. */
extern const char *const hook_algorithms[],
    *const hook_codings[], *const hook_units[], *const hook_places[],
						    *const hook_answers[];
/* Its place in such a list, or -1. */
int hook_word(const char *const *words, struct str s);

/* The beginning, a source's lines, and the end, which is the sum. */
void hook_conf_begin(struct buf *out, struct str workspace);
void hook_conf_add(struct buf *out, const struct hook_rule *r);
void hook_conf_end(struct buf *out);

/*
 * Checks all of it and gives the rule of one source: 1, or 0 where there is
 * none of that name, -1 where the file is damaged or of another version.
 * *workspace is the path in it.  Both are slices of text or in the arena.
 */
int hook_conf_read(struct str text, struct str source, struct arena *a,
    struct hook_rule *out, struct str *workspace, struct err *e);
/*
 * The conf must not be older than what it was made of; a workspace file that
 * this user cannot look at tells nothing.  0 or -1.
 */
int hook_conf_check_age(
    const char *conf, struct str workspace, struct arena *a, struct err *e);

#endif
