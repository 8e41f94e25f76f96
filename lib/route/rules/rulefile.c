#include "route/rules/rulefile.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/text/nearest.h"

enum { NAMES_TOLD = 20 };

/* --- faults --- */

void
rulefile_error(
    struct rulefile *f, const struct yaml_node *n, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	issues_add_text(f->is, true, n == NULL ? 1 : yaml_line(n),
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
	issues_add_text(f->is, false, yaml_line(n), yaml_column(n), text);
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

/* --- names --- */

const char *const section_names[SECTIONS] = { "calendar", "team",
	"service level", "service level" };

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

/* An error with the name of these sections that was meant. */
static void
unknown_name(struct rulefile *f, const struct yaml_node *n, enum section a,
    enum section b)
{
	const struct names *first = &f->rules->sections[a];
	const struct names *second = &f->rules->sections[b];
	struct arena *arena = &f->rules->arena;
	size_t count = first->n + (a == b ? 0 : second->n);
	const char **names = arena_calloc(arena, count + 1, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = arena_cstr(
		    arena, i < first->n ? first->v[i]->name
					: second->v[i - first->n]->name);
	unknown(f, n, section_names[a], "", names, count);
}

void
rulefile_service(struct rulefile *f, const struct yaml_node *n)
{
	struct level *l = rules_service(f->rules, yaml_text(n));

	if (l != NULL)
		l->is.used = true;
	else
		unknown_name(f, n, SERVICES, LEVELS);
}

struct named *
rulefile_named(
    struct rulefile *f, const struct yaml_node *n, enum section section)
{
	struct named *found = rules_named(f->rules, section, yaml_text(n));

	if (found != NULL) {
		found->used = true;
		return found;
	}
	unknown_name(f, n, section, section);
	return NULL;
}
