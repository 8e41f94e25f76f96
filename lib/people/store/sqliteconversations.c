/*
 * Conversations, and where references lead.
 */
#include "core/time.h"
#include "people/store/sqlite.h"

/* Channels by their names, with blanks between; none is "?". */
struct str
sqlite_write_channels(struct sqlite *s, uint64_t set)
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
	a->row = stmt_col_int(st, 7);
	a->stored = true;
	stmt_reset(st);
	return 1;
}

/* The number that it has, or will have. */
int
sqlite_give_row(
    struct sqlite *s, const char *id, struct account *a, struct err *e)
{
	if (a->row != 0)
		return 0;
	if (sqlite_count(s, e) != 0 ||
	    (!s->fresh && sqlite_find_row(s, Q_CONVERSATION_ROW, str_of(id),
			      &a->row, e) != 0))
		return -1;
	a->stored = a->row != 0;
	if (!a->stored)
		a->row = ++s->last_conversation;
	return 0;
}

int
sqlite_put_row(struct sqlite *s, const struct conversation *c,
    struct account *a, struct str key, struct err *e)
{
	struct stmt *st;
	int64_t owner = 0;

	if ((key.p != NULL && sqlite_row_of_key(s, key, &owner, e) != 0) ||
	    sqlite_give_row(s, c->id, a, e) != 0)
		return -1;
	st = sqlite_query(
	    s, a->stored ? Q_SET_CONVERSATION : Q_PUT_CONVERSATION, e);
	if (st == NULL)
		return -1;
	arena_reset(&s->found);
	stmt_int(st, 1, a->row);
	/* An id stays. */
	if (!a->stored)
		stmt_text(st, 2, str_of(c->id));
	stmt_null(st, 3);
	if (owner != 0)
		stmt_int(st, 3, owner);
	stmt_int(st, 4, c->trusted);
	stmt_int(st, 5, c->aside);
	stmt_time(st, 6, c->waiting);
	stmt_text(st, 7, sqlite_write_channels(s, c->waits_on));
	stmt_time(st, 8, a->answered);
	stmt_int(st, 9, a->shared);
	a->stored = true;
	return stmt_run(st, e);
}

int
sqlite_row_of_conversation(
    struct sqlite *s, struct str id, int64_t *row, struct err *e)
{
	const uint64_t *at = map_get(&s->met, id);

	*row = at == NULL ? 0 : s->accounts.v[*at].row;
	return *row != 0 ? 0
			 : sqlite_find_row(s, Q_CONVERSATION_ROW, id, row, e);
}

int
sqlite_open_row(struct sqlite *s, struct str id, struct str key, int64_t *row,
    struct err *e)
{
	struct conversation c = { .waiting = TIME_NONE };
	struct account a = { .answered = TIME_NONE };

	if (sqlite_row_of_conversation(s, id, row, e) != 0)
		return -1;
	if (*row != 0)
		return 0;
	sqlite_copy_id(c.id, id);
	if (sqlite_put_row(s, &c, &a, key, e) != 0)
		return -1;
	*row = a.row;
	return 0;
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

/* Of a reference's value: only mentioned; one of us wrote it. */
enum { WEAK = 1u << 31, OURS = 1u << 30 };

/* Where it leads, in a file that was empty. */
static int
put_before(struct sqlite *s, struct str ref, struct store_ref *out)
{
	uint32_t v = ref_table_get(&s->refs, ref);

	if (v == UINT32_MAX)
		return 0;
	*out = (struct store_ref){ v & ~(WEAK | OURS), (v & WEAK) != 0,
		(v & OURS) != 0 };
	return 1;
}

int
sqlite_ref(
    struct store *store, struct str ref, struct store_ref *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st;
	char id[ID_SIZE];
	int rc;

	if (s->fresh)
		return put_before(s, ref, out);
	st = sqlite_query(s, Q_REF, e);
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
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_PUT_REF, e);
	int64_t row;

	if (st == NULL || sqlite_row_of_message(s, message, &row, e) != 0)
		return -1;
	if (s->fresh)
		ref_table_put(&s->refs, ref,
		    to.number | (to.weak ? WEAK : 0) | (to.ours ? OURS : 0));
	stmt_text(st, 1, ref);
	stmt_int(st, 2, s->accounts.v[to.number].row);
	stmt_int(st, 3, row);
	stmt_int(st, 4, to.weak | to.ours << 1);
	return stmt_run(st, e);
}
