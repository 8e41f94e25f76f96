#ifndef KITH_SOURCE_NATIVE_H
#define KITH_SOURCE_NATIVE_H
/*
 * Reading a native item of JSON into a message: what services' exports have in
 * common.  Everything lives in n->message's arena, until the next message.
 *
 * What formats give alike, so that tools and people find it where it is in all
 * of them:
 *	messageId	the service's own id, with that of its place before it
 *			where it is unique only there: "C1/42"
 *	threadId	the id of the chat, ticket, channel, room
 *	inReplyTo	what it answers or quotes, in the form of messageId
 *	keywords	edited, deleted, private, draft, bot, automatic
 *	data.editedAt, deletedAt	when
 *	data.reactions	[{"name":"👍","count":2,"by":["telegram:user1"]}]
 *	data.subtype	what an event of the service is, in its own word; a
 *			line of the system is an event, never a message
 *	data.chat	the name of the place, where `to` does not have it
 *	data.zone	of times that were local, the one that was taken
 * Calls are of the type call: data.duration in seconds, data.disposition.
 * Ratings, consents and receipts are events: data.act (kith-record(5)).
 */
#include "source/item.h"

/* What this member is: a string, or a number as it is written; without blanks
 * around it.  Absent where it is empty, null or missing. */
struct str native_text(struct normalize *n, struct json from, const char *name);
/* The same of a value. */
struct str native_value(struct normalize *n, struct json v);
/*
 * What an item without an id of its own is made of, for the record's: all that it
 * says, however it is spaced, escaped and ordered, and without what is null
 * (members by their names' bytes, as RFC 8785 has it).
 */
struct str native_content(struct normalize *n, struct json v);
/* The first of these members (NULL-terminated) that is something. */
struct str
native_any(struct normalize *n, struct json from, const char *const *names);
/* The member of a member ...: "from/user/id". */
struct json native_at(struct json from, const char *path);

/*
 * A time: a number, also in quotes, of seconds (with a fraction), or by its size
 * of milli-, micro- or nanoseconds since 1970; RFC 3339, RFC 5322, and what
 * source/clock/when.h reads.  0, or -1 where it is none.
 */
int native_time(struct normalize *n, struct json v, int64_t *out);
int native_time_text(struct normalize *n, struct str s, int64_t *out);
/* A time without a zone is in UTC, as services and pipelines write it:
 * "2026-03-02 10:00:00.123". */
int native_time_utc(struct normalize *n, struct str s, int64_t *out);

/* HTML as text (text/markup/html.h); plain text with a "<" in it is left as it
 * is where no tag stands there. */
int native_html(
    struct normalize *n, struct str html, struct str *out, struct err *e);

/* A uri of a channel, "telegram:user1"; absent without an id. */
struct str native_uri(struct normalize *n, const char *scheme, struct str id);
/* A mail address as it is written, "Ann <ann@x.example>" too. */
void native_email(struct normalize *n, struct address *a, struct str raw);

/*
 * Where n->message's data is written: native_data opens the object, and
 * native_data_end gives it to the message, unless it is empty.
 */
struct writer *native_data(struct normalize *n);
int native_data_end(struct normalize *n, struct err *e);
/* A member of data, where the value is something. */
void native_data_raw(struct writer *w, const char *name, struct json v);

/* `beside` of the native record (source/json/items.h), and its member. */
struct json native_beside(const struct normalize *n, const char *name);
/* Emits n->message. */
enum stage_result native_emit(struct normalize *n, struct err *e);
/*
 * What came of a part of the item: the number-th of its list (0: the only one) of
 * this name.  A rejected part costs itself, and is said at its place,
 * "at/events#2": STAGE_OK then, also where `is` was, else STAGE_FATAL.
 */
enum stage_result native_part(struct normalize *n, enum stage_result is,
    const char *name, size_t number, struct json part, struct err *e);
/* Rejects the item: why is a sentence.  Returns STAGE_REJECT. */
enum stage_result native_reject(struct err *e, const char *why);

#endif
