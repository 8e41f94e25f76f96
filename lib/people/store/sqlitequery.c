/*
 * What is asked of DIR/people.db, in SQL.
 */
#include <string.h>

#include "people/store/sqlite.h"

/* The texts that numbers stand for. */
#define ID_OF_PERSON "(SELECT id FROM persons WHERE key = m.person)"
#define TEXT_OF_KEY "(SELECT key FROM keys WHERE n = m.key)"
#define ID_OF_CONVERSATION \
	"(SELECT id FROM conversations WHERE n = m.conversation)"

#define REST                                                                  \
	"m.time, m.type, m.channel, m.account, m.direction, m.name,"          \
	" m.subject, m.text, m.keywords, m.data, m.place, m.quarantine,"      \
	" m.content, m.edited, m.rank, m.flags, m.known AS known, m.answers," \
	" m.asks, m.guest"

#define COLUMNS                                                              \
	"m.id AS id, " ID_OF_PERSON ", " TEXT_OF_KEY ", " ID_OF_CONVERSATION \
	", " REST

/* As it stands in the tables. */
#define PLAIN_COLUMNS                                                      \
	"id, person, key, conversation, time, type, channel, account,"     \
	" direction, name, subject, text, keywords, data, place,"          \
	" quarantine, content, edited, rank, flags, known, answers, asks," \
	" guest"

#define PERSON "(SELECT key FROM persons WHERE id = ?1)"

#define OF_PERSON(columns, what)                              \
	"SELECT " columns " FROM " what " m.person = " PERSON \
	" AND (m.known, m.id) > (?2, ?3) AND (m.known, m.id) < (?4, ?5)"

#define RECEIPTS(columns)                                                 \
	"SELECT " columns " FROM messages m WHERE m.flags & 4096 AND"     \
	" m.person IS NULL AND m.key IN (SELECT n FROM keys WHERE person" \
	" = " PERSON " AND receipts) AND (m.known, m.id) > (?2, ?3) AND"  \
	" (m.known, m.id) < (?4, ?5)"

/* What is known from another time on than its own, and receipts. */
#define BESIDE_PLAIN(columns)                                                          \
	RECEIPTS(columns)                                                              \
	" UNION ALL " OF_PERSON(columns,                                               \
	    "messages m WHERE m.known <> m.time AND") " UNION ALL " OF_PERSON(columns, \
	    "earlier m WHERE")

/* Records that are known from their own time on: by the index of these. */
#define PLAIN(columns)                                               \
	"SELECT * FROM (SELECT " columns                             \
	" FROM messages m WHERE m.person = " PERSON " AND m.known =" \
	" m.time AND (m.time, m.id) > (?2, ?3) AND (m.time, m.id) <" \
	" (?4, ?5)"

/* A person's records, past versions among them. */
#define TIMELINE(columns) PLAIN(columns) " UNION ALL " BESIDE_PLAIN(columns)

#define TIMELINE_END \
	" ORDER BY known DESC, id DESC LIMIT ?6) ORDER BY known, id"

/* Others' records, beside the person's conversation `mine`. */
#define BESIDE(from)                                                   \
	" UNION ALL SELECT " COLUMNS ", (SELECT id FROM conversations" \
	" WHERE n = mine) FROM " from " WHERE m.person IS NOT " PERSON \
	" AND (m.known, m.id) > (?2, ?3) AND (m.known, m.id) < (?4, ?5)"

static const char *const sqls[] = {
	[Q_KEY] = "SELECT k.n, k.person, k.since, k.handed, f.key FROM keys k"
		  " LEFT JOIN keys f ON f.n = k.person WHERE k.key = ?",
	[Q_KEY_ROW] = "SELECT n FROM keys WHERE key = ?",
	[Q_KEY_PERSON] = "SELECT p.id FROM keys k JOIN persons p ON p.key ="
			 " k.person WHERE k.key = ?",
	[Q_LAST_KEY] = "SELECT max(n) FROM keys",
	[Q_EDGES_A] = "SELECT k.key, e.since, e.record, e.profile FROM edges e"
		      " JOIN keys k ON k.n = e.b WHERE e.a = ?",
	[Q_EDGES_B] = "SELECT k.key, e.since, e.record, e.profile FROM edges e"
		      " JOIN keys k ON k.n = e.a WHERE e.b = ?",
	[Q_PERSON] = "SELECT k.key FROM persons p JOIN keys k ON k.n = p.key"
		     " WHERE p.id = ?",
	[Q_PERSON_ROW] = "SELECT key FROM persons WHERE id = ?",
	[Q_PUT_KEY] = "INSERT INTO keys(n, key, person, since, handed)"
		      " VALUES(?, ?, ?, ?, ?)",
	[Q_FEED_KEYS] = "INSERT OR FAIL INTO keys(n, key, person, since,"
			" handed) SELECT c0, c1, c2, c3, c4 FROM feed",
	[Q_FEED_PERSONS] = "INSERT OR FAIL INTO persons SELECT c0, c1 FROM"
			   " feed",
	[Q_FEED_EDGES] = "INSERT OR FAIL INTO edges SELECT c0, c1, c2, c3, c4"
			 " FROM feed",
	[Q_FEED_CONVERSATIONS] =
	    "INSERT OR FAIL INTO conversations(n, id, key, trusted, aside,"
	    " waiting, channels, answered, shared) SELECT c0, c1, c2, c3, c4,"
	    " c5, c6, c7, c8 FROM feed",
	[Q_FEED_MESSAGES] =
	    "INSERT OR FAIL INTO messages(" PLAIN_COLUMNS ", n) SELECT c0, c1,"
	    " c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15,"
	    " c16, c17, c18, c19, c20, c21, c22, c23, c24 FROM feed",
	[Q_SET_KEY] = "UPDATE keys SET person = ?2, since = ?3, handed = ?4"
		      " WHERE n = ?1 AND (person IS NOT ?2 OR since <> ?3 OR"
		      " handed <> ?4)",
	[Q_NAMES] = "SELECT name, record FROM names WHERE key = ?",
	[Q_PUT_NAME] = "INSERT OR REPLACE INTO names VALUES(?, ?, ?)",
	[Q_PUT_EDGE] = "INSERT INTO edges VALUES(?, ?, ?, ?, ?) ON CONFLICT"
		       "(a, b) DO UPDATE SET since = excluded.since, record ="
		       " excluded.record, profile = excluded.profile",
	[Q_PUT_PERSON] = "INSERT OR IGNORE INTO persons VALUES(?, ?)",
	[Q_MOVE] = "UPDATE messages SET person = ?1 WHERE person = ?2 AND key"
		   " = ?3",
	[Q_TOUCHED] = "SELECT n, id FROM conversations WHERE n IN (SELECT"
		      " conversation FROM messages WHERE person = ?2 AND"
		      " key = ?1 AND conversation IS NOT NULL UNION SELECT"
		      " conversation FROM messages WHERE flags & 4096 AND key"
		      " = ?1 AND conversation IS NOT NULL UNION SELECT n FROM"
		      " conversations WHERE key = ?1) ORDER BY id",
	[Q_STRAY] = "SELECT m.id, " ID_OF_PERSON ", " TEXT_OF_KEY ", m.n FROM"
		    " messages m JOIN conversations c ON c.n = m.conversation"
		    " JOIN keys k ON k.n = c.key WHERE m.conversation = ? AND"
		    " m.person IS NOT NULL AND m.person <> k.person AND NOT"
		    " m.guest ORDER BY 2, m.time, m.id",
	[Q_PART] = "UPDATE messages SET conversation = ? WHERE n = ?",
	[Q_PART_REFS] = "UPDATE refs SET conversation = ? WHERE message = ?",
	[Q_LEAVE] = "UPDATE messages SET conversation = NULL WHERE id = ?",
	[Q_MOVE_EARLIER] = "UPDATE earlier SET person = ? WHERE key = ?",
	[Q_MESSAGE] = "SELECT " COLUMNS ", m.n FROM messages m WHERE m.id = ?",
	[Q_MESSAGE_ROW] = "SELECT n FROM messages WHERE id = ?",
	[Q_LAST_MESSAGE] = "SELECT max(n) FROM messages",
	[Q_VERSION] = "SELECT " COLUMNS " FROM messages m WHERE m.id = ?1 AND"
		      " m.content = ?2 UNION ALL SELECT " COLUMNS " FROM"
		      " earlier m WHERE m.id = ?1 AND m.content = ?2 LIMIT 1",
	[Q_SUPERSEDE] = "INSERT OR REPLACE INTO earlier(" PLAIN_COLUMNS ")"
			" SELECT " PLAIN_COLUMNS " FROM messages WHERE id = ?",
	[Q_PUT_MESSAGE] = "INSERT INTO messages(" PLAIN_COLUMNS
			  ", n) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			  " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[Q_SET_MESSAGE] = "INSERT OR REPLACE INTO messages(" PLAIN_COLUMNS
			  ", n) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			  " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[Q_PUT_ASIDE] = "INSERT OR REPLACE INTO aside VALUES(?, ?)",
	[Q_ASIDE] = "SELECT line FROM aside WHERE id = ?",
	[Q_DROP_ASIDE] = "DELETE FROM aside WHERE id = ?",
	[Q_REF] = "SELECT c.id, (SELECT id FROM messages WHERE n = r.message),"
		  " r.weak FROM refs r JOIN conversations c ON c.n ="
		  " r.conversation WHERE r.ref = ?",
	[Q_PUT_REF] = "INSERT OR REPLACE INTO refs VALUES(?, ?, ?, ?)",
	[Q_LAST_PERSON] = "SELECT " ID_OF_CONVERSATION ", m.time FROM messages"
			  " m WHERE m.person = ? AND m.time <= ? AND"
			  " m.conversation IS NOT NULL AND m.quarantine IS"
			  " NULL AND NOT m.guest ORDER BY m.time DESC, m.id"
			  " DESC LIMIT 1",
	[Q_LAST_PLACE] = "SELECT " ID_OF_CONVERSATION ", m.time FROM messages"
			 " m WHERE m.place = ? AND m.time <= ? AND"
			 " m.conversation IS NOT NULL AND m.quarantine IS NULL"
			 " ORDER BY m.time DESC, m.id DESC LIMIT 1",
	/* 4096: STORE_RECEIPT, which says nothing. */
	[Q_LAST_TIME] = "SELECT time, channel FROM messages WHERE"
			" conversation = ? AND time <= ? AND NOT flags & 4096"
			" ORDER BY time DESC, id DESC LIMIT 1",
	[Q_PUT_CONVERSATION] = "INSERT INTO conversations(n, id, key, trusted,"
			       " aside, waiting, channels, answered, shared)"
			       " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[Q_SET_CONVERSATION] = "UPDATE conversations SET key = ?3, trusted ="
			       " ?4, aside = ?5, waiting = ?6, channels = ?7,"
			       " answered = ?8, shared = ?9 WHERE n = ?1",
	[Q_CONVERSATION] = "SELECT (SELECT key FROM keys WHERE n = c.key),"
			   " c.trusted, c.aside, c.waiting, c.channels,"
			   " c.answered, c.shared, c.n FROM conversations c"
			   " WHERE c.id = ?",
	[Q_CONVERSATION_ROW] = "SELECT n FROM conversations WHERE id = ?",
	[Q_LAST_CONVERSATION] = "SELECT max(n) FROM conversations",
	[Q_ANY_SHARED] = "SELECT 1 FROM conversations WHERE shared LIMIT 1",
	[Q_ANY_REF] = "SELECT 1 FROM refs LIMIT 1",
	[Q_ANY_FAILED] = "SELECT 1 FROM failed LIMIT 1",
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
			  " = ?5 AND (time, act) > (?2, ?3) AND time <= ?4 AND"
			  " kind IN (3, 4) LIMIT 1",
	/* 0: it asks; 1: it answers; else enum decided. */
	[Q_ACCOUNT] =
	    "SELECT time, id, 0, channel FROM messages WHERE conversation ="
	    " ?1 AND time >= ?2 AND asks UNION ALL SELECT time, id, 1, NULL"
	    " FROM messages WHERE conversation = ?1 AND time >= ?2 AND flags &"
	    " 1024 UNION ALL SELECT time, id, 1, NULL FROM also CROSS JOIN"
	    " messages ON id = message WHERE answered = ?3 AND time >= ?2 AND"
	    " flags & 1024 UNION ALL SELECT time, act, kind, other FROM"
	    " decided WHERE conversation = ?3 AND time >= ?2 ORDER BY 1, 2",
	[Q_DECIDE] = "INSERT OR IGNORE INTO decided VALUES(?, ?, ?, ?, ?)",
	/* 4: DECIDED_JOINED. */
	[Q_JOINED_INTO] = "SELECT conversation FROM decided WHERE other = ?"
			  " AND kind = 4",
	[Q_PUT_FAILED] = "INSERT OR IGNORE INTO failed VALUES(?)",
	[Q_HAS_FAILED] = "SELECT 1 FROM failed WHERE name = ?",
	[Q_ALSO] = "SELECT answered FROM also WHERE message = ?",
	[Q_WAITING] = "SELECT c.id FROM keys k JOIN conversations c ON"
		      " c.key = k.n WHERE k.person = ?1 AND c.waiting IS NOT"
		      " NULL",
	[Q_WAITING_GUEST] =
	    "SELECT c.id, max(p.asked) FROM keys k JOIN participants p ON"
	    " p.key = k.key JOIN conversations c ON c.n = p.conversation"
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
	[Q_TIMELINE_PLAIN] = PLAIN(COLUMNS) " ORDER BY m.time DESC, m.id DESC"
					    " LIMIT ?6) ORDER BY time, id",
	[Q_BESIDE] = BESIDE_PLAIN("1") " LIMIT 1",
	[Q_ANY_BESIDE] = "SELECT 1 FROM messages WHERE known <> time UNION ALL"
			 " SELECT 1 FROM earlier UNION ALL SELECT 1 FROM"
			 " messages WHERE flags & 4096 LIMIT 1",
	[Q_KEY_RECEIPTS] = "UPDATE keys SET receipts = 1 WHERE key = ? AND NOT"
			   " receipts",
	[Q_TIMELINE] = TIMELINE(COLUMNS) TIMELINE_END,
	[Q_TIMELINE_SHARED] =
	    "WITH conversations_of(mine) AS MATERIALIZED (SELECT c.n FROM"
	    " keys k JOIN conversations c ON c.key = k.n WHERE k.person ="
	    " " PERSON " AND c.shared UNION SELECT p.conversation FROM keys k"
	    " JOIN participants p ON p.key = k.key WHERE k.person = " PERSON
	    " AND p.spoke IS NOT NULL) " TIMELINE(COLUMNS ", NULL") BESIDE(
		"conversations_of CROSS JOIN messages m ON"
		" m.conversation = mine")
		BESIDE("conversations_of CROSS JOIN also ON answered ="
		       " (SELECT id FROM conversations WHERE n = mine)"
		       " CROSS JOIN messages m ON m.id = message") TIMELINE_END,
	[Q_KEYS] =
	    "SELECT key, since FROM keys WHERE person = (SELECT key FROM"
	    " persons WHERE id = ?) AND key NOT GLOB 'order:*' AND key NOT"
	    " GLOB '[?]order:*' ORDER BY since, key",
	[Q_NEXT_KEY] = "SELECT key FROM keys WHERE key >= ? AND person IS NOT"
		       " NULL ORDER BY key LIMIT 1",
	[Q_NEXT_PERSON] = "SELECT id FROM persons p WHERE id > ? AND EXISTS"
			  " (SELECT 1 FROM keys WHERE person = p.key) ORDER BY"
			  " id LIMIT 1",
	[Q_NEXT_REF] = "SELECT ref FROM refs WHERE ref >= ? ORDER BY ref"
		       " LIMIT 1",
	[Q_PUT_EVENT] = "INSERT INTO events(row, line) VALUES(?, ?)",
	[Q_EVENTS] = "SELECT row, line FROM events WHERE row > ? ORDER BY row",
	[Q_SAID] = "SELECT text, time, who, people FROM said",
	[Q_PUT_SAID] = "INSERT OR IGNORE INTO said VALUES(?, ?, ?, ?)",
	[Q_SAID_PAST] = "DELETE FROM said WHERE time < ?",
	[Q_EVENTS_LEFT] = "DELETE FROM events WHERE row <= ?",
	[Q_ALIASES] = "SELECT p.id FROM persons p JOIN keys k ON k.n = p.key"
		      " WHERE k.person = (SELECT key FROM persons WHERE id ="
		      " ?1) AND p.id <> ?1 ORDER BY p.id",
};

struct stmt *
sqlite_query(struct sqlite *s, enum query q, struct err *e)
{
	if (s->pending.n + s->begun.n > 0 && s->flush_for(s, q, e) != 0)
		return NULL;
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

int
sqlite_find_row(
    struct sqlite *s, enum query q, struct str by, int64_t *row, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
	int rc;

	*row = 0;
	if (st == NULL)
		return -1;
	if (by.p != NULL)
		stmt_text(st, 1, by);
	rc = stmt_step(st, e);
	if (rc == 1) {
		*row = stmt_col_int(st, 0);
		stmt_reset(st);
	}
	return rc < 0 ? -1 : 0;
}
