/*
 * torn FORMAT FILE [STEP]: a small file of a format, cut at every byte (or every
 * STEP), with each byte changed, with each line doubled and dropped, and behind
 * the mark that a spreadsheet puts before UTF-8, which changes nothing.  Nothing
 * may crash or give a record that is none; of a file that is cut all comes out
 * that stood before the cut, and what is missing is a reject.  Says what was
 * wrong, a line each; exit 1 where there was anything.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/hash.h"
#include "core/text/ascii.h"
#include "record/fields.h"
#include "source/source.h"

enum { ITEM = 1 << 20, ITEMS = 4096, SAID = 20 };

struct keeper {
	struct sink sink;
	struct buf out;
	size_t rejects;
};

/* What a file gave: each item's native part, as it is and as a hash. */
struct given {
	uint64_t items[ITEMS];
	struct str raw[ITEMS]; /* in the text that came out */
	size_t n, rejects, records, refused;
};

static const char *file_name;
static const struct source_format *format;
static struct record *record;
static struct keeper native, records;
static int said;

static void
say(const char *what, size_t at, const char *why)
{
	if (said++ < SAID)
		printf("%s %s %zu: %s\n", file_name, what, at, why);
}

static int
keep_all(struct sink *s, struct err *e)
{
	(void)s, (void)e;
	return 0;
}

static int
count_reject(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	(void)file, (void)at, (void)why, (void)bytes, (void)e;
	((struct keeper *)s)->rejects++;
	return 0;
}

static const struct sink_owner owner = { .flush = keep_all,
	.reject = count_reject };

static void
start(struct keeper *k)
{
	if (k->out.max == 0)
		buf_init(&k->out, 64 << 20);
	buf_reset(&k->out);
	k->rejects = 0;
	k->sink =
	    (struct sink){ .owner = &owner, .out = &k->out, .block = 1 << 30 };
}

/* Each line that came out is a record of the schema. */
static void
check_records(const char *what, size_t at, struct given *g)
{
	struct str rest = buf_str(&records.out);
	struct err e;

	while (rest.n > 0) {
		struct str line = str_split(&rest, '\n');

		g->records++;
		if (record_parse(record, line, &e) < 0 ||
		    fields_check(record, &e) < 0)
			say(what, at, e.msg);
	}
}

/* Of an item, but what tells of its file as a whole. */
static uint64_t
hash_of(struct json item)
{
	struct json_iter it = json_each(item);
	struct json key, v;
	uint64_t sum = 0;

	while (json_type(item) == JSON_OBJECT && json_next(&it, &key, &v)) {
		struct str raw = json_raw(v);

		if (!json_is(key, "chat"))
			sum = sum * 31 + hash_keyed(raw.p, raw.n);
	}
	return sum;
}

static void
normalize_all(
    struct source_context *source, const char *what, size_t at, struct given *g)
{
	struct str rest = buf_str(&native.out);
	struct normalize n = { 0 };
	struct err e;

	start(&records);
	normalize_init(&n, source, &records.sink);
	while (rest.n > 0) {
		struct str line = str_split(&rest, '\n');

		if (record_parse(record, line, &e) < 0) {
			say(what, at, e.msg);
			continue;
		}
		n.line = line;
		n.root = record_root(record);
		n.source = json_raw(record_get(record, "source"));
		if (g->n < ITEMS)
			g->items[g->n] = hash_of(record_get(record, "native"));
		g->n++;
		if (format->normalize != NULL &&
		    source_normalize(&n, format, record_get(record, "native"),
			&e) != STAGE_OK) {
			sink_rollback(&records.sink);
			g->refused++;
		}
	}
	normalize_release(&n);
	check_records(what, at, g);
}

static struct given
read_bytes(const char *what, size_t at, struct str bytes)
{
	static char region[] = "DE";
	const struct workspace workspace = { .region = region };
	struct source_context *source = source_new(&workspace);
	struct given g = { .n = 0 };
	struct ingest in = { .sink = &native.sink,
		.workspace = &workspace,
		.file = file_name,
		.max_item = ITEM,
		.format = format };
	struct err e;
	struct input *file;

	start(&native);
	file = input_from_bytes(file_name, &bytes, ITEM, &e);
	if (file == NULL || format->read(&in, file, &e) < 0)
		say(what, at, e.msg);
	g.rejects = native.rejects;
	normalize_all(source, what, at, &g);
	input_close(file);
	source_free(source);
	return g;
}

/* Is there anything to read on the line behind a cut, which is none between two
 * items?  A remark is no item. */
static bool
goes_on(struct str bytes, size_t at)
{
	size_t from = (size_t)(str_rchr(str_sub(bytes, 0, at), '\n') + 1);
	struct str line = str_trim(str_sub(bytes, from, at - from));

	if (line.n == 0 || str_starts(line, STR("#")) ||
	    str_starts(line, STR("---")) ||
	    (bytes.p[at - 1] == '}' && bytes.p[at] == '{'))
		return false;
	for (; at < bytes.n && bytes.p[at] != '\n'; at++)
		if (ascii_is_alnum(bytes.p[at]) || (bytes.p[at] & 0x80) != 0)
			return true;
	return false;
}

/* Is it the same item, or all that had come of it so far? */
static bool
is_begun(const struct given *g, const struct given *whole, size_t i)
{
	struct str raw = g->raw[i];

	if (i >= whole->n || g->items[i] == whole->items[i])
		return i < whole->n;
	while (raw.n > 0 && ascii_is_in(raw.p[raw.n - 1], "]}\""))
		raw.n--;
	return str_starts(whole->raw[i], raw);
}

/* Does a bracket end what was broken, so that it is one item again? */
static bool
is_ended(struct str bytes, size_t at)
{
	bytes = str_trim_right(str_sub(bytes, 0, at));
	return bytes.n > 0 && ascii_is_in(bytes.p[bytes.n - 1], "]}");
}

/* Up to its last item it is what the whole file begins with; where that is the
 * whole file's too, what comes behind it was cut within, and is said. */
static void
check_cut(const struct given *whole, const struct given *g, struct str bytes,
    size_t at)
{
	size_t n = g->n < ITEMS ? g->n : ITEMS;
	bool clean = !goes_on(bytes, at);
	bool same =
	    n > 0 && n <= whole->n && g->items[n - 1] == whole->items[n - 1];

	/* The last but one may want what a last row goes on with. */
	for (size_t i = 0; i + 2 < n && g->rejects == 0; i++)
		if (!is_begun(g, whole, i)) {
			say("cut at", at, "an item before the cut is another");
			return;
		}
	if (!clean && same && g->n < whole->n && g->rejects == 0)
		say("cut at", at, "nothing is said of what was cut off");
}

static void
cut(const struct given *whole, struct str bytes, size_t step)
{
	size_t most = 0;

	for (size_t at = 0; at < bytes.n; at += step) {
		struct given g =
		    read_bytes("cut at", at, str_sub(bytes, 0, at));

		check_cut(whole, &g, bytes, at);
		/* Of what is broken parts may be items. */
		if (g.n + 1 < most && g.rejects == 0 && !is_ended(bytes, at))
			say("cut at", at, "items before the cut are lost");
		most = g.n > most || is_ended(bytes, at) ? g.n : most;
	}
}

static void
change(struct str bytes, size_t step)
{
	static const char to[] = "\0\"{\n\xff<,";
	char *copy = xmemdup0(bytes.p, bytes.n);

	for (size_t at = 0; at < bytes.n; at += step) {
		struct given g;

		/* A remark may go on over it. */
		if (bytes.p[at] == '\n')
			continue;
		copy[at] = to[at / step % (sizeof(to) - 1)];
		g = read_bytes("changed at", at, str_make(copy, bytes.n));
		/* It may be another format's, or nobody's, now. */
		if (g.n + g.rejects == 0 && format->sniff != NULL &&
		    format->sniff(file_name, str_make(copy, bytes.n)) > 0)
			say("changed at", at, "nothing came out of it");
		copy[at] = bytes.p[at];
	}
	free(copy);
}

/* The lines but one, and with one of them twice. */
static void
repeat(struct str bytes, size_t step)
{
	struct buf b;
	struct str rest = bytes;

	buf_init(&b, 2 * bytes.n + 64);
	for (size_t n = 0; rest.n > 0; n++) {
		size_t from = bytes.n - rest.n, to;

		str_split(&rest, '\n');
		to = bytes.n - rest.n;
		if (n % step != 0)
			continue;
		buf_reset(&b);
		buf_add(&b, bytes.p, from);
		buf_add(&b, bytes.p + to, bytes.n - to);
		(void)read_bytes("without line", n + 1, buf_str(&b));
		buf_reset(&b);
		buf_add(&b, bytes.p, to);
		buf_add(&b, bytes.p + from, bytes.n - from);
		(void)read_bytes("with twice line", n + 1, buf_str(&b));
	}
	buf_release(&b);
}

/* Is it told and read as it is without?  What is no text has none. */
static void
mark(const struct given *whole, struct str bytes)
{
	struct given g;
	struct buf b;
	int sure, before;

	buf_init(&b, bytes.n + 8);
	buf_add(&b, "\xef\xbb\xbf", 3);
	buf_add_str(&b, bytes);
	if (format->sniff != NULL) {
		sure = format->sniff(file_name, buf_str(&b));
		before = format->sniff(file_name, bytes);
		if (sure != before)
			say("behind a mark", 3, "it is told otherwise");
	}
	g = read_bytes("behind a mark", 3, buf_str(&b));
	if (g.n != whole->n || g.rejects != whole->rejects)
		say("behind a mark", 3, "other items come out");
	buf_release(&b);
}

static void
read_file(struct buf *bytes)
{
	FILE *f = fopen(file_name, "rb");
	char block[4096];
	size_t n;

	buf_init(bytes, ITEM);
	if (f == NULL)
		exit(2);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(bytes, block, n);
	fclose(f);
}

int
main(int argc, char **argv)
{
	size_t step = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	struct buf bytes, text;
	struct given whole;

	if (argc < 3 || step == 0)
		return 2;
	format = source_format_named(str_of(argv[1]));
	file_name = argv[2];
	if (format == NULL || format->read == NULL)
		return 2;
	diag_verbosity(1, 0);
	record = record_new();
	read_file(&bytes);
	whole = read_bytes("whole", 0, buf_str(&bytes));
	/* What it points to stays. */
	text = native.out;
	native.out = (struct buf){ 0 };
	if (whole.n == 0)
		say("whole", 0, "no item in it");
	if (str_chr(buf_str(&bytes), '\0') < 0)
		mark(&whole, buf_str(&bytes));
	cut(&whole, buf_str(&bytes), step);
	change(buf_str(&bytes), step);
	repeat(buf_str(&bytes), step > 1 ? 3 : 1);
	if (said > 0)
		printf("%s: %d faults\n", file_name, said);
	else
		printf("%s: %zu items, %zu rejects, %zu records\n", file_name,
		    whole.n, whole.rejects, whole.records);
	buf_release(&text);
	buf_release(&bytes);
	buf_release(&native.out);
	buf_release(&records.out);
	record_free(record);
	return said > 0;
}
