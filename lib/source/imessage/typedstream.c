/*
 * The streams of NeXT's and Apple's NSArchiver, as far as to the first string
 * in one.  Told by what such streams hold; Apple describes them nowhere.
 *
 * Behind a head ("streamtyped" where numbers are little-endian, "typedstream"
 * where they are big-endian) stand groups: the types of some values, then the
 * values.  A number is a byte, or 0x81 and two, or 0x82 and four.  A type, a
 * name and an object that stood before are a byte from 0x92 on that counts them.
 */
#include "source/imessage/imessage.h"

enum {
	WIDE = 0x81, /* two bytes */
	WIDER, /* four */
	REAL, /* a float or double as it lies in memory */
	NEW, /* what follows is written out */
	NIL,
	END, /* of an object */
	FIRST = 0x92, /* what was first written out */
	KEPT = 128, /* types and names before the first string */
	DEEP = 32, /* objects in objects, types in types */
	GROUPS = 4096,
};

struct stream {
	struct str rest;
	bool big; /* numbers are big-endian */
	bool failed; /* it is none, or ends */
	struct str shared[KEPT];
	size_t shared_n, groups;
	struct str found;
};

static struct str
take(struct stream *s, size_t n)
{
	struct str got = str_sub(s->rest, 0, n);

	s->failed |= got.n < n;
	s->rest = str_sub(s->rest, got.n, s->rest.n);
	return got;
}

static unsigned
byte(struct stream *s)
{
	struct str one = take(s, 1);

	return one.n == 0 ? 0 : (unsigned char)one.p[0];
}

static bool
next_is(const struct stream *s, unsigned value)
{
	return s->rest.n > 0 && (unsigned char)s->rest.p[0] == value;
}

/* n bytes as a number. */
static uint32_t
wide(struct stream *s, size_t n)
{
	struct str b = take(s, n);
	uint32_t value = 0;

	for (size_t i = 0; i < b.n; i++)
		value =
		    value << 8 | (unsigned char)b.p[s->big ? i : b.n - 1 - i];
	return value;
}

static uint32_t
number(struct stream *s)
{
	unsigned first = byte(s);

	if (first == WIDE)
		return wide(s, 2);
	if (first == WIDER)
		return wide(s, 4);
	s->failed |= first > WIDER && first < FIRST;
	return first;
}

static struct str
bytes(struct stream *s)
{
	return take(s, number(s));
}

/* A type or a name; absent where there is none. */
static struct str
shared(struct stream *s)
{
	unsigned first = byte(s);

	if (first == NEW) {
		struct str b = bytes(s);

		if (s->shared_n < KEPT)
			s->shared[s->shared_n++] = b;
		else
			s->failed = true;
		return b;
	}
	if (first == NIL)
		return STR_NONE;
	if (first < FIRST || first - FIRST >= s->shared_n) {
		s->failed = true;
		return STR_NONE;
	}
	return s->shared[first - FIRST];
}

/* A class, and those above it. */
static void class(struct stream *s)
{
	for (int i = 0; !s->failed && i < DEEP; i++) {
		unsigned first = byte(s);

		if (first != NEW) {
			s->failed |= first != NIL && first < FIRST;
			return;
		}
		(void)shared(s);
		(void)number(s);
	}
	s->failed = true;
}

static bool
goes_on(const struct stream *s)
{
	return !s->failed && s->found.p == NULL;
}

static void group(struct stream *s, unsigned depth);

static void
object(struct stream *s, unsigned depth)
{
	unsigned first = byte(s);

	if (first != NEW) {
		s->failed |= first != NIL && first < FIRST;
		return;
	}
	class(s);
	while (goes_on(s) && !next_is(s, END))
		group(s, depth + 1);
	if (goes_on(s))
		(void)byte(s);
}

static void
real(struct stream *s, size_t n)
{
	if (!next_is(s, REAL)) {
		(void)number(s);
		return;
	}
	(void)byte(s);
	(void)take(s, n);
}

/* "[12c]": so many of a type; *type stands behind the bracket. */
static size_t
count(struct str *type)
{
	size_t n = 0;

	while (type->n > 0 && type->p[0] >= '0' && type->p[0] <= '9' &&
	       n < 1 << 24) {
		n = 10 * n + (size_t)(type->p[0] - '0');
		*type = str_sub(*type, 1, type->n);
	}
	return n;
}

/* One value; *type stands behind its letter then. */
static void
value(struct stream *s, struct str *type, unsigned depth)
{
	char what = type->p[0];
	struct str one;
	size_t n;

	*type = str_sub(*type, 1, type->n);
	switch (what) {
	case '@':
		object(s, depth);
		break;
	case '+':
		one = bytes(s);
		if (!s->failed)
			s->found = one;
		break;
	case '#':
		class(s);
		break;
	case '*':
	case ':':
	case '%':
		(void)shared(s);
		break;
	case 'c':
	case 'C':
	case 'B':
		(void)byte(s);
		break;
	case 'f':
		real(s, 4);
		break;
	case 'd':
		real(s, 8);
		break;
	case '[':
		n = count(type);
		one = *type;
		if (one.n > 0 && (one.p[0] == 'c' || one.p[0] == 'C')) {
			(void)take(s, n);
			*type = str_sub(*type, 1, type->n);
		} else {
			for (; n > 0 && one.n > 0 && goes_on(s); n--) {
				*type = one;
				value(s, type, depth);
			}
		}
		*type = str_sub(*type, 1, type->n);
		break;
	case '{':
		*type =
		    str_sub(*type, (size_t)(str_chr(*type, '=') + 1), type->n);
		while (type->n > 0 && type->p[0] != '}' && goes_on(s))
			value(s, type, depth);
		*type = str_sub(*type, 1, type->n);
		break;
	case 'i':
	case 'I':
	case 'l':
	case 'L':
	case 'q':
	case 'Q':
	case 's':
	case 'S':
		(void)number(s);
		break;
	default:
		s->failed = true;
	}
}

static void
group(struct stream *s, unsigned depth)
{
	struct str type;

	if (depth == DEEP || s->groups++ == GROUPS) {
		s->failed = true;
		return;
	}
	type = shared(s);
	s->failed |= type.n == 0;
	while (goes_on(s) && type.n > 0)
		value(s, &type, depth);
}

struct str
typedstream_text(struct str all)
{
	struct stream s = { .rest = all };
	struct str kind;

	(void)byte(&s); /* its version */
	kind = bytes(&s);
	s.big = str_is(kind, "typedstream");
	s.failed |= !s.big && !str_is(kind, "streamtyped");
	(void)number(&s); /* the system's */
	while (goes_on(&s) && s.rest.n > 0)
		group(&s, 0);
	return s.found;
}
