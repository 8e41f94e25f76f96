/* The copying stage: what the driver itself costs and does. */
#include "driver/driver.h"

struct copy {
	bool reject, text, fail, again;
	int64_t count;
	const char *prefix;
	struct opt_list words;
	int mode;
};

enum { PLAIN, DOUBLE, NONE, SWELL, SWOLLEN = 10000 };
static const char *const modes[] = { "plain", "double", "none", "swell", NULL };

static const struct opt opts[] = {
	{ 'x', "reject-x", OPT_FLAG, offsetof(struct copy, reject), NULL,
	    "reject lines that begin with x", 0, 0, NULL },
	{ 0, "fail", OPT_FLAG, offsetof(struct copy, fail), NULL,
	    "end with an error at a line that begins with f", 0, 0, NULL },
	{ 0, "again", OPT_FLAG, offsetof(struct copy, again), NULL,
	    "the same, as one that may pass", 0, 0, NULL },
	{ 'n', "count", OPT_INT, offsetof(struct copy, count), "N",
	    "copies of each line", 1, 1000000, NULL },
	{ 'p', "prefix", OPT_TEXT, offsetof(struct copy, prefix), "TEXT",
	    "what stands before each line", 0, 0, NULL },
	{ 'w', "word", OPT_LIST, offsetof(struct copy, words), "WORD",
	    "a line of its own at the end", 0, 0, NULL },
	{ 'm', "mode", OPT_CHOICE, offsetof(struct copy, mode), "MODE",
	    "what becomes of a line", 0, 0, modes },
	{ 0 },
};

static void
copy_defaults(void *self)
{
	((struct copy *)self)->count = 1;
}

static enum stage_result
copy_line(void *self, struct sink *sink, struct str line, struct err *e)
{
	struct copy *c = self;
	static const int copies[] = { 1, 2, 0, SWOLLEN };
	struct buf *out = sink_out(sink);

	if ((c->fail || c->again) && line.p[0] == 'f')
		return c->again ? err_again(e, "the other side is away")
				: err_set(e, "a line that fails");
	for (int64_t i = 0; c->mode != NONE && i < c->count; i++) {
		if (c->prefix != NULL)
			buf_add_z(out, c->prefix);
		for (int k = 0; k < copies[c->mode]; k++)
			buf_add_str(out, line);
		if (c->reject && line.p[0] == 'x') {
			err_set(e, "begins with x");
			return STAGE_REJECT;
		}
		if (sink_commit(sink, e) < 0)
			return STAGE_FATAL;
	}
	return STAGE_OK;
}

static int
copy_end(void *self, struct sink *sink, struct err *e)
{
	struct copy *c = self;

	for (size_t i = 0; i < c->words.n; i++) {
		buf_add_z(sink_out(sink), c->words.v[i]);
		sink_sum(sink, "words", 1);
		if (sink_commit(sink, e) < 0)
			return -1;
	}
	return 0;
}

static const struct mode copy_mode = { .line = copy_line, .end = copy_end };

const struct tool tool = {
	.name = "copy",
	.about = "copy lines",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct copy),
	.defaults = copy_defaults,
	.modes = &copy_mode,
};
