/*
 * The tree is built from libfyaml's events and not by its document builder,
 * so that aliases share nodes and what they would expand to is counted before
 * anybody walks it.
 */
#include "core/io/yaml.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/io/file.h"
#include "core/map.h"
#include "core/text/utf8.h"
#include "core/vec.h"

enum {
	YAML_DEPTH = 64, /* levels, aliases followed */
	YAML_NODES = 1 << 18, /* nodes of a file, aliases expanded */
};

/* An item of a list has no key. */
struct pair {
	const struct yaml_node *key, *value;
};

struct yaml_node {
	enum yaml_kind kind;
	bool plain;
	bool open; /* its end has not come yet */
	int line, column;
	unsigned height; /* levels below */
	size_t weight; /* nodes in all, itself included, aliases expanded */
	struct str text;
	size_t count;
	struct pair *pairs;
};

struct yaml {
	char *name;
	struct arena arena;
	const struct yaml_node *root;
};

/* What is being built. */
struct build {
	struct yaml *y;
	struct err *e;
	struct slot {
		struct yaml_node *node;
	} * stack; /* finished children of the open nodes */
	size_t n, cap;
	struct {
		struct yaml_node *node;
		size_t base;
	} open[YAML_DEPTH];
	unsigned depth;
	size_t weight;
	unsigned documents;
	struct map anchors; /* name -> struct yaml_node * */
	struct map seen; /* keys of the map that ends */
};

static int
fail_at(struct build *b, int line, int column, const char *what)
{
	return err_set(b->e, "%s:%d:%d: %s", b->y->name, line, column, what);
}

static void
push(struct build *b, struct yaml_node *n)
{
	vec_hold(b->stack, b->n, b->cap, 1);
	b->stack[b->n++].node = n;
}

/* Where the event stands, from 1. */
static void
place(struct fy_event *ev, int *line, int *column)
{
	const struct fy_mark *m = fy_event_start_mark(ev);

	*line = m == NULL ? 1 : m->line + 1;
	*column = m == NULL ? 1 : m->column + 1;
}

static struct yaml_node *
node_new(struct build *b, struct fy_event *ev, enum yaml_kind kind)
{
	struct yaml_node *n = arena_calloc(&b->y->arena, 1, sizeof(*n));

	n->kind = kind;
	n->weight = 1;
	place(ev, &n->line, &n->column);
	return n;
}

/* A node is there: it counts, and it belongs to what is open. */
static int
node_add(struct build *b, struct yaml_node *n, int line, int column)
{
	/* An open node's children count themselves as they come. */
	b->weight += n->open ? 1 : n->weight;
	if (b->weight > YAML_NODES)
		return fail_at(b, line, column,
		    "the file has too many nodes once its aliases are "
		    "followed (at most 262144)");
	if (b->depth + n->height >= YAML_DEPTH)
		return fail_at(
		    b, line, column, "nested too deep (at most 64 levels)");
	push(b, n);
	return 0;
}

static void
anchor(struct build *b, struct fy_token *t, struct yaml_node *n)
{
	size_t len = 0;
	const char *s = t == NULL ? NULL : fy_token_get_text(t, &len);

	if (s != NULL)
		*map_put(&b->anchors, str_make(s, len), NULL) =
		    (uint64_t)(uintptr_t)n;
}

static int
on_scalar(struct build *b, struct fy_event *ev)
{
	struct yaml_node *n = node_new(b, ev, YAML_SCALAR);
	struct fy_token *t = ev->scalar.value;
	size_t len = 0;
	const char *s = t == NULL ? NULL : fy_token_get_text(t, &len);
	enum fy_scalar_style style = fy_scalar_token_get_style(t);

	n->text =
	    arena_dup(&b->y->arena, s == NULL ? STR("") : str_make(s, len));
	n->plain = t == NULL || style == FYSS_PLAIN;
	/* libfyaml counts from behind the quote. */
	if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
		n->column--;
	anchor(b, ev->scalar.anchor, n);
	return node_add(b, n, n->line, n->column);
}

static int
on_alias(struct build *b, struct fy_event *ev)
{
	struct yaml_node *n;
	uint64_t *at;
	size_t len = 0;
	const char *s = fy_token_get_text(ev->alias.anchor, &len);
	int line, column;

	place(ev, &line, &column);
	column--; /* libfyaml counts from behind the star */
	at = s == NULL ? NULL : map_get(&b->anchors, str_make(s, len));
	if (at == NULL)
		return fail_at(b, line, column, "no such anchor stands above");
	n = (struct yaml_node *)(uintptr_t)*at;
	if (n->open)
		return fail_at(
		    b, line, column, "an alias inside of what it stands for");
	return node_add(b, n, line, column);
}

static int
on_open(struct build *b, struct fy_event *ev, enum yaml_kind kind,
    struct fy_token *name)
{
	struct yaml_node *n = node_new(b, ev, kind);

	n->open = true;
	anchor(b, name, n);
	if (node_add(b, n, n->line, n->column) != 0)
		return -1;
	b->open[b->depth].node = n;
	b->open[b->depth++].base = b->n;
	return 0;
}

static int
key_check(struct build *b, const struct yaml_node *k)
{
	bool fresh;

	if (k->kind != YAML_SCALAR)
		return fail_at(b, k->line, k->column, "a key must be a word");
	map_put(&b->seen, k->text, &fresh);
	if (!fresh)
		return err_set(b->e, "%s:%d:%d: the key '%.*s' stands twice",
		    b->y->name, k->line, k->column, STR_ARG(k->text));
	return 0;
}

static int
on_close(struct build *b)
{
	struct yaml_node *n = b->open[--b->depth].node, *v;
	size_t base = b->open[b->depth].base, i, step;

	step = n->kind == YAML_MAP ? 2 : 1;
	n->count = (b->n - base) / step;
	n->pairs = arena_calloc(&b->y->arena, n->count + 1, sizeof(*n->pairs));
	map_reset(&b->seen);
	for (i = 0; i < n->count; i++) {
		v = b->stack[base + i * step + step - 1].node;
		n->pairs[i].value = v;
		n->weight += v->weight + (step - 1);
		if (v->height + 1 > n->height)
			n->height = v->height + 1;
		if (step == 1)
			continue;
		n->pairs[i].key = b->stack[base + i * 2].node;
		if (key_check(b, n->pairs[i].key) != 0)
			return -1;
	}
	n->open = false;
	b->n = base;
	return 0;
}

static int
on_event(struct build *b, struct fy_event *ev)
{
	int line, column;

	switch (ev->type) {
	case FYET_DOCUMENT_START:
		if (++b->documents == 1)
			return 0;
		place(ev, &line, &column);
		return fail_at(
		    b, line, column, "a second document; one file holds one");
	case FYET_SCALAR:
		return on_scalar(b, ev);
	case FYET_ALIAS:
		return on_alias(b, ev);
	case FYET_MAPPING_START:
		return on_open(b, ev, YAML_MAP, ev->mapping_start.anchor);
	case FYET_SEQUENCE_START:
		return on_open(b, ev, YAML_LIST, ev->sequence_start.anchor);
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		return on_close(b);
	default:
		return 0;
	}
}

/* libfyaml's first complaint, with its place. */
static int
syntax(struct build *b, struct fy_diag *diag)
{
	void *prev = NULL;
	struct fy_diag_error *d = fy_diag_errors_iterate(diag, &prev);
	struct str msg;

	if (d == NULL)
		return err_set(b->e, "%s:1:1: this is not YAML", b->y->name);
	msg = str_trim(str_of(d->msg));
	return err_set(b->e, "%s:%d:%d: not YAML: %.*s", b->y->name,
	    d->line < 1 ? 1 : d->line, d->column < 1 ? 1 : d->column,
	    STR_ARG(msg));
}

static int
read_events(struct build *b, struct fy_parser *p, struct fy_diag *diag)
{
	struct fy_event *ev;
	int rc = 0;

	while (rc == 0 && (ev = fy_parser_parse(p)) != NULL) {
		rc = on_event(b, ev);
		fy_parser_event_free(p, ev);
	}
	if (rc == 0 && fy_parser_get_stream_error(p))
		return syntax(b, diag);
	return rc;
}

static int
read_text(struct build *b, struct str text)
{
	struct fy_diag_cfg dc;
	struct fy_parse_cfg pc = { .search_path = "",
		.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG |
			 FYPCF_DISABLE_MMAP_OPT | FYPCF_DEFAULT_VERSION_1_2 |
			 FYPCF_JSON_NONE };
	struct fy_diag *diag;
	struct fy_parser *p = NULL;
	int rc = -1;

	fy_diag_cfg_default(&dc);
	dc.fp = NULL;
	dc.level = FYET_ERROR;
	diag = fy_diag_create(&dc);
	if (diag == NULL)
		alloc_die(sizeof(dc));
	fy_diag_set_collect_errors(diag, true);
	pc.diag = diag;
	p = fy_parser_create(&pc);
	if (p == NULL)
		alloc_die(sizeof(pc));
	if (fy_parser_set_string(p, text.p, text.n) != 0)
		err_set(b->e, "%s: cannot be read as YAML", b->y->name);
	else
		rc = read_events(b, p, diag);
	fy_parser_destroy(p);
	fy_diag_destroy(diag);
	return rc;
}

struct yaml *
yaml_parse(const char *name, struct str text, struct err *e)
{
	struct yaml *y = xcalloc(1, sizeof(*y));
	struct build b = { .y = y, .e = e };
	int rc = -1;

	y->name = xstrdup(name);
	if (text.n > YAML_MAX)
		err_set(e, "%s: longer than %d bytes", name, (int)YAML_MAX);
	else if (!utf8_is_valid(text) || str_chr(text, '\0') >= 0)
		err_set(e, "%s: not text in UTF-8", name);
	else if (str_trim(text).n == 0)
		rc = 0;
	else
		rc = read_text(&b, text);
	if (rc == 0 && b.n > 0)
		y->root = b.stack[0].node;
	free(b.stack);
	map_release(&b.anchors);
	map_release(&b.seen);
	if (rc == 0)
		return y;
	yaml_free(y);
	return NULL;
}

struct yaml *
yaml_read(const char *path, struct err *e)
{
	struct yaml *y = NULL;
	struct buf text;

	buf_init(&text, YAML_MAX + 1);
	if (file_read(path, &text, e) == 0)
		y = yaml_parse(path, buf_str(&text), e);
	buf_release(&text);
	return y;
}

void
yaml_free(struct yaml *y)
{
	if (y == NULL)
		return;
	arena_release(&y->arena);
	free(y->name);
	free(y);
}

const struct yaml_node *
yaml_root(const struct yaml *y)
{
	return y->root;
}

enum yaml_kind
yaml_kind(const struct yaml_node *n)
{
	return n->kind;
}

int
yaml_line(const struct yaml_node *n)
{
	return n->line;
}

int
yaml_column(const struct yaml_node *n)
{
	return n->column;
}

struct str
yaml_text(const struct yaml_node *n)
{
	return n == NULL || n->kind != YAML_SCALAR ? STR_NONE : n->text;
}

bool
yaml_plain(const struct yaml_node *n)
{
	return n != NULL && n->kind == YAML_SCALAR && n->plain;
}

size_t
yaml_count(const struct yaml_node *n)
{
	return n == NULL ? 0 : n->count;
}

const struct yaml_node *
yaml_at(const struct yaml_node *n, size_t i)
{
	return n == NULL || i >= n->count ? NULL : n->pairs[i].value;
}

const struct yaml_node *
yaml_key(const struct yaml_node *n, size_t i)
{
	return n == NULL || n->kind != YAML_MAP || i >= n->count
		   ? NULL
		   : n->pairs[i].key;
}

const struct yaml_node *
yaml_get(const struct yaml_node *n, const char *key)
{
	size_t i;

	if (n == NULL || n->kind != YAML_MAP)
		return NULL;
	for (i = 0; i < n->count; i++)
		if (str_is(n->pairs[i].key->text, key))
			return n->pairs[i].value;
	return NULL;
}

int
yaml_fail(struct err *e, const struct yaml *y, const struct yaml_node *n,
    const char *fmt, ...)
{
	char what[sizeof(e->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(e, "%s:%d:%d: %s", y->name, n == NULL ? 1 : n->line,
	    n == NULL ? 1 : n->column, what);
}
