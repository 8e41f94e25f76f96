#include "route/route.h"

#include "core/diag.h"
#include "route/step.h"

enum { ROUTE_BYTES = 1 << 20 };

int
route_open(struct route *rt, struct rules *rules, const char *dir,
    const struct route_when *when, struct err *e)
{
	bool aged = (rules->asks >> ASK_OLDER & 1) != 0;

	*rt = (struct route){ .rules = rules,
		.now = aged ? when->now : TIME_NONE,
		.gate = { .fresh = when->fresh, .now = when->now } };
	if (when->fresh > 0 && !when->late)
		return err_set(e, "--fresh goes with --overdue");
	buf_init(&rt->text, ROUTE_BYTES);
	buf_init(&rt->line, SIZE_MAX / 2);
	if (work_open(&rt->work, rules, dir, when->late, e) != 0)
		return -1;
	return kept_read(rt, dir, e);
}

void
route_close(struct route *rt)
{
	work_close(&rt->work);
	kept_release(rt);
	vec_release(&rt->served);
	buf_release(&rt->text);
	buf_release(&rt->line);
}

/* What an earlier run gave the record has this name: once more where it was set
 * aside and is let in, or was taken back and asks again. */
static struct str
given_as(struct step *s)
{
	struct str id = record_str(s->r, "id");
	struct arena *a = record_arena(s->r);

	if (s->kind == KIND_REQUEST && s->anew)
		return arena_printf(a, "%.*s asks again", STR_ARG(id));
	return s->kind == KIND_REQUEST && record_moved_from(s->r).p != NULL
		   ? arena_printf(a, "%.*s let in", STR_ARG(id))
		   : id;
}

/* Was the request taken back, by a version that asked for nothing?  With a state
 * alone: elsewhere each version is routed. */
static int
find_anew(struct step *s, struct err *e)
{
	struct str id = record_str(s->r, "id"), route = STR_NONE;
	int rc;

	if (s->kind != KIND_REQUEST || !record_has_keyword(s->r, "updated"))
		return 0;
	rc = work_seen(&s->rt->work,
	    arena_printf(record_arena(s->r), "%.*s taken back", STR_ARG(id)),
	    &route, e);
	s->anew = rc > 0;
	return rc < 0 ? -1 : 0;
}

/* The conversation waits and its request is not kept any more: what tells that
 * it waits again stands for it. */
static bool
waits_without(const struct step *s)
{
	return work_holds(&s->rt->work) && s->standing != NULL &&
	       s->standing->waiting_since != TIME_NONE &&
	       s->assignment->record == NULL && s->assignment->row == 0;
}

/* Remembers what the record got, and what it means for open work. */
static int
remember(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str route = STR_NONE, record = STR_NONE, id = STR_NONE;

	if (s->rt->text.n > 0)
		route = buf_str(&s->rt->text);
	if (s->kind == KIND_REQUEST && s->standing != NULL && work_holds(w) &&
	    step_line(s, &record, e) != 0)
		return -1;
	if (work_remembers(w))
		id = given_as(s);
	if (work_see(w, id, route, record, s->assignment, e) != 0)
		return -1;
	if (s->standing == NULL)
		return 0;
	return work_save(w, s->standing, s->assignment, e);
}

/*
 * What asks for nothing and changes who waits.  It is remembered by an id of
 * its own, for what it set free.
 */
static int
pass_once(struct step *s, const char *what, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str id = record_str(s->r, "id"), route = STR_NONE;
	struct str record = STR_NONE;
	struct str again =
	    ARENA_JOIN(record_arena(s->r), id, STR(" "), str_of(what));
	int rc = work_seen(w, again, &route, e);

	if (rc != 0) {
		if (route.p != NULL)
			record_put_raw(s->r, "route", route);
		return rc < 0 ? -1 : 0;
	}
	if ((s->said.kind == ROLE_ACT
		    ? step_act(s, e)
		    : step_before(s, e) != 0 || step_pass(s, e) != 0) != 0 ||
	    step_put(s, e) != 0)
		return -1;
	route = s->rt->text.n > 0 ? buf_str(&s->rt->text) : STR_NONE;
	if (waits_without(s) && step_line(s, &record, e) != 0)
		return -1;
	if (work_see(w, again, route, record, s->assignment, e) != 0)
		return -1;
	return s->standing == NULL
		   ? 0
		   : work_save(w, s->standing, s->assignment, e);
}

/* A request that was routed and asks for nothing any more.  With a state only
 * what it has given out counts. */
static int
taken_back(struct step *s, struct err *e)
{
	struct work *w = &s->rt->work;
	struct str route;
	int rc;

	if (w->keeps &&
	    (rc = work_seen(w, record_str(s->r, "id"), &route, e)) <= 0)
		return rc;
	return pass_once(s, "taken back", e);
}

/* An answer that failed ends no wait any more. */
static int
came_back(struct step *s, struct err *e)
{
	struct receipt receipt;

	if (!record_receipt(s->r, &receipt) || receipt.status != RECEIPT_FAILED)
		return 0;
	return pass_once(s, "came back", e) != 0 ||
		       work_came_early(&s->rt->work, s->r, &receipt, e) != 0
		   ? -1
		   : 0;
}

/*
 * 1 where an earlier run routed the record, which gets the same again; 0, -1.
 * What asks for nothing was routed only if a rule took it in, unless it is a
 * later version of what asked.
 */
static int
given_before(struct step *s, bool updated, struct err *e)
{
	struct str route = STR_NONE;
	int rc;

	if (!work_remembers(&s->rt->work) ||
	    (s->kind == KIND_OTHER && (!s->open || updated)))
		return 0;
	rc = work_seen(&s->rt->work, given_as(s), &route, e);
	if (rc <= 0 || (s->kind == KIND_OTHER && route.p == NULL))
		return rc < 0 ? -1 : 0;
	if (route.p == NULL)
		record_drop(s->r, "route");
	else
		record_put_raw(s->r, "route", route);
	return 1;
}

/* What was decided before a record of that time and id. */
static int
take_kept(struct route *rt, int64_t at, struct str id, struct err *e)
{
	struct gate came = rt->gate;
	struct record *r = NULL;
	struct str line;
	struct buf padded;
	int rc = 0;

	buf_init(&padded, SIZE_MAX / 2);
	while (rc == 0 && kept_next(rt, at, id, &line)) {
		if (r == NULL)
			r = record_new();
		buf_reset(&padded);
		buf_add_str(&padded, line);
		rc = record_parse(r, buf_str(&padded), e);
		if (rc == 0)
			rc = route_record(rt, r, e);
	}
	rt->gate = came;
	record_free(r);
	buf_release(&padded);
	return rc;
}

int
route_record(struct route *rt, struct record *r, struct err *e)
{
	struct step s;
	bool updated;
	int rc;

	if (rt->kept_next < rt->kept.n &&
	    take_kept(rt, record_time(r), record_str(r, "id"), e) != 0)
		return -1;
	gate_see(&rt->gate, r);
	step_init(&s, rt, r);
	updated = s.kind == KIND_OTHER && record_has_keyword(r, "updated");
	if (find_anew(&s, e) != 0)
		return -1;
	rc = given_before(&s, updated, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (s.open && step_open(&s, e) != 0)
		return -1;
	if (s.kind == KIND_OTHER) {
		record_drop(r, "route");
		return s.said.kind == ROLE_ACT ? pass_once(&s, "act", e)
		       : updated               ? taken_back(&s, e)
					       : came_back(&s, e);
	}
	if (step_before(&s, e) != 0 || step_take(&s, e) != 0)
		return -1;
	return remember(&s, e);
}

/* --- overdue --- */

static int64_t
failures(struct route *rt, struct err *why)
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

static bool
left(struct route *rt, struct err *why)
{
	const struct map *left = &rt->work.left;
	const struct map_entry *who;

	if (rt->left_told == left->n)
		return false;
	who = &left->entries[rt->left_told++];
	if (who->value == 0)
		err_set(why,
		    "%.*s is in no team and in no rule any more: what they had "
		    "goes to somebody else",
		    STR_ARG(who->key));
	else
		work_say_left(who->key, who->value, why);
	return true;
}

void
route_say_troubles(struct route *rt, const char *rules_path, struct sink *out)
{
	struct err why;
	int64_t n;

	while (left(rt, &why))
		diag(DIAG_WARN, rules_path, "%s", why.msg);
	n = failures(rt, &why);
	if (*why.msg != '\0')
		diag(DIAG_WARN, sink_place(out), "%s", why.msg);
	if (n > 0)
		sink_sum(out, "failed ifs", n);
}

int
route_settle(struct route *rt, bool all, struct err *e)
{
	if (work_sweep(&rt->work, all, e) != 0)
		return -1;
	return work_commit(&rt->work, e);
}

static int
read_late(struct record *r, struct buf *line, struct str text, struct err *e)
{
	buf_reset(line);
	buf_add_str(line, text);
	return record_parse(r, buf_str(line), e);
}

static int
escalate(struct route *rt, struct record *r, int64_t now, struct late *late,
    struct arena *a, struct err *e)
{
	struct step s;

	if (read_late(r, &rt->line, late->record, e) != 0)
		return -1;
	step_init(&s, rt, r);
	/* An act that joined it names several, and none may be this one. */
	s.said.conversation = late->conversation;
	s.now = now;
	s.overdue = true;
	s.aside = record_get(r, "quarantine").doc != NULL;
	if (step_before(&s, e) != 0 || step_again(&s, late->due, e) != 0)
		return -1;
	late->route = arena_dup(a, buf_str(&rt->text));
	return 0;
}

static int
by_due(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return str_cmp(x->conversation, y->conversation);
}

/* Who waits longest is given a place first; written first is what is due
 * longest. */
int
route_overdue(struct route *rt, int64_t now, struct sink *out, size_t *count,
    struct err *e)
{
	struct record *r = record_new();
	struct arena a = { 0 };
	struct late *late = NULL;
	size_t n = 0;
	int rc = take_kept(rt, now + 1, STR_NONE, e);

	if (rc == 0)
		rc = work_overdue(&rt->work, now, &a, &late, &n, e);

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = escalate(rt, r, now, &late[i], &a, e);
	if (rc == 0 && n > 0)
		qsort(late, n, sizeof(*late), by_due);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = read_late(r, &rt->line, late[i].record, e);
		if (rc != 0)
			break;
		record_put_raw(r, "route", late[i].route);
		/* Another one may stand for its own by now. */
		if (!str_eq(
			record_str(r, "conversation"), late[i].conversation))
			record_put_str(r, "conversation", late[i].conversation);
		rc = record_write(r, sink_out(out), e);
		if (rc == 0)
			rc = sink_commit(out, e);
	}
	*count = n;
	sink_sum(out, "overdue", (int64_t)n);
	arena_release(&a);
	record_free(r);
	return rc;
}

int
route_judge(
    struct route *rt, const struct pipeline *p, struct sink *out, struct err *e)
{
	struct gate g = rt->gate;
	int64_t newest = TIME_NONE;

	g.known = rt->work.known;
	if (g.fresh > 0 &&
	    work_newest(&rt->work, g.now + TIME_DAY, &newest, e) != 0)
		return -1;
	if (!g.came || newest > g.newest)
		g.newest = newest;
	return sink_flush(out, e) < 0 ? -1 : gate_judge(&g, p, e);
}
