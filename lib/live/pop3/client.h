#ifndef KITH_LIVE_POP3_CLIENT_H
#define KITH_LIVE_POP3_CLIENT_H
/*
 * A POP3 client that only looks (RFC 1939): UIDL, LIST, RETR and TOP are all
 * that it has.  It never says DELE, nor QUIT, after which a server changes what
 * it keeps.  It speaks over any stream that is logged in.
 *
 * Each command gives POP3_OK; POP3_NO where the server refused it and the
 * connection is good (e has its words); POP3_BROKEN where it is not.
 */
#include "core/buf.h"
#include "live/stream.h"

enum {
	POP3_LINE = 64 << 10, /* bytes of a line that is none of a mail's */
	POP3_WAIT_MS = 60000, /* in which a server that works says something */
};

enum pop3_answer { POP3_OK = 0, POP3_NO = 1, POP3_BROKEN = -1 };

struct pop3 {
	struct live_stream stream;
	struct buf in; /* came and was not read; from `taken` on */
	size_t taken;
	struct buf line;
	int wait_ms;
};

void pop3_init(struct pop3 *c, const struct live_stream *stream);
void pop3_release(struct pop3 *c);
/*
 * "UIDL" or "LIST": each line, "NUMBER WORD", to a function that returns 0 or
 * -1, which ends it as POP3_BROKEN.  word is borrowed until it returns.
 */
enum pop3_answer pop3_list(struct pop3 *c, const char *verb,
    int (*one)(void *arg, uint64_t number, struct str word, struct err *e),
    void *arg, struct err *e);
/*
 * A mail by its number, appended to out as far as that has room, and its size;
 * of only the header where head is true (TOP, which not every server has).
 */
enum pop3_answer pop3_retr(struct pop3 *c, uint64_t number, bool head,
    struct buf *out, uint64_t *size, struct err *e);

#endif
