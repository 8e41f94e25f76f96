#include "route/step.h"

#include <stddef.h>

#include "record/act.h"

void
step_init(struct step *s, struct route *rt, struct record *r)
{
	struct str conversation = record_str(r, "conversation");
	uint64_t hash = map_hash(conversation);

	work_soon(&rt->work, hash, MAP_SLOT);
	memset(s, 0, offsetof(struct step, d));
	for (size_t i = 0; i < PROMISES; i++)
		s->until[i] = TIME_NONE;
	rt->served.n = 0;
	buf_reset(&rt->text);
	s->rt = rt;
	s->r = r;
	s->said.conversation = conversation;
	s->why = record_asks_merged(r);
	s->said.kind = record_role_by(r, s->why);
	work_soon(&rt->work, hash, MAP_ENTRY);
	s->said.at = record_time(r);
	work_soon(&rt->work, hash, MAP_KEY);
	s->now = s->said.at;
	if (s->said.kind == ROLE_REQUEST)
		s->kind = KIND_REQUEST;
	else if (s->said.kind == ROLE_ANSWER)
		s->kind = KIND_ANSWER;
	else if (s->said.kind == ROLE_ACT && conversation.p == NULL)
		s->said.conversation = record_conversation(r);
	s->open = rt->rules->take_in && s->why != ASKS_YES &&
		  s->why != ASKS_NOT_INBOUND;
	if (s->kind == KIND_REQUEST || s->open)
		s->aside = record_get(r, "quarantine").doc != NULL;
}

/* What the record may concern beside its conversation is at hand: how many
 * there are, or -1. */
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
	return (int)n;
}

int
step_before(struct step *s, struct err *e)
{
	struct standing *t;
	int others;

	s->facts.record = s->r;
	s->waited_since = TIME_NONE;
	s->facts.waited = s->facts.age = -1;
	s->facts.at = s->said.at;
	if (s->said.at != TIME_NONE && s->rt->now != TIME_NONE)
		s->facts.age =
		    s->rt->now > s->said.at ? s->rt->now - s->said.at : 0;
	s->facts.quarantined = s->aside;
	if (s->said.conversation.p == NULL)
		return 0;
	/* The receipt's conversation tells of others, so that comes first. */
	if (work_find(&s->rt->work, s->said.conversation, &t, &s->assignment,
		e) != 0 ||
	    (others = find_others(s, e)) < 0 ||
	    (others > 0 && work_find(&s->rt->work, s->said.conversation, &t,
			       &s->assignment, e) != 0))
		return -1;
	s->standing = t;
	s->facts.labels = s->assignment->labels;
	s->waited_since = t->waiting_since;
	s->facts.answered = t->first_answer != TIME_NONE;
	if (t->waiting_since != TIME_NONE && s->now != TIME_NONE) {
		s->facts.waited = s->now - t->waiting_since;
		s->facts.overdue = s->assignment->due != TIME_NONE &&
				   s->now > s->assignment->due;
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

/* The decision becomes the conversation's.  One that comes late was answered
 * since, and is no open work. */
static void
step_settle(struct step *s)
{
	struct work *w = &s->rt->work;
	bool waits;

	if (s->assignment == NULL)
		return;
	waits = s->standing->waiting_since != TIME_NONE;
	s->assignment->outside = s->assignment->outside && s->stayed;
	work_assign(
	    w, s->assignment, waits ? s->d.is.what[WHAT_ASSIGNEE] : STR_NONE);
	s->assignment->is = s->d.is;
	s->assignment->due = s->due;
	work_label(w, s->assignment, s->d.labels, s->d.n_labels);
	if (s->handed)
		s->assignment->queued = TIME_NONE;
	if (waits)
		work_waits(w, s->standing, s->assignment);
}

/* What stays of the conversation's last decision: all that the rule file knows
 * yet.  The queue of a team that has it no more is not the new one's. */
static void
keep(struct step *s)
{
	const struct rules *r = s->rt->rules;
	struct str *kept = s->kept.what;
	struct str team = s->d.by_rule.what[WHAT_TEAM];

	s->kept = s->assignment->is;
	s->kept.asks = TRI_ANY; /* each record for itself */
	kept[WHAT_ASSIGNEE] = STR_NONE;
	if (r->sections[LEVELS].n > 0 &&
	    rules_level(r, kept[WHAT_PRIORITY]) == NULL)
		kept[WHAT_PRIORITY] = STR_NONE;
	if (rules_service(r, kept[WHAT_SERVICE]) == NULL)
		kept[WHAT_SERVICE] = STR_NONE;
	if (kept[WHAT_TEAM].p == NULL)
		return;
	if (team.p == NULL && rules_team(r, kept[WHAT_TEAM]) == NULL) {
		kept[WHAT_TEAM] = STR_NONE;
		team = r->defaults.what[WHAT_TEAM];
	}
	if (team.p == NULL || str_eq(team, s->assignment->is.what[WHAT_TEAM]))
		return;
	s->handed = true;
	s->from_team = s->assignment->is.what[WHAT_TEAM];
	s->from_assignee = s->assignment->is.what[WHAT_ASSIGNEE];
	kept[WHAT_QUEUE] = STR_NONE;
}

/* What no rule decided comes from before, then from the defaults. */
static void
complete(struct step *s)
{
	struct decision *d = &s->d;

	if (s->assignment != NULL) {
		keep(s);
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
		s->said.kind = ROLE_REQUEST;
	}
	return 0;
}

/* What became of its wait, which was since `before`. */
static int
waiting_now(struct step *s, struct standing *t, struct assignment *p,
    int64_t before, struct err *e)
{
	struct work *w = &s->rt->work;

	if (t->waiting_since != TIME_NONE) {
		if (before == TIME_NONE && step_reopen(s, t, p, e) != 0)
			return -1;
		work_waits(w, t, p);
	} else if (s->kind == KIND_ANSWER) {
		work_answered(w, p);
	} else if (before != TIME_NONE) {
		work_done(w, p);
	}
	return 0;
}

int
step_line(struct step *s, struct str *out, struct err *e)
{
	struct buf *line = &s->rt->line;

	buf_reset(line);
	if (record_write(s->r, line, e) != 0)
		return -1;
	*out = buf_str(line);
	return 0;
}

/* Its request is not kept any more: what tells that it waits again stands for
 * it. */
static int
keep_record(
    struct step *s, struct standing *t, struct assignment *p, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str record, id;

	if (!work_holds(w) || t->waiting_since == TIME_NONE ||
	    p->record != NULL || p->row != 0)
		return 0;
	id = arena_printf(record_arena(s->r), "%.*s %.*s",
	    STR_ARG(record_str(s->r, "id")), STR_ARG(t->id));
	return step_line(s, &record, e) != 0
		   ? -1
		   : work_see(w, id, STR_NONE, record, p, e);
}

/* What the record means for other conversations, as far as find_others had
 * them at hand. */
static int
pass_others(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;

	for (size_t i = 0; i < w->standings.others.n; i++) {
		const struct other_answered *x = &w->standings.others.v[i];
		struct standing *t = &w->standings.v[x->at];
		struct assignment *p = work_assignment(w, t);

		if (waiting_now(s, t, p, x->before.waiting_since, e) != 0 ||
		    keep_record(s, t, p, e) != 0 || work_save(w, t, p, e) != 0)
			return -1;
	}
	return 0;
}

/* Its own answers are kept, also where another one stands for it. */
static int
keep_own(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	size_t i;

	if (!w->keeps || s->standing == NULL ||
	    str_eq(s->standing->id, s->said.conversation))
		return 0;
	for (i = standings_own(&w->standings, s->said.conversation);
	     i != SIZE_MAX && w->standings.v[i].joined != 0;
	     i = w->standings.v[i].joined - 1) {
		struct standing *t = &w->standings.v[i];

		if (work_save(w, t, work_assignment(w, t), e) != 0)
			return -1;
	}
	return 0;
}

int
step_pass(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;

	s->standing = work_add(w, s->r, &s->said, &s->assignment);
	if (pass_others(s, e) != 0 || keep_own(s, e) != 0)
		return -1;
	/* Those may have moved it. */
	if (s->standing != NULL)
		s->assignment = work_assignment(w, s->standing);
	if (s->standing != NULL &&
	    waiting_now(s, s->standing, s->assignment, s->waited_since, e) != 0)
		return -1;
	return step_serve(s, e);
}

/* A request that a rule takes out has what rules decided, and no more. */
static int
take_out(struct step *s, struct err *e)
{
	s->kind = KIND_OTHER;
	s->said.kind = ROLE_NONE;
	s->due = TIME_NONE;
	s->out = true;
	return step_pass(s, e) != 0 ? -1 : step_put(s, e);
}

static int
request(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct standing *t;

	if (step_decide(s, e) != 0)
		return -1;
	if (s->d.is.asks == TRI_NO)
		return take_out(s, e);
	t = work_add(w, s->r, &s->said, &s->assignment);
	s->standing = t;
	if (w->standings.others.n > 0) {
		if (pass_others(s, e) != 0)
			return -1;
		t = s->standing =
		    standings_get(&w->standings, s->said.conversation);
		s->assignment = work_assignment(w, t);
	}
	s->since = t == NULL ? s->now : t->waiting_since;
	complete(s);
	step_due(s);
	if (step_assign(s, e) != 0)
		return -1;
	step_settle(s);
	return step_serve(s, e) != 0 ? -1 : step_put(s, e);
}

int
step_take(struct step *s, struct err *e)
{
	if (s->kind != KIND_ANSWER)
		return request(s, e);
	if (step_pass(s, e) != 0)
		return -1;
	step_update(s);
	return step_put(s, e);
}

int
step_again(struct step *s, int64_t due, struct err *e)
{
	if (step_decide(s, e) != 0)
		return -1;
	/* It waits, whatever is said of it now. */
	s->kind = KIND_REQUEST;
	s->d.is.asks = s->why == ASKS_YES ? TRI_ANY : TRI_YES;
	if (s->standing == NULL)
		return err_set(e, "the state keeps a record without its "
				  "conversation");
	s->since = s->standing->waiting_since;
	complete(s);
	step_due(s);
	/* The promise was the one that is broken. */
	s->due = due;
	if (step_assign(s, e) != 0)
		return -1;
	step_settle(s);
	if (work_save(&s->rt->work, s->standing, s->assignment, e) != 0)
		return -1;
	return step_put(s, e);
}
