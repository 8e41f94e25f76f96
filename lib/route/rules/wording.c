#include "route/rules/wording.h"

#include "text/unicode.h"

/*
 * Letters and blanks as ranges.  Unicode's own classes (HS_FLAG_UCP) have
 * hundreds of them: an expression with \w took 25 ms to compile, with these
 * a tenth.  Beyond ASCII they hold whole blocks of letters; general
 * punctuation, symbols and pictures are left out.  All have both cases in them,
 * so that nothing need be folded, which takes Hyperscan half the time.
 */
#define LETTERS                                                       \
	"0-9A-Za-z_\\x{aa}\\x{b5}\\x{ba}\\x{c0}-\\x{1fff}"            \
	"\\x{2126}\\x{212a}\\x{212b}"                                 \
	"\\x{2c00}-\\x{2dff}\\x{3040}-\\x{d7ff}\\x{f900}-\\x{fdff}"   \
	"\\x{fe70}-\\x{fefe}\\x{ff10}-\\x{ffdc}\\x{10000}-\\x{1efff}" \
	"\\x{20000}-\\x{3ffff}"
#define LOOSE_LETTERS "0-9A-Za-z_\\x{80}-\\x{10ffff}"
#define ANY_OF(class) "(?-i:[" class "])"
#define BLANKS "\\s\\x{a0}\\x{2000}-\\x{200a}\\x{202f}\\x{3000}"

enum { LOOSE_MAX = 2000 }; /* characters with their repeats */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
wording_word(struct str s, struct buf *out)
{
	size_t i = 0;

	while (i < s.n) {
		if (is_blank(s.p[i])) {
			buf_add_z(out, "[" BLANKS "]+");
			while (i < s.n && is_blank(s.p[i]))
				i++;
			continue;
		}
		if (s.p[i] == '*')
			buf_add_z(out, ANY_OF(LETTERS) "*");
		else if (unicode_in_word((unsigned char)s.p[i]) ||
			 (s.p[i] & 0x80) != 0)
			buf_add_char(out, s.p[i]);
		else
			buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
		i++;
	}
}

/* An expression on its way. */
struct walk {
	struct str s;
	size_t i;
	struct buf *out;
	bool loose;
	bool in_class, negated;
	bool letters; /* some \w was met that may be loose */
	size_t repeats; /* the product of all counts */
};

static void
copy(struct walk *w, size_t n)
{
	struct str piece = str_sub(w->s, w->i, n);

	buf_add_str(w->out, piece);
	w->i += piece.n;
}

/* Up to `end` and with it, or all. */
static void
copy_through(struct walk *w, const char *end)
{
	ptrdiff_t at = str_find(str_sub(w->s, w->i, w->s.n), str_of(end));

	copy(w, at < 0 ? w->s.n - w->i : (size_t)at + strlen(end));
}

/* What stands for \w, \W, \s, \S: in a class or by itself; or NULL. */
static const char *
ours(struct walk *w, char c)
{
	switch (c) {
	case 'w':
		/* The fewer letters, the more a negated class holds. */
		if (w->loose && !(w->in_class && w->negated)) {
			w->letters = true;
			return w->in_class ? LOOSE_LETTERS
					   : ANY_OF(LOOSE_LETTERS);
		}
		return w->in_class ? LETTERS : ANY_OF(LETTERS);
	case 's':
		return w->in_class ? BLANKS : "[" BLANKS "]";
	case 'W':
		return w->in_class ? NULL : ANY_OF("^" LETTERS);
	case 'S':
		return w->in_class ? NULL : "[^" BLANKS "]";
	default:
		return NULL;
	}
}

static void
copy_escape(struct walk *w)
{
	char c = w->i + 1 < w->s.n ? w->s.p[w->i + 1] : '\0';
	const char *instead = ours(w, c);

	if (instead != NULL) {
		buf_add_z(w->out, instead);
		w->i += 2;
	} else if (c == 'Q') {
		copy_through(w, "\\E");
	} else {
		copy(w, c == 'c' ? 3 : 2);
		/* \x{20} is no x twenty times. */
		if (c != '\0' && str_chr(STR("xpPoNgk"), c) >= 0 &&
		    w->i < w->s.n && w->s.p[w->i] == '{')
			copy_through(w, "}");
	}
}

static void
copy_class_start(struct walk *w)
{
	w->in_class = true;
	copy(w, 1);
	w->negated = w->i < w->s.n && w->s.p[w->i] == '^';
	if (w->negated)
		copy(w, 1);
	/* The first one closes nothing. */
	if (w->i < w->s.n && w->s.p[w->i] == ']')
		copy(w, 1);
}

/* Takes a number off s; false where there is none. */
static bool
number(struct str *s, size_t *out)
{
	size_t n = 0;

	for (*out = 0; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		if (*out <= LOOSE_MAX)
			*out = *out * 10 + (size_t)(s->p[n] - '0');
	*s = str_sub(*s, n, s->n);
	return n > 0;
}

/* {3}, {3,} or {3,5} at the start of s: its length and numbers; else 0. */
static size_t
count(struct str s, size_t *least, size_t *most)
{
	struct str rest = str_sub(s, 1, s.n);

	if (!number(&rest, least))
		return 0;
	*most = *least;
	if (str_starts(rest, STR(","))) {
		rest = str_sub(rest, 1, rest.n);
		number(&rest, most);
	}
	return str_starts(rest, STR("}")) ? s.n - rest.n + 1 : 0;
}

static void
copy_count(struct walk *w)
{
	struct str rest = str_sub(w->s, w->i, w->s.n);
	size_t least, most, n = count(rest, &least, &most);

	if (n == 0 || !w->loose) {
		copy(w, n == 0 ? 1 : n);
		return;
	}
	if (w->repeats <= LOOSE_MAX)
		w->repeats *= (most > least ? most : least) + 1;
	buf_add_char(w->out, least == 0 ? '*' : '+');
	w->i += n;
}

static void
walk(struct walk *w)
{
	w->repeats = 1;
	while (w->i < w->s.n) {
		char c = w->s.p[w->i];

		if (c == '\\') {
			copy_escape(w);
		} else if (!w->in_class && c == '[') {
			copy_class_start(w);
		} else if (!w->in_class && c == '{') {
			copy_count(w);
		} else if (w->in_class &&
			   str_starts(str_sub(w->s, w->i, 2), STR("[:"))) {
			copy_through(w, ":]");
		} else {
			if (c == ']')
				w->in_class = false;
			copy(w, 1);
		}
	}
}

void
wording_exact(struct str s, struct buf *out)
{
	struct walk w = { .s = s, .out = out };

	walk(&w);
}

bool
wording_loose(struct str s, struct buf *out)
{
	struct walk w = { .s = s, .out = out, .loose = true };

	walk(&w);
	return w.letters && w.repeats * s.n <= LOOSE_MAX;
}
