/*
 * By when we promised what: the reply to who waits, the next word of us, and
 * that the matter is resolved.  What comes first is due.
 *
 * A matter begins with the first request and ends when an operator says that it
 * is done.  Where nobody says so it ends with the last answer: whoever comes
 * back MATTER_REST later comes with another one, and until then nobody can
 * tell that it was not.
 */
#include "route/step.h"

/* Which level counts, and whose hours. */
static void
find_level(struct step *s, const struct outcome *is)
{
	const struct rules *r = s->rt->rules;
	const struct team *team = rules_team(r, is->what[WHAT_TEAM]);

	for (size_t i = 0; i < PROMISES; i++)
		s->from[i] = s->until[i] = TIME_NONE;
	s->due = TIME_NONE;
	s->level = is->what[WHAT_SERVICE].p != NULL
		       ? rules_service(r, is->what[WHAT_SERVICE])
		       : rules_level(r, is->what[WHAT_PRIORITY]);
	if (s->level == NULL)
		return;
	s->calendar = s->level->calendar;
	if (s->calendar == NULL && team != NULL)
		s->calendar = team->calendar;
}

static void
promise(struct step *s, enum promise p, int64_t from)
{
	if (s->level == NULL || s->level->takes[p] < 0 || from == TIME_NONE)
		return;
	s->from[p] = from;
	s->until[p] =
	    calendar_add(s->calendar == NULL ? NULL : s->calendar->calendar,
		from, s->level->takes[p]);
	if (s->until[p] == TIME_NONE ||
	    (s->due != TIME_NONE && s->due <= s->until[p]))
		return;
	s->due = s->until[p];
	s->promise = p;
}

/* Since when the matter is open that the request belongs to. */
static int64_t
matter_of(const struct step *s)
{
	int64_t since = s->assignment->matter_since;
	int64_t answered = s->standing->last_answer_at;
	bool rested = s->waited_since == TIME_NONE && answered != TIME_NONE &&
		      s->since - answered > MATTER_REST;

	return since == TIME_NONE || s->since < since || rested ? s->since
								: since;
}

void
step_due(struct step *s)
{
	int64_t matter = s->since, answered = TIME_NONE;

	find_level(s, &s->d.is);
	if (s->since == TIME_NONE)
		return;
	if (s->assignment != NULL) {
		matter = s->assignment->matter_since = matter_of(s);
		answered = s->standing->last_answer_at;
	}
	promise(s, s->facts.answered ? PROMISE_NEXT : PROMISE_FIRST, s->since);
	promise(s, PROMISE_RESOLVE, matter);
	if (answered != TIME_NONE && answered >= matter)
		promise(s, PROMISE_UPDATE, answered);
}

void
step_update(struct step *s)
{
	if (s->assignment == NULL || s->assignment->matter_since == TIME_NONE)
		return;
	find_level(s, &s->assignment->is);
	promise(s, PROMISE_UPDATE, s->said.at);
}

bool
step_decided(const struct assignment *p)
{
	for (int i = 0; i < WHATS; i++)
		if (p->is.what[i].p != NULL)
			return true;
	return false;
}

int
step_reopen(
    struct step *s, struct standing *t, struct assignment *p, struct err *e)
{
	struct standing *standing = s->standing;
	struct assignment *assignment = s->assignment;

	if (!step_decided(p))
		p->is = s->rt->rules->defaults;
	memset(&s->d, 0, sizeof(s->d));
	s->d.is = p->is;
	s->since = t->waiting_since;
	s->facts.answered = t->first_answer != TIME_NONE;
	/* It may be another one than the record's. */
	s->standing = t;
	s->assignment = p;
	step_due(s);
	s->standing = standing;
	s->assignment = assignment;
	p->due = s->due;
	work_assign(&s->rt->work, p, p->is.what[WHAT_ASSIGNEE]);
	return work_again(&s->rt->work, p, e);
}
