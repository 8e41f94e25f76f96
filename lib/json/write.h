#ifndef KITH_JSON_WRITE_H
#define KITH_JSON_WRITE_H
/*
 * Writing JSON into a buffer: commas and escapes are its work, the ceiling is
 * the buffer's.  Members are written in the order of the calls.
 */
#include "core/buf.h"
#include "core/time.h"

enum { WRITE_DEPTH = 64 };

struct writer {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool first; /* nothing at this level yet */
	bool after_key;
};

/* Appends to out, whatever stands there. */
void write_init(struct writer *w, struct buf *out);
/* The same where an object was begun, and a key stands before what comes. */
static inline void
write_init_within(struct writer *w, struct buf *out)
{
	*w = (struct writer){ .out = out, .depth = 1, .after_key = true };
}
void write_object(struct writer *w);
void write_object_end(struct writer *w);
void write_list(struct writer *w);
void write_list_end(struct writer *w);
void write_key_str(struct writer *w, struct str name);
/* A name that needs no escapes, such as all that stand in the source. */
void write_plain_key(struct writer *w, const char *name, size_t n);
static inline void
write_key(struct writer *w, const char *name)
{
	write_plain_key(w, name, strlen(name));
}
/* Invalid UTF-8 becomes U+FFFD; C0 controls are escaped. */
void write_str(struct writer *w, struct str s);
void write_z(struct writer *w, const char *s);
void write_int(struct writer *w, int64_t v);
/* As few digits (of 15 to 17) as read back the same; not finite: nothing
 * invented, null. */
void write_real(struct writer *w, double v);
void write_bool(struct writer *w, bool v);
/* A value that is JSON already. */
void write_raw(struct writer *w, struct str json);
/* An instant as RFC 3339. */
void write_time(struct writer *w, int64_t t);

/* Members whose value is absent (p == NULL, TIME_NONE) are left out. */
static inline void
write_member(struct writer *w, const char *name, struct str s)
{
	if (s.p == NULL)
		return;
	write_key(w, name);
	write_str(w, s);
}

/* A list of strings; left out where it is empty. */
void write_member_strs(
    struct writer *w, const char *name, const struct str *v, size_t n);

static inline void
write_member_time(struct writer *w, const char *name, int64_t t)
{
	if (t == TIME_NONE)
		return;
	write_key(w, name);
	write_time(w, t);
}

static inline void
write_member_int(struct writer *w, const char *name, int64_t v)
{
	write_key(w, name);
	write_int(w, v);
}

static inline void
write_member_raw(struct writer *w, const char *name, struct str json)
{
	if (json.p == NULL)
		return;
	write_key(w, name);
	write_raw(w, json);
}

/*
 * For what is written for each record: a key that stands in the source, copied
 * with its comma in one.  Its value must follow, by the writer or as bytes that
 * the caller adds to w->out (WRITE_DONE then).
 */
static inline void
write_literal_key(struct writer *w, const char *key, size_t n)
{
	if (w->first)
		buf_add(w->out, key + 1, n - 1);
	else
		buf_add(w->out, key, n);
	w->first = false;
	w->after_key = true;
}
#define WRITE_KEY(w, name) \
	write_literal_key((w), ",\"" name "\":", sizeof("" name) + 3)

/* Just the escaped content of a string, without quotes. */
void write_escaped(struct buf *out, struct str s);

#endif
