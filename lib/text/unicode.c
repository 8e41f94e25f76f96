#include "text/unicode.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"

enum {
	DOMAIN_MAX = 253,
	DOMAIN_LABEL_MAX = 63,
	UNITS_MAX = 256 << 20,
};

static struct str
lower_ascii(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	p[s.n] = '\0';
	return str_make(p, s.n);
}

static struct str
from_utf16(const UChar *u, int32_t n, struct arena *a)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t room = (size_t)n * 3 + 1;
	char *p = arena_alloc(a, room);
	int32_t got = 0;

	u_strToUTF8WithSub(p, (int32_t)room, &got, u, n, 0xfffd, NULL, &status);
	return U_FAILURE(status) ? STR_NONE : str_make(p, (size_t)got);
}

/* The whole of it by ICU. */
static struct str
fold_whole(const UNormalizer2 *fold, struct str s, struct arena *a)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar *from, *to;
	int32_t n = 0, m;
	struct str out;

	from = arena_alloc(a, (s.n + 1) * sizeof(*from));
	u_strFromUTF8WithSub(from, (int32_t)s.n + 1, &n, s.p, (int32_t)s.n,
	    0xfffd, NULL, &status);
	/* Twice the length fits nearly all; ICU says what the rest needs. */
	to = arena_alloc(a, ((size_t)n * 2 + 1) * sizeof(*to));
	m = unorm2_normalize(fold, from, n, to, n * 2 + 1, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) {
		status = U_ZERO_ERROR;
		to = arena_alloc(a, ((size_t)m + 1) * sizeof(*to));
		m = unorm2_normalize(fold, from, n, to, m + 1, &status);
	}
	if (U_FAILURE(status))
		return arena_dup(a, s);
	out = from_utf16(to, m, a);
	return out.p == NULL ? arena_dup(a, s) : out;
}

/*
 * What a character folds to: up to four bytes of UTF-8, the first in the
 * lowest bits, or one of these, which are no UTF-8.
 */
enum { NOT_ASKED = 0, GONE = 0xfe, NOT_ALONE = 0xff };

/* NOT_ALONE: what stands before it has a say, or it is longer. */
static uint32_t
fold_one(const UNormalizer2 *fold, UChar32 c)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar in[2], out[8];
	char bytes[4];
	int32_t n = 0, m;
	uint32_t v = 0;

	if (!unorm2_hasBoundaryBefore(fold, c))
		return NOT_ALONE;
	U16_APPEND_UNSAFE(in, n, c);
	m = unorm2_normalize(
	    fold, in, n, out, sizeof(out) / sizeof(*out), &status);
	if (U_FAILURE(status))
		return NOT_ALONE;
	u_strToUTF8(bytes, sizeof(bytes), &n, out, m, &status);
	if (U_FAILURE(status))
		return NOT_ALONE;
	for (int32_t i = n; i-- > 0;)
		v = v << 8 | (unsigned char)bytes[i];
	return n == 0 ? GONE : v;
}

/* The same, asked once for all but the rare planes. */
static uint32_t
folded(const UNormalizer2 *fold, UChar32 c)
{
	static _Atomic uint32_t known[0x10000];
	uint32_t v = 0;

	if (c > 0xffff)
		return fold_one(fold, c);
	v = atomic_load_explicit(&known[c], memory_order_relaxed);
	if (v == NOT_ASKED) {
		v = fold_one(fold, c);
		atomic_store_explicit(&known[c], v, memory_order_relaxed);
	}
	return v;
}

static const uint64_t ones = UINT64_C(0x0101010101010101);

/* Eight bytes of ASCII: those from A to Z get the bit of small letters. */
static inline uint64_t
lower_eight(uint64_t x)
{
	uint64_t from_a = x + ones * (0x80 - 'A');
	uint64_t past_z = x + ones * (0x80 - 'Z' - 1);

	return x | (from_a & ~past_z & ones * 0x80) >> 2;
}

/*
 * Character by character, as long as each can be folded by itself: ten times
 * as fast as the way through UTF-16.  False where one cannot.
 */
static bool
fold_each(const UNormalizer2 *fold, struct str s, char *to, size_t *n)
{
	char *p = to;

	for (int32_t i = 0; (size_t)i < s.n;) {
		unsigned char byte = (unsigned char)s.p[i];
		uint64_t eight;
		uint32_t v;
		UChar32 c;

		if ((size_t)i + 8 <= s.n) {
			memcpy(&eight, s.p + i, 8);
			if ((eight & ones * 0x80) == 0) {
				eight = lower_eight(eight);
				memcpy(p, &eight, 8);
				p += 8;
				i += 8;
				continue;
			}
		}
		if (byte < 0x80) {
			*p++ = (char)(ascii_is_upper(byte) ? byte + 32 : byte);
			i++;
			continue;
		}
		U8_NEXT((const uint8_t *)s.p, i, (int32_t)s.n, c);
		v = c < 0 ? NOT_ALONE : folded(fold, c);
		if (v == NOT_ALONE)
			return false;
		for (; v != 0 && v != GONE; v >>= 8)
			*p++ = (char)v;
	}
	*n = (size_t)(p - to);
	return true;
}

struct str
unicode_fold(struct str s, struct arena *a)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *fold;
	char *to;
	size_t n;

	if (s.n > UNITS_MAX)
		return arena_dup(a, s);
	fold = unorm2_getNFKCCasefoldInstance(&status);
	if (U_FAILURE(status))
		return arena_dup(a, s);
	/* Two bytes may become four. */
	to = arena_alloc(a, s.n * 2);
	return fold_each(fold, s, to, &n) ? str_make(to, n)
					  : fold_whole(fold, s, a);
}

/* Marks that people leave out: above and below letters, points of Hebrew and
 * Arabic, the dot of Indic letters; not what writes a vowel. */
static bool
is_left_out(UChar32 c)
{
	uint8_t order = u_getCombiningClass(c);

	return c == 0x640 || order >= 200 || order == 7 ||
	       (order >= 10 && order <= 35);
}

/* Letters that have no mark by Unicode and are typed without it. */
static UChar32
bare_letter(UChar32 c)
{
	static const UChar32 pairs[][2] = { { 0xe6, 'a' }, { 0xf0, 'd' },
		{ 0xf8, 'o' }, { 0x111, 'd' }, { 0x127, 'h' }, { 0x131, 'i' },
		{ 0x142, 'l' }, { 0x14b, 'n' }, { 0x153, 'o' }, { 0x259, 'e' },
		{ 0x629, 0x647 }, { 0x649, 0x64a }, { 0x6a9, 0x643 },
		{ 0x6c1, 0x647 }, { 0x6cc, 0x64a }, { 0x901, 0x902 } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (pairs[i][0] == c)
			return pairs[i][1];
	return c;
}

enum { PLAIN_UNITS = 32 };

/* Folded, without marks, put together again: UTF-16 units, or -1. */
static int32_t
without_marks(UChar32 c, UChar out[PLAIN_UNITS])
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
	const UNormalizer2 *apart = unorm2_getNFDInstance(&status);
	const UNormalizer2 *together = unorm2_getNFCInstance(&status);
	UChar in[PLAIN_UNITS], parts[PLAIN_UNITS];
	int32_t n = 0, kept = 0;

	if (U_FAILURE(status))
		return -1;
	U16_APPEND_UNSAFE(in, n, c);
	n = unorm2_normalize(fold, in, n, parts, PLAIN_UNITS, &status);
	n = unorm2_normalize(apart, parts, n, in, PLAIN_UNITS, &status);
	for (int32_t i = 0; U_SUCCESS(status) && i < n;) {
		UChar32 part;

		U16_NEXT(in, i, n, part);
		part = bare_letter(part);
		if (!is_left_out(part))
			U16_APPEND_UNSAFE(parts, kept, part);
	}
	n = unorm2_normalize(together, parts, kept, out, PLAIN_UNITS, &status);
	return U_FAILURE(status) ? -1 : n;
}

static uint64_t
plain_value(const char *utf8, size_t n, enum plain_kind kind, bool capital)
{
	uint64_t v = (uint64_t)kind << 32 | (uint64_t)capital << 35;

	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)(unsigned char)utf8[i] << 8 * i;
	return v;
}

static enum plain_kind
plain_kind_of(UChar32 first)
{
	if (first == '_' || (U_GET_GC_MASK(first) &
				(U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) == 0)
		return PLAIN_BREAK;
	return unicode_in_word((uint32_t)first) ? PLAIN_LETTER : PLAIN_ALONE;
}

static uint64_t
plain_one(uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar units[PLAIN_UNITS];
	char bytes[4 * PLAIN_UNITS];
	int32_t n = without_marks((UChar32)c, units), size = 0;
	enum plain_kind kind;

	if (n == 0)
		return plain_value(bytes, 0, PLAIN_GONE, false);
	if (n > 0)
		u_strToUTF8(bytes, sizeof(bytes), &size, units, n, &status);
	if (n < 0 || U_FAILURE(status))
		size = (int32_t)utf8_put(bytes, c);
	kind =
	    plain_kind_of((UChar32)utf8_first(str_make(bytes, (size_t)size)));
	return size > 4 ? plain_value("\1", 1, kind, false)
			: plain_value(bytes, (size_t)size, kind,
			      u_isUUppercase((UChar32)c) != 0);
}

uint64_t
unicode_plain(uint32_t c)
{
	static _Atomic uint64_t known[0x10000];
	uint64_t v;

	/* Emoji and their like. */
	if (c >= 0x1f000 && c < 0x20000)
		return plain_value("", 0, PLAIN_BREAK, false);
	if (c > 0xffff)
		return plain_one(c);
	v = atomic_load_explicit(&known[c], memory_order_relaxed);
	if (v == 0) {
		v = plain_one(c);
		atomic_store_explicit(&known[c], v, memory_order_relaxed);
	}
	return v;
}

/* Letters, digits, hyphens and the underscore of the field: RFC 1123 and what
 * real names of mail servers hold. */
static bool
label_ok(struct str label)
{
	if (label.n == 0 || label.n > DOMAIN_LABEL_MAX || label.p[0] == '-' ||
	    label.p[label.n - 1] == '-')
		return false;
	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];

		if (!(ascii_is_lower(c) || ascii_is_digit(c) || c == '-' ||
			c == '_'))
			return false;
	}
	return true;
}

static bool
domain_ok(struct str d)
{
	if (d.n == 0 || d.n > DOMAIN_MAX)
		return false;
	while (d.p != NULL)
		if (!label_ok(str_split(&d, '.')))
			return false;
	return true;
}

static UIDNA *
idna(void)
{
	static _Thread_local UIDNA *handle;
	UErrorCode status = U_ZERO_ERROR;

	if (handle == NULL)
		handle =
		    uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
					UIDNA_NONTRANSITIONAL_TO_ASCII |
					UIDNA_NONTRANSITIONAL_TO_UNICODE,
			&status);
	return U_FAILURE(status) ? NULL : handle;
}

typedef int32_t idna_function(const UIDNA *, const char *, int32_t, char *,
    int32_t, UIDNAInfo *, UErrorCode *);

static struct str
idna_run(idna_function *run, struct str domain, struct arena *a)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode status = U_ZERO_ERROR;
	enum { ROOM = 4 * DOMAIN_MAX };
	char *p = arena_alloc(a, ROOM);
	int32_t n;
	/* Hyphens in third and fourth place are no harm: r3---sn. */
	uint32_t fatal = ~(uint32_t)UIDNA_ERROR_HYPHEN_3_4;

	if (domain.n > ROOM / 2 || idna() == NULL)
		return STR_NONE;
	n = run(idna(), domain.p, (int32_t)domain.n, p, ROOM, &info, &status);
	if (U_FAILURE(status) || (info.errors & fatal) != 0)
		return STR_NONE;
	return str_make(p, (size_t)n);
}

struct str
idna_ascii(struct str domain, struct arena *a)
{
	bool rooted = domain.n > 1 && domain.p[domain.n - 1] == '.';
	struct str out;

	domain.n -= rooted;
	out = str_is_ascii(domain) ? lower_ascii(domain, a) : STR_NONE;
	if (out.p == NULL || str_find(out, STR("xn--")) >= 0)
		out = idna_run(uidna_nameToASCII_UTF8, domain, a);
	/* A full stop of another script may have been the root's. */
	if (!rooted && out.n > 1 && out.p[out.n - 1] == '.')
		out.n--;
	return out.p != NULL && domain_ok(out) ? out : STR_NONE;
}

struct str
idna_address(struct str address, struct arena *a)
{
	struct str domain;
	size_t from;

	if (str_is_ascii(address))
		return address;
	from = (size_t)(str_rchr(address, '@') + 1);
	domain = idna_ascii(str_sub(address, from, address.n), a);
	if (domain.n == 0)
		return address;
	return ARENA_JOIN(a, str_sub(address, 0, from), domain);
}

static int
width_of(UChar32 c)
{
	int32_t east;

	if (c >= 0x20 && c < 0x7f)
		return 1;
	switch (u_charType(c)) {
	case U_NON_SPACING_MARK:
	case U_ENCLOSING_MARK:
	case U_FORMAT_CHAR:
	case U_CONTROL_CHAR:
		return 0;
	default:
		break;
	}
	east = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
	return east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
}

/* One walk for both: how far it gets, and the columns that it took. */
static size_t
walk_columns(struct str s, int most, int *columns)
{
	const uint8_t *p = (const uint8_t *)s.p;
	size_t i = 0;

	*columns = 0;
	while (i < s.n) {
		size_t next = i;
		UChar32 c;
		int w;

		U8_NEXT_OR_FFFD(p, next, s.n, c);
		w = width_of(c);
		if (*columns + w > most)
			break;
		*columns += w;
		i = next;
	}
	return i;
}

int
unicode_width(struct str s)
{
	int columns;

	walk_columns(s, INT_MAX - 2, &columns);
	return columns;
}

size_t
unicode_fit(struct str s, int columns)
{
	int taken;

	return walk_columns(s, columns, &taken);
}

static bool
is_letter(uint32_t c)
{
	return (U_GET_GC_MASK((UChar32)c) &
		   (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool
unicode_in_word(uint32_t c)
{
	if (c < 0x80)
		return c == '_' || ascii_is_alnum(c);
	if (!is_letter(c))
		return false;
	switch (u_getIntPropertyValue((UChar32)c, UCHAR_LINE_BREAK)) {
	case U_LB_IDEOGRAPHIC:
	case U_LB_CONDITIONAL_JAPANESE_STARTER:
	case U_LB_COMPLEX_CONTEXT:
		return false;
	default:
		return true;
	}
}

size_t
unicode_words(struct str s)
{
	size_t words = 0, alone = 0;
	bool word = false;

	for (;;) {
		uint32_t c = s.n > 0 ? utf8_take(&s, NULL) : ' ';

		if (u_isUWhiteSpace((UChar32)c)) {
			words += alone > 1 ? alone / 2 : word || alone > 0;
			word = false;
			alone = 0;
			if (s.n == 0)
				return words;
		} else if (unicode_in_word(c)) {
			word = true;
		} else {
			alone += is_letter(c);
		}
	}
}

struct str
unicode_lower(struct str s, struct arena *a)
{
	/* A mapping takes a byte more at most (U+023A, U+023E). */
	char *out = arena_alloc(a, s.n * 3 / 2 + 4);
	size_t n = 0;
	int32_t i = 0;

	if (s.n > INT32_MAX / 2)
		return arena_dup(a, s);
	while (n < s.n && (unsigned char)s.p[n] < 0x80) {
		out[n] = ascii_lower(s.p[n]);
		n++;
	}
	i = (int32_t)n;
	while ((size_t)i < s.n) {
		UChar32 c, low;

		U8_NEXT((const uint8_t *)s.p, i, (int32_t)s.n, c);
		c = c < 0 ? 0xfffd : c;
		low = u_tolower(c);
		n += utf8_put(
		    out + n, (uint32_t)(low < 0x80 && c >= 0x80 ? c : low));
	}
	return str_make(out, n);
}

/* Any script to Latin. */

static UTransliterator *to_latin; /* NULL where ICU's data lacks it */

static void
open_latin(void)
{
	static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
	UErrorCode status = U_ZERO_ERROR;

	to_latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status))
		to_latin = NULL;
}

static struct str
transliterate(struct str s, struct arena *a)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int32_t n = 0, room = (int32_t)s.n * 8 + 64, end;
	UChar *u = arena_alloc(a, (size_t)room * sizeof(*u));
	UErrorCode status = U_ZERO_ERROR;
	struct str out;

	pthread_once(&once, open_latin);
	u_strFromUTF8WithSub(
	    u, room, &n, s.p, (int32_t)s.n, 0xfffd, NULL, &status);
	end = n;
	if (to_latin == NULL || U_FAILURE(status))
		return s;
	utrans_transUChars(to_latin, u, &n, room, 0, &end, &status);
	if (U_FAILURE(status))
		return s;
	out = from_utf16(u, n, a);
	return out.p == NULL ? s : out;
}

struct str
unicode_latin(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n * 4 + 1);
	struct str rest = s;
	size_t n = 0;

	/* Letters with marks, which are most, without ICU. */
	while (rest.n > 0) {
		uint32_t c = utf8_take(&rest, NULL);
		uint64_t plain = c < 0x80 ? 0 : unicode_plain(c);

		if (c < 0x80)
			p[n++] = ascii_lower((char)c);
		else if ((uint32_t)plain > 0x7f)
			return transliterate(s, a);
		else if (plain_kind(plain) != PLAIN_GONE)
			n += plain_put(p + n, plain);
	}
	return str_make(p, n);
}
