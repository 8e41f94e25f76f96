/*
 * merger, taking in: records by batches into the sort, and out of it again,
 * and which one of those with the same id is kept.
 */
#include "merge/acts/acts.h"
#include "merge/link/rows.h"

#include "core/alloc.h"
#include "record/fields.h"
#include "record/waiting/lastanswers.h"

/* Before what it is about is taken: so that this is found, and no answer. */
static void
await(struct merger *m, struct record *r)
{
	struct str about[RECEIPT_ABOUT];
	struct receipt receipt;

	if (!record_receipt(r, &receipt))
		return;
	for (size_t i = receipt_about(r, &receipt, about); i-- > 0;) {
		uint64_t hash = last_hash(about[i]);

		idset_add(&m->about, hash);
		if (receipt.status == RECEIPT_FAILED)
			idset_add(&m->failed, hash);
	}
}

int
merger_read(struct merger *m, struct str line, struct err *e)
{
	struct batch *b = &m->batch;
	struct record *r = m->record;
	struct str id;

	if (record_parse(r, line, e) != 0)
		return 1;
	id = record_str(r, "id");
	if (pipeline_see(&m->pipeline, r, e) != 0)
		return 1;
	if (id.p == NULL || id.n == 0 || id.n > ID_MAX ||
	    memchr(id.p, '\0', id.n) != NULL)
		return err_set(e, "no id: not a record of kith normalize"), 1;
	evidence_read(r, m->list);
	m->at = &b->at[b->n];
	b->id[b->n++] = id;
	b->texts += spool_read(m->at, r, m->list, &m->graph,
	    &m->o.windows.channels, &b->arena, b->text + b->texts,
	    m->may_be_plain ? &m->key : NULL);
	if ((m->at->flags & SPOOL_RECEIPT) != 0)
		await(m, r);
	if (merger_link_add(m, id))
		m->at->plain = 0;
	switch (merger_take_act(m, id, e)) {
	case 0:
		return 0;
	case 1:
		m->at->plain = 0;
		return 0;
	default:
		b->n--;
		return 1;
	}
}

void
merger_intern(struct merger *m)
{
	struct batch *b = &m->batch;
	uint32_t keys[BATCH_TEXTS], *from = keys;

	for (size_t i = 0; i < b->texts; i += GRAPH_BATCH)
		graph_intern(&m->graph, b->text + i,
		    b->texts - i < GRAPH_BATCH ? b->texts - i : GRAPH_BATCH,
		    keys + i);
	for (size_t i = 0; i < b->n; i++) {
		struct spooled *s = &b->at[i];
		size_t n = (size_t)s->trusted + s->claimed;

		memcpy(s->keys, from, n * sizeof(*from));
		from += n;
		spool_claim(s, &m->graph);
	}
}

static void
batch_reset(struct batch *b)
{
	arena_reset(&b->arena);
	b->n = b->texts = b->bytes = b->next = 0;
}

/* Takes a line into the batch for good. */
static struct str
batch_keep(struct batch *b, struct str line)
{
	char *p = arena_alloc(&b->arena, line.n + BUF_PAD);

	memcpy(p, line.p, line.n);
	memset(p + line.n, 0, BUF_PAD);
	b->bytes += line.n;
	return str_make(p, line.n);
}

void
merger_fetch(struct merger *m)
{
	for (int step = 0; step < 2; step++)
		for (size_t i = 0; i < m->batch.n; i++)
			graph_fetch(&m->graph, m->batch.at[i].keys,
			    m->batch.at[i].trusted, step);
}

/* What the graph takes the sort gives, down to an eighth. */
static void
share_memory(struct merger *m)
{
	size_t all = m->o.memory, keys = graph_bytes(&m->graph);

	sorter_memory(
	    m->main.sorter, keys < all - all / 8 ? all - keys : all / 8);
}

int
merger_flush(struct merger *m, struct err *e)
{
	struct batch *b = &m->batch;
	uint64_t seen[BATCH_RECORDS] = { 0 };

	for (size_t i = 0; i < b->n; i++) {
		seen[i] = idset_hash(b->id[i]);
		idset_fetch(&m->seen, seen[i]);
	}
	merger_intern(m);
	if (m->eager)
		merger_fetch(m);
	for (size_t i = 0; i < b->n; i++) {
		m->at = &b->at[i];
		if (!idset_add(&m->seen, seen[i]))
			versions_met(&m->versions, b->id[i]);
		if (m->eager)
			merger_collect(m, b->id[i]);
		spool_write(m->at, b->id[i], &m->key, &m->line);
		if (sorter_add(m->main.sorter, buf_str(&m->key),
			buf_str(&m->line), e) != 0)
			return -1;
	}
	share_memory(m);
	batch_reset(b);
	return 0;
}

int
merger_add(struct merger *m, struct str line, struct err *e)
{
	struct batch *b = &m->batch;
	struct bulk_sent sent;
	int rc = merger_read(m, line, e);

	if (rc != 0)
		return rc;
	if ((m->at->flags & SPOOL_OURS) != 0 && !m->o.explain &&
	    bulk_read(m->record, m->at->time, &sent) &&
	    bulk_add(&m->bulk, &sent, e) != 0)
		return -1;
	m->at->given = ++m->given;
	m->at->line = batch_keep(b, line);
	b->id[b->n - 1] = arena_dup(&b->arena, b->id[b->n - 1]);
	if (b->n == BATCH_RECORDS || b->texts >= GRAPH_BATCH ||
	    b->bytes >= BATCH_BYTES)
		return merger_flush(m, e);
	return 0;
}

/* 0, with f->has where there is one; -1. */
static int
peek(struct feed *f, struct err *e)
{
	int rc;

	if (f->has || f->sorter == NULL)
		return 0;
	rc = sorter_next(f->sorter, &f->key, &f->line, e);
	f->has = rc == 1;
	return rc < 0 ? -1 : 0;
}

/* The next one of both: NULL at the end. */
static int
first_of(struct merger *m, struct feed **out, struct err *e)
{
	if (peek(&m->main, e) != 0 || peek(&m->late, e) != 0)
		return -1;
	*out = !m->main.has ? &m->late
	       : m->late.has && str_cmp(m->late.key, m->main.key) < 0
		   ? &m->late
		   : &m->main;
	return (*out)->has;
}

static int
fill(struct merger *m, struct err *e)
{
	struct batch *b = &m->batch;
	struct feed *f;
	int rc = m->ended ? 0 : 1;

	batch_reset(b);
	while (rc == 1 && b->n < BATCH_RECORDS && b->bytes < BATCH_BYTES &&
	       (rc = first_of(m, &f, e)) == 1) {
		spool_load(&b->at[b->n], f->line);
		b->at[b->n].refs = arena_dup(&b->arena, b->at[b->n].refs);
		b->at[b->n].line = batch_keep(b, b->at[b->n].line);
		b->id[b->n] = arena_dup(&b->arena, spool_id(f->key));
		merger_let_in(m, b->id[b->n], &b->at[b->n]);
		b->n++;
		f->has = false;
	}
	m->ended = rc == 0;
	return rc < 0 ? -1 : 0;
}

/* The next record: 1, 0 at the end, -1.  fetch is told of every batch. */
int
merger_each(struct merger *m, void (*fetch)(struct merger *m), struct str *id,
    struct err *e)
{
	struct batch *b = &m->batch;

	if (b->next == b->n) {
		if (fill(m, e) != 0)
			return -1;
		if (b->n == 0)
			return 0;
		if (fetch != NULL)
			fetch(m);
	}
	m->at = &b->at[b->next];
	*id = b->id[b->next++];
	m->place += (m->at->flags & SPOOL_LATE) == 0;
	return 1;
}

int
merger_rewind(struct merger *m, struct err *e)
{
	batch_reset(&m->batch);
	m->place = 0;
	m->ended = m->main.has = false;
	return sorter_rewind(m->main.sorter, e);
}

int
merger_choose(struct merger *m, struct err *e)
{
	struct str id = STR_NONE;
	int rc;

	if (m->versions.ids.n == 0)
		return 0;
	versions_begin(&m->versions);
	while ((rc = merger_each(m, NULL, &id, e)) == 1)
		versions_take(&m->versions, id, m->at, m->place);
	versions_end(&m->versions);
	return rc < 0 ? -1 : merger_rewind(m, e);
}

enum version_part
merger_part(const struct merger *m, struct str id)
{
	return (m->at->flags & SPOOL_LATE) != 0
		   ? VERSION_ONLY
		   : versions_part(&m->versions, id, m->at, m->place);
}

int
merger_put_late(struct merger *m, struct str id, struct err *e)
{
	struct spooled s = *m->at;

	if (m->lates == NULL)
		m->lates = sorter_new(m->o.memory / LATE_PART);
	spool_late(&s, id, &m->key, &m->line);
	return sorter_add(m->lates, buf_str(&m->key), buf_str(&m->line), e);
}
