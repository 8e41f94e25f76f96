#include "jq/expr.h"

#include <jq.h>
#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "jq/fill.h"
#include "jq/home.h"
#include "jq/limit.h"
#include "jq/program.h"
#include "jq/reach.h"

struct expr {
	jq_state *jq; /* NULL: not compiled yet */
	struct limit limit;
	char *name;
	/* For ready; the text is borrowed. */
	struct str text;
	int line0, column0;
	bool template;
	jv vars;
	struct reach reach; /* what it sees of its input */
	struct arena arena;
	/* A template's text around its holes. */
	struct buf literal;
	size_t *ends, holes;
	struct fill fill; /* what needs no libjq; NULL holes: all does */
	void (*through)(struct str value, struct buf *out);
};

struct expr_input {
	struct json object;
	struct reach reach; /* of all that look at it */
	struct arena names, strings;
	jv value; /* where converted is set */
	bool converted;
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

/* The state with the text compiled, or NULL with what libjq says.  It reads
 * ~/.jq with each program, where there is one; what programs see of an
 * environment is theirs, jq/program.h. */
static jq_state *
compile(struct str text, jv vars, struct buf *message)
{
	struct report report = { 0 };
	jq_state *jq = jq_init();
	char *program;
	int good;

	if (jq == NULL)
		alloc_die(0);
	buf_init(&report.first, 64 << 10);
	program = xmemdup0(text.p, text.n);
	home_hide(true);
	jq_set_error_cb(jq, on_error, &report);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	good = jq_compile_args(jq, program, vars);
	jq_set_error_cb(jq, NULL, NULL);
	home_hide(false);
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
is_beginning(struct str text)
{
	struct buf message;
	jq_state *jq;
	bool good;

	buf_init(&message, 64 << 10);
	jq = compile(text, jv_object(), &message);
	good = jq != NULL || program_ends_early(buf_str(&message)) ||
	       str_find(buf_str(&message), STR("is not defined at")) >= 0;
	if (jq != NULL)
		jq_teardown(&jq);
	buf_release(&message);
	return good;
}

/* From 1.7 on libjq compares and prints numbers as they were written, 1.6 as
 * doubles: what means one thing to one must mean it to both. */
int jv_number_has_literal(jv n) __attribute__((weak));
#define KEEPS_LITERALS (jv_number_has_literal != NULL)

/* The value with all numbers as doubles; takes v. */
static jv
as_doubles(jv v)
{
	jv_kind kind = KEEPS_LITERALS ? jv_get_kind(v) : JV_KIND_NULL;
	jv n;

	if (kind == JV_KIND_ARRAY)
		jv_array_foreach(v, i, item) v =
		    jv_array_set(v, i, as_doubles(item));
	if (kind == JV_KIND_OBJECT)
		jv_object_foreach(v, key, value) v =
		    jv_object_set(v, key, as_doubles(value));
	if (kind != JV_KIND_NUMBER)
		return v;
	n = jv_number(jv_number_value(v));
	jv_free(v);
	return n;
}

static jv
parse_vars(const char *const *vars, struct err *e)
{
	jv object = jv_object();

	for (; vars != NULL && *vars != NULL; vars += 2) {
		jv value = as_doubles(jv_parse(vars[1]));

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
	program_init(p, x->name, x->line0, x->column0, KEEPS_LITERALS);
	return x->template ? program_template(p, x->text, e)
			   : program_expression(p, x->text, e);
}

static int
build(struct expr *x, const struct program *p, struct err *e)
{
	struct buf message;

	buf_init(&message, 64 << 10);
	x->jq = compile(buf_str(&p->text), jv_copy(x->vars), &message);
	if (x->jq == NULL)
		program_explain(p, buf_str(&message), is_beginning, e);
	buf_release(&message);
	return x->jq == NULL ? -1 : 0;
}

/* What is kept of its text. */
static void
take(struct expr *x, struct program *p)
{
	reach_add(&x->reach, str_sub(buf_str(&p->text), p->head, p->text.n),
	    false, &x->arena);
	buf_release(&x->literal);
	free(x->ends);
	x->literal = p->literal;
	x->ends = p->ends;
	x->holes = p->holes;
	p->literal = (struct buf){ 0 };
	p->ends = NULL;
}

int
expr_ready(struct expr *x, struct err *e)
{
	struct program p;
	int rc;

	if (x->jq != NULL)
		return 0;
	rc = prepare(x, &p, e);
	if (rc == 0)
		rc = build(x, &p, e);
	if (rc == 0)
		take(x, &p);
	program_release(&p);
	return rc;
}

/* The same of a template; what holds paths alone compiles, and waits until a
 * value needs it. */
static int
template_ready(struct expr *x, struct err *e)
{
	struct program p;
	int rc = prepare(x, &p, e);
	bool paths =
	    rc == 0 && fill_read(&x->fill, p.asked, p.holes, &x->arena);

	if (!paths)
		x->fill.holes = NULL;
	if (rc == 0 && !paths)
		rc = build(x, &p, e);
	if (rc == 0) {
		x->text = arena_dup(&x->arena, x->text);
		take(x, &p);
	}
	program_release(&p);
	return rc;
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
expr_template(const char *name, int line0, struct str text, struct err *e)
{
	struct expr *x = expr_later(name, line0, 0, true, text, NULL, e);

	if (x == NULL || template_ready(x, e) == 0)
		return x;
	expr_free(x);
	return NULL;
}

struct expr *
expr_new_many(
    const char *name, const struct str *programs, size_t n, struct err *e)
{
	struct expr *x = expr_later(name, 0, 0, false, STR_NONE, NULL, e);
	struct program p;
	int rc;

	program_init(&p, name, 0, 0, KEEPS_LITERALS);
	rc = program_many(&p, programs, n, e);
	if (rc == 0)
		rc = build(x, &p, e);
	for (size_t i = 0; rc == 0 && i < n; i++)
		reach_add(&x->reach, programs[i], true, &x->arena);
	program_release(&p);
	if (rc == 0)
		return x;
	expr_free(x);
	return NULL;
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
expr_through(struct expr *x, void (*f)(struct str value, struct buf *out))
{
	x->through = f;
}

void
expr_free(struct expr *x)
{
	if (x == NULL)
		return;
	limit_release(&x->limit);
	if (x->jq != NULL)
		jq_teardown(&x->jq);
	jv_free(x->vars);
	arena_release(&x->arena);
	buf_release(&x->literal);
	free(x->ends);
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
	value = as_doubles(jv_parse_sized(input.p, (int)input.n));
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

/* Within a signal. */
static void
halt(void *arg)
{
	jq_state *jq = arg;

	if (!jq_halted(jq))
		jq_halt(jq, jv_null(), jv_null());
}

/* Begins a run over a value, which it takes; limit_end ends it. */
static int
start(struct expr *x, jv value, struct err *e)
{
	x->limit.stop = halt;
	x->limit.arg = x->jq;
	x->limit.millis = EXPR_MILLIS;
	jq_start(x->jq, value, 0);
	return limit_begin(&x->limit, e) == 0 ? 0
					      : err_prefix(e, "%s", x->name);
}

static int
begin(struct expr *x, struct str input, struct err *e)
{
	jv value = jv_invalid();

	if (expr_ready(x, e) != 0 || parse(x, input, &value, e) != 0)
		return -1;
	return start(x, value, e);
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

/* libjq's printer has no bound of its own.  Takes v. */
static bool
too_deep(jv v, int depth)
{
	jv_kind kind = jv_get_kind(v);
	bool deep =
	    depth == 0 && (kind == JV_KIND_ARRAY || kind == JV_KIND_OBJECT);

	if (!deep && kind == JV_KIND_ARRAY)
		jv_array_foreach(v, i, item) deep |= too_deep(item, depth - 1);
	if (!deep && kind == JV_KIND_OBJECT)
		jv_object_foreach(v, key, value)
		{
			deep |= too_deep(value, depth - 1);
			jv_free(key);
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
	limit_end(&x->limit);
	return n;
}

/* The truth of the first result of a run that has begun. */
static int
truth(struct expr *x, struct err *e)
{
	jv_kind kind;
	jv v;
	int result = next(x, &v, e);

	limit_end(&x->limit);
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

/* --- an object that many programs look at --- */

struct expr_input *
expr_input_new(void)
{
	return xcalloc(1, sizeof(struct expr_input));
}

static void
forget(struct expr_input *in)
{
	if (in->converted)
		jv_free(in->value);
	in->converted = false;
}

void
expr_input_free(struct expr_input *in)
{
	if (in == NULL)
		return;
	forget(in);
	arena_release(&in->names);
	arena_release(&in->strings);
	free(in);
}

void
expr_input_for(struct expr_input *in, const struct expr *x)
{
	reach_merge(&in->reach, &x->reach, &in->names);
}

void
expr_input_set(struct expr_input *in, struct json object)
{
	forget(in);
	in->object = object;
}

static jv convert(struct json v, const struct reach *seen, struct arena *a);

static jv
convert_number(struct json v)
{
	double d;

	if (json_real(v, &d) != 0)
		d = json_raw(v).p[0] == '-' ? -HUGE_VAL : HUGE_VAL;
	return jv_number(d);
}

static jv
convert_string(struct json v, struct arena *a)
{
	struct str s = json_str(v, a);

	return jv_string_sized(s.p, (int)s.n);
}

static jv
convert_members(struct json v, const struct reach *seen, struct arena *a)
{
	struct json_iter it = json_each(v);
	struct json key, value;
	jv object = jv_object();

	if (seen == NULL || seen->all) {
		while (json_next(&it, &key, &value))
			object = jv_object_set(object, convert_string(key, a),
			    convert(value, NULL, a));
		return object;
	}
	for (const struct reach *m = seen->below; m != NULL; m = m->next) {
		value = json_get_str(v, m->name);
		if (value.doc != NULL)
			object = jv_object_set(object,
			    jv_string_sized(m->name.p, (int)m->name.n),
			    convert(value, m, a));
	}
	return object;
}

/* As libjq has it: what is seen of it; NULL: all. */
static jv
convert(struct json v, const struct reach *seen, struct arena *a)
{
	struct json_iter it;
	struct json item;
	jv list;

	switch (json_type(v)) {
	case JSON_OBJECT:
		return convert_members(v, seen, a);
	case JSON_LIST:
		it = json_each(v);
		list = jv_array();
		while (json_next(&it, NULL, &item))
			list = jv_array_append(list, convert(item, NULL, a));
		return list;
	case JSON_STRING:
		return convert_string(v, a);
	case JSON_NUMBER:
		return convert_number(v);
	case JSON_TRUE:
		return jv_true();
	case JSON_FALSE:
		return jv_false();
	default:
		return jv_null();
	}
}

/* The input as libjq has it; the caller frees it.  -1 with e. */
static int
input_value(const struct expr *x, struct expr_input *in, jv *out, struct err *e)
{
	if (!in->converted) {
		if (json_raw(in->object).n > EXPR_INPUT)
			return err_set(e, "%s: the input is past %d bytes",
			    x->name, EXPR_INPUT);
		arena_reset(&in->strings);
		in->value = convert(in->object, &in->reach, &in->strings);
		in->converted = true;
	}
	*out = jv_copy(in->value);
	return 0;
}

int
expr_test_in(struct expr *x, size_t i, struct expr_input *in, struct err *e)
{
	jv value = jv_invalid();

	if (input_value(x, in, &value, e) != 0)
		return -1;
	value = JV_ARRAY(jv_number((double)i), value);
	return start(x, value, e) != 0 ? -1 : truth(x, e);
}

/* --- templates --- */

static void
add_text(const struct expr *x, struct str s, struct buf *out)
{
	if (x->through != NULL)
		x->through(s, out);
	else
		buf_add_str(out, s);
}

static int
add_value(struct expr *x, jv v, struct buf *out, struct err *e)
{
	if (jv_get_kind(v) != JV_KIND_STRING) {
		if (too_deep(jv_copy(v), JSON_DEPTH)) {
			jv_free(v);
			return err_set(e,
			    "%s: a value is nested deeper than %d", x->name,
			    JSON_DEPTH);
		}
		v = jv_dump_string(v, 0);
	}
	add_text(x,
	    str_make(
		jv_string_value(v), (size_t)jv_string_length_bytes(jv_copy(v))),
	    out);
	jv_free(v);
	return 0;
}

static void
add_literal(const struct expr *x, size_t i, struct buf *out)
{
	size_t from = i == 0 ? 0 : x->ends[i - 1];

	buf_add_str(
	    out, str_sub(buf_str(&x->literal), from, x->ends[i] - from));
}

/* One result for each hole, in their order; -1 for none and for more. */
static int
fill_in(struct expr *x, struct buf *out, struct err *e)
{
	size_t filled = 0, i = 0;
	bool more;
	jv v, hole;

	add_literal(x, 0, out);
	for (;;) {
		if (next(x, &v, e) != 0)
			return -1;
		more = jv_is_valid(v);
		if (!more)
			break;
		hole = jv_array_get(jv_copy(v), 0);
		i = (size_t)jv_number_value(hole);
		jv_free(hole); /* a literal of 1.7 is counted */
		v = jv_array_get(v, 1);
		if (i != filled) {
			jv_free(v);
			break;
		}
		if (add_value(x, v, out, e) != 0)
			return -1;
		add_literal(x, ++filled, out);
	}
	if (more && i < filled)
		return err_set(
		    e, "%s: the template gives more than one text", x->name);
	if (filled < x->holes)
		return err_set(e, "%s: the template gives no text", x->name);
	if (out->over)
		return err_set(
		    e, "%s: the text is past %zu bytes", x->name, out->max);
	return 0;
}

/* Over a value, which it takes. */
static int
render(struct expr *x, jv value, struct buf *out, struct err *e)
{
	size_t before = out->n;
	int rc;

	if (start(x, value, e) != 0)
		return -1;
	rc = fill_in(x, out, e);
	limit_end(&x->limit);
	if (rc != 0)
		buf_cut(out, before);
	return rc;
}

int
expr_render(struct expr *x, struct str input, struct buf *out, struct err *e)
{
	jv value = jv_invalid();

	if (expr_ready(x, e) != 0 || parse(x, input, &value, e) != 0)
		return -1;
	return render(x, value, out, e);
}

int
expr_render_in(
    struct expr *x, struct expr_input *in, struct buf *out, struct err *e)
{
	jv value = jv_invalid();

	if (!in->converted)
		arena_reset(&in->strings);
	if (json_raw(in->object).n <= EXPR_INPUT &&
	    fill_text(&x->fill, buf_str(&x->literal), x->ends, in->object,
		x->through, &in->strings, out))
		return 0;
	return expr_ready(x, e) != 0 || input_value(x, in, &value, e) != 0
		   ? -1
		   : render(x, value, out, e);
}
