#include "route/step.h"

#include <stddef.h>

void
step_init(struct step *s, struct route *rt, struct record *r)
{
	struct str conversation = record_str(r, "conversation");
	uint64_t hash = map_hash(conversation);

	work_soon(&rt->work, hash, MAP_SLOT);
	memset(s, 0, offsetof(struct step, d));
	s->rt = rt;
	s->r = r;
	s->said.conversation = conversation;
	s->why = record_asks_merged(r);
	s->said.kind = record_talk_by(r, s->why);
	work_soon(&rt->work, hash, MAP_ENTRY);
	s->said.at = record_time(r);
	work_soon(&rt->work, hash, MAP_KEY);
	s->now = s->said.at;
	if (s->said.kind == TALK_REQUEST)
		s->kind = KIND_REQUEST;
	else if (s->said.kind == TALK_ANSWER)
		s->kind = KIND_ANSWER;
	s->open = rt->rules->take_in && s->why != ASKS_YES &&
		  s->why != ASKS_NOT_INBOUND;
	if (s->kind == KIND_REQUEST || s->open)
		s->aside = record_get(r, "quarantine").doc != NULL;
}

/* What the record may concern beside its conversation is at hand. */
static int
find_others(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str ids[LAST_ALSO];
	size_t n = standings_others(&w->standings, s->r, &s->said, ids);
	struct assignment *p;
	struct standing *t;

	for (size_t i = 0; i < n; i++)
		if (work_find(w, ids[i], &t, &p, e) != 0)
			return -1;
	return 0;
}

int
step_before(struct step *s, struct err *e)
{
	struct standing *t;

	s->facts.record = s->r;
	s->facts.waited = s->facts.age = -1;
	s->facts.at = s->said.at;
	if (s->said.at != TIME_NONE && s->rt->now != TIME_NONE)
		s->facts.age =
		    s->rt->now > s->said.at ? s->rt->now - s->said.at : 0;
	s->facts.quarantined = s->aside;
	if (s->said.conversation.p == NULL)
		return 0;
	/* The receipt's conversation tells of others, so that comes first. */
	if (work_find(&s->rt->work, s->said.conversation, &t, &s->place, e) !=
		0 ||
	    find_others(s, e) != 0 ||
	    work_find(&s->rt->work, s->said.conversation, &t, &s->place, e) !=
		0)
		return -1;
	s->thread = t;
	s->facts.answered = t->first_answer != TIME_NONE;
	if (t->waiting_since != TIME_NONE && s->now != TIME_NONE) {
		s->facts.waited = s->now - t->waiting_since;
		s->facts.overdue =
		    s->place->due != TIME_NONE && s->now > s->place->due;
	}
	return 0;
}

static int
step_decide(struct step *s, struct err *e)
{
	struct route *rt = s->rt;

	if (s->decided)
		return 0;
	if (decide(rt->rules, &s->facts, &s->d, e) != 0)
		return -1;
	s->decided = true;
	if (s->d.failed != NULL) {
		rt->failed++;
		rt->failed_rule = s->d.failed;
		rt->failed_why = s->d.why;
	}
	return 0;
}

/* The decision becomes the conversation's. */
static void
step_settle(struct step *s)
{
	if (s->place == NULL)
		return;
	work_assign(&s->rt->work, s->place, s->d.is.what[WHAT_ASSIGNEE]);
	s->place->is = s->d.is;
	s->place->due = s->due;
}

/* What no rule decided comes from before, then from the defaults. */
static void
complete(struct step *s)
{
	struct decision *d = &s->d;
	struct str team = d->by_rule.what[WHAT_TEAM], before;

	if (s->place != NULL) {
		s->kept = s->place->is;
		s->kept.asks = TRI_ANY; /* each record for itself */
		s->kept.what[WHAT_ASSIGNEE] = STR_NONE;
		before = s->place->is.what[WHAT_TEAM];
		s->handed =
		    team.p != NULL && before.p != NULL && !str_eq(team, before);
		if (s->handed) {
			s->from_team = before;
			s->from_assignee = s->place->is.what[WHAT_ASSIGNEE];
			/* The old team's queue is not the new one's. */
			s->kept.what[WHAT_QUEUE] = STR_NONE;
		}
		decide_rest(d, &s->kept);
	}
	decide_rest(d, &s->rt->rules->defaults);
	if (s->facts.quarantined || str_is(d->is.what[WHAT_STAKES], "high"))
		d->is.human = TRI_YES;
}

int
step_open(struct step *s, struct err *e)
{
	if (step_before(s, e) != 0 || step_decide(s, e) != 0)
		return -1;
	if (s->d.is.asks == TRI_YES) {
		s->kind = KIND_REQUEST;
		s->said.kind = TALK_REQUEST;
	}
	return 0;
}

int
step_pass(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;

	s->thread = work_add(w, s->r, &s->said, &s->place);
	if (s->thread != NULL && s->thread->waiting_since == TIME_NONE)
		work_done(w, s->place);
	return work_others(w, e);
}

/* A request that a rule takes out has what rules decided, and no more. */
static int
take_out(struct step *s, struct err *e)
{
	s->kind = KIND_OTHER;
	s->said.kind = TALK_NONE;
	s->due = TIME_NONE;
	return step_pass(s, e) != 0 ? -1 : step_put(s, e);
}

static int
request(struct step *s, struct err *e)
{
	struct standing *t;

	if (step_decide(s, e) != 0)
		return -1;
	if (s->d.is.asks == TRI_NO)
		return take_out(s, e);
	t = work_add(&s->rt->work, s->r, &s->said, &s->place);
	s->thread = t;
	s->since = t == NULL ? s->now : t->waiting_since;
	complete(s);
	step_due(s);
	if (step_assign(s, e) != 0)
		return -1;
	step_settle(s);
	return step_put(s, e);
}

int
step_take(struct step *s, struct err *e)
{
	if (s->kind != KIND_ANSWER)
		return request(s, e);
	record_drop(s->r, "route");
	return step_pass(s, e);
}

int
step_again(struct step *s, int64_t due, struct err *e)
{
	if (step_decide(s, e) != 0)
		return -1;
	/* It waits, whatever is said of it now. */
	s->d.is.asks = s->why == ASKS_YES ? TRI_ANY : TRI_YES;
	if (s->thread == NULL)
		return err_set(e, "the state keeps a record without its "
				  "conversation");
	s->since = s->thread->waiting_since;
	complete(s);
	step_due(s);
	/* The promise was the one that is broken. */
	s->due = due;
	if (step_assign(s, e) != 0)
		return -1;
	step_settle(s);
	if (work_save(&s->rt->work, s->thread, s->place, e) != 0)
		return -1;
	return step_put(s, e);
}
