#include "source/mapsplit.h"

#include "core/map.h"
#include "json/json.h"

enum {
	LEVELS = 4, /* of lists in the elements of lists */
	NAME_BYTES = 200, /* of a list's path in a place */
};

/* A list in a line. */
struct level {
	struct mapsplit *s;
	struct buf *out;
	struct str line, path;
	struct str *elements; /* as they are written */
	size_t n, from, to; /* from, to: where the list stands in the line */
	struct arena arena;
	unsigned depth;
	/* The first good parts: elements and what they gave. */
	struct {
		size_t low, high;
		struct str gave;
	} good[2];
	size_t goods;
};

static bool split_list(struct mapsplit *s, struct str line, struct str path,
    unsigned depth, struct buf *out);

/* The longest list of two elements or more that no other element stands
 * around: reached by members, and by lists of one. */
static void
widest(struct json v, struct str path, struct arena *a, struct json *list,
    struct str *at)
{
	struct json_iter it = json_each(v);
	bool is_list = json_type(v) == JSON_LIST;
	struct json key, item;

	if (is_list && json_count(v) > 1) {
		if (json_type(*list) == JSON_NONE ||
		    json_raw(v).n > json_raw(*list).n) {
			*list = v;
			*at = path;
		}
		return;
	}
	while ((is_list || json_type(v) == JSON_OBJECT) &&
	       json_next(&it, is_list ? NULL : &key, &item)) {
		enum json_type type = json_type(item);
		struct str below = path;

		if (type != JSON_LIST && type != JSON_OBJECT)
			continue;
		if (!is_list)
			below = arena_printf(a, "%.*s/%.*s", STR_ARG(path),
			    STR_ARG(json_str(key, a)));
		if (below.n <= NAME_BYTES)
			widest(item, below, a, list, at);
	}
}

static bool
find_list(struct level *l, struct json_doc *doc)
{
	struct json root, list = JSON_ABSENT, v;
	struct json_iter it;
	struct str raw;
	struct err e;

	if (json_parse_copy(doc, l->line, &root, &e) < 0)
		return false;
	widest(json_get(root, "native"), STR(""), &l->arena, &list, &l->path);
	if (json_type(list) == JSON_NONE)
		return false;
	raw = json_raw(list);
	/* The text was copied: the line's own bytes stay. */
	l->from = (size_t)(raw.p - json_raw(root).p);
	l->to = l->from + raw.n;
	l->n = json_count(list);
	l->elements = arena_calloc(&l->arena, l->n, sizeof(*l->elements));
	it = json_each(list);
	for (size_t i = 0; json_next(&it, NULL, &v); i++) {
		struct str s = json_raw(v);

		l->elements[i] =
		    str_make(l->line.p + l->from + (s.p - raw.p), s.n);
	}
	return true;
}

/* Appends elements, with commas between. */
static void
add_range(const struct level *l, size_t low, size_t high, struct buf *text)
{
	for (size_t i = low; i < high; i++) {
		if (text->p[text->n - 1] != '[')
			buf_add_char(text, ',');
		buf_add_str(text, l->elements[i]);
	}
}

/* Maps the line with those elements alone, and with a second range behind
 * them. */
static int
run_ranges(struct level *l, size_t low, size_t high, size_t low2, size_t high2,
    struct buf *out, struct err *e)
{
	struct buf text;
	int rc = -1;

	buf_init(&text, 2 * l->line.n + 2 * BUF_PAD);
	buf_add_str(&text, str_sub(l->line, 0, l->from));
	buf_add_char(&text, '[');
	add_range(l, low, high, &text);
	add_range(l, low2, high2, &text);
	buf_add_char(&text, ']');
	if (buf_add_str(&text, str_sub(l->line, l->to, l->line.n)) == 0)
		rc = l->s->run(l->s->arg, buf_str(&text), out, e);
	buf_release(&text);
	return rc;
}

static void
note_lines(struct map *m, struct str lines, bool *fresh)
{
	bool one;

	while (lines.n > 0) {
		map_put(m, str_split(&lines, '\n'), &one);
		*fresh |= one;
	}
}

/* Do a and b have the same lines as c, in whatever number and order? */
static bool
same_lines(struct str a, struct str b, struct str c)
{
	struct map apart = { 0 }, together = { 0 };
	bool fresh = false, ignored = false;

	note_lines(&apart, a, &ignored);
	note_lines(&apart, b, &ignored);
	note_lines(&together, c, &ignored);
	note_lines(&apart, c, &fresh);
	fresh |= apart.n != together.n;
	map_release(&apart);
	map_release(&together);
	return !fresh;
}

/* Does the program look at each element by itself? */
static bool
is_each_by_itself(struct level *l)
{
	struct buf out;
	bool same;
	struct err e;

	buf_init(&out, l->out->max);
	same = run_ranges(l, l->good[0].low, l->good[0].high, l->good[0].low,
		   l->good[0].high, &out, &e) == 0 &&
	       same_lines(l->good[0].gave, STR(""), buf_str(&out));
	if (same && l->goods > 1) {
		buf_reset(&out);
		same =
		    run_ranges(l, l->good[0].low, l->good[0].high,
			l->good[1].low, l->good[1].high, &out, &e) == 0 &&
		    same_lines(l->good[0].gave, l->good[1].gave, buf_str(&out));
	}
	buf_release(&out);
	return same;
}

static void
add_reject(struct level *l, size_t i, const char *why)
{
	struct mapsplit *s = l->s;
	struct mapsplit_reject *r = arena_calloc(&s->arena, 1, sizeof(*r));

	r->at = arena_printf(&s->arena, "%.*s#%zu", STR_ARG(l->path), i + 1);
	r->bytes = arena_dup(&s->arena, l->elements[i]);
	r->why = arena_printf(&s->arena, "%s", why).p;
	*s->last = r;
	s->last = &r->next;
}

/* One element alone that the map fails on: its own list, or a reject. */
static void
take_bad(struct level *l, size_t i, const char *why)
{
	struct buf text;
	bool parted = false;

	if (l->depth + 1 < LEVELS) {
		buf_init(&text, l->line.n + 2 * BUF_PAD);
		buf_add_str(&text, str_sub(l->line, 0, l->from));
		buf_add_char(&text, '[');
		add_range(l, i, i + 1, &text);
		buf_add_char(&text, ']');
		buf_add_str(&text, str_sub(l->line, l->to, l->line.n));
		parted = split_list(l->s, buf_str(&text),
		    arena_printf(
			&l->s->arena, "%.*s#%zu", STR_ARG(l->path), i + 1),
		    l->depth + 1, l->out);
		buf_release(&text);
	}
	if (!parted)
		add_reject(l, i, why);
}

static void
take_range(struct level *l, size_t low, size_t high)
{
	size_t mark = l->out->n;
	struct err e;

	if (run_ranges(l, low, high, 0, 0, l->out, &e) == 0) {
		if (l->goods < 2) {
			l->good[l->goods].low = low;
			l->good[l->goods].high = high;
			l->good[l->goods++].gave = arena_dup(&l->arena,
			    str_sub(buf_str(l->out), mark, l->out->n - mark));
		}
		return;
	}
	buf_cut(l->out, mark);
	if (high - low == 1) {
		take_bad(l, low, e.msg);
		return;
	}
	take_range(l, low, low + (high - low) / 2);
	take_range(l, low + (high - low) / 2, high);
}

/* path stands before that of the list in the places of rejects. */
static bool
split_list(struct mapsplit *s, struct str line, struct str path, unsigned depth,
    struct buf *out)
{
	struct level l = { .s = s, .line = line, .out = out, .depth = depth };
	struct json_doc *doc = json_doc_new();
	struct mapsplit_reject **mark = s->last;
	size_t out_mark = out->n;
	bool parted = false;

	if (find_list(&l, doc)) {
		/* What is within an element goes on with its place. */
		if (depth > 0)
			l.path =
			    arena_printf(&l.arena, "%.*s/%.*s", STR_ARG(path),
				STR_ARG(str_sub(l.path,
				    (size_t)(str_rchr(l.path, '/') + 1),
				    l.path.n)));
		take_range(&l, 0, l.n / 2);
		take_range(&l, l.n / 2, l.n);
		parted =
		    l.goods > 0 ? is_each_by_itself(&l) : out->n > out_mark;
	}
	if (!parted) {
		buf_cut(out, out_mark);
		*mark = NULL;
		s->last = mark;
	}
	arena_release(&l.arena);
	json_doc_free(doc);
	return parted;
}

bool
mapsplit_line(struct mapsplit *s, struct str line, struct buf *out)
{
	s->first = NULL;
	s->last = &s->first;
	return split_list(s, line, STR(""), 0, out);
}

void
mapsplit_release(struct mapsplit *s)
{
	arena_release(&s->arena);
}
