#include "eval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "regex.h"

static jv
of_kinds(const char *what, jv a, jv b)
{
	return jv_invalid_with_msg(jv_string_fmt("%s and %s cannot be %s",
	    jv_kind_name(jv_get_kind(a)), jv_kind_name(jv_get_kind(b)), what));
}

static jv
plus(jv a, jv b, jv_kind x, jv_kind y)
{
	if (x == JV_KIND_NULL)
		return b;
	if (y == JV_KIND_NULL)
		return a;
	if (x == y && x == JV_KIND_NUMBER)
		return jv_number(jv_number_value(a) + jv_number_value(b));
	if (x == y && x == JV_KIND_STRING)
		return jv_string_concat(jv_copy(a), b);
	if (x == y && x == JV_KIND_ARRAY)
		return jv_array_concat(jv_copy(a), b);
	if (x == y && x == JV_KIND_OBJECT)
		return jv_object_merge(jv_copy(a), b);
	return of_kinds("added", a, b);
}

static jv
minus(jv a, jv b, jv_kind x, jv_kind y)
{
	jv left = jv_array();

	if (x == y && x == JV_KIND_NUMBER)
		return jv_number(jv_number_value(a) - jv_number_value(b));
	if (x != y || x != JV_KIND_ARRAY)
		return of_kinds("subtracted", a, b);
	jv_array_foreach(a, i, item)
	{
		bool in = false;

		jv_array_foreach(b, j, other) in |=
		    jv_equal(jv_copy(item), other) != 0;
		if (!in)
			left = jv_array_append(left, item);
	}
	return left;
}

static jv
times(jv a, jv b, jv_kind x, jv_kind y)
{
	jv all;

	if (x == y && x == JV_KIND_NUMBER)
		return jv_number(jv_number_value(a) * jv_number_value(b));
	if (x == y && x == JV_KIND_OBJECT)
		return jv_object_merge_recursive(jv_copy(a), b);
	if (x != JV_KIND_STRING || y != JV_KIND_NUMBER)
		return of_kinds("multiplied", a, b);
	if (jv_number_value(b) <= 0)
		return jv_null();
	all = jv_copy(a);
	for (int i = 1; i < (int)jv_number_value(b); i++)
		all = jv_string_concat(all, jv_copy(a));
	return all;
}

static jv
over(int sub, jv a, jv b, jv_kind x, jv_kind y)
{
	if (x == y && x == JV_KIND_STRING && sub == '/')
		return jv_string_split(jv_copy(a), jv_copy(b));
	if (x != y || x != JV_KIND_NUMBER || jv_number_value(b) == 0)
		return of_kinds("divided", a, b);
	if (sub == '/')
		return jv_number(jv_number_value(a) / jv_number_value(b));
	return jv_number((double)((intmax_t)jv_number_value(a) %
				  (intmax_t)fabs(jv_number_value(b))));
}

jv
compute(int sub, jv a, jv b)
{
	jv_kind x = jv_get_kind(a), y = jv_get_kind(b);
	int d;

	switch (sub) {
	case '+':
		return checked(plus(a, b, x, y));
	case '-':
		return checked(minus(a, b, x, y));
	case '*':
		return checked(times(a, b, x, y));
	case '/':
	case '%':
		return checked(over(sub, a, b, x, y));
	}
	if (sub == EQ || sub == NE)
		return jv_bool(
		    (jv_equal(jv_copy(a), jv_copy(b)) != 0) == (sub == EQ));
	d = jv_cmp(jv_copy(a), jv_copy(b));
	return jv_bool(sub == LT   ? d < 0
		       : sub == LE ? d <= 0
		       : sub == GT ? d > 0
				   : d >= 0);
}

static jv
text_of(jv v)
{
	return jv_get_kind(v) == JV_KIND_STRING ? v : jv_dump_string(v, 0);
}

static jv
escaped(jv v, const char *from, const char *const *to)
{
	const char *s = jv_string_value(v);
	jv out = jv_string("");

	for (int n = jv_string_length_bytes(jv_copy(v)); n > 0; n--, s++) {
		const char *at = *s == '\0' ? NULL : strchr(from, *s);

		out = at != NULL ? jv_string_append_str(out, to[at - from])
				 : jv_string_append_buf(out, s, 1);
	}
	return out;
}

/* A cell of @csv or @tsv. */
static jv
cell(bool csv, jv v)
{
	static const char *const tabs[] = { "\\t", "\\n", "\\r", "\\\\" };
	static const char *const quotes[] = { "\"\"" };

	switch (jv_get_kind(v)) {
	case JV_KIND_NULL:
		return jv_string("");
	case JV_KIND_STRING:
		if (!csv)
			return escaped(v, "\t\n\r\\", tabs);
		return jv_string_fmt(
		    "\"%s\"", jv_string_value(escaped(v, "\"", quotes)));
	case JV_KIND_ARRAY:
	case JV_KIND_OBJECT:
		fail(jv_string("is not valid in a csv row"));
	default:
		return jv_dump_string(v, 0);
	}
}

jv
format(const char *name, jv v)
{
	bool csv = strcmp(name, "csv") == 0;
	jv out = jv_string("");

	if (strcmp(name, "text") == 0)
		return text_of(v);
	if (jv_get_kind(v) != JV_KIND_ARRAY)
		fail(jv_string("only an array can be a row"));
	jv_array_foreach(v, i, item)
	{
		if (i > 0)
			out = jv_string_append_str(out, csv ? "," : "\t");
		out = jv_string_concat(out, cell(csv, item));
	}
	return out;
}

static jv
kind_error(const char *what, jv v)
{
	return jv_invalid_with_msg(jv_string_fmt(
	    "%s cannot be %s", jv_kind_name(jv_get_kind(v)), what));
}

static jv
f_not(jv in, const jv *args)
{
	(void)args;
	return jv_bool(!is_true(in));
}

static jv
f_length(jv in, const jv *args)
{
	(void)args;
	switch (jv_get_kind(in)) {
	case JV_KIND_NULL:
		return jv_number(0);
	case JV_KIND_NUMBER:
		return jv_number(fabs(jv_number_value(in)));
	case JV_KIND_STRING:
		return jv_number(jv_string_length_codepoints(in));
	case JV_KIND_ARRAY:
		return jv_number(jv_array_length(in));
	case JV_KIND_OBJECT:
		return jv_number(jv_object_length(in));
	default:
		return kind_error("measured", in);
	}
}

static jv
f_keys(jv in, const jv *args)
{
	(void)args;
	if (jv_get_kind(in) != JV_KIND_OBJECT &&
	    jv_get_kind(in) != JV_KIND_ARRAY)
		return kind_error("asked for keys", in);
	return jv_keys(in);
}

static jv
f_keys_unsorted(jv in, const jv *args)
{
	(void)args;
	return jv_get_kind(in) == JV_KIND_OBJECT ? jv_keys_unsorted(in)
						 : f_keys(in, args);
}

static jv
f_tostring(jv in, const jv *args)
{
	(void)args;
	return text_of(in);
}

static jv
f_tonumber(jv in, const jv *args)
{
	jv v;

	(void)args;
	if (jv_get_kind(in) == JV_KIND_NUMBER)
		return in;
	if (jv_get_kind(in) != JV_KIND_STRING)
		return kind_error("parsed as a number", in);
	v = jv_parse(jv_string_value(in));
	return jv_get_kind(v) == JV_KIND_NUMBER
		   ? v
		   : kind_error("parsed as a number", in);
}

static jv
f_type(jv in, const jv *args)
{
	(void)args;
	return jv_string(jv_kind_name(jv_get_kind(in)));
}

static jv
f_tojson(jv in, const jv *args)
{
	(void)args;
	return jv_dump_string(in, 0);
}

static jv
f_fromjson(jv in, const jv *args)
{
	(void)args;
	return jv_get_kind(in) == JV_KIND_STRING ? jv_parse(jv_string_value(in))
						 : kind_error("parsed", in);
}

static jv
f_sort(jv in, const jv *args)
{
	(void)args;
	return jv_get_kind(in) == JV_KIND_ARRAY
		   ? jv_sort(jv_copy(in), jv_copy(in))
		   : kind_error("sorted", in);
}

static jv
f_has(jv in, const jv *args)
{
	return jv_has(in, jv_copy(args[0]));
}

static jv
f_contains(jv in, const jv *args)
{
	return jv_get_kind(in) == jv_get_kind(args[0])
		   ? jv_bool(jv_contains(in, jv_copy(args[0])))
		   : of_kinds("checked for containment", in, args[0]);
}

/* 1 where text begins (ends) with part, -1 where one of them is no string. */
static int
affix(jv text, jv part, bool end)
{
	size_t n, m;

	if (jv_get_kind(text) != JV_KIND_STRING ||
	    jv_get_kind(part) != JV_KIND_STRING)
		return -1;
	n = (size_t)jv_string_length_bytes(jv_copy(text));
	m = (size_t)jv_string_length_bytes(jv_copy(part));
	return n >= m && memcmp(jv_string_value(text) + (end ? n - m : 0),
			     jv_string_value(part), m) == 0;
}

static jv
f_startswith(jv in, const jv *args)
{
	int is = affix(in, args[0], false);

	return is < 0 ? jv_invalid_with_msg(
			    jv_string("startswith() requires string inputs"))
		      : jv_bool(is);
}

static jv
f_split(jv in, const jv *args)
{
	return jv_get_kind(in) == JV_KIND_STRING &&
		       jv_get_kind(args[0]) == JV_KIND_STRING
		   ? jv_string_split(in, jv_copy(args[0]))
		   : of_kinds("split", in, args[0]);
}

static jv
f_join(jv in, const jv *args)
{
	jv all = jv_string("");

	if (jv_get_kind(in) != JV_KIND_ARRAY)
		return kind_error("joined", in);
	jv_array_foreach(in, i, item)
	{
		jv_kind kind = jv_get_kind(item);

		if (i > 0)
			all = jv_string_concat(all, jv_copy(args[0]));
		if (kind == JV_KIND_ARRAY || kind == JV_KIND_OBJECT)
			return of_kinds("added", all, item);
		if (kind != JV_KIND_NULL)
			all = jv_string_concat(all, text_of(item));
	}
	return all;
}

/* The first (last) place of a text or a member; null where there is none. */
static jv
place(jv in, jv what, bool last)
{
	jv all = jv_array();
	int n;

	if (jv_get_kind(in) == JV_KIND_NULL)
		return jv_null();
	if (jv_get_kind(in) == JV_KIND_STRING &&
	    jv_get_kind(what) == JV_KIND_STRING)
		all = jv_string_indexes(in, jv_copy(what));
	else if (jv_get_kind(in) == JV_KIND_ARRAY &&
		 jv_get_kind(what) == JV_KIND_ARRAY)
		all = jv_array_indexes(in, jv_copy(what));
	else if (jv_get_kind(in) == JV_KIND_ARRAY)
		jv_array_foreach(in, i, item)
		{
			if (jv_equal(item, jv_copy(what)))
				all = jv_array_append(all, jv_number(i));
		}
	else
		return of_kinds("looked for", in, what);
	n = jv_array_length(jv_copy(all));
	return n == 0 ? jv_null() : jv_array_get(all, last ? n - 1 : 0);
}

static jv
f_index(jv in, const jv *args)
{
	return place(in, args[0], false);
}

static jv
f_todate(jv in, const jv *args)
{
	char text[64];
	struct tm tm;
	time_t t;

	(void)args;
	if (jv_get_kind(in) != JV_KIND_NUMBER)
		return kind_error("written as a time", in);
	t = (time_t)floor(jv_number_value(in));
	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return jv_string(text);
}

static jv
f_fromdate(jv in, const jv *args)
{
	struct tm tm = { 0 };
	const char *end;

	(void)args;
	if (jv_get_kind(in) != JV_KIND_STRING)
		return kind_error("read as a time", in);
	end = strptime(jv_string_value(in), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (end == NULL || *end != '\0')
		return jv_invalid_with_msg(jv_string_fmt(
		    "date \"%s\" does not match format", jv_string_value(in)));
	return jv_number((double)timegm(&tm));
}

static jv
f_input_line_number(jv in, const jv *args)
{
	(void)in, (void)args;
	return jv_number((double)input_line());
}

static bool
r_empty(
    const struct node *n, const struct env *e, struct val in, emit *f, void *to)
{
	(void)n, (void)e, (void)in, (void)f, (void)to;
	return true;
}

static bool
range(double from, double end, emit *f, void *to)
{
	for (; from < end; from++)
		if (!f(to, val_of(jv_number(from))))
			return false;
	return true;
}

static double
number(jv v)
{
	if (jv_get_kind(v) != JV_KIND_NUMBER)
		fail(jv_string("Range bounds must be numeric"));
	return jv_number_value(v);
}

static bool
r_range(
    const struct node *n, const struct env *e, struct val in, emit *f, void *to)
{
	jv from = jv_array_append(jv_array(), jv_number(0));
	jv end = collect(n->args[n->n - 1], e, in.v);

	if (n->n == 2)
		from = collect(n->args[0], e, in.v);
	jv_array_foreach(from, i, a)
	{
		jv_array_foreach(end, j, b)
		{
			if (!range(number(a), number(b), f, to))
				return false;
		}
	}
	return true;
}

struct limited {
	emit *f;
	void *to;
	double left;
	bool stopped;
};

static bool
limit_on(void *to, struct val v)
{
	struct limited *l = to;

	l->left--;
	if (!l->f(l->to, v)) {
		l->stopped = true;
		return false;
	}
	return l->left > 0;
}

static bool
limit(double most, const struct node *n, const struct env *e, struct val in,
    emit *f, void *to)
{
	struct limited l = { .f = f, .to = to, .left = most };

	if (most > 0)
		eval(n, e, in, limit_on, &l);
	return !l.stopped;
}

static bool
r_first(
    const struct node *n, const struct env *e, struct val in, emit *f, void *to)
{
	return limit(1, n->args[0], e, in, f, to);
}

static bool
r_del(
    const struct node *n, const struct env *e, struct val in, emit *f, void *to)
{
	jv gone = jv_array();

	for (size_t i = 0; i < n->n; i++)
		gone = jv_array_concat(gone, paths_of(n->args[i], e, in.v));
	return f(to, val_of(checked(jv_delpaths(jv_copy(in.v), gone))));
}

static const struct builtin builtins[] = {
	{ .name = "not", .value = f_not },
	{ .name = "length", .value = f_length },
	{ .name = "keys", .value = f_keys },
	{ .name = "keys_unsorted", .value = f_keys_unsorted },
	{ .name = "tostring", .value = f_tostring },
	{ .name = "tonumber", .value = f_tonumber },
	{ .name = "type", .value = f_type },
	{ .name = "tojson", .value = f_tojson },
	{ .name = "fromjson", .value = f_fromjson },
	{ .name = "sort", .value = f_sort },
	{ .name = "todate", .value = f_todate },
	{ .name = "fromdate", .value = f_fromdate },
	{ .name = "input_line_number", .value = f_input_line_number },
	{ .name = "has", .n = 1, .value = f_has },
	{ .name = "contains", .n = 1, .value = f_contains },
	{ .name = "startswith", .n = 1, .value = f_startswith },
	{ .name = "split", .n = 1, .value = f_split },
	{ .name = "join", .n = 1, .value = f_join },
	{ .name = "index", .n = 1, .value = f_index },
	{ .name = "test", .n = 1, .value = regex_test },
	{ .name = "test", .n = 2, .value = regex_test_flags },
	{ .name = "capture", .n = 1, .value = regex_capture },
	{ .name = "sub", .n = 2, .results = regex_sub },
	{ .name = "gsub", .n = 2, .results = regex_sub },
	{ .name = "empty", .results = r_empty },
	{ .name = "range", .n = 1, .results = r_range },
	{ .name = "range", .n = 2, .results = r_range },
	{ .name = "first", .n = 1, .results = r_first },
	{ .name = "del", .n = 1, .results = r_del },
	{ .name = "del", .n = 2, .results = r_del },
	{ .name = "del", .n = 3, .results = r_del },
	{ .name = "text", .n = 99 },
	{ .name = "csv", .n = 99 },
	{ .name = "tsv", .n = 99 },
	{ "add", 0, NULL, NULL, "def add: reduce .[] as $x (null; . + $x); ." },
	{ "first", 0, NULL, NULL, "def first: .[0]; ." },
	{ "last", 0, NULL, NULL, "def last: .[-1]; ." },
	{ "last", 1, NULL, NULL, "def last(f): reduce f as $x (null; $x); ." },
	{ "select", 1, NULL, NULL,
	    "def select(f): if f then . else empty end; ." },
	{ "map", 1, NULL, NULL, "def map(f): [.[] | f]; ." },
	{ "recurse", 0, NULL, NULL, "def recurse: ., (.[]? | recurse); ." },
	{ "to_entries", 0, NULL, NULL,
	    "def to_entries: [keys_unsorted[] as $k | "
	    "{key: $k, value: .[$k]}]; ." },
	{ "with_entries", 1, NULL, NULL,
	    "def with_entries(f): [keys_unsorted[] as $k | "
	    "{key: $k, value: .[$k]}] | [.[] | f] | "
	    "reduce .[] as $x ({}; . + {($x.key): ($x.value)}); ." },
	{ "flatten", 0, NULL, NULL,
	    "def flatten: reduce .[] as $x ([]; if $x | type == \"array\" "
	    "then . + ($x | flatten) else . + [$x] end); ." },
	{ "any", 0, NULL, NULL,
	    "def any: reduce .[] as $x (false; . or $x); ." },
	{ "any", 1, NULL, NULL,
	    "def any(f): reduce (.[] | f) as $x (false; . or $x); ." },
	{ "any", 2, NULL, NULL,
	    "def any(g; f): reduce (g | f) as $x (false; . or $x); ." },
	{ "all", 0, NULL, NULL,
	    "def all: reduce .[] as $x (true; . and $x); ." },
	{ "all", 1, NULL, NULL,
	    "def all(f): reduce (.[] | f) as $x (true; . and $x); ." },
	{ "all", 2, NULL, NULL,
	    "def all(g; f): reduce (g | f) as $x (true; . and $x); ." },
	{ "objects", 0, NULL, NULL,
	    "def objects: if type == \"object\" then . else empty end; ." },
};

const struct builtin *
builtin_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(*builtins); i++)
		if (builtins[i].n == n && strcmp(builtins[i].name, name) == 0)
			return &builtins[i];
	return NULL;
}

const struct node *
builtin_def(const struct builtin *b)
{
	static const struct node *parsed[sizeof(builtins) / sizeof(*builtins)];
	const char *none = NULL;

	if (parsed[b - builtins] == NULL)
		parsed[b - builtins] = node_parse(b->text, &none);
	return parsed[b - builtins];
}

bool
builtin_known(const char *name, size_t arguments)
{
	return builtin_find(name, arguments) != NULL;
}
