#include "source/msg/lzfu.h"

enum {
	HEADER = 16,
	WINDOW = 4096,
	LEAST = 2, /* bytes of a reference */
};

/* MS-OXRTFCP, 2.1.3.1.4: the bytes that the window begins with. */
static const char words[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain"
    "\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct window {
	char bytes[WINDOW];
	size_t at; /* where the next byte goes */
	struct buf *out;
};

static void
put(struct window *w, char c)
{
	w->bytes[w->at] = c;
	w->at = (w->at + 1) % WINDOW;
	buf_add_char(w->out, c);
}

static size_t
number(struct str s, size_t at)
{
	size_t v = 0;

	for (size_t i = 4; i > 0; i--)
		v = v << 8 | (unsigned char)s.p[at + i - 1];
	return v;
}

/* A reference's bytes; false where it says that this is the end. */
static bool
refer(struct window *w, unsigned pair)
{
	size_t from = pair >> 4, n = (pair & 15) + LEAST;

	if (from == w->at)
		return false;
	for (size_t i = 0; i < n; i++)
		put(w, w->bytes[(from + i) % WINDOW]);
	return true;
}

/* Eight of them and a byte that says which are references, over and over. */
static void
expand(struct window *w, struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0;

	while (i < s.n && !w->out->over) {
		unsigned control = p[i++];

		for (int bit = 0; bit < 8 && i < s.n; bit++, control >>= 1) {
			if ((control & 1) == 0) {
				put(w, (char)p[i++]);
				continue;
			}
			if (i + 1 >= s.n ||
			    !refer(w, (unsigned)p[i] << 8 | p[i + 1]))
				return;
			i += 2;
		}
	}
}

int
lzfu_decode(struct str s, struct buf *out, struct err *e)
{
	struct window w = { .at = sizeof(words) - 1, .out = out };
	size_t before = out->n, raw;

	if (s.n < HEADER)
		return err_set(
		    e, "compressed RTF of fewer than %d bytes", (int)HEADER);
	raw = number(s, 4);
	if (str_starts(str_sub(s, 8, 4), STR("MELA"))) {
		buf_add_str(out, str_sub(s, HEADER, raw));
	} else if (str_starts(str_sub(s, 8, 4), STR("LZFu"))) {
		memset(w.bytes, ' ', sizeof(w.bytes));
		memcpy(w.bytes, words, sizeof(words) - 1);
		expand(&w, str_sub(s, HEADER, s.n));
	} else {
		return err_set(e, "compressed RTF of a kind that is not known");
	}
	if (out->over)
		return err_set(
		    e, "RTF of more than %zu bytes", out->max - before);
	if (out->n - before < raw)
		return err_set(e, "the compressed RTF is damaged or cut off");
	buf_cut(out, before + raw);
	return 0;
}
