#include "source/sent.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/source.h"

enum { PATH_BYTES = 1 << 20 };

/* What the star stands for where the pattern fits; the empty text where it has
 * none. */
static bool
fits(struct str s, const char *pattern, struct str *star)
{
	struct str p = str_of(pattern), before, after;
	ptrdiff_t at = str_chr(p, '*');

	*star = STR("");
	if (at < 0)
		return str_eq(s, p);
	before = str_sub(p, 0, (size_t)at);
	after = str_sub(p, (size_t)at + 1, p.n);
	if (s.n <= before.n + after.n || !str_starts(s, before) ||
	    !str_ends(s, after))
		return false;
	*star = str_sub(s, before.n, s.n - after.n);
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
has_name(char *const *names, size_t n, const char *name)
{
	return n > 0 &&
	       bsearch(&name, names, n, sizeof(*names), by_name) != NULL;
}

/* The tree's file of that name, open; NULL. */
static struct input *
open_file(struct ingest *in, struct tree *t, char *const *names, size_t n,
    const char *name, struct tree **found)
{
	struct input *file = NULL;
	struct buf path;
	struct err e;

	*found = NULL;
	if (!tree_is_folder(t))
		return has_name(names, n, name) && tree_find(t, name, found)
			   ? tree_input(*found, in->max_item, &e)
			   : NULL;
	buf_init(&path, PATH_BYTES);
	buf_printf(&path, "%s/%s", tree_name(t), name);
	if (access(buf_cstr(&path), F_OK) == 0)
		file = input_open(buf_cstr(&path), in->max_item, &e);
	buf_release(&path);
	return file;
}

/* Is the file there, and of the format? */
static bool
is_of(struct ingest *in, const struct source_format *f, struct tree *t,
    char *const *names, size_t n, const char *name)
{
	struct tree *found;
	struct input *file = open_file(in, t, names, n, name, &found);
	struct str base = str_after_last(str_of(name), '/'), head;
	struct err e;
	bool is = file != NULL &&
		  input_peek(file, SOURCE_HEAD, &head, &e) >= 0 &&
		  source_tell(base.p, head) == f;

	input_close(file);
	if (found != NULL)
		tree_close(found);
	return is;
}

static bool
is_beside(struct ingest *in, const struct source_format *f,
    const struct source_sent *s, struct tree *t, char *const *names, size_t n,
    struct str folder)
{
	struct str base = str_after_last(folder, '/'), star,
		   p = str_of(s->file);
	ptrdiff_t at = str_chr(p, '*');
	struct buf name;
	bool is;

	if (!fits(base, s->folder, &star))
		return false;
	buf_init(&name, PATH_BYTES);
	buf_add_str(&name, str_sub(folder, 0, folder.n - base.n));
	if (at < 0)
		buf_add_str(&name, p);
	else
		buf_printf(&name, "%.*s%.*s%s", (int)at, p.p, STR_ARG(star),
		    p.p + at + 1);
	is = is_of(in, f, t, names, n, buf_cstr(&name));
	buf_release(&name);
	return is;
}

bool
sent_is_folder(struct ingest *in, struct tree *t, char *const *names, size_t n,
    struct str folder)
{
	for (size_t i = 0; source_formats[i] != NULL; i++) {
		const struct source_format *f = source_formats[i];

		for (const struct source_sent *s = f->sent;
		     s != NULL && s->file != NULL; s++)
			if (is_beside(in, f, s, t, names, n, folder))
				return true;
	}
	return false;
}

bool
sent_is_within(const char *name, const struct tree_names *folders)
{
	size_t low = 0, high = folders->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(folders->v[middle], name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && strncmp(name, folders->v[low - 1],
			      strlen(folders->v[low - 1])) == 0;
}
