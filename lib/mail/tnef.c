#include "mail/tnef.h"

#include "core/buf.h"
#include "text/unicode.h"

enum {
	RENDERING = 0x00069002, /* begins a file */
	TITLE = 0x00018010,
	DATA = 0x0006800f,
	PROPERTIES = 0x00069005,
	LONG_NAME = 0x3707, /* PidTagAttachLongFilename */
	NAMED = 0x8000, /* such properties have a name before their value */
	PROPERTIES_MAX = 1000,
};

static uint32_t
number(struct str s, size_t at, size_t bytes)
{
	uint32_t v = 0;

	for (size_t i = bytes; i > 0; i--)
		v = v << 8 | (unsigned char)s.p[at + i - 1];
	return v;
}

bool
tnef_open(struct tnef *t, struct str s)
{
	if (!str_starts(s, STR("\x78\x9f\x3e\x22")) || s.n < 6)
		return false;
	*t = (struct tnef){ .rest = str_sub(s, 6, s.n) };
	return true;
}

/* Takes an attribute off: a level, its id, its length, data, a checksum. */
static bool
take(struct tnef *t, uint32_t *id, struct str *data)
{
	size_t n;

	if (t->rest.n < 11)
		return false;
	*id = number(t->rest, 1, 4);
	n = number(t->rest, 5, 4);
	if (n > t->rest.n - 11)
		return false;
	*data = str_sub(t->rest, 9, n);
	t->rest = str_sub(t->rest, n + 11, t->rest.n);
	return true;
}

/* Without the NULs that end it. */
static struct str
bare(struct str s)
{
	while (s.n > 0 && s.p[s.n - 1] == '\0')
		s.n--;
	return s.n == 0 ? STR_NONE : s;
}

/* Bytes of a property's value of fixed size; 0 where it is of another. */
static size_t
fixed_size(uint32_t type)
{
	switch (type) {
	case 0x02: /* 16 bits, in four bytes */
	case 0x03:
	case 0x04:
	case 0x0a:
	case 0x0b:
		return 4;
	case 0x05:
	case 0x06:
	case 0x07:
	case 0x14:
	case 0x40:
		return 8;
	case 0x48:
		return 16;
	default:
		return 0;
	}
}

static struct str
from_utf16(struct str s, struct arena *a)
{
	struct buf b;

	buf_init(&b, 4 * s.n + 1024);
	(void)charset_decode(s, STR("utf-16le"), &b);
	s = bare(arena_dup(a, buf_str(&b)));
	buf_release(&b);
	return s;
}

/* Takes a value of n bytes and what fills it up to four. */
static bool
take_bytes(struct str *s, size_t n, struct str *value)
{
	size_t padded = (n + 3) & ~(size_t)3;

	if (n > s->n || padded < n)
		return false;
	*value = str_sub(*s, 0, n);
	*s = str_sub(*s, padded, s->n);
	return true;
}

/* The long name among a file's properties; absent. */
static struct str
long_name(struct str s, struct arena *a)
{
	uint32_t count = s.n < 4 ? 0 : number(s, 0, 4);

	s = str_sub(s, 4, s.n);
	for (uint32_t i = 0; i < count && i < PROPERTIES_MAX; i++) {
		uint32_t type, id, values = 1;
		struct str value = STR_NONE;
		size_t size;

		if (s.n < 4)
			break;
		type = number(s, 0, 2);
		id = number(s, 2, 2);
		size = fixed_size(type);
		s = str_sub(s, 4, s.n);
		/* Names and lists of values: what follows is not read. */
		if (id >= NAMED || type >= 0x1000)
			break;
		if (size > 0) {
			if (!take_bytes(&s, size, &value))
				break;
			continue;
		}
		if (s.n < 8)
			break;
		values = number(s, 0, 4);
		size = number(s, 4, 4);
		s = str_sub(s, 8, s.n);
		if (values != 1 || !take_bytes(&s, size, &value))
			break;
		if (id == LONG_NAME && type == 0x1f)
			return from_utf16(value, a);
		if (id == LONG_NAME && type == 0x1e)
			return bare(value);
	}
	return STR_NONE;
}

bool
tnef_next(struct tnef *t, struct arena *a, struct tnef_file *out)
{
	struct tnef before = *t;
	struct str data, better;
	uint32_t id;

	*out = (struct tnef_file){ 0 };
	while (take(t, &id, &data)) {
		if (id == RENDERING) {
			/* The next file's: this one is whole. */
			if (t->begun && out->bytes.p != NULL) {
				*t = before;
				return true;
			}
			t->begun = true;
			*out = (struct tnef_file){ 0 };
		} else if (id == TITLE && out->name.p == NULL)
			out->name = bare(data);
		else if (id == DATA)
			out->bytes = data;
		else if (id == PROPERTIES) {
			better = long_name(data, a);
			if (better.p != NULL)
				out->name = better;
		}
		before = *t;
	}
	return out->bytes.p != NULL;
}
