/*
 * Tables of people: Google Contacts (both headers), Outlook, and what other
 * programs export with columns for a name, a mail address or a number, told by
 * what the columns are called.
 */
#include "core/text/utf8.h"
#include "source/contacts_csv/row.h"
#include "source/table/columns.h"
#include "source/table/table.h"

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

/* Of its file: "#3" is the third. */
static struct str
row_number(struct normalize *n)
{
	struct str at = json_str(
	    json_get(json_get(n->root, "source"), "at"), &n->message.arena);

	return at.n > 1 && at.p[0] == '#' ? str_sub(at, 1, at.n) : STR_NONE;
}

static enum stage_result
contacts_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct contact_row r;
	struct json_iter it = json_each(native);
	struct json key, value;

	if (json_type(native) != JSON_OBJECT) {
		err_set(e, "native: not an object");
		return STAGE_REJECT;
	}
	contact_row_begin(&r, n);
	while (json_next(&it, &key, &value))
		contact_row_hint(&r, key, json_str(value, r.c.a));
	it = json_each(native);
	while (json_next(&it, &key, &value))
		contact_row_cell(&r, key, str_trim(json_str(value, r.c.a)));
	if (r.c.row.n == 0)
		r.c.row = row_number(n);
	return contact_row_end(&r, json_raw(native), e);
}

const struct source_format source_contacts_csv = {
	.name = "contacts-csv",
	.about = "tables of people: Google Contacts, Outlook, any with a "
		 "column for a mail address or number",
	.sniff = contacts_sniff,
	.most = 90,
	.read = contacts_read,
	.normalize = contacts_normalize,
	.release = contact_row_release,
};
