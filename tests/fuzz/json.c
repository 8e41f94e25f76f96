/* JSON and records: no crash, and what is written again is JSON still. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static size_t
visit(struct json v, struct arena *a)
{
	struct json_iter it = json_each(v);
	struct json key, value;
	size_t sum = json_raw(v).n + json_str(v, a).n;
	double real;

	if (json_real(v, &real) == 0)
		sum++;
	while (json_next(&it, &key, &value))
		sum += json_str(key, a).n + visit(value, a);
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct record *r = record_new();
	struct buf in, out;
	struct err e;

	buf_init(&in, 64 << 20);
	buf_init(&out, 128 << 20);
	buf_add(&in, p, n);
	if (record_parse(r, buf_str(&in), &e) == 0) {
		visit(record_root(r), record_arena(r));
		record_put_str(r, "id", STR("x"));
		record_drop(r, "a");
		record_put_raw(r, "new", STR("[]"));
		if (record_write(r, &out, &e) != 0 ||
		    record_parse(r, buf_str(&out), &e) != 0 ||
		    !json_is(record_get(r, "id"), "x") ||
		    record_get(r, "a").doc != NULL)
			abort();
	}
	buf_release(&in);
	buf_release(&out);
	record_free(r);
	return 0;
}

#include "fuzz.h"
