#include "driver/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/diag.h"

#ifndef KITH_VERSION
#define KITH_VERSION "unknown"
#endif

enum {
	LINE_MAX_DEFAULT = 64 << 20,
	PROGRESS_LINES = 64, /* between two looks at the clock */
	OUT_FACTOR = 4, /* a record's ceiling: this many of --max-line */
};

enum { EXIT_GOOD = 0, EXIT_SOME = 1, EXIT_BAD = 2 };

static const struct opt common_opts[] = {
	{ 'S', "state", OPT_TEXT, offsetof(struct common, state), "DIR",
	    "keep what is learned in this folder", 0, 0, NULL },
	{ 'C', "config", OPT_TEXT, offsetof(struct common, config), "FILE",
	    "the workspace file", 0, 0, NULL },
	{ 0, "now", OPT_TIME, offsetof(struct common, now), "TIME",
	    "what time it is, instead of the clock", 0, 0, NULL },
	{ 0, "rejects", OPT_TEXT, offsetof(struct common, rejects), "FILE",
	    "write what is rejected here, as JSON lines", 0, 0, NULL },
	{ 0, "max-line", OPT_SIZE, offsetof(struct common, max_line), "SIZE",
	    "reject longer lines of input (default 64M)", 64, INT64_C(1) << 31,
	    NULL },
	{ 'v', "verbose", OPT_COUNT, offsetof(struct common, verbose), NULL,
	    "end with the sums", 0, 0, NULL },
	{ 'q', "quiet", OPT_COUNT, offsetof(struct common, quiet), NULL,
	    "errors only", 0, 0, NULL },
	{ 'h', "help", OPT_FLAG, offsetof(struct common, help), NULL,
	    "show this", 0, 0, NULL },
	{ 'V', "version", OPT_FLAG, offsetof(struct common, version), NULL,
	    "show the version", 0, 0, NULL },
	{ 0, "completions", OPT_FLAG, offsetof(struct common, completions),
	    NULL, "list the options, one a line with tabs", 0, 0, NULL },
	{ 0 },
};

static int
on_idle(void *arg, struct err *e)
{
	struct run *r = arg;

	run_progress(r, input_bytes(r->in), input_size(r->in));
	if (r->tool->idle != NULL && r->tool->idle(r, r->self, e) < 0)
		return -1;
	return run_flush(r, e);
}

static enum stage_result
reject_line(struct run *r, struct str line, const char *why, struct err *e)
{
	char at[24];

	run_rollback(r);
	snprintf(at, sizeof(at), "%" PRIu64, input_lines(r->in));
	return run_reject(
		   r, str_of(input_name(r->in)), str_of(at), why, line, e) < 0
		   ? STAGE_FATAL
		   : STAGE_OK;
}

static enum stage_result
one_line(struct run *r, struct str line, struct err *e)
{
	struct err why;
	enum stage_result rc;
	struct str next;

	r->ins++;
	if (r->tool->foresee != NULL && input_ahead(r->in, &next))
		r->tool->foresee(r->self, next);
	if (r->watched && --r->until_look == 0) {
		r->until_look = PROGRESS_LINES;
		run_progress(r, input_bytes(r->in), input_size(r->in));
	}
	rc = r->tool->line(r, r->self, line, e);
	if (rc == STAGE_OK)
		run_rollback(r); /* what was begun and not committed */
	if (rc != STAGE_REJECT)
		return rc;
	why = *e;
	return reject_line(r, line, why.msg, e);
}

static enum stage_result
long_line(struct run *r, struct str head, struct err *e)
{
	char why[128];

	r->ins++;
	snprintf(why, sizeof(why),
	    "a line of more than %" PRId64
	    " bytes; --max-line sets the ceiling",
	    r->common.max_line);
	return reject_line(r, head, why, e);
}

static int
read_lines(struct run *r, struct err *e)
{
	for (;;) {
		struct str line;
		enum input_result got = input_line(r->in, &line, e);
		enum stage_result rc = STAGE_OK;

		if (got == INPUT_END)
			return 0;
		if (got == INPUT_FAIL)
			return -1;
		if (got == INPUT_LONG)
			rc = long_line(r, line, e);
		else if (line.n > 0 && !(line.n == 1 && line.p[0] == '\r'))
			rc = one_line(r, line, e);
		if (rc == STAGE_FATAL)
			return -1;
	}
}

static int
read_file(struct run *r, const char *path, struct err *e)
{
	int rc;

	r->in = input_open(path, run_max_line(r), e);
	if (r->in == NULL)
		return -1;
	input_on_idle(r->in, on_idle, r);
	rc = read_lines(r, e);
	input_close(r->in);
	r->in = NULL;
	return rc;
}

static int
read_files(struct run *r, struct err *e)
{
	if (r->operands[0] == NULL)
		return read_file(r, "-", e);
	for (char **path = r->operands; *path != NULL; path++)
		if (read_file(r, *path, e) < 0)
			return -1;
	return 0;
}

static const char *
program_name(const struct tool *t)
{
	static char name[64];

	if (strcmp(t->name, "kith") == 0)
		return t->name;
	snprintf(name, sizeof(name), "kith-%s", t->name);
	return name;
}

static void
show_words(const struct tool_word *w)
{
	putchar('\n');
	for (; w->name != NULL; w++)
		printf("  %-16s  %s\n", w->name, w->about);
}

/* As a line of options: first what it is called, then the choices. */
static void
list_words(const struct tool_word *w)
{
	printf("-\t-\toperand\t-\t");
	for (const struct tool_word *at = w; at->name != NULL; at++)
		printf("%s%.*s", at == w ? "" : ",",
		    (int)strcspn(at->name, " "), at->name);
	printf("\t-\n");
}

static void
show_help(const struct tool *t)
{
	printf("usage: %s [option ...]%s%s\n%s\n", program_name(t),
	    t->operands == NULL ? "" : " ",
	    t->operands == NULL ? "" : t->operands, t->about);
	if (t->words != NULL)
		show_words(t->words);
	if (t->opts != NULL && t->opts->name != NULL) {
		printf("\nOptions:\n");
		opt_help(t->opts);
	}
	printf("\nOptions of all tools:\n");
	opt_help(common_opts);
}

/* The options that show something and end the program; true where one did. */
static bool
show(const struct run *r)
{
	if (r->common.help) {
		show_help(r->tool);
	} else if (r->common.version) {
		printf("%s %s\n", program_name(r->tool), KITH_VERSION);
	} else if (r->common.completions) {
		opt_list_lines(r->tool->opts);
		opt_list_lines(common_opts);
		if (r->tool->words != NULL)
			list_words(r->tool->words);
	} else {
		return false;
	}
	return true;
}

/* Standard input, output and error are there, whoever started us: a file that
 * is opened later never becomes one of them. */
static void
hold_standard_files(void)
{
	static const int ways[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", ways[fd]) < 0)
			_exit(EXIT_BAD);
}

static int
read_environment(struct run *r, struct err *e)
{
	const char *now = getenv("KITH_NOW"), *config = getenv("KITH_CONFIG");

	if (r->common.now == TIME_NONE && now != NULL && *now != '\0' &&
	    time_parse(str_of(now), &r->common.now) < 0)
		return err_set(e,
		    "KITH_NOW: '%s' is not a time such as "
		    "2024-05-01T12:00:00Z",
		    now);
	r->now_given = r->common.now != TIME_NONE;
	if (r->common.config == NULL && config != NULL && *config != '\0')
		r->common.config = config;
	r->config = config_read(r->common.config, e);
	return r->config == NULL ? -1 : 0;
}

static int
open_rejects(struct run *r, struct err *e)
{
	int fd;

	if (r->common.rejects == NULL)
		return 0;
	fd = open(
	    r->common.rejects, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_sys(e, errno, "%s", r->common.rejects);
	output_init(&r->rejects, fd);
	return 0;
}

static int
work(struct run *r, struct err *e)
{
	const struct tool *t = r->tool;
	bool go;

	if (read_environment(r, e) < 0 || open_rejects(r, e) < 0)
		return -1;
	r->out.buf.max =
	    (size_t)r->common.max_line * OUT_FACTOR + 2 * STREAM_BLOCK;
	if (t->open != NULL && t->open(r, r->self, e) < 0)
		return -1;
	r->watched = r->common.quiet == 0 && isatty(STDERR_FILENO) &&
		     !isatty(STDOUT_FILENO);
	r->until_look = PROGRESS_LINES;
	r->started = r->shown = r->watched ? run_clock() : 0;
	go = t->line == NULL || (t->wants_go != NULL && t->wants_go(r->self));
	if ((go ? t->go(r, r->self, e) : read_files(r, e)) < 0)
		return -1;
	return t->end == NULL ? 0 : t->end(r, r->self, e);
}

/* Records that were committed and did not leave are not "out". */
static void
take_back_unwritten(struct run *r)
{
	struct str rest = str_make(r->out.buf.p, r->mark);

	if (!r->out.failed)
		return;
	for (; r->outs > 0 && str_chr(rest, '\n') >= 0; r->outs--)
		(void)str_split(&rest, '\n');
}

/* Writes what was committed, also after an error: whole records. */
static int
finish_output(struct run *r, struct err *e)
{
	struct err first;
	int rc = 0;

	run_rollback(r);
	if (run_flush_records(r, &first) < 0)
		rc = -1;
	take_back_unwritten(r);
	if (output_close(&r->out, e) < 0 && rc == 0) {
		first = *e;
		rc = -1;
	}
	if (r->rejects.fd >= 0 && output_close(&r->rejects, e) < 0 && rc == 0) {
		err_prefix(e, "%s", r->common.rejects);
		first = *e;
		rc = -1;
	}
	if (rc < 0)
		*e = first;
	return rc;
}

static void
show_sums(const struct run *r)
{
	char text[1024];
	int n;

	diag_progress_clear();
	if (r->common.rejects != NULL && r->rejected > 0)
		diag(DIAG_NOTE, NULL, "%" PRIu64 " rejected, see %s",
		    r->rejected, r->common.rejects);
	else if (r->rejected > REJECTS_SHOWN)
		diag(DIAG_NOTE, NULL, "%" PRIu64 " rejected in all",
		    r->rejected);
	n = snprintf(text, sizeof(text),
	    "in %" PRIu64 ", out %" PRIu64 ", rejected %" PRIu64, r->ins,
	    r->outs, r->rejected);
	for (size_t i = 0; i < r->sum_count && n < (int)sizeof(text); i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    ", %s %" PRId64, r->sums[i].name, r->sums[i].value);
	diag(DIAG_INFO, NULL, "%s", text);
}

static int
exit_code(const struct run *r, int fatal)
{
	if (fatal != 0)
		return fatal;
	if (diag_worst() >= DIAG_FATAL)
		return EXIT_BAD;
	if (r->again)
		return ERR_AGAIN;
	return r->rejected > 0 || r->gate || diag_worst() >= DIAG_ERROR
		   ? EXIT_SOME
		   : EXIT_GOOD;
}

/* Runs the tool; 0, or the exit code of what ended it. */
static int
run_tool(struct run *r)
{
	struct err e = { .code = ERR_FAIL };
	int fatal = 0;

	if (work(r, &e) < 0) {
		diag(DIAG_FATAL, NULL, "%s", e.msg);
		fatal = e.code == ERR_AGAIN ? ERR_AGAIN : EXIT_BAD;
	}
	if (finish_output(r, &e) < 0 && fatal != EXIT_BAD) {
		diag(DIAG_FATAL, NULL, "%s", e.msg);
		fatal = EXIT_BAD;
	}
	if (r->tool->close != NULL)
		r->tool->close(r->self);
	show_sums(r);
	return fatal;
}

/* After --help and its like: was all of it written? */
static int
close_stdout(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && close(STDOUT_FILENO) == 0)
		return EXIT_GOOD;
	diag(DIAG_FATAL, NULL, "standard output: %s", strerror(errno));
	return EXIT_BAD;
}

static int
start(struct run *r, int argc, char **argv)
{
	const struct tool *t = r->tool;
	struct err e;
	int operands;

	if (t->defaults != NULL)
		t->defaults(r->self);
	if (opt_parse(argc, argv, t->opts, r->self, common_opts, &r->common,
		&operands, &e) < 0) {
		diag(DIAG_FATAL, NULL, "%s", e.msg);
		return EXIT_BAD;
	}
	diag_verbosity(r->common.quiet, r->common.verbose);
	if (show(r))
		return close_stdout();
	r->operands = argv + 1;
	return exit_code(r, run_tool(r));
}

int
driver_main(const struct tool *t, int argc, char **argv)
{
	struct run *r = xcalloc(1, sizeof(*r));
	int rc;

	hold_standard_files();
	diag_init(program_name(t));
	signal(SIGPIPE, SIG_DFL);
	r->tool = t;
	r->self = xcalloc(1, t->size);
	r->common =
	    (struct common){ .now = TIME_NONE, .max_line = LINE_MAX_DEFAULT };
	output_init(&r->out, STDOUT_FILENO);
	output_init(&r->rejects, -1);
	rc = start(r, argc, argv);
	opt_release(t->opts, r->self);
	config_free(r->config);
	buf_release(&r->out.buf);
	buf_release(&r->rejects.buf);
	free(r->self);
	free(r);
	return rc;
}
