#include "hours/tzfile.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/text/ascii.h"
#include "core/time.h"

#define TZ_DIR "/usr/share/zoneinfo"

/* The most seconds since 1970 that microseconds can hold. */
#define SECONDS_MOST (INT64_MAX / TIME_SECOND)

enum { HEADER = 44, PATH_BYTES = 4096 };

/* TZDIR as in tzset(3), where it is a whole path. */
static const char *
folder(void)
{
	const char *dir = getenv("TZDIR");

	return dir != NULL && *dir == '/' ? dir : TZ_DIR;
}

/* A name that leads nowhere but below the folder. */
static bool
is_name(struct str s)
{
	if (s.n == 0 || s.n > TZFILE_NAME || *s.p == '/' ||
	    str_starts(s, STR("right/")))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i], letter = (char)(c | 0x20);

		if (!ascii_is_lower(letter) && !ascii_is_digit(c) &&
		    !ascii_is_in(c, "/_+-"))
			return false;
	}
	return true;
}

/* Numbers in the file are big-endian. */
static uint32_t
get32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return be32toh(v);
}

static int64_t
get64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return (int64_t)be64toh(v);
}

/* What a header says is behind it. */
struct counts {
	size_t isut, isstd, leap, time, type, chars;
};

static int
read_header(struct str s, char *version, struct counts *c)
{
	if (s.n < HEADER || memcmp(s.p, "TZif", 4) != 0)
		return -1;
	*version = s.p[4];
	*c = (struct counts){ get32(s.p + 20), get32(s.p + 24), get32(s.p + 28),
		get32(s.p + 32), get32(s.p + 36), get32(s.p + 40) };
	/* No sum of these can overflow; a file is small. */
	return c->isut <= TZFILE_BYTES && c->isstd <= TZFILE_BYTES &&
		       c->leap <= TZFILE_BYTES && c->time <= TZFILE_BYTES &&
		       c->type > 0 && c->type <= 256 && c->chars <= TZFILE_BYTES
		   ? 0
		   : -1;
}

/* Bytes of the block behind a header, whose times have `size` bytes. */
static size_t
block_bytes(const struct counts *c, size_t size)
{
	return c->time * (size + 1) + c->type * 6 + c->chars +
	       c->leap * (size + 4) + c->isstd + c->isut;
}

static int64_t
instant(const char *p, size_t size)
{
	int64_t s = size == 8 ? get64(p) : (int32_t)get32(p);

	if (s > SECONDS_MOST)
		return INT64_MAX;
	return s < -SECONDS_MOST ? INT64_MIN : s * TIME_SECOND;
}

static int
read_block(
    struct str s, const struct counts *c, size_t size, struct tzfile *out)
{
	const char *types = s.p + c->time * size, *infos = types + c->time;

	out->at = xcalloc(c->time + 1, sizeof(*out->at));
	out->offset = xcalloc(c->time + 1, sizeof(*out->offset));
	out->first = (int32_t)get32(infos);
	for (size_t i = 0; i < c->time; i++) {
		size_t type = (unsigned char)types[i];

		if (type >= c->type)
			return -1;
		out->at[i] = instant(s.p + i * size, size);
		out->offset[i] = (int32_t)get32(infos + type * 6);
		if (i > 0 && out->at[i] < out->at[i - 1])
			return -1;
	}
	out->n = c->time;
	return 0;
}

/* Behind the last block: the rule between two newlines, which may be empty. */
static int
read_footer(struct str s, struct tzfile *out)
{
	ptrdiff_t end;

	if (s.n == 0 || *s.p != '\n')
		return -1;
	s = str_sub(s, 1, SIZE_MAX);
	end = str_chr(s, '\n');
	if (end < 0)
		return -1;
	if (end == 0)
		return 0;
	out->has_rule = true;
	return tzrule_parse(str_sub(s, 0, (size_t)end), &out->rule);
}

static int
parse(struct str s, struct tzfile *out)
{
	struct counts c;
	char version;
	size_t size = 4;

	if (read_header(s, &version, &c) < 0)
		return -1;
	if (version != '\0') {
		s = str_sub(s, HEADER + block_bytes(&c, size), SIZE_MAX);
		size = 8;
		if (read_header(s, &version, &c) < 0)
			return -1;
	}
	s = str_sub(s, HEADER, SIZE_MAX);
	if (s.n < block_bytes(&c, size) || read_block(s, &c, size, out) < 0)
		return -1;
	return size == 4
		   ? 0
		   : read_footer(
			 str_sub(s, block_bytes(&c, size), SIZE_MAX), out);
}

int
tzfile_read(const char *name, struct tzfile *out, struct err *e)
{
	char path[PATH_BYTES];
	struct buf b;
	struct err why;
	int rc = -1;

	*out = (struct tzfile){ 0 };
	if (!is_name(str_of(name)))
		return err_set(e,
		    "no time zone is called '%s'; give an IANA name "
		    "such as Europe/Berlin",
		    name);
	snprintf(path, sizeof(path), "%s/%s", folder(), name);
	buf_init(&b, TZFILE_BYTES);
	if (access(folder(), X_OK) != 0)
		err_set(e,
		    "there are no time zones in %s; install the package tzdata",
		    folder());
	else if (file_read(path, &b, &why) < 0)
		err_set(e,
		    "no time zone is called '%s'; give an IANA name "
		    "such as Europe/Berlin",
		    name);
	else if ((rc = parse(buf_str(&b), out)) < 0)
		err_set(e, "%s: this is no time zone (TZif)", path);
	buf_release(&b);
	if (rc < 0)
		tzfile_release(out);
	return rc;
}

void
tzfile_release(struct tzfile *z)
{
	free(z->at);
	free(z->offset);
	*z = (struct tzfile){ 0 };
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t
tzfile_of_region(
    const char *region, const char **names, size_t max, struct arena *a)
{
	char path[PATH_BYTES];
	struct buf b;
	struct err e;
	struct str rest, line, code, place;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/zone.tab", folder());
	buf_init(&b, TZFILE_BYTES);
	if (file_read(path, &b, &e) < 0)
		b.n = 0;
	for (rest = buf_str(&b); b.n > 0 && rest.p != NULL;) {
		line = str_line(&rest);
		/* REGION TAB COORDINATES TAB NAME [TAB REMARK] */
		code = str_split(&line, '\t');
		if (!str_is(code, region) || line.p == NULL)
			continue;
		place = str_split(&line, '\t');
		if (line.p == NULL || place.n == 0)
			continue;
		if (n < max)
			names[n] = arena_cstr(a, str_split(&line, '\t'));
		n++;
	}
	buf_release(&b);
	qsort(names, n < max ? n : max, sizeof(*names), by_name);
	return n;
}
