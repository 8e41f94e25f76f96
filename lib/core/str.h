#ifndef KITH_CORE_STR_H
#define KITH_CORE_STR_H
/*
 * Slices: a pointer and a length, not terminated, owned by somebody else.
 * A slice with p == NULL is "absent"; one with n == 0 and p != NULL is the
 * empty string.
 */
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

/* A slice over a string literal. */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p == NULL ? "" : (s).p

static inline struct str
str_make(const char *p, size_t n)
{
	return (struct str){ p, n };
}

/* A slice over a C string; NULL gives STR_NONE. */
static inline struct str
str_of(const char *s)
{
	return (struct str){ s, s == NULL ? 0 : strlen(s) };
}

/* The first eight bytes as a number: which a string that stands in the source
 * has, the compiler knows. */
static inline uint64_t
str_mark(struct str s)
{
	uint64_t mark = 0;
	size_t n = s.n < sizeof(mark) ? s.n : sizeof(mark);

	if (n > 0)
		memcpy(&mark, s.p, n);
	return le64toh(mark);
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
str_is(struct str a, const char *lit)
{
	return str_eq(a, str_of(lit));
}

/* Is it one of the words, a list that ends with a NULL? */
bool str_is_one_of(struct str s, const char *const *words);

/* The part from byte `from` (clamped) and of at most n bytes. */
static inline struct str
str_sub(struct str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return s.p == NULL ? s : str_make(s.p + from, n);
}

static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	       (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool
str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       (suffix.n == 0 ||
		   memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* Byte order, the shorter first where one begins the other. */
int str_cmp(struct str a, struct str b);
/* ASCII letters fold; all other bytes compare as they are. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends_nocase(struct str s, struct str suffix);
/* Index of the first c, or -1; the last; the first whole needle. */
ptrdiff_t str_chr(struct str s, char c);
ptrdiff_t str_rchr(struct str s, char c);

/* What stands behind the last such byte; all of it where there is none. */
static inline struct str
str_after_last(struct str s, char c)
{
	return str_sub(s, (size_t)(str_rchr(s, c) + 1), s.n);
}
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_nocase(struct str s, struct str needle);
/* Without ASCII space, tab, CR, LF, VT, FF at either end. */
struct str str_trim(struct str s);
struct str str_trim_right(struct str s);
/*
 * Takes the piece before the next sep off *rest and returns it; *rest is
 * STR_NONE after the last piece.  Call while rest->p != NULL.
 */
struct str str_split(struct str *rest, char sep);
/* The next line without its LF or CRLF; as str_split. */
struct str str_line(struct str *rest);
/* Bytes below 128 only; ASCII digits only, and one of them at least. */
bool str_is_ascii(struct str s);
bool str_is_digits(struct str s);
/* The whole of s as a decimal integer; 0, or -1 when it is none. */
int str_to_int(struct str s, int64_t *out);
enum { STR_COUNT = 24 };
/* A mark ('\0' for none), and v in decimal digits: a string in out.  What a
 * place costs an item, many times less than printf. */
struct str str_count(char out[STR_COUNT], char mark, uint64_t v);

#endif
