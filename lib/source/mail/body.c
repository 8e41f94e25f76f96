#include "source/mail/body.h"

struct choice {
	const struct mime *m;
	struct buf *scratch;
	struct part_list text, html, files;
};

enum { BLANK_LOOK = 4096 }; /* content longer than this is never blank */

/* Alone in a mail any text is read as it is (RFC 2046, 4.1.4), but for kinds
 * that programs read. */
static bool
is_read(const struct mime_part *p)
{
	static const char *const others[] = { "text/calendar", "text/vcard",
		"text/x-vcard", "text/directory", "text/css", "text/csv",
		"text/rtf", "text/xml", "text/javascript" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_is(p->type, others[i]))
			return false;
	return str_starts(p->type, STR("text/"));
}

static bool
is_text(const struct mime_part *p, bool alone)
{
	return str_is(p->type, "text/plain") || str_is(p->type, "text/html") ||
	       (alone && is_read(p));
}

static bool
is_inline(const struct mime_part *p, struct str multipart, bool alone)
{
	return p->disposition != MIME_ATTACHMENT && is_text(p, alone) &&
	       (p->index == 0 || (!str_is(multipart, "multipart/related") &&
				     p->name.p == NULL));
}

static void
push(struct part_list *l, size_t i)
{
	if (l != NULL)
		l->v[l->n++] = i;
}

static bool
is_blank(struct choice *c, size_t i)
{
	struct str s = mime_content(mime_part(c->m, i), c->scratch);

	if (s.n > BLANK_LOOK)
		return false;
	s = str_trim(s);
	/* A hard space, in UTF-8 or Latin-1, is what some programs put for
	 * nothing. */
	while (s.n > 0 && (*s.p == '\xa0' || str_starts(s, STR("\xc2\xa0"))))
		s = str_trim(str_sub(s, *s.p == '\xa0' ? 1 : 2, s.n));
	return s.n == 0;
}

/* After an alternative: what one side alone offers is taken for both. */
static void
settle(struct choice *c, struct part_list *text, size_t text_from,
    struct part_list *html, size_t html_from)
{
	bool blank = true;

	for (size_t i = text_from; i < text->n && blank; i++)
		blank = is_blank(c, text->v[i]);
	if (blank && html->n > html_from) {
		text->n = text_from;
		for (size_t i = html_from; i < html->n; i++)
			push(text, html->v[i]);
	} else if (html->n == html_from)
		for (size_t i = text_from; i < text->n; i++)
			push(html, text->v[i]);
}

/* The parts from..end are the children of one multipart. */
static void
choose(struct choice *c, size_t from, size_t end, struct str multipart,
    bool within, struct part_list *text, struct part_list *html)
{
	bool alternative = str_is(multipart, "multipart/alternative");
	size_t text_from = text == NULL ? 0 : text->n;
	size_t html_from = html == NULL ? 0 : html->n;

	for (size_t i = from; i < end; i = mime_part(c->m, i)->end) {
		const struct mime_part *p = mime_part(c->m, i);
		bool plain = !str_is(p->type, "text/html");

		if (p->multipart) {
			choose(c, i + 1, p->end, p->type,
			    within || str_is(p->type, "multipart/alternative"),
			    text, html);
		} else if (!is_inline(
			       p, multipart, mime_part_count(c->m) == 1)) {
			push(&c->files, i);
		} else if (alternative) {
			push(plain ? text : html, i);
		} else {
			if (within && plain)
				html = NULL;
			else if (within)
				text = NULL;
			push(text, i);
			push(html, i);
		}
	}
	if (alternative && text != NULL && html != NULL)
		settle(c, text, text_from, html, html_from);
}

void
mail_body(const struct mime *m, struct arena *a, struct buf *scratch,
    struct mail_body *out)
{
	size_t n = mime_part_count(m);
	/* Settling copies one list's tail to the other, at most once a
	 * level of nesting. */
	size_t room = n * (MIME_DEPTH + 2);
	struct choice c = { .m = m, .scratch = scratch };

	c.text.v = arena_calloc(a, room, sizeof(*c.text.v));
	c.html.v = arena_calloc(a, room, sizeof(*c.html.v));
	c.files.v = arena_calloc(a, n, sizeof(*c.files.v));
	choose(&c, 0, n, STR("multipart/mixed"), false, &c.text, &c.html);
	out->text = c.text;
	out->files = c.files;
}
