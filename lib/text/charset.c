/* Charsets.  Apart from unicode.c, so that tools that decode nothing do not
 * load ICU's larger half: 0.6 ms of each start. */
#include "text/unicode.h"

#include <limits.h>

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"

enum {
	LABEL_MAX = 64,
	CONVERTERS = 8, /* held open; mail in one archive uses few */
	GUESS_BYTES = 8 << 10,
	CONFIDENT = 30, /* of 100, for ICU's detection */
};

/* A section is what ICU calls its labels. */
#define MEANS(SECTION, n) n
#include "text/words/charsets.h"

/* A label that was asked for, with what is known of it. */
struct slot {
	char label[LABEL_MAX];
	const char *icu;
	bool extends_ascii;
	bool unknown;
	UConverter *cnv; /* opened when first needed */
	uint64_t used;
};

/* A thread's own: converters carry state. */
struct converters {
	struct slot slots[CONVERTERS];
	UConverter *utf8;
	uint64_t clock;
};

static _Thread_local struct converters held;

/* Lower case, without quotes, white space and "charset="; -1 where it can be
 * no label.  ICU gives a meaning to commas and slashes: they are refused. */
static int
clean_label(struct str s, char out[LABEL_MAX])
{
	size_t n = 0;

	if (str_starts_nocase(s, STR("charset=")))
		s = str_sub(s, 8, s.n);
	for (size_t i = 0; i < s.n && s.p[i] != ';'; i++) {
		char c = s.p[i];

		if (c == '"' || c == '\'' || (c >= '\t' && c <= '\r') ||
		    c == ' ' || c == '\\')
			continue;
		if (ascii_is_upper(c))
			c = (char)(c + 32);
		if (!(ascii_is_lower(c) || ascii_is_digit(c) ||
			ascii_is_in(c, "-_.:+()")) ||
		    c == '\0' || n + 1 >= LABEL_MAX)
			return -1;
		out[n++] = c;
	}
	out[n] = '\0';
	return n == 0 ? -1 : 0;
}

/* What ICU calls the label; "" where it says nothing. */
static const char *
icu_name(const char *label)
{
	uint64_t means = wordlist_means(&words_charsets, str_of(label));
	const char *name = words_charsets.names;

	if (means == 0)
		return label;
	for (int n = __builtin_ctzll(means); n > 0; n--)
		name += strlen(name) + 1;
	return strcmp(name, "none") == 0 ? "" : name;
}

/* ICU's own substitute is U+001A for some charsets. */
static void
replace(const void *ctx, UConverterToUnicodeArgs *args, const char *units,
    int32_t n, UConverterCallbackReason why, UErrorCode *status)
{
	static const UChar mark = 0xfffd;

	(void)ctx;
	(void)units;
	(void)n;
	if (why > UCNV_IRREGULAR)
		return;
	*status = U_ZERO_ERROR;
	ucnv_cbToUWriteUChars(args, &mark, 1, 0, status);
}

/* Charsets in which ASCII bytes mean themselves, shifts and escapes apart; of
 * those that are not listed nobody knows. */
static bool
extends_ascii(const char *label, const char *icu)
{
	static const char *const others[] = { "HZ", "UTF-7", "UTF-16",
		"UTF-16LE", "UTF-16BE" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(icu, others[i]) == 0)
			return false;
	return wordlist_means(&words_charsets, str_of(label)) != 0;
}

static struct slot *
slot_of(const char *label)
{
	struct slot *oldest = &held.slots[0];

	for (size_t i = 0; i < CONVERTERS; i++) {
		struct slot *s = &held.slots[i];

		if (s->used != 0 && strcmp(s->label, label) == 0) {
			s->used = ++held.clock;
			return s;
		}
		if (s->used < oldest->used)
			oldest = s;
	}
	if (oldest->cnv != NULL)
		ucnv_close(oldest->cnv);
	*oldest = (struct slot){ .used = ++held.clock };
	memcpy(oldest->label, label, strlen(label) + 1);
	oldest->icu = icu_name(oldest->label);
	oldest->extends_ascii = extends_ascii(oldest->label, oldest->icu);
	return oldest;
}

static UConverter *
converter(struct slot *s)
{
	UErrorCode status = U_ZERO_ERROR;

	if (s->cnv != NULL || s->unknown)
		return s->cnv;
	s->cnv = ucnv_open(s->icu, &status);
	if (U_SUCCESS(status))
		ucnv_setToUCallBack(s->cnv, replace, NULL, NULL, NULL, &status);
	s->unknown = s->cnv == NULL;
	return s->cnv;
}

static void
drop_bom(struct buf *out, size_t from)
{
	if (out->n - from < 3 || memcmp(out->p + from, "\xef\xbb\xbf", 3) != 0)
		return;
	memmove(out->p + from, out->p + from + 3, out->n - from - 3);
	buf_cut(out, out->n - 3);
}

static void
drop_nuls(struct buf *out, size_t from)
{
	size_t n = from;

	if (out->n == from || memchr(out->p + from, 0, out->n - from) == NULL)
		return;
	for (size_t i = from; i < out->n; i++)
		if (out->p[i] != '\0')
			out->p[n++] = out->p[i];
	buf_cut(out, n);
}

static int
convert(UConverter *cnv, struct str bytes, struct buf *out)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar pivot[2048], *from = pivot, *to = pivot;
	const char *at = bytes.p, *end = bytes.p + bytes.n;
	bool first = true;

	if (held.utf8 == NULL)
		held.utf8 = ucnv_open("UTF-8", &status);
	for (;;) {
		size_t want = (size_t)(end - at) + (size_t)(end - at) / 2 + 64;
		char *room = buf_room(out, want), *p = room;

		if (room == NULL || U_FAILURE(status))
			return -1;
		ucnv_convertEx(held.utf8, cnv, &p, room + want, &at, end, pivot,
		    &from, &to, pivot + 2048, first, true, &status);
		out->n += (size_t)(p - room);
		first = false;
		if (status != U_BUFFER_OVERFLOW_ERROR)
			break;
		status = U_ZERO_ERROR;
	}
	return U_FAILURE(status) ? -1 : 0;
}

/* Only bytes that mean the same in every charset that extends ASCII. */
static bool
plain_ascii(struct str s)
{
	size_t i = 0;
	unsigned char bad = 0;

	for (; i + 64 <= s.n; i += 64) {
		unsigned char any = 0;

		for (size_t k = 0; k < 64; k++) {
			unsigned char c = (unsigned char)s.p[i + k];

			any |= (unsigned char)((c & 0x80) | (c == 0x1b) |
					       (c == 0x0e) | (c == 0));
		}
		if (any != 0)
			return false;
	}
	for (; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		bad |= (c & 0x80) || c == 0x1b || c == 0x0e || c == 0;
	}
	return bad == 0;
}

int
charset_decode(struct str bytes, struct str charset, struct buf *out)
{
	char label[LABEL_MAX];
	struct slot *s;
	UConverter *cnv;
	size_t from = out->n;

	if (clean_label(charset, label) < 0)
		return -1;
	s = slot_of(label);
	if (s->extends_ascii && plain_ascii(bytes)) {
		buf_add_str(out, bytes);
		return 0;
	}
	if (*s->icu == '\0')
		s = slot_of(charset_guess(bytes));
	if (strcmp(s->icu, "UTF-8") == 0) {
		utf8_clean(bytes, out);
		drop_bom(out, from);
		return 0;
	}
	cnv = converter(s);
	if (cnv == NULL)
		return -1;
	/* A ceiling that was reached is in out->over, as everywhere. */
	if (convert(cnv, bytes, out) < 0 && !out->over) {
		buf_cut(out, from);
		return -1;
	}
	drop_nuls(out, from);
	drop_bom(out, from);
	return 0;
}

/* The ISO 2022 charset whose escape stands in 7-bit text, or NULL. */
static const char *
guess_escapes(struct str s)
{
	static const struct {
		const char *escape, *name;
	} known_escapes[] = {
		{ "$B", "ISO-2022-JP" },
		{ "$@", "ISO-2022-JP" },
		{ "(J", "ISO-2022-JP" },
		{ "(I", "ISO-2022-JP" },
		{ "$(D", "ISO-2022-JP" },
		{ "$)C", "ISO-2022-KR" },
		{ "$)A", "ISO-2022-CN" },
		{ "$)G", "ISO-2022-CN" },
	};
	size_t n = sizeof(known_escapes) / sizeof(*known_escapes);

	for (ptrdiff_t at = str_chr(s, 0x1b); at >= 0; at = str_chr(s, 0x1b)) {
		s = str_sub(s, (size_t)at + 1, s.n);
		for (size_t i = 0; i < n; i++)
			if (str_starts(s, str_of(known_escapes[i].escape)))
				return known_escapes[i].name;
	}
	return NULL;
}

/* The bytes about the first one above 127: the rest tells nothing. */
static struct str
telling(struct str s)
{
	size_t i = 0;

	while (i < s.n && ((unsigned char)s.p[i] & 0x80) == 0)
		i++;
	i = i > GUESS_BYTES / 4 ? i - GUESS_BYTES / 4 : 0;
	return str_sub(s, i, GUESS_BYTES);
}

static const char *
guess_icu(struct str s)
{
	static _Thread_local UCharsetDetector *detector;
	UErrorCode status = U_ZERO_ERROR;
	const UCharsetMatch **all;
	const char *name = NULL;
	int32_t n = 0;

	if (detector == NULL)
		detector = ucsdet_open(&status);
	if (U_FAILURE(status))
		return NULL;
	ucsdet_setText(detector, s.p, (int32_t)s.n, &status);
	all = ucsdet_detectAll(detector, &n, &status);
	if (U_FAILURE(status))
		return NULL;
	for (int32_t i = 0; i < n && name == NULL; i++) {
		const char *at = ucsdet_getName(all[i], &status);

		if (ucsdet_getConfidence(all[i], &status) < CONFIDENT)
			break;
		/* EBCDIC never travels unlabelled; UTF-8 was ruled out. */
		if (strncmp(at, "IBM", 3) != 0 && strncmp(at, "UTF-8", 5) != 0)
			name = at;
	}
	return name;
}

const char *
charset_guess(struct str bytes)
{
	const char *name;

	if (str_starts(bytes, STR("\xff\xfe")) && bytes.n % 2 == 0)
		return "UTF-16LE";
	if (str_starts(bytes, STR("\xfe\xff")) && bytes.n % 2 == 0)
		return "UTF-16BE";
	if (utf8_is_valid(bytes)) {
		name = guess_escapes(bytes);
		return name == NULL ? "UTF-8" : name;
	}
	name = guess_icu(telling(bytes));
	if (name == NULL || strcmp(name, "ISO-8859-1") == 0)
		return "windows-1252";
	return name;
}
