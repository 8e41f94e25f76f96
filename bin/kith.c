/*
 * kith TOOL runs kith-TOOL, from the folder of this program or from PATH.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/text/nearest.h"
#include "driver/driver.h"

/* In the order in which they stand in a pipeline. */
static const char *const tools[] = { "hook", "ingest", "normalize", "identify",
	"merge", "recall", "route", "reply", "report", "state" };

enum {
	TOOLS = sizeof(tools) / sizeof(*tools),
	EXIT_BAD = 2,
	PATH_BYTES = 4096
};

static int
unknown(const char *name)
{
	const char *near = nearest(str_of(name), tools, TOOLS);

	if (near != NULL)
		diag(DIAG_FATAL, NULL, "%s: no such tool; did you mean %s?",
		    name, near);
	else
		diag(DIAG_FATAL, NULL,
		    "%s: no such tool; kith --help lists "
		    "them",
		    name);
	return EXIT_BAD;
}

/* Where a file stands, seen from this program: a path for free(), or NULL. */
static char *
beside(const char *before, const char *name, const char *after)
{
	char path[PATH_BYTES];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	ptrdiff_t slash = n < 0 ? -1 : str_rchr(str_make(path, (size_t)n), '/');
	struct buf file;

	if (slash < 0)
		return NULL;
	buf_init(&file, (size_t)2 * PATH_BYTES);
	buf_add(&file, path, (size_t)slash);
	if (buf_printf(&file, "/%s%s%s", before, name, after) < 0) {
		buf_release(&file);
		return NULL;
	}
	buf_cstr(&file);
	return file.p;
}

/* argv[0] is the tool's name.  Returns the exit code where nothing ran. */
static int
run_tool(char **argv)
{
	const char *name = argv[0];
	char program[PATH_BYTES], *path;
	int err;

	if (strchr(name, '/') != NULL ||
	    snprintf(program, sizeof(program), "kith-%s", name) >=
		(int)sizeof(program))
		return unknown(name);
	argv[0] = program;
	path = beside("kith-", name, "");
	if (path != NULL)
		execv(path, argv);
	free(path);
	execvp(program, argv);
	err = errno;
	if (err == ENOENT)
		return unknown(name);
	diag(DIAG_FATAL, NULL, "%s: %s", program, strerror(err));
	return EXIT_BAD;
}

/* The file of a manual that was built or installed with this program: a path
 * for free(), or NULL. */
static char *
manual_file(const char *page)
{
	static const char *const sections[][2] = {
		{ "../share/man/man1/", ".1" },
		{ "../share/man/man5/", ".5" },
		{ "../share/man/man7/", ".7" },
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		char *path = beside(sections[i][0], page, sections[i][1]);

		if (path != NULL && access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

/* kith help, kith help merge, kith help rules: whether or not man knows the
 * place. */
static int
manual(const char *name)
{
	char page[64], *path;

	snprintf(page, sizeof(page), "%s%s", name == NULL ? "kith" : "kith-",
	    name == NULL ? "" : name);
	path = manual_file(page);
	if (path == NULL) {
		execlp("man", "man", page, (char *)NULL);
	} else {
		execlp("man", "man", "-l", path, (char *)NULL);
		execlp("mandoc", "mandoc", "-a", path, (char *)NULL);
		free(path);
	}
	diag(DIAG_FATAL, NULL, "man: %s; kith TOOL --help tells the options",
	    strerror(errno));
	return EXIT_BAD;
}

/* Runs the program with --help and takes what it says to out. */
static void
ask(const char *path, struct buf *out)
{
	int fds[2], status;
	pid_t child;
	ssize_t n = 1;

	if (pipe(fds) < 0)
		return;
	child = fork();
	if (child == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(path, path, "--help", (char *)NULL);
		_exit(EXIT_BAD);
	}
	close(fds[1]);
	while (child > 0 && n > 0 && buf_room(out, 4096) != NULL) {
		n = read(fds[0], out->p + out->n, 4096);
		if (n > 0)
			out->n += (size_t)n;
	}
	close(fds[0]);
	if (child > 0)
		waitpid(child, &status, 0);
}

/* What stands beside this program, each with the line that it says of itself.
 */
static void
list_tools(struct buf *out)
{
	for (size_t i = 0; i < TOOLS; i++) {
		char *path = beside("kith-", tools[i], "");
		struct buf help;
		struct str rest, about;

		if (path == NULL || access(path, X_OK) < 0) {
			free(path);
			continue;
		}
		buf_init(&help, 1 << 20);
		ask(path, &help);
		rest = buf_str(&help);
		str_line(&rest);
		about = rest.p == NULL ? STR("") : str_line(&rest);
		buf_printf(out, "  %-10s %.*s\n", tools[i], STR_ARG(about));
		buf_release(&help);
		free(path);
	}
}

/* Without the name of a tool: the list. */
static int
kith_go(struct run *r, void *self, struct err *e)
{
	struct buf *out = sink_out(run_sink(r));

	(void)self;
	buf_add_z(out, "usage: kith TOOL [option ...] [FILE ...]\n\n");
	list_tools(out);
	buf_add_z(out,
	    "\nkith TOOL --help tells a tool's options, kith help TOOL opens "
	    "its manual.\n");
	return sink_commit_text(run_sink(r), e);
}

/* Without walls: it runs the tools, and reads nothing. */
static const struct mode kith_mode = { .go = kith_go, .free = true };

static const struct tool kith = {
	.name = "kith",
	.about = "Unix filters for customer communication",
	.operands = "TOOL [FILE ...]",
	.size = 1,
	.modes = &kith_mode,
};

int
main(int argc, char **argv)
{
	diag_init("kith");
	if (argc < 2) {
		diag(DIAG_FATAL, NULL, "which tool? kith --help lists them");
		return EXIT_BAD;
	}
	if (strcmp(argv[1], "help") == 0)
		return manual(argv[2]);
	if (argv[1][0] != '-')
		return run_tool(argv + 1);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		argc = 1;
	return driver_main(&kith, argc, argv);
}
