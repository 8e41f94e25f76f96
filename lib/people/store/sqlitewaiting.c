/*
 * Who waits for us: an account of each conversation, beside its row.
 *
 * It is put once for each commit, by sqlite_put_owed.  Until then what is in
 * memory counts: of a person that was asked for, the list of those that wait
 * (store_list).
 */
#include "core/time.h"
#include "people/store/sqlite.h"

/* Is what waits of this person in their list? */
static bool
is_listed(const struct sqlite *s, uint32_t key)
{
	uint32_t root = graph_root(s->base.g, key);

	return root < s->listed.n && s->listed.v[root];
}

static void
set_listed(struct sqlite *s, uint32_t root)
{
	while (s->listed.n <= root)
		vec_add(&s->listed, false);
	s->listed.v[root] = true;
}

void
sqlite_list_new(struct sqlite *s, const bool *known, size_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!known[i] && graph_root(s->base.g, i) == i)
			set_listed(s, i);
}

static int
put_number(struct sqlite *s, uint32_t number, struct err *e)
{
	const struct conversation *c = &s->base.v[number];
	struct account *a = &s->accounts.v[number];

	a->owed = false;
	return sqlite_put_row(s, c, a,
	    c->owner == GRAPH_NONE ? STR_NONE : graph_text(s->base.g, c->owner),
	    e);
}

static int
changed(struct sqlite *s, uint32_t number, struct err *e)
{
	const struct conversation *c = &s->base.v[number];
	struct account *a = &s->accounts.v[number];

	if (!a->owed)
		vec_add(&s->owed, number);
	a->owed = true;
	if (c->waiting == TIME_NONE || c->owner == GRAPH_NONE)
		return 0;
	/* Whoever asks for the person asks the file first. */
	if (!is_listed(s, c->owner))
		return put_number(s, number, e);
	store_list(&s->base, number);
	return 0;
}

int
sqlite_put_owed(struct sqlite *s, struct err *e)
{
	for (size_t i = 0; i < s->owed.n; i++)
		if (s->accounts.v[s->owed.v[i]].owed &&
		    put_number(s, s->owed.v[i], e) != 0)
			return -1;
	s->owed.n = 0;
	return 0;
}

int
sqlite_put_conversation(struct store *store, const struct conversation *c,
    uint32_t *number, struct err *e)
{
	struct sqlite *s = sqlite_of(store);

	*number = sqlite_number(s, c);
	store->v[*number].owner = c->owner;
	store->v[*number].trusted = c->trusted;
	return changed(s, *number, e);
}

/* What asks in its records behind a time, but for one, waits. */
static int
count(struct sqlite *s, struct conversation *c, int64_t after, struct str but,
    struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_ASKED, e);
	int rc;

	if (st == NULL)
		return -1;
	c->waiting = TIME_NONE;
	c->waits_on = 0;
	stmt_text(st, 1, str_of(c->id));
	stmt_int(st, 2, after);
	stmt_text(st, 3, but);
	while ((rc = stmt_step(st, e)) == 1) {
		int64_t t = stmt_col_int(st, 1);

		if (c->waiting == TIME_NONE || t < c->waiting)
			c->waiting = t;
		c->waits_on |= sqlite_channel_bit(s, stmt_col(st, 0));
	}
	return rc;
}

int
sqlite_asked(struct store *store, uint32_t number, int64_t t, uint8_t channel,
    struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];
	struct account *a = &s->accounts.v[number];
	uint64_t on = c->waits_on | channel_bit(channel);

	/* What comes late was answered by what is later. */
	if (a->answered != TIME_NONE && t < a->answered)
		return 0;
	if (c->waiting == TIME_NONE || a->asked < t)
		a->asked = t;
	if (c->waiting != TIME_NONE && t >= c->waiting && on == c->waits_on)
		return 0;
	if (c->waiting == TIME_NONE || t < c->waiting)
		c->waiting = t;
	c->waits_on = on;
	return changed(s, number, e);
}

/* The message stands in another conversation. */
static int
put_also(struct sqlite *s, uint32_t number, struct str message, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_ALSO, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, str_of(s->base.v[number].id));
	stmt_text(st, 2, message);
	if (stmt_run(st, e) != 0)
		return -1;
	s->accounts.v[number].shared = true;
	return changed(s, number, e);
}

int
sqlite_answered(struct store *store, uint32_t number, int64_t t,
    struct str elsewhere, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];
	struct account *a = &s->accounts.v[number];
	bool waits = c->waiting != TIME_NONE && t >= c->waiting;

	if (elsewhere.p != NULL && put_also(s, number, elsewhere, e) != 0)
		return -1;
	if (!waits && a->answered != TIME_NONE && t <= a->answered)
		return 0;
	if (a->answered == TIME_NONE || t > a->answered)
		a->answered = t;
	if (waits && t >= a->asked) {
		c->waiting = TIME_NONE;
		c->waits_on = 0;
	} else if (waits && count(s, c, t, STR(""), e) != 0) {
		return -1;
	}
	return changed(s, number, e);
}

int
sqlite_unasked(struct store *store, uint32_t number, int64_t t, struct str id,
    struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];

	if (c->waiting == TIME_NONE || t < c->waiting)
		return 0;
	if (count(s, c, s->accounts.v[number].answered, id, e) != 0)
		return -1;
	return changed(s, number, e);
}

int
sqlite_was_answered(struct store *store, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *answer = sqlite_query(s, Q_ANSWER, e);
	struct stmt *since = sqlite_query(s, Q_ASKED_SINCE, e);
	struct str id = str_of(store->v[number].id);
	int rc;

	if (answer == NULL || since == NULL)
		return -1;
	stmt_text(answer, 1, id);
	stmt_int(answer, 2, t);
	rc = stmt_step(answer, e);
	if (rc != 1)
		return rc;
	*asked = question(stmt_col(answer, 2));
	stmt_text(since, 1, id);
	stmt_int(since, 2, stmt_col_int(answer, 0));
	stmt_text(since, 3, stmt_col(answer, 1));
	stmt_int(since, 4, t);
	rc = stmt_step(since, e);
	stmt_reset(answer);
	if (rc == 1)
		stmt_reset(since);
	return rc < 0 ? -1 : rc == 0;
}

/* By the answers that are left, of its records and from elsewhere. */
static int
count_answers(struct sqlite *s, uint32_t number, struct err *e)
{
	struct conversation *c = &s->base.v[number];
	struct account *a = &s->accounts.v[number];
	struct stmt *last = sqlite_query(s, Q_LAST_ANSWER, e);

	if (last == NULL)
		return -1;
	stmt_text(last, 1, str_of(c->id));
	if (stmt_step(last, e) < 0)
		return -1;
	a->answered = stmt_col_time(last, 0);
	stmt_reset(last);
	a->asked = INT64_MAX;
	if (count(s, c, a->answered, STR(""), e) != 0)
		return -1;
	return changed(s, number, e);
}

int
sqlite_failed(
    struct store *store, uint32_t number, struct str answer, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *fail = sqlite_query(s, Q_FAIL, e);
	struct stmt *also = sqlite_query(s, Q_ALSO, e);
	struct arena a = { 0 };
	struct failed VEC(struct str) ids = { 0 };
	int rc;

	if (fail == NULL || also == NULL)
		return -1;
	stmt_text(fail, 1, answer);
	if (stmt_run(fail, e) != 0 || count_answers(s, number, e) != 0)
		return -1;
	stmt_text(also, 1, answer);
	while ((rc = stmt_step(also, e)) == 1)
		vec_add_in(&a, &ids, arena_dup(&a, stmt_col(also, 0)));
	for (size_t i = 0; i < ids.n && rc == 0; i++)
		if (sqlite_find_conversation(store, ids.v[i], &number, e) !=
			1 ||
		    count_answers(s, number, e) != 0)
			rc = -1;
	arena_release(&a);
	return rc;
}

int
sqlite_recount(struct sqlite *s, struct str id, struct str key, struct err *e)
{
	struct conversation c;
	struct account a;
	struct str owner;
	int known = sqlite_read_conversation(s, id, &c, &a, &owner, e);

	if (known < 0 || count(s, &c, a.answered, STR(""), e) != 0)
		return -1;
	/* The owner's text goes with the next call. */
	if (known == 1)
		key = arena_dup(&s->arena, owner);
	return sqlite_put_row(s, &c, &a, key, e);
}

struct waiting {
	struct str id;
	int64_t asked; /* by a guest */
};

/* What a query of the person's has comes into the list. */
static int
list_by(struct sqlite *s, enum query q, uint32_t key, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
	struct arena a = { 0 };
	struct waits VEC(struct waiting) found = { 0 };
	uint32_t number;
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, store_person(&s->base, key));
	while ((rc = stmt_step(st, e)) == 1)
		vec_add_in(&a, &found,
		    (struct waiting){ arena_dup(&a, stmt_col(st, 0)),
			q == Q_WAITING ? 0 : stmt_col_int(st, 1) });
	for (size_t i = 0; i < found.n && rc == 0; i++) {
		const struct waiting *w = &found.v[i];

		rc = sqlite_find_conversation(&s->base, w->id, &number, e);
		if (rc == 1 && q == Q_WAITING)
			store_list(&s->base, number);
		else if (rc == 1)
			store_list_guest(&s->base, number, key, w->asked);
		rc = rc < 0 ? -1 : 0;
	}
	arena_release(&a);
	return rc;
}

/* What the file knows of a person comes into the list, once. */
static int
list(struct sqlite *s, uint32_t key, struct err *e)
{
	uint32_t root = graph_root(s->base.g, key);
	int shared = sqlite_any(s, Q_ANY_SHARED, e);

	if (shared < 0 || list_by(s, Q_WAITING, key, e) != 0 ||
	    (shared == 1 && list_by(s, Q_WAITING_GUEST, key, e) != 0))
		return -1;
	set_listed(s, root);
	return 0;
}

int
sqlite_waiting(
    struct store *store, uint32_t key, struct store_numbers *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);

	if (!is_listed(s, key) && list(s, key, e) != 0)
		return -1;
	store_listed(store, key, out);
	return 0;
}

/* Its records are the last ones by themselves: only that not all of it was kept
 * apart is new. */
int
sqlite_continued_person(
    struct store *store, uint32_t number, uint32_t key, struct err *e)
{
	(void)key;
	if (!store->v[number].aside)
		return 0;
	store->v[number].aside = false;
	return changed(sqlite_of(store), number, e);
}

/* Participants. */

int
sqlite_put_participant(struct store *store, uint32_t number, struct str key,
    int64_t t, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_PUT_PARTICIPANT, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, str_of(store->v[number].id));
	stmt_text(st, 2, key);
	stmt_int(st, 3, t);
	return stmt_run(st, e);
}

int
sqlite_is_participant(struct store *store, uint32_t number, uint32_t key,
    int64_t t, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_PARTICIPANT, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, str_of(store->v[number].id));
	stmt_text(st, 2, store_person(store, key));
	stmt_int(st, 3, t);
	rc = stmt_step(st, e);
	if (rc == 1)
		stmt_reset(st);
	return rc;
}

int
sqlite_guest_spoke(struct store *store, uint32_t number, uint32_t key,
    int64_t t, bool asks, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_GUEST_SPOKE, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, str_of(store->v[number].id));
	stmt_text(st, 2, store_person(store, key));
	stmt_int(st, 3, t);
	stmt_int(st, 4, asks);
	if (stmt_run(st, e) != 0)
		return -1;
	if (asks)
		store_list_guest(store, number, key, t);
	if (s->accounts.v[number].shared)
		return 0;
	s->accounts.v[number].shared = true;
	return changed(s, number, e);
}
