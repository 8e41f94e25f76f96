#include "live/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/io/file.h"
#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "core/time.h"
#include "json/json.h"
#include "json/write.h"

enum {
	NAME_BYTES = 200, /* of a folder's name; a longer one is a hash */
	STATUS_BYTES = 64 << 10,
	PATH_BYTES = 4096,
};

/* Letters, digits and what else a name may have; all others as %2F, and a dot
 * at its beginning, which would hide it. */
static void
add_folder_name(struct buf *b, struct str name)
{
	size_t before = b->n;
	char id[ID_SIZE];

	percent_encode(b, str_sub(name, 0, 1), "-_@:");
	percent_encode(b, str_sub(name, 1, name.n), "-_@:.");
	if (b->n - before <= NAME_BYTES && !b->over)
		return;
	buf_cut(b, before);
	b->over = false;
	id_make(id, 's', &name, 1);
	buf_add_z(b, id);
}

/* Of a source in a state, which the caller frees: names may be urls. */
static char *
folder_of(const char *state, const char *name)
{
	struct buf b;
	char *out;

	buf_init(&b, (size_t)1 << 20);
	buf_printf(&b, "%s/live/", state);
	add_folder_name(&b, str_of(name));
	out = xmemdup0(buf_str(&b).p, b.n);
	buf_release(&b);
	return out;
}

/* The state's, all sources', this one's, and in that its name. */
static int
make_folders(
    const char *state, const char *folder, const char *name, struct err *e)
{
	char path[PATH_BYTES];

	if ((size_t)snprintf(path, sizeof(path), "%s/name", folder) >=
	    sizeof(path))
		return err_set(e, "%s: name too long", folder);
	snprintf(path, sizeof(path), "%s/live", state);
	if (file_make_dir(state, e) < 0 || file_make_dir(path, e) < 0 ||
	    file_make_dir(folder, e) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/name", folder);
	if (!file_is_missing(path))
		return 0;
	return file_write_durable(path, str_of(name), 0600, e);
}

int
live_store_open(
    struct live_store *s, const char *state, const char *name, struct err *e)
{
	*s = (struct live_store){
		.folder = folder_of(state, name),
		.journal = { .lock = -1, .fd = -1 },
	};
	if (make_folders(state, s->folder, name, e) < 0 ||
	    journal_open(&s->journal, s->folder, e) < 0 ||
	    journal_forget_note(&s->journal, e) < 0 ||
	    cursor_open(&s->cursor, s->folder, e) < 0 ||
	    live_status_read(s->folder, &s->status, e) < 0)
		return -1;
	s->given = s->journal.mark;
	s->lost = s->journal.damaged || s->cursor.end > s->journal.end;
	if (s->lost)
		cursor_reset(&s->cursor);
	return 0;
}

void
live_store_close(struct live_store *s)
{
	journal_close(&s->journal);
	cursor_close(&s->cursor);
	free(s->folder);
	*s = (struct live_store){ .journal = { .lock = -1, .fd = -1 } };
}

int
live_store_settle(struct live_store *s, struct err *e)
{
	s->broken = sink_flush(journal_sink(&s->journal), e) < 0 ||
		    journal_sync(&s->journal, e) < 0 ||
		    cursor_save(&s->cursor, s->journal.end, e) < 0;
	return s->broken ? -1 : 0;
}

int
live_store_give(struct live_store *s, struct sink *to, struct err *e)
{
	s->broken = journal_give(&s->journal, s->given, to, e) < 0;
	if (s->broken)
		return -1;
	s->given = s->journal.end;
	if (!s->journal.damaged || s->lost)
		return 0;
	/* Something that the cursor stands for is not there any more. */
	s->lost = true;
	cursor_reset(&s->cursor);
	return 0;
}

static void
path_of_status(const char *folder, char out[PATH_BYTES])
{
	snprintf(out, PATH_BYTES, "%s/status", folder);
}

int
live_status_note(
    struct live_store *s, int64_t now, const char *why, struct err *e)
{
	char path[PATH_BYTES];
	struct writer w;
	struct buf b;
	int rc;

	if (why == NULL)
		s->status.success = now;
	else
		s->status.failure = now;
	snprintf(s->status.error, sizeof(s->status.error), "%s",
	    why == NULL ? "" : why);
	buf_init(&b, STATUS_BYTES);
	write_init(&w, &b);
	write_object(&w);
	write_member_time(&w, "lastSuccess", s->status.success);
	write_member_time(&w, "lastFailure", s->status.failure);
	write_member(&w, "error", str_of(s->status.error));
	write_member_int(&w, "holes", (int64_t)s->status.holes);
	write_object_end(&w);
	buf_add_char(&b, '\n');
	path_of_status(s->folder, path);
	rc = file_write_durable(path, buf_str(&b), 0600, e);
	buf_release(&b);
	return rc;
}

static void
take_status(struct live_status *out, struct json root)
{
	struct arena a = { 0 };
	struct str v = json_str(json_get(root, "lastSuccess"), &a);
	int64_t n;

	if (v.p == NULL || time_parse(v, &out->success) < 0)
		out->success = TIME_NONE;
	v = json_str(json_get(root, "lastFailure"), &a);
	if (v.p == NULL || time_parse(v, &out->failure) < 0)
		out->failure = TIME_NONE;
	v = json_str(json_get(root, "error"), &a);
	snprintf(out->error, sizeof(out->error), "%.*s", STR_ARG(v));
	if (json_int(json_get(root, "holes"), &n) == 0 && n > 0)
		out->holes = (uint64_t)n;
	arena_release(&a);
}

int
live_status_read(const char *folder, struct live_status *out, struct err *e)
{
	struct json_doc *doc;
	char path[PATH_BYTES];
	struct json root;
	struct err why;
	struct buf b;
	int rc;

	*out = (struct live_status){ TIME_NONE, TIME_NONE, "", 0 };
	path_of_status(folder, path);
	if (file_is_missing(path))
		return 0;
	buf_init(&b, STATUS_BYTES);
	doc = json_doc_new();
	rc = file_read_own(path, &b, e);
	/* It is only told: what does not read is as if nobody knew. */
	if (rc == 0 && json_parse_copy(doc, buf_str(&b), &root, &why) == 0)
		take_status(out, root);
	json_doc_free(doc);
	buf_release(&b);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Folders in a state's folder, sorted; each and v are the caller's. */
static int
list(const char *dir, char ***out, size_t *count, struct err *e)
{
	struct VEC(char *) names = { 0 };
	DIR *d = opendir(dir);
	const struct dirent *entry;

	if (d == NULL && errno != ENOENT)
		return err_sys(e, errno, "%s", dir);
	while (d != NULL && (entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			vec_add(&names, xstrdup(entry->d_name));
	if (d != NULL)
		closedir(d);
	if (names.n > 0)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	*out = names.v;
	*count = names.n;
	return 0;
}

static int
one_source(const char *dir, const char *entry,
    int (*one)(void *arg, const char *folder, const char *name, struct err *e),
    void *arg, struct err *e)
{
	char folder[PATH_BYTES], path[PATH_BYTES + 8];
	struct buf name;
	int rc = 0;

	if ((size_t)snprintf(folder, sizeof(folder), "%s/%s", dir, entry) >=
	    sizeof(folder))
		return err_set(e, "%s: name too long", dir);
	snprintf(path, sizeof(path), "%s/name", folder);
	if (file_is_missing(path))
		return 0;
	buf_init(&name, PATH_BYTES);
	rc = file_read_own(path, &name, e);
	if (rc == 0)
		rc = one(arg, folder, buf_cstr(&name), e);
	buf_release(&name);
	return rc;
}

int
live_each(const char *state,
    int (*one)(void *arg, const char *folder, const char *name, struct err *e),
    void *arg, struct err *e)
{
	char dir[PATH_BYTES], **names = NULL;
	size_t n = 0;
	int rc;

	if ((size_t)snprintf(dir, sizeof(dir), "%s/live", state) >= sizeof(dir))
		return err_set(e, "%s: name too long", state);
	rc = list(dir, &names, &n, e);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0)
			rc = one_source(dir, names[i], one, arg, e);
		free(names[i]);
	}
	free(names);
	return rc;
}
