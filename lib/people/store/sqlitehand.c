/*
 * The message in hand: asked for first, then named by references, and put; its
 * number is looked for once.
 */
#include "people/store/sqlite.h"

bool
sqlite_may_have(const struct sqlite *s, struct str id)
{
	return !s->fresh || idset_has(&s->put, idset_hash(id));
}

void
sqlite_take_in_hand(struct sqlite *s, struct str id, int64_t row)
{
	buf_reset(&s->hand.id);
	buf_add_str(&s->hand.id, id);
	s->hand.row = row;
}

const struct pending_message *
sqlite_pending(const struct sqlite *s, struct str id)
{
	uint64_t hash = s->pending.n == 0 ? 0 : idset_hash(id);

	for (size_t i = s->pending.n; i-- > 0;)
		if (s->pending.hash[i] == hash &&
		    str_eq(s->pending.v[i].m.id, id))
			return &s->pending.v[i];
	return NULL;
}

int
sqlite_row_of_message(
    struct sqlite *s, struct str id, int64_t *row, struct err *e)
{
	if (sqlite_count(s, e) != 0)
		return -1;
	if (!str_eq(buf_str(&s->hand.id), id)) {
		const struct pending_message *x = sqlite_pending(s, id);

		*row = x == NULL ? 0 : x->rows.message;
		if (x == NULL && sqlite_may_have(s, id) &&
		    sqlite_find_row(s, Q_MESSAGE_ROW, id, row, e) != 0)
			return -1;
		sqlite_take_in_hand(s, id, *row);
	}
	*row = s->hand.row != 0 ? s->hand.row : s->last_message + 1;
	return 0;
}
