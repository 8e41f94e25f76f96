#ifndef KITH_RECORD_RECORD_H
#define KITH_RECORD_RECORD_H
/*
 * A record: one JSON object on a line, seen as its top-level members, some of
 * which a tool replaces or adds while every other byte stays as it was.
 * Replaced members keep their place; new ones go to the end, in the order of
 * the first put.  So a second pass of the same tool changes nothing.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "json/json.h"

enum {
	RECORD_MEMBERS = 1024, /* top-level members a record may have */
	RECORD_PUTS = 32, /* members a tool may put into one record */
	RECORD_PUT_BYTES = 128 << 20, /* their values together */
};

struct record;

struct record *record_new(void);
void record_free(struct record *r);
/*
 * Parses a line (borrowed, BUF_PAD readable bytes behind).  Resets the arena
 * and the puts.  -1 with a sentence where it is not a JSON object.
 */
int record_parse(struct record *r, struct str line, struct err *e);

/*
 * The root object, and a member of it (JSON_ABSENT when missing; of doubled
 * names the last).  Both show the line as it came, not what was put since.
 */
struct json record_root(const struct record *r);
struct json
record_get_marked(const struct record *r, struct str name, uint64_t mark);
static inline struct json
record_get_str(const struct record *r, struct str name)
{
	return record_get_marked(r, name, str_mark(name));
}
static inline __attribute__((always_inline)) struct json
record_get(const struct record *r, const char *name)
{
	return record_get_str(r, str_of(name));
}
/* Memory until the next parse. */
struct arena *record_arena(struct record *r);
/* Its time, once somebody asked (record/fields.h): several do of each record. */
struct record_clock {
	bool read;
	int64_t at;
};
struct record_clock *record_clock(struct record *r);
/* Is it known that it says nothing of being written to (consent_look)? */
bool *record_quiet(struct record *r);
/* A string member, decoded; STR_NONE when missing or no string. */
static inline __attribute__((always_inline)) struct str
record_str(struct record *r, const char *name)
{
	return json_str(record_get(r, name), record_arena(r));
}
/* The line as it came. */
struct str record_line(const struct record *r);
/* Where its last member ends: what is put anew comes there. */
size_t record_end(const struct record *r);

/*
 * Puts a member: writes its value with the writer, between record_put and
 * record_put_end (no other put in between).  A second put of a name replaces
 * the first.  Of doubled names the last is replaced and the others go.  name
 * is borrowed until the record is written.
 */
struct writer;
struct writer *record_put_named(struct record *r, struct str name);
static inline struct writer *
record_put(struct record *r, const char *name)
{
	return record_put_named(r, str_of(name));
}
void record_put_end(struct record *r);
/* A member whose value is text already. */
void record_put_str(struct record *r, const char *name, struct str s);
void record_put_raw(struct record *r, const char *name, struct str json);
/* Takes a member out. */
void record_drop(struct record *r, const char *name);

/* The value that stands put for name, as JSON text; STR_NONE without one.
 * Until the next put. */
struct str record_put_get(const struct record *r, const char *name);

/* Appends the line with the puts applied, without a newline.  -1 past out's
 * ceiling, or where the puts were too many or past RECORD_PUT_BYTES. */
int record_write(const struct record *r, struct buf *out, struct err *e);

#endif
