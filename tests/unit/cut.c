/* Files of JSON cut into values, whole and in blocks of every size. */
#include "source/cut.h"

#include "source/table/shape.h"
#include "tap.h"

struct feed {
	struct str left;
	size_t step;
};

static ptrdiff_t
take(void *arg, void *p, size_t n, struct err *e)
{
	struct feed *f = arg;

	(void)e;
	n = n < f->step ? n : f->step;
	n = n < f->left.n ? n : f->left.n;
	memcpy(p, f->left.p, n);
	f->left = str_sub(f->left, n, f->left.n);
	return (ptrdiff_t)n;
}

/* "at text" a line, "at !" for a bad one. */
static void
cut_all(const char *text, size_t step, size_t max, struct buf *out)
{
	struct feed f = { str_of(text), step };
	struct json_cut *c = json_cut_new();
	struct cut_item item;
	enum cut_result got;
	struct err e;
	struct input *in = input_from("test", take, &f, 1 << 20, &e);

	if (json_cut_begin(c, in, max, &e) == 0)
		while ((got = json_cut_next(c, &item, &e)) > 0) {
			buf_add_str(out, item.at);
			buf_add_char(out, ' ');
			if (got == CUT_ITEM)
				buf_add_str(out, item.text);
			else
				buf_add_char(out, '!');
			buf_add_char(out, '\n');
		}
	json_cut_free(c);
	input_close(in);
}

static void
cuts(const char *text, const char *want)
{
	static const size_t steps[] = { 1, 2, 3, 5, 7, 1 << 20 };
	struct buf out;

	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		buf_reset(&out);
		cut_all(text, steps[i], 1000, &out);
		is_str(buf_str(&out), want, text);
	}
	buf_release(&out);
}

static void
test_cut(void)
{
	cuts("", "");
	cuts(" \n", "");
	cuts("[]", "");
	cuts("[1,22]", "#1 1\n#2 22\n");
	cuts(
	    "[\"a\\\"bcdefgh]\",[1, 22]]", "#1 \"a\\\"bcdefgh]\"\n#2 [1,22]\n");
	cuts("[ {\"a\" : 1} ,\n{\"b\": [ 1, 2 ]}\n]",
	    "#1 {\"a\":1}\n#2 {\"b\":[1,2]}\n");
	cuts("{\"a b\": \" x \\\" ] \\\\\" }",
	    "0 {\"a b\":\" x \\\" ] \\\\\"}\n");
	cuts("\xef\xbb\xbf[1, \"a\"]", "#1 1\n#2 \"a\"\n");
	cuts("{\"a\":1}{\"b\":2}\n {\"c\":3}",
	    "0 {\"a\":1}\n7 {\"b\":2}\n16 {\"c\":3}\n");
	cuts("{\"a\":1}\n{\"b\":\n{\"c\":3}\n",
	    "0 {\"a\":1}\n8 !\n14 {\"c\":3}\n");
	cuts("\xef\xbb\xbf{\"a\":1}\n{\"b\":\n{\"c\":3}\n",
	    "3 {\"a\":1}\n11 !\n17 {\"c\":3}\n");
	cuts("{\"a\":[{\"b\":1},\n{\"c\":2}]}\n",
	    "0 {\"a\":[{\"b\":1},{\"c\":2}]}\n");
	cuts("{\"a\":\n{\"c\":2}}\n", "0 {\"a\":{\"c\":2}}\n");
	cuts("{\"a\":1,\n{\"c\":2}\n", "0 !\n8 {\"c\":2}\n");
	cuts("{\"a\":\"x\n{\"c\":2}\n", "0 !\n8 {\"c\":2}\n");
	cuts("[{\"a\":1},{\"b\":", "#1 {\"a\":1}\n#2 !\n");
	cuts("[{\"a\":1}", "#1 {\"a\":1}\n8 !\n");
	cuts("[{\"a\":1},{]},{\"b\":2}]", "#1 {\"a\":1}\n#2 !\n#3 !\n#4 "
					  "{\"b\":2}\n");
	cuts("[{\"a\":\"caf\xe9\"}]", "#1 {\"a\":\"café\"}\n");
	cuts("[1]\n[2]", "#1 1\n#2 2\n");
	cuts("}", "0 !\n");
	cuts("\"abc", "0 !\n");
}

static void
test_ceiling(void)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	cut_all("[{\"a\":\"0123456789\"},{\"b\":1}]", 4, 12, &out);
	is_str(buf_str(&out), "#1 !\n#2 {\"b\":1}\n",
	    "a value past the ceiling costs itself alone");
	buf_release(&out);
}

static void
shape(const char *text, char separator, size_t columns, const char *what)
{
	struct csv_shape s = csv_shape(str_of(text), true);

	is_int(s.separator, separator, what);
	is_int((int64_t)s.columns, (int64_t)columns, what);
}

static void
test_shape(void)
{
	shape("a,b;c\n1,2;3\n", ',', 2, "as many of both: the comma");
	shape("a;b;c\n1,5;2;3\n", ';', 3, "commas within numbers");
	shape("a\tb\n\"x,y;z\n\",2\tc\n", '\t', 2, "tabs");
	shape("sep=|\na|b\n", '|', 2, "said in the first line");
	shape("a\n1\n", ',', 1, "one column");
	shape("\"a\n,;\",b\n", ',', 2, "a quoted newline in the header");
	shape("", ',', 1, "nothing");
}

int
main(void)
{
	test_cut();
	test_ceiling();
	test_shape();
	return done();
}
