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
write_true(struct writer *w, const char *name, bool is)
{
	if (!is)
		return;
	write_key(w, name);
	write_bool(w, true);
}

static void
write_handed(struct writer *w, const struct step *s)
{
	static const char *const why[] = {
		[LOST_LEFT] = "left", [LOST_AWAY] = "away"
	};

	if (!s->handed)
		return;
	write_key(w, "handedFrom");
	write_object(w);
	write_member(w, "team", s->from_team);
	write_member(w, "assignee", s->from_assignee);
	if (s->lost != LOST_NOTHING && str_eq(s->lost_by, s->from_assignee))
		write_member(w, "why", str_of(why[s->lost]));
	write_object_end(w);
}

/* Other conversations that got somebody by this record. */
static void
write_served(struct writer *w, const struct served *served)
{
	if (served->n == 0)
		return;
	write_key(w, "assigned");
	write_list(w);
	for (size_t i = 0; i < served->n; i++) {
		write_object(w);
		write_member(w, "conversation", served->v[i].conversation);
		write_member(w, "team", served->v[i].team);
		write_member(w, "assignee", served->v[i].assignee);
		write_object_end(w);
	}
	write_list_end(w);
}

/* Of what a rule takes out, those that rules gave it now. */
static void
write_labels(struct writer *w, const struct step *s)
{
	struct str v[RULES_LABELS];
	size_t n = 0;

	for (size_t i = 0; i < s->d.n_labels; i++)
		if (!s->out || (s->d.labels_by_rule >> i & 1) != 0)
			v[n++] = s->d.labels[i];
	if (n > 0)
		write_member_strs(w, "label", v, n);
}

/* Replies alone are what `due` says. */
static bool
more_than_replies(const struct level *l)
{
	return l->takes[PROMISE_RESOLVE] >= 0 || l->takes[PROMISE_UPDATE] >= 0;
}

static void
write_promises(struct writer *w, const struct step *s)
{
	write_key(w, "promises");
	write_object(w);
	for (size_t i = 0; i < PROMISES; i++)
		write_member_time(w, promise_names[i], s->until[i]);
	write_object_end(w);
}

static void
write_decision(struct writer *w, const struct step *s)
{
	const struct outcome *is = &s->d.is;

	for (size_t i = 0; i < WHATS; i++)
		write_member(w, what_names[i], is->what[i]);
	write_labels(w, s);
	write_true(w, "human", is->human == TRI_YES);
	if (is->asks != TRI_ANY) {
		write_key(w, "asks");
		write_bool(w, is->asks == TRI_YES);
	}
	write_member_time(w, "due", s->due);
	if (s->level != NULL && more_than_replies(s->level))
		write_promises(w, s);
	if (s->due != TIME_NONE && s->calendar != NULL)
		write_member(w, "calendar", s->calendar->is.name);
	write_true(w, "overdue", s->overdue);
	write_handed(w, s);
	write_rules(w, &s->d);
}

int
step_put(struct step *s, struct err *e)
{
	struct buf *text = &s->rt->text;
	bool decided = s->kind == KIND_REQUEST || s->out;
	bool update =
	    s->kind == KIND_ANSWER && s->until[PROMISE_UPDATE] != TIME_NONE;
	struct writer w;

	buf_reset(text);
	if (!decided && !update && s->rt->served.n == 0) {
		record_drop(s->r, "route");
		return 0;
	}
	write_init(&w, text);
	write_object(&w);
	if (decided)
		write_decision(&w, s);
	if (update)
		write_promises(&w, s);
	write_served(&w, &s->rt->served);
	write_object_end(&w);
	if (text->over)
		return err_set(e, "the decision is too long");
	record_put_raw(s->r, "route", buf_str(text));
	return 0;
}
