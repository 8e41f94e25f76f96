#ifndef KITH_CORE_BUF_H
#define KITH_CORE_BUF_H
/*
 * Growable bytes with a ceiling.  Storage of the struct is the caller's, the
 * bytes are the buffer's.  Past the ceiling nothing is added and `over` stays
 * set until the next reset, so a caller may write many pieces and ask once.
 * BUF_PAD bytes behind the content are always readable (zeroed when the
 * buffer grew for it), which is what SIMD readers want.
 */
#include "core/str.h"

enum { BUF_PAD = 64 };

struct buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool over;
};

/* max is in bytes and must not be 0. */
void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
/* Empties it and keeps the memory. */
void buf_reset(struct buf *b);
/* buf_add where there may be no room; call buf_add, below. */
int buf_add_slow(struct buf *b, const void *p, size_t n);
/* Each returns 0, or -1 with `over` set and nothing added. */
int buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* For people: "2,469". */
int buf_add_count(struct buf *b, uint64_t n);
/* buf_room where there may be none; call buf_room, below. */
char *buf_room_slow(struct buf *b, size_t n);
/* Cuts down to n bytes; n must not exceed what is there. */
void buf_cut(struct buf *b, size_t n);
/* Puts a NUL behind the content (not counted) and returns it as C string. */
const char *buf_cstr(struct buf *b);

/* Room for n more bytes: where they go, or NULL past the ceiling. */
static inline char *
buf_room(struct buf *b, size_t n)
{
	if (b->over || b->p == NULL || n > b->cap - b->n)
		return buf_room_slow(b, n);
	return b->p + b->n;
}

/* The common case, where there is room, without a call. */
static inline int
buf_add(struct buf *b, const void *p, size_t n)
{
	if (b->over || b->n + n < n || b->n + n > b->cap || b->p == NULL)
		return buf_add_slow(b, p, n);
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}

static inline int
buf_add_str(struct buf *b, struct str s)
{
	return buf_add(b, s.p, s.n);
}

static inline int
buf_add_z(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

static inline int
buf_add_char(struct buf *b, char c)
{
	if (b->over || b->n >= b->cap)
		return buf_add_slow(b, &c, 1);
	b->p[b->n++] = c;
	return 0;
}

static inline struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->p == NULL ? "" : b->p, b->n };
}

#endif
