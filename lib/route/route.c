#include "route/route.h"

#include <stddef.h>

#include "json/write.h"

enum { ROUTE_BYTES = 1 << 20 };

enum kind { KIND_OTHER, KIND_REQUEST, KIND_ANSWER, KIND_QUARANTINED };

/* What is known while one record is routed. */
struct step {
	struct route *rt;
	struct record *r;
	struct said said; /* what it says of its conversation */
	enum asks why; /* or why it does not ask */
	enum kind kind;
	int64_t now; /* the record's time, or --now for what is overdue */
	struct standing *thread; /* NULL where it has no conversation */
	struct assignment *place;
	struct facts facts;
	struct outcome kept; /* from the conversation's last decision */
	int64_t since, due;
	const struct level *level;
	const struct named_calendar *calendar;
	bool later; /* the level's next, not its first */
	bool handed; /* from another team */
	bool stayed; /* the assignee is who had it */
	struct str from_team, from_assignee;
	bool overdue; /* decided anew at its due time */
	struct decision d; /* large, and set by decide() alone */
};

int
route_open(struct route *rt, struct rules *rules, const char *dir, bool keep,
    int64_t now, struct err *e)
{
	*rt = (struct route){ .rules = rules, .now = now };
	buf_init(&rt->text, ROUTE_BYTES);
	buf_init(&rt->line, SIZE_MAX / 2);
	return work_open(&rt->work, dir, keep, e);
}

void
route_close(struct route *rt)
{
	work_close(&rt->work);
	buf_release(&rt->text);
	buf_release(&rt->line);
}

/* --- what stays, the clock, the person --- */

/* What no rule decided comes from before, then from the defaults. */
static void
complete(struct step *s)
{
	struct decision *d = &s->d;
	struct str team = d->by_rule.what[WHAT_TEAM], before;

	if (s->place != NULL) {
		s->kept = s->place->is;
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

static void
find_due(struct step *s)
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

/* -1 only where the state cannot be written. */
static int
find_assignee(struct step *s, struct err *e)
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

/* --- the member --- */

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

static int
put_route(struct step *s, struct err *e)
{
	struct buf *text = &s->rt->text;

	buf_reset(text);
	write_route(s, text);
	if (text->over)
		return err_set(e, "the decision is too long");
	record_put_raw(s->r, "route", buf_str(text));
	return 0;
}

/* --- one record --- */

static void
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
		s->kind = record_get(r, "quarantine").doc != NULL
			      ? KIND_QUARANTINED
			      : KIND_REQUEST;
	else if (s->said.kind == TALK_ANSWER)
		s->kind = KIND_ANSWER;
}

/* What stands before the record is taken in. */
static int
step_before(struct step *s, struct err *e)
{
	struct standing *t;

	s->facts.record = s->r;
	s->facts.waited = s->facts.age = -1;
	s->facts.at = s->said.at;
	if (s->said.at != TIME_NONE && s->rt->now != TIME_NONE)
		s->facts.age =
		    s->rt->now > s->said.at ? s->rt->now - s->said.at : 0;
	s->facts.quarantined = s->kind == KIND_QUARANTINED;
	if (s->said.conversation.p == NULL)
		return 0;
	if (work_find(&s->rt->work, s->said.conversation, &t, &s->place, e) !=
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

	if (decide(rt->rules, &s->facts, &s->d, e) != 0)
		return -1;
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

static int
request(struct step *s, struct err *e)
{
	struct standing *t;

	if (step_decide(s, e) != 0)
		return -1;
	t = work_add(&s->rt->work, s->r, &s->said, &s->place);
	s->thread = t;
	s->since = t == NULL ? s->now : t->waiting_since;
	complete(s);
	find_due(s);
	if (find_assignee(s, e) != 0)
		return -1;
	step_settle(s);
	return put_route(s, e);
}

static int
answer(struct step *s)
{
	record_drop(s->r, "route");
	s->thread = work_add(&s->rt->work, s->r, &s->said, &s->place);
	if (s->thread == NULL)
		return 0;
	if (s->thread->waiting_since == TIME_NONE)
		work_done(&s->rt->work, s->place);
	return 0;
}

/* Remembers what the record got, and what it means for open work. */
static int
remember(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str route = STR_NONE, record = STR_NONE;

	if (s->rt->text.n > 0)
		route = buf_str(&s->rt->text);
	if (s->kind != KIND_ANSWER && s->thread != NULL && work_holds(w)) {
		buf_reset(&s->rt->line);
		if (record_write(s->r, &s->rt->line, e) != 0)
			return -1;
		record = buf_str(&s->rt->line);
	}
	if (work_see(w, record_str(s->r, "id"), route, record, s->place, e) !=
	    0)
		return -1;
	if (s->thread == NULL)
		return 0;
	return work_save(w, s->thread, s->place, e);
}

static int
by_kind(struct step *s, struct err *e)
{
	if (s->kind == KIND_ANSWER)
		return answer(s);
	return request(s, e);
}

/* A request that was routed and asks for nothing any more. */
static int
taken_back(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str route;
	int rc = work_seen(w, record_str(s->r, "id"), &route, e);

	if (rc <= 0)
		return rc;
	if (step_before(s, e) != 0 || answer(s) != 0)
		return -1;
	return s->thread == NULL ? 0 : work_save(w, s->thread, s->place, e);
}

int
route_record(struct route *rt, struct record *r, struct err *e)
{
	struct str route = STR_NONE;
	struct step s;
	int rc;

	step_init(&s, rt, r);
	if (s.kind == KIND_OTHER) {
		record_drop(r, "route");
		return record_has_keyword(r, "updated") ? taken_back(&s, e) : 0;
	}
	rc = work_seen(&rt->work, record_str(r, "id"), &route, e);
	if (rc < 0)
		return -1;
	if (rc > 0) {
		if (route.p == NULL)
			record_drop(r, "route");
		else
			record_put_raw(r, "route", route);
		return 0;
	}
	buf_reset(&rt->text);
	if (step_before(&s, e) != 0 || by_kind(&s, e) != 0)
		return -1;
	return remember(&s, e);
}

/* --- overdue --- */

static int
escalate(struct route *rt, struct record *r, int64_t now,
    const struct late *late, struct err *e)
{
	struct step s;

	step_init(&s, rt, r);
	s.now = now;
	s.overdue = true;
	if (step_before(&s, e) != 0 || step_decide(&s, e) != 0)
		return -1;
	if (s.thread == NULL)
		return err_set(e, "the state keeps a record without its "
				  "conversation");
	s.since = s.thread->waiting_since;
	complete(&s);
	find_due(&s);
	/* The promise was the one that is broken. */
	s.due = late->due;
	if (find_assignee(&s, e) != 0)
		return -1;
	step_settle(&s);
	if (work_save(&rt->work, s.thread, s.place, e) != 0)
		return -1;
	return put_route(&s, e);
}

int64_t
route_failures(struct route *rt, struct err *why)
{
	uint64_t n = rt->failed - rt->failures_told;

	why->msg[0] = '\0';
	if (n > 0 && rt->failures_told == 0)
		err_set(why,
		    "rule %.*s of line %d does not hold, because its `if` "
		    "fails: %s",
		    STR_ARG(rt->failed_rule->name), rt->failed_rule->line,
		    rt->failed_why.msg);
	rt->failures_told = rt->failed;
	return (int64_t)n;
}

int
route_settle(struct route *rt, bool all, struct err *e)
{
	if (work_sweep(&rt->work, all, e) != 0)
		return -1;
	return work_commit(&rt->work, e);
}

int
route_overdue(struct route *rt, int64_t now, struct sink *out, size_t *count,
    struct err *e)
{
	struct record *r = record_new();
	struct arena a = { 0 };
	struct late *late;
	struct buf line;
	size_t i, n;
	int rc;

	buf_init(&line, SIZE_MAX / 2);
	rc = work_overdue(&rt->work, now, &a, &late, &n, e);
	for (i = 0; rc == 0 && i < n; i++) {
		buf_reset(&line);
		buf_add_str(&line, late[i].record);
		rc = record_parse(r, buf_str(&line), e);
		if (rc == 0)
			rc = escalate(rt, r, now, &late[i], e);
		if (rc == 0)
			rc = record_write(r, sink_out(out), e);
		if (rc == 0)
			rc = sink_commit(out, e);
	}
	*count = n;
	buf_release(&line);
	arena_release(&a);
	record_free(r);
	return rc;
}

/* --- explanation --- */

static void
explain_time(struct buf *out, const char *before, int64_t t)
{
	char text[TIME_SIZE];

	if (t != TIME_NONE)
		buf_printf(
		    out, "%s%.*s", before, (int)time_format(t, text), text);
}

/* Which rule decided it; NULL where none did. */
static const struct rule *
decider(const struct decision *d, int what)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (what == WHATS ? d->rules[i]->then.human != TRI_ANY
				  : d->rules[i]->then.what[what].p != NULL)
			return d->rules[i];
	return NULL;
}

static const char *
other_source(const struct step *s, int what)
{
	if (what == WHATS)
		return s->facts.quarantined ? "the record is quarantined"
		       : s->kept.human == TRI_YES
			   ? "as before in this conversation"
			   : "stakes are high";
	if (what == WHAT_ASSIGNEE && !s->stayed)
		return s->handed ? "next in the new team" : "next in the team";
	if (what == WHAT_ASSIGNEE)
		return "as before in this conversation";
	return s->kept.what[what].p != NULL ? "as before in this conversation"
					    : "default";
}

static void
explain_one(const struct step *s, int what, const char *name, struct str is,
    struct buf *out)
{
	const struct rule *rule = decider(&s->d, what);

	if (is.p == NULL)
		return;
	buf_printf(out, "    %-11s %.*s  (", name, STR_ARG(is));
	if (rule != NULL)
		buf_printf(out, "rule %.*s, line %d)\n", STR_ARG(rule->name),
		    rule->line);
	else
		buf_printf(out, "%s)\n", other_source(s, what));
}

static void
explain_decision(const struct step *s, struct buf *out)
{
	char text[TIME_SIZE];
	int i;

	buf_add_z(out, "  decision\n");
	for (i = 0; i < WHATS; i++)
		explain_one(s, i, what_names[i], s->d.is.what[i], out);
	if (s->d.is.human == TRI_YES)
		explain_one(s, WHATS, "human", STR("true"), out);
	if (s->handed)
		buf_printf(out, "    handedFrom  team %.*s, %.*s\n",
		    STR_ARG(s->from_team),
		    STR_ARG(s->from_assignee.p == NULL ? STR("nobody")
						       : s->from_assignee));
	if (s->due == TIME_NONE)
		return;
	explain_time(out, "    due         ", s->due);
	buf_printf(out, "  (%s reply of level %.*s: %.*s",
	    s->later ? "next" : "first", STR_ARG(s->level->is.name),
	    (int)duration_format(
		s->later ? s->level->next : s->level->first, text),
	    text);
	if (s->calendar != NULL)
		buf_printf(
		    out, " of calendar %.*s", STR_ARG(s->calendar->is.name));
	explain_time(out, " from ", s->since);
	buf_add_z(out, ")\n");
}

int
route_explain(struct route *rt, struct record *r, const char *id,
    struct buf *out, struct err *e)
{
	struct step s;
	char text[TIME_SIZE];

	if (!str_is(record_str(r, "id"), id))
		return route_record(rt, r, e);
	step_init(&s, rt, r);
	buf_printf(out, "%.*s", STR_ARG(record_str(r, "id")));
	if (s.kind == KIND_OTHER || s.kind == KIND_ANSWER) {
		const char *why = asks_name(s.why);

		buf_printf(out, ": no route, it is %s%s%s\n",
		    s.kind == KIND_ANSWER ? "an answer of ours"
					  : "no request of a customer",
		    why == NULL ? "" : ", why: ", why == NULL ? "" : why);
		return 0;
	}
	if (step_before(&s, e) != 0)
		return -1;
	buf_printf(out, ": %s on %.*s",
	    s.kind == KIND_QUARANTINED ? "quarantined message" : "request",
	    STR_ARG(record_str(r, "channel")));
	explain_time(out, " at ", s.now);
	if (s.facts.waited >= 0)
		buf_printf(out, ", waiting for %.*s already%s",
		    (int)duration_format(s.facts.waited, text), text,
		    s.facts.overdue ? ", past its due time" : "");
	buf_add_char(out, '\n');
	if (decide_explain(rt->rules, &s.facts, out, e) != 0)
		return -1;
	s.thread = NULL;
	if (by_kind(&s, e) != 0)
		return -1;
	explain_decision(&s, out);
	return 0;
}
