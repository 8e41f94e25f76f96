#include "source/mail/apple.h"

#include <stdio.h>

#include "core/map.h"

enum {
	KEY_BYTES = 8192, /* of a name and its folders */
	APPLE_NAMES = 1000, /* by which a tree is told */
};

/* A file of a mail's, and the next one of it. */
struct file {
	char *name; /* in the tree */
	struct str part, base; /* of name */
	struct buf bytes; /* of an archive's */
	uint64_t next; /* number plus one; 0: none */
};

struct apple {
	struct map mails; /* "FOLDER/ID" of those that are there */
	struct map parts; /* the same -> its last file's number plus one */
	struct VEC(struct file) files;
	size_t held, max_file;
};

/* "Data/0/Attachments/12/2/bill.pdf" is of the mail "Data/0/12". */
struct place {
	struct str folder, id, part, base;
	bool partial;
};

static bool
is_number(struct str s, bool dots)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') &&
		    !(dots && s.p[i] == '.' && i > 0))
			return false;
	return s.n > 0;
}

/* The last folder or file of a path, which is taken off. */
static struct str
take_last(struct str *path)
{
	ptrdiff_t slash = str_rchr(*path, '/');
	struct str last = str_sub(*path, (size_t)(slash + 1), path->n);

	*path = str_sub(*path, 0, slash < 0 ? 0 : (size_t)slash);
	return last;
}

static bool
read_mail_name(const char *name, struct place *p)
{
	struct str rest = str_of(name), base = take_last(&rest);

	*p = (struct place){ 0 };
	if (!str_ends_nocase(base, STR(".emlx")) ||
	    !str_is(take_last(&rest), "Messages"))
		return false;
	base.n -= 5;
	p->partial = str_ends_nocase(base, STR(".partial"));
	if (p->partial)
		base.n -= 8;
	p->folder = rest;
	p->id = base;
	return is_number(base, false);
}

static bool
read_part_name(const char *name, struct place *p)
{
	struct str rest = str_of(name);

	*p = (struct place){ 0 };
	p->base = take_last(&rest);
	p->part = take_last(&rest);
	p->id = take_last(&rest);
	if (!str_is(take_last(&rest), "Attachments"))
		return false;
	p->folder = rest;
	return is_number(p->id, false) && is_number(p->part, true);
}

static struct str
key_of(const struct place *p, char out[KEY_BYTES])
{
	int n = snprintf(
	    out, KEY_BYTES, "%.*s/%.*s", STR_ARG(p->folder), STR_ARG(p->id));

	return str_make(out, n < 0 || n >= KEY_BYTES ? 0 : (size_t)n);
}

bool
apple_is_tree(const char *const *names, size_t n)
{
	struct place p;
	size_t parts = 0;

	for (size_t i = 0; i < n; i++) {
		if (read_mail_name(names[i], &p))
			return true;
		parts += read_part_name(names[i], &p);
	}
	/* Of many attachments the mails come behind the first names. */
	return parts * 2 > n;
}

/* What an archive holds cannot be looked up later. */
static void
hold(struct apple *a, struct tree *t, struct file *f)
{
	struct input *in;
	struct str block;
	struct err e;

	buf_init(&f->bytes, a->max_file);
	if (tree_is_folder(t) || a->held >= APPLE_HELD)
		return;
	in = tree_input(t, a->max_file, &e);
	while (in != NULL && input_block(in, &block, &e) == 1)
		if (buf_add_str(&f->bytes, block) < 0)
			break;
	if (in != NULL)
		input_close(in);
	a->held += f->bytes.n;
}

static void
add_file(struct apple *a, struct tree *t, const char *name)
{
	struct file f = { .name = xstrdup(name) };
	char key[KEY_BYTES];
	struct place p;
	uint64_t *last;

	read_part_name(f.name, &p);
	f.part = p.part;
	f.base = p.base;
	hold(a, t, &f);
	last = map_put(&a->parts, key_of(&p, key), NULL);
	f.next = *last;
	vec_add(&a->files, f);
	*last = a->files.n;
}

/* By the first names of a tree, which is at its beginning again after it. */
static bool
tree_has_mails(struct tree *t)
{
	const char *name;
	struct place p;
	struct err e;
	bool has = false;

	for (int i = 0; !has && i < APPLE_NAMES && tree_next(t, &name, &e) == 1;
	     i++)
		has = read_mail_name(name, &p) || read_part_name(name, &p);
	return tree_rewind(t, &e) == 0 && has;
}

struct apple *
apple_new(struct tree *t, size_t max_file, struct err *e)
{
	struct apple *a = xcalloc(1, sizeof(*a));
	bool has = tree_has_mails(t);
	char key[KEY_BYTES];
	struct place p;
	const char *name;
	struct err why;

	a->max_file = max_file;
	/* What cannot be read is said by who reads it. */
	while (has && tree_next(t, &name, &why) == 1) {
		if (read_part_name(name, &p))
			add_file(a, t, name);
		else if (read_mail_name(name, &p))
			*map_put(&a->mails, key_of(&p, key), NULL) = 1;
	}
	if (tree_rewind(t, e) == 0)
		return a;
	apple_free(a);
	return NULL;
}

void
apple_free(struct apple *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->files.n; i++) {
		free(a->files.v[i].name);
		buf_release(&a->files.v[i].bytes);
	}
	vec_release(&a->files);
	map_release(&a->mails);
	map_release(&a->parts);
	free(a);
}

bool
apple_is_part(const struct apple *a, const char *name)
{
	char key[KEY_BYTES];
	struct place p;

	return read_part_name(name, &p) &&
	       map_get(&a->mails, key_of(&p, key)) != NULL;
}

/* Number plus one of the mail's last file. */
static uint64_t
last_file(const struct apple *a, const char *name)
{
	char key[KEY_BYTES];
	struct place p;
	const uint64_t *last;

	if (!read_mail_name(name, &p) || !p.partial)
		return 0;
	last = map_get(&a->parts, key_of(&p, key));
	return last == NULL ? 0 : *last;
}

bool
apple_has_parts(const struct apple *a, const char *name)
{
	return last_file(a, name) != 0;
}

static void
read_file(struct apple *a, struct tree *t, struct file *f)
{
	struct input *in;
	struct str block;
	struct buf path;
	struct err e;

	if (!tree_is_folder(t))
		return;
	buf_init(&path, 64 << 10);
	buf_printf(&path, "%s/%s", tree_name(t), f->name);
	in = input_open(buf_cstr(&path), a->max_file, &e);
	while (in != NULL && input_block(in, &block, &e) == 1)
		if (buf_add_str(&f->bytes, block) < 0)
			break;
	if (in != NULL)
		input_close(in);
	buf_release(&path);
}

void
apple_write_parts(struct apple *a, struct tree *t, const char *name,
    size_t room, struct writer *w)
{
	for (uint64_t i = last_file(a, name); i != 0;) {
		struct file *f = &a->files.v[i - 1];

		read_file(a, t, f);
		/* Of what is empty or cut nobody knows what it was. */
		if (f->bytes.n > 0 && !f->bytes.over &&
		    f->bytes.n / 3 * 4 < room) {
			room -= f->bytes.n / 3 * 4;
			write_object(w);
			write_member(w, "part", f->part);
			write_member(w, "name", f->base);
			ingest_bytes(w, buf_str(&f->bytes));
			write_object_end(w);
		}
		buf_release(&f->bytes);
		buf_init(&f->bytes, a->max_file);
		i = f->next;
	}
}

/* A line with the mail's length stands before it: n bytes of rest are it. */
static bool
count_of(struct str file, struct str *rest, size_t *n)
{
	struct str line;
	int64_t count;

	*rest = file;
	line = str_line(rest);
	if (line.n > 20 || rest->p == NULL ||
	    str_to_int(str_trim(line), &count) < 0 || count <= 0)
		return false;
	*n = (uint64_t)count < rest->n ? (size_t)count : rest->n;
	return true;
}

struct str
apple_mail(struct str file)
{
	struct str rest;
	size_t n;

	return count_of(file, &rest, &n) ? str_sub(rest, 0, n) : file;
}

int64_t
apple_flags(struct str file)
{
	static const struct str key = { "<key>flags</key>", 16 };
	struct str rest;
	ptrdiff_t at, end;
	int64_t flags;
	size_t n;

	if (!count_of(file, &rest, &n))
		return -1;
	rest = str_sub(rest, n, rest.n);
	at = str_find(rest, key);
	if (at < 0)
		return -1;
	rest = str_trim(str_sub(rest, (size_t)at + key.n, rest.n));
	end = str_chr(rest, '/');
	if (!str_starts(rest, STR("<integer>")) || end < 10 ||
	    str_to_int(str_sub(rest, 9, (size_t)end - 10), &flags) < 0)
		return -1;
	return flags;
}
