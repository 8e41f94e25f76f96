#include "reply/sending/outbox.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/db.h"
#include "core/io/file.h"
#include "core/time.h"

enum { OUTBOX_VERSION = 1 };

const char *const outbox_words[] = { "queued", "reserved", "attempting", "sent",
	"failed", "ambiguous", NULL };

/*
 * Texts stand apart from the state, so that a change of state writes few
 * bytes.  Instants are microseconds since 1970.
 */
static const char schema[] =
    "CREATE TABLE entry ("
    " number INTEGER PRIMARY KEY,"
    " key TEXT NOT NULL UNIQUE,"
    " state TEXT NOT NULL CHECK (state IN"
    "  ('queued','reserved','attempting','sent','failed','ambiguous')),"
    " channel TEXT NOT NULL, recipient TEXT NOT NULL,"
    " conversation TEXT, answers TEXT, subject TEXT,"
    " automatic INTEGER NOT NULL,"
    " transport TEXT, reason TEXT, native TEXT,"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " at INTEGER NOT NULL, first INTEGER, next INTEGER);"
    "CREATE INDEX entry_recipient ON entry (recipient, at)"
    " WHERE automatic = 1;"
    "CREATE INDEX entry_answers ON entry (answers) WHERE automatic = 0;"
    "CREATE INDEX entry_open ON entry (number) WHERE state <> 'sent';"
    "CREATE TABLE draft (number INTEGER PRIMARY KEY REFERENCES entry,"
    " record TEXT NOT NULL);"
    /* One row: the boot of the machine that the last run was in, and how
     * often it synced. */
    "CREATE TABLE run (boot TEXT, syncs INTEGER NOT NULL);"
    "INSERT INTO run VALUES (NULL, 0);";

#define COLUMNS                                                               \
	"SELECT e.number, e.key, e.channel, e.recipient, e.conversation,"     \
	" e.answers, e.subject, e.automatic, d.record, e.state, e.transport," \
	" e.reason, e.native, e.attempts, e.at, e.first, e.next,"             \
	" e.first IS NULL, e.next IS NULL"                                    \
	" FROM entry e JOIN draft d USING (number) WHERE "

enum statement {
	ADD,
	ADD_DRAFT,
	REPLACE,
	REPLACE_DRAFT,
	RESERVE,
	ATTEMPT,
	RESULT,
	GET,
	AT,
	NEXT,
	UNSENT,
	DUE,
	LEFT,
	AUTOMATIC,
	REPEATS,
	ANSWERED,
	RECOVER,
	RELEASE,
	BOOT,
	SET_BOOT,
	SYNC,
	STATEMENTS
};

#define WENT " (state <> 'failed' OR next IS NOT NULL) "

static const char *const sql[STATEMENTS] = {
	[ADD] = "INSERT INTO entry (key, state, channel, recipient,"
		" conversation, answers, subject, automatic, at)"
		" VALUES (?1, 'queued', ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" RETURNING number",
	[ADD_DRAFT] = "INSERT INTO draft (number, record) VALUES (?1, ?2)",
	[REPLACE] = "UPDATE entry SET channel = ?2, recipient = ?3,"
		    " conversation = ?4, answers = ?5, subject = ?6,"
		    " automatic = ?7 WHERE number = ?1",
	[REPLACE_DRAFT] = "UPDATE draft SET record = ?2 WHERE number = ?1",
	[RESERVE] = "UPDATE entry SET state = 'reserved' WHERE number = ?1",
	[ATTEMPT] = "UPDATE entry SET state = 'attempting', transport = ?2,"
		    " attempts = attempts + 1, at = ?3,"
		    " first = coalesce(first, ?3), next = NULL"
		    " WHERE number = ?1",
	[RESULT] = "UPDATE entry SET state = ?2, reason = ?3, native = ?4,"
		   " at = ?5, next = ?6 WHERE number = ?1",
	[GET] = COLUMNS "e.key = ?1",
	[AT] = COLUMNS "e.number = ?1",
	[NEXT] = COLUMNS "e.number > ?1 ORDER BY e.number LIMIT 1",
	[UNSENT] = COLUMNS "e.number > ?1 AND e.state <> 'sent'"
			   " ORDER BY e.number LIMIT 1",
	[DUE] = COLUMNS "e.number > ?1 AND e.state <> 'sent' AND"
			" (e.state = 'queued' OR"
			" (e.state = 'failed' AND e.next <= ?2))"
			" ORDER BY e.number LIMIT 1",
	[LEFT] = "SELECT count(*) FROM entry WHERE state <> 'sent' AND"
		 " (state = 'queued' OR"
		 " (state = 'failed' AND next IS NOT NULL))",
	[AUTOMATIC] = "SELECT count(*) FROM entry WHERE automatic = 1 AND"
		      " recipient = ?1 AND key <> ?2 AND at >= ?3 AND " WENT,
	[REPEATS] = "SELECT 1 FROM entry WHERE automatic = 1 AND"
		    " recipient = ?1 AND key <> ?2 AND at >= ?3 AND"
		    " subject = ?4 AND " WENT "LIMIT 1",
	[ANSWERED] =
	    "SELECT 1 FROM entry WHERE automatic = 0 AND"
	    " answers = ?1 AND key <> ?2 AND at > ?3 AND " WENT "LIMIT 1",
	[RECOVER] = "UPDATE entry SET state = 'ambiguous',"
		    " reason = 'the run ended before the answer was known'"
		    " WHERE state IN ('attempting','reserved')",
	[RELEASE] = "UPDATE entry SET state = 'queued'"
		    " WHERE state = 'reserved'",
	[BOOT] = "SELECT boot FROM run",
	[SET_BOOT] = "UPDATE run SET boot = ?1",
	[SYNC] = "UPDATE run SET syncs = syncs + 1",
};

struct outbox {
	struct db *db;
	struct stmt *s[STATEMENTS];
	int lock;
	bool unsynced; /* something was changed since the last sync */
};

static struct stmt *
statement(struct outbox *o, enum statement which, struct err *e)
{
	if (o->s[which] == NULL)
		o->s[which] = db_prepare(o->db, sql[which], e);
	return o->s[which];
}

/* A statement that changes something, within the open transaction. */
static struct stmt *
change(struct outbox *o, enum statement which, struct err *e)
{
	if (db_begin(o->db, e) < 0)
		return NULL;
	o->unsynced = true;
	return statement(o, which, e);
}

static struct outbox *
open_file(const char *dir, enum db_mode mode, int lock, struct err *e)
{
	struct outbox *o = xcalloc(1, sizeof(*o));
	struct buf path;

	buf_init(&path, 4096);
	buf_printf(&path, "%s/outbox.db", dir);
	o->lock = lock;
	o->db = db_open(buf_cstr(&path), mode, e);
	buf_release(&path);
	if (o->db == NULL || db_schema(o->db, OUTBOX_VERSION, schema, e) < 0 ||
	    /* A commit writes; outbox_sync syncs. */
	    (mode == DB_WRITE &&
		db_exec(o->db, "PRAGMA synchronous=NORMAL", e) < 0)) {
		outbox_close(o);
		return NULL;
	}
	return o;
}

struct outbox *
outbox_open(const char *dir, struct err *e)
{
	int lock = file_lock(dir, "outbox", e);

	return lock < 0 ? NULL : open_file(dir, DB_WRITE, lock, e);
}

struct outbox *
outbox_open_read(const char *dir, bool *missing, struct err *e)
{
	struct buf path;

	buf_init(&path, 4096);
	buf_printf(&path, "%s/outbox.db", dir);
	*missing = file_is_missing(buf_cstr(&path));
	buf_release(&path);
	return *missing ? NULL : open_file(dir, DB_READ, -1, e);
}

void
outbox_close(struct outbox *o)
{
	if (o == NULL)
		return;
	if (o->db != NULL)
		db_rollback(o->db);
	db_close(o->db);
	if (o->lock >= 0)
		close(o->lock);
	free(o);
}

int
outbox_commit(struct outbox *o, struct err *e)
{
	return db_commit(o->db, e);
}

/*
 * A commit under synchronous=FULL syncs the whole write-ahead log, with all
 * that earlier commits wrote there.
 */
int
outbox_sync(struct outbox *o, struct err *e)
{
	struct stmt *s;

	if (outbox_commit(o, e) < 0)
		return -1;
	if (!o->unsynced)
		return 0;
	if (db_exec(o->db, "PRAGMA synchronous=FULL", e) < 0)
		return -1;
	s = change(o, SYNC, e);
	if (s == NULL || stmt_run(s, e) < 0 || outbox_commit(o, e) < 0)
		return -1;
	o->unsynced = false;
	return db_exec(o->db, "PRAGMA synchronous=NORMAL", e);
}

/* The texts of ?2 .. ?7 that an entry and its replacement share. */
static void
bind_entry(struct stmt *s, const struct outbox_entry *entry)
{
	stmt_text(s, 2, entry->channel);
	stmt_text(
	    s, 3, entry->recipient.p == NULL ? STR("") : entry->recipient);
	stmt_text(s, 4, entry->conversation);
	stmt_text(s, 5, entry->answers);
	stmt_text(s, 6, entry->subject);
	stmt_int(s, 7, entry->automatic);
}

static int
write_draft(struct outbox *o, enum statement which, int64_t number,
    struct str record, struct err *e)
{
	struct stmt *s = change(o, which, e);

	if (s == NULL)
		return -1;
	stmt_int(s, 1, number);
	stmt_text(s, 2, record);
	return stmt_run(s, e);
}

int
outbox_add(struct outbox *o, const struct outbox_entry *entry, int64_t *number,
    struct err *e)
{
	struct stmt *s = change(o, ADD, e);
	int rc;

	if (s == NULL)
		return -1;
	stmt_text(s, 1, entry->key);
	bind_entry(s, entry);
	stmt_int(s, 8, entry->at);
	rc = stmt_step(s, e);
	if (rc > 0)
		*number = stmt_col_int(s, 0);
	stmt_reset(s);
	if (rc <= 0)
		return -1;
	return write_draft(o, ADD_DRAFT, *number, entry->record, e);
}

int
outbox_replace(
    struct outbox *o, const struct outbox_entry *entry, struct err *e)
{
	struct stmt *s = change(o, REPLACE, e);

	if (s == NULL)
		return -1;
	stmt_int(s, 1, entry->number);
	bind_entry(s, entry);
	if (stmt_run(s, e) < 0)
		return -1;
	return write_draft(o, REPLACE_DRAFT, entry->number, entry->record, e);
}

int
outbox_attempt(struct outbox *o, int64_t number, struct str transport,
    int64_t now, struct err *e)
{
	struct stmt *s = change(o, ATTEMPT, e);

	if (s == NULL)
		return -1;
	stmt_int(s, 1, number);
	stmt_text(s, 2, transport);
	stmt_int(s, 3, now);
	return stmt_run(s, e);
}

int
outbox_result(struct outbox *o, const struct outbox_entry *entry, struct err *e)
{
	struct stmt *s = change(o, RESULT, e);

	if (s == NULL)
		return -1;
	stmt_int(s, 1, entry->number);
	stmt_text(s, 2, str_of(outbox_words[entry->state]));
	stmt_text(s, 3, entry->reason);
	stmt_text(s, 4, entry->native);
	stmt_int(s, 5, entry->at);
	stmt_time(s, 6, entry->next);
	return stmt_run(s, e);
}

/* What tells one boot of the machine from another; empty: not known. */
static struct str
boot_id(struct buf *b)
{
	struct err e;

	buf_init(b, 256);
	if (file_read("/proc/sys/kernel/random/boot_id", b, &e) < 0)
		buf_reset(b);
	return str_trim(buf_str(b));
}

static int
same_boot(struct outbox *o, struct str now, bool *same, struct err *e)
{
	struct stmt *s = statement(o, BOOT, e);
	int rc;

	if (s == NULL)
		return -1;
	rc = stmt_step(s, e);
	*same = rc > 0 && now.n > 0 && str_eq(stmt_col(s, 0), now);
	stmt_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
run_change(struct outbox *o, enum statement which, struct err *e)
{
	struct stmt *s = change(o, which, e);

	return s == NULL ? -1 : stmt_run(s, e);
}

int
outbox_recover(struct outbox *o, int64_t *count, struct err *e)
{
	struct buf b;
	struct str boot = boot_id(&b);
	struct stmt *s;
	bool same;
	int rc = same_boot(o, boot, &same, e);

	if (rc == 0 && same)
		rc = run_change(o, RELEASE, e);
	if (rc == 0)
		rc = run_change(o, RECOVER, e);
	*count = rc == 0 ? db_changes(o->db) : 0;
	if (rc == 0 && (s = change(o, SET_BOOT, e)) != NULL) {
		stmt_text(s, 1, boot);
		rc = stmt_run(s, e);
	}
	if (rc == 0)
		rc = outbox_commit(o, e);
	buf_release(&b);
	return rc;
}

int
outbox_reserve(struct outbox *o, int64_t number, struct err *e)
{
	struct stmt *s = change(o, RESERVE, e);

	if (s == NULL)
		return -1;
	stmt_int(s, 1, number);
	return stmt_run(s, e);
}

static struct str
column(struct stmt *s, int i, struct arena *a)
{
	struct str v = stmt_col(s, i);

	return v.p == NULL ? v : arena_dup(a, v);
}

static enum outbox_state
state_of(struct str word)
{
	for (int i = 0; outbox_words[i] != NULL; i++)
		if (str_is(word, outbox_words[i]))
			return (enum outbox_state)i;
	return OUTBOX_AMBIGUOUS;
}

static int
read_entry(
    struct stmt *s, struct arena *a, struct outbox_entry *out, struct err *e)
{
	int rc = stmt_step(s, e);

	if (rc > 0)
		*out = (struct outbox_entry){
			.number = stmt_col_int(s, 0),
			.key = column(s, 1, a),
			.channel = column(s, 2, a),
			.recipient = column(s, 3, a),
			.conversation = column(s, 4, a),
			.answers = column(s, 5, a),
			.subject = column(s, 6, a),
			.automatic = stmt_col_int(s, 7) != 0,
			.record = column(s, 8, a),
			.state = state_of(stmt_col(s, 9)),
			.transport = column(s, 10, a),
			.reason = column(s, 11, a),
			.native = column(s, 12, a),
			.attempts = stmt_col_int(s, 13),
			.at = stmt_col_int(s, 14),
			.first = stmt_col_int(s, 17) != 0 ? TIME_NONE
							  : stmt_col_int(s, 15),
			.next = stmt_col_int(s, 18) != 0 ? TIME_NONE
							 : stmt_col_int(s, 16),
		};
	stmt_reset(s);
	return rc;
}

int
outbox_get(struct outbox *o, struct str key, struct arena *a,
    struct outbox_entry *out, struct err *e)
{
	struct stmt *s = statement(o, GET, e);

	if (s == NULL)
		return -1;
	stmt_text(s, 1, key);
	return read_entry(s, a, out, e);
}

static int
by_number(struct outbox *o, enum statement which, int64_t number, int64_t now,
    struct arena *a, struct outbox_entry *out, struct err *e)
{
	struct stmt *s = statement(o, which, e);

	if (s == NULL)
		return -1;
	stmt_int(s, 1, number);
	if (which == DUE)
		stmt_int(s, 2, now);
	return read_entry(s, a, out, e);
}

int
outbox_at(struct outbox *o, int64_t number, struct arena *a,
    struct outbox_entry *out, struct err *e)
{
	return by_number(o, AT, number, 0, a, out, e);
}

int
outbox_next(struct outbox *o, int64_t after, struct arena *a,
    struct outbox_entry *out, struct err *e)
{
	return by_number(o, NEXT, after, 0, a, out, e);
}

int
outbox_unsent(struct outbox *o, int64_t after, struct arena *a,
    struct outbox_entry *out, struct err *e)
{
	return by_number(o, UNSENT, after, 0, a, out, e);
}

int
outbox_due(struct outbox *o, int64_t after, int64_t now, struct arena *a,
    struct outbox_entry *out, struct err *e)
{
	return by_number(o, DUE, after, now, a, out, e);
}

/* The first column of the first row; 0 where there is none. */
static int
number_of(struct stmt *s, int64_t *out, struct err *e)
{
	int rc = stmt_step(s, e);

	*out = rc > 0 ? stmt_col_int(s, 0) : 0;
	stmt_reset(s);
	return rc < 0 ? -1 : 0;
}

int
outbox_left(struct outbox *o, int64_t *count, struct err *e)
{
	struct stmt *s = statement(o, LEFT, e);

	return s == NULL ? -1 : number_of(s, count, e);
}

int
outbox_automatic(struct outbox *o, struct str recipient, struct str key,
    int64_t since, int64_t *count, struct err *e)
{
	struct stmt *s = statement(o, AUTOMATIC, e);

	if (s == NULL)
		return -1;
	stmt_text(s, 1, recipient);
	stmt_text(s, 2, key);
	stmt_int(s, 3, since);
	return number_of(s, count, e);
}

int
outbox_repeats(struct outbox *o, struct str recipient, struct str subject,
    struct str key, int64_t since, struct err *e)
{
	struct stmt *s = statement(o, REPEATS, e);
	int64_t found;

	if (s == NULL)
		return -1;
	stmt_text(s, 1, recipient);
	stmt_text(s, 2, key);
	stmt_int(s, 3, since);
	stmt_text(s, 4, subject);
	return number_of(s, &found, e) < 0 ? -1 : (int)found;
}

int
outbox_answered(struct outbox *o, struct str answers, struct str key,
    int64_t since, struct err *e)
{
	struct stmt *s = statement(o, ANSWERED, e);
	int64_t found;

	if (s == NULL)
		return -1;
	stmt_text(s, 1, answers);
	stmt_text(s, 2, key);
	stmt_int(s, 3, since);
	return number_of(s, &found, e) < 0 ? -1 : (int)found;
}
