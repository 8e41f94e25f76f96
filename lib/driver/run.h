#ifndef KITH_DRIVER_RUN_H
#define KITH_DRIVER_RUN_H
/*
 * A run of a tool, as driver.c (which leads it) and run.c (what tools call)
 * see it.  Nobody else includes this.
 */
#include "core/io/stream.h"
#include "driver/driver.h"

enum {
	REJECTS_SHOWN = 20, /* one by one, then only counted */
	SUMS_MAX = 16, /* a tool's own sums */
};

struct common {
	const char *state, *config, *rejects;
	int64_t now, max_line;
	int quiet, verbose;
	bool help, version, completions;
};

struct sum {
	const char *name;
	int64_t value;
};

struct run {
	const struct tool *tool;
	void *self;
	struct common common;
	char **operands;
	struct config *config;
	bool now_given, gate, again, fatal;
	struct input *in; /* the file in hand, NULL between */
	char place[4096];
	/* Output up to `mark` is committed, what stands behind is not. */
	struct output out;
	size_t mark;
	uint64_t outs, ins, rejected;
	/* Where rejects go, fd -1 without --rejects. */
	struct output rejects;
	struct sum sums[SUMS_MAX];
	size_t sum_count;
	/* Progress: false where nobody watches. */
	bool watched;
	unsigned until_look;
	double started, shown;
};

/* Seconds of a clock that only goes forward. */
double run_clock(void);
/* Writes the committed records, not the rejects. */
int run_flush_records(struct run *r, struct err *e);

#endif
