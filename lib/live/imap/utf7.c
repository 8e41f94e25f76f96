#include "live/imap/utf7.h"

#include "core/text/base64.h"
#include "core/text/utf8.h"

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* The value of a letter of this base64, which has a comma for the slash. */
static unsigned
value(char c)
{
	if (c == ',')
		return 63;
	return c == '/' ? BASE64_NONE : base64_values[(unsigned char)c];
}

/* UTF-16 code units to UTF-8, one at a time. */
struct units {
	struct buf *out;
	uint32_t high; /* the surrogate that waits for its other half */
	bool bad;
};

static void
put_unit(struct units *u, uint32_t unit)
{
	char text[4];
	uint32_t c = unit;
	bool low = unit >= 0xdc00 && unit < 0xe000;

	if ((u->high != 0) != low) {
		u->bad = true;
		return;
	}
	if (unit >= 0xd800 && unit < 0xdc00) {
		u->high = unit;
		return;
	}
	if (low)
		c = 0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00);
	u->high = 0;
	buf_add(u->out, text, utf8_put(text, c));
}

/* What stands between '&' and '-': false where it is none. */
static bool
decode_shifted(struct str s, struct buf *out)
{
	struct units u = { .out = out };
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned v = value(s.p[i]);

		if (v >= 64)
			return false;
		bits = (bits << 6 | v) & 0xffffff;
		have += 6;
		if (have < 16)
			continue;
		have -= 16;
		put_unit(&u, bits >> have & 0xffff);
	}
	return !u.bad && u.high == 0 && have < 6 &&
	       (bits & ((1U << have) - 1)) == 0;
}

static bool
decode(struct str name, struct buf *out)
{
	while (name.n > 0) {
		ptrdiff_t end;

		if ((unsigned char)name.p[0] >= 0x80)
			return false;
		if (name.p[0] != '&') {
			buf_add_char(out, name.p[0]);
			name = str_sub(name, 1, name.n);
			continue;
		}
		end = str_chr(name, '-');
		if (end < 0)
			return false;
		if (end == 1)
			buf_add_char(out, '&');
		else if (!decode_shifted(
			     str_sub(name, 1, (size_t)end - 1), out))
			return false;
		name = str_sub(name, (size_t)end + 1, name.n);
	}
	return true;
}

void
utf7_decode(struct str name, struct buf *out)
{
	size_t before = out->n;

	if (decode(name, out))
		return;
	buf_cut(out, before);
	utf8_clean(name, out);
}

struct shift {
	struct buf *out;
	uint32_t bits;
	int have;
	bool open;
};

static void
shift_unit(struct shift *s, uint32_t unit)
{
	if (!s->open)
		buf_add_char(s->out, '&');
	s->open = true;
	s->bits = s->bits << 16 | unit;
	s->have += 16;
	while (s->have >= 6) {
		s->have -= 6;
		buf_add_char(s->out, letters[s->bits >> s->have & 63]);
	}
	s->bits &= (1U << s->have) - 1;
}

static void
shift_end(struct shift *s)
{
	if (!s->open)
		return;
	if (s->have > 0)
		buf_add_char(s->out, letters[s->bits << (6 - s->have) & 63]);
	buf_add_char(s->out, '-');
	*s = (struct shift){ .out = s->out };
}

void
utf7_encode(struct str name, struct buf *out)
{
	struct shift s = { .out = out };

	while (name.n > 0) {
		uint32_t c = utf8_take(&name, NULL);

		if (c >= 0x20 && c < 0x7f) {
			shift_end(&s);
			buf_add_char(out, (char)c);
			if (c == '&')
				buf_add_char(out, '-');
		} else if (c >= 0x10000) {
			shift_unit(&s, 0xd800 + ((c - 0x10000) >> 10));
			shift_unit(&s, 0xdc00 + ((c - 0x10000) & 0x3ff));
		} else {
			shift_unit(&s, c);
		}
	}
	shift_end(&s);
}
