#ifndef KITH_CORE_IO_UNPACKWORKER_H
#define KITH_CORE_IO_UNPACKWORKER_H
/*
 * The worker that unpacks (core/sandbox/worker.h), and what it and
 * core/io/unpack.c say to each other.  That believes nothing of it without a
 * look.
 *
 * Who asks writes a question; OPEN is followed by the first bytes of a stream.
 * An answer is its length, an enum answer, and what belongs to it; WANT is one
 * of a stream, and asks for n bytes of it: a number of them, then they, or -1
 * and a struct err.
 */
#include "core/io/packed.h"
#include "core/str.h"

enum {
	ANSWER_MAX = 1 << 20, /* bytes that a request may ask for */
	WANTED_MAX = 60 << 10, /* of a stream at once: a pipe holds them */
};

enum request { NEXT = 1, READ, OPEN /* n bytes follow */, CLOSE };
enum answer { DONE = 1, FAILED, WANT };

struct question {
	uint64_t what, n;
};

/* An archive: a file, or bytes. */
struct unpack_input {
	int fd; /* else -1 */
	const char *path;
	struct str bytes;
};

/* In the worker: the archive of a struct unpack_input. */
void unpack_one(void *arg, int in, int out);
/* In the worker: streams, one after the other; arg is NULL. */
void unpack_streams(void *arg, int in, int out);

#endif
