/* How a service is asked for what is new: `poll` of its description. */
#include "live/service/reader.h"

enum {
	EVERY = 60, /* seconds, where a description does not say */
	YEAR = 366 * 86400,
};

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
	    service_program(r, n, "value", &p->programs[POLL_CURSOR],
		&p->texts[POLL_CURSOR]) < 0)
		return -1;
	p->cursor = (enum service_cursor)kind;
	p->newest = order == 1;
	if ((kind == CURSOR_TOKEN) != (p->programs[POLL_CURSOR] != NULL))
		return yaml_fail(r->e, r->y, n,
		    "a token has its value, a program; a number and a time "
		    "stand in the items");
	if (kind == CURSOR_TOKEN && (p->newest || p->overlap > 0))
		return yaml_fail(
		    r->e, r->y, n, "a token has neither order nor overlap");
	return 0;
}

/* Programs of a map, by their keys. */
static int
read_programs(struct service_reader *r, const struct yaml_node *n,
    const char *what, const char *const *keys, enum service_program first)
{
	struct service_poll *p = &r->s->poll;

	if (n == NULL)
		return 0;
	if (service_only(r, n, what, keys) < 0)
		return -1;
	for (size_t i = 0; keys[i] != NULL; i++)
		if (service_program(r, n, keys[i], &p->programs[first + i],
			&p->texts[first + i]) < 0)
			return -1;
	return 0;
}

/* Where nothing else is said an item is as what hooks bring. */
static int
item_by_items(struct service_reader *r, const struct yaml_node *items)
{
	struct service_poll *p = &r->s->poll;
	struct str *text = &p->texts[POLL_ITEM];

	if (p->programs[POLL_ITEM] != NULL || items == NULL)
		return 0;
	*text = ARENA_JOIN(&r->s->arena, STR("[.item | ("), yaml_text(items),
	    STR("\n)] | if length == 0 then error(\"items: finds nothing in "
		"it\") else .[] | {read: .} end"));
	p->programs[POLL_ITEM] = expr_later(
	    r->s->path, yaml_line(items) - 1, 0, false, *text, r->vars, r->e);
	return p->programs[POLL_ITEM] == NULL ? -1 : 0;
}

/* One program of all, since each that libjq compiles costs 16 ms. */
static int
join(struct service_reader *r)
{
	struct service_poll *p = &r->s->poll;
	struct arena *a = &r->s->arena;
	struct str text = STR(". as [$kith_which, $kith_seen] | $kith_seen | ");

	for (int i = 0; i < SERVICE_PROGRAMS; i++)
		if (p->programs[i] != NULL)
			text = ARENA_JOIN(a, text,
			    arena_printf(a, "if $kith_which == %d then (", i),
			    p->texts[i], STR("\n) else "));
	text = ARENA_JOIN(a, text, STR("empty"));
	for (int i = 0; i < SERVICE_PROGRAMS; i++)
		if (p->programs[i] != NULL)
			text = ARENA_JOIN(a, text, STR(" end"));
	p->all = expr_later(r->s->path, 0, 0, false, text, r->vars, r->e);
	return p->all == NULL ? -1 : 0;
}

int
service_read_poll(struct service_reader *r, const struct yaml_node *n,
    const struct yaml_node *items)
{
	static const char *const keys[] = { "base", "auth", "headers", "every",
		"list", "items", "item", "next", "cursor", "errors", "rate",
		"gap", "more", "places", NULL };
	static const char *const more[] = { "items", "next", "gone", NULL };
	static const char *const places[] = { "list", "items", "next", NULL };
	static const struct {
		const char *key;
		enum service_program program;
	} programs[] = { { "list", POLL_LIST }, { "items", POLL_ITEMS },
		{ "item", POLL_ITEM }, { "next", POLL_NEXT },
		{ "errors", POLL_ERRORS }, { "rate", POLL_RATE },
		{ "gap", POLL_GAP } };
	struct service_poll *p = &r->s->poll;

	p->every = EVERY;
	r->s->polls = n != NULL;
	if (n == NULL)
		return 0;
	if (service_only(r, n, "poll", keys) < 0 ||
	    service_text(r, n, "base", &p->base) < 0 ||
	    read_auth(r, yaml_get(n, "auth")) < 0 ||
	    read_headers(r, yaml_get(n, "headers")) < 0 ||
	    service_number(r, n, "every", 86400, &p->every) < 0 ||
	    read_cursor(r, yaml_get(n, "cursor")) < 0 ||
	    read_programs(r, yaml_get(n, "more"), "more", more, MORE_ITEMS) <
		0 ||
	    read_programs(
		r, yaml_get(n, "places"), "places", places, PLACES_LIST) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (service_program(r, n, programs[i].key,
			&p->programs[programs[i].program],
			&p->texts[programs[i].program]) < 0)
			return -1;
	if (p->programs[POLL_LIST] == NULL)
		return yaml_fail(r->e, r->y, n,
		    "poll needs list, the program of its requests");
	if (p->cursor != CURSOR_TOKEN && p->programs[POLL_ITEM] == NULL)
		return yaml_fail(r->e, r->y, n,
		    "item must say each one's `at`, by which the cursor goes");
	if (p->cursor != CURSOR_TOKEN && p->programs[POLL_GAP] != NULL)
		return yaml_fail(r->e, r->y, yaml_get(n, "gap"),
		    "gap goes with a token: what the items say is always good");
	if (p->every == 0)
		p->every = 1;
	return item_by_items(r, items) < 0 ? -1 : join(r);
}
