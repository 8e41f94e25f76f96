/*
 * Tables come out the same in whatever pieces the bytes arrive, and a row that
 * does not end costs itself.
 */
#include "source/table/table.h"

#include <stdio.h>

#include "core/buf.h"
#include "source/table/scan.h"
#include "tap.h"

struct feed {
	struct str left;
	size_t piece;
};

static ptrdiff_t
take(void *arg, void *p, size_t n, struct err *e)
{
	struct feed *f = arg;

	(void)e;
	if (n > f->piece)
		n = f->piece;
	if (n > f->left.n)
		n = f->left.n;
	memcpy(p, f->left.p, n);
	f->left = str_sub(f->left, n, f->left.n);
	return (ptrdiff_t)n;
}

/* All rows as text: cells in <>, bad rows as !bytes. */
static void
dump(struct str text, size_t piece, struct buf *out)
{
	struct feed f = { text, piece };
	struct table_row row;
	struct err e;
	struct input *in = input_from("t", take, &f, 1 << 20, &e);
	struct table *t = table_open(in, NULL, 1 << 20, &e);
	enum table_result got;

	buf_reset(out);
	while ((got = table_next(t, &row, &e)) > 0) {
		if (got == TABLE_BAD)
			buf_printf(out, "!%.*s", STR_ARG(row.text));
		for (size_t i = 0; i < row.n; i++)
			buf_printf(out, "<%.*s>", STR_ARG(row.cells[i]));
		buf_add_char(out, '\n');
	}
	table_close(t);
	input_close(in);
}

static void
check(const char *what, struct str text, const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	dump(text, 1 << 16, &out);
	is_str(buf_str(&out), want, what);
	buf_release(&out);
}

/* Rows behind the first 64 KiB, which a table looks at as a whole. */
static void
check_pieces(const char *what, const char *rows)
{
	struct buf text, whole, out;
	bool same = true;

	buf_init(&text, 1 << 20);
	buf_init(&whole, 1 << 20);
	buf_init(&out, 1 << 20);
	buf_add_z(&text, "a,b\n");
	while (text.n < 66000)
		buf_add_z(&text, "some,row\n");
	for (int i = 0; i < 3; i++)
		buf_add_z(&text, rows);
	dump(buf_str(&text), 1 << 16, &whole);
	for (size_t piece = 1; piece < 9; piece++) {
		dump(buf_str(&text), piece, &out);
		same = same && str_eq(buf_str(&out), buf_str(&whole));
	}
	ok(same, what);
	buf_release(&text);
	buf_release(&whole);
	buf_release(&out);
}

static void
check_scan(void)
{
	char text[200];
	uint32_t at[200];
	size_t n;
	bool right = true;

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = ";\"\r\n"[i % 4];
		n = tablescan(text, sizeof(text), ';', 1000, at);
		right = right && n == 1 && at[0] == 1000 + i;
		text[i] = 'x';
	}
	ok(right, "a mark at every place");
}

int
main(void)
{
	check("plain", STR("a,b\n1,2\n3, 4 \n"), "<1><2>\n<3><4>\n");
	check("CRLF, CR, no last newline", STR("a,b\r\n1,2\r3,4\r\n\r\n5,6"),
	    "<1><2>\n<3><4>\n<5><6>\n");
	check("quotes", STR("a,b\n\"1\"\"2\" ,\"x\ny\"\n \"3\",\"\"\n"),
	    "<1\"2><x\ny>\n<3><>\n");
	check("quotes within quotes", STR("a,b\n\"a \"b\" c\",2\nx\"y,3\n"),
	    "<a \"b\" c><2>\n<x\"y><3>\n");
	check("CRLF within quotes", STR("a,b\r\n\"1\r\n2\",3\r\n"),
	    "<1\r\n2><3>\n");
	check(
	    "blank lines and cells", STR("a,b\n\n  \n,\n\"\"\n"), "<><>\n<>\n");
	check("a quote that stays open", STR("a,b\n1,\"2\n3,4\n5\n6,7\n"),
	    "!1,\"2\n\n<3><4>\n<5>\n<6><7>\n");
	check("one that another row closes",
	    STR("a,b\n1,\"2\n3\n4,\"5\"\n6,7\n"),
	    "!1,\"2\n3\n\n<4><5>\n<6><7>\n");
	check("open to the end", STR("a,b\n1,2\n3,\"4\n5"),
	    "<1><2>\n!3,\"4\n5\n");
	check("an open header", STR("\"a,b\n1,2\n"), "!\"a,b\n1,2\n\n");
	check("sep and BOM", STR("\xef\xbb\xbfsep=;\na;b\n1,0;2\n"),
	    "<1,0><2>\n");
	check("a header alone", STR("a,b\n"), "");
	check("nothing", STR("\n\n"), "");
	check_pieces("CRLF in pieces", "1,2\r\n3,4\r\n");
	check_pieces("quotes in pieces", "\"1\"\"2\"  ,\"x\ny\"\n");
	check_pieces("newlines in quotes in pieces", "\"1\r\n2\",3\r\r\n\n");
	check_pieces(
	    "quotes in quotes in pieces", "1,\"2\n3,4\n\"5\",\"6 \"7\" 8\"\n");
	check_pieces("an open quote in pieces", "1,\"2\n3,4\n5\n");
	check_scan();
	return done();
}
