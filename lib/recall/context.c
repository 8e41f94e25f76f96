#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/hash.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "recall/profile.h"
#include "record/fields.h"
#include "text/unicode.h"

enum {
	SHORT = 64, /* bytes of a string that is looked through in one */
	LINE = 64, /* bytes that are fetched at once */
	FETCHED = 256, /* of names and messages; the rest comes by itself */
};

struct context *
context_new(const struct context_options *o)
{
	struct context *c = xcalloc(1, sizeof(*c));

	c->o = *o;
	buf_init(&c->scratch, 1 << 20);
	c->secret = hash_keyed("", 0);
	interest_scratch_init(&c->interests);
	return c;
}

void
context_free(struct context *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; c->people.n > 0 && i <= c->people.table.mask; i++) {
		struct profile *k =
		    (struct profile *)c->people.table.slots[i].person;

		if (k == NULL)
			continue;
		pool_free(&c->blocks, k->block, k->cap);
		activities_free(k->activities);
	}
	pool_release(&c->blocks);
	standings_release(&c->standings);
	people_release(&c->people);
	intern_release(&c->words);
	buf_release(&c->scratch);
	interest_scratch_release(&c->interests);
	free(c);
}

struct str
context_person(const struct profile *k)
{
	return k->person.id;
}

bool
context_is_known(const struct profile *k)
{
	return k->seen;
}

struct store_cursor *
context_cursor(struct profile *k)
{
	return &k->cursor;
}

struct profile *
context_get(const struct context *c, struct str person)
{
	return (struct profile *)people_get(
	    &c->people, person, people_hash(person));
}

struct profile *
context_make(struct context *c, struct str person)
{
	const struct standing *h;
	struct profile *k;
	bool fresh;

	if (c->met != NULL && str_eq(c->met->person.id, person))
		return c->met;
	k = (struct profile *)people_put(
	    &c->people, person, people_hash(person), sizeof(*k), &fresh);
	if (fresh) {
		k->first = k->last = TIME_NONE;
		k->cursor.time = INT64_MIN;
		habit_init(&k->habit);
	} else if (k->standing_n > 0) {
		h = &c->standings.v[k->standings[k->standing_n - 1]];
		__builtin_prefetch(h->id.p);
		__builtin_prefetch(h->subject.p);
	}
	return c->met = k;
}

void
context_foresee(struct context *c, struct str person)
{
	c->next = people_hash(person);
	people_foresee(&c->people, c->next);
}

void
context_foresee_more(struct context *c, bool last)
{
	const struct profile *k = (const struct profile *)people_likely(
	    &c->people, c->next, sizeof(*k));
	const char *h = (const char *)c->standings.v;

	if (k == NULL || !last)
		return;
	/* In one function: gcc 12 takes one that only fetches for one without
	 * effect, and leaves it out. */
	for (size_t i = 0; k->block != NULL && i < FETCHED; i += LINE) {
		__builtin_prefetch(k->block + i);
		__builtin_prefetch(k->block + k->recent + i);
	}
	if (k->standing_n > 0)
		h += k->standings[k->standing_n - 1] * sizeof(struct standing);
	for (size_t i = 0; k->standing_n > 0 && i < sizeof(struct standing);
	     i += LINE)
		__builtin_prefetch(h + i);
}

static void
add_name_word(struct context *c, struct profile *k, struct str s)
{
	struct profile_walk w = profile_words(k);

	if (s.n == 0 || k->name_n == CONTEXT_NAMES)
		return;
	for (size_t i = 0; i < k->name_n; i++)
		if (str_eq(profile_next(&w), s))
			return;
	profile_add_word(c, k, k->name_n++, s);
}

/* Where the key stands among those known, or would. */
static bool
id_at(const struct profile *k, struct str key, size_t *at)
{
	struct profile_walk w = profile_words(k);
	int order = 1;

	for (size_t i = 0; i < k->name_n; i++)
		profile_next(&w);
	*at = 0;
	while (*at < k->id_n && (order = str_cmp(profile_next(&w), key)) < 0)
		++*at;
	return order == 0;
}

static void
add_id(struct context *c, struct profile *k, struct str key)
{
	size_t at;

	/* Orders are told as such, and would crowd the others out. */
	if (key.n == 0 || str_starts(key, STR("order:")) ||
	    id_at(k, key, &at) || context_ids_full(k))
		return;
	profile_add_word(c, k, k->name_n + at, key);
	k->id_n++;
	k->who = 0;
}

void
context_add_id(struct context *c, struct str person, struct str key)
{
	add_id(c, context_make(c, person), key);
}

bool
context_ids_full(const struct profile *k)
{
	return k->id_n == CONTEXT_IDS;
}

/*
 * Whom we write to need not be whose conversation it is: such a key is the
 * person's where it is known to be, or gave them their id.
 */
static bool
is_theirs(const struct profile *k, struct str key)
{
	char id[ID_SIZE];
	size_t at;

	if (id_at(k, key, &at))
		return true;
	id_make(id, 'p', &key, 1);
	return str_is(k->person.id, id);
}

enum way { NO_WAY, IN, OUT, WITHIN };
enum kind { ACTIVITY, MESSAGE, CALL, ORDER, CONTACT };

/* What a record is, read once. */
struct lesson {
	struct record *r;
	const struct said *said;
	int64_t at;
	enum way way;
	enum kind kind;
};

static enum way
way_of(struct json v)
{
	return json_is(v, "inbound")    ? IN
	       : json_is(v, "outbound") ? OUT
	       : json_is(v, "internal") ? WITHIN
					: NO_WAY;
}

static enum kind
kind_of(struct json v)
{
	return json_is(v, "message")   ? MESSAGE
	       : json_is(v, "call")    ? CALL
	       : json_is(v, "order")   ? ORDER
	       : json_is(v, "contact") ? CONTACT
				       : ACTIVITY;
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
add_ids(struct context *c, struct profile *k, const struct lesson *l)
{
	bool ours = l->way != IN && l->kind != CONTACT, any = false;
	struct evidence_list list;

	evidence_read_merged(l->r, &list);
	for (int claims = 0; claims < 2 && !any; claims++)
		for (size_t i = 0; i < list.n; i++) {
			const struct evidence *e = &list.v[i];
			struct str key;

			if (e->trust == TRUST_MENTIONED ||
			    trust_joins(e->trust) != (claims == 0))
				continue;
			key =
			    key_notation(e->type, e->value, record_arena(l->r));
			if (ours && !is_theirs(k, key))
				continue;
			add_id(c, k, key);
			any = true;
		}
	return any || !ours || !has_address(json_at(record_get(l->r, "to"), 0));
}

static void
add_name(struct context *c, struct profile *k, const struct lesson *l)
{
	struct json v = l->way == OUT ? json_at(record_get(l->r, "to"), 0)
				      : record_get(l->r, "from");

	if (l->way != WITHIN)
		add_name_word(
		    c, k, json_str(json_get(v, "name"), record_arena(l->r)));
}

/* Its index, or HABIT_NONE. */
static uint8_t
add_channel(struct context *c, struct profile *k, const struct lesson *l)
{
	struct str name = record_str(l->r, "channel");
	struct channel_kept *ch = profile_channels(k);
	size_t i = 0;

	if (name.n == 0 || (l->way != IN && l->way != OUT))
		return HABIT_NONE;
	while (
	    i < k->channel_n && !str_eq(context_word_at(c, ch[i].name), name))
		i++;
	if (i == CONTEXT_CHANNELS)
		return HABIT_NONE;
	if (i == k->channel_n) {
		ch = profile_add_channel(c, k) - i;
		ch[i] = (struct channel_kept){
			.name = context_word_number(c, name),
			.last = TIME_NONE,
		};
	}
	ch[i].inbound += l->way == IN;
	ch[i].outbound += l->way == OUT;
	if (l->at != TIME_NONE)
		ch[i].last = l->at;
	return (uint8_t)i;
}

/*
 * The content of a string as it is written in the record, `most` bytes of its
 * meaning; absent where we would write it in another way.
 */
static struct str
as_written(struct str raw, size_t most)
{
	struct str s = str_make(raw.p + 1, raw.n - 2);
	size_t i = 0, n = 0;

	while (i < s.n && n < most) {
		size_t left = s.n - i < most - n ? s.n - i : most - n;
		const char *back = memchr(s.p + i, '\\', left);

		if (back == NULL) {
			i += left;
			break;
		}
		n += (size_t)(back - (s.p + i)) + 1;
		i = (size_t)(back - s.p) + 2;
		if (!ascii_is_in(back[1], "\"\\bfnrt"))
			return STR_NONE;
	}
	/* No character is cut in two. */
	for (int k = 0; k < 3 && i < s.n && i > 0; k++, i--)
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			break;
	return str_make(s.p, i);
}

/* Behind its name, which is copied in one with the signs around it. */
static void
keep(struct writer *w, const char *key, size_t n, struct json v, size_t most,
    struct arena *a)
{
	struct str raw = json_raw(v), s;

	if (json_type(v) != JSON_STRING)
		return;
	write_literal_key(w, key, n);
	w->after_key = false;
	if (raw.n <= SHORT && !json_escaped(raw)) {
		buf_add(w->out, raw.p, raw.n);
		return;
	}
	s = as_written(raw, most);
	buf_add_char(w->out, '"');
	if (s.p != NULL)
		buf_add(w->out, s.p, s.n);
	else
		write_escaped(w->out, utf8_cut(json_str(v, a), most));
	buf_add_char(w->out, '"');
}
#define KEEP(w, r, name, most)                           \
	keep((w), ",\"" name "\":", sizeof("" name) + 3, \
	    record_get((r), name), (most), record_arena(r))

/* Into the scratch, which is over where it is too long. */
static void
render_recent(struct context *c, const struct lesson *l, int64_t at)
{
	struct writer w;

	buf_reset(&c->scratch);
	write_init(&w, &c->scratch);
	write_object(&w);
	KEEP(&w, l->r, "id", SIZE_MAX);
	if (at != TIME_NONE) {
		WRITE_KEY(&w, "at");
		write_time(&w, at);
	}
	KEEP(&w, l->r, "channel", SIZE_MAX);
	KEEP(&w, l->r, "direction", SIZE_MAX);
	KEEP(&w, l->r, "conversation", SIZE_MAX);
	KEEP(&w, l->r, "subject", CONTEXT_TEXT);
	KEEP(&w, l->r, "text", CONTEXT_TEXT);
	write_object_end(&w);
}

static void
add_recent(struct context *c, struct profile *k, const struct lesson *l)
{
	render_recent(c, l, l->at);
	if (!c->scratch.over)
		profile_add_recent(c, k, buf_str(&c->scratch));
}

/* A message that was learned of says something else now. */
static void
renew_recent(struct context *c, struct profile *k, const struct lesson *l)
{
	struct str said[CONTEXT_RECENT], json;
	size_t n = profile_recent(k, said), same;

	render_recent(c, l, record_time(l->r));
	if (c->scratch.over)
		return;
	json = buf_str(&c->scratch);
	same = (size_t)str_find(json, STR(",")) + 1;
	for (size_t i = 0; i < n; i++)
		if (str_eq(str_sub(said[i], 0, same), str_sub(json, 0, same))) {
			profile_renew_recent(c, k, i, json);
			return;
		}
}

/* The person's last conversations, the one in hand behind. */
static void
add_standing(struct profile *k, uint32_t standing)
{
	size_t i = 0;

	while (i < k->standing_n && k->standings[i] != standing)
		i++;
	if (i == k->standing_n && i < CONTEXT_CONVERSATIONS)
		k->standing_n++;
	else if (i == k->standing_n)
		i = 0;
	memmove(k->standings + i, k->standings + i + 1,
	    (k->standing_n - 1 - i) * sizeof(*k->standings));
	k->standings[k->standing_n - 1] = standing;
}

/* What they said, or we said to them. */
static void
add_message(struct context *c, struct profile *k, const struct lesson *l,
    uint8_t channel, const struct standing *h)
{
	struct record *r = l->r;

	if (l->said->kind == ROLE_REQUEST && channel != HABIT_NONE)
		habit_wrote(&k->habit, channel, l->at);
	else if (l->said->kind == ROLE_ANSWER)
		habit_asked(&k->habit, l->at);
	if (l->way == IN)
		activity_consent(k, r, l->at, false);
	if (l->said->kind == ROLE_REQUEST && k->activities != NULL &&
	    k->activities->interests.n > 0)
		interests_spoken(&k->activities->interests,
		    record_str(r, "subject"),
		    utf8_cut(record_str(r, "text"), STORE_TEXT),
		    context_word(c, record_str(r, "channel")), l->at,
		    c->o.half_life, &c->interests);
	add_recent(c, k, l);
	if (h != NULL)
		add_standing(k, (uint32_t)(h - c->standings.v));
}

/* What was learned of whoever did it. */
static void
add_activity(struct context *c, struct profile *k, const struct lesson *l,
    const struct standing *h)
{
	uint8_t channel = add_channel(c, k, l);

	if (l->at != TIME_NONE && k->first == TIME_NONE)
		k->first = l->at;
	if (l->at != TIME_NONE)
		k->last = l->at;
	if (l->kind == MESSAGE || l->kind == CALL)
		add_message(c, k, l, channel, h);
	else if (l->kind == ORDER)
		activity_order(c, k, l->r, l->at);
	else if (l->way != OUT) {
		activity_consent(k, l->r, l->at, false);
		activity_visit(c, k, l->r, l->at);
	}
}

__extension__ typedef unsigned __int128 wide;

/* s is of the record's line: what follows may be read too. */
static uint64_t
fold(uint64_t h, struct str s)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t a, b;
	wide product;

	for (size_t i = 0; i < s.n; i += 16) {
		memcpy(&a, s.p + i, sizeof(a));
		memcpy(&b, s.p + i + 8, sizeof(b));
		if (s.n - i < 16) {
			a = s.n - i < 8 ? a << (64 - 8 * (s.n - i)) : a;
			b = s.n - i > 8 ? b << (128 - 8 * (s.n - i)) : 0;
		}
		product = (wide)(a ^ h) * (b ^ odd);
		h = (uint64_t)product ^ (uint64_t)(product >> 64) ^ h << 1;
	}
	return h;
}

/* Who it is of, as the record tells it: never 0. */
static uint64_t
who_hash(const struct context *c, const struct lesson *l)
{
	uint64_t h = c->secret + ((uint64_t)l->way << 8 | l->kind);

	h = fold(h, json_raw(record_get(l->r, "ids")));
	h = fold(h, json_raw(record_get(l->r, "from")));
	return fold(h, json_raw(record_get(l->r, "to"))) | 1;
}

/* Most people are told of as they were by the record before: then there is
 * nothing to learn. */
static void
add_who(
    struct context *c, struct profile *k, const struct lesson *l, bool apart)
{
	uint64_t told = who_hash(c, l);

	if (told == k->who)
		return;
	if (add_ids(c, k, l) && !apart)
		add_name(c, k, l);
	k->who = apart ? 0 : told;
}

/* Was this message learned of in its first version?  It is one more word of
 * nobody. */
static bool
is_again(const struct context *c, const struct lesson *l)
{
	return l->kind == MESSAGE && l->said->conversation.p != NULL &&
	       record_has_keyword(l->r, "updated") &&
	       standings_get(&c->standings, l->said->conversation) != NULL;
}

void
context_learn(struct context *c, struct profile *k, struct record *r,
    const struct said *said)
{
	struct lesson l = {
		.r = r,
		.said = said,
		.at = said->at,
		.way = way_of(record_get(r, "direction")),
		.kind = kind_of(record_get(r, "type")),
	};
	struct standing *h;
	bool apart;

	/* Most people go on where they were. */
	if (k != NULL && k->standing_n > 0)
		c->standings.at = k->standings[k->standing_n - 1];
	if (is_again(c, &l)) {
		standings_again(&c->standings, r, NULL);
		if (k != NULL)
			renew_recent(c, k, &l);
		return;
	}
	h = standings_take(&c->standings, r, said, NULL);
	if (k == NULL)
		return;
	apart = record_get(r, "quarantine").doc != NULL;
	add_who(c, k, &l, apart);
	if (apart && l.kind == MESSAGE && l.way == IN)
		activity_consent(k, r, l.at, true);
	if (apart)
		return;
	k->seen = true;
	if (l.kind == CONTACT)
		activity_contact(c, k, r, l.at);
	else
		add_activity(c, k, &l, h);
}

void
context_add(struct context *c, struct record *r, int64_t at)
{
	struct str person = record_str(r, "person");
	struct said said = said_of(r);

	said.at = at;
	context_learn(
	    c, person.p == NULL ? NULL : context_make(c, person), r, &said);
}

void
context_beside(
    struct context *c, struct record *r, struct str conversation, int64_t at)
{
	struct said said = said_of(r);

	said.at = at;
	if (!str_eq(said.conversation, conversation))
		standings_answered(&c->standings, r, conversation);
	else
		context_learn(c, NULL, r, &said);
}
