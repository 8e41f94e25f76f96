#ifndef KITH_IDENTITY_CONTEXTPARTS_H
#define KITH_IDENTITY_CONTEXTPARTS_H
/*
 * Inside of the context, shared by its sources: what is kept of a person.
 */
#include "identity/context.h"
#include "identity/habit.h"
#include "identity/interests.h"
#include "identity/state.h"

struct channel {
	struct str name; /* interned */
	uint32_t inbound, outbound;
	int64_t last;
};

struct consent_kept {
	struct str channel; /* interned */
	enum consent said;
	int64_t at;
	char record[ID_SIZE];
	char *words;
};

struct order_kept {
	char *number, *status; /* NULL where there is none */
	char *items; /* members, JSON between braces, or NULL */
	char *json;
	char id[ID_SIZE];
	int64_t at;
};

struct trait_kept {
	struct str name; /* interned */
	char *value; /* JSON */
};

/* The page last seen. */
struct page_seen {
	int64_t at;
	struct str channel; /* interned */
	char *url, *page, *product, *category; /* NULL where there is none */
	char *order; /* number, where it says one */
};

/* Of those who did more than talk. */
struct deeds {
	struct consent_kept *consent;
	struct trait_kept *traits;
	struct order_kept orders[CONTEXT_ORDERS]; /* the oldest first */
	struct interests interests;
	struct page_seen page;
	struct str preferred; /* as stated; interned */
	struct str zone; /* the last one seen; interned */
	uint8_t consent_n, trait_n, order_n;
};

/* Lists grow by one: they are short, and most stay empty. */
struct known {
	struct str person;
	int64_t first, last;
	struct str *names, *ids; /* ids sorted */
	struct channel *channels;
	struct deeds *deeds; /* or NULL */
	/* What is told again and again stands ready as JSON: the last
	 * messages, the newest first, and names and ids. */
	char *recent, *who;
	uint32_t recent_len[CONTEXT_RECENT], recent_bytes, recent_cap, who_len;
	uint32_t threads[CONTEXT_CONVERSATIONS]; /* the oldest first */
	struct state_cursor cursor;
	struct habit habit;
	uint8_t name_n, id_n, channel_n, recent_n, thread_n;
	bool seen;
};

struct context {
	struct context_options o;
	struct threads threads;
	struct map people; /* person to index */
	struct known *met; /* the one that was asked for last */
	struct known **v;
	size_t n, cap;
	struct map words; /* names of channels, of people, keys */
	struct buf scratch;
	struct interest_scratch interests;
};

/* One copy of what comes again and again. */
struct str context_word(struct context *c, struct str s);
struct deeds *context_deeds(struct known *k);
void deeds_free(struct deeds *d);

/* What a record that is no message teaches. */
void
deeds_visit(struct context *c, struct known *k, struct record *r, int64_t at);
void
deeds_order(struct context *c, struct known *k, struct record *r, int64_t at);
void
deeds_contact(struct context *c, struct known *k, struct record *r, int64_t at);
/* What a message says of being written to. */
void
deeds_consent(struct context *c, struct known *k, struct record *r, int64_t at);

#endif
