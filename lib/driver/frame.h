#ifndef KITH_DRIVER_FRAME_H
#define KITH_DRIVER_FRAME_H
/*
 * What a run and its worker say to each other through two pipes.  Both are the
 * same program, but the run believes nothing of a worker without a look: who
 * works on what strangers wrote may have been taken over by it.
 *
 * A request is a head, the name of a file, the lines' own heads, and the bytes
 * that they stand in.  A reply is a head, notes (rejects, sums, messages, in
 * the order in which they were given) and records.
 */
#include "core/buf.h"
#include "core/err.h"

enum { NOTES_MAX = 1 << 28 /* bytes of a reply's notes */ };

enum frame_kind { FRAME_LINES = 1, FRAME_END = 2 };

struct frame_request {
	uint32_t kind, lines;
	uint64_t name, bytes; /* of the name with its NUL, of all lines */
};

struct frame_line {
	uint64_t number, at, bytes; /* at: in the bytes of the request */
};

struct frame_reply {
	uint64_t records, notes, bytes; /* how many; bytes of notes, records */
};

enum frame_note {
	NOTE_REJECT = 1, /* line, why: of the request's lines, from 0 */
	NOTE_ITEM, /* line, has a place, file, at, why, bytes: sink_reject */
	NOTE_SUM, /* number, name */
	NOTE_SAID, /* level, has a place, place, text: diag */
	NOTE_FATAL, /* code, why: the run ends */
};

void frame_put(struct buf *b, const void *p, size_t n);
void frame_put_number(struct buf *b, uint64_t n);
void frame_put_str(struct buf *b, struct str s);
/* Take from the front of *in: 0, or -1 where there is not so much. */
int frame_get(struct str *in, void *p, size_t n);
int frame_get_number(struct str *in, uint64_t *out);
int frame_get_str(struct str *in, struct str *out);

/* All of it, through interruptions: 0, or -1 at the end and where it fails. */
int frame_read(int fd, void *p, size_t n);
int frame_write(int fd, const void *p, size_t n);

#endif
