/*
 * Text of HTML against a walk over libxml2's tree of the same: both see the
 * same characters in the same order.  White space and controls, what is not seen, and the
 * marks that text has for quotes, lists and rules are left out of both.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <libxml/HTMLparser.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "text/markup/element.h"
#include "text/markup/html.h"
#include "text/markup/tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { ATTRIBUTES = 64, DEEPEST = HTML_DEPTH - 8 };

/* Bytes of what is not compared at the start of s. */
static size_t
left_out(struct str s)
{
	static const char *const unseen[] = { "\xc2\xa0", "\xc2\xad",
		"\xcd\x8f", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf" };
	unsigned char c = (unsigned char)s.p[0];

	if (c < 0x80)
		return c <= ' ' || ascii_is_digit(s.p[0]) ||
		       ascii_is_in(s.p[0], ">-_.");
	for (size_t i = 0; i < sizeof(unseen) / sizeof(*unseen); i++)
		if (str_starts(s, str_of(unseen[i])))
			return strlen(unseen[i]);
	return 0;
}

/* Appends what of s is compared. */
static void
add(struct buf *out, struct str s)
{
	while (s.n > 0) {
		size_t n = left_out(s);

		if (n == 0)
			buf_add_char(out, s.p[0]);
		s = str_sub(s, n == 0 ? 1 : n, s.n);
	}
}

static struct look
look_at(const xmlNode *node, enum kind kind)
{
	const char *atts[2 * ATTRIBUTES + 1];
	size_t n = 0;

	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		const xmlNode *value = a->children;

		if (n + 2 > 2 * ATTRIBUTES)
			break;
		atts[n++] = (const char *)a->name;
		atts[n++] = value == NULL ? NULL : (const char *)value->content;
	}
	atts[n] = NULL;
	return element_look(kind, atts);
}

/* False where it is deeper than text is taken from. */
static bool
walk(const xmlNode *node, int depth, struct buf *out)
{
	for (; node != NULL; node = node->next) {
		const char *text = (const char *)node->content;
		enum kind kind;
		struct look l;

		if (depth > DEEPEST)
			return false;
		if (node->type == XML_TEXT_NODE ||
		    node->type == XML_CDATA_SECTION_NODE)
			add(out, str_of(text));
		if (node->type != XML_ELEMENT_NODE)
			continue;
		kind = element_kind((const char *)node->name);
		l = look_at(node, kind);
		if (kind == SKIP || l.hidden)
			continue;
		if (kind == IMAGE && !l.pixel)
			add(out, l.alt);
		if (!walk(node->children, depth + 1, out))
			return false;
	}
	return true;
}

/* Links bring their addresses into the text: here are none. */
static void
unlink_all(struct buf *text)
{
	for (size_t i = 0; i + 4 <= text->n; i++)
		if (str_eq_nocase(str_make(text->p + i, 4), STR("href")))
			text->p[i] = 'x';
}

/* The tree forgets prefixes, by which "o:title" is no title: here are none. */
static void
unprefix_all(struct buf *text)
{
	bool name = false;

	for (size_t i = 0; i < text->n; i++) {
		char c = text->p[i];

		if (name && c == ':')
			text->p[i] = 'x';
		name = c == '<' || (name && (unsigned char)c > ' ' && c != '>');
	}
}

static htmlDocPtr
tree_of(struct str s)
{
	htmlParserCtxtPtr c = htmlCreatePushParserCtxt(
	    NULL, NULL, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	htmlDocPtr doc;

	htmlCtxtUseOptions(c, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
				  HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
				  HTML_PARSE_IGNORE_ENC);
	/* Text behind the end of the outermost element is text of a mail. */
	htmlParseChunk(c, s.p, 6, 0);
	c->depth = HTML_MAX;
	htmlParseChunk(c, s.p + 6, (int)s.n - 6, 0);
	htmlParseChunk(c, NULL, 0, 1);
	doc = c->myDoc;
	htmlFreeParserCtxt(c);
	return doc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf in, one, other, got;
	struct tags tags = { 0 };
	struct str text;
	struct err e;
	htmlDocPtr doc;
	bool whole;

	if (in.max == 0) {
		buf_init(&in, 64 << 20);
		buf_init(&one, 64 << 20);
		buf_init(&other, 64 << 20);
		buf_init(&got, 64 << 20);
	}
	buf_reset(&in);
	buf_reset(&one);
	buf_reset(&other);
	buf_reset(&got);
	buf_add(&in, "<body>", 6);
	utf8_clean(str_make((const char *)p, n), &in);
	unlink_all(&in);
	unprefix_all(&in);
	text = str_sub(buf_str(&in), 6, in.n);
	/* Tags of hundreds of attributes are cut. */
	if (tags_calm(&tags, text) < text.n ||
	    html_to_text(text, &got, &e) != 0)
		return 0;
	add(&one, buf_str(&got));
	doc = tree_of(buf_str(&in));
	whole = doc != NULL && walk(doc->children, 0, &other);
	if (whole && !str_eq(buf_str(&one), buf_str(&other))) {
		fprintf(stderr, "html: %.*s\ntext: %.*s\ntree: %.*s\n",
		    STR_ARG(text), STR_ARG(buf_str(&one)),
		    STR_ARG(buf_str(&other)));
		abort();
	}
	xmlFreeDoc(doc);
	return 0;
}

#include "fuzz.h"
