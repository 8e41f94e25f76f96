#include "source/signal/signal.h"

#include "core/text/ascii.h"
#include "source/json/items.h"
#include "source/peek.h"
#include "source/sent.h"

struct look {
	unsigned envelope, row;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_envelope[] = { "source", "sourceNumber",
		"sourceUuid", "sourceDevice", "timestamp", "dataMessage",
		"syncMessage", "receiptMessage", "typingMessage", NULL };
	static const char *const of_row[] = { "date", "sender", "body", "quote",
		"sticker", "reactions", "attachments", NULL };
	struct look *l = arg;

	for (size_t i = 0; of_envelope[i] != NULL; i++)
		l->envelope += str_is(p->within, "envelope") &&
			       str_is(p->name, of_envelope[i]);
	for (size_t i = 0; p->within.n == 0 && of_row[i] != NULL; i++)
		l->row += str_is(p->name, of_row[i]);
}

/* What a log has in the place of a name. */
static bool
is_log_word(struct str name)
{
	static const char *const words[] = { "info", "error", "warn", "warning",
		"debug", "trace", "fatal", "notice", "critical", "main", NULL };
	bool lower = false;

	for (size_t i = 0; words[i] != NULL; i++)
		if (str_eq_nocase(name, str_of(words[i])))
			return true;
	for (size_t i = 0; i < name.n; i++) {
		lower |= ascii_is_lower(name.p[i]) ||
			 (unsigned char)name.p[i] >= 0x80 || name.p[i] == '+';
		if (ascii_is_in(name.p[i], "[]{}<>=/\\|#;\""))
			return true;
	}
	return !lower || ascii_is_lower(name.p[0]);
}

static int
sniff_text(struct str base, struct str head)
{
	struct str time, name, rest = head, line = STR("");

	while (rest.p != NULL && str_trim(line).n == 0)
		line = str_line(&rest);
	if (signal_line(line, &time, &name) == 0)
		return 0;
	/* sigexport's own names; WhatsApp may write such stamps, too. */
	if (str_is(base, "chat.md") || str_is(base, "index.md"))
		return 96;
	return str_chr(time, ',') > 0 && !is_log_word(name) ? 84 : 0;
}

static int
signal_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };
	bool wrapped = str_find(head, STR("\"envelope\"")) >= 0;

	json_peek(head, see, &l);
	if (l.envelope >= 2)
		return 93;
	if (wrapped && str_find(head, STR("\"jsonrpc\"")) >= 0 &&
	    str_find(head, STR("\"sourceDevice\"")) >= 0)
		return 92;
	if (l.row >= 6)
		return 88;
	return sniff_text(str_of(base_name), head);
}

static int
signal_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};
	struct str head, time, name;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	head = peek_unmarked(head);
	return str_starts(head, STR("{")) ||
		       (str_starts(head, STR("[")) &&
			   signal_line(str_line(&head), &time, &name) == 0)
		   ? items_form_read(in, file, &form, e)
		   : signal_read_text(in, file, e);
}

static enum stage_result
signal_normalize(struct normalize *n, struct json native, struct err *e)
{
	return json_type(json_get(native, "text")) == JSON_STRING ||
		       json_type(json_get(native, "base64")) == JSON_STRING ||
		       json_type(json_get(native, "sender")) == JSON_STRING
		   ? signal_export(n, native, e)
		   : signal_envelope(n, native, e);
}

static const struct source_sent sent[] = { { "chat.md", "media" },
	{ "data.json", "media" }, { "index.html", "media" }, { NULL, NULL } };

const struct source_format source_signal = {
	.name = "signal",
	.about = "Signal: what signal-cli receives, sigexport's chats",
	.sniff = signal_sniff,
	.read = signal_read,
	.sent = sent,
	.normalize = signal_normalize,
};
