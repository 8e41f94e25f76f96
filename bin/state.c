/*
 * state: whether what runs keep is sound, and how much of it there is.
 */
#include "driver/driver.h"
#include "people/store/inspect.h"

struct state {
	bool check, stat;
};

static const struct opt opts[] = {
	{ 0, "check", OPT_FLAG, offsetof(struct state, check), NULL,
	    "tell whether all of it is sound; exit 1 where it is not", 0, 0,
	    NULL },
	{ 0, "stat", OPT_FLAG, offsetof(struct state, stat), NULL,
	    "rows and bytes, a line a table", 0, 0, NULL },
	{ 0 },
};

static int
state_open(struct run *r, void *self, struct err *e)
{
	(void)self;
	if (*run_operands(r) != NULL)
		return err_set(e, "takes no file: the state is that of -S");
	if (run_state(r) == NULL)
		return err_set(e,
		    "which state? -S names its folder, or the workspace file");
	return 0;
}

static int
state_check(struct run *r, void *self, struct err *e)
{
	struct sink *out = run_sink(r);
	int rc = inspect_check(run_state(r), sink_out(out), e);

	(void)self;
	if (rc < 0)
		return -1;
	if (rc == 0)
		run_gate(r);
	return sink_commit_text(out, e);
}

static int
state_stat(struct run *r, void *self, struct err *e)
{
	struct sink *out = run_sink(r);

	(void)self;
	return inspect_stat(run_state(r), sink_out(out), e) != 0
		   ? -1
		   : sink_commit_text(out, e);
}

static const struct mode modes[] = {
	{ .option = "check", .go = state_check },
	{ .go = state_stat },
};

const struct tool tool = {
	.name = "state",
	.about = "whether what runs keep is sound, and how much it is",
	.operands = "-S DIR",
	.opts = opts,
	.size = sizeof(struct state),
	.modes = modes,
	.open = state_open,
};
