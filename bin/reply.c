/*
 * kith-reply: drafts, a check before they leave, sending through an outbox.
 */
#include "driver/driver.h"
#include "record/pipeline.h"
#include "reply/drafting/drafting.h"
#include "reply/sending/run.h"

struct reply {
	const char *draft, *retry, *by;
	struct opt_list files;
	bool send, status, json, approve;
	int on_ambiguous;
	int64_t max_age, silent;
	struct transports transports;
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
	    "with --draft: none for older ones (default 7d where automatic)" },
	{ 0, "silent", OPT_DURATION, offsetof(struct reply, silent), "DURATION",
	    "with --draft: reminders to who never came back for so long" },
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
	    "WHAT", "what becomes of unknown outcomes (default hold)", 0, 0,
	    on_ambiguous_words },
	{ 0 },
};

static void
reply_defaults(void *self)
{
	((struct reply *)self)->max_age = -1;
	((struct reply *)self)->silent = -1;
}

static int
check_options(struct run *r, struct reply *t, struct err *e)
{
	if (t->approve != (t->by != NULL) ||
	    (t->by != NULL && str_trim(str_of(t->by)).n == 0))
		return err_set(e, "--approve and --by NAME belong together");
	if ((t->max_age >= 0 || t->silent >= 0) && t->draft == NULL)
		return err_set(e, "--max-age and --silent go with --draft");
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
	pipeline_init(
	    &t->pipeline, t->draft != NULL ? "conversation" : "reply", c);
	t->sending.preflight = (struct preflight){ .workspace = c,
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

/* --draft */
static int
draft_open(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	t->drafting = drafting_open(t->draft, run_workspace(r), &t->transports,
	    run_now(r), t->max_age, t->silent, e);
	return t->drafting == NULL ? -1 : 0;
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

/* --send, --retry */
static int
send_open(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	return sendrun_to_send(
	    &t->sending, (enum on_ambiguous)t->on_ambiguous, run_sink(r), e);
}

static int
retry_go(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	return (void)r, sendrun_retry(&t->sending, t->retry, e);
}

/* --approve */
static int
approve_open(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	(void)e;
	sendrun_to_approve(&t->sending, t->by, run_sink(r));
	return 0;
}

/* Without an option drafts are looked at, and none is sent. */
static int
check_open(struct run *r, void *self, struct err *e)
{
	return sendrun_to_check(
	    &((struct reply *)self)->sending, run_sink(r), e);
}

/* A draft is sent, approved or looked at; a 0 means that a person is needed. */
static enum stage_result
drafts_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct reply *t = self;
	int rc;

	(void)out;
	if (pipeline_read(&t->pipeline, t->record, line, e) != 0)
		return STAGE_REJECT;
	rc = sendrun_take(&t->sending, t->record, e);
	if (rc == 0)
		run_gate(t->run);
	return rc < 0 ? STAGE_FATAL : STAGE_OK;
}

static int
drafts_idle(void *self, struct sink *out, struct err *e)
{
	(void)out;
	return sendrun_drain(&((struct reply *)self)->sending, e);
}

/* The exit code: a person is needed, or another run. */
static int
drafts_end(void *self, struct sink *out, struct err *e)
{
	struct reply *t = self;
	struct sendrun_end end = { 0 };

	(void)out;
	pipeline_warn(&t->pipeline);
	if (sendrun_finish(&t->sending, &end, e) != 0)
		return -1;
	if (end.person)
		run_gate(t->run);
	if (end.again)
		run_again(t->run);
	return 0;
}

static int
status_go(struct run *r, void *self, struct err *e)
{
	struct reply *t = self;

	return sendrun_status(&t->sending, t->json, run_sink(r), e);
}

static void
reply_close(void *self)
{
	struct reply *t = self;

	pipeline_release(&t->pipeline);
	sendrun_release(&t->sending);
	drafting_free(t->drafting);
	transports_release(&t->transports);
	record_free(t->record);
}

static const struct mode modes[] = {
	{ "retry", .with = "send", .open = send_open, .go = retry_go,
	    .end = drafts_end, .ignore_sigpipe = true, .network = true },
	{ "draft", .open = draft_open, .line = draft_line, .end = draft_end },
	{ "send", .open = send_open, .line = drafts_line, .idle = drafts_idle,
	    .end = drafts_end, .ignore_sigpipe = true, .network = true,
	    .beside = true },
	{ "approve", .open = approve_open, .line = drafts_line,
	    .end = drafts_end, .beside = true },
	{ "status", .go = status_go },
	{ NULL, .open = check_open, .line = drafts_line, .end = drafts_end,
	    .beside = true },
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
