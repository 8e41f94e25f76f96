#ifndef KITH_CORE_IO_NEWLINE_H
#define KITH_CORE_IO_NEWLINE_H
/*
 * Files whose lines end with a carriage return alone, as programs for the old
 * Macintosh wrote them and some editors still do: read with newlines, byte for
 * byte, so that no format has to know.
 */
#include "core/io/stream.h"

struct newline {
	struct input *input; /* what to read: the file, or what is read of it */
	struct input *file;
	struct str left; /* of the block in hand */
};

/* n->input is to be read in file's place (borrowed) until the close; head, as
 * much of its beginning as is known, tells whether it is such a file, and
 * max_line is the ceiling, as for file. */
void newline_open(
    struct newline *n, struct input *file, struct str head, size_t max_line);
void newline_close(struct newline *n);

#endif
