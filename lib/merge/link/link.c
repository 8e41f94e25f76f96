/*
 * What becomes of the rows: whose each is, who is one, who is alike.
 */
#include "merge/link/link.h"
#include "merge/link/limit.h"

#include <math.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "json/write.h"
#include "people/component.h"
#include "people/explain.h"

static bool
is_own(const struct graph *g, uint32_t key)
{
	return key != GRAPH_NONE &&
	       (g->keys[key].flags & KEY_CLAIM || !graph_is_weak(g, key));
}

static bool
stands(void *arg, struct str id, uint64_t version)
{
	struct merger *m = arg;
	const struct spooled *last = versions_last(&m->versions, id);

	return last == NULL || last->content == version;
}

/* The records once more: which key decides each row. */
static int
find_keys(struct merger *m, struct err *e)
{
	struct merger_link *k = m->link;
	struct feed late = m->late;
	struct str id;
	int rc;

	m->late = (struct feed){ 0 };
	while ((rc = merger_each(m, NULL, &id, e)) == 1) {
		uint32_t row, key;

		if ((m->at->flags & SPOOL_CONTACT) == 0)
			continue;
		row = linkage_find(k->linkage, id);
		if (row == UINT32_MAX || k->keys[row] != GRAPH_NONE)
			continue;
		key = merger_decides(m, id);
		if (!is_own(&m->graph, key))
			key = merger_link_key(m, id);
		k->keys[row] = key;
	}
	m->late = late;
	return rc < 0 ? -1 : merger_rewind(m, e);
}

/* What keys and operators have decided of rows. */

static void
tell_accounts(struct merger *m, const uint32_t *first, uint32_t keys)
{
	struct graph *g = &m->graph;

	for (uint32_t i = 0; i < keys; i++) {
		struct str text = graph_text(g, i);
		uint32_t row = first[graph_root(g, i)];

		if (row == UINT32_MAX || graph_is_weak(g, i) ||
		    (g->keys[i].flags & KEY_TRUSTED) == 0 ||
		    graph_limit(g, i)->most != 1)
			continue;
		linkage_account(m->link->linkage, row,
		    idset_hash(limits_class(text)), idset_hash(text));
	}
}

static void
tell_groups(struct merger *m)
{
	struct merger_link *k = m->link;
	struct graph *g = &m->graph;
	uint32_t *first = xreallocarray(NULL, (size_t)g->n + 1, sizeof(*first));

	for (uint32_t i = 0; i < g->n; i++)
		first[i] = UINT32_MAX;
	for (uint32_t i = 0; i < linkage_rows(k->linkage); i++) {
		uint32_t root;

		if (k->keys[i] == GRAPH_NONE)
			continue;
		root = graph_root(g, k->keys[i]);
		if (first[root] == UINT32_MAX)
			first[root] = i;
		else
			linkage_group(k->linkage, i, first[root]);
	}
	tell_accounts(m, first, g->n);
	for (size_t i = 0; i < g->different.n; i++) {
		uint32_t a = first[graph_root(g, g->different.v[i].a)];
		uint32_t b = first[graph_root(g, g->different.v[i].b)];

		if (a != UINT32_MAX && b != UINT32_MAX)
			linkage_apart(k->linkage, a, b);
	}
	free(first);
}

/* What came of it. */

static int
by_root(const void *x, const void *y, void *arg)
{
	const struct likely *a = x, *b = y;
	const struct graph *g = arg;

	if (a->root != b->root)
		return a->root < b->root ? -1 : 1;
	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	return str_cmp(graph_text(g, a->other), graph_text(g, b->other));
}

static void
suggest(struct merger *m, const struct linkage_pair *p)
{
	uint32_t a = graph_root(&m->graph, m->link->keys[p->a]);
	uint32_t b = graph_root(&m->graph, m->link->keys[p->b]);

	if (a == b || p->stop == LINKAGE_DIFFERENT ||
	    p->stop == LINKAGE_GENERATION)
		return;
	vec_add(&m->link->likely, (struct likely){ a, b, p->probability });
	vec_add(&m->link->likely, (struct likely){ b, a, p->probability });
}

/* What was not joined, and is alike. */
static void
tell_stopped(struct merger *m, const struct merger_report *report,
    const struct linkage_pair *p)
{
	suggest(m, p);
	if (p->stop != LINKAGE_BELOW && report != NULL &&
	    report->stopped != NULL && (double)p->probability >= m->o.link)
		report->stopped(report->arg, p,
		    linkage_id(m->link->linkage, p->a),
		    linkage_id(m->link->linkage, p->b));
}

static void
take_pairs(struct merger *m, const struct merger_report *report)
{
	struct merger_link *k = m->link;
	const struct linkage_pair *v;
	size_t n = linkage_pairs(k->linkage, &v), i = 0;
	struct over VEC(struct linkage_pair) over = { 0 };
	struct link_limits limits;

	link_limits_open(&limits, &m->graph);
	for (; i < n && v[i].stop == LINKAGE_JOINED; i++) {
		/* Who asks for less wants the best guess. */
		if (link_limits_unite(&limits, k->keys[v[i].a], k->keys[v[i].b],
			m->o.link > .5)) {
			k->joined++;
			continue;
		}
		vec_add(&over, v[i]);
		over.v[over.n - 1].stop = LINKAGE_LIMIT;
	}
	link_limits_close(&limits);
	for (size_t j = 0; j < over.n; j++)
		tell_stopped(m, report, &over.v[j]);
	vec_release(&over);
	for (; i < n; i++)
		tell_stopped(m, report, &v[i]);
	if (k->likely.n > 1)
		qsort_r(k->likely.v, k->likely.n, sizeof(*k->likely.v), by_root,
		    &m->graph);
	if (report != NULL && report->linked != NULL)
		report->linked(report->arg, k->joined);
}

/* What was trained, for later runs. */
static int
save_model(struct merger *m, struct err *e)
{
	struct buf text;
	int rc;

	if (m->o.model == NULL || m->link->loaded ||
	    linkage_rows(m->link->linkage) < 2)
		return 0;
	buf_init(&text, SIZE_MAX / 2);
	linkage_save(m->link->linkage, &text);
	rc = file_write_durable(m->o.model, buf_str(&text), 0666, e);
	buf_release(&text);
	return rc;
}

int
merger_link_rows(
    struct merger *m, const struct merger_report *report, struct err *e)
{
	struct merger_link *k = m->link;
	uint32_t rows;

	if (k == NULL)
		return 0;
	if (linkage_settle(k->linkage, stands, m, e) != 0)
		return -1;
	rows = linkage_rows(k->linkage);
	k->keys = xreallocarray(NULL, (size_t)rows + 1, sizeof(*k->keys));
	for (uint32_t i = 0; i < rows; i++)
		k->keys[i] = GRAPH_NONE;
	if (find_keys(m, e) != 0)
		return -1;
	for (uint32_t i = 0; i < rows; i++)
		if (k->keys[i] == GRAPH_NONE)
			return err_set(e, "a row was lost between passes");
	tell_groups(m);
	if (linkage_run(k->linkage, e) != 0)
		return -1;
	take_pairs(m, report);
	return save_model(m, e);
}

/* The first of a person's. */
static size_t
likely_of(const struct merger_link *k, uint32_t root)
{
	size_t low = 0, high = k->likely.n;

	while (low < high) {
		size_t at = (low + high) / 2;

		if (k->likely.v[at].root < root)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

void
merger_put_likely(struct merger *m, uint32_t key)
{
	struct merger_link *k = m->link;
	struct writer *w = NULL;
	uint32_t root, before = GRAPH_NONE;

	record_drop(m->record, "likely");
	if (k == NULL || key == GRAPH_NONE ||
	    (m->at->flags & SPOOL_CONTACT) == 0)
		return;
	root = graph_root(&m->graph, key);
	for (size_t i = likely_of(k, root);
	     i < k->likely.n && k->likely.v[i].root == root; i++) {
		const struct likely *l = &k->likely.v[i];

		if (l->other == before)
			continue;
		before = l->other;
		if (w == NULL) {
			w = record_put(m->record, "likely");
			write_list(w);
		}
		write_object(w);
		write_member(w, "person",
		    conversation_person(m->conversations, l->other));
		write_key(w, "probability");
		write_real(w, floor((double)l->probability * 1000) / 1000);
		write_object_end(w);
	}
	if (w == NULL)
		return;
	write_list_end(w);
	record_put_end(m->record);
}

/* Explaining. */

static uint32_t
row_of(struct merger *m, struct link_name name)
{
	return name.kind == LINK_MESSAGE
		   ? linkage_find(m->link->linkage, name.s)
		   : UINT32_MAX;
}

/* What their rows say.  *linked: it is that which joins them, and no key. */
static bool
explain_rows(struct merger *m, struct buf *out, struct link_name a,
    struct link_name b, bool *linked)
{
	uint32_t x, y, ka, kb;

	if (m->link == NULL)
		return false;
	x = row_of(m, a);
	y = row_of(m, b);
	ka = merger_key_of(m, a);
	kb = merger_key_of(m, b);
	if (ka == GRAPH_NONE || kb == GRAPH_NONE)
		return false;
	ka = graph_root(&m->graph, ka);
	kb = graph_root(&m->graph, kb);
	for (uint32_t i = 0; i < linkage_rows(m->link->linkage); i++) {
		uint32_t root = graph_root(&m->graph, m->link->keys[i]);

		if (x == UINT32_MAX && root == ka)
			x = i;
		if (root == kb && (y == UINT32_MAX) && i != x)
			y = i;
	}
	if (x == UINT32_MAX || y == UINT32_MAX || x == y)
		return false;
	linkage_explain(m->link->linkage, x, y, out);
	*linked = ka == kb && linkage_chain(m->link->linkage, x, y, out);
	return true;
}

bool
merger_explain(
    struct merger *m, struct buf *out, struct link_name a, struct link_name b)
{
	bool linked = false, rows = explain_rows(m, out, a, b, &linked);

	return linked ||
	       explain_pair(out, &m->graph, a.s, b.s, merger_key_of(m, a),
		   merger_key_of(m, b)) ||
	       rows;
}
