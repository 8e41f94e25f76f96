#include "route/rulefile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/nearest.h"

enum { NAMES_TOLD = 20 };

/* --- issues --- */

void
issues_release(struct issues *is)
{
	size_t i;

	for (i = 0; i < is->n; i++)
		free(is->v[i].text);
	free(is->v);
	*is = (struct issues){ 0 };
}

static void
add(struct issues *is, bool error, int line, int column, const char *text)
{
	size_t at;

	if (error)
		is->errors++;
	else
		is->warnings++;
	if (is->n >= RULES_ISSUES)
		return;
	if (is->n == is->cap) {
		is->cap = is->cap == 0 ? 16 : is->cap * 2;
		is->v = xreallocarray(is->v, is->cap, sizeof(*is->v));
	}
	for (at = is->n; at > 0; at--) {
		const struct issue *b = &is->v[at - 1];

		if (b->line < line || (b->line == line && b->column <= column))
			break;
		is->v[at] = *b;
	}
	is->v[at] = (struct issue){ error, line, column, xstrdup(text) };
	is->n++;
}

void
issues_add(
    struct issues *is, bool error, int line, int column, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add(is, error, line, column, text);
}

void
rulefile_error(
    struct rulefile *f, const struct yaml_node *n, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add(f->is, true, n == NULL ? 1 : yaml_line(n),
	    n == NULL ? 1 : yaml_column(n), text);
}

void
rulefile_warn(
    struct rulefile *f, const struct yaml_node *n, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add(f->is, false, yaml_line(n), yaml_column(n), text);
}

/* Takes "12:" off s. */
static bool
number(struct str *s, int *out)
{
	ptrdiff_t colon = str_chr(*s, ':');
	int64_t v;

	if (colon < 0 || str_to_int(str_sub(*s, 0, (size_t)colon), &v) != 0 ||
	    v < 1 || v > INT32_MAX)
		return false;
	*out = (int)v;
	*s = str_sub(*s, (size_t)colon + 1, s->n);
	return true;
}

void
rulefile_passed(struct rulefile *f, const struct yaml_node *n, const char *msg)
{
	struct str s = str_of(msg), path = str_of(f->rules->path);
	int line = n == NULL ? 1 : yaml_line(n);
	int column = n == NULL ? 1 : yaml_column(n);

	if (str_starts(s, path) && s.n > path.n && s.p[path.n] == ':') {
		s = str_sub(s, path.n + 1, s.n);
		if (number(&s, &line) && !number(&s, &column))
			column = 1;
		s = str_trim(s);
	}
	issues_add(f->is, true, line, column, "%.*s", STR_ARG(s));
}

/* --- values --- */

/* With the name that was meant, else with those that there are. */
static void
unknown(struct rulefile *f, const struct yaml_node *n, const char *what,
    const char *where, const char *const *names, size_t count)
{
	const char *near = nearest(yaml_text(n), names, count);
	struct buf mend;
	size_t i;

	buf_init(&mend, 512);
	if (near != NULL)
		buf_printf(&mend, "did you mean '%s'?", near);
	else
		buf_add_z(&mend, count == 0   ? "the file has none"
				 : count == 1 ? "there is "
					      : "there are ");
	for (i = 0; near == NULL && i < count && i < NAMES_TOLD; i++)
		buf_printf(&mend, "%s%s", i == 0 ? "" : ", ", names[i]);
	if (near == NULL && count > NAMES_TOLD)
		buf_add_z(&mend, ", ...");
	rulefile_error(f, n, "unknown %s '%.*s'%s; %.*s", what,
	    STR_ARG(yaml_text(n)), where, STR_ARG(buf_str(&mend)));
	buf_release(&mend);
}

static int
find(struct str s, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (str_is(s, names[i]))
			return (int)i;
	return -1;
}

int
rulefile_key(struct rulefile *f, const struct yaml_node *n, size_t i,
    const char *const *names, size_t count, const char *where)
{
	const struct yaml_node *key = yaml_key(n, i);
	int at = find(yaml_text(key), names, count);

	if (at < 0)
		unknown(f, key, "key", where, names, count);
	return at;
}

int
rulefile_choice(struct rulefile *f, const struct yaml_node *n, const char *what,
    const char *const *names, size_t count)
{
	int at = find(yaml_text(n), names, count);

	if (at < 0)
		unknown(f, n, what, "", names, count);
	return at;
}

enum tri
rulefile_bool(struct rulefile *f, const struct yaml_node *n, const char *what)
{
	struct str s = yaml_text(n);

	if (str_is(s, "true") || str_is(s, "yes"))
		return TRI_YES;
	if (str_is(s, "false") || str_is(s, "no"))
		return TRI_NO;
	rulefile_error(f, n, "%s must be true or false", what);
	return TRI_ANY;
}

int64_t
rulefile_duration(
    struct rulefile *f, const struct yaml_node *n, const char *what)
{
	int64_t d;

	if (duration_parse(yaml_text(n), &d) == 0)
		return d;
	rulefile_error(f, n, "%s: '%.*s' is no time span; write 8h or 1h30m",
	    what, STR_ARG(yaml_text(n)));
	return -1;
}

struct str
rulefile_text(struct rulefile *f, const struct yaml_node *n, const char *what)
{
	struct str s = yaml_text(n);

	if (s.n > 0)
		return s;
	rulefile_error(f, n, "%s must be a text", what);
	return STR_NONE;
}

const struct yaml_node *
rulefile_item(const struct yaml_node *n, size_t i)
{
	return yaml_kind(n) == YAML_LIST ? yaml_at(n, i) : n;
}

struct words
rulefile_words(struct rulefile *f, const struct yaml_node *n, const char *what)
{
	size_t i, count = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;
	struct words w = { 0 };
	struct str s;

	if (count == 0 || count > RULES_VALUES) {
		rulefile_error(f, n, "%s must have 1 to %d entries", what,
		    (int)RULES_VALUES);
		return w;
	}
	w.v = arena_calloc(&f->rules->arena, count, sizeof(*w.v));
	for (i = 0; i < count; i++) {
		s = rulefile_text(f, rulefile_item(n, i), what);
		if (s.p != NULL)
			w.v[w.n++] = s;
	}
	return w;
}

/* --- sections --- */

const char *const section_names[SECTIONS] = { "calendar", "team",
	"service level" };

struct named *
rules_named(const struct rules *r, enum section section, struct str name)
{
	const struct names *all = &r->sections[section];
	size_t i;

	for (i = 0; i < all->n; i++)
		if (str_eq(all->v[i]->name, name))
			return all->v[i];
	return NULL;
}

struct named *
rulefile_named(
    struct rulefile *f, const struct yaml_node *n, enum section section)
{
	const struct names *all = &f->rules->sections[section];
	struct named *found = rules_named(f->rules, section, yaml_text(n));
	const char *names[RULES_NAMES];
	size_t i;

	if (found != NULL) {
		found->used = true;
		return found;
	}
	for (i = 0; i < all->n; i++)
		names[i] = arena_cstr(&f->rules->arena, all->v[i]->name);
	unknown(f, n, section_names[section], "", names, all->n);
	return NULL;
}

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
	if (c->calendar == NULL)
		rulefile_passed(f, n, e.msg);
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

/* "ada", or {name: ben, capacity: 10}. */
static void
read_member(struct rulefile *f, const struct yaml_node *n, struct member *m)
{
	static const char *const keys[] = { "name", "capacity" };
	size_t i;

	if (yaml_kind(n) != YAML_MAP) {
		m->name = rulefile_text(f, n, "a member");
		return;
	}
	for (i = 0; i < yaml_count(n); i++)
		switch (rulefile_key(f, n, i, keys, 2, " of a member")) {
		case 0:
			m->name = rulefile_text(f, yaml_at(n, i), "name");
			break;
		case 1:
			m->capacity = capacity(f, yaml_at(n, i));
			break;
		default:
			break;
		}
	if (m->name.p == NULL)
		rulefile_error(f, n, "a member without a name");
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
		read_member(f, rulefile_item(n, i), &m);
		for (j = 0; j < t->n; j++)
			if (str_eq(t->members[j].name, m.name))
				rulefile_error(f, rulefile_item(n, i),
				    "'%.*s' stands twice in team %.*s",
				    STR_ARG(m.name), STR_ARG(t->is.name));
		if (m.name.p != NULL)
			t->members[t->n++] = m;
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
	size_t i;
	int way;

	if (yaml_kind(n) != YAML_MAP) {
		rulefile_error(f, n,
		    "team %.*s needs members; write {members: [ada, ben]}",
		    STR_ARG(t->is.name));
		return;
	}
	for (i = 0; i < yaml_count(n); i++) {
		v = yaml_at(n, i);
		switch (rulefile_key(f, n, i, keys, 4, " of a team")) {
		case 0:
			read_members(
			    f, v, t, bound == NULL ? -1 : capacity(f, bound));
			break;
		case 1:
			t->calendar = calendar_of(f, v);
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

static void
read_level(struct rulefile *f, const struct yaml_node *n, struct named *entry)
{
	struct level *l = (struct level *)entry;
	static const char *const keys[] = { "first", "next", "calendar" };
	const struct yaml_node *v;
	size_t i;

	l->first = l->next = -1;
	if (yaml_kind(n) != YAML_MAP) {
		rulefile_error(f, n,
		    "service level %.*s needs first; write {first: 8h}",
		    STR_ARG(l->is.name));
		return;
	}
	for (i = 0; i < yaml_count(n); i++) {
		v = yaml_at(n, i);
		switch (rulefile_key(f, n, i, keys, 3, " of a service level")) {
		case 0:
			l->first = rulefile_duration(f, v, "first");
			break;
		case 1:
			l->next = rulefile_duration(f, v, "next");
			break;
		case 2:
			l->calendar = calendar_of(f, v);
			break;
		default:
			break;
		}
	}
	if (l->next < 0)
		l->next = l->first;
}

static void
read_defaults(struct rulefile *f, const struct yaml_node *n)
{
	struct outcome *d = &f->rules->defaults;

	if (n != NULL)
		rulefile_outcome(f, n, d, NULL, " of defaults");
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
		rulefile_rule(f, yaml_at(n, i), &r->v[i]);
	}
	rulefile_programs(f);
}

static void
read_file(struct rulefile *f)
{
	static const char *const keys[] = { "version", "calendars", "teams",
		"service", "defaults", "rules" };
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
		rulefile_key(f, root, i, keys, 6, "");
	v = yaml_get(root, "version");
	if (v == NULL)
		rulefile_error(f, root, "the line 'version: 1' is missing");
	else if (!str_is(yaml_text(v), "1"))
		rulefile_error(f, v, "version must be 1");
	read_section(f, yaml_get(root, "calendars"), "calendars", CALENDARS,
	    sizeof(struct named_calendar), read_calendar);
	read_section(f, yaml_get(root, "teams"), "teams", TEAMS,
	    sizeof(struct team), read_team);
	read_section(f, yaml_get(root, "service"), "service", LEVELS,
	    sizeof(struct level), read_level);
	read_defaults(f, yaml_get(root, "defaults"));
	read_rules(f, yaml_get(root, "rules"));
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
	patterns_free(r->patterns);
	expr_input_free(r->input);
	yaml_free(r->yaml);
	arena_release(&r->arena);
	free(r);
}
