#include "live/sources.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/text/nearest.h"

bool
live_is(const char *operand)
{
	return operand[0] == '@' || str_find(str_of(operand), STR("://")) > 0;
}

static int
no_source(const struct workspace *c, struct str name, struct err *e)
{
	const char **names, *near;

	if (c->sources.n == 0)
		return err_set(e,
		    "@%.*s: the workspace file names no sources; write "
		    "'sources:' into it, and give it by -C",
		    STR_ARG(name));
	names = xcalloc(c->sources.n, sizeof(*names));
	for (size_t i = 0; i < c->sources.n; i++)
		names[i] = c->sources.v[i].name;
	near = nearest(name, names, c->sources.n);
	err_set(e, "@%.*s: %s has no source of that name%s%s%s", STR_ARG(name),
	    c->path, near == NULL ? "" : "; did you mean '@",
	    near == NULL ? "" : near, near == NULL ? "" : "'?");
	free(names);
	return -1;
}

/* Of a service that only calls us all comes by the spool. */
static bool
is_asked(const struct workspace_source *s)
{
	return s->service == NULL || s->url != NULL || s->token_file != NULL ||
	       s->password_file != NULL;
}

int
live_select(struct live_sources *s, const struct workspace *c,
    const char *operand, struct err *e)
{
	struct str name = str_of(operand + 1);
	const struct workspace_source *one;

	if (operand[0] != '@') {
		s->own = (struct workspace_source){ .name = operand,
			.url = operand };
		vec_add(&s->list, &s->own);
		return 0;
	}
	if (str_is(name, "all") && c->sources.n > 0) {
		for (size_t i = 0; i < c->sources.n; i++)
			if (is_asked(&c->sources.v[i]))
				vec_add(&s->list, &c->sources.v[i]);
		return s->list.n > 0
			   ? 0
			   : err_set(e,
				 "@all: no source of %s is read of a server "
				 "(url, or a service with a tokenFile); what "
				 "services send is read of the spool",
				 c->path);
	}
	one = workspace_source(c, name);
	if (one == NULL)
		return no_source(c, name, e);
	vec_add(&s->list, one);
	return 0;
}

void
live_release(struct live_sources *s)
{
	vec_release(&s->list);
}

int
live_secret(const char *path, struct buf *out, struct err *e)
{
	size_t before = out->n;

	if (file_read_secret(path, out, e) < 0)
		return -1;
	if (out->n > before && out->p[out->n - 1] == '\n')
		buf_cut(out, out->n - 1);
	if (out->n > before && out->p[out->n - 1] == '\r')
		buf_cut(out, out->n - 1);
	if (out->n > before)
		return 0;
	return err_set(
	    e, "%s: nothing stands in it; it must be the secret", path);
}
