/*
 * A sale, or a visit.  Who bought is known by what the till was told: a card, a
 * number, an address; all of it claimed.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/store/store.h"
#include "text/unicode.h"

enum says { SAYS_REFUND, SAYS_CANCELLED, SAYS_LINE, SAYS_PAYMENT };
#define MEANS(SECTION, n) SAYS_##SECTION
#include "source/store/words/kinds.h"

enum { WORD_BYTES = 64 };

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct json rows;
	struct str cell[STORE_COLUMNS]; /* the first that is something */
	struct str dates;
	uint64_t kinds; /* 1 << enum says, of any row */
	bool totals; /* rows have several */
	bool cashiers; /* the mail address is who sold (SumUp) */
};

/* What a row's words say that it is: 1 << enum says. */
static uint64_t
kinds_of(struct view *v, struct str s)
{
	return s.n == 0 || s.n > WORD_BYTES
		   ? 0
		   : wordlist_means(&words_kinds, unicode_fold(s, v->a));
}

/* Its cells by what they are; returns its kinds. */
static uint64_t
read_row(struct view *v, struct json row, struct str cell[STORE_COLUMNS])
{
	struct json_iter it = json_each(row);
	struct json name, value;
	uint64_t kinds = 0;

	for (size_t i = 0; i < STORE_COLUMNS; i++)
		cell[i] = STR_NONE;
	while (json_next(&it, &name, &value)) {
		enum store_column c = store_column(json_str(name, v->a), v->a);
		struct str s = native_value(v->n, value);

		v->cashiers |= json_is(name, "Entry mode");
		if (c == STORE_KIND)
			kinds |= kinds_of(v, s);
		/* A link to the receipt is nothing that was sold. */
		if (c == STORE_ITEM && str_starts(s, STR("http")))
			continue;
		if (c < STORE_COLUMNS && cell[c].p == NULL)
			cell[c] = s;
	}
	return kinds;
}

static void
read_rows(struct view *v)
{
	struct json_iter it = json_each(v->rows);
	struct str cell[STORE_COLUMNS];
	struct json row;

	while (json_next(&it, NULL, &row)) {
		v->kinds |= read_row(v, row, cell);
		v->totals |= cell[STORE_TOTAL].p != NULL &&
			     v->cell[STORE_TOTAL].p != NULL &&
			     !str_eq(cell[STORE_TOTAL], v->cell[STORE_TOTAL]);
		for (size_t i = 0; i < STORE_COLUMNS; i++)
			if (v->cell[i].p == NULL)
				v->cell[i] = cell[i];
	}
}

/* "13/02/26" and "2/13/2026" as RFC 3339 has a day. */
static struct str
straight(struct view *v, struct str s)
{
	struct str rest = s, first = str_split(&rest, '/'), second, year;
	bool month_first = str_is(v->dates, "mdy");
	int64_t a, b, y;

	if (rest.p == NULL)
		return s;
	second = str_split(&rest, '/');
	if (rest.p == NULL)
		return s;
	year = str_sub(rest, 0, 4);
	while (year.n > 0 && !ascii_is_digit(year.p[year.n - 1]))
		year.n--;
	if (str_to_int(first, &a) < 0 || str_to_int(second, &b) < 0 ||
	    str_to_int(year, &y) < 0 || a > 31)
		return s;
	if (v->dates.n == 0)
		month_first = str_is(str_of(v->n->workspace->region), "US");
	if (a > 12 || b > 12)
		month_first = b > 12;
	return ARENA_JOIN(v->a,
	    arena_printf(v->a, "%04d-%02d-%02d", (int)(y < 100 ? y + 2000 : y),
		(int)(month_first ? a : b), (int)(month_first ? b : a)),
	    str_sub(rest, year.n, rest.n));
}

/* "1:05 PM" as "13:05". */
static struct str
clock_of(struct view *v, struct str s)
{
	ptrdiff_t colon = str_chr(s, ':');
	bool pm = str_ends_nocase(s, STR("pm")),
	     am = str_ends_nocase(s, STR("am"));
	int64_t hour;

	if (colon <= 0 || str_to_int(str_sub(s, 0, (size_t)colon), &hour) < 0)
		return s;
	if (pm && hour < 12)
		hour += 12;
	if (am && hour == 12)
		hour = 0;
	s = str_sub(s, (size_t)colon, s.n);
	if (pm || am)
		s = str_trim(str_sub(s, 0, s.n - 2));
	return ARENA_JOIN(v->a, arena_printf(v->a, "%02d", (int)hour), s);
}

/* A day, and its clock behind it or in a column of its own. */
static int64_t
time_of(struct view *v, struct str day, struct str clock)
{
	struct str whole = straight(v, day);
	int64_t t;

	if (whole.n > 11 && str_chr(whole, ':') > 0) {
		ptrdiff_t space = str_chr(whole, ' ');

		if (space > 0)
			whole = ARENA_JOIN(v->a,
			    str_sub(whole, 0, (size_t)space), STR(" "),
			    clock_of(v, str_trim(str_sub(
					    whole, (size_t)space, whole.n))));
	} else if (clock.n > 0) {
		whole = ARENA_JOIN(v->a, whole, STR(" "), clock_of(v, clock));
	}
	return whole.n > 0 && native_time_text(v->n, whole, &t) == 0
		   ? t
		   : TIME_NONE;
}

static void
set_buyer(struct view *v)
{
	struct message *m = v->m;
	struct str id = v->cell[STORE_CARD].n > 0 ? v->cell[STORE_CARD]
						  : v->cell[STORE_CUSTOMER];

	m->from.name = v->cell[STORE_NAME];
	if (v->cashiers)
		v->cell[STORE_EMPLOYEE] = v->cell[STORE_EMAIL];
	else
		native_email(v->n, &m->from, v->cell[STORE_EMAIL]);
	message_phone(m, &m->from, v->cell[STORE_TEL]);
	if (id.n > 0)
		m->from.uri = native_uri(v->n, "store", id);
}

/* "12,50", "$1,234.50" as "12.50" and "1234.50": nothing is counted with what
 * is none. */
static struct str
money(struct view *v, struct str s)
{
	char *out = arena_alloc(v->a, s.n + 1);
	ptrdiff_t point = str_rchr(s, '.'), comma = str_rchr(s, ',');
	ptrdiff_t mark = point > comma ? point : comma;
	size_t n = 0, digits = 0;

	if (s.p == NULL)
		return STR_NONE;
	/* Three digits behind the only mark are thousands. */
	if (mark >= 0 && s.n - (size_t)mark == 4 && (point < 0 || comma < 0) &&
	    s.p[mark] == ',')
		mark = -1;
	for (size_t i = 0; i < s.n; i++) {
		digits += ascii_is_digit(s.p[i]);
		if (ascii_is_digit(s.p[i]) || (s.p[i] == '-' && n == 0))
			out[n++] = s.p[i];
		else if ((ptrdiff_t)i == mark)
			out[n++] = '.';
		else if (s.p[i] == '(' && n == 0)
			out[n++] = '-';
	}
	return digits == 0 ? STR_NONE : str_make(out, n);
}

static void
write_money(
    struct view *v, struct writer *w, const char *name, enum store_column c)
{
	if (v->cell[c].n > 0)
		write_member(w, name, money(v, v->cell[c]));
}

static void
write_item(struct view *v, struct writer *w, const struct str *cell)
{
	int64_t n;

	write_object(w);
	write_member(w, "name", cell[STORE_ITEM]);
	write_member(w, "sku", cell[STORE_SKU]);
	write_member(w, "category", cell[STORE_CATEGORY]);
	if (cell[STORE_QUANTITY].n > 0 &&
	    str_to_int(cell[STORE_QUANTITY], &n) == 0)
		write_member_int(w, "quantity", n);
	else
		write_member(w, "quantity", cell[STORE_QUANTITY]);
	if (cell[STORE_PRICE].n > 0)
		write_member(w, "price", money(v, cell[STORE_PRICE]));
	if (v->totals && cell[STORE_TOTAL].n > 0)
		write_member(w, "total", money(v, cell[STORE_TOTAL]));
	write_object_end(w);
}

/* Rows that name something; of a till that says what a row is, its lines. */
static void
write_items(struct view *v, struct writer *w)
{
	struct json_iter it = json_each(v->rows);
	struct str cell[STORE_COLUMNS];
	bool lines = (v->kinds >> SAYS_LINE & 1) != 0, any = false;
	struct json row;

	while (json_next(&it, NULL, &row)) {
		uint64_t kinds = read_row(v, row, cell);

		if ((cell[STORE_ITEM].n == 0 && cell[STORE_SKU].n == 0) ||
		    (lines && (kinds >> SAYS_LINE & 1) == 0) ||
		    (kinds >> SAYS_PAYMENT & 1) != 0)
			continue;
		if (!any) {
			write_key(w, "items");
			write_list(w);
		}
		any = true;
		write_item(v, w, cell);
	}
	if (any)
		write_list_end(w);
}

static struct str
status_of(struct view *v)
{
	struct str total = money(v, v->cell[STORE_TOTAL]);

	if ((v->kinds >> SAYS_CANCELLED & 1) != 0)
		return STR("cancelled");
	return (v->kinds >> SAYS_REFUND & 1) != 0 ||
		       (total.n > 0 && total.p[0] == '-')
		   ? STR("refunded")
		   : STR("completed");
}

static enum stage_result
emit_sale(struct view *v, struct err *e)
{
	struct message *m = v->m;
	struct writer *w;

	m->type = "order";
	m->sent = time_of(v, v->cell[STORE_DATE], v->cell[STORE_CLOCK]);
	if (m->sent == TIME_NONE)
		return native_reject(e, "a sale whose date cannot be read");
	m->message_id = v->cell[STORE_RECEIPT];
	/* A till counts anew some day. */
	m->native_id =
	    v->cell[STORE_RECEIPT].n > 0
		? ARENA_JOIN(v->a, v->cell[STORE_BRANCH], STR("\n"),
		      v->cell[STORE_REGISTER], STR("\n"),
		      v->cell[STORE_RECEIPT], STR("\n"), v->cell[STORE_DATE])
		: json_raw(v->rows);
	w = native_data(v->n);
	write_member(w, "number", v->cell[STORE_RECEIPT]);
	write_member(w, "status", status_of(v));
	/* Of several rows with a sum each, the sale's own row has it. */
	if (!v->totals || (v->kinds >> SAYS_LINE & 1) != 0)
		write_money(v, w, "total", STORE_TOTAL);
	write_member(w, "currency", v->cell[STORE_CURRENCY]);
	if (!v->totals) {
		write_money(v, w, "subtotal", STORE_SUBTOTAL);
		write_money(v, w, "tax", STORE_TAX);
		write_money(v, w, "discount", STORE_DISCOUNT);
		write_money(v, w, "tip", STORE_TIP);
	}
	write_items(v, w);
	write_member(w, "payment", v->cell[STORE_PAYMENT]);
	write_member(w, "employee", v->cell[STORE_EMPLOYEE]);
	write_member(w, "register", v->cell[STORE_REGISTER]);
	if (v->cell[STORE_CARD].n > 0)
		write_member(w, "customer", v->cell[STORE_CUSTOMER]);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

static enum stage_result
emit_visit(struct view *v, struct err *e)
{
	struct str clock = v->cell[STORE_CLOCK], in = v->cell[STORE_ARRIVAL];
	int64_t left;
	struct writer *w;

	v->m->type = "visit";
	/* A day beside the clock at which somebody came. */
	if (v->cell[STORE_DATE].n > 0 && in.n <= 11 && str_chr(in, ':') > 0) {
		clock = in;
		in = v->cell[STORE_DATE];
	}
	v->m->sent = time_of(v, in, clock);
	if (v->m->sent == TIME_NONE)
		return native_reject(e, "a visit whose time cannot be read");
	v->m->native_id = json_raw(v->rows);
	left = time_of(v, v->cell[STORE_DEPARTURE], STR_NONE);
	w = native_data(v->n);
	write_member(w, "store", v->cell[STORE_BRANCH]);
	write_member(w, "purpose", v->cell[STORE_PURPOSE]);
	write_member_time(w, "leftAt", left);
	write_member(w, "employee", v->cell[STORE_EMPLOYEE]);
	if (v->cell[STORE_CARD].n > 0)
		write_member(w, "customer", v->cell[STORE_CUSTOMER]);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

enum stage_result
store_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n) };

	v.a = &v.m->arena;
	v.rows = json_get(native, "rows");
	if (json_type(v.rows) != JSON_LIST)
		return native_reject(e, "no rows of a table of a store");
	v.dates = native_text(n, native, "dates");
	v.m->channel = "store";
	v.m->direction = "inbound";
	read_rows(&v);
	v.m->account = v.cell[STORE_BRANCH];
	v.m->id_without_account = true;
	set_buyer(&v);
	return v.cell[STORE_ARRIVAL].n > 0 && v.cell[STORE_RECEIPT].n == 0
		   ? emit_visit(&v, e)
		   : emit_sale(&v, e);
}
