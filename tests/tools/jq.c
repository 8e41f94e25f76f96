/*
 * jq for the tests, where jq itself is slow to start: libjq 1.6 compiles its
 * built-in functions anew with each program, 17 ms each of a thousand times.
 * This reads, compares and prints by libjq, and runs what it knows of the
 * language by itself (tests/tools/jq), in 2 ms; a program or an option that it
 * does not know goes to the jq that is next in PATH.  tests/jq.t compares them;
 * KITH_WHOLE runs all tests with the real one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "jq/eval.h"

static struct {
	char **files;
	int fd; /* -1: no file is open */
	const char *name;
	struct jv_parser *parser;
	bool raw, slurp, over;
	/* What was read and not yet taken, where lines are. */
	char *data;
	size_t n, from, room;
	long line;
	char chunk[1 << 16];
	int failed;
} input = { .fd = -1 };

static struct {
	bool null, text, joined, status;
	int print;
	struct env *vars;
	const char *names[64];
	size_t n;
} options = { .print = JV_PRINT_PRETTY | JV_PRINT_INDENT_FLAGS(2) };

/* The same command by the next jq in PATH. */
static _Noreturn void
real(char **argv)
{
	char path[4096], *all = strdup(getenv("PATH") ? getenv("PATH") : "");
	struct stat self, other;

	if (stat("/proc/self/exe", &self) != 0)
		exit(2);
	for (char *dir = all, *end; dir != NULL; dir = end) {
		end = strchr(dir, ':');
		if (end != NULL)
			*end++ = '\0';
		snprintf(path, sizeof(path), "%s/jq", dir);
		if (stat(path, &other) == 0 && (other.st_ino != self.st_ino ||
						   other.st_dev != self.st_dev))
			execv(path, argv);
	}
	fputs("jq: there is no other jq\n", stderr);
	exit(2);
}

/* The next bytes of the files; 0 at the end of all. */
static size_t
more(void)
{
	ssize_t n;

	for (;;) {
		if (input.fd < 0) {
			if (*input.files == NULL)
				return 0;
			input.name = *input.files++;
			input.fd = strcmp(input.name, "-") == 0
				       ? 0
				       : open(input.name, O_RDONLY | O_CLOEXEC);
			if (input.fd < 0) {
				fprintf(stderr,
				    "jq: error: Could not open %s: %s\n",
				    input.name, strerror(errno));
				input.failed = 2;
				continue;
			}
		}
		n = read(input.fd, input.chunk, sizeof(input.chunk));
		if (n > 0)
			return (size_t)n;
		if (n < 0 && errno == EINTR)
			continue;
		if (input.fd > 0)
			close(input.fd);
		input.fd = -1;
	}
}

/* Bytes to come are put behind those that are left; false at the end. */
static bool
fill(void)
{
	size_t n = more();

	if (n == 0)
		return false;
	memmove(input.data, input.data + input.from, input.n - input.from);
	input.n -= input.from;
	input.from = 0;
	if (input.n + n > input.room) {
		input.room = 2 * (input.n + n);
		input.data = xrealloc(input.data, input.room);
	}
	memcpy(input.data + input.n, input.chunk, n);
	input.n += n;
	return true;
}

static jv
next_line(void)
{
	char *end = NULL, *from;
	size_t n;

	while (
	    input.n == input.from || (end = memchr(input.data + input.from,
					  '\n', input.n - input.from)) == NULL)
		if (!fill())
			break;
	if (input.n == input.from)
		return jv_invalid();
	from = input.data + input.from;
	n = end != NULL ? (size_t)(end - from) : input.n - input.from;
	input.from += n + (end != NULL);
	input.line += end != NULL;
	return jv_string_sized(from, (int)n);
}

static jv
next_value(void)
{
	jv v;
	size_t n;

	for (;;) {
		if (!input.over && jv_parser_remaining(input.parser) == 0) {
			n = more();
			input.over = n == 0;
			jv_parser_set_buf(
			    input.parser, input.chunk, (int)n, !input.over);
		}
		v = jv_parser_next(input.parser);
		if (jv_is_valid(v) || jv_invalid_has_msg(jv_copy(v)) ||
		    input.over)
			return v;
	}
}

static jv
all_of(jv (*next)(void))
{
	jv list = jv_array(), v;

	while (jv_is_valid(v = next()))
		list = jv_array_append(list, v);
	if (jv_invalid_has_msg(jv_copy(v)))
		return v;
	return list;
}

long
input_line(void)
{
	return input.line;
}

/* The first value, or with slurp the one that has all. */
static jv
first_input(bool *done)
{
	if (options.null || input.slurp) {
		if (*done)
			return jv_invalid();
		*done = true;
		if (options.null)
			return jv_null();
		if (!input.raw)
			return all_of(next_value);
		while (fill())
			;
		return jv_string_sized(
		    input.data + input.from, (int)(input.n - input.from));
	}
	return input.raw ? next_line() : next_value();
}

static jv last;
static bool any;

static bool
print(void *to, struct val v)
{
	(void)to;
	last = v.v;
	any = true;
	if (options.text && jv_get_kind(v.v) == JV_KIND_STRING)
		fwrite(jv_string_value(v.v), 1,
		    (size_t)jv_string_length_bytes(jv_copy(v.v)), stdout);
	else
		jv_dumpf(jv_copy(v.v), stdout, options.print);
	if (!options.joined)
		putchar('\n');
	return true;
}

static void
say(jv message)
{
	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, 0);
	fprintf(stderr, "jq: error (at %s:%ld): %s\n",
	    input.name == NULL || *input.name == '-' ? "<stdin>" : input.name,
	    input.line, jv_string_value(message));
}

/* One input; the exit code that it leaves. */
static int
process(const struct node *program, jv v)
{
	struct trap mine = { .outer = NULL };

	any = false;
	last = jv_null();
	if (setjmp(mine.at) != 0) {
		say(raised);
		return 5;
	}
	trap = &mine;
	eval(program, options.vars, val_of(v), print, NULL);
	return !options.status ? 0 : !any ? 4 : !is_true(last);
}

static void
bind_option(const char *name, jv v)
{
	struct env *e = xcalloc(1, sizeof(*e));

	*e = (struct env){
		.name = name, .n = -1, .value = v, .next = options.vars
	};
	options.vars = e;
	if (options.n < 62)
		options.names[options.n++] = name;
}

/* -rc and the like; false where one is not known. */
static bool
letters(const char *s)
{
	for (; *s != '\0'; s++)
		switch (*s) {
		case 'n':
			options.null = true;
			break;
		case 'r':
			options.text = true;
			break;
		case 'j':
			options.text = options.joined = true;
			break;
		case 'c':
			options.print &=
			    ~(JV_PRINT_PRETTY | JV_PRINT_INDENT_FLAGS(7));
			break;
		case 'a':
			options.print |= JV_PRINT_ASCII;
			break;
		case 'S':
			options.print |= JV_PRINT_SORTED;
			break;
		case 'e':
			options.status = true;
			break;
		case 'R':
			input.raw = true;
			break;
		case 's':
			input.slurp = true;
			break;
		default:
			return false;
		}
	return true;
}

/* The program, or NULL where an option is not known; the files stay. */
static const char *
arguments(char **argv)
{
	const char *program = NULL;
	char **files = xcalloc(1024, sizeof(*files));
	size_t n = 0;

	input.files = files;
	for (argv++; *argv != NULL; argv++) {
		bool json = strcmp(*argv, "--argjson") == 0;

		if (json || strcmp(*argv, "--arg") == 0) {
			jv v;

			if (argv[1] == NULL || argv[2] == NULL)
				return NULL;
			v = json ? jv_parse(argv[2]) : jv_string(argv[2]);
			if (!jv_is_valid(v))
				return NULL;
			bind_option(argv[1], v);
			argv += 2;
		} else if ((*argv)[0] == '-' && (*argv)[1] != '\0') {
			if ((*argv)[1] == '-' || !letters(*argv + 1))
				return NULL;
		} else if (program == NULL) {
			program = *argv;
		} else if (n < 1000) {
			files[n++] = *argv;
		} else {
			return NULL;
		}
	}
	if (n == 0)
		files[0] = strdup("-");
	return program;
}

int
main(int argc, char **argv)
{
	const char *text = argc > 0 ? arguments(argv) : NULL;
	const struct node *program =
	    text == NULL ? NULL : node_parse(text, options.names);
	bool done = false;
	int code = 0;
	jv v;

	if (program == NULL)
		real(argv);
	input.parser = jv_parser_new(0);
	jv_parser_set_buf(input.parser, "", 0, 1);
	while (jv_is_valid(v = first_input(&done)))
		code = process(program, v);
	if (jv_invalid_has_msg(jv_copy(v))) {
		say(jv_invalid_get_msg(v));
		code = 2;
	}
	if (fflush(stdout) != 0)
		return 2;
	return code != 0 ? code : input.failed;
}
