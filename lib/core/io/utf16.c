#include "core/io/utf16.h"
#include "core/text/utf8.h"

enum { REPLACEMENT = 0xfffd };

/* By the byte order mark, or by the NULs between the first letters. */
static int
byte_order(struct str head)
{
	size_t n = head.n < 16 ? head.n & ~(size_t)1 : 16;
	bool little = n >= 4, big = n >= 4;

	if (str_starts(head, STR("\xff\xfe")))
		return UTF16_LITTLE;
	if (str_starts(head, STR("\xfe\xff")))
		return UTF16_BIG;
	for (size_t i = 0; i < n; i += 2) {
		little &= head.p[i] != 0 && head.p[i + 1] == 0;
		big &= head.p[i] == 0 && head.p[i + 1] != 0;
	}
	return little ? UTF16_LITTLE : big ? UTF16_BIG : UTF16_NOT;
}

/* Is a unit here, for which no block has to be read? */
static bool
has_unit(const struct utf16 *u)
{
	return u->left.n >= (u->odd < 0 ? 2 : 1);
}

/* The next 16 bits: 1, 0 at the end, -1. */
static int
next_unit(struct utf16 *u, uint32_t *out, struct err *e)
{
	unsigned char a, b;

	for (;;) {
		int got;

		if (has_unit(u))
			break;
		if (u->left.n == 1)
			u->odd = (unsigned char)u->left.p[0];
		got = input_block(u->file, &u->left, e);
		if (got > 0)
			continue;
		u->left = STR("");
		if (got == 0 && u->odd >= 0) {
			u->odd = -1;
			*out = REPLACEMENT;
			return 1;
		}
		return got;
	}
	a = u->odd < 0 ? (unsigned char)*u->left.p++ : (unsigned char)u->odd;
	b = (unsigned char)*u->left.p++;
	u->left.n -= u->odd < 0 ? 2 : 1;
	u->odd = -1;
	*out = u->big ? (uint32_t)a << 8 | b : (uint32_t)b << 8 | a;
	return 1;
}

/* One unit's character: 0 where it is the first half of a pair, or a mark at
 * the beginning; two where a half stood alone before it. */
static size_t
decode(struct utf16 *u, uint32_t unit, char *out)
{
	uint32_t high = u->high;
	size_t n = 0;

	u->high = 0;
	if (!u->begun) {
		u->begun = true;
		if (unit == 0xfeff)
			return 0;
	}
	if (high != 0 && unit >= 0xdc00 && unit < 0xe000)
		return utf8_put(
		    out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
	if (high != 0)
		n = utf8_put(out, REPLACEMENT);
	if (unit >= 0xd800 && unit < 0xdc00)
		u->high = unit;
	else if (unit >= 0xdc00 && unit < 0xe000)
		n += utf8_put(out + n, REPLACEMENT);
	else
		n += utf8_put(out + n, unit);
	return n;
}

/* What is here already is given before the next block, which may not come for
 * long. */
static ptrdiff_t
read_decoded(void *arg, void *p, size_t n, struct err *e)
{
	struct utf16 *u = arg;
	char *out = p;
	size_t done = 0;
	uint32_t unit;
	int got = 1;

	while (done + 8 <= n && (done == 0 || has_unit(u)) &&
	       (got = next_unit(u, &unit, e)) > 0)
		done += decode(u, unit, out + done);
	if (done > 0)
		return (ptrdiff_t)done; /* a failure comes again */
	if (got == 0 && u->high != 0) {
		u->high = 0;
		return (ptrdiff_t)utf8_put(out, REPLACEMENT);
	}
	return got;
}

int
utf16_open(struct utf16 *u, struct input *file, size_t max_line, struct err *e)
{
	struct str head;
	int kind;

	*u = (struct utf16){ .input = file, .file = file, .odd = -1 };
	if (input_peek(file, 16, &head, e) < 0)
		return -1;
	kind = byte_order(head);
	if (kind == UTF16_NOT)
		return 0;
	u->big = kind == UTF16_BIG;
	u->input = input_from(input_name(file), read_decoded, u, max_line, e);
	input_over(u->input, file);
	return 0;
}

void
utf16_close(struct utf16 *u)
{
	if (u->input != u->file)
		input_close(u->input);
}

struct str
utf16_head(struct str head, struct arena *a)
{
	int kind = byte_order(head);
	struct utf16 u = { .left = head, .big = kind == UTF16_BIG, .odd = -1 };
	size_t n = 0;
	uint32_t unit;
	struct err e;
	char *out;

	if (kind == UTF16_NOT)
		return head;
	out = arena_alloc(a, head.n * 2 + 8); /* of a unit at most three */
	while (has_unit(&u) && next_unit(&u, &unit, &e) > 0)
		n += decode(&u, unit, out + n);
	return str_make(out, n);
}
