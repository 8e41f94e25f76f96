#include "text/phraselist.h"

#include <stdlib.h>

#include "core/text/utf8.h"
#include "text/unicode.h"

enum { LANGUAGES = 64 };

struct str
phrase_plain(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, 4 * s.n + 4);
	enum plain_kind last = PLAIN_GONE;
	bool star = str_ends(s, STR("*")), apart = false;
	size_t n = 0;

	while (s.n > 0) {
		uint64_t v = unicode_plain(utf8_take(&s, NULL));

		if (plain_kind(v) == PLAIN_GONE)
			continue;
		if (plain_kind(v) == PLAIN_BREAK) {
			apart = true;
			continue;
		}
		if (apart && last == PLAIN_LETTER &&
		    plain_kind(v) == PLAIN_LETTER)
			to[n++] = ' ';
		n += plain_put(to + n, v);
		last = plain_kind(v);
		apart = false;
	}
	if (star)
		to[n++] = '*';
	return str_make(to, n);
}

/* Languages by number, in the order in which they come. */
struct languages {
	struct str v[LANGUAGES];
	size_t n;
};

/* "pt-BR" is pt.  Those that there is no room for share the last bit. */
static uint64_t
language_bit(struct languages *l, struct str tag)
{
	struct str name = str_split(&tag, '-');
	size_t i = 0;

	if (str_is(name, "und"))
		return ~UINT64_C(0);
	while (i < l->n && !str_eq(l->v[i], name))
		i++;
	if (i == l->n && l->n < LANGUAGES)
		l->v[l->n++] = name;
	return UINT64_C(1) << (i < LANGUAGES - 1 ? i : LANGUAGES - 1);
}

static uint64_t
language_bits(struct languages *l, struct str tags)
{
	uint64_t bits = 0;

	while (tags.p != NULL)
		bits |= language_bit(l, str_split(&tags, ','));
	return bits;
}

/* An entry's number by its key. */
static size_t
number_of(const struct wordlist *l, struct str key)
{
	uint32_t h = wordlist_hash(key);

	while (!str_eq(wordlist_at(l, (size_t)l->slots[h & l->mask] - 1), key))
		h++;
	return (size_t)l->slots[h & l->mask] - 1;
}

static void
make_languages(const struct wordfile *f, size_t n, struct arena *a,
    const struct wordlist *l, struct wordlist_phrases *out,
    struct languages *known)
{
	uint32_t *at = arena_calloc(a, n + 1, sizeof(*at));
	uint64_t *bits = arena_calloc(a, f->n + 1, sizeof(*bits));

	for (size_t i = 0; i < n; i++)
		at[i + 1] = at[i] + (uint32_t)__builtin_popcountll(l->means[i]);
	for (size_t i = 0; i < f->n; i++) {
		const struct wordfile_entry *w = &f->v[i];
		size_t number = number_of(l, w->key);
		uint64_t below =
		    l->means[number] & ((UINT64_C(1) << w->section) - 1);

		bits[at[number] + (uint32_t)__builtin_popcountll(below)] =
		    language_bits(known, w->language);
	}
	out->languages = bits;
	out->languages_at = at;
}

/* The word of a key that begins at p: its bytes. */
static size_t
word_length(const char *p, const char *end)
{
	struct str s = str_make(p, (size_t)(end - p));
	const char *from = p;

	while (s.n > 0) {
		const char *here = s.p;
		uint64_t v = unicode_plain(utf8_take(&s, NULL));

		if (plain_kind(v) == PLAIN_ALONE)
			return (size_t)((here == from ? s.p : here) - from);
		if (plain_kind(v) == PLAIN_BREAK)
			return (size_t)(here - from);
	}
	return (size_t)(end - from);
}

static bool
is_alone(const char *p, size_t n)
{
	return plain_kind(unicode_plain(utf8_first(str_make(p, n)))) ==
	       PLAIN_ALONE;
}

/* Lists on their way to the tables. */
struct making {
	const struct wordfile *file;
	const struct wordlist *list;
	struct arena *a;
	uint64_t *words, *stems, *begins, *openings, *pairs;
	uint64_t beside; /* sections of words that many texts have */
	uint64_t scanned; /* sections */
	struct languages known;
	/* A key, the section, and its languages. */
	struct scanned {
		uint64_t key;
		unsigned section;
		uint64_t languages;
	} * v;
	size_t n;
};

static void
set_bit(uint64_t *bits, uint32_t hash)
{
	hash %= WORDLIST_BITS;
	bits[hash / 64] |= UINT64_C(1) << hash % 64;
}

static size_t
stem_bytes(const char *p)
{
	return (unsigned char)*p < 0x80 ? WORDLIST_STEM : WORDLIST_STEM_OTHER;
}

bool
phrase_is_short(struct str key)
{
	ptrdiff_t at = str_rchr(key, ' ');
	struct str last = str_sub(key, (size_t)(at + 1), key.n);

	return str_ends(last, STR("*")) && last.n - 1 < stem_bytes(last.p);
}

/* All words of an entry, and its beginnings at whose end one ends. */
static void
add_words(struct making *m, struct str key)
{
	bool star = str_ends(key, STR("*"));
	const char *p = key.p, *end = p + key.n - star;

	while (p < end) {
		size_t n = word_length(p, end);

		if (n == 0) {
			p++; /* a blank */
			continue;
		}
		set_bit(m->words, wordlist_spread(wordlist_key(p, n)));
		if (p + n == end && star)
			set_bit(m->stems,
			    wordlist_spread(wordlist_key(p, stem_bytes(p))));
		p += n;
		if (p < end)
			set_bit(m->begins, wordlist_hash(str_make(
					       key.p, (size_t)(p - key.p))));
	}
}

/* Does this word stand alone in one of the sections beside? */
static bool
is_common(const struct making *m, const char *p, size_t n)
{
	return (wordlist_means(m->list, str_make(p, n)) & m->beside) != 0;
}

/* A word of an entry. */
struct part {
	uint64_t key;
	size_t weight; /* how rare it is taken to be */
	bool alone, star;
};

enum {
	PARTS = 16,
	SHORT = 4, /* bytes of a word that many texts have */
	RARE = 10, /* of a pair */
};

static size_t
read_parts(const struct making *m, struct str key, struct part v[PARTS])
{
	bool star = str_ends(key, STR("*"));
	const char *p = key.p, *end = p + key.n - star;
	size_t n = 0, bytes;

	for (; p < end && n<PARTS; p += bytes> 0 ? bytes : 1) {
		bytes = word_length(p, end);
		if (bytes == 0)
			continue;
		v[n++] = (struct part){
			.key = wordlist_key(p, bytes),
			.weight = bytes < SHORT || is_common(m, p, bytes)
				      ? 1
				      : SHORT + bytes,
			.alone = is_alone(p, bytes),
			.star = star && p + bytes == end,
		};
	}
	return n;
}

static void
add_scanned(struct making *m, const struct wordfile_entry *w, uint64_t key)
{
	m->v[m->n++] = (struct scanned){ key, w->section,
		language_bits(&m->known, w->language) };
}

static uint64_t
pair_key(const struct part *v)
{
	/* Characters that stand alone have three bytes each. */
	return v[0].alone ? v[0].key | v[1].key << 24
			  : wordlist_pair(v[0].key, v[1].key);
}

/* A pair is looked for where its second word is something. */
static void
add_pair(struct making *m, const struct wordfile_entry *w, const struct part *v)
{
	add_scanned(m, w, pair_key(v));
	set_bit(m->pairs, wordlist_spread(pair_key(v)));
	if (!v[0].alone)
		m->v[m->n++] =
		    (struct scanned){ v[1].key, WORDLIST_MEANINGS, 0 };
}

/* The pair that is rarest, but for number `not`; n where there is none. */
static size_t
rarest_pair(const struct part *v, size_t n, size_t not )
{
	size_t best = n, most = 0;

	for (size_t i = 0; i + 1 < n; i++) {
		size_t weight = v[i].weight + v[i + 1].weight;

		if (i == not || v[i].alone != v[i + 1].alone || v[i + 1].star ||
		    weight <= most)
			continue;
		best = i;
		most = weight;
	}
	return best;
}

/* One that has a pair is told by it, and by another one: a courtesy may stand
 * within the first. */
static void
add_keys(struct making *m, const struct wordfile_entry *w)
{
	struct part v[PARTS];
	size_t n = read_parts(m, w->key, v), rare = 0;
	size_t pair = rarest_pair(v, n, n), other;

	if (pair < n) {
		add_pair(m, w, v + pair);
		other = rarest_pair(v, n, pair);
		if (other < n && !v[other].alone &&
		    v[other].weight + v[other + 1].weight >= RARE)
			add_pair(m, w, v + other);
		return;
	}
	for (size_t i = 1; i < n; i++)
		if (v[i].weight > v[rare].weight)
			rare = i;
	if (n > 0)
		add_scanned(m, w, v[rare].key);
}

static void
add_entry(struct making *m, const struct wordfile_entry *w)
{
	add_words(m, w->key);
	if ((m->scanned >> w->section & 1) != 0)
		add_keys(m, w);
}

static int
by_key(const void *x, const void *y)
{
	const struct scanned *a = x, *b = y;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->section > b->section) - (a->section < b->section);
}

/* One row for each key and section; returns how many keys. */
static size_t
merge_rows(struct making *m)
{
	size_t n = 0, keys = 0;

	qsort(m->v, m->n, sizeof(*m->v), by_key);
	for (size_t i = 0; i < m->n; i++) {
		keys += i == 0 || m->v[i].key != m->v[i - 1].key;
		if (n > 0 && m->v[n - 1].key == m->v[i].key &&
		    m->v[n - 1].section == m->v[i].section)
			m->v[n - 1].languages |= m->v[i].languages;
		else
			m->v[n++] = m->v[i];
	}
	m->n = n;
	return keys;
}

static void
make_slots(struct making *m, struct wordlist_phrases *out)
{
	size_t keys = merge_rows(m);
	uint64_t *key, *means, *languages;
	uint16_t *at;
	uint32_t size = 16;

	while (size < 3 * keys)
		size *= 2;
	key = arena_calloc(m->a, size, sizeof(*key));
	means = arena_calloc(m->a, size, sizeof(*means));
	at = arena_calloc(m->a, size, sizeof(*at));
	languages = arena_calloc(m->a, m->n + 1, sizeof(*languages));
	out->keys = key;
	out->means = means;
	out->key_languages = languages;
	out->key_languages_at = at;
	out->mask = size - 1;
	for (size_t i = 0; i < m->n; i++) {
		uint32_t slot = wordlist_slot(out, m->v[i].key);

		if (key[slot] == 0)
			at[slot] = (uint16_t)i;
		key[slot] = m->v[i].key;
		set_bit(m->openings, wordlist_opening((uint32_t)m->v[i].key));
		if (m->v[i].section < WORDLIST_MEANINGS)
			means[slot] |= UINT64_C(1) << m->v[i].section;
		languages[i] = m->v[i].languages;
	}
}

/* The sections of these names. */
static uint64_t
sections_of(const struct wordfile *f, struct str names)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < f->sections_n; i++) {
		struct str rest = names;

		while (rest.p != NULL)
			if (str_eq(str_split(&rest, ' '), f->sections[i].name))
				bits |= UINT64_C(1) << i;
	}
	return bits;
}

void
phrases_make(
    const struct wordfile *f, size_t n, struct arena *a, struct wordlist *out)
{
	struct wordlist_phrases *p = arena_calloc(a, 1, sizeof(*p));
	struct making m = { .file = f, .list = out, .a = a };
	enum { WORDS = WORDLIST_BITS / 64 };

	m.words = arena_calloc(a, WORDS, sizeof(*m.words));
	m.stems = arena_calloc(a, WORDS, sizeof(*m.stems));
	m.begins = arena_calloc(a, WORDS, sizeof(*m.begins));
	m.openings = arena_calloc(a, WORDS, sizeof(*m.openings));
	m.pairs = arena_calloc(a, WORDS, sizeof(*m.pairs));
	m.v = arena_calloc(a, 4 * f->n + 1, sizeof(*m.v));
	make_languages(f, n, a, out, p, &m.known);
	m.scanned = sections_of(f, f->scan);
	m.beside = sections_of(f, f->common);
	for (size_t i = 0; i < f->n; i++)
		add_entry(&m, &f->v[i]);
	make_slots(&m, p);
	p->words = m.words;
	p->stems = m.stems;
	p->begins = m.begins;
	p->openings = m.openings;
	p->pairs = m.pairs;
	out->phrases = p;
}
