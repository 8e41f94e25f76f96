#include "people/activity.h"

#include "tap.h"

static struct json_doc *doc;
static struct arena a;
static struct buf text, again;

static struct json
parse(struct buf *b, const char *json)
{
	struct json root = JSON_ABSENT;
	struct err e;

	buf_reset(b);
	buf_add_z(b, json);
	if (json_parse(doc, buf_str(b), &root, &e) != 0)
		ok(false, e.msg);
	return root;
}

static const char *
written(void (*write)(struct writer *w, const void *deed), const void *deed)
{
	struct writer w;

	buf_reset(&again);
	write_init(&w, &again);
	write(&w, deed);
	return arena_cstr(&a, buf_str(&again));
}

static void
visit(struct writer *w, const void *deed)
{
	visit_write(w, deed);
}

static void
order(struct writer *w, const void *deed)
{
	order_write(w, deed);
}

static void
contact(struct writer *w, const void *deed)
{
	contact_write(w, deed);
}

static void
visits(void)
{
	struct visit v;
	const char *once;

	visit_read(parse(&text,
		       "{\"url\":\"https://x.example/a\",\"title\":\" Hoops \","
		       "\"product\":{\"name\":\"Hoop\",\"sku\":\"S1\"},"
		       "\"timezone\":\"Europe/Berlin\"}"),
	    &a, &v);
	is_str(v.page, "Hoops", "a page's title, trimmed");
	is_str(v.product, "Hoop", "a product that is an object");
	is_str(v.sku, "S1", "and its SKU");
	is_str(v.zone, "Europe/Berlin", "the browser's zone");
	once = written(visit, &v);
	visit_read(parse(&text, once), &a, &v);
	is_str(str_of(written(visit, &v)), once, "reads back the same");
	visit_read(parse(&text, "{\"timezone\":\"CET\"}"), &a, &v);
	is_str(v.zone, NULL, "an abbreviation is no zone");
}

static void
orders(void)
{
	struct order o;
	const char *once;

	order_read(
	    parse(&text,
		"{\"number\":1001,\"total\":\"79.00\",\"currency\":\"EUR\","
		"\"items\":[{\"name\":\"Light\",\"sku\":\"S1\",\"quantity\":2},"
		"{\"name\":\"b\"},{\"name\":\"c\"},"
		"{\"name\":\"d\"},{\"name\":\"e\"},"
		"{\"name\":\"f\"},{\"name\":\"g\"},"
		"{\"name\":\"h\"},{\"name\":\"i\"},"
		"{\"name\":\"j\"},{\"name\":\"k\"}]}"),
	    &a, &o);
	is_str(o.number, "1001", "a number as it is written");
	is_str(o.items[0].name, "Light", "an item");
	ok(o.n == ACTIVITY_ITEMS && o.more == 1,
	    "the first ones; the rest counted");
	ok(!o.gone, "it stands");
	once = written(order, &o);
	order_read(parse(&text, once), &a, &o);
	is_str(str_of(written(order, &o)), once, "reads back the same");
	order_read(parse(&text, "{\"status\":\"Cancelled\"}"), &a, &o);
	ok(o.gone, "a cancelled one is gone");
}

static void
contacts(void)
{
	struct contact c;
	const char *once;

	contact_read(
	    parse(&text,
		"{\"preferredChannel\":\"SMS\",\"plan\":\"gold\","
		"\"consent\":{\"email\":\"unsubscribed\",\"sms\":\"granted\","
		"\"fax\":\"granted\"}}"),
	    &a, &c);
	is_str(c.preferred, "sms", "the channel that they want");
	is_int((int64_t)c.wish_n, 2, "consent by channels that there are");
	is_int(c.wishes[0].said, CONSENT_OUT, "unsubscribed is out");
	is_int(c.wishes[1].said, CONSENT_IN, "granted is in");
	once = written(contact, &c);
	contact_read(parse(&text, once), &a, &c);
	is_str(str_of(written(contact, &c)), once, "reads back the same");
}

int
main(void)
{
	doc = json_doc_new();
	buf_init(&text, 1 << 16);
	buf_init(&again, 1 << 16);
	visits();
	orders();
	contacts();
	json_doc_free(doc);
	arena_release(&a);
	buf_release(&text);
	buf_release(&again);
	return done();
}
