#include "source/cdr/join.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/map.h"

/* A row that waits for the others of its call. */
struct row {
	struct buf text; /* what its call is called, then the row as JSON */
	size_t key; /* bytes of the call's name, 0 without one */
	uint64_t next; /* the call's next row, by its number plus one */
	uint64_t at; /* which row of the file it is */
	bool written;
};

struct cdr_join {
	struct ingest *in;
	char order;
	struct row ring[CDR_WINDOW];
	uint64_t first, end; /* numbers of the rows in the ring */
	struct map open; /* a call's name -> its last row's number plus one */
};

struct cdr_join *
cdr_join_new(struct ingest *in, char order)
{
	struct cdr_join *j = xcalloc(1, sizeof(*j));

	j->in = in;
	j->order = order;
	return j;
}

void
cdr_join_free(struct cdr_join *j)
{
	for (size_t i = 0; i < CDR_WINDOW; i++)
		buf_release(&j->ring[i].text);
	map_release(&j->open);
	free(j);
}

static struct row *
row_of(struct cdr_join *j, uint64_t number)
{
	return &j->ring[number % CDR_WINDOW];
}

static struct str
key_of(const struct row *row)
{
	return str_sub(buf_str(&row->text), 0, row->key);
}

/* All rows of the call that the row of this number begins. */
static int
emit(struct cdr_join *j, uint64_t number, struct err *e)
{
	struct writer *w;
	uint64_t next = number + 1;
	char at[STR_COUNT];

	w = ingest_item(j->in, str_count(at, '#', row_of(j, number)->at));
	write_object(w);
	write_key(w, "rows");
	write_list(w);
	while (next != 0) {
		struct row *row = row_of(j, next - 1);

		write_raw(
		    w, str_sub(buf_str(&row->text), row->key, row->text.n));
		row->written = true;
		next = row->next;
	}
	write_list_end(w);
	if (j->order != 0) {
		write_key(w, "dates");
		write_str(w, j->order == 'd' ? STR("dmy") : STR("mdy"));
	}
	write_object_end(w);
	return ingest_item_end(j->in, e);
}

/* Lets the oldest row go, with its call. */
static int
advance(struct cdr_join *j, struct err *e)
{
	struct row *row = row_of(j, j->first);
	int rc = 0;

	if (!row->written) {
		if (row->key > 0)
			*map_put(&j->open, key_of(row), NULL) = 0;
		rc = emit(j, j->first, e);
	}
	j->first++;
	return rc;
}

/* Names of calls that have ended take memory no more. */
static void
forget(struct cdr_join *j)
{
	if (j->open.n < 2 * CDR_WINDOW)
		return;
	map_reset(&j->open);
	for (uint64_t i = j->first; i < j->end; i++) {
		struct row *row = row_of(j, i);

		if (!row->written && row->key > 0)
			*map_put(&j->open, key_of(row), NULL) = i + 1;
	}
}

struct buf *
cdr_join_row(struct cdr_join *j, struct str key, uint64_t at, struct err *e)
{
	struct row *row;

	if (j->end - j->first == CDR_WINDOW && advance(j, e) < 0)
		return NULL;
	forget(j);
	row = row_of(j, j->end);
	if (row->text.max == 0)
		buf_init(&row->text, 8 * j->in->max_item);
	buf_reset(&row->text);
	buf_add_str(&row->text, key);
	row->key = key.n;
	row->next = 0;
	row->at = at;
	row->written = false;
	return &row->text;
}

void
cdr_join_row_end(struct cdr_join *j)
{
	struct row *row = row_of(j, j->end);
	uint64_t *last;

	j->end++;
	if (row->key == 0)
		return;
	last = map_put(&j->open, key_of(row), NULL);
	if (*last != 0)
		row_of(j, *last - 1)->next = j->end;
	*last = j->end;
}

bool
cdr_join_waits(const struct cdr_join *j, struct str key)
{
	const uint64_t *last = key.n == 0 ? NULL : map_get(&j->open, key);

	return last != NULL && *last != 0;
}

int
cdr_join_end(struct cdr_join *j, struct err *e)
{
	int rc = 0;

	while (rc == 0 && j->first < j->end)
		rc = advance(j, e);
	return rc;
}
