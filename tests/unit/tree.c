#include "source/tree.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/file.h"
#include "tap.h"

/*
 * A walk over an archive that broke off is told by each that comes after it,
 * though the disk's failure went again: who learned from the first lacks
 * something.
 */

enum { BLOCK = 512, MEMBERS = 3 };

static char path[64] = "/tmp/kith-tree.XXXXXX";
static struct err e;

static void
octal(char *at, size_t digits, unsigned long n)
{
	snprintf(at, digits + 1, "%0*lo", (int)digits, n);
}

/* Files "0", "1" and "2" of one letter each (ustar). */
static size_t
make_tar(char out[2 * BLOCK * (MEMBERS + 1)])
{
	char *p = out;

	memset(out, 0, 2 * BLOCK * (MEMBERS + 1));
	for (int i = 0; i < MEMBERS; i++, p += 2 * BLOCK) {
		unsigned long sum = 0;

		p[0] = (char)('0' + i);
		octal(p + 100, 7, 0600);
		octal(p + 108, 7, 0);
		octal(p + 116, 7, 0);
		octal(p + 124, 11, 1);
		octal(p + 136, 11, 0);
		memset(p + 148, ' ', 8);
		p[156] = '0';
		memcpy(p + 257, "ustar", 6);
		memcpy(p + 263, "00", 2);
		for (int k = 0; k < BLOCK; k++)
			sum += (unsigned char)p[k];
		octal(p + 148, 6, sum);
		p[BLOCK] = 'x';
	}
	return 2 * BLOCK * (MEMBERS + 1);
}

/* How many files a walk gives; *failures: how often without a name. */
static int
walk(struct tree *t, int *failures)
{
	const char *name;
	int got, n = 0;

	*failures = 0;
	while ((got = tree_next(t, &name, &e)) != 0) {
		n += got == 1;
		*failures += got < 0 && name == NULL;
	}
	return n;
}

int
main(void)
{
	char tar[2 * BLOCK * (MEMBERS + 1)];
	size_t n = make_tar(tar);
	struct tree *t;
	int fd = mkstemp(path), failures;

	if (fd < 0 || close(fd) < 0)
		abort();
	file_write_durable(path, str_make(tar, 2 * BLOCK + 100), 0600, &e);
	t = tree_open(path, &e);
	is_int(walk(t, &failures), 1, "of a broken archive what is whole");
	is_int(failures, 1, "and that it is broken");
	is_int(tree_rewind(t, &e), 0, "again");
	is_int(walk(t, &failures), 1, "the same");
	is_int(failures, 1, "said once");
	file_write_durable(path, str_make(tar, n), 0600, &e);
	for (int i = 0; i < 2; i++) {
		is_int(tree_rewind(t, &e), 0, "where it is whole by now");
		is_int(walk(t, &failures), MEMBERS, "all of it");
		is_int(failures, 1, "and that it was not at first");
		ok(str_find(str_of(e.msg), STR("not read whole at first")) > 0,
		    "in words");
	}
	tree_close(t);
	t = tree_open(path, &e);
	is_int(walk(t, &failures), MEMBERS, "one that is whole");
	is_int(failures, 0, "has nothing to say");
	tree_close(t);
	unlink(path);
	return done();
}
