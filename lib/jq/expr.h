#ifndef KITH_JQ_EXPR_H
#define KITH_JQ_EXPR_H
/*
 * jq programs through libjq 1.6: expressions in rules, mappings, templates.
 * A program sees its input and nothing else: no environment, no files, no
 * clock, no zone, no other input; it prints nothing and ends nothing.  What
 * would do so (now, input, import, stderr, ...) is refused when it is
 * compiled or, where only the run can tell, then.
 *
 * Numbers are doubles to jq: integers past 2^53 lose digits, so what must
 * stay exact is kept a string or passed round the program.  A lone surrogate
 * (\ud800) in a text is an error to jq, and so is depth past 256; in an
 * expr_input it is U+FFFD.
 *
 * Costs: compiling about 16 ms a program (libjq compiles its built-ins with
 * each), a run about 12 us a KB of input text, nearly all of it libjq's parser,
 * or 2 us over an expr_input of which a few members are seen.  A program
 * made to nest values some 100 000 deep can exhaust the stack in libjq.
 *
 * Each has its own state: any number of them may take turns, or run in threads
 * of their own.  One is used and freed by one thread.  To libjq the thread that compiles
 * has no home (core/home.h); the environment itself is left alone.
 */
#include "core/buf.h"
#include "core/err.h"
#include "json/json.h"

enum {
	EXPR_MILLIS = 2000, /* processor time a run */
	EXPR_RESULTS = 100000, /* results a run */
	EXPR_INPUT = 256 << 20, /* bytes of input */
};

struct expr;

/*
 * Compiles program.  On error e says "name:line:column: what", counted from 1
 * within the program plus line0 and, on its first line, column0: the place of
 * its first character within the file that it stands in, counted from 0.
 * name is copied.  NULL on error.
 */
struct expr *expr_new(const char *name, int line0, int column0,
    struct str program, struct err *e);
void expr_free(struct expr *x);

/*
 * A program or a template that is compiled when it first runs, which may fail
 * for that; exprs_check says so before, of many in the time of one.  Its text
 * is borrowed.  Each $NAME of vars is bound to a JSON text: name, text, ...,
 * NULL; vars may be NULL.  NULL where a value is no JSON.
 */
struct expr *expr_later(const char *name, int line0, int column0, bool template,
    struct str text, const char *const *vars, struct err *e);
/* Compiles it now, where it is not yet. */
int expr_ready(struct expr *x, struct err *e);
/* 0, or -1 with what is wrong with the first that does not compile. */
int exprs_check(struct expr *const *v, size_t n, struct err *e);

/*
 * Runs it over a JSON text: every result is appended to out as compact JSON,
 * a newline behind each.  Returns their number, or -1 (the program raised an
 * error, took too long, gave too much).
 */
ptrdiff_t
expr_run(struct expr *x, struct str input, struct buf *out, struct err *e);
/* The first result's truth as jq has it: 1, 0 (also for no result), -1. */
int expr_test(struct expr *x, struct str input, struct err *e);

/*
 * Many programs as one, since each that libjq compiles costs it 16 ms: NULL
 * where one of them is wrong (expr_new tells which, and where).  expr_test_in
 * asks one of them.
 */
struct expr *expr_new_many(
    const char *name, const struct str *programs, size_t n, struct err *e);

/*
 * An object that programs look at, given to libjq when the first asks: once
 * for all of them, and only what they can see of it.  A program that uses its
 * input by paths alone sees no more than what stands at them.
 */
struct expr_input;
struct expr_input *expr_input_new(void);
void expr_input_free(struct expr_input *in);
/* Programs of this text will look at it: before the first set. */
void expr_input_for(struct expr_input *in, const struct expr *x);
/* The object, borrowed until the next set. */
void expr_input_set(struct expr_input *in, struct json object);
int
expr_test_in(struct expr *x, size_t i, struct expr_input *in, struct err *e);

/*
 * A text with \(...) in it, jq's string interpolation: compiled as a jq
 * string.  Everything outside stands as it is; \\( stands for \( itself.
 * Where each is a path, or a path // "text", it is compiled when a value is
 * neither a string nor missing.
 */
struct expr *
expr_template(const char *name, int line0, struct str text, struct err *e);
/* Each value goes through f on its way into the text; NULL: as it is. */
void expr_through(struct expr *x, void (*f)(struct str value, struct buf *out));
/* Runs a template: the text is appended to out.  -1 where it gives none or
 * more than one, as \(.to[]) would. */
int
expr_render(struct expr *x, struct str input, struct buf *out, struct err *e);
int expr_render_in(
    struct expr *x, struct expr_input *in, struct buf *out, struct err *e);

#endif
