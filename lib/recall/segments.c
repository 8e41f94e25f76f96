#include "recall/segments.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/io/yaml.h"
#include "core/text/nearest.h"
#include "jq/expr.h"

enum { INPUT_BYTES = 128 << 20, PROGRAM_BYTES = 8 << 20 };

struct segment {
	struct str name, program;
	int line, column; /* of the program, counted from 0 */
	bool holds;
	uint64_t errors;
	char *what;
};

struct segments {
	char *path;
	struct yaml *yaml;
	struct segment v[SEGMENTS_MAX + 1]; /* the last one: all of them */
	size_t n;
	struct expr *program;
	struct json_doc *doc;
	struct buf input, output;
};

void
segments_free(struct segments *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i <= SEGMENTS_MAX; i++)
		free(s->v[i].what);
	free(s->path);
	yaml_free(s->yaml);
	expr_free(s->program);
	json_doc_free(s->doc);
	buf_release(&s->input);
	buf_release(&s->output);
	free(s);
}

size_t
segments_count(const struct segments *s)
{
	return s->n;
}

/* Reading. */

static int
read_program(struct segments *s, const struct yaml_node *n, struct segment *x,
    struct err *e)
{
	x->program = yaml_text(n);
	if (x->program.n == 0)
		return yaml_fail(e, s->yaml, n,
		    "segment '%.*s': the condition must be a text",
		    STR_ARG(x->name));
	x->line = yaml_line(n) - 1;
	x->column = yaml_column(n) - 1;
	/* A block begins its lines at column 1, a quoted text behind the
	 * quote. */
	if (!yaml_plain(n) && x->column > 0)
		x->column++;
	return 0;
}

static int
read_long(struct segments *s, const struct yaml_node *n, struct segment *x,
    struct err *e)
{
	static const char *const known[] = { "if", "about" };

	for (size_t i = 0; i < yaml_count(n); i++) {
		struct str key = yaml_text(yaml_key(n, i));
		const char *near;

		if (str_is(key, "if") || str_is(key, "about"))
			continue;
		near = nearest(key, known, 2);
		return yaml_fail(e, s->yaml, yaml_key(n, i),
		    "unknown key '%.*s'%s%s%s", STR_ARG(key),
		    near == NULL ? "" : "; did you mean '",
		    near == NULL ? "" : near, near == NULL ? "" : "'?");
	}
	if (yaml_get(n, "if") == NULL)
		return yaml_fail(e, s->yaml, n,
		    "segment '%.*s' has no condition: give it an 'if'",
		    STR_ARG(x->name));
	return read_program(s, yaml_get(n, "if"), x, e);
}

static int
read_one(struct segments *s, const struct yaml_node *key,
    const struct yaml_node *n, struct err *e)
{
	struct segment *x = &s->v[s->n];

	if (s->n == SEGMENTS_MAX)
		return yaml_fail(e, s->yaml, key, "more than %d segments",
		    (int)SEGMENTS_MAX);
	x->name = yaml_text(key);
	if (x->name.n == 0 || x->name.n > SEGMENT_NAME)
		return yaml_fail(e, s->yaml, key,
		    "a segment's name has 1 to %d bytes", (int)SEGMENT_NAME);
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->v[i].name, x->name))
			return yaml_fail(e, s->yaml, key,
			    "segment '%.*s' is there twice", STR_ARG(x->name));
	s->n++;
	if (n != NULL && yaml_kind(n) == YAML_MAP)
		return read_long(s, n, x, e);
	if (n == NULL || yaml_kind(n) != YAML_SCALAR)
		return yaml_fail(e, s->yaml, n == NULL ? key : n,
		    "segment '%.*s': the condition must be a text",
		    STR_ARG(x->name));
	return read_program(s, n, x, e);
}

static int
read_file(struct segments *s, struct err *e)
{
	const struct yaml_node *root = yaml_root(s->yaml), *list;

	if (root == NULL || yaml_kind(root) != YAML_MAP ||
	    (list = yaml_get(root, "segments")) == NULL)
		return err_set(e,
		    "%s: no segments: the file begins with 'segments:'",
		    s->path);
	for (size_t i = 0; i < yaml_count(root); i++)
		if (!str_is(yaml_text(yaml_key(root, i)), "segments"))
			return yaml_fail(e, s->yaml, yaml_key(root, i),
			    "unknown key '%.*s'; only 'segments' stands here",
			    STR_ARG(yaml_text(yaml_key(root, i))));
	if (yaml_kind(list) != YAML_MAP)
		return yaml_fail(
		    e, s->yaml, list, "segments must be names with conditions");
	for (size_t i = 0; i < yaml_count(list); i++)
		if (read_one(s, yaml_key(list, i), yaml_at(list, i), e) != 0)
			return -1;
	return 0;
}

/* One list: of each condition its results, or {"error": text}. */
static struct expr *
compile_together(const struct segments *s, struct err *e)
{
	struct expr *x = NULL;
	struct buf b;

	buf_init(&b, PROGRAM_BYTES);
	buf_add_char(&b, '[');
	for (size_t i = 0; i < s->n; i++)
		buf_printf(&b,
		    "%s(try [limit(1;(\n%.*s\n))] catch {error:tostring})",
		    i == 0 ? "" : ",", STR_ARG(s->v[i].program));
	buf_add_char(&b, ']');
	if (b.over)
		err_set(e, "%s: the conditions are past %d bytes", s->path,
		    PROGRAM_BYTES);
	else
		x = expr_new(s->path, 0, 0, buf_str(&b), e);
	buf_release(&b);
	return x;
}

/* Which of them does not compile, and where. */
static int
compile(struct segments *s, struct err *e)
{
	struct err together;

	s->program = compile_together(s, &together);
	if (s->program != NULL)
		return 0;
	for (size_t i = 0; i < s->n; i++) {
		struct expr *x = expr_new(
		    s->path, s->v[i].line, s->v[i].column, s->v[i].program, e);

		if (x == NULL)
			return -1;
		expr_free(x);
	}
	*e = together;
	return -1;
}

static struct segments *
open_file(const char *path, struct err *e)
{
	struct segments *s = xcalloc(1, sizeof(*s));

	s->path = xstrdup(path);
	s->doc = json_doc_new();
	s->v[SEGMENTS_MAX].name = STR("all");
	buf_init(&s->input, INPUT_BYTES);
	buf_init(&s->output, INPUT_BYTES);
	s->yaml = yaml_read(path, e);
	if (s->yaml != NULL && read_file(s, e) == 0 && compile(s, e) == 0)
		return s;
	segments_free(s);
	return NULL;
}

/* Asking. */

static void
trouble(struct segment *x, struct str what)
{
	if (x->errors++ == 0)
		x->what = xmemdup0(what.p == NULL ? "" : what.p, what.n);
}

static bool
take(struct segments *s, struct json results)
{
	struct json_iter it = json_each(results);
	struct arena a = { 0 };
	struct json v;
	bool any = false;

	for (size_t i = 0; i < s->n && json_next(&it, NULL, &v); i++) {
		enum json_type t = json_type(json_at(v, 0));

		if (json_type(v) == JSON_OBJECT)
			trouble(&s->v[i], json_str(json_get(v, "error"), &a));
		s->v[i].holds =
		    t != JSON_NONE && t != JSON_NULL && t != JSON_FALSE;
		any |= s->v[i].holds;
	}
	arena_release(&a);
	return any;
}

static int
no_file(struct err *e)
{
	return err_set(e,
	    "no file of segments: give one with --segments FILE, or with "
	    "segments: in the workspace file");
}

int
segments_open(
    const char *path, bool needed, struct segments **out, struct err *e)
{
	*out = path == NULL ? NULL : open_file(path, e);
	if (path == NULL && needed)
		return no_file(e);
	return path != NULL && *out == NULL ? -1 : 0;
}

bool
segments_ask(struct segments *s, struct str record, struct str context)
{
	struct json results;
	struct err e;

	for (size_t i = 0; i < s->n; i++)
		s->v[i].holds = false;
	buf_reset(&s->input);
	buf_reset(&s->output);
	buf_add_z(&s->input, "{\"record\":");
	buf_add_str(&s->input, record.p == NULL ? STR("null") : record);
	buf_add_z(&s->input, ",\"context\":");
	buf_add_str(&s->input, context);
	buf_add_z(&s->input, "}}");
	if (s->input.over) {
		trouble(&s->v[SEGMENTS_MAX], STR("the record is too long"));
		return false;
	}
	if (expr_run(s->program, buf_str(&s->input), &s->output, &e) != 1 ||
	    json_parse_copy(s->doc, buf_str(&s->output), &results, &e) != 0) {
		trouble(&s->v[SEGMENTS_MAX], str_of(e.msg));
		return false;
	}
	return take(s, results);
}

void
segments_write(const struct segments *s, struct writer *w)
{
	bool any = false;

	for (size_t i = 0; i < s->n; i++) {
		if (!s->v[i].holds)
			continue;
		if (!any) {
			write_key(w, "segments");
			write_list(w);
		}
		any = true;
		write_str(w, s->v[i].name);
	}
	if (any)
		write_list_end(w);
}

ptrdiff_t
segments_find(const struct segments *s, const char *name, struct err *e)
{
	if (s == NULL)
		return no_file(e);
	for (size_t i = 0; i < s->n; i++)
		if (str_is(s->v[i].name, name))
			return (ptrdiff_t)i;
	return err_set(e, "%s: has no segment %s", s->path, name);
}

bool
segments_holds(const struct segments *s, ptrdiff_t segment)
{
	return s->v[segment].holds;
}

bool
segments_trouble(
    const struct segments *s, size_t *next, struct segment_trouble *out)
{
	for (; *next <= SEGMENTS_MAX; (*next)++) {
		const struct segment *x = &s->v[*next];

		if (x->errors == 0)
			continue;
		*out = (struct segment_trouble){ x->name, x->errors, x->what };
		(*next)++;
		return true;
	}
	return false;
}

void
segments_warn(const struct segments *s, const char *path)
{
	struct segment_trouble x;
	size_t next = 0;

	while (segments_trouble(s, &next, &x))
		diag(DIAG_WARN, path,
		    "segment %.*s did not hold for %" PRIu64
		    " records because its condition fails: %s",
		    STR_ARG(x.name), x.count, x.what);
}
