#include "source/imessage/plist.h"

#include <endian.h>

enum {
	TRAILER = 32,
	/* Kinds, in the upper half of an object's first byte. */
	INTEGER = 1,
	REAL = 2,
	DATE = 3,
	DATA = 4,
	ASCII = 5,
	LIST = 10,
	DICT = 13,
	LONG = 15, /* its length stands behind, as an integer */
};

/* Up to eight bytes, the first the largest. */
static uint64_t
number_at(const struct plist *p, uint64_t at, size_t n)
{
	struct str b =
	    str_sub(p->bytes, at > p->bytes.n ? p->bytes.n : (size_t)at, n);
	uint64_t v = 0;

	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | (unsigned char)b.p[i];
	return v;
}

int
plist_open(struct plist *p, struct str bytes)
{
	size_t end;

	*p = (struct plist){ .bytes = bytes };
	if (!str_starts(bytes, STR("bplist0")) || bytes.n < TRAILER + 8)
		return -1;
	end = bytes.n - TRAILER;
	p->offset = (unsigned char)bytes.p[end + 6];
	p->ref = (unsigned char)bytes.p[end + 7];
	p->objects = number_at(p, end + 8, 8);
	p->top = number_at(p, end + 16, 8);
	p->table = number_at(p, end + 24, 8);
	return p->offset > 0 && p->offset <= 8 && p->ref > 0 && p->ref <= 8 &&
		       p->objects <= bytes.n && p->table <= end
		   ? 0
		   : -1;
}

uint64_t
plist_top(const struct plist *p)
{
	return p->top;
}

/* What an object is, how long, and where its content begins. */
struct object {
	unsigned kind;
	uint64_t n, at;
};

static bool
look(const struct plist *p, uint64_t number, struct object *o)
{
	unsigned first, size;

	if (number >= p->objects)
		return false;
	o->at = number_at(p, p->table + number * p->offset, p->offset);
	if (o->at >= p->bytes.n)
		return false;
	first = (unsigned char)p->bytes.p[o->at++];
	o->kind = first >> 4;
	o->n = first & 15;
	if (o->kind < DATA || o->n != LONG)
		return true;
	first = (unsigned)number_at(p, o->at++, 1);
	size = 1u << (first & 15);
	if (first >> 4 != INTEGER || size > 8)
		return false;
	o->n = number_at(p, o->at, size);
	o->at += size;
	return o->n <= p->bytes.n;
}

struct str
plist_bytes(const struct plist *p, uint64_t number)
{
	struct object o;

	if (!look(p, number, &o) || (o.kind != DATA && o.kind != ASCII) ||
	    o.at > p->bytes.n || o.n > p->bytes.n - o.at)
		return STR_NONE;
	return str_sub(p->bytes, (size_t)o.at, (size_t)o.n);
}

uint64_t
plist_at(const struct plist *p, uint64_t of, size_t i, struct str *key)
{
	struct object o;
	uint64_t at;

	if (!look(p, of, &o) || (o.kind != LIST && o.kind != DICT) || i >= o.n)
		return PLIST_NONE;
	at = o.at + i * p->ref;
	if (o.kind == DICT) {
		if (key != NULL)
			*key = plist_bytes(p, number_at(p, at, p->ref));
		at += o.n * p->ref;
	}
	return at + p->ref > p->bytes.n ? PLIST_NONE : number_at(p, at, p->ref);
}

uint64_t
plist_get(const struct plist *p, uint64_t dict, const char *key)
{
	uint64_t value;
	struct str name;

	for (size_t i = 0;; i++) {
		name = STR_NONE;
		value = plist_at(p, dict, i, &name);
		if (value == PLIST_NONE || str_is(name, key))
			return value;
	}
}

int
plist_number(const struct plist *p, uint64_t number, double *out)
{
	struct object o;
	uint64_t bits;
	float half;
	size_t n;

	if (!look(p, number, &o) || o.n > 3)
		return -1;
	n = (size_t)1 << o.n;
	if (o.at + n > p->bytes.n)
		return -1;
	bits = number_at(p, o.at, n);
	if (o.kind == INTEGER) {
		*out = (double)(int64_t)bits;
	} else if (o.kind == REAL && n == 4) {
		uint32_t low = (uint32_t)bits;

		memcpy(&half, &low, sizeof(half));
		*out = (double)half;
	} else if ((o.kind == REAL || o.kind == DATE) && n == 8) {
		memcpy(out, &bits, sizeof(*out));
	} else {
		return -1;
	}
	return 0;
}
