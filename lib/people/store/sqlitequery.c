/*
 * What is asked of DIR/people.db, in SQL.
 */
#include <string.h>

#include "people/store/sqlite.h"

#define COLUMNS                                                               \
	"id, person, key, conversation, time, type, channel, account,"        \
	" direction, name, subject, text, keywords, data, place, quarantine," \
	" content, edited, rank, flags, known, answers, asks, guest"

#define OF_PERSON(columns, what)                                       \
	"SELECT " columns " FROM " what " person = ?1 AND (known, id)" \
	" > (?2, ?3) AND (known, id) < (?4, ?5)"

#define RECEIPTS(columns)                                                   \
	"SELECT " columns " FROM messages WHERE flags & 4096 AND person IS" \
	" NULL AND key IN (SELECT key FROM keys WHERE person = ?1 AND"      \
	" receipts) AND (known, id) > (?2, ?3) AND (known, id) < (?4, ?5)"

/* What is known from another time on than its own, and receipts. */
#define BESIDE_PLAIN(columns)                                                    \
	RECEIPTS(columns)                                                        \
	" UNION ALL " OF_PERSON(columns,                                         \
	    "messages WHERE known <> time AND") " UNION ALL " OF_PERSON(columns, \
	    "earlier WHERE")

/* Records that are known from their own time on: by the index of these. */
#define PLAIN(columns)                                  \
	"SELECT * FROM (SELECT " columns                \
	" FROM messages WHERE person = ?1 AND known = " \
	"time AND (time, id) > (?2, ?3) AND (time, id) < (?4, ?5)"

/* A person's records, past versions among them. */
#define TIMELINE(columns) PLAIN(columns) " UNION ALL " BESIDE_PLAIN(columns)

#define TIMELINE_END \
	" ORDER BY known DESC, id DESC LIMIT ?6) ORDER BY known, id"

/* Others' records, beside the person's conversation `mine`. */
#define BESIDE(from)                                             \
	" UNION ALL SELECT " COLUMNS ", mine FROM " from         \
	" WHERE person IS NOT ?1 AND (known, id) > (?2, ?3) AND" \
	" (known, id) < (?4, ?5)"

static const char *const sqls[] = {
	[Q_KEY] = "SELECT person, since, handed FROM keys WHERE key = ?",
	[Q_EDGES_A] = "SELECT b, since, record, profile FROM edges"
		      " WHERE a = ?",
	[Q_EDGES_B] = "SELECT a, since, record, profile FROM edges"
		      " WHERE b = ?",
	[Q_PERSON] = "SELECT key FROM persons WHERE id = ?",
	[Q_PUT_KEY] = "INSERT INTO keys(key, person, since, handed)"
		      " VALUES(?, ?, ?, ?) ON CONFLICT(key) DO"
		      " UPDATE SET person = excluded.person, since ="
		      " excluded.since, handed = excluded.handed",
	[Q_NAMES] = "SELECT name, record FROM names WHERE key = ?",
	[Q_PUT_NAME] = "INSERT OR REPLACE INTO names VALUES(?, ?, ?)",
	[Q_PUT_EDGE] = "INSERT INTO edges VALUES(?, ?, ?, ?, ?) ON CONFLICT"
		       "(a, b) DO UPDATE SET since = excluded.since, record ="
		       " excluded.record, profile = excluded.profile",
	[Q_PUT_PERSON] = "INSERT INTO persons VALUES(?, ?) ON CONFLICT DO"
			 " NOTHING",
	[Q_MOVE] = "UPDATE messages SET person = ? WHERE key = ? AND person"
		   " IS NOT NULL",
	[Q_MOVE_EARLIER] = "UPDATE earlier SET person = ? WHERE key = ?",
	[Q_TOUCHED] = "SELECT conversation FROM messages WHERE key = ?1 AND"
		      " conversation IS NOT NULL UNION SELECT id FROM"
		      " conversations WHERE key = ?1",
	[Q_STRAY] = "SELECT m.id, m.person, m.key FROM messages m JOIN"
		    " conversations c ON c.id = m.conversation JOIN keys k ON"
		    " k.key = c.key WHERE m.conversation = ? AND m.person IS"
		    " NOT NULL AND m.person <> k.person AND NOT m.guest"
		    " ORDER BY m.person, m.time, m.id",
	[Q_PART] = "UPDATE messages SET conversation = ? WHERE id = ?",
	[Q_PART_REFS] = "UPDATE refs SET conversation = ? WHERE message = ?",
	[Q_MESSAGE] = "SELECT " COLUMNS " FROM messages WHERE id = ?",
	[Q_VERSION] = "SELECT " COLUMNS " FROM messages WHERE id = ?1 AND"
		      " content = ?2 UNION ALL SELECT " COLUMNS " FROM earlier"
		      " WHERE id = ?1 AND content = ?2 LIMIT 1",
	[Q_SUPERSEDE] = "INSERT OR REPLACE INTO earlier(" COLUMNS ") SELECT"
			" " COLUMNS " FROM messages WHERE id = ?",
	[Q_PUT_MESSAGE] = "INSERT OR REPLACE INTO messages(" COLUMNS
			  ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			  " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[Q_PUT_ASIDE] = "INSERT OR REPLACE INTO aside VALUES(?, ?)",
	[Q_ASIDE] = "SELECT line FROM aside WHERE id = ?",
	[Q_DROP_ASIDE] = "DELETE FROM aside WHERE id = ?",
	[Q_REF] = "SELECT conversation, message, weak FROM refs WHERE ref = ?",
	[Q_PUT_REF] = "INSERT OR REPLACE INTO refs VALUES(?, ?, ?, ?)",
	[Q_LAST_PERSON] = "SELECT conversation, time FROM messages WHERE"
			  " person = ? AND time <= ? AND conversation IS NOT"
			  " NULL AND quarantine IS NULL AND NOT guest"
			  " ORDER BY time DESC, id DESC LIMIT 1",
	[Q_LAST_PLACE] = "SELECT conversation, time FROM messages WHERE"
			 " place = ? AND time <= ? AND conversation IS NOT"
			 " NULL AND quarantine IS NULL"
			 " ORDER BY time DESC, id DESC LIMIT 1",
	/* 4096: STORE_RECEIPT, which says nothing. */
	[Q_LAST_TIME] = "SELECT time, channel FROM messages WHERE"
			" conversation = ? AND time <= ? AND NOT flags & 4096"
			" ORDER BY time DESC, id DESC LIMIT 1",
	[Q_PUT_CONVERSATION] = "INSERT OR REPLACE INTO conversations"
			       " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
	[Q_CONVERSATION] = "SELECT key, trusted, aside, waiting, channels,"
			   " answered, shared FROM conversations WHERE id = ?",
	[Q_ANY_SHARED] = "SELECT 1 FROM conversations WHERE shared LIMIT 1",
	[Q_ANY_CLAIM] = "SELECT 1 FROM keys WHERE key >= '?' AND key < '@'"
			" LIMIT 1",
	/* 1024: SPOOL_ANSWER. */
	[Q_FAIL] = "UPDATE messages SET flags = flags & ~1024 WHERE id = ?",
	[Q_ANSWER] = "SELECT time, id, text FROM messages WHERE"
		     " conversation = ?1 AND time <= ?2 AND flags & 1024"
		     " ORDER BY time DESC, id DESC LIMIT 1",
	/* 3, 4: an act makes it wait, too. */
	[Q_ASKED_SINCE] = "SELECT 1 FROM messages WHERE conversation = ?1 AND"
			  " (time, id) > (?2, ?3) AND time <= ?4 AND asks"
			  " UNION ALL SELECT 1 FROM decided WHERE conversation"
			  " = ?1 AND (time, act) > (?2, ?3) AND time <= ?4 AND"
			  " kind IN (3, 4) LIMIT 1",
	/* 0: it asks; 1: it answers; else enum decided. */
	[Q_ACCOUNT] =
	    "SELECT time, id, 0, channel FROM messages WHERE conversation ="
	    " ?1 AND time >= ?2 AND asks UNION ALL SELECT time, id, 1, NULL"
	    " FROM messages WHERE conversation = ?1 AND time >= ?2 AND flags &"
	    " 1024 UNION ALL SELECT time, id, 1, NULL FROM also CROSS JOIN"
	    " messages ON id = message WHERE answered = ?1 AND time >= ?2 AND"
	    " flags & 1024 UNION ALL SELECT time, act, kind, other FROM"
	    " decided WHERE conversation = ?1 AND time >= ?2 ORDER BY 1, 2",
	[Q_DECIDE] = "INSERT OR IGNORE INTO decided VALUES(?, ?, ?, ?, ?)",
	/* 4: DECIDED_JOINED. */
	[Q_JOINED_INTO] = "SELECT conversation FROM decided WHERE other = ?"
			  " AND kind = 4",
	[Q_PUT_FAILED] = "INSERT OR IGNORE INTO failed VALUES(?)",
	[Q_HAS_FAILED] = "SELECT 1 FROM failed WHERE name = ?",
	[Q_ALSO] = "SELECT answered FROM also WHERE message = ?",
	[Q_WAITING] = "SELECT c.id FROM keys k JOIN conversations c ON"
		      " c.key = k.key WHERE k.person = ?1 AND c.waiting IS NOT"
		      " NULL",
	[Q_WAITING_GUEST] =
	    "SELECT c.id, max(p.asked) FROM keys k JOIN participants p ON"
	    " p.key = k.key JOIN conversations c ON c.id = p.conversation"
	    " WHERE k.person = ?1 AND p.spoke IS NOT NULL AND"
	    " p.asked >= c.waiting GROUP BY c.id",
	[Q_PUT_ALSO] = "INSERT OR IGNORE INTO also VALUES(?, ?)",
	[Q_PUT_PARTICIPANT] =
	    "INSERT INTO participants VALUES(?, ?, ?, NULL, NULL) ON"
	    " CONFLICT(conversation, key) DO UPDATE SET since ="
	    " excluded.since WHERE excluded.since < since",
	[Q_PARTICIPANT] = "SELECT 1 FROM participants p JOIN keys k ON k.key ="
			  " p.key WHERE p.conversation = ?1 AND k.person = ?2"
			  " AND p.since <= ?3 LIMIT 1",
	[Q_GUEST_SPOKE] = "UPDATE participants SET spoke = max(ifnull(spoke,"
			  " ?3), ?3), asked = CASE WHEN ?4 THEN"
			  " max(ifnull(asked, ?3), ?3) ELSE asked END WHERE"
			  " conversation = ?1 AND key IN (SELECT key FROM keys"
			  " WHERE person = ?2)",
	/* Most have no more than these. */
	[Q_TIMELINE_PLAIN] = PLAIN(COLUMNS) " ORDER BY time DESC, id DESC"
					    " LIMIT ?6) ORDER BY time, id",
	[Q_BESIDE] = BESIDE_PLAIN("1") " LIMIT 1",
	[Q_ANY_BESIDE] = "SELECT 1 FROM messages WHERE known <> time UNION ALL"
			 " SELECT 1 FROM earlier UNION ALL SELECT 1 FROM"
			 " messages WHERE flags & 4096 LIMIT 1",
	[Q_KEY_RECEIPTS] = "UPDATE keys SET receipts = 1 WHERE key = ? AND NOT"
			   " receipts",
	[Q_TIMELINE] = TIMELINE(COLUMNS) TIMELINE_END,
	[Q_TIMELINE_SHARED] =
	    "WITH conversations_of(mine) AS MATERIALIZED (SELECT c.id FROM"
	    " keys k JOIN conversations c ON c.key = k.key WHERE k.person = ?1"
	    " AND c.shared UNION SELECT p.conversation FROM keys k JOIN"
	    " participants p ON p.key = k.key WHERE k.person = ?1 AND p.spoke"
	    " IS NOT NULL) " TIMELINE(COLUMNS ", NULL")
		BESIDE("conversations_of CROSS JOIN messages ON"
		       " conversation = mine")
		    BESIDE("conversations_of CROSS JOIN also ON answered = mine"
			   " CROSS JOIN messages ON id = message") TIMELINE_END,
	[Q_KEYS] =
	    "SELECT key, since FROM keys WHERE person = ? AND key NOT GLOB"
	    " 'order:*' AND key NOT GLOB '[?]order:*' ORDER BY since,"
	    " key",
	[Q_NEXT_KEY] = "SELECT key FROM keys WHERE key >= ? ORDER BY key"
		       " LIMIT 1",
	[Q_NEXT_PERSON] = "SELECT person FROM keys WHERE person > ?"
			  " ORDER BY person LIMIT 1",
	[Q_NEXT_REF] = "SELECT ref FROM refs WHERE ref >= ? ORDER BY ref"
		       " LIMIT 1",
	[Q_PUT_EVENT] = "INSERT INTO events(row, line) VALUES(?, ?)",
	[Q_EVENTS] = "SELECT row, line FROM events WHERE row > ? ORDER BY row",
	[Q_SAID] = "SELECT text, time, who, people FROM said",
	[Q_PUT_SAID] = "INSERT OR IGNORE INTO said VALUES(?, ?, ?, ?)",
	[Q_SAID_PAST] = "DELETE FROM said WHERE time < ?",
	[Q_EVENTS_LEFT] = "DELETE FROM events WHERE row <= ?",
	[Q_ALIASES] = "SELECT p.id FROM persons p JOIN keys k ON k.key = p.key"
		      " WHERE k.person = ?1 AND p.id <> ?1 ORDER BY p.id",
};

struct stmt *
sqlite_query(struct sqlite *s, enum query q, struct err *e)
{
	if (s->q[q] == NULL)
		s->q[q] = db_prepare(s->db, sqls[q], e);
	return s->q[q];
}

/* The one text column of a row found by a text: 1, 0, -1. */
int
sqlite_find_text(struct sqlite *s, enum query q, struct str by, struct arena *a,
    struct str *out, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
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

void
sqlite_copy_id(char out[ID_SIZE], struct str s)
{
	size_t n = s.n < ID_SIZE ? s.n : ID_SIZE - 1;

	memset(out, 0, ID_SIZE);
	if (n > 0)
		memcpy(out, s.p, n);
}

int
sqlite_key_of_person(struct sqlite *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return sqlite_find_text(s, Q_PERSON, id, a, key, e);
}

int
sqlite_key_of_conversation(struct sqlite *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return sqlite_find_text(s, Q_CONVERSATION, id, a, key, e);
}

int
sqlite_any(struct sqlite *s, enum query q, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
	int rc = st == NULL ? -1 : stmt_step(st, e);

	if (rc == 1)
		stmt_reset(st);
	return rc;
}
