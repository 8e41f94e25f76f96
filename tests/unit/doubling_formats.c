/* The same for the formats: a file of twice as many bytes is cut into items,
 * and these become records, in no more than twice the time. */
#include "doubling.h"

#include <stdlib.h>

#include "core/diag.h"
#include "record/record.h"
#include "source/source.h"

enum { ITEM = 1 << 20, FORMAT_BYTES = 24 << 10 };

/* What is committed stays in its buffer; nothing is said of rejects. */
static int
keep_all(struct sink *s, struct err *e)
{
	(void)s, (void)e;
	return 0;
}

static int
let_go(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	(void)s, (void)file, (void)at, (void)why, (void)bytes, (void)e;
	return 0;
}

static const struct sink_owner keepers = { .flush = keep_all,
	.reject = let_go };

struct reading {
	const struct source_format *format;
	struct source_context *context;
	const struct workspace *workspace;
	struct record *record;
	struct buf native, records;
};

static void
start_sink(struct sink *s, struct buf *out)
{
	buf_reset(out);
	*s = (struct sink){ .owner = &keepers, .out = out, .block = 1 << 30 };
}

static void
normalize_all(struct reading *r)
{
	struct str rest = buf_str(&r->native);
	struct normalize n = { 0 };
	struct sink sink;
	struct err e;

	start_sink(&sink, &r->records);
	normalize_init(&n, r->context, &sink);
	while (rest.n > 0) {
		struct str line = str_split(&rest, '\n');

		if (record_parse(r->record, line, &e) < 0)
			continue;
		n.line = line;
		n.root = record_root(r->record);
		n.source = json_raw(record_get(r->record, "source"));
		if (source_normalize(&n, r->format,
			record_get(r->record, "native"), &e) != STAGE_OK)
			sink_rollback(&sink);
	}
	normalize_release(&n);
}

static void
run_format(struct str s, void *arg)
{
	struct reading *r = arg;
	struct sink sink;
	struct err e;
	struct ingest in = { .sink = &sink,
		.workspace = r->workspace,
		.file = "file",
		.max_item = ITEM,
		.format = r->format };
	struct input *file = input_from_bytes("file", &s, ITEM, &e);

	start_sink(&sink, &r->native);
	if (r->format->sniff != NULL)
		(void)r->format->sniff("file", s);
	if (file != NULL)
		(void)r->format->read(&in, file, &e);
	if (r->format->normalize != NULL)
		normalize_all(r);
	input_close(file);
}

struct format_text {
	const char *format, *before;
	const char *units[24];
};

/* Items of the format, and what stands where they are expected. */
static const struct format_text texts[] = {
	{ "mail",
	    "From a@b.example Thu Mar  5 10:00:00 2026\nFrom: a@b.example\n",
	    { "From a@b.example Thu Mar  5 10:00:00 2026\nFrom: x\n\nHi.\n",
		"From a@b.example Thu Mar  5 10:00:00 2026\n", "From \n",
		"\nFrom \n", ">From a\n", "From a Thu\n", "\n\n", "a: b\n",
		"To: a@b.example, ", " a@b.example,\n", "Received: by a; b\n",
		"Content-Length: 9\n\nFrom x\n", "References: <a@b>\n",
		"<a@b> ", "Subject: =?utf-8?q?a?=\n",
		"Content-Type: multipart/a; boundary=b\n", "--b\n\na\n",
		"> a\n", "=41" } },
	{ "csv", "name,email,note\n",
	    { "Ana,ana@b.example,fine\n", "a\n", "\"a\n", "\"a,\"b\n", "\"",
		"\"\"", ",", "a,\"b", "\"a\",\"b\",\"c\"\n", "\r",
		"a,b,\"c\nd\"\n", "a,b\n\"c\n", ";", "\t" } },
	{ "contacts-csv", "First Name,E-mail,Notes\n",
	    { "Ana,ana@b.example,fine\n",
		"Ana ::: Eva,a@b.example ::: c@d.example,x\n",
		"a ::: ", "\"a\n", "a,\"b\n", "x\n", "+49 171 1234567;" } },
	{ "vcard", "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\n",
	    { "END:VCARD\nBEGIN:VCARD\nFN:a\nTEL:+491711234567\n",
		"BEGIN:VCARD\n", "END:VCARD\n", "NOTE:a\n", " a\n",
		"item1.NOTE:1\nitem1.X-ABLabel:a\n", "ADR;TYPE=a:+49\n",
		"EMAIL;a=\"b:", ";a=b", "=\n", "=41=\n", "\\n",
		"PHOTO;ENCODING=b:AAAA\n",
		"NOTE;ENCODING=QUOTED-PRINTABLE:a=\n" } },
	{ "whatsapp", "1/2/24, 10:00 - Anna: hi\n1/2/24, 10:01 - Bob: ho\n",
	    { "1/2/24, 10:00 - Anna: Hello\n", "a\n", "1/2/24, 10:00\n",
		"1/2/24, 10:00 - Anna", "[1/2/24, 10:00:00] Anna: x\n", ": ",
		"1/2/24, 10:00 - Anna: <Media omitted>\n", "\n",
		"x.jpg (file attached)\n", "\xe2\x80\x8e", "@491711234567 ",
		"1/2/24, 10:00 - A added B\n" } },
	{ "slack",
	    "[{\"type\":\"message\",\"ts\":\"1.0\",\"user\":\"U1\",\"text\":\"a\"},",
	    { "{\"type\":\"message\",\"ts\":\"1.0\",\"user\":\"U1\",\"text\":\"<@U1> a\"},",
		"{\"ts\":", "[", "1,", "\"a\",", "{\"blocks\":[{\"elements\":[",
		"{\"type\":\"message\",\"ts\":\"1.0\",\"blocks\":[{\"type\":\"rich_text\"}]},",
		"{}," } },
	{ "sms-xml", "<smses count=\"1\">",
	    { "<sms address=\"1\" date=\"1\" type=\"1\" body=\"a\"/>",
		"<sms a=\"1\"", " a=\"1\"",
		"<mms><parts><part ct=\"text/plain\" text=\"a\"/></parts></mms>",
		"<parts>", "<a>", "<sms>", "</sms>",
		"<sms body=\"&#55357;&#56842;\"/>", "&", "<!-- ", "<!-- -->",
		"<![CDATA[", "\"", "'", "<sms a='", ">" } },
	{ "json", "[{\"a\":1},",
	    { "{\"a\":1},", "{\"a\":", "[", "{", "\"a\",", "\"", "1,", "{}\n",
		"\n", "\\\"" } },
	{ "segment", "{\"type\":\"track\",\"event\":\"E\",\"userId\":\"u\"}\n",
	    { "{\"type\":\"track\",\"event\":\"E\",\"userId\":\"u\"}\n",
		"{\"a\":", "\n", "{\"batch\":[", "{\"type\":\"page\"}," } },
	{ "shopify",
	    "Name,Email,Financial Status,Lineitem name,Lineitem price\n",
	    { "#1,a@b.example,paid,Lamp,1.00\n", "#1,,,Lamp,1.00\n", "#1,\"a\n",
		"\n" } },
	{ "lines", "", { "a\n", "a", "\n", "\r" } },
};

/* A row whose quote is open, and what the header's width is none of. */
static void
narrow_rows(struct reading *r)
{
	static const char row[] = "Eva,eva@riba.example\n";
	static struct buf text = { .max = 64 << 20 };
	double good = 0, open = 0;
	const struct doubling d = { .run = run_format, .arg = r };

	for (int i = 0; i < DOUBLING_ROUNDS; i++) {
		for (int broken = 0; broken < 2; broken++) {
			buf_reset(&text);
			buf_add_z(&text, broken ? "a,b,c\nx,y,\"z\n" : "a,b\n");
			while (text.n < 900 << 10)
				buf_add_z(&text, row);
			doubling_time(
			    &d, buf_str(&text), broken ? &open : &good);
		}
		if (open < 2 * good)
			break;
	}
	ok(open < 2 * good,
	    "rows narrower than an open quote cost no more than others");
}

int
main(void)
{
	static char region[] = "DE";
	const struct workspace workspace = { .region = region };
	struct reading r = { .context = source_new(&workspace),
		.workspace = &workspace,
		.record = record_new(),
		.native = { .max = 256 << 20 },
		.records = { .max = 256 << 20 } };

	diag_verbosity(1, 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct doubling d = { texts[i].format, run_format, &r, NULL,
			texts[i].before, NULL, FORMAT_BYTES };

		r.format = source_format_named(str_of(texts[i].format));
		if (r.format == NULL)
			ok(false, texts[i].format);
		else
			doubling(&d, texts[i].units);
	}
	r.format = source_format_named(STR("csv"));
	narrow_rows(&r);
	source_free(r.context);
	record_free(r.record);
	buf_release(&r.native);
	buf_release(&r.records);
	return done();
}
