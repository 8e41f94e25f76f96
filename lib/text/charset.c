/* Charsets.  Apart from unicode.c, so that tools that decode nothing do not
 * load ICU's larger half: 0.6 ms of each start. */
#include "text/unicode.h"

#include <limits.h>

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

enum {
	LABEL_MAX = 64,
	CONVERTERS = 8, /* held open; mail in one archive uses few */
	GUESS_BYTES = 8 << 10,
	CONFIDENT = 30, /* of 100, for ICU's detection */
};

/*
 * The labels of the WHATWG Encoding Standard and those of old mail programs,
 * where they mean something else to ICU or nothing.  A label says what its
 * senders mean by it: iso-8859-1 is windows-1252, gb2312 is gb18030.
 */
static const struct {
	const char *icu, *labels;
} aliases[] = {
	{ "UTF-8", " utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8"
		   " x-unicode20utf8 cp65001 utf-8-mac utf8mb4 utf_8 " },
	{ "windows-1252",
	    " windows-1252 ansi_x3.4-1968 cp1252 cp819 cp-1252 csisolatin1"
	    " ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1"
	    " iso_8859-1:1987 l1 latin1 latin-1 x-cp1252 windows1252 win-1252"
	    " iso-8859-1-windows-3.0-latin-1 iso-8859-1-windows-3.1-latin-1"
	    " iso8859_1 ansi 8859-1 x-ansi windows-latin-1 " },
	{ "ibm-866", " 866 cp866 csibm866 ibm866 " },
	{ "ISO-8859-2", " csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592"
			" iso_8859-2 iso_8859-2:1987 l2 latin2 latin-2 " },
	{ "ISO-8859-3", " csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593"
			" iso_8859-3 iso_8859-3:1988 l3 latin3 " },
	{ "ISO-8859-4", " csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594"
			" iso_8859-4 iso_8859-4:1988 l4 latin4 " },
	{ "ISO-8859-5", " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144"
			" iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 " },
	{ "ISO-8859-6",
	    " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic"
	    " ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127"
	    " iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 " },
	{ "ISO-8859-7", " csisolatingreek ecma-118 elot_928 greek greek8"
			" iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7"
			" iso_8859-7:1987 sun_eu_greek " },
	{ "ISO-8859-8",
	    " csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e"
	    " iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"
	    " csiso88598i iso-8859-8-i logical " },
	{ "iso-8859_10-1998", " csisolatin6 iso-8859-10 iso-ir-157 iso8859-10"
			      " iso885910 l6 latin6 " },
	{ "ISO-8859-13", " iso-8859-13 iso8859-13 iso885913 " },
	{ "iso-8859_14-1998", " iso-8859-14 iso8859-14 iso885914 " },
	{ "ISO-8859-15", " csisolatin9 iso-8859-15 iso8859-15 iso885915"
			 " iso_8859-15 l9 latin9 latin-9 " },
	{ "iso-8859_16-2001", " iso-8859-16 iso8859-16 iso885916 " },
	{ "KOI8-R", " cskoi8r koi koi8 koi8-r koi8_r " },
	{ "KOI8-U", " koi8-ru koi8-u " },
	{ "macintosh", " csmacintosh mac macintosh x-mac-roman macroman " },
	{ "windows-874", " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"
			 " windows-874 tis620 " },
	{ "windows-1250", " cp1250 windows-1250 x-cp1250 win-1250 " },
	{ "windows-1251", " cp1251 windows-1251 x-cp1251 win-1251 " },
	{ "windows-1253", " cp1253 windows-1253 x-cp1253 " },
	{ "windows-1254", " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9"
			  " iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5"
			  " windows-1254 x-cp1254 " },
	{ "windows-1255", " cp1255 windows-1255 x-cp1255 " },
	{ "windows-1256", " cp1256 windows-1256 x-cp1256 " },
	{ "windows-1257", " cp1257 windows-1257 x-cp1257 " },
	{ "windows-1258", " cp1258 windows-1258 x-cp1258 " },
	{ "x-mac-cyrillic", " x-mac-cyrillic x-mac-ukrainian " },
	{ "gb18030",
	    " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk"
	    " iso-ir-58 x-gbk gb18030 cp936 windows-936 ms936 euc-cn"
	    " gb-2312 gb2312-80 gb18030-2000 cn-gb x-euc-cn " },
	{ "HZ", " hz hz-gb-2312 " },
	{ "Big5-HKSCS", " big5-hkscs big5hkscs " },
	{ "windows-950", " big5 big-5 cn-big5 csbig5 x-x-big5 cp950 ms950 " },
	{ "EUC-JP", " cseucpkdfmtjapanese euc-jp x-euc-jp eucjp eucjp-ms"
		    " cp51932 x-euc ujis " },
	{ "ISO-2022-JP-2",
	    " csiso2022jp iso-2022-jp iso-2022-jp-1 iso-2022-jp-2"
	    " iso-2022-jp-ms iso2022-jp iso2022jp cp50220 cp50221 cp50222"
	    " jis x-windows-iso2022jp " },
	{ "windows-31j", " csshiftjis ms932 ms_kanji shift-jis shift_jis sjis"
			 " windows-31j x-sjis cp932 shift_jis-ms "
			 " shift_jisx0213 windows-932 x-ms-cp932 " },
	{ "windows-949",
	    " cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987"
	    " ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 windows-949 cp949"
	    " uhc ms949 euckr x-windows-949 ks-c-5601 ks-c-5601-1987 " },
	{ "UTF-16", " utf-16 utf16 csunicode iso-10646-ucs-2 ucs-2 unicode"
		    " unicodefeff " },
	{ "UTF-16LE", " utf-16le " },
	{ "UTF-16BE", " utf-16be unicodefffe " },
	{ "UTF-7", " utf-7 utf7 unicode-1-1-utf-7 csunicode11utf7 x-utf-7"
		   " unicode-2-0-utf-7 " },
	/* Labels that say nothing of bytes above 127. */
	{ "", " us-ascii ascii ansi_x3.4-1986 iso-ir-6 us csascii iso646-us"
	      " ansi_x3.110-1983 usascii 7bit 8bit x-unknown unknown"
	      " unknown-8bit x-unknown-8bit default default_charset binary"
	      " none null undefined _autodetect _autodetect_all x-user-defined"
	      " user-defined charset iso-8859 " },
};

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
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			strchr("-_.:+()", c) != NULL) ||
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
	char want[LABEL_MAX + 2];
	size_t n = strlen(label);

	want[0] = ' ';
	memcpy(want + 1, label, n);
	want[n + 1] = ' ';
	want[n + 2] = '\0';
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (strstr(aliases[i].labels, want) != NULL)
			return aliases[i].icu;
	return label;
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

/* Charsets in which ASCII bytes mean themselves, shifts and escapes apart. */
static bool
extends_ascii(const char *icu)
{
	static const char *const others[] = { "HZ", "UTF-7", "UTF-16",
		"UTF-16LE", "UTF-16BE" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(icu, others[i]) == 0)
			return false;
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (aliases[i].icu == icu)
			return true;
	return false;
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
	oldest->extends_ascii = extends_ascii(oldest->icu);
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
	if (str_is_utf8(bytes)) {
		name = guess_escapes(bytes);
		return name == NULL ? "UTF-8" : name;
	}
	name = guess_icu(telling(bytes));
	if (name == NULL || strcmp(name, "ISO-8859-1") == 0)
		return "windows-1252";
	return name;
}
