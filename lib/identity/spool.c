#include "identity/spool.h"

#include <stddef.h>
#include <string.h>

#include "core/time.h"
#include "identity/names.h"
#include "record/fields.h"

/* What stands before the line: the struct up to its keys, then these. */
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

/* A contact row says what it says by its keys, and may say more later. */
static uint64_t
content_of(struct record *r, const struct spooled *s)
{
	static const char *const said[] = { "type", "sentAt", "subject",
		"text" };
	uint64_t h = 0;

	if ((s->flags & SPOOL_CONTACT) != 0)
		return 0;
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		h = mix(h, record_str(r, said[i]));
	return h;
}

static uint64_t
tie_of(struct record *r)
{
	static const char *const where[] = { "source", "ids", "from", "to" };
	uint64_t h = 0;

	for (size_t i = 0; i < sizeof(where) / sizeof(*where); i++) {
		struct json v = record_get(r, where[i]);

		h = mix(h, json_type(v) == JSON_NONE ? STR_NONE : json_raw(v));
	}
	return h;
}

static void
read_keys(struct spooled *s, struct record *r, const struct evidence_list *list,
    struct graph *g, bool trusted)
{
	struct str text[EVIDENCE_MAX];
	uint8_t *count = trusted ? &s->trusted : &s->claimed;
	size_t n = 0, from = trusted ? 0 : s->trusted;

	for (size_t i = 0; i < list->n; i++) {
		const struct evidence *e = &list->v[i];
		bool joins =
		    trust_joins(e->trust) && (s->flags & SPOOL_FAILED) == 0;

		if (e->trust == TRUST_MENTIONED || joins != trusted)
			continue;
		text[n] = key_notation(e->type, e->value, record_arena(r));
		if (text[n].p != NULL)
			n++;
	}
	graph_intern(g, text, n, s->keys + from);
	*count = (uint8_t)n;
}

/* Whoever claims the first key that is one, for records without better. */
static uint32_t
read_claim(const struct spooled *s, struct record *r, struct graph *g)
{
	uint32_t out;

	if ((s->flags & (SPOOL_FAILED | SPOOL_OURS)) != 0)
		return GRAPH_NONE;
	for (size_t i = 0; i < s->trusted; i++)
		if ((g->keys[s->keys[i]].flags & KEY_NOTHING) == 0)
			return GRAPH_NONE;
	for (size_t i = 0; i < s->claimed; i++) {
		uint32_t k = s->keys[s->trusted + i];
		struct str text;

		if ((g->keys[k].flags & KEY_NOTHING) != 0)
			continue;
		text = arena_printf(
		    record_arena(r), "?%.*s", STR_ARG(graph_text(g, k)));
		graph_intern(g, &text, 1, &out);
		return out;
	}
	return GRAPH_NONE;
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
		if (list->v[i].trust != TRUST_OPERATOR)
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

void
spool_read(struct spooled *s, struct record *r,
    const struct evidence_list *list, struct graph *g)
{
	struct str why;

	*s = (struct spooled){ .time = record_time(r), .line = record_line(r) };
	if (record_is(r, "type", "contact"))
		s->flags |= SPOOL_CONTACT;
	if (evidence_failed(r, &why))
		s->flags |= SPOOL_FAILED;
	if (record_is(r, "direction", "outbound") ||
	    record_is(r, "direction", "internal"))
		s->flags |= SPOOL_OURS;
	if (record_has_keyword(r, "edited"))
		s->flags |= SPOOL_EDITED;
	read_keys(s, r, list, g, true);
	read_keys(s, r, list, g, false);
	s->claim = read_claim(s, r, g);
	s->name = read_name(s, r, list, g);
	s->rank = rank_of(s);
	s->content = content_of(r, s);
	s->tie = tie_of(r);
}

static void
add_big_endian(struct buf *out, uint64_t v)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_add_char(out, (char)(v >> shift));
}

void
spool_write(
    const struct spooled *s, struct str id, struct buf *key, struct buf *line)
{
	buf_reset(key);
	add_big_endian(key, (uint64_t)s->time ^ (UINT64_C(1) << 63));
	buf_add_str(key, id);
	buf_add_char(key, '\0');
	buf_add_char(key, (char)s->rank);
	add_big_endian(key, s->content);
	add_big_endian(key, s->tie);
	buf_reset(line);
	buf_add(line, s, HEAD);
	buf_add(line, s->keys,
	    ((size_t)s->trusted + s->claimed) * sizeof(*s->keys));
	buf_add_str(line, s->line);
}

void
spool_load(struct spooled *s, struct str line)
{
	size_t keys;

	memcpy(s, line.p, HEAD);
	keys = ((size_t)s->trusted + s->claimed) * sizeof(*s->keys);
	memcpy(s->keys, line.p + HEAD, keys);
	s->line = str_sub(line, HEAD + keys, line.n);
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
	if (((a->flags ^ b->flags) & SPOOL_EDITED) != 0)
		return (a->flags & SPOOL_EDITED) != 0;
	/* A contact row is best when it is new, a message when it is old. */
	if (a->time != b->time)
		return ((a->flags & SPOOL_CONTACT) != 0) == (a->time > b->time);
	if (a->content != b->content)
		return a->content < b->content;
	return a->tie < b->tie;
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
	unsigned most = 0;

	for (size_t i = 0; i < s->trusted; i++) {
		unsigned rank;

		if (!is_own(g, s->keys[i]))
			continue;
		if (s->trusted == 1)
			return s->keys[i];
		rank = limits_of(&g->limits, graph_text(g, s->keys[i]))->rank;
		if (best != GRAPH_NONE && rank <= most)
			continue;
		best = s->keys[i];
		most = rank;
	}
	if (best != GRAPH_NONE)
		return best;
	for (size_t i = 0; i < s->trusted; i++)
		if ((g->keys[s->keys[i]].flags & KEY_NOTHING) == 0)
			return s->keys[i];
	return s->claim;
}
