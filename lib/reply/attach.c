#include "reply/attach.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/text/ascii.h"
#include "json/write.h"

/* Its name in messages. */
static struct str
called(const struct draft_file *f)
{
	return str_sub(f->name.n > 0 ? f->name : f->file, 0, 80);
}

static void
fault(struct draft *d, struct arena *a, const struct draft_file *f,
    const char *why)
{
	if (d->fault == NULL)
		d->fault = ARENA_JOIN(
		    a, STR("attachment '"), called(f), STR("': "), str_of(why))
			       .p;
}

static struct str
hex(const uint8_t sum[32], struct arena *a)
{
	char text[65];

	for (size_t i = 0; i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", sum[i]);
	return arena_dup(a, str_of(text));
}

/* A token of RFC 2045 5.1 on either side of one slash. */
static bool
type_ok(struct str type)
{
	ptrdiff_t slash = str_chr(type, '/');

	if (slash < 1 || (size_t)slash + 1 == type.n || type.n > 127)
		return false;
	for (size_t i = 0; i < type.n; i++)
		if (type.p[i] <= ' ' || type.p[i] >= 0x7f ||
		    ascii_is_in(type.p[i], "()<>@,;:\\\"[]?=") ||
		    (type.p[i] == '/' && i != (size_t)slash))
			return false;
	return true;
}

static const char *
refusal(const struct draft_file *f)
{
	if (f->file.n == 0 && f->blob_id.n > 0)
		return "its bytes are not here: put the file beside the "
		       "drafts and name it (file)";
	if (f->file.n == 0)
		return "no file is named (file)";
	if (f->type.n > 0 && !type_ok(f->type))
		return "type is no media type such as application/pdf";
	return NULL;
}

/* Appends its bytes, at most max. */
static int
read_bytes(const struct draft_file *f, struct buf *out, size_t max,
    struct arena *a, struct err *e)
{
	int64_t size;
	int fd = file_open_below(f->folder, f->below, &size, e);

	if (fd >= 0 && size > (int64_t)max) {
		close(fd);
		return err_set(e, "all files of a draft have at most 20 MB");
	}
	return fd < 0 ? -1
		      : file_read_open(fd, arena_cstr(a, called(f)), out, e);
}

static bool
read_one(struct draft *d, struct arena *a, struct draft_file *f, size_t *left)
{
	struct buf bytes;
	uint8_t sum[32];
	struct err e;
	bool good;

	buf_init(&bytes, *left);
	good = read_bytes(f, &bytes, *left, a, &e) == 0;
	if (!good) {
		fault(d, a, f, e.msg);
	} else {
		hash_sha256(bytes.p, bytes.n, sum);
		f->sha256 = hex(sum, a);
		f->size = (int64_t)bytes.n;
		*left -= bytes.n;
	}
	buf_release(&bytes);
	return good;
}

void
attach_find(struct draft *d, struct arena *a, struct str folder)
{
	size_t left = ATTACH_BYTES;

	for (size_t i = 0; i < d->file_count; i++) {
		struct draft_file *f = &d->files[i];
		const char *why = refusal(f);

		if (why != NULL) {
			fault(d, a, f, why);
			return;
		}
		f->folder = arena_cstr(a, folder);
		f->below = f->file;
		if (!read_one(d, a, f, &left))
			return;
	}
	if (d->file_count > 0)
		draft_complete(d, a);
}

static const char *
kept_folder(const char *state, struct arena *a)
{
	return arena_printf(a, "%s/attachments", state).p;
}

void
attach_find_kept(struct draft *d, struct arena *a, const char *state)
{
	for (size_t i = 0; i < d->file_count; i++) {
		struct draft_file *f = &d->files[i];

		if (f->sha256.n != 64 || str_chr(f->sha256, '/') >= 0) {
			fault(d, a, f, "the outbox does not have it");
		} else {
			f->folder = kept_folder(state, a);
			f->below = f->sha256;
		}
	}
}

void
attach_put(struct record *r, const struct draft *d)
{
	struct json_iter it = json_each(record_get(r, "reply"));
	struct json key, v;
	struct writer *w;

	if (d->file_count == 0 || d->fault != NULL)
		return;
	w = record_put(r, "reply");
	write_object(w);
	while (json_next(&it, &key, &v))
		if (!json_is(key, "attachments")) {
			write_key_str(w, json_str(key, record_arena(r)));
			write_raw(w, json_raw(v));
		}
	write_key(w, "attachments");
	write_list(w);
	for (size_t i = 0; i < d->file_count; i++) {
		const struct draft_file *f = &d->files[i];

		write_object(w);
		write_member(w, "name", f->name);
		write_member(w, "type", f->type);
		write_member(w, "file", f->file);
		write_member_int(w, "size", f->size);
		write_member(w, "sha256", f->sha256);
		write_object_end(w);
	}
	write_list_end(w);
	write_object_end(w);
	record_put_end(r);
	record_drop(r, "attachments");
}

int
attach_read(const struct draft_file *f, struct buf *out, struct err *e)
{
	size_t from = out->n;
	uint8_t sum[32];
	struct arena a = { 0 };
	int rc;

	if (f->folder == NULL)
		rc = err_set(e, "it is not here");
	else
		rc = read_bytes(f, out, ATTACH_BYTES, &a, e);
	if (rc == 0) {
		hash_sha256(out->p + from, out->n - from, sum);
		if (!str_eq(hex(sum, &a), f->sha256))
			rc = err_set(e,
			    "it is not what it was when the draft was taken "
			    "in");
	}
	arena_release(&a);
	return rc < 0 ? err_prefix(e, "attachment '%.*s'", STR_ARG(called(f)))
		      : 0;
}

static int
keep_one(const struct draft_file *f, const char *folder, struct arena *a,
    struct err *e)
{
	const char *path = ARENA_JOIN(a, str_of(folder), STR("/"), f->sha256).p;
	struct buf bytes;
	int rc;

	if (access(path, R_OK) == 0)
		return 0;
	buf_init(&bytes, ATTACH_BYTES);
	rc = attach_read(f, &bytes, e);
	if (rc == 0)
		rc = file_write_durable(path, buf_str(&bytes), 0600, e);
	buf_release(&bytes);
	return rc;
}

int
attach_keep(const struct draft *d, const char *state, struct err *e)
{
	struct arena a = { 0 };
	const char *folder = kept_folder(state, &a);
	int rc = 0;

	if (d->file_count > 0)
		rc = file_make_dir(folder, e);
	for (size_t i = 0; rc == 0 && i < d->file_count; i++)
		rc = keep_one(&d->files[i], folder, &a, e);
	arena_release(&a);
	return rc;
}

int
attach_any_kept(const char *state, struct err *e)
{
	struct arena a = { 0 };
	const char *folder = kept_folder(state, &a);
	int rc = !file_is_missing(folder);

	/* Their names: a run that was killed may not have come to it. */
	if (rc == 1 &&
	    file_sync_name(arena_printf(&a, "%s/.", folder).p, e) < 0)
		rc = -1;
	arena_release(&a);
	return rc;
}

void
attach_clear(const char *state, const struct idset *needed)
{
	struct arena a = { 0 };
	const char *folder = kept_folder(state, &a);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    !idset_has(needed, idset_hash(str_of(entry->d_name))))
			unlinkat(fd, entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	/* Only when it is empty. */
	rmdir(folder);
	arena_release(&a);
}
