#include "merge/bulk.h"

#include <endian.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "record/fields.h"

enum {
	TEXTS = 1 << 12, /* as they come: so many before old ones go */
	KEY = 24, /* bytes of the sort's: text, time, who */
	COUNTS = 20, /* bits of a text's hash by which they are counted */
};

/* Within how long they are one mailing. */
#define WITHIN TIME_HOUR

void
bulk_init(struct bulk *b)
{
	*b = (struct bulk){ .newest = TIME_NONE, .most = TEXTS };
}

static void
release_sort(struct bulk *b)
{
	sorter_free(b->sorter);
	b->sorter = NULL;
	vec_release(&b->held);
	free(b->counts);
	b->counts = NULL;
}

void
bulk_release(struct bulk *b)
{
	release_sort(b);
	vec_release(&b->times);
	map_release(&b->texts);
	vec_release(&b->recents);
}

__extension__ typedef unsigned __int128 wide;

static uint64_t
load(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n < sizeof(v) ? n : sizeof(v));
	return le64toh(v);
}

/*
 * The same in every run, for they are kept; never 0 of what is not empty.  Fast,
 * since each message of ours is hashed, and under no secret: the words are our
 * own.
 */
static uint64_t
hash(struct str s)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = s.n;
	wide product;

	for (size_t i = 0; i < s.n; i += 16) {
		uint64_t a = load(s.p + i, s.n - i);
		uint64_t b = s.n - i > 8 ? load(s.p + i + 8, s.n - i - 8) : 0;

		product = (wide)(a ^ h) * (b ^ odd);
		h = (uint64_t)product ^ (uint64_t)(product >> 64) ^ h << 1;
	}
	return s.n == 0 ? 0 : h | 1;
}

/* One recipient is known by the address alone, of several the lists. */
static uint64_t
who_of(struct record *r, uint32_t *people)
{
	struct json to = record_get(r, "to"), cc = record_get(r, "cc");
	size_t n = json_count(to) + json_count(cc);
	struct json first;
	struct str s;

	*people = n == 0 ? 1 : (uint32_t)n;
	if (*people > 1)
		return hash(json_raw(to)) ^ (hash(json_raw(cc)) << 1);
	first = json_at(to, 0);
	s = json_str(json_get(first, "email"), record_arena(r));
	if (s.n == 0)
		s = json_str(json_get(first, "tel"), record_arena(r));
	if (s.n == 0)
		s = json_str(json_get(first, "uri"), record_arena(r));
	return hash(s);
}

static bool
refers(struct record *r)
{
	return json_at(record_get(r, "inReplyTo"), 0).doc != NULL ||
	       json_at(record_get(r, "references"), 0).doc != NULL ||
	       json_get(record_get(r, "reply"), "answers").doc != NULL;
}

bool
bulk_read(struct record *r, int64_t time, struct bulk_sent *out)
{
	if (time == TIME_NONE || refers(r) ||
	    !record_is(r, "direction", "outbound"))
		return false;
	out->time = time;
	out->text = hash(str_trim(record_str(r, "text")));
	if (out->text == 0)
		return false;
	out->who = who_of(r, &out->people);
	return out->who != 0;
}

/* Numbers in the order of their bytes. */
static void
put(char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (char)(v >> (56 - 8 * i));
}

static uint64_t
take(const char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

#define SIGN (UINT64_C(1) << 63)

static int
sort_one(struct bulk *b, const struct bulk_sent *x, struct err *e)
{
	char key[KEY];

	put(key, x->text);
	put(key + 8, (uint64_t)x->time ^ SIGN);
	put(key + 16, x->who);
	return sorter_add(b->sorter, str_make(key, KEY),
	    str_make((const char *)&x->people, sizeof(x->people)), e);
}

static uint8_t *
count_of(struct bulk *b, uint64_t text)
{
	return &b->counts[text >> (64 - COUNTS)];
}

/* Those go to the sort whose text comes often enough, or all. */
static int
sort_held(struct bulk *b, bool all, struct err *e)
{
	if (b->sorter == NULL)
		b->sorter = sorter_new(BULK_MEMORY);
	for (size_t i = 0; i < b->held.n; i++)
		if ((all || *count_of(b, b->held.v[i].text) > BULK_PEOPLE) &&
		    sort_one(b, &b->held.v[i], e) != 0)
			return -1;
	b->held.n = 0;
	return 0;
}

int
bulk_add(struct bulk *b, const struct bulk_sent *x, struct err *e)
{
	uint8_t *count;

	if (b->counts == NULL)
		b->counts = xcalloc(1 << COUNTS, 1);
	if (x->time > b->newest)
		b->newest = x->time;
	count = count_of(b, x->text);
	*count = (uint8_t)(x->people < (uint32_t)(UINT8_MAX - *count)
			       ? *count + x->people
			       : UINT8_MAX);
	vec_add(&b->held, *x);
	return b->held.n * sizeof(*x) < BULK_MEMORY ? 0 : sort_held(b, true, e);
}

/* How many people got the text until then, within the time. */
static size_t
note(struct bulk_recent *recent, const struct bulk_sent *x)
{
	size_t n = 0, at = 0, people = 0;

	for (size_t i = 0; i < recent->n; i++)
		if (recent->v[i].who != x->who)
			recent->v[n++] = recent->v[i];
	at = n == BULK_PEOPLE + 1;
	if (at > 0)
		memmove(recent->v, recent->v + 1, --n * sizeof(*recent->v));
	recent->v[n++] = *x;
	recent->n = n;
	for (size_t i = 0; i < n; i++)
		if (recent->v[i].time <= x->time &&
		    x->time - recent->v[i].time <= WITHIN)
			people += recent->v[i].people;
	return people;
}

/* All from an hour before on are part of it. */
static void
add_time(struct bulk *b, const struct bulk_sent *x)
{
	struct bulk_time *last =
	    b->times.n == 0 ? NULL : &b->times.v[b->times.n - 1];

	if (last != NULL && last->text == x->text &&
	    last->until >= x->time - WITHIN)
		last->until = x->time;
	else
		vec_add(&b->times,
		    (struct bulk_time){ x->text, x->time - WITHIN, x->time });
}

int
bulk_find(struct bulk *b, struct err *e)
{
	struct bulk_recent recent = { .n = 0 };
	struct bulk_sent x = { 0 };
	struct str key, line;
	uint64_t text = 0;
	int rc;

	if (b->counts == NULL)
		return 0;
	if (sort_held(b, false, e) != 0 || sorter_finish(b->sorter, e) != 0)
		return -1;
	while ((rc = sorter_next(b->sorter, &key, &line, e)) == 1) {
		x.text = take(key.p);
		x.time = (int64_t)(take(key.p + 8) ^ SIGN);
		x.who = take(key.p + 16);
		memcpy(&x.people, line.p, sizeof(x.people));
		if (x.text != text)
			recent.n = 0;
		text = x.text;
		if (note(&recent, &x) > BULK_PEOPLE)
			add_time(b, &x);
	}
	release_sort(b);
	return rc < 0 ? -1 : 0;
}

bool
bulk_has(const struct bulk *b, const struct bulk_sent *x)
{
	size_t from = 0, until = b->times.n;

	/* The last one that begins before. */
	while (from < until) {
		size_t mid = from + (until - from) / 2;
		const struct bulk_time *t = &b->times.v[mid];

		if (t->text < x->text ||
		    (t->text == x->text && t->from <= x->time))
			from = mid + 1;
		else
			until = mid;
	}
	return from > 0 && b->times.v[from - 1].text == x->text &&
	       x->time <= b->times.v[from - 1].until;
}

/* Texts of which nothing is in time any more go, once there are many. */
static void
forget(struct bulk *b)
{
	struct map texts = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < b->texts.n; i++) {
		const struct map_entry *e = &b->texts.entries[i];
		const struct bulk_recent *recent = &b->recents.v[e->value];
		int64_t last = recent->v[recent->n - 1].time;

		if (b->newest - last > WITHIN)
			continue;
		*map_put(&texts, e->key, NULL) = n;
		b->recents.v[n++] = *recent;
	}
	map_release(&b->texts);
	b->texts = texts;
	b->recents.n = n;
	b->most = n * 2 > TEXTS ? n * 2 : TEXTS;
}

bool
bulk_next(struct bulk *b, const struct bulk_sent *x)
{
	struct str text = str_make((const char *)&x->text, sizeof(x->text));
	uint64_t *at;
	bool fresh;

	if (x->time > b->newest)
		b->newest = x->time;
	if (b->texts.n >= b->most && map_get(&b->texts, text) == NULL)
		forget(b);
	at = map_put(&b->texts, text, &fresh);
	if (fresh) {
		*at = b->recents.n;
		vec_add(&b->recents, (struct bulk_recent){ .n = 0 });
	}
	return note(&b->recents.v[*at], x) > BULK_PEOPLE;
}
