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
ref_make_own(struct arena *a, struct str id)
{
	char *p = arena_alloc(a, id.n + 2);

	p[0] = REF_OWN;
	p[1] = '\t';
	if (id.n > 0)
		memcpy(p + 2, id.p, id.n);
	return (struct ref){ .name = str_make(p, id.n + 2), .id = id };
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

static void
find_list(struct record *r, struct str thread, struct ref_list *out)
{
	const struct channel *c;

	out->v = arena_alloc(record_arena(r), REFS_MOST * sizeof(*out->v));
	out->n = 0;
	out->max = REFS_MOST - 2;
	add_ids(out, r, record_get(r, "inReplyTo"), false);
	add_ids(out, r, record_get(r, "references"), true);
	/* A reader's receipt need not refer to what was read. */
	if (json_is(json_get(record_get(r, "data"), "act"), "receipt"))
		add_ids(
		    out, r, json_get(record_get(r, "data"), "about"), false);
	out->max = REFS_MOST;
	if (thread.n == 0)
		return;
	add(out, r, REF_THREAD, thread);
	/* Tickets number their comments as they number themselves. */
	c = channel_named(record_str(r, "channel"));
	if (c == NULL || !c->numbers)
		add(out, r, REF_MESSAGE, thread);
}

/* The keys of orders and tickets among the record's ids. */
static size_t
find_numbers(struct record *r, struct str *out, size_t max)
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

/* Where a chat's message stands: channel, account, first recipient. */
static struct str
find_place(struct record *r)
{
	struct json to = json_at(record_get(r, "to"), 0);
	struct str uri = json_str(json_get(to, "uri"), record_arena(r));

	if (uri.n == 0 || json_type(json_get(to, "email")) == JSON_STRING)
		return STR_NONE;
	return ref_make(r, REF_PLACE, uri).name;
}

void
refs_of(struct record *r, struct refs *out)
{
	struct str id = record_str(r, "messageId");
	struct str thread = record_str(r, "threadId");

	out->own = out->thread = (struct ref){ .name = STR_NONE };
	if (id.n > 0)
		out->own = ref_make(r, REF_MESSAGE, id);
	if (thread.n > 0)
		out->thread = ref_make(r, REF_THREAD, thread);
	out->place = find_place(r);
	find_list(r, thread, &out->list);
	out->number_n = find_numbers(r, out->numbers, REFS_NUMBERS);
}

/* What stands before each of the bytes. */
enum part { PART_OWN, PART_THREAD, PART_PLACE, PART_LIST, PART_NUMBER };
struct head {
	uint32_t part, name, id; /* bytes of both: the id is the name's end */
};

static void
write_part(enum part part, struct str name, struct str id, struct buf *out)
{
	const struct head h = { part, (uint32_t)name.n, (uint32_t)id.n };

	if (name.p == NULL)
		return;
	buf_add(out, &h, sizeof(h));
	buf_add_str(out, name);
}

void
refs_write(const struct refs *x, struct buf *out)
{
	write_part(PART_OWN, x->own.name, x->own.id, out);
	write_part(PART_THREAD, x->thread.name, x->thread.id, out);
	write_part(PART_PLACE, x->place, STR_NONE, out);
	for (size_t i = 0; i < x->list.n; i++)
		write_part(PART_LIST, x->list.v[i].name, x->list.v[i].id, out);
	for (size_t i = 0; i < x->number_n; i++)
		write_part(PART_NUMBER, x->numbers[i], STR_NONE, out);
}

static void
load_part(const struct head *h, const struct ref *ref, struct arena *a,
    struct refs *out)
{
	switch ((enum part)h->part) {
	case PART_OWN:
		out->own = *ref;
		break;
	case PART_THREAD:
		out->thread = *ref;
		break;
	case PART_PLACE:
		out->place = ref->name;
		break;
	case PART_LIST:
		if (out->list.v == NULL)
			out->list.v =
			    arena_alloc(a, REFS_MOST * sizeof(*out->list.v));
		out->list.v[out->list.n++] = *ref;
		break;
	case PART_NUMBER:
		out->numbers[out->number_n++] = ref->name;
		break;
	}
}

void
refs_load(struct str bytes, struct arena *a, struct refs *out)
{
	out->own = out->thread = (struct ref){ .name = STR_NONE };
	out->place = STR_NONE;
	out->list = (struct ref_list){ NULL, 0, REFS_MOST };
	out->number_n = 0;
	while (bytes.n > sizeof(struct head)) {
		struct head h;
		struct ref ref;

		memcpy(&h, bytes.p, sizeof(h));
		bytes = str_sub(bytes, sizeof(h), bytes.n);
		ref.name = str_sub(bytes, 0, h.name);
		ref.id = str_sub(ref.name, h.name - h.id, h.id);
		load_part(&h, &ref, a, out);
		bytes = str_sub(bytes, h.name, bytes.n);
	}
}
