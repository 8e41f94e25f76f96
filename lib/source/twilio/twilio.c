/*
 * What Twilio gives of messages and calls: pages and objects of its API, also
 * one a line as its bulk export and event streams have them; tables, as its
 * console and the programs that mirror it write; and the forms that it posts to
 * us, a line each.
 */
#include "source/twilio/twilio.h"

#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

enum {
	MARKS = 3, /* of these a table or an object has at least so many */
};

/* What only Twilio calls so, in this company. */
static bool
is_mark(int field)
{
	return field == T_ACCOUNT || field == T_MEDIA_COUNT ||
	       field == T_SEGMENTS || field == T_SERVICE || field == T_PARENT ||
	       field == T_QUEUE_TIME || field == T_FORMATTED ||
	       field == T_CONVERSATION || field == T_CHAT_SERVICE ||
	       field == T_URI || field == T_CALL_STATUS ||
	       field == T_CALLED_BACK || field == T_TRUNK || field == T_API ||
	       field == T_FIVETRAN || field == T_OTHER || field == T_PRICE_UNIT;
}

/* "AC" and 32 hexadecimal digits, or what somebody has put in their place. */
static bool
is_sid(struct str s, const char *letters)
{
	if (s.n != 34 || !str_starts(s, str_of(letters)))
		return false;
	for (size_t i = 2; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '*')
			return false;
	return true;
}

struct look {
	unsigned marks;
	bool sid, account, stream;
};

static void
see(void *arg, const struct peeked *p)
{
	struct look *l = arg;
	int field = spelling_of(&twilio_names, p->name);

	l->marks += is_mark(field);
	l->account |= field == T_ACCOUNT && is_sid(p->text, "AC");
	l->sid |= (field == T_SID || field == T_CALL) && p->text.n == 34;
	l->stream |= str_starts(p->text, STR("com.twilio."));
	/* A page of what there is none of. */
	l->stream |= str_starts(p->text, STR("/2010-04-01/Accounts/AC"));
}

static int
sniff_json(struct str head)
{
	struct look l = { 0 };

	json_peek(head, see, &l);
	return l.stream                        ? 92
	       : l.account && l.sid            ? 92
	       : l.account && l.marks >= MARKS ? 88
					       : 0;
}

/* MessageSid=SM...&AccountSid=AC...: maybe with a time before it. */
static struct str
form_of(struct str line, struct str *before)
{
	size_t from;

	line = str_trim(line);
	for (from = line.n;
	     from > 0 && line.p[from - 1] != ' ' && line.p[from - 1] != '\t';)
		from--;
	*before = str_trim(str_sub(line, 0, from));
	return str_sub(line, from, line.n);
}

static bool
is_form(struct str line)
{
	struct str before, form = form_of(line, &before);
	bool account = false, of = false;

	while (form.p != NULL) {
		struct str value = str_split(&form, '&');
		struct str name = str_split(&value, '=');

		account |= str_is(name, "AccountSid") && is_sid(value, "AC");
		of |= str_is(name, "MessageSid") || str_is(name, "SmsSid") ||
		      str_is(name, "CallSid");
	}
	return account && of;
}

/* A message or call in the first row. */
static bool
has_sid(struct table *t)
{
	static const char *const kinds[] = { "SM", "MM", "CA", NULL };
	struct table_row row;
	struct err e;

	if (table_next(t, &row, &e) != TABLE_ROW)
		return false;
	for (size_t i = 0; i < row.n; i++)
		for (size_t k = 0; kinds[k] != NULL; k++)
			if (is_sid(row.cells[i], kinds[k]))
				return true;
	return false;
}

static int
sniff_table(struct str head)
{
	struct table *t = table_peek(head, NULL);
	bool has[TWILIO_FIELDS] = { false };
	const struct str *names;
	unsigned marks = 0;
	size_t n;
	int sure = 0;

	if (t == NULL)
		return 0;
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++) {
		int field = spelling_of(&twilio_names, names[i]);

		if (field == SPELLING_NONE || has[field])
			continue;
		has[field] = true;
		marks += is_mark(field);
	}
	if (has[T_FROM] && has[T_TO] && (has[T_SID] || has[T_CALL]) &&
	    (has[T_STATUS] || has[T_DIRECTION]) &&
	    (marks >= MARKS || has_sid(t)))
		sure = 92;
	else if (has[T_FIVETRAN] && has[T_OTHER])
		sure = 85;
	table_close(t);
	return sure;
}

static struct str
first_line(struct str head)
{
	struct str rest = head;

	return str_line(&rest);
}

static int
twilio_sniff(const char *base_name, struct str head)
{
	struct str s = peek_unmarked(head);

	(void)base_name;
	if (json_peek_is(s))
		return sniff_json(head);
	return is_form(first_line(s)) ? 92 : sniff_table(head);
}

static void
unescape(struct str s, struct buf *out)
{
	char *to;

	buf_reset(out);
	to = buf_room(out, s.n);
	if (to != NULL)
		out->n += percent_decode(s, true, to).n;
}

static int
take_form(struct ingest *in, uint64_t offset, struct str line, struct buf *text,
    struct err *e)
{
	char place[STR_COUNT];
	struct str at = str_count(place, '\0', offset), before;
	struct str form = form_of(line, &before);
	struct writer *w;

	if (str_chr(form, '=') <= 0)
		return ingest_reject(
		    in, at, "no form of Twilio's on this line", line, e);
	w = ingest_item(in, at);
	write_object(w);
	while (form.p != NULL) {
		struct str value = str_split(&form, '&');
		struct str name = str_split(&value, '=');

		if (name.n == 0 || value.p == NULL || value.n == 0)
			continue;
		unescape(name, text);
		write_key_str(w, buf_str(text));
		unescape(value, text);
		write_str(w, buf_str(text));
	}
	if (before.n > 0)
		write_member(w, "received", before);
	write_object_end(w);
	return ingest_item_end(in, e);
}

static int
read_forms(struct ingest *in, struct input *file, struct err *e)
{
	enum input_result got;
	struct str line;
	struct buf text;
	int rc = 0;

	buf_init(&text, in->max_item);
	while (rc == 0 && (got = input_line(file, &line, e)) > 0) {
		char place[STR_COUNT];

		if (got == INPUT_LONG)
			rc = ingest_reject(in,
			    str_count(place, '\0', input_offset(file)),
			    "a line longer than an item may be", line, e);
		else if (str_trim(line).n > 0)
			rc = take_form(in, input_offset(file), line, &text, e);
	}
	buf_release(&text);
	return rc < 0 || got == INPUT_FAIL ? -1 : 0;
}

static int
twilio_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "messages", "calls", "recordings",
		"transcriptions", "delivery_receipts", "media_list",
		"conversations", "participants", "conferences",
		"incoming_phone_numbers", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	head = peek_unmarked(head);
	if (json_peek_is(head))
		return items_form_read(in, file, &form, e);
	return is_form(first_line(head))
		   ? read_forms(in, file, e)
		   : table_ingest(in, file, NULL, false, e);
}

const struct source_format source_twilio = {
	.name = "twilio",
	.about =
	    "Twilio's messages and calls: API, tables, what it posts to us",
	.sniff = twilio_sniff,
	.read = twilio_read,
	.normalize = twilio_normalize,
};
