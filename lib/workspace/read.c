#include "workspace/workspace.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/yaml.h"
#include "core/text/ascii.h"
#include "core/text/nearest.h"

enum {
	CONFIG_LIST_MAX = 10000, /* entries a list */
};

struct holder {
	struct workspace config; /* first: workspace_free casts */
	struct arena arena;
};

enum kind {
	KIND_US,
	KIND_RELAYS,
	KIND_LIST,
	KIND_WORD,
	KIND_REGION,
	KIND_PATH,
	KIND_BY_QUEUE
};

struct key {
	const char *name;
	enum kind kind;
	size_t at;
	char needs; /* a character that every entry must have, or 0 */
};

static const struct key top[] = {
	{ "us", KIND_US, 0, 0 },
	{ "relays", KIND_RELAYS, offsetof(struct workspace, relays), 0 },
	{ "zone", KIND_WORD, offsetof(struct workspace, zone), 0 },
	{ "region", KIND_REGION, offsetof(struct workspace, region), 0 },
	{ "authserv", KIND_LIST, offsetof(struct workspace, authserv), 0 },
	{ "state", KIND_PATH, offsetof(struct workspace, state), 0 },
	{ "rules", KIND_PATH, offsetof(struct workspace, rules), 0 },
	{ "links", KIND_PATH, offsetof(struct workspace, links), 0 },
	{ "patterns", KIND_PATH, offsetof(struct workspace, patterns), 0 },
	{ "spoofable", KIND_LIST, offsetof(struct workspace, spoofable), 0 },
	{ "segments", KIND_PATH, offsetof(struct workspace, segments), 0 },
	{ "transports", KIND_PATH, offsetof(struct workspace, transports), 0 },
	{ "templates", KIND_PATH, offsetof(struct workspace, templates), 0 },
	{ "approvers", KIND_BY_QUEUE, offsetof(struct workspace, approvers),
	    0 },
};

static const struct key us[] = {
	{ "emails", KIND_LIST, offsetof(struct workspace, emails), '@' },
	{ "domains", KIND_LIST, offsetof(struct workspace, domains), 0 },
	{ "tels", KIND_LIST, offsetof(struct workspace, tels), '+' },
	{ "uris", KIND_LIST, offsetof(struct workspace, uris), ':' },
	{ "lists", KIND_LIST, offsetof(struct workspace, lists), '.' },
};

enum { TOP = sizeof(top) / sizeof(*top), US = sizeof(us) / sizeof(*us) };

struct reader {
	struct holder *h;
	struct yaml *y;
	struct err *e;
	struct str folder; /* of the file, with its slash, or empty */
};

static int read_map(struct reader *r, const struct yaml_node *n,
    const struct key *keys, size_t count, const char *where);

static int
entry(struct reader *r, const struct key *k, const struct yaml_node *n,
    struct str *out)
{
	struct str s = yaml_text(n);

	if (s.n == 0)
		return yaml_fail(
		    r->e, r->y, n, "%s: an entry must be a text", k->name);
	if (k->needs == '+' && (s.p[0] != '+' || s.n < 4))
		return yaml_fail(r->e, r->y, n,
		    "%s: '%.*s' is no international number; write "
		    "\"+4930123456\"",
		    k->name, STR_ARG(s));
	if (k->needs != 0 && str_chr(s, k->needs) < 0)
		return yaml_fail(r->e, r->y, n, "%s: '%.*s' has no '%c'",
		    k->name, STR_ARG(s), k->needs);
	*out = arena_dup(&r->h->arena, s);
	return 0;
}

/* A list, or one text that stands for a list of one. */
static int
read_list_to(struct reader *r, const struct key *k, const struct yaml_node *n,
    struct workspace_list *l)
{
	size_t i, count;

	if (yaml_kind(n) == YAML_MAP)
		return yaml_fail(r->e, r->y, n, "%s must be a list", k->name);
	count = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;
	if (count > CONFIG_LIST_MAX)
		return yaml_fail(r->e, r->y, n, "%s has more than %d entries",
		    k->name, (int)CONFIG_LIST_MAX);
	l->v = arena_calloc(&r->h->arena, count + 1, sizeof(*l->v));
	for (i = 0; i < count; i++)
		if (entry(r, k, yaml_kind(n) == YAML_LIST ? yaml_at(n, i) : n,
			&l->v[i]) != 0)
			return -1;
	l->n = count;
	return 0;
}

static int
read_list(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	return read_list_to(r, k, n, (void *)((char *)&r->h->config + k->at));
}

/* A list of names by queue, or one for all of them. */
static int
read_by_queue(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	struct workspace *c = &r->h->config;
	size_t count = yaml_kind(n) == YAML_MAP ? yaml_count(n) : 1;

	c->approvers =
	    arena_calloc(&r->h->arena, count + 1, sizeof(*c->approvers));
	c->approver_count = count;
	if (yaml_kind(n) != YAML_MAP) {
		c->approvers[0].queue = STR("*");
		return read_list_to(r, k, n, &c->approvers[0].names);
	}
	for (size_t i = 0; i < count; i++) {
		c->approvers[i].queue =
		    arena_dup(&r->h->arena, yaml_text(yaml_key(n, i)));
		if (read_list_to(r, k, yaml_at(n, i), &c->approvers[i].names) <
		    0)
			return -1;
	}
	return 0;
}

static int
read_word(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	const char **at = (void *)((char *)&r->h->config + k->at);
	struct str s = yaml_text(n);

	if (s.n == 0)
		return yaml_fail(r->e, r->y, n, "%s must be a text", k->name);
	if (k->kind == KIND_REGION &&
	    (s.n != 2 || !ascii_is_upper(s.p[0]) || !ascii_is_upper(s.p[1])))
		return yaml_fail(r->e, r->y, n,
		    "region: '%.*s' is no country; write two capitals such "
		    "as DE",
		    STR_ARG(s));
	if (k->kind == KIND_PATH && s.p[0] != '/')
		s = arena_printf(
		    &r->h->arena, "%.*s%.*s", STR_ARG(r->folder), STR_ARG(s));
	*at = arena_cstr(&r->h->arena, s);
	return 0;
}

/* What a relay of the file names; author is the number of its word. */
static int
read_relay(
    struct reader *r, const struct yaml_node *n, struct workspace_relay *out)
{
	static const char *const words[] = { [RELAY_REPLY_TO] = "replyTo",
		[RELAY_ORIGINAL_FROM] = "xOriginalFrom",
		[RELAY_BODY] = "body" };
	struct str author = yaml_text(yaml_get(n, "author"));
	size_t i = 0;

	if (yaml_kind(n) != YAML_MAP)
		return yaml_fail(r->e, r->y, n,
		    "relays: an entry is such as {domain: forms.example, "
		    "author: replyTo}");
	for (size_t k = 0; k < yaml_count(n); k++) {
		struct str key = yaml_text(yaml_key(n, k));

		if (!str_is(key, "address") && !str_is(key, "domain") &&
		    !str_is(key, "author"))
			return yaml_fail(r->e, r->y, yaml_key(n, k),
			    "unknown key '%.*s' of a relay; it has address or "
			    "domain, and author",
			    STR_ARG(key));
	}
	while (i < 3 && !str_is(author, words[i]))
		i++;
	if (i == 3)
		return yaml_fail(r->e, r->y, n,
		    "relays: author must be replyTo, xOriginalFrom or body");
	out->author = (enum relay_author)i;
	out->address =
	    arena_dup(&r->h->arena, yaml_text(yaml_get(n, "address")));
	out->domain = arena_dup(&r->h->arena, yaml_text(yaml_get(n, "domain")));
	if ((out->address.n == 0) == (out->domain.n == 0) ||
	    (out->address.n > 0 && str_chr(out->address, '@') <= 0) ||
	    str_chr(out->domain, '@') >= 0)
		return yaml_fail(r->e, r->y, n,
		    "relays: an entry needs an address with its '@', or a "
		    "domain without one");
	return 0;
}

static int
read_relays(struct reader *r, const struct yaml_node *n)
{
	struct config_relays *l = &r->h->config.relays;
	size_t count = yaml_count(n);

	if (yaml_kind(n) != YAML_LIST)
		return yaml_fail(r->e, r->y, n, "relays must be a list");
	if (count > CONFIG_LIST_MAX)
		return yaml_fail(r->e, r->y, n,
		    "relays has more than %d entries", (int)CONFIG_LIST_MAX);
	l->v = arena_calloc(&r->h->arena, count + 1, sizeof(*l->v));
	for (size_t i = 0; i < count; i++)
		if (read_relay(r, yaml_at(n, i), &l->v[i]) != 0)
			return -1;
	l->n = count;
	return 0;
}

static int
unknown(struct reader *r, const struct yaml_node *key, const struct key *keys,
    size_t count, const char *where)
{
	const char *names[TOP + US], *near;
	size_t i;

	for (i = 0; i < count; i++)
		names[i] = keys[i].name;
	near = nearest(yaml_text(key), names, count);
	return yaml_fail(r->e, r->y, key, "unknown key '%.*s'%s%s%s%s",
	    STR_ARG(yaml_text(key)), where,
	    near == NULL ? ""
			 : "; did you "
			   "mean '",
	    near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static int
read_value(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	switch (k->kind) {
	case KIND_US:
		return read_map(r, n, us, US, " in us");
	case KIND_RELAYS:
		return read_relays(r, n);
	case KIND_LIST:
		return read_list(r, k, n);
	case KIND_BY_QUEUE:
		return read_by_queue(r, k, n);
	default:
		return read_word(r, k, n);
	}
}

static int
read_map(struct reader *r, const struct yaml_node *n, const struct key *keys,
    size_t count, const char *where)
{
	const struct yaml_node *key;
	size_t i, j;

	if (yaml_kind(n) != YAML_MAP)
		return yaml_fail(r->e, r->y, n, "keys are missing%s", where);
	for (i = 0; i < yaml_count(n); i++) {
		key = yaml_key(n, i);
		for (j = 0; j < count; j++)
			if (str_is(yaml_text(key), keys[j].name))
				break;
		if (j == count)
			return unknown(r, key, keys, count, where);
		if (read_value(r, &keys[j], yaml_at(n, i)) != 0)
			return -1;
	}
	return 0;
}

struct workspace *
workspace_read(const char *path, struct err *e)
{
	struct holder *h = xcalloc(1, sizeof(*h));
	struct reader r = { .h = h, .e = e };
	ptrdiff_t slash;
	int rc = 0;

	if (path == NULL)
		return &h->config;
	r.y = yaml_read(path, e);
	if (r.y == NULL) {
		workspace_free(&h->config);
		return NULL;
	}
	slash = str_rchr(str_of(path), '/');
	r.folder = str_sub(str_of(path), 0, (size_t)(slash + 1));
	h->config.path = arena_cstr(&h->arena, str_of(path));
	if (yaml_root(r.y) != NULL)
		rc = read_map(&r, yaml_root(r.y), top, TOP, "");
	yaml_free(r.y);
	if (rc == 0)
		return &h->config;
	workspace_free(&h->config);
	return NULL;
}

void
workspace_free(struct workspace *c)
{
	struct holder *h = (struct holder *)c;

	if (c == NULL)
		return;
	arena_release(&h->arena);
	free(h);
}
