/*
 * Why a record gets what it gets, for people.
 */
#include "core/diag.h"
#include "route/step.h"

static void
explain_time(struct buf *out, const char *before, int64_t t)
{
	char text[TIME_SIZE];

	if (t != TIME_NONE)
		buf_printf(
		    out, "%s%.*s", before, (int)time_format(t, text), text);
}

enum { EXPLAIN_HUMAN = WHATS, EXPLAIN_ASKS };

static bool
decides(const struct outcome *o, int what)
{
	return what == EXPLAIN_ASKS    ? o->asks != TRI_ANY
	       : what == EXPLAIN_HUMAN ? o->human != TRI_ANY
				       : o->what[what].p != NULL;
}

/* Which rule decided it; NULL where none did, or its assignee is away. */
static const struct rule *
decider(const struct decision *d, int what)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (decides(&d->rules[i]->then, what))
			return what >= WHATS ||
				       str_eq(d->is.what[what],
					   d->rules[i]->then.what[what])
				   ? d->rules[i]
				   : NULL;
	return NULL;
}

static const char *
other_source(const struct step *s, int what)
{
	if (what == EXPLAIN_HUMAN)
		return s->facts.quarantined ? "the record is quarantined"
		       : s->kept.human == TRI_YES
			   ? "as before in this conversation"
			   : "stakes are high";
	if (what == WHAT_ASSIGNEE && !s->stayed)
		return s->handed && s->lost == LOST_NOTHING
			   ? "next in the new team"
			   : "next in the team";
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

/* Which rule gave the label first; NULL where none did now. */
static const struct rule *
labeller(const struct decision *d, size_t label)
{
	if ((d->labels_by_rule >> label & 1) == 0)
		return NULL;
	for (size_t i = 0; i < d->n; i++) {
		const struct words *w = &d->rules[i]->then.labels;

		for (size_t k = 0; k < w->n; k++)
			if (str_eq(w->v[k], d->labels[label]))
				return d->rules[i];
	}
	return NULL;
}

static void
explain_labels(const struct step *s, struct buf *out)
{
	for (size_t i = 0; i < s->d.n_labels; i++) {
		const struct rule *rule = labeller(&s->d, i);

		buf_printf(
		    out, "    label       %.*s  (", STR_ARG(s->d.labels[i]));
		if (rule == NULL)
			buf_add_z(out, "of this conversation, or default)\n");
		else
			buf_printf(out, "rule %.*s, line %d)\n",
			    STR_ARG(rule->name), rule->line);
	}
}

/* Why not another one, or nobody. */
static void
explain_lost(const struct step *s, struct buf *out)
{
	const struct team *team =
	    rules_team(s->rt->rules, s->d.is.what[WHAT_TEAM]);

	if (s->d.is.what[WHAT_ASSIGNEE].p == NULL && team != NULL)
		buf_printf(out, "    assignee    nobody  (%s)\n",
		    team->assign == ASSIGN_NOBODY
			? "the team takes from its queue"
			: "all of the team have what they can carry, or are "
			  "away");
	if (s->lost == LOST_NOTHING)
		return;
	buf_printf(out, "                %.*s %s", STR_ARG(s->lost_by),
	    s->lost == LOST_LEFT ? "has left the rule file" : "is away");
	if (s->lost == LOST_AWAY)
		explain_time(out, " until ", s->back);
	buf_add_char(out, '\n');
}

/* What is due, and what else is promised. */
static void
explain_due(const struct step *s, struct buf *out)
{
	static const char *const names[PROMISES] = { "first reply",
		"next reply", "resolve", "update" };
	char text[TIME_SIZE];

	if (s->due == TIME_NONE)
		return;
	explain_time(out, "    due         ", s->due);
	buf_printf(out, "  (%s of level %.*s: %.*s", names[s->promise],
	    STR_ARG(s->level->is.name),
	    (int)duration_format(s->level->takes[s->promise], text), text);
	if (s->calendar != NULL)
		buf_printf(
		    out, " of calendar %.*s", STR_ARG(s->calendar->is.name));
	explain_time(out, " from ", s->from[s->promise]);
	buf_add_z(out, ")\n");
	for (size_t i = 0; i < PROMISES; i++) {
		if (s->until[i] == TIME_NONE || i == s->promise)
			continue;
		explain_time(out, "                ", s->until[i]);
		buf_printf(out, "  (%s: %.*s", names[i],
		    (int)duration_format(s->level->takes[i], text), text);
		explain_time(out, " from ", s->from[i]);
		buf_add_z(out, ")\n");
	}
}

static void
explain_decision(const struct step *s, struct buf *out)
{
	int i;

	buf_add_z(out, "  decision\n");
	for (i = 0; i < WHATS; i++) {
		explain_one(s, i, what_names[i], s->d.is.what[i], out);
		if (i == WHAT_ASSIGNEE)
			explain_lost(s, out);
	}
	explain_labels(s, out);
	if (s->d.is.human == TRI_YES)
		explain_one(s, EXPLAIN_HUMAN, "human", STR("true"), out);
	if (s->d.is.asks != TRI_ANY)
		explain_one(s, EXPLAIN_ASKS, "asks",
		    s->d.is.asks == TRI_YES ? STR("true") : STR("false"), out);
	if (s->handed)
		buf_printf(out, "    handedFrom  team %.*s, %.*s\n",
		    STR_ARG(s->from_team),
		    STR_ARG(s->from_assignee.p == NULL ? STR("nobody")
						       : s->from_assignee));
	explain_due(s, out);
}

/* Why it gets none by itself. */
static void
explain_none(const struct step *s, struct buf *out)
{
	const char *why = asks_name(s->why);

	buf_printf(out, ": no route, it is %s%s%s\n",
	    s->kind == KIND_ANSWER ? "an answer of ours"
				   : "no request of a customer",
	    why == NULL ? "" : ", why: ", why == NULL ? "" : why);
}

static void
explain_request(const struct step *s, struct buf *out)
{
	const char *why = asks_name(s->why);
	char text[TIME_SIZE];

	buf_printf(out, ": %s on %.*s",
	    s->aside ? "quarantined message" : "request",
	    STR_ARG(record_str(s->r, "channel")));
	explain_time(out, " at ", s->now);
	if (why != NULL)
		buf_printf(out, ", which a rule made of it (%s)", why);
	if (s->facts.waited >= 0)
		buf_printf(out, ", waiting for %.*s already%s",
		    (int)duration_format(s->facts.waited, text), text,
		    s->facts.overdue ? ", past its due time" : "");
	buf_add_char(out, '\n');
}

int
route_explain(struct route *rt, struct record *r, const char *id,
    struct buf *out, struct err *e)
{
	struct step s;

	if (!str_is(record_str(r, "id"), id))
		return route_record(rt, r, e);
	rt->explained++;
	step_init(&s, rt, r);
	if (s.open && step_open(&s, e) != 0)
		return -1;
	buf_printf(out, "%.*s", STR_ARG(record_str(r, "id")));
	if (s.kind != KIND_REQUEST)
		explain_none(&s, out);
	if (s.kind != KIND_REQUEST && !s.open)
		return 0;
	if (step_before(&s, e) != 0)
		return -1;
	if (s.kind == KIND_REQUEST)
		explain_request(&s, out);
	if (decide_explain(rt->rules, &s.facts, out, e) != 0)
		return -1;
	if (s.kind != KIND_REQUEST)
		return 0;
	s.standing = NULL;
	if (step_take(&s, e) != 0)
		return -1;
	explain_decision(&s, out);
	return 0;
}

bool
route_explained(const struct route *rt, const char *id)
{
	if (rt->explained == 0)
		diag(DIAG_NOTE, NULL, "no record has the id %s", id);
	return rt->explained > 0;
}
