/*
 * What an operator decides (record/act.h), for open work: what is done leaves
 * room, what is put off is due no sooner than it waits again, what is assigned
 * has somebody else, and of conversations that are joined one is open.
 */
#include "record/act.h"
#include "route/step.h"
#include "route/work/parts.h"

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

/* What is part of another one is no work of its own, and stays so; what is not
 * any more, too. */
static int
keep_parts(struct step *s, const struct act *a, struct err *e)
{
	struct work *w = &s->rt->work;
	struct json_iter it = json_each(a->conversations);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		size_t i = standings_own(
		    &w->standings, json_str(v, record_arena(s->r)));

		while (i != SIZE_MAX) {
			struct standing *t = &w->standings.v[i];

			if (t->joined != 0)
				work_done(w, work_assignment(w, t));
			if (work_save(w, t, work_assignment(w, t), e) != 0)
				return -1;
			i = t->joined == 0 ? SIZE_MAX : t->joined - 1;
		}
	}
	return 0;
}

/* What was decided for what waited there holds here, where nothing was decided
 * yet; its request stands for what waits now, where nothing waited. */
static void
take_over(struct step *s, struct assignment *to, struct assignment *from)
{
	struct work *w = &s->rt->work;

	if (!step_decided(to)) {
		to->is = from->is;
		to->labels = from->labels;
		to->outside = from->outside;
	}
	if (to->matter_since == TIME_NONE)
		to->matter_since = from->matter_since;
	if (s->waited_since != TIME_NONE ||
	    (from->record == NULL && from->row == 0))
		return;
	w->ops->drop(w, to);
	to->record = from->record;
	to->record_bytes = from->record_bytes;
	to->row = from->row;
	from->record = NULL;
	from->row = 0;
}

/* What was joined into the first. */
static void
take_all_over(struct step *s, const struct act *a)
{
	struct work *w = &s->rt->work;
	struct json_iter it = json_each(a->conversations);
	size_t first = (size_t)(s->standing - w->standings.v);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		size_t i = standings_own(
		    &w->standings, json_str(v, record_arena(s->r)));

		while (i != SIZE_MAX && w->standings.v[i].joined != first + 1)
			i = w->standings.v[i].joined == 0
				? SIZE_MAX
				: w->standings.v[i].joined - 1;
		if (i != SIZE_MAX)
			take_over(s, s->assignment,
			    work_assignment(w, &w->standings.v[i]));
	}
}

static int
obey(struct step *s, const struct act *a, struct err *e)
{
	bool waits = s->standing->waiting_since != TIME_NONE;

	if (a->kind == ACT_DONE && !waits)
		s->assignment->matter_since = TIME_NONE;
	if (a->kind == ACT_JOIN && waits)
		take_all_over(s, a);
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

/* Of what was joined the first. */
static int64_t
waited_since(struct step *s, const struct act *a)
{
	const struct standing *t = standings_get(&s->rt->work.standings,
	    json_str(json_at(a->conversations, 0), record_arena(s->r)));

	return t == NULL ? TIME_NONE : t->waiting_since;
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
	if (a.kind == ACT_JOIN)
		s->waited_since = waited_since(s, &a);
	s->standing = work_add(w, s->r, &s->said, &s->assignment);
	if (s->standing == NULL)
		return 0;
	if (obey(s, &a, e) != 0 ||
	    ((a.kind == ACT_JOIN || a.kind == ACT_PART) &&
		keep_parts(s, &a, e) != 0))
		return -1;
	return step_serve(s, e);
}
