/*
 * What a sender takes in: what is new, what is known from an earlier run, and
 * what the preflight refuses.
 */
#include "reply/attach.h"
#include "reply/sending/delivery.h"
#include "reply/sending/sending.h"

/*
 * Room for one more; where there is none, for many, so that they are taken in
 * by one commit: their keys stand all over the outbox's index.
 */
static int
make_room(struct sender *s, struct err *e)
{
	size_t queue = SEND_QUEUE;

	while (
	    s->queued >= queue || s->slot_end - s->slot_first >= SEND_WINDOW) {
		if (sender_pump(s, 1000, e) < 0)
			return -1;
		queue = SEND_QUEUE / 2;
	}
	return 0;
}

static uint64_t
new_slot(struct sender *s, int64_t number, bool done)
{
	struct slot *slot = sender_slot(s, s->slot_end);

	slot->number = number;
	slot->done = done;
	slot->known = false;
	slot->round = 0;
	buf_reset(&slot->line);
	return s->slot_end++;
}

/* A record that comes out as it is. */
static int
pass(struct sender *s, struct record *r, struct err *e)
{
	uint64_t slot = new_slot(s, 0, true);

	if (record_write(r, &sender_slot(s, slot)->line, e) < 0)
		return -1;
	/* Nothing before it: it need not wait. */
	return s->slot_first == slot ? sender_emit_ready(s, e) : 0;
}

int
sender_pass(struct sender *s, struct record *r, struct err *e)
{
	return make_room(s, e) < 0 ? -1 : pass(s, r, e);
}

static int
refuse(struct sender *s, struct record *r, const struct draft *d, int64_t until,
    struct err *e)
{
	s->sums.refused++;
	delivery_refuse(r, d, "refused", buf_str(&s->reason), s->p->now, until);
	return pass(s, r, e);
}

static int
enqueue(struct sender *s, struct transport *t, int64_t number,
    const struct draft *d, struct record *r, struct err *e)
{
	struct queued w = { .number = number,
		.slot = new_slot(s, number, false),
		.recipient = sender_recipient(s, t, d, r) };

	s->keeps |= d->file_count > 0;
	if (t->mx)
		exchange_prepare(s->dns, t, d);
	queue_push(&sender_lane(s, t)->queue, w);
	s->queued++;
	return transport_ready(t, e);
}

static int
known(struct sender *s, int64_t number)
{
	sender_slot(s, new_slot(s, number, true))->known = true;
	return 0;
}

/* Is an entry from before to be tried (again) in this run? */
static bool
wants_try(const struct sender *s, const struct outbox_entry *old,
    const struct transport *t, bool changed)
{
	switch (old->state) {
	case OUTBOX_QUEUED:
		return !sender_in_hand(s, old->number);
	case OUTBOX_FAILED:
		if (sender_in_hand(s, old->number))
			return false;
		return old->next == TIME_NONE ? changed
					      : old->next <= s->p->now;
	case OUTBOX_AMBIGUOUS:
		return t != NULL && t->idempotency != IDEMPOTENCY_NONE &&
		       (t->idempotent_for == 0 ||
			   s->p->now - old->first <= t->idempotent_for);
	default:
		return false;
	}
}

/* Will it be tried later?  An edit that comes meanwhile must not be lost. */
static bool
waits(const struct sender *s, const struct outbox_entry *old)
{
	return old->state == OUTBOX_FAILED && old->next != TIME_NONE &&
	       !sender_in_hand(s, old->number);
}

/* May the entry's words be at the other side, or on their way there? */
static bool
may_have_left(const struct sender *s, const struct outbox_entry *old)
{
	return (old->state != OUTBOX_QUEUED && old->state != OUTBOX_FAILED) ||
	       sender_in_hand(s, old->number);
}

/* 1 where the entry stands for other words than this draft. */
static int
other_words(struct sender *s, const struct outbox_entry *old,
    const struct draft *d, struct err *e)
{
	struct draft was;

	buf_reset(&s->line);
	buf_add_str(&s->line, old->record);
	if (record_parse(s->record, buf_str(&s->line), e) < 0)
		return -1;
	draft_read(s->record, &was);
	return strcmp(was.content, d->content) != 0;
}

/* d cannot be what stands under its key, or cannot be compared with it. */
static int
refuse_other_words(struct sender *s, struct record *r, const struct draft *d,
    const struct outbox_entry *old, struct err *e)
{
	char at[TIME_SIZE];

	time_format(old->at - old->at % TIME_SECOND, at);
	buf_reset(&s->reason);
	buf_printf(&s->reason,
	    d->fault != NULL
		? "%s; what stands under the same reply.idempotencyKey since "
		  "%s (%s) cannot be compared with it"
		: "%sanother text, recipient or attachment stands under the "
		  "same reply.idempotencyKey since %s (%s): look at that one "
		  "first",
	    d->fault != NULL ? d->fault : "", at, outbox_words[old->state]);
	return refuse(s, r, d, TIME_NONE, e);
}

static int
add_known(struct sender *s, struct record *r, const struct draft *d,
    struct outbox_entry *fresh, const struct outbox_entry *old, struct err *e)
{
	bool changed = !str_eq(old->record, fresh->record);
	struct transport *t = transports_find(
	    s->p->transports, d->channel, d->account, d->service);
	bool now = wants_try(s, old, t, changed);
	int64_t until;
	int rc = 0;

	if (changed && may_have_left(s, old))
		rc = d->fault != NULL ? 1 : other_words(s, old, d, e);
	if (rc != 0)
		return rc < 0 ? -1 : refuse_other_words(s, r, d, old, e);
	if (!now && !(changed && waits(s, old)))
		return known(s, old->number);
	rc = preflight_check(s->p, d, &t, &s->reason, &until, e);
	if (rc <= 0)
		return rc < 0 ? -1 : refuse(s, r, d, until, e);
	fresh->number = old->number;
	/* What may be there already must stay what it was. */
	if (changed && old->state != OUTBOX_AMBIGUOUS &&
	    (attach_keep(d, s->p->state, e) < 0 ||
		outbox_replace(s->p->outbox, fresh, e) < 0))
		return -1;
	if (!now)
		return known(s, old->number);
	return enqueue(s, t, old->number, d, r, e);
}

int
sender_add(struct sender *s, struct record *r, struct err *e)
{
	struct outbox_entry fresh, old;
	struct transport *t;
	struct draft d;
	int64_t number, until = TIME_NONE;
	int rc;

	if (make_room(s, e) < 0)
		return -1;
	draft_read(r, &d);
	arena_reset(&s->arena);
	attach_find(&d, record_arena(r), s->p->folder);
	attach_put(r, &d);
	buf_reset(&s->fresh);
	if (d.file_count > 0 && record_write(r, &s->fresh, e) < 0)
		return -1;
	fresh = (struct outbox_entry){
		.key = d.key,
		.channel = d.channel,
		.recipient = d.recipient,
		.conversation = d.conversation,
		.answers = d.answers,
		.subject = d.subject,
		.automatic = d.automatic,
		.record =
		    d.file_count > 0 ? buf_str(&s->fresh) : record_line(r),
		.at = s->p->now,
	};
	rc = outbox_get(s->p->outbox, d.key, &s->arena, &old, e);
	if (rc > 0)
		return add_known(s, r, &d, &fresh, &old, e);
	if (rc == 0)
		rc = preflight_check(s->p, &d, &t, &s->reason, &until, e);
	if (rc <= 0)
		return rc < 0 ? -1 : refuse(s, r, &d, until, e);
	if (attach_keep(&d, s->p->state, e) < 0 ||
	    outbox_add(s->p->outbox, &fresh, &number, e) < 0)
		return -1;
	return enqueue(s, t, number, &d, r, e);
}

int
sender_add_entry(struct sender *s, int64_t number, struct err *e)
{
	struct outbox_entry entry;
	struct transport *t;
	struct draft d;
	int64_t until;
	int rc;

	if (make_room(s, e) < 0 || sender_load(s, number, &entry, e) < 0)
		return -1;
	draft_read(s->record, &d);
	attach_find_kept(&d, record_arena(s->record), s->p->state);
	rc = preflight_check(s->p, &d, &t, &s->reason, &until, e);
	if (rc < 0)
		return -1;
	if (rc > 0)
		return enqueue(s, t, number, &d, s->record, e);
	return sender_settle_failed(s, &entry, new_slot(s, number, false),
	    buf_cstr(&s->reason), until, e);
}

int
sender_add_due(struct sender *s, int64_t *added, struct err *e)
{
	struct outbox_entry entry = { .number = 0 };
	int rc;

	*added = 0;
	for (;;) {
		arena_reset(&s->arena);
		rc = outbox_due(s->p->outbox, entry.number, s->p->now,
		    &s->arena, &entry, e);
		if (rc <= 0)
			return rc;
		if (sender_in_hand(s, entry.number))
			continue;
		if (sender_add_entry(s, entry.number, e) < 0)
			return -1;
		++*added;
	}
}
