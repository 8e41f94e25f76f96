/*
 * Which lines of a chat begin its messages.  An export writes all its stamps
 * in one form, so a line in any other is what somebody pasted: else a customer
 * could put words into a colleague's mouth.  The file's first line is the
 * program's own and shows the form.  Phones of Apple end a message with CR LF
 * and the lines within it with LF: there a pasted line is told even where its
 * form is the chat's.
 */
#include "source/whatsapp/whatsapp.h"

enum {
	FORMS = 8, /* told apart in one file */
	MIXED = 4, /* of a file that was put together from many */
};

struct tally {
	uint32_t forms[FORMS];
	size_t counts[FORMS];
	size_t n;
	bool first; /* the first line that is not blank has a stamp */
	bool others; /* a line has none */
};

bool
whatsapp_next_line(struct whatsapp_lines *l, struct str *line)
{
	ptrdiff_t end;

	if (l->rest.n == 0)
		return false;
	l->behind_crlf = l->crlf;
	end = str_chr(l->rest, '\n');
	*line = end < 0 ? l->rest : str_sub(l->rest, 0, (size_t)end);
	l->rest =
	    str_sub(l->rest, end < 0 ? l->rest.n : (size_t)end + 1, l->rest.n);
	l->crlf = end >= 0 && str_ends(*line, STR("\r"));
	if (str_ends(*line, STR("\r")))
		line->n--;
	return true;
}

static void
add_form(struct tally *t, uint32_t form)
{
	size_t i = 0;

	while (i < t->n && t->forms[i] != form)
		i++;
	if (i == FORMS)
		return;
	if (i == t->n)
		t->forms[t->n++] = form;
	t->counts[i]++;
}

/* Reads until a second line has the form of the first, or all. */
static void
tally_forms(struct tally *t, struct str text)
{
	struct whatsapp_lines lines = { .rest = text };
	struct whatsapp_stamp s;
	struct str line;

	*t = (struct tally){ 0 };
	while (whatsapp_next_line(&lines, &line)) {
		if (whatsapp_stamp(line, &s) > 0) {
			t->first |= t->n == 0 && !t->others;
			add_form(t, whatsapp_form(&s));
			if (t->first && t->counts[0] > 1)
				return;
		} else if (str_trim(line).n > 0) {
			t->others = true;
		}
	}
}

/*
 * A file that is cut off at its beginning shows its form by most of its lines.
 * One whose every line is in a form of its own was put together by hand, and
 * is read as such.
 */
static void
tell_form(struct whatsapp_chat *c, const struct tally *t)
{
	size_t most = 0;

	c->any_form = t->n == 0 || (t->first && t->counts[0] == 1 &&
				       t->n >= MIXED && !t->others);
	for (size_t i = 1; !t->first && i < t->n; i++)
		if (t->counts[i] > t->counts[most])
			most = i;
	c->form = t->forms[most];
}

/*
 * Do messages end with CR LF?  The file's last line end is the program's own;
 * where the file does not show it, most stamps decide.
 */
static bool
ends_with_crlf(const struct whatsapp_chat *c, struct str text, bool whole)
{
	struct whatsapp_lines lines = { .rest = text };
	bool told = whole && str_ends(text, STR("\n"));
	bool crlf = told && str_ends(text, STR("\r\n"));
	struct whatsapp_stamp s;
	size_t with = 0, without = 0;
	struct str line;

	if (told && !crlf)
		return false;
	while (!(crlf && with > 0) && whatsapp_next_line(&lines, &line)) {
		if (line.p == text.p || whatsapp_stamp(line, &s) == 0 ||
		    whatsapp_form(&s) != c->form)
			continue;
		if (lines.behind_crlf)
			with++;
		else
			without++;
	}
	return with > 0 && (crlf || with > without);
}

void
whatsapp_study_form(struct whatsapp_chat *c, struct str text, bool whole)
{
	struct tally t;

	tally_forms(&t, text);
	tell_form(c, &t);
	c->crlf = !c->any_form && ends_with_crlf(c, text, whole);
}

bool
whatsapp_begins(const struct whatsapp_chat *c, const struct whatsapp_stamp *s,
    bool behind_crlf)
{
	if (c->any_form)
		return c->time_first || !s->time_first;
	return whatsapp_form(s) == c->form && (behind_crlf || !c->crlf);
}
