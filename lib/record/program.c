#include "record/program.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

enum { NESTING = 64 }; /* strings within interpolations within strings */

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
program_init(struct program *p, const char *name, int line0, int column0)
{
	*p = (struct program){
		.name = name, .line0 = line0, .column0 = column0
	};
	buf_init(&p->text, PROGRAM_BYTES);
}

void
program_release(struct program *p)
{
	buf_release(&p->text);
	free(p->from);
}

/* Adds bytes that stand for the source's byte `from`, or for those from it
 * on where `run` is set. */
static void
add(struct program *p, struct str s, size_t from, bool run)
{
	if (buf_add_str(&p->text, s) != 0)
		return;
	if (p->text.n > p->mapped) {
		p->mapped = p->text.n * 2;
		p->from = xreallocarray(p->from, p->mapped, sizeof(*p->from));
	}
	for (size_t i = 0; i < s.n; i++)
		p->from[p->text.n - s.n + i] =
		    (uint32_t)(run ? from + i : from);
}

/*
 * The definitions that hide what is refused stand on the first line, so that
 * lines count as the user counts them.
 */
static void
add_head(struct program *p)
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
	p->head = p->text.n;
}

/* --- tokens of jq, as far as places in a text need them --- */

struct lexer {
	struct str text;
	size_t at; /* behind the token */
	size_t start; /* of the token */
	bool in_string;
	int level; /* of nested interpolations */
	int parens[NESTING]; /* open within each */
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t
skip_words(struct str s, size_t i)
{
	while (i < s.n && (is_word(s.p[i]) ||
			      (s.p[i] == ':' && i + 2 < s.n &&
				  s.p[i + 1] == ':' && is_word(s.p[i + 2]))))
		i += s.p[i] == ':' ? 2 : 1;
	return i;
}

static size_t
skip_number(struct str s, size_t i)
{
	while (i < s.n && (isdigit((unsigned char)s.p[i]) || s.p[i] == '.'))
		i++;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		size_t j = i + 1;

		if (j < s.n && (s.p[j] == '+' || s.p[j] == '-'))
			j++;
		if (j < s.n && isdigit((unsigned char)s.p[j]))
			for (i = j; i < s.n && isdigit((unsigned char)s.p[i]);)
				i++;
	}
	return i;
}

static size_t
operator_length(struct str rest)
{
	static const char *const longer[] = { "?//=", "?//", "//=", "|=", "+=",
		"-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", ".." };

	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++)
		if (str_starts(rest, str_of(longer[i])))
			return strlen(longer[i]);
	return 1;
}

/* A piece of a string's content, or what ends it. */
static void
lex_string(struct lexer *l)
{
	struct str s = l->text;

	if (s.p[l->at] == '"') {
		l->in_string = false;
		l->at++;
		return;
	}
	while (l->at < s.n && s.p[l->at] != '"') {
		if (s.p[l->at] != '\\') {
			l->at++;
		} else if (l->at + 1 < s.n && s.p[l->at + 1] == '(') {
			l->at += 2;
			l->in_string = false;
			if (l->level < NESTING)
				l->parens[l->level] = 0;
			l->level++;
			return;
		} else {
			l->at += l->at + 1 < s.n ? 2 : 1;
		}
	}
}

static void
skip_blank(struct lexer *l)
{
	struct str s = l->text;

	for (; l->at < s.n; l->at++) {
		if (s.p[l->at] == '#')
			while (l->at < s.n && s.p[l->at] != '\n')
				l->at++;
		else if (!isspace((unsigned char)s.p[l->at]))
			return;
	}
	if (l->at > s.n)
		l->at = s.n;
}

static void
lex_paren(struct lexer *l, char c)
{
	int *open;

	if (l->level == 0 || l->level > NESTING)
		return;
	open = &l->parens[l->level - 1];
	if (c == '(') {
		++*open;
	} else if (*open > 0) {
		--*open;
	} else {
		l->level--;
		l->in_string = true;
	}
}

/* The next token, text[start..at); false at the end. */
static bool
lex(struct lexer *l)
{
	struct str s = l->text;
	bool more;
	char c;

	if (!l->in_string)
		skip_blank(l);
	l->start = l->at;
	if (l->at >= s.n)
		return false;
	if (l->in_string) {
		lex_string(l);
		return true;
	}
	c = s.p[l->at];
	more = l->at + 1 < s.n;
	if (c == '"') {
		l->in_string = true;
		l->at++;
	} else if (isdigit((unsigned char)c) ||
		   (c == '.' && more &&
		       isdigit((unsigned char)s.p[l->at + 1]))) {
		l->at = skip_number(s, l->at);
	} else if (is_word(c) || ((c == '.' || c == '$' || c == '@') && more &&
				     is_word(s.p[l->at + 1]))) {
		l->at = skip_words(s, l->at + 1);
	} else {
		if (c == '(' || c == ')')
			lex_paren(l, c);
		l->at += operator_length(str_sub(s, l->at, 4));
	}
	return true;
}

static struct str
token(const struct lexer *l)
{
	return str_sub(l->text, l->start, l->at - l->start);
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

	for (; lex(&l); before = word) {
		int i;

		word = token(&l);
		i = l.in_string ? -1 : which_refused(word);
		if (i < 0)
			continue;
		if (str_is(before, "def"))
			own[i] = true;
		ahead = l;
		if (own[i] || str_is(before, "{") || str_is(before, ",") ||
		    (lex(&ahead) && str_is(token(&ahead), ":")))
			continue;
		return program_fail(p, e, l.start, str_of(refused[i].why));
	}
	return 0;
}

int
program_expression(struct program *p, struct str source, struct err *e)
{
	p->source = source;
	add_head(p);
	add(p, source, 0, true);
	/* Ends a comment on the last line. */
	add(p, STR("\n"), source.n, false);
	p->tail = 1;
	if (p->text.over)
		return err_set(e, "%s: the program is past %d bytes", p->name,
		    PROGRAM_BYTES);
	if (memchr(source.p, '\0', source.n) != NULL)
		return program_fail(p, e,
		    p->head + (size_t)str_chr(source, '\0'),
		    STR("a NUL in the program"));
	return check_words(p, p->head, e);
}

/* The interpolation's end that starts with \( at i: behind its ), or 0. */
static size_t
interpolation_end(struct str source, size_t i)
{
	struct lexer l = { .text = source, .at = i, .in_string = true };

	while (lex(&l))
		if (l.level == 0 && l.in_string)
			return l.at;
	return 0;
}

/* \(...) with the filter behind what it gives. */
static void
add_through(struct program *p, size_t i, size_t end)
{
	add(p, STR("\\("), i, true);
	add(p, STR("("), i + 2, false);
	add(p, str_sub(p->source, i + 2, end - i - 3), i + 2, true);
	add(p, STR(")|"), end - 1, false);
	add(p, str_of(p->through), end - 1, false);
	add(p, STR(")"), end - 1, true);
}

int
program_template(struct program *p, struct str source, struct err *e)
{
	size_t i = 0, end;

	p->source = source;
	add_head(p);
	add(p, STR("\""), 0, false);
	while (i < source.n) {
		struct str rest = str_sub(source, i, source.n);

		if (*rest.p == '\0')
			return err_set(e, "%s: a NUL in the template", p->name);
		if (str_starts(rest, STR("\\\\("))) {
			add(p, STR("\\\\("), i, true);
			i += 3;
		} else if (str_starts(rest, STR("\\("))) {
			end = interpolation_end(source, i);
			if (end != 0 && p->through != NULL)
				add_through(p, i, end);
			else
				add(p,
				    str_sub(source, i, end == 0 ? 1 : end - i),
				    i, true);
			if (end == 0)
				return program_fail(p, e, p->text.n - 1,
				    STR("a \\( without its )"));
			i = end;
		} else if (*rest.p == '"' || *rest.p == '\\') {
			add(p, STR("\\"), i, false);
			add(p, str_sub(rest, 0, 1), i++, false);
		} else {
			add(p, str_sub(rest, 0, 1), i++, false);
		}
	}
	add(p, STR("\""), source.n, false);
	p->tail = 1;
	if (p->text.over)
		return err_set(e, "%s: the template is past %d bytes", p->name,
		    PROGRAM_BYTES);
	return check_words(p, p->head, e);
}

/* --- places --- */

int
program_fail(const struct program *p, struct err *e, size_t at, struct str what)
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

size_t
program_find_name(const struct program *p, struct str name)
{
	struct lexer l = { .text = buf_str(&p->text), .at = p->head };
	ptrdiff_t slash = str_rchr(name, '/');
	struct str label = STR("$*label-");
	bool is_label = str_starts(name, label);

	if (is_label)
		name = str_sub(name, label.n, name.n);
	else if (slash > 0)
		name = str_sub(name, 0, (size_t)slash);
	while (lex(&l)) {
		struct str t = token(&l);

		if (is_label && str_starts(t, STR("$")))
			t = str_sub(t, 1, t.n);
		if (!l.in_string && str_eq(t, name))
			return l.start;
	}
	return p->head;
}

struct str
program_token(const struct program *p, size_t at)
{
	struct lexer l = { .text = buf_str(&p->text), .at = p->head };

	while (lex(&l))
		if (l.start == at)
			return token(&l);
	return STR_NONE;
}

size_t
program_find_error(
    const struct program *p, bool (*begins)(void *, struct str), void *arg)
{
	struct lexer l = { .text = buf_str(&p->text), .at = p->head };
	size_t *starts = NULL, n = 0, cap = 0, low = 0, high, found;

	while (lex(&l)) {
		if (n == cap) {
			cap = cap == 0 ? 64 : cap * 2;
			starts = xreallocarray(starts, cap, sizeof(*starts));
		}
		starts[n++] = l.start;
	}
	/* The greatest number of tokens that still begin a program. */
	for (high = n; low < high;) {
		size_t mid = low + (high - low + 1) / 2;
		size_t end = mid < n ? starts[mid] : p->text.n;

		if (begins(arg, str_sub(buf_str(&p->text), 0, end)))
			low = mid;
		else
			high = mid - 1;
	}
	found = low < n ? starts[low] : p->text.n - p->tail;
	free(starts);
	return found;
}
