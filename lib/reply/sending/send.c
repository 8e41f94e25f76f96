#include "reply/sending/sending.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "reply/attach.h"
#include "reply/sending/delivery.h"

static bool
any_by_mx(const struct transports *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i]->mx)
			return true;
	return false;
}

struct sender *
sender_new(const struct preflight *p,
    int (*emit)(void *, struct record *, struct err *), void *arg,
    struct err *e)
{
	int kept = attach_any_kept(p->state, e);
	struct net *net = kept < 0 ? NULL : net_new(e);
	struct dns *dns = NULL;
	struct sender *s;

	if (net == NULL)
		return NULL;
	if (any_by_mx(p->transports) && (dns = dns_open(p->workspace->resolver,
					     p->state, p->now, e)) == NULL) {
		net_free(net);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->dns = dns;
	s->p = p;
	s->emit = emit;
	s->arg = arg;
	s->net = net;
	s->round = 1;
	s->marked_end = &s->marked;
	s->keeps = kept > 0;
	s->record = record_new();
	s->slots = xcalloc(SEND_WINDOW, sizeof(*s->slots));
	for (size_t i = 0; i < SEND_WINDOW; i++)
		buf_init(&s->slots[i].line, SIZE_MAX / 4);
	buf_init(&s->line, SIZE_MAX / 4);
	buf_init(&s->fresh, SIZE_MAX / 4);
	buf_init(&s->reason, 4096);
	buf_init(&s->recipient, 65536);
	for (size_t i = 0; i < p->transports->n; i++) {
		s->lanes[i].t = p->transports->v[i];
		if (s->lanes[i].t->recipient_pace > 0)
			s->lanes[i].free_at =
			    xcalloc(SEND_RECIPIENTS, sizeof(int64_t));
	}
	return s;
}

static void
attempts_free(struct attempt *list)
{
	struct attempt *next;

	for (; list != NULL; list = next) {
		next = list->next;
		request_release(&list->request);
		free(list);
	}
}

void
sender_free(struct sender *s)
{
	struct net_job *j;
	struct err e;

	if (s == NULL)
		return;
	while ((j = net_next(s->net)) != NULL) {
		struct attempt *attempt = j->arg;

		attempt->next = s->idle;
		s->idle = attempt;
	}
	while ((j = net_abandon(s->net)) != NULL) {
		struct attempt *attempt = j->arg;

		attempt->next = s->idle;
		s->idle = attempt;
	}
	net_free(s->net);
	/* It is a cache: what is not kept is asked for again. */
	(void)dns_close(s->dns, &e);
	attempts_free(s->idle);
	attempts_free(s->marked);
	for (size_t i = 0; i < TRANSPORT_MAX; i++) {
		free(s->lanes[i].queue.v);
		free(s->lanes[i].reserve.v);
		free(s->lanes[i].free_at);
	}
	for (size_t i = 0; i < SEND_WINDOW; i++)
		buf_release(&s->slots[i].line);
	free(s->slots);
	record_free(s->record);
	buf_release(&s->line);
	buf_release(&s->fresh);
	buf_release(&s->reason);
	buf_release(&s->recipient);
	arena_release(&s->arena);
	free(s);
}

const struct sender_sums *
sender_sums(const struct sender *s)
{
	return &s->sums;
}

struct slot *
sender_slot(struct sender *s, uint64_t i)
{
	return &s->slots[i % SEND_WINDOW];
}

struct lane *
sender_lane(struct sender *s, const struct transport *t)
{
	struct lane *l = s->lanes;

	while (l->t != t)
		l++;
	return l;
}

uint64_t
sender_recipient(struct sender *s, const struct transport *t,
    const struct draft *d, struct record *r)
{
	struct str who = d->recipient;
	struct err e;

	if (t->recipient_pace == 0)
		return 0;
	buf_reset(&s->recipient);
	if (t->pace_by != NULL &&
	    expr_run(t->pace_by, record_line(r), &s->recipient, &e) > 0)
		who = buf_str(&s->recipient);
	return hash_keyed(who.p, who.n);
}

bool
sender_in_hand(const struct sender *s, int64_t number)
{
	for (uint64_t i = s->slot_first; i < s->slot_end; i++) {
		const struct slot *slot = &s->slots[i % SEND_WINDOW];

		if (slot->number == number && !slot->done)
			return true;
	}
	return false;
}

/* Reads an entry, its draft parsed into s->record. */
int
sender_load(
    struct sender *s, int64_t number, struct outbox_entry *entry, struct err *e)
{
	int rc;

	arena_reset(&s->arena);
	rc = outbox_at(s->p->outbox, number, &s->arena, entry, e);
	if (rc == 0)
		err_set(e, "the outbox has lost entry %lld", (long long)number);
	if (rc <= 0)
		return -1;
	buf_reset(&s->line);
	buf_add_str(&s->line, entry->record);
	return record_parse(s->record, buf_str(&s->line), e);
}

/*
 * Waits double from attempt to attempt; after days of it nobody expects an
 * answer any more.
 */
static int64_t
next_try(const struct sender *s, const struct outbox_entry *entry,
    int64_t retry_after)
{
	int64_t wait = SEND_FIRST_WAIT, first = entry->first;

	for (int64_t i = 1; i < entry->attempts && wait < SEND_LONGEST_WAIT;
	     i++)
		wait *= 2;
	if (wait > SEND_LONGEST_WAIT)
		wait = SEND_LONGEST_WAIT;
	wait *= TIME_SECOND;
	if (retry_after != TIME_NONE && retry_after > wait)
		wait = retry_after;
	if (first != TIME_NONE &&
	    s->p->now - first > SEND_GIVE_UP * TIME_SECOND)
		return TIME_NONE;
	return s->p->now + wait;
}

/* Writes what became of an entry and finishes its slot. */
static int
settle(
    struct sender *s, struct outbox_entry *entry, uint64_t slot, struct err *e)
{
	entry->at = s->p->now;
	if (outbox_result(s->p->outbox, entry, e) < 0)
		return -1;
	sender_slot(s, slot)->done = true;
	sender_slot(s, slot)->round = s->round;
	return 0;
}

int
sender_settle_failed(struct sender *s, struct outbox_entry *entry,
    uint64_t slot, const char *reason, int64_t next, struct err *e)
{
	entry->state = OUTBOX_FAILED;
	entry->reason = str_of(reason);
	entry->next = next;
	return settle(s, entry, slot, e);
}

static struct attempt *
attempt_new(struct sender *s)
{
	struct attempt *attempt = s->idle;

	if (attempt != NULL) {
		s->idle = attempt->next;
		attempt->next = NULL;
		return attempt;
	}
	attempt = xcalloc(1, sizeof(*attempt));
	request_init(&attempt->request);
	return attempt;
}

static void
attempt_free(struct sender *s, struct attempt *attempt)
{
	attempt->next = s->idle;
	s->idle = attempt;
}

/* No server takes it, or none that is known now: that was an attempt, or it
 * would be tried for ever. */
static int
no_exchange(struct sender *s, struct lane *l, struct queued w,
    struct outbox_entry *entry, bool later, const char *why, struct err *e)
{
	int64_t next = TIME_NONE;

	if (outbox_attempt(
		s->p->outbox, w.number, str_of(l->t->name), s->p->now, e) < 0)
		return -1;
	entry->attempts++;
	if (entry->first == TIME_NONE)
		entry->first = s->p->now;
	if (later)
		next = next_try(s, entry, TIME_NONE);
	return sender_settle_failed(s, entry, w.slot, why, next, e);
}

/* Builds the request and writes down that it is about to leave. */
static int
mark(struct sender *s, struct lane *l, struct queued w, struct err *e)
{
	struct outbox_entry entry;
	struct draft d;
	struct attempt *attempt;
	enum mx_result found;
	struct err why;

	if (sender_load(s, w.number, &entry, e) < 0)
		return -1;
	if (entry.transport.p == NULL)
		entry.transport = str_of(l->t->name);
	if (l->down)
		return sender_settle_failed(s, &entry, w.slot, l->why,
		    next_try(s, &entry, TIME_NONE), e);
	draft_read(s->record, &d);
	attach_find_kept(&d, record_arena(s->record), s->p->state);
	attempt = attempt_new(s);
	if (request_build(
		&attempt->request, l->t, &d, s->record, s->p->now, &why) < 0) {
		attempt_free(s, attempt);
		return sender_settle_failed(
		    s, &entry, w.slot, why.msg, TIME_NONE, e);
	}
	if (l->t->mx && (found = exchange_find(s->dns, l->t, &d,
			     &attempt->request)) != MX_FOUND) {
		snprintf(
		    why.msg, sizeof(why.msg), "%s", attempt->request.hosts.why);
		attempt_free(s, attempt);
		return no_exchange(
		    s, l, w, &entry, found == MX_LATER, why.msg, e);
	}
	attempt->lane = l;
	attempt->w = w;
	attempt->attempts = entry.attempts + 1;
	attempt->first = entry.first == TIME_NONE ? s->p->now : entry.first;
	attempt->w.tries++;
	if (w.begun == 0)
		attempt->w.begun = time_steady_ms();
	attempt->next = NULL;
	*s->marked_end = attempt;
	s->marked_end = &attempt->next;
	l->active++;
	s->active++;
	return outbox_attempt(
	    s->p->outbox, w.number, str_of(l->t->name), s->p->now, e);
}

/* All that is committed by now may come out, and what is reserved leave. */
static int
sync_all(struct sender *s, struct err *e)
{
	if (outbox_sync(s->p->outbox, e) < 0)
		return -1;
	s->round++;
	return 0;
}

/* Fills the reserve where a place is free and none is left to fill it. */
static int
reserve(struct sender *s, struct lane *l, struct err *e)
{
	if (l->reserve.n > 0 || l->queue.n == 0 || l->down ||
	    l->active == (size_t)l->t->parallel)
		return 0;
	while (l->queue.n > 0 && l->reserve.n < SEND_RESERVE) {
		struct queued w = queue_pop(&l->queue);

		queue_push(&l->reserve, w);
		if (outbox_reserve(s->p->outbox, w.number, e) < 0)
			return -1;
	}
	return sync_all(s, e);
}

/* Nothing leaves by a transport that cannot be reached. */
static int
clear_lane(struct sender *s, struct lane *l, struct err *e)
{
	while (l->reserve.n + l->queue.n > 0) {
		struct queued w =
		    queue_pop(l->reserve.n > 0 ? &l->reserve : &l->queue);

		s->queued--;
		if (mark(s, l, w, e) < 0)
			return -1;
	}
	return 0;
}

/*
 * The first whose recipient may be written to by now; *wait_ms falls to when
 * the next may.  What goes to one recipient keeps its order.
 */
static bool
pick(struct lane *l, int64_t now, int64_t *wait_ms, struct queued *out)
{
	if (l->free_at == NULL) {
		*out = queue_pop(&l->reserve);
		return true;
	}
	for (size_t i = 0; i < l->reserve.n; i++) {
		const struct queued *w = queue_at(&l->reserve, i);
		int64_t *at = &l->free_at[w->recipient % SEND_RECIPIENTS];

		if (*at <= now) {
			*at = now + (l->t->recipient_pace + 999) / 1000;
			*out = queue_take(&l->reserve, i);
			return true;
		}
		if (*wait_ms > *at - now)
			*wait_ms = *at - now;
	}
	return false;
}

/* Marks what has a free place; *wait_ms falls to when the next may start. */
static int
mark_lane(struct sender *s, struct lane *l, int64_t *wait_ms, struct err *e)
{
	if (l->down)
		return clear_lane(s, l, e);
	if (reserve(s, l, e) < 0)
		return -1;
	while (l->reserve.n > 0 && l->active < (size_t)l->t->parallel) {
		int64_t now = time_steady_ms();
		struct queued w;

		if (now < l->start_at) {
			if (*wait_ms > l->start_at - now)
				*wait_ms = l->start_at - now;
			return 0;
		}
		if (!pick(l, now, wait_ms, &w))
			return 0;
		if (l->t->pace > 0)
			l->start_at = now + (l->t->pace + 999) / 1000;
		s->queued--;
		if (mark(s, l, w, e) < 0)
			return -1;
	}
	return 0;
}

static int
start_marked(struct sender *s, struct err *e)
{
	while (s->marked != NULL) {
		struct attempt *attempt = s->marked;
		struct net_job *j = &attempt->request.job;

		s->marked = attempt->next;
		if (s->marked == NULL)
			s->marked_end = &s->marked;
		attempt->next = NULL;
		net_job_reset(j);
		j->arg = attempt;
		if (net_start(s->net, j, e) < 0) {
			attempt_free(s, attempt);
			return -1;
		}
	}
	return 0;
}

static void
count(struct sender *s, const struct outbox_entry *entry, bool known_before)
{
	if (entry->state == OUTBOX_SENT && known_before)
		s->sums.known++;
	else if (entry->state == OUTBOX_SENT)
		s->sums.sent++;
	else if (entry->state == OUTBOX_AMBIGUOUS)
		s->sums.ambiguous++;
	else if (entry->next != TIME_NONE)
		s->sums.again++;
	else
		s->sums.failed++;
}

static int
emit_slot(struct sender *s, struct slot *slot, struct err *e)
{
	struct outbox_entry entry;
	struct transport *t = NULL;

	if (slot->number == 0) {
		if (record_parse(s->record, buf_str(&slot->line), e) < 0)
			return -1;
		return s->emit(s->arg, s->record, e);
	}
	if (sender_load(s, slot->number, &entry, e) < 0)
		return -1;
	for (size_t i = 0; i < s->p->transports->n; i++)
		if (str_is(entry.transport, s->p->transports->v[i]->name))
			t = s->p->transports->v[i];
	delivery_put(s->record, &entry, t);
	count(s, &entry, slot->known);
	return s->emit(s->arg, s->record, e);
}

/* Gives out what is finished and durable, in order. */
int
sender_emit_ready(struct sender *s, struct err *e)
{
	while (s->slot_first < s->slot_end) {
		struct slot *slot = sender_slot(s, s->slot_first);

		if (!slot->done || slot->round >= s->round)
			break;
		if (emit_slot(s, slot, e) < 0)
			return -1;
		if (slot->line.cap > 65536)
			buf_release(&slot->line);
		s->slot_first++;
	}
	return 0;
}

/* Asked to come again soon: waits in line, and all others of the lane too. */
static bool
comes_again(struct attempt *attempt, const struct verdict *v, int64_t *wait_ms)
{
	const struct net_job *j = &attempt->request.job;

	*wait_ms = 0;
	if (v->state != OUTBOX_FAILED || !v->temporary ||
	    attempt->w.tries >= SEND_TRIES)
		return false;
	if (v->folded && attempt->lane->t->idempotent_for > 0) {
		*wait_ms = (int64_t)SEND_SOON * attempt->w.tries;
		return (time_steady_ms() - attempt->w.begun + *wait_ms) * 1000 <
		       attempt->lane->t->idempotent_for;
	}
	/* A kept connection may have died meanwhile: a new one is made. */
	if (v->retry_after == TIME_NONE)
		return j->outcome == NET_REFUSED && j->kept &&
		       attempt->w.tries == 1;
	*wait_ms = (v->retry_after + 999) / 1000;
	return v->retry_after <= SEND_PATIENCE * TIME_SECOND;
}

static int
queue_again(struct sender *s, struct attempt *attempt,
    struct outbox_entry *entry, int64_t wait_ms, struct err *e)
{
	struct lane *l = attempt->lane;
	int64_t start_at = wait_ms == 0 ? 0 : time_steady_ms() + wait_ms;

	if (l->start_at < start_at)
		l->start_at = start_at;
	entry->state = OUTBOX_RESERVED;
	entry->at = s->p->now;
	s->queued++;
	queue_push_first(&l->reserve, attempt->w);
	return outbox_result(s->p->outbox, entry, e);
}

static int
finish(struct sender *s, struct attempt *attempt, struct err *e)
{
	struct lane *l = attempt->lane;
	struct outbox_entry entry;
	struct verdict v;
	int64_t wait_ms;

	l->active--;
	s->active--;
	request_judge(&attempt->request, l->t, &v);
	/* Another domain's server may be there. */
	if (!attempt->request.job.reached && !l->down && !l->t->mx) {
		l->down = true;
		snprintf(l->why, sizeof(l->why), "%s is not reachable: %.*s",
		    l->t->name, STR_ARG(str_sub(v.reason, 0, 180)));
	}
	entry = (struct outbox_entry){ .number = attempt->w.number,
		.state = v.state,
		.reason = v.reason,
		.native = v.native,
		.attempts = attempt->attempts,
		.first = attempt->first };
	entry.next = v.state == OUTBOX_FAILED && v.temporary
			 ? next_try(s, &entry, v.retry_after)
			 : TIME_NONE;
	if (comes_again(attempt, &v, &wait_ms))
		return queue_again(s, attempt, &entry, wait_ms, e);
	/* The other side will have forgotten the key by then. */
	if (v.folded && l->t->idempotent_for > 0 && entry.next != TIME_NONE &&
	    entry.next - entry.first > l->t->idempotent_for) {
		entry.state = OUTBOX_AMBIGUOUS;
		entry.next = TIME_NONE;
	}
	return settle(s, &entry, attempt->w.slot, e);
}

/* The next of a domain's servers, where this one took nothing: 1, 0, -1. */
static int
go_on(struct sender *s, struct attempt *attempt, struct err *e)
{
	struct request *q = &attempt->request;

	if (!attempt->lane->t->mx || !exchange_may_go_on(&q->job) ||
	    !exchange_next(attempt->lane->t, q))
		return 0;
	net_job_reset(&q->job);
	return net_start(s->net, &q->job, e) < 0 ? -1 : 1;
}

/*
 * Works until something is done; and a moment longer, because a commit costs
 * as much as a mail by a fast server.
 */
static int
work(struct sender *s, int64_t wait_ms, struct err *e)
{
	size_t want = s->active / SEND_GATHER;
	int64_t until;

	if (net_work(s->net, (int)wait_ms, e) < 0)
		return -1;
	until = time_steady_ms() + SEND_GATHER_MS;
	while (net_done(s->net) > 0 && net_done(s->net) < want &&
	       time_steady_ms() < until)
		if (net_work(s->net, 1, e) < 0)
			return -1;
	return 0;
}

/* One round: write down, start, give out, work, take results. */
int
sender_pump(struct sender *s, int64_t wait_ms, struct err *e)
{
	struct net_job *j;

	for (size_t i = 0; i < s->p->transports->n; i++)
		if (mark_lane(s, &s->lanes[i], &wait_ms, e) < 0)
			return -1;
	/* Before the commit, whose transaction spares its look-ups their own.
	 */
	if (sender_emit_ready(s, e) < 0 || outbox_commit(s->p->outbox, e) < 0 ||
	    start_marked(s, e) < 0)
		return -1;
	if (s->active == 0 && s->queued == 0)
		return sync_all(s, e) < 0 ? -1 : sender_emit_ready(s, e);
	if (work(s, wait_ms, e) < 0)
		return -1;
	while ((j = net_next(s->net)) != NULL) {
		struct attempt *attempt = j->arg;
		int on = go_on(s, attempt, e);

		if (on < 0)
			return -1;
		if (on > 0)
			continue;
		if (finish(s, attempt, e) < 0)
			return -1;
		attempt_free(s, attempt);
	}
	return 0;
}

/* The attachments of all that is not sent, whatever became of it: a person
 * may want it to be tried again. */
static int
needed_files(struct sender *s, struct idset *out, struct err *e)
{
	struct outbox_entry entry = { .number = 0 };
	struct json_iter it;
	struct json file;
	int rc;

	for (;;) {
		arena_reset(&s->arena);
		rc = outbox_unsent(
		    s->p->outbox, entry.number, &s->arena, &entry, e);
		if (rc <= 0)
			return rc;
		if (str_find(entry.record, STR("\"sha256\"")) < 0)
			continue;
		buf_reset(&s->line);
		buf_add_str(&s->line, entry.record);
		if (record_parse(s->record, buf_str(&s->line), e) < 0)
			return -1;
		it = json_each(
		    json_get(record_get(s->record, "reply"), "attachments"));
		while (json_next(&it, NULL, &file))
			idset_add(
			    out, idset_hash(json_str(json_get(file, "sha256"),
				     record_arena(s->record))));
	}
}

static int
clear_kept(struct sender *s, struct err *e)
{
	struct idset needed = { 0 };
	int rc;

	if (!s->keeps)
		return 0;
	rc = needed_files(s, &needed, e);
	if (rc == 0)
		attach_clear(s->p->state, &needed);
	idset_release(&needed);
	s->keeps = false;
	return rc;
}

int
sender_drain(struct sender *s, struct err *e)
{
	while (s->slot_first < s->slot_end)
		if (sender_pump(s, 1000, e) < 0)
			return -1;
	return outbox_sync(s->p->outbox, e) < 0 ? -1 : clear_kept(s, e);
}
