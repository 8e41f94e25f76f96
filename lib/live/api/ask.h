#ifndef KITH_LIVE_API_ASK_H
#define KITH_LIVE_API_ASK_H
/*
 * Asking a service: the requests that a description's programs make, with the
 * secret, and what its answers say of themselves: an error, a pause.
 *
 * Programs see one object, of which what there is none of is null:
 *
 *	{"account","place","since","before","done","page","item",
 *	 "status","headers":{name:value},"links":{rel:url},"answer"}
 *
 * answer is JSON where it is such, else a text.
 */
#include <signal.h>

#include "live/oauth.h"
#include "live/service/service.h"
#include "net/http.h"

enum {
	API_ANSWER = 64 << 20, /* bytes of one */
	API_TRIES = 5, /* of a request that is told to wait */
	API_PAUSE = 60, /* seconds that it waits, at most */
	API_BUSY = 3600, /* seconds that it asks nothing, at most */
};

/* What the programs see beside an answer; JSON, or absent. */
struct api_turn {
	struct str place, since, before, done, page, item;
};

struct api {
	/* Borrowed. */
	const struct live_service *service;
	const struct workspace_source *source;
	struct str secret; /* or absent */
	struct oauth *oauth; /* gives it, or NULL */
	const char *ca_file;
	const volatile sig_atomic_t *signalled; /* or NULL */
	struct net_wait *wait; /* or NULL */

	struct http *http;
	struct http_answer answer;
	struct buf seen; /* what the programs see, of the last answer */
	bool stop; /* the last failed for what is no single item's */
	enum { API_TEXT, API_VALUE, API_WHOLE } form; /* the last answer's */
	int64_t due; /* no request before this, by the steady clock */
	struct json_doc *doc;
	struct arena arena; /* of one request */
};

/* 0, or -1; api_close also then.  The members above are filled in. */
int api_open(struct api *a, struct err *e);
void api_close(struct api *a);

/* Does what it asks hold the secret? */
bool api_has_secret(const struct api *a);

/* What the programs see of a turn without an answer, into out. */
void api_show(const struct api *a, const struct api_turn *t, struct buf *out);

enum api_word {
	API_ANSWERED, /* a->seen has it */
	API_SAME, /* 304: nothing changed */
	API_GAP, /* the token is no good: begin anew */
	API_GONE, /* the item that asks is no more */
	API_FAILED = -1, /* ERR_AGAIN where a later poll may fare better */
};
/* By a request, which is JSON as POLL_LIST gives it. */
enum api_word api_ask(
    struct api *a, const struct api_turn *t, struct str request, struct err *e);
/*
 * The results of a program over what stands in `seen`, one a line, into out:
 * how many, 0 where the description has none, -1.
 */
ptrdiff_t api_run(struct api *a, enum service_program p, struct str seen,
    struct buf *out, struct err *e);
/*
 * The same of a program that says what the items of the last answer are.  Where
 * that is neither an object nor a list of JSON, as what a proxy says of
 * maintenance, it must find some, and a later poll may fare better: ERR_AGAIN.
 */
ptrdiff_t api_items(struct api *a, enum service_program p, struct str seen,
    struct buf *out, struct err *e);
/* The first result, which is not null and not false; else absent.  In out. */
int api_first(struct api *a, enum service_program p, struct str seen,
    struct buf *out, struct str *first, struct err *e);

#endif
