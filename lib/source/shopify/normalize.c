/*
 * The meaning of what Shopify exports: orders; customers as contacts;
 * checkouts and drafts, which are no orders yet, as events.
 */
#include "source/shopify/shopify.h"

#include "source/clock/when.h"
#include "text/phone.h"

static void
write_address(
    struct writer *w, const char *name, const struct shopify_address *to)
{
	if (to->street.p == NULL && to->city.p == NULL && to->code.p == NULL &&
	    to->country.p == NULL)
		return;
	write_key(w, name);
	write_object(w);
	write_member(w, "name", to->name);
	write_member(w, "company", to->company);
	write_member(w, "street", to->street);
	write_member(w, "city", to->city);
	write_member(w, "region", to->region);
	write_member(w, "code", to->code);
	write_member(w, "country", to->country);
	write_object_end(w);
}

static void
write_items(struct writer *w, const struct shopify_order *o)
{
	int64_t n;

	if (o->items.n == 0)
		return;
	write_key(w, "items");
	write_list(w);
	for (size_t i = 0; i < o->items.n; i++) {
		const struct shopify_item *item = &o->items.v[i];

		write_object(w);
		write_member(w, "name", item->name);
		write_member(w, "sku", item->sku);
		if (item->quantity.p != NULL &&
		    str_to_int(item->quantity, &n) == 0)
			write_member_int(w, "quantity", n);
		else
			write_member(w, "quantity", item->quantity);
		write_member(w, "price", item->price);
		write_member(w, "variant", item->variant);
		write_member(w, "vendor", item->vendor);
		write_member_raw(w, "properties", item->properties);
		write_object_end(w);
	}
	write_list_end(w);
}

/* "paid", "refunded"; what was called off is that before all else. */
static struct str
status_of(const struct shopify_order *o)
{
	return o->cancelled.p != NULL ? STR("cancelled") : o->financial;
}

/* kind: NULL, or what it is where it is no order. */
/* When it was last changed; TIME_NONE. */
static int64_t
changed_at(const struct shopify_order *o, struct local_clock *clock)
{
	const size_t n = sizeof(o->changed) / sizeof(*o->changed);
	int64_t last = TIME_NONE, t;

	for (size_t i = 0; i < n; i++)
		if (o->changed[i].p != NULL &&
		    when_parse(clock, o->changed[i], &t) == 0 && t > last)
			last = t;
	return last;
}

static void
write_data(struct writer *w, struct local_clock *clock,
    const struct shopify_order *o, const char *kind)
{
	int64_t cancelled;

	write_object(w);
	write_member(w, "name", str_of(kind));
	write_member(w, "number", o->number);
	write_member(w, "orderId", o->id);
	if (o->other_email && o->email.n > 0) {
		struct str email = STR("email");

		write_member_strs(w, "unverified", &email, 1);
	}
	write_member(w, "status", status_of(o));
	write_member(w, "fulfillment", o->fulfillment);
	write_member(w, "total", o->total);
	write_member(w, "currency", o->currency);
	write_member(w, "subtotal", o->subtotal);
	write_member(w, "tax", o->tax);
	write_member(w, "shipping", o->shipping);
	write_member(w, "discount", o->discount);
	write_member(w, "coupon", o->discount_code);
	write_member(w, "refunded", o->refunded);
	write_items(w, o);
	write_address(w, "billTo", &o->bill_to);
	write_address(w, "shipTo", &o->ship_to);
	if (o->cancelled.p != NULL &&
	    when_parse(clock, o->cancelled, &cancelled) == 0)
		write_member_time(w, "cancelledAt", cancelled);
	write_member_time(w, "updatedAt", changed_at(o, clock));
	write_member(w, "note", o->note);
	write_member(w, "tags", o->tags);
	write_member(w, "source", o->source);
	write_member(w, "payment", o->payment);
	write_member(w, "delivery", o->delivery);
	write_member(w, "location", o->location);
	write_member(w, "employee", o->employee);
	write_member_raw(w, "attributes", o->attributes);
	write_member(w, "url", o->url);
	write_object_end(w);
}

/* Who ordered.  A number is of the country that the bill goes to. */
static void
set_buyer(struct normalize *n, const struct shopify_order *o)
{
	struct message *m = &n->message;
	struct contact k = { .n = n, .m = m, .a = &m->arena };

	k.region = n->workspace->region;
	contact_region(&k, o->bill_to.country.p != NULL ? o->bill_to.country
							: o->ship_to.country);
	if (contact_email(&k, o->email, true))
		m->from.email = k.emails.v[0];
	if (contact_tel(&k, o->tel, true))
		m->from.tel = k.tels.v[0];
	contact_uri(&k, "shopify", o->customer);
	if (k.uris.n > 0)
		m->from.uri = k.uris.v[0];
	/* Short codes and what else is no number that can exist. */
	if (m->from.tel.p == NULL && m->from.uri.p == NULL)
		message_phone(m, &m->from, o->tel);
	m->from.name = o->name;
	m->direction = str_is(str_of(message_direction(m)), "inbound")
			   ? "inbound"
			   : "internal";
}

/*
 * Shopify's ids are unique among all shops.  Old tables have none: the number
 * with the time is the next best, since every shop has a #1001.
 */
static struct str
native_id(const struct shopify_order *o, const char *kind, struct arena *a)
{
	if (o->id.p != NULL)
		return ARENA_JOIN(a, str_of(kind), STR("/"), o->id);
	return ARENA_JOIN(
	    a, str_of(kind), STR("/"), o->number, STR("/"), o->created);
}

static enum stage_result
emit_order(struct normalize *n, const struct shopify_order *o,
    const char *event, struct err *e)
{
	struct message *m = &n->message;
	struct writer w;

	if (o->id.p == NULL && o->number.p == NULL) {
		err_set(e, "an order without an id and a name");
		return STAGE_REJECT;
	}
	m->type = event == NULL ? "order" : "event";
	m->channel = "store";
	m->account = o->account;
	m->id_without_account = true;
	m->native_id = native_id(o, event == NULL ? "order" : event, &m->arena);
	m->message_id = o->id;
	if (o->created.p == NULL ||
	    when_parse(n->clock, o->created, &m->sent) < 0)
		m->sent = TIME_NONE;
	set_buyer(n, o);
	buf_reset(&n->scratch);
	write_init(&w, &n->scratch);
	write_data(&w, n->clock, o, event);
	m->data = buf_str(&n->scratch);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

static void
take_address(struct contact *k, struct json v)
{
	struct contact_address *to = contact_address(k, STR(""));

	to->street = shopify_text(v, "address1", k->a);
	to->city = shopify_text(v, "city", k->a);
	to->region = shopify_text(v, "province_code", k->a);
	to->code = shopify_text(v, "zip", k->a);
	to->country = shopify_text(v, "country_code", k->a);
}

static enum stage_result
emit_customer(struct normalize *n, struct json v, struct err *e)
{
	static const char *const other[] = { "orders_count", "total_spent",
		"state", "last_order_name", "email_marketing_consent", NULL };
	struct json address = json_get(v, "default_address");
	struct contact k;

	contact_begin(&k, n);
	contact_region(&k, shopify_text(address, "country_code", k.a));
	k.given = shopify_text(v, "first_name", k.a);
	k.family = shopify_text(v, "last_name", k.a);
	k.org = shopify_text(address, "company", k.a);
	k.note = shopify_text(v, "note", k.a);
	contact_uri(&k, "shopify", shopify_text(v, "id", k.a));
	(void)contact_email(&k, shopify_text(v, "email", k.a), true);
	if (!contact_tel(&k, shopify_text(v, "phone", k.a), true))
		(void)contact_tel(
		    &k, shopify_text(address, "phone", k.a), true);
	take_address(&k, address);
	if (when_parse(
		n->clock, shopify_text(v, "created_at", k.a), &k.created) < 0)
		k.created = TIME_NONE;
	if (when_parse(
		n->clock, shopify_text(v, "updated_at", k.a), &k.updated) < 0)
		k.updated = TIME_NONE;
	for (size_t i = 0; other[i] != NULL; i++) {
		struct str s = shopify_text(v, other[i], k.a);

		if (s.p != NULL)
			contact_other(&k, str_of(other[i]), s);
	}
	k.unverified_email =
	    json_type(json_get(v, "verified_email")) == JSON_FALSE;
	/* A shop takes any number that a customer types. */
	k.unverified_tel = k.tels.n > 0;
	k.m->channel = "store";
	return contact_emit(
	    &k, ARENA_JOIN(k.a, STR("customer/"), json_raw(v)), e);
}

enum stage_result
shopify_normalize(struct normalize *n, struct json native, struct err *e)
{
	static const struct {
		const char *member, *event;
	} objects[] = { { "order", NULL }, { "checkout", "checkout" },
		{ "draft_order", "draft order" } };
	struct arena *a = &normalize_begin(n)->arena;
	struct json rows = json_get(native, "rows");
	struct shopify_order o;

	if (json_type(rows) == JSON_LIST) {
		shopify_from_rows(&o, rows, a);
		return emit_order(n, &o, NULL, e);
	}
	if (json_type(json_get(native, "customer")) == JSON_OBJECT)
		return emit_customer(n, json_get(native, "customer"), e);
	for (int i = 0; i < 3; i++) {
		struct json v = json_get(native, objects[i].member);

		if (json_type(v) != JSON_OBJECT)
			continue;
		shopify_from_json(&o, v, a);
		return emit_order(n, &o, objects[i].event, e);
	}
	err_set(e, "neither an order nor a customer, checkout or draft");
	return STAGE_REJECT;
}
