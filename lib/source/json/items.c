#include "source/json/items.h"

#include "core/diag.h"
#include "source/cut.h"

enum {
	EACH_MEMBER = 4 << 10, /* bytes of one beside, that each item repeats */
	BESIDE_ALL = 1 << 20, /* of all beside a list, with its first item */
	NESTED = 64, /* lists and objects on the way */
	SCRIPT_HEAD = 256, /* bytes of "window.name = " */
};

struct member {
	struct str name, raw;
};

/* An object on the way: what came before the list in it. */
struct around {
	const struct around *outer;
	struct arena arena;
	struct VEC(struct member) members;
	size_t bytes;
	bool entered; /* the path goes on in it */
};

struct walk {
	struct ingest *in;
	struct json_cut *cut;
	size_t items;
	bool behind, over; /* said: members behind a list, too many beside */
};

void
items_path_release(struct items_path *p)
{
	arena_release(&p->arena);
}

/* A name without "~1" and "~0". */
static struct str
unescaped(struct items_path *p, struct str s)
{
	char *to = arena_alloc(&p->arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '~' && i + 1 < s.n &&
		    (s.p[i + 1] == '0' || s.p[i + 1] == '1'))
			c = s.p[++i] == '1' ? '/' : '~';
		to[n++] = c;
	}
	return str_make(to, n);
}

int
items_path_read(struct items_path *p, const char *text, struct err *e)
{
	struct str rest = str_of(text);
	bool jq = rest.n > 0 && rest.p[0] == '.';

	*p = (struct items_path){ 0 };
	if (rest.n > 0 && (jq || rest.p[0] == '/'))
		rest = str_sub(rest, 1, rest.n);
	while (rest.p != NULL && rest.n > 0) {
		struct str name = str_split(&rest, jq ? '.' : '/');

		if (jq && str_ends(name, STR("[]")))
			name = str_sub(name, 0, name.n - 2);
		if (name.n == 0 && jq && p->n == 0)
			continue;
		if (name.n == 0 || p->n == ITEMS_NAMES)
			return err_set(e,
			    "--items %s: a path is at most %d names with "
			    "slashes between, none of them empty",
			    text, ITEMS_NAMES);
		p->names[p->n++] =
		    jq ? arena_dup(&p->arena, name) : unescaped(p, name);
	}
	return 0;
}

static bool
is_inner(const struct around *from, const struct around *to, struct str name)
{
	for (; from != to; from = from->outer)
		for (size_t i = 0; i < from->members.n; i++)
			if (str_eq(from->members.v[i].name, name))
				return true;
	return false;
}

static void
write_beside(struct writer *w, const struct around *o, bool first)
{
	bool any = false;

	for (const struct around *i = o; i != NULL; i = i->outer)
		for (size_t k = 0; k < i->members.n; k++) {
			const struct member *m = &i->members.v[k];

			if ((!first && m->raw.n > EACH_MEMBER) ||
			    is_inner(o, i, m->name))
				continue;
			if (!any) {
				write_key(w, "beside");
				write_object(w);
			}
			any = true;
			write_key_str(w, m->name);
			write_raw(w, m->raw);
		}
	if (any)
		write_object_end(w);
}

/* 1 to go on, 0 where the file cannot be followed any further, -1. */
static int
take_item(struct walk *k, struct str at, const struct around *o, bool first,
    struct err *e)
{
	struct cut_item item;
	struct err why;
	enum cut_result got = json_cut_value(k->cut, &item, &why);
	struct writer *w;

	k->items++;
	if (got == CUT_FAIL)
		return err_set(e, "%s", why.msg);
	if (got == CUT_BAD)
		return ingest_reject(k->in, at, why.msg, item.text, e) < 0 ? -1
									   : 1;
	w = ingest_item(k->in, at);
	write_raw(w, item.text);
	write_beside(w, o, first);
	return ingest_item_end(k->in, e) < 0 ? -1 : 1;
}

/* What stands in the file is no JSON from here on, or ends. */
static int
stop(struct walk *k, struct str at, int byte, struct err *e)
{
	if (byte < 0)
		return -1;
	return ingest_reject(k->in, at,
	    byte == 0 ? "the file ends within a list or an object: it is cut "
			"off"
		      : "no JSON from here on",
	    STR(""), e);
}

/* A member that the path does not go through. */
static int
take_beside(struct walk *k, struct around *o, struct str name, struct str at,
    struct err *e)
{
	struct cut_item item;
	struct err why;
	enum cut_result got = json_cut_value(k->cut, &item, &why);

	if (got == CUT_FAIL)
		return err_set(e, "%s", why.msg);
	if (got == CUT_BAD)
		return ingest_reject(k->in, at, why.msg, item.text, e);
	if (o->entered) {
		if (!k->behind)
			diag(DIAG_WARN, k->in->file,
			    "\"%.*s\" and what else stands behind a list of "
			    "items is not with them",
			    STR_ARG(name));
		k->behind = true;
		return 0;
	}
	o->bytes += item.text.n + name.n;
	if (o->bytes > BESIDE_ALL) {
		if (!k->over)
			diag(DIAG_WARN, k->in->file,
			    "more than %d bytes beside a list of items: "
			    "\"%.*s\" is not with them",
			    BESIDE_ALL, STR_ARG(name));
		k->over = true;
		return 0;
	}
	vec_add_in(&o->arena, &o->members,
	    (struct member){ name, arena_dup(&o->arena, item.text) });
	return 0;
}

static int walk(struct walk *k, size_t level, unsigned depth, struct str at,
    const struct around *outer, struct err *e);

/* The name of a member and the colon behind it; 1, 0 where there is none, -1. */
static int
take_name(struct walk *k, struct arena *a, struct str *name, struct err *e)
{
	struct cut_item item;
	enum cut_result got = json_cut_value(k->cut, &item, e);
	int byte;

	if (got != CUT_ITEM || json_type(item.value) != JSON_STRING)
		return got == CUT_FAIL ? -1 : 0;
	*name = arena_dup(a, json_str(item.value, a));
	byte = json_cut_peek(k->cut, e);
	if (byte == ':')
		json_cut_take(k->cut);
	return byte < 0 ? -1 : byte == ':';
}

static int
walk_object(struct walk *k, size_t level, unsigned depth, struct str at,
    const struct around *outer, struct err *e)
{
	struct around o = { .outer = outer };
	int byte, rc = 1;

	json_cut_take(k->cut);
	while (rc > 0 && (byte = json_cut_peek(k->cut, e)) != '}') {
		struct str name, place;

		if (byte == ',') {
			json_cut_take(k->cut);
			continue;
		}
		rc = byte == '"' ? take_name(k, &o.arena, &name, e) : 0;
		if (rc <= 0) {
			rc = rc < 0 ? -1 : stop(k, at, byte, e);
			break;
		}
		place =
		    ARENA_JOIN(&o.arena, at, str_of(at.n > 0 ? "/" : ""), name);
		if (str_eq(name, k->in->items_path->names[level])) {
			o.entered = true;
			rc = walk(k, level + 1, depth + 1, place, &o, e);
		} else {
			rc = take_beside(k, &o, name, place, e) < 0 ? -1 : 1;
		}
	}
	if (rc > 0)
		json_cut_take(k->cut);
	arena_release(&o.arena);
	return rc;
}

static int
walk_list(struct walk *k, size_t level, unsigned depth, struct str at,
    const struct around *outer, struct err *e)
{
	struct arena a = { 0 };
	int byte, rc = 1;
	size_t n = 0;

	json_cut_take(k->cut);
	while (rc > 0 && (byte = json_cut_peek(k->cut, e)) != ']') {
		struct str place;

		if (byte == ',') {
			json_cut_take(k->cut);
			continue;
		}
		if (byte <= 0 || byte == '}' || byte == ':') {
			rc = stop(k, at, byte, e);
			break;
		}
		arena_reset(&a);
		place = arena_printf(&a, "%.*s#%zu", STR_ARG(at), ++n);
		rc = level == k->in->items_path->n
			 ? take_item(k, place, outer, n == 1, e)
			 : walk(k, level, depth + 1, place, outer, e);
	}
	if (rc > 0)
		json_cut_take(k->cut);
	arena_release(&a);
	return rc;
}

/*
 * The value that comes next, from where names[level] and those behind it are
 * still to be found.  1, 0 where the file cannot be followed any further, -1.
 */
static int
walk(struct walk *k, size_t level, unsigned depth, struct str at,
    const struct around *outer, struct err *e)
{
	bool last = level == k->in->items_path->n;
	int byte = json_cut_peek(k->cut, e);
	struct cut_item item;
	struct err why;

	if (byte <= 0)
		return stop(k, at, byte, e);
	if (byte == '[' && depth < NESTED)
		return walk_list(k, level, depth, at, outer, e);
	if (byte == '{' && last)
		return take_item(k, at, outer, true, e);
	if (byte == '{' && depth < NESTED)
		return walk_object(k, level, depth, at, outer, e);
	switch (json_cut_value(k->cut, &item, &why)) {
	case CUT_FAIL:
		return err_set(e, "%s", why.msg);
	case CUT_BAD:
		return ingest_reject(k->in, at, why.msg, item.text, e) < 0 ? -1
									   : 1;
	default:
		if (json_type(item.value) == JSON_NULL)
			return 1;
		return ingest_reject(k->in, at,
			   "neither a list nor an object: --items leads "
			   "through those",
			   item.text, e) < 0
			   ? -1
			   : 1;
	}
}

/* "window.YTD.direct_messages.part0 = " is no JSON: what is, stands behind. */
static int
skip_script(struct walk *k, struct err *e)
{
	int byte = json_cut_peek(k->cut, e);

	if (byte != 'w' && byte != 'v' && byte != 'c' && byte != 'l')
		return byte < 0 ? -1 : 0;
	for (int i = 0; i < SCRIPT_HEAD && byte > 0 && byte != '='; i++) {
		json_cut_take(k->cut);
		byte = json_cut_peek(k->cut, e);
	}
	if (byte == '=')
		json_cut_take(k->cut);
	return byte < 0 ? -1 : 0;
}

int
items_read(struct ingest *in, struct input *file, struct err *e)
{
	struct walk k = { .in = in, .cut = json_cut_new() };
	char place[STR_COUNT];
	struct str at = STR("");
	int byte, rc = json_cut_begin(k.cut, file, in->max_item, e);

	if (rc == 0)
		rc = skip_script(&k, e);
	for (rc = rc < 0 ? -1 : 1;
	     rc > 0 && (byte = json_cut_peek(k.cut, e)) != 0;) {
		if (byte == ',' || byte == ';') {
			json_cut_take(k.cut);
			continue;
		}
		rc = byte < 0 ? -1 : walk(&k, 0, 0, at, NULL, e);
		at = str_count(place, '\0', json_cut_offset(k.cut));
	}
	json_cut_free(k.cut);
	if (rc >= 0 && k.items == 0)
		rc = ingest_reject(in, STR(""),
		    "nothing stands where --items leads", STR(""), e);
	return rc < 0 ? -1 : 0;
}
