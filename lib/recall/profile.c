/*
 * The piece of memory in which the context keeps what a person is called and
 * what was said last.
 */
#include "core/alloc.h"
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
