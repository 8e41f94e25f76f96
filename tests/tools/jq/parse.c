#include "node.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

/* A name that the text has given a meaning: $name, or name with its number of
 * arguments. */
struct known {
	const char *name;
	int arguments; /* -1: a variable */
	const struct known *next;
};

struct parser {
	const char *p;
	const struct known *known;
	jmp_buf other; /* where something stands that this does not know */
};

static struct node *pipe(struct parser *x);
static struct node *term(struct parser *x);

static void
give_up(struct parser *x)
{
	longjmp(x->other, 1);
}

static struct node *
make(enum op op, struct node *a, struct node *b)
{
	struct node *n = xcalloc(1, sizeof(*n));

	n->op = op;
	n->a = a;
	n->b = b;
	n->value = jv_invalid();
	return n;
}

static void
add(struct node *n, struct node *arg)
{
	n->args = xrealloc(n->args, (n->n + 1) * sizeof(*n->args));
	n->args[n->n++] = arg;
}

static void
know(struct parser *x, const char *name, int arguments)
{
	struct known *k = xcalloc(1, sizeof(*k));

	k->name = name;
	k->arguments = arguments;
	k->next = x->known;
	x->known = k;
}

static bool
knows(const struct parser *x, const char *name, int arguments)
{
	for (const struct known *k = x->known; k != NULL; k = k->next)
		if (k->arguments == arguments && strcmp(k->name, name) == 0)
			return true;
	return arguments >= 0 && builtin_known(name, (size_t)arguments);
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
blanks(struct parser *x)
{
	for (;;) {
		x->p += strspn(x->p, " \t\r\n");
		if (*x->p != '#')
			return;
		x->p += strcspn(x->p, "\n");
	}
}

static size_t
word_at(const char *p)
{
	size_t n = 0;

	if (letter(*p))
		while (letter(p[n]) || digit(p[n]))
			n++;
	return n;
}

static const char *
word(struct parser *x)
{
	size_t n = word_at(x->p);
	char *name;

	if (n == 0 || (x->p[n] == ':' && x->p[n + 1] == ':'))
		give_up(x);
	name = xcalloc(1, n + 1);
	memcpy(name, x->p, n);
	x->p += n;
	return name;
}

static bool
is_sign(struct parser *x, const char *sign)
{
	blanks(x);
	return strncmp(x->p, sign, strlen(sign)) == 0;
}

static bool
take(struct parser *x, const char *sign)
{
	if (!is_sign(x, sign))
		return false;
	x->p += strlen(sign);
	return true;
}

static void
must(struct parser *x, const char *sign)
{
	if (!take(x, sign))
		give_up(x);
}

static bool
is_word(struct parser *x, const char *want)
{
	blanks(x);
	return word_at(x->p) == strlen(want) &&
	       strncmp(x->p, want, strlen(want)) == 0;
}

static bool
take_word(struct parser *x, const char *want)
{
	if (!is_word(x, want))
		return false;
	x->p += strlen(want);
	return true;
}

static void
must_word(struct parser *x, const char *want)
{
	if (!take_word(x, want))
		give_up(x);
}

/* What stands in quotes between two \( is JSON's, too. */
static struct node *
literal(struct parser *x, const char *from)
{
	struct node *n = make(LIT, NULL, NULL);
	size_t size = (size_t)(x->p - from);
	char *json = xcalloc(1, size + 3);

	json[0] = '"';
	memcpy(json + 1, from, size);
	json[size + 1] = '"';
	for (size_t i = 1; i <= size; i++)
		if ((unsigned char)json[i] < ' ')
			give_up(x);
	n->value = jv_parse(json);
	free(json);
	if (!jv_is_valid(n->value))
		give_up(x);
	return n;
}

static struct node *
string(struct parser *x, const char *format)
{
	struct node *n = make(STRING, NULL, NULL);
	const char *from;

	must(x, "\"");
	from = x->p;
	n->name = format;
	while (*x->p != '"') {
		if (*x->p == '\0')
			give_up(x);
		if (*x->p != '\\') {
			x->p++;
			continue;
		}
		if (x->p[1] != '(') {
			x->p += x->p[1] == '\0' ? 1 : 2;
			continue;
		}
		add(n, literal(x, from));
		x->p += 2;
		add(n, pipe(x));
		blanks(x);
		if (*x->p != ')')
			give_up(x);
		from = ++x->p;
	}
	add(n, literal(x, from));
	x->p++;
	return n->n == 1 ? n->args[0] : n;
}

static struct node *
text(const char *name)
{
	struct node *n = make(LIT, NULL, NULL);

	n->value = jv_string(name);
	return n;
}

static struct node *
variable(struct parser *x)
{
	struct node *n = make(VAR, NULL, NULL);

	n->name = word(x);
	if (!knows(x, n->name, -1))
		give_up(x);
	return n;
}

/* $name, [$a, $b] */
static void
pattern(struct parser *x, struct node *n)
{
	bool list = take(x, "[");

	do {
		must(x, "$");
		n->names =
		    xrealloc(n->names, (n->bound + 1) * sizeof(*n->names));
		n->names[n->bound] = word(x);
		know(x, n->names[n->bound++], -1);
	} while (list && take(x, ","));
	if (list)
		must(x, "]");
	else
		n->name = n->names[0];
}

/* A member's value: terms and | alone. */
static struct node *
member_value(struct parser *x)
{
	struct node *n =
	    take(x, "-") ? make(NEG, member_value(x), NULL) : term(x);

	return take(x, "|") ? make(PIPE, n, member_value(x)) : n;
}

static void
member(struct parser *x, struct node *object)
{
	struct node *key, *value = NULL;

	blanks(x);
	if (*x->p == '$') {
		x->p++;
		value = variable(x);
		key = text(value->name);
	} else if (*x->p == '(') {
		x->p++;
		key = pipe(x);
		must(x, ")");
	} else if (*x->p == '"') {
		key = string(x, "text");
	} else {
		key = text(word(x));
	}
	if (take(x, ":"))
		value = member_value(x);
	else if (value == NULL)
		value = make(INDEX, make(ID, NULL, NULL), key);
	add(object, key);
	add(object, value);
}

static struct node *
object(struct parser *x)
{
	struct node *n = make(OBJECT, NULL, NULL);

	if (take(x, "}"))
		return n;
	do
		member(x, n);
	while (take(x, ","));
	must(x, "}");
	return n;
}

static struct node *
call(struct parser *x)
{
	struct node *n = make(CALL, NULL, NULL);

	n->name = word(x);
	if (*x->p == '(') {
		x->p++;
		do
			add(n, pipe(x));
		while (take(x, ";"));
		must(x, ")");
	}
	if (n->n == 0 &&
	    (strcmp(n->name, "true") == 0 || strcmp(n->name, "false") == 0 ||
		strcmp(n->name, "null") == 0)) {
		n->op = LIT;
		n->value = jv_parse(n->name);
	} else if (!knows(x, n->name, (int)n->n)) {
		give_up(x);
	}
	return n;
}

static struct node *
number(struct parser *x)
{
	struct node *n = make(LIT, NULL, NULL);
	char *end;

	n->value = jv_number(strtod(x->p, &end));
	x->p = end;
	return n;
}

static struct node *
field(struct parser *x, struct node *of)
{
	return make(
	    INDEX, of, *x->p == '"' ? string(x, "text") : text(word(x)));
}

/* What stands in brackets behind a term. */
static struct node *
bracket(struct parser *x, struct node *of)
{
	struct node *from = NULL, *n;

	if (take(x, "]"))
		return make(ITER, of, NULL);
	if (!is_sign(x, ":"))
		from = pipe(x);
	if (!take(x, ":")) {
		must(x, "]");
		return make(INDEX, of, from);
	}
	n = make(SLICE, of, from);
	if (!is_sign(x, "]"))
		n->c = pipe(x);
	must(x, "]");
	return n;
}

static struct node *
first_term(struct parser *x)
{
	struct node *n;

	blanks(x);
	if (*x->p == '.' && x->p[1] == '.') {
		x->p += 2;
		n = make(CALL, NULL, NULL);
		n->name = "recurse";
		return n;
	}
	if (*x->p == '.' && !digit(x->p[1])) {
		x->p++;
		n = make(ID, NULL, NULL);
		return letter(*x->p) || *x->p == '"' ? field(x, n) : n;
	}
	if (digit(*x->p))
		return number(x);
	if (*x->p == '"')
		return string(x, "text");
	switch (*x->p++) {
	case '@':
		n = make(FORMAT, NULL, NULL);
		n->name = word(x);
		if (!builtin_known(n->name, 99))
			give_up(x);
		return is_sign(x, "\"") ? string(x, n->name) : n;
	case '(':
		n = pipe(x);
		must(x, ")");
		return n;
	case '[':
		n = make(ARRAY, take(x, "]") ? NULL : pipe(x), NULL);
		if (n->a != NULL)
			must(x, "]");
		return n;
	case '{':
		return object(x);
	case '$':
		return variable(x);
	}
	x->p--;
	return call(x);
}

static struct node *
term(struct parser *x)
{
	struct node *n = first_term(x);

	for (;;) {
		blanks(x);
		if (*x->p == '?' && x->p[1] != '/') {
			x->p++;
			n = make(TRY, n, NULL);
		} else if (*x->p == '[') {
			x->p++;
			n = bracket(x, n);
		} else if (*x->p == '.' &&
			   (letter(x->p[1]) || x->p[1] == '"')) {
			x->p++;
			n = field(x, n);
		} else if (*x->p == '.' && x->p[1] == '[') {
			x->p += 2;
			n = bracket(x, n);
		} else {
			return n;
		}
	}
}

static struct node *
condition(struct parser *x)
{
	struct node *n = make(IF, pipe(x), NULL);

	must_word(x, "then");
	n->b = pipe(x);
	if (take_word(x, "elif")) {
		n->c = condition(x);
		return n;
	}
	must_word(x, "else");
	n->c = pipe(x);
	must_word(x, "end");
	return n;
}

static struct node *
loop(struct parser *x)
{
	const struct known *before = x->known;
	struct node *n = make(REDUCE, term(x), NULL);

	must_word(x, "as");
	pattern(x, n);
	must(x, "(");
	n->b = pipe(x);
	must(x, ";");
	n->c = pipe(x);
	must(x, ")");
	x->known = before;
	return n;
}

static struct node *
attempt(struct parser *x)
{
	struct node *n = make(TRY, term(x), NULL);

	if (take_word(x, "catch"))
		n->b = term(x);
	return n;
}

static void
parameter(struct parser *x, struct node *n)
{
	bool value = take(x, "$");
	const char *name;

	blanks(x);
	name = word(x);
	n->params = xrealloc(n->params, (n->n + 1) * sizeof(*n->params));
	n->by_value = xrealloc(n->by_value, (n->n + 1) * sizeof(*n->by_value));
	n->params[n->n] = name;
	n->by_value[n->n++] = value;
	know(x, name, 0);
	if (value)
		know(x, name, -1);
}

static struct node *
definition(struct parser *x)
{
	struct node *n = make(DEF, NULL, NULL);
	const struct known *outer = x->known;

	blanks(x);
	n->name = word(x);
	if (take(x, "(")) {
		do
			parameter(x, n);
		while (take(x, ";"));
		must(x, ")");
	}
	must(x, ":");
	know(x, n->name, (int)n->n);
	n->a = pipe(x);
	must(x, ";");
	x->known = outer;
	know(x, n->name, (int)n->n);
	n->b = pipe(x);
	x->known = outer;
	return n;
}

static struct node *
operand(struct parser *x)
{
	const struct known *before = x->known;
	struct node *n;

	if (take_word(x, "if"))
		n = condition(x);
	else if (take_word(x, "reduce"))
		return loop(x);
	else if (take_word(x, "try"))
		return attempt(x);
	else if (take_word(x, "def"))
		return definition(x);
	else if (take(x, "-"))
		return make(NEG, operand(x), NULL);
	else
		n = term(x);
	if (take_word(x, "as")) {
		n = make(AS, n, NULL);
		pattern(x, n);
		must(x, "|");
		n->b = pipe(x);
		x->known = before;
	}
	return n;
}

/* The operators, the weakest first; those of a level are of one kind. */
static const struct {
	const char *sign;
	int level;
	enum op op;
	int sub;
} operators[] = {
	{ "//", 1, ALT, 0 },
	{ "|=", 2, UPDATE, 0 },
	{ "+=", 2, RECOMPUTE, '+' },
	{ "-=", 2, RECOMPUTE, '-' },
	{ "*=", 2, RECOMPUTE, '*' },
	{ "/=", 2, RECOMPUTE, '/' },
	{ "==", 5, COMPUTE, EQ },
	{ "=", 2, ASSIGN, 0 },
	{ "!=", 5, COMPUTE, NE },
	{ "<=", 5, COMPUTE, LE },
	{ "<", 5, COMPUTE, LT },
	{ ">=", 5, COMPUTE, GE },
	{ ">", 5, COMPUTE, GT },
	{ "+", 6, COMPUTE, '+' },
	{ "-", 6, COMPUTE, '-' },
	{ "*", 7, COMPUTE, '*' },
	{ "/", 7, COMPUTE, '/' },
	{ "%", 7, COMPUTE, '%' },
};

enum { LEVELS = 8, COUNT = sizeof(operators) / sizeof(*operators) };

static struct node *
level(struct parser *x, int at)
{
	struct node *n, *right;
	size_t i;

	if (at == LEVELS)
		return operand(x);
	n = level(x, at + 1);
	for (;;) {
		if (at == 3 || at == 4) {
			if (!take_word(x, at == 3 ? "or" : "and"))
				return n;
			n = make(at == 3 ? OR : AND, n, level(x, at + 1));
			continue;
		}
		for (i = 0; i < COUNT && !is_sign(x, operators[i].sign); i++)
			;
		if (i == COUNT || operators[i].level != at)
			return n;
		x->p += strlen(operators[i].sign);
		right = level(x, at == 1 ? at : at + 1);
		n = make(operators[i].op, n, right);
		n->sub = operators[i].sub;
		if (at == 2 || at == 5)
			return n;
	}
}

static struct node *
comma(struct parser *x)
{
	struct node *n = level(x, 1);

	while (take(x, ","))
		n = make(COMMA, n, level(x, 1));
	return n;
}

static struct node *
pipe(struct parser *x)
{
	struct node *n = comma(x);

	if (is_sign(x, "|=") || !take(x, "|"))
		return n;
	return make(PIPE, n, pipe(x));
}

static struct node *
whole(struct parser *x)
{
	struct node *n;

	blanks(x);
	n = *x->p == '\0' ? make(ID, NULL, NULL) : pipe(x);
	blanks(x);
	return *x->p == '\0' ? n : NULL;
}

struct node *
node_parse(const char *program, const char *const *vars)
{
	struct parser x = { .p = program };

	for (; *vars != NULL; vars++)
		know(&x, *vars, -1);
	return setjmp(x.other) != 0 ? NULL : whole(&x);
}
