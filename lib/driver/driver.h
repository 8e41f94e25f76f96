#ifndef KITH_DRIVER_DRIVER_H
#define KITH_DRIVER_DRIVER_H
/*
 * The driver: what all tools share.  A tool is a table of options and a
 * stage; bin/NAME.c defines `const struct tool tool`, and one main serves
 * them all.  The driver reads lines, counts, writes rejects and sums, flushes
 * before a read that would block, shows progress on a terminal, and turns the
 * end into an exit code.
 *
 * A stage knows nothing of pipes: it gets a line and writes lines through
 * run_out and run_commit.  So several stages can run fused in one process.
 */
#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"
#include "core/time.h"
#include "workspace/workspace.h"

struct run;

/* What `line` and `file` return. */
enum stage_result {
	STAGE_OK = 0,
	STAGE_REJECT = 1, /* this record only: e says why; what it wrote since
			     the last commit is taken back */
	STAGE_FATAL = -1, /* the run ends, e says why */
};

/* A word that the first operand may be, for --help and the completions. */
struct tool_word {
	const char *name; /* NULL ends the list */
	const char *about;
};

struct tool {
	const char *name; /* "identify" */
	const char *about; /* one line, for --help and kith --help */
	const char *operands; /* "[FILE ...]" for --help */
	const struct tool_word *words; /* see there, or NULL */
	const struct opt *opts; /* own options, NULL-name terminated, or NULL */
	size_t size; /* of the tool's struct; zeroed, options land in it */
	/* Defaults before the options are parsed; may be NULL. */
	void (*defaults)(void *self);
	/* After the options; operands as given.  0 or -1. */
	int (*open)(struct run *r, void *self, struct err *e);
	/*
	 * Filters: one line, without its newline, BUF_PAD readable bytes
	 * behind it.  Empty lines never arrive.  Operands are input files,
	 * none means standard input.
	 */
	enum stage_result (*line)(
	    struct run *r, void *self, struct str line, struct err *e);
	/*
	 * Before each line where the one behind it is here already: fetches
	 * into the cache what that will be looked up in.  May be NULL.
	 */
	void (*foresee)(void *self, struct str next);
	/*
	 * Before a read of input that would block; may write records: what
	 * the tool holds in hand should be done by then.  0 or -1.  May be
	 * NULL.
	 */
	int (*idle)(struct run *r, void *self, struct err *e);
	/*
	 * Instead of line: the tool does its own reading (ingest, a look-up);
	 * 0 or -1.
	 */
	int (*go)(struct run *r, void *self, struct err *e);
	/*
	 * Before committed records leave: makes durable what they taught, so
	 * that the next tool in the pipe never knows more than the state.
	 * 0 or -1.  May be NULL.
	 */
	int (*settle)(struct run *r, void *self, struct err *e);
	/* After the last line; may write records still.  May be NULL. */
	int (*end)(struct run *r, void *self, struct err *e);
	/* Always, also after an error.  May be NULL. */
	void (*close)(void *self);
	/* Where set and true after open, go is called and not line. */
	bool (*wants_go)(void *self);
};

extern const struct tool tool;

/* main's whole work.  Returns the exit code. */
int driver_main(const struct tool *t, int argc, char **argv);

/* Operands (without the options), NULL-terminated. */
char *const *run_operands(const struct run *r);
/* Takes the first operand off the list (a report's name, a key to look up):
 * the rest stay input files.  NULL when there is none. */
const char *run_take_operand(struct run *r);
const struct config *run_config(const struct run *r);
/* The state's folder from -S, KITH_STATE or the workspace; NULL when none. */
const char *run_state(const struct run *r);
/* --now, KITH_NOW, else the clock, asked once a run. */
int64_t run_now(struct run *r);
/* True where --now or KITH_NOW set it. */
bool run_now_given(const struct run *r);
/* -q: nothing but errors is to be said. */
bool run_quiet(const struct run *r);
/* Ceiling of a line (--max-line, default 64 MiB). */
size_t run_max_line(const struct run *r);

/*
 * The output: append a record to this buffer without its newline, then
 * commit.  What was appended since the last commit is dropped by rollback.
 * run_commit returns -1 when writing failed (e filled): return it as fatal.
 */
struct buf *run_out(struct run *r);
int run_commit(struct run *r, struct err *e);
void run_rollback(struct run *r);
/* Text for people instead of records: not counted, no newline added. */
int run_commit_text(struct run *r, struct err *e);
/* Writes out what is held now. */
int run_flush(struct run *r, struct err *e);

/*
 * Rejects what is not a line of input (an item of a mailbox, a bad entry):
 * file and at (may be empty) tell where, bytes what.  The driver calls it
 * itself for STAGE_REJECT.
 */
int run_reject(struct run *r, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e);
/* "file:line" of the line in hand, for diag; lives until the next line. */
const char *run_place(const struct run *r);
/* One record came in that was not a line (ingest's items). */
void run_count_in(struct run *r);
/* Adds to a sum of the tool's own, shown by -v in the order of first use:
 * "duplicates", "conversations".  name is borrowed for ever. */
void run_sum(struct run *r, const char *name, int64_t add);
/* The exit will be 1 (a gate said no, a look-up found nothing). */
void run_gate(struct run *r);
/* The exit will be 75: all went well, but a later run has more to do. */
void run_again(struct run *r);
/* Bytes of input read so far and in all, for progress (go tools). */
void run_progress(struct run *r, uint64_t done, int64_t total);

#endif
