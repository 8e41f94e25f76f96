/*
 * The `data` of visits and orders, from the properties that Segment's
 * e-commerce specification names, in their spellings.
 */
#include "source/segment/segment.h"

/* Of a property: its spellings, and what it is called here. */
struct property {
	const char *names;
	const char *to;
};

static const struct property of_visit[] = {
	{ "url", "url" },
	{ "referrer|referer", "referrer" },
	{ "query|search|searchterm", "search" },
	{ "category|productcategory", "category" },
	{ "sku|productid|productsku", "sku" },
	{ "brand", "brand" },
	{ "price", "price" },
	{ "currency", "currency" },
	{ "quantity", "quantity" },
	{ "listid|list", "list" },
	{ NULL, NULL },
};

static const struct property of_order[] = {
	{ "orderid|ordernumber|ordername|transactionid", "number" },
	{ "total|ordertotal|grandtotal|value|revenue", "total" },
	{ "currency|currencycode", "currency" },
	{ "subtotal", "subtotal" },
	{ "tax|taxes", "tax" },
	{ "shipping", "shipping" },
	{ "discount", "discount" },
	{ "coupon", "coupon" },
	{ NULL, NULL },
};

static const struct property of_item[] = {
	{ "name|productname|title", "name" },
	{ "sku|productsku", "sku" },
	{ "productid|id", "id" },
	{ "variant", "variant" },
	{ "category", "category" },
	{ "price", "price" },
	{ NULL, NULL },
};

/* Two lists of names, each also as Segment's first version had them. */
static const char orders[] =
    "ordercompleted|completedorder|orderplaced|placedorder|orderupdated|"
    "updatedorder|ordercancelled|ordercanceled|cancelledorder|canceledorder|"
    "orderrefunded|refundedorder|purchase|purchased|purchasecompleted|"
    "checkoutcompleted";
static const char looks[] =
    "productssearched|productlistviewed|productlistfiltered|productclicked|"
    "productviewed|viewedproduct|viewedproductcategory|productadded|"
    "addedproduct|productaddedtowishlist|wishlistproductaddedtocart|"
    "viewedcart|cartviewed|checkoutstarted";

enum segment_act
segment_act(struct str event)
{
	if (segment_is(event, orders))
		return SEGMENT_ORDER;
	return segment_is(event, looks) ? SEGMENT_VISIT : SEGMENT_EVENT;
}

/* Those of the list that are there, as strings: money stays as it is. */
static void
write_properties(struct writer *w, struct json from,
    const struct property *list, struct arena *a)
{
	for (; list->names != NULL; list++)
		write_member(w, list->to,
		    segment_text(segment_member(from, list->names, a), a));
}

/* What no list names, as it came. */
static void
write_rest(struct writer *w, struct json from, const struct property *list,
    const char *taken, struct arena *a)
{
	struct json_iter it = json_each(from);
	struct json key, v;
	bool any = false;

	while (json_type(from) == JSON_OBJECT && json_next(&it, &key, &v)) {
		struct str name = json_str(key, a);
		bool told = segment_is(name, taken);

		for (size_t i = 0; list[i].names != NULL; i++)
			told |= segment_is(name, list[i].names);
		if ((told && json_type(v) != JSON_OBJECT) ||
		    json_type(v) <= JSON_NULL)
			continue;
		if (!any) {
			write_key(w, "properties");
			write_object(w);
		}
		any = true;
		write_key_str(w, name);
		write_raw(w, json_raw(v));
	}
	if (any)
		write_object_end(w);
}

static struct str
text(struct json from, const char *names, struct arena *a)
{
	return segment_text(segment_member(from, names, a), a);
}

static struct str
first(struct str a, struct str b)
{
	return a.p != NULL ? a : b;
}

void
segment_visit_data(
    struct writer *w, const struct segment_visit *v, struct arena *a)
{
	struct json p = v->properties;
	struct str title =
	    first(text(p, "title", a), text(v->page, "title", a));
	struct str name = v->track ? STR_NONE : v->name;
	struct str product = text(p, "product|productname", a);

	if (v->track) {
		write_member(w, "name", v->name);
		product = first(product, text(p, "name", a));
	}
	if (text(p, "url", a).p == NULL)
		write_member(w, "url", text(v->page, "url", a));
	write_member(w, "page", first(name, title));
	if (name.p != NULL)
		write_member(w, "title", title);
	write_member(
	    w, "path", first(text(p, "path", a), text(v->page, "path", a)));
	write_member(w, "product", product);
	if (text(p, "category", a).p == NULL)
		write_member(w, "category", v->category);
	if (text(p, "referrer|referer", a).p == NULL)
		write_member(w, "referrer", text(v->page, "referrer", a));
	write_properties(w, p, of_visit, a);
	write_rest(w, p, of_visit,
	    v->track ? "title|path|product|productname|name"
		     : "title|path|product|productname",
	    a);
}

static void
write_quantity(struct writer *w, struct str s)
{
	int64_t n;

	if (s.p == NULL)
		return;
	if (str_to_int(s, &n) == 0)
		write_member_int(w, "quantity", n);
	else
		write_member(w, "quantity", s);
}

static void
write_items(struct writer *w, struct json list, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct json v;

	if (json_type(list) != JSON_LIST)
		return;
	write_key(w, "items");
	write_list(w);
	while (json_next(&it, NULL, &v)) {
		if (json_type(v) != JSON_OBJECT)
			continue;
		write_object(w);
		write_properties(w, v, of_item, a);
		write_quantity(w, text(v, "quantity", a));
		write_object_end(w);
	}
	write_list_end(w);
}

static const char *
status_of(struct str event)
{
	if (segment_is(event, "orderupdated|updatedorder"))
		return "updated";
	if (segment_is(event, "ordercancelled|ordercanceled|cancelledorder|"
			      "canceledorder"))
		return "cancelled";
	if (segment_is(event, "orderrefunded|refundedorder"))
		return "refunded";
	return "completed";
}

void
segment_order_data(
    struct writer *w, struct json properties, struct str event, struct arena *a)
{
	struct json list = json_get(properties, "products");

	if (json_type(list) != JSON_LIST)
		list = json_get(properties, "items");
	write_member(w, "status", str_of(status_of(event)));
	write_properties(w, properties, of_order, a);
	write_items(w, list, a);
	write_rest(w, properties, of_order, "products|items|email", a);
}
