#ifndef KITH_LIVE_IMAP_CLIENT_H
#define KITH_LIVE_IMAP_CLIENT_H
/*
 * An IMAP client that only looks (RFC 3501, RFC 9051): EXAMINE and BODY.PEEK
 * are all that it has, so that no mailbox is changed by it, not even a flag.
 * It speaks over any stream that is logged in.
 *
 * Each command gives IMAP_OK; IMAP_NO where the server refused it and the
 * connection is good (e has its words); IMAP_BROKEN where it is not: e says
 * why, ERR_AGAIN where another connection may do better.
 */
#include "core/arena.h"
#include "live/imap/response.h"

enum {
	IMAP_WAIT_MS = 60000, /* in which a server that works says something */
	IMAP_NAMES = 256, /* flags or labels of a mail that are kept */
};

enum imap_answer { IMAP_OK = 0, IMAP_NO = 1, IMAP_BROKEN = -1 };

enum imap_capability {
	IMAP_IDLE = 1, /* RFC 2177 */
	IMAP_CONDSTORE = 2, /* RFC 7162 */
	IMAP_GMAIL = 4, /* X-GM-EXT-1 */
	IMAP_SPECIAL = 8, /* RFC 6154 */
	IMAP_QRESYNC = 16, /* RFC 7162 */
};

/* What LIST says of a folder. */
enum imap_attribute {
	IMAP_NOSELECT = 1, /* also one that is not there */
	IMAP_ALL = 2,
	IMAP_SENT = 4,
};

struct imap_folder {
	struct str name; /* as the server writes it */
	char delimiter; /* of its hierarchy, or 0 */
	unsigned attributes;
};

/* A folder that is open. */
struct imap_box {
	uint64_t exists, uid_validity, uid_next, modseq;
	bool news; /* EXISTS came since this was set to false */
};

struct imap_names {
	struct str v[IMAP_NAMES];
	size_t n;
};

/* What FETCH says of a mail; what it does not is 0 or absent. */
struct imap_mail {
	uint64_t uid, size;
	struct str body; /* as much of it as is kept */
	uint64_t body_size; /* all of it */
	struct str received, thread; /* INTERNALDATE, X-GM-THRID */
	struct imap_names flags, labels;
	bool has_flags; /* it says them, none too */
};

/* What is known of a folder since it was open last: all UIDs up to this one, as
 * they were then. */
struct imap_known {
	uint64_t uid_validity, modseq, last;
};

struct imap {
	struct imap_reader reader;
	struct imap_box box;
	unsigned capabilities;
	uint64_t tag; /* of the last command */
	struct buf line, said; /* a command; what the server said last */
	struct str code; /* in brackets before that; in `said` */
	int wait_ms;
	bool ended; /* it said BYE */
	bool qresync; /* it was told to say what vanished */
	struct imap_mail mail;
	/* Who is told; each may be NULL.  -1 ends the command so. */
	int (*on_mail)(void *arg, const struct imap_mail *m, struct err *e);
	int (*on_folder)(void *arg, const struct imap_folder *f, struct err *e);
	/* UIDs from one to another that are not there any more. */
	int (*on_gone)(void *arg, uint64_t from, uint64_t to, struct err *e);
	void *arg;
};

/* keep: bytes of a mail that are kept. */
void imap_init(struct imap *c, const struct live_stream *stream, size_t keep);
void imap_release(struct imap *c);

enum imap_answer imap_ask_capabilities(struct imap *c, struct err *e);
/* Folders that fit, * and % as in RFC 3501, 6.3.8, to on_folder. */
enum imap_answer imap_list(struct imap *c, struct str pattern, struct err *e);
/* Where it can, it says from now on what vanished. */
enum imap_answer imap_enable(struct imap *c, struct err *e);
/*
 * Opens a folder to be read; its name as LIST has it.  What changed since it was
 * known goes to on_mail and on_gone where the server says so (qresync), and is
 * of another folder where its UIDVALIDITY is another; known may be NULL.
 */
enum imap_answer imap_examine(struct imap *c, struct str name,
    const struct imap_known *known, struct err *e);
/* UID and size of all from this UID on, to on_mail: also the last mail where
 * none is so new (RFC 3501, 6.4.8). */
enum imap_answer imap_uids(struct imap *c, uint64_t from, struct err *e);
/* UID and flags of all up to this UID, or of those that changed behind since, a
 * MODSEQ (RFC 7162); 0: all. */
enum imap_answer
imap_flags(struct imap *c, uint64_t last, uint64_t since, struct err *e);
/*
 * Mails by a set of UIDs ("12,14:20"), to on_mail; the first so many bytes of
 * each where most is not 0.  imap_fetch only asks, so that one more may be
 * asked for while this is under way; imap_fetched is for each, in that order.
 */
int imap_fetch(struct imap *c, struct str set, uint64_t most, struct err *e);
enum imap_answer imap_fetched(struct imap *c, uint64_t tag, struct err *e);
/* Begins to wait, looks whether something came (1, 0 or -1; box.news says that
 * it is mail), and ends to wait. */
enum imap_answer imap_idle(struct imap *c, struct err *e);
int imap_idle_look(struct imap *c, struct err *e);
enum imap_answer imap_idle_end(struct imap *c, struct err *e);
/* Says good-bye, and waits for no answer. */
void imap_logout(struct imap *c);

#endif
