/*
 * The timeline of records, and events.
 */
#include "core/time.h"
#include "people/store/sqlite.h"

enum { EVENTS_PART = 1 << 20 /* bytes that are read at once */ };

/* Messages. */

void
sqlite_read_message(struct stmt *st, struct store_message *m)
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
	m->edited = stmt_col_time(st, 17);
	m->rank = stmt_col_int(st, 18);
	m->flags = stmt_col_int(st, 19);
	m->known = stmt_col_int(st, 20);
	m->answers = stmt_col(st, 21);
	m->asks = stmt_col_int(st, 22) != 0;
	m->guest = stmt_col_int(st, STORE_COLUMNS - 1) != 0;
	m->beside = STR_NONE;
}

int
sqlite_message(struct store *store, struct str id, struct store_message *out,
    struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st;
	int rc;

	if (!sqlite_may_have(s, id)) {
		sqlite_take_in_hand(s, id, 0);
		return 0;
	}
	st = sqlite_flush_message(s, id, e) != 0
		 ? NULL
		 : sqlite_query(s, Q_MESSAGE, e);
	if (st == NULL)
		return -1;
	stmt_reset(st);
	stmt_text(st, 1, id);
	rc = stmt_step(st, e);
	if (rc < 0)
		return -1;
	sqlite_take_in_hand(
	    s, id, rc == 1 ? stmt_col_int(st, STORE_COLUMNS) : 0);
	if (rc == 1)
		sqlite_read_message(st, out);
	return rc;
}

/* Whose conversation it is of finds it by its key. */
static int
note_receipt(struct sqlite *s, const struct store_message *m, struct err *e)
{
	struct stmt *st;

	if ((m->flags & STORE_RECEIPT) == 0 || m->key.p == NULL)
		return 0;
	st = sqlite_query(s, Q_KEY_RECEIPTS, e);
	if (st == NULL)
		return -1;
	stmt_text(st, 1, m->key);
	return stmt_run(st, e);
}

/* Where a message stands: the numbers of a conversation that is met, and of a
 * key of the graph, or UINT32_MAX and GRAPH_NONE. */
struct place {
	uint32_t number, owner;
};

static int
find_rows(struct sqlite *s, const struct store_message *m, struct store_rows *r,
    struct place *p, struct err *e)
{
	const uint64_t *at;

	*r = (struct store_rows){ 0 };
	*p = (struct place){ UINT32_MAX, GRAPH_NONE };
	if (sqlite_row_of_message(s, m->id, &r->message, e) != 0 ||
	    (m->key.p != NULL && sqlite_row_of_key(s, m->key, &r->key, e) != 0))
		return -1;
	if (m->person.p != NULL) {
		p->owner = m->key.p == NULL ? GRAPH_NONE
					    : graph_lookup(s->base.g, m->key);
		if (p->owner != GRAPH_NONE &&
		    !str_eq(store_person(&s->base, p->owner), m->person))
			p->owner = GRAPH_NONE;
		if (p->owner != GRAPH_NONE)
			r->person = sqlite_person_row(s, p->owner);
		if (r->person == 0 && sqlite_find_row(s, Q_PERSON_ROW,
					  m->person, &r->person, e) != 0)
			return -1;
	}
	if (m->conversation.p == NULL)
		return 0;
	at = map_get(&s->met, m->conversation);
	if (at != NULL)
		p->number = (uint32_t)*at;
	return sqlite_row_of_conversation(
	    s, m->conversation, &r->conversation, e);
}

/* What of it is known beside the file. */
static void
note_put(struct sqlite *s, const struct store_message *m,
    const struct store_rows *r, const struct place *p)
{
	if (r->message <= s->last_message) {
		sqlite_forget_last(s);
		return;
	}
	s->last_message = r->message;
	s->hand.row = r->message;
	if (s->fresh)
		idset_add(&s->put, idset_hash(m->id));
	if (p->number != UINT32_MAX)
		sqlite_note_last(s, p->number, p->owner, m);
	else if (r->conversation != 0)
		sqlite_forget_last(s);
}

int
sqlite_put_message(
    struct store *store, const struct store_message *m, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct store_rows r;
	struct place p;
	int rc;

	if (find_rows(s, m, &r, &p, e) != 0)
		return -1;
	rc =
	    r.message > s->last_message
		? sqlite_add_pending(s, m, &r, e)
		: sqlite_put_alone(sqlite_query(s, Q_SET_MESSAGE, e), m, &r, e);
	if (rc != 0)
		return -1;
	note_put(s, m, &r, &p);
	return note_receipt(s, m, e);
}

int
sqlite_supersede(struct store *store, struct str id, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_SUPERSEDE, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
	return stmt_run(st, e);
}

int
sqlite_version(struct store *store, struct str id, int64_t content,
    struct store_message *out, struct err *e)
{
	struct stmt *st;
	int rc;

	if (!sqlite_may_have(sqlite_of(store), id))
		return 0;
	st = sqlite_flush_message(sqlite_of(store), id, e) != 0
		 ? NULL
		 : sqlite_query(sqlite_of(store), Q_VERSION, e);
	if (st == NULL)
		return -1;
	stmt_reset(st);
	stmt_text(st, 1, id);
	stmt_int(st, 2, content);
	rc = stmt_step(st, e);
	if (rc == 1)
		sqlite_read_message(st, out);
	return rc;
}

int
sqlite_message_key(struct store *store, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	struct store_message m;
	int rc = sqlite_message(store, id, &m, e);

	if (rc != 1)
		return rc;
	/* A bounce is nobody's. */
	if (m.key.p == NULL || m.person.p == NULL)
		return 0;
	*key = arena_dup(a, m.key);
	return 1;
}

/* What was set aside. */

int
sqlite_put_aside(
    struct store *store, struct str id, struct str line, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_PUT_ASIDE, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
	stmt_text(st, 2, line);
	return stmt_run(st, e);
}

int
sqlite_aside(struct store *store, struct str id, struct arena *a,
    struct str *line, struct err *e)
{
	return sqlite_find_text(sqlite_of(store), Q_ASIDE, id, a, line, e);
}

int
sqlite_drop_aside(struct store *store, struct str id, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_DROP_ASIDE, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
	return stmt_run(st, e);
}

/* Events. */

int
sqlite_put_event(
    struct store *store, struct str line, int64_t *row, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st;

	/* Nobody comes after this run to tell them. */
	if (!s->lasts)
		return 0;
	st = sqlite_query(s, Q_PUT_EVENT, e);
	if (st == NULL)
		return -1;
	/* SQLite would begin anew in a table that was emptied. */
	stmt_int(st, 1, *row + 1);
	stmt_text(st, 2, line);
	if (stmt_run(st, e) != 0)
		return -1;
	++*row;
	return 0;
}

int
sqlite_events(struct store *store, struct buf *out, int64_t *row, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_EVENTS, e);
	int rc = 0;

	if (st == NULL)
		return -1;
	stmt_int(st, 1, *row);
	while (out->n < EVENTS_PART && (rc = stmt_step(st, e)) == 1) {
		*row = stmt_col_int(st, 0);
		buf_add_str(out, stmt_col(st, 1));
		buf_add_char(out, '\n');
	}
	stmt_reset(st);
	return rc < 0 ? -1 : 0;
}

int
sqlite_events_left(struct store *store, int64_t row, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_EVENTS_LEFT, e);

	if (st == NULL)
		return -1;
	stmt_int(st, 1, row);
	return stmt_run(st, e);
}

/* What was said. */

int
sqlite_each_said(struct store *store,
    void (*each)(void *arg, const struct store_said *x), void *arg,
    struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_SAID, e);
	int rc;

	if (st == NULL)
		return -1;
	while ((rc = stmt_step(st, e)) == 1) {
		const struct store_said x = {
			.text = (uint64_t)stmt_col_int(st, 0),
			.time = stmt_col_int(st, 1),
			.who = (uint64_t)stmt_col_int(st, 2),
			.people = (uint32_t)stmt_col_int(st, 3),
		};

		each(arg, &x);
	}
	return rc;
}

int
sqlite_put_said(struct store *store, const struct store_said *x, int64_t newest,
    struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_PUT_SAID, e);
	struct stmt *past = sqlite_query(s, Q_SAID_PAST, e);

	if (st == NULL || past == NULL)
		return -1;
	stmt_int(st, 1, (int64_t)x->text);
	stmt_int(st, 2, x->time);
	stmt_int(st, 3, (int64_t)x->who);
	stmt_int(st, 4, x->people);
	stmt_int(past, 1, newest - TIME_HOUR);
	return stmt_run(st, e) != 0 ? -1 : stmt_run(past, e);
}
