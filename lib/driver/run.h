#ifndef KITH_DRIVER_RUN_H
#define KITH_DRIVER_RUN_H
/*
 * A run of a tool, as the files of this room see it: driver.c leads it,
 * lines.c reads, output.c is the sink, walls.c bounds it, workers.c has lines
 * worked on, help.c shows, run.c answers the tool.
 * Nobody else includes this.
 */
#include "core/io/stream.h"
#include "driver/driver.h"

enum {
	REJECTS_SHOWN = 20, /* one by one, then only counted */
	SUMS_MAX = 16, /* a tool's own sums */
};

/* How each line of a file of rejects begins. */
#define REJECT_HEAD "{\"tool\":\""

enum { EXIT_GOOD = 0, EXIT_SOME = 1, EXIT_BAD = 2 };

struct common {
	const char *state, *config, *rejects;
	int64_t now, max_line;
	int quiet, verbose, sandbox;
	bool help, version, completions;
};

struct sum {
	const char *name;
	int64_t value;
};

struct run {
	struct sink sink; /* the first, so that it leads back to the run */
	const struct tool *tool;
	const struct mode *mode; /* NULL until it is chosen */
	void *self;
	struct common common;
	char program[64]; /* "kith-merge" */
	char **operands;
	const char *only; /* the file that is read instead, or none */
	bool not_operands, operands_only; /* see run_read, run_read_operands */
	size_t file;
	struct workspace *config;
	bool gate, again;
	struct sandbox sandbox;
	int64_t largest; /* item; 0: --max-line */
	struct workers *workers; /* NULL: lines are worked on here */
	struct worker_lines *worker; /* in a worker */
	struct input *in; /* the file in hand, NULL between */
	char place[4096];
	struct output out; /* the sink's buffer */
	bool behind_half; /* records are to begin behind half a line */
	struct output rejects; /* fd -1 without --rejects */
	bool rejects_begun; /* it was emptied, or must not be */
	struct sum sums[SUMS_MAX];
	size_t sum_count;
	/* Progress: false where nobody watches. */
	bool watched;
	unsigned until_look;
	bool unprepared; /* no line has to be prepared */
	double started, shown;
};

/* The options that all tools have. */
extern const struct opt driver_opts[];

/* All lines of all files through the mode.  0 or -1. */
int lines_read(struct run *r, struct err *e);

/* Opens the sink, and the file of rejects, which keeps what is in it.  0 or
 * -1. */
int output_open(struct run *r, struct err *e);
/* From here on progress is shown, where somebody watches. */
void output_watch(struct run *r);
/* Writes what was committed, also after an error, and closes.  0 or -1. */
int output_finish(struct run *r, struct err *e);
void output_release(struct run *r);
/* The last line of -v, and what became of rejects. */
void output_sums(const struct run *r);

/* Opens the file of rejects without emptying it.  0 or -1. */
int rejects_open(struct run *r, struct err *e);
/*
 * Empties it, once the operands are known and before the first byte goes to
 * it.  It is refused where it is an input, a file or folder that an option or
 * the workspace names, the state, or one of the standard files.  0 or -1,
 * after which there is none.
 */
int rejects_begin(struct run *r, struct err *e);

/* What --sandbox may be. */
enum sandbox_mode { SANDBOX_AUTO, SANDBOX_REQUIRE, SANDBOX_OFF };
/* Raises the walls, around what the run still has to open.  0 or -1. */
int walls_raise(struct run *r, struct err *e);

/* The walls of one of the run's workers. */
void walls_of_worker(struct sandbox *s);

/* Workers on lines, see workers.c. */
struct workers *workers_new(struct run *r);
void workers_free(struct workers *w);
/* Takes a line (copied), in time: 0 or -1. */
int workers_line(struct workers *w, struct str line, struct err *e);
/* All that were taken are done, and what they gave is committed: 0 or -1. */
int workers_flush(struct workers *w, struct err *e);
/* As sink_apart. */
int workers_apart(struct workers *w, struct input *in,
    int (*work)(void *arg, struct err *e), void *arg, struct err *e);
/* After the last: the mode's end.  0 or -1. */
int workers_end(struct workers *w, struct err *e);

/* Does the option name a file or a folder? */
bool opt_takes_path(const struct opt *o);

/* The options that show something and end the program; true where one did. */
bool help_show(const struct run *r);

#endif
