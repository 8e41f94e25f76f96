#include "core/io/sort.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"
#include "tap.h"

static uint64_t seed = 1;

static uint64_t
any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* n records with keys out of `keys` many; the line is the key and the arrival.
 */
static void
feed(struct sorter *s, size_t n, uint64_t keys, size_t fat)
{
	static char line[100000];
	struct err e;

	for (size_t i = 0; i < n; i++) {
		char key[64];
		uint64_t k = any() % keys;
		int kn = snprintf(
		    key, sizeof(key), "2024-05-01T12:%010u", (unsigned)k);
		int ln = snprintf(line, sizeof(line), "%s %010zu ", key, i);
		size_t extra = fat == 0 ? 0 : any() % fat;

		memset(line + ln, 'x', extra);
		if (sorter_add(s, str_make(key, (size_t)kn - (k % 3 == 0)),
			str_make(line, (size_t)ln + extra), &e) < 0)
			abort();
	}
}

/* Counts what comes out; -1 where it is out of order or cut. */
static int64_t
drain(struct sorter *s)
{
	struct str key, line;
	struct buf last;
	struct err e;
	int64_t n = 0;
	int rc;

	buf_init(&last, 1 << 20);
	while ((rc = sorter_next(s, &key, &line, &e)) > 0) {
		struct str old = buf_str(&last), old_line;
		ptrdiff_t nul = str_chr(old, '\0');
		int d;

		/* What is behind the line can be read. */
		for (int i = 0; i < BUF_PAD; i++)
			seed += (unsigned char)line.p[line.n + (size_t)i] == 1;
		if (n > 0) {
			old_line = str_sub(old, (size_t)nul + 1, old.n);
			old.n = (size_t)nul;
			d = str_cmp(old, key);
			if (d > 0)
				return -1;
			if (d == 0 && str_cmp(str_sub(old_line, 26, 11),
					  str_sub(line, 26, 11)) >= 0)
				return -1;
		}
		buf_reset(&last);
		buf_add_str(&last, key);
		buf_add_char(&last, '\0');
		buf_add_str(&last, str_sub(line, 0, 40));
		n++;
	}
	buf_release(&last);
	return rc < 0 ? -1 : n;
}

static void
run(const char *what, size_t memory, size_t n, uint64_t keys, size_t fat)
{
	struct sorter *s = sorter_new(memory);
	struct err e;

	feed(s, n, keys, fat);
	ok(sorter_finish(s, &e) == 0, what);
	is_int(drain(s), (int64_t)n, "all, in order, equal keys by arrival");
	ok(sorter_rewind(s, &e) == 0, "again from the first");
	is_int(drain(s), (int64_t)n, "the same again");
	sorter_free(s);
}

static void
odd_keys(void)
{
	static const char *const want[] = { "", "a", "a\0", "a\0\0", "ab",
		"0123456789abcdef", "0123456789abcdefg" };
	static const size_t sizes[] = { 0, 1, 2, 3, 2, 16, 17 };
	static const int order[] = { 0, 5, 6, 1, 2, 3, 4 };
	struct sorter *s = sorter_new(0);
	struct str key, line;
	struct err e;

	for (size_t i = 7; i-- > 0;)
		sorter_add(s, str_make(want[i], sizes[i]), STR(""), &e);
	sorter_finish(s, &e);
	for (size_t i = 0; i < 7; i++) {
		sorter_next(s, &key, &line, &e);
		ok(str_eq(key, str_make(want[order[i]], sizes[order[i]])),
		    "shorter first, NULs count");
	}
	is_int(sorter_next(s, &key, &line, &e), 0, "the end");
	is_int(sorter_next(s, &key, &line, &e), 0, "and again");
	sorter_free(s);
}

static void
no_room(void)
{
	struct sorter *s = sorter_new(1 << 20);
	static char line[100000];
	struct err e;
	int rc = 0;

	setenv("TMPDIR", "/nowhere/at/all", 1);
	for (int i = 0; rc == 0 && i < 100; i++)
		rc = sorter_add(s, STR("k"), str_make(line, sizeof(line)), &e);
	ok(rc < 0, "a folder that is not there is told");
	ok(str_find(str_of(e.msg), STR("TMPDIR")) >= 0, "with the mend");
	unsetenv("TMPDIR");
	sorter_free(s);
}

int
main(void)
{
	struct sorter *s = sorter_new(1);
	struct err e;

	ok(sorter_finish(s, &e) == 0 && drain(s) == 0, "nothing");
	sorter_free(s);
	run("in memory", 64 << 20, 20000, 5000, 0);
	run("few keys", 64 << 20, 20000, 3, 0);
	run("in runs", 1 << 20, 30000, 5000, 300);
	run("lines longer than memory", 1 << 20, 200, 50, 99000);
	run("more runs than are merged at once", 1 << 20, 6000, 3000, 99000);
	odd_keys();
	no_room();
	return done();
}
