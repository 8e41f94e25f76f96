/*
 * Conversations and where references lead.
 */
#include "core/time.h"
#include "people/store/sqlite.h"

/* A conversation that the file names. */
static int
meet(struct sqlite *s, struct str id, uint32_t *number, struct err *e)
{
	struct store *store = &s->base;
	struct conversation c = { .owner = GRAPH_NONE, .last = TIME_NONE };
	struct str key = STR_NONE;
	uint64_t *at = map_get(&s->met, id);

	if (at == NULL) {
		arena_reset(&s->found);
		if (sqlite_key_of_conversation(s, id, &s->found, &key, e) < 0)
			return -1;
		if (key.p != NULL &&
		    sqlite_adopt(s, store->g, key, &c.owner, e) != 0)
			return -1;
		sqlite_copy_id(c.id, id);
		at = map_put(&s->met, id, NULL);
		*at = store_meet(store, &c);
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
sqlite_put_conversation(struct store *store, const struct conversation *c,
    uint32_t *number, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct str id = str_of(c->id);
	bool fresh;
	uint64_t *at = map_put(&s->met, id, &fresh);

	if (fresh)
		*at = store_meet(store, c);
	*number = (uint32_t)*at;
	store->v[*number].owner = c->owner;
	store->v[*number].trusted = c->trusted;
	return sqlite_put_owner(s, id,
	    c->owner == GRAPH_NONE ? STR_NONE : graph_text(store->g, c->owner),
	    e);
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
	out->weak = stmt_col_int(st, 2) != 0;
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
	stmt_int(st, 4, to.weak);
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
