#ifndef KITH_RECORD_SINK_H
#define KITH_RECORD_SINK_H
/*
 * What a stage writes to: records, rejects and sums.  A sink knows nothing of
 * processes, descriptors or exit codes; who owns it (the driver for a tool, a
 * test, another stage) says by its table what becomes of them.
 *
 * A record is appended to sink_out, without its newline, and committed; what
 * was appended since the last commit is taken back by sink_rollback.
 */
#include "core/buf.h"
#include "core/err.h"

/* What a stage says of a line or an item. */
enum stage_result {
	STAGE_OK = 0,
	STAGE_REJECT = 1, /* this record only: e says why; what it wrote since
			     the last commit is taken back */
	STAGE_FATAL = -1, /* the run ends, e says why */
};

struct input;
struct sink;

/* What the owner does; each is borrowed for the sink's life. */
struct sink_owner {
	/* Takes what is committed, sink->mark bytes, off the buffer.  May be
	 * put off by returning 0 with nothing taken.  0 or -1. */
	int (*flush)(struct sink *s, struct err *e);
	/* As sink_reject.  0 or -1. */
	int (*reject)(struct sink *s, struct str file, struct str at,
	    const char *why, struct str bytes, struct err *e);
	/* As sink_sum and sink_progress; each may be NULL. */
	void (*sum)(struct sink *s, const char *name, int64_t add);
	void (*progress)(struct sink *s, uint64_t done, int64_t total);
	/* Where the line in hand stands, for what a stage says itself, until
	 * the next one; may be NULL. */
	const char *(*place)(struct sink *s);
	/* As sink_apart; may be NULL. */
	int (*apart)(struct sink *s, struct input *in,
	    int (*work)(void *arg, struct err *e), void *arg, struct err *e);
};

struct sink {
	const struct sink_owner *owner;
	struct buf *out; /* the owner's; the record in hand at its end */
	size_t mark; /* bytes of it that are committed */
	size_t block; /* so many committed ones are flushed */
	uint64_t ins, outs, rejected; /* records */
};

/* The record in hand is rejected, since it does not fit.  For sink_commit. */
int sink_too_big(struct sink *s, struct err *e);

static inline struct buf *
sink_out(struct sink *s)
{
	return s->out;
}

/* What was begun and not committed. */
static inline void
sink_rollback(struct sink *s)
{
	s->out->n = s->mark;
	s->out->over = false;
}

/* Writes out what is held.  0 or -1. */
static inline int
sink_flush(struct sink *s, struct err *e)
{
	return s->owner->flush(s, e);
}

/*
 * From now on so many committed bytes are held until they leave, if that is
 * more than it was: for a stage where each flush costs much.  A record may be
 * as long as before.
 */
static inline void
sink_hold(struct sink *s, size_t block)
{
	if (block <= s->block)
		return;
	s->out->max += block - s->block;
	s->block = block;
}

/* Ends the record in hand.  -1 where writing failed: return it as fatal. */
static inline int
sink_commit(struct sink *s, struct err *e)
{
	struct buf *out = s->out;

	if (out->over || buf_add_char(out, '\n') < 0)
		return sink_too_big(s, e);
	s->outs++;
	s->mark = out->n;
	return s->mark < s->block ? 0 : sink_flush(s, e);
}

/* Text for people instead of a record: not counted, no newline added. */
int sink_commit_text(struct sink *s, struct err *e);
/* Commits each of these lines, which end with newlines. */
int sink_commit_lines(struct sink *s, struct str lines, struct err *e);

/*
 * Rejects what is not a line of input (an item of a mailbox, a bad entry):
 * file and at (may be empty) tell where, bytes what.  Who reads the lines
 * calls it for STAGE_REJECT.  0 or -1.
 */
int sink_reject(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e);

/* One record came in that was not a line (ingest's items). */
static inline void
sink_count_in(struct sink *s)
{
	s->ins++;
}

/* Adds to a sum of the stage's own, shown in the order of first use:
 * "duplicates", "conversations".  name is borrowed for ever. */
void sink_sum(struct sink *s, const char *name, int64_t add);
/* Bytes of input read so far, and in all (-1 unknown), where a stage reads. */
void sink_progress(struct sink *s, uint64_t done, int64_t total);
/*
 * work(arg), which writes to this sink and reads `in` to its end, by a process
 * that holds nothing, where the owner has such: what it changes stays there,
 * but for what it wrote.  0 or -1 as from work, and -1 with ERR_ITEM where it
 * died: what it wrote until then counts.
 */
int sink_apart(struct sink *s, struct input *in,
    int (*work)(void *arg, struct err *e), void *arg, struct err *e);
/* "file:line" of the line in hand, NULL where there is none. */
const char *sink_place(struct sink *s);

#endif
