#include "record/waiting/silence.h"

#include "record/act.h"
#include "text/question.h"

/* Did a person of theirs say something? */
static bool
is_theirs(struct record *r, const struct said *k, bool asked)
{
	enum asks why;

	if (record_get(r, "quarantine").doc != NULL)
		return false;
	/* Who picked up our call spoke, too. */
	if (record_is(r, "type", "call"))
		return k->kind != ROLE_NONE;
	why = record_asks(r);
	/* Thanks do not answer what we had asked. */
	return why == ASKS_YES || why == ASKS_RULE || why == ASKS_OPTOUT ||
	       (why == ASKS_COURTESY && !asked);
}

static bool
is_reminder(struct record *r, const char *template)
{
	return record_is(r, "direction", "outbound") &&
	       json_is(json_get(record_get(r, "reply"), "template"), template);
}

/* Did it go out, or may it yet? */
static bool
may_leave(struct record *r)
{
	struct json status = json_get(record_get(r, "delivery"), "status");

	return !json_is(status, "refused") && !json_is(status, "failed");
}

static void
take_reminder(struct silence *s, struct record *r, int64_t at)
{
	struct str id =
	    json_str(json_get(record_get(r, "reply"), "idempotencyKey"),
		record_arena(r));
	uint64_t key;

	if (!may_leave(r))
		return;
	/* A draft, and the same when it was sent, is one. */
	key = last_hash(id.n > 0 ? id : record_str(r, "id"));
	if (s->reminded == TIME_NONE || at > s->reminded)
		s->reminded = at;
	for (size_t i = 0; i < SILENCE_REMINDERS; i++)
		if (s->keys[i] == key)
			return;
	s->keys[s->reminders % SILENCE_REMINDERS] = key;
	if (s->reminders < UINT8_MAX)
		s->reminders++;
}

static void
take_theirs(struct silence *s, const struct standing *h, int64_t at)
{
	if (s->theirs != TIME_NONE && at < s->theirs)
		return;
	s->theirs = at;
	s->closed = false;
	s->reminders = 0;
	s->reminded = TIME_NONE;
	for (size_t i = 0; i < SILENCE_REMINDERS; i++)
		s->keys[i] = 0;
	if (h->last_answer_at == TIME_NONE || at >= h->last_answer_at)
		s->theirs_last = true;
}

static void
take_act(struct silence *s, struct record *r)
{
	struct act act;

	if (act_read(r, &act) && act.kind == ACT_DONE)
		s->closed = true;
	else if (act.kind == ACT_REOPEN)
		s->closed = false;
}

bool
silence_take(struct silence *s, const struct standing *h, struct record *r,
    const struct said *k, const char *template)
{
	int64_t at = k->at == TIME_NONE ? h->last : k->at;
	bool reminder = is_reminder(r, template);

	if (k->kind == ROLE_ACT) {
		take_act(s, r);
		return false;
	}
	if (reminder)
		take_reminder(s, r, at);
	if (k->kind == ROLE_ANSWER) {
		if (s->theirs == TIME_NONE || at >= s->theirs)
			s->theirs_last = false;
		if (!reminder && (s->ours == TIME_NONE || at > s->ours)) {
			s->ours = at;
			s->asked = text_has_question(record_str(r, "text"));
		}
	}
	if (is_theirs(r, k, s->asked))
		take_theirs(s, h, at);
	return k->kind == ROLE_ANSWER && !reminder;
}

int64_t
silence_since(const struct silence *s, const struct standing *h)
{
	if (s->closed || s->theirs_last || h->waiting_since != TIME_NONE ||
	    h->last_answer_at == TIME_NONE)
		return TIME_NONE;
	return s->ours != TIME_NONE && s->ours < h->last_answer_at
		   ? s->ours
		   : h->last_answer_at;
}
