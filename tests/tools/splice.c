/*
 * A filter that does what every annotating tool does: parses each record,
 * reads three members, puts one.  Benchmarks and tests of the driver use it.
 */
#include "driver/driver.h"
#include "json/write.h"
#include "record/record.h"

struct splice {
	struct record *record;
};

static int
splice_open(struct run *r, void *self, struct err *e)
{
	struct splice *s = self;

	(void)r;
	(void)e;
	s->record = record_new();
	return 0;
}

static enum stage_result
splice_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct record *r = ((struct splice *)self)->record;
	struct str email;

	if (record_parse(r, line, e) != 0)
		return STAGE_REJECT;
	if (record_get(r, "id").doc == NULL ||
	    record_get(r, "receivedAt").doc == NULL) {
		err_set(e, "no message record: it has no id or no time");
		return STAGE_REJECT;
	}
	email =
	    json_str(json_get(record_get(r, "from"), "email"), record_arena(r));
	record_put_str(r, "sender", email);
	if (record_write(r, sink_out(out), e) != 0)
		return STAGE_REJECT;
	return sink_commit(out, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

static void
splice_close(void *self)
{
	record_free(((struct splice *)self)->record);
}

static const struct mode splice_mode = { .line = splice_line };

const struct tool tool = {
	.name = "splice",
	.about = "put the sender's address into each record",
	.operands = "[FILE ...]",
	.size = sizeof(struct splice),
	.modes = &splice_mode,
	.open = splice_open,
	.close = splice_close,
};
