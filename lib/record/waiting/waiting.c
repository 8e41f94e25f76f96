#include "record/waiting/waiting.h"

#include "core/time.h"
#include "record/act.h"

void
standings_release(struct standings *t)
{
	for (size_t i = 0; i < t->n; i++)
		last_release(&t->v[i].answered);
	map_release(&t->index);
	intern_release(&t->channels);
	last_answers_release(&t->answers);
	idset_release(&t->early);
	vec_release(&t->others);
	vec_release(t);
	*t = (struct standings){ 0 };
}

static struct standing *
standing_of(struct standings *t, struct str id, int64_t at)
{
	bool fresh;
	uint64_t *slot;

	/* The same conversation again is no look-up in a large table. */
	if (t->v != NULL && t->at < t->n && t->v[t->at].joined == 0 &&
	    str_eq(t->v[t->at].id, id))
		return &t->v[t->at];
	slot = map_put(&t->index, id, &fresh);
	if (!fresh)
		return &t->v[t->at = standings_whole(t, *slot)];
	*slot = t->at = t->n;
	vec_add(t, (struct standing){
		       .id = t->index.entries[t->n].key,
		       .first = at,
		       .last = at,
		       .first_request = TIME_NONE,
		       .first_answer = TIME_NONE,
		       .waiting_since = TIME_NONE,
		       .last_request_at = TIME_NONE,
		       .last_answer_at = TIME_NONE,
		       .answered = LAST_NONE,
		       .snoozed = TIME_NONE,
		       .snoozed_at = TIME_NONE,
		   });
	return &t->v[t->n - 1];
}

struct standing *
standings_put(struct standings *t, struct str conversation)
{
	return standing_of(t, conversation, t->latest);
}

/* The last request, as far as it is known. */
static struct last_ask
last_of(const struct standing *h)
{
	return (struct last_ask){
		.id =
		    h->last_request.p == NULL ? 0 : last_hash(h->last_request),
		.at = h->last_request_at,
	};
}

static void
request(struct standings *t, struct standing *h, struct record *r, int64_t at)
{
	h->requests++;
	if (h->snoozed_at != TIME_NONE && at > h->snoozed_at)
		h->snoozed = h->snoozed_at = TIME_NONE;
	if (h->first_request == TIME_NONE || at < h->first_request)
		h->first_request = at;
	if (h->waiting_since != TIME_NONE || h->answered.oldest != 0 ||
	    h->answered.asks_n > 0)
		last_keep(&t->answers, &h->answered,
		    last_hash(record_str(r, "id")), at, last_of(h));
	last_asked(&t->answers, &h->answered, at);
	h->waiting_since = last_waits(&t->answers, &h->answered);
	if (h->last_request_at != TIME_NONE && at < h->last_request_at)
		return;
	h->last_request_at = at;
	h->channel = intern_str(&t->channels, record_str(r, "channel"));
	arena_replace(&t->index.keys, &h->last_request, record_str(r, "id"));
}

/* An answer is one to a request: what we sent before the customer first wrote
 * opens the conversation. */
static void
find_first_answer(struct standings *t, struct standing *h)
{
	h->first_answer =
	    h->first_request == TIME_NONE
		? TIME_NONE
		: last_answer_from(&t->answers, &h->answered, h->first_request);
}

static bool
came_early(const struct standings *t, uint64_t hash)
{
	return hash != 0 && idset_has(&t->early, hash);
}

/* Did it fail before it came? */
static bool
failed_early(const struct standings *t, const struct last_answer *x)
{
	return t->early.n > 0 &&
	       (came_early(t, x->id) || came_early(t, x->message));
}

static void
answer(struct standings *t, struct standing *h, struct record *r, int64_t at,
    struct answered *out)
{
	bool again;

	out->number = last_answered(
	    &t->answers, &h->answered, r, at, h->last_request_at, &again);
	if (again) {
		out->failed = t->answers.v[out->number - 1].failed;
		return;
	}
	if (out->number != 0)
		out->failed = t->answers.v[out->number - 1].failed =
		    failed_early(t, &t->answers.v[out->number - 1]);
	h->waiting_since = last_waits(&t->answers, &h->answered);
	if (out->failed)
		return;
	h->answers++;
	if (h->first_answer == TIME_NONE && h->first_request != TIME_NONE)
		h->first_answer = at;
	if (h->last_answer_at == TIME_NONE || at > h->last_answer_at)
		h->last_answer_at = at;
}

/* Remembers what failed, for it may still come. */
static void
fail_early(struct standings *t, struct record *r, const struct receipt *receipt)
{
	struct str about[RECEIPT_ABOUT];

	for (size_t i = receipt_about(r, receipt, about); i-- > 0;)
		if (about[i].n > 0)
			idset_add(&t->early, last_hash(about[i]));
}

/*
 * What waited in a conversation when it was joined, as it is known by now, waits
 * where that is.  Whoever reads a record looks at what stands for its own
 * conversation; others that change are told.
 */
static void
hand_on(struct standings *t, size_t own)
{
	size_t whole = standings_whole(t, own);

	while (t->v[own].gave != 0) {
		size_t to = t->v[own].gave - 1;
		struct standing *x = &t->v[own], *h = &t->v[to];
		int64_t at = x->gave_at;
		int64_t since = last_gave_over(&t->answers, &x->answered, at);

		x->waiting_since = last_waits(&t->answers, &x->answered);
		if (since == TIME_NONE)
			return;
		if (to != whole)
			vec_add(&t->others,
			    (struct other_answered){ .at = to, .before = *h });
		last_took_over(&t->answers, &h->answered, since, at);
		h->waiting_since = last_waits(&t->answers, &h->answered);
		own = to;
	}
}

/* Answers of a conversation, or of what stands for it now, count for nothing any
 * more: its number, or that of the other. */
static size_t
take_back(struct standings *t, size_t own, struct record *r,
    const struct receipt *receipt, struct answered *out)
{
	size_t whole = standings_whole(t, own);

	if (last_failed(&t->answers, &t->v[own].answered, r, receipt,
		out->taken_back, &out->taken_back_n))
		return own;
	if (whole == own || !last_failed(&t->answers, &t->v[whole].answered, r,
				receipt, out->taken_back, &out->taken_back_n))
		fail_early(t, r, receipt);
	return whole;
}

/* What a receipt says of a conversation's answers. */
static void
receive(struct standings *t, size_t own, struct record *r, struct answered *out)
{
	struct receipt receipt;
	struct standing *h, *whole;

	if (!record_receipt(r, &receipt) || receipt.status != RECEIPT_FAILED)
		return;
	own = take_back(t, own, r, &receipt, out);
	if (out->taken_back_n == 0)
		return;
	h = &t->v[own];
	whole = &t->v[standings_whole(t, own)];
	whole->answers -= (uint32_t)out->taken_back_n;
	for (size_t i = 0; i < out->taken_back_n; i++)
		if (t->answers.v[out->taken_back[i]].at == h->first_answer)
			h->first_answer = TIME_NONE;
	if (h->first_answer == TIME_NONE)
		find_first_answer(t, h);
	h->last_answer_at = last_answer_at(&t->answers, &h->answered);
	h->waiting_since = last_waits(&t->answers, &h->answered);
	hand_on(t, own);
}

/* Another conversation that the record concerns, where it is known: its own
 * number. */
static struct other_answered *
add_other(struct standings *t, struct str id, size_t *own)
{
	size_t whole;

	*own = standings_own(t, id);
	if (*own == SIZE_MAX)
		return NULL;
	whole = standings_whole(t, *own);
	vec_add(&t->others,
	    (struct other_answered){ .at = whole, .before = t->v[whole] });
	return &t->others.v[t->others.n - 1];
}

static void
answer_others(
    struct standings *t, struct record *r, int64_t at, uint32_t number)
{
	struct str ids[LAST_ALSO];
	size_t n = last_also_of(r, ids), own;

	if (n > 0 && number != 0)
		last_keep_also(&t->answers.v[number - 1], r);
	for (size_t i = 0; i < n; i++) {
		struct other_answered *o = add_other(t, ids[i], &own);

		if (o != NULL)
			answer(t, &t->v[o->at], r, at, &o->answered);
	}
}

/* What was taken back is so everywhere. */
static void
receive_others(
    struct standings *t, struct record *r, const struct answered *own)
{
	for (size_t k = 0; k < own->taken_back_n; k++) {
		uint32_t place = own->taken_back[k];

		for (size_t i = 0; i < t->answers.v[place].also_n; i++) {
			struct str id = str_of(t->answers.v[place].also[i]);
			struct answered answered = { 0 };
			size_t other, at = t->others.n;

			if (add_other(t, id, &other) == NULL)
				continue;
			receive(t, other, r, &answered);
			t->others.v[at].answered = answered;
			/* Its own answers have changed, too. */
			if (t->v[other].joined != 0)
				vec_add(&t->others,
				    (struct other_answered){
					.at = other, .before = t->v[other] });
		}
	}
}

/* What the answers of one ended elsewhere. */
static size_t
others_of(const struct standings *t, const struct standing *h, struct record *r,
    struct str out[LAST_ALSO], size_t n)
{
	for (uint32_t i = h->answered.oldest; i != 0;
	     i = t->answers.v[i - 1].next) {
		const struct last_answer *x = &t->answers.v[i - 1];

		for (size_t j = 0; j < x->also_n && n < LAST_ALSO; j++)
			out[n++] =
			    arena_dup(record_arena(r), str_of(x->also[j]));
	}
	return n;
}

size_t
standings_others(const struct standings *t, struct record *r,
    const struct said *k, struct str out[LAST_ALSO])
{
	size_t own, whole, n;

	if (k->kind == ROLE_ANSWER)
		return last_also_of(r, out);
	if (k->kind == ROLE_REQUEST) {
		out[0] = record_moved_from(r);
		return out[0].p != NULL;
	}
	if (k->conversation.p == NULL ||
	    (own = standings_own(t, k->conversation)) == SIZE_MAX)
		return 0;
	whole = standings_whole(t, own);
	n = others_of(t, &t->v[own], r, out, 0);
	return whole == own ? n : others_of(t, &t->v[whole], r, out, n);
}

/* Is this, which asks for nothing, the request that waits?  Of a conversation from
 * an earlier run the id is not known. */
static bool
is_taken_back(const struct standing *h, struct record *r, int64_t at)
{
	if (at == TIME_NONE || h->waiting_since != at ||
	    h->last_request_at != at)
		return false;
	return h->last_request.p == NULL
		   ? record_has_keyword(r, "updated")
		   : str_eq(h->last_request, record_str(r, "id"));
}

/* What is neither a request nor an answer. */
static void
other(struct standings *t, struct standing *h, struct record *r, int64_t at,
    struct answered *out)
{
	size_t own;

	if (at != TIME_NONE && h->answered.asks_n > 0 &&
	    last_take_back(&t->answers, &h->answered,
		last_hash(record_str(r, "id")), at,
		record_has_keyword(r, "updated"))) {
		h->waiting_since = last_waits(&t->answers, &h->answered);
	} else if (is_taken_back(h, r, at)) {
		h->unasked = idset_hash(record_str(r, "id"));
		last_unasked(&t->answers, &h->answered, at);
		h->waiting_since = last_waits(&t->answers, &h->answered);
	} else {
		own = standings_own(t, record_str(r, "conversation"));
		receive(t, own == SIZE_MAX ? (size_t)(h - t->v) : own, r, out);
		receive_others(t, r, out);
	}
}

/* Until when nobody wants to be told, unless more was asked since. */
static void
snooze(struct standing *h, int64_t until, int64_t at)
{
	if ((h->last_request_at != TIME_NONE && h->last_request_at > at) ||
	    (h->snoozed_at != TIME_NONE && h->snoozed_at > at))
		return;
	h->snoozed = until;
	h->snoozed_at = at;
}

static void
reopen(struct standings *t, struct standing *h, int64_t at)
{
	h->snoozed = h->snoozed_at = TIME_NONE;
	last_reopened(&t->answers, &h->answered, at);
	h->waiting_since = last_waits(&t->answers, &h->answered);
	if (h->waiting_since != TIME_NONE)
		return;
	last_asked(&t->answers, &h->answered, at);
	h->waiting_since = last_waits(&t->answers, &h->answered);
}

static void
act(struct standings *t, struct standing *h, struct record *r, int64_t at)
{
	struct act a;

	if (!act_read(r, &a))
		return;
	if (a.kind == ACT_DONE) {
		last_done(&t->answers, &h->answered, r, at, h->last_request_at);
		h->waiting_since = last_waits(&t->answers, &h->answered);
	} else if (a.kind == ACT_REOPEN) {
		reopen(t, h, at);
	} else if (a.kind == ACT_SNOOZE) {
		snooze(h, a.until, at);
	}
}

/* Two that wait are hidden only as long as both would be. */
static void
join_snoozes(struct standing *h, const struct standing *other)
{
	if (h->waiting_since != TIME_NONE &&
	    (h->snoozed == TIME_NONE ||
		(other->snoozed != TIME_NONE && other->snoozed >= h->snoozed)))
		return;
	h->snoozed = other->snoozed;
	h->snoozed_at = other->snoozed_at;
}

/* What waited there waits here. */
static void
take_over(
    struct standings *t, struct standing *h, struct standing *other, int64_t at)
{
	if (other->waiting_since != TIME_NONE)
		join_snoozes(h, other);
	h->requests += other->requests;
	h->answers += other->answers;
	h->records += other->records;
	if (other->first < h->first)
		h->first = other->first;
	if (other->last > h->last)
		h->last = other->last;
	if (other->last_request_at != TIME_NONE &&
	    (h->last_request_at == TIME_NONE ||
		other->last_request_at > h->last_request_at)) {
		h->last_request_at = other->last_request_at;
		h->last_request = other->last_request;
		h->channel = other->channel;
	}
	other->requests = other->answers = other->records = 0;
	other->joined = other->gave = (uint32_t)(h - t->v) + 1;
	other->gave_at = at;
	hand_on(t, (size_t)(other - t->v));
}

size_t
standings_own(const struct standings *t, struct str conversation)
{
	const uint64_t *slot = map_get(&t->index, conversation);

	return slot == NULL ? SIZE_MAX : *slot;
}

/* It stands for itself. */
static size_t
part(struct standings *t, struct str id, int64_t at)
{
	size_t own;

	(void)standing_of(t, id, at);
	own = standings_own(t, id);
	t->v[own].joined = 0;
	return own;
}

/* The first of several stands for all from now on, or no more. */
static struct standing *
join(struct standings *t, struct record *r, int64_t at)
{
	struct json_iter it;
	size_t first = SIZE_MAX;
	struct act a;
	struct json v;

	if (!act_read(r, &a) || (a.kind != ACT_JOIN && a.kind != ACT_PART))
		return NULL;
	it = json_each(a.conversations);
	while (json_next(&it, NULL, &v)) {
		struct str id = json_str(v, record_arena(r));
		size_t one;

		if (id.n == 0)
			continue;
		one = a.kind == ACT_PART
			  ? part(t, id, at)
			  : (size_t)(standing_of(t, id, at) - t->v);
		if (first == SIZE_MAX)
			first = one;
		else if (a.kind == ACT_JOIN && one != first)
			take_over(t, &t->v[first], &t->v[one], at);
	}
	return first == SIZE_MAX ? NULL : &t->v[first];
}

/* Was it taken back, and is no longer? */
static void
ask_again(struct standings *t, struct standing *h, struct record *r, int64_t at)
{
	if (at == TIME_NONE)
		return;
	if (h->unasked == idset_hash(record_str(r, "id"))) {
		h->unasked = 0;
		last_asked(&t->answers, &h->answered, at);
	} else if (!last_asks_again(&t->answers, &h->answered,
		       last_hash(record_str(r, "id")), at)) {
		return;
	}
	h->waiting_since = last_waits(&t->answers, &h->answered);
}

void
standings_again(struct standings *t, struct record *r, struct answered *out)
{
	struct str conversation = record_str(r, "conversation");
	struct standing *h =
	    conversation.p == NULL ? NULL : standings_get(t, conversation);
	struct answered unasked;

	if (out == NULL)
		out = &unasked;
	*out = (struct answered){ 0 };
	t->others.n = 0;
	if (h == NULL)
		return;
	if (record_role(r) == ROLE_NONE)
		other(t, h, r, record_time(r), out);
	else if ((h->unasked != 0 || h->answered.asks_n > 0) &&
		 record_role(r) == ROLE_REQUEST)
		ask_again(t, h, r, record_time(r));
}

void
standings_answered(
    struct standings *t, struct record *r, struct str conversation)
{
	struct standing *h = standings_get(t, conversation);
	struct answered unused = { 0 };
	int64_t at = record_time(r);

	if (h != NULL && record_is_answer(r))
		answer(t, h, r, at == TIME_NONE ? t->latest : at, &unused);
}

struct said
said_of(struct record *r)
{
	struct said k = { record_str(r, "conversation"), record_time(r),
		record_role(r) };

	if (k.kind == ROLE_ACT && k.conversation.p == NULL)
		k.conversation = record_conversation(r);
	return k;
}

struct standing *
standings_add(struct standings *t, struct record *r)
{
	struct said k = said_of(r);

	return standings_take(t, r, &k, NULL);
}

/* An act about several conversations, or a receipt of what is not known yet. */
static struct standing *
stands_nowhere(
    struct standings *t, struct record *r, enum role kind, int64_t at)
{
	struct receipt receipt;

	if (kind == ROLE_ACT)
		return join(t, r, at);
	if (kind == ROLE_NONE && record_receipt(r, &receipt) &&
	    receipt.status == RECEIPT_FAILED && !receipt.own)
		fail_early(t, r, &receipt);
	return NULL;
}

/* A request that was set aside there is let in elsewhere.  Of several that wait
 * the first and the last are known. */
static void
leave(struct standings *t, struct str conversation, int64_t at)
{
	size_t own = standings_own(t, conversation);
	struct standing *h;

	if (own == SIZE_MAX)
		return;
	own = standings_whole(t, own);
	h = &t->v[own];
	vec_add(&t->others, (struct other_answered){ .at = own, .before = *h });
	last_unasked(&t->answers, &h->answered, at);
	if (h->last_request_at != TIME_NONE && h->last_request_at > at)
		last_asked(&t->answers, &h->answered, h->last_request_at);
	h->waiting_since = last_waits(&t->answers, &h->answered);
	h->requests -= h->requests > 0;
	h->records -= h->records > 0;
}

struct standing *
standings_take(struct standings *t, struct record *r, const struct said *k,
    struct answered *out)
{
	int64_t at = k->at == TIME_NONE ? t->latest : k->at;
	struct answered unasked;
	struct standing *h;
	struct str s;

	if (out == NULL)
		out = &unasked;
	*out = (struct answered){ 0 };
	t->others.n = 0;
	if (k->conversation.p == NULL)
		return stands_nowhere(t, r, k->kind, at);
	t->latest = at;
	if (k->kind == ROLE_REQUEST && (s = record_moved_from(r)).p != NULL)
		leave(t, s, at);
	h = standing_of(t, k->conversation, at);
	h->records++;
	if (at < h->first)
		h->first = at;
	if (at > h->last)
		h->last = at;
	if (h->person.p == NULL && (s = record_str(r, "person")).p != NULL)
		h->person = arena_dup(&t->index.keys, s);
	if (h->subject.p == NULL && (s = record_str(r, "subject")).n > 0)
		h->subject = arena_dup(&t->index.keys, s);
	if (k->kind == ROLE_REQUEST)
		request(t, h, r, at);
	else if (k->kind == ROLE_ANSWER)
		answer(t, h, r, at, out);
	else if (k->kind == ROLE_ACT)
		act(t, h, r, at);
	else
		other(t, h, r, k->at, out);
	if (k->kind == ROLE_ANSWER)
		answer_others(t, r, at, out->number);
	return h;
}

struct standing *
standings_get(const struct standings *t, struct str conversation)
{
	const uint64_t *at = map_get(&t->index, conversation);

	return at == NULL ? NULL : &t->v[standings_whole(t, *at)];
}

void
standing_pack(
    const struct standings *t, const struct standing *h, struct buf *out)
{
	last_pack(&t->answers, &h->answered, out);
}

void
standing_unpack(struct standings *t, struct standing *h, struct str bytes)
{
	last_unpack(&t->answers, &h->answered, bytes);
	h->waiting_since = last_waits(&t->answers, &h->answered);
	h->last_answer_at = last_answer_at(&t->answers, &h->answered);
}
