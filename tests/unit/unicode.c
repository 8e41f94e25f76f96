#include "tap.h"

#include "core/text/utf8.h"
#include "text/unicode.h"

static struct buf out;
static struct arena arena;

static struct str
decode(const char *charset, struct str bytes)
{
	buf_reset(&out);
	if (charset_decode(bytes, str_of(charset), &out) < 0)
		return STR_NONE;
	return buf_str(&out);
}

static void
test_labels(void)
{
	is_str(decode("utf8", STR("h\xc3\xa9")), "hé", "utf8");
	is_str(decode("\"UTF-8\"", STR("\xef\xbb\xbfh\xc3\xa9")), "hé",
	    "quotes, and the byte order mark is left out");
	is_str(decode("'iso-8859-1'", STR("\x80\xe9")), "€é",
	    "iso-8859-1 means windows-1252");
	is_str(decode(" latin1 ", STR("\xfc")), "ü", "latin1 with spaces");
	is_str(decode("ISO-8859-15", STR("\xa4")), "€", "iso-8859-15");
	is_str(decode("gb2312", STR("\xc4\xe3\xba\xc3\x81\x30\x81\x30")),
	    "你好\xc2\x80", "gb2312 means gb18030");
	is_str(decode("ks_c_5601-1987", STR("\xbe\xc8\xb3\xe7\x8c\x63")),
	    "안녕똠", "ks_c_5601-1987 means windows-949");
	is_str(decode("Shift_JIS", STR("\x93\xfa\x96\x7b\x87\x40")), "日本①",
	    "shift_jis with NEC characters");
	is_str(decode("big5", STR("\xa7\x41\xa6\x6e")), "你好", "big5");
	is_str(decode("euc-jp", STR("\xc6\xfc\xcb\xdc")), "日本", "euc-jp");
	is_str(decode("ISO-2022-JP", STR("\x1b$BF|K\\-!\x1b(B!")), "日本①!",
	    "iso-2022-jp");
	is_str(decode("iso-2022-jp", STR("\x1b(I12\x1b(B")), "ｱｲ",
	    "iso-2022-jp with half-width kana");
	is_str(decode("utf-7", STR("Gr+APw-n +AN8-")), "Grün ß", "utf-7");
	is_str(decode("koi8-r", STR("\xd0\xd2\xc9")), "при", "koi8-r");
	is_str(decode("windows-1251", STR("\xef\xf0\xe8")), "при", "1251");
	is_str(decode("utf-16", STR("\xff\xfeh\0i\0")), "hi", "utf-16, BOM");
	is_str(decode("utf-16le", STR("h\0i\0")), "hi", "utf-16le");
	is_str(decode("charset=utf-8; x", STR("\xc3\xa9")), "é", "charset=");
	is_str(decode("hz-gb-2312", STR("~{Dc:C~}!")), "你好!", "hz");
	is_str(decode("iso-8859-8-i", STR("\xf9")), "ש", "iso-8859-8-i");
	is_str(decode("tis-620", STR("\xa1")), "ก", "tis-620");
	is_str(decode("IBM850", STR("\x81")), "ü", "what only ICU knows");
}

static void
test_unlabelled(void)
{
	is_str(decode("x-unknown", STR("Gr\xc3\xbc\xc3\x9f")), "Grüß",
	    "x-unknown that is UTF-8");
	is_str(decode("us-ascii", STR("Gr\xfc\xdf")), "Grüß",
	    "us-ascii with bytes of windows-1252");
	is_str(decode("unknown-8bit", STR("plain")), "plain", "unknown-8bit");
	is_str(decode("no-such-charset", STR("x")), NULL, "unknown: refused");
	is_str(decode("no-such-charset", STR("x")), NULL, "and again");
	is_str(decode("", STR("x")), NULL, "no label");
	is_str(decode("../../etc/passwd", STR("x")), NULL, "a path");
	is_str(decode("iso_2022,locale=ja", STR("x")), NULL, "ICU's options");
	is_str(decode("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		      "aaaaaaaaaaaaaaaaaaaaa",
		   STR("x")),
	    NULL, "a long label");
}

static void
test_malformed(void)
{
	is_str(decode("utf-8", STR("a\xff\xc3(b")),
	    "a\xef\xbf\xbd\xef\xbf\xbd(b", "malformed UTF-8");
	is_str(decode("utf-8", STR("a\0b")), "ab", "NULs are left out");
	is_str(decode("utf-16le", STR("a\0\0\0b\0")), "ab",
	    "NULs are left out of UTF-16 too");
	is_str(decode("shift_jis", STR("a\x81")), "a\xef\xbf\xbd",
	    "a cut multibyte character");
	is_str(decode("euc-jp", STR("\xff!")), "\xef\xbf\xbd!",
	    "a byte that stands for nothing");
	buf_reset(&out);
	utf8_clean(STR("\xe2\x82 \xed\xa0\x80\xf0\x9f\x98\x80"), &out);
	is_str(buf_str(&out),
	    "\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80",
	    "cut sequences and surrogates");
	is_str(utf8_cut(STR("a€b"), 3), "a", "cut at a character's start");
	is_str(utf8_cut(STR("a€b"), 4), "a€", "cut behind a character");
	is_str(utf8_cut(STR("ab"), 5), "ab", "nothing to cut");
	is_str(utf8_cut(STR("\x80\x80"), 1), "", "no start to be found");
}

static void
test_ceiling(void)
{
	struct buf small;

	buf_init(&small, 4);
	is_int(charset_decode(STR("\xe9\xe9\xe9\xe9"), STR("latin1"), &small),
	    0, "the charset is known");
	ok(small.over && small.n == 0, "but there is no room");
	buf_release(&small);
}

static void
test_many_charsets(void)
{
	static const char *const names[] = { "windows-1250", "windows-1251",
		"windows-1252", "windows-1253", "windows-1254", "windows-1255",
		"windows-1256", "windows-1257", "windows-1258", "koi8-r" };
	int good = 0;

	for (int round = 0; round < 100; round++)
		for (size_t i = 0; i < 10; i++)
			good += decode(names[i], STR("\xe1")).n == 2;
	is_int(good, 1000, "more charsets than converters held");
}

static void
test_guess(void)
{
	is_str(str_of(charset_guess(STR("plain"))), "UTF-8", "ASCII");
	is_str(
	    str_of(charset_guess(STR("Gr\xc3\xbc\xc3\x9f"))), "UTF-8", "UTF-8");
	is_str(str_of(charset_guess(STR("\xff\xfeh\0"))), "UTF-16LE", "BOM");
	is_str(str_of(charset_guess(STR("\x1b$B$3$s\x1b(B"))), "ISO-2022-JP",
	    "escapes");
	is_str(
	    str_of(charset_guess(STR("Gr\xfc\xdf Gott, wie geht es Ihnen?"))),
	    "windows-1252", "German");
	is_str(str_of(charset_guess(STR(
		   "\xc4\xee\xe1\xf0\xfb\xe9 \xe4\xe5\xed\xfc, \xff "
		   "\xf5\xee\xf2\xe5\xeb \xe1\xfb \xf3\xe7\xed\xe0\xf2\xfc, "
		   "\xea\xee\xe3\xe4\xe0 \xef\xf0\xe8\xe4\xe5\xf2 "
		   "\xe7\xe0\xea\xe0\xe7"))),
	    "windows-1251", "Russian");
	is_str(
	    str_of(charset_guess(STR(
		"\x82\xa8\x90\xa2\x98\x62\x82\xc9\x82\xc8\x82\xc1\x82\xc4\x82"
		"\xa8\x82\xe8\x82\xdc\x82\xb7\x81\x42"))),
	    "Shift_JIS", "Japanese");
}

static void
test_fold(void)
{
	is_str(unicode_fold(STR("Anna-MARIA"), &arena), "anna-maria", "ASCII");
	is_str(unicode_fold(STR("STRASSE Straße ÉÀ"), &arena),
	    "strasse strasse éà", "sharp s");
	is_str(unicode_fold(STR("ＡＢＣ①\xc2\xad"), &arena), "abc1",
	    "full width, circled, soft hyphen");
	is_str(unicode_fold(STR("ﷺ"), &arena), "صلى الله عليه وسلم",
	    "eighteen characters out of one");
	is_str(unicode_fold(STR(""), &arena), "", "empty");
	is_str(unicode_fold(STR("Zoe\xcc\x88 か\xe3\x82\x99 ẞ"), &arena),
	    "zo\xc3\xab が ss", "marks compose with what is before them");
	is_str(unicode_fold(STR("\xc3 É"), &arena), "\xef\xbf\xbd é",
	    "malformed UTF-8");
}

static void
test_idna(void)
{
	is_str(idna_ascii(STR("Example.COM."), &arena), "example.com", "ASCII");
	is_str(idna_ascii(STR("BÜCHER.example"), &arena),
	    "xn--bcher-kva.example", "umlaut");
	is_str(idna_ascii(STR("straße.de"), &arena), "xn--strae-oqa.de",
	    "non-transitional");
	is_str(idna_ascii(STR("r3---sn.example"), &arena), "r3---sn.example",
	    "hyphens");
	is_str(idna_ascii(STR("_dmarc.example"), &arena), "_dmarc.example",
	    "underscore");
	is_str(idna_ascii(STR("a..b"), &arena), NULL, "empty label");
	is_str(idna_ascii(STR("a.."), &arena), NULL, "at the end");
	is_str(idna_ascii(STR("a。"), &arena), "a", "another full stop");
	is_str(idna_ascii(STR("-a.b"), &arena), NULL, "leading hyphen");
	is_str(idna_ascii(STR("[1.2.3.4]"), &arena), NULL, "address literal");
	is_str(idna_ascii(STR("xn--ascii-.x"), &arena), NULL, "false A-label");
	is_str(idna_ascii(STR(""), &arena), NULL, "empty");
	is_str(idna_ascii(STR_NONE, &arena), NULL, "absent");
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	test_labels();
	test_unlabelled();
	test_malformed();
	test_ceiling();
	test_many_charsets();
	test_guess();
	test_fold();
	test_idna();
	buf_release(&out);
	arena_release(&arena);
	return done();
}
