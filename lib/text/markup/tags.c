#include "text/markup/tags.h"

enum { ATTRIBUTES_MAX = 512 };

/*
 * Where a tag begins is the parser's affair (comments, scripts), so every "<"
 * is followed as if it began one: a set of states, each with the most
 * attributes that a way into it has seen.
 */
enum state { NAME, GAP, EQUALS, BARE, DOUBLE, SINGLE, STATES = TAGS_STATES };

enum { SPACE = 1, OTHER = 2 };

static const unsigned char classes[256] = {
	[' '] = SPACE,
	['\t'] = SPACE,
	['\n'] = SPACE,
	['\v'] = SPACE,
	['\f'] = SPACE,
	['\r'] = SPACE,
	['/'] = OTHER,
	['='] = OTHER,
	['"'] = OTHER,
	['\''] = OTHER,
	['<'] = OTHER,
	['>'] = OTHER,
};

static enum state
next_state(enum state s, char b)
{
	bool space = classes[(unsigned char)b] == SPACE;

	switch (s) {
	case NAME:
	case GAP:
		return b == '='                                     ? EQUALS
		       : space || b == '/' || b == '"' || b == '\'' ? GAP
								    : NAME;
	case EQUALS:
		return space       ? EQUALS
		       : b == '"'  ? DOUBLE
		       : b == '\'' ? SINGLE
				   : BARE;
	case BARE:
		return space ? GAP : BARE;
	case DOUBLE:
		return b == '"' ? GAP : DOUBLE;
	default:
		return b == '\'' ? GAP : SINGLE;
	}
}

static void
arrive(struct tags *c, enum state s, int n)
{
	if ((c->set & 1U << s) == 0 || c->count[s] < n)
		c->count[s] = n;
	c->set |= 1U << s;
}

/* True where some way has led to too many attributes: it ends here. */
static bool
step(struct tags *c, char b)
{
	struct tags from = *c;
	bool over = false;

	c->set = 0;
	for (enum state s = NAME; s < STATES; s++) {
		int n = from.count[s];
		enum state to;

		if ((from.set & 1U << s) == 0 || (b == '>' && s < DOUBLE))
			continue;
		to = next_state(s, b);
		n += s == GAP && to == NAME;
		n += s <= GAP && to == EQUALS;
		if (n > ATTRIBUTES_MAX)
			over = true;
		else
			arrive(c, to, n);
	}
	if (b == '<')
		arrive(c, NAME, 0);
	return over;
}

/* Past the bytes that change nothing: nearly all of them. */
static size_t
skip(const struct tags *c, struct str s, size_t i)
{
	ptrdiff_t at;

	switch (c->set) {
	case 0:
		at = str_chr(str_sub(s, i, s.n), '<');
		return at < 0 ? s.n : i + (size_t)at;
	case 1U << NAME:
	case 1U << BARE:
		while (i < s.n && classes[(unsigned char)s.p[i]] == 0)
			i++;
		return i;
	case 1U << DOUBLE:
		while (i < s.n && s.p[i] != '"' && s.p[i] != '<')
			i++;
		return i;
	case 1U << SINGLE:
		while (i < s.n && s.p[i] != '\'' && s.p[i] != '<')
			i++;
		return i;
	default:
		return i;
	}
}

size_t
tags_calm(struct tags *t, struct str s)
{
	for (size_t i = skip(t, s, 0); i < s.n; i = skip(t, s, i + 1))
		if (step(t, s.p[i]))
			return i;
	return s.n;
}
