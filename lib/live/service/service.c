#include "live/service/service.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "json/write.h"
#include "live/service/reader.h"

/* With its slash, or nothing. */
static struct str
folder_of(const char *path)
{
	struct str s = str_of(path);

	return str_sub(s, 0, (size_t)(str_rchr(s, '/') + 1));
}

static const char *
path_of(struct arena *a, const struct workspace *c, const char *name)
{
	if (strchr(name, '/') == NULL)
		return ARENA_JOIN(
		    a, file_share(a, "services/"), str_of(name), STR(".yaml"))
		    .p;
	return name[0] == '/'
		   ? name
		   : ARENA_JOIN(a, folder_of(c->path), str_of(name)).p;
}

/* Each program of the poll by itself, to say where it is wrong. */
static int
find_fault(struct service_reader *r)
{
	struct expr *v[SERVICE_PROGRAMS];
	size_t n = 0;
	int rc = 0;

	for (int i = 0; i < SERVICE_PROGRAMS && rc == 0; i++)
		if (service_has(r->s, (enum service_program)i)) {
			v[n] =
			    service_compile_later(r, &r->s->poll.programs[i]);
			rc = v[n] == NULL ? -1 : 0;
			n += rc == 0;
		}
	if (rc == 0)
		rc = exprs_check(v, n, r->e);
	while (n > 0)
		expr_free(v[--n]);
	return rc;
}

/* What will run; what will not is left out. */
static int
compile(struct service_reader *r)
{
	struct expr *v[2];
	struct live_service *s = r->s;
	size_t n = 0;

	if ((r->parts & SERVICE_ITEMS) == 0) {
		expr_free(s->items);
		expr_free(s->hint);
		s->items = s->hint = NULL;
	}
	if (s->items != NULL)
		v[n++] = s->items;
	if (s->hint != NULL)
		v[n++] = s->hint;
	if ((r->parts & SERVICE_POLL) != 0 && s->poll.all != NULL &&
	    expr_ready(s->poll.all, r->e) < 0 && find_fault(r) < 0)
		return -1;
	return n == 0 ? 0 : exprs_check(v, n, r->e);
}

static int
read_all(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "version", "format", "items",
		"stamped", "map", "hook", "poll", NULL };
	const struct yaml_node *items = yaml_get(n, "items");
	struct str format = { 0 }, map = { 0 };

	if (n == NULL)
		return err_set(r->e, "%s: nothing stands in it", r->s->path);
	if (service_only(r, n, "a service", keys) < 0 ||
	    service_text(r, n, "format", &format) < 0 ||
	    service_text(r, n, "map", &map) < 0)
		return -1;
	r->s->format = source_format_named(format);
	if (r->s->format == NULL || r->s->format->read == NULL)
		return yaml_fail(r->e, r->y, n,
		    "format must be one of files; kith ingest --list-formats "
		    "lists them");
	if (service_flag(r, n, "stamped", &r->s->stamped) < 0)
		return -1;
	if (map.p != NULL)
		r->s->map =
		    ARENA_JOIN(&r->s->arena, folder_of(r->s->path), map).p;
	if (items != NULL && r->s->stamped)
		return yaml_fail(r->e, r->y, items,
		    "items reads JSON, which what is stamped is not");
	if (service_program(r, n, "items", &r->s->items) < 0 ||
	    service_read_poll(r, yaml_get(n, "poll"), items) < 0)
		return -1;
	return service_read_hook(r, yaml_get(n, "hook")) < 0 ? -1 : compile(r);
}

/* Ids may be of an account, and a hook does not say of which. */
static void
bind_account(struct service_reader *r, const struct workspace_source *of)
{
	struct writer w;
	struct buf b;

	buf_init(&b, 64 << 10);
	write_init(&w, &b);
	if (of->account == NULL)
		write_raw(&w, STR("null"));
	else
		write_str(&w, str_of(of->account));
	r->vars[0] = "account";
	r->vars[1] = arena_cstr(&r->s->arena, buf_str(&b));
	buf_release(&b);
}

struct live_service *
live_service_read(const struct workspace *c, const struct workspace_source *of,
    unsigned parts, struct err *e)
{
	const char *name = of->service;
	struct live_service *s = xcalloc(1, sizeof(*s));
	struct service_reader r = { .s = s, .e = e, .parts = parts };
	int rc;

	bind_account(&r, of);
	s->path = path_of(&s->arena, c, name);
	if (strchr(name, '/') == NULL && file_is_missing(s->path)) {
		live_service_free(s);
		err_set(e,
		    "no service is called '%s'; kith-services(5) lists them, "
		    "and says how to describe one",
		    name);
		return NULL;
	}
	r.y = yaml_read(s->path, e);
	rc = r.y == NULL ? -1 : read_all(&r, yaml_root(r.y));
	if (r.y != NULL)
		yaml_free(r.y);
	if (rc == 0)
		return s;
	live_service_free(s);
	return NULL;
}

void
live_service_free(struct live_service *s)
{
	if (s == NULL)
		return;
	expr_free(s->items);
	expr_free(s->hint);
	expr_free(s->poll.all);
	vec_release(&s->poll.headers);
	arena_release(&s->arena);
	free(s);
}
