#include "route/work/work.h"

#include <stdlib.h>

#include "core/vec.h"
#include "route/work/parts.h"

int
work_open(struct work *w, const struct rules *rules, const char *dir, bool hold,
    struct err *e)
{
	*w = (struct work){ .rules = rules,
		.keeps = dir != NULL,
		.holds = hold || dir != NULL,
		.freed = 1,
		.ops = &work_memory };
	return dir == NULL ? 0 : work_sqlite(w, dir, e);
}

void
work_close(struct work *w)
{
	if (w->ops != NULL)
		w->ops->close(w);
	free(w->assignments);
	standings_release(&w->standings);
	intern_release(&w->words);
	map_release(&w->loads);
	map_release(&w->turns);
	map_release(&w->left);
	backlog_release(&w->backlog);
	vec_release(&w->rest);
	*w = (struct work){ 0 };
}

bool
work_holds(const struct work *w)
{
	return w->holds;
}

int
work_commit(struct work *w, struct err *e)
{
	return w->ops->commit == NULL ? 0 : w->ops->commit(w, e);
}

/* With assignments for standings that came since. */
struct assignment *
work_assignment(struct work *w, const struct standing *t)
{
	size_t at = (size_t)(t - w->standings.v);

	for (; w->n <= at; w->n++) {
		vec_hold(w->assignments, w->n, w->cap, 1);
		w->assignments[w->n] = (struct assignment){ .due = TIME_NONE,
			.matter_since = TIME_NONE,
			.queued = TIME_NONE,
			.rests = TIME_NONE };
	}
	return &w->assignments[at];
}

static void
load_soon(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch((const char *)p + i, 1);
	/* It need not begin with a line of the cache. */
	__builtin_prefetch((const char *)p + n - 1, 1);
}

void
work_soon(const struct work *w, uint64_t hash, enum map_piece piece)
{
	size_t i = map_soon(&w->standings.index, hash, piece);

	if (piece != MAP_ENTRY || i >= w->n)
		return;
	load_soon(&w->standings.v[i], sizeof(*w->standings.v));
	load_soon(&w->assignments[i], sizeof(*w->assignments));
}

/* The number of another conversation, plus one; 0 for none. */
static int
find_link(struct work *w, struct str id, uint32_t *out, struct err *e)
{
	struct standing *t;
	struct assignment *p;

	if (id.p == NULL)
		return 0;
	if (work_find(w, id, &t, &p, e) != 0)
		return -1;
	*out = (uint32_t)standings_own(&w->standings, id) + 1;
	return 0;
}

int
work_find(struct work *w, struct str conversation, struct standing **t,
    struct assignment **p, struct err *e)
{
	struct work_links links = { STR_NONE, STR_NONE };
	uint32_t joined = 0, gave = 0;
	size_t had = w->standings.n, own;

	*t = standings_put(&w->standings, conversation);
	*p = work_assignment(w, *t);
	if (w->ops->load == NULL || w->standings.n == had)
		return 0;
	own = (size_t)(*t - w->standings.v);
	if (w->ops->load(w, *t, *p, &links, e) != 0)
		return -1;
	if (links.joined.p == NULL && links.gave.p == NULL)
		return 0;
	if (find_link(w, links.joined, &joined, e) != 0 ||
	    find_link(w, links.gave, &gave, e) != 0)
		return -1;
	w->standings.v[own].joined = joined;
	w->standings.v[own].gave = gave;
	*t = &w->standings.v[standings_whole(&w->standings, own)];
	*p = work_assignment(w, *t);
	return 0;
}

struct standing *
work_add(struct work *w, struct record *r, const struct said *k,
    struct assignment **p)
{
	struct standing *t = standings_take(&w->standings, r, k, NULL);

	*p = t == NULL ? NULL : work_assignment(w, t);
	return t;
}

static void
count(struct work *w, struct str assignee, int64_t add)
{
	uint64_t *at = map_put(&w->loads, assignee, NULL);

	*at = (uint64_t)((int64_t)*at + add);
	w->freed += add < 0;
}

void
work_assign(struct work *w, struct assignment *p, struct str assignee)
{
	if (p->counted && str_eq(p->is.what[WHAT_ASSIGNEE], assignee))
		return;
	if (p->counted)
		count(w, p->is.what[WHAT_ASSIGNEE], -1);
	p->is.what[WHAT_ASSIGNEE] = assignee;
	p->counted = assignee.p != NULL;
	if (p->counted)
		count(w, assignee, 1);
}

void
work_label(
    struct work *w, struct assignment *p, const struct str *labels, size_t n)
{
	struct buf all;

	if (n == 0)
		return;
	buf_init(&all, SIZE_MAX / 2);
	for (size_t i = 0; i < n; i++)
		buf_printf(
		    &all, "%s%.*s", i == 0 ? "" : "\n", STR_ARG(labels[i]));
	p->labels = work_word(w, buf_str(&all));
	buf_release(&all);
}

void
work_rest(struct work *w, struct assignment *p)
{
	if (p->counted)
		count(w, p->is.what[WHAT_ASSIGNEE], -1);
	p->counted = false;
	p->due = p->queued = TIME_NONE;
}

void
work_done(struct work *w, struct assignment *p)
{
	work_rest(w, p);
	w->ops->drop(w, p);
}

void
work_answered(struct work *w, struct assignment *p)
{
	work_rest(w, p);
	if (p->record == NULL && p->row == 0)
		return;
	w->ops->rest(w, p, w->standings.latest);
}

int
work_again(struct work *w, struct assignment *p, struct err *e)
{
	return p->record == NULL && p->row == 0 ? 0 : w->ops->wake(w, p, e);
}

int
work_save(struct work *w, const struct standing *t, const struct assignment *p,
    struct err *e)
{
	return w->ops->save == NULL ? 0 : w->ops->save(w, t, p, e);
}

void
work_waits(struct work *w, const struct standing *t, struct assignment *p)
{
	const struct team *team;

	if (p->is.what[WHAT_ASSIGNEE].p != NULL) {
		work_assign(w, p, p->is.what[WHAT_ASSIGNEE]);
		return;
	}
	team = rules_team(w->rules, p->is.what[WHAT_TEAM]);
	if (team == NULL || team->n == 0 || team->assign == ASSIGN_NOBODY ||
	    p->queued == t->waiting_since)
		return;
	backlog_add(&w->backlog, team->is.number, t->id, t->waiting_since);
	p->queued = t->waiting_since;
}

static uint64_t
load_of(const struct work *w, const struct member *m)
{
	const uint64_t *at = map_get(&w->loads, m->name);

	return at == NULL ? 0 : *at;
}

/* Who had the last turn; n where nobody had. */
static size_t
last_turn(const struct work *w, const struct team *t)
{
	const uint64_t *at = map_get(&w->turns, t->is.name);
	size_t i;

	if (at == NULL)
		return t->n;
	for (i = 0; i < t->n; i++)
		if (str_eq(t->members[i].name,
			intern_word(&w->words, (uint32_t)*at - 1)))
			break;
	return i;
}

/* a carries less of what they can than b; without bounds, less. */
static bool
lighter(const struct member *a, uint64_t a_carries, const struct member *b,
    uint64_t b_carries)
{
	if (a->capacity > 0 && b->capacity > 0)
		return a_carries * (uint64_t)b->capacity <
		       b_carries * (uint64_t)a->capacity;
	return a_carries < b_carries;
}

/* Whose turn it is of those who are here and have room; t->n: nobody's. */
static size_t
pick(const struct work *w, const struct team *t, int64_t now)
{
	bool by_turns = t->assign == ASSIGN_ROUND_ROBIN;
	size_t last, i, at, best = t->n;
	uint64_t carries = 0, least = 0;
	const struct member *m;

	if (t->n == 0 || t->assign == ASSIGN_NOBODY)
		return t->n;
	last = last_turn(w, t);
	for (i = 0; i < t->n && (best == t->n || !by_turns); i++) {
		at = last == t->n ? i : (last + 1 + i) % t->n;
		m = &t->members[at];
		if (m->capacity >= 0 || !by_turns)
			carries = load_of(w, m);
		if ((m->capacity >= 0 && carries >= (uint64_t)m->capacity) ||
		    roster_back(&w->rules->roster, m->name, now) != TIME_NONE)
			continue;
		if (best == t->n ||
		    lighter(m, carries, &t->members[best], least)) {
			best = at;
			least = carries;
		}
	}
	return best;
}

struct str
work_next(struct work *w, const struct team *t, int64_t at)
{
	size_t i = pick(w, t, at);

	if (i == t->n)
		return STR_NONE;
	work_set_turn(w, t->is.name, t->members[i].name);
	return t->members[i].name;
}

/* --- what nobody has --- */

/* Does the entry hold yet, in this team's line?  1 with its standing, 0, -1. */
static int
still_waits(struct work *w, const struct backlog_entry *x,
    const struct team *team, struct standing **t, struct err *e)
{
	struct assignment *p;

	if (work_find(w, x->conversation, t, &p, e) != 0)
		return -1;
	/* What stands for it by now has an entry of its own. */
	return str_eq((*t)->id, x->conversation) &&
	       (*t)->waiting_since == x->since && !p->counted &&
	       str_eq(p->is.what[WHAT_TEAM], team->is.name);
}

/*
 * The first of the team's line that holds, where somebody has room for it; NULL
 * where there is none.  Who had no room has none until somebody's work became
 * less, or their days away end.  0 or -1.
 */
static int
first_of(struct work *w, const struct team *team, int64_t at,
    struct backlog_line **out, struct err *e)
{
	struct backlog_line *line;
	struct standing *t;
	int rc;

	*out = NULL;
	while ((line = backlog_line(&w->backlog, team->is.number)) != NULL) {
		if (line->full_at == w->freed && !w->rules->roster.any_away)
			return 0;
		rc = still_waits(w, &line->v[0], team, &t, e);
		if (rc < 0)
			return -1;
		if (rc > 0)
			break;
		backlog_take(&w->backlog, line);
	}
	if (line == NULL)
		return 0;
	if (pick(w, team, at) < team->n)
		*out = line;
	else
		line->full_at = w->freed;
	return 0;
}

/* The conversation gets whose turn it is in the team. */
static int
give(struct work *w, const struct team *team, int64_t at, struct standing *t,
    struct assignment *p, struct err *e)
{
	work_assign(w, p, work_next(w, team, at));
	p->queued = TIME_NONE;
	if (work_keep_turn(w, team, e) != 0)
		return -1;
	return work_save(w, t, p, e);
}

int
work_serve(struct work *w, int64_t at, struct standing **t, struct err *e)
{
	const struct names *teams = &w->rules->sections[TEAMS];
	const struct team *team = NULL;
	struct backlog_line *best = NULL, *line;
	struct assignment *p;

	for (size_t i = 0; w->backlog.n > 0 && i < teams->n; i++) {
		const struct team *one = (const struct team *)teams->v[i];

		if (first_of(w, one, at, &line, e) != 0)
			return -1;
		if (line == NULL ||
		    (best != NULL && !backlog_before(&line->v[0], &best->v[0])))
			continue;
		best = line;
		team = one;
	}
	if (best == NULL)
		return 0;
	if (work_find(w, best->v[0].conversation, t, &p, e) != 0)
		return -1;
	backlog_take(&w->backlog, best);
	return give(w, team, at, *t, p, e) != 0 ? -1 : 1;
}

int
work_keep_turn(struct work *w, const struct team *t, struct err *e)
{
	const uint64_t *at;

	if (w->ops->save_turn == NULL ||
	    (at = map_get(&w->turns, t->is.name)) == NULL)
		return 0;
	return w->ops->save_turn(
	    w, t->is.name, intern_word(&w->words, (uint32_t)*at - 1), e);
}

int
work_came_early(struct work *w, struct record *r, const struct receipt *receipt,
    struct err *e)
{
	struct str about[RECEIPT_ABOUT];
	size_t n;

	if (w->ops->save_early == NULL || w->standings.early.n == 0)
		return 0;
	n = receipt_about(r, receipt, about);
	for (size_t i = 0; i < n; i++) {
		uint64_t name = about[i].n == 0 ? 0 : last_hash(about[i]);

		if (name != 0 && idset_has(&w->standings.early, name) &&
		    w->ops->save_early(w, name, e) != 0)
			return -1;
	}
	return 0;
}

bool
work_remembers(const struct work *w)
{
	return w->ops->seen != NULL;
}

int
work_seen(struct work *w, struct str id, struct str *route, struct err *e)
{
	return w->ops->seen == NULL ? 0 : w->ops->seen(w, id, route, e);
}

int
work_see(struct work *w, struct str id, struct str route, struct str record,
    struct assignment *p, struct err *e)
{
	return w->ops->see(w, id, route, record, p, e);
}

int
work_sweep(struct work *w, bool all, struct err *e)
{
	return w->ops->sweep == NULL ? 0 : w->ops->sweep(w, all, e);
}

static int
by_wait(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return str_cmp(x->conversation, y->conversation);
}

int
work_overdue(struct work *w, int64_t now, struct arena *a, struct late **out,
    size_t *n, struct err *e)
{
	*n = 0;
	if (w->ops->overdue(w, now, a, out, n, e) != 0)
		return -1;
	if (*n > 0)
		qsort(*out, *n, sizeof(**out), by_wait);
	return 0;
}

void
work_say_left(struct str who, uint64_t open, struct err *out)
{
	err_set(out,
	    "%.*s is in no team and in no rule, and has %llu open "
	    "conversation%s: each goes to somebody else with its next record, "
	    "or with --overdue",
	    STR_ARG(who), (unsigned long long)open, open == 1 ? "" : "s");
}
