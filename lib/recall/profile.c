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
reserve(struct context *c, struct known *k, size_t n)
{
	size_t said = k->end - k->recent, want = k->words_end + said + n;
	size_t size;
	char *p;

	if (n <= k->cap - k->end)
		return;
	if (want > UINT32_MAX / 2)
		alloc_die(want);
	if (want <= k->cap) {
		memmove(k->room + k->words_end, k->room + k->recent, said);
	} else {
		size = pool_size(want);
		p = pool_alloc(&c->rooms, size);
		if (k->room != NULL) {
			memcpy(p, k->room, k->words_end);
			memcpy(p + k->words_end, k->room + k->recent, said);
		}
		pool_free(&c->rooms, k->room, k->cap);
		k->room = p;
		k->cap = (uint32_t)size;
	}
	k->recent = k->words_end;
	k->end = k->recent + (uint32_t)said;
}

/* Room for n bytes at this place before the gap. */
static char *
insert(struct context *c, struct known *k, size_t at, size_t n)
{
	if (n > k->recent - k->words_end) {
		reserve(c, k, n);
		memmove(k->room + k->recent + n, k->room + k->recent,
		    k->end - k->recent);
		k->recent += (uint32_t)n;
		k->end += (uint32_t)n;
	}
	memmove(k->room + at + n, k->room + at, k->words_end - at);
	k->words_end += (uint32_t)n;
	return k->room + at;
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
room_add_channel(struct context *c, struct known *k)
{
	insert(c, k, k->channel_n * sizeof(struct channel_kept),
	    sizeof(struct channel_kept));
	return &room_channels(k)[k->channel_n++];
}

void
room_add_word(struct context *c, struct known *k, size_t i, struct str word)
{
	struct room_walk w = room_words(k);

	while (i-- > 0)
		room_next(&w);
	put(insert(c, k, w.p == NULL ? 0 : (size_t)(w.p - k->room),
		LENGTH + word.n),
	    word);
}

void
room_add_recent(struct context *c, struct known *k, struct str json)
{
	struct room_walk w;

	if (k->recent_n == CONTEXT_RECENT) {
		w.p = k->room + k->recent;
		room_next(&w);
		k->recent = (uint32_t)(w.p - k->room);
		k->recent_n--;
	}
	reserve(c, k, LENGTH + json.n);
	put(k->room + k->end, json);
	k->end += (uint32_t)(LENGTH + json.n);
	k->recent_n++;
}

size_t
room_recent(const struct known *k, struct str out[CONTEXT_RECENT])
{
	struct room_walk w;

	if (k->recent_n == 0)
		return 0;
	w.p = k->room + k->recent;
	for (size_t i = k->recent_n; i-- > 0;)
		out[i] = room_next(&w);
	return k->recent_n;
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

struct deeds *
context_deeds(struct known *k)
{
	if (k->deeds == NULL) {
		k->deeds = xcalloc(1, sizeof(*k->deeds));
		k->deeds->page.at = TIME_NONE;
	}
	return k->deeds;
}

void
order_release(struct order_kept *o)
{
	free(o->number);
	free(o->status);
	free(o->items);
	free(o->json);
}

void
page_release(struct page_seen *p)
{
	free(p->url);
	free(p->page);
	free(p->product);
	free(p->category);
	free(p->order);
}

void
deeds_free(struct deeds *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->consent_n; i++)
		free(d->consent[i].words);
	for (size_t i = 0; i < d->trait_n; i++)
		free(d->traits[i].value);
	for (size_t i = 0; i < d->order_n; i++)
		order_release(&d->orders[i]);
	free(d->consent);
	free(d->traits);
	interests_release(&d->interests);
	page_release(&d->page);
	free(d);
}
