#include "source/msg/codepage.h"

#include <stdio.h>

#include "core/text/utf8.h"
#include "text/unicode.h"

/* [MS-UCODEREF], and what is no windows-N of it. */
static const struct {
	unsigned page;
	const char *charset;
} others[] = {
	{ 874, "windows-874" },
	{ 932, "windows-31j" },
	{ 936, "gbk" },
	{ 949, "windows-949" },
	{ 950, "big5" },
	{ 1200, "utf-16le" },
	{ 1201, "utf-16be" },
	{ 1361, "johab" },
	{ 10000, "macintosh" },
	{ 20127, "us-ascii" },
	{ 20866, "koi8-r" },
	{ 20932, "euc-jp" },
	{ 21866, "koi8-u" },
	{ 28591, "iso-8859-1" },
	{ 28592, "iso-8859-2" },
	{ 28593, "iso-8859-3" },
	{ 28594, "iso-8859-4" },
	{ 28595, "iso-8859-5" },
	{ 28596, "iso-8859-6" },
	{ 28597, "iso-8859-7" },
	{ 28598, "iso-8859-8" },
	{ 28599, "iso-8859-9" },
	{ 28603, "iso-8859-13" },
	{ 28605, "iso-8859-15" },
	{ 38598, "iso-8859-8" },
	{ 50220, "iso-2022-jp" },
	{ 50221, "iso-2022-jp" },
	{ 50222, "iso-2022-jp" },
	{ 50225, "iso-2022-kr" },
	{ 50227, "iso-2022-cn" },
	{ 51932, "euc-jp" },
	{ 51936, "gb2312" },
	{ 51949, "euc-kr" },
	{ 52936, "hz-gb-2312" },
	{ 54936, "gb18030" },
	{ 65000, "utf-7" },
	{ 65001, "utf-8" },
};

static bool
decode_as(struct str bytes, unsigned page, struct buf *out)
{
	char name[32];

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i].page == page)
			return charset_decode(
				   bytes, str_of(others[i].charset), out) == 0;
	snprintf(name, sizeof(name), page < 1250 ? "cp%u" : "windows-%u", page);
	return charset_decode(bytes, str_of(name), out) == 0;
}

void
codepage_decode(struct str bytes, unsigned page, struct buf *out)
{
	/* Us-ascii has no other bytes; what has them was not asked. */
	bool ascii =
	    str_is_ascii(bytes) && page < 50000 && page != 1200 && page != 1201;

	if (ascii || (page == CODEPAGE_UTF8 && utf8_is_valid(bytes))) {
		buf_add_str(out, bytes);
		return;
	}
	if (page != 0 && page != 20127 && decode_as(bytes, page, out))
		return;
	(void)charset_decode(bytes, str_of(charset_guess(bytes)), out);
}

unsigned
codepage_of_font(unsigned charset)
{
	static const struct {
		unsigned charset, page;
	} table[] = { { 0, 1252 }, { 77, 10000 }, { 128, 932 }, { 129, 949 },
		{ 130, 1361 }, { 134, 936 }, { 136, 950 }, { 161, 1253 },
		{ 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 },
		{ 186, 1257 }, { 204, 1251 }, { 222, 874 }, { 238, 1250 },
		{ 254, 437 }, { 255, 850 } };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].charset == charset)
			return table[i].page;
	return 0;
}
