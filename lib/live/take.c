#include "live/take.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/time.h"
#include "hook/conf.h"
#include "live/service/service.h"
#include "live/spool.h"

struct live_take {
	struct source_context *source;
	struct live_service **services; /* one a source of the workspace, or
					   NULL */
	struct live_spool spool;
	bool aside[LIVE_BATCH]; /* of the batch: not all of it was an item */
	bool hint[LIVE_BATCH]; /* it was one, of which nothing has to leave */
	struct buf file, items;
};

bool
live_is_spool(const char *path)
{
	struct arena a = { 0 };
	struct stat st;
	bool is;

	is = stat(ARENA_JOIN(&a, str_of(path), STR("/" HOOK_CONF)).p, &st) ==
		 0 &&
	     S_ISREG(st.st_mode);
	arena_release(&a);
	return is;
}

struct live_take *
live_take_new(struct source_context *c, struct err *e)
{
	struct live_take *t = xcalloc(1, sizeof(*t));
	const struct workspace_sources *l = &c->workspace->sources;

	t->source = c;
	t->spool.lock = t->spool.folder = -1;
	buf_init(&t->file, HOOK_BODY + SPOOL_HEAD);
	buf_init(&t->items, 4 * (size_t)HOOK_BODY);
	t->services = xcalloc(l->n + 1, sizeof(*t->services));
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].service == NULL)
			continue;
		t->services[i] =
		    live_service_read(c->workspace, &l->v[i], SERVICE_ITEMS, e);
		if (t->services[i] == NULL) {
			err_prefix(e, "@%s", l->v[i].name);
			live_take_free(t);
			return NULL;
		}
	}
	return t;
}

void
live_take_free(struct live_take *t)
{
	if (t == NULL)
		return;
	live_spool_close(&t->spool);
	for (size_t i = 0; i < t->source->workspace->sources.n; i++)
		live_service_free(t->services[i]);
	free(t->services);
	buf_release(&t->file);
	buf_release(&t->items);
	free(t);
}

static struct live_service *
service_of(struct live_take *t, struct str name)
{
	const struct workspace_source *s =
	    workspace_source(t->source->workspace, name);

	return s == NULL ? NULL
			 : t->services[s - t->source->workspace->sources.v];
}

/* What the format reads of the body.  0, or -1 with why there is nothing. */
static int
cut_items(struct live_take *t, struct live_service *s, const struct spooled *h,
    struct str *out, struct err *e)
{
	char when[TIME_SIZE];
	ptrdiff_t n;

	*out = h->body;
	buf_reset(&t->items);
	if (s->stamped) {
		time_format(h->at, when);
		buf_printf(&t->items, "%s ", when);
		buf_add_str(&t->items, h->body);
		*out = buf_str(&t->items);
	}
	if (s->items == NULL || s->stamped)
		return 0;
	n = expr_run(s->items, h->body, &t->items, e);
	if (n == 0)
		err_set(e, "%s: items: finds nothing in it", s->path);
	*out = buf_str(&t->items);
	return n > 0 ? 0 : -1;
}

/* What a program says that is to be asked for; where it fails, all. */
static int
pass_hints(struct live_take *t, const struct live_take_run *how,
    struct live_service *s, const struct spooled *h, struct err *why)
{
	struct json_doc *doc = json_doc_new();
	struct arena a = { 0 };
	struct str rest;
	ptrdiff_t n;

	buf_reset(&t->items);
	n = expr_run(s->hint, h->body, &t->items, why);
	rest = buf_str(&t->items);
	if (n < 0)
		rest = STR("true\n");
	while (how->hint != NULL && rest.n > 0) {
		struct json root;
		struct err e;

		if (json_parse_copy(doc, str_split(&rest, '\n'), &root, &e) ==
			0 &&
		    json_type(root) > JSON_NULL)
			how->hint(how->hint_arg, h->source,
			    json_type(root) == JSON_STRING ? json_str(root, &a)
							   : STR_NONE);
	}
	arena_release(&a);
	json_doc_free(doc);
	return n < 0 ? err_prefix(why, "%s: hint", s->path) : 0;
}

static int
reject(struct live_take *t, struct sink *sink, const char *file,
    const char *why, struct str bytes, struct err *e)
{
	struct arena a = { 0 };
	struct str name =
	    ARENA_JOIN(&a, str_of(t->spool.path), STR("/"), str_of(file));
	int rc;

	sink_rollback(sink);
	rc = sink_reject(sink, name, STR(""), why, bytes, e);
	arena_release(&a);
	return rc;
}

/* One file; where not all of it came out, it is to go aside. */
static int
take(struct live_take *t, const struct live_take_run *run, const char *file,
    ptrdiff_t i, struct err *e)
{
	struct sink *sink = run->sink;
	uint64_t outs = sink->outs, rejected = sink->rejected;
	struct source_reading how = { .max_item = run->max_item };
	struct live_service *s = NULL;
	struct spooled h = { 0 };
	struct str body = STR("");
	struct err why = { 0 };
	char name[256];
	int rc = 0;

	if (spooled_parse(buf_str(&t->file), &h) < 0)
		err_set(&why, "it is not what kith-hook wrote");
	else if ((s = service_of(t, h.source)) == NULL)
		err_set(&why, "the workspace has no service @%.*s",
		    STR_ARG(h.source));
	else if (s->hint != NULL)
		t->hint[i] = pass_hints(t, run, s, &h, &why) == 0;
	else if (cut_items(t, s, &h, &body, &why) == 0) {
		how.format = s->format;
		snprintf(
		    name, sizeof(name), "@%.*s/%s", STR_ARG(h.source), file);
		rc = source_ingest_bytes(t->source, sink, name, body, &how, e);
		if (rc < 0 && e->code != ERR_ITEM)
			return -1;
		if (rc < 0)
			why = *e;
		rc = 0;
	}
	if (!t->hint[i] && why.msg[0] == '\0' && sink->outs == outs &&
	    sink->rejected == rejected)
		err_set(&why, "nothing of it is an item");
	if (why.msg[0] != '\0')
		rc = reject(t, sink, file, why.msg, buf_str(&t->file), e);
	t->aside[i] = sink->rejected != rejected;
	return rc;
}

/* The file of a body, into t->file: 1, 0 where somebody took it away, -1. */
static int
read_file(struct live_take *t, const char *name, struct err *e)
{
	int fd = openat(t->spool.folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, errno, "%s/%s", t->spool.path, name);
	buf_reset(&t->file);
	return file_read_open(fd, name, &t->file, e) < 0 ? -1 : 1;
}

int
live_take_open(struct live_take *t, const char *spool, struct err *e)
{
	return live_spool_open(&t->spool, spool, e);
}

/* By runs of hints, and of bodies that are none. */
static int
settle(struct live_take *t, const struct live_spool_name *names, ptrdiff_t n,
    bool durably, struct err *e)
{
	for (ptrdiff_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && t->hint[end] == t->hint[i];)
			end++;
		if (live_spool_settle(&t->spool, names + i, t->aside + i,
			(size_t)(end - i), durably || t->hint[i], e) < 0)
			return -1;
	}
	return 0;
}

ptrdiff_t
live_take_some(
    struct live_take *t, const struct live_take_run *how, struct err *e)
{
	const struct live_spool_name *names;
	ptrdiff_t n = live_spool_next(&t->spool, LIVE_BATCH, &names, e);
	int there, left;

	if (n <= 0)
		return n;
	for (ptrdiff_t i = 0; i < n; i++) {
		t->aside[i] = t->hint[i] = false;
		there = read_file(t, names[i].s, e);
		if (there < 0 ||
		    (there > 0 && take(t, how, names[i].s, i, e) < 0))
			return -1;
	}
	left = how->leave(how->arg, e);
	if (left < 0)
		return -1;
	return settle(t, names, n, left > 0, e) < 0 ? -1 : n;
}

int
live_take_all(struct live_take *t, const char *spool,
    const struct live_take_run *how, struct err *e)
{
	ptrdiff_t n = live_take_open(t, spool, e);

	if (n == 0)
		do
			n = live_take_some(t, how, e);
		while (n > 0);
	live_spool_close(&t->spool);
	return (int)n;
}
