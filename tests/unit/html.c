#include "tap.h"

#include "core/alloc.h"
#include "text/markup/html.h"

#include <stdlib.h>

static struct buf out;

static struct str
text(const char *html)
{
	struct err e;

	buf_reset(&out);
	return html_to_text(str_of(html), &out, &e) < 0 ? STR_NONE
							: buf_str(&out);
}

static void
test_blocks(void)
{
	is_str(text("plain &amp; simple"), "plain & simple", "no tags at all");
	is_str(text("<html><head><title>T</title><style>p{}</style></head>"
		    "<body><p>A  b\n c</p><p>d</p></body></html>"),
	    "A b c\n\nd", "head is left out, white space is one space");
	is_str(text("a<br>b<br/>c<br><br><br><br>d"), "a\nb\nc\n\nd", "br");
	is_str(text("<div>a</div><div><br></div><div>b</div>"), "a\n\nb",
	    "an empty line of divs");
	is_str(text("<div>a<br></div><div>b</div>"), "a\nb",
	    "br at the end of a block");
	is_str(text("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p>"
		    "<p class=MsoNormal>b<o:p></o:p></p>"),
	    "a\n\nb", "paragraphs of a word processor");
	is_str(text("<p style='margin:0'>a</p><p style='margin:0'>b</p>"),
	    "a\nb", "paragraphs without margin");
	is_str(text("<h1>Head</h1>text<h2>Two</h2>more"),
	    "Head\n\ntext\n\nTwo\n\nmore", "headings");
	is_str(text("a<hr>b"), "a\n________________________________\nb", "hr");
	is_str(text("<pre>\n a\n   b\n\n c</pre>d"), " a\n   b\n\n c\n\nd",
	    "pre keeps its white space");
	is_str(text("<div style='white-space: pre-wrap'>a\n b</div>"), "a\n b",
	    "pre by style");
	is_str(text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td>"
		    "<td>&nbsp;</td></tr></table>"),
	    "a\tb\nc", "table");
	is_str(text("<ul><li>a<li>b<ol><li>c</li><li>d</li></ol></ul>e"),
	    "- a\n- b\n  1. c\n  2. d\n\ne", "lists");
}

/* Answers typed into a quote leave it; loose words of a quote stay. */
static void
test_typed(void)
{
	is_str(text("<blockquote type=cite><p>Which?</p><b>red</b>, please"
		    "<br>soon<p>When?</p>now</blockquote>bye"),
	    "> Which?\n\nred, please\nsoon\n\n> When?\n\nnow\n\nbye",
	    "typed between paragraphs");
	is_str(text("<blockquote>Hello<p>a</p>b</blockquote>"),
	    "> Hello\n>\n> a\n>\n> b", "loose from the beginning");
	is_str(text("<blockquote><p>a</p> <p>b</p><div>c</div>d</blockquote>"),
	    "> a\n>\n> b\n>\n> c\n> d", "with other blocks");
}

static void
test_links(void)
{
	is_str(text("<a href='http://x.org/a?b=1&amp;c=2'>see</a>."),
	    "see (http://x.org/a?b=1&c=2).", "another label");
	is_str(text("<a href='https://www.X.org/'>x.org</a>"), "x.org", "same");
	is_str(text("<a href='mailto:a@b.c?subject=d'>a@b.c</a>"), "a@b.c",
	    "mailto, same");
	is_str(text("<a href='MAILTO:a@b.c'>Anna</a>"), "Anna (a@b.c)",
	    "mailto, another label");
	is_str(text("<a href='javascript:x'>a</a> <a href='#b'>c</a>"), "a c",
	    "other schemes are left out");
	is_str(text("<a href='http://x.org'> </a>a"), "a", "no label");
	is_str(text("<a href='http://x.org'><img src=y alt=Logo></a>"),
	    "Logo (http://x.org)", "an image as label");
	is_str(text("<a href='http://x.\n org/'>a</a>"), "a (http://x.org/)",
	    "white space in an address");
	is_str(text("<img src=x width=1 height=1 alt=p>a<img alt=''>"), "a",
	    "tracking pixels");
}

static void
test_quotes(void)
{
	is_str(text("Yes.<div class=gmail_quote>On Monday, B wrote:<br>"
		    "<blockquote>a<blockquote>b</blockquote>c"
		    "</blockquote></div>d"),
	    "Yes.\nOn Monday, B wrote:\n\n> a\n>\n> > b\n>\n> c\n\nd",
	    "blockquote");
	is_str(text("a<div class='yahoo_quoted x'>b<br>c</div>"), "a\n> b\n> c",
	    "yahoo_quoted");
	is_str(text("a<div name=quote style='border-left:2px'>b</div>"),
	    "a\n> b", "a div by name");
	is_str(text("a<div style='border:none;border-left:solid blue 1.5pt'>"
		    "<p class=MsoNormal>b</p></div>"),
	    "a\n> b", "the blue bar");
}

static void
test_hidden(void)
{
	is_str(text("<div style='DISPLAY : none !important'>x</div>a"), "a",
	    "display");
	is_str(text("<span style='max-height:0px;overflow:hidden'>x</span>a"),
	    "a", "no height");
	is_str(text("<td style='font-size:0px'><p>a</p></td>"), "a",
	    "font-size 0 of a frame hides nothing");
	is_str(text("<p style='visibility:hidden'>x</p>a<p hidden>y</p>"), "a",
	    "visibility, hidden");
	is_str(text("<div style='opacity:0.0'>x</div><i style='opacity:0.9'>a"
		    "</i>"),
	    "a", "opacity");
	is_str(text("&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#8203;&#xfeff;&shy;a"), "a",
	    "invisible characters");
	is_str(text("<script>var a='<p>x</p>';</script><!-- b --><!--[if mso]>"
		    "<p>c</p><![endif]-->a<select><option>d</select>"),
	    "a", "scripts, comments, options");
	is_str(text("می‌خواهم"), "می‌خواهم",
	    "a joiner between letters stays");
}

static void
test_broken(void)
{
	is_str(text(""), "", "empty");
	is_str(text("a <3 b"), "a <3 b", "a heart");
	is_str(text("</body></html>a</body></html>b</div>c"), "abc",
	    "text behind the end");
	is_str(text("<html><head><title>x</title></head><body>a</body></html>"
		    "<html><body>b</body></html>c"),
	    "abc", "two documents in one");
	is_str(text("a < b > c"), "a < b > c", "comparison");
	is_str(text("<p>a<b>b<i>c</p>d</i>e"), "abc\n\nde", "wrong nesting");
	is_str(text("</div></p>a</table>"), "a", "ends without starts");
	is_str(text("<div><a href=\"x>a</div>"), "", "an open attribute");
	is_str(text("a<table><td>b<table><tr>c"), "a\nb\nc", "open tables");
	buf_reset(&out);
	is_int(html_to_text(STR("a\0b\xff"
				"c"),
		   &out, &(struct err){ 0 }),
	    0, "NUL and malformed UTF-8");
	is_str(buf_str(&out),
	    "ab\xef\xbf\xbd"
	    "c",
	    "are cleaned");
	is_str(text("<meta http-equiv=Content-Type content='text/html; "
		    "charset=iso-8859-1'><p>é"),
	    "é", "the charset inside is not asked");
}

/* Bytes of text that many numbered pieces give. */
static size_t
repeat(const char *head, const char *piece, const char *tail, size_t times)
{
	struct buf b;
	struct err e;

	buf_init(&b, HTML_MAX);
	buf_add_z(&b, head);
	for (size_t i = 0; i < times; i++)
		buf_printf(&b, "%s%zu%s", piece, i, tail);
	buf_reset(&out);
	if (html_to_text(buf_str(&b), &out, &e) < 0)
		out.n = SIZE_MAX;
	buf_release(&b);
	return out.n;
}

/* Each takes minutes or hours where it is not linear. */
static void
test_bounds(void)
{
	struct err e;
	char *big = xcalloc(HTML_MAX + 1, 1);

	ok(repeat("", "<div>", "", 200000) > 1000000, "deep nesting");
	ok(repeat("", "<b></i>", "", 200000) > 1000000, "ends of nothing");
	ok(repeat("", "<blockquote>", "", 100000) > 1000000, "deep quotes");
	ok(repeat("<a ", " a", "", 500000) < 100, "many attributes");
	ok(repeat("<a ", " a", "='>'", 300000) > 0, "many with > inside");
	ok(repeat("", "<a", ">", 400000) == 0, "many names");
	ok(repeat("", "<!-- ", "", 400000) == 0, "open comments");
	ok(repeat("", "<", "", 1000000) > 0, "many <");
	is_int(html_to_text(str_make(big, HTML_MAX + 1), &out, &e), -1,
	    "past the limit");
	is_str(str_of(e.msg),
	    "HTML of 16777217 bytes is past the limit of 16777216", "message");
	free(big);
}

int
main(void)
{
	buf_init(&out, 64 << 20);
	test_blocks();
	test_typed();
	test_links();
	test_quotes();
	test_hidden();
	test_broken();
	test_bounds();
	buf_release(&out);
	return done();
}
