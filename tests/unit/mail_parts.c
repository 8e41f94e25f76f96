/* Mails taken apart: what stands in which part, however it is written. */
#include "core/buf.h"
#include "mail/mime.h"
#include "tap.h"

#define MIXED "Content-Type: multipart/mixed; boundary="

static const struct {
	const char *what, *mail, *parts;
} cases[] = {
	{ "no part", "A: b\n\ntext\n", "text/plain[text|]" },
	{ "no body", "A: b\n", "text/plain[]" },
	{ "no blank line", "Content-Type: text/html\n<p>hi there",
	    "text/html[<p>hi there]" },
	{ "two parts", MIXED "b\n\n--b\n\none\n--b\n\ntwo\n--b--\nbehind\n",
	    "multipart/mixed(text/plain[one]text/plain[two])" },
	{ "before the first", MIXED "b\n\nfirst\n--b\n\none\n--b--\n",
	    "multipart/mixed(text/plain[one])" },
	{ "CRLF", MIXED "b\r\n\r\n--b\r\n\r\none\r\n\r\n--b--\r\n",
	    "multipart/mixed(text/plain[one^|])" },
	{ "LF before CRLF", MIXED "b\n\n--b\n\none\n--b--\r\n",
	    "multipart/mixed(text/plain[one])" },
	{ "CR at an end", MIXED "b\r\n\n--b\r\n\nx\r\r\n--b\n\ny\n\r\n--b--",
	    "multipart/mixed(text/plain[x^]text/plain[y|])" },
	{ "not closed", MIXED "b\n\n--b\n\none\n--b\n\ntwo\n",
	    "multipart/mixed(text/plain[one]text/plain[two|])" },
	{ "cut off behind a boundary", MIXED "b\n\n--b\n\none\n--b\n",
	    "multipart/mixed(text/plain[one])" },
	{ "cut off in a header", MIXED "b\n\n--b\nContent-Type: a/b",
	    "multipart/mixed(a/b[])" },
	{ "an empty part", MIXED "b\n\n--b\n--b\n\nx\n--b--\n",
	    "multipart/mixed(text/plain[]text/plain[x])" },
	{ "quoted, with a semicolon", MIXED "\"a;b\"\n\n--a;b\n\nx\n--a;b--",
	    "multipart/mixed(text/plain[x])" },
	{ "quoted, never closed", MIXED "\"b\n\n--b\n\nx\n--b--",
	    "multipart/mixed(text/plain[x])" },
	{ "a blank at its end counts",
	    MIXED "\"b \"\n\n--b \n\nx\n--b\n\n--b --\n",
	    "multipart/mixed(text/plain[x|--b|])" },
	{ "blanks behind it do not",
	    MIXED "b\n\n--b \t\n\nx\n--b \r\n\ny\n--b-- \n",
	    "multipart/mixed(text/plain[x]text/plain[y])" },
	{ "longer lines are none",
	    MIXED "b\n\n--b\n\n--bc\n--b-\n--b--x\n--b--",
	    "multipart/mixed(text/plain[--bc|--b-|--b--x])" },
	{ "in pieces",
	    "Content-Type: multipart/mixed; boundary*0=a;\n"
	    " boundary*1*=%62\n\n--ab\n\nx\n--ab--",
	    "multipart/mixed(text/plain[x])" },
	{ "none is named",
	    "Content-Type: multipart/mixed\n\n"
	    "--b\nContent-Type: text/html\n\nx\n--b--\n",
	    "multipart/mixed(text/html[x])" },
	{ "another is named",
	    MIXED "a\n\n"
		  "--b\nContent-Type: text/html\n\nx\n--b--\n",
	    "multipart/mixed(text/html[x])" },
	{ "an empty one is named", MIXED "\"\"\n\n--\n----\n",
	    "text/plain[--|----|]" },
	{ "no parts at all", MIXED "b\n\nall of it\n",
	    "text/plain[all of it|]" },
	{ "nested",
	    MIXED "a\n\n--a\n" MIXED "b\n\n--b\n\nx\n--b--\n--a\n\ny\n--a--",
	    "multipart/mixed(multipart/mixed(text/plain[x])text/plain[y])" },
	{ "the inner begins with the outer",
	    MIXED "a\n\n--a\n" MIXED "a-\n\n--a-\n\nx\n--a---\n--a\n\ny\n--a--",
	    "multipart/mixed(multipart/mixed(text/plain[x])text/plain[y])" },
	{ "the outer ends the inner",
	    MIXED "a\n\n--a\n" MIXED "b\n\n--b\n\nx\n--a\n\ny\n--a--",
	    "multipart/mixed(multipart/mixed(text/plain[x])text/plain[y])" },
	{ "both the same",
	    MIXED "a\n\n--a\n" MIXED "a\n\n--a\n\nx\n--a--\n--a\n\ny\n--a--",
	    "multipart/mixed(multipart/mixed(text/plain[x])text/plain[y])" },
	{ "of a nested one none is named",
	    MIXED "a\n\n--a\nContent-Type: multipart/mixed\n\n"
		  "--b\nContent-Type: a/b\n\nx\n--b--\n--a--",
	    "multipart/mixed(multipart/mixed(a/b[x]))" },
	{ "in the header of a part", MIXED "b\n\n--b\nContent-Type: a/b\n--b--",
	    "multipart/mixed(a/b[])" },
	{ "right behind the header", MIXED "a:b\n--a:b\n\nx\n--a:b--",
	    "multipart/mixed(text/plain[x])" },
	{ "right behind a part's header",
	    MIXED "a\n\n--a\n" MIXED
		  "b\n--b\nContent-Type: a/b\n\nx\n--b--\n--a--",
	    "multipart/mixed(multipart/mixed(a/b[x]))" },
	{ "no blank line in a part",
	    MIXED "b\n\n--b\nContent-Type: text/html\n<p>x\n--b\nhello\n--b--",
	    "multipart/mixed(text/html[<p>x]text/plain[hello])" },
	{ "a fold without its blank",
	    MIXED "b\n\n--b\nX-Long:\nvalue\nContent-Type: a/b\n\nx\n--b--",
	    "multipart/mixed(a/b[x])" },
	{ "a type in two lines",
	    MIXED "b\n\n--b\nContent-Type: a/b;\n name=\n\tn\n\nx\n--b--",
	    "multipart/mixed(a/b'n'[x])" },
	{ "a mail in a mail",
	    MIXED "b\n\n--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n--b--",
	    "multipart/mixed(message/rfc822[A: b||x])" },
	{ "a digest",
	    "Content-Type: multipart/digest; boundary=b\n\n"
	    "--b\n\nA: b\n\nx\n--b\n\nno mail\n--b--",
	    "multipart/digest(message/rfc822[A: b||x]text/plain[no mail])" },
	{ "two types",
	    MIXED "b\n\n--b\n" MIXED "c\nContent-Type: a/b\n\nx\n--b--",
	    "multipart/mixed(a/b[x])" },
	{ "a name by RFC 2231",
	    "Content-Disposition: attachment;\n filename*0*=utf-8''%c3%a4;\n"
	    " filename*1=\".t\"\n\nx",
	    "text/plain'\xc3\xa4.t'[x]" },
	{ "a type in capitals", "Content-Type: Text/HTML; charset=x\n\nx",
	    "text/html[x]" },
	{ "no type", "Content-Type: nonsense\n\nx", "text/plain[x]" },
};

static void
put(struct buf *out, const struct mime *m, size_t from, size_t end)
{
	for (size_t i = from; i < end; i = mime_part(m, i)->end) {
		const struct mime_part *p = mime_part(m, i);

		buf_add_str(out, p->type);
		if (p->name.p != NULL)
			buf_printf(out, "'%.*s'", STR_ARG(p->name));
		buf_add_char(out, p->multipart ? '(' : '[');
		if (p->multipart)
			put(out, m, i + 1, p->end);
		for (size_t k = 0; !p->multipart && k < p->content.n; k++) {
			char c = p->content.p[k];

			/* On one line. */
			buf_add_char(out, c == '\n'   ? '|'
					  : c == '\r' ? '^'
					  : c == '\0' ? '0'
						      : c);
		}
		buf_add_char(out, p->multipart ? ')' : ']');
	}
}

static struct str
parts(struct mime *m, struct str mail, struct arena *a, struct buf *out)
{
	struct err e;

	buf_reset(out);
	if (mime_parse(m, mail, a, &e) < 0)
		return str_of(e.msg);
	put(out, m, 0, mime_part_count(m));
	return buf_str(out);
}

/* Deeper than MIME_DEPTH, more than MIME_PARTS: the first are there. */
static void
bounds(struct mime *m, struct arena *a, struct buf *out)
{
	struct buf mail;
	struct err e;

	buf_init(&mail, 1 << 20);
	for (int i = 0; i < 2 * MIME_DEPTH; i++)
		buf_printf(&mail, MIXED "b%d\n\n--b%d\n", i, i);
	ok(mime_parse(m, buf_str(&mail), a, &e) == 0 && mime_is_cut(m) &&
		mime_part_count(m) == MIME_DEPTH + 1,
	    "as deep as it goes");
	buf_reset(&mail);
	buf_add_z(&mail, MIXED "b\n\n");
	for (int i = 0; i < 2 * MIME_PARTS; i++)
		buf_add_z(&mail, "--b\n\nx\n");
	ok(mime_parse(m, buf_str(&mail), a, &e) == 0 && mime_is_cut(m) &&
		mime_part_count(m) == MIME_PARTS,
	    "as many as there may be");
	is_str(parts(m, STR("no mail"), a, out), "not a mail: no header fields",
	    "refused");
	ok(!mime_is_cut(m), "and forgotten");
	is_str(parts(m, STR("A: b\n\nx\0y"), a, out), "text/plain[x0y]",
	    "a NUL is a byte");
	buf_release(&mail);
}

int
main(void)
{
	struct mime *m = mime_new();
	struct arena a = { 0 };
	struct buf out;

	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_str(parts(m, str_of(cases[i].mail), &a, &out),
		    cases[i].parts, cases[i].what);
	bounds(m, &a, &out);
	buf_release(&out);
	arena_release(&a);
	mime_free(m);
	return done();
}
