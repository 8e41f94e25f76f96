#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/io/archive.h"
#include "core/io/file.h"
#include "driver/run.h"

enum { LINE_MAX_DEFAULT = 64 << 20 };

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

/* One of several faults of the workspace file. */
static void
tell_fault(void *arg, const char *fault)
{
	(void)arg;
	diag(DIAG_FATAL, NULL, "%s", fault);
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
	if (r->common.config == NULL && config != NULL && *config != '\0')
		r->common.config = config;
	r->config = workspace_read(r->common.config, tell_fault, NULL, e);
	return r->config == NULL ? -1 : 0;
}

/* Was the option given? */
static bool
is_given(const struct run *r, const char *option)
{
	const struct opt *o = r->tool->opts;
	const char *at;

	while (strcmp(o->name, option) != 0)
		o++;
	at = (const char *)r->self + o->at;
	return o->kind == OPT_FLAG ? *(const bool *)at
				   : *(const char *const *)at != NULL;
}

static bool
is_asked_for(const struct run *r, const struct mode *m)
{
	if (m->option != NULL)
		return is_given(r, m->option);
	return m->when == NULL || m->when(r, r->self);
}

/* "--check, --explain and --test": the options of modes that stand alone. */
static int
refuse_together(const struct mode *modes, struct err *e)
{
	const char *names[16];
	char text[512];
	size_t n = 0;
	int at = 0;

	for (const struct mode *m = modes; m->option != NULL; m++)
		if (m->with == NULL && n < sizeof(names) / sizeof(*names))
			names[n++] = m->option;
	for (size_t i = 0; i < n && at < (int)sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - (size_t)at, "%s--%s",
		    i == 0       ? ""
		    : i + 1 == n ? " and "
				 : ", ",
		    names[i]);
	return err_set(e, "%s exclude each other", text);
}

/* The first that is asked for; of the others no option may be there. */
static int
choose_mode(struct run *r, struct err *e)
{
	const struct mode *m = r->tool->modes;

	while (!is_asked_for(r, m))
		m++;
	r->mode = m;
	if (m->option == NULL)
		return 0;
	for (const struct mode *o = m + 1; o->option != NULL; o++) {
		if (!is_given(r, o->option) ||
		    (m->with != NULL && strcmp(o->option, m->with) == 0))
			continue;
		if (m->with != NULL)
			return err_set(
			    e, "--%s goes with --%s", m->option, m->with);
		return refuse_together(r->tool->modes, e);
	}
	return 0;
}

static int
open_tool(struct run *r, struct err *e)
{
	const struct tool *t = r->tool;

	if (t->open != NULL && t->open(r, r->self, e) < 0)
		return -1;
	return r->mode->open == NULL ? 0 : r->mode->open(r, r->self, e);
}

static int
work(struct run *r, struct err *e)
{
	const struct mode *m;

	if (read_environment(r, e) < 0 || output_open(r, e) < 0 ||
	    choose_mode(r, e) < 0)
		return -1;
	m = r->mode;
	if (m->ignore_sigpipe)
		signal(SIGPIPE, SIG_IGN);
	if (run_state(r) != NULL && file_check_links(run_state(r), e) < 0)
		return -1;
	if (open_tool(r, e) < 0 || rejects_begin(r, e) < 0 ||
	    walls_raise(r, e) < 0)
		return -1;
	output_watch(r);
	if (m->worker && r->common.sandbox != SANDBOX_OFF)
		r->workers = workers_new(r);
	if ((m->go != NULL ? m->go(r, r->self, e) : lines_read(r, e)) < 0)
		return -1;
	if (m->worker && r->workers != NULL)
		return workers_end(r->workers, e);
	return m->end == NULL ? 0 : m->end(r->self, &r->sink, e);
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
	return r->sink.rejected > 0 || r->gate || diag_worst() >= DIAG_ERROR
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
	if (output_finish(r, &e) < 0 && fatal != EXIT_BAD) {
		diag(DIAG_FATAL, NULL, "%s", e.msg);
		fatal = EXIT_BAD;
	}
	if (r->tool->close != NULL)
		r->tool->close(r->self);
	output_sums(r);
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
	if (opt_parse(argc, argv, t->opts, r->self, driver_opts, &r->common,
		&operands, &e) < 0) {
		diag(DIAG_FATAL, NULL, "%s", e.msg);
		return EXIT_BAD;
	}
	diag_verbosity(r->common.quiet, r->common.verbose);
	if (help_show(r))
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
	snprintf(r->program, sizeof(r->program), "%s%s",
	    strcmp(t->name, "kith") == 0 ? "" : "kith-", t->name);
	diag_init(r->program);
	signal(SIGPIPE, SIG_DFL);
	r->tool = t;
	r->self = xcalloc(1, t->size);
	r->common =
	    (struct common){ .now = TIME_NONE, .max_line = LINE_MAX_DEFAULT };
	output_init(&r->out, STDOUT_FILENO);
	output_init(&r->rejects, -1);
	rc = start(r, argc, argv);
	opt_release(t->opts, r->self);
	workers_free(r->workers);
	unpack_end_workers();
	sandbox_release(&r->sandbox);
	workspace_free(r->config);
	output_release(r);
	free(r->self);
	free(r);
	return rc;
}
