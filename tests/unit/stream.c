#include "core/io/stream.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "tap.h"

static struct err e;

/* A source that gives its bytes in pieces of `step`. */
struct pieces {
	struct str rest;
	size_t step;
	bool fail;
};

static ptrdiff_t
give(void *arg, void *p, size_t n, struct err *err)
{
	struct pieces *s = arg;

	if (n > s->step)
		n = s->step;
	if (n > s->rest.n)
		n = s->rest.n;
	if (n == 0 && s->fail)
		return err_set(err, "the source breaks");
	memcpy(p, s->rest.p, n);
	s->rest = str_sub(s->rest, n, s->rest.n);
	return (ptrdiff_t)n;
}

/* Lines as one text: each ended by |, those past the ceiling by !. */
static struct str
lines(struct str text, size_t step, size_t max_line)
{
	static struct buf out = { .max = 1 << 20 };
	struct pieces p = { text, step, false };
	struct input *in = input_from("pieces", give, &p, max_line, &e);
	enum input_result rc;
	struct str line;

	buf_reset(&out);
	while ((rc = input_line(in, &line, &e)) > 0) {
		buf_add_str(&out, line);
		buf_add_char(&out, rc == INPUT_LONG ? '!' : '|');
		if (input_offset(in) > text.n ||
		    (rc == INPUT_LINE &&
			!str_eq(line, str_sub(text, input_offset(in), line.n))))
			buf_add_z(&out, "(wrong offset)");
		for (size_t i = 0; i < BUF_PAD; i++)
			out.over |= line.p[line.n + i] == 1;
	}
	if (rc != INPUT_END)
		buf_add_z(&out, "(failed)");
	input_close(in);
	return buf_str(&out);
}

static void
cutting(void)
{
	struct str text = STR("one\n\ntwo\r\nthree\nno newline");
	struct str nul = STR("a\0b\n\0\n");

	for (size_t step = 1; step < 30; step += 7) {
		is_str(lines(text, step, 100), "one||two\r|three|no newline|",
		    "lines");
		ok(str_eq(lines(nul, step, 100), STR("a\0b|\0|")), "NULs");
		is_str(lines(text, step, 4), "one||two\r|three!no newline!",
		    "past the ceiling");
		is_str(lines(STR(""), step, 100), "", "nothing");
		is_str(lines(STR("\n"), step, 100), "|", "an empty line");
		is_str(lines(STR("abcd\nabcde\n"), step, 4), "abcd|abcde!",
		    "exactly the ceiling");
	}
}

/* Lines of all lengths over many blocks, whole and in pieces. */
static void
blocks(void)
{
	size_t n = 0, count = 0, at = 0;
	char *text = xmalloc(4 << 20);
	struct pieces p;
	struct input *in;
	struct str line;
	bool good = true;

	while (n < (4 << 20) - 70000) {
		size_t len = count * 7919 % (count % 50 == 0 ? 65000 : 500);

		memset(text + n, 'a' + (int)(count % 26), len);
		n += len;
		text[n++] = '\n';
		count++;
	}
	for (size_t step = 4096; step <= 4 << 20; step *= 4) {
		size_t got = 0;

		at = 0;
		p = (struct pieces){ str_make(text, n), step, false };
		in = input_from("x", give, &p, 1 << 20, &e);
		while (input_line(in, &line, &e) == INPUT_LINE) {
			good &= str_eq(line, str_make(text + at, line.n)) &&
				input_offset(in) == at;
			at += line.n + 1;
			got++;
		}
		good &= at == n && got == count && input_lines(in) == count;
		input_close(in);
	}
	ok(good, "lines across blocks");
	p = (struct pieces){ str_make(text, n), 100000, false };
	in = input_from("x", give, &p, 1 << 20, &e);
	ok(input_peek(in, 200000, &line, &e) == 0 && line.n == 200000,
	    "a look at the first bytes");
	at = 0;
	good = true;
	while (input_block(in, &line, &e) > 0) {
		good &= line.n > 0 && memcmp(line.p, text + at, line.n) == 0;
		at += line.n;
	}
	ok(good && at == n, "blocks take all of it");
	input_close(in);
	free(text);
}

/* What is kept of the bytes stands before the next ones. */
static void
more(void)
{
	struct str text = STR("one;two;a longer one;end"), held = STR_NONE;
	struct pieces p = { text, 5, false };
	struct input *in = input_from("x", give, &p, 100, &e);
	struct buf got = { .max = 100 };
	struct str head;
	int rc;

	(void)input_peek(in, 3, &head, &e);
	while ((rc = input_more(in, &held, &e)) > 0)
		while (str_chr(held, ';') >= 0) {
			buf_add_str(&got, str_split(&held, ';'));
			buf_add_char(&got, '|');
		}
	buf_add_str(&got, held);
	is_str(buf_str(&got), "one|two|a longer one|end", "kept bytes");
	ok(rc == 0, "the end");
	ok(input_more(in, &held, &e) == 0 && str_is(held, "end"),
	    "the end stays");
	input_close(in);
	buf_release(&got);
}

static void
long_line(void)
{
	size_t n = 30 << 20;
	char *text = xmalloc(n + 3);
	struct pieces p = { { text, n + 3 }, 65536, false };
	struct input *in = input_from("x", give, &p, 10 << 20, &e);
	struct str line;

	memset(text, 'x', n);
	memcpy(text + 4094, "\xe2\x82\xac", 3);
	memcpy(text + n, "\ny\n", 3);
	ok(input_line(in, &line, &e) == INPUT_LONG, "past the ceiling");
	is_int((int64_t)line.n, 4094, "its head, no character cut");
	is_int((int64_t)input_offset(in), 0, "where it began");
	ok(input_line(in, &line, &e) == INPUT_LINE && str_is(line, "y"),
	    "the next one");
	is_int((int64_t)input_lines(in), 2, "two lines");
	input_close(in);
	p = (struct pieces){ { text, n + 3 }, 65536, false };
	in = input_from("x", give, &p, n, &e);
	ok(input_line(in, &line, &e) == INPUT_LINE && line.n == n,
	    "a long one below it");
	input_close(in);
	free(text);
}

static void
failing(void)
{
	struct pieces p = { STR("a\nb"), 2, true };
	struct input *in = input_from("x", give, &p, 100, &e);
	struct str line;

	ok(input_line(in, &line, &e) == INPUT_LINE, "a whole line");
	ok(input_line(in, &line, &e) == INPUT_FAIL, "then the source breaks");
	is_str(str_of(e.msg), "the source breaks", "and says how");
	input_close(in);
	ok(input_open("/nowhere/x", 10, &e) == NULL, "no such file");
	ok(str_starts(str_of(e.msg), STR("/nowhere/x: ")), "with its name");
	ok(input_open("/tmp", 10, &e) == NULL, "a folder");
}

/* What a shell command writes, as a file at path. */
static void
make_file(const char *path, const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "%s >%s", command, path);
	/* NOLINTNEXTLINE */
	if (system(text) != 0)
		printf("# %s fails\n", command);
}

static void
compressed(const char *dir)
{
	static const char *const programs[] = { "cat", "gzip -c", "bzip2 -c",
		"xz -c" };
	char path[128], command[256];
	struct input *in;
	struct str line;

	snprintf(path, sizeof(path), "%s/z", dir);
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		snprintf(
		    command, sizeof(command), "seq 1 100000 | %s", programs[i]);
		make_file(path, command);
		in = input_open(path, 100, &e);
		while (input_line(in, &line, &e) == INPUT_LINE)
			;
		is_int((int64_t)input_lines(in), 100000, programs[i]);
		ok(input_size(in) > 0 &&
			input_bytes(in) == (uint64_t)input_size(in),
		    "bytes of the file were counted");
		input_close(in);
	}
	make_file(path, "(seq 1 10 | gzip -c; seq 11 20 | gzip -c)");
	in = input_open(path, 100, &e);
	while (input_line(in, &line, &e) == INPUT_LINE)
		;
	is_int((int64_t)input_lines(in), 20, "two members");
	input_close(in);
	make_file(path, "seq 1 100000 | gzip -c | head -c 100000");
	in = input_open(path, 100, &e);
	while (input_line(in, &line, &e) == INPUT_LINE)
		;
	ok(input_lines(in) > 10000, "a cut one: what is there comes out");
	ok(input_line(in, &line, &e) == INPUT_FAIL &&
		str_starts(str_of(e.msg), str_of(path)),
	    "then the sentence");
	input_close(in);
	make_file(path, "(z=$(mktemp); head -c 10000000 /dev/zero | gzip >$z; "
			"for i in 0 1 2 3 4 5 6 7 8 9; do cat $z; done; "
			"rm $z)");
	in = input_open(path, 1000, &e);
	ok(input_line(in, &line, &e) == INPUT_FAIL &&
		str_find(str_of(e.msg), STR("bomb")) > 0,
	    "a bomb");
	input_close(in);
	make_file(path, "printf 'BZh\\nBZ'");
	in = input_open(path, 100, &e);
	ok(input_line(in, &line, &e) == INPUT_LINE && str_is(line, "BZh"),
	    "what only begins like one");
	ok(input_line(in, &line, &e) == INPUT_LINE && str_is(line, "BZ"),
	    "is text");
	input_close(in);
	unlink(path);
}

static void
output(void)
{
	struct output o;
	int fds[2], full = open("/dev/full", O_WRONLY);
	char got[8] = "";

	if (pipe(fds) < 0)
		abort();
	output_init(&o, fds[1]);
	buf_add_z(&o.buf, "abcdef");
	ok(output_ready(&o, &e) == 0 && o.buf.n == 6, "not yet");
	ok(output_flush_part(&o, 4, &e) == 0 && o.buf.n == 2, "a part");
	is_str(buf_str(&o.buf), "ef", "the rest is kept");
	ok(output_close(&o, &e) == 0, "close");
	is_int(read(fds[0], got, 7), 6, "all of it arrived");
	is_str(str_of(got), "abcdef", "in order");
	close(fds[0]);
	output_init(&o, full);
	buf_add_z(&o.buf, "x");
	ok(output_close(&o, &e) < 0, "a full disk is told");
}

int
main(void)
{
	char dir[] = "/tmp/kith-stream.XXXXXX";

	if (mkdtemp(dir) == NULL)
		abort();
	cutting();
	blocks();
	more();
	long_line();
	failing();
	compressed(dir);
	output();
	rmdir(dir);
	return done();
}
