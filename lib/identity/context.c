#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/time.h"
#include "identity/contextparts.h"
#include "record/fields.h"
#include "text/unicode.h"

struct context *
context_new(const struct context_options *o)
{
	struct context *c = xcalloc(1, sizeof(*c));

	c->o = *o;
	buf_init(&c->scratch, 1 << 20);
	interest_scratch_init(&c->interests);
	return c;
}

static void
known_free(struct known *k)
{
	free(k->names);
	free(k->ids);
	free(k->channels);
	free(k->recent);
	free(k->who);
	deeds_free(k->deeds);
	free(k);
}

void
context_free(struct context *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++)
		known_free(c->v[i]);
	free(c->v);
	threads_release(&c->threads);
	map_release(&c->people);
	map_release(&c->words);
	buf_release(&c->scratch);
	interest_scratch_release(&c->interests);
	free(c);
}

const struct threads *
context_threads(const struct context *c)
{
	return &c->threads;
}

struct str
context_person(const struct known *k)
{
	return k->person;
}

bool
context_is_known(const struct known *k)
{
	return k->seen;
}

struct state_cursor *
context_cursor(struct known *k)
{
	return &k->cursor;
}

struct str
context_word(struct context *c, struct str s)
{
	bool fresh;
	uint64_t *at = map_put(&c->words, s, &fresh);

	if (fresh)
		*at = c->words.n - 1;
	return c->words.entries[*at].key;
}

struct known *
context_get(const struct context *c, struct str person)
{
	const uint64_t *at;

	if (c->met != NULL && str_eq(c->met->person, person))
		return c->met;
	at = map_get(&c->people, person);
	return at == NULL ? NULL : c->v[*at];
}

struct known *
context_make(struct context *c, struct str person)
{
	bool fresh;
	uint64_t *at;

	if (c->met != NULL && str_eq(c->met->person, person))
		return c->met;
	at = map_put(&c->people, person, &fresh);
	if (!fresh)
		return c->met = c->v[*at];
	*at = c->n;
	if (c->n == c->cap) {
		c->cap = c->cap == 0 ? 64 : c->cap * 2;
		c->v = xreallocarray(c->v, c->cap, sizeof(struct known *));
	}
	c->v[c->n] = xcalloc(1, sizeof(struct known));
	*c->v[c->n] = (struct known){
		.person = c->people.entries[c->n].key,
		.first = TIME_NONE,
		.last = TIME_NONE,
		.cursor = { .time = INT64_MIN },
	};
	habit_init(&c->v[c->n]->habit);
	return c->met = c->v[c->n++];
}

static void
add_name_word(struct context *c, struct known *k, struct str s)
{
	if (s.n == 0 || k->name_n == CONTEXT_NAMES)
		return;
	for (size_t i = 0; i < k->name_n; i++)
		if (str_eq(k->names[i], s))
			return;
	k->names =
	    xreallocarray(k->names, (size_t)k->name_n + 1, sizeof(*k->names));
	k->names[k->name_n++] = context_word(c, s);
	free(k->who);
	k->who = NULL;
}

/* Where the key stands among those known, or would. */
static bool
id_at(const struct known *k, struct str key, size_t *at)
{
	size_t i = 0;
	int order = 1;

	while (i < k->id_n && (order = str_cmp(k->ids[i], key)) < 0)
		i++;
	*at = i;
	return i < k->id_n && order == 0;
}

static void
add_id(struct context *c, struct known *k, struct str key)
{
	size_t at;

	/* Orders are told as such, and would crowd the others out. */
	if (key.n == 0 || str_starts(key, STR("order:")) ||
	    id_at(k, key, &at) || k->id_n == CONTEXT_IDS)
		return;
	k->ids = xreallocarray(k->ids, (size_t)k->id_n + 1, sizeof(*k->ids));
	memmove(
	    k->ids + at + 1, k->ids + at, (k->id_n++ - at) * sizeof(*k->ids));
	k->ids[at] = context_word(c, key);
	free(k->who);
	k->who = NULL;
}

void
context_add_id(struct context *c, struct str person, struct str key)
{
	add_id(c, context_make(c, person), key);
}

/*
 * Whom we write to need not be whose conversation it is: such a key is the
 * person's where it is known to be, or gave them their id.
 */
static bool
is_theirs(const struct known *k, struct str key)
{
	char id[ID_SIZE];
	size_t at;

	if (id_at(k, key, &at))
		return true;
	id_make(id, 'p', &key, 1);
	return str_is(k->person, id);
}

/* What the state kept has a name there only where it is the person's. */
static bool
has_address(struct json v)
{
	return json_type(json_get(v, "email")) != JSON_NONE ||
	       json_type(json_get(v, "tel")) != JSON_NONE ||
	       json_type(json_get(v, "uri")) != JSON_NONE;
}

/*
 * Keys that tell who it is; of one who only claims, what they claim.  True
 * where the record names the person.
 */
static bool
add_ids(struct context *c, struct known *k, struct record *r)
{
	bool ours = !record_is(r, "direction", "inbound") &&
		    !record_is(r, "type", "contact");
	struct evidence_list list;
	bool any = false;

	evidence_read(r, &list);
	for (int claims = 0; claims < 2 && !any; claims++)
		for (size_t i = 0; i < list.n; i++) {
			const struct evidence *e = &list.v[i];
			struct str key;

			if (e->trust == TRUST_MENTIONED ||
			    trust_joins(e->trust) != (claims == 0))
				continue;
			key = key_notation(e->type, e->value, record_arena(r));
			if (ours && !is_theirs(k, key))
				continue;
			add_id(c, k, key);
			any = true;
		}
	return any || !ours || !has_address(json_at(record_get(r, "to"), 0));
}

static void
add_name(struct context *c, struct known *k, struct record *r)
{
	struct json v = record_is(r, "direction", "outbound")
			    ? json_at(record_get(r, "to"), 0)
			    : record_get(r, "from");

	if (!record_is(r, "direction", "internal"))
		add_name_word(
		    c, k, json_str(json_get(v, "name"), record_arena(r)));
}

/* Its index, or HABIT_NONE. */
static uint8_t
add_channel(struct context *c, struct known *k, struct record *r, int64_t at)
{
	struct str name = record_str(r, "channel");
	bool in = record_is(r, "direction", "inbound");
	bool out = record_is(r, "direction", "outbound");
	struct channel *ch = NULL;

	if (name.n == 0 || (!in && !out))
		return HABIT_NONE;
	for (size_t i = 0; i < k->channel_n && ch == NULL; i++)
		if (str_eq(k->channels[i].name, name))
			ch = &k->channels[i];
	if (ch == NULL) {
		if (k->channel_n == CONTEXT_CHANNELS)
			return HABIT_NONE;
		k->channels = xreallocarray(k->channels,
		    (size_t)k->channel_n + 1, sizeof(*k->channels));
		ch = &k->channels[k->channel_n++];
		*ch =
		    (struct channel){ context_word(c, name), 0, 0, TIME_NONE };
	}
	ch->inbound += in;
	ch->outbound += out;
	if (at != TIME_NONE)
		ch->last = at;
	return (uint8_t)(ch - k->channels);
}

/* Makes room in front for n bytes and a comma; what is too old goes. */
static void
make_recent(struct known *k, uint32_t n)
{
	uint32_t gap = n + (k->recent_n > 0);

	if (k->recent_n == CONTEXT_RECENT) {
		k->recent_n--;
		k->recent_bytes -= k->recent_len[k->recent_n] + 1;
	}
	if (k->recent_bytes + gap > k->recent_cap) {
		k->recent_cap = k->recent_bytes + gap + 64;
		k->recent = xrealloc(k->recent, k->recent_cap);
	}
	if (k->recent_bytes > 0)
		memmove(k->recent + gap, k->recent, k->recent_bytes);
	memmove(k->recent_len + 1, k->recent_len,
	    k->recent_n * sizeof(*k->recent_len));
	if (k->recent_n > 0)
		k->recent[n] = ',';
	k->recent_len[0] = n;
	k->recent_bytes += gap;
	k->recent_n++;
}

static void
add_recent(struct context *c, struct known *k, struct record *r, int64_t at)
{
	struct str text = record_str(r, "text");
	struct writer w;

	buf_reset(&c->scratch);
	write_init(&w, &c->scratch);
	write_object(&w);
	write_member(&w, "id", record_str(r, "id"));
	write_member_time(&w, "at", at);
	write_member(&w, "channel", record_str(r, "channel"));
	write_member(&w, "direction", record_str(r, "direction"));
	write_member(&w, "conversation", record_str(r, "conversation"));
	write_member(
	    &w, "subject", utf8_cut(record_str(r, "subject"), CONTEXT_TEXT));
	if (text.p != NULL)
		write_member(&w, "text", utf8_cut(text, CONTEXT_TEXT));
	write_object_end(&w);
	make_recent(k, (uint32_t)c->scratch.n);
	if (k->recent != NULL)
		memcpy(k->recent, c->scratch.p, c->scratch.n);
}

/* The person's last conversations, the one in hand behind. */
static void
add_thread(struct known *k, uint32_t thread)
{
	size_t i = 0;

	while (i < k->thread_n && k->threads[i] != thread)
		i++;
	if (i == k->thread_n && i < CONTEXT_CONVERSATIONS)
		k->thread_n++;
	else if (i == k->thread_n)
		i = 0;
	memmove(k->threads + i, k->threads + i + 1,
	    (k->thread_n - 1 - i) * sizeof(*k->threads));
	k->threads[k->thread_n - 1] = thread;
}

/* What they said, or we said to them. */
static void
add_talk(struct context *c, struct known *k, struct record *r, int64_t at,
    uint8_t channel)
{
	bool request = record_is_request(r);

	if (request && channel != HABIT_NONE)
		habit_wrote(&k->habit, channel, at);
	else if (record_is_answer(r))
		habit_asked(&k->habit, at);
	if (record_is(r, "direction", "inbound"))
		deeds_consent(c, k, r, at);
	if (request && k->deeds != NULL && k->deeds->interests.n > 0)
		interests_spoken(&k->deeds->interests, record_str(r, "subject"),
		    utf8_cut(record_str(r, "text"), STATE_TEXT),
		    context_word(c, record_str(r, "channel")), at,
		    c->o.half_life, &c->interests);
	add_recent(c, k, r, at);
}

/* What was learned of whoever did it. */
static void
add_deed(struct context *c, struct known *k, struct record *r, int64_t at,
    struct thread *h)
{
	uint8_t channel;

	if (at != TIME_NONE && k->first == TIME_NONE)
		k->first = at;
	if (at != TIME_NONE)
		k->last = at;
	channel = add_channel(c, k, r, at);
	if (record_is(r, "type", "message") || record_is(r, "type", "call")) {
		add_talk(c, k, r, at, channel);
		if (h != NULL)
			add_thread(k, (uint32_t)(h - c->threads.v));
	} else if (record_is(r, "type", "order")) {
		deeds_order(c, k, r, at);
	} else if (!record_is(r, "direction", "outbound")) {
		deeds_visit(c, k, r, at);
	}
}

void
context_add(struct context *c, struct record *r)
{
	struct str person = record_str(r, "person");
	struct thread *h = threads_add(&c->threads, r);
	int64_t at = record_time(r);
	struct known *k;

	if (person.p == NULL)
		return;
	k = context_make(c, person);
	if (record_get(r, "quarantine").doc != NULL) {
		add_ids(c, k, r);
		return;
	}
	k->seen = true;
	if (add_ids(c, k, r))
		add_name(c, k, r);
	if (record_is(r, "type", "contact"))
		deeds_contact(c, k, r, at);
	else
		add_deed(c, k, r, at, h);
}
