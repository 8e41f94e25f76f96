#include "live/take.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/time.h"
#include "hook/conf.h"
#include "hook/spool.h"
#include "live/service/service.h"

#define LIVE_ASIDE ".aside"

struct taken {
	char name[SPOOL_NAME + 8];
	bool aside;
};

struct live_take {
	struct source_context *source;
	struct live_service **services; /* one a source of the workspace, or
					   NULL */
	char *spool;
	int lock, folder; /* -1: none */
	struct taken batch[LIVE_BATCH];
	size_t n;
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
	t->lock = t->folder = -1;
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

static void
take_end(struct live_take *t)
{
	if (t->lock >= 0)
		close(t->lock);
	if (t->folder >= 0)
		close(t->folder);
	free(t->spool);
	t->spool = NULL;
	t->lock = t->folder = -1;
	t->n = 0;
}

void
live_take_free(struct live_take *t)
{
	if (t == NULL)
		return;
	take_end(t);
	for (size_t i = 0; i < t->source->workspace->sources.n; i++)
		live_service_free(t->services[i]);
	free(t->services);
	buf_release(&t->file);
	buf_release(&t->items);
	free(t);
}

int
live_take_open(struct live_take *t, const char *spool, struct err *e)
{
	t->lock = file_lock(spool, "ingest", e);
	if (t->lock < 0)
		return -1;
	t->spool = xstrdup(spool);
	t->folder = open(spool, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->folder >= 0)
		return 0;
	err_sys(e, errno, "%s", spool);
	take_end(t);
	return -1;
}

static int
by_name(const void *a, const void *b)
{
	const struct taken *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The oldest ones: where there are more than a batch, its last gives way to
 * each that is older. */
static void
add_name(struct live_take *t, const char *name)
{
	struct taken *to = t->n < LIVE_BATCH ? &t->batch[t->n++] : NULL;

	if (to == NULL) {
		to = &t->batch[0];
		for (size_t i = 1; i < LIVE_BATCH; i++)
			if (by_name(&t->batch[i], to) > 0)
				to = &t->batch[i];
		if (strcmp(name, to->name) >= 0)
			return;
	}
	snprintf(to->name, sizeof(to->name), "%s", name);
	to->aside = false;
}

static int
find_names(struct live_take *t, struct err *e)
{
	DIR *d = opendir(t->spool);
	struct dirent *entry;

	if (d == NULL)
		return err_sys(e, errno, "%s", t->spool);
	t->n = 0;
	while ((entry = readdir(d)) != NULL)
		if (spooled_is_name(entry->d_name) &&
		    strlen(entry->d_name) < sizeof(t->batch[0].name))
			add_name(t, entry->d_name);
	closedir(d);
	if (t->n > 0)
		qsort(t->batch, t->n, sizeof(*t->batch), by_name);
	return 0;
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

static int
reject(struct live_take *t, struct sink *sink, const struct taken *file,
    const char *why, struct str bytes, struct err *e)
{
	struct arena a = { 0 };
	struct str name =
	    ARENA_JOIN(&a, str_of(t->spool), STR("/"), str_of(file->name));
	int rc;

	sink_rollback(sink);
	rc = sink_reject(sink, name, STR(""), why, bytes, e);
	arena_release(&a);
	return rc;
}

/* One file; where not all of it came out, it is to go aside. */
static int
take(struct live_take *t, struct sink *sink, struct taken *file,
    size_t max_item, struct err *e)
{
	uint64_t outs = sink->outs, rejected = sink->rejected;
	struct source_reading how = { .max_item = max_item };
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
	else if (cut_items(t, s, &h, &body, &why) == 0) {
		how.format = s->format;
		snprintf(name, sizeof(name), "@%.*s/%s", STR_ARG(h.source),
		    file->name);
		rc = source_ingest_bytes(t->source, sink, name, body, &how, e);
		if (rc < 0 && e->code != ERR_ITEM)
			return -1;
		if (rc < 0)
			why = *e;
		rc = 0;
	}
	if (why.msg[0] == '\0' && sink->outs == outs &&
	    sink->rejected == rejected)
		err_set(&why, "nothing of it is an item");
	if (why.msg[0] != '\0')
		rc = reject(t, sink, file, why.msg, buf_str(&t->file), e);
	file->aside = sink->rejected != rejected;
	return rc;
}

/* The items of a batch to the sink: how many bodies, or -1. */
static ptrdiff_t
take_batch(
    struct live_take *t, struct sink *sink, size_t max_item, struct err *e)
{
	if (find_names(t, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		struct taken *file = &t->batch[i];
		int fd = openat(t->folder, file->name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

		if (fd < 0)
			return err_sys(e, errno, "%s/%s", t->spool, file->name);
		buf_reset(&t->file);
		if (file_read_open(fd, file->name, &t->file, e) < 0 ||
		    take(t, sink, file, max_item, e) < 0)
			return -1;
	}
	return (ptrdiff_t)t->n;
}

/* In the same folder: from behind the walls nothing moves to another. */
static int
put_aside(struct live_take *t, const char *name, struct err *e)
{
	char to[SPOOL_NAME + sizeof(LIVE_ASIDE)];

	snprintf(to, sizeof(to), "%.*s" LIVE_ASIDE,
	    (int)(strlen(name) - strlen(SPOOL_SUFFIX)), name);
	return renameat(t->folder, name, t->folder, to) < 0
		   ? err_sys(e, errno, "%s/%s", t->spool, to)
		   : 0;
}

/* The items have left for good. */
static int
taken(struct live_take *t, struct err *e)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->batch[i].aside
			? put_aside(t, t->batch[i].name, e) < 0
			: unlinkat(t->folder, t->batch[i].name, 0) < 0 &&
			      err_sys(e, errno, "%s/%s", t->spool,
				  t->batch[i].name) < 0)
			return -1;
	t->n = 0;
	return fsync(t->folder) < 0 ? err_sys(e, errno, "%s", t->spool) : 0;
}

ptrdiff_t
live_take_some(
    struct live_take *t, const struct live_take_run *how, struct err *e)
{
	ptrdiff_t n = take_batch(t, how->sink, how->max_item, e);

	if (n > 0 && (how->leave(how->arg, e) < 0 || taken(t, e) < 0))
		return -1;
	return n;
}

static int
take_batches(
    struct live_take *t, const struct live_take_run *how, struct err *e)
{
	const struct timespec pause = { 0, LIVE_PAUSE * 1000000L };
	ptrdiff_t n;

	while ((n = live_take_some(t, how, e)) > 0 || (n == 0 && how->follow))
		if (n == 0)
			nanosleep(&pause, NULL);
	return (int)n;
}

int
live_take_all(struct live_take *t, const char *spool,
    const struct live_take_run *how, struct err *e)
{
	int rc = live_take_open(t, spool, e);

	if (rc == 0)
		rc = take_batches(t, how, e);
	take_end(t);
	return rc;
}
