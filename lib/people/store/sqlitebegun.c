/*
 * Conversations that are new in the file, put many at a time.
 */
#include "people/store/sqlite.h"

/* Those of s->begun that were not put alone meanwhile. */
struct walk {
	struct sqlite *s;
	size_t at; /* behind the one in hand */
	const struct conversation *c;
	const struct account *a;
	struct str channels;
};

static bool
next(void *arg)
{
	struct walk *w = arg;
	struct sqlite *s = w->s;

	while (w->at < s->begun.n) {
		uint32_t number = s->begun.v[w->at++];

		w->c = &s->base.v[number];
		w->a = &s->accounts.v[number];
		if (w->a->stored)
			continue;
		arena_reset(&s->found);
		w->channels = sqlite_write_channels(s, w->c->waits_on);
		s->accounts.v[number].stored = true;
		s->accounts.v[number].owed = false;
		return true;
	}
	return false;
}

static void
cell(void *arg, int column, struct db_cell *out)
{
	const struct walk *w = arg;
	const struct conversation *c = w->c;
	int64_t owner = c->owner == GRAPH_NONE ? 0 : w->s->known[c->owner].row;
	const int64_t v[] = { w->a->row, 0, owner, c->trusted, c->aside,
		c->waiting, 0, w->a->answered, w->a->shared };

	if (column == 1 || column == 6)
		*out = (struct db_cell){ .kind = DB_TEXT,
			.text = column == 1 ? str_of(c->id) : w->channels };
	else if ((column == 2 && owner == 0) ||
		 ((column == 5 || column == 7) && v[column] == TIME_NONE))
		*out = (struct db_cell){ .kind = DB_NULL };
	else
		*out = (struct db_cell){ .kind = DB_INT, .number = v[column] };
}

/* Owners have their numbers before. */
static int
number_owners(struct sqlite *s, struct err *e)
{
	for (size_t i = 0; i < s->begun.n; i++) {
		uint32_t owner = s->base.v[s->begun.v[i]].owner;
		int64_t row;

		if (owner == GRAPH_NONE || s->known[owner].row != 0)
			continue;
		if (sqlite_row_of_key(
			s, graph_text(s->base.g, owner), &row, e) != 0)
			return -1;
		s->known[owner].row = (uint32_t)row;
	}
	return 0;
}

int
sqlite_put_begun(struct sqlite *s, struct err *e)
{
	struct walk w = { .s = s };
	struct stmt *st;

	int rc = -1;

	if (s->begun.n == 0)
		return 0;
	st = sqlite_query(s, Q_FEED_CONVERSATIONS, e);
	if (st != NULL && number_owners(s, e) == 0)
		rc = stmt_run_feed(st, &(struct db_feed){ next, cell, &w }, e);
	s->begun.n = 0;
	return rc;
}
