#ifndef KITH_RECORD_EXPR_H
#define KITH_RECORD_EXPR_H
/*
 * jq programs through libjq: expressions in rules, mappings, templates.
 * Programs see no environment, no files, no input but their own, and are
 * stopped after EXPR_SECONDS of processor time a run.
 */
#include "core/buf.h"
#include "core/err.h"
#include "record/json.h"

enum {
	EXPR_MILLIS = 2000, /* processor time a run */
	EXPR_RESULTS = 100000, /* results a run */
};

struct expr;

/*
 * Compiles program.  On error e says what, "line:column" counted within the
 * program plus `line0`, `column0` (0-based offset of its first character
 * within the file that it stands in), named `name`.
 */
struct expr *expr_new(const char *name, int line0, int column0,
    struct str program, struct err *e);
void expr_free(struct expr *x);
/* Binds $NAME to a JSON text for all later runs; call before expr_new through
 * this variant.  vars is name, JSON text, ..., NULL; or NULL. */
struct expr *expr_new_vars(const char *name, int line0, int column0,
    struct str program, const char *const *vars, struct err *e);

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
 * A text with \(...) in it, jq's string interpolation: compiled as a jq
 * string.  Everything outside stands as it is.
 */
struct expr *
expr_template(const char *name, int line0, struct str text, struct err *e);
/* Runs a template: the string's content is appended to out. */
int
expr_render(struct expr *x, struct str input, struct buf *out, struct err *e);

#endif
