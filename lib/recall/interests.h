#ifndef KITH_RECALL_INTERESTS_H
#define KITH_RECALL_INTERESTS_H
/*
 * What a person is interested in: learned from the pages and products that
 * they looked at, kept warm by what they write, settled by an order.
 *
 * A topic is a visit's category; without one its product, its page's title
 * (what stands before " | "), or the end of its URL's path.  Pages that
 * everybody passes (home, cart, login) are none.  Two topics are the same when
 * their words are, without regard to case and a plural's "s".
 *
 * The weight is the number of visits and messages, each of which counts half
 * as much after every half-life.  An order settles an interest when an item
 * has the SKU of a product seen under it, or when all words of the topic, or
 * of such a product, stand in the item's name or category.  INTEREST_ANEW
 * visits' weight after that opens it again; so does the order's cancellation.
 */
#include "people/activity.h"

enum {
	INTERESTS = 8, /* a person has; of more the lightest goes */
	INTERESTS_TOLD = 5,
	INTEREST_CHANNELS = 6,
	INTEREST_PRODUCTS = 400, /* bytes of products seen, the first ones */
	INTEREST_ANEW = 3,
};

struct interest;

struct interests {
	struct interest *v;
	size_t n;
};

/* What it works with: buffers that are reused. */
struct interest_scratch {
	struct buf topic, words, other;
};
void interest_scratch_init(struct interest_scratch *s);
void interest_scratch_release(struct interest_scratch *s);

/* A zeroed struct interests is ready. */
void interests_release(struct interests *t);
/* channel must live as long as t. */
void
interests_visit(struct interests *t, const struct visit *v, struct str channel,
    int64_t at, int64_t half_life, struct interest_scratch *s);
/* What a message speaks of keeps interests warm that are there. */
void interests_spoken(struct interests *t, struct str subject, struct str text,
    struct str channel, int64_t at, int64_t half_life,
    struct interest_scratch *s);
/* name is the order's number or id. */
void interests_order(struct interests *t, const struct order *o,
    struct str name, int64_t at, struct interest_scratch *s);
/* The member `interests`, where there is anything to tell. */
void interests_write(const struct interests *t, int64_t as_of,
    int64_t half_life, struct writer *w);

#endif
