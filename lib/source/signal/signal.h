#ifndef KITH_SOURCE_SIGNAL_SIGNAL_H
#define KITH_SOURCE_SIGNAL_SIGNAL_H
/*
 * Signal: what signal-cli receives, and exports of Signal Desktop by sigexport.
 */
#include "source/native.h"

/* Who is told by a uuid, a number, or an old member that is either. */
struct signal_who {
	struct str uuid, number, name;
};

struct signal_view {
	struct normalize *n;
	struct message *m;
	struct json envelope;
	struct json said; /* the message in it, of whichever kind */
	struct str account; /* our number, or absent */
	struct signal_who author;
	struct str edited; /* the time of what this edits, or absent */
	bool own; /* sent from another device of ours */
};

struct str
signal_text(struct signal_view *v, struct json from, const char *name);
/* prefix: "source", "destination", "targetAuthor", "author". */
struct signal_who
signal_who(struct signal_view *v, struct json from, const char *prefix);
struct address signal_address(struct signal_view *v, struct signal_who who);
/* AUTHOR/TIME, where we are called by our number: all that receipts know. */
struct str
signal_id(struct signal_view *v, const struct signal_who *who, struct str time);
/* Text, quoted, attachments of v->said, and data's members for the rest. */
void signal_body(struct signal_view *v);
void signal_body_data(struct signal_view *v, struct writer *w);

/* The line that begins a message of an export:
 *	[2019-12-24, 12:23] Ana Riba: text
 *	[2019-12-24 12:23:05] Me: text
 * The bytes before the text, 0 where it is none; *time and *name are parts. */
size_t signal_line(struct str line, struct str *time, struct str *name);
int signal_read_text(struct ingest *in, struct input *file, struct err *e);

enum stage_result
signal_envelope(struct normalize *n, struct json native, struct err *e);
enum stage_result
signal_export(struct normalize *n, struct json native, struct err *e);

#endif
