#include "text/markup/html.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "core/text/utf8.h"
#include "text/markup/element.h"
#include "text/markup/tags.h"
#include "text/unicode.h"

enum {
	CHUNK = 16 << 10, /* bytes fed at once */
	NAMES_MAX = 256 << 10, /* bytes of different names: slow when many */
	QUOTE_MAX = 16, /* levels shown: a prefix on every line */
	LIST_MAX = 8,
	BLANK_MAX = 2, /* line breaks in a row, outside of pre */
	PRE_BLANK_MAX = 16,
};

struct open {
	enum kind kind;
	bool hidden, pre, quote;
	int breaks; /* around it */
	bool paragraphs, loose; /* what a quote held first */
	int number; /* of a list's last item; 0 without numbers */
};

struct html {
	struct buf *out;
	size_t start; /* where our text begins in out */
	htmlParserCtxtPtr parser;
	struct open stack[HTML_DEPTH + 1];
	int depth;
	int hidden, pre, quote, list; /* open elements that are such */
	int breaks; /* line breaks due before the next text */
	char gap; /* the white space due before the next text */
	bool blank; /* the line holds hard spaces only */
	bool fresh; /* nothing has come since <pre> */
	int line_quote; /* the level of the last line */
	bool typed; /* the text due was typed into a quote */
	int bullet; /* due: 0 none, -1 a dash, else the number */
	bool link;
	size_t label; /* where the link's label begins in out */
	struct buf url;
};

static bool
at_line_start(const struct html *h)
{
	return h->breaks > 0 || h->out->n == h->start;
}

static void
prefix(struct html *h, int level)
{
	for (int i = 0; i < level && i < QUOTE_MAX; i++)
		buf_add(h->out, "> ", 2);
}

static void
start_line(struct html *h)
{
	int both = h->quote < h->line_quote ? h->quote : h->line_quote;

	if (h->out->n > h->start) {
		for (int i = 0; i < h->breaks; i++) {
			if (i > 0 && both > 0) {
				prefix(h, both);
				buf_cut(h->out, h->out->n - 1);
			}
			buf_add_char(h->out, '\n');
		}
	}
	prefix(h, h->quote);
	for (int i = 1; i < h->list && i < LIST_MAX; i++)
		buf_add(h->out, "  ", 2);
	if (h->bullet < 0)
		buf_add(h->out, "- ", 2);
	else if (h->bullet > 0)
		buf_printf(h->out, "%d. ", h->bullet);
	else if (h->list > 0)
		buf_add(h->out, "  ", 2);
	h->bullet = 0;
	h->breaks = 0;
	h->gap = '\0';
	h->line_quote = h->quote;
}

/* A run without white space. */
static void
put(struct html *h, const char *p, size_t n)
{
	if (at_line_start(h)) {
		start_line(h);
		if (h->link && h->label == SIZE_MAX)
			h->label = h->out->n;
	} else if (h->gap != '\0') {
		buf_add_char(h->out, h->gap);
		h->gap = '\0';
	}
	if (h->link && h->label == SIZE_MAX)
		h->label = h->out->n;
	h->blank = h->fresh = false;
	buf_add(h->out, p, n);
}

static void
line_break(struct html *h)
{
	int max = h->pre > 0 ? PRE_BLANK_MAX : BLANK_MAX;

	if (h->breaks < max)
		h->breaks++;
	h->gap = '\0';
	h->blank = false;
}

/* At least n breaks; a line of hard spaces only was an empty line. */
static void
block_break(struct html *h, int n)
{
	if (h->blank && h->breaks > 0 && h->breaks < BLANK_MAX)
		h->breaks++;
	h->blank = false;
	if (h->breaks < n)
		h->breaks = n;
	h->gap = '\0';
}

/* 1: white space; 2: perhaps the first byte of a special character. */
static const unsigned char classes[256] = {
	[' '] = 1,
	['\t'] = 1,
	['\n'] = 1,
	['\r'] = 1,
	['\f'] = 1,
	[0xc2] = 2,
	[0xcd] = 2,
	[0xe2] = 2,
	[0xef] = 2,
};

enum special { NOT_SPECIAL, HARD_SPACE, INVISIBLE, JOINER, LINE_SEPARATOR };

/* Characters that senders fill preheaders and empty lines with. */
static enum special
special(const char *p, size_t left, size_t *n)
{
	static const struct {
		const char bytes[4];
		size_t n;
		enum special what;
	} list[] = {
		{ "\xc2\xa0", 2, HARD_SPACE },
		{ "\xc2\xad", 2, INVISIBLE },
		{ "\xcd\x8f", 2, INVISIBLE },
		{ "\xe2\x80\x8b", 3, INVISIBLE },
		{ "\xe2\x80\x8c", 3, JOINER },
		{ "\xe2\x80\x8d", 3, JOINER },
		{ "\xe2\x80\xa8", 3, LINE_SEPARATOR },
		{ "\xe2\x80\xa9", 3, LINE_SEPARATOR },
		{ "\xef\xbb\xbf", 3, INVISIBLE },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (list[i].n <= left &&
		    memcmp(p, list[i].bytes, list[i].n) == 0) {
			*n = list[i].n;
			return list[i].what;
		}
	return NOT_SPECIAL;
}

static void
put_space(struct html *h, char c)
{
	if (h->pre == 0) {
		if (h->gap == '\0')
			h->gap = ' ';
	} else if (c == '\n') {
		if (!h->fresh)
			line_break(h);
		h->fresh = false;
	} else if (c != '\r') {
		if (at_line_start(h))
			start_line(h);
		buf_add_char(h->out, c);
	}
}

static void
put_special(struct html *h, enum special what, const char *p, size_t n)
{
	switch (what) {
	case HARD_SPACE:
		h->blank = h->blank || at_line_start(h);
		put_space(h, ' ');
		break;
	case JOINER:
		/* Between letters and in emoji it has a meaning. */
		if (!at_line_start(h) && h->gap == '\0')
			put(h, p, n);
		break;
	case LINE_SEPARATOR:
		line_break(h);
		break;
	case INVISIBLE:
	case NOT_SPECIAL:
		break;
	}
}

static void
put_text(struct html *h, struct str s)
{
	size_t i = 0, from = 0;

	while (i < s.n) {
		unsigned char class = classes[(unsigned char)s.p[i]];
		enum special what = NOT_SPECIAL;
		size_t n = 1;

		if (class == 2)
			what = special(s.p + i, s.n - i, &n);
		if (class == 0 || (class == 2 && what == NOT_SPECIAL)) {
			i++;
			continue;
		}
		if (i > from)
			put(h, s.p + from, i - from);
		if (class == 1)
			put_space(h, s.p[i]);
		else
			put_special(h, what, s.p + i, n);
		i += n;
		from = i;
	}
	if (i > from)
		put(h, s.p + from, i - from);
}

/* Links */

static struct str
without(struct str s, const char *start)
{
	return str_starts_nocase(s, str_of(start))
		   ? str_sub(s, strlen(start), s.n)
		   : s;
}

static struct str
bare_url(struct str s)
{
	s = without(without(s, "https://"), "http://");
	s = without(without(s, "mailto:"), "www.");
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

static void
link_open(struct html *h, struct str href)
{
	bool mail = str_starts_nocase(href, STR("mailto:"));

	h->link = mail || str_starts_nocase(href, STR("http://")) ||
		  str_starts_nocase(href, STR("https://"));
	h->label = SIZE_MAX;
	buf_reset(&h->url);
	if (!h->link)
		return;
	if (mail) {
		href = without(href, "mailto:");
		href = str_split(&href, '?');
	}
	for (size_t i = 0; i < href.n; i++)
		if (classes[(unsigned char)href.p[i]] != 1)
			buf_add_char(&h->url, href.p[i]);
}

static void
link_close(struct html *h)
{
	struct str url = buf_str(&h->url), label;
	bool due = h->link && h->label < h->out->n;

	h->link = false;
	if (!due)
		return;
	label = str_make(h->out->p + h->label, h->out->n - h->label);
	if (url.n == 0 || str_eq_nocase(bare_url(label), bare_url(url)))
		return;
	if (h->breaks == 0)
		h->gap = ' ';
	put(h, "(", 1);
	buf_add_str(h->out, url);
	buf_add_char(h->out, ')');
}

/* Elements */

static void
rule(struct html *h)
{
	static const char line[] = "________________________________";

	block_break(h, 1);
	put(h, line, sizeof(line) - 1);
	block_break(h, 1);
}

static void
item(struct html *h)
{
	h->bullet = -1;
	for (int i = h->depth - 2; i >= 0; i--) {
		struct open *o = &h->stack[i];

		if (o->kind == NUMBERED)
			h->bullet = ++o->number;
		if (o->kind == NUMBERED || o->kind == LIST)
			break;
	}
}

static int
breaks_of(const struct html *h, enum kind kind, const struct look *l)
{
	switch (kind) {
	case PARAGRAPH:
	case QUOTE:
	case PRE:
		return l->tight ? 1 : 2;
	case LIST:
	case NUMBERED:
		return h->list == 0 ? 2 : 1;
	case BLOCK:
	case ITEM:
		return 1;
	default:
		return 0;
	}
}

static void
show(struct html *h, enum kind kind, const struct look *l)
{
	switch (kind) {
	case BREAK:
		line_break(h);
		break;
	case RULE:
		rule(h);
		break;
	case ITEM:
		item(h);
		break;
	case CELL:
		if (!at_line_start(h))
			h->gap = '\t';
		break;
	case LINK:
		link_open(h, l->href);
		break;
	case IMAGE:
		if (!l->pixel)
			put_text(h, l->alt);
		break;
	default:
		break;
	}
}

/*
 * Answers that were typed into a quote: text that stands in it loosely, behind
 * paragraphs, where all that came before it is paragraphs.  It leaves the
 * quote for as long as no other block begins or ends.
 */
static void
typed_begin(struct html *h)
{
	struct open *o;
	int i = h->depth;

	while (i > 0 && h->stack[i - 1].breaks == 0 && !h->stack[i - 1].quote)
		i--;
	if (i == 0 || h->stack[i - 1].kind != QUOTE)
		return;
	o = &h->stack[i - 1];
	o->loose = o->loose || !o->paragraphs;
	if (o->loose)
		return;
	block_break(h, 2);
	h->quote--;
	h->typed = true;
}

static void
typed_end(struct html *h)
{
	if (!h->typed)
		return;
	block_break(h, 2);
	h->quote++;
	h->typed = false;
}

/* What a paragraph or another block is for the quote that it stands in. */
static void
note_block(struct html *h, enum kind kind)
{
	struct open *o = h->depth > 0 ? &h->stack[h->depth - 1] : NULL;

	if (o == NULL || o->kind != QUOTE)
		return;
	if (kind == PARAGRAPH)
		o->paragraphs = true;
	else
		o->loose = true;
}

static void
element_start(
    struct html *h, enum kind kind, const char *const *atts, bool implied)
{
	struct open *o;
	struct look l = { 0 };

	if (h->hidden == 0 && !implied &&
	    (breaks_of(h, kind, &l) > 0 || kind == RULE)) {
		typed_end(h);
		note_block(h, kind);
	}
	o = &h->stack[h->depth++];
	*o = (struct open){ .kind = kind, .hidden = kind == SKIP };
	if (h->hidden == 0 && kind != SKIP) {
		l = element_look(kind, atts);
		o->hidden = l.hidden;
		o->pre = l.pre || kind == PRE;
		o->quote = l.quote || kind == QUOTE;
		o->breaks = implied ? 0 : breaks_of(h, kind, &l);
	}
	h->hidden += o->hidden;
	if (h->hidden > 0)
		return;
	if (o->breaks > 0)
		block_break(h, o->breaks);
	h->pre += o->pre;
	h->fresh = kind == PRE;
	h->quote += o->quote;
	h->list += kind == LIST || kind == NUMBERED;
	show(h, kind, &l);
}

static void
element_end(struct html *h)
{
	struct open *o = &h->stack[--h->depth];
	bool shown = h->hidden == 0;

	h->hidden -= o->hidden;
	if (!shown)
		return;
	if (o->breaks > 0 || o->quote)
		typed_end(h);
	if (o->kind == LINK)
		link_close(h);
	if (o->breaks > 0)
		block_break(h, o->breaks);
	if (o->kind == ITEM)
		h->bullet = 0;
	h->pre -= o->pre;
	h->quote -= o->quote;
	h->list -= o->kind == LIST || o->kind == NUMBERED;
}

/*
 * The parser walks its stack of names on every end tag, so that stack is kept
 * short: past the bound the new element takes the place of its parent.
 */
static void
bound_depth(struct html *h)
{
	htmlParserCtxtPtr c = h->parser;

	if (c->nameNr > HTML_DEPTH) {
		c->nameTab[c->nameNr - 2] = c->nameTab[c->nameNr - 1];
		c->nameNr--;
	}
	if (h->depth >= HTML_DEPTH)
		element_end(h);
}

static void
on_start(void *arg, const xmlChar *name, const xmlChar **atts)
{
	struct html *h = arg;
	/* Bare text gets a paragraph around it that nobody wrote: its name
	 * is the parser's own. */
	bool implied = atts == NULL && name[0] == 'p' && name[1] == '\0' &&
		       !xmlDictOwns(h->parser->dict, name);

	bound_depth(h);
	element_start(h, element_kind((const char *)name),
	    (const char *const *)atts, implied);
}

static void
on_end(void *arg, const xmlChar *name)
{
	struct html *h = arg;
	enum kind kind = element_kind((const char *)name);
	int i = h->depth;

	while (i > 0 && h->stack[i - 1].kind != kind)
		i--;
	if (i == 0)
		return;
	while (h->depth >= i)
		element_end(h);
}

static void
on_text(void *arg, const xmlChar *p, int n)
{
	struct html *h = arg;

	struct str s = str_make((const char *)p, n > 0 ? (size_t)n : 0);

	if (h->hidden > 0 || s.n == 0)
		return;
	if (h->quote > 0 && !h->typed && str_trim(s).n > 0)
		typed_begin(h);
	put_text(h, s);
}

static void
feed(htmlParserCtxtPtr parser, struct str s)
{
	while (s.n > 0 && !parser->disableSAX) {
		struct str now = str_sub(s, 0, CHUNK);

		htmlParseChunk(parser, now.p, (int)now.n, 0);
		s = str_sub(s, now.n, s.n);
	}
}

static void
parse(htmlParserCtxtPtr parser, struct str s)
{
	struct tags tags = { 0 };

	while (s.n > 0) {
		size_t n = tags_calm(&tags, s);
		ptrdiff_t end;

		feed(parser, str_sub(s, 0, n));
		s = str_sub(s, n, s.n);
		if (s.n == 0)
			break;
		/* The rest of the tag is dropped. */
		end = str_chr(s, '>');
		if (end < 0)
			break;
		s = str_sub(s, (size_t)end, s.n);
	}
	htmlParseChunk(parser, NULL, 0, 1);
}

static int
run(struct html *h, struct str s, struct err *e)
{
	htmlSAXHandler sax = {
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
	};

	h->parser = htmlCreatePushParserCtxt(
	    &sax, h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (h->parser == NULL)
		return err_set(e, "libxml2 gives no HTML parser");
	htmlCtxtUseOptions(h->parser,
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	/* Past the limit a name is no name, and its tag is dropped. */
	xmlDictSetLimit(h->parser->dict, NAMES_MAX);
	/* Behind the end of the outermost element the parser stops, and mail
	 * has text there: so that end never comes.  The depth counts html
	 * and body tags in wrong places, whose ends are passed over. */
	htmlParseChunk(h->parser, "<body>", 6, 0);
	h->parser->depth = HTML_MAX;
	parse(h->parser, s);
	htmlFreeParserCtxt(h->parser);
	return 0;
}

int
html_to_text(struct str html, struct buf *out, struct err *e)
{
	struct buf clean;
	struct html h = { .out = out, .start = out->n };
	int rc;

	if (html.n > HTML_MAX)
		return err_set(e, "HTML of %zu bytes is past the limit of %d",
		    html.n, HTML_MAX);
	buf_init(&clean, 3 * HTML_MAX);
	buf_init(&h.url, HTML_MAX);
	/* The parser takes other bytes for Latin-1 and NUL for the end. */
	if (!utf8_is_valid(html) ||
	    (html.n > 0 && memchr(html.p, 0, html.n) != NULL)) {
		utf8_clean(html, &clean);
		html = buf_str(&clean);
	}
	rc = run(&h, html, e);
	buf_release(&h.url);
	buf_release(&clean);
	if (rc == 0 && out->over)
		rc = err_set(e,
		    "the text of an HTML part is past the limit "
		    "of %zu bytes",
		    out->max);
	return rc;
}
