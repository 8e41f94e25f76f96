/*
 * How DIR/people.db is laid out (kith-state(5)), and how a file of the version
 * before becomes one of this: in one transaction, so whole or not at all.
 *
 * Keys, conversations and messages have numbers, which tables name each other
 * by; ids and texts stand once.
 */
#include "core/buf.h"
#include "core/io/file.h"
#include "people/store/sqlite.h"

enum { VERSION_BEFORE = 12 };

/* Of messages and their past versions. */
#define MESSAGE                                                   \
	" person INTEGER, key INTEGER, conversation INTEGER,"     \
	" time INTEGER NOT NULL, type TEXT, channel TEXT,"        \
	" account TEXT, direction TEXT, name TEXT, subject TEXT," \
	" text TEXT, keywords TEXT, data TEXT, place TEXT,"       \
	" quarantine TEXT, content INTEGER NOT NULL,"             \
	" edited INTEGER, rank INTEGER NOT NULL,"                 \
	" flags INTEGER NOT NULL, known INTEGER NOT NULL,"        \
	" answers TEXT, asks INTEGER NOT NULL, guest INTEGER NOT NULL"

/* What has numbers, or names others by them. */
#define NUMBERED                                                             \
	"CREATE TABLE keys(n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE," \
	" person INTEGER, since INTEGER NOT NULL, handed INTEGER NOT NULL,"  \
	" receipts INTEGER NOT NULL DEFAULT 0);"                             \
	"CREATE TABLE persons(key INTEGER PRIMARY KEY, id TEXT NOT NULL);"   \
	"CREATE TABLE edges(a INTEGER, b INTEGER, since INTEGER NOT NULL,"   \
	" record TEXT NOT NULL, profile INTEGER NOT NULL,"                   \
	" PRIMARY KEY(a, b)) WITHOUT ROWID;"                                 \
	"CREATE TABLE names(key INTEGER, record TEXT, name TEXT NOT NULL,"   \
	" PRIMARY KEY(key, record)) WITHOUT ROWID;"                          \
	"CREATE TABLE conversations(n INTEGER PRIMARY KEY,"                  \
	" id TEXT NOT NULL UNIQUE, key INTEGER, trusted INTEGER,"            \
	" aside INTEGER, waiting INTEGER, channels TEXT, answered INTEGER,"  \
	" shared INTEGER NOT NULL);"                                         \
	"CREATE TABLE participants(conversation INTEGER, key TEXT,"          \
	" since INTEGER NOT NULL, spoke INTEGER, asked INTEGER,"             \
	" PRIMARY KEY(conversation, key)) WITHOUT ROWID;"                    \
	"CREATE TABLE messages(n INTEGER PRIMARY KEY,"                       \
	" id TEXT NOT NULL UNIQUE," MESSAGE ");"                             \
	"CREATE TABLE earlier(id TEXT," MESSAGE                              \
	", PRIMARY KEY(id, content)) WITHOUT ROWID;"                         \
	"CREATE TABLE refs(ref TEXT PRIMARY KEY,"                            \
	" conversation INTEGER NOT NULL, message INTEGER,"                   \
	" weak INTEGER NOT NULL) WITHOUT ROWID;"

#define KEY_INDEXES                                                    \
	"CREATE INDEX keys_person ON keys(person);"                    \
	"CREATE INDEX keys_told ON keys(person)"                       \
	" WHERE key NOT GLOB 'order:*' AND key NOT GLOB '[?]order:*';" \
	"CREATE UNIQUE INDEX persons_id ON persons(id);"               \
	"CREATE INDEX edges_b ON edges(b, a);"

#define INDEXES                                                          \
	"CREATE INDEX keys_receipts ON keys(person) WHERE receipts;"     \
	"CREATE INDEX conversations_key ON conversations(key, waiting);" \
	"CREATE INDEX conversations_shared ON conversations(key)"        \
	" WHERE shared;"                                                 \
	"CREATE INDEX participants_spoke ON participants(key)"           \
	" WHERE spoke IS NOT NULL;"                                      \
	"CREATE INDEX messages_late ON messages(person, known)"          \
	" WHERE known <> time;"                                          \
	"CREATE INDEX earlier_person ON earlier(person, known);"         \
	"CREATE INDEX earlier_key ON earlier(key);"                      \
	"CREATE INDEX messages_person ON messages(person, time);"        \
	"CREATE INDEX messages_receipts ON messages(key, known)"         \
	" WHERE flags & 4096;"                                           \
	"CREATE INDEX messages_conversation ON"                          \
	" messages(conversation, time);"                                 \
	"CREATE INDEX messages_place ON messages(place, time)"           \
	" WHERE place IS NOT NULL;"                                      \
	"CREATE INDEX refs_message ON refs(message);"

/* Rarely asked for, by ids. */
#define NAMED                                                               \
	"CREATE TABLE also(answered TEXT, message TEXT,"                    \
	" PRIMARY KEY(answered, message)) WITHOUT ROWID;"                   \
	"CREATE INDEX also_message ON also(message);"                       \
	"CREATE TABLE decided(conversation TEXT, time INTEGER, act TEXT,"   \
	" kind INTEGER, other TEXT, PRIMARY KEY(conversation, time, act,"   \
	" kind, other)) WITHOUT ROWID;"                                     \
	"CREATE INDEX decided_other ON decided(other);"                     \
	"CREATE TABLE failed(name INTEGER PRIMARY KEY);"                    \
	"CREATE TABLE aside(id TEXT PRIMARY KEY, line TEXT NOT NULL);"      \
	"CREATE TABLE events(row INTEGER PRIMARY KEY, line TEXT NOT NULL);" \
	"CREATE TABLE said(text INTEGER, time INTEGER, who INTEGER,"        \
	" people INTEGER NOT NULL, PRIMARY KEY(text, time, who))"           \
	" WITHOUT ROWID;"                                                   \
	"CREATE INDEX said_time ON said(time);"

#define DAY(time) "datetime(" time " / 1000000, 'unixepoch')"

/* For people who open it. */
#define VIEWS                                                                                                                      \
	"CREATE VIEW people AS SELECT p.id AS person, k.key, " DAY(                                                                \
	    "k.since") " AS since FROM keys k JOIN persons p ON p.key ="                                                           \
		       " k.person;"                                                                                                \
		       "CREATE VIEW evidence AS SELECT a.key AS a, b.key AS b, " DAY(                                              \
			   "e.since") " AS since, e.record FROM edges e JOIN keys a ON"                                            \
				      " a.n = e.a JOIN keys b ON b.n = e.b;"                                                       \
				      "CREATE VIEW waiting AS SELECT c.id AS conversation, p.id AS"                                \
				      " person, " DAY(                                                                             \
					  "c.waiting") " AS since, c.channels FROM"                                                \
						       " conversations c LEFT JOIN keys k"                                         \
						       " ON k.n = c.key LEFT JOIN persons"                                         \
						       " p ON p.key = k.person WHERE"                                              \
						       " c.waiting IS NOT NULL;"                                                   \
						       "CREATE VIEW timeline AS SELECT " DAY(                                      \
							   "m.time") " AS time, m.id,"                                             \
								     " p.id AS person, c.id AS conversation, m.channel,"           \
								     " m.direction, m.subject, m.text FROM messages m LEFT JOIN"   \
								     " persons p ON p.key = m.person LEFT JOIN conversations c ON" \
								     " c.n = m.conversation;"

const char sqlite_key_indexes[] = KEY_INDEXES;

static const char schema[] = NUMBERED KEY_INDEXES INDEXES NAMED VIEWS;

/* What the version before had by ids and texts. */
#define ASIDE_INDEXES                                                     \
	"DROP INDEX keys_person; DROP INDEX keys_told;"                   \
	"DROP INDEX keys_receipts; DROP INDEX edges_b;"                   \
	"DROP INDEX persons_key; DROP INDEX conversations_key;"           \
	"DROP INDEX conversations_shared; DROP INDEX participants_spoke;" \
	"DROP INDEX messages_late; DROP INDEX earlier_person;"            \
	"DROP INDEX earlier_key; DROP INDEX messages_person;"             \
	"DROP INDEX messages_key; DROP INDEX messages_receipts;"          \
	"DROP INDEX messages_conversation; DROP INDEX messages_place;"    \
	"DROP INDEX refs_message;"
#define ASIDE_TABLES                                             \
	"ALTER TABLE keys RENAME TO old_keys;"                   \
	"ALTER TABLE edges RENAME TO old_edges;"                 \
	"ALTER TABLE persons RENAME TO old_persons;"             \
	"ALTER TABLE names RENAME TO old_names;"                 \
	"ALTER TABLE conversations RENAME TO old_conversations;" \
	"ALTER TABLE participants RENAME TO old_participants;"   \
	"ALTER TABLE messages RENAME TO old_messages;"           \
	"ALTER TABLE earlier RENAME TO old_earlier;"             \
	"ALTER TABLE refs RENAME TO old_refs;"
#define DROP_OLD                                                     \
	"DROP TABLE old_keys; DROP TABLE old_edges;"                 \
	"DROP TABLE old_persons; DROP TABLE old_names;"              \
	"DROP TABLE old_conversations; DROP TABLE old_participants;" \
	"DROP TABLE old_messages; DROP TABLE old_earlier;"           \
	"DROP TABLE old_refs;"

#define KEY_OF(text) "(SELECT n FROM keys WHERE key = " text ")"
#define CONVERSATION_OF(id) "(SELECT n FROM conversations WHERE id = " id ")"
#define MESSAGE_OF                                                                                     \
	" m.id, (SELECT key FROM persons WHERE id = m.person), " KEY_OF("m.key") ", " CONVERSATION_OF( \
	    "m.conversation") ", m.time, m.type, m.channel, m.account, m.direction, m.name,"           \
			      " m.subject, m.text, m.keywords, m.data, m.place,"                       \
			      " m.quarantine, m.content,"                                              \
			      " nullif(m.edited, -9223372036854775808), m.rank, m.flags,"              \
			      " m.known, m.answers, m.asks, m.guest "
#define INTO                                                               \
	"(id, person, key, conversation, time, type, channel, account,"    \
	" direction, name, subject, text, keywords, data, place,"          \
	" quarantine, content, edited, rank, flags, known, answers, asks," \
	" guest)"

/* Texts that are of no key, too: of what a key of nobody wrote. */
static const char numbers[] =
    "INSERT INTO keys(key, since, handed, receipts)"
    " SELECT key, since, handed, receipts FROM old_keys ORDER BY key;"
    "INSERT OR IGNORE INTO keys(key, since, handed) SELECT key, 0, 0 FROM"
    " (SELECT a AS key FROM old_edges UNION SELECT b FROM old_edges UNION"
    " SELECT key FROM old_names UNION SELECT key FROM old_conversations"
    " UNION SELECT key FROM old_messages UNION SELECT key FROM old_earlier)"
    " WHERE key IS NOT NULL ORDER BY key;"
    "INSERT INTO persons SELECT " KEY_OF(
	"p.key") ", p.id FROM"
		 " old_persons p WHERE " KEY_OF(
		     "p.key") " IS NOT NULL ORDER BY 1;" KEY_INDEXES
			      "UPDATE keys SET person = (SELECT p.key FROM old_keys o JOIN persons p"
			      " ON p.id = o.person WHERE o.key = keys.key);"
			      "INSERT INTO edges SELECT " KEY_OF("e.a") ", " KEY_OF(
				  "e.b") ", e.since, e.record, e.profile FROM old_edges e ORDER BY 1, 2;"
					 "INSERT INTO names SELECT " KEY_OF(
					     "o.key") ", o.record, o.name FROM"
						      " old_names o;"
						      "INSERT INTO conversations(id, key, trusted, aside, waiting, channels,"
						      " answered, shared) SELECT c.id, " KEY_OF(
							  "c.key") ", c.trusted,"
								   " c.aside, c.waiting, c.channels, c.answered, c.shared FROM"
								   " old_conversations c ORDER BY c.id;"
								   "INSERT OR IGNORE INTO conversations(id, shared) SELECT id, 0 FROM"
								   " (SELECT conversation AS id FROM old_messages UNION SELECT conversation"
								   " FROM old_earlier UNION SELECT conversation FROM old_refs UNION SELECT"
								   " conversation FROM old_participants) WHERE id IS NOT NULL ORDER BY id;"
								   "INSERT INTO participants SELECT " CONVERSATION_OF(
								       "o.conversation") ", o.key, o.since, o.spoke, o.asked FROM old_participants o;"
											 "INSERT INTO messages" INTO
											 " SELECT" MESSAGE_OF
											 "FROM old_messages m ORDER BY m.time, m.id;"
											 "INSERT INTO earlier" INTO
											 " SELECT" MESSAGE_OF
											 "FROM old_earlier m;"
											 "INSERT INTO refs SELECT r.ref, " CONVERSATION_OF(
											     "r.conversation") ", (SELECT n FROM messages WHERE id = r.message), r.weak FROM"
													       " old_refs r;";

static int
upgrade(struct db *d, struct err *e)
{
	static const char *const steps[] = { ASIDE_INDEXES, ASIDE_TABLES,
		NUMBERED, numbers, INDEXES, DROP_OLD, VIEWS };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (db_exec(d, steps[i], e) != 0)
			return -1;
	return 0;
}

/* A file of the version before; who reads has to wait for who writes. */
static int
bring_up(struct sqlite *s, bool write, const char *path, struct err *e)
{
	int64_t version;

	if (db_format(s->db, &version, e) != 0)
		return -1;
	if (version != VERSION_BEFORE)
		return 0;
	if (!write)
		return err_set(e,
		    "%s: of an older kith: the next kith merge -S that writes "
		    "to it makes it one of this",
		    path);
	return db_upgrade(s->db, VERSION_BEFORE, STORE_VERSION, upgrade, e);
}

static int
open_path(struct sqlite *s, const char *path, const char *dir, bool write,
    struct err *e)
{
	if (!write && file_is_missing(path))
		return err_set(e,
		    "%s: nothing is known here yet: kith merge -S %s makes it",
		    path, dir);
	s->db = db_open(path, write ? DB_WRITE : DB_READ, e);
	return s->db == NULL ? -1 : bring_up(s, write, path, e);
}

int
sqlite_open_file(struct sqlite *s, const char *dir, bool write, struct err *e)
{
	struct buf path;
	int rc;

	if (dir == NULL) {
		s->db = db_open("the state in memory", DB_MEMORY, e);
		rc = s->db == NULL ? -1 : 0;
	} else {
		buf_init(&path, 8192);
		buf_printf(&path, "%s/people.db", dir);
		rc = open_path(s, buf_cstr(&path), dir, write, e);
		buf_release(&path);
	}
	return rc != 0 ? -1 : db_schema(s->db, STORE_VERSION, schema, e);
}
