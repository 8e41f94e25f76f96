#ifndef KITH_SOURCE_DESK_DESK_H
#define KITH_SOURCE_DESK_DESK_H
/*
 * What helpdesks, live chats and telephone services have in common: one object
 * tells of a conversation and of many messages, by members whose spelling
 * varies with the version and with who saved it, on a channel that has the
 * service's own name.  Everything lives in n->message's arena, until the next
 * message.
 */
#include "source/native.h"

/*
 * A member by its name in snake_case, "created_at", however it is spelled
 * (createdAt, CreatedAt, created-at, "Created at"): of a list "a|b" the first
 * that is something, neither null nor empty.  JSON_ABSENT.
 */
struct json desk_get(struct json from, const char *names);
/* The same as text, STR_NONE where it is none; as a time, TIME_NONE. */
struct str desk_text(struct normalize *n, struct json from, const char *names);
int64_t desk_time(struct normalize *n, struct json from, const char *names);
/* true, or a word or number for it. */
bool desk_true(struct json v);
/* Is one of the list "a|b" the word, however it is spelled? */
bool desk_is(struct str word, const char *list);

/* The same for times that are UTC and do not say so. */
int64_t desk_time_utc(struct normalize *n, struct json from, const char *names);

/* kith's channel for a service's word, "facebook-messenger"; NULL. */
const char *desk_channel(struct str word);

/* How a call ended, in the words of data.disposition; NULL. */
const char *desk_disposition(struct str word);

/* An id as this message's or its thread's: by mail these are the world's, so
 * there the service's name is before it. */
struct str desk_ref(struct normalize *n, const char *service, struct str id);
/* native_emit: the id is made with the service's name, so that an export which
 * does not tell the channel or account has the same. */
enum stage_result
desk_emit(struct normalize *n, const char *service, struct err *e);
/* native_emit of a receipt beside the message of that id: at that time it was
 * known that it did not arrive, and why. */
enum stage_result desk_failed(struct normalize *n, const char *service,
    struct str id, int64_t at, struct str reason, struct err *e);
/*
 * A ticket whose messages are elsewhere: an event `kind` of its own thread, of
 * n->message as far as it is read, with an excerpt of what was written.
 */
struct desk_standing {
	const char *service, *kind; /* "gorgias", "ticket" */
	struct json item;
	int64_t sent;
	struct str id, excerpt;
	bool html; /* the excerpt is */
	void (*write)(void *arg, struct writer *w); /* what else data has */
	void *arg;
};
enum stage_result desk_standing(
    struct normalize *n, const struct desk_standing *s, struct err *e);
/* Is the message, on its channel, a letter with quotes and signature? */
bool desk_letters(const struct message *m);

/* Name, mail address and number of a person's object. */
void desk_person(struct normalize *n, struct json person, struct address *a);
/* What a channel calls somebody by: an address, a number or a name. */
void desk_handle(struct normalize *n, struct address *a, struct str handle);

/* The message's text, of HTML where it is; what answers by mail is parted from
 * its quotes and signature where letter is set.  0, or -1. */
int desk_body(
    struct normalize *n, struct str raw, bool html, bool letter, struct err *e);
/* What the things of a list are called, as a list of that name: each is a text,
 * or an object whose member of keys ("name|id") is it.  Nothing where there is
 * none. */
void desk_names(struct normalize *n, struct writer *w, const char *name,
    struct json list, const char *keys);
/* One file, or a list of them. */
void desk_attach(struct normalize *n, struct json files);

/* Where data is written: how somebody liked it, as a number where it is one,
 * of `of`, which may be NULL. */
void desk_rating(struct normalize *n, struct writer *w, struct str score,
    const char *of, struct str comment);

/*
 * For telling a format: how many of the names "a|b" stand in the first object
 * of a file of JSON, or in what its members of the names within ("" for none)
 * lead to, some steps deep.  Each counts once; at most 64.
 */
size_t desk_marks(struct str head, const char *within, const char *names);
/* How many of the columns "a|b" the table has; 0 for what is none. */
size_t desk_columns(struct str head, const char *names);

/* A length of time: a number of seconds, or 1:02:03, as seconds. */
void desk_seconds(
    struct normalize *n, struct writer *w, const char *name, struct json v);

#endif
