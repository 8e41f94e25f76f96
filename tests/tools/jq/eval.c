#include "eval.h"

#include <string.h>

struct trap *trap;
jv raised;

enum { NAMES = 8 };

_Noreturn void
fail(jv message)
{
	raised = message;
	longjmp(trap->at, 1);
}

jv
checked(jv v)
{
	if (!jv_is_valid(v))
		fail(jv_invalid_get_msg(v));
	return v;
}

struct val
val_of(jv v)
{
	return (struct val){ jv_invalid(), v };
}

bool
is_true(jv v)
{
	return jv_get_kind(v) != JV_KIND_NULL &&
	       jv_get_kind(v) != JV_KIND_FALSE;
}

/* v[key], and where it is. */
static struct val
step(struct val in, jv key, jv v)
{
	if (jv_is_valid(in.path))
		in.path = jv_array_append(jv_copy(in.path), jv_copy(key));
	in.v = checked(v);
	return in;
}

/* What a result goes on with: another program, or the same result with
 * something made of it. */
struct then {
	const struct node *n;
	const struct env *e;
	struct val in;
	emit *f;
	void *to;
	jv v;
	bool any, stopped;
	struct trap mine;
};

static bool
keep(void *to, struct val v)
{
	jv *list = to;

	*list = jv_array_append(*list, jv_copy(v.v));
	return true;
}

static bool
keep_path(void *to, struct val v)
{
	jv *list = to;

	if (!jv_is_valid(v.path))
		fail(jv_string("Invalid path expression"));
	*list = jv_array_append(*list, jv_copy(v.path));
	return true;
}

jv
collect(const struct node *n, const struct env *e, jv in)
{
	jv list = jv_array();

	eval(n, e, val_of(in), keep, &list);
	return list;
}

jv
paths_of(const struct node *n, const struct env *e, jv in)
{
	jv list = jv_array();

	eval(n, e, (struct val){ jv_array(), in }, keep_path, &list);
	return list;
}

static bool
pipe_on(void *to, struct val v)
{
	struct then *t = to;

	return eval(t->n->b, t->e, v, t->f, t->to);
}

static bool
iterate(struct val v, emit *f, void *to)
{
	jv_kind kind = jv_get_kind(v.v);

	if (kind == JV_KIND_ARRAY) {
		int n = jv_array_length(jv_copy(v.v));

		for (int i = 0; i < n; i++)
			if (!f(to, step(v, jv_number(i),
				       jv_array_get(jv_copy(v.v), i))))
				return false;
		return true;
	}
	if (kind != JV_KIND_OBJECT)
		fail(jv_string_fmt(
		    "Cannot iterate over %s", jv_kind_name(kind)));
	for (int i = jv_object_iter(v.v); jv_object_iter_valid(v.v, i);
	     i = jv_object_iter_next(v.v, i))
		if (!f(to, step(v, jv_object_iter_key(v.v, i),
			       jv_object_iter_value(v.v, i))))
			return false;
	return true;
}

static bool
iterate_on(void *to, struct val v)
{
	struct then *t = to;

	return iterate(v, t->f, t->to);
}

static bool
index_on(void *to, struct val v)
{
	struct then *t = to;

	return t->f(t->to, step(v, t->v, jv_get(jv_copy(v.v), jv_copy(t->v))));
}

/* Each key of the input, then each value that has it. */
static bool
index_by(void *to, struct val key)
{
	struct then *t = to;

	t->v = key.v;
	return eval(t->n->a, t->e, t->in, index_on, t);
}

static bool
slice(const struct node *n, const struct env *e, struct val in, struct then *t)
{
	jv from = jv_array_append(jv_array(), jv_null()), to = jv_copy(from);

	if (n->b != NULL)
		from = collect(n->b, e, in.v);
	if (n->c != NULL)
		to = collect(n->c, e, in.v);
	for (int i = 0; i < jv_array_length(jv_copy(to)); i++)
		for (int j = 0; j < jv_array_length(jv_copy(from)); j++) {
			t->v = jv_object_set(
			    jv_object_set(jv_object(), jv_string("start"),
				jv_array_get(jv_copy(from), j)),
			    jv_string("end"), jv_array_get(jv_copy(to), i));
			if (!eval(n->a, e, in, index_on, t))
				return false;
		}
	return true;
}

/* The pattern's names, in front of e. */
static const struct env *
bind(const struct node *n, const struct env *e, jv v, struct env slots[NAMES])
{
	for (size_t i = 0; i < n->bound; i++) {
		jv part = jv_copy(v);

		if (n->name == NULL)
			part = checked(jv_get(part, jv_number((double)i)));
		slots[i] = (struct env){
			.name = n->names[i], .n = -1, .value = part, .next = e
		};
		e = &slots[i];
	}
	return e;
}

static bool
as_on(void *to, struct val v)
{
	struct then *t = to;
	struct env slots[NAMES];

	return eval(t->n->b, bind(t->n, t->e, v.v, slots), t->in, t->f, t->to);
}

static bool
last_on(void *to, struct val v)
{
	struct then *t = to;

	t->v = jv_copy(v.v);
	t->any = true;
	return true;
}

static bool
reduce_on(void *to, struct val v)
{
	struct then *t = to, last = { .v = jv_null() };
	struct env slots[NAMES];

	eval(t->n->c, bind(t->n, t->e, v.v, slots), val_of(t->v), last_on,
	    &last);
	t->v = last.v;
	return true;
}

static bool
reduce(struct then *t)
{
	jv starts = collect(t->n->b, t->e, t->in.v);

	for (int i = 0; i < jv_array_length(jv_copy(starts)); i++) {
		t->v = jv_array_get(jv_copy(starts), i);
		if (!eval(t->n->a, t->e, val_of(t->in.v), reduce_on, t))
			return false;
		if (!t->f(t->to, val_of(t->v)))
			return false;
	}
	return true;
}

static bool
if_on(void *to, struct val v)
{
	struct then *t = to;

	return eval(is_true(v.v) ? t->n->b : t->n->c, t->e, t->in, t->f, t->to);
}

/* What comes after a result is no part of what is tried. */
static bool
try_on(void *to, struct val v)
{
	struct then *t = to;
	bool more;

	if (t->n->op == ALT && !is_true(v.v))
		return true;
	t->any = true;
	trap = t->mine.outer;
	more = t->f(t->to, v);
	trap = &t->mine;
	t->stopped = !more;
	return more;
}

static bool
try(struct then *t)
{
	t->mine.outer = trap;
	if (setjmp(t->mine.at) == 0) {
		trap = &t->mine;
		eval(t->n->a, t->e, t->in, try_on, t);
		trap = t->mine.outer;
		if (t->stopped || t->n->op == TRY)
			return !t->stopped;
	} else {
		trap = t->mine.outer;
		if (t->n->op == TRY)
			return t->n->b == NULL ||
			       eval(t->n->b, t->e, val_of(raised), t->f, t->to);
	}
	return t->any || eval(t->n->b, t->e, t->in, t->f, t->to);
}

static bool
object(const struct node *n, size_t i, jv made, struct then *t)
{
	jv keys, values;

	if (i == n->n)
		return t->f(t->to, val_of(jv_copy(made)));
	keys = collect(n->args[i], t->e, t->in.v);
	values = collect(n->args[i + 1], t->e, t->in.v);
	for (int k = 0; k < jv_array_length(jv_copy(keys)); k++)
		for (int v = 0; v < jv_array_length(jv_copy(values)); v++) {
			jv key = jv_array_get(jv_copy(keys), k);

			if (jv_get_kind(key) != JV_KIND_STRING)
				fail(jv_string("Object keys must be strings"));
			if (!object(n, i + 2,
				jv_object_set(jv_copy(made), key,
				    jv_array_get(jv_copy(values), v)),
				t))
				return false;
		}
	return true;
}

static bool
string(const struct node *n, size_t i, jv made, struct then *t)
{
	jv parts;

	if (i == n->n)
		return t->f(t->to, val_of(jv_copy(made)));
	/* Texts and programs take turns. */
	if (i % 2 == 0)
		return string(n, i + 1,
		    jv_string_concat(jv_copy(made), jv_copy(n->args[i]->value)),
		    t);
	parts = collect(n->args[i], t->e, t->in.v);
	for (int k = 0; k < jv_array_length(jv_copy(parts)); k++)
		if (!string(n, i + 1,
			jv_string_concat(jv_copy(made),
			    format(n->name, jv_array_get(jv_copy(parts), k))),
			t))
			return false;
	return true;
}

/* Of each result on the right, each on the left. */
static bool
computed(const struct node *n, const struct env *e, struct then *t)
{
	jv right = collect(n->b, e, t->in.v), left = collect(n->a, e, t->in.v);

	for (int i = 0; i < jv_array_length(jv_copy(right)); i++)
		for (int j = 0; j < jv_array_length(jv_copy(left)); j++)
			if (!t->f(t->to, val_of(compute(n->sub,
					     jv_array_get(jv_copy(left), j),
					     jv_array_get(jv_copy(right), i)))))
				return false;
	return true;
}

static bool
both(const struct node *n, const struct env *e, struct then *t)
{
	jv left = collect(n->a, e, t->in.v), right;

	for (int i = 0; i < jv_array_length(jv_copy(left)); i++) {
		bool first = is_true(jv_array_get(jv_copy(left), i));

		if (first == (n->op == OR)) {
			if (!t->f(t->to, val_of(jv_bool(first))))
				return false;
			continue;
		}
		right = collect(n->b, e, t->in.v);
		for (int j = 0; j < jv_array_length(jv_copy(right)); j++)
			if (!t->f(t->to, val_of(jv_bool(is_true(jv_array_get(
					     jv_copy(right), j))))))
				return false;
	}
	return true;
}

static bool
first_on(void *to, struct val v)
{
	last_on(to, v);
	return false;
}

/* The places that the left side names, changed. */
static jv
changed(const struct node *n, const struct env *e, jv root, jv right)
{
	jv paths = paths_of(n->a, e, root), gone = jv_array();

	for (int i = 0; i < jv_array_length(jv_copy(paths)); i++) {
		jv path = jv_array_get(jv_copy(paths), i);
		struct then first = { .v = right, .any = true };
		jv old = jv_getpath(jv_copy(root), jv_copy(path));

		if (n->op == UPDATE) {
			first.any = false;
			eval(n->b, e, val_of(checked(old)), first_on, &first);
		} else if (n->op == RECOMPUTE) {
			first.v = compute(n->sub, checked(old), right);
		}
		if (first.any)
			root = checked(
			    jv_setpath(jv_copy(root), path, jv_copy(first.v)));
		else
			gone = jv_array_append(gone, path);
	}
	return checked(jv_delpaths(jv_copy(root), gone));
}

static bool
assign(const struct node *n, const struct env *e, struct then *t)
{
	jv right = n->op == UPDATE ? jv_array_append(jv_array(), jv_null())
				   : collect(n->b, e, t->in.v);

	for (int i = 0; i < jv_array_length(jv_copy(right)); i++)
		if (!t->f(t->to, val_of(changed(n, e, t->in.v,
				     jv_array_get(jv_copy(right), i)))))
			return false;
	return true;
}

/* Arguments that are values stand for each of them, the last one first. */
static bool
with_values(const struct builtin *b, const struct node *n, size_t left,
    jv args[NAMES], struct then *t)
{
	jv values;

	if (left == 0)
		return t->f(
		    t->to, val_of(checked(b->value(jv_copy(t->in.v), args))));
	values = collect(n->args[left - 1], t->e, t->in.v);
	for (int i = 0; i < jv_array_length(jv_copy(values)); i++) {
		args[left - 1] = jv_array_get(jv_copy(values), i);
		if (!with_values(b, n, left - 1, args, t))
			return false;
	}
	return true;
}

/* frame: the arguments so far, in front of what the function sees. */
static bool
enter(const struct node *def, const struct node *n, size_t i,
    const struct env *frame, struct then *t)
{
	struct env argument, value;
	jv values;

	if (i == def->n)
		return eval(def->a, frame, t->in, t->f, t->to);
	argument = (struct env){ .name = def->params[i],
		.body = n->args[i],
		.env = t->e,
		.next = frame };
	if (!def->by_value[i])
		return enter(def, n, i + 1, &argument, t);
	values = collect(n->args[i], t->e, t->in.v);
	for (int k = 0; k < jv_array_length(jv_copy(values)); k++) {
		value = (struct env){ .name = def->params[i],
			.n = -1,
			.value = jv_array_get(jv_copy(values), k),
			.next = &argument };
		if (!enter(def, n, i + 1, &value, t))
			return false;
	}
	return true;
}

static const struct env *
find(const struct env *e, const char *name, int n)
{
	while (e != NULL && (e->n != n || strcmp(e->name, name) != 0))
		e = e->next;
	return e;
}

static bool
called(const struct node *n, struct then *t)
{
	const struct env *e = find(t->e, n->name, (int)n->n);
	const struct builtin *b;
	struct env own;
	jv args[NAMES];

	if (e != NULL && e->def == NULL)
		return eval(e->body, e->env, t->in, t->f, t->to);
	if (e != NULL)
		return enter(e->def, n, 0, e, t);
	b = builtin_find(n->name, n->n);
	if (b->results != NULL)
		return b->results(n, t->e, t->in, t->f, t->to);
	if (b->value != NULL)
		return with_values(b, n, n->n, args, t);
	own = (struct env){
		.name = b->name, .n = (int)b->n, .def = builtin_def(b)
	};
	return enter(own.def, n, 0, &own, t);
}

static bool
defined(const struct node *n, const struct env *e, struct then *t)
{
	struct env own = {
		.name = n->name, .n = (int)n->n, .def = n, .next = e
	};

	return eval(n->b, &own, t->in, t->f, t->to);
}

static bool
negated(void *to, struct val v)
{
	struct then *t = to;

	return t->f(t->to, val_of(compute('-', jv_number(0), v.v)));
}

/* Those that give values and no places. */
static bool
eval_value(const struct node *n, const struct env *e, struct then *t)
{
	switch (n->op) {
	case LIT:
		return t->f(t->to, val_of(jv_copy(n->value)));
	case STRING:
		return string(n, 0, jv_string(""), t);
	case FORMAT:
		return t->f(t->to, val_of(format(n->name, jv_copy(t->in.v))));
	case VAR:
		return t->f(
		    t->to, val_of(jv_copy(find(e, n->name, -1)->value)));
	case ARRAY:
		return t->f(t->to,
		    val_of(
			n->a == NULL ? jv_array() : collect(n->a, e, t->in.v)));
	case OBJECT:
		return object(n, 0, jv_object(), t);
	case NEG:
		return eval(n->a, e, val_of(t->in.v), negated, t);
	case OR:
	case AND:
		return both(n, e, t);
	case COMPUTE:
		return computed(n, e, t);
	default:
		return assign(n, e, t);
	}
}

bool
eval(
    const struct node *n, const struct env *e, struct val in, emit *f, void *to)
{
	struct then t = { .n = n, .e = e, .in = in, .f = f, .to = to };

	switch (n->op) {
	case ID:
		return f(to, in);
	case PIPE:
		return eval(n->a, e, in, pipe_on, &t);
	case COMMA:
		return eval(n->a, e, in, f, to) && eval(n->b, e, in, f, to);
	case INDEX:
		return eval(n->b, e, val_of(in.v), index_by, &t);
	case SLICE:
		return slice(n, e, in, &t);
	case ITER:
		return eval(n->a, e, in, iterate_on, &t);
	case CALL:
		return called(n, &t);
	case DEF:
		return defined(n, e, &t);
	case IF:
		return eval(n->a, e, val_of(in.v), if_on, &t);
	case TRY:
	case ALT:
		return try(&t);
	case AS:
		return eval(n->a, e, val_of(in.v), as_on, &t);
	case REDUCE:
		return reduce(&t);
	default:
		return eval_value(n, e, &t);
	}
}
