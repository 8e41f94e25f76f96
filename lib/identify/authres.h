#ifndef KITH_IDENTIFY_AUTHRES_H
#define KITH_IDENTIFY_AUTHRES_H
/*
 * Authentication-Results (RFC 8601): reading the field, and what the fields
 * of trusted servers say about the author's domain of a mail.
 */
#include "core/arena.h"
#include "json/json.h"
#include "workspace/workspace.h"

enum {
	AUTHRES_RESULTS = 32, /* results a field; one with more is odd */
	AUTHRES_PROPS = 16, /* properties a result, likewise */
	AUTHRES_FIELDS = 64, /* fields a mail */
	AUTHRES_COMMENT_DEPTH = 16,
};

struct authres_prop {
	struct str type, name, value; /* "header", "d", "example.org" */
};

struct authres_result {
	struct str method, result; /* lower case */
	struct authres_prop props[AUTHRES_PROPS];
	size_t prop_count;
};

struct authres {
	struct str id; /* authserv-id, as written; absent where there is none */
	struct authres_result results[AUTHRES_RESULTS];
	size_t n;
	const char *odd; /* what is, and then no result is there; or NULL */
};

/*
 * Reads a field's body by the grammar (2.2), with what servers are known to add
 * to it: "action=none", a ";" too many, names without a server.
 *
 * Much of it is text that the sender chose: MAIL FROM, HELO, i= of a signature,
 * the reason.  Where that could be taken for the server's words (quotes within
 * comments, quoted local parts, encoded words, text that is no result, results
 * that no server gives beside each other) nothing of the field is.
 *
 * -1 where not even the authserv-id can be read.  For tests and fuzzing, which
 * look at the parts.
 */
int authres_parse(struct str body, struct arena *a, struct authres *out);
/* The value of a result's property, STR_NONE without one.  For tests. */
struct str authres_prop(
    const struct authres_result *r, const char *type, const char *name);

enum auth_verdict {
	AUTH_NOTHING, /* nobody whom we trust said anything that decides */
	AUTH_PASS, /* the author's domain vouches for the mail */
	AUTH_FAIL, /* it was checked and failed */
};

/* In RFC 8601 words, absent where nothing was read. */
struct auth {
	struct str spf, dkim, dmarc, arc;
	struct str by; /* the authserv-id */
	struct str odd; /* why its field says nothing; absent */
	bool submitted; /* auth=pass: by somebody whom the server knows */
	bool own; /* our own check, not a server's word */
	bool outside; /* ... of what came to our servers from outside */
	/* The server that had what says to be from us from outside, where the
	 * workspace names none and nothing tells more; else absent. */
	struct str unsure;
	enum auth_verdict verdict;
};

/*
 * list is the record's data.authenticationResults, a list of {value, hop} in
 * the order of the header; domain the author's, as A-labels in lower case.
 *
 * Only fields with an authserv-id of the configuration count, of these only
 * those with the fewest Received fields above them, and of these the topmost
 * alone: everything below may have come with the mail.  That DMARC failed
 * counts from the others, too.
 */
void auth_read(struct auth *out, struct json list, struct str domain,
    const struct workspace *c, struct arena *a);
/*
 * Mail that says to be from us and has no such results: did a server of ours
 * receive it from outside?  received is the record's data.received.  Then
 * out->by is that server.  Handed in by somebody whom the server knows (RFC
 * 3848), from the same host and from private addresses are not outside.
 *
 * Where the workspace names no server the hosts in our domains are ours, and
 * what stands above the topmost Received field was written where the mailbox is:
 * it is believed when it says that the mail is not ours.  Else such a mail is
 * ours, and unsure.
 */
void auth_of_ours(struct auth *out, struct json received, struct json results,
    struct str domain, const struct workspace *c, struct arena *a);
/* Is it one of the servers that the workspace names? */
bool auth_is_believed(struct str id, const struct workspace *c);
/* The authserv-ids of such a list, as written, in the order of the header.
 * Returns how many there are. */
size_t
auth_servers(struct json list, struct arena *a, struct str out[AUTHRES_FIELDS]);
/* The verdict that the words of a record's `auth` stand for, where identify
 * wrote them about a claimed sender: AUTH_FAIL or AUTH_NOTHING. */
bool auth_words_fail(struct str spf, struct str dkim, struct str dmarc);

/*
 * Is it true that one of ours wrote this?  What lies in a folder of sent mail
 * was received by no server of ours; what came in from outside was, and says to
 * be ours with as much right as any forger.
 */
static inline bool
auth_is_ours(const struct auth *auth)
{
	if (auth->by.p == NULL || auth->verdict == AUTH_PASS)
		return true;
	if (auth->own)
		return !auth->outside && auth->verdict != AUTH_FAIL;
	return auth->submitted && auth->verdict != AUTH_FAIL;
}

#endif
