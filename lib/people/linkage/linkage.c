#include "people/linkage/inside.h"

#include "core/alloc.h"

struct linkage *
linkage_new(const struct linkage_options *o)
{
	struct linkage *l = xcalloc(1, sizeof(*l));

	l->o = *o;
	l->threads = jobs_threads(o->threads);
	return l;
}

void
linkage_free(struct linkage *l)
{
	if (l == NULL)
		return;
	for (int f = 0; f < LINK_FIELDS; f++) {
		dictionary_release(&l->dict[f]);
		dictionary_release(&l->word[f]);
	}
	vec_release(&l->rows);
	vec_release(&l->row_ids);
	vec_release(&l->ids);
	vec_release(&l->aparts);
	vec_release(&l->accounts);
	vec_release(&l->found);
	arena_release(&l->arena);
	free(l->group);
	free(l->features);
	free(l->pairs);
	free(l->edges);
	free(l->cluster);
	free(l);
}

void
linkage_add(struct linkage *l, const struct linkage_row *row)
{
	struct normal n;
	struct row r = { 0 };

	arena_reset(&l->arena);
	normal_row(row, &n, &l->arena);
	for (int f = 0; f < LINK_FIELDS; f++)
		if (n.text[f].n > 0)
			r.v[f] = dictionary_put(&l->dict[f], n.text[f]);
	r.flags = n.flags;
	l->orders[n.order]++;
	r.generation = n.generation;
	r.family_words = n.family_words;
	vec_add(&l->row_ids, (struct row_id){ .hash = mix_bytes(row->id),
				 .version = row->version,
				 .at = (uint32_t)l->ids.n,
				 .n = (uint32_t)row->id.n,
				 .row = (uint32_t)l->rows.n });
	vec_room(&l->ids, row->id.n);
	memcpy(l->ids.v + l->ids.n, row->id.p, row->id.n);
	l->ids.n += row->id.n;
	vec_add(&l->rows, r);
}

static struct str
id_text(const struct linkage *l, const struct row_id *r)
{
	return str_make(l->ids.v + r->at, r->n);
}

static int
by_id(const void *x, const void *y, void *arg)
{
	const struct row_id *a = x, *b = y;
	int rc;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	rc = str_cmp(id_text(arg, a), id_text(arg, b));
	if (rc != 0)
		return rc;
	return a->version < b->version ? -1 : a->version > b->version;
}

/* One row each, in the order of their ids. */
static void
order_rows(struct linkage *l, linkage_stands stands, void *arg)
{
	struct row_id *v = l->row_ids.v;
	struct row *rows;
	size_t n = 0;

	if (l->rows.n > 1)
		qsort_r(v, l->row_ids.n, sizeof(*v), by_id, l);
	rows = xcalloc(l->rows.n + 1, sizeof(*rows));
	for (size_t i = 0; i < l->row_ids.n; i++) {
		struct str id = id_text(l, &v[i]);

		if (n > 0 && v[i].version == v[n - 1].version &&
		    str_eq(id, id_text(l, &v[n - 1])))
			continue;
		if (stands != NULL && !stands(arg, id, v[i].version))
			continue;
		rows[n] = l->rows.v[v[i].row];
		v[n++] = v[i];
	}
	free(l->rows.v);
	l->rows.v = rows;
	l->rows.n = l->row_ids.n = n;
}

int
linkage_settle(
    struct linkage *l, linkage_stands stands, void *arg, struct err *e)
{
	if (l->rows.n >= UINT32_MAX)
		return err_set(e, "more rows than can be linked");
	order_rows(l, stands, arg);
	l->n = (uint32_t)l->rows.n;
	l->group = xcalloc((size_t)l->n + 1, sizeof(*l->group));
	l->cluster = xcalloc((size_t)l->n + 1, sizeof(*l->cluster));
	for (uint32_t i = 0; i < l->n; i++)
		l->group[i] = l->cluster[i] = i;
	return 0;
}

uint32_t
linkage_rows(const struct linkage *l)
{
	return l->n;
}

struct str
linkage_id(const struct linkage *l, uint32_t row)
{
	return id_text(l, &l->row_ids.v[row]);
}

uint32_t
linkage_find(const struct linkage *l, struct str id)
{
	uint64_t hash = mix_bytes(id);
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t at = (low + high) / 2;

		if (l->row_ids.v[at].hash < hash)
			low = at + 1;
		else
			high = at;
	}
	for (; low < l->n && l->row_ids.v[low].hash == hash; low++)
		if (str_eq(linkage_id(l, (uint32_t)low), id))
			return (uint32_t)low;
	return UINT32_MAX;
}

void
linkage_group(struct linkage *l, uint32_t row, uint32_t with)
{
	uint32_t a = row, b = with;

	while (l->group[a] != a)
		a = l->group[a];
	while (l->group[b] != b)
		b = l->group[b];
	if (a < b)
		l->group[b] = a;
	else
		l->group[a] = b;
}

int
linkage_run(struct linkage *l, struct err *e)
{
	(void)e;
	for (uint32_t i = 0; i < l->n; i++) {
		uint32_t a = i;

		while (l->group[a] != a)
			a = l->group[a];
		l->group[i] = a;
	}
	guards_settle(l);
	names_cut(l);
	dates_settle(l);
	values_settle(l);
	if (l->n < 2)
		return 0;
	if (!l->trained)
		train_frequencies(l);
	features_make(l);
	if (!l->trained)
		rules_choose(l);
	pairs_make(l);
	if (!l->trained)
		train_model(l);
	score_pairs(l);
	clusters_make(l);
	return 0;
}

size_t
linkage_pairs(const struct linkage *l, const struct linkage_pair **out)
{
	*out = l->found.v;
	return l->found.n;
}

uint32_t
linkage_cluster(const struct linkage *l, uint32_t row)
{
	return l->cluster[row];
}
