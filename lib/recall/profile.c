/*
 * How what is known of a person is kept: the piece of memory with what they
 * are called and what was said last; beside it, of few, what they did.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "recall/profile.h"

enum { LENGTH = sizeof(uint32_t) };

/* Makes sure of n bytes behind the end: by closing the gap, else elsewhere. */
static void
reserve(struct context *c, struct profile *k, size_t n)
{
	size_t said = k->end - k->recent, want = k->words_end + said + n;
	size_t size;
	char *p;

	if (n <= k->cap - k->end)
		return;
	if (want > UINT32_MAX / 2)
		alloc_die(want);
	if (want <= k->cap) {
		memmove(k->block + k->words_end, k->block + k->recent, said);
	} else {
		size = pool_size(want);
		p = pool_alloc(&c->blocks, size);
		if (k->block != NULL) {
			memcpy(p, k->block, k->words_end);
			memcpy(p + k->words_end, k->block + k->recent, said);
		}
		pool_free(&c->blocks, k->block, k->cap);
		k->block = p;
		k->cap = (uint32_t)size;
	}
	k->recent = k->words_end;
	k->end = k->recent + (uint32_t)said;
}

/* Room for n bytes at this place before the gap. */
static char *
insert(struct context *c, struct profile *k, size_t at, size_t n)
{
	if (n > k->recent - k->words_end) {
		reserve(c, k, n);
		memmove(k->block + k->recent + n, k->block + k->recent,
		    k->end - k->recent);
		k->recent += (uint32_t)n;
		k->end += (uint32_t)n;
	}
	memmove(k->block + at + n, k->block + at, k->words_end - at);
	k->words_end += (uint32_t)n;
	return k->block + at;
}

static void
put(char *to, struct str s)
{
	uint32_t n = (uint32_t)s.n;

	memcpy(to, &n, LENGTH);
	if (n > 0)
		memcpy(to + LENGTH, s.p, n);
}

struct channel_kept *
profile_add_channel(struct context *c, struct profile *k)
{
	insert(c, k, k->channel_n * sizeof(struct channel_kept),
	    sizeof(struct channel_kept));
	return &profile_channels(k)[k->channel_n++];
}

void
profile_add_word(
    struct context *c, struct profile *k, size_t i, struct str word)
{
	struct profile_walk w = profile_words(k);

	while (i-- > 0)
		profile_next(&w);
	put(insert(c, k, w.p == NULL ? 0 : (size_t)(w.p - k->block),
		LENGTH + word.n),
	    word);
}

void
profile_add_recent(struct context *c, struct profile *k, struct str json)
{
	struct profile_walk w;

	if (k->recent_n == CONTEXT_RECENT) {
		w.p = k->block + k->recent;
		profile_next(&w);
		k->recent = (uint32_t)(w.p - k->block);
		k->recent_n--;
	}
	reserve(c, k, LENGTH + json.n);
	put(k->block + k->end, json);
	k->end += (uint32_t)(LENGTH + json.n);
	k->recent_n++;
}

size_t
profile_recent(const struct profile *k, struct str out[CONTEXT_RECENT])
{
	struct profile_walk w;

	if (k->recent_n == 0)
		return 0;
	w.p = k->block + k->recent;
	for (size_t i = k->recent_n; i-- > 0;)
		out[i] = profile_next(&w);
	return k->recent_n;
}

void
profile_renew_recent(
    struct context *c, struct profile *k, size_t i, struct str json)
{
	struct str said[CONTEXT_RECENT];
	size_t n = profile_recent(k, said);
	struct arena a = { 0 };

	for (size_t at = 0; at < n; at++)
		said[at] = arena_dup(&a, at == i ? json : said[at]);
	k->end = k->recent;
	k->recent_n = 0;
	while (n-- > 0)
		profile_add_recent(c, k, said[n]);
	arena_release(&a);
}

/* What comes again and again. */

uint32_t
context_word_number(struct context *c, struct str s)
{
	return intern_number(&c->words, s);
}

struct str
context_word(struct context *c, struct str s)
{
	return context_word_at(c, context_word_number(c, s));
}

/* Of those who did more than talk. */

struct activities *
context_activities(struct profile *k)
{
	if (k->activities == NULL) {
		k->activities = xcalloc(1, sizeof(*k->activities));
		k->activities->page.at = TIME_NONE;
	}
	return k->activities;
}

void
order_release(struct order_kept *o)
{
	free(o->number);
	free(o->status);
	free(o->items);
	free(o->json);
	free(o->before);
}

void
page_release(struct last_page *p)
{
	free(p->url);
	free(p->page);
	free(p->product);
	free(p->category);
	free(p->order);
}

void
activities_free(struct activities *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->trait_n; i++)
		free(d->traits[i].value);
	for (size_t i = 0; i < d->order_n; i++)
		order_release(&d->orders[i]);
	consents_release(&d->consents);
	free(d->traits);
	interests_release(&d->interests);
	page_release(&d->page);
	free(d);
}
