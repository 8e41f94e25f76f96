#include "source/msg/rtf.h"

#include "core/arena.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/msg/codepage.h"

enum {
	DEPTH = 1000, /* of groups */
	WORD = 32, /* bytes of a control word, as the specification has it */
	FONTS = 1 << 16, /* numbers of them */
	HEAD = 4096, /* bytes in which it is told what was wrapped */
};

enum destination {
	D_TEXT, /* of the document */
	D_TAG, /* a piece of HTML, which is no text of the RTF */
	D_FONTS,
	D_SKIPPED,
};

struct group {
	enum destination destination;
	bool rtf; /* \htmlrtf: what the wrapped HTML does not have */
	unsigned page; /* of the font */
	unsigned skip; /* \ucN: characters behind a \u that stand for it */
};

struct reader {
	struct str left;
	enum rtf_kind kind;
	struct group at, stack[DEPTH];
	size_t depth, deeper; /* groups that are passed over */
	unsigned page; /* \ansicpgN */
	unsigned *fonts; /* their code pages */
	size_t font; /* which the table of fonts is at */
	unsigned passed; /* characters that are yet to be passed over */
	uint32_t high; /* the first half of a character */
	bool star; /* a destination that one may not know begins */
	struct buf bytes; /* that wait to be decoded from this page: */
	unsigned bytes_page;
	struct buf *out;
};

static void
flush(struct reader *r)
{
	if (r->bytes.n > 0)
		codepage_decode(buf_str(&r->bytes), r->bytes_page, r->out);
	buf_reset(&r->bytes);
}

static bool
is_heard(const struct reader *r)
{
	if (r->deeper > 0)
		return false;
	return r->at.destination == D_TAG ||
	       (r->at.destination == D_TEXT && !r->at.rtf);
}

static void
put_char(struct reader *r, uint32_t c)
{
	char utf8[4];

	flush(r);
	buf_add(r->out, utf8, utf8_put(utf8, c));
}

/* A byte of text, unless it stands for a character that was given. */
static void
put_byte(struct reader *r, char c)
{
	unsigned page = r->at.destination == D_TAG ? r->page : r->at.page;

	if (r->passed > 0) {
		r->passed--;
		return;
	}
	if (!is_heard(r))
		return;
	if (page != r->bytes_page)
		flush(r);
	r->bytes_page = page;
	buf_add_char(&r->bytes, c);
}

/* What a control word says for text. */
static void
put_text(struct reader *r, uint32_t c)
{
	if (r->passed > 0)
		r->passed--;
	else if (is_heard(r))
		put_char(r, c);
}

static void
put_unicode(struct reader *r, int n)
{
	uint32_t c = (uint32_t)n & 0xffff;

	r->passed = 0;
	if (is_heard(r)) {
		if (c >= 0xd800 && c < 0xdc00)
			r->high = c;
		else if (c < 0xdc00 || c > 0xdfff)
			put_char(r, c);
		else if (r->high != 0)
			put_char(r, 0x10000 + ((r->high - 0xd800) << 10) +
					(c - 0xdc00));
		if (c < 0xd800 || c >= 0xdc00)
			r->high = 0;
	}
	r->passed = r->at.skip;
}

static void
open_group(struct reader *r)
{
	r->passed = 0;
	r->star = false;
	if (r->depth == DEPTH)
		r->deeper++;
	else
		r->stack[r->depth++] = r->at;
}

static void
close_group(struct reader *r)
{
	r->passed = 0;
	if (r->deeper > 0)
		r->deeper--;
	else if (r->depth > 0)
		r->at = r->stack[--r->depth];
}

/* What no reader shows as the document's text. */
static bool
is_aside(struct str word)
{
	static const char *const words[] = { "colortbl", "stylesheet", "info",
		"pict", "header", "footer", "headerl", "headerr", "headerf",
		"footerl", "footerr", "footerf", "filetbl", "fldinst",
		"listtable", "listoverridetable", "revtbl", "rsidtbl",
		"generator", "objdata", "mhtmltag", "pntext", "xmlnstbl",
		"themedata", "colorschememapping", "datastore", "latentstyles",
		NULL };

	for (size_t i = 0; words[i] != NULL; i++)
		if (str_is(word, words[i]))
			return true;
	return false;
}

/* A word that stands for a character; 0 where it is none. */
static uint32_t
character(struct str word)
{
	static const struct {
		const char *word;
		uint32_t c;
	} table[] = { { "par", '\n' }, { "line", '\n' }, { "row", '\n' },
		{ "sect", '\n' }, { "page", '\n' }, { "tab", '\t' },
		{ "cell", '\t' }, { "lquote", 0x2018 }, { "rquote", 0x2019 },
		{ "ldblquote", 0x201c }, { "rdblquote", 0x201d },
		{ "bullet", 0x2022 }, { "endash", 0x2013 },
		{ "emdash", 0x2014 }, { "enspace", 0x2002 },
		{ "emspace", 0x2003 }, { "zwj", 0x200d }, { "zwnj", 0x200c } };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (str_is(word, table[i].word))
			return table[i].c;
	return 0;
}

static void
take_font(struct reader *r, int n)
{
	size_t font = n < 0 || n >= FONTS ? 0 : (size_t)n;

	if (r->at.destination == D_FONTS)
		r->font = font;
	else
		r->at.page = r->fonts[font] != 0 ? r->fonts[font] : r->page;
}

static void
take_charset(struct reader *r, int n)
{
	if (r->at.destination == D_FONTS)
		r->fonts[r->font] = codepage_of_font((unsigned)n);
}

/* Where a destination begins: true. */
static bool
take_destination(struct reader *r, struct str word)
{
	bool star = r->star;

	r->star = false;
	if (r->deeper > 0 || r->at.destination == D_SKIPPED)
		return true;
	if (str_is(word, "fonttbl"))
		r->at.destination = D_FONTS;
	else if (str_is(word, "htmltag") && star)
		r->at.destination = r->kind == RTF_HTML ? D_TAG : D_SKIPPED;
	else if (is_aside(word) || star)
		r->at.destination = D_SKIPPED;
	else
		return false;
	return true;
}

static void
take_word(struct reader *r, struct str word, bool has, int n)
{
	uint32_t c;

	if (take_destination(r, word))
		return;
	if (str_is(word, "htmlrtf")) {
		r->at.rtf = !has || n != 0;
	} else if (str_is(word, "u") && has) {
		put_unicode(r, n);
	} else if (str_is(word, "uc")) {
		r->at.skip = n < 0 || n > 100 ? 1 : (unsigned)n;
	} else if (str_is(word, "f") && has) {
		take_font(r, n);
	} else if (str_is(word, "plain")) {
		r->at.page = r->page;
	} else if (str_is(word, "fcharset")) {
		take_charset(r, n);
	} else if (str_is(word, "ansicpg") && n > 0) {
		r->page = r->at.page = (unsigned)n;
	} else if ((c = character(word)) != 0) {
		put_text(r, c);
	}
}

static struct str
take(struct reader *r, size_t n)
{
	struct str s = str_sub(r->left, 0, n);

	r->left = str_sub(r->left, n, r->left.n);
	return s;
}

/* \binN: that many bytes that are no RTF. */
static void
pass_bytes(struct reader *r, struct str word, int n)
{
	if (str_is(word, "bin") && n > 0)
		(void)take(r, (size_t)n);
}

/* Behind a backslash letters, and a number. */
static void
read_word(struct reader *r)
{
	size_t n = 0, i;
	struct str word;
	bool minus, has;
	int number = 0;

	while (n < WORD && n < r->left.n && ascii_is_letter(r->left.p[n]))
		n++;
	word = take(r, n);
	minus = r->left.n > 1 && r->left.p[0] == '-' &&
		ascii_is_digit(r->left.p[1]);
	i = minus ? 1 : 0;
	has = i < r->left.n && ascii_is_digit(r->left.p[i]);
	for (; has && i < r->left.n && ascii_is_digit(r->left.p[i]); i++)
		if (number < 100000000)
			number = number * 10 + (r->left.p[i] - '0');
	if (has)
		(void)take(r, i);
	if (r->left.n > 0 && r->left.p[0] == ' ')
		(void)take(r, 1);
	pass_bytes(r, word, number);
	take_word(r, word, has, minus ? -number : number);
}

static void
read_hex(struct reader *r)
{
	struct str two = take(r, 2);
	int high = two.n < 2 ? -1 : ascii_hex(two.p[0]);
	int low = two.n < 2 ? -1 : ascii_hex(two.p[1]);

	if (high >= 0 && low >= 0)
		put_byte(r, (char)(high * 16 + low));
}

/* Behind a backslash. */
static void
read_control(struct reader *r)
{
	char c;

	if (r->left.n == 0)
		return;
	c = r->left.p[0];
	if (ascii_is_letter(c)) {
		read_word(r);
		return;
	}
	(void)take(r, 1);
	switch (c) {
	case '\'':
		read_hex(r);
		break;
	case '*':
		r->star = true;
		return;
	case '~':
		put_text(r, 0xa0);
		break;
	case '_':
		put_text(r, 0x2011);
		break;
	case '\r':
	case '\n':
		put_text(r, '\n');
		break;
	case '\\':
	case '{':
	case '}':
		put_byte(r, c);
		break;
	default:
		break;
	}
	r->star = false;
}

static void
read_all(struct reader *r)
{
	while (r->left.p != NULL && r->left.n > 0 && !r->out->over) {
		char c = r->left.p[0];

		(void)take(r, 1);
		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c == '\\')
			read_control(r);
		else if (c != '\r' && c != '\n' && c != '\0')
			put_byte(r, c);
	}
	flush(r);
}

enum rtf_kind
rtf_read(struct str rtf, struct buf *out)
{
	struct str head = str_sub(rtf, 0, HEAD);
	struct arena a = { 0 };
	struct reader *r;
	enum rtf_kind kind;

	if (!str_starts(rtf, STR("{\\rtf")))
		return 0;
	r = arena_calloc(&a, 1, sizeof(*r));
	r->left = rtf;
	r->kind = str_find(head, STR("\\fromhtml")) >= 0 ? RTF_HTML : RTF_TEXT;
	r->page = r->at.page = CODEPAGE_WESTERN;
	r->at.skip = 1;
	r->fonts = arena_calloc(&a, FONTS, sizeof(*r->fonts));
	r->out = out;
	buf_init(&r->bytes, rtf.n + 1);
	read_all(r);
	kind = r->kind;
	buf_release(&r->bytes);
	arena_release(&a);
	return kind;
}
