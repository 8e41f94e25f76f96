#ifndef KITH_TESTS_FUZZ_JQLESS_H
#define KITH_TESTS_FUZZ_JQLESS_H
/*
 * Programs in jq that are all right and do nothing, instead of jq/expr.c: what
 * libjq takes for compiling one is 10,000 inputs of a file that names it.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "jq/expr.h"

struct expr {
	int nothing;
};

struct expr *
expr_later(const char *name, int line0, int column0, bool template,
    struct str text, const char *const *vars, struct err *e)
{
	(void)name, (void)line0, (void)column0, (void)template, (void)text;
	(void)vars, (void)e;
	return xcalloc(1, sizeof(struct expr));
}

struct expr *
expr_new(
    const char *name, int line0, int column0, struct str program, struct err *e)
{
	return expr_later(name, line0, column0, false, program, NULL, e);
}

struct expr *
expr_template(const char *name, int line0, struct str text, struct err *e)
{
	return expr_later(name, line0, 0, true, text, NULL, e);
}

struct expr *
expr_new_many(
    const char *name, const struct str *programs, size_t n, struct err *e)
{
	return expr_later(
	    name, 0, 0, false, n > 0 ? programs[0] : STR(""), NULL, e);
}

void
expr_free(struct expr *x)
{
	free(x);
}

int
expr_ready(struct expr *x, struct err *e)
{
	(void)x, (void)e;
	return 0;
}

int
exprs_check(struct expr *const *v, size_t n, struct err *e)
{
	(void)v, (void)n, (void)e;
	return 0;
}

ptrdiff_t
expr_run(struct expr *x, struct str input, struct buf *out, struct err *e)
{
	(void)x, (void)input, (void)out, (void)e;
	return 0;
}

int
expr_test(struct expr *x, struct str input, struct err *e)
{
	(void)x, (void)input, (void)e;
	return 0;
}

struct expr_input *
expr_input_new(void)
{
	return NULL;
}

void
expr_input_free(struct expr_input *in)
{
	(void)in;
}

void
expr_input_for(struct expr_input *in, const struct expr *x)
{
	(void)in, (void)x;
}

void
expr_input_set(struct expr_input *in, struct json object)
{
	(void)in, (void)object;
}

int
expr_test_in(struct expr *x, size_t i, struct expr_input *in, struct err *e)
{
	(void)x, (void)i, (void)in, (void)e;
	return 0;
}

void
expr_through(struct expr *x, void (*f)(struct str value, struct buf *out))
{
	(void)x, (void)f;
}

int
expr_render(struct expr *x, struct str input, struct buf *out, struct err *e)
{
	(void)x, (void)input, (void)out, (void)e;
	return 0;
}

int
expr_render_in(
    struct expr *x, struct expr_input *in, struct buf *out, struct err *e)
{
	(void)x, (void)in, (void)out, (void)e;
	return 0;
}

#endif
