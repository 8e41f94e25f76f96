/*
 * Folders and archives under one face.  A folder's names are gathered and
 * sorted first; an archive is read as it stands and opened anew to rewind.
 */
#include "source/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/vec.h"
#include "core/io/archive.h"
#include "core/io/file.h"

struct tree {
	char *name;
	bool folder;
	struct tree_names files, skipped; /* folder */
	size_t at; /* the next of files */
	struct unpacker *z; /* archive */
	char *disk; /* where it lies, NULL: in memory */
	struct buf bytes; /* in memory, of the outermost of views */
	struct str memory;
	struct str within; /* the folder of the archive that this is a view
			      of, with its slash; empty: all of it */
	const char *entry; /* the current file's name */
	struct buf path;
	/* Of an archive: this walk broke off, one before did, and this said so. */
	bool broken, torn, told;
};

static void
names_add(struct tree_names *l, const char *s)
{
	vec_add(l, xstrdup(s));
}

void
tree_names_release(struct tree_names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	vec_release(l);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
walk(struct tree *t, int fd, size_t prefix, unsigned depth, struct err *e);

/* One entry of the folder fd; t->path holds its name within the tree. */
static int
walk_entry(
    struct tree *t, int fd, const char *base, unsigned depth, struct err *e)
{
	const char *path = buf_cstr(&t->path);
	struct stat st;
	int sub;

	if (fstatat(fd, base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(e, errno, "%s/%s", t->name, path);
	if (S_ISREG(st.st_mode)) {
		if (t->files.n == TREE_FILES)
			return err_set(e, "%s: more than %d files", t->name,
			    (int)TREE_FILES);
		names_add(&t->files, path);
		return 0;
	}
	if (!S_ISDIR(st.st_mode)) {
		names_add(&t->skipped, path);
		return 0;
	}
	if (depth == TREE_DEPTH)
		return err_set(e, "%s/%s: more than %d folders deep", t->name,
		    path, (int)TREE_DEPTH);
	sub = openat(fd, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (sub < 0)
		return err_sys(e, errno, "%s/%s", t->name, path);
	buf_add_char(&t->path, '/');
	return walk(t, sub, t->path.n, depth + 1, e);
}

/* Takes fd. */
static int
walk(struct tree *t, int fd, size_t prefix, unsigned depth, struct err *e)
{
	DIR *dir = fdopendir(fd);
	struct dirent *d;
	int rc = 0;

	if (dir == NULL) {
		err_sys(e, errno, "%s", t->name);
		close(fd);
		return -1;
	}
	while (rc == 0 && (errno = 0, d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		buf_cut(&t->path, prefix);
		buf_add_z(&t->path, d->d_name);
		rc = walk_entry(t, dirfd(dir), d->d_name, depth, e);
	}
	if (rc == 0 && errno != 0)
		rc = err_sys(e, errno, "%s", t->name);
	closedir(dir);
	return rc;
}

static int
open_folder(struct tree *t, struct err *e)
{
	int fd = open(t->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	t->folder = true;
	if (fd < 0)
		return err_sys(e, errno, "%s", t->name);
	if (walk(t, fd, 0, 0, e) < 0)
		return -1;
	if (t->files.n > 1)
		qsort(t->files.v, t->files.n, sizeof(*t->files.v), by_name);
	if (t->skipped.n > 1)
		qsort(
		    t->skipped.v, t->skipped.n, sizeof(*t->skipped.v), by_name);
	return 0;
}

static struct tree *
tree_new(const char *name)
{
	struct tree *t = xcalloc(1, sizeof(*t));

	t->name = xstrdup(name);
	buf_init(&t->path, 64 << 10);
	return t;
}

/* From its first entry on; path where it is yet to be told where it lies. */
static int
open_archive(struct tree *t, const char *path, struct err *e)
{
	if (path != NULL)
		t->disk = xstrdup(path);
	unpack_close(t->z);
	t->z = t->disk != NULL ? unpack_archive(t->disk, e)
			       : unpack_memory(t->memory, e);
	return t->z == NULL ? -1 : 0;
}

struct tree *
tree_open(const char *path, struct err *e)
{
	struct tree *t = tree_new(path);
	struct stat st;
	int rc;

	if (stat(path, &st) < 0)
		rc = err_sys(e, errno, "%s", path);
	else if (S_ISDIR(st.st_mode))
		rc = open_folder(t, e);
	else
		rc = open_archive(t, path, e);
	if (rc == 0)
		return t;
	tree_close(t);
	return NULL;
}

struct tree *
tree_open_bytes(const char *name, struct str bytes, struct err *e)
{
	struct tree *t = tree_new(name);

	buf_init(&t->bytes, bytes.n + 1);
	buf_add_str(&t->bytes, bytes);
	t->memory = buf_str(&t->bytes);
	if (open_archive(t, NULL, e) == 0)
		return t;
	err_prefix(e, "%s", name);
	tree_close(t);
	return NULL;
}

struct tree *
tree_within(const struct tree *t, struct str folder, struct err *e)
{
	struct tree *view;
	struct buf path;

	buf_init(&path, SIZE_MAX / 4);
	buf_printf(&path, "%s/%.*s", t->name, STR_ARG(folder));
	view = tree_new(buf_cstr(&path));
	buf_reset(&path);
	buf_printf(&path, "%.*s%.*s/", STR_ARG(t->within), STR_ARG(folder));
	view->within = str_make(xmemdup0(path.p, path.n), path.n);
	buf_release(&path);
	view->memory = t->memory;
	if (open_archive(view, t->disk, e) == 0)
		return view;
	tree_close(view);
	return NULL;
}

void
tree_close(struct tree *t)
{
	if (t == NULL)
		return;
	if (t->z != NULL)
		unpack_close(t->z);
	buf_release(&t->bytes);
	free((char *)(uintptr_t)t->within.p);
	free(t->disk);
	tree_names_release(&t->files);
	tree_names_release(&t->skipped);
	buf_release(&t->path);
	free(t->name);
	free(t);
}

const char *
tree_name(const struct tree *t)
{
	return t->name;
}

bool
tree_is_folder(const struct tree *t)
{
	return t->folder;
}

const char *
tree_skipped(const struct tree *t, size_t i)
{
	return i < t->skipped.n ? t->skipped.v[i] : NULL;
}

int
tree_next(struct tree *t, const char **name, struct err *e)
{
	struct unpack_entry entry;
	int rc;

	if (t->folder) {
		if (t->at == t->files.n)
			return 0;
		*name = t->files.v[t->at++];
		return 1;
	}
	do {
		rc = unpack_next(t->z, &entry, e);
	} while (rc != 0 && entry.name != NULL &&
		 !str_starts(str_of(entry.name), t->within));
	*name = entry.name == NULL ? NULL : entry.name + t->within.n;
	if (rc == 1)
		t->entry = *name;
	if (rc < 0 && *name == NULL)
		t->broken = true;
	if (rc == 0 && t->torn && !t->broken && !t->told) {
		/* A disk's failure that went again is no reason to be silent. */
		t->told = true;
		return err_set(e,
		    "%s: not read whole at first: what it has to say of its "
		    "files may be missing",
		    t->name);
	}
	return rc < 0 ? err_prefix(e, "%s", t->name) : rc;
}

bool
tree_find(const struct tree *t, const char *name, struct tree **found)
{
	struct tree *view = tree_new(t->name);
	const char *at = NULL;
	struct err e;
	int rc;

	if (t->within.p != NULL)
		view->within =
		    str_make(xmemdup0(t->within.p, t->within.n), t->within.n);
	view->memory = t->memory;
	rc = open_archive(view, t->disk, &e);
	/* What is wrong with it is said by who reads all of it. */
	while (rc == 0) {
		int got = tree_next(view, &at, &e);

		if (got == 0 || at == NULL)
			rc = -1;
		else if (got == 1 && strcmp(at, name) == 0)
			break;
	}
	if (rc == 0) {
		*found = view;
		return true;
	}
	tree_close(view);
	return false;
}

int
tree_rewind(struct tree *t, struct err *e)
{
	t->at = 0;
	t->torn = t->torn || t->broken;
	t->broken = t->told = false;
	return t->folder ? 0 : open_archive(t, NULL, e);
}

/* The current folder file's path on disk. */
static const char *
disk_path(struct tree *t)
{
	buf_reset(&t->path);
	buf_printf(&t->path, "%s/%s", t->name, t->files.v[t->at - 1]);
	return buf_cstr(&t->path);
}

static ptrdiff_t
read_entry(void *arg, void *p, size_t n, struct err *e)
{
	struct tree *t = arg;
	ptrdiff_t got = unpack_read(t->z, p, n, e);

	/* Whoever reads it says so. */
	if (got < 0)
		t->broken = true;
	return got;
}

struct input *
tree_input(struct tree *t, size_t max_line, struct err *e)
{
	if (t->folder)
		return input_open(disk_path(t), max_line, e);
	buf_reset(&t->path);
	buf_printf(&t->path, "%s/%s", t->name, t->entry);
	return input_from(buf_cstr(&t->path), read_entry, t, max_line, e);
}

bool
tree_is_litter(const char *name)
{
	const char *slash = strrchr(name, '/');
	struct str path = str_of(name);
	struct str base = str_of(slash == NULL ? name : slash + 1);

	return str_starts(path, STR("__MACOSX/")) ||
	       str_find(path, STR("/__MACOSX/")) >= 0 ||
	       str_starts(base, STR("._")) || str_is(base, ".DS_Store") ||
	       str_is(base, "Thumbs.db") || str_is(base, "desktop.ini");
}
