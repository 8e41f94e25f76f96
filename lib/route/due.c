/*
 * When the answer is due.
 */
#include "route/step.h"

void
step_due(struct step *s)
{
	const struct team *team =
	    rules_team(s->rt->rules, s->d.is.what[WHAT_TEAM]);
	int64_t takes;

	s->due = TIME_NONE;
	s->level = rules_level(s->rt->rules, s->d.is.what[WHAT_PRIORITY]);
	s->later = s->facts.answered;
	if (s->level == NULL || s->since == TIME_NONE)
		return;
	s->calendar = s->level->calendar;
	if (s->calendar == NULL && team != NULL)
		s->calendar = team->calendar;
	takes = s->later ? s->level->next : s->level->first;
	if (takes >= 0)
		s->due = calendar_add(
		    s->calendar == NULL ? NULL : s->calendar->calendar,
		    s->since, takes);
}
