#include "source/json/walk.h"

#include "core/diag.h"
#include "source/cut.h"
#include "source/json/side.h"

enum {
	BESIDE_ALL = 1 << 20, /* of all beside a list, with its first item */
	NESTED = 64, /* lists and objects on the way */
	SCRIPT_HEAD = 256, /* bytes of "window.name = " */
};
#define NO_WAY "neither a list nor an object, where a list of items should be"
#define NO_LIST "an object without the list of items that it should have"

struct member {
	struct str name, raw;
};

/* An object on the way: what stands in it beside its lists. */
struct around {
	struct around *outer;
	struct arena arena;
	struct VEC(struct member) members;
	struct VEC(struct side) sides;
	size_t bytes;
	bool entered; /* a path goes on in it */
	bool given; /* all of it went out with an item */
};

/* Where a walk stands: the paths that lead there, a bit each. */
struct step {
	size_t level; /* names behind it */
	uint32_t open;
	unsigned depth;
	struct str any; /* what a "*" stood for, on the way in; or absent */
};

/* The paths that go on with this name; open is 0 where none does. */
static struct step
step_into(const struct items_walk *k, struct step at, struct str name)
{
	struct step in = { at.level + 1, 0, at.depth + 1, STR_NONE };

	for (unsigned i = 0; at.open >> i != 0; i++) {
		struct str want;

		if ((at.open >> i & 1) == 0 || k->paths[i].n <= at.level)
			continue;
		want = k->paths[i].names[at.level];
		if (str_is(want, "*"))
			in.any = name;
		else if (!str_eq(name, want))
			continue;
		in.open |= UINT32_C(1) << i;
	}
	return in;
}

/* Does a path end here? */
static bool
is_last(const struct items_walk *k, struct step at)
{
	for (unsigned i = 0; at.open >> i != 0; i++)
		if ((at.open >> i & 1) != 0 && k->paths[i].n == at.level)
			return true;
	return false;
}

/* Does one lead on from here? */
static bool
goes_on(const struct items_walk *k, struct step at)
{
	for (unsigned i = 0; at.open >> i != 0; i++)
		if ((at.open >> i & 1) != 0 && k->paths[i].n > at.level)
			return true;
	return false;
}

static bool
is_among(const char *const *names, struct str name)
{
	for (size_t i = 0; names != NULL && names[i] != NULL; i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

static bool
is_repeated(const struct items_form *f, struct str name)
{
	return f->repeat == NULL || is_among(f->repeat, name);
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

/* `beside` is opened by its first member. */
static void
open_beside(struct writer *w, bool *any)
{
	if (!*any) {
		write_key(w, "beside");
		write_object(w);
	}
	*any = true;
}

/* Of lists at the side what the item names. */
static void
write_sides(struct items_walk *k, struct writer *w, struct around *o,
    struct str item, bool *any)
{
	for (; o != NULL; o = o->outer)
		for (size_t i = 0; i < o->sides.n; i++) {
			if (!side_named(&o->sides.v[i], item, k->items))
				continue;
			open_beside(w, any);
			side_write(&o->sides.v[i], w, k->items);
		}
}

/* What stands around an item: all of it with the first, then what each
 * repeats. */
static void
write_beside(
    struct items_walk *k, struct writer *w, struct around *o, struct str item)
{
	bool any = false;

	for (struct around *i = o; i != NULL; i = i->outer) {
		for (size_t m = 0; m < i->members.n; m++) {
			const struct member *v = &i->members.v[m];

			if ((i->given && (v->raw.n > k->form->each ||
					     !is_repeated(k->form, v->name))) ||
			    is_inner(o, i, v->name))
				continue;
			open_beside(w, &any);
			write_key_str(w, v->name);
			write_raw(w, v->raw);
		}
		i->given = true;
	}
	write_sides(k, w, o, item, &any);
	if (k->form->about.p != NULL) {
		open_beside(w, &any);
		write_member_raw(w, "export", k->form->about);
	}
	if (any)
		write_object_end(w);
}

static int
emit(struct items_walk *k, struct str at, struct str raw, struct around *o,
    struct err *e)
{
	struct writer *w = ingest_item(k->in, at);

	k->items++;
	write_raw(w, raw);
	write_beside(k, w, o, raw);
	return ingest_item_end(k->in, e) < 0 ? -1 : 1;
}

static int
refuse(struct items_walk *k, struct str at, const char *why, struct str bytes,
    struct err *e)
{
	k->items++;
	return ingest_reject(k->in, at, why, bytes, e) < 0 ? -1 : 1;
}

/* 1 to go on, -1. */
static int
take_item(struct items_walk *k, struct str at, struct around *o, struct err *e)
{
	struct cut_item item;
	struct err why;
	enum cut_result got = json_cut_value(k->cut, &item, &why);

	if (got == CUT_FAIL)
		return err_set(e, "%s", why.msg);
	if (got == CUT_BAD)
		return refuse(k, at, why.msg, item.text, e);
	return emit(k, at, item.text, o, e);
}

/* What stands in the file is no JSON from here on, or ends. */
static int
stop(struct items_walk *k, struct str at, int byte, struct err *e)
{
	if (byte < 0)
		return -1;
	k->items++;
	return ingest_reject(k->in, at,
	    byte == 0 ? "the file ends within a list or an object: it is cut "
			"off"
		      : "no JSON from here on",
	    STR(""), e);
}

static void
keep_beside(
    struct items_walk *k, struct around *o, struct str name, struct str raw)
{
	o->bytes += raw.n + name.n;
	if (o->bytes <= BESIDE_ALL) {
		vec_add_in(&o->arena, &o->members,
		    (struct member){ name, arena_dup(&o->arena, raw) });
		return;
	}
	if (!k->over)
		diag(DIAG_WARN, k->in->file,
		    "more than %d bytes beside a list of items: \"%.*s\" is "
		    "not with them",
		    BESIDE_ALL, STR_ARG(name));
	k->over = true;
}

/* What a "*" stood for is with the items below it. */
static void
keep_any(struct items_walk *k, struct around *o, struct str any)
{
	struct writer w;
	struct buf b;

	if (any.p == NULL)
		return;
	buf_init(&b, BESIDE_ALL);
	write_init(&w, &b);
	write_str(&w, any);
	keep_beside(k, o, STR("*"), buf_str(&b));
	buf_release(&b);
}

/* A member that no path goes through. */
static int
take_beside(struct items_walk *k, struct around *o, struct str name,
    struct str at, struct err *e)
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
	keep_beside(k, o, name, item.text);
	return 0;
}

static int walk(struct items_walk *k, struct step step, struct str at,
    struct around *outer, struct err *e);

/* The name of a member and the colon behind it; 1, 0 where there is none, -1.
 */
static int
take_name(
    struct items_walk *k, struct arena *a, struct str *name, struct err *e)
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

static struct str
place_of(struct arena *a, struct str at, struct str name)
{
	return ARENA_JOIN(a, at, str_of(at.n > 0 ? "/" : ""), name);
}

/* An object without a list is an item itself. */
static int
emit_members(
    struct items_walk *k, struct str at, const struct around *o, struct err *e)
{
	struct writer *w;

	if (o->bytes > BESIDE_ALL)
		return refuse(k, at,
		    "an object too large for one without "
		    "a list of items",
		    STR(""), e);
	w = ingest_item(k->in, at);
	k->items++;
	write_object(w);
	for (size_t i = 0; i < o->members.n; i++) {
		write_key_str(w, o->members.v[i].name);
		write_raw(w, o->members.v[i].raw);
	}
	write_object_end(w);
	write_beside(k, w, NULL, STR(""));
	return ingest_item_end(k->in, e) < 0 ? -1 : 1;
}

/* A path began in an object of a format, and ended in no list. */
static bool
is_missed(const struct items_walk *k, struct step step, const struct around *o)
{
	return o->entered && step.level == 0 && k->form->whole &&
	       !k->form->lacking && !k->reached;
}

static int
walk_object(struct items_walk *k, struct step step, struct str at,
    struct around *outer, struct err *e)
{
	struct around o = { .outer = outer };
	int byte, rc = 1;

	if (step.level == 0)
		k->reached = false;
	json_cut_take(k->cut);
	keep_any(k, &o, step.any);
	while (rc > 0 && (byte = json_cut_peek(k->cut, e)) != '}') {
		struct str name, place;
		struct step in;

		if (byte == ',') {
			json_cut_take(k->cut);
			continue;
		}
		rc = byte == '"' ? take_name(k, &o.arena, &name, e) : 0;
		if (rc <= 0) {
			rc = rc < 0 ? -1 : stop(k, at, byte, e);
			break;
		}
		place = place_of(&o.arena, at, name);
		in = step_into(k, step, name);
		if (in.open != 0) {
			o.entered = true;
			rc = walk(k, in, place, &o, e);
		} else {
			rc = take_beside(k, &o, name, place, e) < 0 ? -1 : 1;
		}
	}
	if (rc > 0)
		json_cut_take(k->cut);
	if (rc > 0 && !o.entered && step.level == 0 && k->form->whole)
		rc = emit_members(k, at, &o, e);
	if (rc > 0 && is_missed(k, step, &o))
		rc = refuse(k, at, NO_LIST, STR(""), e);
	arena_release(&o.arena);
	return rc;
}

/* "messages#3", the n-th item of the list at a place. */
static struct str
item_place(struct arena *a, struct str at, size_t n)
{
	char count[STR_COUNT];

	return ARENA_JOIN(a, at, str_count(count, '#', n));
}

static int
walk_list(struct items_walk *k, struct step step, struct str at,
    struct around *outer, struct err *e)
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
		place = item_place(&a, at, ++n);
		step.depth++;
		rc = is_last(k, step) ? take_item(k, place, outer, e)
				      : walk(k, step, place, outer, e);
		step.depth--;
	}
	if (rc > 0)
		json_cut_take(k->cut);
	k->reached |= n == 0;
	arena_release(&a);
	return rc;
}

/*
 * The value that comes next, from where names[level] and those behind it are
 * still to be found.  1, 0 where the file cannot be followed any further, -1.
 */
static int
walk(struct items_walk *k, struct step step, struct str at,
    struct around *outer, struct err *e)
{
	int byte = json_cut_peek(k->cut, e);
	struct cut_item item;
	struct err why;

	k->reached |= is_last(k, step);
	if (byte <= 0)
		return stop(k, at, byte, e);
	if (byte == '[' && step.depth < NESTED)
		return walk_list(k, step, at, outer, e);
	if (byte == '{' && is_last(k, step) && !goes_on(k, step))
		return take_item(k, at, outer, e);
	if (byte == '{' && step.depth < NESTED)
		return walk_object(k, step, at, outer, e);
	switch (json_cut_value(k->cut, &item, &why)) {
	case CUT_FAIL:
		return err_set(e, "%s", why.msg);
	case CUT_BAD:
		return refuse(k, at, why.msg, item.text, e);
	default:
		return json_type(item.value) == JSON_NULL
			   ? 1
			   : refuse(k, at, NO_WAY, item.text, e);
	}
}

/* The same of a value in hand. */

static int found(struct items_walk *k, struct step step, struct json v,
    struct str at, struct around *outer, struct err *e);

static int
found_list(struct items_walk *k, struct step step, struct json v, struct str at,
    struct around *outer, struct err *e)
{
	struct json_iter it = json_each(v);
	struct arena a = { 0 };
	struct json one;
	size_t n = 0;
	int rc = 1;

	step.depth++;
	while (rc > 0 && json_next(&it, NULL, &one)) {
		struct str place;

		arena_reset(&a);
		place = item_place(&a, at, ++n);
		rc = is_last(k, step) ? emit(k, place, json_raw(one), outer, e)
				      : found(k, step, one, place, outer, e);
	}
	k->reached |= n == 0;
	arena_release(&a);
	return rc;
}

/* What the members of an object are to the paths. */
struct members {
	bool lists; /* one stands there, and not at the side */
	bool together; /* it is one item */
};

static struct members
members_of(const struct items_walk *k, struct step step, struct json v,
    struct arena *a)
{
	const struct items_form *f = k->form;
	struct json_iter it = json_each(v);
	struct members m = { 0 };
	struct json key, one;

	while (json_next(&it, &key, &one)) {
		struct str name = json_str(key, a);
		enum json_type type = json_type(one);

		if (type != JSON_LIST && type != JSON_OBJECT)
			continue;
		m.together |= step.level == 0 && is_among(f->together, name);
		m.lists |= !is_among(f->sides, name) &&
			   step_into(k, step, name).open != 0;
	}
	return m;
}

static void
keep_side(struct around *o, struct str name, struct json list)
{
	struct side s = { .arena = &o->arena };

	side_read(&s, name, list);
	vec_add_in(&o->arena, &o->sides, s);
}

/* What no path leads to, and what is at the side of what one leads to. */
static bool
goes_beside(struct items_walk *k, struct step step, const struct members *m,
    struct around *o, struct str name, struct json one)
{
	bool side = m->lists && is_among(k->form->sides, name);

	if (side && json_type(one) == JSON_LIST)
		keep_side(o, name, one);
	else if (side || step_into(k, step, name).open == 0)
		keep_beside(k, o, name, json_raw(one));
	else
		return false;
	return true;
}

static void
around_release(struct around *o)
{
	for (size_t i = 0; i < o->sides.n; i++)
		side_release(&o->sides.v[i]);
	arena_release(&o->arena);
}

/* What stands behind a list is with its items, too. */
static int
found_object(struct items_walk *k, struct step step, struct json v,
    struct str at, struct around *outer, struct err *e)
{
	struct around o = { .outer = outer };
	const struct members m = members_of(k, step, v, &o.arena);
	struct json_iter it = json_each(v);
	struct json key, one;
	int rc = 1;

	keep_any(k, &o, step.any);
	while (!m.together && json_next(&it, &key, &one))
		if (!goes_beside(k, step, &m, &o, json_str(key, &o.arena), one))
			o.entered = true;
	if (!o.entered && step.level == 0 && k->form->whole)
		rc = emit(k, at, json_raw(v), outer, e);
	if (step.level == 0)
		k->reached = false;
	it = json_each(v);
	while (rc > 0 && o.entered && json_next(&it, &key, &one)) {
		struct str name = json_str(key, &o.arena);
		struct step in = step_into(k, step, name);

		if (in.open != 0 &&
		    !(m.lists && is_among(k->form->sides, name)))
			rc = found(
			    k, in, one, place_of(&o.arena, at, name), &o, e);
	}
	if (rc > 0 && is_missed(k, step, &o))
		rc = k->form->bare ? emit(k, at, json_raw(v), outer, e)
				   : refuse(k, at, NO_LIST, json_raw(v), e);
	around_release(&o);
	return rc;
}

static int
found(struct items_walk *k, struct step step, struct json v, struct str at,
    struct around *outer, struct err *e)
{
	enum json_type type = json_type(v);

	k->reached |= is_last(k, step);
	if (type == JSON_LIST && step.depth < NESTED)
		return found_list(k, step, v, at, outer, e);
	if (type == JSON_OBJECT && is_last(k, step) && !goes_on(k, step))
		return emit(k, at, json_raw(v), outer, e);
	if (type == JSON_OBJECT && step.depth < NESTED)
		return found_object(k, step, v, at, outer, e);
	return type == JSON_NULL ? 1 : refuse(k, at, NO_WAY, json_raw(v), e);
}

/* "window.YTD.direct_messages.part0 = " is no JSON: what is, stands behind. */
static int
skip_script(struct items_walk *k, struct err *e)
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
items_walk_file(
    struct items_walk *k, struct input *file, struct str at, struct err *e)
{
	const struct step top = { .open = k->all };
	char place[STR_COUNT];
	int byte, rc;

	k->cut = json_cut_new();
	rc = json_cut_begin(k->cut, file, k->in->max_item, e);
	if (rc == 0)
		rc = skip_script(k, e);
	for (rc = rc < 0 ? -1 : 1;
	     rc > 0 && (byte = json_cut_peek(k->cut, e)) != 0;) {
		if (byte == ',' || byte == ';') {
			json_cut_take(k->cut);
			continue;
		}
		rc = byte < 0 ? -1 : walk(k, top, at, NULL, e);
		at = str_count(place, '\0', json_cut_offset(k->cut));
	}
	json_cut_free(k->cut);
	return rc < 0 ? -1 : 0;
}

int
items_walk_value(
    struct items_walk *k, struct json v, struct str at, struct err *e)
{
	const struct step top = { .open = k->all };

	return found(k, top, v, at, NULL, e) < 0 ? -1 : 0;
}
