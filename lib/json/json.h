#ifndef KITH_JSON_JSON_H
#define KITH_JSON_JSON_H
/*
 * JSON texts read in place.  simdjson's first stage finds the structural
 * characters (and checks UTF-8 and control characters); a walk over them
 * checks the grammar of RFC 8259 in full.  No tree is built and nothing is
 * copied: a value is a view of the text, decoded when it is asked for.
 *
 * Bounds: depth JSON_DEPTH; numbers of any size pass as they are written.
 */
#include <endian.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/str.h"

enum { JSON_DEPTH = 256 };

enum json_type {
	JSON_NONE, /* no value: what a missing member gives */
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_LIST,
	JSON_OBJECT,
};

/* A parser and its index: one document at a time.  Its members are this
 * room's, and stand here for what is inline below. */
struct json_doc {
	const char *text;
	const uint32_t *at; /* offsets of the structural characters */
	uint32_t *skip; /* a container's entry: the entry that ends it */
	uint32_t n;
	bool escapes; /* there is a backslash somewhere */
	bool codes; /* one of them is a \\u */
	size_t skip_cap;
	struct simd *simd;
	struct buf copy;
};

/* A view of a value; cheap to copy, valid as long as text and index are. */
struct json {
	const struct json_doc *doc; /* NULL: no value */
	uint32_t at; /* this value's entry in the index */
};
#define JSON_ABSENT ((struct json){ NULL, 0 })

struct json_doc *json_doc_new(void);
void json_doc_free(struct json_doc *d);
/*
 * Parses text (borrowed; must have BUF_PAD readable bytes behind it).  The
 * values live until the next parse with d or until the text goes.  On error
 * e says what and at which byte.
 */
int json_parse(
    struct json_doc *d, struct str text, struct json *root, struct err *e);
/* The same for text without such bytes: it is copied into d. */
int json_parse_copy(
    struct json_doc *d, struct str text, struct json *root, struct err *e);

static inline enum json_type
json_type(struct json v)
{
	if (v.doc == NULL)
		return JSON_NONE;
	switch (v.doc->text[v.doc->at[v.at]]) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_LIST;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}
/* The value's bytes as they stand in the text. */
struct str json_raw(struct json v);
/* Of a string, the byte behind its quote. */
static inline char
json_initial(struct json v)
{
	return v.doc->text[v.doc->at[v.at] + 1];
}
/* May some of its characters be written as \\uXXXX? */
static inline bool
json_has_codes(struct json v)
{
	return v.doc != NULL && v.doc->codes;
}

/*
 * Is there a backslash in a string as it is written?  For short ones, such as
 * names: reads up to 7 bytes of what follows in the text.
 */
static inline bool
json_escaped(struct str s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	for (size_t i = 0; i < s.n; i += 8) {
		uint64_t word;

		memcpy(&word, s.p + i, sizeof(word));
		word ^= ones * '\\';
		/* The lowest bit set is that of the first zero byte. */
		word = (word - ones) & ~word & (ones << 7);
		if (word != 0 && i + (size_t)__builtin_ctzll(word) / 8 < s.n)
			return true;
	}
	return false;
}

/* The first bit of each byte that is c, from the lowest one on up to one too many. */
static inline uint64_t
json_bytes(uint64_t word, char c)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	word ^= ones * (unsigned char)c;
	return ((word - ones) & ~word & ones << 7) >> 7;
}

/* Is the string that begins at p s, by the first bytes of both? */
enum json_same { JSON_DIFFERS, JSON_IS, JSON_PERHAPS };
static inline __attribute__((always_inline)) enum json_same
json_compare(const char *p, struct str s, uint64_t mark)
{
	uint64_t word, differ, escape;

	memcpy(&word, p + 1, sizeof(word));
	word = le64toh(word);
	differ = word ^ mark;
	if (s.n < 8)
		differ &= (UINT64_C(1) << 8 * s.n) - 1;
	if (differ == 0)
		return s.n <= 8 && p[s.n + 1] == '"' &&
			       json_bytes(mark, '"') == 0 &&
			       json_bytes(mark, '\\') == 0
			   ? JSON_IS
			   : JSON_PERHAPS;
	/* What is not the same before the first escape is not the same. */
	escape = json_bytes(word, '\\');
	return escape == 0 || (differ & -differ) < (escape & -escape)
		   ? JSON_DIFFERS
		   : JSON_PERHAPS;
}

/*
 * A member of an object by its name (compared decoded); of doubled names the
 * last.  JSON_ABSENT where there is none or v is no object, so look-ups chain.
 */
struct json json_get_marked(struct json v, struct str name, uint64_t mark);
static inline struct json
json_get_str(struct json v, struct str name)
{
	return json_get_marked(v, name, str_mark(name));
}
static inline struct json
json_get(struct json v, const char *name)
{
	return json_get_str(v, str_of(name));
}
/* Item i of a list, or JSON_ABSENT. */
struct json json_at(struct json v, size_t i);
size_t json_count(struct json v);

/* Walks a list's items or an object's members. */
struct json_iter {
	const struct json_doc *doc;
	uint32_t next;
	bool object;
};
struct json_iter json_each(struct json v);
/* False at the end (at once for scalars).  key may be NULL. */
bool json_next(struct json_iter *it, struct json *key, struct json *value);

/* Walks the members of all objects within a value, in the order of the text. */
struct json_walk {
	const struct json_doc *doc;
	uint32_t next, end;
	uint32_t depth; /* of the member's object; the value's own is 1 */
	uint32_t deepest; /* of all that was passed, lists too */
};
struct json_walk json_walk(struct json v);
bool json_walk_next(struct json_walk *w, struct json *key, struct json *value);

/* An object's members all at once. */
struct json_member {
	struct str name; /* as it is written, without the quotes */
	struct json value;
};
/* Fills at most max of them and returns how many there are. */
size_t json_members(struct json v, struct json_member *out, size_t max);
/* Is that its name, decoded? */
bool json_name_is(const struct json_member *m, struct str name);

/*
 * A string's content with its escapes decoded: in place where it has none,
 * else in the arena.  A lone surrogate becomes U+FFFD; \\u0000 becomes a NUL.
 * STR_NONE unless v is a string.
 */
struct str json_str(struct json v, struct arena *a);
/* True where v is the string s; decodes nothing in the common case. */
bool json_decodes_to(struct json v, struct str s);
static inline __attribute__((always_inline)) bool
json_is_str(struct json v, struct str s)
{
	const char *p;
	enum json_same same;

	if (v.doc == NULL)
		return false;
	p = v.doc->text + v.doc->at[v.at];
	if (*p != '"')
		return false;
	same = json_compare(p, s, str_mark(s));
	return same == JSON_IS ||
	       (same == JSON_PERHAPS && json_decodes_to(v, s));
}
static inline __attribute__((always_inline)) bool
json_is(struct json v, const char *s)
{
	return json_is_str(v, str_of(s));
}
/*
 * 0, or -1 unless v is such a number: json_int takes whole ones without a
 * fraction or exponent in their writing that fit, json_real all finite ones.
 */
int json_int(struct json v, int64_t *out);
int json_real(struct json v, double *out);
bool json_true(struct json v);

#endif
