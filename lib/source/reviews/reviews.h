#ifndef KITH_SOURCE_REVIEWS_REVIEWS_H
#define KITH_SOURCE_REVIEWS_REVIEWS_H
/*
 * Reviews of the App Store, Google Play, Google Business Profile, Trustpilot,
 * Yelp and Tripadvisor: reviews.c tells and cuts them, read.c finds a review's members
 * by the names that each service has for them, normalize.c says what they
 * mean.
 */
#include "source/native.h"

/* Absent members are STR_NONE, TIME_NONE. */
struct review {
	const char *service; /* "appstore" */
	struct str id, place; /* the app, the branch, the company */
	struct str place_name;
	struct str author, author_id, email;
	struct str stars; /* as they are written */
	struct str title, text, language, link;
	int64_t created, updated;
	struct str reply; /* our answer, and when */
	int64_t replied;
	struct str about; /* of an answer alone: the review's id */
	struct json more; /* whose members of these names data keeps */
	const char *const *kept;
};

/* False where it is no review; *app: it is an app's own entry. */
bool review_read(
    struct normalize *n, struct json native, struct review *out, bool *app);

enum stage_result
reviews_normalize(struct normalize *n, struct json native, struct err *e);

#endif
