/*
 * Who of ours has it.
 *
 * Who had it keeps it, unless they have left the rule file, or are away and it
 * is new work or due before they are back.  Else it goes to whom the defaults
 * name, and then to the next of the team who has room; where work waits that
 * nobody has, the oldest goes first.
 */
#include "route/step.h"

/* had: they have it already. */
static bool
can_have(struct step *s, struct str who, bool had)
{
	const struct roster *all = &s->rt->rules->roster;
	int64_t back = roster_back(all, who, s->now);

	if (had && !s->assignment->outside && !roster_has(all, who)) {
		map_put(&s->rt->work.left, who, NULL);
		s->lost = LOST_LEFT;
	} else if (back == TIME_NONE ||
		   (had && s->waited_since != TIME_NONE &&
		       (s->due == TIME_NONE || s->due >= back))) {
		return true;
	} else {
		s->lost = LOST_AWAY;
		s->back = back;
	}
	s->lost_by = who;
	return false;
}

/* Whom a rule, the conversation or the defaults name. */
static bool
named(struct step *s, struct str *who)
{
	const struct assignment *p = s->handed ? NULL : s->assignment;
	struct str had = p == NULL ? STR_NONE : p->is.what[WHAT_ASSIGNEE];
	struct str ask[] = { s->d.by_rule.what[WHAT_ASSIGNEE], had,
		s->rt->rules->defaults.what[WHAT_ASSIGNEE] };

	*who = STR_NONE;
	for (size_t i = 0; who->p == NULL && i < 3; i++)
		if (ask[i].p != NULL &&
		    can_have(s, ask[i], had.p != NULL && str_eq(ask[i], had))) {
			*who = ask[i];
			s->stayed = i == 1;
		}
	if (p != NULL && had.p != NULL && s->lost != LOST_NOTHING &&
	    str_eq(s->lost_by, had)) {
		s->handed = true;
		s->from_team = p->is.what[WHAT_TEAM];
		s->from_assignee = had;
	}
	return who->p != NULL;
}

int
step_assign(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str *who = &s->d.is.what[WHAT_ASSIGNEE];
	const struct team *team =
	    rules_team(s->rt->rules, s->d.is.what[WHAT_TEAM]);

	/* Behind those that wait longer: step_serve. */
	if (named(s, who) || team == NULL ||
	    (s->assignment != NULL && work_has_queue(w) && !s->overdue))
		return 0;
	*who = work_next(w, team, s->now);
	return who->p == NULL ? 0 : work_keep_turn(w, team, e);
}

int
step_serve(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct served *served = &s->rt->served;
	size_t at =
	    s->standing == NULL ? 0 : (size_t)(s->standing - w->standings.v);
	struct standing *t;
	int rc = 0;

	while (work_has_queue(w) && served->n < ROUTE_SERVED &&
	       (rc = work_serve(w, s->now, &t, e)) > 0) {
		const struct assignment *p = work_assignment(w, t);

		if (s->standing != NULL && (size_t)(t - w->standings.v) == at)
			s->d.is.what[WHAT_ASSIGNEE] = p->is.what[WHAT_ASSIGNEE];
		else
			vec_add(served,
			    (struct served_one){ t->id, p->is.what[WHAT_TEAM],
				p->is.what[WHAT_ASSIGNEE] });
	}
	if (s->standing != NULL) {
		s->standing = &w->standings.v[at];
		s->assignment = work_assignment(w, s->standing);
	}
	return rc < 0 ? -1 : 0;
}
