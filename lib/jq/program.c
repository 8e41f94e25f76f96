#include "jq/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vec.h"
#include "jq/lexer.h"

/* Fills e with "name:line:column: what" for a place in text.  Returns -1. */
static int
fail_at(const struct program *p, struct err *e, size_t at, struct str what);

/* What a program has no business with, and why. */
static const struct {
	const char *name, *args, *why;
} refused[] = {
	{ "now", "", "a program sees no clock" },
	{ "localtime", "", "a program sees no zone but UTC" },
	{ "strflocaltime", "(f)", "a program sees no zone but UTC" },
	{ "input", "", "a program sees no input but its own" },
	{ "inputs", "", "a program sees no input but its own" },
	{ "input_filename", "", "a program sees no input but its own" },
	{ "input_line_number", "", "a program sees no input but its own" },
	{ "debug", "", "a program prints nothing" },
	{ "stderr", "", "a program prints nothing" },
	{ "halt", "", "a program cannot end the run" },
	{ "halt_error", "", "a program cannot end the run" },
	{ "halt_error", "(f)", "a program cannot end the run" },
	{ "modulemeta", "", "a program sees no files" },
	{ "get_search_list", "", "a program sees no files" },
	{ "import", NULL, "a program sees no files" },
	{ "include", NULL, "a program sees no files" },
};
#define REFUSED (sizeof(refused) / sizeof(*refused))

void
program_init(
    struct program *p, const char *name, int line0, int column0, bool doubles)
{
	*p = (struct program){ .name = name,
		.line0 = line0,
		.column0 = column0,
		.doubles = doubles };
	buf_init(&p->text, PROGRAM_BYTES);
	buf_init(&p->literal, PROGRAM_BYTES);
}

void
program_release(struct program *p)
{
	buf_release(&p->text);
	buf_release(&p->literal);
	free(p->ends);
	free(p->asked);
	free(p->from);
}

/* Adds bytes that stand for the source's byte `from`, or for those from it
 * on where `run` is set. */
static void
add(struct program *p, struct str s, size_t from, bool run)
{
	if (buf_add_str(&p->text, s) != 0)
		return;
	vec_hold(p->from, p->text.n - s.n, p->mapped, s.n);
	for (size_t i = 0; i < s.n; i++)
		p->from[p->text.n - s.n + i] =
		    (uint32_t)(run ? from + i : from);
}

static bool
names_environment(struct str source)
{
	return str_find(source, STR("ENV")) >= 0;
}

/*
 * The definitions that hide what is refused stand on the first line, so that
 * lines count as the user counts them.  The environment is an empty one.
 */
static void
add_head(struct program *p, bool names_env)
{
	for (size_t i = 0; i < REFUSED; i++)
		if (refused[i].args != NULL) {
			add(p, STR("def "), 0, false);
			add(p, str_of(refused[i].name), 0, false);
			add(p, str_of(refused[i].args), 0, false);
			add(p, STR(":error(\""), 0, false);
			add(p, str_of(refused[i].name), 0, false);
			add(p, STR(": "), 0, false);
			add(p, str_of(refused[i].why), 0, false);
			add(p, STR("\");"), 0, false);
		}
	add(p, STR("def env: {};"), 0, false);
	/* A definition that called its own name would never end. */
	if (p->doubles)
		add(p,
		    STR("def _kith_n: tonumber; def tonumber: _kith_n + 0;"
			"def _kith_j: fromjson; def fromjson: _kith_j | "
			"walk(if type == \"number\" then . + 0 else . end);"),
		    0, false);
	/* Only where it may be used: behind it must stand more than
	 * definitions. */
	if (names_env)
		add(p, STR("{} as $ENV|"), 0, false);
	p->head = p->text.n;
}

static bool
is_digit_at(struct str s, size_t i)
{
	return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* A number that may be written in another way than the double is. */
static bool
is_long_number(struct str token)
{
	size_t i = 0;

	while (is_digit_at(token, i))
		i++;
	if (i == token.n)
		return i > 15;
	return i > 0 || (str_starts(token, STR(".")) && is_digit_at(token, 1));
}

/* A piece of the source, from there on; run as for add. */
static void
add_source(struct program *p, struct str s, size_t from, bool run)
{
	struct lexer l = { .text = s };
	size_t done = 0;

	for (bool piece = false; p->doubles && lexer_next(&l);
	     piece = l.in_string) {
		if (piece || l.in_string || !is_long_number(lexer_token(&l)))
			continue;
		add(p, str_sub(s, done, l.start - done), from + done, run);
		add(p, STR("("), from + l.start, false);
		add(p, lexer_token(&l), from + l.start, run);
		add(p, STR("+0)"), from + l.start, false);
		done = l.at;
	}
	add(p, str_sub(s, done, s.n), from + done, run);
}

/* --- what is refused --- */

static int
which_refused(struct str word)
{
	for (size_t i = 0; i < REFUSED; i++)
		if (str_is(word, refused[i].name))
			return (int)i;
	return -1;
}

/*
 * A word is a call unless it names a member ({input: 1}, {input}) or is
 * defined by the program itself.  Where that is in doubt it passes here, and
 * the definitions in the program's head catch it when it runs.
 */
static int
check_words(const struct program *p, size_t from, struct err *e)
{
	struct lexer l = { .text = buf_str(&p->text), .at = from }, ahead;
	bool own[REFUSED] = { false };
	struct str before = STR(""), word;

	for (; lexer_next(&l); before = word) {
		int i;

		word = lexer_token(&l);
		i = l.in_string ? -1 : which_refused(word);
		if (i < 0)
			continue;
		if (str_is(before, "def"))
			own[i] = true;
		ahead = l;
		if (own[i] || str_is(before, "{") || str_is(before, ",") ||
		    (lexer_next(&ahead) && str_is(lexer_token(&ahead), ":")))
			continue;
		return fail_at(p, e, l.start, str_of(refused[i].why));
	}
	return 0;
}

int
program_expression(struct program *p, struct str source, struct err *e)
{
	p->source = source;
	add_head(p, names_environment(source));
	add_source(p, source, 0, true);
	/* Ends a comment on the last line. */
	add(p, STR("\n"), source.n, false);
	p->tail = 1;
	if (p->text.over)
		return err_set(e, "%s: the program is past %d bytes", p->name,
		    PROGRAM_BYTES);
	if (memchr(source.p, '\0', source.n) != NULL)
		return fail_at(p, e, p->head + (size_t)str_chr(source, '\0'),
		    STR("a NUL in the program"));
	return check_words(p, p->head, e);
}

/* The interpolation's end that starts with \( at i: behind its ), or 0. */
static size_t
interpolation_end(struct str source, size_t i)
{
	struct lexer l = { .text = source, .at = i, .in_string = true };

	while (lexer_next(&l))
		if (l.level == 0 && l.in_string)
			return l.at;
	return 0;
}

/* An interpolation, source[i, end), with its number for each result. */
static void
add_hole(struct program *p, size_t i, size_t end)
{
	char number[32];

	snprintf(number, sizeof(number), ")|[%zu,.])", p->holes);
	add(p, p->holes == 0 ? STR("((") : STR(",(("), i, false);
	p->asked[p->holes] = str_sub(p->source, i + 2, end - i - 3);
	add_source(p, p->asked[p->holes], i + 2, true);
	add(p, str_of(number), end - 1, false);
	p->ends[p->holes++] = p->literal.n;
}

/* Takes the template apart; -1 where a \( has no end, at *bad. */
static int
add_pieces(struct program *p, struct str source, size_t *bad)
{
	size_t i = 0, end;

	while (i < source.n) {
		struct str rest = str_sub(source, i, source.n);

		if (str_starts(rest, STR("\\\\("))) {
			buf_add_z(&p->literal, "\\(");
			i += 3;
		} else if (str_starts(rest, STR("\\("))) {
			end = interpolation_end(source, i);
			if (end == 0) {
				*bad = i;
				return -1;
			}
			add_hole(p, i, end);
			i = end;
		} else {
			buf_add_char(&p->literal, source.p[i++]);
		}
	}
	return 0;
}

int
program_template(struct program *p, struct str source, struct err *e)
{
	size_t bad = 0;
	int rc;

	p->source = source;
	if (str_chr(source, '\0') >= 0)
		return err_set(e, "%s: a NUL in the template", p->name);
	/* Each takes three bytes at least. */
	p->ends = xreallocarray(NULL, source.n / 3 + 1, sizeof(*p->ends));
	p->asked = xreallocarray(NULL, source.n / 3 + 1, sizeof(*p->asked));
	add_head(p, names_environment(source));
	rc = add_pieces(p, source, &bad);
	if (rc != 0)
		add(p, STR("\\("), bad, false);
	bad = p->text.n - 1;
	p->ends[p->holes] = p->literal.n;
	add(p, p->holes == 0 ? STR("empty\n") : STR("\n"), source.n, false);
	p->tail = 1;
	if (p->text.over)
		return err_set(e, "%s: the template is past %d bytes", p->name,
		    PROGRAM_BYTES);
	if (rc != 0)
		return fail_at(p, e, bad, STR("a \\( without its )"));
	return check_words(p, p->head, e);
}

/* Does it close no bracket that it has not opened? */
static bool
is_whole(struct str source)
{
	struct lexer l = { .text = source };
	long depth = 0;

	while (depth >= 0 && lexer_next(&l))
		if (l.level == 0 && !l.in_string) {
			struct str t = lexer_token(&l);

			depth += str_is(t, "(") - str_is(t, ")");
		}
	return depth == 0;
}

/* Asks for the number among those from `from` to `to`. */
static void
add_choice(struct program *p, size_t from, size_t to)
{
	size_t middle = from + (to - from) / 2;
	char text[64];

	if (to - from == 1) {
		snprintf(text, sizeof(text), "_kith%zu", from);
		add(p, str_of(text), 0, false);
		return;
	}
	snprintf(text, sizeof(text), "if $_kith < %zu then ", middle);
	add(p, str_of(text), 0, false);
	add_choice(p, from, middle);
	add(p, STR(" else "), 0, false);
	add_choice(p, middle, to);
	add(p, STR(" end"), 0, false);
}

int
program_many(
    struct program *p, const struct str *sources, size_t n, struct err *e)
{
	bool names_env = false;
	char text[64];

	for (size_t i = 0; i < n; i++)
		names_env |= names_environment(sources[i]);
	p->source = STR("");
	add_head(p, names_env);
	for (size_t i = 0; i < n; i++) {
		if (!is_whole(sources[i]))
			return err_set(e, "%s: no whole program", p->name);
		snprintf(text, sizeof(text), "def _kith%zu: (\n", i);
		add(p, str_of(text), 0, false);
		add_source(p, sources[i], 0, false);
		add(p, STR("\n);"), 0, false);
	}
	add(p, STR(".[0] as $_kith | .[1] | "), 0, false);
	add_choice(p, 0, n);
	if (p->text.over)
		return err_set(e, "%s: the programs are past %d bytes", p->name,
		    PROGRAM_BYTES);
	return check_words(p, p->head, e);
}

/* --- places --- */

static int
fail_at(const struct program *p, struct err *e, size_t at, struct str what)
{
	size_t end = at < p->head ? 0 : p->source.n, start = 0;
	int line = p->line0 + 1, column;

	if (at >= p->head && at < p->text.n)
		end = p->from[at];
	for (size_t i = 0; i < end && i < p->source.n; i++)
		if (p->source.p[i] == '\n') {
			line++;
			start = i + 1;
		}
	column = (int)(end - start) + 1 + (start == 0 ? p->column0 : 0);
	return err_set(
	    e, "%s:%d:%d: %.*s", p->name, line, column, STR_ARG(what));
}

/* Where in text a name stands that libjq calls f/2, $x or $*label-x. */
static size_t
find_name(const struct program *p, struct str name)
{
	struct lexer l = { .text = buf_str(&p->text), .at = p->head };
	ptrdiff_t slash = str_rchr(name, '/');
	struct str label = STR("$*label-");
	bool is_label = str_starts(name, label);

	if (is_label)
		name = str_sub(name, label.n, name.n);
	else if (slash > 0)
		name = str_sub(name, 0, (size_t)slash);
	while (lexer_next(&l)) {
		struct str t = lexer_token(&l);

		if (is_label && str_starts(t, STR("$")))
			t = str_sub(t, 1, t.n);
		if (!l.in_string && str_eq(t, name))
			return l.start;
	}
	return p->head;
}

/* The token that begins at a place in text, or STR_NONE. */
static struct str
token_at(const struct program *p, size_t at)
{
	struct lexer l = { .text = buf_str(&p->text), .at = p->head };

	while (lexer_next(&l))
		if (l.start == at)
			return lexer_token(&l);
	return STR_NONE;
}

/* Where in text the first token is that the grammar refuses. */
static size_t
find_error(const struct program *p, bool (*begins)(struct str))
{
	struct lexer l = { .text = buf_str(&p->text), .at = p->head };
	struct VEC(size_t) starts = { 0 };
	size_t low = 0, high, found;

	while (lexer_next(&l))
		vec_add(&starts, l.start);
	/* The greatest number of tokens that still begin a program. */
	for (high = starts.n; low < high;) {
		size_t mid = low + (high - low + 1) / 2;
		size_t end = mid < starts.n ? starts.v[mid] : p->text.n;

		if (begins(str_sub(buf_str(&p->text), 0, end)))
			low = mid;
		else
			high = mid - 1;
	}
	found = low < starts.n ? starts.v[low] : p->text.n - p->tail;
	vec_release(&starts);
	return found;
}

/* The place that the grammar refuses, with the token that stands there
 * instead of libjq's name for its kind. */
static int
syntax_error(const struct program *p, struct str what,
    bool (*begins)(struct str), struct err *e)
{
	size_t at = find_error(p, begins);
	struct str token = token_at(p, at);
	char text[80];

	if (token.p != NULL && str_starts(what, STR("unexpected "))) {
		token = str_sub(token, 0, 40);
		snprintf(text, sizeof(text), "unexpected %.*s", STR_ARG(token));
		what = str_of(text);
	}
	if (what.n == 0)
		what = STR("the program is not understood");
	return fail_at(p, e, at, what);
}

/* What is left of libjq's message without its own trimmings. */
static struct str
bare_message(struct str what)
{
	static const char *const starts[] = { "jq: error: ", "syntax error, " };
	static const char *const ends[] = { " at <top-level>",
		" (Unix shell quoting issues?)",
		" (Windows cmd shell quoting issues?)" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (str_starts(what, str_of(starts[i])))
			what = str_sub(what, strlen(starts[i]), what.n);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		ptrdiff_t at = str_find(what, str_of(ends[i]));

		if (at >= 0)
			what = str_sub(what, 0, (size_t)at);
	}
	return what;
}

bool
program_ends_early(struct str message)
{
	/* Bison's names of it: of jq 1.6, and from 1.7. */
	return str_find(message, STR("unexpected $end")) >= 0 ||
	       str_find(message, STR("unexpected end of file")) >= 0;
}

int
program_explain(const struct program *p, struct str message,
    bool (*begins)(struct str), struct err *e)
{
	struct str what = bare_message(message);
	ptrdiff_t at = str_find(what, STR(" is not defined"));

	if (at > 0)
		return fail_at(
		    p, e, find_name(p, str_sub(what, 0, (size_t)at)), what);
	if (program_ends_early(what))
		return fail_at(
		    p, e, p->text.n, STR("the program ends too early"));
	return syntax_error(p, what, begins, e);
}
