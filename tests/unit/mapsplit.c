/* Parting the list of an item that a program fails on: the program here is one
 * of ours. */
#include "source/mapping/mapsplit.h"

#include "tap.h"

enum { ELEMENTS = 1 << 15 };

struct program {
	struct str bad; /* a line fails that has this in it */
	size_t from; /* behind so many bytes */
	size_t runs, bytes;
};

static int
run(void *arg, struct str line, struct buf *out, struct err *e)
{
	struct program *p = arg;

	p->runs++;
	p->bytes += line.n;
	line = str_sub(line, p->from, line.n);
	if (str_find(line, p->bad) >= 0)
		return err_set(e, "bad");
	if (str_find(line, STR("good")) >= 0)
		buf_add_str(out, STR("good\n"));
	return 0;
}

/* The rejects' places, and what came out, or "whole". */
static struct str
parts(struct str line, struct program *p, struct buf *to)
{
	struct mapsplit s = { .run = run, .arg = p };
	struct buf out;

	buf_init(&out, 64 << 20);
	buf_reset(to);
	if (!mapsplit_line(&s, line, &out))
		buf_add_str(to, STR("whole"));
	for (const struct mapsplit_reject *r = s.first; r != NULL; r = r->next)
		buf_printf(
		    to, "%.*s %.*s, ", STR_ARG(r->at), STR_ARG(r->bytes));
	buf_printf(to, "%s", out.n > 0 ? "some" : "none");
	mapsplit_release(&s);
	buf_release(&out);
	return buf_str(to);
}

static void
places(void)
{
	struct program p = { .bad = STR("bad") };
	struct buf to;

	buf_init(&to, 1 << 20);
	is_str(parts(STR("{\"native\":[\"good\",\"bad\",\"good\"]}"), &p, &to),
	    "#2 \"bad\", some", "the item itself is the list");
	is_str(parts(STR("{\"native\":{\"a\":[[\"good\",\"bad\"],"
			 "[\"good\",\"good\"]]}}"),
		   &p, &to),
	    "/a#1#2 \"bad\", some", "a list in a list");
	is_str(parts(STR("{\"native\":{\"long\":[\"so\",\"many\",\"words\"],"
			 "\"b\":{\"c\":[\"bad\",\"good\"]}}}"),
		   &p, &to),
	    "/b/c#1 \"bad\", some", "not the longest");
	is_str(parts(STR("{\"native\":{\"a\":[{\"x\":[\"so\",\"many\"],"
			 "\"y\":{\"z\":[\"good\",\"bad\"]}},\"good\"]}}"),
		   &p, &to),
	    "/a#1/y/z#2 \"bad\", some", "within what is bad, with its path");
	is_str(parts(STR("{\"native\":{\"a\":[\"good\",\"good\"],"
			 "\"b\":\"bad\"}}"),
		   &p, &to),
	    "wholenone", "no list's fault");
	p.runs = 0;
	is_str(parts(STR("{\"native\":{\"a\":[\"good\",\"bad\"],"
			 "\"b\":[\"good\",\"good\",\"bad\"]}}"),
		   &p, &to),
	    "wholenone", "two lists at fault");
	is_int((int64_t)p.runs, 8, "which is seen at once");
	buf_release(&to);
}

/* Hours where each element is tried with what stands beside the list. */
static void
budget(void)
{
	struct program p = { .bad = STR("bad"), .from = 8 << 20 };
	struct buf line, to;

	buf_init(&line, 64 << 20);
	buf_init(&to, 64 << 20);
	buf_add_str(&line, STR("{\"native\":{\"beside\":\""));
	for (int i = 0; i < 1 << 20; i++)
		buf_add_str(&line, STR("beside, "));
	buf_add_str(&line, STR("\",\"list\":[\"good\""));
	for (int i = 0; i < ELEMENTS; i++)
		buf_add_str(&line, STR(",\"bad\",\"good\""));
	buf_add_str(&line, STR("]}}"));
	is_str(parts(buf_str(&line), &p, &to), "wholenone",
	    "each second one bad, and 8 MB beside them");
	ok(p.bytes <= 256 << 20 || p.bytes - (256 << 20) <= 16 * line.n,
	    "is given up in time");
	buf_release(&line);
	buf_release(&to);
}

int
main(void)
{
	places();
	budget();
	return done();
}
