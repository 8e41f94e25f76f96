#include "text/markup/element.h"

#include <string.h>

#include "core/text/ascii.h"
/* Sorted: found by bisection.  What is missing here is INLINE. */
static const struct {
	const char *name;
	enum kind kind;
} elements[] = {
	{ "a", LINK },
	{ "address", BLOCK },
	{ "applet", SKIP },
	{ "article", BLOCK },
	{ "aside", BLOCK },
	{ "audio", SKIP },
	{ "blockquote", QUOTE },
	{ "br", BREAK },
	{ "canvas", SKIP },
	{ "caption", BLOCK },
	{ "center", BLOCK },
	{ "dd", BLOCK },
	{ "details", BLOCK },
	{ "dir", LIST },
	{ "div", BLOCK },
	{ "dl", PARAGRAPH },
	{ "dt", BLOCK },
	{ "fieldset", BLOCK },
	{ "figcaption", BLOCK },
	{ "figure", PARAGRAPH },
	{ "footer", BLOCK },
	{ "form", BLOCK },
	{ "frameset", SKIP },
	{ "h1", PARAGRAPH },
	{ "h2", PARAGRAPH },
	{ "h3", PARAGRAPH },
	{ "h4", PARAGRAPH },
	{ "h5", PARAGRAPH },
	{ "h6", PARAGRAPH },
	{ "head", SKIP },
	{ "header", BLOCK },
	{ "hr", RULE },
	{ "iframe", SKIP },
	{ "img", IMAGE },
	{ "legend", BLOCK },
	{ "li", ITEM },
	{ "main", BLOCK },
	{ "math", SKIP },
	{ "menu", LIST },
	{ "nav", BLOCK },
	{ "object", SKIP },
	{ "ol", NUMBERED },
	{ "optgroup", SKIP },
	{ "option", SKIP },
	{ "p", PARAGRAPH },
	{ "pre", PRE },
	{ "script", SKIP },
	{ "section", BLOCK },
	{ "select", SKIP },
	{ "style", SKIP },
	{ "summary", BLOCK },
	{ "svg", SKIP },
	{ "table", BLOCK },
	{ "tbody", BLOCK },
	{ "td", CELL },
	{ "template", SKIP },
	{ "textarea", SKIP },
	{ "tfoot", BLOCK },
	{ "th", CELL },
	{ "thead", BLOCK },
	{ "title", SKIP },
	{ "tr", BLOCK },
	{ "ul", LIST },
	{ "video", SKIP },
	{ "xmp", PRE },
};

enum kind
element_kind(const char *name)
{
	size_t low = 0, high = sizeof(elements) / sizeof(*elements);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = strcmp(name, elements[mid].name);

		if (c == 0)
			return elements[mid].kind;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return INLINE;
}

static bool
is_zero(struct str v)
{
	if (v.n == 0 || v.p[0] != '0')
		return false;
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] >= '1' && v.p[i] <= '9')
			return false;
		if (v.p[i] != '0' && v.p[i] != '.')
			break;
	}
	return true;
}

struct style {
	bool zero_height, overflow_hidden;
};

static bool
name_is(struct str name, const char *lit)
{
	return str_eq_nocase(name, str_of(lit));
}

static void
declaration(struct look *l, struct style *st, struct str name, struct str v)
{
	if (name_is(name, "display"))
		l->hidden |= str_starts_nocase(v, STR("none"));
	else if (name_is(name, "visibility"))
		l->hidden |= str_starts_nocase(v, STR("hidden"));
	else if (name_is(name, "opacity"))
		l->hidden |= is_zero(v);
	else if (name_is(name, "overflow"))
		st->overflow_hidden |= str_starts_nocase(v, STR("hidden"));
	else if (name_is(name, "max-height") || name_is(name, "height"))
		st->zero_height |= is_zero(v);
	else if (name_is(name, "white-space"))
		l->pre |= str_starts_nocase(v, STR("pre")) ||
			  str_starts_nocase(v, STR("break-spaces"));
	else if (name_is(name, "margin") || name_is(name, "margin-bottom"))
		l->tight |= is_zero(v);
	else if (name_is(name, "border-left"))
		/* The bar that Outlook draws beside what it quotes. */
		l->quote |= str_find(v, STR("blue 1.5pt")) >= 0;
}

static void
read_style(struct look *l, struct str style)
{
	struct style st = { 0 };

	while (style.p != NULL) {
		struct str one = str_trim(str_split(&style, ';')), name;

		/* The properties that matter begin with one of these. */
		if (one.n < 8 || !ascii_is_in(one.p[0], "dovhmwbDOVHMWB") ||
		    str_chr(one, ':') < 0)
			continue;
		name = str_trim(str_split(&one, ':'));
		declaration(l, &st, name, str_trim(one));
	}
	l->hidden |= st.zero_height && st.overflow_hidden;
}

static bool
is_word(struct str list, const char *word)
{
	while (list.p != NULL)
		if (str_ends(str_trim(str_split(&list, ' ')), str_of(word)))
			return true;
	return false;
}

static void
attribute(struct look *l, const char *name, struct str v)
{
	if (strcmp(name, "style") == 0)
		read_style(l, v);
	else if (strcmp(name, "class") == 0) {
		l->quote |= is_word(v, "yahoo_quoted");
		l->tight |= str_starts(v, STR("Mso"));
	} else if (strcmp(name, "name") == 0)
		l->quote |= str_is(v, "quote");
	else if (strcmp(name, "hidden") == 0)
		l->hidden = true;
	else if (strcmp(name, "href") == 0)
		l->href = str_trim(v);
	else if (strcmp(name, "alt") == 0)
		l->alt = v;
	else if (strcmp(name, "width") == 0 || strcmp(name, "height") == 0)
		l->pixel |= str_is(v, "0") || str_is(v, "1");
}

struct look
element_look(enum kind kind, const char *const *atts)
{
	struct look l = { 0 };

	for (; atts != NULL && atts[0] != NULL; atts += 2)
		attribute(&l, atts[0], str_of(atts[1]));
	if (kind != BLOCK)
		l.quote = false;
	return l;
}
