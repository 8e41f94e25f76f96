/*
 * An order out of either export.
 */
#include "source/shopify/shopify.h"

struct str
shopify_text(struct json v, const char *name, struct arena *a)
{
	struct str s;

	v = json_get(v, name);
	s = json_type(v) == JSON_NUMBER ? json_raw(v)
					: str_trim(json_str(v, a));
	return s.n == 0 ? STR_NONE : s;
}

/* "'75008": what spreadsheets put before a number to keep its zeros. */
static struct str
unquoted(struct str s)
{
	return s.n > 1 && s.p[0] == '\'' ? str_sub(s, 1, s.n) : s;
}

/* A column of the first row that has something in it there. */
static struct str
cell(struct json rows, const char *name, struct arena *a)
{
	struct json_iter it = json_each(rows);
	struct str s = STR_NONE;
	struct json row;

	while (s.p == NULL && json_next(&it, NULL, &row))
		s = shopify_text(row, name, a);
	return s;
}

static struct str
cell_of(struct json rows, const char *what, const char *name, struct arena *a)
{
	struct str whole = arena_printf(a, "%s %s", what, name);

	return cell(rows, whole.p, a);
}

static struct shopify_address
row_address(struct json rows, const char *what, struct arena *a)
{
	return (struct shopify_address){
		.name = cell_of(rows, what, "Name", a),
		.company = cell_of(rows, what, "Company", a),
		.street = cell_of(rows, what, "Street", a),
		.city = cell_of(rows, what, "City", a),
		.region = cell_of(rows, what, "Province", a),
		.code = unquoted(cell_of(rows, what, "Zip", a)),
		.country = cell_of(rows, what, "Country", a),
	};
}

/* "gift: yes", a line each, as the API has them. */
static struct str
row_attributes(struct json rows, struct arena *a)
{
	struct str rest = cell(rows, "Note Attributes", a), out;
	struct writer w;
	struct buf b;

	if (rest.p == NULL)
		return STR_NONE;
	buf_init(&b, 8 * rest.n + 1024);
	write_init(&w, &b);
	write_list(&w);
	while (rest.p != NULL) {
		struct str value = str_line(&rest);
		ptrdiff_t colon = str_find(value, STR(": "));

		write_object(&w);
		if (colon > 0) {
			write_member(
			    &w, "name", str_sub(value, 0, (size_t)colon));
			value = str_sub(value, (size_t)colon + 2, value.n);
		}
		write_member(&w, "value", value);
		write_object_end(&w);
	}
	write_list_end(&w);
	out = b.over ? STR_NONE : arena_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

static void
row_items(struct shopify_order *o, struct json rows, struct arena *a)
{
	struct json_iter it = json_each(rows);
	struct json row;

	while (json_next(&it, NULL, &row)) {
		struct shopify_item item = {
			.name = shopify_text(row, "Lineitem name", a),
			.sku = shopify_text(row, "Lineitem sku", a),
			.quantity = shopify_text(row, "Lineitem quantity", a),
			.price = shopify_text(row, "Lineitem price", a),
			.vendor = shopify_text(row, "Vendor", a),
		};

		if (item.name.p != NULL || item.sku.p != NULL)
			vec_add_in(a, &o->items, item);
	}
}

void
shopify_from_rows(struct shopify_order *o, struct json rows, struct arena *a)
{
	*o = (struct shopify_order){
		.id = cell(rows, "Id", a),
		.number = cell(rows, "Name", a),
		.created = cell(rows, "Created at", a),
		.total = cell(rows, "Total", a),
		.currency = cell(rows, "Currency", a),
		.subtotal = cell(rows, "Subtotal", a),
		.tax = cell(rows, "Taxes", a),
		.shipping = cell(rows, "Shipping", a),
		.discount = cell(rows, "Discount Amount", a),
		.discount_code = cell(rows, "Discount Code", a),
		.refunded = cell(rows, "Refunded Amount", a),
		.financial = cell(rows, "Financial Status", a),
		.fulfillment = cell(rows, "Fulfillment Status", a),
		.cancelled = cell(rows, "Cancelled at", a),
		.changed = { cell(rows, "Paid at", a),
		    cell(rows, "Fulfilled at", a),
		    cell(rows, "Cancelled at", a) },
		.note = cell(rows, "Notes", a),
		.tags = cell(rows, "Tags", a),
		.source = cell(rows, "Source", a),
		.payment = cell(rows, "Payment Method", a),
		.delivery = cell(rows, "Shipping Method", a),
		.location = cell(rows, "Location", a),
		.employee = cell(rows, "Employee", a),
		.attributes = row_attributes(rows, a),
		.email = cell(rows, "Email", a),
		.bill_to = row_address(rows, "Billing", a),
		.ship_to = row_address(rows, "Shipping", a),
	};
	o->tel = cell(rows, "Phone", a);
	if (o->tel.p == NULL)
		o->tel = cell(rows, "Billing Phone", a);
	o->name = o->bill_to.name.p != NULL ? o->bill_to.name : o->ship_to.name;
	/* A number may be kept from a spreadsheet's arithmetic too. */
	o->tel = unquoted(o->tel);
	o->id = unquoted(o->id);
	row_items(o, rows, a);
}

static struct str
joined(struct str first, struct str last, struct arena *a)
{
	if (first.p == NULL || last.p == NULL)
		return first.p == NULL ? last : first;
	return ARENA_JOIN(a, first, STR(" "), last);
}

static struct str
person_name(struct json v, struct arena *a)
{
	struct str name = joined(shopify_text(v, "first_name", a),
	    shopify_text(v, "last_name", a), a);

	return name.p != NULL ? name : shopify_text(v, "name", a);
}

static struct shopify_address
json_address(struct json v, struct arena *a)
{
	struct shopify_address to = {
		.name = person_name(v, a),
		.company = shopify_text(v, "company", a),
		.street = joined(shopify_text(v, "address1", a),
		    shopify_text(v, "address2", a), a),
		.city = shopify_text(v, "city", a),
		.region = shopify_text(v, "province_code", a),
		.code = unquoted(shopify_text(v, "zip", a)),
		.country = shopify_text(v, "country_code", a),
	};

	if (to.region.p == NULL)
		to.region = shopify_text(v, "province", a);
	if (to.country.p == NULL)
		to.country = shopify_text(v, "country", a);
	return to;
}

/* A list with something in it, as it stands. */
static struct str
raw_list(struct json v, const char *name)
{
	v = json_get(v, name);
	return json_type(v) == JSON_LIST && json_count(v) > 0 ? json_raw(v)
							      : STR_NONE;
}

static void
json_items(struct shopify_order *o, struct json list, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct json v;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &v)) {
		struct shopify_item item = {
			.name = shopify_text(v, "name", a),
			.sku = shopify_text(v, "sku", a),
			.quantity = shopify_text(v, "quantity", a),
			.price = shopify_text(v, "price", a),
			.variant = shopify_text(v, "variant_title", a),
			.vendor = shopify_text(v, "vendor", a),
			.properties = raw_list(v, "properties"),
		};

		if (item.name.p == NULL)
			item.name = shopify_text(v, "title", a);
		if (item.name.p != NULL || item.sku.p != NULL)
			vec_add_in(a, &o->items, item);
	}
}

static struct str
first_of(struct str a, struct str b)
{
	return a.p != NULL ? a : b;
}

static struct str
codes_of(struct json list, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct str s = STR_NONE;
	struct json v;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &v)) {
		struct str code = shopify_text(v, "code", a);

		if (code.p != NULL)
			s = s.p == NULL ? code
					: ARENA_JOIN(a, s, STR(", "), code);
	}
	return s;
}

/* The shop's host, from the page that shows the order. */
static struct str
shop_of(struct json order, struct arena *a)
{
	struct str url = shopify_text(order, "order_status_url", a);
	ptrdiff_t slashes = str_find(url, STR("://")), end;

	if (slashes < 0)
		return STR_NONE;
	url = str_sub(url, (size_t)slashes + 3, url.n);
	end = str_chr(url, '/');
	return end <= 0 ? STR_NONE : str_sub(url, 0, (size_t)end);
}

/* Whom it is of: the order's own, else its customer's or address's. */
static void
json_buyer(struct shopify_order *o, struct json order, struct arena *a)
{
	struct json customer = json_get(order, "customer");
	struct json billing = json_get(order, "billing_address");

	o->customer = shopify_text(customer, "id", a);
	o->email = first_of(shopify_text(order, "email", a),
	    first_of(shopify_text(order, "contact_email", a),
		shopify_text(customer, "email", a)));
	o->tel = first_of(shopify_text(order, "phone", a),
	    first_of(shopify_text(customer, "phone", a),
		first_of(shopify_text(billing, "phone", a),
		    shopify_text(
			json_get(customer, "default_address"), "phone", a))));
	o->other_email =
	    o->customer.n > 0 &&
	    (json_type(json_get(customer, "verified_email")) == JSON_FALSE ||
		!str_eq_nocase(str_trim(o->email),
		    str_trim(shopify_text(customer, "email", a))));
	o->name = first_of(person_name(customer, a),
	    first_of(o->bill_to.name, o->ship_to.name));
}

void
shopify_from_json(struct shopify_order *o, struct json order, struct arena *a)
{
	struct json shipping =
	    json_get(json_get(order, "total_shipping_price_set"), "shop_money");

	*o = (struct shopify_order){
		.id = shopify_text(order, "id", a),
		.number = shopify_text(order, "name", a),
		.created = shopify_text(order, "created_at", a),
		.total = shopify_text(order, "total_price", a),
		.currency = shopify_text(order, "currency", a),
		.subtotal = shopify_text(order, "subtotal_price", a),
		.tax = shopify_text(order, "total_tax", a),
		.shipping = shopify_text(shipping, "amount", a),
		.discount = shopify_text(order, "total_discounts", a),
		.discount_code = codes_of(json_get(order, "discount_codes"), a),
		.financial = shopify_text(order, "financial_status", a),
		.fulfillment = shopify_text(order, "fulfillment_status", a),
		.cancelled = shopify_text(order, "cancelled_at", a),
		.changed = { shopify_text(order, "updated_at", a) },
		.note = shopify_text(order, "note", a),
		.tags = shopify_text(order, "tags", a),
		.source = shopify_text(order, "source_name", a),
		.attributes = raw_list(order, "note_attributes"),
		.payment = shopify_text(order, "gateway", a),
		.delivery = shopify_text(
		    json_at(json_get(order, "shipping_lines"), 0), "title", a),
		.bill_to = json_address(json_get(order, "billing_address"), a),
		.ship_to = json_address(json_get(order, "shipping_address"), a),
		.account = shop_of(order, a),
	};
	o->url = first_of(shopify_text(order, "abandoned_checkout_url", a),
	    shopify_text(order, "invoice_url", a));
	if (o->number.p == NULL) {
		o->number = shopify_text(order, "order_number", a);
		if (o->number.p != NULL)
			o->number = ARENA_JOIN(a, STR("#"), o->number);
	}
	if (o->payment.p == NULL)
		o->payment = json_str(
		    json_at(json_get(order, "payment_gateway_names"), 0), a);
	json_buyer(o, order, a);
	json_items(o, json_get(order, "line_items"), a);
}
