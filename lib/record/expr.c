#include "record/expr.h"

#include <jq.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "record/program.h"

struct expr {
	jq_state *jq; /* NULL: not compiled yet */
	char *name;
	char **environment; /* the process's, during a run */
	/* For ready, borrowed. */
	struct str text;
	const char *through;
	int line0, column0;
	bool template;
	jv vars;
};

struct expr_input {
	struct str text;
	jv value; /* where parsed is set */
	bool parsed;
};

/* libjq's messages while it compiles: the first one tells the cause. */
struct report {
	struct buf first;
	bool any;
};

static void
on_error(void *arg, jv msg)
{
	struct report *r = arg;

	msg = jq_format_error(msg);
	if (!r->any && jv_get_kind(msg) == JV_KIND_STRING)
		buf_add(&r->first, jv_string_value(msg),
		    (size_t)jv_string_length_bytes(jv_copy(msg)));
	r->any = true;
	jv_free(msg);
}

/* Programs read no environment, and libjq no ~/.jq. */
static char **
hide_environment(void)
{
	static char *none[] = { NULL };
	char **was = environ;

	environ = none;
	return was;
}

/* The run that the timer stops. */
static jq_state *volatile running;

static void
on_timer(int sig)
{
	(void)sig;
	if (running != NULL && !jq_halted(running))
		jq_halt(running, jv_null(), jv_null());
}

static void
start_timer(jq_state *jq)
{
	struct sigaction sa = { .sa_handler = on_timer,
		.sa_flags = SA_RESTART };
	struct itimerval t = { .it_value = { EXPR_MILLIS / 1000,
				   EXPR_MILLIS % 1000 * 1000 } };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGPROF, &sa, NULL);
	running = jq;
	setitimer(ITIMER_PROF, &t, NULL);
}

static void
stop_timer(void)
{
	struct itimerval t = { 0 };

	running = NULL;
	setitimer(ITIMER_PROF, &t, NULL);
}

/* The state with the text compiled, or NULL with what libjq says. */
static jq_state *
compile(struct str text, jv vars, struct buf *message)
{
	struct report report = { 0 };
	jq_state *jq = jq_init();
	char *program, **env;
	int good;

	if (jq == NULL)
		alloc_die(0);
	buf_init(&report.first, 64 << 10);
	program = xmemdup0(text.p, text.n);
	env = hide_environment();
	jq_set_error_cb(jq, on_error, &report);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	good = jq_compile_args(jq, program, vars);
	jq_set_error_cb(jq, NULL, NULL);
	environ = env;
	free(program);
	if (!good) {
		buf_reset(message);
		buf_add_str(message, buf_str(&report.first));
		jq_teardown(&jq);
	}
	buf_release(&report.first);
	return good ? jq : NULL;
}

/* Does the program's beginning end too early, rather than being wrong? */
static bool
is_beginning(void *arg, struct str text)
{
	struct buf message;
	jq_state *jq;
	bool good;

	(void)arg;
	buf_init(&message, 64 << 10);
	jq = compile(text, jv_object(), &message);
	good = jq != NULL ||
	       str_find(buf_str(&message), STR("unexpected $end")) >= 0 ||
	       str_find(buf_str(&message), STR("is not defined at")) >= 0;
	if (jq != NULL)
		jq_teardown(&jq);
	buf_release(&message);
	return good;
}

/* The place that the grammar refuses, with the token that stands there
 * instead of libjq's name for its kind. */
static int
syntax_error(const struct program *p, struct str what, struct err *e)
{
	size_t at = program_find_error(p, is_beginning, NULL);
	struct str token = program_token(p, at);
	char text[80];

	if (token.p != NULL && str_starts(what, STR("unexpected "))) {
		token = str_sub(token, 0, 40);
		snprintf(text, sizeof(text), "unexpected %.*s", STR_ARG(token));
		what = str_of(text);
	}
	if (what.n == 0)
		what = STR("the program is not understood");
	return program_fail(p, e, at, what);
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

/* Fills e from libjq's message: "name:line:column: what". */
static int
compile_error(const struct program *p, struct str message, struct err *e)
{
	struct str what = bare_message(message);
	ptrdiff_t at = str_find(what, STR(" is not defined"));

	if (at > 0)
		return program_fail(p, e,
		    program_find_name(p, str_sub(what, 0, (size_t)at)), what);
	if (str_starts(what, STR("unexpected $end")))
		return program_fail(
		    p, e, p->text.n, STR("the program ends too early"));
	return syntax_error(p, what, e);
}

static jv
parse_vars(const char *const *vars, struct err *e)
{
	jv object = jv_object();

	for (; vars != NULL && *vars != NULL; vars += 2) {
		jv value = jv_parse(vars[1]);

		if (!jv_is_valid(value)) {
			jv_free(value);
			jv_free(object);
			err_set(e, "$%s: its value is no JSON", vars[0]);
			return jv_invalid();
		}
		object = jv_object_set(object, jv_string(vars[0]), value);
	}
	return object;
}

struct expr *
expr_later(const char *name, int line0, int column0, bool template,
    struct str text, const char *const *vars, struct err *e)
{
	jv bound = parse_vars(vars, e);
	struct expr *x;

	if (!jv_is_valid(bound)) {
		jv_free(bound);
		return NULL;
	}
	x = xcalloc(1, sizeof(*x));
	x->name = xstrdup(name);
	x->text = text;
	x->line0 = line0;
	x->column0 = column0;
	x->template = template;
	x->vars = bound;
	return x;
}

/* What libjq gets of it. */
static int
prepare(const struct expr *x, struct program *p, struct err *e)
{
	program_init(p, x->name, x->line0, x->column0);
	p->through = x->through;
	return x->template ? program_template(p, x->text, e)
			   : program_expression(p, x->text, e);
}

int
expr_ready(struct expr *x, struct err *e)
{
	struct program p;
	struct buf message;

	if (x->jq != NULL)
		return 0;
	buf_init(&message, 64 << 10);
	if (prepare(x, &p, e) == 0) {
		x->jq = compile(buf_str(&p.text), jv_copy(x->vars), &message);
		if (x->jq == NULL)
			compile_error(&p, buf_str(&message), e);
	}
	program_release(&p);
	buf_release(&message);
	return x->jq == NULL ? -1 : 0;
}

/* Takes x. */
static struct expr *
at_once(struct expr *x, struct err *e)
{
	if (x == NULL || expr_ready(x, e) == 0)
		return x;
	expr_free(x);
	return NULL;
}

struct expr *
expr_new(
    const char *name, int line0, int column0, struct str program, struct err *e)
{
	return at_once(
	    expr_later(name, line0, column0, false, program, NULL, e), e);
}

struct expr *
expr_template_through(const char *name, int line0, struct str text,
    const char *through, struct err *e)
{
	struct expr *x = expr_later(name, line0, 0, true, text, NULL, e);

	x->through = through;
	return at_once(x, e);
}

struct expr *
expr_template(const char *name, int line0, struct str text, struct err *e)
{
	return expr_template_through(name, line0, text, NULL, e);
}

/* Adds it to a list of programs, its names bound to nothing. */
static int
add_program(struct buf *all, const struct expr *x, struct err *e)
{
	struct program p;
	int rc = prepare(x, &p, e);

	buf_add_z(all, ",(");
	jv_object_foreach(x->vars, name, value)
	{
		buf_printf(all, "null as $%s|", jv_string_value(name));
		jv_free(name);
		jv_free(value);
	}
	buf_add_str(all, buf_str(&p.text));
	buf_add_z(all, "\n)");
	program_release(&p);
	return rc;
}

int
exprs_check(struct expr *const *v, size_t n, struct err *e)
{
	struct buf all, message;
	jq_state *jq = NULL;
	int rc = 0;

	buf_init(&all, PROGRAM_BYTES);
	buf_init(&message, 64 << 10);
	buf_add_z(&all, "null");
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add_program(&all, v[i], e);
	if (rc == 0 && n > 0 && !all.over)
		jq = compile(buf_str(&all), jv_object(), &message);
	/* Which of them it is. */
	for (size_t i = 0; rc == 0 && jq == NULL && i < n; i++)
		rc = expr_ready(v[i], e);
	if (jq != NULL)
		jq_teardown(&jq);
	buf_release(&all);
	buf_release(&message);
	return rc;
}

void
expr_free(struct expr *x)
{
	if (x == NULL)
		return;
	if (x->jq != NULL)
		jq_teardown(&x->jq);
	jv_free(x->vars);
	free(x->name);
	free(x);
}

/* The input as libjq has it; the caller frees it.  -1 with e. */
static int
parse(const struct expr *x, struct str input, jv *out, struct err *e)
{
	jv value, msg;

	if (input.n > EXPR_INPUT)
		return err_set(
		    e, "%s: the input is past %d bytes", x->name, EXPR_INPUT);
	value = jv_parse_sized(input.p, (int)input.n);
	*out = value;
	if (jv_is_valid(value))
		return 0;
	msg = jv_invalid_get_msg(value);
	err_set(e, "%s: the input is no JSON to jq: %s", x->name,
	    jv_get_kind(msg) == JV_KIND_STRING ? jv_string_value(msg)
					       : "it is empty");
	jv_free(msg);
	return -1;
}

/* Begins a run over a value, which it takes; finish ends it. */
static void
start(struct expr *x, jv value)
{
	x->environment = hide_environment();
	jq_start(x->jq, value, 0);
	start_timer(x->jq);
}

static int
begin(struct expr *x, struct str input, struct err *e)
{
	jv value = jv_invalid();

	if (expr_ready(x, e) != 0 || parse(x, input, &value, e) != 0)
		return -1;
	start(x, value);
	return 0;
}

static void
finish(struct expr *x)
{
	stop_timer();
	environ = x->environment;
}

/* The next result, or an invalid value at the end; -1 with e on an error. */
static int
next(struct expr *x, jv *out, struct err *e)
{
	jv v = jq_next(x->jq), msg;

	*out = v;
	if (jq_halted(x->jq)) {
		jv_free(v);
		return err_set(e, "%s: the program took longer than %d ms",
		    x->name, EXPR_MILLIS);
	}
	if (jv_is_valid(v) || !jv_invalid_has_msg(jv_copy(v)))
		return 0;
	msg = jv_invalid_get_msg(v);
	if (jv_get_kind(msg) != JV_KIND_STRING)
		msg = jv_dump_string(msg, 0);
	err_set(e, "%s: %s", x->name, jv_string_value(msg));
	jv_free(msg);
	return -1;
}

/* libjq's printer has no bound of its own. */
static bool
too_deep(jv v, int depth)
{
	bool deep = false;

	if (jv_get_kind(v) == JV_KIND_ARRAY) {
		deep = depth == 0;
		jv_array_foreach(v, i, item)
		{
			deep = deep || too_deep(jv_copy(item), depth - 1);
			jv_free(item);
		}
	} else if (jv_get_kind(v) == JV_KIND_OBJECT) {
		deep = depth == 0;
		jv_object_foreach(v, key, value)
		{
			deep = deep || too_deep(jv_copy(value), depth - 1);
			jv_free(key);
			jv_free(value);
		}
	}
	jv_free(v);
	return deep;
}

static int
add_json(struct expr *x, jv v, struct buf *out, struct err *e)
{
	if (too_deep(jv_copy(v), JSON_DEPTH)) {
		jv_free(v);
		return err_set(e, "%s: a result is nested deeper than %d",
		    x->name, JSON_DEPTH);
	}
	v = jv_dump_string(v, 0);
	buf_add(out, jv_string_value(v),
	    (size_t)jv_string_length_bytes(jv_copy(v)));
	jv_free(v);
	if (buf_add_char(out, '\n') != 0)
		return err_set(
		    e, "%s: the results are past %zu bytes", x->name, out->max);
	return 0;
}

static ptrdiff_t
run(struct expr *x, struct buf *out, struct err *e)
{
	jv v;

	for (ptrdiff_t n = 0;; n++) {
		if (next(x, &v, e) != 0)
			return -1;
		if (!jv_is_valid(v)) {
			jv_free(v);
			return n;
		}
		if (n == EXPR_RESULTS) {
			jv_free(v);
			return err_set(e, "%s: more than %d results", x->name,
			    EXPR_RESULTS);
		}
		if (add_json(x, v, out, e) != 0)
			return -1;
	}
}

ptrdiff_t
expr_run(struct expr *x, struct str input, struct buf *out, struct err *e)
{
	ptrdiff_t n;

	if (begin(x, input, e) != 0)
		return -1;
	n = run(x, out, e);
	finish(x);
	return n;
}

/* The truth of the first result of a run that has begun. */
static int
truth(struct expr *x, struct err *e)
{
	jv_kind kind;
	jv v;
	int result = next(x, &v, e);

	finish(x);
	if (result != 0)
		return -1;
	kind = jv_get_kind(v);
	jv_free(v);
	return kind != JV_KIND_INVALID && kind != JV_KIND_NULL &&
	       kind != JV_KIND_FALSE;
}

int
expr_test(struct expr *x, struct str input, struct err *e)
{
	return begin(x, input, e) != 0 ? -1 : truth(x, e);
}

struct expr_input *
expr_input_new(void)
{
	return xcalloc(1, sizeof(struct expr_input));
}

static void
forget(struct expr_input *in)
{
	if (in->parsed)
		jv_free(in->value);
	in->parsed = false;
}

void
expr_input_free(struct expr_input *in)
{
	if (in == NULL)
		return;
	forget(in);
	free(in);
}

void
expr_input_set(struct expr_input *in, struct str text)
{
	forget(in);
	in->text = text;
}

int
expr_test_input(struct expr *x, struct expr_input *in, struct err *e)
{
	if (expr_ready(x, e) != 0 ||
	    (!in->parsed && parse(x, in->text, &in->value, e) != 0))
		return -1;
	in->parsed = true;
	start(x, jv_copy(in->value));
	return truth(x, e);
}

/* The template's one text. */
static int
render(struct expr *x, struct buf *out, struct err *e)
{
	jv v, more;

	if (next(x, &v, e) != 0)
		return -1;
	if (jv_get_kind(v) != JV_KIND_STRING) {
		jv_free(v);
		return err_set(e, "%s: the template gives no text", x->name);
	}
	buf_add(out, jv_string_value(v),
	    (size_t)jv_string_length_bytes(jv_copy(v)));
	jv_free(v);
	if (out->over)
		return err_set(
		    e, "%s: the text is past %zu bytes", x->name, out->max);
	if (next(x, &more, e) != 0)
		return -1;
	if (jv_is_valid(more))
		err_set(
		    e, "%s: the template gives more than one text", x->name);
	jv_free(more);
	return jv_is_valid(more) ? -1 : 0;
}

int
expr_render(struct expr *x, struct str input, struct buf *out, struct err *e)
{
	size_t before = out->n;
	int result;

	if (begin(x, input, e) != 0)
		return -1;
	result = render(x, out, e);
	finish(x);
	if (result != 0)
		buf_cut(out, before);
	return result;
}
