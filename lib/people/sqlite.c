#include "people/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/db.h"
#include "core/io/file.h"
#include "core/time.h"
#include "people/sqlite.h"

enum { VERSION = 3 };

static const char schema[] =
    "CREATE TABLE keys(key TEXT PRIMARY KEY, person TEXT NOT NULL,"
    " since INTEGER NOT NULL, handed INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX keys_person ON keys(person, since);"
    "CREATE TABLE edges(a TEXT, b TEXT, since INTEGER NOT NULL,"
    " record TEXT NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;"
    "CREATE INDEX edges_b ON edges(b, a);"
    "CREATE TABLE persons(id TEXT PRIMARY KEY, key TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX persons_key ON persons(key);"
    "CREATE TABLE names(key TEXT, record TEXT, name TEXT NOT NULL,"
    " PRIMARY KEY(key, record)) WITHOUT ROWID;"
    "CREATE TABLE conversations(id TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;"
    "CREATE INDEX conversations_key ON conversations(key);"
    "CREATE TABLE messages(id TEXT PRIMARY KEY, person TEXT, key TEXT,"
    " conversation TEXT, time INTEGER NOT NULL, type TEXT, channel TEXT,"
    " account TEXT, direction TEXT, name TEXT, subject TEXT, text TEXT,"
    " keywords TEXT, data TEXT, place TEXT, quarantine TEXT,"
    " content INTEGER NOT NULL, edited INTEGER NOT NULL,"
    " rank INTEGER NOT NULL, flags INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX messages_person ON messages(person, time, id);"
    "CREATE INDEX messages_key ON messages(key);"
    "CREATE INDEX messages_conversation ON messages(conversation, time, id);"
    "CREATE INDEX messages_place ON messages(place, time, id)"
    " WHERE place IS NOT NULL;"
    "CREATE TABLE refs(ref TEXT PRIMARY KEY, conversation TEXT NOT NULL,"
    " message TEXT NOT NULL, weak INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX refs_message ON refs(message);"
    "CREATE TABLE events(row INTEGER PRIMARY KEY, line TEXT NOT NULL);";

#define COLUMNS                                                               \
	"id, person, key, conversation, time, type, channel, account,"        \
	" direction, name, subject, text, keywords, data, place, quarantine," \
	" content, edited, rank, flags"

static const char *const sqls[] = {
	[Q_KEY] = "SELECT person, since, handed FROM keys WHERE key = ?",
	[Q_EDGES_A] = "SELECT b, since, record FROM edges WHERE a = ?",
	[Q_EDGES_B] = "SELECT a, since, record FROM edges WHERE b = ?",
	[Q_PERSON] = "SELECT key FROM persons WHERE id = ?",
	[Q_PUT_KEY] = "INSERT INTO keys VALUES(?, ?, ?, ?) ON CONFLICT(key) DO"
		      " UPDATE SET person = excluded.person, since ="
		      " excluded.since, handed = excluded.handed",
	[Q_NAMES] = "SELECT name, record FROM names WHERE key = ?",
	[Q_PUT_NAME] = "INSERT OR REPLACE INTO names VALUES(?, ?, ?)",
	[Q_PUT_EDGE] = "INSERT INTO edges VALUES(?, ?, ?, ?) ON CONFLICT(a, b)"
		       " DO UPDATE SET since = excluded.since, record ="
		       " excluded.record",
	[Q_PUT_PERSON] = "INSERT INTO persons VALUES(?, ?) ON CONFLICT DO"
			 " NOTHING",
	[Q_MOVE] = "UPDATE messages SET person = ? WHERE key = ?",
	[Q_TOUCHED] = "SELECT conversation FROM messages WHERE key = ?1 AND"
		      " conversation IS NOT NULL UNION SELECT id FROM"
		      " conversations WHERE key = ?1",
	[Q_STRAY] = "SELECT m.id, m.person, m.key FROM messages m JOIN"
		    " conversations c ON c.id = m.conversation JOIN keys k ON"
		    " k.key = c.key WHERE m.conversation = ? AND m.person IS"
		    " NOT NULL AND m.person <> k.person"
		    " ORDER BY m.person, m.time, m.id",
	[Q_PART] = "UPDATE messages SET conversation = ? WHERE id = ?",
	[Q_PART_REFS] = "UPDATE refs SET conversation = ? WHERE message = ?",
	[Q_MESSAGE] = "SELECT " COLUMNS " FROM messages WHERE id = ?",
	[Q_PUT_MESSAGE] = "INSERT OR REPLACE INTO messages(" COLUMNS
			  ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			  " ?, ?, ?, ?, ?, ?)",
	[Q_REF] = "SELECT conversation, message, weak FROM refs WHERE ref = ?",
	[Q_PUT_REF] = "INSERT OR REPLACE INTO refs VALUES(?, ?, ?, ?)",
	[Q_LAST_PERSON] = "SELECT conversation, time FROM messages WHERE"
			  " person = ? AND time <= ? AND conversation IS NOT"
			  " NULL AND quarantine IS NULL"
			  " ORDER BY time DESC, id DESC LIMIT 1",
	[Q_LAST_PLACE] = "SELECT conversation, time FROM messages WHERE"
			 " place = ? AND time <= ? AND conversation IS NOT"
			 " NULL AND quarantine IS NULL"
			 " ORDER BY time DESC, id DESC LIMIT 1",
	[Q_LAST_TIME] = "SELECT time, channel FROM messages WHERE"
			" conversation = ? AND time <= ?"
			" ORDER BY time DESC, id DESC LIMIT 1",
	[Q_PUT_CONVERSATION] = "INSERT OR REPLACE INTO conversations"
			       " VALUES(?, ?)",
	[Q_CONVERSATION] = "SELECT key FROM conversations WHERE id = ?",
	[Q_TIMELINE] = "SELECT * FROM (SELECT " COLUMNS " FROM messages WHERE"
		       " person = ?1 AND (time, id) > (?2, ?3) AND (time, id)"
		       " < (?4, ?5) ORDER BY time DESC, id DESC LIMIT ?6)"
		       " ORDER BY time, id",
	[Q_KEYS] = "SELECT key, since FROM keys WHERE person = ?"
		   " ORDER BY since, key",
	[Q_NEXT_KEY] = "SELECT key FROM keys WHERE key >= ? ORDER BY key"
		       " LIMIT 1",
	[Q_NEXT_REF] = "SELECT ref FROM refs WHERE ref >= ? ORDER BY ref"
		       " LIMIT 1",
	[Q_PUT_EVENT] = "INSERT INTO events(line) VALUES(?)",
	[Q_EVENTS] = "SELECT row, line FROM events ORDER BY row",
	[Q_TOLD] = "DELETE FROM events WHERE row <= ?",
	[Q_ALIASES] = "SELECT p.id FROM persons p JOIN keys k ON k.key = p.key"
		      " WHERE k.person = ?1 AND p.id <> ?1 ORDER BY p.id",
};

struct stmt *
state_query(struct state *s, enum query q, struct err *e)
{
	if (s->q[q] == NULL)
		s->q[q] = db_prepare(s->db, sqls[q], e);
	return s->q[q];
}

/* A batch touches pages all over the file: they are held, and the log is
 * folded back seldom. */
static int
prepare(struct state *s, struct err *e)
{
	if (db_exec(s->db,
		"PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16384;",
		e) != 0)
		return -1;
	return db_schema(s->db, VERSION, schema, e);
}

static int
open_db(struct state *s, const char *dir, bool write, struct err *e)
{
	struct buf path;
	int rc = -1;

	if (dir == NULL) {
		s->db = db_open("the state in memory", DB_MEMORY, e);
		return s->db == NULL ? -1 : prepare(s, e);
	}
	buf_init(&path, 8192);
	buf_printf(&path, "%s/people.db", dir);
	if (!write && access(buf_cstr(&path), F_OK) < 0 && errno == ENOENT)
		err_set(e,
		    "%s: nothing is known here yet: kith merge -S %s makes it",
		    buf_cstr(&path), dir);
	else
		s->db = db_open(buf_cstr(&path), write ? DB_WRITE : DB_READ, e);
	if (s->db != NULL)
		rc = write ? prepare(s, e) : 0;
	buf_release(&path);
	return rc;
}

struct state *
state_open(const char *dir, bool write, struct err *e)
{
	struct state *s = xcalloc(1, sizeof(*s));

	s->lock = -1;
	if (write && dir != NULL &&
	    (s->lock = file_lock(dir, "people", e)) < 0) {
		state_close(s);
		return NULL;
	}
	if (open_db(s, dir, write, e) != 0) {
		state_close(s);
		return NULL;
	}
	return s;
}

void
state_close(struct state *s)
{
	if (s == NULL)
		return;
	db_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s->old_root);
	free(s->moves);
	map_release(&s->parted);
	arena_release(&s->arena);
	free(s);
}

int
state_begin(struct state *s, struct err *e)
{
	return db_begin(s->db, e);
}

int
state_commit(struct state *s, struct err *e)
{
	return db_commit(s->db, e);
}

/* The one text column of a row found by a text: 1, 0, -1. */
static int
find_text(struct state *s, enum query q, struct str by, struct arena *a,
    struct str *out, struct err *e)
{
	struct stmt *st = state_query(s, q, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, by);
	rc = stmt_step(st, e);
	if (rc == 1) {
		struct str v = stmt_col(st, 0);

		*out = v.p == NULL ? v : arena_dup(a, v);
	}
	if (rc >= 0)
		stmt_reset(st);
	return rc;
}

int
state_person_key(struct state *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return find_text(s, Q_PERSON, id, a, key, e);
}

int
state_conversation(struct state *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return find_text(s, Q_CONVERSATION, id, a, key, e);
}

int
state_message_key(struct state *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	struct state_message m;
	int rc = state_message(s, id, &m, e);

	if (rc != 1)
		return rc;
	if (m.key.p == NULL)
		return 0;
	*key = arena_dup(a, m.key);
	return 1;
}

/* Messages. */

static void
read_message(struct stmt *st, struct state_message *m)
{
	struct str *const into[] = { &m->id, &m->person, &m->key,
		&m->conversation, NULL, &m->type, &m->channel, &m->account,
		&m->direction, &m->name, &m->subject, &m->text, &m->keywords,
		&m->data, &m->place, &m->quarantine };

	for (int i = 0; i < (int)(sizeof(into) / sizeof(*into)); i++)
		if (into[i] != NULL)
			*into[i] = stmt_col(st, i);
	m->time = stmt_col_int(st, 4);
	m->content = stmt_col_int(st, 16);
	m->edited = stmt_col_int(st, 17);
	m->rank = stmt_col_int(st, 18);
	m->flags = stmt_col_int(st, 19);
}

int
state_message(
    struct state *s, struct str id, struct state_message *out, struct err *e)
{
	struct stmt *st = state_query(s, Q_MESSAGE, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_reset(st);
	stmt_text(st, 1, id);
	rc = stmt_step(st, e);
	if (rc == 1)
		read_message(st, out);
	return rc;
}

static void
bind(struct stmt *st, int i, struct str v)
{
	if (v.p == NULL)
		stmt_null(st, i);
	else
		stmt_text(st, i, v);
}

int
state_put_message(struct state *s, const struct state_message *m, struct err *e)
{
	struct stmt *st = state_query(s, Q_PUT_MESSAGE, e);
	const struct str v[] = { m->id, m->person, m->key, m->conversation,
		STR_NONE, m->type, m->channel, m->account, m->direction,
		m->name, m->subject, m->text, m->keywords, m->data, m->place,
		m->quarantine };

	if (st == NULL)
		return -1;
	for (int i = 0; i < (int)(sizeof(v) / sizeof(*v)); i++)
		if (i != 4)
			bind(st, i + 1, v[i]);
	stmt_int(st, 5, m->time);
	stmt_int(st, 17, m->content);
	stmt_int(st, 18, m->edited);
	stmt_int(st, 19, m->rank);
	stmt_int(st, 20, m->flags);
	return stmt_run(st, e);
}

static void
copy_id(char out[ID_SIZE], struct str s)
{
	size_t n = s.n < ID_SIZE ? s.n : ID_SIZE - 1;

	memset(out, 0, ID_SIZE);
	if (n > 0)
		memcpy(out, s.p, n);
}

int
state_ref(
    struct state *s, struct str ref, struct state_found *out, struct err *e)
{
	struct stmt *st = state_query(s, Q_REF, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, ref);
	rc = stmt_step(st, e);
	if (rc == 1) {
		copy_id(out->conversation, stmt_col(st, 0));
		copy_id(out->message, stmt_col(st, 1));
		out->weak = stmt_col_int(st, 2) != 0;
		stmt_reset(st);
	}
	return rc;
}

int
state_put_ref(struct state *s, struct str ref, struct str conversation,
    struct str message, bool weak, struct err *e)
{
	struct stmt *st = state_query(s, Q_PUT_REF, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, ref);
	stmt_text(st, 2, conversation);
	stmt_text(st, 3, message);
	stmt_int(st, 4, weak);
	return stmt_run(st, e);
}

/* When the conversation last went on until t. */
static int
last_time(struct state *s, int64_t t, struct state_found *out, struct err *e)
{
	struct stmt *st = state_query(s, Q_LAST_TIME, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, str_of(out->conversation));
	stmt_int(st, 2, t);
	rc = stmt_step(st, e);
	if (rc == 1) {
		struct str channel = stmt_col(st, 1);

		out->last = stmt_col_int(st, 0);
		if (channel.n < STATE_CHANNEL && channel.n > 0)
			memcpy(out->channel, channel.p, channel.n);
		stmt_reset(st);
	}
	return rc;
}

static int
last_of(struct state *s, enum query q, struct str by, int64_t t,
    struct state_found *out, struct err *e)
{
	struct stmt *st = state_query(s, q, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, by);
	stmt_int(st, 2, t);
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	*out = (struct state_found){ .last = stmt_col_int(st, 1) };
	copy_id(out->conversation, stmt_col(st, 0));
	stmt_reset(st);
	return last_time(s, t, out, e);
}

int
state_last_of_person(struct state *s, struct str person, int64_t t,
    struct state_found *out, struct err *e)
{
	return last_of(s, Q_LAST_PERSON, person, t, out, e);
}

int
state_last_of_place(struct state *s, struct str place, int64_t t,
    struct state_found *out, struct err *e)
{
	return last_of(s, Q_LAST_PLACE, place, t, out, e);
}

int
state_put_conversation(
    struct state *s, struct str id, struct str key, struct err *e)
{
	struct stmt *st = state_query(s, Q_PUT_CONVERSATION, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
	bind(st, 2, key);
	return stmt_run(st, e);
}

int
state_put_event(struct state *s, struct str line, int64_t *row, struct err *e)
{
	struct stmt *st = state_query(s, Q_PUT_EVENT, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, line);
	if (stmt_run(st, e) != 0)
		return -1;
	*row = db_last_row(s->db);
	return 0;
}

int
state_events(struct state *s, struct buf *out, int64_t *row, struct err *e)
{
	struct stmt *st = state_query(s, Q_EVENTS, e);
	int rc;

	if (st == NULL)
		return -1;
	while ((rc = stmt_step(st, e)) == 1) {
		*row = stmt_col_int(st, 0);
		buf_add_str(out, stmt_col(st, 1));
		buf_add_char(out, '\n');
	}
	return rc;
}

int
state_told(struct state *s, int64_t row, struct err *e)
{
	struct stmt *st = state_query(s, Q_TOLD, e);

	if (st == NULL)
		return -1;
	stmt_int(st, 1, row);
	return stmt_run(st, e);
}

/* Look-ups. */

int
state_timeline(struct state *s, struct str person,
    const struct state_cursor *after, const struct state_cursor *until,
    size_t most, void (*each)(void *arg, const struct state_message *m),
    void *arg, struct err *e)
{
	struct stmt *st = state_query(s, Q_TIMELINE, e);
	struct state_message m;
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, person);
	stmt_int(st, 2, after->time);
	stmt_text(st, 3, str_of(after->id));
	stmt_int(st, 4, until->time);
	stmt_text(st, 5, str_of(until->id));
	stmt_int(st, 6, (int64_t)most);
	while ((rc = stmt_step(st, e)) == 1) {
		read_message(st, &m);
		each(arg, &m);
	}
	return rc;
}

/* The person of a key, as it stands now. */
static int
person_of_key(struct state *s, struct str key, char out[ID_SIZE], struct err *e)
{
	struct str person;
	int rc;

	arena_reset(&s->arena);
	rc = find_text(s, Q_KEY, key, &s->arena, &person, e);
	if (rc == 1)
		copy_id(out, person);
	return rc;
}

int
state_who(struct state *s, struct str name, char out[ID_SIZE], struct err *e)
{
	struct arena a = { 0 };
	struct str key = name;
	int rc = 1;

	if (name.n == ID_SIZE - 1 && name.p[0] == 'p')
		rc = state_person_key(s, name, &a, &key, e);
	else if (name.n == ID_SIZE - 1 && name.p[0] == 'c')
		rc = state_conversation(s, name, &a, &key, e);
	else if (name.n == ID_SIZE - 1 && name.p[0] == 'm')
		rc = state_message_key(s, name, &a, &key, e);
	if (rc == 1)
		rc = key.p == NULL ? 0 : person_of_key(s, key, out, e);
	arena_release(&a);
	return rc;
}

int
state_keys(struct state *s, struct str person,
    void (*each)(void *arg, struct str key, int64_t since), void *arg,
    struct err *e)
{
	struct stmt *st = state_query(s, Q_KEYS, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, person);
	while ((rc = stmt_step(st, e)) == 1)
		each(arg, stmt_col(st, 0), stmt_col_int(st, 1));
	return rc;
}

int
state_next_key(struct state *s, struct str from, struct arena *a,
    struct str *out, struct err *e)
{
	return find_text(s, Q_NEXT_KEY, from, a, out, e);
}

int
state_next_ref(struct state *s, struct str from, struct arena *a,
    struct str *out, struct err *e)
{
	return find_text(s, Q_NEXT_REF, from, a, out, e);
}

int
state_aliases(struct state *s, struct str person,
    void (*each)(void *arg, struct str id), void *arg, struct err *e)
{
	struct stmt *st = state_query(s, Q_ALIASES, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, person);
	while ((rc = stmt_step(st, e)) == 1)
		each(arg, stmt_col(st, 0));
	return rc;
}
