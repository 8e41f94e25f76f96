/*
 * kith TOOL runs kith-TOOL, from the folder of this program or from PATH.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/driver.h"
#include "core/nearest.h"

static const struct {
	const char *name, *about;
} tools[] = {
	{ "ingest",
	    "export files, folders, archives and mailboxes to records" },
	{ "normalize", "one schema for the messages of all channels" },
	{ "identify", "who it may be: keys, and how far each can be trusted" },
	{ "merge", "people, and conversations across channels, in time order" },
	{ "recall", "what was known of the person by then" },
	{ "route", "the right queue and person, by rules, in time" },
	{ "reply", "drafts, checks and sent answers" },
	{ "report", "who waits, what each channel gets, one person's story" },
};

enum { TOOLS = sizeof(tools) / sizeof(*tools), EXIT_BAD = 2 };

static int
unknown(const char *name)
{
	const char *names[TOOLS], *near;

	for (size_t i = 0; i < TOOLS; i++)
		names[i] = tools[i].name;
	near = nearest(str_of(name), names, TOOLS);
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

/* argv[0] is the tool's name.  Returns the exit code where nothing ran. */
static int
run_tool(char **argv)
{
	char path[4096], *name = argv[0];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	ptrdiff_t slash =
	    n <= 0 ? -1 : str_rchr(str_make(path, (size_t)n), '/');
	struct buf file;
	int err;

	if (strchr(name, '/') != NULL)
		return unknown(name);
	buf_init(&file, sizeof(path) * 2);
	buf_add(&file, path, (size_t)(slash + 1));
	buf_printf(&file, "kith-%s", name);
	argv[0] = file.p == NULL ? name : file.p + slash + 1;
	if (slash >= 0)
		execv(buf_cstr(&file), argv);
	execvp(argv[0], argv);
	err = errno;
	buf_release(&file);
	if (err == ENOENT)
		return unknown(name);
	diag(DIAG_FATAL, NULL, "kith-%s: %s", name, strerror(err));
	return EXIT_BAD;
}

static int
manual(const char *tool_name)
{
	char page[64];
	char *argv[] = { (char[]){ "man" }, page, NULL };

	if (tool_name == NULL)
		snprintf(page, sizeof(page), "kith");
	else
		snprintf(page, sizeof(page), "kith-%s", tool_name);
	execvp(argv[0], argv);
	diag(DIAG_FATAL, NULL, "man: %s; '%s --help' tells the options",
	    strerror(errno), page);
	return EXIT_BAD;
}

static void
list_tools(struct buf *out)
{
	for (size_t i = 0; i < TOOLS; i++)
		buf_printf(out, "  %-10s %s\n", tools[i].name, tools[i].about);
}

/* Without the name of a tool: the list. */
static int
kith_go(struct run *r, void *self, struct err *e)
{
	(void)self;
	buf_add_z(run_out(r), "usage: kith TOOL [option ...] [FILE ...]\n\n");
	list_tools(run_out(r));
	buf_add_z(run_out(r),
	    "\nkith TOOL --help tells a tool's options, kith help TOOL opens "
	    "its manual.\n");
	return run_commit_text(r, e);
}

static const struct tool kith = {
	.name = "kith",
	.about = "Unix filters for customer communication",
	.operands = "TOOL [FILE ...]",
	.size = 1,
	.go = kith_go,
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
