#ifndef KITH_RECORD_FIELDS_H
#define KITH_RECORD_FIELDS_H
/*
 * The record's fields as one table: what the JSON Schema, kith-record(5) and
 * the checks are made from, and the few readings of a record that every room
 * shares.
 */
#include "record/asks.h"
#include "record/record.h"

#define RECORD_SCHEMA_VERSION "1"

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

/* A record's own time: receivedAt where it stands, else sentAt; TIME_NONE. */
int64_t record_time(struct record *r);
/* From when on it is true: of a later version (keyword updated) that says when
 * it was changed (data.editedAt, data.updatedAt) that, else record_time. */
int64_t record_known(struct record *r);
static inline bool
record_is(const struct record *r, const char *member, const char *value)
{
	return json_is(record_get(r, member), value);
}
bool record_has_keyword(const struct record *r, const char *keyword);

/* Whose turn it is after a record. */
enum talk_kind {
	TALK_NONE, /* whose it was */
	TALK_REQUEST, /* ours: it asks (record/asks.h) */
	/*
	 * Theirs: a human answer of ours.  Outbound, no keyword of automatic,
	 * bounce, list, draft, deleted, junk, private, and not quarantined; for
	 * a draft, with a delivery that says sent, or more.  A call in which somebody
	 * spoke is one, whoever called.
	 */
	TALK_ANSWER,
};
/* Does it answer by the record itself, as merge finds it: whatever merge wrote
 * into it before? */
bool record_answers_itself(struct record *r);
/* What it is where the record asks, or why it does not. */
enum talk_kind record_talk_by(struct record *r, enum asks why);
static inline enum talk_kind
record_talk(struct record *r)
{
	return record_talk_by(r, record_asks(r));
}
static inline bool
record_is_request(struct record *r)
{
	return record_talk(r) == TALK_REQUEST;
}
static inline bool
record_is_answer(struct record *r)
{
	return record_talk(r) == TALK_ANSWER;
}

#endif
