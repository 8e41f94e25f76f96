#include "triage/patterns.h"

#include <hs.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/map.h"
#include "text/unicode.h"

/*
 * Letters and blanks as ranges.  Unicode's own classes (HS_FLAG_UCP) have
 * hundreds of them: an expression with \w took 25 ms to compile, with these
 * a tenth.  Beyond ASCII they hold whole blocks of letters; general
 * punctuation, symbols and pictures are left out.
 */
#define LETTERS                                                       \
	"0-9A-Za-z_\\x{aa}\\x{b5}\\x{ba}\\x{c0}-\\x{1fff}"            \
	"\\x{2c00}-\\x{2dff}\\x{3040}-\\x{d7ff}\\x{f900}-\\x{fdff}"   \
	"\\x{fe70}-\\x{fefe}\\x{ff10}-\\x{ffdc}\\x{10000}-\\x{1efff}" \
	"\\x{20000}-\\x{3ffff}"
#define BLANKS "\\s\\x{a0}\\x{2000}-\\x{200a}\\x{202f}\\x{3000}"

enum { FLAGS = HS_FLAG_CASELESS | HS_FLAG_UTF8 };

struct pattern {
	struct str text; /* as it was written */
	const char *expression; /* for Hyperscan */
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
	hs_free_scratch(p->scratch);
	hs_free_database(p->db);
	map_release(&p->index);
	arena_release(&p->arena);
	free(p->v);
	free(p->found);
	free(p);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * A word as an expression.  Its borders are looked at when it is found: a
 * class of all letters on either side makes the automaton a hundred times
 * slower to build.
 */
static void
word_expression(struct str s, struct buf *out)
{
	size_t i = 0;

	while (i < s.n) {
		if (is_blank(s.p[i])) {
			buf_add_z(out, "[" BLANKS "]+");
			while (i < s.n && is_blank(s.p[i]))
				i++;
			continue;
		}
		if (s.p[i] == '*')
			buf_add_z(out, "[" LETTERS "]*");
		else if (unicode_in_word((unsigned char)s.p[i]) ||
			 (s.p[i] & 0x80) != 0)
			buf_add_char(out, s.p[i]);
		else
			buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
		i++;
	}
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
	word_expression(s, out);
	/* Borders need the place where it begins. */
	new->flags =
	    FLAGS | (new->border_before ? HS_FLAG_SOM_LEFTMOST : 0) |
	    (new->border_before || new->border_behind ? 0
						      : HS_FLAG_SINGLEMATCH);
}

/* What stands for \w, \W, \s, \S: in a class or by itself; or NULL. */
static const char *
escape(char c, bool in_class)
{
	switch (c) {
	case 'w':
		return in_class ? LETTERS : "[" LETTERS "]";
	case 's':
		return in_class ? BLANKS : "[" BLANKS "]";
	case 'W':
		return in_class ? NULL : "[^" LETTERS "]";
	case 'S':
		return in_class ? NULL : "[^" BLANKS "]";
	default:
		return NULL;
	}
}

/* An expression with our letters and blanks for its escapes. */
static void
widen(struct str s, struct buf *out)
{
	bool in_class = false, quoted = false;
	const char *ours;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '\\' || i + 1 == s.n) {
			if (s.p[i] == '[' && !quoted)
				in_class = true;
			else if (s.p[i] == ']' && !quoted)
				in_class = false;
			buf_add_char(out, s.p[i]);
			continue;
		}
		i++;
		if (s.p[i] == 'Q' || s.p[i] == 'E')
			quoted = s.p[i] == 'Q';
		ours = quoted ? NULL : escape(s.p[i], in_class);
		if (ours != NULL)
			buf_add_z(out, ours);
		else
			buf_add(out, s.p + i - 1, 2);
	}
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

static int
prepare(struct patterns *p, struct pattern *new, struct str text, struct err *e)
{
	bool expression =
	    text.n >= 2 && text.p[0] == '/' && text.p[text.n - 1] == '/';
	struct buf b;

	*new = (struct pattern){ .text = arena_dup(&p->arena, text) };
	buf_init(&b, PATTERN_BYTES * 256);
	if (expression)
		widen(str_sub(text, 1, text.n - 2), &b);
	else
		word_prepare(new, text, &b);
	new->expression = arena_cstr(&p->arena, buf_str(&b));
	buf_release(&b);
	if (expression)
		new->flags = FLAGS | HS_FLAG_SINGLEMATCH;
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
	if (!str_is_utf8(text) || str_chr(text, '\0') >= 0)
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
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 64 : p->cap * 2;
		p->v = xreallocarray(p->v, p->cap, sizeof(*p->v));
	}
	*map_put(&p->index, text, NULL) = p->n;
	p->v[p->n] = new;
	return (int)p->n++;
}

static int
compile(struct patterns *p, const char **expressions, unsigned *flags,
    unsigned *ids, struct err *e)
{
	hs_compile_error_t *error = NULL;
	size_t i;
	int rc = 0;

	for (i = 0; i < p->n; i++) {
		expressions[i] = p->v[i].expression;
		flags[i] = p->v[i].flags;
		ids[i] = (unsigned)i;
	}
	if (hs_compile_multi(expressions, flags, ids, (unsigned)p->n,
		HS_MODE_BLOCK, NULL, &p->db, &error) != HS_SUCCESS) {
		int at = error == NULL ? -1 : error->expression;

		rc = err_set(e, "%.*s%s%s",
		    STR_ARG(at < 0 ? STR("patterns") : p->v[at].text), ": ",
		    error == NULL ? "?" : error->message);
		hs_free_compile_error(error);
	} else if (hs_alloc_scratch(p->db, &p->scratch) != HS_SUCCESS) {
		alloc_die(sizeof(*p));
	}
	return rc;
}

int
patterns_compile(struct patterns *p, struct err *e)
{
	const char **expressions;
	unsigned *flags, *ids;
	int rc;

	if (p->n == 0)
		return 0;
	if (hs_valid_platform() != HS_SUCCESS)
		return err_set(e, "this processor is too old for Hyperscan");
	expressions = xreallocarray(NULL, p->n, sizeof(*expressions));
	flags = xreallocarray(NULL, p->n, sizeof(*flags));
	ids = xreallocarray(NULL, p->n, sizeof(*ids));
	rc = compile(p, expressions, flags, ids, e);
	free(expressions);
	free(flags);
	free(ids);
	p->found = xcalloc(p->n / 64 + 1, sizeof(*p->found));
	return rc;
}

size_t
patterns_count(const struct patterns *p)
{
	return p->n;
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
	if (w->border_before && unicode_in_word(utf8_last(before)))
		return 0;
	if (w->border_behind && unicode_in_word(utf8_first(behind)))
		return 0;
	p->found[id / 64] |= UINT64_C(1) << (id % 64);
	p->any = true;
	return 0;
}

int
patterns_scan(struct patterns *p, struct str text, struct err *e)
{
	if (p->db == NULL || text.n == 0)
		return 0;
	if (text.n > UINT32_MAX)
		return err_set(e, "a text of more than 4 GiB");
	p->scanned = text;
	if (hs_scan(p->db, text.p, (unsigned)text.n, 0, p->scratch, on_match,
		p) != HS_SUCCESS)
		return err_set(e, "the text cannot be looked through");
	return 0;
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
