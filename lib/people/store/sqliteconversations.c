/*
 * Conversations, where references lead, and what was said last.
 */
#include "core/time.h"
#include "people/store/sqlite.h"

/* Channels by their names, with blanks between; none is "?". */
static struct str
write_channels(struct sqlite *s, uint64_t set)
{
	size_t n = 0;
	char *out;

	if (set == 0)
		return STR_NONE;
	out = arena_alloc(
	    &s->found, CHANNEL_NAME * (size_t)__builtin_popcountll(set));
	for (; set != 0; set &= set - 1) {
		uint8_t number = (uint8_t)__builtin_ctzll(set);
		const char *name =
		    number == 0 ? "?"
				: channel_set_name(s->base.channels, number);

		if (n > 0)
			out[n++] = ' ';
		memcpy(out + n, name, strlen(name));
		n += strlen(name);
	}
	return str_make(out, n);
}

uint64_t
sqlite_channel_bit(struct sqlite *s, struct str name)
{
	return s->base.channels == NULL
		   ? 0
		   : channel_bit(channel_set_number(s->base.channels, name));
}

static uint64_t
read_channels(struct sqlite *s, struct str names)
{
	uint64_t set = 0;

	while (names.p != NULL) {
		struct str name = str_split(&names, ' ');

		set |=
		    sqlite_channel_bit(s, str_is(name, "?") ? STR("") : name);
	}
	return set;
}

int
sqlite_read_conversation(struct sqlite *s, struct str id,
    struct conversation *c, struct account *a, struct str *key, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_CONVERSATION, e);
	int rc;

	*c = (struct conversation){
		.owner = GRAPH_NONE, .last = TIME_NONE, .waiting = TIME_NONE
	};
	*a = (struct account){ .answered = TIME_NONE, .asked = INT64_MAX };
	*key = STR_NONE;
	sqlite_copy_id(c->id, id);
	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	arena_reset(&s->found);
	if (stmt_col(st, 0).p != NULL)
		*key = arena_dup(&s->found, stmt_col(st, 0));
	c->trusted = stmt_col_int(st, 1) != 0;
	c->aside = stmt_col_int(st, 2) != 0;
	c->waiting = stmt_col_time(st, 3);
	c->waits_on = read_channels(s, stmt_col(st, 4));
	a->answered = stmt_col_time(st, 5);
	a->shared = stmt_col_int(st, 6) != 0;
	stmt_reset(st);
	return 1;
}

int
sqlite_put_row(struct sqlite *s, const struct conversation *c,
    const struct account *a, struct str key, struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_PUT_CONVERSATION, e);

	if (st == NULL)
		return -1;
	arena_reset(&s->found);
	stmt_text(st, 1, str_of(c->id));
	stmt_text(st, 2, key);
	stmt_int(st, 3, c->trusted);
	stmt_int(st, 4, c->aside);
	stmt_time(st, 5, c->waiting);
	stmt_text(st, 6, write_channels(s, c->waits_on));
	stmt_time(st, 7, a->answered);
	stmt_int(st, 8, a->shared);
	return stmt_run(st, e);
}

/* Gives it a number in this run. */
static uint32_t
add(struct sqlite *s, const struct conversation *c, const struct account *a)
{
	vec_add(&s->accounts, *a);
	return store_meet(&s->base, c);
}

uint32_t
sqlite_number(struct sqlite *s, const struct conversation *c)
{
	static const struct account none = { .answered = TIME_NONE,
		.asked = TIME_NONE };
	bool fresh;
	uint64_t *at = map_put(&s->met, str_of(c->id), &fresh);

	if (fresh)
		*at = add(s, c, &none);
	return (uint32_t)*at;
}

/* A conversation that the file names. */
static int
meet(struct sqlite *s, struct str id, uint32_t *number, struct err *e)
{
	uint64_t *at = map_get(&s->met, id);
	struct conversation c;
	struct account a;
	struct str key;

	if (at == NULL) {
		if (sqlite_read_conversation(s, id, &c, &a, &key, e) < 0)
			return -1;
		if (key.p != NULL &&
		    sqlite_adopt(s, s->base.g, key, &c.owner, e) != 0)
			return -1;
		at = map_put(&s->met, id, NULL);
		*at = add(s, &c, &a);
	}
	*number = (uint32_t)*at;
	return 0;
}

int
sqlite_find_conversation(
    struct store *store, struct str id, uint32_t *number, struct err *e)
{
	return meet(sqlite_of(store), id, number, e) != 0 ? -1 : 1;
}

int
sqlite_ref(
    struct store *store, struct str ref, struct store_ref *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_REF, e);
	char id[ID_SIZE];
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, ref);
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	sqlite_copy_id(id, stmt_col(st, 0));
	out->weak = (stmt_col_int(st, 2) & 1) != 0;
	out->ours = (stmt_col_int(st, 2) & 2) != 0;
	stmt_reset(st);
	return meet(s, str_of(id), &out->number, e) != 0 ? -1 : 1;
}

int
sqlite_put_ref(struct store *store, struct str ref, struct store_ref to,
    struct str message, struct err *e)
{
	struct stmt *st = sqlite_query(sqlite_of(store), Q_PUT_REF, e);

	if (st == NULL)
		return -1;
	stmt_text(st, 1, ref);
	stmt_text(st, 2, str_of(store->v[to.number].id));
	stmt_text(st, 3, message);
	stmt_int(st, 4, to.weak | to.ours << 1);
	return stmt_run(st, e);
}

/* When the conversation last went on until t, and on which channel. */
static int
last_message(struct sqlite *s, struct str id, int64_t t, struct store_last *out,
    struct err *e)
{
	struct stmt *st = sqlite_query(s, Q_LAST_TIME, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, id);
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
	*out = (struct store_last){ .number = number };
	return last_message(
	    sqlite_of(store), str_of(store->v[number].id), t, out, e);
}

static int
last_of(struct sqlite *s, enum query q, struct str by, int64_t t,
    struct store_last *out, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);
	char id[ID_SIZE];
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, by);
	stmt_int(st, 2, t);
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	*out = (struct store_last){ .time = stmt_col_int(st, 1) };
	sqlite_copy_id(id, stmt_col(st, 0));
	stmt_reset(st);
	if (last_message(s, str_of(id), t, out, e) < 0)
		return -1;
	return meet(s, str_of(id), &out->number, e) != 0 ? -1 : 1;
}

int
sqlite_last_of_person(struct store *store, uint32_t key, int64_t t,
    struct store_last *out, struct err *e)
{
	return t == TIME_NONE ? 0
			      : last_of(sqlite_of(store), Q_LAST_PERSON,
				    store_person(store, key), t, out, e);
}

int
sqlite_last_of_place(struct store *store, struct str place, int64_t t,
    struct store_last *out, struct err *e)
{
	return t == TIME_NONE
		   ? 0
		   : last_of(sqlite_of(store), Q_LAST_PLACE, place, t, out, e);
}
