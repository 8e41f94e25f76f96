#include "route/rules/paths.h"

#include "core/map.h"
#include "core/text/nearest.h"
#include "core/vec.h"
#include "record/fields.h"

enum { CHILDREN = 100 /* names at one place of the schema */ };

struct path_step {
	struct str name; /* absent: an index, or all entries */
	int64_t index; /* -1: all */
};

struct path_values VEC(struct json);

struct path {
	struct str text;
	struct path_step *steps;
	size_t n;
	uint64_t looked; /* at which record its values are */
	struct path_values values;
};

struct paths {
	struct map index; /* text -> number */
	struct path *v;
	size_t n, cap;
	struct arena arena;
	uint64_t looked; /* records so far */
	struct json root;
	struct arena *memory;
};

struct paths *
paths_new(void)
{
	return xcalloc(1, sizeof(struct paths));
}

void
paths_free(struct paths *p)
{
	if (p == NULL)
		return;
	map_release(&p->index);
	vec_release(p);
	arena_release(&p->arena);
	free(p);
}

/* --- compiling --- */

static int
bad(struct err *e, struct str text, const char *what)
{
	return err_set(e,
	    "'%.*s' is no path: %s; write .data.total, .ids[].type or "
	    ".data.\"odd name\"",
	    STR_ARG(text), what);
}

/* Takes "name]" off s, behind its quote: where it ends, or -1. */
static ptrdiff_t
quoted(struct str s)
{
	return str_chr(str_sub(s, 1, s.n), '"');
}

/* A name behind a dot, quoted or not. */
static int
read_name(struct str text, size_t *i, struct path_step *out, struct err *e)
{
	struct str rest = str_sub(text, *i, text.n);
	ptrdiff_t end;
	size_t n = 0;

	if (rest.n > 0 && rest.p[0] == '"') {
		end = quoted(rest);
		if (end < 1)
			return bad(e, text, "a quote is not closed");
		out->name = str_sub(rest, 1, (size_t)end);
		*i += (size_t)end + 2;
		return 0;
	}
	while (n < rest.n && str_chr(STR(".[]\" \t"), rest.p[n]) < 0)
		n++;
	if (n == 0)
		return bad(e, text, "a name is missing behind a dot");
	out->name = str_sub(rest, 0, n);
	*i += n;
	return 0;
}

/* [] or [0]. */
static int
read_index(struct str text, size_t *i, struct path_step *out, struct err *e)
{
	struct str rest = str_sub(text, *i + 1, text.n);
	ptrdiff_t end = str_chr(rest, ']');

	if (end < 0)
		return bad(e, text, "a bracket is not closed");
	out->index = -1;
	if (end > 0 &&
	    (!str_is_digits(str_sub(rest, 0, (size_t)end)) ||
		str_to_int(str_sub(rest, 0, (size_t)end), &out->index) != 0))
		return bad(e, text, "between brackets stands a number or none");
	*i += (size_t)end + 2;
	return 0;
}

static int
compile(struct paths *p, struct str text, struct path *out, struct err *e)
{
	struct path_step steps[PATH_STEPS];
	size_t i = 0, n = 0;
	int rc;

	if (text.n > PATH_BYTES)
		return err_set(e, "a path has at most %d bytes", PATH_BYTES);
	while (i < text.n) {
		if (n == PATH_STEPS)
			return bad(e, text, "it goes too deep");
		steps[n] = (struct path_step){ 0 };
		if (text.p[i] == '.') {
			i++;
			rc = read_name(text, &i, &steps[n], e);
		} else if (text.p[i] == '[' && n > 0) {
			rc = read_index(text, &i, &steps[n], e);
		} else {
			rc = bad(e, text, "a dot or a bracket is meant");
		}
		if (rc != 0)
			return -1;
		n++;
	}
	out->n = n;
	out->steps = arena_calloc(&p->arena, n + 1, sizeof(*steps));
	memcpy(out->steps, steps, n * sizeof(*steps));
	return 0;
}

int
paths_add(struct paths *p, struct str text, struct err *e)
{
	struct path path = { 0 };
	uint64_t *at = map_get(&p->index, text);

	if (at != NULL)
		return (int)*at;
	if (p->n == PATHS_MAX)
		return err_set(
		    e, "a file has at most %d paths", (int)PATHS_MAX);
	path.text = arena_dup(&p->arena, text);
	if (compile(p, path.text, &path, e) != 0)
		return -1;
	*map_put(&p->index, text, NULL) = p->n;
	vec_add(p, path);
	return (int)p->n - 1;
}

struct str
paths_text(const struct paths *p, int number)
{
	return p->v[number].text;
}

/* --- what was meant --- */

/* The names that the schema has behind "data." or the like. */
static size_t
children(struct str place, struct str *out)
{
	size_t n = 0;

	for (const struct field *f = fields; f->name != NULL; f++) {
		struct str name = str_of(f->name);

		if (!str_starts(name, place) || n == CHILDREN)
			continue;
		name = str_sub(name, place.n, name.n);
		if (str_chr(name, '.') < 0)
			out[n++] = name;
	}
	return n;
}

/* The name that this one is a slip of; absent where it is none. */
static struct str
meant(struct str name, struct str place, struct arena *a)
{
	struct str known[CHILDREN];
	const char *names[CHILDREN], *near;
	size_t n = children(place, known);

	for (size_t i = 0; i < n; i++) {
		if (str_eq(known[i], name))
			return STR_NONE;
		names[i] = arena_cstr(a, known[i]);
	}
	near = nearest(name, names, n);
	return near == NULL ? STR_NONE : str_of(near);
}

struct str
paths_meant(const struct paths *p, int number, struct arena *a)
{
	const struct path *path = &p->v[number];
	struct str place = STR("");

	for (size_t i = 0; i < path->n; i++) {
		struct str name = path->steps[i].name, near;

		if (name.p == NULL)
			continue;
		near = meant(name, place, a);
		if (near.p != NULL)
			return ARENA_JOIN(a, STR("."), place, near);
		place = ARENA_JOIN(a, place, name, STR("."));
	}
	return STR_NONE;
}

/* --- looking up --- */

void
paths_look(struct paths *p, struct json root, struct arena *a)
{
	p->looked++;
	p->root = root;
	p->memory = a;
}

static void
gather(struct paths *p, struct path *path, size_t step, struct json v)
{
	const struct path_step *s = &path->steps[step];
	bool list = json_type(v) == JSON_LIST;
	struct json_iter it;
	struct json one;

	if (v.doc == NULL || path->values.n == PATH_VALUES)
		return;
	if (step < path->n && s->name.p != NULL && !list) {
		gather(p, path, step + 1, json_get_str(v, s->name));
	} else if (step < path->n && s->name.p == NULL && s->index >= 0) {
		gather(p, path, step + 1, json_at(v, (size_t)s->index));
	} else if (list) {
		/* Of all entries, by [] or without. */
		step += step < path->n && s->name.p == NULL;
		it = json_each(v);
		while (json_next(&it, NULL, &one))
			gather(p, path, step, one);
	} else if (step < path->n) {
		gather(p, path, step + 1, v); /* [] of what is alone */
	} else {
		vec_add_in(p->memory, &path->values, v);
	}
}

size_t
paths_values(struct paths *p, int number, const struct json **out)
{
	struct path *path = &p->v[number];

	if (path->looked != p->looked) {
		path->looked = p->looked;
		path->values = (struct path_values){ 0 };
		gather(p, path, 0, p->root);
	}
	*out = path->values.v;
	return path->values.n;
}
