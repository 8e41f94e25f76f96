/*
 * What was said last, by a person and in a conversation.
 *
 * In the order of time the last message is the one that was put last, so it is
 * known without asking the file, once it was asked; of what is new in the file
 * nothing need be asked.  Where a message is put anew or elsewhere, all of it is
 * forgotten: an era ends.
 *
 * Memory: 16 bytes a key, 24 a conversation.
 */
#include <string.h>

#include "core/time.h"
#include "people/store/sqlite.h"

void
sqlite_forget_last(struct sqlite *s)
{
	s->era++;
}

void
sqlite_begin_last(struct sqlite *s, uint32_t number)
{
	struct account *a = &s->accounts.v[number];

	a->era = s->era;
	a->last = TIME_NONE;
}

/* The place of a root's; NULL where it has none. */
static struct person_last *
last_of(struct sqlite *s, uint32_t key)
{
	uint32_t root = graph_root(s->base.g, key);
	size_t from = s->last_n;

	if (root >= s->known_n)
		return NULL;
	if (s->last_n < s->known_n) {
		vec_hold(s->last_of, from, s->last_n, s->known_n - from);
		memset(s->last_of + from, 0,
		    (s->last_n - from) * sizeof(*s->last_of));
	}
	return &s->last_of[root];
}

void
sqlite_begin_person(struct sqlite *s, uint32_t root)
{
	struct person_last *p = last_of(s, root);

	if (p != NULL)
		*p = (struct person_last){ .time = TIME_NONE, .era = s->era };
}

void
sqlite_note_last(struct sqlite *s, uint32_t number, uint32_t key,
    const struct store_message *m)
{
	struct account *a = &s->accounts.v[number];
	uint8_t channel = channel_set_number(s->base.channels, m->channel);
	struct person_last *p = key == GRAPH_NONE ? NULL : last_of(s, key);

	if (m->time == TIME_NONE) {
		a->era = s->era - 1;
		if (p != NULL)
			p->era = s->era - 1;
		return;
	}
	if ((m->flags & STORE_RECEIPT) == 0 && a->era == s->era) {
		/* Of two at one time ids decide. */
		if (m->time == a->last && channel != a->channel)
			a->era = s->era - 1;
		if (a->last == TIME_NONE || m->time > a->last) {
			a->last = m->time;
			a->channel = channel;
		}
	}
	if (p == NULL || p->era != s->era || m->quarantine.p != NULL ||
	    m->guest)
		return;
	if (m->time == p->time && number != p->number)
		p->era = s->era - 1;
	if (p->time == TIME_NONE || m->time > p->time) {
		p->time = m->time;
		p->number = number;
	}
}

/* When the conversation last went on until t, and on which channel, by the
 * file: 1, 0, -1. */
static int
ask_conversation(struct sqlite *s, uint32_t number, int64_t t,
    struct store_last *out, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_LAST_TIME, e);
	int64_t row = s->accounts.v[number].row;
	int rc;

	if (st == NULL || sqlite_flush_conversation(s, row, e) != 0)
		return -1;
	stmt_int(st, 1, row);
	stmt_int(st, 2, t);
	rc = stmt_step(st, e);
	if (rc == 1) {
		out->time = stmt_col_int(st, 0);
		out->channel =
		    channel_set_number(s->base.channels, stmt_col(st, 1));
		stmt_reset(st);
	}
	return rc;
}

int
sqlite_last_of(struct store *store, uint32_t number, int64_t t,
    struct store_last *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct account *a = &s->accounts.v[number];
	int rc;

	*out = (struct store_last){ .number = number };
	if (a->era != s->era) {
		rc = ask_conversation(s, number, INT64_MAX, out, e);
		if (rc < 0 || (rc == 1 && out->time == TIME_NONE))
			return rc;
		a->era = s->era;
		a->last = rc == 0 ? TIME_NONE : out->time;
		a->channel = out->channel;
	}
	if (a->last == TIME_NONE)
		return 0;
	if (a->last > t)
		return ask_conversation(s, number, t, out, e);
	out->time = a->last;
	out->channel = a->channel;
	return 1;
}

/* The conversation of the last message until t, and when that was. */
static int
ask(struct sqlite *s, struct stmt *st, int64_t t, struct store_last *out,
    struct err *e)
{
	char id[ID_SIZE];
	int rc;

	stmt_int(st, 2, t);
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	sqlite_copy_id(id, stmt_col(st, 0));
	out->time = stmt_col_int(st, 1);
	stmt_reset(st);
	return sqlite_find_conversation(&s->base, str_of(id), &out->number, e);
}

static int
ask_person(struct sqlite *s, uint32_t key, int64_t t, struct store_last *out,
    struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_LAST_PERSON, e);
	int64_t row = sqlite_person_row(s, key);

	if (st == NULL || sqlite_flush_person(s, row, e) != 0)
		return -1;
	stmt_int(st, 1, row);
	return ask(s, st, t, out, e);
}

/* As of the conversation: 1, 0, -1. */
static int
with_conversation(
    struct sqlite *s, int64_t t, struct store_last *out, struct err *e)
{
	int64_t time = out->time;
	int rc = sqlite_last_of(&s->base, out->number, t, out, e);

	if (rc == 0)
		out->time = time;
	return rc < 0 ? -1 : 1;
}

int
sqlite_last_of_person(struct store *store, uint32_t key, int64_t t,
    struct store_last *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct person_last *p;
	int rc;

	*out = (struct store_last){ 0 };
	if (t == TIME_NONE || sqlite_person_row(s, key) == 0)
		return 0;
	p = last_of(s, key);
	if (p->era != s->era) {
		rc = ask_person(s, key, INT64_MAX, out, e);
		if (rc < 0)
			return -1;
		/* What has no time stands before all. */
		if (rc == 1 && out->time == TIME_NONE)
			return with_conversation(s, t, out, e);
		p = last_of(s, key);
		p->era = s->era;
		p->time = rc == 0 ? TIME_NONE : out->time;
		p->number = out->number;
	}
	if (p->time == TIME_NONE)
		return 0;
	out->time = p->time;
	out->number = p->number;
	if (p->time > t && (rc = ask_person(s, key, t, out, e)) != 1)
		return rc;
	return with_conversation(s, t, out, e);
}

int
sqlite_last_of_place(struct store *store, struct str place, int64_t t,
    struct store_last *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_LAST_PLACE, e);
	int rc;

	*out = (struct store_last){ 0 };
	if (t == TIME_NONE)
		return 0;
	if (st == NULL)
		return -1;
	stmt_text(st, 1, place);
	rc = ask(s, st, t, out, e);
	return rc != 1 ? rc : with_conversation(s, t, out, e);
}
