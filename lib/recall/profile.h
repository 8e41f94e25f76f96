#ifndef KITH_RECALL_PROFILE_H
#define KITH_RECALL_PROFILE_H
/*
 * Inside of the context, shared by its sources: what is kept of a person.
 */
#include "core/intern.h"
#include "core/pool.h"
#include "people/store/store.h"
#include "recall/context.h"
#include "recall/habit.h"
#include "recall/interests.h"
#include "recall/peopletable.h"
#include "record/consent/consents.h"

struct channel_kept {
	int64_t last;
	uint32_t name; /* context_word_at */
	uint32_t inbound, outbound;
};

struct order_kept {
	char *number, *status; /* NULL where there is none */
	char *items; /* members, JSON between braces, or NULL */
	char *json;
	/* Until it was changed as we know it: without its status; or NULL. */
	char *before;
	int64_t changed;
	char id[ID_SIZE];
	int64_t at;
};

struct trait_kept {
	struct str name; /* interned */
	char *value; /* JSON */
};

/* The page last seen. */
struct last_page {
	int64_t at;
	struct str channel; /* interned */
	char *url, *page, *product, *category; /* NULL where there is none */
	char *order; /* number, where it says one */
};

/* Of those who did more than talk. */
struct activities {
	struct consents consents;
	struct trait_kept *traits;
	struct order_kept orders[CONTEXT_ORDERS]; /* the oldest first */
	struct interests interests;
	struct last_page page;
	struct str preferred; /* as stated; interned */
	struct str zone; /* the last one seen; interned */
	uint8_t trait_n, order_n;
};

/*
 * What is kept of everybody lies in one piece of memory, its block: channels;
 * names and ids, each behind its length; a gap; the last messages as JSON, each
 * behind its length, the oldest first.  So a record of a person reads a few
 * lines of memory that follow each other.
 */
struct profile {
	struct person person; /* first */
	char *block;
	uint32_t words_end, recent, end, cap; /* in the block */
	uint64_t who; /* who_hash of the last record, where that was all */
	struct activities *activities; /* or NULL */
	int64_t first, last;
	uint32_t standings[CONTEXT_CONVERSATIONS]; /* the oldest first */
	struct habit habit;
	uint8_t name_n, id_n, channel_n, recent_n, standing_n;
	bool seen;
	struct store_cursor cursor;
};

struct context {
	struct context_options o;
	struct standings standings;
	struct people people; /* struct profile */
	uint64_t next; /* hash of the person that is likely to be next */
	struct profile *met; /* the one that was asked for last */
	struct pool blocks;
	struct intern words; /* names of channels, zones, traits */
	struct buf scratch;
	uint64_t secret;
	struct interest_scratch interests;
	struct time_memo times;
};

/* profile.c */

static inline struct channel_kept *
profile_channels(const struct profile *k)
{
	return (struct channel_kept *)(void *)k->block;
}

/* A walk over what stands behind lengths. */
struct profile_walk {
	const char *p;
};
static inline struct profile_walk
profile_words(const struct profile *k)
{
	return (struct profile_walk){
		k->block == NULL
		    ? NULL
		    : k->block + k->channel_n * sizeof(struct channel_kept)
	};
}
static inline struct str
profile_next(struct profile_walk *w)
{
	uint32_t n;
	const char *p;

	if (w->p == NULL)
		return STR_NONE;
	p = w->p + sizeof(n);
	memcpy(&n, w->p, sizeof(n));
	w->p = p + n;
	return str_make(p, n);
}
/* The messages, the newest first: returns how many. */
size_t profile_recent(const struct profile *k, struct str out[CONTEXT_RECENT]);

struct channel_kept *profile_add_channel(struct context *c, struct profile *k);
/* Names stand first, then ids in their order: a word as number i of both. */
void profile_add_word(
    struct context *c, struct profile *k, size_t i, struct str word);
/* A message; of more than CONTEXT_RECENT the oldest goes. */
void profile_add_recent(struct context *c, struct profile *k, struct str json);
/* Another text in the place of number i of profile_recent. */
void profile_renew_recent(
    struct context *c, struct profile *k, size_t i, struct str json);

/* One copy of what comes again and again. */
struct str context_word(struct context *c, struct str s);
/* Its number. */
uint32_t context_word_number(struct context *c, struct str s);
static inline struct str
context_word_at(const struct context *c, uint32_t i)
{
	return intern_word(&c->words, i);
}
/* Made where they are not there. */
struct activities *context_activities(struct profile *k);
void activities_free(struct activities *d);
/* Their texts; the caller writes anew what is there. */
void order_release(struct order_kept *o);
void page_release(struct last_page *p);

/* learn.c */

/* What a record that is no message teaches. */
void activity_visit(
    struct context *c, struct profile *k, struct record *r, int64_t at);
void activity_order(
    struct context *c, struct profile *k, struct record *r, int64_t at);
void activity_contact(
    struct context *c, struct profile *k, struct record *r, int64_t at);
/* What a message or an event says of being written to; of what is set aside
 * (apart) only that they do not want to be. */
void
activity_consent(struct profile *k, struct record *r, int64_t at, bool apart);

#endif
