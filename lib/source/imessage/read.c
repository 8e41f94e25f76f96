/*
 * The database into items, in the order of ROWID.  What belongs to a message
 * comes by tables of pairs, which are read beside it in the order of their
 * message_id, so that nothing is looked up but rows by their number.  Memory:
 * SQLite's pages, one item, and who is in which chat.
 *
 * A page that is broken costs the rows in it: the next that can be read is
 * searched by halves, and a reject names the first and the last that cannot.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/diag.h"
#include "core/idset.h"
#include "source/imessage/imessage.h"
#include "source/imessage/rows.h"
#include "source/seek.h"

enum {
	ITEM_STEPS = 20000, /* thousands of SQLite's, for one message */
	PAIR_BYTES = 256, /* of the file, for a thousand of a list of pairs */
	SLOW_MAX = 16, /* messages that took them, until the file is left */
	GAPS_MAX = 1000, /* places that cannot be read */
	MEMBERS_MAX = 4 << 20, /* pairs of chat and handle */
	SHOWN = 12, /* tables of a database that is none of ours */
	HEADER = 100, /* bytes of SQLite's */
	WHY = 320,
};
#define MEMORY_MAX ((size_t)64 << 20)

/* Pairs of a message and what belongs to it, by message. */
struct pairs {
	const char *name, *sql;
	struct stmt *s; /* NULL: there are none, or no more */
	bool held; /* a pair is in hand */
	int64_t message, other, last;
};
enum { CHATS, DELETED, ATTACHMENTS, PAIRS };

struct member {
	int64_t chat, handle;
};

struct reader {
	struct ingest *in;
	struct db *db;
	struct rows message, handle, chat, attachment;
	struct stmt *messages, *one_handle, *one_chat, *one_attachment;
	struct pairs pairs[PAIRS];
	struct VEC(struct member) members; /* sorted by chat */
	struct idset chats; /* whose blobs were written */
	struct idset said; /* what cannot be read, and was said to */
	int64_t last; /* ROWID of the message before */
	unsigned slow, gaps;
	char why[WHY]; /* what of the item in hand cannot be read, or "" */
	char at[32];
};

/* "message/7", of the item in hand, or a reject. */
static struct str
place(struct reader *r, int64_t rowid)
{
	snprintf(r->at, sizeof(r->at), "message/%" PRId64, rowid);
	return str_of(r->at);
}

/* SQLite's own sentence, without the file's name. */
static const char *
sentence(const struct reader *r, const struct err *e)
{
	size_t n = strlen(r->in->file);

	if (db_is_spent(r->db))
		return "takes too long: the table has no index, or a broken "
		       "one";
	return strncmp(e->msg, r->in->file, n) == 0 &&
		       strncmp(e->msg + n, ": ", 2) == 0
		   ? e->msg + n + 2
		   : e->msg;
}

/* The first of what is wrong with an item; of a row that many have once. */
static void
note(struct reader *r, const char *what, int64_t rowid, const struct err *why)
{
	char id[64];
	int n = snprintf(id, sizeof(id), "%s/%" PRId64, what, rowid);

	if (idset_add(&r->said, idset_hash(str_make(id, (size_t)n))) &&
	    r->why[0] == '\0')
		snprintf(r->why, sizeof(r->why), "its %s cannot be read: %s",
		    what, sentence(r, why));
	r->slow += db_is_spent(r->db);
}

/* Lists of pairs. */

/* The next pair in hand.  One before the last is of a broken index. */
static void
pairs_next(struct reader *r, struct pairs *p)
{
	struct err e;
	int rc = p->s == NULL ? 0 : stmt_step(p->s, &e);

	p->held = rc > 0;
	if (rc > 0) {
		p->message = stmt_col_int(p->s, 0);
		p->other = stmt_col_int(p->s, 1);
		if (p->message >= p->last) {
			p->last = p->message;
			return;
		}
		err_set(&e, "its index is not in order");
	}
	if (rc != 0)
		note(r, p->name, 0, &e);
	if (p->s != NULL)
		stmt_reset(p->s);
	p->s = NULL;
	p->held = false;
}

/* Is there one (more) of this message? */
static bool
pairs_of(struct reader *r, struct pairs *p, int64_t message)
{
	while (p->held && p->message < message)
		pairs_next(r, p);
	return p->held && p->message == message;
}

static int
pairs_open(struct reader *r, struct pairs *p, int64_t size, struct err *e)
{
	struct rows table;
	struct err why;
	bool there;

	*p =
	    (struct pairs){ .name = p->name, .sql = p->sql, .last = INT64_MIN };
	there = rows_open(&table, r->db, p->name, &why) == 0 && table.there;
	rows_release(&table);
	if (!there)
		return 0;
	p->s = db_prepare(r->db, p->sql, &why);
	if (p->s == NULL)
		return ingest_reject(
		    r->in, str_of(p->name), sentence(r, &why), STR(""), e);
	/* Without an index all of it is sorted now. */
	db_steps(r->db, ITEM_STEPS + size / PAIR_BYTES);
	pairs_next(r, p);
	if (r->why[0] == '\0')
		return 0;
	r->why[0] = '\0';
	return ingest_reject(r->in, str_of(p->name),
	    "cannot be read; messages come without what it tells of", STR(""),
	    e);
}

/* Who is in which chat. */

static int
by_chat(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return x->chat != y->chat
		   ? (x->chat > y->chat) - (x->chat < y->chat)
		   : (x->handle > y->handle) - (x->handle < y->handle);
}

static int
read_members(struct reader *r, int64_t size, struct err *e)
{
	static const char table[] = "chat_handle_join";
	struct rows rows;
	struct stmt *s = NULL;
	struct err why;
	int rc = rows_open(&rows, r->db, table, &why);

	if (rc == 0 && rows.there) {
		s = db_prepare(r->db,
		    "SELECT chat_id, handle_id FROM chat_handle_join", &why);
		rc = s == NULL ? -1 : 0;
	}
	rows_release(&rows);
	db_steps(r->db, ITEM_STEPS + size / PAIR_BYTES);
	while (s != NULL && (rc = stmt_step(s, &why)) > 0) {
		if (r->members.n == MEMBERS_MAX) {
			rc = err_set(&why, "more than %d", (int)MEMBERS_MAX);
			break;
		}
		vec_add(&r->members,
		    (struct member){ stmt_col_int(s, 0), stmt_col_int(s, 1) });
	}
	if (r->members.n > 1)
		qsort(
		    r->members.v, r->members.n, sizeof(*r->members.v), by_chat);
	return rc == 0 ? 0
		       : ingest_reject(r->in, str_of(table), sentence(r, &why),
			     STR(""), e);
}

/* The first of a chat's, by halves. */
static size_t
first_member(const struct reader *r, int64_t chat)
{
	size_t from = 0, to = r->members.n;

	while (from < to) {
		size_t half = from + (to - from) / 2;

		if (r->members.v[half].chat < chat)
			from = half + 1;
		else
			to = half;
	}
	return from;
}

/* Rows by their number. */

/* As an object that is left open, and true; nothing where there is none. */
static bool
write_one(struct reader *r, const struct rows *rows, struct stmt *s,
    int64_t rowid, bool blobs, const char *key, struct writer *w)
{
	struct err e;
	int rc;

	if (s == NULL)
		return false;
	stmt_int(s, 1, rowid);
	rc = stmt_step(s, &e);
	if (rc < 0)
		note(r, rows->name, rowid, &e);
	if (rc > 0) {
		if (key != NULL)
			write_key(w, key);
		write_object(w);
		rows_write(rows, s, 0, blobs, w);
	}
	stmt_reset(s);
	return rc > 0;
}

static void
write_handle(struct reader *r, int64_t rowid, const char *key, struct writer *w)
{
	if (rowid != 0 &&
	    write_one(r, &r->handle, r->one_handle, rowid, true, key, w))
		write_object_end(w);
}

static void
write_members(struct reader *r, int64_t chat, struct writer *w)
{
	size_t i = first_member(r, chat);

	write_key(w, "participants");
	write_list(w);
	for (; i < r->members.n && r->members.v[i].chat == chat; i++)
		write_handle(r, r->members.v[i].handle, NULL, w);
	write_list_end(w);
}

/* Properties of a chat are large: once. */
static void
write_chat(struct reader *r, const struct pairs *p, struct writer *w)
{
	struct str id = str_make((const char *)&p->other, sizeof(p->other));
	bool first = idset_add(&r->chats, idset_hash(id));

	if (!write_one(r, &r->chat, r->one_chat, p->other, first, NULL, w))
		return;
	if (p == &r->pairs[DELETED])
		write_member_int(w, "delete_date", stmt_col_int(p->s, 2));
	write_members(r, p->other, w);
	write_object_end(w);
}

static void
write_chats(struct reader *r, int64_t message, struct writer *w)
{
	bool begun = false;

	for (int i = CHATS; i <= DELETED; i++)
		for (struct pairs *p = &r->pairs[i]; pairs_of(r, p, message);
		     pairs_next(r, p)) {
			if (!begun) {
				write_key(w, "chats");
				write_list(w);
			}
			begun = true;
			write_chat(r, p, w);
		}
	if (begun)
		write_list_end(w);
}

static void
write_attachments(struct reader *r, int64_t message, struct writer *w)
{
	struct pairs *p = &r->pairs[ATTACHMENTS];
	bool begun = false;

	for (; pairs_of(r, p, message); pairs_next(r, p)) {
		if (!begun) {
			write_key(w, "attachments");
			write_list(w);
		}
		begun = true;
		if (write_one(r, &r->attachment, r->one_attachment, p->other,
			true, NULL, w))
			write_object_end(w);
	}
	if (begun)
		write_list_end(w);
}

/* Messages. */

/* The row in hand. */
static int
write_item(struct reader *r, struct err *e)
{
	struct stmt *s = r->messages;
	int64_t rowid = stmt_col_int(s, 0);
	struct str at = place(r, rowid);
	struct writer *w = ingest_item(r->in, at);

	r->why[0] = '\0';
	db_steps(r->db, ITEM_STEPS);
	write_object(w);
	write_key(w, "message");
	write_object(w);
	rows_write(&r->message, s, 3, true, w);
	write_object_end(w);
	write_handle(r, stmt_col_int(s, 1), "handle", w);
	write_handle(r, stmt_col_int(s, 2), "other", w);
	write_chats(r, rowid, w);
	write_attachments(r, rowid, w);
	write_object_end(w);
	if (ingest_item_end(r->in, e) < 0)
		return -1;
	return r->why[0] == '\0' ? 0
				 : ingest_reject(r->in, at, r->why, STR(""), e);
}

/* From this ROWID on: 1 with a row in hand, 0 where there is none, -1. */
static int
go_to(struct reader *r, int64_t rowid, struct err *e)
{
	stmt_reset(r->messages);
	stmt_int(r->messages, 1, rowid);
	db_steps(r->db, ITEM_STEPS);
	return stmt_step(r->messages, e);
}

/*
 * Behind a row that cannot be read: as go_to from the first number from which
 * that is possible, by steps that grow, then by halves.
 */
static int
pass_gap(struct reader *r, int64_t *first, struct err *e)
{
	int64_t bad = r->last == INT64_MIN ? r->last : r->last + 1;
	int64_t good, step = 1;
	int rc = -1;

	*first = bad;
	if (r->last == INT64_MAX)
		return 0;
	do {
		good = bad > INT64_MAX - step ? INT64_MAX : bad + step;
		rc = go_to(r, good, e);
		if (rc < 0 && db_is_spent(r->db))
			return 0;
		if (rc < 0)
			bad = good;
		step += step / 4 + 1;
	} while (rc < 0 && good < INT64_MAX);
	if (rc < 0)
		return 0;
	while (good - 1 > bad) {
		int64_t half = bad + (good - bad) / 2;

		if (go_to(r, half, e) < 0)
			bad = half;
		else
			good = half;
	}
	rc = go_to(r, good, e);
	r->last = good - 1;
	return rc;
}

/* A reject for what lies between; e says what was wrong. */
static int
say_gap(
    struct reader *r, int64_t first, bool rest, const char *why, struct err *e)
{
	char text[WHY + 128];

	if (rest)
		snprintf(text, sizeof(text),
		    "messages from here on cannot be read: %s", why);
	else if (r->last > first)
		snprintf(text, sizeof(text),
		    "messages up to %" PRId64 " cannot be read: %s", r->last,
		    why);
	else
		snprintf(text, sizeof(text), "cannot be read: %s", why);
	return ingest_reject(r->in, place(r, first), text, STR(""), e);
}

/* After a failure: 1 with the next row in hand, 0 at the end, -1. */
static int
recover(struct reader *r, struct err *e)
{
	char why[WHY];
	struct err later;
	int64_t first;
	int rc = 0;

	snprintf(why, sizeof(why), "%s", sentence(r, e));
	r->slow += db_is_spent(r->db);
	if (++r->gaps > GAPS_MAX || r->slow > SLOW_MAX)
		first = r->last + 1;
	else
		rc = pass_gap(r, &first, &later);
	if (rc < 0)
		rc = 0;
	return say_gap(r, first, rc == 0, why, e) < 0 ? -1 : rc;
}

static int
read_messages(struct reader *r, struct err *e)
{
	int rc = go_to(r, INT64_MIN, e);

	r->last = INT64_MIN;
	for (;;) {
		if (rc < 0)
			rc = recover(r, e);
		if (rc <= 0)
			return rc;
		if (stmt_col_int(r->messages, 0) <= r->last &&
		    r->last != INT64_MIN)
			return say_gap(
			    r, r->last, true, "its rows are not in order", e);
		r->last = stmt_col_int(r->messages, 0);
		if (write_item(r, e) < 0)
			return -1;
		if (r->slow > SLOW_MAX)
			return say_gap(
			    r, r->last, true, "its tables take too long", e);
		db_steps(r->db, ITEM_STEPS);
		rc = stmt_step(r->messages, e);
	}
}

/* Opening. */

/* "no chat.db: it has the tables a, b". */
static int
reject_other(struct reader *r, struct err *e)
{
	struct buf why;
	struct stmt *s;
	struct err none;
	size_t n = 0;
	int rc;

	buf_init(&why, 4096);
	buf_add_z(&why, "an SQLite database that is no chat.db, whose "
			"messages stand in message, with guid, date and "
			"handle_id");
	s = db_prepare(r->db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name "
	    "NOT LIKE 'sqlite_%'",
	    &none);
	while (s != NULL && n < SHOWN && stmt_step(s, &none) > 0)
		buf_printf(&why, "%s%.60s", n++ == 0 ? "; its tables: " : ", ",
		    stmt_col(s, 0).p == NULL ? "" : stmt_col(s, 0).p);
	rc = ingest_reject(r->in, STR(""), buf_cstr(&why), STR(""), e);
	buf_release(&why);
	return rc;
}

/* A statement for one row, or NULL where there is no such table. */
static int
prepare_one(struct reader *r, struct rows *rows, const char *name,
    struct stmt **s, struct err *e)
{
	if (rows_open(rows, r->db, name, e) < 0)
		return -1;
	if (!rows->there)
		return 0;
	*s = rows_select(rows, r->db, "", "WHERE rowid = ?1", e);
	return *s == NULL ? -1 : 0;
}

/* 1; 0: it is another's; -1. */
static int
prepare(struct reader *r, struct err *e)
{
	static const char *const needs[] = { "guid", "date", "handle_id" };
	const struct rows *m = &r->message;

	if (rows_open(&r->message, r->db, "message", e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (!rows_has(m, needs[i]))
			return 0;
	if (prepare_one(r, &r->handle, "handle", &r->one_handle, e) < 0 ||
	    prepare_one(r, &r->chat, "chat", &r->one_chat, e) < 0 ||
	    prepare_one(
		r, &r->attachment, "attachment", &r->one_attachment, e) < 0)
		return -1;
	r->messages = rows_select(m, r->db,
	    rows_has(m, "other_handle") ? "rowid, handle_id, other_handle, "
					: "rowid, handle_id, 0, ",
	    "WHERE rowid >= ?1 ORDER BY rowid", e);
	return r->messages == NULL ? -1 : 1;
}

static int
read_open(struct reader *r, int64_t size, struct err *e)
{
	static const struct pairs pairs[PAIRS] = {
		{ "chat_message_join", "SELECT message_id, chat_id FROM "
				       "chat_message_join ORDER BY "
				       "message_id" },
		{ "chat_recoverable_message_join",
		    "SELECT message_id, chat_id, delete_date FROM "
		    "chat_recoverable_message_join ORDER BY message_id" },
		{ "message_attachment_join",
		    "SELECT message_id, attachment_id FROM "
		    "message_attachment_join ORDER BY message_id" },
	};
	struct err why;
	int rc = prepare(r, &why);

	if (rc == 0)
		return reject_other(r, e);
	if (rc < 0)
		return ingest_reject(
		    r->in, STR(""), sentence(r, &why), STR(""), e);
	if (read_members(r, size, e) < 0)
		return -1;
	for (int i = 0; i < PAIRS; i++) {
		r->pairs[i] = pairs[i];
		if (pairs_open(r, &r->pairs[i], size, e) < 0)
			return -1;
	}
	return read_messages(r, e);
}

static void
reader_release(struct reader *r)
{
	rows_release(&r->message);
	rows_release(&r->handle);
	rows_release(&r->chat);
	rows_release(&r->attachment);
	vec_release(&r->members);
	idset_release(&r->chats);
	idset_release(&r->said);
	db_close(r->db);
}

/* Has the file all the pages that it speaks of?  With a log those may be in
 * that. */
static int
check_length(
    struct ingest *in, const struct db_bytes *file, bool logged, struct err *e)
{
	unsigned char h[HEADER];
	int64_t page, pages;
	char why[128];

	if (logged || file->read(file->arg, h, HEADER, 0) != (ptrdiff_t)HEADER)
		return 0;
	page = h[16] << 8 | h[17];
	page = page == 1 ? 1 << 16 : page;
	pages = (int64_t)h[28] << 24 | h[29] << 16 | h[30] << 8 | h[31];
	if (page == 0 || file->size >= page * pages)
		return 0;
	snprintf(why, sizeof(why),
	    "cut off: %" PRId64 " of %" PRId64 " pages are there; what "
	    "stood in the others is missing",
	    file->size / page, pages);
	return ingest_reject(in, STR(""), why, STR(""), e);
}

static int
read_database(struct ingest *in, const struct db_bytes *file,
    const struct db_bytes *log, struct err *e)
{
	struct reader r = { .in = in };
	size_t longest = in->max_item;
	struct err why;
	int rc;

	r.db = db_open_bytes(in->file, file, log,
	    longest > INT32_MAX ? INT32_MAX : (int)longest, &why);
	if (r.db == NULL) {
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	} else {
		rc = read_open(&r, file->size, e);
		if (rc == 0)
			rc = check_length(in, file, log != NULL, e);
	}
	reader_release(&r);
	return rc;
}

static ptrdiff_t
read_memory(void *arg, void *p, size_t n, int64_t at)
{
	const struct buf *b = arg;
	struct str s = str_sub(buf_str(b), (size_t)at, n);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (ptrdiff_t)s.n;
}

/* Where there is no file to read at any place. */
static int
read_held(struct ingest *in, struct input *file, struct err *e)
{
	struct db_bytes bytes = { .read = read_memory };
	struct str block;
	struct buf b;
	int rc;

	buf_init(&b, MEMORY_MAX);
	while ((rc = input_block(file, &block, e)) == 1 && !b.over)
		buf_add_str(&b, block);
	bytes.arg = &b;
	bytes.size = (int64_t)b.n;
	if (rc >= 0 && b.over)
		rc = ingest_reject(
		    in, STR(""), "too large to be held", STR(""), e);
	else if (rc == 0)
		rc = read_database(in, &bytes, NULL, e);
	buf_release(&b);
	return rc;
}

int
imessage_read(struct ingest *in, struct input *file, struct err *e)
{
	const struct seek *s = in->seek;
	struct db_bytes main, log;

	if (s == NULL)
		return read_held(in, file, e);
	main = seek_bytes(&s->file);
	if (s->log.fd >= 0)
		log = seek_bytes(&s->log);
	else if (s->piped)
		diag(DIAG_NOTE, in->file,
		    "what a -wal beside the database holds, mostly its newest "
		    "messages, does not come by a pipe");
	return read_database(in, &main, s->log.fd >= 0 ? &log : NULL, e);
}
