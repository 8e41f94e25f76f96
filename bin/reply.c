/*
 * kith-reply: drafts for those who wait, a check of drafts before they
 * leave, and their sending through a durable outbox.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/terminal.h"
#include "driver/driver.h"
#include "record/pipeline.h"
#include "reply/approve.h"
#include "reply/attach.h"
#include "reply/delivery.h"
#include "reply/drafting.h"
#include "reply/lastlook.h"
#include "reply/request.h"
#include "reply/send.h"

enum on_ambiguous { HOLD, RESEND, GIVE_UP };
static const char *const on_ambiguous_words[] = { "hold", "resend", "give-up",
	NULL };

struct reply {
	/* options */
	const char *draft, *retry, *by;
	struct opt_list files;
	bool send, status, json, approve;
	int on_ambiguous;
	/* work */
	struct transports transports;
	struct template *template;
	struct drafting *drafting;
	struct preflight preflight;
	struct request request; /* that a check builds, and nobody sends */
	struct outbox *outbox;
	struct store *people;
	struct sender *sender;
	struct record *record;
	struct pipeline pipeline;
	struct run *run;
	struct buf reason;
	struct arena arena;
};

static const struct opt opts[] = {
	{ 'd', "draft", OPT_TEXT, offsetof(struct reply, draft), "TEMPLATE",
	    "write a draft for each conversation that waits", 0, 0, NULL },
	{ 0, "approve", OPT_FLAG, offsetof(struct reply, approve), NULL,
	    "approve the drafts, as their words are now", 0, 0, NULL },
	{ 0, "by", OPT_TEXT, offsetof(struct reply, by), "NAME",
	    "with --approve: who does", 0, 0, NULL },
	{ 0, "send", OPT_FLAG, offsetof(struct reply, send), NULL,
	    "send the drafts, through the outbox in the state's folder", 0, 0,
	    NULL },
	{ 't', "transport", OPT_LIST, offsetof(struct reply, files), "FILE",
	    "a transport file, before the workspace's", 0, 0, NULL },
	{ 0, "status", OPT_FLAG, offsetof(struct reply, status), NULL,
	    "show the outbox", 0, 0, NULL },
	{ 0, "json", OPT_FLAG, offsetof(struct reply, json), NULL,
	    "with --status: deliveries as JSON lines", 0, 0, NULL },
	{ 0, "retry", OPT_TEXT, offsetof(struct reply, retry), "ID",
	    "with --send: a held or failed draft again, or all-failed", 0, 0,
	    NULL },
	{ 0, "on-ambiguous", OPT_CHOICE, offsetof(struct reply, on_ambiguous),
	    "WHAT",
	    "what becomes of attempts with unknown outcome (default hold)", 0,
	    0, on_ambiguous_words },
	{ 0 },
};

/* The folder of what comes with kith: PREFIX/share/kith beside PREFIX/bin. */
static const char *
share(struct arena *a, const char *what)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	struct str s = str_make(path, n < 0 ? 0 : (size_t)n);

	if (n <= 0 || n == (ssize_t)sizeof(path))
		return NULL;
	for (int i = 0; i < 2; i++)
		s = str_sub(s, 0,
		    (size_t)(str_rchr(s, '/') + 1) - (str_rchr(s, '/') >= 0));
	return arena_printf(a, "%.*s/share/kith/%s", STR_ARG(s), what).p;
}

static int
open_transports(struct run *r, struct reply *self, struct err *e)
{
	const struct config *c = run_config(r);
	bool secrets = self->send || self->retry != NULL;

	for (size_t i = 0; i < self->files.n; i++)
		if (transports_add(
			&self->transports, self->files.v[i], secrets, e) < 0)
			return -1;
	if (c->transports != NULL && transports_add_folder(&self->transports,
					 c->transports, secrets, e) < 0)
		return -1;
	return transports_check(&self->transports, e);
}

static int
check_options(struct run *r, struct reply *self, struct err *e)
{
	if (self->approve != (self->by != NULL) ||
	    (self->by != NULL && str_trim(str_of(self->by)).n == 0))
		return err_set(e, "--approve and --by NAME belong together");
	if (self->json && !self->status)
		return err_set(e, "--json goes with --status");
	if ((self->send || self->status || self->retry != NULL) &&
	    run_state(r) == NULL)
		return err_set(e, "the outbox needs a folder for the state: "
				  "-S DIR");
	return 0;
}

static int
emit(void *arg, struct record *delivery, struct err *e)
{
	struct sink *out = arg;

	if (record_write(delivery, sink_out(out), e) < 0)
		return -1;
	return sink_commit(out, e);
}

/* What a run before us did not finish, and what to do about it. */
static int
settle_ambiguous(struct run *r, struct reply *self, struct err *e)
{
	struct outbox_entry entry = { .number = 0 };
	int64_t cut_off;
	int rc;

	if (outbox_recover(self->outbox, &cut_off, e) < 0)
		return -1;
	if (cut_off > 0)
		diag(DIAG_WARN, NULL,
		    "%lld drafts were being sent when a run ended: whether "
		    "they arrived is not known",
		    (long long)cut_off);
	if (self->on_ambiguous == HOLD)
		return 0;
	for (;;) {
		arena_reset(&self->arena);
		rc = outbox_next(
		    self->outbox, entry.number, &self->arena, &entry, e);
		if (rc <= 0)
			return rc < 0 ? -1 : outbox_commit(self->outbox, e);
		if (entry.state != OUTBOX_AMBIGUOUS)
			continue;
		entry.state = OUTBOX_FAILED;
		entry.at = run_now(r);
		if (self->on_ambiguous == RESEND) {
			entry.next = entry.at;
		} else {
			entry.next = TIME_NONE;
			entry.reason = arena_printf(&self->arena,
			    "given up: %.*s", STR_ARG(entry.reason));
		}
		if (outbox_result(self->outbox, &entry, e) < 0)
			return -1;
	}
}

static int
open_outbox(struct run *r, struct reply *self, bool write, struct err *e)
{
	bool missing = false;

	if (!write) {
		self->outbox = outbox_open_read(run_state(r), &missing, e);
		if (missing)
			diag(DIAG_NOTE, run_state(r),
			    "no outbox is here yet; kith reply --send makes "
			    "it");
		return self->outbox == NULL && !missing ? -1 : 0;
	}
	self->outbox = outbox_open(run_state(r), e);
	if (self->outbox == NULL || settle_ambiguous(r, self, e) < 0)
		return -1;
	return 0;
}

static int
reply_open(struct run *r, void *arg, struct err *e)
{
	struct reply *self = arg;

	self->run = r;
	buf_init(&self->reason, 4096);
	self->record = record_new();
	self->pipeline.needs = self->draft != NULL ? "conversation" : "reply";
	if (check_options(r, self, e) < 0)
		return -1;
	return self->status ? 0 : open_transports(r, self, e);
}

static int
draft_open(struct run *r, void *arg, struct err *e)
{
	struct reply *self = arg;

	self->template = template_open(
	    self->draft, run_config(r), share(&self->arena, "templates"), e);
	if (self->template == NULL)
		return -1;
	self->drafting =
	    drafting_new(self->template, run_config(r), &self->transports);
	return 0;
}

static int
status_open(struct run *r, void *arg, struct err *e)
{
	return open_outbox(r, arg, false, e);
}

static int
set_preflight(struct run *r, struct reply *self, struct err *e)
{
	bool broken;

	self->people = lastlook_open(run_state(r), &broken, e);
	self->preflight = (struct preflight){ .config = run_config(r),
		.transports = &self->transports,
		.outbox = self->outbox,
		.people = self->people,
		.state = run_state(r),
		.now = run_now(r) };
	return broken ? -1 : 0;
}

static int
check_open(struct run *r, void *arg, struct err *e)
{
	struct reply *self = arg;

	request_init(&self->request);
	if (run_state(r) != NULL && open_outbox(r, arg, false, e) < 0)
		return -1;
	return set_preflight(r, arg, e);
}

static int
send_open(struct run *r, void *arg, struct err *e)
{
	struct reply *self = arg;

	if (open_outbox(r, self, true, e) < 0)
		return -1;
	if (set_preflight(r, self, e) < 0)
		return -1;
	self->sender = sender_new(&self->preflight, emit, run_sink(r), e);
	return self->sender == NULL ? -1 : 0;
}

/* The programs of the transport run as they would: what they refuse is said
 * now.  1, 0 with the reason, -1. */
static int
would_build(struct reply *self, struct transport *t, const struct draft *d,
    struct err *e)
{
	struct err why;

	if (transport_ready(t, e) < 0)
		return -1;
	if (request_build(&self->request, t, d, self->record,
		self->preflight.now, &why) == 0)
		return 1;
	buf_reset(&self->reason);
	buf_add_z(&self->reason, why.msg);
	return 0;
}

/* A draft looked at, and nothing sent. */
static enum stage_result
check_draft(struct reply *self, struct sink *out, struct err *e)
{
	struct transport *t;
	struct draft d;
	int64_t until;
	int rc;

	draft_read(self->record, &d);
	attach_find(&d, record_arena(self->record), self->preflight.folder);
	attach_put(self->record, &d);
	rc =
	    preflight_check(&self->preflight, &d, &t, &self->reason, &until, e);
	if (rc == 1)
		rc = would_build(self, t, &d, e);
	if (rc < 0)
		return STAGE_FATAL;
	if (rc == 0)
		run_gate(self->run);
	sink_sum(out, rc == 0 ? "refused" : "ready", 1);
	delivery_refuse(self->record, &d, rc == 0 ? "refused" : "ready",
	    buf_str(&self->reason), run_now(self->run), until);
	return emit(out, self->record, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

static int
take(struct reply *self, struct str line, struct err *e)
{
	return record_parse(self->record, line, e) < 0 ||
		       pipeline_see(&self->pipeline, self->record, e) != 0
		   ? -1
		   : 0;
}

/* Of the file that the line in hand stands in, with its slash. */
static struct str
folder(struct sink *out)
{
	struct str place = str_of(sink_place(out));

	return str_sub(place, 0, (size_t)(str_rchr(place, '/') + 1));
}

static enum stage_result
approve_line(void *arg, struct sink *out, struct str line, struct err *e)
{
	struct reply *self = arg;
	const char *why;

	if (take(self, line, e) < 0)
		return STAGE_REJECT;
	if (draft_is(self->record) &&
	    !approve(self->record, run_config(self->run), folder(out),
		str_trim(str_of(self->by)), run_now(self->run), &why)) {
		run_gate(self->run);
		diag(DIAG_WARN, sink_place(out), "not approved: %s", why);
	}
	return emit(out, self->record, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
check_line(void *arg, struct sink *out, struct str line, struct err *e)
{
	struct reply *self = arg;

	if (take(self, line, e) < 0)
		return STAGE_REJECT;
	self->preflight.folder = folder(out);
	if (draft_is(self->record))
		return check_draft(self, out, e);
	return emit(out, self->record, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
draft_line(void *arg, struct sink *out, struct str line, struct err *e)
{
	struct reply *self = arg;

	(void)out;
	if (take(self, line, e) < 0)
		return STAGE_REJECT;
	drafting_add(self->drafting, self->record);
	return STAGE_OK;
}

static enum stage_result
send_line(void *arg, struct sink *out, struct str line, struct err *e)
{
	struct reply *self = arg;
	int rc;

	if (take(self, line, e) < 0)
		return STAGE_REJECT;
	self->preflight.folder = folder(out);
	rc = draft_is(self->record)
		 ? sender_add(self->sender, self->record, e)
		 : sender_pass(self->sender, self->record, e);
	return rc < 0 ? STAGE_FATAL : STAGE_OK;
}

static int
send_idle(void *arg, struct sink *out, struct err *e)
{
	struct reply *self = arg;

	(void)out;
	return sender_drain(self->sender, e);
}

static void
warn_without_drafts(struct reply *self)
{
	if (pipeline_lacks(&self->pipeline))
		diag(DIAG_WARN, NULL, "%s",
		    self->draft != NULL
			? "no record has a conversation: run them through "
			  "kith identify and kith merge first"
			: "no line is a draft: kith reply --draft TEMPLATE "
			  "makes them");
}

static int
check_end(void *arg, struct sink *out, struct err *e)
{
	(void)out, (void)e;
	warn_without_drafts(arg);
	return 0;
}

static int
draft_end(void *arg, struct sink *out, struct err *e)
{
	struct reply *self = arg;
	size_t n = drafting_finish(self->drafting);
	struct err why;

	warn_without_drafts(self);
	for (size_t i = 0; i < n; i++) {
		struct str request = drafting_request(self->drafting, i);

		if (drafting_write(self->drafting, i, sink_out(out), &why) <
		    0) {
			sink_rollback(out);
			if (sink_reject(
				out, STR(""), request, why.msg, STR(""), e) < 0)
				return -1;
		} else if (sink_commit(out, e) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The exit code: a person is needed, or another run. */
static int
finish_sending(struct reply *self, struct sink *out, struct err *e)
{
	const struct sender_sums *sums = sender_sums(self->sender);
	int64_t left;

	sink_sum(out, "sent", sums->sent);
	sink_sum(out, "failed", sums->failed);
	sink_sum(out, "again", sums->again);
	sink_sum(out, "ambiguous", sums->ambiguous);
	sink_sum(out, "refused", sums->refused);
	sink_sum(out, "sent before", sums->known);
	if (sums->failed + sums->ambiguous + sums->refused > 0)
		run_gate(self->run);
	if (outbox_left(self->outbox, &left, e) < 0)
		return -1;
	if (left > 0) {
		diag(DIAG_NOTE, NULL,
		    "%lld left to try again: run 'kith reply --send' later",
		    (long long)left);
		run_again(self->run);
	}
	return 0;
}

static int
retry_end(void *arg, struct sink *out, struct err *e)
{
	struct reply *self = arg;

	if (sender_drain(self->sender, e) < 0)
		return -1;
	return finish_sending(self, out, e);
}

static int
send_end(void *arg, struct sink *out, struct err *e)
{
	struct reply *self = arg;
	int64_t due = 0;

	warn_without_drafts(self);
	if (sender_add_due(self->sender, &due, e) < 0)
		return -1;
	for (; due > 0; due--)
		sink_count_in(out);
	return retry_end(self, out, e);
}

/* Which entries --retry means. */
static bool
is_meant(struct reply *self, const struct outbox_entry *entry)
{
	struct str want = str_of(self->retry);
	struct err e;

	if (entry->state == OUTBOX_SENT)
		return false;
	if (str_is(want, "all-failed"))
		return entry->state == OUTBOX_FAILED ||
		       entry->state == OUTBOX_QUEUED;
	if (str_eq(want, entry->key))
		return true;
	buf_reset(&self->reason);
	buf_add_str(&self->reason, entry->record);
	return record_parse(self->record, buf_str(&self->reason), &e) == 0 &&
	       str_eq(want, record_str(self->record, "id"));
}

static int
retry_go(struct run *r, void *arg, struct err *e)
{
	struct reply *self = arg;
	struct outbox_entry entry = { .number = 0 };
	size_t found = 0;
	int rc;

	self->reason.max = SIZE_MAX / 4;
	for (;;) {
		arena_reset(&self->arena);
		rc = outbox_next(
		    self->outbox, entry.number, &self->arena, &entry, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			break;
		if (!is_meant(self, &entry))
			continue;
		found++;
		sink_count_in(run_sink(r));
		if (sender_add_entry(self->sender, entry.number, e) < 0)
			return -1;
	}
	if (found > 0 || str_is(str_of(self->retry), "all-failed"))
		return 0;
	return err_set(e,
	    "%s: no such draft in the outbox that is not sent yet; --status "
	    "lists them",
	    self->retry);
}

static void
status_line(struct buf *out, const struct outbox_entry *entry)
{
	char at[TIME_SIZE], next[TIME_SIZE] = "";

	time_format(entry->at - entry->at % TIME_SECOND, at);
	buf_printf(out, "%-10s  %-20s  %5lld  %-8.*s  ",
	    outbox_words[entry->state], at, (long long)entry->attempts,
	    STR_ARG(entry->channel));
	plain_line(out, entry->recipient);
	buf_add_z(out, "  ");
	plain_line(out, entry->key);
	if (entry->state != OUTBOX_SENT && entry->reason.n > 0) {
		buf_add_z(out, "  ");
		plain_line(out, entry->reason);
	}
	if (entry->state == OUTBOX_FAILED && entry->next != TIME_NONE) {
		time_format(entry->next - entry->next % TIME_SECOND, next);
		buf_printf(out, "; again %s", next);
	}
	buf_add_char(out, '\n');
}

static int
show(struct reply *self, struct sink *out, const struct outbox_entry *entry,
    struct err *e)
{
	if (!self->json) {
		status_line(sink_out(out), entry);
		return sink_commit_text(out, e);
	}
	buf_reset(&self->reason);
	buf_add_str(&self->reason, entry->record);
	if (record_parse(self->record, buf_str(&self->reason), e) < 0)
		return -1;
	delivery_put(self->record, entry, STR_NONE, STR_NONE);
	return emit(out, self->record, e);
}

static int
status_go(struct run *r, void *arg, struct err *e)
{
	struct reply *self = arg;
	struct outbox_entry entry = { .number = 0 };
	struct sink *out = run_sink(r);
	int rc;

	self->reason.max = SIZE_MAX / 4;
	if (!self->json) {
		buf_printf(sink_out(out), "%-10s  %-20s  %5s  %-8s  %s\n",
		    "STATE", "SINCE", "TRIES", "CHANNEL", "TO, KEY, REASON");
		if (sink_commit_text(out, e) < 0)
			return -1;
	}
	for (;;) {
		arena_reset(&self->arena);
		rc = self->outbox == NULL
			 ? 0
			 : outbox_next(self->outbox, entry.number, &self->arena,
			       &entry, e);
		if (rc <= 0)
			return rc;
		if (show(self, out, &entry, e) < 0)
			return -1;
	}
}

static void
reply_close(void *arg)
{
	struct reply *self = arg;

	sender_free(self->sender);
	outbox_close(self->outbox);
	store_close(self->people);
	request_release(&self->request);
	drafting_free(self->drafting);
	template_free(self->template);
	transports_release(&self->transports);
	record_free(self->record);
	buf_release(&self->reason);
	arena_release(&self->arena);
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
	{ .option = "status", .open = status_open, .go = status_go },
	{ .open = check_open, .line = check_line, .end = check_end },
};

const struct tool tool = {
	.name = "reply",
	.about = "draft answers for those who wait; check drafts and send them",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct reply),
	.modes = modes,
	.open = reply_open,
	.close = reply_close,
};
