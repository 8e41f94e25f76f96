#include "core/buf.h"
#include "source/msg/cfb.h"
#include "source/msg/codepage.h"
#include "source/msg/lzfu.h"
#include "source/msg/rtf.h"
#include "tap.h"

/* What comes out of compressed RTF, or the sentence. */
static struct str
expand(struct str s, size_t max)
{
	static char out[8192];
	struct buf b;
	struct err e;

	buf_init(&b, max);
	if (lzfu_decode(s, &b, &e) < 0) {
		snprintf(out, sizeof(out), "%s", e.msg);
	} else {
		memcpy(out, buf_str(&b).p, b.n);
		out[b.n] = '\0';
	}
	buf_release(&b);
	return str_of(out);
}

/* The samples of MS-OXRTFCP, 4.1 and 4.2. */
static void
compressed(void)
{
	static const struct str hello = {
		"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125"
		"\x42\x32\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0",
		49
	};
	static const struct str twice = {
		"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4KQA\0\x04 WXYZ\x0d"
		"n}\x01\x0e\xb0",
		30
	};
	char raw[] = "\x10\0\0\0\x04\0\0\0MELA\0\0\0\0{\\r}junk";

	is_str(expand(hello, 4096),
	    "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
	    "by the words of RTF");
	is_str(expand(twice, 4096), "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
	    "what goes on within itself");
	is_str(
	    expand(str_make(raw, sizeof(raw) - 1), 4096), "{\\r}", "as it is");
	is_str(expand(str_sub(hello, 0, 30), 4096),
	    "the compressed RTF is damaged or cut off", "cut off");
	is_str(expand(hello, 20), "RTF of more than 20 bytes",
	    "longer than it may be");
	is_str(expand(str_sub(twice, 1, 29), 4096),
	    "compressed RTF of a kind that is not known", "of another kind");
	is_str(expand(STR("LZFu"), 4096),
	    "compressed RTF of fewer than 16 bytes", "nothing");
}

static struct str
text(const char *rtf)
{
	static char out[4096];
	struct buf b;
	enum rtf_kind kind;

	buf_init(&b, sizeof(out) - 16);
	kind = rtf_read(str_of(rtf), &b);
	snprintf(out, sizeof(out), "%s:%.*s",
	    kind == RTF_HTML   ? "html"
	    : kind == RTF_TEXT ? "text"
			       : "none",
	    STR_ARG(buf_str(&b)));
	buf_release(&b);
	return str_of(out);
}

static void
rtf(void)
{
	is_str(text("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\r\n"
		    "One\\par two\\tab three\\line\\'e4\\emdash }"),
	    "text:One\ntwo\tthree\n\xc3\xa4\xe2\x80\x94", "text");
	is_str(text("<p>"), "none:", "no RTF");
	is_str(text("{\\rtf1{\\info{\\author A}}{\\*\\unknown x{y}}{\\pict 00}a"
		    "{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt b}}}"),
	    "text:ab", "what is not shown");
	is_str(text("{\\rtf1\\uc1 \\u-10179?\\u-8704?\\uc2\\u252ab\\uc0\\u252 c"
		    "\\uc1\\u8364\\'80d}"),
	    "text:\xf0\x9f\x98\x80\xc3\xbc\xc3\xbc"
	    "c\xe2\x82\xac"
	    "d",
	    "characters of two halves, and what stands for them");
	is_str(text("{\\rtf1 a\\u-10179?b}"), "text:ab", "half of one");
	is_str(text("{\\rtf1\\ansicpg1252{\\fonttbl{\\f1\\fcharset204 A;}"
		    "{\\f2\\fcharset128 B;}}\\'e4\\f1\\'e4{\\f2 \\'93\\'fa}"
		    "\\'e4\\plain\\'e4}"),
	    "text:\xc3\xa4\xd0\xb4\xe6\x97\xa5\xd0\xb4\xc3\xa4",
	    "fonts of other code pages");
	is_str(text("{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {"
		    "\\htmlrtf0 a\\htmlrtf\\par}\\htmlrtf0 b{\\htmlrtf no}c"
		    "{\\*\\htmltag84 &lt;}{\\*\\mhtmltag84 no}"
		    "{\\*\\htmltag72 </p>\\par}}"),
	    "html:<p>abc&lt;</p>\n", "HTML that is wrapped");
	is_str(
	    text("{\\rtf1\\ansi\\fromtext \\htmlrtf no\\htmlrtf0 a\\{b\\}\\\\"
		 "\\par}"),
	    "text:a{b}\\\n", "text that is wrapped");
	is_str(
	    text("{\\rtf1 a\\bin3 }}}b}"), "text:ab", "bytes that are no RTF");
	is_str(text("{\\rtf1 {{{a\\'4"), "text:a", "what does not end");
}

static void
deep(void)
{
	struct buf b, out;

	buf_init(&b, 1 << 20);
	buf_init(&out, 1 << 20);
	buf_add_z(&b, "{\\rtf1 a");
	for (int i = 0; i < 100000; i++)
		buf_add_char(&b, '{');
	buf_add_z(&b, "no");
	for (int i = 0; i < 100000; i++)
		buf_add_char(&b, '}');
	buf_add_z(&b, "b}");
	(void)rtf_read(buf_str(&b), &out);
	is_str(buf_str(&out), "ab", "groups without end");
	buf_release(&b);
	buf_release(&out);
}

static struct str
page(struct str bytes, unsigned number)
{
	static char out[256];
	struct buf b;

	buf_init(&b, sizeof(out));
	codepage_decode(bytes, number, &b);
	memcpy(out, buf_str(&b).p, b.n);
	out[b.n] = '\0';
	buf_release(&b);
	return str_of(out);
}

static void
pages(void)
{
	is_str(page(STR("\x80"), 1252), "\xe2\x82\xac", "windows-1252");
	is_str(page(STR("\xe4"), 1251), "\xd0\xb4", "windows-1251");
	is_str(page(STR("\x93\xfa"), 932), "\xe6\x97\xa5", "932");
	is_str(page(STR("\x84"), 437), "\xc3\xa4", "437");
	is_str(page(STR("\xa4"), 28605), "\xe2\x82\xac", "28605");
	is_str(page(STR("\xc3\xa4"), 65001), "\xc3\xa4", "65001");
	is_str(page(STR("\xe4\0"), 1200), "\xc3\xa4", "1200");
	is_str(page(STR("\x1b$BF|\x1b(B"), 50220), "\xe6\x97\xa5", "50220");
	is_str(page(STR("\xc3\xa4"), 0), "\xc3\xa4", "none");
	is_str(
	    page(STR("\xc3\xa4"), 12345), "\xc3\xa4", "one that nobody knows");
}

/* A header whose tables lead into nothing, each number in turn. */
static void
tables(void)
{
	static const uint32_t numbers[] = { 0, 1, 2, 3, 0x7fffffff, 0xfffffffa,
		0xfffffffe, 0xffffffff };
	char file[2048];
	size_t bad = 0;

	for (size_t at = 24; at < 512; at += 4)
		for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers);
		     i++) {
			struct arena a = { 0 };
			struct cfb c;
			struct str s;
			struct err e;

			memset(file, 0xff, sizeof(file));
			memset(file + 512, 0, 512);
			memcpy(file, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
			memcpy(file + 24, "\x3e\0\3\0\xfe\xff\x09\0\x06\0", 10);
			memcpy(file + 44, "\1\0\0\0\1\0\0\0", 8);
			memcpy(file + 56, "\0\x10\0\0", 4);
			memcpy(file + 68, "\xfe\xff\xff\xff\0\0\0\0\0\0\0", 12);
			memcpy(file + at, &numbers[i], 4);
			if (cfb_open(&c, str_make(file, sizeof(file)), &a, &e) <
			    0)
				bad++;
			else if (cfb_find(&c, CFB_ROOT, STR("x")) != CFB_NONE &&
				 cfb_read(&c, 1, &s, &e) < 0)
				bad++;
			arena_release(&a);
		}
	ok(bad > 0, "whatever the header says there is an end");
}

int
main(void)
{
	compressed();
	rtf();
	deep();
	pages();
	tables();
	return done();
}
