/*
 * What a tool asks of its run.
 */
#include "driver/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

int64_t
run_clock(const struct run *r)
{
	return r->common.now == TIME_NONE ? time_clock() : r->common.now;
}

bool
run_quiet(const struct run *r)
{
	return r->common.quiet > 0;
}

/* By the word that --help has for what it takes. */
bool
opt_takes_path(const struct opt *o)
{
	return (o->kind == OPT_TEXT || o->kind == OPT_LIST) &&
	       (strcmp(o->arg, "FILE") == 0 || strcmp(o->arg, "DIR") == 0 ||
		   strcmp(o->arg, "TEMPLATE") == 0);
}

void
run_allow(struct run *r, const char *path, unsigned rights)
{
	sandbox_allow(&r->sandbox, path, rights);
}

void
run_allow_network(struct run *r)
{
	r->sandbox.network = true;
}

void
run_largest(struct run *r, int64_t bytes)
{
	r->largest = bytes;
}

struct sink *
run_sink(struct run *r)
{
	return &r->sink;
}

int
run_sync_out(struct run *r, struct err *e)
{
	return output_sync(&r->out, e);
}

bool
run_out_is_file(const struct run *r)
{
	struct stat st;

	return fstat(r->out.fd, &st) == 0 && S_ISREG(st.st_mode);
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
