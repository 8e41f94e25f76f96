#include "people/store/sqlite.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/file.h"

enum { VERSION = 12 };

static const char schema[] =
    "CREATE TABLE keys(key TEXT PRIMARY KEY, person TEXT NOT NULL,"
    " since INTEGER NOT NULL, handed INTEGER NOT NULL,"
    " receipts INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE INDEX keys_person ON keys(person, since);"
    "CREATE INDEX keys_told ON keys(person, since)"
    " WHERE key NOT GLOB 'order:*' AND key NOT GLOB '[?]order:*';"
    "CREATE INDEX keys_receipts ON keys(person) WHERE receipts;"
    "CREATE TABLE edges(a TEXT, b TEXT, since INTEGER NOT NULL,"
    " record TEXT NOT NULL, profile INTEGER NOT NULL, PRIMARY KEY(a, b))"
    " WITHOUT ROWID;"
    "CREATE INDEX edges_b ON edges(b, a);"
    "CREATE TABLE persons(id TEXT PRIMARY KEY, key TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX persons_key ON persons(key);"
    "CREATE TABLE names(key TEXT, record TEXT, name TEXT NOT NULL,"
    " PRIMARY KEY(key, record)) WITHOUT ROWID;"
    "CREATE TABLE conversations(id TEXT PRIMARY KEY, key TEXT,"
    " trusted INTEGER, aside INTEGER, waiting INTEGER, channels TEXT,"
    " answered INTEGER, shared INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX conversations_key ON conversations(key, waiting);"
    "CREATE INDEX conversations_shared ON conversations(key) WHERE shared;"
    "CREATE TABLE participants(conversation TEXT, key TEXT,"
    " since INTEGER NOT NULL, spoke INTEGER, asked INTEGER,"
    " PRIMARY KEY(conversation, key)) WITHOUT ROWID;"
    "CREATE INDEX participants_spoke ON participants(key)"
    " WHERE spoke IS NOT NULL;"
    "CREATE TABLE also(answered TEXT, message TEXT,"
    " PRIMARY KEY(answered, message)) WITHOUT ROWID;"
    "CREATE INDEX also_message ON also(message);"
    "CREATE TABLE decided(conversation TEXT, time INTEGER, act TEXT,"
    " kind INTEGER, other TEXT, PRIMARY KEY(conversation, time, act, kind,"
    " other)) WITHOUT ROWID;"
    "CREATE INDEX decided_other ON decided(other);"
    "CREATE TABLE failed(name INTEGER PRIMARY KEY);"
    "CREATE TABLE messages(id TEXT PRIMARY KEY, person TEXT, key TEXT,"
    " conversation TEXT, time INTEGER NOT NULL, type TEXT, channel TEXT,"
    " account TEXT, direction TEXT, name TEXT, subject TEXT, text TEXT,"
    " keywords TEXT, data TEXT, place TEXT, quarantine TEXT,"
    " content INTEGER NOT NULL, edited INTEGER NOT NULL,"
    " rank INTEGER NOT NULL, flags INTEGER NOT NULL,"
    " known INTEGER NOT NULL, answers TEXT, asks INTEGER NOT NULL,"
    " guest INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX messages_late ON messages(person, known, id)"
    " WHERE known <> time;"
    "CREATE TABLE earlier(id TEXT, person TEXT, key TEXT,"
    " conversation TEXT, time INTEGER NOT NULL, type TEXT, channel TEXT,"
    " account TEXT, direction TEXT, name TEXT, subject TEXT, text TEXT,"
    " keywords TEXT, data TEXT, place TEXT, quarantine TEXT,"
    " content INTEGER NOT NULL, edited INTEGER NOT NULL,"
    " rank INTEGER NOT NULL, flags INTEGER NOT NULL,"
    " known INTEGER NOT NULL, answers TEXT, asks INTEGER NOT NULL,"
    " guest INTEGER NOT NULL, PRIMARY KEY(id, content)) WITHOUT ROWID;"
    "CREATE INDEX earlier_person ON earlier(person, known, id);"
    "CREATE INDEX earlier_key ON earlier(key);"
    "CREATE INDEX messages_person ON messages(person, time, id);"
    "CREATE INDEX messages_key ON messages(key);"
    "CREATE INDEX messages_receipts ON messages(key, known, id)"
    " WHERE flags & 4096;"
    "CREATE INDEX messages_conversation ON messages(conversation, time, id);"
    "CREATE INDEX messages_place ON messages(place, time, id)"
    " WHERE place IS NOT NULL;"
    "CREATE TABLE aside(id TEXT PRIMARY KEY, line TEXT NOT NULL);"
    "CREATE TABLE refs(ref TEXT PRIMARY KEY, conversation TEXT NOT NULL,"
    " message TEXT NOT NULL, weak INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX refs_message ON refs(message);"
    "CREATE TABLE events(row INTEGER PRIMARY KEY, line TEXT NOT NULL);"
    "CREATE TABLE said(text INTEGER, time INTEGER, who INTEGER,"
    " people INTEGER NOT NULL, PRIMARY KEY(text, time, who))"
    " WITHOUT ROWID;"
    "CREATE INDEX said_time ON said(time);";

static int
open_db(struct sqlite *s, const char *dir, bool write, struct err *e)
{
	struct buf path;

	if (dir == NULL) {
		s->db = db_open("the state in memory", DB_MEMORY, e);
		return s->db == NULL ? -1
				     : db_schema(s->db, VERSION, schema, e);
	}
	buf_init(&path, 8192);
	buf_printf(&path, "%s/people.db", dir);
	if (!write && file_is_missing(buf_cstr(&path)))
		err_set(e,
		    "%s: nothing is known here yet: kith merge -S %s makes it",
		    buf_cstr(&path), dir);
	else
		s->db = db_open(buf_cstr(&path), write ? DB_WRITE : DB_READ, e);
	buf_release(&path);
	return s->db == NULL ? -1 : db_schema(s->db, VERSION, schema, e);
}

static void
sqlite_close(struct store *store)
{
	struct sqlite *s = sqlite_of(store);

	db_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s->old_root);
	vec_release(&s->moves);
	map_release(&s->parted);
	map_release(&s->met);
	vec_release(&s->accounts);
	vec_release(&s->owed);
	vec_release(&s->listed);
	map_release(&s->now);
	arena_release(&s->now_ids);
	arena_release(&s->arena);
	arena_release(&s->found);
	free(s);
}

static int
sqlite_begin(struct store *store, struct err *e)
{
	return db_begin(sqlite_of(store)->db, e);
}

static int
sqlite_commit(struct store *store, struct err *e)
{
	struct sqlite *s = sqlite_of(store);

	return sqlite_put_owed(s, e) != 0 ? -1 : db_commit(s->db, e);
}

static const struct store_ops ops = {
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.load = sqlite_load,
	.save = sqlite_save,
	.forget = sqlite_forget,
	.find_key = sqlite_find_key,
	.moves = sqlite_moves,
	.person_key = sqlite_person_key,
	.message_key = sqlite_message_key,
	.message = sqlite_message,
	.put_message = sqlite_put_message,
	.supersede = sqlite_supersede,
	.version = sqlite_version,
	.put_aside = sqlite_put_aside,
	.aside = sqlite_aside,
	.drop_aside = sqlite_drop_aside,
	.was_parted = sqlite_was_parted,
	.leave = sqlite_leave,
	.find_conversation = sqlite_find_conversation,
	.put_conversation = sqlite_put_conversation,
	.ref = sqlite_ref,
	.put_ref = sqlite_put_ref,
	.continued_person = sqlite_continued_person,
	.asked = sqlite_asked,
	.answered = sqlite_answered,
	.done = sqlite_done,
	.reopened = sqlite_reopened,
	.joined = sqlite_joined,
	.unasked = sqlite_unasked,
	.failed = sqlite_failed,
	.put_failed = sqlite_put_failed,
	.has_failed = sqlite_has_failed,
	.put_participant = sqlite_put_participant,
	.is_participant = sqlite_is_participant,
	.guest_spoke = sqlite_guest_spoke,
	.was_answered = sqlite_was_answered,
	.waiting = sqlite_waiting,
	.last_of = sqlite_last_of,
	.last_of_person = sqlite_last_of_person,
	.last_of_place = sqlite_last_of_place,
	.put_event = sqlite_put_event,
	.events = sqlite_events,
	.events_left = sqlite_events_left,
	.each_said = sqlite_each_said,
	.put_said = sqlite_put_said,
	.timeline = sqlite_timeline,
	.who = sqlite_who,
	.stands_now = sqlite_stands_now,
	.keys = sqlite_keys,
	.next_key = sqlite_next_key,
	.next_person = sqlite_next_person,
	.next_ref = sqlite_next_ref,
	.ref_message = sqlite_ref_message,
	.aliases = sqlite_aliases,
};

struct store *
sqlite_open(const struct store_options *o, struct err *e)
{
	struct sqlite *s = xcalloc(1, sizeof(*s));
	bool write = o->write || o->dir == NULL;

	s->base.ops = &ops;
	s->base.keeps = true;
	s->lasts = o->dir != NULL;
	s->lock = -1;
	if ((write && s->lasts &&
		(s->lock = file_lock(o->dir, "people", e)) < 0) ||
	    open_db(s, o->dir, write, e) != 0) {
		sqlite_close(&s->base);
		return NULL;
	}
	return &s->base;
}
