/*
 * What a tool says of itself: --help, --version and --completions.
 */
#include <stdio.h>
#include <string.h>

#include "driver/run.h"

#ifndef KITH_VERSION
#define KITH_VERSION "unknown"
#endif

/* As in enum sandbox_mode. */
static const char *const sandbox_words[] = { "auto", "require", "off", NULL };

const struct opt driver_opts[] = {
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
	{ 0, "sandbox", OPT_CHOICE, offsetof(struct common, sandbox), "WALLS",
	    "around what reads input: auto, as far as the kernel can, ...", 0,
	    0, sandbox_words },
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
show_help(const struct run *r)
{
	const struct tool *t = r->tool;

	printf("usage: %s [option ...]%s%s\n%s\n", r->program,
	    t->operands == NULL ? "" : " ",
	    t->operands == NULL ? "" : t->operands, t->about);
	if (t->words != NULL)
		show_words(t->words);
	if (t->opts != NULL && t->opts->name != NULL) {
		printf("\nOptions:\n");
		opt_help(t->opts);
	}
	printf("\nOptions of all tools:\n");
	opt_help(driver_opts);
}

bool
help_show(const struct run *r)
{
	if (r->common.help) {
		show_help(r);
	} else if (r->common.version) {
		printf("%s %s\n", r->program, KITH_VERSION);
	} else if (r->common.completions) {
		opt_list_lines(r->tool->opts);
		opt_list_lines(driver_opts);
		if (r->tool->words != NULL)
			list_words(r->tool->words);
	} else {
		return false;
	}
	return true;
}
