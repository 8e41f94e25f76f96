/*
 * Tags of a text, and the tree of a stanza.  Cost: a pass over its bytes.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/xmpp/xmpp.h"

enum {
	DEPTH = 64, /* elements in elements */
	ENTITY = 12, /* bytes of &#x10ffff; */
};

struct str
xmpp_local(struct str name)
{
	ptrdiff_t colon = str_chr(name, ':');

	return str_sub(name, (size_t)(colon + 1), name.n);
}

/* What begins with one text and ends with another. */
static bool
skip(struct str s, struct xmpp_tag *t, struct str begin, struct str end)
{
	struct str rest = str_sub(s, t->begin, s.n);
	ptrdiff_t at;

	if (!str_starts(rest, begin))
		return false;
	at = str_find(str_sub(rest, begin.n, rest.n), end);
	if (at < 0) {
		t->kind = XMPP_TAG_NONE;
		return true;
	}
	t->kind = XMPP_TAG_OTHER;
	t->end = t->begin + begin.n + (size_t)at + end.n;
	return true;
}

/* Behind the ">" that stands in no quotes; 0 where there is none. */
static size_t
tag_end(struct str s, size_t i)
{
	char quote = '\0';

	for (; i < s.n; i++) {
		if (quote != '\0')
			quote = s.p[i] == quote ? '\0' : quote;
		else if (s.p[i] == '"' || s.p[i] == '\'')
			quote = s.p[i];
		else if (s.p[i] == '>')
			return i + 1;
		else if (s.p[i] == '<')
			return i;
	}
	return 0;
}

void
xmpp_tag(struct str s, size_t from, struct xmpp_tag *t)
{
	const char *p = from < s.n ? memchr(s.p + from, '<', s.n - from) : NULL;
	size_t i, end;

	*t = (struct xmpp_tag){ .kind = XMPP_TAG_NONE, .begin = s.n };
	if (p == NULL)
		return;
	t->begin = (size_t)(p - s.p);
	if (skip(s, t, STR("<!--"), STR("-->")) ||
	    skip(s, t, STR("<![CDATA["), STR("]]>")) ||
	    skip(s, t, STR("<?"), STR("?>")) || skip(s, t, STR("<!"), STR(">")))
		return;
	t->end = tag_end(s, t->begin + 1);
	if (t->end == 0)
		return;
	i = t->begin + 1;
	t->kind = XMPP_TAG_OPEN;
	if (i < t->end && s.p[i] == '/') {
		t->kind = XMPP_TAG_CLOSE;
		i++;
	}
	end = t->end - (s.p[t->end - 1] == '>');
	if (t->kind == XMPP_TAG_OPEN && end > i && s.p[end - 1] == '/') {
		t->kind = XMPP_TAG_EMPTY;
		end--;
	}
	from = i;
	while (i < end && !ascii_is_space(s.p[i]))
		i++;
	t->name = str_sub(s, from, i - from);
	t->attrs = str_sub(s, i, end - i);
}

/* The next attribute off *rest. */
static bool
next_attr(struct str *rest, struct str *name, struct str *value)
{
	struct str s = str_trim(*rest);
	ptrdiff_t eq = str_chr(s, '='), end;
	char quote;

	if (eq <= 0)
		return false;
	*name = str_trim(str_sub(s, 0, (size_t)eq));
	s = str_trim(str_sub(s, (size_t)eq + 1, s.n));
	if (s.n < 2 || (s.p[0] != '"' && s.p[0] != '\''))
		return false;
	quote = s.p[0];
	s = str_sub(s, 1, s.n);
	end = str_chr(s, quote);
	if (end < 0)
		return false;
	*value = str_sub(s, 0, (size_t)end);
	*rest = str_sub(s, (size_t)end + 1, s.n);
	return true;
}

struct str
xmpp_attr(struct str attrs, const char *name)
{
	struct str n, v;

	while (next_attr(&attrs, &n, &v))
		if (str_is(n, name))
			return v;
	return STR_NONE;
}

/* "&lt;", "&#x41;": the bytes; 0 where it is none. */
static size_t
entity(struct str s, char out[4])
{
	static const struct {
		const char *name;
		char c;
	} known[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' },
		{ "quot", '"' }, { "apos", '\'' } };
	uint32_t c = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is(s, known[i].name)) {
			out[0] = known[i].c;
			return 1;
		}
	if (s.n < 2 || s.p[0] != '#')
		return 0;
	for (size_t i = s.p[1] == 'x' ? 2 : 1; i < s.n; i++) {
		int d = ascii_hex(s.p[i]);

		if (d < 0 || (s.p[1] != 'x' && d > 9))
			return 0;
		c = c * (s.p[1] == 'x' ? 16 : 10) + (uint32_t)d;
		if (c > 0x10ffff)
			return 0;
	}
	return c == 0 || (c >= 0xd800 && c < 0xe000) ? 0 : utf8_put(out, c);
}

static struct str
decoded(struct str s, struct arena *a)
{
	char *out;
	size_t n = 0;

	if (str_chr(s, '&') < 0)
		return s;
	out = arena_alloc(a, s.n + 4);
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_sub(s, i + 1, ENTITY);
		ptrdiff_t end = s.p[i] == '&' ? str_chr(rest, ';') : -1;
		size_t used =
		    end > 0 ? entity(str_sub(rest, 0, (size_t)end), out + n)
			    : 0;

		if (used == 0) {
			out[n++] = s.p[i];
			continue;
		}
		n += used;
		i += (size_t)end + 1;
	}
	return str_make(out, n);
}

struct str
xmpp_value(const struct xmpp_node *n, const char *name, struct arena *a)
{
	struct str s = n == NULL ? STR_NONE : xmpp_attr(n->attrs, name);

	return s.n == 0 ? STR_NONE : decoded(s, a);
}

/* The namespace of an element: its prefix's, or the one that is inherited. */
static struct str
namespace_of(const struct xmpp_node *n, struct str qname)
{
	char name[64] = "xmlns";
	ptrdiff_t colon = str_chr(qname, ':');

	if (colon > 0 && (size_t)colon + 7 < sizeof(name)) {
		name[5] = ':';
		memcpy(name + 6, qname.p, (size_t)colon);
		name[6 + colon] = '\0';
	}
	for (; n != NULL; n = n->parent) {
		struct str s = xmpp_attr(n->attrs, name);

		if (s.p != NULL)
			return s;
	}
	return STR("");
}

static struct xmpp_node *
add_node(struct xmpp_node *at, const struct xmpp_tag *t, struct arena *a)
{
	struct xmpp_node *n = arena_calloc(a, 1, sizeof(*n));

	n->name = xmpp_local(t->name);
	n->attrs = t->attrs;
	n->parent = at;
	n->text = STR("");
	n->ns = namespace_of(n, t->name);
	if (at != NULL && at->last != NULL)
		at->last->next = n;
	else if (at != NULL)
		at->first = n;
	if (at != NULL)
		at->last = n;
	return n;
}

static void
add_text(struct xmpp_node *at, struct str s, struct arena *a)
{
	if (at == NULL || s.n == 0)
		return;
	at->text = at->text.n == 0 ? s : ARENA_JOIN(a, at->text, s);
}

struct xmpp_node *
xmpp_parse(struct str s, struct arena *a, struct err *e)
{
	struct xmpp_node *root = NULL, *at = NULL;
	struct xmpp_tag t;
	size_t from = 0, depth = 0;

	for (;; from = t.end) {
		xmpp_tag(s, from, &t);
		add_text(at, decoded(str_sub(s, from, t.begin - from), a), a);
		if (t.kind == XMPP_TAG_NONE)
			break;
		if (t.kind == XMPP_TAG_OTHER) {
			struct str raw = str_sub(s, t.begin, t.end - t.begin);

			if (str_starts(raw, STR("<![CDATA[")))
				add_text(at, str_sub(raw, 9, raw.n - 12), a);
			continue;
		}
		if (t.kind == XMPP_TAG_CLOSE) {
			if (at == NULL || !str_eq(at->name, xmpp_local(t.name)))
				break;
			at = at->parent;
			depth--;
			if (at == NULL)
				return root;
			continue;
		}
		if (++depth > DEPTH) {
			err_set(e, "elements nested deeper than %d", DEPTH);
			return NULL;
		}
		at = add_node(at, &t, a);
		if (root == NULL)
			root = at;
		if (t.kind == XMPP_TAG_EMPTY) {
			at = at->parent;
			depth--;
			if (at == NULL)
				return root;
		}
	}
	err_set(e, "no stanza of XMPP: its tags do not match");
	return NULL;
}

struct xmpp_node *
xmpp_child(const struct xmpp_node *n, const char *name, const char *ns)
{
	struct xmpp_node *c = n == NULL ? NULL : n->first;

	while (c != NULL && !((name[0] == '\0' || str_is(c->name, name)) &&
				str_starts(c->ns, str_of(ns))))
		c = c->next;
	return c;
}
