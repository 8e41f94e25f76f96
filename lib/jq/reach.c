#include "jq/reach.h"

#include "core/text/ascii.h"
#include "jq/lexer.h"

enum { DEPTH = 100 }; /* of brackets that are followed */

/*
 * The program is read once, by its grammar as far as it is understood; at the
 * first thing that is not, `all` is set and the reading ends.  What stands
 * behind a pipe sees what was found before it and not the input, so it is
 * passed over.
 */
struct reader {
	struct lexer lexer;
	struct str token; /* the one in hand; empty at the end */
	bool in_string; /* it is a piece of a string, or its end */
	bool hole; /* a piece, and \( ends it */
	unsigned depth;
	struct reach *into;
	struct arena *arena;
	bool lost; /* the program is not understood: it sees all */
};

/* What an expression gives: something of the input, or perhaps all of it. */
enum gives { GIVES_PART, GIVES_INPUT };

static enum gives read_pipe(struct reader *r);

static void
advance(struct reader *r)
{
	r->in_string = r->lexer.in_string;
	r->token = lexer_next(&r->lexer) ? lexer_token(&r->lexer) : STR("");
	r->hole = r->in_string && !r->lexer.in_string && r->token.n > 0 &&
		  !str_is(r->token, "\"");
}

static bool
at(const struct reader *r, const char *token)
{
	return !r->in_string && str_is(r->token, token);
}

static bool
take(struct reader *r, const char *token)
{
	if (!at(r, token))
		return false;
	advance(r);
	return true;
}

static enum gives
lose(struct reader *r)
{
	r->lost = true;
	r->token = STR("");
	return GIVES_INPUT;
}

static void
expect(struct reader *r, const char *token)
{
	if (!take(r, token))
		lose(r);
}

/* A part is needed: what would take the input itself is not followed. */
static void
read_part(struct reader *r)
{
	if (read_pipe(r) == GIVES_INPUT)
		lose(r);
}

static bool
is_one_of(const struct reader *r, const char *const *words)
{
	for (; *words != NULL; words++)
		if (at(r, *words))
			return true;
	return false;
}

/* A string without its opening quote; its holes see the input. */
static enum gives
read_string(struct reader *r)
{
	while (r->token.n > 0) {
		bool end = str_is(r->token, "\""), hole = r->hole;

		advance(r);
		if (end)
			return GIVES_PART;
		if (hole) {
			read_part(r);
			expect(r, ")");
		}
	}
	return lose(r);
}

/* "name" where such a string stands, without escapes; else absent. */
static struct str
plain_string(struct reader *r)
{
	struct reader was = *r;
	struct str s = STR("");

	if (!take(r, "\""))
		return STR_NONE;
	if (!str_is(r->token, "\"")) {
		s = r->token;
		advance(r);
	}
	if (r->in_string && str_is(r->token, "\"") && str_chr(s, '\\') < 0) {
		advance(r);
		return s;
	}
	*r = was;
	return STR_NONE;
}

static struct reach *
member(struct reader *r, struct reach *of, struct str name)
{
	struct reach *m = of->below;

	while (m != NULL && !str_eq(m->name, name))
		m = m->next;
	if (m != NULL)
		return m;
	m = arena_calloc(r->arena, 1, sizeof(*m));
	m->name = arena_dup(r->arena, name);
	m->next = of->below;
	return of->below = m;
}

/* [...] without its opening bracket: what stands in it sees the input. */
static void
read_index(struct reader *r)
{
	if (take(r, "]"))
		return;
	if (!at(r, ":"))
		read_part(r);
	if (take(r, ":") && !at(r, "]"))
		read_part(r);
	expect(r, "]");
}

/* The name that a path goes on with, or absent. */
static struct str
next_name(struct reader *r)
{
	struct reader was = *r;
	struct str name;

	if (!r->in_string && r->token.n > 1 && r->token.p[0] == '.' &&
	    r->token.p[1] != '.' && str_chr(r->token, ':') < 0) {
		name = str_sub(r->token, 1, r->token.n);
		advance(r);
		return name;
	}
	if (take(r, ".") && (name = plain_string(r)).p != NULL)
		return name;
	*r = was;
	if (take(r, "[") && (name = plain_string(r)).p != NULL && take(r, "]"))
		return name;
	*r = was;
	return STR_NONE;
}

/* What may stand behind a term; names go on with the path of m, unless it is
 * NULL. */
static void
read_suffixes(struct reader *r, struct reach *m)
{
	struct str name;

	for (;;) {
		if (take(r, "?"))
			continue;
		if ((name = next_name(r)).p != NULL) {
			if (m != NULL)
				m = member(r, m, name);
			continue;
		}
		if (m != NULL)
			m->all = true;
		m = NULL;
		if (!take(r, "["))
			return;
		read_index(r);
	}
}

/* From a dot on: a path, or the input itself. */
static enum gives
read_path(struct reader *r)
{
	struct reader was = *r;
	struct str name = next_name(r);

	if (name.p == NULL && take(r, ".") && at(r, "[")) {
		name = next_name(r);
		if (name.p == NULL)
			return lose(r);
	}
	if (name.p != NULL) {
		read_suffixes(r, member(r, r->into, name));
		return GIVES_PART;
	}
	*r = was;
	advance(r);
	return GIVES_INPUT;
}

/* if, without it: each part of it sees the input. */
static enum gives
read_if(struct reader *r)
{
	enum gives gives = GIVES_PART;

	do {
		read_part(r);
		expect(r, "then");
		if (read_pipe(r) == GIVES_INPUT)
			gives = GIVES_INPUT;
	} while (take(r, "elif"));
	expect(r, "else");
	if (read_pipe(r) == GIVES_INPUT)
		gives = GIVES_INPUT;
	expect(r, "end");
	return gives;
}

/* Behind a pipe: up to what closes the whole. */
static void
pass_over(struct reader *r)
{
	static const char *const opens[] = { "(", "[", "if", NULL };
	static const char *const closes[] = { ")", "]", "end", NULL };
	static const char *const ends[] = { ";", "then", "elif", "else", ":",
		NULL };
	static const char *const strange[] = { "{", "def", "?//", NULL };
	size_t depth = 0;

	for (; r->token.n > 0; advance(r)) {
		if (r->in_string) {
			depth += r->hole;
		} else if (is_one_of(r, strange)) {
			lose(r);
		} else if (is_one_of(r, opens)) {
			depth++;
		} else if (is_one_of(r, closes)) {
			if (depth == 0)
				return;
			depth--;
		} else if (depth == 0 && is_one_of(r, ends)) {
			return;
		}
	}
}

/* A function of the few whose arguments see the input, and nothing else. */
static enum gives
read_call(struct reader *r)
{
	static const char *const constants[] = { "true", "false", "null",
		"empty", NULL };
	static const char *const of_input[] = { "isempty", "first", "last",
		"limit", "range", "error", NULL };
	static const char *const over[] = { "any", "all", NULL };
	struct str name;

	if (is_one_of(r, constants)) {
		advance(r);
		return GIVES_PART;
	}
	if (take(r, "if"))
		return read_if(r);
	if (take(r, "select") && take(r, "(")) {
		read_part(r);
		expect(r, ")");
		return GIVES_INPUT;
	}
	if (take(r, "has") && take(r, "(")) {
		name = plain_string(r);
		if (name.p == NULL)
			return lose(r);
		member(r, r->into, name)->all = true;
		expect(r, ")");
		return GIVES_PART;
	}
	if (is_one_of(r, over)) {
		advance(r);
		expect(r, "(");
		read_part(r);
		expect(r, ";");
		pass_over(r);
		expect(r, ")");
		return GIVES_PART;
	}
	if (!is_one_of(r, of_input))
		return lose(r);
	advance(r);
	expect(r, "(");
	do
		read_part(r);
	while (take(r, ";"));
	expect(r, ")");
	return GIVES_PART;
}

static enum gives
read_term(struct reader *r)
{
	enum gives gives = GIVES_PART;
	char c;

	take(r, "-");
	if (r->in_string || r->token.n == 0)
		return lose(r);
	c = r->token.p[0];
	if (c == '.' && !at(r, "..") &&
	    (r->token.n == 1 || !ascii_is_digit(r->token.p[1])))
		return read_path(r);
	if (take(r, "(")) {
		gives = read_pipe(r);
		expect(r, ")");
	} else if (take(r, "[")) {
		if (!take(r, "]")) {
			read_part(r);
			expect(r, "]");
		}
	} else if (take(r, "\"")) {
		read_string(r);
	} else if (ascii_is_digit(c) || c == '.' || c == '$') {
		if (at(r, ".."))
			return lose(r);
		advance(r);
	} else {
		gives = read_call(r);
	}
	/* (.).a would be a path of the input. */
	if (gives == GIVES_INPUT &&
	    (at(r, "[") || str_starts(r->token, STR("."))))
		return lose(r);
	read_suffixes(r, NULL);
	return gives;
}

/* Terms with what joins them; each sees the input. */
static enum gives
read_terms(struct reader *r)
{
	static const char *const choices[] = { ",", "//", NULL };
	static const char *const joints[] = { "or", "and", "==", "!=", "<",
		"<=", ">", ">=", "+", "-", "*", "/", "%", NULL };
	enum gives gives = read_term(r);
	bool joined = false;

	while (!r->lost) {
		if (is_one_of(r, joints))
			joined = true;
		else if (!is_one_of(r, choices))
			break;
		advance(r);
		if (read_term(r) == GIVES_INPUT)
			gives = GIVES_INPUT;
	}
	return joined && gives == GIVES_INPUT ? lose(r) : gives;
}

/* What `as` binds, up to the body, which sees the input. */
static void
read_names(struct reader *r)
{
	static const char *const strange[] = { "{", "(", "?//", "\"", NULL };

	for (; r->token.n > 0 && !at(r, "|"); advance(r))
		if (is_one_of(r, strange))
			lose(r);
	expect(r, "|");
}

static enum gives
read_pipe(struct reader *r)
{
	enum gives gives = GIVES_INPUT;

	if (++r->depth > DEPTH)
		lose(r);
	while (!r->lost) {
		gives = read_terms(r);
		if (take(r, "as")) {
			if (gives == GIVES_INPUT)
				lose(r);
			read_names(r);
			continue;
		}
		if (!take(r, "|"))
			break;
		if (gives == GIVES_PART) {
			pass_over(r);
			break;
		}
	}
	r->depth--;
	return gives;
}

void
reach_add(struct reach *into, struct str program, bool truth, struct arena *a)
{
	struct reach found = { 0 };
	struct reader r = { .lexer.text = program, .into = &found, .arena = a };
	enum gives gives;

	advance(&r);
	gives = read_pipe(&r);
	if (r.lost || r.token.n > 0 || (gives == GIVES_INPUT && !truth))
		into->all = true;
	else
		reach_merge(into, &found, a);
}

void
reach_merge(struct reach *into, const struct reach *other, struct arena *a)
{
	struct reader r = { .arena = a };

	into->all |= other->all;
	for (const struct reach *m = other->below; m != NULL; m = m->next)
		reach_merge(member(&r, into, m->name), m, a);
}
