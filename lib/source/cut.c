/*
 * The cutter of JSON files.  A scan for brackets and quotes finds where a
 * value ends and copies it without its white space; json_parse then checks
 * the grammar, so the scan itself may be lenient.
 */
#include "source/cut.h"

#include <endian.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/text/utf8.h"
#include "source/peek.h"
#include "text/unicode.h"

enum {
	CUT_HEAD = 64 << 10, /* bytes looked at to tell lines from the rest */
	CUT_NESTED = 64, /* brackets followed there */
};

struct json_cut {
	struct input *in;
	struct json_doc *doc;
	struct buf item, recoded;
	struct str block; /* what is left of the block in hand */
	uint64_t offset; /* of block.p in the file */
	uint64_t count; /* items so far */
	size_t max_item;
	bool begun, list, in_list, lines, ended;
	unsigned depth;
	bool in_string, escaped;
	char at[STR_COUNT];
};

/* What a byte is to the scan outside strings. */
enum { TOKEN = 0, BLANK, QUOTE, OPEN, CLOSE, COMMA };
static const unsigned char kinds[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\n'] = BLANK,
	['\r'] = BLANK,
	[0x1e] = BLANK, /* RFC 7464: JSON text sequences */
	['"'] = QUOTE,
	['{'] = OPEN,
	['['] = OPEN,
	['}'] = CLOSE,
	[']'] = CLOSE,
	[','] = COMMA,
};

struct json_cut *
json_cut_new(void)
{
	struct json_cut *c = xcalloc(1, sizeof(*c));

	c->doc = json_doc_new();
	return c;
}

void
json_cut_free(struct json_cut *c)
{
	if (c == NULL)
		return;
	json_doc_free(c->doc);
	buf_release(&c->item);
	buf_release(&c->recoded);
	free(c);
}

bool
json_cut_in_list(const struct json_cut *c)
{
	return c->list;
}

static void
take(struct json_cut *c, size_t n)
{
	c->block.p += n;
	c->block.n -= n;
	c->offset += n;
}

/* 1 with bytes in hand, 0 at the end, -1. */
static int
fill(struct json_cut *c, struct err *e)
{
	int got;

	while (c->block.n == 0 && !c->ended) {
		got = input_block(c->in, &c->block, e);
		if (got < 0)
			return -1;
		if (got == 0) {
			c->block = STR("");
			c->ended = true;
		}
	}
	return c->block.n > 0;
}

/*
 * What is open at the end of a line that begins a value: 0 nothing, '"' a
 * string, else the innermost bracket, ':' where a member's value is due.
 */
static char
open_at_end(struct str line)
{
	char open[CUT_NESTED], last = 0;
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		char b = line.p[i];

		if (quoted) {
			i += b == '\\';
			quoted = b != '"';
			continue;
		}
		quoted = b == '"';
		if (kinds[(unsigned char)b] == OPEN && depth < CUT_NESTED)
			open[depth++] = b;
		else if (kinds[(unsigned char)b] == CLOSE && depth > 0)
			depth--;
		if (kinds[(unsigned char)b] != BLANK)
			last = b;
	}
	if (quoted)
		return '"';
	return depth == 0 ? 0 : last == ':' ? last : open[depth - 1];
}

/*
 * An object a line: two lines begin with one, and the second does not go on
 * with what the first left open.
 */
static bool
looks_like_lines(struct str head)
{
	ptrdiff_t end = str_chr(head, '\n');
	char open;

	if (end < 0 || head.p[0] != '{' || (size_t)end + 1 >= head.n ||
	    head.p[end + 1] != '{')
		return false;
	open = open_at_end(str_sub(head, 0, (size_t)end));
	return open == 0 || open == '"' || open == '{';
}

int
json_cut_begin(
    struct json_cut *c, struct input *in, size_t max_item, struct err *e)
{
	struct str head;

	c->in = in;
	c->max_item = max_item;
	c->block = STR("");
	c->offset = 0;
	c->count = 0;
	c->begun = c->list = c->in_list = c->ended = false;
	if (c->item.max != max_item) {
		buf_release(&c->item);
		buf_init(&c->item, max_item);
	}
	if (input_peek(in, CUT_HEAD, &head, e) < 0)
		return -1;
	c->lines = looks_like_lines(peek_unmarked(head));
	if (!str_starts(head, STR("\xef\xbb\xbf")))
		return 0;
	/* A byte order mark: the block that comes begins with it. */
	if (fill(c, e) < 0)
		return -1;
	if (str_starts(c->block, STR("\xef\xbb\xbf")))
		take(c, 3);
	return 0;
}

/* Takes white space, commas and the list's own brackets.  As fill. */
static int
skip_between(struct json_cut *c, struct err *e)
{
	int got;

	while ((got = fill(c, e)) > 0) {
		unsigned char b = (unsigned char)c->block.p[0];

		if (kinds[b] == BLANK || kinds[b] == COMMA) {
			take(c, 1);
		} else if (b == '[' &&
			   (!c->begun || (c->list && !c->in_list))) {
			c->begun = c->list = c->in_list = true;
			take(c, 1);
		} else if (b == ']' && c->in_list) {
			c->in_list = false;
			take(c, 1);
		} else {
			break;
		}
	}
	c->begun = true;
	return got;
}

int
json_cut_more(struct json_cut *c, struct err *e)
{
	return skip_between(c, e);
}

static uint64_t
has_byte(uint64_t x, unsigned char b)
{
	uint64_t y = x ^ (UINT64_C(0x0101010101010101) * b);

	return (y - UINT64_C(0x0101010101010101)) & ~y &
	       UINT64_C(0x8080808080808080);
}

/* How far an item was read in a block: what is taken, and where its bytes went. */
struct run {
	const char *p, *end;
	char *to;
	bool done;
};

/*
 * Within a string, to its end or the block's: eight bytes at a time are copied,
 * of which those count that stand before a quote or a backslash.
 */
static void
run_string(struct json_cut *c, struct run *r)
{
	uint64_t w, found;
	size_t n;

	while (r->p < r->end && c->in_string) {
		if (c->escaped) {
			c->escaped = false;
			*r->to++ = *r->p++;
			continue;
		}
		while (r->end - r->p >= (ptrdiff_t)sizeof(w)) {
			memcpy(&w, r->p, sizeof(w));
			memcpy(r->to, &w, sizeof(w));
			w = le64toh(w);
			found = has_byte(w, '"') | has_byte(w, '\\');
			n = found == 0 ? sizeof(w)
				       : (size_t)__builtin_ctzll(found) / 8;
			r->p += n;
			r->to += n;
			if (found != 0)
				break;
		}
		if (r->p == r->end)
			break;
		c->escaped = *r->p == '\\';
		c->in_string = *r->p != '"';
		*r->to++ = *r->p++;
	}
	r->done = !c->in_string && c->depth == 0;
}

/*
 * The bytes of the block that belong to the item, without white space outside of
 * strings.  begun: some of the item were there before.
 */
static void
run_value(struct json_cut *c, struct run *r, bool begun)
{
	const char *from = r->p;

	if (c->in_string)
		run_string(c, r);
	while (r->p < r->end && !r->done) {
		switch (kinds[(unsigned char)*r->p]) {
		case TOKEN:
			break;
		case BLANK:
			if (c->depth == 0) {
				r->done = true;
				return;
			}
			r->p++;
			continue;
		case COMMA:
			if (c->depth == 0) {
				r->done = true;
				return;
			}
			break;
		case QUOTE:
			*r->to++ = *r->p++;
			c->in_string = true;
			run_string(c, r);
			continue;
		case OPEN:
			c->depth++;
			break;
		default: /* CLOSE */
			if (c->depth == 0 && (begun || r->p > from)) {
				r->done = true;
				return;
			}
			r->done = c->depth <= 1;
			c->depth -= c->depth > 0;
		}
		*r->to++ = *r->p++;
	}
}

/* As much of the block as is the item's, kept as far as its ceiling allows. */
static void
gather_block(struct json_cut *c, bool *done)
{
	char past[256 + BUF_PAD];
	size_t room = c->item.over ? 0 : c->item.max - c->item.n;
	size_t n = room == 0 ? sizeof(past) - BUF_PAD : room;
	struct run r = { .p = c->block.p };
	char *from;

	if (n > c->block.n)
		n = c->block.n;
	/* Up to eight bytes behind it are written, which are its padding. */
	from = r.to = room == 0 ? past : buf_room(&c->item, n);
	r.end = r.p + n;
	run_value(c, &r, c->item.n > 0 || c->item.over);
	if (room > 0)
		c->item.n += (size_t)(r.to - from);
	else if (r.to > from)
		c->item.over = true;
	*done = r.done;
	take(c, (size_t)(r.p - c->block.p));
}

/* The item's bytes by brackets: 1 whole, 0 cut off by the end, -1. */
static int
gather_value(struct json_cut *c, struct err *e)
{
	bool done = false;
	int got;

	c->depth = 0;
	c->in_string = c->escaped = false;
	while (!done) {
		if ((got = fill(c, e)) < 0)
			return -1;
		if (got == 0)
			return c->depth == 0 && !c->in_string;
		gather_block(c, &done);
	}
	return 1;
}

/* Keeps n bytes of the block in the item, as far as its ceiling allows. */
static void
keep(struct json_cut *c, size_t n)
{
	if (!c->item.over)
		buf_add(&c->item, c->block.p, n);
	take(c, n);
}

/* The item's bytes up to the line's end: 1, or -1. */
static int
gather_line(struct json_cut *c, struct err *e)
{
	int got;

	while ((got = fill(c, e)) > 0) {
		ptrdiff_t end = str_chr(c->block, '\n');

		if (end >= 0) {
			keep(c, (size_t)end);
			take(c, 1);
			break;
		}
		keep(c, c->block.n);
	}
	while (c->item.n > 0 &&
	       kinds[(unsigned char)c->item.p[c->item.n - 1]] == BLANK)
		buf_cut(&c->item, c->item.n - 1);
	return got < 0 ? -1 : 1;
}

/* The item in UTF-8, decoded from what it looks like where it is none. */
static struct str
as_utf8(struct json_cut *c)
{
	struct str s = buf_str(&c->item);

	if (utf8_is_valid(s))
		return STR_NONE;
	buf_release(&c->recoded);
	buf_init(&c->recoded, 4 * (s.n + BUF_PAD));
	if (charset_decode(s, str_of(charset_guess(s)), &c->recoded) < 0)
		return STR_NONE;
	return buf_str(&c->recoded);
}

static enum cut_result
parse_item(struct json_cut *c, struct cut_item *item, struct err *e)
{
	struct str utf8;

	item->text = buf_str(&c->item);
	if (c->item.over) {
		err_set(e,
		    "larger than %zu bytes: raise the ceiling with --max-item",
		    c->max_item);
		return CUT_BAD;
	}
	if (json_parse(c->doc, item->text, &item->value, e) == 0)
		return CUT_ITEM;
	utf8 = as_utf8(c);
	if (utf8.p == NULL || json_parse(c->doc, utf8, &item->value, e) < 0)
		return CUT_BAD;
	item->text = utf8;
	return CUT_ITEM;
}

/* What is left when no item is: nothing, or a list without its end. */
static enum cut_result
at_end(struct json_cut *c, struct cut_item *item, struct err *e)
{
	if (!c->in_list)
		return CUT_END;
	c->in_list = false;
	item->at = str_count(c->at, '\0', c->offset);
	item->text = STR("");
	err_set(e, "the file ends within its list: it is cut off");
	return CUT_BAD;
}

static int
gather(struct json_cut *c, struct err *e)
{
	buf_reset(&c->item);
	return c->lines && !c->in_list ? gather_line(c, e) : gather_value(c, e);
}

enum cut_result
json_cut_next(struct json_cut *c, struct cut_item *item, struct err *e)
{
	int got = skip_between(c, e);
	uint64_t begin = c->offset;

	*item = (struct cut_item){ .value = JSON_ABSENT };
	if (got <= 0)
		return got < 0 ? CUT_FAIL : at_end(c, item, e);
	c->count++;
	item->at = c->in_list ? str_count(c->at, '#', c->count)
			      : str_count(c->at, '\0', begin);
	if ((got = gather(c, e)) < 0)
		return CUT_FAIL;
	if (got == 0) {
		c->in_list = false;
		item->text = buf_str(&c->item);
		err_set(e,
		    "the file ends within the value that begins at byte %ju",
		    (uintmax_t)begin);
		return CUT_BAD;
	}
	return parse_item(c, item, e);
}

int
json_cut_peek(struct json_cut *c, struct err *e)
{
	int got;

	while ((got = fill(c, e)) > 0) {
		unsigned char byte = (unsigned char)c->block.p[0];

		if (kinds[byte] != BLANK)
			return byte == 0 ? UCHAR_MAX + 1 : byte;
		take(c, 1);
	}
	return got;
}

void
json_cut_take(struct json_cut *c)
{
	take(c, 1);
}

uint64_t
json_cut_offset(const struct json_cut *c)
{
	return c->offset;
}

enum cut_result
json_cut_value(struct json_cut *c, struct cut_item *item, struct err *e)
{
	int got = json_cut_peek(c, e);
	uint64_t begin = c->offset;

	*item = (struct cut_item){ .value = JSON_ABSENT };
	buf_reset(&c->item);
	if (got >= 0)
		got = gather_value(c, e);
	if (got < 0)
		return CUT_FAIL;
	if (got > 0)
		return parse_item(c, item, e);
	c->block = STR("");
	item->text = buf_str(&c->item);
	err_set(e, "the file ends within the value that begins at byte %ju",
	    (uintmax_t)begin);
	return CUT_BAD;
}
