#include "source/mapping/mapsplit.h"

#include "core/map.h"
#include "json/json.h"

enum {
	LEVELS = 4, /* of lists in the elements of lists */
	LISTS = 5, /* that are tried of a line or element, the longest first */
	NAME_BYTES = 200, /* of a list's path in a place */
	BUDGET_TIMES = 16, /* the line's bytes, and */
	BUDGET_BYTES = 256 << 20, /* so many, are given to the program */
};

/* The bytes of a line in which lists are looked for. */
struct span {
	size_t from, to;
};

/* A list in a line, and how it is reached from what is looked through. */
struct list {
	struct json v;
	struct str path;
};

struct search {
	struct span span;
	const char *text; /* that the line was copied to */
	struct arena *a;
	struct list found[LISTS]; /* the longest first */
	size_t n;
};

/* One list, to be parted. */
struct level {
	struct mapsplit *s;
	struct buf *out;
	struct str line, path;
	struct str *elements; /* as they are written */
	size_t n;
	struct span span; /* where the list stands in the line */
	struct arena arena;
	unsigned depth;
	/* The first good parts: elements and what they gave. */
	struct {
		size_t low, high;
		struct str gave;
	} good[2];
	size_t goods;
};

static bool split_lists(struct mapsplit *s, struct str line, struct span span,
    struct str path, unsigned depth, struct buf *out);

static void
note_list(struct search *s, struct json v, struct str path)
{
	size_t i = s->n;

	while (i > 0 && json_raw(v).n > json_raw(s->found[i - 1].v).n)
		i--;
	if (i == LISTS)
		return;
	if (s->n < LISTS)
		s->n++;
	memmove(
	    s->found + i + 1, s->found + i, (s->n - i - 1) * sizeof(*s->found));
	s->found[i] = (struct list){ v, path };
}

/* Lists of two elements or more that no other element stands around: reached
 * by members, and by lists of one. */
static void
find_lists(struct search *s, struct json v, struct str path)
{
	struct json_iter it = json_each(v);
	bool is_list = json_type(v) == JSON_LIST;
	struct str raw = json_raw(v);
	size_t from = (size_t)(raw.p - s->text);
	struct json key, item;

	if (from >= s->span.to || from + raw.n <= s->span.from)
		return;
	if (from == s->span.from)
		path = STR("");
	if (is_list && json_count(v) > 1) {
		if (from >= s->span.from)
			note_list(s, v, path);
		return;
	}
	while ((is_list || json_type(v) == JSON_OBJECT) &&
	       json_next(&it, is_list ? NULL : &key, &item)) {
		enum json_type type = json_type(item);
		struct str below = path;

		if (type != JSON_LIST && type != JSON_OBJECT)
			continue;
		if (!is_list)
			below = ARENA_JOIN(
			    s->a, path, STR("/"), json_str(key, s->a));
		if (below.n <= NAME_BYTES)
			find_lists(s, item, below);
	}
}

/* The list's elements; the text was copied: the line's own bytes stay. */
static void
read_elements(struct level *l, struct json list, const char *text)
{
	struct json_iter it = json_each(list);
	struct str raw = json_raw(list);
	struct json v;

	l->span.from = (size_t)(raw.p - text);
	l->span.to = l->span.from + raw.n;
	l->n = json_count(list);
	l->elements = arena_calloc(&l->arena, l->n, sizeof(*l->elements));
	for (size_t i = 0; json_next(&it, NULL, &v); i++) {
		struct str s = json_raw(v);

		l->elements[i] = str_make(l->line.p + (s.p - text), s.n);
	}
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
	buf_add_str(&text, str_sub(l->line, 0, l->span.from));
	buf_add_char(&text, '[');
	add_range(l, low, high, &text);
	add_range(l, low2, high2, &text);
	buf_add_char(&text, ']');
	buf_add_str(&text, str_sub(l->line, l->span.to, l->line.n));
	if (text.n > l->s->left)
		l->s->left = 0;
	else if (!text.over) {
		l->s->left -= text.n;
		rc = l->s->run(l->s->arg, buf_str(&text), out, e);
	}
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
	struct span bad = { l->span.from + 1,
		l->span.from + 1 + l->elements[i].n };
	struct buf text;
	bool parted = false;

	if (l->depth + 1 < LEVELS) {
		buf_init(&text, l->line.n + 2 * BUF_PAD);
		buf_add_str(&text, str_sub(l->line, 0, l->span.from));
		buf_add_char(&text, '[');
		add_range(l, i, i + 1, &text);
		buf_add_char(&text, ']');
		buf_add_str(&text, str_sub(l->line, l->span.to, l->line.n));
		parted = split_lists(l->s, buf_str(&text), bad,
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

	if (l->s->left == 0)
		return;
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

/* Does the program fail on account of this list?  Not where it fails without
 * its elements, and with one of them, too. */
static bool
is_at_fault(struct level *l)
{
	const size_t alone[] = { 0, l->n / 2, l->n - 1 };
	struct buf out;
	struct err e;
	bool is;

	buf_init(&out, l->out->max);
	is = run_ranges(l, 0, 0, 0, 0, &out, &e) == 0;
	for (size_t i = 0; !is && i < sizeof(alone) / sizeof(*alone); i++) {
		buf_reset(&out);
		is = run_ranges(l, alone[i], alone[i] + 1, 0, 0, &out, &e) == 0;
	}
	buf_release(&out);
	return is;
}

static bool
split_list(struct level *l)
{
	struct mapsplit *s = l->s;
	struct mapsplit_reject **mark = s->last;
	size_t out_mark = l->out->n;
	bool parted = false;

	if (is_at_fault(l)) {
		take_range(l, 0, l->n / 2);
		take_range(l, l->n / 2, l->n);
		parted = s->left > 0 && (l->goods > 0 ? is_each_by_itself(l)
						      : l->out->n > out_mark);
	}
	if (!parted) {
		buf_cut(l->out, out_mark);
		*mark = NULL;
		s->last = mark;
	}
	return parted;
}

/* One of the lists that stand in the line within span, as long as the program
 * fails on account of it; path stands before theirs in the places of rejects. */
static bool
split_lists(struct mapsplit *s, struct str line, struct span span,
    struct str path, unsigned depth, struct buf *out)
{
	struct json_doc *doc = json_doc_new();
	struct arena arena = { 0 };
	struct search search = { .span = span, .a = &arena };
	struct json root;
	struct err e;
	bool parted = false;

	if (json_parse_copy(doc, line, &root, &e) == 0) {
		search.text = json_raw(root).p;
		find_lists(&search, json_get(root, "native"), STR(""));
	}
	for (size_t i = 0; i < search.n && !parted && s->left > 0; i++) {
		struct level l = {
			.s = s, .line = line, .out = out, .depth = depth
		};

		l.path = ARENA_JOIN(&l.arena, path, search.found[i].path);
		read_elements(&l, search.found[i].v, search.text);
		parted = split_list(&l);
		arena_release(&l.arena);
	}
	arena_release(&arena);
	json_doc_free(doc);
	return parted;
}

bool
mapsplit_line(struct mapsplit *s, struct str line, struct buf *out)
{
	s->first = NULL;
	s->last = &s->first;
	s->left = BUDGET_BYTES + BUDGET_TIMES * line.n;
	return split_lists(
	    s, line, (struct span){ 0, line.n }, STR(""), 0, out);
}

void
mapsplit_release(struct mapsplit *s)
{
	arena_release(&s->arena);
}
