#include "record/waiting/lastanswers.h"

#include <string.h>

#include "core/hash.h"
#include "core/time.h"
#include "record/fields.h"

void
last_answers_release(struct last_answers *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->v[i].others);
		free(all->v[i].also);
	}
	vec_release(all);
}

void
last_release(struct last *l)
{
	free(l->asks);
	l->asks = NULL;
	l->asks_n = 0;
}

/* The same in every run, for it is kept. */
uint64_t
last_hash(struct str id)
{
	static const uint8_t key[16] = "kith last answer";
	uint64_t h = hash_sip13(key, id.p == NULL ? "" : id.p, id.n);

	return h == 0 ? 1 : h;
}

/* The case differs between what was sent and what came back. */
uint64_t
last_address_hash(struct str s, struct arena *a)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(p[i]);
	return last_hash(str_make(p, s.n));
}

static struct str
address_of(struct json v, struct arena *a)
{
	static const char *const members[] = { "email", "tel", "uri" };
	struct str s = json_str(v, a);

	for (size_t i = 0; i < 3 && s.n == 0; i++)
		s = json_str(json_get(v, members[i]), a);
	return s;
}

/* The addresses' hashes; returns how many. */
static size_t
hashes_of(
    struct json list, struct arena *a, uint64_t out[LAST_PEOPLE], bool *all)
{
	struct json_iter it = json_each(list);
	struct json v;
	size_t n = 0;

	while (json_next(&it, NULL, &v)) {
		struct str s = address_of(v, a);

		if (s.n > 0 && n == LAST_PEOPLE)
			*all = false;
		else if (s.n > 0)
			out[n++] = last_address_hash(s, a);
	}
	return n;
}

static bool
is_among(uint64_t hash, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == hash)
			return true;
	return false;
}

/* Of more than can be kept it is not known who only read along. */
static void
keep_people(struct last_answer *x, struct record *r)
{
	uint64_t all[2 * LAST_PEOPLE], cc[LAST_PEOPLE];
	bool whole = true;
	size_t n = hashes_of(record_get(r, "to"), record_arena(r), all, &whole);
	size_t copied = n;
	size_t cc_n =
	    hashes_of(record_get(r, "cc"), record_arena(r), cc, &whole);

	for (size_t i = 0; i < cc_n && whole; i++)
		if (!is_among(cc[i], all, n))
			all[n++] = cc[i];
	free(x->others);
	x->others = NULL;
	x->others_n = x->copied = 0;
	x->to = copied > 0 ? all[0] : 0;
	if (n < 2 || copied == 0 || !whole)
		return;
	x->others_n = (uint8_t)(n - 1);
	x->copied = (uint8_t)(copied - 1);
	x->others = xcalloc(n - 1, sizeof(*all));
	memcpy(x->others, all + 1, (n - 1) * sizeof(*all));
}

bool
last_went_to(const struct last_answer *x, uint64_t address)
{
	return address == x->to || is_among(address, x->others, x->others_n);
}

size_t
last_also_of(struct record *r, struct str out[LAST_ALSO])
{
	struct json_iter it = json_each(record_get(r, "answers"));
	struct json v;
	size_t n = 0;

	while (n < LAST_ALSO && json_next(&it, NULL, &v)) {
		out[n] = json_str(v, record_arena(r));
		n += out[n].n == ID_SIZE - 1;
	}
	return n;
}

static void
copy_also(struct last_answer *x, const struct str *ids, size_t n)
{
	free(x->also);
	x->also = n == 0 ? NULL : xcalloc(n, sizeof(*x->also));
	x->also_n = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		memcpy(x->also[i], ids[i].p, ids[i].n);
}

void
last_keep_also(struct last_answer *x, struct record *r)
{
	struct str ids[LAST_ALSO] = { { NULL, 0 } };

	copy_also(x, ids, last_also_of(r, ids));
}

/* What came from another conversation may be older than what was asked here. */
static int64_t
first_of(int64_t a, int64_t b)
{
	return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

/* Forgets the oldest, and gives its place. */
static uint32_t
drop_oldest(struct last_answers *all, struct last *l)
{
	uint32_t number = l->oldest;
	struct last_answer *x = &all->v[number - 1];
	int64_t *next = x->next == 0 ? &l->asked : &all->v[x->next - 1].since;

	if (!x->failed)
		l->settled = x->done ? l->settled : x->at;
	else
		*next = first_of(*next, x->since);
	l->oldest = x->next;
	l->n--;
	return number;
}

/* The answer before which `at` lies, plus one, and the one before that; 0 for
 * none. */
static uint32_t
place_of(const struct last_answers *all, const struct last *l, int64_t at,
    bool behind, uint32_t *before)
{
	uint32_t i = l->oldest;

	*before = 0;
	while (i != 0 &&
	       (all->v[i - 1].at < at || (behind && all->v[i - 1].at == at))) {
		*before = i;
		i = all->v[i - 1].next;
	}
	return i;
}

void
last_asked(struct last_answers *all, struct last *l, int64_t at)
{
	uint32_t before, i = place_of(all, l, at, true, &before);
	int64_t *since = i == 0 ? &l->asked : &all->v[i - 1].since;

	if (l->settled != TIME_NONE && at < l->settled)
		return;
	if (*since == TIME_NONE || at < *since)
		*since = at;
}

static struct last_ask *
find_ask(const struct last *l, uint64_t id, int64_t at)
{
	for (size_t i = 0; i < l->asks_n; i++)
		if (l->asks[i].at == at && l->asks[i].id == id)
			return &l->asks[i];
	return NULL;
}

static void
add_ask(struct last *l, struct last_ask ask)
{
	if (find_ask(l, ask.id, ask.at) != NULL)
		return;
	if (l->asks == NULL)
		l->asks = xcalloc(LAST_ASKS, sizeof(*l->asks));
	if (l->asks_n == LAST_ASKS)
		memmove(l->asks, l->asks + 1, --l->asks_n * sizeof(*l->asks));
	l->asks[l->asks_n++] = ask;
}

void
last_keep(struct last_answers *all, struct last *l, uint64_t id, int64_t at,
    struct last_ask last)
{
	uint32_t before, i = place_of(all, l, at, true, &before);
	int64_t since = i == 0 ? l->asked : all->v[i - 1].since;
	struct last_ask *known = find_ask(l, id, at);

	if (known != NULL)
		known->unasked = false;
	if (known != NULL || since == TIME_NONE)
		return;
	if (last.at == since)
		add_ask(l, last);
	add_ask(l, (struct last_ask){ .id = id, .at = at });
}

/* The first request that is kept and stands, of those before that answer; 0: of
 * those behind the last. */
static int64_t
next_ask(const struct last_answers *all, const struct last *l, uint32_t answer)
{
	int64_t first = TIME_NONE;
	uint32_t before;

	for (size_t i = 0; i < l->asks_n; i++)
		if (!l->asks[i].unasked &&
		    place_of(all, l, l->asks[i].at, true, &before) == answer)
			first = first_of(first, l->asks[i].at);
	return first;
}

bool
last_take_back(
    struct last_answers *all, struct last *l, uint64_t id, int64_t at, bool any)
{
	struct last_ask *x = find_ask(l, id, at);
	uint32_t before, i = place_of(all, l, at, true, &before);
	int64_t *since = i == 0 ? &l->asked : &all->v[i - 1].since;

	if (x == NULL && any)
		x = find_ask(l, 0, at);
	if (x == NULL || x->unasked)
		return false;
	x->id = id;
	x->unasked = true;
	if (*since == at)
		*since = next_ask(all, l, i);
	return true;
}

bool
last_asks_again(
    struct last_answers *all, struct last *l, uint64_t id, int64_t at)
{
	struct last_ask *x = find_ask(l, id, at);

	if (x == NULL || !x->unasked)
		return false;
	x->unasked = false;
	last_asked(all, l, at);
	return true;
}

void
last_took_over(
    struct last_answers *all, struct last *l, int64_t since, int64_t at)
{
	uint32_t before, i = place_of(all, l, at, true, &before);
	int64_t *place = i == 0 ? &l->asked : &all->v[i - 1].since;

	*place = first_of(*place, since);
}

/* What was asked behind the last answer before that time is behind none. */
int64_t
last_gave_over(struct last_answers *all, struct last *l, int64_t at)
{
	uint32_t behind = l->oldest, before;
	uint32_t end = place_of(all, l, at, true, &before);
	int64_t *last = end == 0 ? &l->asked : &all->v[end - 1].since;
	int64_t since = TIME_NONE;

	for (uint32_t i = l->oldest; i != end; i = all->v[i - 1].next)
		if (!all->v[i - 1].failed)
			behind = all->v[i - 1].next;
	for (uint32_t i = behind; i != end; i = all->v[i - 1].next) {
		int64_t *x = &all->v[i - 1].since;

		since = first_of(since, *x);
		*x = TIME_NONE;
	}
	if (*last != TIME_NONE && *last <= at) {
		since = first_of(since, *last);
		*last = TIME_NONE;
	}
	return since;
}

static uint64_t
id_hash(struct str id)
{
	return id.n == 0 ? 0 : last_hash(id);
}

/* The number, plus one, of the answer of that id; 0. */
static uint32_t
find(const struct last_answers *all, const struct last *l, uint64_t id)
{
	uint32_t i = l->oldest;

	while (i != 0 && all->v[i - 1].id != id)
		i = all->v[i - 1].next;
	return id == 0 ? 0 : i;
}

uint32_t
last_answered(struct last_answers *all, struct last *l, struct record *r,
    int64_t at, int64_t last, bool *again)
{
	uint64_t id = id_hash(record_str(r, "id"));
	uint32_t number = find(all, l, id), before, after;
	struct last_answer *x;
	int64_t *since;

	*again = number != 0;
	if (*again)
		return number;
	if (l->settled != TIME_NONE && at < l->settled)
		return 0;
	if (l->n == LAST_ANSWERS && at < all->v[l->oldest - 1].at)
		return 0;
	if (l->n == LAST_ANSWERS) {
		number = drop_oldest(all, l);
	} else {
		vec_add(all, (struct last_answer){ 0 });
		number = (uint32_t)all->n;
	}
	after = place_of(all, l, at, true, &before);
	x = &all->v[number - 1];
	since = after == 0 ? &l->asked : &all->v[after - 1].since;
	x->id = id;
	x->message = id_hash(record_str(r, "messageId"));
	x->at = at;
	x->failed = x->done = false;
	x->since = TIME_NONE;
	x->next = after;
	keep_people(x, r);
	copy_also(x, NULL, 0);
	/* Late: what was asked after it still waits. */
	if (*since != TIME_NONE && *since <= at) {
		x->since = *since;
		*since = after == 0 && last > at ? last : TIME_NONE;
	}
	if (before == 0)
		l->oldest = number;
	else
		all->v[before - 1].next = number;
	l->n++;
	return number;
}

void
last_done(struct last_answers *all, struct last *l, struct record *r,
    int64_t at, int64_t last)
{
	bool again;
	uint32_t number = last_answered(all, l, r, at, last, &again);

	if (number != 0)
		all->v[number - 1].done = true;
}

void
last_reopened(struct last_answers *all, struct last *l, int64_t at)
{
	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next)
		if (all->v[i - 1].done && all->v[i - 1].at <= at)
			all->v[i - 1].failed = true;
}

/* Did it fail for those only who read along? */
static bool
only_copies(const struct last_answer *x, struct record *r,
    const struct receipt *receipt)
{
	uint64_t to[LAST_PEOPLE];
	bool all = true;
	size_t n;

	if (x->copied == x->others_n || receipt->recipients.doc == NULL)
		return false;
	n = hashes_of(receipt->recipients, record_arena(r), to, &all);
	for (size_t i = 0; i < n; i++)
		if (!is_among(to[i], x->others + x->copied,
			(size_t)x->others_n - x->copied))
			return false;
	return n > 0 && all;
}

static bool
is_about(const struct last_answer *x, const struct receipt *receipt,
    const uint64_t *about, size_t n)
{
	if (x->done)
		return false;
	if (receipt->before != TIME_NONE)
		return x->at <= receipt->before;
	return is_among(x->id, about, n) || is_among(x->message, about, n);
}

bool
last_failed(struct last_answers *all, struct last *l, struct record *r,
    const struct receipt *receipt, uint32_t out[LAST_ANSWERS], size_t *failed)
{
	struct str ids[RECEIPT_ABOUT];
	uint64_t about[RECEIPT_ABOUT];
	bool any = false;
	size_t n = 0;

	*failed = 0;
	for (size_t i = receipt_about(r, receipt, ids); i-- > 0;)
		if (ids[i].n > 0)
			about[n++] = last_hash(ids[i]);
	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next) {
		struct last_answer *x = &all->v[i - 1];

		if (!is_about(x, receipt, about, n))
			continue;
		any = true;
		if (x->failed || only_copies(x, r, receipt))
			continue;
		x->failed = true;
		out[(*failed)++] = i - 1;
	}
	return any;
}

void
last_unasked(struct last_answers *all, struct last *l, int64_t at)
{
	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next)
		if (all->v[i - 1].since == at)
			all->v[i - 1].since = TIME_NONE;
	if (l->asked == at)
		l->asked = TIME_NONE;
}

int64_t
last_waits(const struct last_answers *all, const struct last *l)
{
	int64_t since = TIME_NONE;

	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next) {
		const struct last_answer *x = &all->v[i - 1];

		since = x->failed ? first_of(since, x->since) : TIME_NONE;
	}
	return first_of(since, l->asked);
}

int64_t
last_answer_at(const struct last_answers *all, const struct last *l)
{
	int64_t at = l->settled;

	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next)
		if (!all->v[i - 1].failed && !all->v[i - 1].done)
			at = all->v[i - 1].at;
	return at;
}

int64_t
last_answer_from(
    const struct last_answers *all, const struct last *l, int64_t t)
{
	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next)
		if (!all->v[i - 1].failed && !all->v[i - 1].done &&
		    all->v[i - 1].at >= t)
			return all->v[i - 1].at;
	return TIME_NONE;
}

enum {
	PACKED = 48, /* bytes of an answer at least, and of a request */
	PACKED_ASK = 4, /* the flag of a request */
};

/* As bytes: eight each, the smallest first. */
static void
put(struct buf *out, uint64_t v)
{
	for (int i = 0; i < 64; i += 8)
		buf_add_char(out, (char)(v >> i));
}

static uint64_t
take(struct str *s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8 && i < s->n; i++)
		v |= (uint64_t)(unsigned char)s->p[i] << 8 * i;
	*s = str_sub(*s, 8, s->n);
	return v;
}

void
last_pack(const struct last_answers *all, const struct last *l, struct buf *out)
{
	put(out, (uint64_t)l->asked);
	put(out, (uint64_t)l->settled);
	for (size_t i = 0; i < l->asks_n; i++) {
		put(out, l->asks[i].id);
		put(out, 0);
		put(out, (uint64_t)l->asks[i].at);
		put(out, 0);
		put(out, 0);
		put(out, PACKED_ASK | l->asks[i].unasked);
	}
	for (uint32_t i = l->oldest; i != 0; i = all->v[i - 1].next) {
		const struct last_answer *x = &all->v[i - 1];

		put(out, x->id);
		put(out, x->message);
		put(out, (uint64_t)x->at);
		put(out, (uint64_t)x->since);
		put(out, x->to);
		put(out, (uint64_t)x->also_n << 24 |
			     (uint64_t)x->others_n << 16 |
			     (uint64_t)x->copied << 8 | (uint64_t)x->done << 1 |
			     x->failed);
		for (size_t k = 0; k < x->others_n; k++)
			put(out, x->others[k]);
		for (size_t k = 0; k < x->also_n; k++)
			buf_add(out, x->also[k], ID_SIZE - 1);
	}
}

/* The ids behind an entry. */
static void
take_also(struct last_answer *x, size_t n, struct str *s)
{
	struct str ids[LAST_ALSO];

	if (n > LAST_ALSO || s->n < n * (ID_SIZE - 1))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		ids[i] = str_sub(*s, 0, ID_SIZE - 1);
		*s = str_sub(*s, ID_SIZE - 1, s->n);
	}
	copy_also(x, ids, n);
}

void
last_unpack(struct last_answers *all, struct last *l, struct str s)
{
	uint32_t before = 0;

	last_release(l);
	l->oldest = 0;
	l->n = 0;
	l->asked = l->settled = TIME_NONE;
	if (s.n < 16)
		return;
	l->asked = (int64_t)take(&s);
	l->settled = (int64_t)take(&s);
	while (s.n >= PACKED && l->n < LAST_ANSWERS) {
		struct last_answer x = { .id = take(&s) };
		uint64_t flags;

		x.message = take(&s);
		x.at = (int64_t)take(&s);
		x.since = (int64_t)take(&s);
		x.to = take(&s);
		flags = take(&s);
		if ((flags & PACKED_ASK) != 0) {
			add_ask(l,
			    (struct last_ask){ x.id, x.at, (flags & 1) != 0 });
			continue;
		}
		x.failed = (flags & 1) != 0;
		x.done = (flags & 2) != 0;
		x.copied = (uint8_t)(flags >> 8);
		x.others_n = (uint8_t)(flags >> 16);
		if (s.n < 8 * (size_t)x.others_n || x.copied > x.others_n)
			x.others_n = x.copied = 0;
		if (x.others_n > 0)
			x.others = xcalloc(x.others_n, sizeof(*x.others));
		for (size_t k = 0; k < x.others_n; k++)
			x.others[k] = take(&s);
		take_also(&x, flags >> 24 & 0xff, &s);
		vec_add(all, x);
		if (before == 0)
			l->oldest = (uint32_t)all->n;
		else
			all->v[before - 1].next = (uint32_t)all->n;
		before = (uint32_t)all->n;
		l->n++;
	}
}
