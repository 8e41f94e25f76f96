#include "merge/refs.h"

#include "identify/ids.h"
#include "record/channels.h"
#include "record/fields.h"

struct ref
ref_make(struct record *r, enum ref_kind kind, struct str id)
{
	struct str channel = record_str(r, "channel");
	const struct channel *c = channel_named(channel);
	struct str account = record_str(r, "account");
	struct ref ref = { .id = id };
	size_t n;
	char *p;

	/* A Message-ID is unique in the world. */
	if (c != NULL && c->global_ids)
		account = STR_NONE;
	p = arena_alloc(record_arena(r), channel.n + account.n + id.n + 4);
	ref.name.p = p;
	*p++ = (char)kind;
	*p++ = '\t';
	if (channel.n > 0)
		memcpy(p, channel.p, channel.n);
	p += channel.n;
	*p++ = '\t';
	if (account.n > 0)
		memcpy(p, account.p, account.n);
	p += account.n;
	*p++ = '\t';
	if (id.n > 0)
		memcpy(p, id.p, id.n);
	n = (size_t)(p - ref.name.p) + id.n;
	ref.name.n = n;
	return ref;
}

struct ref
ref_make_own(struct record *r, struct str id)
{
	return (struct ref){ .name = arena_printf(record_arena(r), "%c\t%.*s",
				 REF_OWN, STR_ARG(id)),
		.id = id };
}

static void
add(struct ref_list *l, struct record *r, enum ref_kind kind, struct str id)
{
	if (id.n == 0 || l->n == l->max)
		return;
	l->v[l->n++] = ref_make(r, kind, id);
}

/* A list of ids, or one alone. */
static void
add_ids(struct ref_list *l, struct record *r, struct json v, bool backwards)
{
	struct arena *a = record_arena(r);
	struct json_iter it = json_each(v);
	struct json item;
	size_t from = l->n, n = json_count(v);

	if (json_type(v) == JSON_STRING)
		add(l, r, REF_MESSAGE, json_str(v, a));
	/* Of too many the last ones count: the nearest. */
	for (size_t i = 0; json_next(&it, NULL, &item); i++)
		if (n - i <= l->max / 2)
			add(l, r, REF_MESSAGE, json_str(item, a));
	if (!backwards || l->n == from)
		return;
	for (size_t i = from, j = l->n - 1; i < j; i++, j--) {
		struct ref t = l->v[i];

		l->v[i] = l->v[j];
		l->v[j] = t;
	}
}

void
refs_of(struct record *r, struct ref_list *out, size_t max)
{
	struct str thread = record_str(r, "threadId");
	const struct channel *c;

	out->v = arena_calloc(record_arena(r), max, sizeof(*out->v));
	out->n = 0;
	out->max = max - 2;
	add_ids(out, r, record_get(r, "inReplyTo"), false);
	add_ids(out, r, record_get(r, "references"), true);
	/* A reader's receipt need not refer to what was read. */
	if (json_is(json_get(record_get(r, "data"), "act"), "receipt"))
		add_ids(
		    out, r, json_get(record_get(r, "data"), "about"), false);
	out->max = max;
	if (thread.n == 0)
		return;
	add(out, r, REF_THREAD, thread);
	/* Tickets number their comments as they number themselves. */
	c = channel_named(record_str(r, "channel"));
	if (c == NULL || !c->numbers)
		add(out, r, REF_MESSAGE, thread);
}

size_t
refs_numbers(struct record *r, struct str *out, size_t max)
{
	static const char *const types[] = { "order", "ticket", NULL };
	struct arena *a = record_arena(r);
	struct ids it = ids_each(record_get(r, "ids"), a);
	struct evidence e;
	size_t n = 0;

	while (n < max && ids_next_of(&it, types, &e)) {
		out[n] = key_notation(e.type, e.value, a);
		n += out[n].p != NULL;
	}
	return n;
}
