#include "core/io/dbvfs.h"

#include <endian.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

enum {
	PATH_BYTES = 1024, /* of a name, which nothing is opened by */
	SECTOR = 4096,
	PAGE_SIZE_AT = 16, /* two bytes; 1 is 65536 */
	PAGES_AT = 28, /* four bytes */
	LEAST_PAGE = 512,
	MOST_PAGE = 65536,
};

struct dbvfs {
	sqlite3_vfs vfs;
	char name[32];
	struct db_bytes file, log;
	bool logged; /* there is a log */
	int64_t size; /* of the file's whole pages */
	uint32_t pages; /* as many; 0: as many as the file says */
};

/* What SQLite has of a file of ours. */
struct opened {
	sqlite3_file base;
	const struct dbvfs *of;
	const struct db_bytes *bytes;
};

static int
closed(sqlite3_file *f)
{
	return (void)f, SQLITE_OK;
}

/* A file that was cut off says how many pages it had: how many it has now, or
 * SQLite would not look at any. */
static void
count_pages(const struct dbvfs *v, char *p, int n, sqlite3_int64 at)
{
	unsigned char count[4];

	if (v->pages == 0 || at > PAGES_AT || at + n < PAGES_AT + 4)
		return;
	for (int i = 0; i < 4; i++)
		count[i] = (unsigned char)(v->pages >> (24 - 8 * i));
	memcpy(p + (PAGES_AT - at), count, sizeof(count));
}

static int
read_at(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
	const struct opened *f = (const struct opened *)file;
	const struct db_bytes *b = f->bytes;
	bool main = b == &f->of->file;
	int64_t size = main ? f->of->size : b->size;
	ptrdiff_t got = 0;

	if (at < 0 || n < 0)
		return SQLITE_IOERR_READ;
	if (at < size)
		got = b->read(b->arg, p,
		    size - at < n ? (size_t)(size - at) : (size_t)n, at);
	if (got < 0)
		return SQLITE_IOERR_READ;
	if (main)
		count_pages(f->of, p, (int)got, at);
	if (got == n)
		return SQLITE_OK;
	memset((char *)p + got, 0, (size_t)(n - got));
	return SQLITE_IOERR_SHORT_READ;
}

static int
write_at(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	return (void)f, (void)p, (void)n, (void)at, SQLITE_READONLY;
}

static int
truncated(sqlite3_file *f, sqlite3_int64 size)
{
	return (void)f, (void)size, SQLITE_READONLY;
}

static int
synced(sqlite3_file *f, int flags)
{
	return (void)f, (void)flags, SQLITE_OK;
}

static int
size_of(sqlite3_file *file, sqlite3_int64 *size)
{
	const struct opened *f = (const struct opened *)file;

	*size = f->bytes == &f->of->file ? f->of->size : f->bytes->size;
	return SQLITE_OK;
}

static int
locked(sqlite3_file *f, int how)
{
	return (void)f, (void)how, SQLITE_OK;
}

static int
reserved(sqlite3_file *f, int *is)
{
	*is = 0;
	return (void)f, SQLITE_OK;
}

static int
control(sqlite3_file *f, int what, void *arg)
{
	return (void)f, (void)what, (void)arg, SQLITE_NOTFOUND;
}

static int
sector(sqlite3_file *f)
{
	return (void)f, SECTOR;
}

static int
nature(sqlite3_file *f)
{
	return (void)f, 0;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = closed,
	.xRead = read_at,
	.xWrite = write_at,
	.xTruncate = truncated,
	.xSync = synced,
	.xFileSize = size_of,
	.xLock = locked,
	.xUnlock = locked,
	.xCheckReservedLock = reserved,
	.xFileControl = control,
	.xSectorSize = sector,
	.xDeviceCharacteristics = nature,
};

/* A log that is not there is an empty one: a database that has one asks for
 * it.  Journals and temporary files there are none. */
static int
open_one(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct dbvfs *v = vfs->pAppData;
	struct opened *f = (struct opened *)file;

	(void)name;
	*f = (struct opened){ .of = v };
	if ((flags & SQLITE_OPEN_MAIN_DB) != 0)
		f->bytes = &v->file;
	else if ((flags & SQLITE_OPEN_WAL) != 0)
		f->bytes = &v->log;
	else
		return SQLITE_CANTOPEN;
	f->base.pMethods = &methods;
	if (out != NULL)
		*out = SQLITE_OPEN_READONLY |
		       (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL));
	return SQLITE_OK;
}

static int
removed(sqlite3_vfs *vfs, const char *name, int sync)
{
	return (void)vfs, (void)name, (void)sync, SQLITE_READONLY;
}

static int
is_there(sqlite3_vfs *vfs, const char *name, int flags, int *is)
{
	const struct dbvfs *v = vfs->pAppData;
	size_t n = strlen(name);

	(void)flags;
	*is = v->logged && n > 4 && strcmp(name + n - 4, "-wal") == 0;
	return SQLITE_OK;
}

static int
full_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	return snprintf(out, (size_t)n, "%s", name) < n ? SQLITE_OK
							: SQLITE_CANTOPEN;
}

/* What is read asks for none. */
static int
no_randomness(sqlite3_vfs *vfs, int n, char *p)
{
	memset(p, 0, (size_t)n);
	return (void)vfs, n;
}

static int
no_sleep(sqlite3_vfs *vfs, int microseconds)
{
	return (void)vfs, microseconds;
}

/* The same at each run. */
static int
no_clock(sqlite3_vfs *vfs, double *now)
{
	*now = 0;
	return (void)vfs, SQLITE_OK;
}

static int
no_error(sqlite3_vfs *vfs, int n, char *p)
{
	return (void)vfs, (void)n, (void)p, 0;
}

/* How many whole pages there are, and whether that is less than the file
 * says. */
static void
measure(struct dbvfs *v)
{
	unsigned char head[PAGES_AT + 4];
	uint32_t page, says;

	v->size = v->file.size;
	if (v->file.read(v->file.arg, head, sizeof(head), 0) !=
	    (ptrdiff_t)sizeof(head))
		return;
	page = (uint32_t)head[PAGE_SIZE_AT] << 8 | head[PAGE_SIZE_AT + 1];
	if (page == 1)
		page = MOST_PAGE;
	if (page < LEAST_PAGE || (page & (page - 1)) != 0)
		return;
	v->size -= v->size % page;
	memcpy(&says, head + PAGES_AT, sizeof(says));
	if (v->size / page < (int64_t)be32toh(says))
		v->pages = (uint32_t)(v->size / page);
}

struct dbvfs *
dbvfs_new(const struct db_bytes *file, const struct db_bytes *log)
{
	struct dbvfs *v = xcalloc(1, sizeof(*v));

	v->file = *file;
	v->logged = log != NULL;
	if (log != NULL)
		v->log = *log;
	measure(v);
	snprintf(v->name, sizeof(v->name), "kith-%p", (void *)v);
	v->vfs = (sqlite3_vfs){ .iVersion = 1,
		.szOsFile = sizeof(struct opened),
		.mxPathname = PATH_BYTES,
		.zName = v->name,
		.pAppData = v,
		.xOpen = open_one,
		.xDelete = removed,
		.xAccess = is_there,
		.xFullPathname = full_path,
		.xRandomness = no_randomness,
		.xSleep = no_sleep,
		.xCurrentTime = no_clock,
		.xGetLastError = no_error };
	if (sqlite3_vfs_register(&v->vfs, 0) != SQLITE_OK)
		alloc_die(sizeof(*v));
	return v;
}

void
dbvfs_free(struct dbvfs *v)
{
	if (v == NULL)
		return;
	sqlite3_vfs_unregister(&v->vfs);
	free(v);
}

const char *
dbvfs_name(const struct dbvfs *v)
{
	return v->name;
}
