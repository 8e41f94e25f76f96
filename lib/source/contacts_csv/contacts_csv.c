/*
 * Tables of people: Google Contacts (both headers), Outlook, and what other
 * programs export with columns for a name, a mail address or a number, told by
 * what the columns are called.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/map.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/contact.h"
#include "source/table/columns.h"
#include "source/table/table.h"
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

/* A header's columns, counted by what they tell of the table. */
struct header {
	size_t columns, names, emails, tels, customers, other, foreign;
	bool exporter; /* only address books call their columns so */
};

static void
count_column(struct header *h, enum column_kind kind)
{
	switch (kind) {
	case COLUMN_NAME:
	case COLUMN_NAME_OR_GIVEN:
	case COLUMN_FILE_AS:
	case COLUMN_GIVEN:
	case COLUMN_FAMILY:
		h->names++;
		break;
	case COLUMN_EMAIL:
		h->emails++;
		break;
	case COLUMN_TEL:
		h->tels++;
		break;
	case COLUMN_CUSTOMER:
		h->customers++;
		break;
	case COLUMN_FOREIGN:
		h->foreign++;
		break;
	case COLUMN_OTHER:
		h->other++;
		break;
	default:
		break;
	}
	h->columns++;
}

/* "E-mail 1 - Value", "E-mail 2 Address", "Group Membership". */
static bool
is_exporters(struct str name, const struct column *c)
{
	bool numbered =
	    c->number > 0 &&
	    (c->kind == COLUMN_EMAIL || c->kind == COLUMN_TEL ||
		c->kind == COLUMN_EMAIL_LABEL || c->kind == COLUMN_TEL_LABEL);

	return (numbered && (str_find(name, STR(" - ")) > 0 ||
				str_starts(name, STR("E-")))) ||
	       str_is(name, "Group Membership");
}

static void
count_columns(struct table *t, struct header *h)
{
	struct arena a = { 0 };
	const struct str *names;
	size_t n;

	*h = (struct header){ 0 };
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++) {
		struct column c = column_of(names[i], &a);

		count_column(h, c.kind);
		h->exporter |= is_exporters(names[i], &c);
	}
	arena_release(&a);
}

/*
 * The charset of a head that is no UTF-8: a few hundred bytes are too few to
 * guess from, but in the right one the columns are words that are known.
 * NULL: the guess stands.
 */
static const char *
find_charset(struct str head, struct header *h)
{
	static const char *const charsets[] = { "windows-1252", "windows-1251",
		"Shift_JIS", "GB18030", "Big5", "EUC-KR", "windows-1250",
		"EUC-JP", "KOI8-R", "windows-1254", "windows-1253",
		"windows-1255", "windows-1256", NULL };
	struct table *t = table_peek(head, NULL);
	const char *best = NULL;
	struct header other;
	bool told;

	*h = (struct header){ 0 };
	if (t == NULL)
		return NULL;
	/* What such columns are called is in no charset. */
	told = table_without_header(t) ||
	       utf8_is_valid(str_sub(head, 0, head.n < 4 ? 0 : head.n - 4));
	count_columns(t, h);
	for (size_t i = 0; !told && h->other > 0 && charsets[i] != NULL; i++) {
		table_look_as(t, charsets[i]);
		count_columns(t, &other);
		if (other.other < h->other) {
			*h = other;
			best = charsets[i];
		}
	}
	table_close(t);
	return best;
}

/* A mail's header and the like: no table's first line. */
static bool
is_hopeless(struct str head, bool named)
{
	struct str rest, line;
	size_t i = 0;

	if (named)
		return false;
	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_sub(head, 3, head.n);
	rest = str_trim(head);
	line = str_line(&rest);
	while (i < line.n && line.p[i] != ':' && line.p[i] > ' ' &&
	       line.p[i] != ',' && line.p[i] != ';')
		i++;
	return (i < line.n && line.p[i] == ':') ||
	       str_starts(line, STR("From ")) ||
	       (str_chr(line, ',') < 0 && str_chr(line, ';') < 0 &&
		   str_chr(line, '\t') < 0 && str_chr(line, '|') < 0);
}

static int
contacts_sniff(const char *base_name, struct str head)
{
	struct str base = str_of(base_name);
	bool named = str_ends_nocase(base, STR(".csv")) ||
		     str_ends_nocase(base, STR(".tsv")) ||
		     str_ends_nocase(base, STR(".tab"));
	struct header h;

	if (is_hopeless(head, named))
		return 0;
	(void)find_charset(head, &h);
	if (h.columns == 0)
		return 0;
	if (h.exporter && h.columns > 4)
		return 90;
	if (h.emails + h.tels == 0 || h.foreign > 0)
		return 0;
	if (h.names + h.customers == 0 && h.other * 2 > h.columns)
		return 0;
	if (h.columns == 1)
		return named ? 75 : 0;
	return named ? 80 : h.names > 0 ? 60 : 0;
}

static int
contacts_read(struct ingest *in, struct input *file, struct err *e)
{
	struct header h;
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return table_ingest(in, file, find_charset(head, &h), false, e);
}

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

static struct known *
known_of(struct normalize *n)
{
	if (*n->kept == NULL)
		*n->kept = xcalloc(1, sizeof(struct known));
	return *n->kept;
}

static void
contacts_release(void *kept)
{
	struct known *k = kept;

	map_release(&k->index);
	arena_release(&k->arena);
	free(k);
}

/* A row on its way. */
struct row {
	struct contact c;
	unsigned email, tel; /* numbers of those marked with "* " */
	struct str either; /* a name, or the given one of it */
	struct str title; /* a job's, or such as "Dr." */
	struct str shown; /* "Jana Gross (jana@riba.example)", by Outlook */
	bool shopify; /* the table is one of its customers */
	bool form; /* ... of what people typed into a form */
};

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
take_email(struct row *r, struct str value, bool *primary)
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
take_emails(
    struct row *r, struct str name, const struct column *c, struct str value)
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
take_tels(
    struct row *r, struct str name, const struct column *c, struct str value)
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
take_labels(struct row *r, struct str value)
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
nth_address(struct row *r, struct str group, size_t n)
{
	return contact_address(&r->c,
	    n == 0 ? group
		   : arena_printf(r->c.a, "%.*s:%zu", STR_ARG(group), n + 1));
}

static void
take_one_address(struct row *r, struct str name, const struct column *c,
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
take_address(
    struct row *r, struct str name, const struct column *c, struct str value)
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
first_of(struct row *r, struct str name, struct str value)
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
take_shown(struct row *r)
{
	ptrdiff_t open = str_rchr(r->shown, '(');
	struct str s = r->shown;

	if (r->c.emails.n > 0 || s.n == 0)
		return;
	if (open >= 0 && str_ends(s, STR(")")))
		s = str_sub(s, (size_t)open + 1, s.n - (size_t)open - 2);
	(void)contact_email(&r->c, s, true);
}

/* Columns that there is one of: where the value goes. */
static struct str *
single_of(struct row *r, enum column_kind kind)
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
	case COLUMN_NOTE:
		return &c->note;
	case COLUMN_LANGUAGE:
		return &c->language;
	default:
		return NULL;
	}
}

static void
take_time(
    struct row *r, struct str name, enum column_kind kind, struct str value)
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
take_single(
    struct row *r, struct str name, const struct column *c, struct str value)
{
	struct str *single = single_of(r, c->kind);

	if (c->kind == COLUMN_BIRTHDAY && is_no_day(value))
		return true;
	/* "Birth Day" beside "Birth Month". */
	if (single == NULL || (c->kind == COLUMN_BIRTHDAY && value.n <= 2))
		return false;
	if (single->p != NULL)
		contact_other(&r->c, name, value);
	else
		*single =
		    c->kind == COLUMN_NOTE ? value : first_of(r, name, value);
	return true;
}

static void
take_urls(struct row *r, struct str value)
{
	struct str part;

	while ((part = next_value(&value, "")).p != NULL)
		if (part.n > 0)
			message_add_str(r->c.m, &r->c.urls, part);
}

static void
take_cell(
    struct row *r, struct str name, const struct column *c, struct str value)
{
	if (take_single(r, name, c, value))
		return;
	switch (c->kind) {
	case COLUMN_EMAIL:
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
	default:
		contact_other(&r->c, name, value);
	}
}

/* What has to be known before the rest: marks, and the numbers' country. */
static void
take_hint(struct row *r, const struct column *c, struct json value)
{
	struct str s;

	r->shopify |= c->kind == COLUMN_SHOPIFY;
	r->form |= c->kind == COLUMN_FORM;
	if (c->kind != COLUMN_EMAIL_LABEL && c->kind != COLUMN_TEL_LABEL &&
	    c->kind != COLUMN_COUNTRY)
		return;
	s = json_str(value, r->c.a);
	if (c->kind == COLUMN_COUNTRY)
		contact_region(&r->c, s);
	else if (str_starts(s, STR("* ")) && c->kind == COLUMN_EMAIL_LABEL)
		r->email = c->number;
	else if (str_starts(s, STR("* ")))
		r->tel = c->number;
}

/* What a name is depends on the columns beside it: with a given name and no
 * family's, "Name" is that; with a family's, "Nombre" is the given one. */
static void
settle_names(struct row *r)
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

static enum stage_result
contacts_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct known *k = known_of(n);
	struct row r = { 0 };
	struct json_iter it = json_each(native);
	struct json key, value;

	if (json_type(native) != JSON_OBJECT) {
		err_set(e, "native: not an object");
		return STAGE_REJECT;
	}
	contact_begin(&r.c, n);
	while (json_next(&it, &key, &value)) {
		struct column c = meaning_of(k, key, r.c.a);

		take_hint(&r, &c, value);
	}
	it = json_each(native);
	while (json_next(&it, &key, &value)) {
		struct str s = str_trim(json_str(value, r.c.a));
		struct column c = meaning_of(k, key, r.c.a);

		if (s.n > 0)
			take_cell(&r, json_str(key, r.c.a), &c, s);
	}
	settle_names(&r);
	take_shown(&r);
	r.c.unverified_email = r.form && r.c.emails.n > 0;
	r.c.unverified_tel = r.form && r.c.tels.n > 0;
	return contact_emit(&r.c, json_raw(native), e);
}

const struct source_format source_contacts_csv = {
	.name = "contacts-csv",
	.about = "tables of people: Google Contacts, Outlook, any with a "
		 "column for a mail address or number",
	.sniff = contacts_sniff,
	.most = 90,
	.read = contacts_read,
	.normalize = contacts_normalize,
	.release = contacts_release,
};
