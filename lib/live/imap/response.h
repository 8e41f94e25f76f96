#ifndef KITH_LIVE_IMAP_RESPONSE_H
#define KITH_LIVE_IMAP_RESPONSE_H
/*
 * What an IMAP server says, one response after the other (RFC 3501, sections 7
 * and 9; RFC 9051), from a stream of bytes.  A literal is counted, so that
 * nothing in a mail reads as a response.  The lines of status responses, which
 * are text for people, have none.
 *
 * The server may be anybody: a line has a ceiling, so has what is kept of
 * literals, and what is above that is read and dropped.
 */
#include "core/buf.h"
#include "core/vec.h"
#include "live/stream.h"

enum {
	IMAP_LINE = 1 << 20, /* bytes of a response beside its literals */
	IMAP_LITERALS = 4096, /* of a response */
	IMAP_BLOCK = 64 << 10, /* bytes that are asked of the stream at once */
};
#define IMAP_LITERAL (UINT64_C(1) << 40) /* bytes of one, at most */

struct imap_literal {
	size_t at, kept; /* in the reader's bytes */
	uint64_t size; /* that the server gave it */
};

enum imap_reader_state { IMAP_IN_LINE, IMAP_IN_LITERAL, IMAP_DONE };

/* A reader and the response in hand. */
struct imap_reader {
	struct live_stream stream;
	struct buf in; /* came and was not read; from `taken` on */
	size_t taken;
	struct buf text; /* without the last CRLF and what is in literals */
	struct buf bytes; /* of the literals, one behind the other */
	struct VEC(struct imap_literal) literals;
	enum imap_reader_state state;
	uint64_t left; /* of the literal that is being read */
};

/* keep: bytes of literals that are kept of a response. */
void imap_reader_init(
    struct imap_reader *r, const struct live_stream *stream, size_t keep);
void imap_reader_release(struct imap_reader *r);
/*
 * The next response: 1; 0 where the stream gave nothing for wait_ms, after
 * which it may be asked again; -1.  What was given before is gone.
 */
int imap_read(struct imap_reader *r, int wait_ms, struct err *e);

/* A response in words. */
enum imap_kind {
	IMAP_END, /* there is nothing more, or nothing that reads */
	IMAP_ATOM, /* also a number, a flag, BODY[...] with its brackets */
	IMAP_STRING, /* quoted, or a literal */
	IMAP_OPEN,
	IMAP_CLOSE,
};

struct imap_word {
	enum imap_kind kind;
	struct str text; /* until the next response; NIL is an atom */
	uint64_t size; /* of a literal, which may be more than was kept */
};

struct imap_words {
	struct imap_reader *reader;
	size_t at, literal;
};

struct imap_words imap_words(struct imap_reader *r);
/* The next.  Escapes of a quoted string are taken out in place: the words of a
 * response are read once. */
struct imap_word imap_next_word(struct imap_words *w);
/* Passes over the value that begins with this word: all of a list. */
void imap_skip(struct imap_words *w, const struct imap_word *first);
/* What is left of the line, as it stands. */
struct str imap_rest(const struct imap_words *w);
/* The number that an atom is: 0, or -1. */
int imap_number(const struct imap_word *word, uint64_t *out);

#endif
