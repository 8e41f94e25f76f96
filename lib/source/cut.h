#ifndef KITH_SOURCE_CUT_H
#define KITH_SOURCE_CUT_H
/*
 * Cutting a file of JSON into its values without holding the file: the items
 * of a list, values one behind the other, or one a line.  White space between
 * tokens is left out on the way, so that an item fits on a line; every other
 * byte stays.  A broken item costs itself: where lines or brackets tell its
 * end the next one is read, else what is left of the file is one bad item.
 *
 * Memory: one item, at most max_item bytes and its index.
 */
#include "core/io/stream.h"
#include "json/json.h"

enum cut_result {
	CUT_END = 0,
	CUT_ITEM = 1,
	CUT_BAD = 2, /* e says why, text has its (first) bytes */
	CUT_FAIL = -1, /* reading failed */
};

struct json_cut;

struct cut_item {
	struct str text; /* compact, one line, BUF_PAD readable behind it */
	struct json value;
	struct str at; /* "#3" in a list, else the byte offset */
};

struct json_cut *json_cut_new(void);
void json_cut_free(struct json_cut *c);
/* Starts over with a file (borrowed until the next begin). */
int json_cut_begin(
    struct json_cut *c, struct input *in, size_t max_item, struct err *e);
/* The next item; all of it lives until the next call.  Bytes that are no
 * UTF-8 are decoded from the charset that they look like. */
enum cut_result
json_cut_next(struct json_cut *c, struct cut_item *item, struct err *e);
/* 1 where more than white space is left, 0, -1; leaves the item in hand. */
int json_cut_more(struct json_cut *c, struct err *e);
/*
 * For who walks into a value instead (and does not mix it with the above): the
 * next byte that is no white space, 0 at the end, -1, of NUL 256; taking it; and the whole
 * value that comes next, a member's name too, whose `at` is absent.
 */
int json_cut_peek(struct json_cut *c, struct err *e);
void json_cut_take(struct json_cut *c);
enum cut_result
json_cut_value(struct json_cut *c, struct cut_item *item, struct err *e);
uint64_t json_cut_offset(const struct json_cut *c);
/* True where the file's first value is a list, whose items come out. */
bool json_cut_in_list(const struct json_cut *c);

#endif
