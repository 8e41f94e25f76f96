#include "text/flowed.h"

#include "core/text/ascii.h"

/* The quote marks that a line begins with. */
static size_t
marks(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	return n;
}

static void
start_line(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_add_char(out, '>');
	if (depth > 0)
		buf_add_char(out, ' ');
}

void
flowed_join(struct str s, bool delsp, struct buf *out)
{
	size_t last = 0;
	bool open = false; /* the line before flows into this one */

	while (s.p != NULL) {
		struct str line = str_line(&s);
		size_t depth = marks(line);
		bool flows;

		if (s.p == NULL && line.n == 0)
			break;
		line = str_sub(line, depth, line.n);
		/* Stuffed, so that nothing else makes of it a quote. */
		if (line.n > 0 && line.p[0] == ' ')
			line = str_sub(line, 1, line.n);
		flows = line.n > 0 && line.p[line.n - 1] == ' ' &&
			!str_is(line, "-- ");
		/* An empty line, a signature or other depth ends the
		 * paragraph, whatever was promised. */
		if (open &&
		    (depth != last || line.n == 0 || str_is(line, "-- "))) {
			buf_add_char(out, '\n');
			open = false;
		}
		if (!open)
			start_line(out, depth);
		buf_add(out, line.p, line.n - (flows && delsp ? 1 : 0));
		if (!flows)
			buf_add_char(out, '\n');
		open = flows;
		last = depth;
	}
}

/* Enriched text */

struct enriched {
	struct buf *out;
	bool rich;
	int nofill, hidden; /* how deep in such */
	size_t newlines; /* since the last character */
};

static void
put(struct enriched *t, char c)
{
	if (t->hidden > 0)
		return;
	if (t->newlines == 1)
		buf_add_char(t->out, ' ');
	for (size_t i = 1; i < t->newlines; i++)
		buf_add_char(t->out, '\n');
	t->newlines = 0;
	buf_add_char(t->out, c);
}

static void
command(struct enriched *t, struct str name)
{
	bool end = name.n > 0 && name.p[0] == '/';
	int step = end ? -1 : 1;

	name = str_sub(name, end, name.n);
	if (str_eq_nocase(name, STR("nofill"))) {
		if (t->nofill + step >= 0)
			t->nofill += step;
	} else if (str_eq_nocase(
		       name, t->rich ? STR("comment") : STR("param"))) {
		if (t->hidden + step >= 0)
			t->hidden += step;
	} else if (t->rich && str_eq_nocase(name, STR("lt")))
		put(t, '<');
	else if (t->rich && (str_eq_nocase(name, STR("nl")) ||
				str_eq_nocase(name, STR("np"))))
		put(t, '\n');
	else if (t->rich && end && str_eq_nocase(name, STR("paragraph")))
		t->newlines = 3;
}

/* The length of the command that s begins with, its brackets included. */
static size_t
command_length(struct str s)
{
	enum { LONGEST = 62 }; /* RFC 1896: 60 characters */
	size_t n = 1;

	while (n < s.n && n < LONGEST &&
	       (s.p[n] == '/' || s.p[n] == '-' ||
		   ((s.p[n] | 32) >= 'a' && (s.p[n] | 32) <= 'z') ||
		   ascii_is_digit(s.p[n])))
		n++;
	return n > 1 && n < s.n && s.p[n] == '>' ? n + 1 : 0;
}

void
enriched_to_text(struct str s, bool rich, struct buf *out)
{
	struct enriched t = { .out = out, .rich = rich };

	for (size_t i = 0; i < s.n;) {
		struct str rest = str_sub(s, i, s.n);
		size_t n;

		if (s.p[i] == '<' && (n = command_length(rest)) > 0) {
			command(&t, str_sub(rest, 1, n - 2));
			i += n;
			continue;
		}
		if (s.p[i] == '\n' && t.nofill == 0) {
			/* RFC 1341: a line's end is a blank. */
			if (!rich || t.newlines == 0)
				t.newlines++;
			i++;
			continue;
		}
		/* Two open a bracket that is one. */
		if (!rich && s.p[i] == '<' && rest.n > 1 && rest.p[1] == '<')
			i++;
		put(&t, s.p[i++]);
	}
	if (t.newlines > 0)
		buf_add_char(out, '\n');
}
