#ifndef KITH_CORE_IO_STREAM_H
#define KITH_CORE_IO_STREAM_H
/*
 * Input in blocks and lines, output in blocks.  The input calls `idle` before
 * a read that would block, which is where the driver flushes: a live pipeline
 * has no delay and a batch one has full blocks.  Input that is compressed
 * (gzip, zstd, xz, bzip2, lz4: told by its first bytes) is read through
 * core/io/archive.h.
 */
#include "core/buf.h"
#include "core/err.h"

enum {
	STREAM_BLOCK = 256 << 10, /* bytes of input held, lines permitting */
	STREAM_OUT = 128 << 10, /* bytes of output that are a block */
};

struct input;

enum input_result {
	INPUT_END = 0,
	INPUT_LINE = 1,
	INPUT_LONG = 2, /* past the ceiling: skipped to its end, see below */
	INPUT_FAIL = -1,
};

/*
 * path "-" or NULL is standard input.  max_line is the ceiling of a line in
 * bytes.  NULL on error.
 */
struct input *input_open(const char *path, size_t max_line, struct err *e);
/* The same, also decompressed, over a function that reads up to n bytes to p
 * (0 at the end, -1); name is copied. */
struct input *input_from(const char *name,
    ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e), void *arg,
    size_t max_line, struct err *e);
/* The same over bytes in memory: *left is what is still to be read. */
struct input *input_from_bytes(
    const char *name, struct str *left, size_t max_line, struct err *e);
/* What input_from gives comes from this file (borrowed): where that would wait,
 * it does. */
void input_over(struct input *in, const struct input *file);
void input_close(struct input *in);
/*
 * In a process that has no files any more: bytes come from this function, as
 * input_raw gives them in the one that has.
 */
void input_reroute(struct input *in,
    ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e), void *arg);
/* Up to n bytes behind those that are held, decompressed, to p, where nothing
 * else is read of it here any more: how many, 0 at the end, -1. */
ptrdiff_t input_raw(struct input *in, void *p, size_t n, struct err *e);
/* The descriptor of a file on disk that is read as it stands, by its name; -1
 * where it is none: standard input, a pipe, what is unpacked. */
int input_file(const struct input *in);
enum { INPUT_KEPT = 3 };
/* Whoever reads it in a process of its own has this file there, too: as long as
 * `in` or until the next input_keep_none.  At most INPUT_KEPT; -1 is none. */
void input_keep(struct input *in, int fd);
void input_keep_none(struct input *in);
/* Those, *n of them. */
const int *input_kept(const struct input *in, size_t *n);
/*
 * The first bytes without taking them, at most n (n up to STREAM_BLOCK): 0,
 * or -1.  Fewer where the file is shorter or cannot be read further (what is
 * wrong comes with the next read), and 1 where more may come: a live pipe
 * gave a whole line, and a second later the next read would still wait.
 */
int input_peek(struct input *in, size_t n, struct str *head, struct err *e);
/* Waits for bytes behind those that are held: 1, 0 at the end, -1. */
int input_await(struct input *in, struct err *e);
/* idle's error (0 or -1) becomes the input's. */
void
input_on_idle(struct input *in, int (*idle)(void *, struct err *e), void *arg);
/*
 * The next line without its newline; a last line without one counts.  The
 * slice lives until the next call and has BUF_PAD readable bytes behind it.
 * INPUT_LONG gives the line's first bytes (at most 4096).
 */
enum input_result input_line(struct input *in, struct str *line, struct err *e);
/* True with the line behind it, where that is here already: for fetching into
 * the cache what it will ask for.  Until the next call, but the line in hand
 * stays where it is beyond that. */
bool input_ahead(struct input *in, struct str *line);
/* The same with one line after the other, each once: all that are here. */
bool input_further(struct input *in, struct str *line);
/*
 * Blocks instead of lines: 1 with the next bytes (at least one), 0 at the
 * end, -1.
 */
int input_block(struct input *in, struct str *bytes, struct err *e);
/*
 * The same with what the caller keeps of the last bytes, its end, before the
 * new ones: *bytes is that, or STR_NONE at first, and grows at its end.  They
 * stand in the input's own memory, may be written there, and live until the
 * next call.
 */
int input_more(struct input *in, struct str *bytes, struct err *e);
/* What messages call it; lines given so far; bytes read of the file; its size
 * or -1; where the last line began, in bytes of the decompressed stream. */
const char *input_name(const struct input *in);
uint64_t input_lines(const struct input *in);
uint64_t input_bytes(const struct input *in);
int64_t input_size(const struct input *in);
uint64_t input_offset(const struct input *in);

/*
 * A failure is for good: bytes that did not leave stay held, nothing is
 * written any more, and every later flush and the close fail with the same
 * error.
 */
struct output {
	int fd;
	struct buf buf;
	uint64_t written; /* bytes that left */
	bool failed;
	struct err failure;
};

void output_init(struct output *o, int fd);
/* Writes the first n bytes that are held and keeps the rest. */
int output_flush_part(struct output *o, size_t n, struct err *e);
/* Nothing of what is held may leave: as if writing had failed so. */
void output_fail(struct output *o, const struct err *why);
/* Writes what is held; 0 or -1.  EPIPE arrives as SIGPIPE in filters. */
int output_flush(struct output *o, struct err *e);
/* Flushes when a block is full. */
int output_ready(struct output *o, struct err *e);
/* What was flushed is on disk, where it went to a file.  0 or -1. */
int output_sync(struct output *o, struct err *e);
/* Flushes, closes with a check, frees. */
int output_close(struct output *o, struct err *e);

#endif
