#ifndef KITH_RECALL_CONTEXT_H
#define KITH_RECALL_CONTEXT_H
/*
 * What is known of each person: learned from records in the order of their
 * time, told as a small object at any moment between two of them.
 *
 * Memory: about 400 bytes a person, what is told of each of the last messages
 * (300 to 600), 400 for each conversation; of who was seen on pages, bought
 * something or stands in a CRM some 500 more, and 150 for each interest.
 */
#include "identify/evidence.h"
#include "json/write.h"
#include "people/activity.h"
#include "record/waiting/waiting.h"

enum {
	CONTEXT_NAMES = 5, /* the first ones */
	CONTEXT_IDS = 20,
	CONTEXT_CHANNELS = 12,
	CONTEXT_CONVERSATIONS = 8, /* the last ones */
	CONTEXT_RECENT = 5, /* messages, the last ones */
	CONTEXT_TEXT = 160, /* bytes of each one's text */
	CONTEXT_ORDERS = 5, /* the last ones */
};

struct context_options {
	int64_t open; /* how long a conversation that waits for nobody is
			 open */
	int64_t half_life; /* of a visit's weight in an interest */
	int64_t present; /* how long the page last seen counts as open */
};

struct context;
struct profile; /* one person */

struct context *context_new(const struct context_options *o);
void context_free(struct context *c);

/* Learns from a record, whose person it is, and which is true from `at` on
 * (record_known); one without a person or kept apart by merge teaches
 * nothing. */
void context_add(struct context *c, struct record *r, int64_t at);
/* The same where the caller has the person's known, or NULL, and has read what
 * the record says. */
void context_learn(struct context *c, struct profile *k, struct record *r,
    const struct said *said);
/* Another's record, which stands in the person's conversation, or answers it
 * from elsewhere: nothing is learned but who waits there. */
void context_beside(
    struct context *c, struct record *r, struct str conversation, int64_t at);
/* A key of the person's, as type:value. */
void context_add_id(struct context *c, struct str person, struct str key);
/* Are so many known that no more are taken in? */
bool context_ids_full(const struct profile *k);
/* NULL where nothing is known of them. */
struct profile *context_get(const struct context *c, struct str person);
struct str context_person(const struct profile *k);
/* Has anything been learned of them but keys? */
bool context_is_known(const struct profile *k);
/* For the caller: up to where the state was read. */
struct store_cursor *context_cursor(struct profile *k);
/* The same, made where it is not there. */
struct profile *context_make(struct context *c, struct str person);

/*
 * Fetches into the cache what is known of who is likely to be next: a first
 * step, and two more with time between, so that nothing waits.
 */
void context_foresee(struct context *c, struct str person);
void context_foresee_more(struct context *c, bool last);

/* Writes the members of the object (the caller writes its braces). */
void context_members(struct context *c, const struct profile *k, int64_t as_of,
    struct writer *w);

#endif
