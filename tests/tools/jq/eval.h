#ifndef KITH_TESTS_JQ_EVAL_H
#define KITH_TESTS_JQ_EVAL_H
/*
 * Runs what node.h parsed.  Each result is given to a function as it is found;
 * where that says false, no more are looked for.  Values are libjq's own, by
 * which they are compared, sorted and printed as by jq.  Little is freed: a
 * run is short.
 */
#include <setjmp.h>

#include "node.h"

/* A value, and where it was found; the path is invalid where nobody asked. */
struct val {
	jv path, v;
};

typedef bool emit(void *to, struct val v);

/* What names mean. */
struct env {
	const char *name;
	int n; /* arguments; -1: a variable */
	jv value;
	/* An argument: a program, and what its names mean. */
	const struct node *body;
	const struct env *env;
	/* A function: its DEF. */
	const struct node *def;
	const struct env *next;
};

bool eval(const struct node *n, const struct env *e, struct val in, emit *f,
    void *to);
struct val val_of(jv v);
bool is_true(jv v);

/* An error goes to the innermost trap. */
struct trap {
	jmp_buf at;
	struct trap *outer;
};
extern struct trap *trap;
extern jv raised;
_Noreturn void fail(jv message);
/* v, or its error. */
jv checked(jv v);

/* All results of a program, as a list. */
jv collect(const struct node *n, const struct env *e, jv in);
jv paths_of(const struct node *n, const struct env *e, jv in);

struct builtin {
	const char *name;
	size_t n;
	/* One of: a value of values; results of programs; jq's own words. */
	jv (*value)(jv in, const jv *args);
	bool (*results)(const struct node *call, const struct env *e,
	    struct val in, emit *f, void *to);
	const char *text;
};
const struct builtin *builtin_find(const char *name, size_t n);
/* The DEF of one that has a text. */
const struct node *builtin_def(const struct builtin *b);
jv compute(int sub, jv a, jv b);
jv format(const char *name, jv v);

/* Of main. */
long input_line(void);

#endif
