#include "record/waiting.h"

#include "core/time.h"

void
standings_release(struct standings *t)
{
	map_release(&t->index);
	intern_release(&t->channels);
	vec_release(t);
	*t = (struct standings){ 0 };
}

/* Writes over the old text where the new one fits: ids are of one length. */
static void
replace(struct standings *t, struct str *old, struct str s)
{
	if (s.p == NULL || s.n > old->n || old->p == NULL)
		*old = s.p == NULL ? s : arena_dup(&t->index.keys, s);
	else
		*old = str_make(memcpy((char *)old->p, s.p, s.n), s.n);
}

static struct standing *
standing_of(struct standings *t, struct str id, int64_t at)
{
	bool fresh;
	uint64_t *slot;

	/* The same conversation again is no look-up in a large table. */
	if (t->at < t->n && str_eq(t->v[t->at].id, id))
		return &t->v[t->at];
	slot = map_put(&t->index, id, &fresh);
	if (!fresh)
		return &t->v[t->at = *slot];
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
		   });
	return &t->v[t->n - 1];
}

struct standing *
standings_put(struct standings *t, struct str conversation)
{
	return standing_of(t, conversation, t->latest);
}

static void
request(struct standings *t, struct standing *h, struct record *r, int64_t at)
{
	h->requests++;
	if (h->first_request == TIME_NONE || at < h->first_request)
		h->first_request = at;
	/* One that comes late, or again, was answered by what is later. */
	if ((h->last_answer_at == TIME_NONE || at >= h->last_answer_at) &&
	    (h->waiting_since == TIME_NONE || at < h->waiting_since))
		h->waiting_since = at;
	if (h->last_request_at != TIME_NONE && at < h->last_request_at)
		return;
	h->last_request_at = at;
	h->channel = intern_str(&t->channels, record_str(r, "channel"));
	replace(t, &h->last_request, record_str(r, "id"));
}

static void
answer(struct standing *h, int64_t at)
{
	h->answers++;
	/* An answer is one to a request: what we sent before the customer
	 * first wrote opens the conversation. */
	if (h->first_answer == TIME_NONE && h->first_request != TIME_NONE)
		h->first_answer = at;
	if (h->last_answer_at == TIME_NONE || at > h->last_answer_at)
		h->last_answer_at = at;
	/* Late likewise: what was asked after it still waits. */
	if (h->waiting_since != TIME_NONE && at >= h->waiting_since)
		h->waiting_since =
		    h->last_request_at > at ? h->last_request_at : TIME_NONE;
}

/* Is this the request that waits, which asks for nothing any more?  Of a
 * thread from an earlier run the id is not known. */
static bool
is_taken_back(const struct standing *h, struct record *r, int64_t at)
{
	if (at == TIME_NONE || h->waiting_since != at ||
	    h->last_request_at != at || record_talk(r) != TALK_NONE)
		return false;
	return h->last_request.p == NULL
		   ? record_has_keyword(r, "updated")
		   : str_eq(h->last_request, record_str(r, "id"));
}

void
standings_again(struct standings *t, struct record *r)
{
	struct str conversation = record_str(r, "conversation");
	struct standing *h =
	    conversation.p == NULL ? NULL : standings_get(t, conversation);

	if (h != NULL && is_taken_back(h, r, record_time(r)))
		h->waiting_since = TIME_NONE;
}

struct said
said_of(struct record *r)
{
	return (struct said){ record_str(r, "conversation"), record_time(r),
		record_talk(r) };
}

struct standing *
standings_add(struct standings *t, struct record *r)
{
	struct said k = said_of(r);

	return standings_take(t, r, &k);
}

struct standing *
standings_take(struct standings *t, struct record *r, const struct said *k)
{
	int64_t at = k->at == TIME_NONE ? t->latest : k->at;
	struct standing *h;
	struct str s;

	if (k->conversation.p == NULL)
		return NULL;
	t->latest = at;
	h = standing_of(t, k->conversation, at);
	h->records++;
	if (at > h->last)
		h->last = at;
	if (h->person.p == NULL && (s = record_str(r, "person")).p != NULL)
		h->person = arena_dup(&t->index.keys, s);
	if (h->subject.p == NULL && (s = record_str(r, "subject")).n > 0)
		h->subject = arena_dup(&t->index.keys, s);
	if (k->kind == TALK_REQUEST)
		request(t, h, r, at);
	else if (k->kind == TALK_ANSWER)
		answer(h, at);
	else if (is_taken_back(h, r, k->at))
		h->waiting_since = TIME_NONE;
	return h;
}

struct standing *
standings_get(const struct standings *t, struct str conversation)
{
	const uint64_t *at = map_get(&t->index, conversation);

	return at == NULL ? NULL : &t->v[*at];
}
