#ifndef KITH_REPLY_SENDING_TRANSPORT_H
#define KITH_REPLY_SENDING_TRANSPORT_H
/*
 * Transport files, kith-transports(5): how a channel's messages leave the
 * house, by SMTP or by HTTP, written in YAML with jq where a request is built
 * from a draft and where its answer is read.  Secrets come from files alone
 * and stand in no message of this program.
 */
#include "core/arena.h"
#include "core/err.h"
#include "jq/expr.h"
#include "reply/markdown.h"

enum {
	TRANSPORT_MAX = 64, /* files a run */
	TRANSPORT_HEADERS = 32, /* headers a request has */
	TRANSPORT_PROGRAMS = TRANSPORT_HEADERS + 11,
	TRANSPORT_SECRET = 16 << 10, /* bytes of a secret */
	TRANSPORT_PARALLEL = 64, /* requests in flight at once */
};

enum transport_kind { TRANSPORT_SMTP, TRANSPORT_HTTP };
enum transport_tls { TLS_REQUIRED, TLS_OPPORTUNISTIC, TLS_NONE };
/* The other side's means against doubles. */
enum transport_idempotency {
	IDEMPOTENCY_NONE,
	IDEMPOTENCY_HEADER,
	IDEMPOTENCY_BODY
};

/* A text with \(...) in it; program is NULL where it has none. */
struct transport_text {
	struct str text;
	struct expr *program;
};

struct transport {
	const char *name; /* the file's name without folder and .yaml */
	const char *path;
	enum transport_kind kind;
	struct str channel; /* "email" */
	struct str account; /* only for drafts of this account; or absent */
	struct str service; /* takes what answers this service; or absent */
	struct transport_text url;
	struct transport_text unsubscribe; /* SMTP: from solicitations */
	struct str from, from_name; /* our address where the draft has none */
	struct str user, secret; /* absent where there is none */
	struct str ca_file; /* certificates to trust instead of the system's */
	enum transport_tls tls;
	enum transport_idempotency idempotency;
	int64_t timeout; /* until the answer, microseconds */
	int64_t max_chars; /* of a body; 0: what the channel is known for */
	int64_t max_segments; /* of an SMS; 0: SMS_SEGMENTS */
	enum markup markup; /* of .rendered */
	int64_t parallel;
	int64_t pace; /* microseconds between two starts; 0: none */
	int64_t recipient_pace; /* the same, to one recipient */
	struct expr *pace_by; /* what counts as one recipient, or NULL */
	int64_t idempotent_for; /* the other side folds for so long; 0: ever */
	struct str sign_header; /* an HMAC of the body goes there; or absent */
	bool insecure; /* plain http to loopback */
	bool private; /* addresses of private networks too */
	bool mx; /* SMTP: to the recipient's own servers, at this port */
	int64_t mx_port;
	bool smtputf8; /* SMTP: takes local parts beyond ASCII, RFC 6531 */
	bool attachments; /* HTTP: programs send them, .reply.attachments */
	bool cc; /* HTTP: programs send to them, too, .cc */
	struct str method;
	struct {
		struct str name;
		struct transport_text value;
	} headers[TRANSPORT_HEADERS];
	size_t header_count;
	struct expr *body;
	struct expr *success, *id, *record, *reason, *retry_after, *temporary,
	    *ambiguous; /* NULL: by the status alone */
};

struct transports {
	struct transport *v[TRANSPORT_MAX];
	size_t n;
	struct arena arena;
};

/*
 * Reads one file, after which its settings go before those read later.  With
 * `secrets` its secret file is read too; without, programs see an empty one.
 * A zeroed struct transports is ready.  For tests: tools open them all.
 */
int transports_add(
    struct transports *t, const char *path, bool secrets, struct err *e);
/* These files, then the workspace's folder (NULL: none), all checked. */
int transports_open(struct transports *t, const char *const *files, size_t n,
    const char *dir, bool secrets, struct err *e);
/* Before the first request by it. */
int transport_ready(const struct transport *t, struct err *e);
void transports_release(struct transports *t);
/*
 * By which one a draft goes: the service's, whose format the request came in
 * (absent: not said), goes before the channel's, and of these the one with the
 * account before the one without.  Another service's takes nothing.  NULL when
 * there is none.
 */
struct transport *transports_find(const struct transports *t,
    struct str channel, struct str account, struct str service);
/* Puts "***" in the place of the secret wherever it stands in the text. */
void transport_redact(const struct transport *t, char *text);

#endif
