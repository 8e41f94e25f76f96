#include <stdlib.h>
#include <string.h>

#include "core/text/ascii.h"
#include "json/write.h"
#include "record/channels.h"
#include "record/fields.h"

enum { SCHEMA_BYTES = 1 << 20, MANUAL_COLUMNS = 72 };

/* Types that are strings of a form, as JSON Schema says it. */
static const struct {
	const char *type, *format, *pattern;
} forms[] = {
	{ "id", NULL, "^[^\\s]+$" },
	{ "time", "date-time", "Z$" },
	{ "email", NULL, "^.+@.+$" },
	{ "tel", NULL, "^\\+[1-9][0-9]{1,14}$" },
	{ "uri", "uri", "^[a-z][a-z0-9+.-]*:.+$" },
};

static bool
is_child(const struct field *f, const char *owner)
{
	size_t n = strlen(owner);

	return strncmp(f->name, owner, n) == 0 && f->name[n] == '.' &&
	       strchr(f->name + n + 1, '.') == NULL;
}

static void write_properties(struct writer *w, const char *owner);

static void
write_enum(struct writer *w, const char *words)
{
	struct str rest = str_of(words);

	write_key(w, "enum");
	write_list(w);
	while (rest.p != NULL)
		write_str(w, str_split(&rest, '|'));
	write_list_end(w);
}

static void
write_channels(struct writer *w)
{
	write_key(w, "enum");
	write_list(w);
	for (const struct channel *c = channels; c->about != NULL; c++)
		write_str(w, str_of(c->name));
	write_list_end(w);
}

/* The members of a schema that say f's type, of which `type` is what is left
 * when [] has been taken off. */
static void
write_type(struct writer *w, const struct field *f, struct str type)
{
	if (str_ends(type, STR("[]"))) {
		type.n -= 2;
		write_member(w, "type", STR("array"));
		write_key(w, "items");
		write_object(w);
		write_type(w, f, type);
		write_object_end(w);
		return;
	}
	if (str_is(type, "any"))
		return;
	if (str_is(type, "address")) {
		write_member(w, "$ref", STR("#/$defs/address"));
		return;
	}
	if (str_is(type, "object") || str_is(type, "boolean") ||
	    str_is(type, "integer") || str_is(type, "number")) {
		write_member(w, "type", type);
		if (str_is(type, "object"))
			write_properties(w, f->name);
		return;
	}
	write_member(w, "type", STR("string"));
	if (str_starts(type, STR("enum:")))
		write_enum(w, type.p + 5);
	if (str_is(type, "channel"))
		write_channels(w);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (str_is(type, forms[i].type)) {
			write_member(w, "format", str_of(forms[i].format));
			write_member(w, "pattern", str_of(forms[i].pattern));
		}
}

/* The members of owner's, or those at the top for an owner of NULL. */
static void
write_properties(struct writer *w, const char *owner)
{
	bool any = false;

	for (const struct field *f = fields; f->name != NULL; f++) {
		if (owner == NULL ? strchr(f->name, '.') != NULL
				  : !is_child(f, owner))
			continue;
		if (!any) {
			write_key(w, "properties");
			write_object(w);
		}
		any = true;
		write_key(
		    w, owner == NULL ? f->name : f->name + strlen(owner) + 1);
		write_object(w);
		write_member(w, "description", str_of(f->doc));
		write_type(w, f, str_of(f->type));
		write_object_end(w);
	}
	if (any)
		write_object_end(w);
}

static void
indent(struct buf *out, unsigned depth)
{
	buf_add_char(out, '\n');
	while (depth-- > 0)
		buf_add_char(out, '\t');
}

static void
pretty(struct json v, struct buf *out, unsigned depth)
{
	bool object = json_type(v) == JSON_OBJECT, first = true;
	struct json_iter it = json_each(v);
	struct json key, value;

	if (!object && json_type(v) != JSON_LIST) {
		buf_add_str(out, json_raw(v));
		return;
	}
	buf_add_char(out, object ? '{' : '[');
	while (json_next(&it, &key, &value)) {
		if (!first)
			buf_add_char(out, ',');
		first = false;
		indent(out, depth + 1);
		if (object) {
			buf_add_str(out, json_raw(key));
			buf_add_z(out, ": ");
		}
		pretty(value, out, depth + 1);
	}
	if (!first)
		indent(out, depth);
	buf_add_char(out, object ? '}' : ']');
}

void
fields_schema(struct buf *out)
{
	struct json_doc *doc = json_doc_new();
	struct writer w;
	struct json root;
	struct buf compact;
	struct err e;

	buf_init(&compact, SCHEMA_BYTES);
	write_init(&w, &compact);
	write_object(&w);
	write_member(
	    &w, "$schema", STR("https://json-schema.org/draft/2020-12/schema"));
	write_member(&w, "$id", STR("urn:kith:record:" RECORD_SCHEMA_VERSION));
	write_member(&w, "title", STR("kith record"));
	write_member(&w, "description",
	    STR("One line of what kith's tools read and write.  Absent means "
		"unknown; members that are not named here pass through."));
	write_member(&w, "type", STR("object"));
	write_properties(&w, NULL);
	write_key(&w, "$defs");
	write_object(&w);
	write_key(&w, "address");
	write_object(&w);
	write_member(&w, "type", STR("object"));
	write_properties(&w, "from");
	write_object_end(&w);
	write_object_end(&w);
	write_object_end(&w);
	if (json_parse_copy(doc, buf_str(&compact), &root, &e) == 0) {
		pretty(root, out, 0);
		buf_add_char(out, '\n');
	}
	buf_release(&compact);
	json_doc_free(doc);
}

/* Text in lines, each sentence on one of its own, as mdoc wants it. */
static void
manual_text(struct buf *out, const char *text)
{
	struct str rest = str_of(text);
	size_t column = 0;

	while (rest.p != NULL) {
		struct str word = str_split(&rest, ' ');

		if (word.n == 0) {
			/* Two spaces: a new sentence. */
			buf_add_char(out, '\n');
			column = 0;
			continue;
		}
		if (column > 0 && column + 1 + word.n > MANUAL_COLUMNS) {
			buf_add_char(out, '\n');
			column = 0;
		} else if (column > 0) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add_str(out, word);
		column += word.n;
	}
	buf_add_char(out, '\n');
}

static void
manual_words(struct buf *out, const char *words)
{
	struct str rest = str_of(words);

	buf_add_z(out, "One of\n");
	while (rest.p != NULL) {
		struct str word = str_split(&rest, '|');

		buf_printf(out, ".Cm %.*s %s\n", STR_ARG(word),
		    rest.p == NULL ? "." : ",");
	}
}

static const char *
type_words(const char *type)
{
	static const char *const words[][2] = { { "address", "address" },
		{ "address[]", "list of addresses" },
		{ "string[]", "list of strings" }, { "channel", "word" },
		{ "object[]", "list of objects" }, { "any", "any value" },
		{ "email", "mail address" }, { "tel", "telephone number" } };

	if (strncmp(type, "enum:", 5) == 0)
		return "word";
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i][0], type) == 0)
			return words[i][1];
	return type;
}

void
fields_manual(struct buf *out)
{
	const char *by = "";

	for (const struct field *f = fields; f->name != NULL; f++) {
		if (strcmp(f->by, by) != 0) {
			buf_printf(out,
			    "%s.Ss Members that kith-%s writes\n"
			    ".Bl -tag -width Ds\n",
			    *by == '\0' ? "" : ".El\n", f->by);
			by = f->by;
		}
		buf_printf(
		    out, ".It Va %s Pq %s\n", f->name, type_words(f->type));
		manual_text(out, f->doc);
		if (strncmp(f->type, "enum:", 5) == 0)
			manual_words(out, f->type + 5);
		if (strcmp(f->type, "channel") == 0)
			buf_add_z(out, "One of those of\n.Sx CHANNELS .\n");
	}
	buf_add_z(out, ".El\n");
}

/* Kinds of address, and who vouches for them. */
static void
addresses_words(struct buf *out, const struct channel *c)
{
	static const char *const vouch[] = {
		[CLAIMED] = "claimed",
		[BY_MAIL] = "authenticated mail by mail",
		[BY_NETWORK] = "known to the network, and spoofable",
		[BY_PLATFORM] = "known to the platform",
		[BY_LOGIN] = "known where somebody is logged in",
	};
	const struct {
		const char *kind;
		enum voucher by;
	} all[] = { { "email", c->email }, { "tel", c->tel },
		{ "uri", c->uri } };
	const char *before = "From: ";

	for (size_t i = 0; i < 3; i++) {
		if (all[i].by == NO_ADDRESS)
			continue;
		buf_printf(out, "%s%s", before, all[i].kind);
		if (i == 2)
			buf_printf(out, " (%.*s:)", STR_ARG(channel_scheme(c)));
		buf_printf(out, ", %s", vouch[all[i].by]);
		before = "; ";
	}
	buf_add_z(out, ".  ");
}

static void
reply_words(struct buf *out, const struct channel *c)
{
	static const char *const to[] = {
		[TO_URI] = "uri",
		[TO_EMAIL] = "mail address",
		[TO_TEL] = "telephone number",
		[TO_TEL_OR_URI] = "telephone number or uri",
		[TO_MESSAGE] = "message itself",
	};
	static const char *const needs[] = {
		[NEEDS_NOTHING] = "",
		[NEEDS_REFERENCE] = ", as an answer to its messageId",
		[NEEDS_THREAD] = ", within its threadId",
	};
	static const char *const marks[] = {
		[MARKUP_TEXT] = "plain text",
		[MARKUP_HTML] = "HTML",
		[MARKUP_SLACK] = "Slack's mrkdwn",
		[MARKUP_WHATSAPP] = "WhatsApp's marks",
		[MARKUP_TELEGRAM] = "Telegram's HTML",
		[MARKUP_DISCORD] = "Discord's Markdown",
		[MARKUP_PARTS] = "text and HTML",
	};
	static const char *const units[] = { "characters", "bytes" };
	int days = c->free_hours / 24;

	buf_printf(out, "A reply goes to the %s%s: %s", to[c->to],
	    needs[c->needs], marks[c->markup]);
	if (c->unit == IN_SEGMENTS)
		buf_add_z(out, ", counted in segments");
	else
		buf_printf(out, ", at most %lld %s", (long long)c->max,
		    units[c->unit]);
	if (c->free_hours > 0)
		buf_printf(out, ", within %d %s of the customer's message",
		    days > 1 ? days : c->free_hours,
		    days > 1 ? "days" : "hours");
	buf_add_char(out, '.');
	if (c->stops)
		buf_add_z(out, "  STOP ends all messages there.");
}

void
channels_manual(struct buf *out)
{
	struct buf text;

	buf_init(&text, SCHEMA_BYTES);
	buf_add_z(out, ".Bl -tag -width Ds\n");
	for (const struct channel *c = channels; c->about != NULL; c++) {
		buf_printf(out, ".It Cm %s\n", c->name);
		buf_reset(&text);
		buf_printf(
		    &text, "%c%s.  ", ascii_upper(c->about[0]), c->about + 1);
		addresses_words(&text, c);
		reply_words(&text, c);
		manual_text(out, buf_cstr(&text));
	}
	buf_add_z(out, ".El\n");
	buf_release(&text);
}
