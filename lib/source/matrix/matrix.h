#ifndef KITH_SOURCE_MATRIX_MATRIX_H
#define KITH_SOURCE_MATRIX_MATRIX_H
/*
 * Events of Matrix rooms: what the parts of the format share.
 */
#include "source/native.h"

struct matrix_view {
	struct normalize *n;
	struct message *m;
	struct json native, content; /* of an edit, what it says now */
	struct json relates; /* m.relates_to */
	struct str type, room;
	bool edit; /* a later version of another event */
};

struct str
matrix_text(struct matrix_view *v, struct json from, const char *name);
/* The room, as the event tells it or what it was fetched with. */
void matrix_room(struct matrix_view *v);
/* Text, quoted, attachments of a message. */
int matrix_body(struct matrix_view *v, struct err *e);
/* Members of data that its kind of message has. */
void matrix_message_data(struct matrix_view *v, struct writer *w);
/* A record for each who read something. */
enum stage_result matrix_receipts(struct matrix_view *v, struct err *e);

enum stage_result
matrix_normalize(struct normalize *n, struct json native, struct err *e);

#endif
