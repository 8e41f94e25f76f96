#include "source/peek.h"

#include "core/text/ascii.h"

struct str
peek_unmarked(struct str head)
{
	head = str_trim(head);
	return str_starts(head, STR("\xef\xbb\xbf"))
		   ? str_trim(str_sub(head, 3, head.n))
		   : head;
}

bool
json_peek_is(struct str head)
{
	head = peek_unmarked(head);
	return head.n > 0 && (head.p[0] == '{' || head.p[0] == '[');
}

struct cursor {
	struct str s;
	size_t i;
	void (*see)(void *, const struct peeked *);
	void *arg;
};

static char
at(const struct cursor *c)
{
	return c->i < c->s.n ? c->s.p[c->i] : 0;
}

static void
skip_space(struct cursor *c)
{
	while (c->i < c->s.n && (at(c) == ' ' || at(c) == '\t' ||
				    at(c) == '\n' || at(c) == '\r'))
		c->i++;
}

/* From a quote to behind the next; the content. */
static struct str
take_string(struct cursor *c)
{
	size_t from = ++c->i;

	while (c->i < c->s.n && at(c) != '"')
		c->i += at(c) == '\\' ? 2 : 1;
	if (c->i > c->s.n)
		c->i = c->s.n;
	return str_sub(c->s, from, c->i++ - from);
}

/* Up to the comma or bracket behind a value, or out of so many brackets. */
static void
skip_value(struct cursor *c, size_t open)
{
	while (c->i < c->s.n) {
		char b = at(c);

		if (b == '"') {
			take_string(c);
			continue;
		}
		if (open == 0 && (b == ',' || b == '}' || b == ']'))
			return;
		if (b == '{' || b == '[')
			open++;
		c->i++;
		if ((b == '}' || b == ']') && --open == 0)
			return;
	}
}

static void walk(struct cursor *c, struct str within, bool inner);

/* Into an object, or the first of a list of them, and out again. */
static void
walk_into(struct cursor *c, struct str name)
{
	bool list = at(c) == '[';

	if (list) {
		c->i++;
		skip_space(c);
	}
	if (at(c) == '{')
		walk(c, name, true);
	if (list)
		skip_value(c, 1);
}

/* The members of an object, from its bracket to behind the other. */
static void
walk(struct cursor *c, struct str within, bool inner)
{
	c->i++;
	for (;;) {
		struct peeked p = { .within = within };

		skip_space(c);
		if (at(c) == ',') {
			c->i++;
			continue;
		}
		if (at(c) != '"')
			break;
		p.name = take_string(c);
		skip_space(c);
		if (at(c) != ':')
			break;
		c->i++;
		skip_space(c);
		p.first = at(c);
		if (p.first == '"')
			p.text = take_string(c);
		c->see(c->arg, &p);
		if (!inner && (p.first == '{' || p.first == '['))
			walk_into(c, p.name);
		else if (p.first != '"')
			skip_value(c, 0);
	}
	if (at(c) == '}')
		c->i++;
}

void
json_peek(
    struct str head, void (*see)(void *, const struct peeked *), void *arg)
{
	struct cursor c = { head, 0, see, arg };

	if (str_starts(head, STR("\xef\xbb\xbf")))
		c.i = 3;
	skip_space(&c);
	if (at(&c) == '[') {
		c.i++;
		skip_space(&c);
	}
	if (at(&c) == '{')
		walk(&c, STR(""), false);
}

struct wanted {
	const char *const *names;
	struct str found;
};

static void
see_list(void *arg, const struct peeked *p)
{
	struct wanted *w = arg;

	if (w->found.p != NULL || p->within.n > 0 || p->first != '[')
		return;
	for (const char *const *n = w->names; *n != NULL; n++)
		if (str_is(p->name, *n))
			w->found = p->name;
}

size_t
json_peek_list(struct str head, const char *const *names, struct str *name)
{
	struct wanted w = { .names = names };
	size_t i;

	json_peek(head, see_list, &w);
	*name = w.found;
	if (w.found.p == NULL)
		return SIZE_MAX;
	i = (size_t)(w.found.p - head.p) + w.found.n;
	while (i < head.n && head.p[i] != '[')
		i++;
	return i;
}

/* Behind a declaration, a comment, or a document type with its subset. */
static size_t
declaration_end(struct str s)
{
	size_t brackets = 0;

	if (str_starts(s, STR("<!--"))) {
		ptrdiff_t end = str_find(s, STR("-->"));

		return end < 0 ? s.n : (size_t)end + 3;
	}
	for (size_t i = 0; i < s.n; i++) {
		brackets += s.p[i] == '[';
		brackets -= s.p[i] == ']' && brackets > 0;
		if (s.p[i] == '>' && brackets == 0)
			return i + 1;
	}
	return s.n;
}

struct str
xml_peek(struct str head)
{
	size_t n = 0;

	head = peek_unmarked(head);
	while (head.n > 1 && head.p[0] == '<' &&
	       (head.p[1] == '?' || head.p[1] == '!'))
		head = str_trim(str_sub(head, declaration_end(head), head.n));
	if (head.n < 2 || head.p[0] != '<')
		return STR_NONE;
	head = str_sub(head, 1, head.n);
	while (n < head.n && !ascii_is_in(head.p[n], " \t\r\n/><"))
		n++;
	return n == 0 || n == head.n ? STR_NONE : str_sub(head, 0, n);
}
