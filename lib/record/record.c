#include "record/record.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "json/doc.h"
#include "json/write.h"

/* What happens to a member of the line: one of these or a put's index. */
enum { KEEP = -1, DROP = -2 };

enum { SLOT_BITS = 6, SLOTS = 1 << SLOT_BITS };

struct put {
	struct str name; /* STR_NONE: it was dropped again */
	size_t from, to; /* within values */
	bool placed; /* it replaces a member of the line */
};

struct record {
	struct json_doc *doc;
	struct str line;
	struct json root;
	struct arena arena;
	struct json_member members[RECORD_MEMBERS];
	uint64_t marks[RECORD_MEMBERS]; /* str_mark of each name */
	/* Members by their marks: each slot has the last one that falls there,
	 * `before` the one before it; indices plus one, 0: none. */
	uint16_t slots[SLOTS];
	uint16_t before[RECORD_MEMBERS];
	int8_t ops[RECORD_MEMBERS]; /* all KEEP unless changed */
	size_t n;
	struct record_clock clock;
	bool quiet;
	bool escaped; /* some name is written with escapes */
	bool changed; /* some member's op is not KEEP */
	struct put puts[RECORD_PUTS];
	size_t nputs;
	struct put *open; /* between record_put and record_put_end */
	bool too_many;
	struct buf values;
	struct writer writer;
};

static inline size_t
slot_of(uint64_t mark)
{
	return mark * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SLOT_BITS);
}

struct record *
record_new(void)
{
	struct record *r = xcalloc(1, sizeof(*r));

	r->doc = json_doc_new();
	buf_init(&r->values, RECORD_PUT_BYTES);
	return r;
}

void
record_free(struct record *r)
{
	if (r == NULL)
		return;
	json_doc_free(r->doc);
	arena_release(&r->arena);
	buf_release(&r->values);
	free(r);
}

static inline uint64_t
word_at(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* str_mark of a name in the text, behind which more can be read. */
static inline uint64_t
mark_of(struct str name)
{
	uint64_t mark = le64toh(word_at(name.p));

	return name.n >= 8 ? mark : mark & ((UINT64_C(1) << 8 * name.n) - 1);
}

/* Not 0 where there is a backslash in the word. */
static inline uint64_t
backslash(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	word ^= ones * '\\';
	return (word - ones) & ~word & ones << 7;
}

/* The same of a name and its mark. */
static inline uint64_t
escaped(struct str name, uint64_t mark)
{
	uint64_t found = backslash(mark);

	if (name.n > 8)
		found |= backslash(word_at(name.p + name.n - 8));
	if (name.n > 16)
		found |= json_escaped(name);
	return found;
}

/* The root's members; -1 where they are too many. */
static int
take_members(struct record *r)
{
	const struct json_doc *d = r->doc;
	uint32_t i = r->root.at + 1;
	uint64_t escapes = 0;
	size_t n = 0;

	if (d->skip[r->root.at] == i)
		return 0;
	for (;; i++) {
		struct str name = content(d, i);
		uint64_t mark = mark_of(name);
		uint16_t *slot = &r->slots[slot_of(mark)];

		if (n == RECORD_MEMBERS)
			return -1;
		r->members[n] = (struct json_member){ name, { d, i + 2 } };
		r->marks[n] = mark;
		r->before[n] = *slot;
		*slot = (uint16_t)++n;
		escapes |= escaped(name, mark);
		i = behind(d, i + 2);
		if (d->text[d->at[i]] != ',')
			break;
	}
	r->n = n;
	r->escaped = escapes != 0;
	return 0;
}

/* A mailbox or a table, as a rule: the reader wants to know what to do. */
static int
no_object(struct err *e)
{
	return err_set(
	    e, "not a JSON object: exports go through kith ingest first");
}

static bool
begins_object(struct str line)
{
	line = str_trim(line);
	return line.n > 0 && *line.p == '{';
}

int
record_parse(struct record *r, struct str line, struct err *e)
{
	arena_reset(&r->arena);
	buf_reset(&r->values);
	memset(r->slots, 0, sizeof(r->slots));
	r->line = line;
	r->n = r->nputs = 0;
	r->clock.read = r->quiet = false;
	r->escaped = r->changed = r->too_many = false;
	r->open = NULL;
	if (json_parse(r->doc, line, &r->root, e) != 0)
		return begins_object(line) ? -1 : no_object(e);
	if (json_type(r->root) != JSON_OBJECT) {
		r->root = JSON_ABSENT;
		return no_object(e);
	}
	if (take_members(r) == 0)
		return 0;
	r->root = JSON_ABSENT;
	memset(r->slots, 0, sizeof(r->slots));
	return err_set(e, "no record: more than %d members at the top level",
	    RECORD_MEMBERS);
}

struct record_clock *
record_clock(struct record *r)
{
	return &r->clock;
}

bool *
record_quiet(struct record *r)
{
	return &r->quiet;
}

struct json
record_root(const struct record *r)
{
	return r->root;
}

/*
 * Where the search for a name begins, and where it goes on behind member i:
 * indices plus one.  Names written with escapes have the mark of another.
 */
static inline size_t
first(const struct record *r, uint64_t mark)
{
	return r->escaped ? r->n : r->slots[slot_of(mark)];
}

static inline size_t
next(const struct record *r, size_t i)
{
	return r->escaped ? i : r->before[i];
}

enum { SHORT_NAME = 16 }; /* bytes */

/* Is that the name of member i, which has no escapes?  No name holds a NUL as
 * it is written, so that of one up to eight bytes the mark is all. */
static inline bool
is_short_name(const struct record *r, size_t i, struct str name, uint64_t mark)
{
	struct str mine = r->members[i].name;

	return r->marks[i] == mark && mine.n == name.n &&
	       (name.n <= 8 || word_at(mine.p + name.n - 8) ==
				   word_at(name.p + name.n - 8));
}

static bool
is_named(const struct record *r, size_t i, struct str name, uint64_t mark)
{
	if (r->escaped)
		return json_name_is(&r->members[i], name);
	return is_short_name(r, i, name, mark) &&
	       (name.n <= SHORT_NAME || str_eq(r->members[i].name, name));
}

/* The last member of that name from there on, as an index plus one, or 0. */
static size_t
find(const struct record *r, struct str name, uint64_t mark, size_t from)
{
	while (from > 0 && !is_named(r, from - 1, name, mark))
		from = next(r, from - 1);
	return from;
}

struct json
record_get_marked(const struct record *r, struct str name, uint64_t mark)
{
	size_t i;

	/* The common case, which calls nothing. */
	if (!r->escaped && name.n <= SHORT_NAME) {
		i = r->slots[slot_of(mark)];
		while (i > 0 && !is_short_name(r, i - 1, name, mark))
			i = r->before[i - 1];
	} else {
		i = find(r, name, mark, first(r, mark));
	}
	return i == 0 ? JSON_ABSENT : r->members[i - 1].value;
}

struct arena *
record_arena(struct record *r)
{
	return &r->arena;
}

struct str
record_line(const struct record *r)
{
	return r->line;
}

static struct put *
find_put(const struct record *r, struct str name)
{
	for (size_t i = 0; i < r->nputs; i++)
		if (r->puts[i].name.p != NULL && str_eq(r->puts[i].name, name))
			return (struct put *)&r->puts[i];
	return NULL;
}

/* Gives op to the last member of that name and DROP to those before it. */
static bool
mark(struct record *r, struct str name, int op)
{
	uint64_t m = str_mark(name);
	size_t i = find(r, name, m, first(r, m));

	if (i == 0)
		return false;
	if (!r->changed)
		memset(r->ops, KEEP, r->n);
	r->changed = true;
	for (; i > 0; i = find(r, name, m, next(r, i - 1))) {
		r->ops[i - 1] = (int8_t)op;
		op = DROP;
	}
	return true;
}

struct writer *
record_put_named(struct record *r, struct str name)
{
	struct put *put = find_put(r, name);

	if (put == NULL && r->nputs < RECORD_PUTS) {
		put = &r->puts[r->nputs++];
		put->name = name;
		put->placed = mark(r, name, (int)(put - r->puts));
	}
	r->open = put;
	if (put == NULL)
		r->too_many = true;
	else
		put->from = put->to = r->values.n;
	write_init(&r->writer, &r->values);
	return &r->writer;
}

void
record_put_end(struct record *r)
{
	if (r->open != NULL)
		r->open->to = r->values.n;
	r->open = NULL;
}

void
record_put_str(struct record *r, const char *name, struct str s)
{
	write_str(record_put(r, name), s);
	record_put_end(r);
}

void
record_put_raw(struct record *r, const char *name, struct str json)
{
	write_raw(record_put(r, name), json);
	record_put_end(r);
}

void
record_drop(struct record *r, const char *name)
{
	struct put *put = find_put(r, str_of(name));

	if (put != NULL)
		put->name = STR_NONE;
	mark(r, str_of(name), DROP);
}

static struct str
put_value(const struct record *r, const struct put *put)
{
	return str_make(r->values.p + put->from, put->to - put->from);
}

struct str
record_put_get(const struct record *r, const char *name)
{
	const struct put *put = find_put(r, str_of(name));

	return put == NULL ? STR_NONE : put_value(r, put);
}

static const char *
end_of(struct json v)
{
	struct str raw = json_raw(v);

	return raw.p + raw.n;
}

size_t
record_end(const struct record *r)
{
	return r->n == 0
		   ? 0
		   : (size_t)(end_of(r->members[r->n - 1].value) - r->line.p);
}

/*
 * Writes the members of the line with what was replaced and dropped, up to
 * the end of the last one.  *survivors tells whether any stays; returns the
 * rest of the line.
 */
static const char *
write_members(const struct record *r, struct buf *out, bool *survivors)
{
	const char *from = r->line.p, *last = json_raw(r->root).p + 1;

	if (!r->changed && r->n > 0)
		last = end_of(r->members[r->n - 1].value);
	*survivors = !r->changed && r->n > 0;
	for (size_t i = 0; r->changed && i < r->n; i++) {
		const struct json_member *m = &r->members[i];
		const char *cut = *survivors ? last : m->name.p - 1;

		last = end_of(m->value);
		if (r->ops[i] == DROP) {
			/* With the comma before it or, when nothing stands
			 * before it, the one behind. */
			buf_add(out, from, (size_t)(cut - from));
			if (!*survivors && i + 1 < r->n)
				last = m[1].name.p - 1;
			from = last;
			continue;
		}
		*survivors = true;
		if (r->ops[i] == KEEP)
			continue;
		cut = json_raw(m->value).p;
		buf_add(out, from, (size_t)(cut - from));
		buf_add_str(out, put_value(r, &r->puts[r->ops[i]]));
		from = last;
	}
	buf_add(out, from, (size_t)(last - from));
	return last;
}

int
record_write(const struct record *r, struct buf *out, struct err *e)
{
	const char *rest;
	bool survivors = false;

	if (r->too_many)
		return err_set(e, "more than %d members are put", RECORD_PUTS);
	if (r->values.over)
		return err_set(
		    e, "the members put are past %d bytes", RECORD_PUT_BYTES);
	rest = write_members(r, out, &survivors);
	for (size_t i = 0; i < r->nputs; i++) {
		const struct put *put = &r->puts[i];

		if (put->name.p == NULL || put->placed)
			continue;
		buf_add(out, survivors ? ",\"" : "\"", survivors ? 2 : 1);
		write_escaped(out, put->name);
		buf_add(out, "\":", 2);
		buf_add_str(out, put_value(r, put));
		survivors = true;
	}
	buf_add(out, rest, (size_t)(r->line.p + r->line.n - rest));
	if (out->over)
		return err_set(e, "the record is past %zu bytes", out->max);
	return 0;
}
