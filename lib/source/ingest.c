/*
 * From an operand to items: opens files, folders and archives, asks the table
 * of formats what they are, and lets the format cut them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/vec.h"
#include "core/io/archive.h"
#include "core/io/newline.h"
#include "core/io/utf16.h"
#include "source/seek.h"
#include "source/sent.h"
#include "source/source.h"
#include "source/json/within.h"

enum {
	NAME_BYTES = 1024, /* of a file's base name */
	REJECT_HEAD = 512, /* bytes of an unknown file that a reject shows */
};

static int
flush_idle(void *arg, struct err *e)
{
	return sink_flush(arg, e);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int read_tree(struct ingest *in, struct tree *t, struct err *e);

/* An archive whose bytes have to be in memory: from a pipe, or in another. */
static int
read_archive_bytes(
    struct ingest *in, const char *name, struct str bytes, struct err *e)
{
	struct tree *t;
	struct err why;
	int rc;

	if (in->depth >= UNPACK_MAX_DEPTH)
		return ingest_reject(in, STR(""),
		    "archives in archives deeper than 4", bytes, e);
	t = tree_open_bytes(name, bytes, &why);
	if (t == NULL)
		return ingest_reject(in, STR(""), why.msg, bytes, e);
	in->depth++;
	rc = read_tree(in, t, e);
	in->depth--;
	tree_close(t);
	return rc;
}

/* A file's base name, without the end that says how it was compressed. */
static void
plain_name(const char *path, char name[NAME_BYTES])
{
	static const char *const ends[] = { ".gz", ".bz2", ".xz", ".zst",
		NULL };
	struct str s = str_of(base_name(path));

	for (const char *const *end = ends; *end != NULL; end++)
		if (str_ends_nocase(s, str_of(*end))) {
			s.n -= strlen(*end);
			break;
		}
	snprintf(name, NAME_BYTES, "%.*s", STR_ARG(s));
}

/* By its first bytes, as the format would read them from `text`. */
static const struct source_format *
tell_file(
    struct ingest *in, struct str *head, struct input *file, struct input *text)
{
	char name[NAME_BYTES];
	const struct source_format *f;
	struct str decoded;
	struct err e;
	int sure;

	if (text != file && input_peek(text, SOURCE_HEAD, &decoded, &e) >= 0)
		*head = decoded;
	plain_name(in->file, name);
	if (in->forced != NULL) {
		within_named(in->forced, name, *head, in->within);
		return in->forced;
	}
	f = source_surest(name, *head, &sure);
	return within_tell(name, *head, f, sure, in->within);
}

/* Nothing is known of a file, or it is of a format of folders. */
static int
reject_file(struct ingest *in, const struct source_format *f, struct str head,
    struct err *e)
{
	const struct source_format *may =
	    f == NULL ? source_may_be(head) : NULL;
	char why[128];

	snprintf(why, sizeof(why),
	    "not of any format that is known for sure; it may be %s: "
	    "-f %s reads it",
	    may == NULL ? "" : may->name, may == NULL ? "" : may->name);
	return ingest_reject(in, STR(""),
	    may != NULL ? why
	    : f == NULL ? "not of any format that is known: name one with "
			  "--format"
			: "the format is one of folders and archives",
	    str_sub(head, 0, REJECT_HEAD), e);
}

/* Somebody may have sent it: it would speak for us. */
static int
reject_foreign(struct ingest *in, struct str head, struct err *e)
{
	return ingest_reject(in, STR(""),
	    "lies in an export and is none of its own files: where it is "
	    "yours, give it for itself",
	    str_sub(head, 0, REJECT_HEAD), e);
}

struct reading {
	const struct source_format *format;
	struct ingest *in;
	struct input *file;
};

static int
read_as(void *arg, struct err *e)
{
	struct reading *r = arg;

	return r->format->read(r->in, r->file, e);
}

/* What it died of costs the rest of the file. */
static int
read_apart(struct reading *r, struct input *input, struct err *e)
{
	struct err why;
	int rc = sink_apart(r->in->sink, input, read_as, r, e);

	if (rc == 0 || e->code != ERR_ITEM)
		return rc;
	why = *e;
	return ingest_reject(r->in, STR(""), why.msg, STR(""), e);
}

/* One that is read at any place. */
static int
read_seeking(struct reading *r, struct input *input, struct err *e)
{
	struct ingest *in = r->in;
	struct seek s;
	struct err why;
	int rc;

	if (seek_open(&s, in, input, &why) < 0) {
		seek_close(&s);
		return ingest_reject(in, STR(""), why.msg, STR(""), e);
	}
	input_keep(input, s.file.fd);
	input_keep(input, s.log_fd);
	in->seek = &s;
	rc = read_apart(r, input, e);
	in->seek = NULL;
	input_keep_none(input);
	if (rc == 0 && seek_changed(&s))
		rc = ingest_reject(in, STR(""),
		    "was written to while it was read, so that items may be "
		    "missing or old: read it again, or a copy",
		    STR(""), e);
	seek_close(&s);
	return rc;
}

/* Is the file there that this one is read with? */
static bool
has_file(struct ingest *in, const char *name, size_t n)
{
	char *path = xmemdup0(name, n);
	struct tree *found;
	bool is;

	if (in->tree == NULL || tree_is_folder(in->tree)) {
		is = access(path, F_OK) == 0;
	} else {
		is = tree_find(in->tree, path, &found);
		if (is)
			tree_close(found);
	}
	free(path);
	return is;
}

/* What SQLite has beside a file: 1 where that is read with it, 0 where it is
 * none, or a reject. */
static int
read_companion(struct ingest *in, struct str head, struct err *e)
{
	bool packed = in->tree != NULL && !tree_is_folder(in->tree);
	const char *name = packed ? in->entry : in->file;
	size_t n = in->forced != NULL || name == NULL
		       ? 0
		       : seek_companion(str_of(name), head);

	if (n == 0)
		return 0;
	if (!has_file(in, name, n))
		return ingest_reject(in, STR(""),
			   "goes with an SQLite database that is not beside "
			   "it, and says nothing without it",
			   STR(""), e) < 0
			   ? -1
			   : 1;
	if (in->tree == NULL)
		diag(DIAG_NOTE, in->file, "is read with %.*s, not for itself",
		    (int)n, name);
	return 1;
}

/* One open file, known not to be an archive. */
static int
read_file(
    struct ingest *in, struct input *input, struct str head, struct err *e)
{
	const struct source_format *f;
	struct utf16 text;
	struct newline lines;
	struct reading r;
	int rc;

	rc = in->why ? 0 : read_companion(in, head, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (utf16_open(&text, input, in->max_item, e) < 0)
		return -1;
	newline_open(&lines, text.input, text.input == input ? head : STR(""),
	    in->max_item);
	f = tell_file(in, &head, input, lines.input);
	if (in->why) {
		rc = why_file(in, f, head, e);
	} else if (f == NULL || f->read == NULL) {
		rc = reject_file(in, f, head, e);
	} else if (in->foreign) {
		rc = reject_foreign(in, head, e);
	} else {
		in->format = f;
		in->input = input;
		r = (struct reading){ f, in, lines.input };
		rc = f->seeks   ? read_seeking(&r, input, e)
		     : f->apart ? read_apart(&r, input, e)
				: read_as(&r, e);
		in->input = NULL;
	}
	newline_close(&lines);
	utf16_close(&text);
	return rc;
}

static int
read_all(struct input *input, struct buf *out, struct err *e)
{
	struct str block;
	int rc;

	while ((rc = input_block(input, &block, e)) == 1)
		if (buf_add_str(out, block) < 0)
			return err_set(e,
			    "%s: an archive of more than %zu bytes; give it "
			    "as a file",
			    input_name(input), out->max);
	return rc;
}

/* Does the head tell the format, whatever comes behind it? */
static bool
suffices(const struct ingest *in, struct str head)
{
	struct arena a = { 0 };
	bool sure = in->forced != NULL || unpack_is_archive(head) ||
		    source_is_sure(base_name(in->file), utf16_head(head, &a));

	arena_release(&a);
	return sure;
}

/* The first bytes; of a live pipe those that are there, where they suffice. */
static int
look(struct ingest *in, struct input *input, struct str *head, struct err *e)
{
	int rc;

	input_on_idle(input, flush_idle, in->sink);
	while ((rc = input_peek(input, SOURCE_HEAD, head, e)) > 0 &&
	       !suffices(in, *head))
		(void)input_await(input, e); /* a failure comes again */
	return rc < 0 ? -1 : 0;
}

/* A file whose bytes come through `input`, maybe an archive. */
static int
read_input(struct ingest *in, struct input *input, struct err *e)
{
	struct str head;
	struct buf bytes;
	struct err why;
	int rc;

	if (look(in, input, &head, &why) < 0)
		return ingest_reject(in, STR(""), why.msg, STR(""), e);
	if (head.n == 0)
		return 0;
	if (!unpack_is_archive(head))
		return read_file(in, input, head, e);
	if (in->foreign)
		return reject_foreign(in, head, e);
	buf_init(&bytes, SOURCE_ARCHIVE_MAX);
	rc = read_all(input, &bytes, e);
	if (rc == 0)
		rc = read_archive_bytes(in, in->file, buf_str(&bytes), e);
	buf_release(&bytes);
	return rc;
}

static char *
join(const char *dir, const char *name, size_t n)
{
	size_t d = strlen(dir);
	char *path = xmalloc(d + n + 2);

	while (d > 1 && dir[d - 1] == '/')
		d--;
	memcpy(path, dir, d);
	path[d] = '/';
	memcpy(path + d + 1, name, n);
	path[d + 1 + n] = '\0';
	return path;
}

/* The tree's current file in the ordinary way: an archive in it, a file of a
 * format told by its content, or a reject. */
static int
read_tree_file(
    struct ingest *in, struct tree *tree, const char *name, struct err *e)
{
	const char *outer = in->file, *entry = in->entry;
	struct tree *around = in->tree;
	char *file;
	struct input *input;
	struct err why;
	int rc;

	if (tree_is_litter(name))
		return 0;
	file = join(tree_name(tree), name, strlen(name));
	in->file = file;
	in->tree = tree;
	in->entry = name;
	input = tree_input(tree, in->max_item, &why);
	if (input == NULL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	else
		rc = read_input(in, input, e);
	if (rc < 0 && e->code == ERR_ITEM) {
		why = *e;
		sink_rollback(in->sink);
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	}
	if (input != NULL)
		input_close(input);
	in->file = outer;
	in->tree = around;
	in->entry = entry;
	free(file);
	return rc;
}

/* What a tree of these files is, by their first names. */
static const struct source_format *
tell_names(struct ingest *in, char *const *names, size_t n)
{
	const struct source_format *f = in->forced;
	const char *const *first = (const char *const *)names;

	if (n > SOURCE_NAMES)
		n = SOURCE_NAMES;
	if (f == NULL)
		return source_tell_tree(first, n);
	if (f->read == NULL ||
	    (f->sniff_tree != NULL && f->sniff_tree(first, n) > 0))
		return f;
	return NULL;
}

/* The first names of a tree, which is at its beginning again after it; what
 * cannot be read of it is said by those who read it. */
static int
peek_names(struct tree *t, struct tree_names *l, struct err *e)
{
	const char *name;
	struct err why;

	int got;

	while (l->n < SOURCE_FILES && (got = tree_next(t, &name, &why)) != 0)
		if (got == 1)
			vec_add(l, xstrdup(name));
	return tree_rewind(t, e);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* How many of the sorted names, all in a folder of `skip` bytes, stand in the
 * same folder in it as the first; *to is where that folder's name ends, 0
 * where the first is a file. */
static size_t
one_folder(char *const *names, size_t n, size_t skip, size_t *to)
{
	const char *slash = strchr(names[0] + skip, '/');
	size_t i = 1;

	*to = slash == NULL ? 0 : (size_t)(slash - names[0]) + 1;
	while (i<n && * to> 0 && strncmp(names[i], names[0], *to) == 0)
		i++;
	return i;
}

/* Of an archive, each with its slash. */
struct folders {
	struct tree_names roots; /* that are of a format of trees, as a folder
				    on a disk would be */
	struct tree_names sent; /* of what people sent */
};

/* names are sorted, and all stand in a folder of `skip` bytes. */
static void
find_roots(struct ingest *in, struct tree *t, char **names, size_t n,
    size_t skip, unsigned depth, struct folders *out)
{
	char *inner[SOURCE_NAMES], **all = names;
	size_t used, to, count = n;

	for (; n > 0; names += used, n -= used) {
		used = one_folder(names, n, skip, &to);
		if (to == 0 || depth == TREE_DEPTH)
			continue;
		if (in->forced == NULL && sent_is_folder(in, t, all, count,
					      str_make(names[0], to - 1))) {
			vec_add(&out->sent, xmemdup0(names[0], to));
			continue;
		}
		if (out->roots.n == SOURCE_ROOTS)
			continue;
		for (size_t i = 0; i < used && i < SOURCE_NAMES; i++)
			inner[i] = names[i] + to;
		if (tell_names(in, inner, used) == NULL)
			find_roots(in, t, names, used, to, depth + 1, out);
		else
			vec_add(&out->roots, xmemdup0(names[0], to));
	}
}

static int read_folder(struct ingest *in, const char *path, struct err *e);

static int
read_below(struct ingest *in, struct tree *t, const char *folder, struct err *e)
{
	char *path = join(tree_name(t), folder, strlen(folder));
	int rc = read_folder(in, path, e);

	free(path);
	return rc;
}

/* What somebody sent is none of the export's own. */
static int
leave_sent(struct ingest *in, struct tree *t, const char *name, struct err *e)
{
	if (tree_is_litter(name))
		return 0;
	sink_sum(in->sink, "files of messages", 1);
	return in->why ? why_sent(in, t, name, e) : 0;
}

/* Each file of a folder for itself; a folder in it may be of a format again. */
static int
read_members(struct ingest *in, struct tree *t, struct err *e)
{
	char *last = NULL;
	const char *name;
	bool sent = false;
	int rc;

	while ((rc = tree_next(t, &name, e)) == 1) {
		const char *slash = strchr(name, '/');
		size_t n = slash == NULL ? 0 : (size_t)(slash - name);
		bool fresh =
		    slash != NULL && (last == NULL || strlen(last) != n ||
					 memcmp(last, name, n) != 0);

		if (fresh) {
			free(last);
			last = xmemdup0(name, n);
			sent = sent_is_folder(in, t, NULL, 0, str_of(last));
		}
		if (slash == NULL)
			rc = read_tree_file(in, t, name, e);
		else if (sent)
			rc = leave_sent(in, t, name, e);
		else if (fresh)
			rc = read_below(in, t, last, e);
		if (rc < 0)
			break;
	}
	free(last);
	return rc;
}

static bool
is_within(const char *name, const struct tree_names *roots)
{
	for (size_t i = 0; i < roots->n; i++)
		if (strncmp(name, roots->v[i], strlen(roots->v[i])) == 0)
			return true;
	return false;
}

/* A folder of an archive, which is of a format. */
static int
read_root(struct ingest *in, struct tree *t, const char *root, struct err *e)
{
	struct tree *view = tree_within(t, str_make(root, strlen(root) - 1), e);
	int rc;

	if (view == NULL)
		return -1;
	rc = read_tree(in, view, e);
	tree_close(view);
	return rc;
}

/* The files of an archive, each for itself, then the folders of it that are
 * of a format. */
static int
read_entries(
    struct ingest *in, struct tree *t, struct tree_names *l, struct err *e)
{
	struct folders f = { 0 };
	const char *name;
	struct err why;
	int got, rc = 0;

	if (l->n > 0)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
	find_roots(in, t, l->v, l->n, 0, 0, &f);
	while (rc == 0 && (got = tree_next(t, &name, &why)) != 0) {
		bool nameless = got < 0 && name == NULL;

		if (!nameless && is_within(name, &f.roots))
			continue;
		if (got < 0)
			rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
		else if (sent_is_within(name, &f.sent))
			rc = leave_sent(in, t, name, e);
		else
			rc = read_tree_file(in, t, name, e);
	}
	for (size_t i = 0; rc == 0 && i < f.roots.n; i++)
		rc = read_root(in, t, f.roots.v[i], e);
	tree_names_release(&f.roots);
	tree_names_release(&f.sent);
	return rc;
}

/* What the walk left out is said, once for the operand. */
static int
reject_skipped(struct ingest *in, struct tree *t, struct err *e)
{
	const char *name, *outer = in->file;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (name = tree_skipped(t, i)) != NULL;
	     i++) {
		char *file = join(tree_name(t), name, strlen(name));

		in->file = file;
		rc = ingest_reject(in, STR(""),
		    "a link or device in a folder is not followed; name it "
		    "as an operand",
		    STR(""), e);
		in->file = outer;
		free(file);
	}
	return rc;
}

/*
 * A tree of this format.  In an export its own files alone are sources: what
 * else is in it somebody may have sent.
 */
static int
read_whole(struct ingest *in, const struct source_format *f, struct tree *t,
    struct err *e)
{
	const char *name;
	void *kept = NULL;
	int got, rc;

	do {
		in->format = f;
		got = rc = f->read_tree(in, t, &kept, &name, e);
		if (got == TREE_ATTACHMENT) {
			sink_sum(in->sink, "files of messages", 1);
			rc = 0;
		} else if (got > 0) {
			in->foreign = got == TREE_FOREIGN;
			rc = read_tree_file(in, t, name, e);
			in->foreign = false;
		}
	} while (got > 0 && rc == 0);
	if (f->release_tree != NULL)
		f->release_tree(kept);
	return rc;
}

static int
read_tree(struct ingest *in, struct tree *t, struct err *e)
{
	const struct source_format *f;
	struct tree_names l = { 0 };
	int rc = peek_names(t, &l, e);

	f = tell_names(in, l.v, l.n);
	if (rc == 0 && in->why)
		rc = why_tree(in, f, l.v, l.n, e);
	if (rc == 0 && in->why && f != NULL)
		goto out;
	if (rc == 0 && f != NULL && f->read_tree != NULL)
		rc = read_whole(in, f, t, e);
	else if (rc == 0)
		rc = tree_is_folder(t) ? read_members(in, t, e)
				       : read_entries(in, t, &l, e);
out:
	tree_names_release(&l);
	return rc;
}

static int
read_folder(struct ingest *in, const char *path, struct err *e)
{
	struct tree *t = tree_open(path, e);
	int rc;

	if (t == NULL)
		return -1;
	rc = read_tree(in, t, e);
	tree_close(t);
	return rc;
}

static int
ingest_folder(struct ingest *in, struct err *e)
{
	struct tree *t = tree_open(in->file, e);
	int rc;

	if (t == NULL)
		return -1;
	rc = reject_skipped(in, t, e);
	if (rc == 0)
		rc = read_tree(in, t, e);
	tree_close(t);
	return rc;
}

static int
ingest_archive(struct ingest *in, const char *path, struct err *e)
{
	struct err why;
	struct tree *t = tree_open(path, &why);
	int rc;

	if (t == NULL)
		return ingest_reject(in, STR(""), why.msg, STR(""), e);
	rc = read_tree(in, t, e);
	tree_close(t);
	return rc;
}

/* A file on disk: an archive there need not be in memory. */
static int
ingest_file(struct ingest *in, const char *path, struct err *e)
{
	struct input *input = input_open(path, in->max_item, e);
	struct err why;
	struct str head;
	bool archive;
	int rc = -1;

	if (input == NULL)
		return -1;
	if (path == NULL) {
		rc = read_input(in, input, e);
		input_close(input);
		return rc;
	}
	if (look(in, input, &head, &why) < 0) {
		input_close(input);
		return ingest_reject(in, STR(""), why.msg, STR(""), e);
	}
	archive = unpack_is_archive(head);
	if (!archive && head.n > 0)
		rc = read_file(in, input, head, e);
	else
		rc = 0;
	input_close(input);
	return archive ? ingest_archive(in, path, e) : rc;
}

static struct ingest
begin(struct source_context *c, struct sink *sink, const char *name,
    const struct source_reading *how)
{
	return (struct ingest){
		.sink = sink,
		.workspace = c->workspace,
		.file = name,
		.max_item = how->max_item,
		.forced = how->format,
		.items_path = how->items,
		.spool = how->spool,
		.why = how->why,
	};
}

int
source_ingest(struct source_context *c, struct sink *sink, const char *path,
    const struct source_reading *how, struct err *e)
{
	struct ingest in = begin(c, sink, path, how);
	struct stat st;

	if (strcmp(path, "-") == 0)
		return ingest_file(&in, NULL, e);
	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	return S_ISDIR(st.st_mode) ? ingest_folder(&in, e)
				   : ingest_file(&in, path, e);
}

int
source_ingest_bytes(struct source_context *c, struct sink *sink,
    const char *name, struct str bytes, const struct source_reading *how,
    struct err *e)
{
	struct ingest in = begin(c, sink, name, how);
	struct input *input = input_from_bytes(name, &bytes, in.max_item, e);
	struct str head;
	int rc;

	if (input == NULL)
		return -1;
	rc = input_peek(input, SOURCE_HEAD, &head, e);
	if (rc >= 0)
		rc = head.n == 0 ? 0 : read_file(&in, input, head, e);
	input_close(input);
	return rc;
}
