#include "source/contacts_csv/row.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/map.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/table/columns.h"
#include "source/clock/when.h"

enum {
	KNOWN_COLUMNS = 4096, /* whose meaning is kept */
	TEL_DIGITS = 5, /* what has fewer is no number of its own */
	ADDRESS_BYTES = 4096, /* of a street, that another line is added to */
};

/* What the columns seen so far mean, by their names as JSON. */
struct known {
	struct map index;
	struct column *v;
	struct arena arena;
};

/* What a member of a row means, remembered. */
static struct column
meaning_of(struct known *k, struct json key, struct arena *a)
{
	uint64_t *at = map_get(&k->index, json_raw(key));
	bool fresh;

	if (at != NULL)
		return k->v[*at];
	if (k->index.n == KNOWN_COLUMNS)
		return column_of(json_str(key, a), a);
	if (k->v == NULL)
		k->v = arena_calloc(&k->arena, KNOWN_COLUMNS, sizeof(*k->v));
	at = map_put(&k->index, json_raw(key), &fresh);
	*at = k->index.n - 1;
	k->v[*at] =
	    column_of(arena_dup(&k->arena, json_str(key, a)), &k->arena);
	return k->v[*at];
}

/* Bytes of the separator that s begins with, or 0: one of the characters, and
 * where a comma is one those of other scripts. */
static size_t
separator_at(struct str s, const char *separators)
{
	static const char *const others[] = { "\xd8\x8c", "\xd8\x9b",
		"\xe3\x80\x81", "\xef\xbc\x8c", "\xef\xbc\x9b" };

	/* Within a number a slash stands without blanks. */
	if (str_starts(s, STR(":::")) || str_starts(s, STR(" / ")))
		return 3;
	if ((unsigned char)s.p[0] < 0x80)
		return ascii_is_in(s.p[0], separators) && s.p[0] != '\0';
	if (strchr(separators, ',') == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_starts(s, str_of(others[i])))
			return strlen(others[i]);
	return 0;
}

/* "a ::: b": the next of several values, trimmed; STR_NONE at the end. */
static struct str
next_value(struct str *rest, const char *separators)
{
	struct str s;

	if (rest->p == NULL)
		return STR_NONE;
	for (size_t i = 0; i < rest->n; i++) {
		size_t n = separator_at(str_sub(*rest, i, rest->n), separators);

		if (n > 0) {
			s = str_sub(*rest, 0, i);
			*rest = str_sub(*rest, i + n, rest->n);
			return str_trim(s);
		}
	}
	s = *rest;
	*rest = STR_NONE;
	return str_trim(s);
}

/* One or, between blanks, several; false where a part of it is none. */
static bool
take_email(struct contact_row *r, struct str value, bool *primary)
{
	struct str rest = value, s;
	bool any = false;

	if (contact_email(&r->c, value, *primary)) {
		*primary = false;
		return true;
	}
	while ((s = next_value(&rest, " \t")).p != NULL)
		if (contact_email(&r->c, s, *primary)) {
			*primary = false;
			any = true;
		}
	return any || value.n == 0;
}

static void
take_emails(struct contact_row *r, struct str name, const struct column *c,
    struct str value)
{
	bool primary = c->number != 0 && c->number == r->email, all = true;
	struct str rest = value, s;

	while ((s = next_value(&rest, ";,|\n")).p != NULL)
		all = take_email(r, s, &primary) && all;
	if (!all)
		contact_other(&r->c, name, value);
}

static size_t
count_digits(struct str s)
{
	size_t n = 0;

	while (s.n > 0)
		n += utf8_digit(utf8_take(&s, NULL)) >= 0;
	return n;
}

static void
take_tels(struct contact_row *r, struct str name, const struct column *c,
    struct str value)
{
	bool primary = c->number != 0 && c->number == r->tel, all = true;
	struct str rest = contact_number(&r->c, value), s;

	while ((s = next_value(&rest, ";,|\n")).p != NULL) {
		if (count_digits(s) >= TEL_DIGITS &&
		    contact_tel(&r->c, s, primary))
			primary = false;
		else
			all = all && s.n == 0;
	}
	if (!all)
		contact_other(&r->c, name, value);
	if (!all && r->c.number.n == 0 && count_digits(value) >= TEL_DIGITS)
		r->c.number = value;
}

/* Without the "* " that marks it, or the quotes around it. */
static struct str
unmarked(struct str s)
{
	if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = str_sub(s, 1, s.n - 2);
	return str_starts(s, STR("* ")) ? str_trim(str_sub(s, 2, s.n)) : s;
}

/* "'0123": what keeps spreadsheets from making a number of it. */
static struct str
bare(struct str s)
{
	return s.n > 1 && s.p[0] == '\'' ? str_sub(s, 1, s.n) : s;
}

/* "* myContacts ::: * friends" */
static void
take_labels(struct contact_row *r, struct str value)
{
	struct str rest = value, s;

	while ((s = next_value(&rest, ";,\n")).p != NULL) {
		s = unmarked(s);
		if (s.n > 0)
			message_add_str(r->c.m, &r->c.labels, s);
	}
}

/* The nth of the addresses of a group: each cell of it holds as many. */
static struct contact_address *
nth_address(struct contact_row *r, struct str group, size_t n)
{
	return contact_address(&r->c,
	    n == 0 ? group
		   : arena_printf(r->c.a, "%.*s:%zu", STR_ARG(group), n + 1));
}

static void
take_one_address(struct contact_row *r, struct str name, const struct column *c,
    struct contact_address *a, struct str value)
{
	struct str *to = c->kind == COLUMN_CITY     ? &a->city
			 : c->kind == COLUMN_REGION ? &a->region
			 : c->kind == COLUMN_CODE   ? &a->code
			 : c->kind == COLUMN_STREET ? &a->street
						    : &a->country;

	if (c->kind == COLUMN_CODE)
		value = contact_number(&r->c, bare(value));
	if (c->kind == COLUMN_ADDRESS)
		to = &a->street;
	if (to->n > 0 && to->n < ADDRESS_BYTES && c->line > 1)
		*to = ARENA_JOIN(r->c.a, *to, STR("\n"), value);
	else if (to->n == 0 ||
		 (c->kind == COLUMN_STREET && str_find(*to, value) >= 0))
		*to = value;
	else if (str_find(value, *to) < 0)
		contact_other(&r->c, name, value);
	/* Else the street alone is better than the whole address on lines. */
}

/* "Weg 1 ::: Platz 2" */
static void
take_address(struct contact_row *r, struct str name, const struct column *c,
    struct str value)
{
	struct str rest = value, s;

	for (size_t n = 0; (s = next_value(&rest, "")).p != NULL; n++) {
		struct contact_address *a = nth_address(r, c->group, n);

		if (c->kind == COLUMN_ADDRESS_LABEL)
			a->label = unmarked(s);
		else if (s.n > 0)
			take_one_address(r, name, c, a, s);
	}
}

/* The first of several; the others stay under the column's name. */
static struct str
first_of(struct contact_row *r, struct str name, struct str value)
{
	struct str rest = value, first = next_value(&rest, "");

	if (rest.p == NULL)
		return value;
	contact_other(&r->c, name, str_trim(rest));
	return first;
}

/* An address in the name that is shown, where Outlook wrote the X.500 name of
 * its server for the address itself. */
static void
take_shown(struct contact_row *r)
{
	ptrdiff_t open = str_rchr(r->shown, '(');
	struct str s = r->shown;

	if ((r->c.emails.n > 0 && !r->exchange) || s.n == 0)
		return;
	if (open >= 0 && str_ends(s, STR(")")))
		s = str_sub(s, (size_t)open + 1, s.n - (size_t)open - 2);
	(void)contact_email(&r->c, s, true);
}

/* Columns that there is one of: where the value goes. */
static struct str *
single_of(struct contact_row *r, enum column_kind kind)
{
	struct contact *c = &r->c;

	switch (kind) {
	case COLUMN_NAME:
		return &c->name;
	case COLUMN_NAME_OR_GIVEN:
		return &r->either;
	case COLUMN_TITLE_OR_PREFIX:
		return &r->title;
	case COLUMN_PREFIX:
		return &c->prefix;
	case COLUMN_GIVEN:
		return &c->given;
	case COLUMN_MIDDLE:
		return &c->middle;
	case COLUMN_FAMILY:
		return &c->family;
	case COLUMN_SUFFIX:
		return &c->suffix;
	case COLUMN_NICKNAME:
		return &c->nickname;
	case COLUMN_FILE_AS:
		return &c->file_as;
	case COLUMN_ORG:
		return &c->org;
	case COLUMN_TITLE:
		return &c->title;
	case COLUMN_DEPARTMENT:
		return &c->department;
	case COLUMN_BIRTHDAY:
		return &c->birthday;
	case COLUMN_HOUSE:
		return &c->house;
	case COLUMN_IDENT:
		return &c->ident;
	case COLUMN_GENDER:
		return &c->gender;
	case COLUMN_CATEGORY:
		return &c->category;
	case COLUMN_BIRTH_YEAR:
		return &r->year;
	case COLUMN_BIRTH_MONTH:
		return &r->month;
	case COLUMN_BIRTH_DAY:
		return &r->day;
	case COLUMN_BIRTH_PLACE:
		return &c->birth_place;
	case COLUMN_NOTE:
		return &c->note;
	case COLUMN_LANGUAGE:
		return &c->language;
	default:
		return NULL;
	}
}

static void
take_time(struct contact_row *r, struct str name, enum column_kind kind,
    struct str value)
{
	int64_t *to = kind == COLUMN_CREATED ? &r->c.created : &r->c.updated;

	if (*to != TIME_NONE || when_parse(r->c.n->clock, value, to) < 0)
		contact_other(&r->c, name, value);
}

/* Outlook's "0.0.00" and "0/0/00". */
static bool
is_no_day(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && !ascii_is_in(s.p[i], "./-"))
			return false;
	return true;
}

/* What a person has one of: the first counts, others are kept beside.  False
 * for all else. */
static bool
take_single(struct contact_row *r, struct str name, const struct column *c,
    struct str value)
{
	struct str *single = single_of(r, c->kind);

	if (c->kind == COLUMN_BIRTHDAY && is_no_day(value))
		return true;
	/* "Birth Day" beside "Birth Month". */
	if (c->kind == COLUMN_BIRTHDAY && value.n <= 2)
		single = &r->day;
	if (single == NULL)
		return false;
	if (single->p != NULL)
		contact_other(&r->c, name, value);
	else
		*single =
		    c->kind == COLUMN_NOTE ? value : first_of(r, name, value);
	return true;
}

static void
take_urls(struct contact_row *r, struct str value)
{
	struct str part;

	while ((part = next_value(&value, "")).p != NULL)
		if (part.n > 0)
			message_add_str(r->c.m, &r->c.urls, part);
}

/* "003xx000004TmiQAAS": contacts, leads, accounts. */
static bool
is_salesforce(struct str s)
{
	if ((s.n != 15 && s.n != 18) ||
	    (!str_starts(s, STR("003")) && !str_starts(s, STR("00Q")) &&
		!str_starts(s, STR("001"))))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]))
			return false;
	return true;
}

/*
 * What services number people by, where the number or the columns beside it
 * tell whose it is: the uri that their interfaces' objects have (source/crm).
 */
static bool
take_service_id(struct contact_row *r, struct str name, struct str value)
{
	static const char zoho[] = "zcrm_";

	if (str_eq_nocase(name, STR("Id")) && is_salesforce(value)) {
		contact_uri(&r->c, "salesforce", value);
		return true;
	}
	if (str_eq_nocase(name, STR("Klaviyo ID"))) {
		contact_uri(&r->c, "klaviyo", value);
		return true;
	}
	if (!str_eq_nocase(name, STR("Record ID")))
		return false;
	if (str_starts(value, str_of(zoho))) {
		contact_uri(
		    &r->c, "zoho", str_sub(value, sizeof(zoho) - 1, value.n));
		return true;
	}
	if (r->hubspot && str_is_digits(value)) {
		contact_uri(&r->c, "hubspot", value);
		return true;
	}
	return false;
}

static bool
has_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_letter(s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

static void
take_cell(struct contact_row *r, struct str name, const struct column *c,
    struct str value)
{
	if (take_single(r, name, c, value))
		return;
	switch (c->kind) {
	case COLUMN_EMAIL:
		r->exchange |=
		    r->c.emails.n == 0 && str_starts_nocase(value, STR("/o="));
		take_emails(r, name, c, value);
		break;
	case COLUMN_TEL:
		take_tels(r, name, c, value);
		break;
	case COLUMN_CUSTOMER:
		if (r->form)
			contact_other(&r->c, name, value);
		else
			contact_uri(&r->c, r->shopify ? "shopify" : "customer",
			    contact_number(&r->c, bare(value)));
		break;
	case COLUMN_LABELS:
		take_labels(r, value);
		break;
	case COLUMN_URL:
		take_urls(r, value);
		break;
	case COLUMN_CREATED:
	case COLUMN_UPDATED:
		take_time(r, name, c->kind, value);
		break;
	case COLUMN_ADDRESS_LABEL:
	case COLUMN_ADDRESS:
	case COLUMN_STREET:
	case COLUMN_CITY:
	case COLUMN_REGION:
	case COLUMN_CODE:
	case COLUMN_COUNTRY:
		take_address(r, name, c, value);
		break;
	case COLUMN_EMAIL_LABEL:
	case COLUMN_TEL_LABEL:
		break;
	case COLUMN_IGNORED:
		if (r->shown.p == NULL && str_chr(value, '@') > 0)
			r->shown = value;
		break;
	case COLUMN_ROW:
		if (!take_service_id(r, name, value) && r->c.row.n == 0)
			r->c.row = value;
		break;
	default:
		if (r->first.p == NULL && has_letter(value))
			r->first = value;
		if (!take_service_id(r, name, value))
			contact_other(&r->c, name, value);
	}
}

/* What has to be known before the rest: marks, and the numbers' country. */
static void
take_hint(struct contact_row *r, const struct column *c, struct str s)
{
	r->shopify |= c->kind == COLUMN_SHOPIFY;
	r->form |= c->kind == COLUMN_FORM;
	r->named |= (c->kind >= COLUMN_NAME && c->kind <= COLUMN_ORG &&
			c->kind != COLUMN_PREFIX) ||
		    c->kind == COLUMN_BIRTHDAY;
	if (c->kind != COLUMN_EMAIL_LABEL && c->kind != COLUMN_TEL_LABEL &&
	    c->kind != COLUMN_COUNTRY)
		return;
	if (c->kind == COLUMN_COUNTRY)
		contact_region(&r->c, s);
	else if (str_starts(s, STR("* ")) && c->kind == COLUMN_EMAIL_LABEL)
		r->email = c->number;
	else if (str_starts(s, STR("* ")))
		r->tel = c->number;
}

/* A date of birth in three columns, or its year alone. */
static void
settle_birthday(struct contact_row *r)
{
	struct contact *c = &r->c;
	bool whole = str_is_digits(r->month) && str_is_digits(r->day) &&
		     r->month.n <= 2 && r->day.n <= 2;

	if (c->birthday.n > 0 || r->year.n != 4 || !str_is_digits(r->year)) {
		if (r->year.n > 0)
			contact_other(c, STR("Birth Year"), r->year);
		if (r->month.n > 0)
			contact_other(c, STR("Birth Month"), r->month);
		if (r->day.n > 0)
			contact_other(c, STR("Birth Day"), r->day);
		return;
	}
	c->birthday =
	    whole ? arena_printf(c->a, "%.*s-%s%.*s-%s%.*s", STR_ARG(r->year),
			r->month.n < 2 ? "0" : "", STR_ARG(r->month),
			r->day.n < 2 ? "0" : "", STR_ARG(r->day))
		  : r->year;
}

/* Where no column is one for a name, the one that may be: a thing's title, or
 * the first that has letters. */
static void
settle_unknown(struct contact_row *r)
{
	struct contact *c = &r->c;

	if (r->named || c->name.n > 0)
		return;
	if (r->title.n > 0) {
		c->name = r->title;
		r->title = STR_NONE;
	} else {
		c->name = r->first;
	}
}

/* What a name is depends on the columns beside it: with a given name and no
 * family's, "Name" is that; with a family's, "Nombre" is the given one. */
static void
settle_names(struct contact_row *r)
{
	struct contact *c = &r->c;

	if (r->either.p != NULL) {
		if (c->family.p != NULL && c->given.p == NULL)
			c->given = r->either;
		else if (c->name.p == NULL)
			c->name = r->either;
	}
	if (c->name.p != NULL && c->given.p != NULL && c->family.p == NULL &&
	    str_find(c->name, c->given) < 0) {
		c->family = c->name;
		c->name = STR_NONE;
	}
	if (c->title.p == NULL)
		c->title = r->title;
	else if (r->title.p != NULL)
		contact_other(c, STR("Title"), r->title);
}

void
contact_row_release(void *kept)
{
	struct known *k = kept;

	map_release(&k->index);
	arena_release(&k->arena);
	free(k);
}

void
contact_row_begin(struct contact_row *r, struct normalize *n)
{
	*r = (struct contact_row){ 0 };
	contact_begin(&r->c, n);
	if (*n->kept == NULL)
		*n->kept = xcalloc(1, sizeof(struct known));
	r->columns = *n->kept;
}

void
contact_row_hint(struct contact_row *r, struct json name, struct str value)
{
	struct column c = meaning_of(r->columns, name, r->c.a);

	take_hint(r, &c, value);
	/* Nobody else's people have these. */
	r->hubspot |= json_is(name, "Lifecycle Stage") ||
		      json_is(name, "Marketing contact status") ||
		      json_is(name, "Unsubscribed from all email");
}

void
contact_row_cell(struct contact_row *r, struct json name, struct str value)
{
	struct column c;

	if (value.n == 0)
		return;
	c = meaning_of(r->columns, name, r->c.a);
	take_cell(r, json_str(name, r->c.a), &c, value);
}

enum stage_result
contact_row_end(struct contact_row *r, struct str content, struct err *e)
{
	settle_unknown(r);
	settle_names(r);
	settle_birthday(r);
	take_shown(r);
	r->c.unverified_email = r->form && r->c.emails.n > 0;
	r->c.unverified_tel = r->form && r->c.tels.n > 0;
	return contact_emit(&r->c, content, e);
}
