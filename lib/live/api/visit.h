#ifndef KITH_LIVE_API_VISIT_H
#define KITH_LIVE_API_VISIT_H
/*
 * One poll of a service, as the files of this room see it; nobody else includes
 * this.
 */
#include "live/api/account.h"
#include "live/api/mark.h"

enum {
	VISIT_RESULTS = 256 << 20, /* bytes of what a program gives */
	VISIT_PAGES = 100000, /* in one poll of a place; the next goes on */
};

/* One poll. */
struct visit {
	struct api_account *account;
	struct api *api;
	struct live_store *store;
	struct sink *out;
	struct seen seen;
	/* Of the place in hand. */
	struct api_turn turn;
	uint32_t pages; /* that were turned */
	const char *file; /* what records say: @NAME/PLACE */
	bool found; /* the service named it, not the workspace */
	struct str key; /* in the cursor */
	struct arena arena; /* of the place */
	struct mark *mark; /* NULL: a token */
	/* Of the page in hand. */
	struct str latest, earliest; /* `at` of its items */
	struct arena page, item;
	struct buf shown; /* what the list's programs see of it */
};

bool visit_is_stopped(const struct visit *v);
/* As a text of JSON, in the arena; absent stays so. */
struct str visit_quote(struct arena *a, struct str s);
/* What is in the journal now is what the cursor stands for.  0 or -1. */
int visit_settle(struct visit *v, struct err *e);

/* pages.c: all pages of the place in hand.  0 or -1. */
int visit_pages(struct visit *v, struct err *e);
/* By a request of POLL_LIST, or PLACES_LIST. */
enum api_word visit_ask(struct visit *v, enum service_program p, struct err *e);
/* The next page: 1, 0 at the end.  `true` asks again from the cursor. */
int visit_next(struct visit *v, enum service_program p, struct err *e);

/* items.c: to the format, unless it came before.  0 or -1. */
int visit_bytes(struct visit *v, struct str bytes, struct err *e);
/* What an item is, by the description; one of which it cannot tell is a
 * reject.  0 or -1. */
int visit_take(struct visit *v, struct str item, struct err *e);

#endif
