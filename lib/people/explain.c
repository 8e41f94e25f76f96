#include "people/explain.h"

#include "core/text/terminal.h"
#include "core/time.h"
#include "people/guards.h"

enum { CHAIN_MAX = 1000 };

const char *
explain_guard(struct str key)
{
	ptrdiff_t colon = str_chr(key, ':');

	return guard_why(str_sub(key, 0, (size_t)colon),
	    str_sub(key, (size_t)colon + 1, key.n));
}

/* "?email:x" reads as what it is. */
static void
add_key(struct buf *out, const struct graph *g, uint32_t k)
{
	struct str text = graph_text(g, k);

	if ((g->keys[k].flags & KEY_CLAIM) != 0) {
		buf_add_z(out, "whoever claims ");
		text = str_sub(text, 1, text.n);
	}
	terminal_line(out, text);
}

static void
add_limit(struct buf *out, const struct graph *g, uint32_t key)
{
	const struct limit *l = graph_limit(g, key);
	struct str class = limits_class(graph_text(g, key));

	buf_printf(out, "one person has at most %u of ", l->most);
	terminal_line(out, class);
}

void
explain_conflict(
    struct buf *out, const struct graph *g, const struct graph_conflict *d)
{
	const struct map_entry *names = g->names.entries;

	add_key(out, g, d->key);
	switch (d->why) {
	case WHY_DEGREE:
		buf_printf(out,
		    " stands beside %u other keys, more than one person has",
		    g->keys[d->key].degree);
		break;
	case WHY_NAMES:
		buf_add_z(out, " stands beside the names \"");
		terminal_line(out, names[d->a].key);
		buf_add_z(out, "\" and \"");
		terminal_line(out, names[d->b].key);
		buf_add_z(out, "\", not one person's");
		break;
	case WHY_LIMIT:
		buf_add_z(out, " would join ");
		add_key(out, g, d->a);
		buf_add_z(out, " with ");
		add_key(out, g, d->b);
		buf_add_z(out, ", but ");
		add_limit(out, g, d->a);
		break;
	case WHY_PROFILE:
		buf_add_z(out, " stands in the profile of ");
		add_key(out, g, d->a);
		buf_add_z(out, ", who has ");
		add_key(out, g, d->b);
		buf_add_z(out, ": not joined");
		return;
	case WHY_PAIR:
	case WHY_DIFFERENT:
		buf_add_z(out, " and ");
		add_key(out, g, d->a);
		buf_add_z(out, " are not joined: ");
		buf_add_z(out,
		    d->why == WHY_PAIR
			? "together they have more keys of a type than one "
			  "person has"
			: "the links file keeps their people apart");
		return;
	}
	buf_add_z(out, ": it joins nobody");
}

static const struct graph_conflict *
pair_doubt(const struct graph *g, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < g->conflict_n; i++) {
		const struct graph_conflict *d = &g->conflicts[i];

		if (d->why >= WHY_PAIR &&
		    ((d->key == a && d->a == b) || (d->key == b && d->a == a)))
			return d;
	}
	return NULL;
}

static void
add_step(struct buf *out, const struct graph *g, uint32_t a, uint32_t b)
{
	size_t edge = graph_edge_of(g, a, b);
	char at[TIME_SIZE];

	buf_add_z(out, "  ");
	add_key(out, g, a);
	buf_add_z(out, "  --  ");
	add_key(out, g, b);
	if (edge == SIZE_MAX) {
		buf_add_z(out, "  (the links file says so)\n");
		return;
	}
	buf_add_z(out, "  (record ");
	terminal_line(out, str_of(g->sources[edge].record));
	if (g->edges[edge].since != TIME_NONE) {
		time_format(g->edges[edge].since, at);
		buf_printf(out, ", %s", at);
	}
	buf_add_z(out, ")\n");
}

/* What kept a key from joining, where something did. */
static void
add_doubt(struct buf *out, const struct graph *g, uint32_t k)
{
	const struct graph_conflict *d = graph_conflict_of(g, k);

	if (d != NULL) {
		buf_add_z(out, "  ");
		explain_conflict(out, g, d);
		buf_add_char(out, '\n');
	} else if ((g->keys[k].flags & (KEY_SHARED | KEY_NOTHING)) != 0) {
		buf_add_z(out, "  ");
		add_key(out, g, k);
		buf_printf(out, " is %s: it joins nobody\n",
		    explain_guard(graph_text(g, k)));
	}
}

/* The chain that would join them, and what of it is not believed. */
static void
add_broken(struct buf *out, struct graph *g, uint32_t a, uint32_t b)
{
	uint32_t path[CHAIN_MAX];
	size_t n = graph_path(g, a, b, true, path, CHAIN_MAX);

	buf_add_z(out, n > 0 ? "nothing that is believed joins them\n"
			     : "no evidence joins them\n");
	for (size_t i = 0; i + 1 < n; i++) {
		const struct graph_conflict *d =
		    pair_doubt(g, path[i], path[i + 1]);

		add_step(out, g, path[i], path[i + 1]);
		if (d == NULL)
			continue;
		buf_add_z(out, "  ");
		explain_conflict(out, g, d);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < n; i++)
		add_doubt(out, g, path[i]);
	if (n > 0)
		return;
	add_doubt(out, g, a);
	if (a != b)
		add_doubt(out, g, b);
}

static void
add_person(struct buf *out, struct graph *g, uint32_t k)
{
	char id[ID_SIZE];

	graph_person_id(g, graph_root(g, k), id);
	buf_add_z(out, id);
}

static bool
unknown(struct buf *out, struct str name, uint32_t k)
{
	if (k != GRAPH_NONE)
		return false;
	terminal_line(out, name);
	buf_add_z(out, ": nothing is known of it\n");
	return true;
}

bool
explain_pair(struct buf *out, struct graph *g, struct str name_a,
    struct str name_b, uint32_t a, uint32_t b)
{
	uint32_t path[CHAIN_MAX];
	bool no_a = unknown(out, name_a, a), no_b = unknown(out, name_b, b);
	size_t n;

	if (no_a || no_b)
		return false;
	n = graph_path(g, a, b, false, path, CHAIN_MAX);
	terminal_line(out, name_a);
	buf_add_z(out, n > 0 ? " and " : " (");
	if (n == 0) {
		add_person(out, g, a);
		buf_add_z(out, ") and ");
	}
	terminal_line(out, name_b);
	if (n == 0)
		buf_add_z(out, " (");
	else
		buf_add_z(out, " are one person, ");
	add_person(out, g, b);
	buf_add_z(out, n > 0 ? ":\n" : "): ");
	for (size_t i = 0; i + 1 < n; i++)
		add_step(out, g, path[i], path[i + 1]);
	if (n == 0)
		add_broken(out, g, a, b);
	return n > 0;
}
