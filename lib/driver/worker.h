#ifndef KITH_DRIVER_WORKER_H
#define KITH_DRIVER_WORKER_H
/*
 * Lines in a worker (core/sandbox/worker.h), and what the run and the worker
 * say to each other.  The run believes nothing of it without a look.
 *
 * A request is a head, the name of a file, the lines' own heads, and the bytes
 * that they stand in.  A reply is a head, notes (rejects, sums, messages, in
 * the order in which they were given) and records.
 */
#include "driver/run.h"

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
	uint64_t ins, records, notes, bytes; /* how many; bytes of the two */
	uint64_t wanted; /* bytes of a file that is read, at most */
	uint64_t last; /* of that file */
};

enum frame_note {
	NOTE_REJECT = 1, /* line, why: of the request's lines, from 0 */
	NOTE_ITEM, /* line, has a place, file, at, why, bytes: sink_reject */
	NOTE_SUM, /* number, name */
	NOTE_SAID, /* level, has a place, place, text: diag */
	NOTE_FATAL, /* code, why: the run ends */
};

enum { WANTED_MAX = 256 << 10 };

/* A file that is read by a worker. */
struct apart {
	struct run *run;
	struct input *in;
	int (*work)(void *arg, struct err *e);
	void *arg;
};

/* In the worker: of a struct apart; bytes of the file come from `in`. */
void apart_work(void *apart, int in, int out);
/* In the worker: requests from `in`, what the mode makes of them to `out`, of
 * a struct run. */
void lines_work(void *run, int in, int out);

#endif
