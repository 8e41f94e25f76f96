#include "identity/context.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/time.h"
#include "identity/state.h"
#include "record/fields.h"
#include "text/unicode.h"

/* Words that are the whole message: an opt-out, and its end. */
static const char *const stops[] = { "stop", "stopall", "stop all",
	"unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt-out",
	"opt out", "arret", "arr\xc3\xaat", "remove", "stopp", "abmelden",
	"baja", NULL };
static const char *const starts[] = { "start", "unstop", "subscribe", NULL };

enum { LIST_MAX = CONTEXT_IDS, CONSENT_MAX = 8 };

struct channel {
	struct str name; /* interned */
	uint32_t inbound, outbound;
	int64_t last;
};

struct consent {
	struct str channel; /* interned */
	bool out;
	int64_t at;
	char record[ID_SIZE];
};

/* Lists grow by one: they are short, and most stay empty. */
struct known {
	struct str person;
	int64_t first, last;
	struct str *names, *ids;
	struct channel *channels;
	struct consent *consent;
	/* What is told again and again stands ready as JSON: the last
	 * messages, the newest first, and names and ids. */
	char *recent, *who;
	uint32_t recent_len[CONTEXT_RECENT], recent_bytes, recent_cap, who_len;
	char **orders;
	uint32_t threads[CONTEXT_CONVERSATIONS]; /* the oldest first */
	struct state_cursor cursor;
	uint8_t name_n, id_n, channel_n, consent_n, recent_n, order_n, thread_n;
	bool seen;
};

struct context {
	int64_t open;
	struct threads threads;
	struct map people; /* person to index */
	struct known *met; /* the one that was asked for last */
	struct known **v;
	size_t n, cap;
	struct map words; /* names of channels, of people, keys */
	struct buf scratch;
};

struct context *
context_new(int64_t open)
{
	struct context *c = xcalloc(1, sizeof(*c));

	c->open = open;
	buf_init(&c->scratch, 1 << 20);
	return c;
}

static void
known_free(struct known *k)
{
	free(k->names);
	free(k->ids);
	free(k->channels);
	free(k->consent);
	free(k->recent);
	free(k->who);
	for (size_t i = 0; i < k->order_n; i++)
		free(k->orders[i]);
	free(k->orders);
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

/* One copy of what comes again and again. */
static struct str
word(struct context *c, struct str s)
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
	return c->met = c->v[c->n++];
}

static void
add_word(struct context *c, struct known *k, struct str **list, uint8_t *n,
    size_t most, struct str s)
{
	if (s.n == 0 || *n >= most)
		return;
	for (size_t i = 0; i < *n; i++)
		if (str_eq((*list)[i], s))
			return;
	*list = xreallocarray(*list, (size_t)*n + 1, sizeof(**list));
	(*list)[(*n)++] = word(c, s);
	free(k->who);
	k->who = NULL;
}

void
context_add_id(struct context *c, struct str person, struct str key)
{
	struct known *k = context_make(c, person);

	add_word(c, k, &k->ids, &k->id_n, CONTEXT_IDS, key);
}

static bool
has_id(const struct known *k, struct str key)
{
	for (size_t i = 0; i < k->id_n; i++)
		if (str_eq(k->ids[i], key))
			return true;
	return false;
}

/*
 * Whom we write to need not be whose conversation it is: such a key is the
 * person's where it is known to be, or gave them their id.
 */
static bool
is_theirs(const struct known *k, struct str key)
{
	char id[ID_SIZE];

	if (has_id(k, key))
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
			add_word(c, k, &k->ids, &k->id_n, CONTEXT_IDS, key);
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
		add_word(c, k, &k->names, &k->name_n, CONTEXT_NAMES,
		    json_str(json_get(v, "name"), record_arena(r)));
}

static void
add_channel(struct context *c, struct known *k, struct record *r, int64_t at)
{
	struct str name = record_str(r, "channel");
	bool in = record_is(r, "direction", "inbound");
	bool out = record_is(r, "direction", "outbound");
	struct channel *ch = NULL;

	if (name.n == 0 || (!in && !out))
		return;
	for (size_t i = 0; i < k->channel_n && ch == NULL; i++)
		if (str_eq(k->channels[i].name, name))
			ch = &k->channels[i];
	if (ch == NULL) {
		if (k->channel_n == CONTEXT_CHANNELS)
			return;
		k->channels = xreallocarray(k->channels,
		    (size_t)k->channel_n + 1, sizeof(*k->channels));
		ch = &k->channels[k->channel_n++];
		*ch = (struct channel){ word(c, name), 0, 0, TIME_NONE };
	}
	ch->inbound += in;
	ch->outbound += out;
	if (at != TIME_NONE)
		ch->last = at;
}

/* A list of the last few texts, the oldest first. */
static void
push(char **list, uint8_t *n, size_t most, struct str s)
{
	if (*n == most) {
		free(list[0]);
		memmove(list, list + 1, (most - 1) * sizeof(*list));
		(*n)--;
	}
	list[(*n)++] = xmemdup0(s.p, s.n);
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

static void
add_order(struct context *c, struct known *k, struct record *r, int64_t at)
{
	static const char *const members[] = { "number", "total", "currency",
		"status" };
	struct json data = record_get(r, "data");
	struct writer w;

	buf_reset(&c->scratch);
	write_init(&w, &c->scratch);
	write_object(&w);
	write_member(&w, "id", record_str(r, "id"));
	write_member_time(&w, "at", at);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct json v = json_get(data, members[i]);
		struct str s =
		    json_type(v) == JSON_NONE ? STR_NONE : json_raw(v);

		if (s.n < CONTEXT_ORDER_BYTES)
			write_member_raw(&w, members[i], s);
	}
	write_object_end(&w);
	if (k->orders == NULL)
		k->orders = xcalloc(CONTEXT_ORDERS, sizeof(char *));
	push(k->orders, &k->order_n, CONTEXT_ORDERS, buf_str(&c->scratch));
}

static bool
is_one_of(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_eq_nocase(s, str_of(*words)))
			return true;
	return false;
}

/* The whole message is the word; marks around it do not matter. */
static struct str
only_word(struct str s)
{
	s = str_trim(s);
	while (s.n > 0 && memchr(".!\"'", s.p[s.n - 1], 4) != NULL)
		s.n--;
	while (s.n > 0 && memchr("\"'", s.p[0], 2) != NULL)
		s = str_sub(s, 1, s.n);
	return s;
}

static void
add_consent(struct context *c, struct known *k, struct record *r, int64_t at)
{
	struct str text = record_str(r, "text"), said, id;
	struct str channel = record_str(r, "channel");
	struct consent *x = NULL;
	bool out;

	if (text.n == 0 || text.n > 40 || channel.n == 0 ||
	    !record_is(r, "direction", "inbound"))
		return;
	said = only_word(text);
	out = is_one_of(said, stops);
	if (!out && !is_one_of(said, starts))
		return;
	for (size_t i = 0; i < k->consent_n; i++)
		if (str_eq(k->consent[i].channel, channel))
			x = &k->consent[i];
	if (x == NULL) {
		if (k->consent_n == CONSENT_MAX)
			return;
		k->consent = xreallocarray(
		    k->consent, (size_t)k->consent_n + 1, sizeof(*k->consent));
		x = &k->consent[k->consent_n++];
	}
	*x = (struct consent){
		.channel = word(c, channel), .out = out, .at = at
	};
	id = record_str(r, "id");
	if (id.n < ID_SIZE)
		memcpy(x->record, id.p, id.n);
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
		return;
	if (at != TIME_NONE && k->first == TIME_NONE)
		k->first = at;
	if (at != TIME_NONE)
		k->last = at;
	add_channel(c, k, r, at);
	if (record_is(r, "type", "order"))
		add_order(c, k, r, at);
	if (!record_is(r, "type", "message") && !record_is(r, "type", "call"))
		return;
	add_consent(c, k, r, at);
	add_recent(c, k, r, at);
	if (h != NULL)
		add_thread(k, (uint32_t)(h - c->threads.v));
}

/* Telling. */

size_t
context_open(const struct context *c, const struct known *k, int64_t as_of,
    uint32_t out[CONTEXT_CONVERSATIONS])
{
	size_t n = 0, waiting = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = k->thread_n; i-- > 0;) {
			const struct thread *h = &c->threads.v[k->threads[i]];
			bool waits = h->waiting_since != TIME_NONE;

			if (waits != (pass == 0))
				continue;
			if (waits || as_of == TIME_NONE ||
			    as_of - h->last <= c->open)
				out[n++] = k->threads[i];
			waiting += waits;
		}
	/* Of those that wait the longest first; they are few. */
	for (size_t i = 1; i < waiting; i++)
		for (size_t j = i;
		     j > 0 && c->threads.v[out[j]].waiting_since <
				  c->threads.v[out[j - 1]].waiting_since;
		     j--) {
			uint32_t t = out[j];

			out[j] = out[j - 1];
			out[j - 1] = t;
		}
	return n;
}

static int
by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void
write_words(struct writer *w, const char *name, const struct str *v, size_t n)
{
	if (n == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (size_t i = 0; i < n; i++)
		write_str(w, v[i]);
	write_list_end(w);
}

/* Names and ids, as members behind a comma. */
static void
make_who(struct known *k)
{
	struct str sorted[CONTEXT_IDS] = { 0 };
	struct writer w;
	struct buf b;

	if (k->id_n > 0)
		memcpy(sorted, k->ids, k->id_n * sizeof(*sorted));
	qsort(sorted, k->id_n, sizeof(*sorted), by_text);
	buf_init(&b, 1 << 20);
	write_init(&w, &b);
	write_object(&w);
	write_words(&w, "names", k->names, k->name_n);
	write_words(&w, "ids", sorted, k->id_n);
	write_object_end(&w);
	k->who_len = (uint32_t)(b.n - 2);
	k->who = xmemdup0(b.p + 1, k->who_len);
	buf_release(&b);
}

/* Members that stand ready as text. */
static void
write_who(struct writer *w, struct known *k)
{
	if (k->who == NULL)
		make_who(k);
	if (k->who_len == 0)
		return;
	if (!w->first)
		buf_add_char(w->out, ',');
	w->first = false;
	buf_add(w->out, k->who, k->who_len);
}

static void
write_recent(struct writer *w, const struct known *k)
{
	if (k->recent_n == 0)
		return;
	write_key(w, "recent");
	write_list(w);
	write_raw(w, str_make(k->recent, k->recent_bytes));
	write_list_end(w);
}

/* Where they write most, and of equals where they wrote last. */
static struct str
preferred(const struct known *k)
{
	const struct channel *best = NULL;

	for (size_t i = 0; i < k->channel_n; i++) {
		const struct channel *ch = &k->channels[i];

		if (ch->inbound > 0 &&
		    (best == NULL || ch->inbound > best->inbound ||
			(ch->inbound == best->inbound &&
			    ch->last > best->last)))
			best = ch;
	}
	return best == NULL ? STR_NONE : best->name;
}

static void
write_channels(struct writer *w, const struct known *k)
{
	if (k->channel_n == 0)
		return;
	write_key(w, "channels");
	write_list(w);
	for (size_t i = 0; i < k->channel_n; i++) {
		const struct channel *ch = &k->channels[i];

		write_object(w);
		write_member(w, "channel", ch->name);
		write_member_int(w, "inbound", ch->inbound);
		write_member_int(w, "outbound", ch->outbound);
		write_member_time(w, "last", ch->last);
		write_object_end(w);
	}
	write_list_end(w);
	write_member(w, "preferred", preferred(k));
}

static void
write_conversations(const struct context *c, const struct known *k,
    int64_t as_of, struct writer *w)
{
	uint32_t open[CONTEXT_CONVERSATIONS];
	size_t n = context_open(c, k, as_of, open);

	if (n == 0)
		return;
	write_key(w, "conversations");
	write_list(w);
	for (size_t i = 0; i < n; i++) {
		const struct thread *h = &c->threads.v[open[i]];

		write_object(w);
		write_member(w, "conversation", h->id);
		write_member(w, "subject", utf8_cut(h->subject, CONTEXT_TEXT));
		write_member(w, "channel", h->channel);
		write_member_time(w, "since", h->first);
		write_member_time(w, "last", h->last);
		write_member_time(w, "waitingSince", h->waiting_since);
		write_object_end(w);
	}
	write_list_end(w);
}

static void
write_texts(struct writer *w, const char *name, char *const *v, size_t n)
{
	if (n == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (size_t i = n; i-- > 0;)
		write_raw(w, str_of(v[i]));
	write_list_end(w);
}

static void
write_consent(struct writer *w, const struct known *k)
{
	if (k->consent_n == 0)
		return;
	write_key(w, "consent");
	write_list(w);
	for (size_t i = 0; i < k->consent_n; i++) {
		const struct consent *x = &k->consent[i];

		write_object(w);
		write_member(w, "channel", x->channel);
		write_member(w, "state", x->out ? STR("out") : STR("in"));
		write_member_time(w, "at", x->at);
		write_member(w, "record", str_of(x->record));
		write_object_end(w);
	}
	write_list_end(w);
}

void
context_members(
    const struct context *c, struct known *k, int64_t as_of, struct writer *w)
{
	write_member_time(w, "asOf", as_of);
	write_who(w, k);
	write_member_time(w, "firstSeen", k->first);
	write_member_time(w, "lastSeen", k->last);
	write_channels(w, k);
	write_conversations(c, k, as_of, w);
	write_recent(w, k);
	write_texts(w, "orders", k->orders, k->order_n);
	write_consent(w, k);
}
