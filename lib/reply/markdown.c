#include "json/escape.h"
#include "core/text/ascii.h"
#include "reply/markdown.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

const char *const markup_words[] = { "text", "html", "slack", "whatsapp",
	"telegram", "discord", NULL };

enum link_style { LINK_TEXT, LINK_SLACK, LINK_HTML, LINK_MARKDOWN };

/* How each chat writes what CommonMark has.  HTML is cmark's own. */
static const struct style {
	const char *strong[2], *emph[2], *code[2], *block[2], *quote[2];
	const char *bullet;
	bool bold_heading;
	enum link_style link;
} styles[] = {
	[MARKUP_TEXT] = { { "", "" }, { "", "" }, { "", "" }, { "", "" },
	    { "", "" }, "- ", false, LINK_TEXT },
	[MARKUP_SLACK] = { { "*", "*" }, { "_", "_" }, { "`", "`" },
	    { "```\n", "```" }, { "", "" }, "• ", true, LINK_SLACK },
	[MARKUP_WHATSAPP] = { { "*", "*" }, { "_", "_" }, { "`", "`" },
	    { "```\n", "```" }, { "", "" }, "- ", true, LINK_TEXT },
	[MARKUP_TELEGRAM] = { { "<b>", "</b>" }, { "<i>", "</i>" },
	    { "<code>", "</code>" }, { "<pre>", "</pre>" },
	    { "<blockquote>", "</blockquote>" }, "• ", true, LINK_HTML },
	[MARKUP_DISCORD] = { { "**", "**" }, { "*", "*" }, { "`", "`" },
	    { "```\n", "```" }, { "", "" }, "- ", true, LINK_MARKDOWN },
};

/* A list's item or a quote that the line is in. */
struct level {
	bool quote, used; /* used: its marker is written */
	int number; /* of the item in its list */
	char marker[24];
};

struct walk {
	const struct style *style;
	enum markup markup;
	struct buf *out;
	struct level levels[MARKDOWN_DEPTH];
	size_t depth; /* may be past MARKDOWN_DEPTH */
	unsigned strong, emph, quotes;
	size_t link_at; /* where the label began */
	bool any; /* something is written */
	bool fresh; /* the next text opens a line */
	bool glued; /* the next block follows at once */
};

static bool
in_url(struct str text, size_t i)
{
	size_t from = i;

	while (from > 0 && !ascii_is_in(text.p[from - 1], " \t\n<>()"))
		from--;
	return str_starts(str_sub(text, from, text.n), STR("http://")) ||
	       str_starts(str_sub(text, from, text.n), STR("https://"));
}

/* Slack knows no &quot;. */
static void
escape_slack(struct str s, struct buf *out)
{
	struct str rest = s, piece;

	while (rest.p != NULL) {
		piece = str_split(&rest, '"');
		html_escape(out, piece);
		if (rest.p != NULL)
			buf_add_char(out, '"');
	}
}

static void
escape_discord(struct str s, struct buf *out)
{
	bool url = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool opens = i == 0 || s.p[i - 1] == '\n';

		if (opens || ascii_is_in(s.p[i - 1], " \t<("))
			url = in_url(s, i + 1);
		if (c == ' ' || c == '\n')
			url = false;
		if (!url && c != '\0' &&
		    (ascii_is_in(c, "\\*_~`|[]<") ||
			(opens && ascii_is_in(c, ">#-"))))
			buf_add_char(out, '\\');
		buf_add_char(out, c);
	}
}

void
markup_escape(struct str text, enum markup m, struct buf *out)
{
	if (m == MARKUP_HTML || m == MARKUP_TELEGRAM)
		html_escape(out, text);
	else if (m == MARKUP_SLACK)
		escape_slack(text, out);
	else if (m == MARKUP_DISCORD)
		escape_discord(text, out);
	else
		buf_add_str(out, text);
}

static void
put_prefix(struct walk *w, bool blank)
{
	size_t before = w->out->n;

	for (size_t i = 0; i < w->depth && i < MARKDOWN_DEPTH; i++) {
		struct level *l = &w->levels[i];

		if (l->quote) {
			if (l->used || !blank)
				buf_add_z(w->out, l->marker);
			l->used |= !blank;
		} else if (!l->used) {
			if (!blank)
				buf_add_z(w->out, l->marker);
			l->used |= !blank;
		} else {
			/* Bytes would be too many for a wide bullet. */
			for (const char *p = l->marker; *p != '\0'; p++)
				if ((*p & 0xc0) != 0x80)
					buf_add_char(w->out, ' ');
		}
	}
	while (blank && w->out->n > before && w->out->p[w->out->n - 1] == ' ')
		w->out->n--;
}

static void
raw(struct walk *w, const char *s)
{
	if (*s == '\0')
		return;
	if (w->fresh)
		put_prefix(w, false);
	w->fresh = false;
	w->any = true;
	buf_add_z(w->out, s);
}

static void
newline(struct walk *w)
{
	if (w->fresh)
		put_prefix(w, true);
	buf_add_char(w->out, '\n');
	w->fresh = true;
}

static void
text(struct walk *w, const char *s)
{
	if (*s == '\0')
		return;
	if (w->fresh)
		put_prefix(w, false);
	w->fresh = false;
	w->any = true;
	markup_escape(str_of(s), w->markup, w->out);
}

/* Code: its lines with the prefix; only what would end it is changed. */
static void
code_lines(struct walk *w, const char *s)
{
	struct str rest = str_of(s);

	while (rest.p != NULL && rest.n > 0) {
		struct str line = str_line(&rest);

		if (w->fresh)
			put_prefix(w, line.n == 0);
		w->fresh = false;
		w->any = true;
		if (w->markup == MARKUP_SLACK || w->markup == MARKUP_TELEGRAM)
			markup_escape(line, w->markup, w->out);
		else
			buf_add_str(w->out, line);
		if (rest.p == NULL || rest.n == 0)
			break;
		buf_add_char(w->out, '\n');
		w->fresh = true;
	}
}

/* Does a blank line stand before this block? */
static bool
is_apart(cmark_node *n)
{
	cmark_node *up = cmark_node_parent(n);

	while (up != NULL && cmark_node_previous(n) == NULL &&
	       cmark_node_get_type(up) != CMARK_NODE_DOCUMENT) {
		n = up;
		up = cmark_node_parent(n);
	}
	if (up == NULL)
		return true;
	if (cmark_node_get_type(up) == CMARK_NODE_ITEM)
		up = cmark_node_parent(up);
	return cmark_node_get_type(up) != CMARK_NODE_LIST ||
	       !cmark_node_get_list_tight(up);
}

static void
open_block(struct walk *w, cmark_node *n)
{
	if (w->any && !w->glued) {
		newline(w);
		if (is_apart(n))
			newline(w);
	}
	w->glued = false;
	w->fresh = true;
}

static void
push(struct walk *w, bool quote, const char *marker, int number)
{
	if (w->depth++ >= MARKDOWN_DEPTH)
		return;
	w->levels[w->depth - 1] =
	    (struct level){ .quote = quote, .number = number };
	snprintf(w->levels[w->depth - 1].marker, sizeof(w->levels[0].marker),
	    "%s", marker);
}

static void
item(struct walk *w, cmark_node *n, bool enter)
{
	cmark_node *list = cmark_node_parent(n);
	char marker[24];
	int number = cmark_node_get_list_start(list);

	if (!enter) {
		/* An item without content has its marker all the same. */
		if (w->depth <= MARKDOWN_DEPTH &&
		    !w->levels[w->depth - 1].used &&
		    cmark_node_first_child(n) == NULL) {
			open_block(w, n);
			put_prefix(w, false);
			w->fresh = false;
			w->any = true;
		}
		w->depth--;
		return;
	}
	snprintf(marker, sizeof(marker), "%s", w->style->bullet);
	/* The item before it stood at the same depth. */
	if (cmark_node_previous(n) != NULL)
		number = w->depth < MARKDOWN_DEPTH
			     ? w->levels[w->depth].number + 1
			     : 1;
	if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST)
		snprintf(marker, sizeof(marker), "%d. ", number);
	push(w, false, marker, number);
}

static void
quote(struct walk *w, cmark_node *n, bool enter)
{
	if (w->markup != MARKUP_TELEGRAM) {
		if (enter)
			push(w, true, "> ", 0);
		else
			w->depth--;
		return;
	}
	/* Telegram's do not nest. */
	if (enter && w->quotes++ == 0) {
		open_block(w, n);
		raw(w, w->style->quote[0]);
		w->glued = true;
	} else if (!enter && --w->quotes == 0) {
		w->glued = false;
		buf_add_z(w->out, w->style->quote[1]);
	}
}

static bool
leads(const char *url)
{
	static const char *const schemes[] = { "http://", "https://",
		"mailto:", "tel:", NULL };

	for (int i = 0; url != NULL && schemes[i] != NULL; i++)
		if (str_starts_nocase(str_of(url), str_of(schemes[i])))
			return true;
	return false;
}

/* A URL without the characters that would end it in its frame. */
static void
put_url(struct walk *w, const char *url)
{
	for (const char *p = url; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || ascii_is_in(*p, "<>|\"()\\"))
			buf_printf(w->out, "%%%02X", (unsigned char)*p);
		else if (*p == '&' && w->style->link != LINK_MARKDOWN)
			buf_add_z(w->out, "&amp;");
		else
			buf_add_char(w->out, *p);
}

/* "label (url)", or the label alone where it says the same. */
static void
put_address(struct walk *w, const char *url)
{
	struct str label =
	    str_sub(buf_str(w->out), w->link_at, w->out->n - w->link_at);
	struct str to = str_of(url);

	if (str_starts_nocase(to, STR("mailto:")))
		to = str_sub(to, 7, to.n);
	else if (str_starts_nocase(to, STR("tel:")))
		to = str_sub(to, 4, to.n);
	if (to.n == 0 || str_eq(label, to) || str_eq(label, str_of(url)))
		return;
	raw(w, label.n == 0 ? "" : " (");
	markup_escape(to, w->markup, w->out);
	w->any = true;
	buf_add_z(w->out, label.n == 0 ? "" : ")");
}

static void
link(struct walk *w, cmark_node *n, bool enter)
{
	const char *url = cmark_node_get_url(n);
	enum link_style how = leads(url) ? w->style->link : LINK_TEXT;

	if (how == LINK_TEXT) {
		if (enter && w->fresh)
			put_prefix(w, false), w->fresh = false;
		if (enter)
			w->link_at = w->out->n;
		else
			put_address(w, url == NULL ? "" : url);
		return;
	}
	if (enter) {
		raw(w, how == LINK_SLACK  ? "<"
		       : how == LINK_HTML ? "<a href=\""
					  : "[");
		if (how != LINK_MARKDOWN)
			put_url(w, url);
		buf_add_z(w->out, how == LINK_SLACK  ? "|"
				  : how == LINK_HTML ? "\">"
						     : "");
		return;
	}
	buf_add_z(w->out, how == LINK_SLACK  ? ">"
			  : how == LINK_HTML ? "</a>"
					     : "](");
	if (how == LINK_MARKDOWN) {
		put_url(w, url);
		buf_add_char(w->out, ')');
	}
}

/* Marks do not nest in themselves. */
static void
mark(struct walk *w, unsigned *depth, const char *const pair[2], bool enter)
{
	if (enter ? (*depth)++ == 0 : --*depth == 0)
		raw(w, pair[!enter]);
}

static void
leaf(struct walk *w, cmark_node *n, cmark_node_type type)
{
	const struct style *s = w->style;

	switch (type) {
	case CMARK_NODE_TEXT:
		text(w, cmark_node_get_literal(n));
		break;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		newline(w);
		break;
	case CMARK_NODE_CODE:
		raw(w, s->code[0]);
		code_lines(w, cmark_node_get_literal(n));
		raw(w, s->code[1]);
		break;
	case CMARK_NODE_CODE_BLOCK:
		open_block(w, n);
		raw(w, s->block[0]);
		w->fresh |= s->block[0][0] == '`';
		code_lines(w, cmark_node_get_literal(n));
		if (s->block[1][0] == '`')
			newline(w);
		raw(w, s->block[1]);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		open_block(w, n);
		raw(w, "---");
		break;
	default:
		break;
	}
}

static void
visit(struct walk *w, cmark_node *n, bool enter)
{
	cmark_node_type type = cmark_node_get_type(n);
	const struct style *s = w->style;

	switch (type) {
	case CMARK_NODE_PARAGRAPH:
		if (enter)
			open_block(w, n);
		break;
	case CMARK_NODE_HEADING:
		if (enter)
			open_block(w, n);
		if (s->bold_heading)
			mark(w, &w->strong, s->strong, enter);
		break;
	case CMARK_NODE_ITEM:
		item(w, n, enter);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		quote(w, n, enter);
		break;
	case CMARK_NODE_STRONG:
		mark(w, &w->strong, s->strong, enter);
		break;
	case CMARK_NODE_EMPH:
		mark(w, &w->emph, s->emph, enter);
		break;
	case CMARK_NODE_LINK:
	case CMARK_NODE_IMAGE:
		link(w, n, enter);
		break;
	default:
		if (enter)
			leaf(w, n, type);
	}
}

/* HTML that somebody typed is text: nothing is lost, nothing is trusted. */
static void
unhtml(cmark_node *root)
{
	cmark_iter *it = cmark_iter_new(root);

	while (cmark_iter_next(it) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(it), *t, *p;
		cmark_node_type type = cmark_node_get_type(n);
		struct str s;
		char *literal;

		if (type != CMARK_NODE_HTML_BLOCK &&
		    type != CMARK_NODE_HTML_INLINE)
			continue;
		s = str_trim_right(str_of(cmark_node_get_literal(n)));
		literal = strndup(s.p, s.n);
		t = p = cmark_node_new(CMARK_NODE_TEXT);
		cmark_node_set_literal(t, literal == NULL ? "" : literal);
		free(literal);
		if (type == CMARK_NODE_HTML_BLOCK) {
			p = cmark_node_new(CMARK_NODE_PARAGRAPH);
			cmark_node_append_child(p, t);
		}
		cmark_node_replace(n, p);
		cmark_iter_reset(it, p, CMARK_EVENT_EXIT);
		if (p == t)
			cmark_iter_reset(it, p, CMARK_EVENT_ENTER);
		cmark_node_free(n);
	}
	cmark_iter_free(it);
}

static cmark_node *
parse(struct str body)
{
	cmark_node *root =
	    cmark_parse_document(body.p, body.n, CMARK_OPT_VALIDATE_UTF8);

	unhtml(root);
	return root;
}

bool
markdown_is_plain(struct str body)
{
	cmark_node *root = parse(body);
	cmark_iter *it = cmark_iter_new(root);
	bool plain = true;

	while (plain && cmark_iter_next(it) != CMARK_EVENT_DONE)
		switch (cmark_node_get_type(cmark_iter_get_node(it))) {
		case CMARK_NODE_DOCUMENT:
		case CMARK_NODE_PARAGRAPH:
		case CMARK_NODE_TEXT:
		case CMARK_NODE_SOFTBREAK:
		case CMARK_NODE_LINEBREAK:
			break;
		default:
			plain = false;
		}
	cmark_iter_free(it);
	cmark_node_free(root);
	return plain;
}

static void
render_html(cmark_node *root, struct buf *out)
{
	char *html =
	    cmark_render_html(root, CMARK_OPT_SAFE | CMARK_OPT_HARDBREAKS);

	buf_add_z(out, html);
	free(html);
}

int
markdown_render(struct str body, enum markup m, struct buf *out, struct err *e)
{
	struct walk w = { .markup = m, .out = out, .fresh = true };
	cmark_node *root;
	cmark_iter *it;
	cmark_event_type ev;

	if (body.n > MARKDOWN_MAX)
		return err_set(
		    e, "the body is longer than %d bytes", MARKDOWN_MAX);
	root = parse(body);
	if (m == MARKUP_HTML) {
		render_html(root, out);
	} else {
		w.style = &styles[m];
		it = cmark_iter_new(root);
		while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE)
			visit(&w, cmark_iter_get_node(it),
			    ev == CMARK_EVENT_ENTER);
		cmark_iter_free(it);
	}
	cmark_node_free(root);
	return out->over ? err_set(e, "the body is too long") : 0;
}
