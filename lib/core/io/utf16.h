#ifndef KITH_CORE_IO_UTF16_H
#define KITH_CORE_IO_UTF16_H
/*
 * Files in UTF-16, as Windows programs save text: read as UTF-8, so that no
 * format has to know.  Places in them count the decoded bytes.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/io/stream.h"

enum {
	UTF16_NOT,
	UTF16_LITTLE,
	UTF16_BIG,
};

struct utf16 {
	struct input *input; /* what to read: the file, or its decoded text */
	struct input *file;
	struct str left; /* of the block in hand */
	bool big, begun;
	int odd; /* a byte whose other half is in the next block, or -1 */
	uint32_t high; /* half of a pair, or 0 */
};

/*
 * u->input is to be read in file's place (borrowed) until the close; max_line
 * is its ceiling, as for file.  0, or -1 where the file's beginning cannot be
 * read.
 */
int
utf16_open(struct utf16 *u, struct input *file, size_t max_line, struct err *e);
void utf16_close(struct utf16 *u);
/* A file's first bytes as its text: in the arena where they are UTF-16, else
 * as they are. */
struct str utf16_head(struct str head, struct arena *a);

#endif
