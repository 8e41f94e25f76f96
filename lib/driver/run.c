/*
 * What a tool asks of its run.
 */
#include "driver/run.h"

#include <stdlib.h>

char *const *
run_operands(const struct run *r)
{
	return r->operands;
}

const char *
run_take_operand(struct run *r)
{
	return r->operands[0] == NULL ? NULL : *r->operands++;
}

void
run_read(struct run *r, const char *path)
{
	r->only = path;
	r->not_operands = true;
}

void
run_read_operands(struct run *r)
{
	r->operands_only = true;
}

size_t
run_file(const struct run *r)
{
	return r->file;
}

const struct workspace *
run_workspace(const struct run *r)
{
	return r->config;
}

const char *
run_state(const struct run *r)
{
	const char *env = getenv("KITH_STATE");

	if (r->common.state != NULL)
		return r->common.state;
	return env != NULL && *env != '\0' ? env : r->config->state;
}

int64_t
run_now(struct run *r)
{
	if (r->common.now == TIME_NONE)
		r->common.now = time_clock();
	return r->common.now;
}

bool
run_quiet(const struct run *r)
{
	return r->common.quiet > 0;
}

struct sink *
run_sink(struct run *r)
{
	return &r->sink;
}

void
run_gate(struct run *r)
{
	r->gate = true;
}

void
run_again(struct run *r)
{
	r->again = true;
}
