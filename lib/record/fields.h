#ifndef KITH_RECORD_FIELDS_H
#define KITH_RECORD_FIELDS_H
/*
 * The record's fields as one table: what the JSON Schema, kith-record(5) and
 * the checks are made from, and the few readings of a record that every room
 * shares.
 */
#include "record/asks.h"
#include "record/record.h"

#define RECORD_SCHEMA_VERSION "2"

struct field {
	const char *name; /* "from", or "from.email" for a member's member */
	const char *type; /* "string" "time" "address" "address[]" "object"
			     "string[]" "boolean" "integer" "enum:a|b|c"
			     "channel" (one of record/channels.h) ... */
	const char *by; /* the tool that writes it */
	const char *doc; /* one sentence */
};

/* Ends with a NULL name. */
extern const struct field fields[];

/* Writes the JSON Schema (draft 2020-12) of a record, pretty-printed. */
void fields_schema(struct buf *out);
/* Writes the FIELDS section of kith-record(5) in mdoc.  For tests, which
 * compare it with the page. */
void fields_manual(struct buf *out);
/*
 * Checks a message record's known members against the table: 0, or -1 with
 * "from.tel: not an E.164 number" or the like.
 */
int fields_check(struct record *r, struct err *e);
/* What the schema takes for a mail address, and for a uri. */
bool fields_is_email(struct str s);
bool fields_is_uri(struct str s);

/* A record's own time: receivedAt where it stands, else sentAt; TIME_NONE. */
int64_t record_time(struct record *r);
/* From when on it is true: of a later version (keyword updated) that says when
 * it was changed (data.editedAt, data.updatedAt) that, else record_time. */
int64_t record_known(struct record *r);
static inline __attribute__((always_inline)) bool
record_is(const struct record *r, const char *member, const char *value)
{
	return json_is(record_get(r, member), value);
}
/* Where merge had set it aside before it was let in; absent. */
static inline struct str
record_moved_from(struct record *r)
{
	return record_str(r, "movedFrom");
}
bool record_has_keyword(const struct record *r, const char *keyword);
/* One of several, ended by NULL. */
bool record_has_any(const struct record *r, const char *const *keywords);

#endif
