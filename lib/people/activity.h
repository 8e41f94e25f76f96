#ifndef KITH_PEOPLE_ACTIVITY_H
#define KITH_PEOPLE_ACTIVITY_H
/*
 * What people did beside talking: a page that was looked at, an order, a row
 * of the CRM.  Reads `data` of such records, whatever the source named its
 * members, and writes it small, under one set of names; what was written so
 * reads back the same.  So the state keeps what recall needs, and no more.
 */
#include "json/write.h"
#include "record/consent/consent.h"
#include "record/record.h"

enum {
	ACTIVITY_TEXT = 200, /* bytes of a text */
	ACTIVITY_ITEMS = 10, /* of an order */
	ACTIVITY_TRAITS = 16, /* of a contact */
	ACTIVITY_WISHES = 8, /* words of consent, of a contact */
};

struct visit {
	struct str url, page; /* the page's title, or a screen's name */
	struct str product, sku, category;
	struct str order; /* number of the order that it is about */
	struct str zone; /* of the browser: an IANA name */
};

struct item {
	struct str name, sku, id, category;
	struct str quantity; /* JSON */
};

struct order {
	struct str number, total, currency, status; /* total is JSON */
	int64_t changed; /* when it last was; TIME_NONE */
	struct item items[ACTIVITY_ITEMS];
	size_t n, more; /* items; those left out */
	bool gone; /* cancelled, refunded, failed */
};

struct trait {
	struct str name, value; /* the latter JSON, a scalar */
};

struct contact {
	struct str preferred; /* a channel of kith-record(5) */
	struct str zone; /* an IANA name */
	struct consent_word wishes[ACTIVITY_WISHES];
	struct trait traits[ACTIVITY_TRAITS];
	size_t wish_n, trait_n;
};

/* Slices live as long as the data's text and the arena. */
void visit_read(struct json data, struct arena *a, struct visit *v);
void order_read(struct json data, struct arena *a, struct order *o);
void contact_read(struct json data, struct arena *a, struct contact *c);
/* What these write is read as the same again.  For tests of that; else
 * activity_data calls them. */
void visit_write(struct writer *w, const struct visit *v);
/* For tests. */
void order_write(struct writer *w, const struct order *o);
/* For tests. */
void contact_write(struct writer *w, const struct contact *c);

/* What a record of any type says of being written to, at most ACTIVITY_WISHES;
 * returns how many. */
size_t
activity_consents(struct record *r, struct consent_word out[ACTIVITY_WISHES]);

/* A record's `data` written small, in its arena: absent where it is no such
 * record or says nothing. */
struct str activity_data(struct record *r);

/* Of the order: all members but the items; the items, as members. */
void order_head(struct writer *w, const struct order *o);
void order_items(struct writer *w, const struct order *o);

#endif
