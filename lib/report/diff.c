#include "report/diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/intern.h"
#include "core/vec.h"

/* What of a route is compared. */
static const char *const members[] = { "queue", "team", "assignee", "priority",
	"stakes", "human", "asks", "replyOn" };

enum { MEMBERS = sizeof(members) / sizeof(*members) };

/* A routed record's members on side 0, as words. */
struct was {
	uint32_t word[MEMBERS]; /* index in words */
	bool seen; /* on side 1 too */
};

/* One way to differ. */
struct change {
	struct str what, from, to;
	struct str *ids;
	size_t n, cap;
};

struct diff {
	struct facts side[2];
	struct intern words;
	struct map records, index;
	struct was *was;
	size_t was_n, was_cap;
	struct change *changes;
	size_t change_n, change_cap;
	struct arena arena;
};

struct diff *
diff_new(void)
{
	struct diff *d = xcalloc(1, sizeof(*d));

	for (int i = 0; i < 2; i++)
		d->side[i].since = d->side[i].until = TIME_NONE;
	return d;
}

void
diff_free(struct diff *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->change_n; i++)
		free(d->changes[i].ids);
	facts_release(&d->side[0]);
	facts_release(&d->side[1]);
	intern_release(&d->words);
	map_release(&d->records);
	map_release(&d->index);
	free(d->was);
	free(d->changes);
	arena_release(&d->arena);
	free(d);
}

static uint32_t
word_of(struct diff *d, struct str s)
{
	return intern_number(&d->words, s.n == 0 ? STR("-") : s);
}

/* A member of the route as a word; "-" where it is not set. */
static uint32_t
member_of(struct diff *d, struct record *r, size_t i)
{
	struct json v = json_get(record_get(r, "route"), members[i]);

	if (json_type(v) == JSON_STRING)
		return word_of(d, json_str(v, record_arena(r)));
	return word_of(d, json_type(v) == JSON_NONE ? STR("") : json_raw(v));
}

static void
add_change(struct diff *d, struct str what, struct str from, struct str to,
    struct str id)
{
	struct buf key;
	struct change *c;
	uint64_t *slot;
	bool fresh;

	buf_init(&key, 1 << 16);
	buf_printf(&key, "%.*s\n%.*s\n%.*s", STR_ARG(what), STR_ARG(from),
	    STR_ARG(to));
	slot = map_put(&d->index, buf_str(&key), &fresh);
	buf_release(&key);
	if (fresh) {
		*slot = d->change_n;
		vec_hold(d->changes, d->change_n, d->change_cap, 1);
		d->changes[d->change_n++] =
		    (struct change){ .what = what, .from = from, .to = to };
	}
	c = &d->changes[*slot];
	vec_hold(c->ids, c->n, c->cap, 1);
	c->ids[c->n++] = arena_dup(&d->arena, id);
}

static void
remember(struct diff *d, struct record *r, struct str id)
{
	uint64_t *slot = map_put(&d->records, id, NULL);

	vec_hold(d->was, d->was_n, d->was_cap, 1);
	*slot = ++d->was_n;
	for (size_t i = 0; i < MEMBERS; i++)
		d->was[d->was_n - 1].word[i] = member_of(d, r, i);
	d->was[d->was_n - 1].seen = false;
}

static void
compare(struct diff *d, struct record *r, struct str id)
{
	uint64_t *slot = map_get(&d->records, id);
	struct was *was;

	if (slot == NULL) {
		add_change(d, STR("routed"), STR("no"), STR("yes"), id);
		return;
	}
	was = &d->was[*slot - 1];
	was->seen = true;
	for (size_t i = 0; i < MEMBERS; i++) {
		uint32_t now = member_of(d, r, i);

		if (now != was->word[i])
			add_change(d, str_of(members[i]),
			    intern_word(&d->words, was->word[i]),
			    intern_word(&d->words, now), id);
	}
}

/* An answer may have a route, too: of the conversations that got the place
 * which it made free. */
static bool
is_routed(struct record *r)
{
	struct json route = record_get(r, "route");

	return json_type(route) == JSON_OBJECT &&
	       (json_get(route, "assigned").doc == NULL ||
		   json_get(route, "rules").doc != NULL);
}

void
diff_add(struct diff *d, int side, struct record *r)
{
	struct str id = record_str(r, "id");

	facts_add(&d->side[side], r);
	if (id.n == 0 || !is_routed(r))
		return;
	if (side == 0)
		remember(d, r, id);
	else
		compare(d, r, id);
}

static struct str
verdict(const struct wait *w)
{
	if (w->reply_due == TIME_NONE)
		return STR("no promise");
	return w->to <= w->reply_due ? STR("kept") : STR("broken");
}

/*
 * The wait that the same answer ended on the other side; *at goes along there.
 * Both sides saw the same answers in the same order, but what a rule took in
 * or out waited on one of them only.
 */
static const struct wait *
same_answer(const struct facts *b, size_t *at, const struct wait *x)
{
	while (*at < b->wait_n && b->waits[*at].to < x->to)
		++*at;
	for (size_t i = *at; i < b->wait_n && b->waits[i].to == x->to; i++)
		if (b->waits[i].conversation == x->conversation) {
			*at = i + 1;
			return &b->waits[i];
		}
	return NULL;
}

static void
compare_waits(struct diff *d)
{
	const struct facts *a = &d->side[0], *b = &d->side[1];
	size_t at = 0;

	for (size_t i = 0; i < a->wait_n; i++) {
		const struct wait *x = &a->waits[i];
		const struct wait *y = same_answer(b, &at, x);

		if (y != NULL && !x->taken_back && !y->taken_back &&
		    !str_eq(verdict(x), verdict(y)))
			add_change(d, STR("promise"), verdict(x), verdict(y),
			    a->standings.v[x->conversation].id);
	}
}

static struct str
waiting_verdict(const struct facts *f, size_t i, int64_t now)
{
	int64_t due = f->conversations[i].reply_due;

	if (due == TIME_NONE)
		return STR("no promise");
	return now <= due ? STR("running") : STR("overdue");
}

static void
compare_waiting(struct diff *d, int64_t now)
{
	const struct facts *a = &d->side[0], *b = &d->side[1];

	d->side[0].now = d->side[1].now = now;
	for (size_t i = 0; i < a->standings.n && i < b->standings.n; i++) {
		struct str was, would;

		if (!facts_waits(a, i) || !facts_waits(b, i))
			continue;
		was = waiting_verdict(a, i, now);
		would = waiting_verdict(b, i, now);
		if (!str_eq(was, would))
			add_change(d, STR("promise"), was, would,
			    a->standings.v[i].id);
	}
}

static int
most_first(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	int c;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	c = str_cmp(x->what, y->what);
	if (c == 0)
		c = str_cmp(x->from, y->from);
	return c != 0 ? c : str_cmp(x->to, y->to);
}

struct table *
diff_report(struct diff *d, int64_t now, bool why)
{
	struct table *t = table_new("diff", "What the other rules would change",
	    "Each routed record of the first file is compared with the same "
	    "record of the second, member by member; promise compares each "
	    "wait's due time with the answer that came.",
	    "Nothing changes.");

	for (size_t i = 0; i < d->records.n; i++)
		if (!d->was[d->records.entries[i].value - 1].seen)
			add_change(d, STR("routed"), STR("yes"), STR("no"),
			    d->records.entries[i].key);
	compare_waits(d);
	compare_waiting(d, now);
	table_column(t, "what", "what", CELL_NAME, 0);
	table_column(t, "from", "was", CELL_NAME, 0);
	table_column(t, "to", "would be", CELL_NAME, 0);
	table_column(t, "count", "how many", CELL_COUNT, COLUMN_BAR);
	table_column(t, "why", "ids", CELL_LIST, why ? 0 : COLUMN_HIDDEN);
	if (d->change_n > 0)
		qsort(d->changes, d->change_n, sizeof(*d->changes), most_first);
	for (size_t i = 0; i < d->change_n; i++) {
		const struct change *c = &d->changes[i];
		struct cell *row = table_row(t);

		row[0] = cell_text(t, c->what);
		row[1] = cell_text(t, c->from);
		row[2] = cell_text(t, c->to);
		row[3] = cell_count((int64_t)c->n);
		if (!why)
			continue;
		row[4].list = arena_calloc(&t->arena, c->n, sizeof(struct str));
		row[4].list_n = c->n;
		for (size_t k = 0; k < c->n; k++)
			((struct str *)row[4].list)[k] =
			    arena_dup(&t->arena, c->ids[k]);
	}
	return t;
}
