/*
 * What an operator decides (record/act.h), for open work: what is done leaves
 * room, what is put off is due no sooner than it waits again, what is assigned
 * has somebody else, and of conversations that are joined one is open.
 */
#include "record/act.h"
#include "route/step.h"

/* To a member, to a team whose next it is, or to a member of another team. */
static void
assign(struct step *s, const struct act *a)
{
	struct work *w = &s->rt->work;
	struct outcome *is = &s->assignment->is;

	if (a->team.n > 0) {
		is->what[WHAT_TEAM] = intern_str(&w->words, a->team);
		is->what[WHAT_QUEUE] = STR_NONE;
	}
	s->assignment->queued = TIME_NONE;
	work_assign(w, s->assignment,
	    a->assignee.n == 0 ? STR_NONE : intern_str(&w->words, a->assignee));
	is->what[WHAT_ASSIGNEE] = s->assignment->is.what[WHAT_ASSIGNEE];
	s->assignment->outside =
	    a->assignee.n > 0 &&
	    !roster_has(&s->rt->rules->roster, a->assignee);
}

/* All of them are at hand. */
static int
find_all(struct step *s, const struct act *a, struct err *e)
{
	struct json_iter it = json_each(a->conversations);
	struct assignment *p;
	struct standing *t;
	struct json v;

	while (json_next(&it, NULL, &v))
		if (work_find(&s->rt->work, json_str(v, record_arena(s->r)), &t,
			&p, e) != 0)
			return -1;
	return 0;
}

/* What another one stands for is no work of its own. */
static int
close_others(struct step *s, const struct act *a, struct err *e)
{
	struct work *w = &s->rt->work;
	struct json_iter it = json_each(a->conversations);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		size_t own = standings_own(
		    &w->standings, json_str(v, record_arena(s->r)));

		for (; own != SIZE_MAX && w->standings.v[own].joined != 0;
		     own = w->standings.v[own].joined - 1) {
			struct standing *t = &w->standings.v[own];

			work_done(w, work_assignment(w, t));
			if (work_save(w, t, work_assignment(w, t), e) != 0)
				return -1;
		}
	}
	return 0;
}

static int
obey(struct step *s, const struct act *a, struct err *e)
{
	bool waits = s->standing->waiting_since != TIME_NONE;

	if (a->kind == ACT_DONE && !waits)
		s->assignment->matter_since = TIME_NONE;
	if (a->kind == ACT_ASSIGN)
		assign(s, a);
	else if ((a->kind == ACT_REOPEN || a->kind == ACT_JOIN) && waits &&
		 step_reopen(s, s->standing, s->assignment, e) != 0)
		return -1;
	else if (a->kind == ACT_SNOOZE && waits &&
		 s->assignment->due != TIME_NONE &&
		 s->assignment->due < a->until)
		s->assignment->due = a->until;
	if (waits)
		work_waits(&s->rt->work, s->standing, s->assignment);
	else
		work_rest(&s->rt->work, s->assignment);
	return 0;
}

int
step_act(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct act a;

	if (!act_read(s->r, &a))
		return 0;
	if (find_all(s, &a, e) != 0 || step_before(s, e) != 0)
		return -1;
	s->standing = work_add(w, s->r, &s->said, &s->assignment);
	if (s->standing == NULL)
		return 0;
	if (obey(s, &a, e) != 0 ||
	    (a.kind == ACT_JOIN && close_others(s, &a, e) != 0))
		return -1;
	return step_serve(s, e);
}
