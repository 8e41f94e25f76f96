/* How a service is asked for what is new: `poll` of its description. */
#include "live/service/reader.h"

enum {
	EVERY = 60, /* seconds, where a description does not say */
	YEAR = 366 * 86400,
};

const char *const service_names[SERVICE_PROGRAMS] = {
	[POLL_LIST] = "list",
	[POLL_ITEMS] = "items",
	[POLL_ITEM] = "item",
	[POLL_NEXT] = "next",
	[POLL_CURSOR] = "cursor.value",
	[POLL_ERRORS] = "errors",
	[POLL_RATE] = "rate",
	[POLL_GAP] = "gap",
	[MORE_ITEMS] = "more.items",
	[MORE_NEXT] = "more.next",
	[MORE_GONE] = "more.gone",
	[PLACES_LIST] = "places.list",
	[PLACES_ITEMS] = "places.items",
	[PLACES_NEXT] = "places.next",
};

bool
service_has(const struct live_service *s, enum service_program p)
{
	return s->poll.programs[p].text.p != NULL;
}

static int
read_auth(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "header", "value", "basic", NULL };
	struct service_poll *p = &r->s->poll;

	if (n == NULL)
		return 0;
	if (service_only(r, n, "auth", keys) < 0 ||
	    service_text(r, n, "header", &p->header) < 0 ||
	    service_text(r, n, "value", &p->value) < 0 ||
	    service_text(r, n, "basic", &p->basic) < 0)
		return -1;
	if ((p->header.p == NULL) != (p->value.p == NULL) ||
	    (p->header.p == NULL) == (p->basic.p == NULL))
		return yaml_fail(r->e, r->y, n,
		    "auth is such as {header: Authorization, value: \"Bearer "
		    "{secret}\"} or {basic: \"{account}:{secret}\"}");
	return 0;
}

static int
read_headers(struct service_reader *r, const struct yaml_node *n)
{
	if (n != NULL && yaml_kind(n) != YAML_MAP)
		return yaml_fail(r->e, r->y, n, "headers must be a map");
	for (size_t i = 0; i < yaml_count(n); i++) {
		struct str name = yaml_text(yaml_key(n, i)),
			   value = { NULL, 0 };

		if (service_text(r, n, arena_cstr(&r->s->arena, name), &value) <
		    0)
			return -1;
		vec_add(&r->s->poll.headers,
		    ARENA_JOIN(&r->s->arena, name, STR(": "), value));
	}
	return 0;
}

static int
read_cursor(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "kind", "order", "overlap", "value",
		NULL };
	static const char *const kinds[] = { "token", "number", "time", NULL };
	static const char *const orders[] = { "oldest", "newest", NULL };
	struct service_poll *p = &r->s->poll;
	int kind = CURSOR_TOKEN, order = 0;

	if (n == NULL)
		return 0;
	if (service_only(r, n, "cursor", keys) < 0 ||
	    service_word(r, n, "kind", kinds, &kind) < 0 ||
	    service_word(r, n, "order", orders, &order) < 0 ||
	    service_number(r, n, "overlap",
		kind == CURSOR_NUMBER ? INT64_MAX : YEAR, &p->overlap) < 0 ||
	    service_code(r, n, "value", &p->programs[POLL_CURSOR]) < 0)
		return -1;
	p->cursor = (enum service_cursor)kind;
	p->newest = order == 1;
	if ((kind == CURSOR_TOKEN) != service_has(r->s, POLL_CURSOR))
		return yaml_fail(r->e, r->y, n,
		    "a token has its value, a program; a number and a time "
		    "stand in the items");
	if (kind == CURSOR_TOKEN && (p->newest || p->overlap > 0))
		return yaml_fail(
		    r->e, r->y, n, "a token has neither order nor overlap");
	return 0;
}

/* The programs below a key, or, without one, below poll itself, and no other
 * keys but these (NULL-terminated). */
static int
read_programs(struct service_reader *r, const struct yaml_node *n,
    const char *below, const char *const *others)
{
	const char *keys[SERVICE_PROGRAMS + 8];
	size_t known = 0, at = strlen(below);
	struct service_text *programs = r->s->poll.programs;

	if (n == NULL)
		return 0;
	for (int i = 0; i < SERVICE_PROGRAMS; i++) {
		const char *name = service_names[i];
		bool here =
		    at == 0 ? strchr(name, '.') == NULL
			    : strncmp(name, below, at) == 0 && name[at] == '.';

		if (!here)
			continue;
		keys[known] = at == 0 ? name : name + at + 1;
		if (service_code(r, n, keys[known++], &programs[i]) < 0)
			return -1;
	}
	for (; *others != NULL; others++)
		keys[known++] = *others;
	keys[known] = NULL;
	return service_only(r, n, at == 0 ? "poll" : below, keys);
}

/* Where nothing else is said an item is as what hooks bring. */
static void
item_by_items(struct service_reader *r, const struct yaml_node *items)
{
	struct service_text *item = &r->s->poll.programs[POLL_ITEM];

	if (item->text.p != NULL || items == NULL)
		return;
	item->text = ARENA_JOIN(&r->s->arena, STR("[.item | ("),
	    yaml_text(items),
	    STR("\n)] | if length == 0 then error(\"items: finds nothing in "
		"it\") else .[] | {read: .} end"));
	item->line = yaml_line(items);
}

/* One program of all, since each that libjq compiles costs 16 ms. */
static int
join(struct service_reader *r)
{
	struct service_poll *p = &r->s->poll;
	struct arena *a = &r->s->arena;
	struct str text = STR(". as [$kith_which, $kith_seen] | $kith_seen | ");
	struct str ends = STR("empty");

	for (int i = 0; i < SERVICE_PROGRAMS; i++)
		if (service_has(r->s, (enum service_program)i)) {
			text = ARENA_JOIN(a, text,
			    arena_printf(a, "if $kith_which == %d then (", i),
			    p->programs[i].text, STR("\n) else "));
			ends = ARENA_JOIN(a, ends, STR(" end"));
		}
	text = ARENA_JOIN(a, text, ends);
	p->all = expr_later(r->s->path, 0, 0, false, text, r->vars, r->e);
	return p->all == NULL ? -1 : 0;
}

int
service_read_poll(struct service_reader *r, const struct yaml_node *n,
    const struct yaml_node *items)
{
	static const char *const keys[] = { "base", "auth", "headers", "every",
		"cursor", "more", "places", NULL };
	static const char *const none[] = { NULL };
	struct service_poll *p = &r->s->poll;

	p->every = EVERY;
	r->s->polls = n != NULL;
	if (n == NULL)
		return 0;
	if (read_programs(r, n, "", keys) < 0 ||
	    service_text(r, n, "base", &p->base) < 0 ||
	    read_auth(r, yaml_get(n, "auth")) < 0 ||
	    read_headers(r, yaml_get(n, "headers")) < 0 ||
	    service_number(r, n, "every", 86400, &p->every) < 0 ||
	    read_cursor(r, yaml_get(n, "cursor")) < 0 ||
	    read_programs(r, yaml_get(n, "more"), "more", none) < 0 ||
	    read_programs(r, yaml_get(n, "places"), "places", none) < 0)
		return -1;
	if (!service_has(r->s, POLL_LIST))
		return yaml_fail(r->e, r->y, n,
		    "poll needs list, the program of its requests");
	if (p->cursor != CURSOR_TOKEN && !service_has(r->s, POLL_ITEM))
		return yaml_fail(r->e, r->y, n,
		    "item must say each one's `at`, by which the cursor goes");
	if (p->cursor != CURSOR_TOKEN && service_has(r->s, POLL_GAP))
		return yaml_fail(r->e, r->y, yaml_get(n, "gap"),
		    "gap goes with a token: what the items say is always good");
	if (p->every == 0)
		p->every = 1;
	item_by_items(r, items);
	return join(r);
}
