/*
 * Messages and conversations that are new, put many at a time: one statement
 * opens its table and all of its indexes once for all of them.  They are put
 * when they are so many, before a commit, and before anything is asked that they
 * could be the answer to.
 */
#include "core/time.h"
#include "people/store/sqlite.h"

enum {
	PENDING_FEW = 4, /* so many are put one by one */
};

static struct str
keep(struct sqlite *s, struct str v)
{
	return v.p == NULL ? v : arena_dup(&s->pending.arena, v);
}

/* The texts of a row, in the order of Q_FEED_MESSAGES. */
static struct str *
text_of(struct store_message *m, int column)
{
	switch (column) {
	case 0:
		return &m->id;
	case 5:
		return &m->type;
	case 6:
		return &m->channel;
	case 7:
		return &m->account;
	case 8:
		return &m->direction;
	case 9:
		return &m->name;
	case 10:
		return &m->subject;
	case 11:
		return &m->text;
	case 12:
		return &m->keywords;
	case 13:
		return &m->data;
	case 14:
		return &m->place;
	case 15:
		return &m->quarantine;
	case 21:
		return &m->answers;
	default:
		return NULL;
	}
}

static bool
next_message(void *arg)
{
	struct sqlite *s = arg;

	return s->pending.at++ < s->pending.n;
}

static void
row_cell(struct db_cell *out, int64_t row)
{
	if (row != 0)
		*out = (struct db_cell){ .kind = DB_INT, .number = row };
}

static void
time_cell(struct db_cell *out, int64_t t)
{
	if (t != TIME_NONE)
		*out = (struct db_cell){ .kind = DB_INT, .number = t };
}

static void
message_cell(void *arg, int column, struct db_cell *out)
{
	struct sqlite *s = arg;
	struct pending_message *x = &s->pending.v[s->pending.at - 1];
	struct store_message *m = &x->m;
	const int64_t numbers[] = { 0, x->rows.person, x->rows.key,
		x->rows.conversation, m->time };
	const int64_t rest[] = { m->content, m->edited, m->rank, m->flags,
		m->known, 0, m->asks, m->guest, x->rows.message };
	struct str *text = text_of(m, column);

	if (text != NULL)
		*out = (struct db_cell){ .kind = DB_TEXT, .text = *text };
	else if (column < 4)
		row_cell(out, numbers[column]);
	else if (column == 17)
		time_cell(out, m->edited);
	else
		*out = (struct db_cell){ .kind = DB_INT,
			.number = column == 4 ? m->time : rest[column - 16] };
}

static void
bind_row(struct stmt *st, int i, int64_t row)
{
	if (row == 0)
		stmt_null(st, i);
	else
		stmt_int(st, i, row);
}

int
sqlite_put_alone(struct stmt *st, const struct store_message *m,
    const struct store_rows *r, struct err *e)
{
	const struct str v[] = { m->type, m->channel, m->account, m->direction,
		m->name, m->subject, m->text, m->keywords, m->data, m->place,
		m->quarantine };

	if (st == NULL)
		return -1;
	stmt_text(st, 1, m->id);
	bind_row(st, 2, r->person);
	bind_row(st, 3, r->key);
	bind_row(st, 4, r->conversation);
	for (int i = 0; i < (int)(sizeof(v) / sizeof(*v)); i++)
		stmt_text(st, i + 6, v[i]);
	stmt_int(st, 5, m->time);
	stmt_int(st, 17, m->content);
	stmt_time(st, 18, m->edited);
	stmt_int(st, 19, m->rank);
	stmt_int(st, 20, m->flags);
	stmt_int(st, 21, m->known);
	stmt_text(st, 22, m->answers);
	stmt_int(st, 23, m->asks);
	stmt_int(st, 24, m->guest);
	stmt_int(st, 25, r->message);
	return stmt_run(st, e);
}

static int
put_messages(struct sqlite *s, struct err *e)
{
	struct stmt *st;
	int rc = 0;

	if (s->pending.n == 0)
		return 0;
	if (s->pending.n <= PENDING_FEW) {
		for (size_t i = 0; i < s->pending.n && rc == 0; i++)
			rc = sqlite_put_alone(sqlite_query(s, Q_PUT_MESSAGE, e),
			    &s->pending.v[i].m, &s->pending.v[i].rows, e);
	} else {
		st = sqlite_query(s, Q_FEED_MESSAGES, e);
		s->pending.at = 0;
		rc = st == NULL ? -1
				: stmt_run_feed(st,
				      &(struct db_feed){
					  next_message, message_cell, s },
				      e);
	}
	s->pending.n = 0;
	arena_reset(&s->pending.arena);
	return rc;
}

int
sqlite_flush(struct sqlite *s, struct err *e)
{
	return sqlite_put_begun(s, e) != 0 ? -1 : put_messages(s, e);
}

/* Of conversations that are not put yet. */
static bool
has_shared(const struct sqlite *s)
{
	for (size_t i = 0; i < s->begun.n; i++)
		if (s->accounts.v[s->begun.v[i]].shared)
			return true;
	return false;
}

int
sqlite_flush_person(struct sqlite *s, int64_t row, struct err *e)
{
	for (size_t i = 0; i < s->pending.n; i++)
		if (s->pending.v[i].rows.person == row)
			return sqlite_flush(s, e);
	return 0;
}

int
sqlite_flush_conversation(struct sqlite *s, int64_t row, struct err *e)
{
	for (size_t i = 0; i < s->pending.n; i++)
		if (s->pending.v[i].rows.conversation == row)
			return sqlite_flush(s, e);
	return 0;
}

int
sqlite_flush_for(struct sqlite *s, enum query q, struct err *e)
{
	switch (q) {
	case Q_KEY:
	case Q_KEY_ROW:
	case Q_KEY_PERSON:
	case Q_EDGES_A:
	case Q_EDGES_B:
	case Q_PERSON:
	case Q_PERSON_ROW:
	case Q_PUT_KEY:
	case Q_FEED_KEYS:
	case Q_FEED_PERSONS:
	case Q_FEED_EDGES:
	case Q_FEED_CONVERSATIONS:
	case Q_FEED_MESSAGES:
	case Q_SET_KEY:
	case Q_NAMES:
	case Q_PUT_NAME:
	case Q_PUT_EDGE:
	case Q_PUT_PERSON:
	/* Of one that is pending: sqlite_flush_message. */
	case Q_MESSAGE:
	case Q_MESSAGE_ROW:
	case Q_VERSION:
	case Q_PUT_MESSAGE:
	case Q_PUT_ASIDE:
	case Q_ASIDE:
	case Q_DROP_ASIDE:
	case Q_PUT_REF:
	case Q_PUT_CONVERSATION:
	case Q_SET_CONVERSATION:
	/* Those that are not put yet are met. */
	case Q_CONVERSATION_ROW:
	case Q_PUT_FAILED:
	case Q_HAS_FAILED:
	case Q_PUT_ALSO:
	case Q_PUT_PARTICIPANT:
	case Q_PARTICIPANT:
	case Q_GUEST_SPOKE:
	case Q_KEY_RECEIPTS:
	case Q_PUT_EVENT:
	case Q_EVENTS:
	case Q_EVENTS_LEFT:
	case Q_SAID:
	case Q_PUT_SAID:
	case Q_SAID_PAST:
	/* sqlite_flush_person, sqlite_flush_conversation; those that wait
	 * are put, or in a list. */
	case Q_LAST_PERSON:
	case Q_LAST_TIME:
	case Q_CONVERSATION:
	case Q_WAITING:
		return 0;
	case Q_ANY_SHARED:
		return has_shared(s) ? sqlite_flush(s, e) : 0;
	default:
		return sqlite_flush(s, e);
	}
}

int
sqlite_flush_message(struct sqlite *s, struct str id, struct err *e)
{
	return sqlite_pending(s, id) != NULL ? sqlite_flush(s, e) : 0;
}

int
sqlite_add_pending(struct sqlite *s, const struct store_message *m,
    const struct store_rows *rows, struct err *e)
{
	struct pending_message x = { *m, *rows };

	for (int i = 0; i < STORE_COLUMNS; i++) {
		struct str *text = text_of(&x.m, i);

		if (text != NULL)
			*text = keep(s, *text);
	}
	s->pending.hash[s->pending.n] = idset_hash(m->id);
	x.m.person = x.m.key = x.m.conversation = x.m.beside = STR_NONE;
	vec_add(&s->pending, x);
	return s->pending.n < PENDING_MOST ? 0 : sqlite_flush(s, e);
}
