/* Lines from any bytes, arriving in pieces and under a low ceiling: all of
 * them come out again, and the same whatever the pieces are. */
#include <stdlib.h>
#include <string.h>

#include "core/io/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct pieces {
	struct str rest;
	size_t step;
};

static ptrdiff_t
give(void *arg, void *to, size_t n, struct err *e)
{
	struct pieces *s = arg;

	(void)e;
	n = n < s->step ? n : s->step;
	n = n < s->rest.n ? n : s->rest.n;
	memcpy(to, s->rest.p, n);
	s->rest = str_sub(s->rest, n, s->rest.n);
	return (ptrdiff_t)n;
}

/* False where the text is compressed and damaged. */
static bool
read_all(struct str text, size_t step, struct buf *out)
{
	struct pieces s = { text, step };
	struct err e;
	struct input *in = input_from("x", give, &s, 100, &e);
	struct str line;
	enum input_result rc;

	while ((rc = input_line(in, &line, &e)) > 0) {
		buf_add_str(out, line);
		buf_add_char(out, rc == INPUT_LONG ? '!' : '\n');
	}
	input_close(in);
	return rc == INPUT_END;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str text = str_make(n == 0 ? "" : (const char *)p, n);
	struct buf one, other;
	bool whole;

	buf_init(&one, 1 << 26);
	buf_init(&other, 1 << 26);
	whole = read_all(text, 1 << 20, &one);
	if (read_all(text, 1 + n % 13, &other) != whole)
		abort();
	if (whole && !str_eq(buf_str(&one), buf_str(&other)))
		abort();
	buf_release(&one);
	buf_release(&other);
	return 0;
}

#include "fuzz.h"
