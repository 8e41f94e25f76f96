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
	if (sqlite_flush(s, e) != 0)
		return -1;
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
	struct account *a;
	int64_t last;

	*number = sqlite_number(s, c);
	store->v[*number].owner = c->owner;
	store->v[*number].trusted = c->trusted;
	a = &s->accounts.v[*number];
	if (sqlite_count(s, e) != 0)
		return -1;
	last = s->last_conversation;
	if (sqlite_give_row(s, store->v[*number].id, a, e) != 0)
		return -1;
	if (s->last_conversation > last) {
		sqlite_begin_last(s, *number);
		vec_add(&s->begun, *number);
	}
	return changed(s, *number, e);
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
    const struct store_answer *by, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];
	struct account *a = &s->accounts.v[number];
	bool waits = c->waiting != TIME_NONE && t >= c->waiting;

	if (by->elsewhere && put_also(s, number, by->id, e) != 0)
		return -1;
	if (!waits && a->answered != TIME_NONE && t <= a->answered)
		return 0;
	if (waits && t < a->asked) {
		if (sqlite_account(s, c, a, STR(""), t, e) != 0)
			return -1;
	} else if (waits) {
		c->waiting = TIME_NONE;
		c->waits_on = 0;
	}
	if (a->answered == TIME_NONE || t > a->answered)
		a->answered = t;
	return changed(s, number, e);
}

static int
account_anew(struct sqlite *s, uint32_t number, struct str but, struct err *e)
{
	return sqlite_account(s, &s->base.v[number], &s->accounts.v[number],
		   but, TIME_NONE, e) != 0
		   ? -1
		   : changed(s, number, e);
}

int
sqlite_unasked(struct store *store, uint32_t number, int64_t t, struct str id,
    struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];

	if (c->waiting == TIME_NONE || t < c->waiting)
		return 0;
	return account_anew(s, number, id, e);
}

/* Acts are rare: each is kept, and then all is added up. */
static int
decide(struct sqlite *s, enum decided kind, uint32_t number, int64_t t,
    struct str act, struct str other, struct err *e)
{
	return sqlite_decide(
		   s, kind, str_of(s->base.v[number].id), t, act, other, e) != 0
		   ? -1
		   : account_anew(s, number, STR(""), e);
}

int
sqlite_done(struct store *store, uint32_t number, int64_t t, struct str act,
    struct err *e)
{
	return decide(
	    sqlite_of(store), DECIDED_DONE, number, t, act, STR(""), e);
}

int
sqlite_reopened(struct store *store, uint32_t number, int64_t t,
    uint8_t channel, struct str act, struct err *e)
{
	const char *name = channel_set_name(store->channels, channel);

	return decide(sqlite_of(store), DECIDED_REOPENED, number, t, act,
	    str_of(name), e);
}

int
sqlite_joined(struct store *store, uint32_t number, uint32_t other, int64_t t,
    struct str act, struct err *e)
{
	struct sqlite *s = sqlite_of(store);

	return decide(s, DECIDED_JOINED, number, t, act,
		   str_of(store->v[other].id), e) != 0
		   ? -1
		   : decide(s, DECIDED_LEFT, other, t, act,
			 str_of(store->v[number].id), e);
}

int
sqlite_was_answered(struct store *store, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *answer = sqlite_query(s, Q_ANSWER, e);
	struct stmt *since = sqlite_query(s, Q_ASKED_SINCE, e);
	struct str id = str_of(store->v[number].id);
	int64_t row = s->accounts.v[number].row;
	int rc;

	if (answer == NULL || since == NULL)
		return -1;
	stmt_int(answer, 1, row);
	stmt_int(answer, 2, t);
	rc = stmt_step(answer, e);
	if (rc != 1)
		return rc;
	*asked = question(stmt_col(answer, 2));
	stmt_int(since, 1, row);
	stmt_int(since, 2, stmt_col_int(answer, 0));
	stmt_text(since, 3, stmt_col(answer, 1));
	stmt_int(since, 4, t);
	stmt_text(since, 5, id);
	rc = stmt_step(since, e);
	stmt_reset(answer);
	if (rc == 1)
		stmt_reset(since);
	return rc < 0 ? -1 : rc == 0;
}

/* The conversations that an answer was for, and those that they are part of by
 * now. */
static int
answered_by(struct sqlite *s, uint32_t number, struct str answer,
    struct arena *a, struct store_ids *ids, struct err *e)
{
	struct stmt *also = sqlite_query(s, Q_ALSO, e);
	int rc;

	if (also == NULL)
		return -1;
	vec_add_in(a, ids, arena_dup(a, str_of(s->base.v[number].id)));
	stmt_text(also, 1, answer);
	while ((rc = stmt_step(also, e)) == 1)
		vec_add_in(a, ids, arena_dup(a, stmt_col(also, 0)));
	return rc < 0 ? -1 : sqlite_joined_into(s, a, ids, e);
}

int
sqlite_failed(struct store *store, uint32_t number, struct str answer,
    uint64_t name, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *fail = sqlite_query(s, Q_FAIL, e);
	struct arena a = { 0 };
	struct store_ids ids = { 0 };
	int rc;

	(void)name;
	if (fail == NULL)
		return -1;
	stmt_text(fail, 1, answer);
	rc = stmt_run(fail, e) != 0
		 ? -1
		 : answered_by(s, number, answer, &a, &ids, e);
	for (size_t i = 0; i < ids.n && rc == 0; i++)
		if (sqlite_find_conversation(store, ids.v[i], &number, e) !=
			1 ||
		    account_anew(s, number, STR(""), e) != 0)
			rc = -1;
	arena_release(&a);
	return rc;
}

int
sqlite_put_failed(struct store *store, uint64_t name, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_PUT_FAILED, e);

	if (st == NULL)
		return -1;
	stmt_int(st, 1, (int64_t)name);
	sqlite_of(store)->failed = true;
	return stmt_run(st, e);
}

int
sqlite_has_failed(struct store *store, uint64_t name, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st;
	int rc;

	if (s->fresh && !s->failed)
		return 0;
	st = sqlite_query(s, Q_HAS_FAILED, e);
	if (st == NULL)
		return -1;
	stmt_int(st, 1, (int64_t)name);
	rc = stmt_step(st, e);
	if (rc == 1)
		stmt_reset(st);
	return rc;
}

int
sqlite_recount(struct sqlite *s, struct str id, struct str key, struct err *e)
{
	struct conversation c;
	struct account a;
	struct str owner;
	int known = sqlite_read_conversation(s, id, &c, &a, &owner, e);

	/* The owner's text goes with the next call. */
	if (known == 1)
		key = arena_dup(&s->arena, owner);
	if (known < 0 || sqlite_account(s, &c, &a, STR(""), TIME_NONE, e) != 0)
		return -1;
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
	stmt_int(st, 1, sqlite_person_row(s, key));
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
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_PUT_PARTICIPANT, e);

	if (st == NULL)
		return -1;
	stmt_int(st, 1, s->accounts.v[number].row);
	stmt_text(st, 2, key);
	stmt_int(st, 3, t);
	return stmt_run(st, e);
}

int
sqlite_is_participant(struct store *store, uint32_t number, uint32_t key,
    int64_t t, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_PARTICIPANT, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_int(st, 1, s->accounts.v[number].row);
	stmt_int(st, 2, sqlite_person_row(s, key));
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
	stmt_int(st, 1, s->accounts.v[number].row);
	stmt_int(st, 2, sqlite_person_row(s, key));
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
