#include "recall/interests.h"

#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "recall/topics.h"
#include "text/unicode.h"

enum {
	WORDS_MAX = 4096, /* bytes of folded text */
	SPOKEN_MAX = 700, /* bytes of a message that are looked at */
	TOLD_HALF_LIVES = 6, /* a settled interest is told for so long */
};

struct interest {
	char *topic; /* as it was first seen */
	char *words; /* " basketball hoop " */
	char *products; /* a line of words each, and of SKUs */
	char *settled; /* the order, or NULL */
	struct str channels[INTEREST_CHANNELS];
	double weight; /* at `last` */
	double after; /* the same since it was settled */
	int64_t since, last, settled_at;
	uint32_t count;
	uint8_t channel_n;
};

void
interest_scratch_init(struct interest_scratch *s)
{
	buf_init(&s->topic, WORDS_MAX);
	buf_init(&s->words, WORDS_MAX);
	buf_init(&s->other, WORDS_MAX);
}

void
interest_scratch_release(struct interest_scratch *s)
{
	buf_release(&s->topic);
	buf_release(&s->words);
	buf_release(&s->other);
}

static void
interest_release(struct interest *i)
{
	free(i->topic);
	free(i->words);
	free(i->products);
	free(i->settled);
}

void
interests_release(struct interests *t)
{
	for (size_t i = 0; i < t->n; i++)
		interest_release(&t->v[i]);
	free(t->v);
	*t = (struct interests){ 0 };
}

/* Weights. */

static double
faded(double weight, int64_t from, int64_t to, int64_t half_life)
{
	if (from == TIME_NONE || to == TIME_NONE || to <= from)
		return weight;
	return weight * exp2(-(double)(to - from) / (double)half_life);
}

static void
add_channel(struct interest *i, struct str channel)
{
	for (size_t c = 0; c < i->channel_n; c++)
		if (str_eq(i->channels[c], channel))
			return;
	if (channel.n > 0 && i->channel_n < INTEREST_CHANNELS)
		i->channels[i->channel_n++] = channel;
}

static void
warm(struct interest *i, struct str channel, int64_t at, int64_t half_life)
{
	i->weight = faded(i->weight, i->last, at, half_life) + 1;
	i->after = faded(i->after, i->last, at, half_life) + 1;
	i->count++;
	add_channel(i, channel);
	if (at != TIME_NONE && (i->last == TIME_NONE || at > i->last))
		i->last = at;
	if (i->settled == NULL)
		return;
	if (i->after < INTEREST_ANEW - 0.5)
		return;
	free(i->settled);
	i->settled = NULL;
	i->weight = i->after;
}

/* The one with room for a new interest. */
static struct interest *
make(struct interests *t, int64_t at, int64_t half_life)
{
	size_t least = 0;
	double light = INFINITY;

	/* Without room for more: most people have one or two. */
	if (t->n < INTERESTS) {
		t->v = xreallocarray(t->v, t->n + 1, sizeof(*t->v));
		return &t->v[t->n++];
	}
	for (size_t i = 0; i < t->n; i++) {
		double w =
		    t->v[i].settled != NULL
			? -1
			: faded(t->v[i].weight, t->v[i].last, at, half_life);

		if (w < light) {
			light = w;
			least = i;
		}
	}
	interest_release(&t->v[least]);
	memmove(
	    t->v + least, t->v + least + 1, (t->n - least - 1) * sizeof(*t->v));
	return &t->v[t->n - 1];
}

static struct interest *
find(struct interests *t, struct str words)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_is(words, t->v[i].words))
			return &t->v[i];
	return NULL;
}

/* A line of a product's words, once. */
static void
add_product(struct interest *i, struct str words)
{
	size_t n = i->products == NULL ? 0 : strlen(i->products);
	struct str rest = str_of(i->products);

	if (words.n == 0 || n + words.n + 1 > INTEREST_PRODUCTS)
		return;
	while (rest.p != NULL && rest.n > 0)
		if (str_eq(str_line(&rest), words))
			return;
	i->products = xrealloc(i->products, n + words.n + 2);
	memcpy(i->products + n, words.p, words.n);
	memcpy(i->products + n + words.n, "\n", 2);
}

void
interests_visit(struct interests *t, const struct visit *v, struct str channel,
    int64_t at, int64_t half_life, struct interest_scratch *s)
{
	struct interest *i;

	if (v->order.n > 0 || !topic_of(v, &s->topic, &s->words))
		return;
	i = find(t, buf_str(&s->words));
	if (i == NULL) {
		i = make(t, at, half_life);
		*i = (struct interest){
			.topic = xmemdup0(s->topic.p, s->topic.n),
			.words = xmemdup0(s->words.p, s->words.n),
			.since = at,
			.last = TIME_NONE,
			.settled_at = TIME_NONE,
		};
	}
	warm(i, channel, at, half_life);
	if (v->product.n > 0) {
		buf_reset(&s->other);
		topic_words(&s->other, v->product);
		add_product(i, buf_str(&s->other));
	}
	if (v->sku.n > 0) {
		buf_reset(&s->other);
		buf_printf(&s->other, "#%.*s", STR_ARG(v->sku));
		add_product(i, buf_str(&s->other));
	}
}

void
interests_spoken(struct interests *t, struct str subject, struct str text,
    struct str channel, int64_t at, int64_t half_life,
    struct interest_scratch *s)
{
	if (t->n == 0)
		return;
	buf_reset(&s->words);
	topic_words(&s->words, subject.p == NULL ? STR("") : subject);
	topic_words(
	    &s->words, text.p == NULL ? STR("") : utf8_cut(text, SPOKEN_MAX));
	for (size_t i = 0; i < t->n; i++)
		if (topic_within(str_of(t->v[i].words), buf_str(&s->words)))
			warm(&t->v[i], channel, at, half_life);
}

/* Orders. */

static bool
is_number(const struct item *item, struct str number)
{
	return (item->sku.n > 0 && str_eq(number, item->sku)) ||
	       (item->id.n > 0 && str_eq(number, item->id));
}

static bool
item_settles(const struct interest *i, const struct item *item,
    struct interest_scratch *s)
{
	struct str rest = str_of(i->products);

	buf_reset(&s->words);
	topic_words(&s->words, item->name.p == NULL ? STR("") : item->name);
	topic_words(
	    &s->words, item->category.p == NULL ? STR("") : item->category);
	if (topic_within(str_of(i->words), buf_str(&s->words)))
		return true;
	while (rest.p != NULL && rest.n > 0) {
		struct str line = str_line(&rest);

		if (line.n > 1 && line.p[0] == '#'
			? is_number(item, str_sub(line, 1, line.n))
			: topic_within(line, buf_str(&s->words)))
			return true;
	}
	return false;
}

void
interests_order(struct interests *t, const struct order *o, struct str name,
    int64_t at, struct interest_scratch *s)
{
	for (size_t k = 0; k < t->n; k++) {
		struct interest *i = &t->v[k];
		bool settles = false;

		if (o->gone) {
			if (i->settled == NULL || !str_is(name, i->settled))
				continue;
			free(i->settled);
			i->settled = NULL;
			continue;
		}
		for (size_t j = 0; j < o->n && !settles; j++)
			settles = item_settles(i, &o->items[j], s);
		if (!settles ||
		    (i->settled != NULL && str_is(name, i->settled)))
			continue;
		free(i->settled);
		i->settled = xmemdup0(name.p, name.n);
		i->settled_at = at;
		i->after = 0;
	}
}

/* Telling. */

struct told {
	const struct interest *i;
	double weight;
};

/* Open ones by weight, then the settled, the last first. */
static int
by_worth(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	bool xs = x->i->settled != NULL, ys = y->i->settled != NULL;

	if (xs != ys)
		return xs ? 1 : -1;
	if (xs && x->i->settled_at != y->i->settled_at)
		return x->i->settled_at > y->i->settled_at ? -1 : 1;
	if (!xs && x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->i->last != y->i->last)
		return x->i->last > y->i->last ? -1 : 1;
	return strcmp(x->i->words, y->i->words);
}

static size_t
choose(const struct interests *t, int64_t as_of, int64_t half_life,
    struct told out[INTERESTS])
{
	size_t n = 0;

	for (size_t k = 0; k < t->n; k++) {
		const struct interest *i = &t->v[k];
		double w = faded(i->weight, i->last, as_of, half_life);
		bool over =
		    i->settled != NULL && as_of != TIME_NONE &&
		    i->settled_at != TIME_NONE &&
		    (as_of - i->settled_at) / TOLD_HALF_LIVES > half_life;

		w = round(w * 100) / 100;
		if (over || (i->settled == NULL && w < 0.05))
			continue;
		out[n++] = (struct told){ i, w };
	}
	/* cppcheck-suppress uninitvar - n of them are */
	qsort(out, n, sizeof(*out), by_worth);
	return n < INTERESTS_TOLD ? n : INTERESTS_TOLD;
}

static void
write_one(const struct told *t, struct writer *w)
{
	const struct interest *i = t->i;

	write_object(w);
	write_member(w, "topic", str_of(i->topic));
	write_key(w, "weight");
	write_real(w, t->weight);
	write_member_time(w, "since", i->since);
	write_member_time(w, "last", i->last);
	write_member_int(w, "count", i->count);
	write_key(w, "channels");
	write_list(w);
	for (size_t c = 0; c < i->channel_n; c++)
		write_str(w, i->channels[c]);
	write_list_end(w);
	if (i->settled != NULL) {
		write_member(w, "settledBy", str_of(i->settled));
		write_member_time(w, "settledAt", i->settled_at);
	}
	write_object_end(w);
}

void
interests_write(const struct interests *t, int64_t as_of, int64_t half_life,
    struct writer *w)
{
	struct told told[INTERESTS];
	size_t n = choose(t, as_of, half_life, told);

	if (n == 0)
		return;
	write_key(w, "interests");
	write_list(w);
	for (size_t i = 0; i < n; i++)
		write_one(&told[i], w);
	write_list_end(w);
}
