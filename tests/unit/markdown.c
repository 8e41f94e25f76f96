#include "reply/markdown.h"
#include "tap.h"

static struct buf out;

static struct str
render(const char *body, enum markup m)
{
	struct err e;

	buf_reset(&out);
	return markdown_render(str_of(body), m, &out, &e) < 0 ? STR("error")
							      : buf_str(&out);
}

static struct str
escaped(const char *text, enum markup m)
{
	buf_reset(&out);
	markup_escape(str_of(text), m, &out);
	return buf_str(&out);
}

static const char letter[] =
    "Hello **Anna**,\nthe *blue* one & `x < y`:\n\n"
    "1. open [the page](https://example.com/a?b=1&c=(2))\n"
    "2. press\n   - once\n   - twice\n\n"
    "> quoted\n> twice\n\n# End\n\n```\n*as it is*\n\n<b>\n```";

static void
test_letter(void)
{
	is_str(render(letter, MARKUP_TEXT),
	    "Hello Anna,\nthe blue one & x < y:\n\n"
	    "1. open the page (https://example.com/a?b=1&c=(2))\n"
	    "2. press\n   - once\n   - twice\n\n"
	    "> quoted\n> twice\n\nEnd\n\n*as it is*\n\n<b>",
	    "text: no marks");
	is_str(render(letter, MARKUP_SLACK),
	    "Hello *Anna*,\nthe _blue_ one &amp; `x &lt; y`:\n\n"
	    "1. open <https://example.com/a?b=1&amp;c=%282%29|the page>\n"
	    "2. press\n   • once\n   • twice\n\n"
	    "> quoted\n> twice\n\n*End*\n\n```\n*as it is*\n\n&lt;b&gt;\n```",
	    "Slack");
	is_str(render(letter, MARKUP_WHATSAPP),
	    "Hello *Anna*,\nthe _blue_ one & `x < y`:\n\n"
	    "1. open the page (https://example.com/a?b=1&c=(2))\n"
	    "2. press\n   - once\n   - twice\n\n"
	    "> quoted\n> twice\n\n*End*\n\n```\n*as it is*\n\n<b>\n```",
	    "WhatsApp");
	is_str(render(letter, MARKUP_TELEGRAM),
	    "Hello <b>Anna</b>,\nthe <i>blue</i> one &amp; "
	    "<code>x &lt; y</code>:\n\n"
	    "1. open <a href=\"https://example.com/a?b=1&amp;c=%282%29\">"
	    "the page</a>\n2. press\n   • once\n   • twice\n\n"
	    "<blockquote>quoted\ntwice</blockquote>\n\n<b>End</b>\n\n"
	    "<pre>*as it is*\n\n&lt;b&gt;</pre>",
	    "Telegram");
	is_str(render(letter, MARKUP_DISCORD),
	    "Hello **Anna**,\nthe *blue* one & `x < y`:\n\n"
	    "1. open [the page](https://example.com/a?b=1&c=%282%29)\n"
	    "2. press\n   - once\n   - twice\n\n"
	    "> quoted\n> twice\n\n**End**\n\n```\n*as it is*\n\n<b>\n```",
	    "Discord");
	is_str(render("Hello **Anna**,\nyours", MARKUP_HTML),
	    "<p>Hello <strong>Anna</strong>,<br />\nyours</p>\n", "HTML");
}

static void
test_safety(void)
{
	is_str(render("a <script>x</script> b", MARKUP_HTML),
	    "<p>a &lt;script&gt;x&lt;/script&gt; b</p>\n",
	    "HTML in the body is text");
	is_str(render("<div>\nx\n</div>\n\nb", MARKUP_HTML),
	    "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n<p>b</p>\n",
	    "a block of it too");
	is_str(render("[a](javascript:alert)", MARKUP_HTML),
	    "<p><a href=\"\">a</a></p>\n", "no scripts as links");
	is_str(render("[a](javascript:alert)", MARKUP_TELEGRAM),
	    "a (javascript:alert)", "anywhere");
	is_str(render("[a](https://x.example/|b>)", MARKUP_SLACK),
	    "<https://x.example/%7Cb%3E|a>", "a URL cannot end its frame");
	is_str(render("\\*a\\* 2 * 3", MARKUP_DISCORD), "\\*a\\* 2 \\* 3",
	    "marks that are none are escaped");
	is_str(render("****a****", MARKUP_DISCORD), "**a**",
	    "bold in bold is bold");
	is_str(render("<https://x.example/a_b_c>", MARKUP_DISCORD),
	    "[https://x.example/a_b_c](https://x.example/a_b_c)",
	    "a URL stays one");
	is_str(render("<a@example.org>", MARKUP_TEXT), "a@example.org",
	    "an address is not said twice");
}

static void
test_plain(void)
{
	is_str(escaped("a < b & \"c\" *d*", MARKUP_SLACK),
	    "a &lt; b &amp; \"c\" *d*", "plain text for Slack");
	is_str(escaped("a < b", MARKUP_TELEGRAM), "a &lt; b", "for Telegram");
	is_str(escaped("*a* https://x.example/a_b c_d\n# e", MARKUP_DISCORD),
	    "\\*a\\* https://x.example/a_b c\\_d\n\\# e", "for Discord");
	is_str(escaped("*a* <b>", MARKUP_TEXT), "*a* <b>", "for text");
	ok(markdown_is_plain(STR("Hello,\n\nyours")), "no marks: plain");
	ok(!markdown_is_plain(STR("Hello *you*")), "a mark: not");
	ok(!markdown_is_plain(STR("- a")), "a list: not");
}

static void
test_shape(void)
{
	static char deep[5000];

	is_str(render("- a\n-\n- c", MARKUP_TEXT), "- a\n- \n- c",
	    "an empty item");
	is_str(render("- a\n\n  b\n\n- c", MARKUP_TEXT), "- a\n\n  b\n\n- c",
	    "a loose list");
	is_str(render("> - a\n>\n> b", MARKUP_TEXT), "> - a\n>\n> b",
	    "a list in a quote");
	is_str(render("7. a\n8. b", MARKUP_TEXT), "7. a\n8. b",
	    "a list begins where it says");
	is_str(render("", MARKUP_TEXT), "", "nothing");
	memset(deep, '>', sizeof(deep) - 2);
	deep[sizeof(deep) - 2] = 'x';
	is_int((int64_t)render(deep, MARKUP_TEXT).n, 2 * MARKDOWN_DEPTH + 1,
	    "deep quotes are indented so far");
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	test_letter();
	test_safety();
	test_plain();
	test_shape();
	buf_release(&out);
	return done();
}
