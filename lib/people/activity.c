#include "people/activity.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "record/channels.h"
#include "record/columnwords.h"
#include "record/fields.h"
#include "text/unicode.h"

/* The first member of these names that holds a text (or a number, as it is
 * written), cut. */
static struct str
text_of(struct json data, const char *const *names, struct arena *a)
{
	for (; *names != NULL; names++) {
		struct json v = json_get(data, *names);
		struct str s = STR_NONE;

		if (json_type(v) == JSON_STRING)
			s = str_trim(json_str(v, a));
		else if (json_type(v) == JSON_NUMBER)
			s = json_raw(v);
		if (s.n > 0)
			return utf8_cut(s, ACTIVITY_TEXT);
	}
	return STR_NONE;
}

static struct json
member(struct json data, const char *const *names)
{
	for (; *names != NULL; names++) {
		struct json v = json_get(data, *names);

		if (json_type(v) != JSON_NONE && json_type(v) != JSON_NULL)
			return v;
	}
	return JSON_ABSENT;
}

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* "Europe/Berlin": no abbreviation and no offset. */
static struct str
zone_of(struct str s)
{
	if (s.n < 5 || s.n > 64 || str_chr(s, '/') <= 0)
		return STR_NONE;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') ||
			(s.p[i] >= 'a' && s.p[i] <= 'z') ||
			(s.p[i] >= '0' && s.p[i] <= '9') ||
			ascii_is_in(s.p[i], "/_+-")))
			return STR_NONE;
	return s;
}

/* A product, as a text or as an object. */
static void
product_read(struct json v, struct arena *a, struct visit *out)
{
	struct str s;

	if (json_type(v) == JSON_LIST)
		v = json_at(v, 0);
	if (json_type(v) == JSON_STRING)
		out->product =
		    utf8_cut(str_trim(json_str(v, a)), ACTIVITY_TEXT);
	if (json_type(v) != JSON_OBJECT)
		return;
	s = text_of(v, NAMES("name", "title", "product", "product_name"), a);
	if (s.p != NULL)
		out->product = s;
	s = text_of(v, NAMES("sku", "product_id", "productId", "id"), a);
	if (s.p != NULL)
		out->sku = s;
	s = text_of(v, NAMES("category", "product_type", "productType"), a);
	if (s.p != NULL)
		out->category = s;
}

void
visit_read(struct json data, struct arena *a, struct visit *v)
{
	struct json more = json_get(data, "properties");

	*v = (struct visit){ 0 };
	if (json_type(more) == JSON_OBJECT)
		visit_read(more, a, v);
	product_read(member(data, NAMES("product", "products", "item")), a, v);
	if (v->url.p == NULL)
		v->url = text_of(data, NAMES("url", "href", "path"), a);
	if (v->page.p == NULL)
		v->page = text_of(data, NAMES("page", "title", "screen"), a);
	if (v->sku.p == NULL)
		v->sku =
		    text_of(data, NAMES("sku", "product_id", "productId"), a);
	if (v->category.p == NULL)
		v->category = text_of(
		    data, NAMES("category", "product_type", "topic"), a);
	if (v->order.p == NULL)
		v->order = text_of(data,
		    NAMES("order", "orderNumber", "order_number", "orderId",
			"order_id"),
		    a);
	if (v->zone.p == NULL)
		v->zone = zone_of(text_of(data, NAMES("zone", "timezone"), a));
}

void
visit_write(struct writer *w, const struct visit *v)
{
	write_object(w);
	write_member(w, "url", v->url);
	write_member(w, "page", v->page);
	write_member(w, "product", v->product);
	write_member(w, "sku", v->sku);
	write_member(w, "category", v->category);
	write_member(w, "order", v->order);
	write_member(w, "zone", v->zone);
	write_object_end(w);
}

static bool
is_scalar(struct json v)
{
	return json_type(v) == JSON_STRING || json_type(v) == JSON_NUMBER ||
	       json_type(v) == JSON_TRUE || json_type(v) == JSON_FALSE;
}

static struct str
scalar(struct json v)
{
	struct str s = is_scalar(v) ? json_raw(v) : STR_NONE;

	return s.n > 0 && s.n <= ACTIVITY_TEXT ? s : STR_NONE;
}

static void
item_read(struct json v, struct arena *a, struct item *out)
{
	*out = (struct item){ 0 };
	if (json_type(v) == JSON_STRING)
		out->name = utf8_cut(json_str(v, a), ACTIVITY_TEXT);
	out->name = json_type(v) == JSON_OBJECT
			? text_of(v,
			      NAMES("name", "title", "product", "product_name",
				  "description"),
			      a)
			: out->name;
	out->sku = text_of(v, NAMES("sku", "product_id", "productId", "id"), a);
	out->category = text_of(
	    v, NAMES("category", "product_type", "productType", "type"), a);
	out->quantity = scalar(member(v, NAMES("quantity", "qty", "count")));
}

static bool
is_gone(struct str status)
{
	static const char *const words[] = { "cancelled", "canceled",
		"refunded", "voided", "failed", "returned", "declined" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(status, str_of(words[i])))
			return true;
	return false;
}

/* One word of state from the several that shops keep. */
static struct str
status_of(struct json data, struct arena *a)
{
	struct str paid = text_of(
	    data, NAMES("financialStatus", "financial_status", "payment"), a);
	struct str sent = text_of(data,
	    NAMES("fulfillmentStatus", "fulfillment_status", "fulfillment"), a);
	struct str s = text_of(data, NAMES("status", "state"), a);

	/* "fulfilled" says more than "paid", "unfulfilled" less. */
	if (s.p != NULL && sent.p != NULL && !is_gone(s) &&
	    !str_starts_nocase(sent, STR("un")))
		return sent;
	if (s.p != NULL)
		return s;
	if (text_of(data, NAMES("cancelledAt", "cancelled_at", "canceledAt"), a)
		.p != NULL)
		return STR("cancelled");
	if (is_gone(paid) || sent.p == NULL)
		return paid;
	return str_starts_nocase(sent, STR("un")) && paid.p != NULL ? paid
								    : sent;
}

/* TIME_NONE where it says none. */
static int64_t
time_of(struct json data, const char *const *names, struct arena *a)
{
	struct str s = text_of(data, names, a);
	int64_t t;

	return s.p == NULL || time_parse(s, &t) != 0 ? TIME_NONE : t;
}

void
order_read(struct json data, struct arena *a, struct order *o)
{
	struct json items =
	    member(data, NAMES("items", "products", "lineItems", "line_items"));
	struct json_iter it;
	struct json v;
	int64_t more = 0;

	*o = (struct order){ 0 };
	o->number = text_of(data,
	    NAMES("number", "orderNumber", "order_number", "orderId",
		"order_id", "name", "id"),
	    a);
	o->total = scalar(
	    member(data, NAMES("total", "total_price", "value", "revenue")));
	o->currency = text_of(data, NAMES("currency"), a);
	o->changed = time_of(data, NAMES("updatedAt", "updated_at"), a);
	o->status = status_of(data, a);
	o->gone = is_gone(o->status);
	it = json_each(items);
	if (json_type(items) == JSON_LIST)
		while (json_next(&it, NULL, &v)) {
			if (o->n == ACTIVITY_ITEMS) {
				o->more++;
				continue;
			}
			item_read(v, a, &o->items[o->n]);
			if (o->items[o->n].name.p != NULL ||
			    o->items[o->n].sku.p != NULL ||
			    o->items[o->n].id.p != NULL)
				o->n++;
		}
	if (json_int(json_get(data, "moreItems"), &more) == 0 && more > 0)
		o->more += (size_t)more;
}

void
order_head(struct writer *w, const struct order *o)
{
	write_member(w, "number", o->number);
	write_member_raw(w, "total", o->total);
	write_member(w, "currency", o->currency);
	write_member(w, "status", o->status);
}

void
order_items(struct writer *w, const struct order *o)
{
	if (o->n == 0)
		return;
	write_key(w, "items");
	write_list(w);
	for (size_t i = 0; i < o->n; i++) {
		write_object(w);
		write_member(w, "name", o->items[i].name);
		write_member(w, "sku", o->items[i].sku);
		write_member(w, "id", o->items[i].id);
		write_member(w, "category", o->items[i].category);
		write_member_raw(w, "quantity", o->items[i].quantity);
		write_object_end(w);
	}
	write_list_end(w);
	if (o->more > 0)
		write_member_int(w, "moreItems", (int64_t)o->more);
}

void
order_write(struct writer *w, const struct order *o)
{
	write_object(w);
	order_head(w, o);
	write_member_time(w, "updatedAt", o->changed);
	order_items(w, o);
	write_object_end(w);
}

/* Channels as CRM systems and their users call them. */
static struct str
channel_of(struct str s, struct arena *a)
{
	const struct channel *c = channel_spelled(s, a);

	if (c != NULL)
		return str_of(c->name);
	return str_eq_nocase(s, STR("all")) ? STR("all") : STR_NONE;
}

/* The first word counts. */
static void
wish_add(struct contact *c, const struct consent_word *w)
{
	if (w->channel.p == NULL || w->said == CONSENT_UNSAID)
		return;
	for (size_t i = 0; i < c->wish_n; i++)
		if (str_eq(c->wishes[i].channel, w->channel) &&
		    (c->wishes[i].purpose == w->purpose ||
			c->wishes[i].purpose == PURPOSE_ALL))
			return;
	if (c->wish_n < ACTIVITY_WISHES)
		c->wishes[c->wish_n++] = *w;
}

static struct str
table_source(struct str source, struct arena *a)
{
	if (source.n == 0 || str_starts(source, STR(CONSENT_TABLE)))
		return source.n == 0 ? STR(CONSENT_TABLE) : source;
	return arena_printf(a, CONSENT_TABLE ": %.*s", STR_ARG(source));
}

/* true, "out", {"status": "in", "words": ...}. */
static void
wish_read(struct json v, struct str channel, enum purpose otherwise,
    struct arena *a, struct contact *c)
{
	struct consent_word w = { .channel = channel, .row = true };
	struct json more = json_get(v, "service");

	if (json_type(v) == JSON_OBJECT) {
		w.words =
		    utf8_cut(text_of(v, NAMES("words", "wording", "text"), a),
			CONSENT_WORDS);
		w.source = text_of(v, NAMES("source"), a);
		w.purpose = purpose_named(
		    json_str(json_get(v, "purpose"), a), otherwise);
		v = member(v, NAMES("status", "state"));
	}
	w.source = table_source(w.source, a);
	w.said = consent_of_value(v, a);
	wish_add(c, &w);
	if (json_type(more) == JSON_OBJECT)
		wish_read(more, channel, PURPOSE_SERVICE, a, c);
}

enum { WISHES_PREFERRED, WISHES_CONSENT, WISHES_OUT, WISHES_ZONE };
#define MEANS(SECTION, n) WISHES_##SECTION
#include "people/words/wishes.h"

static bool
is_one_of(uint64_t means, int which)
{
	return (means >> which & 1) != 0;
}

/* "SMS consent", "emailOptOut", "Acepta llamadas": the channel, and whether a
 * yes means no. */
static bool
is_wish(struct str name, uint64_t means, struct arena *a, struct str *channel,
    bool *no)
{
	const struct channel *c;
	bool out = is_one_of(means, WISHES_OUT) ||
		   str_find_nocase(name, STR("optout")) >= 0;

	if (!out && !is_one_of(means, WISHES_CONSENT) &&
	    str_find_nocase(name, STR("consent")) < 0 &&
	    str_find_nocase(name, STR("optin")) < 0)
		return false;
	*no = out;
	c = channel_in_header(name, a);
	if (c != NULL)
		*channel = str_of(c->name);
	return c != NULL;
}

static bool
is_preference(struct str name, uint64_t means)
{
	return is_one_of(means, WISHES_PREFERRED) ||
	       (str_find_nocase(name, STR("prefer")) >= 0 &&
		   (str_find_nocase(name, STR("channel")) >= 0 ||
		       str_find_nocase(name, STR("contact")) >= 0));
}

/* One member of a row: a wish, the preferred channel, or a trait. */
static void
cell_read(struct str name, struct json v, struct arena *a, struct contact *c)
{
	struct str channel, value = scalar(v), text = json_str(v, a);
	uint64_t whole, means = column_name_means(&words_wishes, name, &whole);
	bool no = false;

	if (is_preference(name, means)) {
		channel =
		    channel_of(str_trim(text.p == NULL ? STR("") : text), a);
		if (channel.p != NULL && !str_is(channel, "all"))
			c->preferred = channel;
		return;
	}
	if (is_one_of(whole, WISHES_ZONE) && text.n > 0 &&
	    zone_of(str_trim(text)).p != NULL) {
		c->zone = zone_of(str_trim(text));
		return;
	}
	if (is_wish(name, means, a, &channel, &no)) {
		struct consent_word w = { .channel = channel,
			.said = json_type(v) == JSON_NUMBER
				    ? (str_is(json_raw(v), "0") ? CONSENT_OUT
								: CONSENT_IN)
				    : consent_of_value(v, a),
			.source = table_source(name, a),
			.row = true };

		if (no && w.said != CONSENT_UNSAID && w.said != CONSENT_ASKED)
			w.said =
			    w.said == CONSENT_IN ? CONSENT_OUT : CONSENT_IN;
		wish_add(c, &w);
		return;
	}
	if (name.n == 0 || name.n > 64 || value.p == NULL ||
	    c->trait_n == ACTIVITY_TRAITS)
		return;
	if (str_is(value, "\"\""))
		return;
	c->traits[c->trait_n++] = (struct trait){ name, value };
}

/* What names the person stands in ids and names already. */
static bool
is_identity(struct str name)
{
	static const char *const names[] = { "emails", "tels", "uris", "name",
		"email", "phone", "tel", "id", "userId", "anonymousId",
		"firstName", "lastName", "event", "messageId" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

static void
cells_read(struct json data, struct arena *a, struct contact *c)
{
	struct json_iter it = json_each(data);
	struct json key, v;

	if (json_type(data) != JSON_OBJECT)
		return;
	while (json_next(&it, &key, &v)) {
		struct str name = json_str(key, a);

		if (!is_identity(name) && !str_is(name, "consent") &&
		    !str_is(name, "traits") && !str_is(name, "other"))
			cell_read(name, v, a, c);
	}
}

void
contact_read(struct json data, struct arena *a, struct contact *c)
{
	struct json consent = json_get(data, "consent");
	struct json_iter it = json_each(consent);
	struct json key, v;

	*c = (struct contact){ 0 };
	if (json_type(consent) == JSON_OBJECT)
		while (json_next(&it, &key, &v))
			wish_read(v, channel_of(json_str(key, a), a),
			    PURPOSE_MARKETING, a, c);
	cells_read(data, a, c);
	cells_read(json_get(data, "traits"), a, c);
	cells_read(json_get(data, "other"), a, c);
}

/* The first of the channel among the first n. */
static const struct consent_word *
wish_of(const struct contact *c, size_t n, struct str channel)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(c->wishes[i].channel, channel))
			return &c->wishes[i];
	return NULL;
}

static void
wish_write(struct writer *w, const struct contact *c, size_t at)
{
	const struct consent_word *x = &c->wishes[at];

	write_object(w);
	write_member(w, "status", str_of(consent_name(x->said)));
	write_member(w, "purpose", str_of(purpose_name(x->purpose)));
	write_member(w, "words", x->words);
	write_member(w, "source", x->source);
	for (size_t i = at + 1; i < c->wish_n; i++)
		if (str_eq(c->wishes[i].channel, x->channel) &&
		    c->wishes[i].purpose == PURPOSE_SERVICE) {
			write_key(w, "service");
			wish_write(w, c, i);
		}
	write_object_end(w);
}

void
contact_write(struct writer *w, const struct contact *c)
{
	write_object(w);
	write_member(w, "preferredChannel", c->preferred);
	write_member(w, "zone", c->zone);
	if (c->wish_n > 0) {
		write_key(w, "consent");
		write_object(w);
		for (size_t i = 0; i < c->wish_n; i++)
			if (wish_of(c, i, c->wishes[i].channel) == NULL) {
				write_key_str(w, c->wishes[i].channel);
				wish_write(w, c, i);
			}
		write_object_end(w);
	}
	if (c->trait_n > 0) {
		write_key(w, "traits");
		write_object(w);
		for (size_t i = 0; i < c->trait_n; i++) {
			write_key_str(w, c->traits[i].name);
			write_raw(w, c->traits[i].value);
		}
		write_object_end(w);
	}
	write_object_end(w);
}

size_t
activity_consents(struct record *r, struct consent_word out[ACTIVITY_WISHES])
{
	struct json data = record_get(r, "data");
	struct contact c;

	if (!record_is(r, "type", "contact"))
		return consent_said(r, out);
	if (json_type(data) != JSON_OBJECT)
		return 0;
	contact_read(data, record_arena(r), &c);
	memcpy(out, c.wishes, c.wish_n * sizeof(*out));
	return c.wish_n;
}

struct str
activity_data(struct record *r)
{
	struct json data = record_get(r, "data");
	struct arena *a = record_arena(r);
	struct str out = STR_NONE;
	struct writer w;
	struct buf b;

	if (json_type(data) != JSON_OBJECT)
		return STR_NONE;
	buf_init(&b, 1 << 20);
	write_init(&w, &b);
	if (record_is(r, "type", "event") &&
	    json_is(json_get(data, "act"), CONSENT_ACT)) {
		consent_event_write(&w, r);
	} else if (record_is(r, "type", "visit") ||
		   record_is(r, "type", "event")) {
		struct visit v;

		visit_read(data, a, &v);
		visit_write(&w, &v);
	} else if (record_is(r, "type", "order")) {
		struct order o;

		order_read(data, a, &o);
		order_write(&w, &o);
	} else if (record_is(r, "type", "contact")) {
		struct contact c;

		contact_read(data, a, &c);
		contact_write(&w, &c);
	}
	if (b.n > 2)
		out = arena_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}
