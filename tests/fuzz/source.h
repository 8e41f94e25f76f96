#ifndef KITH_TESTS_FUZZ_SOURCE_H
#define KITH_TESTS_FUZZ_SOURCE_H
/*
 * A format of lib/source: a file of any bytes is read and what comes out is
 * normalized.  No crash; every native line is a JSON object, every record
 * fits the fields.  A harness defines FORMAT (the table's entry) and FILE_NAME
 * and includes this.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "record/fields.h"
#include "source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

extern const struct source_format FORMAT;

/* A run that keeps what is committed. */
struct run {
	struct buf out, lines;
	struct record *record;
	bool records;
};

struct buf *
run_out(struct run *r)
{
	return &r->out;
}

int
run_commit(struct run *r, struct err *e)
{
	struct str line = buf_str(&r->out);

	if (record_parse(r->record, line, e) < 0 ||
	    (r->records && fields_check(r->record, e) < 0)) {
		fprintf(stderr, "%s\n%.*s\n", e->msg, STR_ARG(line));
		abort();
	}
	buf_add_str(&r->lines, line);
	buf_add_char(&r->lines, '\n');
	buf_reset(&r->out);
	return 0;
}

void
run_rollback(struct run *r)
{
	buf_reset(&r->out);
}

int
run_reject(struct run *r, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	(void)r, (void)file, (void)at, (void)why, (void)bytes, (void)e;
	return 0;
}

const struct config *
run_config(const struct run *r)
{
	static char region[] = "DE";
	static const struct config c = { .region = region };

	(void)r;
	return &c;
}

int
run_flush(struct run *r, struct err *e)
{
	(void)r, (void)e;
	return 0;
}

void
run_count_in(struct run *r)
{
	(void)r;
}

void
run_sum(struct run *r, const char *name, int64_t add)
{
	(void)r, (void)name, (void)add;
}

void
run_progress(struct run *r, uint64_t done, int64_t total)
{
	(void)r, (void)done, (void)total;
}

static ptrdiff_t
take(void *arg, void *p, size_t n, struct err *e)
{
	struct str *left = arg;

	(void)e;
	n = n < left->n ? n : left->n;
	memcpy(p, left->p, n);
	*left = str_sub(*left, n, left->n);
	return (ptrdiff_t)n;
}

static void
normalize_all(struct run *r, struct buf *native)
{
	struct normalize n = { .run = r };
	struct record *record = record_new();
	struct str rest = buf_str(native), line;
	struct err e;

	buf_init(&n.scratch, 64 << 20);
	r->records = true;
	while (rest.n > 0) {
		line = str_split(&rest, '\n');
		if (record_parse(record, line, &e) < 0)
			abort();
		n.line = line;
		n.root = record_root(record);
		n.source = json_raw(record_get(record, "source"));
		if (FORMAT.normalize(&n, record_get(record, "native"), &e) !=
		    STAGE_OK)
			run_rollback(r);
	}
	message_release(&n.message);
	buf_release(&n.scratch);
	record_free(record);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct run r = { .record = record_new() };
	struct ingest in = { .run = &r,
		.file = FILE_NAME,
		.max_item = 1 << 20,
		.format = &FORMAT };
	struct str left = { (const char *)p, n };
	struct buf native;
	struct err e;
	struct input *file = input_from("fuzz", take, &left, 1 << 20, &e);

	diag_verbosity(1, 0);
	buf_init(&r.out, 64 << 20);
	buf_init(&r.lines, 256 << 20);
	(void)FORMAT.sniff(FILE_NAME, left);
	if (FORMAT.read(&in, file, &e) < 0)
		abort();
	native = r.lines;
	buf_init(&r.lines, 256 << 20);
	if (FORMAT.normalize != NULL)
		normalize_all(&r, &native);
	input_close(file);
	if (FORMAT.done != NULL)
		FORMAT.done();
	buf_release(&native);
	buf_release(&r.out);
	buf_release(&r.lines);
	record_free(r.record);
	return 0;
}

#include "fuzz.h"
#endif
