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

int
sqlite_answered(struct store *store, uint32_t number, int64_t t, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];
	struct account *a = &s->accounts.v[number];
	bool waits = c->waiting != TIME_NONE && t >= c->waiting;

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

/* The answers of its records that are left. */
int
sqlite_failed(
    struct store *store, uint32_t number, struct str answer, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct conversation *c = &store->v[number];
	struct account *a = &s->accounts.v[number];
	struct stmt *fail = sqlite_query(s, Q_FAIL, e);
	struct stmt *last = sqlite_query(s, Q_LAST_ANSWER, e);

	if (fail == NULL || last == NULL)
		return -1;
	stmt_text(fail, 1, answer);
	stmt_text(last, 1, str_of(c->id));
	if (stmt_run(fail, e) != 0 || stmt_step(last, e) < 0)
		return -1;
	a->answered =
	    stmt_col(last, 0).p == NULL ? TIME_NONE : stmt_col_int(last, 0);
	stmt_reset(last);
	a->asked = INT64_MAX;
	if (count(s, c, a->answered, STR(""), e) != 0)
		return -1;
	return changed(s, number, e);
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

/* What the file knows of a person comes into the list, once. */
static int
list(struct sqlite *s, uint32_t key, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_WAITING, e);
	uint32_t root = graph_root(s->base.g, key), number;
	struct arena a = { 0 };
	struct ids VEC(struct str) ids = { 0 };
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, store_person(&s->base, key));
	while ((rc = stmt_step(st, e)) == 1)
		vec_add_in(&a, &ids, arena_dup(&a, stmt_col(st, 0)));
	for (size_t i = 0; i < ids.n && rc == 0; i++) {
		rc = sqlite_find_conversation(&s->base, ids.v[i], &number, e);
		if (rc == 1)
			store_list(&s->base, number);
		rc = rc < 0 ? -1 : 0;
	}
	arena_release(&a);
	set_listed(s, root);
	return rc;
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
