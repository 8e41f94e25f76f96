#include "merge/tell.h"

#include "core/diag.h"
#include "people/explain.h"

enum {
	TOLD_MOST = 20, /* lines about keys that are not believed */
	TEXT_MAX = 1 << 16, /* of a line about a key */
};

static bool
may_tell(struct tell *t)
{
	if (t->told++ < TOLD_MOST)
		return true;
	if (t->told == TOLD_MOST + 1)
		diag(DIAG_NOTE, NULL,
		    "further keys are not believed; --explain tells of any");
	return false;
}

static void
on_conflict(void *arg, const struct graph_conflict *d)
{
	struct tell *t = arg;
	const struct graph *g = merger_graph(t->merger);
	bool fresh = true;

	if (t->once)
		(void)map_put(&t->keys, graph_text(g, d->key), &fresh);
	if (!fresh)
		return;
	sink_sum(t->out, "not believed", 1);
	if (!may_tell(t))
		return;
	buf_reset(&t->text);
	explain_conflict(&t->text, g, d);
	diag(DIAG_NOTE, NULL, "%s", buf_cstr(&t->text));
}

static void
on_listed(void *arg, uint32_t key)
{
	struct tell *t = arg;
	struct str text = graph_text(merger_graph(t->merger), key);

	if (may_tell(t))
		diag(DIAG_NOTE, NULL, "%.*s is %s: it joins nobody",
		    STR_ARG(text), explain_guard(text));
}

static void
on_useless(void *arg, const struct link *l, const char *why)
{
	struct tell *t = arg;

	if (t->useless++ < TOLD_MOST)
		diag(DIAG_WARN, NULL, "%.*s: it does nothing: %.*s, %.*s: %s",
		    STR_ARG(l->from), STR_ARG(l->a.s), STR_ARG(l->b.s), why);
}

void
tell_init(struct tell *t, struct merger *merger, struct sink *out, bool once)
{
	*t = (struct tell){
		.merger = merger,
		.out = out,
		.once = once,
		.report = {
			.arg = t,
			.conflict = on_conflict,
			.listed = on_listed,
			.useless = on_useless,
		},
	};
	buf_init(&t->text, TEXT_MAX);
}

void
tell_release(struct tell *t)
{
	map_release(&t->keys);
	buf_release(&t->text);
}
