/*
 * Of XML only what a program writes from a table of names and values: elements,
 * attributes, text, the five entities and characters by number.  The values of
 * variables are escaped as in addresses of the web besides.
 */
#include <stdlib.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/freeswitch/freeswitch.h"

enum {
	DEPTH = 16,
	CHILDREN = 4096, /* of an element */
};

struct element {
	struct str name, attrs, text;
	struct element *children, *next, *last; /* last: of the children */
	size_t child_n;
	bool written;
};

struct parser {
	struct str s;
	size_t i;
	struct arena *a;
};

static bool
is_name(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.' ||
	       c == ':' || (unsigned char)c >= 0x80;
}

/* Behind comments, instructions and a DOCTYPE, to the next "<". */
static bool
to_tag(struct parser *p)
{
	for (;;) {
		struct str rest = str_sub(p->s, p->i, p->s.n);
		ptrdiff_t at = str_chr(rest, '<'), end;

		if (at < 0)
			return false;
		p->i += (size_t)at;
		rest = str_sub(p->s, p->i, p->s.n);
		if (rest.n < 2 || (rest.p[1] != '?' && rest.p[1] != '!') ||
		    str_starts(rest, STR("<![CDATA[")))
			return rest.n >= 2;
		end = str_starts(rest, STR("<!--")) ? str_find(rest, STR("-->"))
						    : str_chr(rest, '>');
		if (end < 0)
			return false;
		p->i += (size_t)end + 1;
	}
}

static struct element *take_element(struct parser *p, unsigned depth);

/* Text and children up to the end tag. */
static bool
take_content(struct parser *p, struct element *el, unsigned depth)
{
	size_t from = p->i;

	while (to_tag(p)) {
		struct str rest = str_sub(p->s, p->i, p->s.n);
		struct element *child;
		ptrdiff_t end;

		if (str_starts(rest, STR("<![CDATA["))) {
			end = str_find(rest, STR("]]>"));
			if (end < 0)
				return false;
			el->text = str_sub(rest, 9, (size_t)end - 9);
			p->i += (size_t)end + 3;
			continue;
		}
		if (rest.p[1] == '/') {
			end = str_chr(rest, '>');
			if (end < 0)
				return false;
			if (el->children == NULL && el->text.p == NULL)
				el->text =
				    str_trim(str_sub(p->s, from, p->i - from));
			p->i += (size_t)end + 1;
			return true;
		}
		child = depth < DEPTH && el->child_n < CHILDREN
			    ? take_element(p, depth + 1)
			    : NULL;
		if (child == NULL)
			return false;
		if (el->children == NULL)
			el->children = child;
		else
			el->last->next = child;
		el->last = child;
		el->child_n++;
	}
	return false;
}

static struct element *
take_element(struct parser *p, unsigned depth)
{
	struct element *el = arena_calloc(p->a, 1, sizeof(*el));
	size_t from = ++p->i;
	char quote = '\0';

	while (p->i < p->s.n && is_name(p->s.p[p->i]))
		p->i++;
	el->name = str_sub(p->s, from, p->i - from);
	from = p->i;
	for (; p->i < p->s.n && (quote != '\0' || p->s.p[p->i] != '>');
	     p->i++) {
		char c = p->s.p[p->i];

		if (quote != '\0' ? c == quote : c == '"' || c == '\'')
			quote = quote == '\0' ? c : '\0';
	}
	if (el->name.n == 0 || p->i >= p->s.n)
		return NULL;
	el->attrs = str_trim(str_sub(p->s, from, p->i - from));
	p->i++;
	if (str_ends(el->attrs, STR("/"))) {
		el->attrs = str_sub(el->attrs, 0, el->attrs.n - 1);
		return el;
	}
	return take_content(p, el, depth) ? el : NULL;
}

/* The character that a reference names; 0 where it is none. */
static uint32_t
reference(struct str name)
{
	static const struct {
		const char *name;
		char is;
	} known[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' },
		{ "quot", '"' }, { "apos", '\'' } };
	bool hex = str_starts(name, STR("#x"));
	uint32_t c = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is(name, known[i].name))
			return (unsigned char)known[i].is;
	if (name.n < 2 || name.p[0] != '#' || name.n > 8)
		return 0;
	for (size_t i = hex ? 2 : 1; i < name.n; i++) {
		int digit = ascii_hex(name.p[i]);

		if (digit < 0 || (!hex && digit > 9))
			return 0;
		c = c * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return c;
}

/* Without entities, in the arena. */
static struct str
plain(struct parser *p, struct str s)
{
	char *to;
	size_t n = 0;

	if (str_chr(s, '&') < 0)
		return s;
	to = arena_alloc(p->a, s.n + 4);
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_sub(s, i + 1, 9);
		ptrdiff_t end = s.p[i] == '&' ? str_chr(rest, ';') : -1;
		uint32_t c =
		    end > 0 ? reference(str_sub(rest, 0, (size_t)end)) : 0;

		if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
			to[n++] = s.p[i];
			continue;
		}
		n += utf8_put(to + n, c);
		i += (size_t)end + 1;
	}
	return str_make(to, n);
}

static void
write_attrs(struct parser *p, struct str s, struct writer *w)
{
	while (s.n > 0) {
		ptrdiff_t eq = str_chr(s, '='), end;
		struct str name, value;

		if (eq <= 0)
			return;
		name = str_trim(str_sub(s, 0, (size_t)eq));
		s = str_trim(str_sub(s, (size_t)eq + 1, s.n));
		if (s.n < 2)
			return;
		end = str_chr(str_sub(s, 1, s.n), s.p[0]);
		if (end < 0)
			return;
		value = str_sub(s, 1, (size_t)end);
		write_key_str(w, ARENA_JOIN(p->a, STR("@"), name));
		write_str(w, plain(p, value));
		s = str_trim(str_sub(s, (size_t)end + 2, s.n));
	}
}

static void
write_value(struct parser *p, const struct element *el, struct writer *w);

/* All children of the name of the first, which stand in a list where there are
 * several. */
static void
write_named(struct parser *p, struct element *first, struct writer *w)
{
	struct element *el = first->next;

	while (el != NULL && !str_eq(el->name, first->name))
		el = el->next;
	write_key_str(w, first->name);
	if (el == NULL) {
		write_value(p, first, w);
		return;
	}
	write_list(w);
	for (el = first; el != NULL; el = el->next)
		if (str_eq(el->name, first->name)) {
			write_value(p, el, w);
			el->written = true;
		}
	write_list_end(w);
}

static void
write_value(struct parser *p, const struct element *el, struct writer *w)
{
	if (el->children == NULL && el->attrs.n == 0) {
		write_str(w, plain(p, el->text.p == NULL ? STR("") : el->text));
		return;
	}
	write_object(w);
	write_attrs(p, el->attrs, w);
	for (struct element *c = el->children; c != NULL; c = c->next)
		if (!c->written)
			write_named(p, c, w);
	if (el->children == NULL && el->text.n > 0)
		write_member(w, "text", plain(p, el->text));
	write_object_end(w);
}

int
freeswitch_xml(struct str xml, struct writer *w, struct arena *a)
{
	struct parser p = { .s = xml, .a = a };
	struct element *root = to_tag(&p) ? take_element(&p, 0) : NULL;

	if (root == NULL || (root->children == NULL && root->attrs.n == 0))
		return -1;
	write_value(&p, root, w);
	return 0;
}
