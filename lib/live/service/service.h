#ifndef KITH_LIVE_SERVICE_SERVICE_H
#define KITH_LIVE_SERVICE_SERVICE_H
/*
 * Descriptions of services, lib/source/services/NAME.yaml, kith-services(5):
 * which format its items have, how its hooks prove whose they are, and how it
 * is asked for what is new.  A service is one such file; nothing in the source
 * changes.
 */
#include "core/vec.h"
#include "hook/conf.h"
#include "jq/expr.h"
#include "source/source.h"
#include "workspace/workspace.h"

/* Programs of a poll, in jq; service_names has their names. */
enum service_program {
	POLL_LIST, /* the request */
	POLL_ITEMS, /* what is in an answer */
	POLL_ITEM, /* what one is: {at, once, read, read64, get} */
	POLL_NEXT, /* the next page, for POLL_LIST */
	POLL_CURSOR, /* the token for the next poll */
	POLL_ERRORS, /* why an answer is none */
	POLL_RATE, /* seconds until the next request */
	POLL_GAP, /* is the token no good any more? */
	MORE_ITEMS, /* what the answers to a `get` are: {read, read64} */
	MORE_NEXT, /* another request of these */
	MORE_GONE, /* is the item no more? */
	PLACES_LIST,
	PLACES_ITEMS,
	PLACES_NEXT,
	SERVICE_PROGRAMS
};
/* As a description has them below poll: "list", "more.items". */
extern const char *const service_names[SERVICE_PROGRAMS];

struct service_text {
	struct str text; /* absent: there is none */
	int line; /* of the description in which it begins */
};

/* How far a list was read is told by */
enum service_cursor {
	CURSOR_TOKEN, /* what the service gave */
	CURSOR_NUMBER, /* the items' numbers, which may have fractions */
	CURSOR_TIME, /* their times */
};

struct service_poll {
	struct str base; /* absent: the source's url is all of it */
	struct str header, value, basic; /* of the secret; absent: none */
	struct VEC(struct str) headers; /* "Name: value" */
	struct service_text programs[SERVICE_PROGRAMS];
	struct expr *all; /* over [program, what it sees]: one to compile */
	enum service_cursor cursor;
	bool newest; /* the newest items come first */
	int64_t overlap; /* seconds, or of a number units, that are asked for
			    again */
	int64_t every; /* seconds between two polls */
};

/* What of a description is compiled: that costs. */
enum service_part {
	SERVICE_PLAIN = 0,
	SERVICE_ITEMS = 1, /* what of a hook's body is read */
	SERVICE_POLL = 2,
};

struct live_service {
	struct arena arena;
	const char *path; /* of the description */
	const struct source_format *format;
	struct expr *items; /* what of a body the format reads; NULL: all */
	const char *map; /* the program that gives items a meaning, or NULL */
	bool stamped; /* it reads the time before a body, and a blank */
	bool hooks; /* it has some, by this rule, without names and secrets */
	struct expr *hint; /* what of a body is to be asked for: places, or
			      all; NULL: bodies are read */
	bool word; /* a challenge needs one */
	bool url; /* what is signed has our address in it */
	struct hook_rule rule;
	bool polls; /* it can be asked, by this */
	struct service_poll poll;
};

/*
 * The description of a source's service: PREFIX/share/kith/services/NAME.yaml
 * beside PREFIX/bin, or, where there is a slash in the name, that file,
 * relative to the workspace's; parts are those whose programs will run.  NULL
 * with what is wrong and where.  Freed by live_service_free.
 */
struct live_service *live_service_read(const struct workspace *c,
    const struct workspace_source *of, unsigned parts, struct err *e);
/* Has its poll that program? */
bool service_has(const struct live_service *s, enum service_program p);
/* NULL is allowed. */
void live_service_free(struct live_service *s);

#endif
