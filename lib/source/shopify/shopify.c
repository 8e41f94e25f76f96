/*
 * Shopify's orders: the admin's table, in which an order has a row for each
 * item and its own cells in the first alone, and the API's JSON, which may
 * also hold customers, checkouts and drafts.
 */
#include "source/shopify/shopify.h"

#include "source/cut.h"
#include "source/peek.h"
#include "source/table/table.h"
#include "source/wrapped.h"

enum { BESIDE_EACH = 1024 }; /* bytes beside a list that every item repeats */

/* What objects of the API are called, alone and in lists. */
static const struct {
	const char *one, *many;
} kinds[] = {
	{ "order", "orders" },
	{ "customer", "customers" },
	{ "checkout", "checkouts" },
	{ "draft_order", "draft_orders" },
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static int
kind_of(struct str name)
{
	for (int i = 0; i < KINDS; i++)
		if (str_is(name, kinds[i].one) || str_is(name, kinds[i].many))
			return i;
	return -1;
}

/* What tells them from other shops' objects of the same name. */
struct marks {
	unsigned order, customer, items;
	int within; /* kind, -1: at the top */
	bool other; /* another wrapper */
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_order[] = { "financial_status",
		"total_price", "order_number", "fulfillment_status",
		"cart_token", "subtotal_price", NULL };
	static const char *const of_customer[] = { "orders_count",
		"total_spent", "last_order_id", "verified_email",
		"accepts_marketing", "tax_exempt", NULL };
	struct marks *m = arg;

	if (p->within.n > 0 && kind_of(p->within) < 0)
		return;
	if (p->within.n > 0)
		m->within = kind_of(p->within);
	m->order += str_is_one_of(p->name, of_order);
	m->customer += str_is_one_of(p->name, of_customer);
	m->items |= str_is(p->name, "line_items");
}

static int
sniff_json(struct str head)
{
	struct marks m = { .within = -1 };

	json_peek(head, see, &m);
	if (m.within < 0)
		return m.items && m.order >= 3 ? 85 : 0;
	return m.order >= 2 || m.customer >= 2 ? 88 : 0;
}

/* "Lineitem name" is nobody else's. */
static int
sniff_table(struct str head)
{
	struct table *t;
	const struct str *names;
	size_t n, lines = 0, name = 0;

	if (str_find(str_sub(head, 0, 8192), STR("Lineitem name")) < 0 &&
	    memchr(head.p, '\0', head.n < 64 ? head.n : 64) == NULL)
		return 0;
	t = table_peek(head, NULL);
	if (t == NULL)
		return 0;
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++) {
		lines += str_starts(names[i], STR("Lineitem "));
		name += str_is(names[i], "Name");
	}
	table_close(t);
	return lines > 0 && name > 0 ? 95 : 0;
}

static int
shopify_sniff(const char *base_name, struct str head)
{
	struct str s = peek_unmarked(head);

	(void)base_name;
	return json_peek_is(s) ? sniff_json(s) : sniff_table(head);
}

/* The table: rows of one order are one item. */

enum { ORDER_KEYS = 4 };

struct orders {
	struct ingest *in;
	struct table *table;
	/* Columns, SIZE_MAX without, and what the order that is open has there;
	 * the first is its name, a row without the others goes on with it. */
	size_t column[ORDER_KEYS];
	struct buf now[ORDER_KEYS];
	struct writer *open;
	struct err *e;
};

static struct str
cell_of(const struct table_row *row, size_t column)
{
	return column < row->n ? row->cells[column] : STR("");
}

static int
close_order(struct orders *o)
{
	if (o->open == NULL)
		return 0;
	write_list_end(o->open);
	write_object_end(o->open);
	o->open = NULL;
	return ingest_item_end(o->in, o->e);
}

static void
open_order(struct orders *o, const struct table_row *row)
{
	o->open = ingest_item(o->in, row->at);
	write_object(o->open);
	write_key(o->open, "rows");
	write_list(o->open);
	for (size_t i = 0; i < ORDER_KEYS; i++) {
		buf_reset(&o->now[i]);
		buf_add_str(&o->now[i], cell_of(row, o->column[i]));
	}
}

/*
 * A row that goes on with the order: of its name, and not of another id or sum
 * or time.  Of two shops' tables in one, two orders of one name may follow
 * each other.
 */
static bool
goes_on(const struct orders *o, const struct table_row *row)
{
	for (size_t i = 0; i < ORDER_KEYS; i++) {
		struct str s = cell_of(row, o->column[i]);
		bool either = i > 0 && o->now[i].n == 0;

		if (s.n > 0 && !either && !str_eq(s, buf_str(&o->now[i])))
			return false;
	}
	return o->open != NULL;
}

static int
take_row(struct orders *o, const struct table_row *row)
{
	size_t i = 0;

	while (i < row->n && row->cells[i].n == 0)
		i++;
	if (i == row->n) {
		sink_sum(o->in->sink, "empty rows", 1);
		return 0;
	}
	if (!goes_on(o, row)) {
		if (close_order(o) < 0)
			return -1;
		open_order(o, row);
	}
	table_write(o->table, row, o->open, false);
	return 0;
}

static int
take_bad(struct orders *o, const struct table_row *row, const char *why)
{
	if (close_order(o) < 0)
		return -1;
	return ingest_reject(o->in, row->at, why, row->text, o->e);
}

static void
find_columns(struct orders *o)
{
	static const char *const keys[ORDER_KEYS] = { "Name", "Id", "Total",
		"Created at" };
	const struct str *names;
	size_t n = table_columns(o->table, &names);

	for (size_t k = 0; k < ORDER_KEYS; k++) {
		o->column[k] = SIZE_MAX;
		for (size_t i = 0; i < n; i++)
			if (str_is(names[i], keys[k]))
				o->column[k] = i;
	}
}

static int
read_table(struct ingest *in, struct input *file, struct err *e)
{
	struct orders o = { .in = in, .e = e };
	struct table_row row;
	enum table_result got = TABLE_END;
	struct err why;
	int rc = 0;

	o.table = table_open(file, NULL, in->max_item, &why);
	if (o.table == NULL)
		return ingest_reject(in, STR("0"), why.msg, STR(""), e);
	for (size_t i = 0; i < ORDER_KEYS; i++)
		buf_init(&o.now[i], in->max_item);
	find_columns(&o);
	rc = table_say_remarks(in, o.table, e);
	while (rc == 0 && (got = table_next(o.table, &row, &why)) > 0)
		rc = got == TABLE_ROW ? take_row(&o, &row)
				      : take_bad(&o, &row, why.msg);
	if (rc == 0)
		rc = close_order(&o);
	if (rc == 0 && got == TABLE_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	for (size_t i = 0; i < ORDER_KEYS; i++)
		buf_release(&o.now[i]);
	table_close(o.table);
	return rc;
}

/* JSON. */

/* The first member that is an object of the API or a list of them; an order
 * may have such members itself. */
static void
tell(struct json root, bool alone, struct wrapped_found *out)
{
	struct json_iter it = json_each(root);
	struct json name, v;

	(void)alone;
	out->as = kinds[0].one;
	if (json_type(json_get(root, "line_items")) == JSON_LIST)
		return;
	while (json_next(&it, &name, &v)) {
		struct str raw = json_raw(name);
		int kind = kind_of(str_sub(raw, 1, raw.n - 2));

		if (kind < 0 ||
		    (json_type(v) != JSON_OBJECT && json_type(v) != JSON_LIST))
			continue;
		out->as = NULL;
		if (json_type(v) == JSON_OBJECT)
			return;
		out->as = kinds[kind].one;
		out->name = name;
		out->list = v;
		return;
	}
}

static const char *
as_kind(struct str list)
{
	return kinds[kind_of(list)].one;
}

static int
read_json(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const lists[] = { "orders", "customers", "checkouts",
		"draft_orders", NULL };
	static const struct wrapped how = { tell, BESIDE_EACH, lists, as_kind };

	return wrapped_read(in, file, &how, e);
}

static int
shopify_read(struct ingest *in, struct input *file, struct err *e)
{
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return json_peek_is(head) ? read_json(in, file, e)
				  : read_table(in, file, e);
}

const struct source_format source_shopify = {
	.name = "shopify",
	.about = "Shopify orders: the table, and the API's JSON with customers",
	.sniff = shopify_sniff,
	.read = shopify_read,
	.normalize = shopify_normalize,
};
