#include "identity/explain.h"

#include "core/plain.h"
#include "core/time.h"
#include "identity/guards.h"

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
	plain_line(out, text);
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
	plain_line(out, str_of(g->sources[edge].record));
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
	uint16_t flags = g->keys[k].flags;

	if ((flags & (KEY_DEMOTED | KEY_SHARED | KEY_NOTHING)) == 0)
		return;
	buf_add_z(out, "  ");
	add_key(out, g, k);
	if ((flags & KEY_DEMOTED) != 0)
		buf_printf(out,
		    " stands beside %u other keys: it joins nobody\n",
		    g->keys[k].degree);
	else
		buf_printf(out, " is %s: it joins nobody\n",
		    explain_guard(graph_text(g, k)));
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
	plain_line(out, name);
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
	n = graph_path(g, a, b, path, CHAIN_MAX);
	plain_line(out, name_a);
	buf_add_z(out, n > 0 ? " and " : " (");
	if (n == 0) {
		add_person(out, g, a);
		buf_add_z(out, ") and ");
	}
	plain_line(out, name_b);
	if (n == 0)
		buf_add_z(out, " (");
	else
		buf_add_z(out, " are one person, ");
	add_person(out, g, b);
	buf_add_z(out, n > 0 ? ":\n" : "): no evidence joins them\n");
	for (size_t i = 0; i + 1 < n; i++)
		add_step(out, g, path[i], path[i + 1]);
	if (n == 0) {
		add_doubt(out, g, a);
		add_doubt(out, g, b);
	}
	return n > 0;
}
