#include "route/rules/patterns.h"

#include <hs.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/map.h"
#include "core/text/utf8.h"
#include "core/vec.h"
#include "route/rules/wording.h"
#include "text/unicode.h"

enum { FLAGS = HS_FLAG_CASELESS | HS_FLAG_UTF8 };

struct pattern {
	struct str text; /* as it was written */
	const char *expression; /* for Hyperscan */
	const char *loose; /* what all are looked for with, or NULL */
	hs_database_t *exact; /* of a loose one, once it was found */
	unsigned flags;
	/* A word's ends where another letter must not stand. */
	bool border_before, border_behind;
};

struct patterns {
	struct map index; /* text -> number */
	struct pattern *v;
	size_t n, cap;
	struct arena arena;
	hs_database_t *db;
	hs_scratch_t *scratch;
	uint64_t *found; /* bits */
	struct str scanned; /* the text in hand */
	bool any;
	unsigned *maybe; /* loose ones that were found in it */
	size_t n_maybe;
	bool sure; /* it is looked through for an exact one */
};

struct patterns *
patterns_new(void)
{
	return xcalloc(1, sizeof(struct patterns));
}

void
patterns_free(struct patterns *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++)
		hs_free_database(p->v[i].exact);
	hs_free_scratch(p->scratch);
	hs_free_database(p->db);
	map_release(&p->index);
	arena_release(&p->arena);
	free(p->v);
	free(p->found);
	free(p->maybe);
	free(p);
}

/* A '*' at an end says that any letters may follow there. */
static void
word_prepare(struct pattern *new, struct str s, struct buf *out)
{
	s = str_trim(s);
	new->border_before = unicode_in_word(utf8_first(s));
	new->border_behind = unicode_in_word(utf8_last(s));
	while (s.n > 0 && s.p[0] == '*')
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && s.p[s.n - 1] == '*')
		s.n--;
	wording_word(s, out);
	/* Borders need the place where it begins. */
	new->flags =
	    FLAGS | (new->border_before ? HS_FLAG_SOM_LEFTMOST : 0) |
	    (new->border_before || new->border_behind ? 0
						      : HS_FLAG_SINGLEMATCH);
}

/* Would Hyperscan take it?  The message is its own, made a sentence's end. */
static int
try(const char *expression, unsigned flags, struct str text, struct err *e)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	int rc = 0;

	if (hs_expression_info(expression, flags, &info, &error) !=
	    HS_SUCCESS) {
		struct str why =
		    str_trim(str_of(error == NULL ? "" : error->message));

		if (str_ends(why, STR(".")))
			why.n--;
		rc = err_set(e, "'%.*s': %.*s", STR_ARG(text), STR_ARG(why));
		hs_free_compile_error(error);
	} else if (info->min_width == 0) {
		rc = err_set(e, "'%.*s' is found in every text", STR_ARG(text));
	}
	free(info);
	return rc;
}

static void
expression_prepare(
    struct patterns *p, struct pattern *new, struct str s, struct buf *b)
{
	new->flags = FLAGS | HS_FLAG_SINGLEMATCH;
	if (wording_loose(s, b))
		new->loose = arena_cstr(&p->arena, buf_str(b));
	buf_reset(b);
	wording_exact(s, b);
}

static int
prepare(struct patterns *p, struct pattern *new, struct str text, struct err *e)
{
	struct buf b;

	*new = (struct pattern){ .text = arena_dup(&p->arena, text) };
	buf_init(&b, PATTERN_BYTES * 256);
	if (text.n >= 2 && text.p[0] == '/' && text.p[text.n - 1] == '/')
		expression_prepare(p, new, str_sub(text, 1, text.n - 2), &b);
	else
		word_prepare(new, text, &b);
	new->expression = arena_cstr(&p->arena, buf_str(&b));
	buf_release(&b);
	return try(new->expression, new->flags, text, e);
}

static int
check_text(const struct patterns *p, struct str text, struct err *e)
{
	if (str_trim(text).n == 0 || str_is(text, "*") || str_is(text, "//"))
		return err_set(
		    e, "'%.*s' is found in every text", STR_ARG(text));
	if (text.n > PATTERN_BYTES)
		return err_set(e, "longer than %d bytes", (int)PATTERN_BYTES);
	if (p->n >= PATTERNS_MAX)
		return err_set(e, "more than %d patterns", (int)PATTERNS_MAX);
	if (!utf8_is_valid(text) || str_chr(text, '\0') >= 0)
		return err_set(e, "not text in UTF-8");
	return 0;
}

int
patterns_add(struct patterns *p, struct str text, struct err *e)
{
	uint64_t *at = map_get(&p->index, text);
	struct pattern new;

	if (at != NULL)
		return (int)*at;
	if (check_text(p, text, e) != 0 || prepare(p, &new, text, e) != 0)
		return -1;
	*map_put(&p->index, text, NULL) = p->n;
	vec_add(p, new);
	return (int)p->n - 1;
}

/* An automaton of so many of them, with scratch for it. */
static int
compile(struct patterns *p, const char **expressions, unsigned *flags,
    unsigned *ids, size_t n, hs_database_t **db, struct err *e)
{
	hs_compile_error_t *error = NULL;

	if (hs_compile_multi(expressions, flags, ids, (unsigned)n,
		HS_MODE_BLOCK, NULL, db, &error) != HS_SUCCESS) {
		int at = error == NULL ? -1 : error->expression;

		err_set(e, "%.*s: %s",
		    STR_ARG(at < 0 ? STR("patterns") : p->v[ids[at]].text),
		    error == NULL ? "?" : error->message);
		hs_free_compile_error(error);
		return -1;
	}
	if (hs_alloc_scratch(*db, &p->scratch) != HS_SUCCESS)
		alloc_die(sizeof(*p));
	return 0;
}

static int
compile_all(struct patterns *p, struct err *e)
{
	const char **expressions = xreallocarray(NULL, p->n, sizeof(char *));
	unsigned *flags = xreallocarray(NULL, p->n, sizeof(*flags));
	unsigned *ids = xreallocarray(NULL, p->n, sizeof(*ids));
	int rc;

	for (size_t i = 0; i < p->n; i++) {
		const struct pattern *v = &p->v[i];

		expressions[i] = v->loose == NULL ? v->expression : v->loose;
		flags[i] = v->flags;
		ids[i] = (unsigned)i;
	}
	rc = compile(p, expressions, flags, ids, p->n, &p->db, e);
	free(expressions);
	free(flags);
	free(ids);
	return rc;
}

int
patterns_compile(struct patterns *p, struct err *e)
{
	if (p->n == 0)
		return 0;
	if (hs_valid_platform() != HS_SUCCESS)
		return err_set(e, "this processor is too old for Hyperscan");
	p->found = xcalloc(p->n / 64 + 1, sizeof(*p->found));
	p->maybe = xcalloc(p->n, sizeof(*p->maybe));
	return compile_all(p, e);
}

struct str
patterns_text(const struct patterns *p, size_t i)
{
	return p->v[i].text;
}

/* Called where a pattern ends; one without borders comes once a text. */
static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *arg)
{
	struct patterns *p = arg;
	const struct pattern *w = &p->v[id];
	struct str before = str_sub(p->scanned, 0, from);
	struct str behind = str_sub(p->scanned, to, p->scanned.n);

	(void)flags;
	if (w->loose != NULL && !p->sure) {
		p->maybe[p->n_maybe++] = id;
		return 0;
	}
	if (w->border_before && unicode_in_word(utf8_last(before)))
		return 0;
	if (w->border_behind && unicode_in_word(utf8_first(behind)))
		return 0;
	p->found[id / 64] |= UINT64_C(1) << (id % 64);
	p->any = true;
	return 0;
}

static int
look_through(struct patterns *p, const hs_database_t *db, struct err *e)
{
	if (hs_scan(db, p->scanned.p, (unsigned)p->scanned.n, 0, p->scratch,
		on_match, p) != HS_SUCCESS)
		return err_set(e, "the text cannot be looked through");
	return 0;
}

/* A loose pattern was found: was the exact one? */
static int
make_sure(struct patterns *p, unsigned id, struct err *e)
{
	struct pattern *w = &p->v[id];
	int rc = 0;

	if (patterns_found(p, id))
		return 0;
	if (w->exact == NULL)
		rc =
		    compile(p, &w->expression, &w->flags, &id, 1, &w->exact, e);
	p->sure = true;
	if (rc == 0)
		rc = look_through(p, w->exact, e);
	p->sure = false;
	return rc;
}

int
patterns_scan(struct patterns *p, struct str text, struct err *e)
{
	int rc;

	if (p->db == NULL || text.n == 0)
		return 0;
	if (text.n > UINT32_MAX)
		return err_set(e, "a text of more than 4 GiB");
	p->scanned = text;
	p->n_maybe = 0;
	rc = look_through(p, p->db, e);
	while (rc == 0 && p->n_maybe > 0)
		rc = make_sure(p, p->maybe[--p->n_maybe], e);
	return rc;
}

void
patterns_clear(struct patterns *p)
{
	if (p->any)
		memset(p->found, 0, (p->n / 64 + 1) * sizeof(*p->found));
	p->any = false;
}

bool
patterns_found(const struct patterns *p, size_t i)
{
	return p->any && ((p->found[i / 64] >> (i % 64)) & 1) != 0;
}

bool
patterns_any(const struct patterns *p)
{
	return p->any;
}
