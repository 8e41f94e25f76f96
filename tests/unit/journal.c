#include "live/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live/cursor.h"
#include "tap.h"

static char folder[] = "/tmp/kith-journal-XXXXXX";
static struct buf got;

static int
see(void *arg, enum journal_kind kind, struct str text, struct err *e)
{
	(void)arg;
	(void)e;
	buf_printf(&got, "%c%.*s;", (char)kind, STR_ARG(text));
	return 0;
}

static struct str
all(struct journal *j, uint64_t from)
{
	struct err e;

	buf_reset(&got);
	if (journal_read(j, from, see, NULL, &e) < 0)
		buf_printf(&got, "%s", e.msg);
	return buf_str(&got);
}

static void
add(struct journal *j, const char *text)
{
	struct err e;

	if (journal_add(j, JOURNAL_ITEM, str_of(text), &e) < 0)
		ok(false, e.msg);
}

static void
reopen(struct journal *j, const char *what)
{
	struct err e;

	journal_close(j);
	ok(journal_open(j, folder, &e) == 0, what);
}

/* The last file that is there, as glob(3) would have it. */
static void
last_file(const struct journal *j, char path[256])
{
	snprintf(path, 256, "%s/journal.%020" PRIu64, folder,
	    j->files.v[j->files.n - 1]);
}

static void
write_at_end(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	if (write(fd, bytes, n) != (ssize_t)n)
		ok(false, "writing");
	close(fd);
}

static void
test_order(struct journal *j)
{
	struct err e;
	uint64_t after;

	ok(journal_open(j, folder, &e) == 0, "a new one");
	is_str(all(j, 0), "", "is empty");
	add(j, "{\"a\":1}");
	ok(journal_add(j, JOURNAL_REJECT, STR("{}"), &e) == 0, "a reject");
	ok(journal_sync(j, &e) == 0, "synced");
	after = j->end;
	add(j, "b");
	is_str(all(j, 0), "i{\"a\":1};r{};ib;", "comes out in order");
	is_str(all(j, after), "ib;", "or from a position on");
	reopen(j, "opened again");
	is_str(all(j, 0), "i{\"a\":1};r{};ib;", "all is there");
	ok(journal_set_mark(j, after, &e) == 0, "a mark");
	ok(journal_set_mark(j, after - 1, &e) < 0, "that goes forward only");
	ok(journal_set_mark(j, j->end + 1, &e) < 0, "and not beyond the end");
	reopen(j, "opened again");
	is_int((int64_t)j->mark, (int64_t)after, "the mark is there");
	is_str(all(j, j->mark), "ib;", "and what is behind it");
	ok(journal_set_mark(j, j->end, &e) == 0, "all has left");
	is_int((int64_t)j->files.n, 0, "no file is left");
	reopen(j, "opened again");
	ok(j->end == j->mark && j->end > after, "positions go on");
	add(j, "c");
	is_str(all(j, j->mark), "ic;", "and so do entries");
}

/* Torn at each byte: whole entries are there, and what is added goes on. */
static void
test_torn(struct journal *j)
{
	char path[256];
	uint64_t begin;
	struct stat st;
	bool good = true;

	add(j, "second");
	(void)all(j, j->mark);
	last_file(j, path);
	begin = j->files.v[0];
	stat(path, &st);
	for (off_t n = st.st_size - 1; n >= 0; n--) {
		const char *want = n >= 21 ? "ic;" : "";

		journal_close(j);
		good = truncate(path, n) == 0 && good;
		good = journal_open(j, folder, &(struct err){ 0 }) == 0 && good;
		good = str_is(all(j, j->mark), want) && good;
		good = j->end == begin + (n >= 21 ? 21U : 0U) && good;
	}
	ok(good, "torn at each byte: what is whole stays");
	add(j, "c");
	is_str(all(j, j->mark), "ic;", "what is added goes on");
	reopen(j, "opened again");
	is_str(all(j, j->mark), "ic;", "behind that");
	write_at_end(path, "\0\0\0\0\0\0\n\0\0\n", 10);
	reopen(j, "zeros and newlines at its end");
	is_str(all(j, j->mark), "ic;", "are no entries");
	write_at_end(path, "0123456789abcdef i forged\n", 26);
	reopen(j, "a line without its hash");
	is_str(all(j, j->mark), "ic;", "is none");
}

static void
test_files(struct journal *j)
{
	struct err e;
	struct buf want;
	uint64_t third = 0;
	char path[256];
	size_t files;

	buf_init(&want, 1 << 20);
	ok(journal_set_mark(j, j->end, &e) == 0, "an empty one");
	j->file_max = 100;
	for (int i = 0; i < 30; i++) {
		char text[32];

		if (i == 15)
			third = j->end;
		snprintf(text, sizeof(text), "item %d", i);
		add(j, text);
		if (journal_sync(j, &e) < 0)
			ok(false, e.msg);
		buf_printf(&want, "i%s;", text);
	}
	files = j->files.n;
	ok(files > 5, "many files");
	ok(str_eq(all(j, j->mark), buf_str(&want)), "are one journal");
	reopen(j, "opened again");
	ok(str_eq(all(j, j->mark), buf_str(&want)), "they still are");
	ok(journal_set_mark(j, third, &e) == 0, "half of it has left");
	ok(j->files.n < files && j->files.n > 1, "its files go");
	ok(str_starts(all(j, third), STR("iitem 15;")), "the others stay");
	snprintf(path, sizeof(path), "%s/journal.%020" PRIu64, folder,
	    j->files.v[1]);
	ok(truncate(path, 10) == 0, "one in the midst is damaged");
	reopen(j, "opened again");
	(void)all(j, j->mark);
	ok(j->damaged, "that is seen");
	ok(str_ends(buf_str(&got), STR("iitem 29;")), "and the others read");
	ok(journal_set_mark(j, j->end, &e) == 0, "all has left");
	buf_release(&want);
}

static void
test_done(struct journal *j)
{
	struct err e;
	uint64_t end;

	add(j, "x");
	ok(journal_sync(j, &e) == 0 && journal_note(j, j->end, &e) == 0,
	    "given to a pipe");
	ok(journal_done(folder, &e) < 0 && e.code == ERR_AGAIN,
	    "somebody else has it");
	end = j->end;
	add(j, "y");
	journal_close(j);
	ok(journal_done(folder, &e) == 0, "the pipe is done");
	ok(journal_done(folder, &e) == 0, "said twice");
	ok(journal_open(j, folder, &e) == 0, "opened again");
	is_int(
	    (int64_t)j->mark, (int64_t)end, "the mark is where it was given");
	ok(journal_set_mark(j, j->end, &e) == 0, "all has left");
}

/* A disk that is full, as the limit of a file's size is one. */
static void
test_full(struct journal *j)
{
	struct rlimit was, little = { 200, 200 };
	struct err e = { 0 };
	char text[300];

	memset(text, 'x', sizeof(text));
	add(j, "before");
	ok(journal_sync(j, &e) == 0, "there is room");
	getrlimit(RLIMIT_FSIZE, &was);
	little.rlim_max = was.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &little);
	ok(journal_add(j, JOURNAL_ITEM, str_make(text, sizeof(text)), &e) ==
		    0 &&
		journal_sync(j, &e) < 0,
	    "none for more");
	is_str(all(j, j->mark), "ibefore;", "what was there is there");
	setrlimit(RLIMIT_FSIZE, &was);
	add(j, "after");
	ok(journal_sync(j, &e) == 0, "room again");
	reopen(j, "opened again");
	is_str(all(j, j->mark), "ibefore;iafter;", "it goes on");
}

struct out {
	struct sink sink;
	struct buf bytes, said;
};

static int
stay(struct sink *s, struct err *e)
{
	(void)s;
	(void)e;
	return 0;
}

static int
refuse(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	(void)e;
	buf_printf(&((struct out *)s)->said, "%.*s:%.*s: %s: %zu;",
	    STR_ARG(file), STR_ARG(at), why, bytes.n);
	return 0;
}

/* What formats write comes out as they would have written it. */
static void
test_sink(struct journal *j)
{
	static const struct sink_owner owner = { .flush = stay,
		.reject = refuse };
	struct out out = { .sink = { .owner = &owner, .block = 1 << 20 } };
	struct sink *in = journal_sink(j);
	struct err e;

	buf_init(&out.bytes, 1 << 20);
	buf_init(&out.said, 1 << 20);
	out.sink.out = &out.bytes;
	ok(journal_set_mark(j, j->end, &e) == 0, "all has left");
	buf_add_z(sink_out(in), "{\"n\":1}");
	ok(sink_commit(in, &e) == 0, "a record");
	buf_add_z(sink_out(in), "{\"half");
	sink_rollback(in);
	ok(sink_reject(in, STR("f"), STR("7"), "too \"large\"", STR("a\xff\0b"),
	       &e) == 0,
	    "a reject");
	buf_add_z(sink_out(in), "{\"n\":2}");
	ok(sink_commit(in, &e) == 0 && sink_flush(in, &e) == 0, "a record");
	ok(journal_sync(j, &e) == 0, "synced");
	ok(journal_give(j, j->mark, &out.sink, &e) == 0, "given");
	is_str(buf_str(&out.bytes), "{\"n\":1}\n{\"n\":2}\n", "the records");
	is_str(buf_str(&out.said), "f:7: too \"large\": 4;", "and the reject");
	is_int((int64_t)out.sink.ins, 3, "three came in");
	is_int((int64_t)(out.sink.outs + out.sink.rejected), 3,
	    "and three went out");
	buf_release(&out.bytes);
	buf_release(&out.said);
}

static void
test_cursor(void)
{
	struct cursor c;
	struct err e;
	char path[128];
	int fd;

	ok(cursor_open(&c, folder, &e) == 0, "no cursor");
	is_str(cursor_get(&c, STR("INBOX")), NULL, "nothing was read");
	cursor_set(&c, STR("INBOX"), STR("1"));
	cursor_set(&c, STR("a\"\xc3\xa4"), STR("7 8"));
	cursor_set(&c, STR("INBOX"), STR("2"));
	ok(cursor_save(&c, 99, &e) == 0, "saved");
	cursor_close(&c);
	ok(cursor_open(&c, folder, &e) == 0, "opened again");
	is_str(cursor_get(&c, STR("INBOX")), "2", "a place");
	is_str(cursor_get(&c, STR("a\"\xc3\xa4")), "7 8", "another");
	is_int((int64_t)c.end, 99, "and the journal's end");
	cursor_reset(&c);
	is_str(cursor_get(&c, STR("INBOX")), NULL, "forgotten");
	cursor_close(&c);
	snprintf(path, sizeof(path), "%s/cursor", folder);
	fd = open(path, O_WRONLY | O_TRUNC);
	ok(write(fd, "{\"end\":", 7) == 7, "broken by somebody");
	close(fd);
	ok(cursor_open(&c, folder, &e) < 0, "is said");
	cursor_close(&c);
}

int
main(void)
{
	struct journal j;
	char command[128];

	if (mkdtemp(folder) == NULL)
		return 1;
	buf_init(&got, 1 << 20);
	test_order(&j);
	test_torn(&j);
	test_files(&j);
	test_done(&j);
	test_full(&j);
	test_sink(&j);
	journal_close(&j);
	test_cursor();
	buf_release(&got);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ok(system(command) == 0, "removed");
	return done();
}
