#ifndef KITH_TESTS_FUZZ_SOURCE_H
#define KITH_TESTS_FUZZ_SOURCE_H
/*
 * A format of lib/source: a file of any bytes is read and what comes out is
 * normalized.  No crash; every native line is a JSON object, every record
 * fits the fields.  A harness defines FORMAT (the table's entry) and FILE_NAME,
 * and maybe KEYS, in PEM, that the workspace has for it, and includes this.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/io/archive.h"
#include "record/fields.h"
#include "source/source.h"
#ifdef KEYS
#include "named.h"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

extern const struct source_format FORMAT;

/* A sink that keeps what is committed, a line after the other. */
struct keeper {
	struct sink sink;
	struct buf out;
	struct record *record;
	size_t seen; /* bytes that were checked */
	bool records;
};

/* For each committed line: the sink's block is one byte. */
static int
check_line(struct sink *sink, struct err *e)
{
	struct keeper *k = (struct keeper *)sink;
	struct str line =
	    str_sub(buf_str(&k->out), k->seen, sink->mark - k->seen - 1);

	k->seen = sink->mark;
	if (line.n == 0)
		return 0;
	if (record_parse(k->record, line, e) < 0 ||
	    (k->records && fields_check(k->record, e) < 0)) {
		fprintf(stderr, "%s\n%.*s\n", e->msg, STR_ARG(line));
		abort();
	}
	return 0;
}

static int
let_go(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	(void)s, (void)file, (void)at, (void)why, (void)bytes, (void)e;
	return 0;
}

static const struct sink_owner keepers = { .flush = check_line,
	.reject = let_go };

/* Its memory stays from one input to the next. */
static void
keep(struct keeper *k, struct record *record, bool records)
{
	if (k->record == NULL)
		buf_init(&k->out, 256 << 20);
	buf_reset(&k->out);
	k->record = record;
	k->records = records;
	k->seen = 0;
	k->sink =
	    (struct sink){ .owner = &keepers, .out = &k->out, .block = 1 };
}

static void
normalize_all(
    struct source_context *source, struct keeper *k, struct str native)
{
	static struct record *record;
	struct normalize n = { 0 };
	struct str line;
	struct err e;

	if (record == NULL)
		record = record_new();
	normalize_init(&n, source, &k->sink);
	while (native.n > 0) {
		line = str_split(&native, '\n');
		if (record_parse(record, line, &e) < 0)
			abort();
		n.line = line;
		n.root = record_root(record);
		n.source = json_raw(record_get(record, "source"));
		if (source_normalize(&n, &FORMAT, record_get(record, "native"),
			&e) != STAGE_OK)
			sink_rollback(&k->sink);
	}
	normalize_release(&n);
}

#ifdef KEYS
/* A file of them. */
static const char *
keys(void)
{
	static const char *name;

	if (name == NULL)
		name = fuzz_named((const uint8_t *)KEYS, sizeof(KEYS) - 1);
	return name;
}
#endif

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static char region[] = "DE";
	const struct workspace workspace = { .region = region,
#ifdef KEYS
		.vcon_keys = { &(struct str){ keys(), 0 }, 1 }
#endif
	};
	/* What keeps nothing of an input but memory is made once. */
	static struct keeper native, records;
	static struct record *record;
	struct source_context *source = source_new(&workspace);
	struct str left = { (const char *)p, n };
	struct ingest in = { .sink = &native.sink,
		.workspace = &workspace,
		.file = FILE_NAME,
		.max_item = 1 << 20,
		.format = &FORMAT };
	struct err e;
	struct input *file = input_from_bytes("fuzz", &left, 1 << 20, &e);

	diag_verbosity(1, 0);
	if (source_open(source, &e) < 0)
		abort();
	if (record == NULL)
		record = record_new();
	keep(&native, record, false);
	keep(&records, record, true);
	(void)FORMAT.sniff(FILE_NAME, left);
	/* What is compressed may be damaged: no fault of the format. */
	if (FORMAT.read(&in, file, &e) < 0 &&
	    !unpack_is(str_make((const char *)p, n)))
		abort();
	if (FORMAT.normalize != NULL)
		normalize_all(source, &records, buf_str(&native.out));
	input_close(file);
	source_free(source);
	return 0;
}

#include "fuzz.h"
#endif
