#include "merge/refs.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "identify/keys.h"
#include "record/channels.h"
#include "record/fields.h"

struct ref_slot {
	uint64_t a;
	uint32_t b;
	uint32_t value; /* plus one; 0 is free */
};

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
	struct json_iter it = json_each(record_get(r, "ids"));
	struct json v;
	size_t n = 0;

	while (n < max && json_next(&it, NULL, &v)) {
		struct json type = json_get(v, "type");
		struct arena *a = record_arena(r);
		struct str key;

		if (!json_is(type, "order") && !json_is(type, "ticket"))
			continue;
		key = key_notation(
		    json_str(type, a), json_str(json_get(v, "value"), a), a);
		if (key.p != NULL)
			out[n++] = key;
	}
	return n;
}

void
ref_table_release(struct ref_table *t)
{
	free(t->slots);
	*t = (struct ref_table){ 0 };
}

static size_t
slot_of(const struct ref_table *t, struct str name, uint64_t *a, uint32_t *b)
{
	size_t i;

	*a = hash_keyed(name.p, name.n);
	*b = (uint32_t)hash_sip13(t->second, name.p, name.n);
	for (i = *a & t->mask; t->slots[i].value != 0; i = (i + 1) & t->mask)
		if (t->slots[i].a == *a && t->slots[i].b == *b)
			break;
	return i;
}

static void
rehash(struct ref_table *t)
{
	size_t want = t->slots == NULL ? 1024 : (t->mask + 1) * 2;
	struct ref_slot *slots = xcalloc(want, sizeof(*slots));

	if (t->slots == NULL) {
		uint64_t half[2] = { hash_keyed("a", 1), hash_keyed("b", 1) };

		memcpy(t->second, half, sizeof(half));
	}
	for (size_t i = 0; t->slots != NULL && i <= t->mask; i++) {
		size_t at = t->slots[i].a & (want - 1);

		if (t->slots[i].value == 0)
			continue;
		while (slots[at].value != 0)
			at = (at + 1) & (want - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->mask = want - 1;
}

uint32_t
ref_table_get(const struct ref_table *t, struct str name)
{
	uint64_t a;
	uint32_t b;

	if (t->slots == NULL)
		return UINT32_MAX;
	return t->slots[slot_of(t, name, &a, &b)].value - 1;
}

void
ref_table_put(struct ref_table *t, struct str name, uint32_t value)
{
	uint64_t a;
	uint32_t b;
	size_t i;

	if (t->slots == NULL || (t->n + 1) * 10 > (t->mask + 1) * 7)
		rehash(t);
	i = slot_of(t, name, &a, &b);
	if (t->slots[i].value == 0)
		t->n++;
	t->slots[i] = (struct ref_slot){ a, b, value + 1 };
}
