#ifndef KITH_SOURCE_SHOPIFY_SHOPIFY_H
#define KITH_SOURCE_SHOPIFY_SHOPIFY_H
/*
 * What the parts of the Shopify format share: an order as both exports have
 * it, the table with a line an item and the API's JSON.
 */
#include "core/vec.h"
#include "source/contact.h"
#include "source/item.h"

struct shopify_address {
	struct str name, company, street, city, region, code, country;
};

struct shopify_item {
	struct str name, sku, quantity, price, variant, vendor;
	struct str properties; /* JSON: what the buyer had put on it */
};

struct shopify_items VEC(struct shopify_item);

/* Absent is STR_NONE; money stays as it is written. */
struct shopify_order {
	struct str id, number, created, total, currency, subtotal, tax,
	    shipping, discount, discount_code, refunded, financial, fulfillment,
	    cancelled, note, tags, source, url, payment, delivery, location,
	    employee;
	struct str attributes; /* JSON: what the buyer filled in beside */
	/* When it was changed: the last of these counts. */
	struct str changed[3];
	struct str email, name, tel, customer, account;
	bool other_email; /* it is not the one of the customer's account */
	struct shopify_address bill_to, ship_to;
	struct shopify_items items; /* in the arena */
};

/* From {"rows":[...]}, and from the API's object. */
void
shopify_from_rows(struct shopify_order *o, struct json rows, struct arena *a);
void
shopify_from_json(struct shopify_order *o, struct json order, struct arena *a);
/* A string or number as text, STR_NONE where it is empty; of an object's
 * member. */
struct str shopify_text(struct json v, const char *name, struct arena *a);

enum stage_result
shopify_normalize(struct normalize *n, struct json native, struct err *e);

#endif
