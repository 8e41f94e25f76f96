/*
 * kith-reply: drafts for those who wait, a check of drafts before they
 * leave, and their sending through a durable outbox.
 */
#include "core/diag.h"
#include "driver/driver.h"
#include "record/pipeline.h"
#include "reply/approve.h"
#include "reply/drafting.h"
#include "reply/sending/delivery.h"
#include "reply/sending/run.h"
#include "reply/status.h"

/* In the order of enum on_ambiguous. */
static const char *const on_ambiguous[] = { "hold", "resend", "give-up", NULL };

struct reply {
	const char *draft, *retry, *by;
	struct opt_list files;
	bool send, status, json, approve;
	int on_ambiguous;
	int64_t max_age;
	struct transports transports;
	struct template *template;
	struct drafting *drafting;
	struct sendrun sending;
	struct record *record;
	struct pipeline pipeline;
	struct run *run;
};

static const struct opt opts[] = {
	{ 'd', "draft", OPT_TEXT, offsetof(struct reply, draft), "TEMPLATE",
	    "write a draft for each conversation that waits" },
	{ 0, "max-age", OPT_DURATION, offsetof(struct reply, max_age),
	    "DURATION",
	    "with --draft: none for requests that are older (default 7d where "
	    "the template is automatic, else no bound)" },
	{ 0, "approve", OPT_FLAG, offsetof(struct reply, approve), NULL,
	    "approve the drafts, as their words are now" },
	{ 0, "by", OPT_TEXT, offsetof(struct reply, by), "NAME",
	    "with --approve: who does" },
	{ 0, "send", OPT_FLAG, offsetof(struct reply, send), NULL,
	    "send the drafts, through the outbox in the state's folder" },
	{ 't', "transport", OPT_LIST, offsetof(struct reply, files), "FILE",
	    "a transport file, before the workspace's" },
	{ 0, "status", OPT_FLAG, offsetof(struct reply, status), NULL,
	    "show the outbox" },
	{ 0, "json", OPT_FLAG, offsetof(struct reply, json), NULL,
	    "with --status: deliveries as JSON lines" },
	{ 0, "retry", OPT_TEXT, offsetof(struct reply, retry), "ID",
	    "with --send: a held or failed draft again, or all-failed" },
	{ 0, "on-ambiguous", OPT_CHOICE, offsetof(struct reply, on_ambiguous),
	    "WHAT",
	    "what becomes of attempts with unknown outcome (default hold)", 0,
	    0, on_ambiguous },
	{ 0 },
};

static void
reply_defaults(void *self)
{
	((struct reply *)self)->max_age = -1;
}

static int
check_options(struct run *r, struct reply *t, struct err *e)
{
	if (t->approve != (t->by != NULL) ||
	    (t->by != NULL && str_trim(str_of(t->by)).n == 0))
		return err_set(e, "--approve and --by NAME belong together");
	if (t->max_age >= 0 && t->draft == NULL)
		return err_set(e, "--max-age goes with --draft");
	if (t->json && !t->status)
		return err_set(e, "--json goes with --status");
	if ((t->send || t->status || t->retry != NULL) && run_state(r) == NULL)
		return err_set(e, "the outbox needs a folder for the state: "
				  "-S DIR");
	return 0;
}

static int
reply_open(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;
	const struct workspace *c = run_workspace(r);

	t->run = r;
	t->record = record_new();
	t->pipeline.needs = t->draft != NULL ? "conversation" : "reply";
	t->sending.preflight = (struct preflight){ .config = c,
		.transports = &t->transports,
		.state = run_state(r),
		.now = run_now(r) };
	if (check_options(r, t, e) != 0)
		return -1;
	return t->status
		   ? 0
		   : transports_open(&t->transports, t->files.v, t->files.n,
			 c->transports, t->send || t->retry != NULL, e);
}

static enum stage_result
write_record(struct reply *t, struct sink *out, struct err *e)
{
	return delivery_emit(out, t->record, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

/* Of the file that the line in hand stands in, with its slash. */
static struct str
folder(struct sink *out)
{
	struct str place = str_of(sink_place(out));

	return str_sub(place, 0, (size_t)(str_rchr(place, '/') + 1));
}

/* --draft */
static int
draft_open(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	t->template = template_open(t->draft, run_workspace(r), e);
	if (t->template == NULL)
		return -1;
	t->drafting =
	    drafting_new(t->template, run_workspace(r), &t->transports);
	drafting_bound(t->drafting, run_now(r), t->max_age);
	return 0;
}

static enum stage_result
draft_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct reply *t = self;

	(void)out;
	if (pipeline_read(&t->pipeline, t->record, line, e) != 0)
		return STAGE_REJECT;
	drafting_add(t->drafting, t->record);
	return STAGE_OK;
}

static int
draft_end(void *self, struct sink *out, struct err *e)
{
	struct reply *t = self;

	pipeline_warn(&t->pipeline);
	return drafting_finish(t->drafting, out, e);
}

/* --approve */
static enum stage_result
approve_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct reply *t = self;
	const char *why;

	if (pipeline_read(&t->pipeline, t->record, line, e) != 0)
		return STAGE_REJECT;
	if (draft_is(t->record) &&
	    !approve(t->record, run_workspace(t->run), folder(out),
		str_trim(str_of(t->by)), run_now(t->run), &why)) {
		run_gate(t->run);
		diag(DIAG_WARN, sink_place(out), "not approved: %s", why);
	}
	return write_record(t, out, e);
}

/* Without an option drafts are looked at, and none is sent. */
static int
check_open(struct run *r, void *self, struct err *e)
{
	(void)r;
	return sendrun_look_closely(&((struct reply *)self)->sending, e);
}

static enum stage_result
check_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct reply *t = self;
	int rc = 1;

	if (pipeline_read(&t->pipeline, t->record, line, e) != 0)
		return STAGE_REJECT;
	t->sending.preflight.folder = folder(out);
	if (draft_is(t->record))
		rc = sendrun_check(&t->sending, t->record, out, e);
	if (rc == 0)
		run_gate(t->run);
	return rc < 0 ? STAGE_FATAL : write_record(t, out, e);
}

static int
check_end(void *self, struct sink *out, struct err *e)
{
	(void)out, (void)e;
	pipeline_warn(&((struct reply *)self)->pipeline);
	return 0;
}

/* --send, --retry */
static int
send_open(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	return sendrun_open(
	    &t->sending, (enum on_ambiguous)t->on_ambiguous, run_sink(r), e);
}

static enum stage_result
send_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct reply *t = self;

	if (pipeline_read(&t->pipeline, t->record, line, e) != 0)
		return STAGE_REJECT;
	t->sending.preflight.folder = folder(out);
	return sendrun_add(&t->sending, t->record, e) != 0 ? STAGE_FATAL
							   : STAGE_OK;
}

static int
send_idle(void *self, struct sink *out, struct err *e)
{
	(void)out;
	return sendrun_drain(&((struct reply *)self)->sending, e);
}

static int
retry_go(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	(void)r;
	return sendrun_retry(&t->sending, t->retry, e);
}

/* The exit code: a person is needed, or another run. */
static int
retry_end(void *self, struct sink *out, struct err *e)
{
	struct reply *t = self;
	struct sendrun_end end = { 0 };

	(void)out;
	if (sendrun_finish(&t->sending, &end, e) != 0)
		return -1;
	if (end.person)
		run_gate(t->run);
	if (end.again)
		run_again(t->run);
	return 0;
}

static int
send_end(void *self, struct sink *out, struct err *e)
{
	struct reply *t = self;

	pipeline_warn(&t->pipeline);
	return sendrun_add_due(&t->sending, e) != 0 ? -1 : retry_end(t, out, e);
}

/* --status */
static int
status_go(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	if (sendrun_look(&t->sending, e) != 0)
		return -1;
	return status_write(
	    t->sending.preflight.outbox, t->json, run_sink(r), e);
}

static void
reply_close(void *self)
{
	struct reply *t = self;

	sendrun_release(&t->sending);
	drafting_free(t->drafting);
	template_free(t->template);
	transports_release(&t->transports);
	record_free(t->record);
}

static const struct mode modes[] = {
	{ .option = "retry",
	    .with = "send",
	    .open = send_open,
	    .go = retry_go,
	    .end = retry_end,
	    .ignore_sigpipe = true },
	{ .option = "draft",
	    .open = draft_open,
	    .line = draft_line,
	    .end = draft_end },
	{ .option = "send",
	    .open = send_open,
	    .line = send_line,
	    .idle = send_idle,
	    .end = send_end,
	    .ignore_sigpipe = true },
	{ .option = "approve", .line = approve_line, .end = check_end },
	{ .option = "status", .go = status_go },
	{ .open = check_open, .line = check_line, .end = check_end },
};

const struct tool tool = {
	.name = "reply",
	.about = "draft answers for those who wait; check drafts and send them",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct reply),
	.modes = modes,
	.defaults = reply_defaults,
	.open = reply_open,
	.close = reply_close,
};
