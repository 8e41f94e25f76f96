/*
 * identify: who may have taken part in a record, as keys with the trust that
 * each has earned.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/driver.h"
#include "identity/evidence.h"
#include "record/record.h"

struct identify {
	struct opt_list authserv; /* --authserv */
	struct config_list servers; /* those and the workspace's */
	struct config config; /* the workspace's, with these servers */
	struct record *record;
	struct evidence_list *list;
};

static const struct opt opts[] = {
	{ 0, "authserv", OPT_LIST, offsetof(struct identify, authserv), "NAME",
	    "believe the Authentication-Results of this server", 0, 0, NULL },
	{ 0 },
};

static int
identify_open(struct run *r, void *self, struct err *e)
{
	struct identify *t = self;
	const struct config *c = run_config(r);
	size_t n = c->authserv.n;

	(void)e;
	t->config = *c;
	t->servers.v = xcalloc(n + t->authserv.n + 1, sizeof(*t->servers.v));
	for (size_t i = 0; i < n; i++)
		t->servers.v[t->servers.n++] = c->authserv.v[i];
	for (size_t i = 0; i < t->authserv.n; i++)
		t->servers.v[t->servers.n++] = str_of(t->authserv.v[i]);
	t->config.authserv = t->servers;
	t->record = record_new();
	t->list = xcalloc(1, sizeof(*t->list));
	return 0;
}

static enum stage_result
identify_line(struct run *r, void *self, struct str line, struct err *e)
{
	struct identify *t = self;
	struct auth auth;

	if (record_parse(t->record, line, e) != 0)
		return STAGE_REJECT;
	evidence_find(t->record, &t->config, t->list, &auth);
	evidence_put(t->record, t->list, &auth);
	if (record_write(t->record, run_out(r), e) != 0)
		return STAGE_REJECT;
	return run_commit(r, e) == 0 ? STAGE_OK : STAGE_FATAL;
}

static void
identify_close(void *self)
{
	struct identify *t = self;

	if (t->record != NULL)
		record_free(t->record);
	free(t->servers.v);
	free(t->list);
}

const struct tool tool = {
	.name = "identify",
	.about = "who it may be: keys, and how far each can be trusted",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct identify),
	.open = identify_open,
	.line = identify_line,
	.close = identify_close,
};
