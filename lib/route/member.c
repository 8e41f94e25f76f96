/*
 * The member `route`.
 */
#include "json/write.h"
#include "route/step.h"

static void
write_rules(struct writer *w, const struct decision *d)
{
	size_t i;

	write_key(w, "rules");
	write_list(w);
	for (i = 0; i < d->n; i++) {
		write_object(w);
		write_member(w, "rule", d->rules[i]->name);
		write_member_int(w, "line", d->rules[i]->line);
		write_object_end(w);
	}
	write_list_end(w);
}

static void
write_route(const struct step *s, struct buf *out)
{
	const struct outcome *is = &s->d.is;
	struct writer w;
	size_t i;

	write_init(&w, out);
	write_object(&w);
	for (i = 0; i < WHATS; i++)
		write_member(&w, what_names[i], is->what[i]);
	if (is->human == TRI_YES) {
		write_key(&w, "human");
		write_bool(&w, true);
	}
	if (is->asks != TRI_ANY) {
		write_key(&w, "asks");
		write_bool(&w, is->asks == TRI_YES);
	}
	write_member_time(&w, "due", s->due);
	if (s->due != TIME_NONE && s->calendar != NULL)
		write_member(&w, "calendar", s->calendar->is.name);
	if (s->overdue) {
		write_key(&w, "overdue");
		write_bool(&w, true);
	}
	if (s->handed) {
		write_key(&w, "handedFrom");
		write_object(&w);
		write_member(&w, "team", s->from_team);
		write_member(&w, "assignee", s->from_assignee);
		write_object_end(&w);
	}
	write_rules(&w, &s->d);
	write_object_end(&w);
}

int
step_put(struct step *s, struct err *e)
{
	struct buf *text = &s->rt->text;

	buf_reset(text);
	write_route(s, text);
	if (text->over)
		return err_set(e, "the decision is too long");
	record_put_raw(s->r, "route", buf_str(text));
	return 0;
}
