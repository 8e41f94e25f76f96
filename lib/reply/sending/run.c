#include "reply/sending/run.h"

#include "core/diag.h"
#include "reply/approve.h"
#include "reply/attach.h"
#include "reply/lastlook/lastlook.h"
#include "reply/sending/delivery.h"
#include "reply/status.h"

const char *const on_ambiguous_words[] = { "hold", "resend", "give-up", NULL };

/* To look only. */
static int
open_outbox(struct sendrun *s, struct err *e)
{
	const char *state = s->preflight.state;
	bool missing = false;

	if (state == NULL)
		return 0;
	s->preflight.outbox = outbox_open_read(state, &missing, e);
	if (missing)
		diag(DIAG_NOTE, state,
		    "no outbox is here yet; kith reply --send makes it");
	return s->preflight.outbox == NULL && !missing ? -1 : 0;
}

static int
open_people(struct sendrun *s, struct err *e)
{
	bool broken;

	s->preflight.people = lastlook_open(s->preflight.state, &broken, e);
	return broken ? -1 : 0;
}

int
sendrun_status(struct sendrun *s, bool json, struct sink *out, struct err *e)
{
	return open_outbox(s, e) < 0
		   ? -1
		   : status_write(s->preflight.outbox, json, out, e);
}

static int
settle_entry(struct sendrun *s, struct outbox_entry *entry,
    enum on_ambiguous what, struct arena *a, struct err *e)
{
	if (entry->state != OUTBOX_AMBIGUOUS)
		return 0;
	entry->state = OUTBOX_FAILED;
	entry->at = s->preflight.now;
	entry->next = what == AMBIGUOUS_RESEND ? entry->at : TIME_NONE;
	if (what != AMBIGUOUS_RESEND)
		entry->reason = ARENA_JOIN(a, STR("given up: "), entry->reason);
	return outbox_result(s->preflight.outbox, entry, e);
}

static int
settle_all(struct sendrun *s, enum on_ambiguous what, struct err *e)
{
	struct outbox *o = s->preflight.outbox;
	struct outbox_entry entry = { .number = 0 };
	struct arena a = { 0 };
	int rc = 0, more = 1;

	while (rc == 0 && more > 0) {
		arena_reset(&a);
		more = outbox_next(o, entry.number, &a, &entry, e);
		rc = more > 0 ? settle_entry(s, &entry, what, &a, e) : more;
	}
	arena_release(&a);
	return rc == 0 ? outbox_commit(o, e) : -1;
}

/* What a run before us did not finish, and what to do about it. */
static int
settle(struct sendrun *s, enum on_ambiguous what, struct err *e)
{
	int64_t cut_off;

	if (outbox_recover(s->preflight.outbox, &cut_off, e) < 0)
		return -1;
	if (cut_off > 0)
		diag(DIAG_WARN, NULL,
		    "%lld drafts were being sent when a run ended: whether "
		    "they arrived is not known",
		    (long long)cut_off);
	return what == AMBIGUOUS_HOLD ? 0 : settle_all(s, what, e);
}

void
sendrun_release(struct sendrun *s)
{
	sender_free(s->sender);
	outbox_close(s->preflight.outbox);
	store_close(s->preflight.people);
	request_release(&s->request);
	record_free(s->shown);
}

/* The programs of the transport run as they would: what they refuse is said
 * now.  1, 0 with the reason, -1. */
static int
would_build(struct sendrun *s, struct transport *t, const struct draft *d,
    struct record *draft, struct buf *reason, struct err *e)
{
	struct err why;

	/* What programs see is not what comes out. */
	if (transport_ready(t, e) < 0 ||
	    record_parse(s->shown, record_line(draft), e) < 0)
		return -1;
	if (request_build(
		&s->request, t, d, s->shown, s->preflight.now, &why) == 0)
		return 1;
	buf_reset(reason);
	buf_add_z(reason, why.msg);
	return 0;
}

static int
take_to_check(struct sendrun *s, struct record *draft, struct err *e)
{
	struct transport *t;
	struct buf reason;
	struct draft d;
	int64_t until;
	int rc;

	buf_init(&reason, 4096);
	draft_read(draft, &d);
	attach_find(&d, record_arena(draft), s->preflight.folder);
	attach_put(draft, &d);
	rc = preflight_check(&s->preflight, &d, &t, &reason, &until, e);
	if (rc == 1)
		rc = would_build(s, t, &d, draft, &reason, e);
	if (rc >= 0) {
		sink_sum(s->out, rc == 0 ? "refused" : "ready", 1);
		delivery_refuse(draft, &d, rc == 0 ? "refused" : "ready",
		    buf_str(&reason), s->preflight.now, until);
		if (delivery_emit(s->out, draft, e) < 0)
			rc = -1;
	}
	buf_release(&reason);
	return rc;
}

static int
take_to_approve(struct sendrun *s, struct record *draft, struct err *e)
{
	const struct preflight *p = &s->preflight;
	const char *why;
	int rc = approve(draft, p->workspace, p->folder,
	    str_trim(str_of(s->by)), p->now, &why);

	if (rc == 0)
		diag(DIAG_WARN, sink_place(s->out), "not approved: %s", why);
	return delivery_emit(s->out, draft, e) < 0 ? -1 : rc;
}

static int
take_to_send(struct sendrun *s, struct record *draft, struct err *e)
{
	return sender_add(s->sender, draft, e) < 0 ? -1 : 1;
}

int
sendrun_to_check(struct sendrun *s, struct sink *out, struct err *e)
{
	request_init(&s->request);
	s->shown = record_new();
	s->out = out;
	s->take = take_to_check;
	return open_outbox(s, e) < 0 ? -1 : open_people(s, e);
}

void
sendrun_to_approve(struct sendrun *s, const char *by, struct sink *out)
{
	s->out = out;
	s->by = by;
	s->take = take_to_approve;
}

int
sendrun_to_send(
    struct sendrun *s, enum on_ambiguous what, struct sink *out, struct err *e)
{
	s->out = out;
	s->take = take_to_send;
	s->preflight.outbox = outbox_open(s->preflight.state, e);
	if (s->preflight.outbox == NULL || settle(s, what, e) < 0 ||
	    open_people(s, e) < 0)
		return -1;
	s->sender = sender_new(&s->preflight, delivery_emit, out, e);
	return s->sender == NULL ? -1 : 0;
}

/* Of the file that the line in hand stands in, with its slash. */
static struct str
folder(struct sink *out)
{
	struct str place = str_of(sink_place(out));

	return str_sub(place, 0, (size_t)(str_rchr(place, '/') + 1));
}

int
sendrun_take(struct sendrun *s, struct record *r, struct err *e)
{
	int rc;

	s->preflight.folder = folder(s->out);
	if (draft_is(r))
		return s->take(s, r, e);
	rc = s->sender != NULL ? sender_pass(s->sender, r, e)
			       : delivery_emit(s->out, r, e);
	return rc < 0 ? -1 : 1;
}

static int
add_due(struct sendrun *s, struct err *e)
{
	int64_t due = 0;

	if (sender_add_due(s->sender, &due, e) < 0)
		return -1;
	for (; due > 0; due--)
		sink_count_in(s->out);
	return 0;
}

/* Does `want` mean the entry?  r and line are for its own use. */
static bool
is_meant(const struct outbox_entry *entry, struct str want, struct record *r,
    struct buf *line)
{
	struct err e;

	if (entry->state == OUTBOX_SENT)
		return false;
	if (str_is(want, "all-failed"))
		return entry->state == OUTBOX_FAILED ||
		       entry->state == OUTBOX_QUEUED;
	if (str_eq(want, entry->key))
		return true;
	buf_reset(line);
	buf_add_str(line, entry->record);
	return record_parse(r, buf_str(line), &e) == 0 &&
	       str_eq(want, record_str(r, "id"));
}

/* *found counts them. */
static int
retry(struct sendrun *s, struct str want, size_t *found, struct err *e)
{
	struct outbox_entry entry = { .number = 0 };
	struct record *r = record_new();
	struct arena a = { 0 };
	struct buf line;
	int rc;

	buf_init(&line, SIZE_MAX / 4);
	for (;;) {
		arena_reset(&a);
		rc = outbox_next(
		    s->preflight.outbox, entry.number, &a, &entry, e);
		if (rc <= 0)
			break;
		if (!is_meant(&entry, want, r, &line))
			continue;
		++*found;
		sink_count_in(s->out);
		rc = sender_add_entry(s->sender, entry.number, e);
		if (rc < 0)
			break;
	}
	buf_release(&line);
	arena_release(&a);
	record_free(r);
	return rc;
}

int
sendrun_retry(struct sendrun *s, const char *which, struct err *e)
{
	size_t found = 0;

	s->again = true;
	if (retry(s, str_of(which), &found, e) < 0)
		return -1;
	if (found > 0 || str_is(str_of(which), "all-failed"))
		return 0;
	return err_set(e,
	    "%s: no such draft in the outbox that is not sent yet; --status "
	    "lists them",
	    which);
}

int
sendrun_drain(struct sendrun *s, struct err *e)
{
	return sender_drain(s->sender, e);
}

int
sendrun_finish(struct sendrun *s, struct sendrun_end *end, struct err *e)
{
	const struct sender_sums *sums;
	int64_t left;

	if (s->sender == NULL)
		return 0;
	if ((!s->again && add_due(s, e) < 0) || sender_drain(s->sender, e) < 0)
		return -1;
	sums = sender_sums(s->sender);
	sink_sum(s->out, "sent", sums->sent);
	sink_sum(s->out, "failed", sums->failed);
	sink_sum(s->out, "again", sums->again);
	sink_sum(s->out, "ambiguous", sums->ambiguous);
	sink_sum(s->out, "refused", sums->refused);
	sink_sum(s->out, "sent before", sums->known);
	end->person = sums->failed + sums->ambiguous + sums->refused > 0;
	if (outbox_left(s->preflight.outbox, &left, e) < 0)
		return -1;
	end->again = left > 0;
	if (end->again)
		diag(DIAG_NOTE, NULL,
		    "%lld left to try again: run 'kith reply --send' later",
		    (long long)left);
	return 0;
}
