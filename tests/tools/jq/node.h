#ifndef KITH_TESTS_JQ_NODE_H
#define KITH_TESTS_JQ_NODE_H
/*
 * The jq programs of the tests, as a tree.  Only what they use of the
 * language: node_parse gives NULL for the rest, which is the real jq's.
 */
#include <jv.h>
#include <stdbool.h>
#include <stddef.h>

enum op {
	ID, /* . */
	LIT, /* value */
	STRING, /* args: its parts, made text by format name */
	FORMAT, /* @name */
	VAR, /* $name */
	INDEX, /* a[b] */
	SLICE, /* a[b:c]; b, c may be NULL */
	ITER, /* a[] */
	ARRAY, /* [a]; a may be NULL */
	OBJECT, /* args: key, value, ... */
	CALL, /* name(args) */
	DEF, /* def name(params): a; b */
	NEG, /* -a */
	TRY, /* try a catch b; b may be NULL */
	IF, /* if a then b else c */
	REDUCE, /* reduce a as pattern (b; c) */
	AS, /* a as pattern | b */
	PIPE,
	COMMA,
	ALT, /* a // b */
	OR,
	AND,
	ASSIGN, /* a = b */
	UPDATE, /* a |= b */
	COMPUTE, /* a sub b: arithmetic and comparisons */
	RECOMPUTE, /* a sub= b */
};

/* Of COMPUTE and RECOMPUTE: + - * / % are themselves; then these. */
enum { EQ = 256, NE, LT, LE, GT, GE };

struct node {
	enum op op;
	int sub;
	struct node *a, *b, *c;
	jv value;
	const char *name;
	struct node **args;
	const char **params; /* of DEF; by_value: $name */
	bool *by_value;
	size_t n; /* of args or params */
	/* What AS and REDUCE bind: $name, or where that is NULL the names of a
	 * list. */
	const char **names;
	size_t bound;
};

/* Not freed: a program lives as long as the process.  vars, a NULL at their
 * end, are bound outside. */
struct node *node_parse(const char *text, const char *const *vars);
/* Is there such a function of eval.c?  */
bool builtin_known(const char *name, size_t arguments);

#endif
