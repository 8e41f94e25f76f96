#include "reply/template.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/arena.h"
#include "core/io/file.h"
#include "core/text/utf8.h"
#include "reply/internal.h"

struct template
{
	char *path, *name;
	char *fill; /* or NULL */
	bool automatic, markdown, marketing;
	bool internal; /* may show words that stay in the house */
	struct json_doc *shown; /* a record without them */
	struct buf copy; /* its text */
	struct expr *subject, *body;
	struct expr_input *input; /* what they look at */
	int line; /* of the body's first line, from 0 */
};

/* The first of the ways to read the name that is a file. */
static char *
find(const char *name, const struct workspace *c)
{
	struct arena a = { 0 };
	const char *dirs[] = { c == NULL ? NULL : c->templates,
		file_share(&a, "templates").p };
	static const char *const ends[] = { "", ".md", ".txt" };
	struct buf path;
	char *found = NULL;

	buf_init(&path, 8192);
	if (strchr(name, '/') != NULL || !file_is_missing(name))
		found = xstrdup(name);
	for (size_t d = 0; d < 2; d++)
		for (size_t i = 0; found == NULL && dirs[d] != NULL && i < 3;
		     i++) {
			buf_reset(&path);
			buf_printf(&path, "%s/%s%s", dirs[d], name, ends[i]);
			if (!file_is_missing(buf_cstr(&path)))
				found = xstrdup(buf_cstr(&path));
		}
	buf_release(&path);
	arena_release(&a);
	return found;
}

static char *
base_name(const char *path)
{
	struct str s = str_of(path);
	ptrdiff_t slash = str_rchr(s, '/'), dot;

	if (slash >= 0)
		s = str_sub(s, (size_t)slash + 1, s.n);
	dot = str_rchr(s, '.');
	if (dot > 0)
		s.n = (size_t)dot;
	return xmemdup0(s.p, s.n);
}

static const struct toggle {
	const char *name, *on, *off;
	size_t at;
} switches[] = {
	{ "automatic", "yes", "no", offsetof(struct template, automatic) },
	{ "format", "markdown", "text", offsetof(struct template, markdown) },
	{ "internal", "yes", "no", offsetof(struct template, internal) },
	{ "purpose", "marketing", "service",
	    offsetof(struct template, marketing) },
};

static int
flip(struct template *t, const struct toggle *x, struct str value, int number,
    struct err *e)
{
	bool *at = (bool *)((char *)t + x->at);

	*at = str_is(value, x->on);
	if (*at || str_is(value, x->off))
		return 0;
	return err_set(e, "%s:%d: %s: %s or %s is meant", t->path, number + 1,
	    x->name, x->on, x->off);
}

static int
front_line(struct template *t, struct str line, int number, struct err *e)
{
	ptrdiff_t colon = str_chr(line, ':');
	struct str name = str_sub(line, 0, colon < 0 ? 0 : (size_t)colon);
	struct str value =
	    str_trim(str_sub(line, name.n + (name.n > 0), line.n));

	if (str_is(name, "subject")) {
		expr_free(t->subject);
		t->subject = expr_template(t->path, number, value, e);
		return t->subject == NULL ? -1 : 0;
	}
	if (str_is(name, "fill")) {
		free(t->fill);
		t->fill = xmemdup0(value.p == NULL ? "" : value.p, value.n);
		return 0;
	}
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++)
		if (str_is(name, switches[i].name))
			return flip(t, &switches[i], value, number, e);
	return err_set(e,
	    "%s:%d: 'subject: ...' or 'automatic: yes' is meant here; an empty "
	    "line starts the body",
	    t->path, number + 1);
}

/* A character that could begin a mark stands for itself. */
static void
escape(struct str value, struct buf *out)
{
	for (size_t i = 0; i < value.n; i++) {
		if (ascii_is_in(value.p[i], "\\`*_[]<>&"))
			buf_add_char(out, '\\');
		buf_add_char(out, value.p[i]);
	}
}

static int
parse(struct template *t, struct str text, struct err *e)
{
	struct str rest = text;

	while (rest.p != NULL) {
		struct str line = str_line(&rest);
		int number = t->line++;

		if (line.n == 0)
			break;
		if (front_line(t, line, number, e) < 0)
			return -1;
	}
	rest = str_trim_right(rest);
	if (rest.n == 0)
		return err_set(e,
		    "%s: no body: an empty line and the text are missing",
		    t->path);
	if (!utf8_is_valid(text))
		return err_set(e, "%s: not in UTF-8", t->path);
	if (t->fill != NULL &&
	    (*t->fill == '\0' || str_find(rest, str_of(t->fill)) < 0))
		return err_set(e,
		    "%s: fill: words of the body are meant, which a person "
		    "replaces",
		    t->path);
	t->body = expr_template(t->path, t->line, rest, e);
	if (t->body == NULL)
		return -1;
	if (t->markdown)
		expr_through(t->body, escape);
	t->input = expr_input_new();
	expr_input_for(t->input, t->body);
	if (t->subject != NULL)
		expr_input_for(t->input, t->subject);
	return 0;
}

struct template *
template_open(const char *name, const struct workspace *c, struct err *e)
{
	struct template *t;
	struct buf text;
	char *path = find(name, c);
	int rc;

	if (path == NULL) {
		err_set(e,
		    "no template '%s': neither a file nor in the folders of "
		    "templates",
		    name);
		return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	t->shown = json_doc_new();
	buf_init(&t->copy, SIZE_MAX / 4);
	t->path = path;
	t->name = base_name(path);
	t->markdown = str_ends(str_of(path), STR(".md"));
	buf_init(&text, TEMPLATE_MAX);
	rc = file_read(path, &text, e);
	/* Records in its place are read no further than that shows it. */
	if (text.n > 0 && text.p[0] == '{')
		rc = err_set(e,
		    "%s: these are records and no template; --draft takes the "
		    "template first, then files of records",
		    path);
	else if (rc == 0)
		rc = parse(t, buf_str(&text), e);
	buf_release(&text);
	if (rc == 0)
		return t;
	template_free(t);
	return NULL;
}

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	expr_free(t->subject);
	expr_free(t->body);
	expr_input_free(t->input);
	json_doc_free(t->shown);
	buf_release(&t->copy);
	free(t->path);
	free(t->name);
	free(t->fill);
	free(t);
}

const char *
template_name(const struct template *t)
{
	return t->name;
}

struct str
template_fill(const struct template *t)
{
	return str_of(t->fill);
}

bool
template_automatic(const struct template *t)
{
	return t->automatic;
}

bool
template_markdown(const struct template *t)
{
	return t->markdown;
}

bool
template_marketing(const struct template *t)
{
	return t->marketing;
}

int
template_render(struct template *t, struct json record, struct buf *subject,
    struct buf *body, struct err *e)
{
	buf_reset(&t->copy);
	if (internal_hide(record, t->internal, &t->copy) &&
	    json_parse_copy(t->shown, buf_str(&t->copy), &record, e) < 0)
		return -1;
	expr_input_set(t->input, record);
	if (t->subject != NULL &&
	    expr_render_in(t->subject, t->input, subject, e) < 0)
		return -1;
	return expr_render_in(t->body, t->input, body, e);
}
