#include "live/imap/folders.h"

#include <stdlib.h>

#include "live/imap/utf7.h"

enum { FOLDERS_MOST = 100000, NAME_BYTES = 64 << 10 };

struct finding {
	struct imap_folders *out;
	char delimiter;
	unsigned only; /* of these attributes, 0: any */
	bool all; /* a folder of all mails is there */
};

/* Parts of a name divided by one character, in another's place. */
static void
change_delimiter(char *s, char from, char to)
{
	for (; from != 0 && from != to && *s != '\0'; s++)
		if (*s == from)
			*s = to;
}

static void
add(struct imap_folders *out, const struct imap_folder *f)
{
	struct imap_found found;
	struct buf b;

	for (size_t i = 0; i < out->n; i++)
		if (str_eq(str_of(out->v[i].name), f->name))
			return;
	buf_init(&b, NAME_BYTES);
	utf7_decode(f->name, &b);
	found.name = xmemdup0(f->name.p, f->name.n);
	found.shown = xmemdup0(buf_str(&b).p, b.n);
	change_delimiter(found.shown, f->delimiter, '/');
	buf_release(&b);
	vec_add(out, found);
}

static bool
is_inbox(struct str name)
{
	return str_eq_nocase(name, STR("INBOX"));
}

static int
on_delimiter(void *arg, const struct imap_folder *f, struct err *e)
{
	(void)e;
	((struct finding *)arg)->delimiter = f->delimiter;
	return 0;
}

static int
on_found(void *arg, const struct imap_folder *f, struct err *e)
{
	struct finding *g = arg;
	bool fits = g->only == 0 || (f->attributes & g->only) != 0 ||
		    ((g->only & IMAP_SENT) != 0 && is_inbox(f->name));

	if ((f->attributes & IMAP_NOSELECT) != 0 || !fits ||
	    memchr(f->name.p, '\0', f->name.n) != NULL)
		return 0;
	if (g->out->n == FOLDERS_MOST)
		return err_set(
		    e, "more than %d folders; name some", FOLDERS_MOST);
	add(g->out, f);
	return 0;
}

static int
on_any(void *arg, const struct imap_folder *f, struct err *e)
{
	struct finding *g = arg;

	(void)e;
	g->all |= (f->attributes & IMAP_ALL) != 0 &&
		  (f->attributes & IMAP_NOSELECT) == 0;
	return 0;
}

static int
by_shown(const void *a, const void *b)
{
	return strcmp(((const struct imap_found *)a)->shown,
	    ((const struct imap_found *)b)->shown);
}

/* Those that LIST gives for a pattern in UTF-8. */
static enum imap_answer
find_pattern(
    struct imap *c, struct finding *g, struct str pattern, struct err *e)
{
	size_t before = g->out->n;
	enum imap_answer rc;
	struct buf b;

	buf_init(&b, NAME_BYTES);
	utf7_encode(pattern, &b);
	if (b.n > 0)
		change_delimiter((char *)buf_cstr(&b), '/', g->delimiter);
	c->on_folder = on_found;
	rc = imap_list(c, buf_str(&b), e);
	buf_release(&b);
	if (rc != IMAP_OK)
		return rc;
	if (g->out->n == before) {
		err_set(e, "no folder '%.*s', or it was named before",
		    STR_ARG(pattern));
		return IMAP_NO;
	}
	qsort(g->out->v + before, g->out->n - before, sizeof(*g->out->v),
	    by_shown);
	return IMAP_OK;
}

static enum imap_answer
find_usual(struct imap *c, struct finding *g, struct err *e)
{
	enum imap_answer rc;

	c->on_folder = on_any;
	rc = imap_list(c, STR("*"), e);
	if (rc != IMAP_OK)
		return rc;
	g->only = g->all ? IMAP_ALL : IMAP_SENT;
	return find_pattern(c, g, STR("*"), e);
}

enum imap_answer
imap_find_folders(struct imap *c, const struct workspace_list *patterns,
    struct imap_folders *out, struct err *e)
{
	struct finding g = { .out = out };
	enum imap_answer rc;

	/* Until the end of this. */
	/* cppcheck-suppress autoVariables */
	c->arg = &g;
	c->on_folder = on_delimiter;
	rc = imap_list(c, STR(""), e);
	if (rc == IMAP_OK && patterns->n == 0)
		rc = find_usual(c, &g, e);
	for (size_t i = 0; rc == IMAP_OK && i < patterns->n; i++)
		rc = find_pattern(c, &g, patterns->v[i], e);
	c->on_folder = NULL;
	c->arg = NULL;
	return rc;
}

void
imap_folders_release(struct imap_folders *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].name);
		free(f->v[i].shown);
	}
	vec_release(f);
}
