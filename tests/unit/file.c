/* Files below a folder: nobody who writes a name leads out of it. */
#include "core/io/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static void
put(const char *path, const char *text)
{
	struct err e;

	if (file_write_durable(path, str_of(text), 0600, &e) < 0)
		printf("Bail out! %s\n", e.msg);
}

/* What stands there, or what is wrong. */
static void
gives(const char *dir, struct str name, const char *want, const char *what)
{
	struct err e = { 0 };
	struct buf out;
	int64_t size = -1;
	int fd = file_open_below(dir, name, &size, &e);

	buf_init(&out, 1000);
	if (fd < 0 || file_read_open(fd, "it", &out, &e) < 0)
		buf_add_z(&out, e.msg);
	is_str(buf_str(&out), want, what);
	if (fd >= 0)
		is_int(size, (int64_t)out.n, "  its size");
	buf_release(&out);
}

static void
names(void)
{
	gives("in", STR("a"), "A", "a file");
	gives("in/", STR("a"), "A", "the folder with its slash");
	gives("", STR("in/a"), "A", "the current folder");
	gives("in", STR("sub/b"), "B", "in a folder below");
	gives("in", STR("./sub//./b"), "B", "empty parts and dots");
	gives("to", STR("a"), "A", "the folder itself may be a link");
	gives("in", STR("c"), "there is no such file", "none");
	gives("in", STR("no/c"), "there is no such file", "no folder");
	gives("in", STR("sub"), "it is no plain file", "a folder");
	gives("in", STR("sub/"), "it is no plain file", "a folder's slash");
	gives("in", STR("a/b"),
	    "'a' in its name is no folder (links are not followed)",
	    "a file as a folder");
	gives("no", STR("a"), "its folder: No such file or directory",
	    "no folder to look in");
}

static void
ways_out(void)
{
	static const char wrong[] =
	    "it must be named relative to its folder, without '..'";

	gives("in", STR("../out/s"), wrong, "above");
	gives("in", STR("sub/../../out/s"), wrong, "above, on the way");
	gives("in", STR(".."), wrong, "the folder above");
	gives("in", STR("/etc/passwd"), wrong, "absolute");
	gives("in", STR(""), wrong, "empty");
	gives("in", STR("a\0b"), wrong, "a NUL");
	gives("in", STR("link"), "it is no plain file", "a link");
	gives("in", STR("inner"), "it is no plain file", "a link within");
	gives("in", STR("way/s"),
	    "'way' in its name is no folder (links are not followed)",
	    "a link on the way");
	gives("in", STR("sub/up/a"),
	    "'up' in its name is no folder (links are not followed)",
	    "a link further down");
	gives("in", STR("pipe"), "it is no plain file",
	    "a pipe, which nobody waits for");
}

int
main(void)
{
	char dir[] = "/tmp/kith-file.XXXXXX", command[64];

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	mkdir("in", 0700);
	mkdir("in/sub", 0700);
	mkdir("out", 0700);
	put("in/a", "A");
	put("in/sub/b", "B");
	put("out/s", "secret");
	if (symlink("in", "to") < 0 || symlink("../out/s", "in/link") < 0 ||
	    symlink("a", "in/inner") < 0 || symlink("../out", "in/way") < 0 ||
	    symlink("..", "in/sub/up") < 0 || mkfifo("in/pipe", 0600) < 0)
		return 1;
	names();
	ways_out();
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) != 0 || done();
}
