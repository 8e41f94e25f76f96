#include "merge/spool.h"

#include <endian.h>
#include <stddef.h>
#include <string.h>

#include "core/time.h"
#include "merge/bulk.h"
#include "merge/courtesy.h"
#include "merge/refs.h"
#include "people/guards.h"
#include "people/names.h"
#include "record/channels.h"
#include "record/asks.h"
#include "record/fields.h"
#include "record/waiting/receipt.h"
#include "record/role.h"

/* What stands before the line: the struct up to its keys, then these. */
enum { DRAFT_WEAKNESS = 8 }; /* of what was not sent, to what was */
/* Of the hash of a mail's words and what its mailbox said of it later, bits that
 * differ by the latter alone. */
#define LATER_BITS ((UINT64_C(1) << 21) - 1)
#define LATER_BIT (UINT64_C(1) << 20)
enum { HEAD = offsetof(struct spooled, keys), SORT_FIXED = 8 };

/* Hashes that are the same in every run: they order and compare, they do not
 * spread a table. */
static uint64_t
mix(uint64_t h, struct str s)
{
	uint8_t key[16] = "kith content";

	memcpy(key + 8, &h, sizeof(h));
	return hash_sip13(key, s.p == NULL ? "" : s.p, s.n) + (s.p != NULL);
}

static uint64_t
mix_raw(uint64_t h, struct json v)
{
	return mix(h, json_raw(v));
}

/* Not the words that merge puts there itself. */
static uint64_t
mix_keywords(uint64_t h, struct record *r)
{
	struct json_iter it = json_each(record_get(r, "keywords"));
	struct json v;

	while (json_next(&it, NULL, &v))
		if (!json_is(v, SPOOL_KEYWORD) && !json_is(v, BULK_KEYWORD))
			h = mix_raw(h, v);
	return h;
}

/* Of a row of a table not where it stood. */
static uint64_t
mix_data(uint64_t h, struct json data)
{
	struct json_iter it = json_each(data);
	struct json key, v;

	if (json_get(data, "row").doc == NULL)
		return mix_raw(h, data);
	while (json_next(&it, &key, &v)) {
		if (json_is(key, "row"))
			continue;
		h = mix_raw(h, key);
		h = mix_raw(h, v);
	}
	return h;
}

/*
 * What makes two records with one id two versions.  Not where they were found
 * and how they came there, nor how their author is called by now; of a
 * message not what the channel knows besides.  The time of a row of a table
 * of people is that of the export.
 */
static uint64_t
content_of(struct record *r, const struct spooled *s)
{
	uint64_t h = mix(0, record_str(r, "type"));

	if ((s->flags & SPOOL_CONTACT) == 0)
		h = mix(h, record_str(r, "sentAt"));
	h = mix(h, record_str(r, "subject"));
	h = mix(h, record_str(r, "text"));
	if ((s->flags & SPOOL_MAIL) == 0)
		h = mix_keywords(h, r);
	if ((s->flags & SPOOL_MESSAGE) == 0)
		h = mix_raw(h, record_get(r, "from"));
	if (!record_is(r, "type", "message"))
		h = mix_data(h, record_get(r, "data"));
	if ((s->flags & SPOOL_MAIL) != 0 && s->edited != TIME_NONE)
		h ^= LATER_BIT |
		     (mix_keywords((uint64_t)s->edited, r) & (LATER_BIT - 1));
	return h;
}

bool
spool_same_words(const struct spooled *a, const struct spooled *b)
{
	return (a->flags & b->flags & SPOOL_MAIL) != 0
		   ? ((a->content ^ b->content) & ~LATER_BITS) == 0
		   : a->content == b->content;
}

/* When it was last changed, where the record says so. */
static int64_t
edited_of(struct record *r)
{
	struct json data = record_get(r, "data");
	struct str s;
	int64_t t;

	if (data.doc == NULL)
		return TIME_NONE;
	s = json_str(json_get(data, "editedAt"), record_arena(r));
	if (s.p == NULL)
		s = json_str(json_get(data, "updatedAt"), record_arena(r));
	return s.p == NULL || time_parse(s, &t) != 0 ? TIME_NONE : t;
}

static uint64_t
tie_of(struct record *r)
{
	uint64_t h = 0;

	h = mix_raw(h, record_get(r, "source"));
	h = mix_raw(h, record_get(r, "ids"));
	h = mix_raw(h, record_get(r, "from"));
	return mix_raw(h, record_get(r, "to"));
}

/* Those of a kind. */
enum kind { KIND_SURE, KIND_PROFILE, KIND_CLAIMED, KINDS };

static enum kind
kind_of(const struct spooled *s, const struct evidence *e)
{
	if (!trust_joins(e->trust) || (s->flags & SPOOL_FAILED) != 0)
		return KIND_CLAIMED;
	return e->trust == TRUST_PROFILE ? KIND_PROFILE : KIND_SURE;
}

static size_t
read_keys(struct spooled *s, const struct evidence_list *list, enum kind kind,
    struct arena *a, struct str *text)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct evidence *e = &list->v[i];

		if (e->trust == TRUST_MENTIONED || kind_of(s, e) != kind)
			continue;
		text[n] = key_notation(e->type, e->value, a);
		if (text[n].p != NULL)
			n++;
	}
	return n;
}

/* A profile is somebody's: of nobody it says what anybody may say. */
static bool
has_user(const struct str *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		ptrdiff_t colon = str_chr(text[i], ':');

		if (graph_has_profile(text[i]) &&
		    guard_key(str_sub(text[i], 0, (size_t)colon),
			str_sub(text[i], (size_t)colon + 1, text[i].n)) ==
			GUARD_NONE)
			return true;
	}
	return false;
}

/* All of them, in the order of their kinds: so many. */
static size_t
read_all_keys(struct spooled *s, const struct evidence_list *list,
    struct arena *a, struct str *text)
{
	size_t n[KINDS], all = 0;

	for (enum kind k = KIND_SURE; k < KINDS; k++) {
		n[k] = read_keys(s, list, k, a, text + all);
		all += n[k];
	}
	if (n[KIND_PROFILE] > 0 && !has_user(text, n[KIND_SURE])) {
		n[KIND_CLAIMED] += n[KIND_PROFILE];
		n[KIND_PROFILE] = 0;
	}
	s->trusted = (uint8_t)(n[KIND_SURE] + n[KIND_PROFILE]);
	s->profile = (uint8_t)n[KIND_PROFILE];
	s->claimed = (uint8_t)n[KIND_CLAIMED];
	return all;
}

/* Whoever claims the first key that is one, for records without better. */
void
spool_claim(struct spooled *s, struct graph *g)
{
	s->claim = GRAPH_NONE;
	if ((s->flags & (SPOOL_FAILED | SPOOL_OURS)) != 0)
		return;
	for (size_t i = 0; i < s->trusted; i++)
		if ((g->keys[s->keys[i]].flags & KEY_NOTHING) == 0)
			return;
	for (size_t i = 0; i < s->claimed; i++) {
		uint32_t k = s->keys[s->trusted + i];
		char claim[1 + KEY_MAX] = "?";
		struct str text;

		if ((g->keys[k].flags & KEY_NOTHING) != 0)
			continue;
		text = graph_text(g, k);
		memcpy(claim + 1, text.p, text.n);
		text = str_make(claim, 1 + text.n);
		graph_intern(g, &text, 1, &s->claim);
		return;
	}
}

/* The name of a row that an operator keeps: of one person, who has all its
 * keys. */
static uint32_t
read_name(const struct spooled *s, struct record *r,
    const struct evidence_list *list, struct graph *g)
{
	struct str name;

	if ((s->flags & SPOOL_CONTACT) == 0 && !record_is(r, "type", "order"))
		return 0;
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].trust != TRUST_OPERATOR &&
		    list->v[i].trust != TRUST_PROFILE)
			continue;
		name = json_str(
		    json_get(record_get(r, "from"), "name"), record_arena(r));
		if (name.n == 0)
			return 0;
		name = name_fold(name, record_arena(r));
		return name.p == NULL ? 0 : graph_name_intern(g, name) + 1;
	}
	return 0;
}

static uint8_t
rank_of(const struct spooled *s)
{
	if ((s->flags & SPOOL_FAILED) != 0)
		return 3;
	return s->trusted > 0 ? 0 : s->claimed > 0 ? 2 : 1;
}

static inline bool
is_in(struct record *r, struct str member)
{
	return record_get_str(r, member).doc != NULL;
}

/* All that merge wants of it stands in front, and it has not been here before. */
static bool
is_plain(const struct spooled *s, struct record *r)
{
	return (s->flags & (SPOOL_FAILED | SPOOL_RECEIPT | SPOOL_OTHERS)) ==
		   0 &&
	       !is_in(r, STR("person")) && !is_in(r, STR("conversation")) &&
	       !is_in(r, STR("movedFrom")) && !is_in(r, STR("claims")) &&
	       !is_in(r, STR("likely")) && !is_in(r, STR("quarantine")) &&
	       !is_in(r, STR("asks")) && !is_in(r, STR("why")) &&
	       !is_in(r, STR("answers"));
}

/* So that the last pass need not parse it. */
static void
read_plain(
    struct spooled *s, struct record *r, struct arena *a, struct buf *room)
{
	struct refs refs;

	s->plain = (uint32_t)record_end(r);
	if ((s->flags & SPOOL_MESSAGE) == 0)
		return;
	buf_reset(room);
	refs_of(r, &refs);
	refs_write(&refs, room);
	s->refs = arena_dup(a, buf_str(room));
	s->question = (s->flags & SPOOL_ANSWER) != 0 &&
		      courtesy_is_question(record_str(r, "text"));
	s->thanks = s->asks == ASKS_YES && courtesy_may_be(r);
}

static uint16_t
flags_of_keywords(struct json keywords)
{
	struct json_iter it = json_each(keywords);
	struct json v;
	uint16_t flags = 0;

	while (json_next(&it, NULL, &v)) {
		if (json_is(v, "edited"))
			flags |= SPOOL_EDITED;
		else if (json_is(v, "deleted"))
			flags |= SPOOL_DELETED;
		else if (json_is(v, SPOOL_KEYWORD))
			flags |= SPOOL_UPDATED;
	}
	return flags;
}

/* Does it end a wait? */
static uint16_t
flags_of_answer(const struct spooled *s, struct record *r)
{
	bool ours = (s->flags & SPOOL_OURS) != 0;

	if ((s->flags & SPOOL_MESSAGE) == 0 || (s->flags & SPOOL_FAILED) != 0 ||
	    (!ours && s->asks != ASKS_SPOKE))
		return 0;
	return record_answers_itself(r) ? SPOOL_ANSWER : 0;
}

/* Keys beside whom it is of: further recipients are mentioned. */
static uint16_t
flags_of_others(const struct spooled *s, const struct evidence_list *list)
{
	if ((s->flags & (SPOOL_OURS | SPOOL_MAIL)) == 0)
		return 0;
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].trust == TRUST_MENTIONED)
			return SPOOL_OTHERS;
	return 0;
}

static uint16_t
flags_of_delivery(struct record *r)
{
	struct json v = json_get(record_get(r, "delivery"), "status");
	enum spool_came came = CAME_SENT;

	if (json_is(v, "delivered"))
		came = CAME_THERE;
	else if (json_is(v, "read"))
		came = CAME_READ;
	else if (json_is(v, "failed"))
		came = CAME_BACK;
	else if (json_is(v, "sent"))
		came = CAME_FROM_US;
	if (record_has_keyword(r, "draft"))
		came = CAME_DRAFT;
	return (uint16_t)(came * SPOOL_CAME);
}

static enum spool_came
came_of(const struct spooled *s)
{
	return (enum spool_came)(s->flags / SPOOL_CAME);
}

/* How much it knows of its delivery. */
static int
knows(const struct spooled *s)
{
	return came_of(s) == CAME_FROM_US ? 2 * CAME_SENT + 1
					  : 2 * (int)came_of(s);
}

/* The channel's own record of what the other was sent as, as it went out. */
static bool
is_echo(const struct spooled *s, const struct spooled *sent)
{
	return came_of(s) == CAME_SENT && came_of(sent) == CAME_FROM_US &&
	       s->edited == TIME_NONE &&
	       (s->flags & (SPOOL_EDITED | SPOOL_DELETED | SPOOL_FAILED |
			       SPOOL_UNPROVEN)) == 0;
}

/* Does it tell of one of ours? */
static bool
is_receipt(struct record *r)
{
	struct receipt receipt;

	if (record_is(r, "type", "message"))
		return record_has_keyword(r, "bounce") &&
		       !record_is(r, "direction", "outbound");
	return record_is(r, "type", "event") && record_receipt(r, &receipt);
}

/* One of all that somebody got until a time is theirs. */
static bool
is_nobodys(const struct spooled *s, struct record *r)
{
	struct receipt receipt;

	return (s->flags & SPOOL_RECEIPT) != 0 &&
	       !(record_receipt(r, &receipt) && receipt.before != TIME_NONE);
}

static uint16_t
flags_of(struct record *r, struct str channel)
{
	struct json type = record_get(r, "type");
	struct json direction = record_get(r, "direction");
	struct str why;
	uint16_t flags = 0;

	if (json_is(type, "message") || json_is(type, "call"))
		flags |= SPOOL_MESSAGE;
	if (json_is(type, "contact"))
		flags |= SPOOL_CONTACT;
	if (evidence_failed(r, &why))
		flags |= SPOOL_FAILED;
	if (json_is(type, "message") && channel_is_mail(channel_named(channel)))
		flags |= SPOOL_MAIL;
	if (json_is(direction, "outbound") || json_is(direction, "internal"))
		flags |= (flags & SPOOL_MAIL) == 0 || evidence_is_ours(r)
			     ? SPOOL_OURS
			     : SPOOL_UNPROVEN;
	if (json_is(direction, "outbound"))
		flags |= flags_of_delivery(r);
	/* It need not be proven who says so: whoever knows the id got the
	 * message. */
	if (is_receipt(r))
		flags = (uint16_t)((flags & ~(SPOOL_FAILED | SPOOL_UNPROVEN)) |
				   SPOOL_RECEIPT);
	return flags | flags_of_keywords(record_get(r, "keywords"));
}

/* A service that tells the time in seconds means the end of one: what became of
 * a message stands behind it. */
static int64_t
time_of(const struct spooled *s, struct record *r)
{
	int64_t t = record_time(r);
	bool whole = t != TIME_NONE && t % TIME_SECOND == 0;

	return (s->flags & SPOOL_RECEIPT) != 0 && whole ? t + TIME_SECOND - 1
							: t;
}

size_t
spool_read(struct spooled *s, struct record *r,
    const struct evidence_list *list, struct graph *g, struct channel_set *set,
    struct arena *a, struct str text[EVIDENCE_MAX], struct buf *refs)
{
	struct str channel = record_str(r, "channel");
	size_t n = 0;

	s->line = record_line(r);
	s->flags = flags_of(r, channel);
	s->time = time_of(s, r);
	s->channel = channel_set_number(set, channel);
	s->trusted = s->profile = s->claimed = 0;
	if (!is_nobodys(s, r))
		n = read_all_keys(s, list, a, text);
	s->claim = GRAPH_NONE;
	s->name = read_name(s, r, list, g);
	s->rank = rank_of(s);
	s->edited = edited_of(r);
	s->given = 0;
	s->asks = (uint8_t)record_asks_itself(r);
	s->flags |= flags_of_answer(s, r) | flags_of_others(s, list);
	s->content = content_of(r, s);
	s->tie = tie_of(r);
	s->plain = 0;
	s->question = s->thanks = false;
	s->refs = STR_NONE;
	if (refs != NULL && is_plain(s, r))
		read_plain(s, r, a, refs);
	s->refs_n = (uint32_t)s->refs.n;
	return n;
}

static void
add_big_endian(struct buf *out, uint64_t v)
{
	v = htobe64(v);
	buf_add(out, (const char *)&v, sizeof(v));
}

int64_t
spool_from(const struct spooled *s)
{
	return s->edited != TIME_NONE && s->edited > s->time ? s->edited
							     : s->time;
}

/* At a time: what is in the key, and the line. */
static void
write_at(const struct spooled *s, int64_t time, struct str id, struct buf *key,
    struct buf *line)
{
	buf_reset(key);
	add_big_endian(key, (uint64_t)time ^ (UINT64_C(1) << 63));
	buf_add_str(key, id);
	buf_add_char(key, '\0');
	buf_add_char(key, (char)s->rank);
	add_big_endian(key, s->content);
	add_big_endian(key, s->tie);
	buf_reset(line);
	buf_add(line, s, HEAD);
	buf_add(line, s->keys,
	    ((size_t)s->trusted + s->claimed) * sizeof(*s->keys));
	buf_add_str(line, s->refs);
	buf_add_str(line, s->line);
}

void
spool_write(
    const struct spooled *s, struct str id, struct buf *key, struct buf *line)
{
	write_at(s, s->time, id, key, line);
}

void
spool_late(struct spooled *s, struct str id, struct buf *key, struct buf *line)
{
	s->flags |= SPOOL_LATE | SPOOL_UPDATED;
	s->plain = 0;
	s->refs = STR_NONE;
	s->refs_n = 0;
	write_at(s, spool_from(s), id, key, line);
}

void
spool_load(struct spooled *s, struct str line)
{
	size_t keys;

	memcpy(s, line.p, HEAD);
	keys = ((size_t)s->trusted + s->claimed) * sizeof(*s->keys);
	memcpy(s->keys, line.p + HEAD, keys);
	s->refs = str_sub(line, HEAD + keys, s->refs_n);
	s->line = str_sub(line, HEAD + keys + s->refs_n, line.n);
}

struct str
spool_id(struct str key)
{
	/* Behind it: the NUL, the rank and two hashes. */
	return str_sub(key, SORT_FIXED, key.n - SORT_FIXED - 18);
}

bool
spool_better(const struct spooled *a, const struct spooled *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	/* Who knows most of its delivery. */
	if (came_of(a) != came_of(b))
		return knows(a) > knows(b);
	/* A contact row is best when it is new, a message when it is old. */
	if (a->time != b->time)
		return ((a->flags & SPOOL_CONTACT) != 0) == (a->time > b->time);
	return a->tie < b->tie;
}

/* How little the witness is worth: whose records carry no key is believed as
 * far as the channel is, but not that a mail is from whom it says. */
int
spool_weakness(const struct spooled *s)
{
	int draft = came_of(s) == CAME_DRAFT ? DRAFT_WEAKNESS : 0;

	return draft +
	       ((s->flags & SPOOL_MAIL) == 0 && s->rank == 1 ? 0 : s->rank);
}

bool
spool_is_later(const struct spooled *a, const struct spooled *b)
{
	/* Who deleted a mail can take it out again. */
	if ((a->flags & SPOOL_MAIL) == 0 &&
	    ((a->flags ^ b->flags) & SPOOL_DELETED) != 0)
		return (a->flags & SPOOL_DELETED) != 0;
	if (a->edited != b->edited)
		return a->edited > b->edited;
	if (((a->flags ^ b->flags) & SPOOL_EDITED) != 0)
		return (a->flags & SPOOL_EDITED) != 0;
	if ((a->flags & SPOOL_CONTACT) != 0 && a->time != b->time)
		return a->time > b->time;
	return a->given > b->given;
}

/* Of two mails with one id that are worth the same the earlier one stands:
 * the other is a mistake or a forgery. */
static bool
is_prior(const struct spooled *a, const struct spooled *b)
{
	if (a->given == 0 || b->given == 0)
		return a->given == 0;
	if (a->time != b->time)
		return a->time < b->time;
	return a->content < b->content;
}

enum spool_version
spool_version(const struct spooled *s, const struct spooled *kept)
{
	if (s->content == kept->content)
		return SPOOL_SAME;
	/* A draft that was sent. */
	if (came_of(s) == CAME_DRAFT && came_of(kept) > CAME_DRAFT)
		return SPOOL_EARLIER;
	/* It has the words as the channel writes them, and its clock. */
	if (is_echo(s, kept))
		return SPOOL_EARLIER;
	if (is_echo(kept, s))
		return SPOOL_LATER;
	if (spool_weakness(s) > spool_weakness(kept))
		return (s->flags & SPOOL_MAIL) != 0 && spool_same_words(s, kept)
			   ? SPOOL_SAME
			   : SPOOL_FOREIGN;
	if (spool_weakness(s) < spool_weakness(kept))
		return SPOOL_LATER;
	if ((s->flags & SPOOL_MAIL) != 0 && !spool_same_words(s, kept))
		return is_prior(s, kept) ? SPOOL_LATER : SPOOL_FOREIGN;
	return spool_is_later(s, kept) ? SPOOL_LATER : SPOOL_EARLIER;
}

/* Nobody else's, as far as is known. */
static bool
is_own(const struct graph *g, uint32_t key)
{
	return (g->keys[key].flags &
		   (KEY_SHARED | KEY_NOTHING | KEY_DEMOTED)) == 0;
}

uint32_t
spool_decides(const struct spooled *s, const struct graph *g)
{
	uint32_t best = GRAPH_NONE;
	/* What stands in a profile does not tell whose it is. */
	size_t sure = (size_t)s->trusted - s->profile;
	unsigned most = 0;

	for (size_t i = 0; i < sure; i++) {
		unsigned rank;

		if (!is_own(g, s->keys[i]))
			continue;
		if (sure == 1)
			return s->keys[i];
		rank = graph_limit(g, s->keys[i])->rank;
		if (best != GRAPH_NONE && rank <= most)
			continue;
		best = s->keys[i];
		most = rank;
	}
	if (best != GRAPH_NONE)
		return best;
	for (size_t i = 0; i < sure; i++)
		if ((g->keys[s->keys[i]].flags & KEY_NOTHING) == 0)
			return s->keys[i];
	return s->claim;
}
