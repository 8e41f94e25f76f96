#ifndef KITH_DRIVER_DRIVER_H
#define KITH_DRIVER_DRIVER_H
/*
 * The driver: what all tools share.  A tool is a table of options and one of
 * modes; bin/NAME.c defines `const struct tool tool`, and one main serves them
 * all.  The driver alone reads lines; it counts, writes rejects and sums,
 * flushes before a read that would block, shows progress on a terminal, and
 * turns the end into an exit code.
 *
 * What a mode does with its lines is a stage: it gets a line and writes to a
 * sink (record/sink.h), and knows nothing of processes.
 */
#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"
#include "core/sandbox/sandbox.h"
#include "core/time.h"
#include "record/sink.h"
#include "workspace/workspace.h"

struct run;

/* A word that the first operand may be, for --help and the completions. */
struct tool_word {
	const char *name; /* NULL ends the list */
	const char *about;
};

/*
 * One of the ways in which a tool works: a stage (line, and what goes with
 * it), or go, for what reads no lines.  Members that are not there are NULL.
 */
struct mode {
	/* The option that asks for it: one of the tool's, a flag or a text. */
	const char *option;
	/* Another mode's option that may stand beside it.  But for that the
	 * options of two modes exclude each other. */
	const char *with;
	/* Or another condition, asked before open; without both: always. */
	bool (*when)(const struct run *r, const void *self);
	/* After the tool's open.  0 or -1. */
	int (*open)(struct run *r, void *self, struct err *e);
	/*
	 * One line, without its newline, BUF_PAD readable bytes behind it.
	 * Empty lines never arrive.  Operands are the files, none means
	 * standard input; but see run_read and run_read_operands.
	 */
	enum stage_result (*line)(
	    void *self, struct sink *out, struct str line, struct err *e);
	/*
	 * Before each line where the one behind it is here already: fetches
	 * into the cache what that will be looked up in.
	 */
	void (*foresee)(void *self, struct str next);
	/*
	 * Before a line, once for each of those behind it that are here
	 * already: begins what they will have to wait for.  False where none
	 * of this run has to.
	 */
	bool (*prepare)(void *self, struct str line);
	/*
	 * Before a read of input that would block; may write records: what
	 * the tool holds in hand should be done by then.  0 or -1.
	 */
	int (*idle)(void *self, struct sink *out, struct err *e);
	/*
	 * Before committed records leave: makes durable what they taught, so
	 * that the next tool in the pipe never knows more than the state.
	 * 0 or -1, after which they do not leave.
	 */
	int (*settle)(void *self, struct err *e);
	/* Instead of lines: 0 or -1. */
	int (*go)(struct run *r, void *self, struct err *e);
	/* After the last line, or go; may write records still. */
	int (*end)(void *self, struct sink *out, struct err *e);
	bool keeps; /* reads no lines, and writes to the state */
	bool ignore_sigpipe; /* it checks every write itself */
	/*
	 * Its lines go to a process that has no files: line keeps nothing that
	 * others need, and asks nothing of the run but its sink; what it keeps
	 * for end is lost where the process dies.
	 */
	bool worker;
	bool network; /* it talks to others */
	/* One that it starts over a file, where PATH has it; or NULL. */
	const char *program;
	bool beside; /* opens files beside its operands, or in folders there */
	bool free; /* it reads nothing, and has no walls (--sandbox) */
};

struct tool {
	const char *name; /* "identify" */
	const char *about; /* one line, for --help and kith --help */
	const char *operands; /* "[FILE ...]" for --help */
	const struct tool_word *words; /* see there, or NULL */
	const struct opt *opts; /* own options, NULL-name terminated, or NULL */
	size_t size; /* of the tool's struct; zeroed, options land in it */
	bool stateless; /* writes no file, unless run_allow says so */
	/* The first that is asked for is run, the last one always; those with
	 * options stand first. */
	const struct mode *modes;
	/* Defaults before the options are parsed; may be NULL. */
	void (*defaults)(void *self);
	/* What all modes need, after the options; may be NULL.  0 or -1. */
	int (*open)(struct run *r, void *self, struct err *e);
	/* Always, also after an error.  May be NULL. */
	void (*close)(void *self);
};

extern const struct tool tool;

/* main's whole work.  Returns the exit code. */
int driver_main(const struct tool *t, int argc, char **argv);

/* Operands (without the options), NULL-terminated. */
char *const *run_operands(const struct run *r);
/* Takes the first operand off the list (a report's name, a key to look up):
 * the rest stay input files.  NULL when there is none. */
const char *run_take_operand(struct run *r);
/* Lines come from this file, borrowed, and not from the operands; NULL: from
 * none. */
void run_read(struct run *r, const char *path);
/* Where no operand is left nothing is read, rather than standard input. */
void run_read_operands(struct run *r);
/* Which of the files the line in hand is of, from 0. */
size_t run_file(const struct run *r);
const struct workspace *run_workspace(const struct run *r);
/* The state's folder from -S, KITH_STATE or the workspace; NULL when none. */
const char *run_state(const struct run *r);
/* --now, KITH_NOW, else the clock, asked once a run. */
int64_t run_now(struct run *r);
/* The time that it is: --now and KITH_NOW, else the clock, asked each time, for
 * who runs for long. */
int64_t run_clock(const struct run *r);
/* -q: nothing but errors is to be said. */
bool run_quiet(const struct run *r);
/*
 * Before the walls are raised, which is when all is open: what the tool will
 * open beyond its operands, what options and the workspace name, and its state
 * (rights of core/sandbox/sandbox.h; path may be NULL), and that it will talk
 * to others.
 */
void run_allow(struct run *r, const char *path, unsigned rights);
void run_allow_network(struct run *r);
/* A file that is written anew, beside where it is: NULL is none. */
void run_allow_beside(struct run *r, const char *path);
/* The largest item, in bytes, where that is not --max-line: a worker may have
 * forty times as much memory, at least 2 GiB. */
void run_largest(struct run *r, int64_t bytes);
/* What the mode writes to. */
struct sink *run_sink(struct run *r);
/* What left by standard output is on disk, where that is a file: for what is
 * noted as given, and would be lost with it.  0 or -1. */
int run_sync_out(struct run *r, struct err *e);
/* Does standard output go to a file, which can be synced? */
bool run_out_is_file(const struct run *r);
/* The exit will be 1 (a gate said no, a look-up found nothing). */
void run_gate(struct run *r);
/* The exit will be 75: all went well, but a later run has more to do. */
void run_again(struct run *r);

#endif
