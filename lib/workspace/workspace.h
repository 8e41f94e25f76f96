#ifndef KITH_WORKSPACE_WORKSPACE_H
#define KITH_WORKSPACE_WORKSPACE_H
/*
 * The workspace file (-C kith.yaml, KITH_CONFIG): what all tools need to know
 * of the company.  All that is wrong in it is said at once, each with line,
 * column and mend.
 *
 *	us:                     # our own identifiers: they decide the direction
 *	  emails: [support@example.com]
 *	  domains: [example.com]
 *	  tels: ["+4930123456"]
 *	  uris: ["slack:T1/U7", "slack:T1/B3"]
 *	  lists: [support.example.com]   # our own mailing lists and groups
 *	relays:                 # who carries what others wrote
 *	  - {domain: forms.example, author: replyTo}
 *	zone: Europe/Berlin     # IANA name
 *	region: DE              # ISO 3166, for national telephone numbers
 *	authserv: [mx.example.com]   # whose Authentication-Results count
 *	verify: true            # check senders of mail with the DNS
 *	resolver: 127.0.0.1     # by this server; default: the system's
 *	state: state            # paths are relative to this file
 *	rules: rules.yaml
 *	links: links.jsonl      # or a list of such
 *	link: 0.9               # join rows by probability
 *	model: model.json
 *	acts: acts.jsonl        # what operators decided; likewise
 *	patterns: patterns.yaml # keys that identify finds in texts
 *	spoofable: [voice]      # channels, or types of keys, whose senders
 *	                        # prove nothing
 *	verified: [shopify.email]  # what a source vouches for
 *	vcon: {keys: [vcon.pem]}   # whose signatures of vCons count
 *	segments: segments.yaml
 *	transports: transports  # a folder of transport files
 *	templates: templates    # a folder of reply templates
 *	approvers:              # who may approve drafts, by queue
 *	  billing: [kim, ada]
 *	  "*": [kim]            # all other queues, and none
 *	sources:                # what is read of services, by name
 *	  desk: {url: "imaps://desk@mail.example.com", passwordFile: desk.pw}
 *	  team: {service: slack, secretFile: team.secret, account: T1}
 *	spool: spool            # the folder that hooks write to
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/opt.h"

struct workspace_list {
	struct str *v;
	size_t n;
};

/* Who may approve the drafts of a queue; "*" is all others. */
struct workspace_approvers {
	struct str queue;
	struct workspace_list names;
};

/* Where the author of what a relay carries stands. */
enum relay_author { RELAY_REPLY_TO, RELAY_ORIGINAL_FROM, RELAY_BODY };

struct workspace_relay {
	struct str address, domain; /* one of them is absent */
	enum relay_author author;
};

struct workspace_relays {
	struct workspace_relay *v;
	size_t n;
};

/*
 * A live source: a server by its url, or a service, which has a description.
 * What is not given is NULL or empty; files are paths with a NUL behind.
 */
struct workspace_source {
	const char *name; /* letters, digits, "-", "_" and "." within */
	const char *service;
	const char *url; /* the server; with service, where its API is */
	const char *hook; /* our address as the service calls it: https://... */
	const char *account; /* the service's name for what is ours there */
	const char *password_file, *token_file;
	const char *challenge_file; /* of the word that a service sends when a
				       hook is set up */
	struct workspace_list secret_files; /* of what signs its hooks: while
					       one is changed two of them */
	struct workspace_list folders, places; /* what is read of it */
};

struct workspace_sources {
	struct workspace_source *v;
	size_t n;
};

struct workspace {
	const char *path; /* NULL when there is no file */
	struct workspace_list emails, domains, tels, uris, lists, authserv,
	    spoofable, verified;
	struct workspace_list links, acts,
	    vcon_keys; /* paths, each with a NUL behind */
	struct workspace_approvers *approvers; /* NULL: everybody may */
	size_t approver_count;
	struct workspace_relays relays;
	const char *zone, *region, *resolver;
	const char *link; /* the probability that joins rows without a key */
	const char *model; /* a file: how they are linked */
	bool verify;
	const char *state, *rules, *patterns, *segments, *transports,
	    *templates;
	struct workspace_sources sources; /* in the order of the file */
	const char *spool; /* the folder that hooks write to */
};

/*
 * path NULL gives the empty workspace.  Owned by the caller: workspace_free.
 * NULL where the file is wrong: e has its last fault, and each before was told
 * (tell may be NULL), in the order of the file, with line, column and mend.
 */
struct workspace *workspace_read(const char *path,
    void (*tell)(void *arg, const char *fault), void *arg, struct err *e);
void workspace_free(struct workspace *c);
/* The files that options give, in the arena; where they give none those of the
 * workspace. */
struct workspace_list workspace_paths(const struct workspace_list *l,
    const struct opt_list *given, struct arena *a);
/* Ours?  Addresses and domains compare without case, and what stands behind a
 * plus of an address does not count: care+t4711@ is ours where care@ is. */
bool workspace_our_email(const struct workspace *c, struct str address);
/* The mailbox that an address of ours stands for, lower case: care@ of
 * Care+t1@, unless us.emails has that.  In the arena. */
struct str workspace_account(
    const struct workspace *c, struct str address, struct arena *a);
/*
 * Is it a mailing list of ours?  name is a List-Id without its brackets or an
 * address: one of us.lists, an address of ours, or in one of our domains or
 * below, those of us.emails too.
 */
bool workspace_our_list(const struct workspace *c, struct str name);
/* The relay that this address is, or that has its domain or one above it;
 * NULL where none is named. */
const struct workspace_relay *
workspace_relay_of(const struct workspace *c, struct str address);
/* The live source of that name, or NULL. */
const struct workspace_source *
workspace_source(const struct workspace *c, struct str name);
bool workspace_our_tel(const struct workspace *c, struct str tel);
bool workspace_our_uri(const struct workspace *c, struct str uri);
/* May this person approve drafts of the queue (absent: of none)?  Names
 * compare without case.  Everybody may where the file does not say. */
bool workspace_approves(
    const struct workspace *c, struct str queue, struct str name);

#endif
