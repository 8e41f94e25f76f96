/*
 * The rule file as a whole: its sections, and then its rules.
 */
#include "route/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "hours/dates.h"
#include "route/rules/rule.h"

static struct named_calendar *
calendar_of(struct rulefile *f, const struct yaml_node *n)
{
	return (struct named_calendar *)rulefile_named(f, n, CALENDARS);
}

/* Room for a section's entries; 0 after an error. */
static size_t
entries(struct rulefile *f, const struct yaml_node *n, const char *what)
{
	if (n == NULL)
		return 0;
	if (yaml_kind(n) == YAML_MAP && yaml_count(n) <= RULES_NAMES)
		return yaml_count(n);
	if (!(yaml_kind(n) == YAML_SCALAR && yaml_text(n).n == 0))
		rulefile_error(f, n,
		    "%s must have at most %d names, each with "
		    "a colon behind it",
		    what, (int)RULES_NAMES);
	return 0;
}

/* Reads each entry into size zeroed bytes that begin with its name. */
static void
read_section(struct rulefile *f, const struct yaml_node *n, const char *what,
    enum section section, size_t size,
    void (*read)(struct rulefile *, const struct yaml_node *, struct named *))
{
	struct names *all = &f->rules->sections[section];
	struct arena *a = &f->rules->arena;
	size_t i, count = entries(f, n, what);

	all->v = arena_calloc(a, count + 1, sizeof(struct named *));
	for (i = 0; i < count; i++) {
		struct named *entry = arena_calloc(a, 1, size);

		entry->name = yaml_text(yaml_key(n, i));
		entry->number = all->n;
		entry->line = yaml_line(yaml_key(n, i));
		entry->column = yaml_column(yaml_key(n, i));
		all->v[all->n++] = entry;
		read(f, yaml_at(n, i), entry);
	}
}

static void
read_calendar(
    struct rulefile *f, const struct yaml_node *n, struct named *entry)
{
	struct named_calendar *c = (struct named_calendar *)entry;
	struct str path = str_of(f->rules->path);
	struct arena *a = &f->rules->arena;
	char *folder;
	struct err e;

	path = str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
	folder =
	    arena_cstr(a, str_sub(path, 0, path.n > 1 ? path.n - 1 : path.n));
	c->calendar = calendar_new(
	    f->rules->yaml, n, arena_cstr(a, entry->name), folder, &e);
	if (c->calendar == NULL) {
		rulefile_passed(f, n, e.msg);
		return;
	}
	for (size_t i = 0; calendar_warning(c->calendar, i) != NULL; i++)
		rulefile_warn(f, n, "%s", calendar_warning(c->calendar, i));
}

/* A calendar whose hours another one has on some dates is used. */
static void
mark_dates(struct rulefile *f, const struct yaml_node *calendars)
{
	for (size_t i = 0; i < yaml_count(calendars); i++) {
		const struct yaml_node *dates =
		    yaml_get(yaml_at(calendars, i), "dates");

		for (size_t j = 0; j < yaml_count(dates); j++) {
			struct named *c = rules_named(
			    f->rules, CALENDARS, yaml_text(yaml_at(dates, j)));

			if (c != NULL)
				c->used = true;
		}
	}
}

static int64_t
capacity(struct rulefile *f, const struct yaml_node *n)
{
	int64_t v;

	if (str_to_int(yaml_text(n), &v) == 0 && v >= 0 && v <= INT32_MAX)
		return v;
	rulefile_error(
	    f, n, "capacity must be a whole number of conversations");
	return -1;
}

/* Days in the calendar's zone, from the first one's midnight until that behind
 * the last one. */
static void
read_away(struct rulefile *f, const struct yaml_node *n, struct str name,
    struct calendar *c)
{
	size_t count = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;
	int64_t first, last;

	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *v = rulefile_item(n, i);

		if (!dates_span(yaml_text(v), &first, &last))
			rulefile_error(f, v,
			    "away: '%.*s' is no day or span of days; write "
			    "2026-08-01..2026-08-14",
			    STR_ARG(yaml_text(v)));
		else if (!roster_away(&f->rules->roster, name,
			     (struct roster_span){ calendar_midnight(c, first),
				 calendar_midnight(c, last + 1) }))
			rulefile_error(f, v, "%.*s is away more than %d times",
			    STR_ARG(name), (int)ROSTER_SPANS);
	}
}

/* "ada", or {name: ben, capacity: 10, away: [2026-08-01..2026-08-14]}. */
static void
read_member(struct rulefile *f, const struct yaml_node *n, struct member *m,
    struct calendar *c)
{
	static const char *const keys[] = { "name", "capacity", "away" };
	const struct yaml_node *away = NULL;
	size_t i;

	if (yaml_kind(n) != YAML_MAP) {
		m->name = rulefile_text(f, n, "a member");
		return;
	}
	for (i = 0; i < yaml_count(n); i++)
		switch (rulefile_key(f, n, i, keys, 3, " of a member")) {
		case 0:
			m->name = rulefile_text(f, yaml_at(n, i), "name");
			break;
		case 1:
			m->capacity = capacity(f, yaml_at(n, i));
			break;
		case 2:
			away = yaml_at(n, i);
			break;
		default:
			break;
		}
	if (m->name.p == NULL)
		rulefile_error(f, n, "a member without a name");
	else if (away != NULL)
		read_away(f, away, m->name, c);
}

static void
read_members(struct rulefile *f, const struct yaml_node *n, struct team *t,
    int64_t bound)
{
	size_t i, j, count = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;
	struct member m;

	if (count > RULES_NAMES) {
		rulefile_error(f, n, "more than %d members", (int)RULES_NAMES);
		return;
	}
	t->members = arena_calloc(&f->rules->arena, count + 1, sizeof(m));
	for (i = 0; i < count; i++) {
		m = (struct member){ .capacity = bound };
		read_member(f, rulefile_item(n, i), &m,
		    t->calendar == NULL ? NULL : t->calendar->calendar);
		for (j = 0; j < t->n; j++)
			if (str_eq(t->members[j].name, m.name))
				rulefile_error(f, rulefile_item(n, i),
				    "'%.*s' stands twice in team %.*s",
				    STR_ARG(m.name), STR_ARG(t->is.name));
		if (m.name.p == NULL)
			continue;
		t->members[t->n++] = m;
		roster_put(&f->rules->roster, m.name);
	}
}

static void
read_team(struct rulefile *f, const struct yaml_node *n, struct named *entry)
{
	struct team *t = (struct team *)entry;
	static const char *const keys[] = { "members", "calendar", "assign",
		"capacity" };
	static const char *const ways[] = { "round-robin", "balanced",
		"nobody" };
	const struct yaml_node *bound = yaml_get(n, "capacity"), *v;
	const struct yaml_node *calendar = yaml_get(n, "calendar");
	size_t i;
	int way;

	if (yaml_kind(n) != YAML_MAP) {
		rulefile_error(f, n,
		    "team %.*s needs members; write {members: [ada, ben]}",
		    STR_ARG(t->is.name));
		return;
	}
	/* First, since members are away by its days. */
	if (calendar != NULL)
		t->calendar = calendar_of(f, calendar);
	for (i = 0; i < yaml_count(n); i++) {
		v = yaml_at(n, i);
		switch (rulefile_key(f, n, i, keys, 4, " of a team")) {
		case 0:
			read_members(
			    f, v, t, bound == NULL ? -1 : capacity(f, bound));
			break;
		case 2:
			way = rulefile_choice(f, v, "assign", ways, 3);
			t->assign = way < 0 ? ASSIGN_NOBODY : (enum assign)way;
			break;
		default:
			break;
		}
	}
	if (t->n == 0 && t->assign != ASSIGN_NOBODY)
		rulefile_error(f, n,
		    "team %.*s has no members; give some, or assign: nobody",
		    STR_ARG(t->is.name));
}

const char *const promise_names[PROMISES] = { "firstReply", "nextReply",
	"resolve", "update" };

/* Which promise a key of a level is; PROMISES: its calendar, -1 after an
 * error. */
static int
level_key(struct rulefile *f, const struct yaml_node *n, size_t i)
{
	/* The first two by their older names. */
	static const char *const keys[] = { "firstReply", "nextReply",
		"resolve", "update", "calendar", "first", "next" };
	int k = rulefile_key(f, n, i, keys, 7, " of a service level");

	return k > PROMISES ? k - PROMISES - 1 : k;
}

static void
read_level(struct rulefile *f, const struct yaml_node *n, struct named *entry)
{
	struct level *l = (struct level *)entry;
	size_t i;
	int k;

	for (i = 0; i < PROMISES; i++)
		l->takes[i] = -1;
	if (yaml_kind(n) != YAML_MAP) {
		rulefile_error(f, n,
		    "service level %.*s needs first; write {first: 8h}",
		    STR_ARG(l->is.name));
		return;
	}
	for (i = 0; i < yaml_count(n); i++) {
		const struct yaml_node *v = yaml_at(n, i);

		k = level_key(f, n, i);
		if (k == PROMISES)
			l->calendar = calendar_of(f, v);
		else if (k >= 0 && l->takes[k] >= 0)
			rulefile_error(f, yaml_key(n, i),
			    "%s of service level %.*s stands twice",
			    promise_names[k], STR_ARG(l->is.name));
		else if (k >= 0)
			l->takes[k] = rulefile_duration(f, v,
			    arena_cstr(
				&f->rules->arena, yaml_text(yaml_key(n, i))));
	}
	if (l->takes[PROMISE_NEXT] < 0)
		l->takes[PROMISE_NEXT] = l->takes[PROMISE_FIRST];
}

static void
read_defaults(struct rulefile *f, const struct yaml_node *n)
{
	struct outcome *d = &f->rules->defaults;

	if (n != NULL)
		rule_read_outcome(f, n, d, NULL, " of defaults");
	if (d->what[WHAT_QUEUE].p == NULL)
		d->what[WHAT_QUEUE] = STR("inbox");
	if (d->what[WHAT_PRIORITY].p == NULL &&
	    rules_level(f->rules, STR("normal")) != NULL)
		d->what[WHAT_PRIORITY] = STR("normal");
}

static void
read_rules(struct rulefile *f, const struct yaml_node *n)
{
	struct rules *r = f->rules;
	size_t i, count = yaml_count(n);

	if (n == NULL)
		return;
	if (yaml_kind(n) != YAML_LIST || count > RULES_MAX) {
		rulefile_error(f, n,
		    "rules must be a list of at most %d; write each as - "
		    "match: ...",
		    (int)RULES_MAX);
		return;
	}
	r->v = arena_calloc(&r->arena, count + 1, sizeof(*r->v));
	for (i = 0; i < count; i++) {
		r->n++;
		rule_read(f, yaml_at(n, i), &r->v[i]);
	}
	rule_compile_programs(f);
}

static void
read_file(struct rulefile *f)
{
	static const char *const keys[] = { "version", "calendars", "teams",
		"service", "levels", "defaults", "rules" };
	const struct yaml_node *root = yaml_root(f->rules->yaml), *v;
	struct err e;
	size_t i;

	if (root == NULL || yaml_kind(root) != YAML_MAP) {
		rulefile_error(f, root,
		    "no rule file: it begins with "
		    "version: 1");
		return;
	}
	for (i = 0; i < yaml_count(root); i++)
		rulefile_key(f, root, i, keys, 7, "");
	v = yaml_get(root, "version");
	if (v == NULL)
		rulefile_error(f, root, "the line 'version: 1' is missing");
	else if (!str_is(yaml_text(v), "1"))
		rulefile_error(f, v, "version must be 1");
	read_section(f, yaml_get(root, "calendars"), "calendars", CALENDARS,
	    sizeof(struct named_calendar), read_calendar);
	mark_dates(f, yaml_get(root, "calendars"));
	read_section(f, yaml_get(root, "teams"), "teams", TEAMS,
	    sizeof(struct team), read_team);
	read_section(f, yaml_get(root, "service"), "service", LEVELS,
	    sizeof(struct level), read_level);
	read_section(f, yaml_get(root, "levels"), "levels", SERVICES,
	    sizeof(struct level), read_level);
	read_defaults(f, yaml_get(root, "defaults"));
	read_rules(f, yaml_get(root, "rules"));
	roster_settle(&f->rules->roster);
	if (f->is->errors == 0 && patterns_compile(f->rules->patterns, &e) != 0)
		rulefile_error(f, yaml_get(root, "rules"), "%s", e.msg);
}

static void
first_error(const struct rules *r, const struct issues *is, struct err *e)
{
	size_t i = 0;

	while (i < is->n && !is->v[i].error)
		i++;
	if (i == is->n)
		return;
	err_set(e, "%s:%d:%d: %s", r->path, is->v[i].line, is->v[i].column,
	    is->v[i].text);
	if (is->errors > 1) {
		size_t n = strlen(e->msg);

		snprintf(e->msg + n, sizeof(e->msg) - n,
		    " (and %zu more; --check shows all)", is->errors - 1);
	}
}

struct rules *
rules_read(const char *path, struct issues *is, struct err *e)
{
	struct rules *r = xcalloc(1, sizeof(*r));
	struct rulefile f = { .rules = r, .is = is };

	r->path = arena_cstr(&r->arena, str_of(path));
	r->patterns = patterns_new();
	r->paths = paths_new();
	r->yaml = yaml_read(path, e);
	if (r->yaml == NULL) {
		rulefile_passed(&f, NULL, e->msg);
		rules_free(r);
		return NULL;
	}
	read_file(&f);
	if (is->errors == 0)
		return r;
	first_error(r, is, e);
	rules_free(r);
	return NULL;
}

/* In a sentence with the file and line, i from 0; NULL past the last. */
static const char *
left_out(const struct rules *r, size_t i)
{
	const struct names *all = &r->sections[CALENDARS];
	const char *found = NULL;

	for (size_t c = 0; found == NULL && c < all->n; c++) {
		const struct calendar *calendar =
		    ((const struct named_calendar *)all->v[c])->calendar;
		size_t n = 0;

		found = calendar_warning(calendar, i);
		while (found == NULL && calendar_warning(calendar, n) != NULL)
			n++;
		i -= n;
	}
	return found;
}

void
rules_say_left_out(const struct rules *r)
{
	const char *what;

	for (size_t i = 0; (what = left_out(r, i)) != NULL; i++)
		diag(DIAG_WARN, NULL, "%s", what);
}

void
rules_free(struct rules *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->n_tests; i++)
		expr_free(r->tests[i]);
	for (i = 0; i < r->sections[CALENDARS].n; i++)
		calendar_free(
		    ((struct named_calendar *)r->sections[CALENDARS].v[i])
			->calendar);
	roster_release(&r->roster);
	patterns_free(r->patterns);
	paths_free(r->paths);
	expr_input_free(r->input);
	yaml_free(r->yaml);
	arena_release(&r->arena);
	free(r);
}

int
rules_test(const struct rules *r, const struct rule *rule, struct err *e)
{
	return expr_test_in(r->tests[rule->number / RULES_TOGETHER],
	    rule->number % RULES_TOGETHER, r->input, e);
}
