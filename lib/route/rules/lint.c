/*
 * Rules that can never count: whatever holds for them holds for a rule above
 * that stops, or that has decided all that they would.
 */
#include "record/asks.h"
#include "route/rules/rules.h"

static bool
has_word(const struct words *w, struct str s)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (str_eq(w->v[i], s))
			return true;
	return false;
}

/* Everything in a is in b. */
static bool
words_within(const struct words *a, const struct words *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (!has_word(b, a->v[i]))
			return false;
	return true;
}

static bool
numbers_within(const int *a, size_t n, const int *b, size_t m)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < m && a[i] != b[j]; j++)
			;
		if (j == m)
			return false;
	}
	return true;
}

/* Every calendar of a is one of b. */
static bool
calendars_within(const struct calendars *a, const struct calendars *b)
{
	size_t i, j;

	for (i = 0; i < a->n; i++) {
		for (j = 0; j < b->n && a->v[i] != b->v[j]; j++)
			;
		if (j == b->n)
			return false;
	}
	return true;
}

/* What b asks of paths, a asks none else. */
static bool
paths_within(const struct rule *a, const struct rule *b)
{
	size_t i, j;

	if (a->n_exists > 0 &&
	    (b->n_exists == 0 || !numbers_within(b->exists, b->n_exists,
				     a->exists, a->n_exists)))
		return false;
	for (i = 0; i < a->n_paths; i++) {
		for (j = 0; j < b->n_paths; j++)
			if (a->paths[i].path == b->paths[j].path &&
			    str_eq(a->paths[i].text, b->paths[j].text))
				break;
		if (j == b->n_paths)
			return false;
	}
	return true;
}

/* Whenever b holds, a holds: each condition of a follows from b's. */
static bool
implied(const struct rule *a, const struct rule *b)
{
	size_t i;

	/* A rule sees quarantined records only where it says so. */
	if ((a->flag[FLAG_QUARANTINE] == TRI_YES) !=
	    (b->flag[FLAG_QUARANTINE] == TRI_YES))
		return false;
	for (i = 0; i < FLAGS; i++)
		if (i != FLAG_QUARANTINE && a->flag[i] != TRI_ANY &&
		    a->flag[i] != b->flag[i])
			return false;
	/* A label that a does not see yet may be there for b. */
	if (a->equal[EQUAL_LABEL].n > 0 || !paths_within(a, b))
		return false;
	for (i = 0; i < EQUALS; i++)
		if (a->equal[i].n > 0 &&
		    (b->equal[i].n == 0 ||
			!words_within(&b->equal[i], &a->equal[i])))
			return false;
	if (a->n_match > 0 &&
	    (b->n_match == 0 ||
		!numbers_within(b->match, b->n_match, a->match, a->n_match)))
		return false;
	if (!numbers_within(a->except, a->n_except, b->except, b->n_except))
		return false;
	if (a->waiting > b->waiting || a->older > b->older)
		return false;
	/* Within one of more calendars, outside of fewer: the looser. */
	if (a->within.n > 0 &&
	    (b->within.n == 0 || !calendars_within(&b->within, &a->within)))
		return false;
	if (!calendars_within(&a->outside, &b->outside))
		return false;
	return a->program.p == NULL || str_eq(a->program, b->program);
}

/* What asks for nothing gets no route, unless a rule takes it in. */
static void
lint_never(const struct rules *r, const struct rule *b, struct issues *is)
{
	static const char *const types[] = { "message", "call" };
	const struct words *keywords = &b->equal[EQUAL_KEYWORD];
	const struct words *type = &b->equal[EQUAL_TYPE];
	const char *why = NULL;
	size_t known = 0, i, j;

	for (i = 0; i < keywords->n; i++)
		known += asks_is_keyword(keywords->v[i]);
	if (known > 0 && known == keywords->n && !r->take_in)
		why = "what has these keywords asks for no answer and gets no "
		      "route, unless a rule says asks: true";
	for (known = i = 0; i < type->n; i++)
		for (j = 0; j < 2; j++)
			known += str_is(type->v[i], types[j]);
	if (type->n > 0 && known == 0)
		why = "only messages and calls get a route";
	if (b->n_match > 0 &&
	    numbers_within(b->match, b->n_match, b->except, b->n_except))
		why = "all that it matches is excepted";
	if (why != NULL)
		issues_add(is, false, b->line, b->column,
		    "rule %.*s never holds: %s", STR_ARG(b->name), why);
}

static bool
decides(const struct outcome *o)
{
	bool any = o->human != TRI_ANY || o->asks != TRI_ANY || o->labels.n > 0;

	for (size_t i = 0; i < WHATS; i++)
		any = any || o->what[i].p != NULL;
	return any;
}

/* Without what a decides before it. */
static void
take_off(struct outcome *left, const struct outcome *a)
{
	for (size_t i = 0; i < WHATS; i++)
		if (a->what[i].p != NULL)
			left->what[i] = STR_NONE;
	if (a->human != TRI_ANY)
		left->human = TRI_ANY;
	if (a->asks != TRI_ANY)
		left->asks = TRI_ANY;
	if (words_within(&left->labels, &a->labels))
		left->labels.n = 0;
}

static void
lint_rule(struct rules *r, const struct rule *b, struct issues *is)
{
	struct outcome left = b->then;
	const struct rule *a;
	bool any = b->stop || decides(&left);

	if (!any)
		issues_add(is, false, b->line, b->column,
		    "rule %.*s decides nothing", STR_ARG(b->name));
	for (a = r->v; any && a < b; a++) {
		if (!implied(a, b))
			continue;
		if (a->stop) {
			issues_add(is, false, b->line, b->column,
			    "rule %.*s never counts: whenever it holds, rule "
			    "%.*s of line %d has stopped",
			    STR_ARG(b->name), STR_ARG(a->name), a->line);
			return;
		}
		take_off(&left, &a->then);
		any = b->stop || decides(&left);
		if (!any)
			issues_add(is, false, b->line, b->column,
			    "rule %.*s never counts: whenever it holds, rule "
			    "%.*s of line %d has decided all that it would",
			    STR_ARG(b->name), STR_ARG(a->name), a->line);
	}
}

static void
lint_levels(const struct names *all, struct issues *is)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct level *l = (const struct level *)all->v[i];
		bool any = false;

		for (size_t k = 0; k < PROMISES; k++)
			any = any || l->takes[k] >= 0;
		if (!any)
			issues_add(is, false, l->is.line, l->is.column,
			    "service level '%.*s' promises nothing; write "
			    "{first: 8h}",
			    STR_ARG(l->is.name));
	}
}

void
rules_lint(struct rules *r, struct issues *is)
{
	struct level *l;
	size_t i, j;

	for (i = 0; i < r->n; i++) {
		lint_rule(r, &r->v[i], is);
		lint_never(r, &r->v[i], is);
	}
	l = rules_level(r, r->defaults.what[WHAT_PRIORITY]);
	if (l != NULL)
		l->is.used = true;
	lint_levels(&r->sections[LEVELS], is);
	lint_levels(&r->sections[SERVICES], is);
	for (i = 0; i < SECTIONS; i++)
		for (j = 0; j < r->sections[i].n; j++) {
			const struct named *n = r->sections[i].v[j];

			if (!n->used)
				issues_add(is, false, n->line, n->column,
				    "nothing uses %s '%.*s'", section_names[i],
				    STR_ARG(n->name));
		}
}

struct rules *
rules_open(const char *path, struct err *e)
{
	struct issues is = { 0 };
	struct rules *r = rules_read(path, &is, e);

	issues_release(&is);
	return r;
}
