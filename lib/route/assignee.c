/*
 * Who of ours has it.
 */
#include "route/step.h"

int
step_assign(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str *who = &s->d.is.what[WHAT_ASSIGNEE];
	const struct team *team =
	    rules_team(s->rt->rules, s->d.is.what[WHAT_TEAM]);

	if (s->d.by_rule.what[WHAT_ASSIGNEE].p != NULL)
		return 0;
	if (s->place != NULL && !s->handed &&
	    s->place->is.what[WHAT_ASSIGNEE].p != NULL) {
		*who = s->place->is.what[WHAT_ASSIGNEE];
		s->stayed = true;
		return 0;
	}
	if (who->p != NULL || team == NULL)
		return 0;
	*who = work_next(w, team);
	return who->p == NULL ? 0 : work_keep_turn(w, team, e);
}
