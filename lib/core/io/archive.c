#include "core/io/packed.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/io/library.h"
#include "core/text/utf8.h"
#include "core/time.h"

/*
 * libarchive is loaded when the first compressed byte is seen.  Linked, it
 * brings fifteen libraries and 1.6 ms to the start of every filter (0.7 ms
 * without), and few of them ever meet a compressed input.
 */
#define LIBRARY "libarchive.so.13"

enum {
	BLOCK = 64 << 10,
	NAME_MAX_BYTES = 4096,
	FREE_OUTPUT = 64 << 20, /* below this the ratio is not asked */
};

#define FUNCTIONS(X)                         \
	X(archive_read_new)                  \
	X(archive_read_free)                 \
	X(archive_read_support_filter_gzip)  \
	X(archive_read_support_filter_bzip2) \
	X(archive_read_support_filter_xz)    \
	X(archive_read_support_filter_zstd)  \
	X(archive_read_support_filter_lz4)   \
	X(archive_read_support_format_raw)   \
	X(archive_read_support_format_empty) \
	X(archive_read_support_format_zip)   \
	X(archive_read_support_format_tar)   \
	X(archive_read_support_format_7zip)  \
	X(archive_read_open)                 \
	X(archive_read_open_fd)              \
	X(archive_read_open_memory)          \
	X(archive_read_next_header)          \
	X(archive_read_data)                 \
	X(archive_error_string)              \
	X(archive_set_error)                 \
	X(archive_entry_pathname)            \
	X(archive_entry_pathname_utf8)       \
	X(archive_entry_filetype)            \
	X(archive_entry_hardlink)            \
	X(archive_entry_size)                \
	X(archive_entry_size_is_set)         \
	X(archive_entry_mtime)               \
	X(archive_entry_mtime_nsec)          \
	X(archive_entry_mtime_is_set)

static struct {
	void *handle;
	locale_t utf8; /* names are converted to the locale's charset */
#define X(f) __typeof__(&f) f;
	FUNCTIONS(X)
#undef X
} lib;

struct packed {
	struct archive *archive;
	ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e);
	void *arg; /* of a stream */
	bool ended; /* nothing more comes */
	struct buf head; /* what was read of the stream before */
	bool head_given;
	char *block;
	uint64_t in, out; /* in: of a stream so far, of an archive in all */
	uint64_t entries;
	struct buf name;
};

static bool
starts(struct str head, const char *magic, size_t n)
{
	return head.n >= n && memcmp(head.p, magic, n) == 0;
}

static bool
is_stream(struct str head)
{
	if (starts(head, "BZh", 3))
		return head.n >= 10 && head.p[3] >= '1' && head.p[3] <= '9' &&
		       (memcmp(head.p + 4, "1AY&SY", 6) == 0 ||
			   memcmp(head.p + 4, "\x17rE8P\x90", 6) == 0);
	return starts(head, "\x1f\x8b\x08", 3) ||
	       starts(head, "\x28\xb5\x2f\xfd", 4) ||
	       starts(head,
		   "\xfd"
		   "7zXZ\0",
		   6) ||
	       starts(head, "\x04\x22\x4d\x18", 4);
}

bool
unpack_is_archive(struct str head)
{
	return starts(head, "PK\x03\x04", 4) || starts(head, "PK\x05\x06", 4) ||
	       starts(head, "PK\x07\x08", 4) ||
	       starts(head, "7z\xbc\xaf\x27\x1c", 6) ||
	       /* What tells tar is far behind: other bytes may read so. */
	       (head.n >= 262 && memcmp(head.p + 257, "ustar", 5) == 0 &&
		   !is_stream(head));
}

bool
unpack_is(struct str head)
{
	return is_stream(head) || unpack_is_archive(head);
}

int
packed_load(struct err *e)
{
#define X(f) { #f, &lib.f },
	static const struct library_function functions[] = { FUNCTIONS(X) };
#undef X

	if (lib.handle != NULL)
		return 0;
	if (library_load(&lib.handle, LIBRARY, functions,
		sizeof(functions) / sizeof(*functions),
		"compressed input needs " LIBRARY ", which is not there; "
		"decompress it first",
		e) < 0)
		return -1;
	lib.utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return 0;
}

static struct packed *
packed_new(struct err *e)
{
	struct packed *z;

	if (packed_load(e) < 0)
		return NULL;
	z = xcalloc(1, sizeof(*z));
	buf_init(&z->head, SIZE_MAX / 4);
	buf_init(&z->name, NAME_MAX_BYTES);
	z->archive = lib.archive_read_new();
	if (z->archive == NULL)
		alloc_die(sizeof(*z));
	lib.archive_read_support_filter_gzip(z->archive);
	lib.archive_read_support_filter_bzip2(z->archive);
	lib.archive_read_support_filter_xz(z->archive);
	lib.archive_read_support_filter_zstd(z->archive);
	lib.archive_read_support_filter_lz4(z->archive);
	return z;
}

void
packed_close(struct packed *z)
{
	if (z == NULL)
		return;
	lib.archive_read_free(z->archive);
	buf_release(&z->head);
	buf_release(&z->name);
	free(z->block);
	free(z);
}

static int
failed(struct packed *z, const char *what, struct err *e)
{
	const char *why = lib.archive_error_string(z->archive);

	z->ended = true;
	return err_set(e, "%s: %s", what, why == NULL ? "damaged" : why);
}

/* Libarchive asks for the next block of the stream. */
static la_ssize_t
next_block(struct archive *a, void *arg, const void **block)
{
	struct packed *z = arg;
	struct err e;
	ptrdiff_t n;

	if (!z->head_given) {
		z->head_given = true;
		*block = z->head.p;
		return (la_ssize_t)z->head.n;
	}
	n = z->read(z->arg, z->block, BLOCK, &e);
	if (n < 0)
		lib.archive_set_error(a, EIO, "%s", e.msg);
	else
		z->in += (uint64_t)n;
	*block = z->block;
	return n;
}

struct packed *
packed_stream(ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e),
    void *arg, struct str head, struct err *e)
{
	struct packed *z = packed_new(e);
	struct archive_entry *entry;

	if (z == NULL)
		return NULL;
	z->read = read;
	z->arg = arg;
	z->block = xmalloc(BLOCK);
	z->in = head.n;
	buf_add_str(&z->head, head);
	lib.archive_read_support_format_raw(z->archive);
	lib.archive_read_support_format_empty(z->archive);
	if (lib.archive_read_open(z->archive, z, NULL, next_block, NULL) !=
	    ARCHIVE_OK) {
		failed(z, "compressed input is damaged", e);
		goto fail;
	}
	switch (lib.archive_read_next_header(z->archive, &entry)) {
	case ARCHIVE_EOF:
		z->ended = true;
		break;
	case ARCHIVE_OK:
	case ARCHIVE_WARN:
		break;
	default:
		failed(z, "compressed input is damaged", e);
		goto fail;
	}
	return z;
fail:
	packed_close(z);
	return NULL;
}

static struct packed *
archive_new(struct err *e)
{
	struct packed *z = packed_new(e);

	if (z == NULL)
		return NULL;
	lib.archive_read_support_format_zip(z->archive);
	lib.archive_read_support_format_tar(z->archive);
	lib.archive_read_support_format_7zip(z->archive);
	lib.archive_read_support_format_empty(z->archive);
	return z;
}

struct packed *
packed_file(int fd, const char *path, struct err *e)
{
	struct packed *z = archive_new(e);
	struct stat st;

	if (z == NULL)
		return NULL;
	if (fstat(fd, &st) < 0) {
		err_sys(e, errno, "%s", path);
		goto fail;
	}
	z->in = (uint64_t)st.st_size;
	if (lib.archive_read_open_fd(z->archive, fd, BLOCK) != ARCHIVE_OK) {
		failed(z, "not an archive that can be read", e);
		err_prefix(e, "%s", path);
		goto fail;
	}
	return z;
fail:
	packed_close(z);
	return NULL;
}

struct packed *
packed_memory(struct str bytes, struct err *e)
{
	struct packed *z = archive_new(e);

	if (z == NULL)
		return NULL;
	z->in = bytes.n;
	if (lib.archive_read_open_memory(z->archive, bytes.p, bytes.n) !=
	    ARCHIVE_OK) {
		failed(z, "not an archive that can be read", e);
		packed_close(z);
		return NULL;
	}
	return z;
}

/* The name as UTF-8: what is none becomes U+FFFD. */
static void
keep_name(struct packed *z, struct archive_entry *entry)
{
	const char *raw = lib.archive_entry_pathname_utf8(entry);
	struct str s;

	if (raw == NULL)
		raw = lib.archive_entry_pathname(entry);
	s = str_of(raw == NULL ? "" : raw);
	while (str_starts(s, STR("./")))
		s = str_sub(s, 2, s.n);
	buf_reset(&z->name);
	utf8_clean(s, &z->name);
}

/* Names that would lead out of the archive where it is unpacked. */
static int
check_name(struct packed *z, struct err *e)
{
	struct str rest = buf_str(&z->name);

	if (z->name.over)
		return err_set(e, "a name of more than %d bytes is refused",
		    (int)NAME_MAX_BYTES);
	if (rest.n == 0)
		return err_set(e, "an entry without a name is refused");
	if (rest.p[0] == '/' || rest.p[0] == '\\')
		return err_set(e, "'%s' is refused: the name is absolute",
		    buf_cstr(&z->name));
	while (rest.p != NULL)
		if (str_is(str_split(&rest, '/'), ".."))
			return err_set(e, "'%s' is refused: '..' in the name",
			    buf_cstr(&z->name));
	return 0;
}

static int
next_header(struct packed *z, struct archive_entry **entry)
{
	locale_t old = (locale_t)0;
	int rc;

	if (lib.utf8 != (locale_t)0)
		old = uselocale(lib.utf8);
	rc = lib.archive_read_next_header(z->archive, entry);
	if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
		keep_name(z, *entry);
	if (old != (locale_t)0)
		uselocale(old);
	return rc;
}

static void
describe(
    struct packed *z, struct archive_entry *entry, struct unpack_entry *out)
{
	*out = (struct unpack_entry){
		.name = buf_cstr(&z->name), .size = -1, .mtime = TIME_NONE
	};
	if (lib.archive_entry_size_is_set(entry))
		out->size = lib.archive_entry_size(entry);
	if (lib.archive_entry_mtime_is_set(entry) &&
	    !__builtin_mul_overflow(
		lib.archive_entry_mtime(entry), TIME_SECOND, &out->mtime))
		out->mtime += lib.archive_entry_mtime_nsec(entry) / 1000;
}

/* A file, or what no export holds: a link to elsewhere, a device. */
static int
check_kind(struct packed *z, struct archive_entry *entry, struct err *e)
{
	if (lib.archive_entry_filetype(entry) == AE_IFREG &&
	    lib.archive_entry_hardlink(entry) == NULL)
		return 0;
	return err_set(e, "'%s' is refused: a link or a device, no file",
	    buf_cstr(&z->name));
}

int
packed_next(struct packed *z, struct unpack_entry *entry, struct err *e)
{
	struct archive_entry *at;

	*entry = (struct unpack_entry){ .size = -1, .mtime = TIME_NONE };
	while (!z->ended) {
		int rc = next_header(z, &at);

		if (rc == ARCHIVE_EOF)
			break;
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return failed(z, "the archive is damaged", e);
		if (++z->entries > UNPACK_MAX_ENTRIES) {
			z->ended = true;
			return err_set(e,
			    "the archive has more than %d entries; the rest "
			    "is refused",
			    (int)UNPACK_MAX_ENTRIES);
		}
		if (lib.archive_entry_filetype(at) == AE_IFDIR)
			continue;
		describe(z, at, entry);
		return check_name(z, e) < 0 || check_kind(z, at, e) < 0 ? -1
									: 1;
	}
	z->ended = true;
	return 0;
}

/* True where so much came out of so little that it is a bomb. */
static int
check_bomb(struct packed *z, struct err *e)
{
	if (z->out > UNPACK_MAX_TOTAL) {
		z->ended = true;
		return err_set(e,
		    "more than %" PRId64 " bytes come out; the rest is refused",
		    UNPACK_MAX_TOTAL);
	}
	if (z->out > FREE_OUTPUT && z->out / UNPACK_MAX_RATIO > z->in) {
		z->ended = true;
		return err_set(e,
		    "more than %d times as much comes out as goes in; that "
		    "is a bomb, the rest is refused",
		    (int)UNPACK_MAX_RATIO);
	}
	return 0;
}

ptrdiff_t
packed_read(struct packed *z, void *p, size_t n, struct err *e)
{
	la_ssize_t got;

	if (z->ended)
		return 0;
	got = lib.archive_read_data(z->archive, p, n);
	if (got == ARCHIVE_RETRY)
		got = lib.archive_read_data(z->archive, p, n);
	if (got < 0)
		return failed(
		    z, "the compressed data is damaged or cut off", e);
	z->out += (uint64_t)got;
	if (check_bomb(z, e) < 0)
		return -1;
	return got;
}
