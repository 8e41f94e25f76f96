#include "merge/notes.h"

#include "core/diag.h"
#include "people/explain.h"

enum {
	NOTES_MOST = 20, /* lines about keys that are not believed */
	TEXT_MAX = 1 << 16, /* of a line about a key */
};

static bool
may_note(struct notes *n)
{
	if (n->written++ < NOTES_MOST)
		return true;
	if (n->written == NOTES_MOST + 1)
		diag(DIAG_NOTE, NULL,
		    "further keys are not believed; --explain tells of any");
	return false;
}

static void
on_conflict(void *arg, const struct graph_conflict *d)
{
	struct notes *n = arg;
	const struct graph *g = merger_graph(n->merger);
	bool fresh = true;

	if (n->once)
		(void)map_put(&n->keys, graph_text(g, d->key), &fresh);
	if (!fresh)
		return;
	sink_sum(n->out, "not believed", 1);
	if (!may_note(n))
		return;
	buf_reset(&n->text);
	explain_conflict(&n->text, g, d);
	diag(DIAG_NOTE, NULL, "%s", buf_cstr(&n->text));
}

static void
on_listed(void *arg, uint32_t key)
{
	struct notes *n = arg;
	struct str text = graph_text(merger_graph(n->merger), key);

	if (may_note(n))
		diag(DIAG_NOTE, NULL, "%.*s is %s: it joins nobody",
		    STR_ARG(text), explain_guard(text));
}

static void
on_useless(void *arg, const struct link *l, const char *why)
{
	struct notes *n = arg;

	if (n->useless++ < NOTES_MOST)
		diag(DIAG_WARN, NULL, "%.*s: it does nothing: %.*s, %.*s: %s",
		    STR_ARG(l->from), STR_ARG(l->a.s), STR_ARG(l->b.s), why);
}

static void
on_stopped(void *arg, const struct linkage_pair *p, struct str a, struct str b)
{
	struct notes *n = arg;

	sink_sum(n->out, "links stopped", 1);
	if (n->stopped++ < NOTES_MOST)
		diag(DIAG_NOTE, NULL, "%.*s and %.*s are not linked (%.2f): %s",
		    STR_ARG(a), STR_ARG(b), (double)p->probability,
		    linkage_stop_text(p->stop));
	else if (n->stopped == NOTES_MOST + 1)
		diag(DIAG_NOTE, NULL,
		    "further links are stopped; --explain tells of any");
}

static void
on_linked(void *arg, uint64_t joined)
{
	sink_sum(((struct notes *)arg)->out, "linked", (int64_t)joined);
}

void
notes_init(struct notes *n, struct merger *merger, struct sink *out, bool once)
{
	*n = (struct notes){
		.merger = merger,
		.out = out,
		.once = once,
		.report = {
			.arg = n,
			.conflict = on_conflict,
			.listed = on_listed,
			.useless = on_useless,
			.stopped = on_stopped,
			.linked = on_linked,
		},
	};
	buf_init(&n->text, TEXT_MAX);
}

void
notes_release(struct notes *n)
{
	map_release(&n->keys);
	buf_release(&n->text);
}
