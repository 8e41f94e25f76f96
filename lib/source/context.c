/*
 * What the formats of one stage keep, and the way from an item to its format.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "source/source.h"

struct source_context *
source_new(const struct workspace *workspace)
{
	struct source_context *c = xcalloc(1, sizeof(*c));
	size_t n = 0;

	while (source_formats[n] != NULL)
		n++;
	c->workspace = workspace;
	c->clock.workspace = workspace;
	c->kept = xcalloc(n + 1, sizeof(*c->kept));
	return c;
}

void
source_free(struct source_context *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; source_formats[i] != NULL; i++)
		if (c->kept[i] != NULL && source_formats[i]->release != NULL)
			source_formats[i]->release(c->kept[i]);
	local_release(&c->clock);
	free(c->kept);
	free(c);
}

int
source_open(struct source_context *c, struct err *e)
{
	for (size_t i = 0; source_formats[i] != NULL; i++)
		if (source_formats[i]->open != NULL &&
		    source_formats[i]->open(&c->kept[i], c->workspace, e) < 0)
			return -1;
	return 0;
}

void
normalize_init(struct normalize *n, struct source_context *c, struct sink *sink)
{
	n->sink = sink;
	n->workspace = c->workspace;
	n->clock = &c->clock;
	n->context = c;
	n->message.workspace = c->workspace;
	n->message.sink = sink;
	n->message.us = &n->us;
	us_init(&n->us, c->workspace);
	buf_init(&n->scratch, NORMALIZE_SCRATCH);
}

void
normalize_release(struct normalize *n)
{
	message_release(&n->message);
	us_release(&n->us);
	buf_release(&n->scratch);
}

enum stage_result
source_normalize(struct normalize *n, const struct source_format *f,
    struct json native, struct err *e)
{
	size_t i = 0;

	while (source_formats[i] != f && source_formats[i] != NULL)
		i++;
	n->kept = &n->context->kept[i];
	return f->normalize(n, native, e);
}
