#include "text/lines.h"

#include "core/text/ascii.h"
#include "text/phrase.h"
#include "text/unicode.h"

enum {
	LINES_MAX = 1 << 20, /* what is behind them is one line */
	INTRO_LINES = 6,
	INTRO_MAX = 320,
	HEADER_LINES = 24,
	MARK_BLANKS = 4, /* before a mark of quotes of somebody's own */
	MARK_LETTERS = 12, /* in it */
	MARKS = 16, /* of a mail that are looked for */
	DASHES = 4, /* on each side of "Ada wrote" */
	UNKNOWN = 255, /* a label that nobody has asked for */
};

void
lines_release(struct lines *t)
{
	arena_release(&t->scratch);
}

struct str
lines_at(const struct lines *t, size_t i)
{
	return str_make(t->body.p + t->v[i].at, t->v[i].n);
}

struct str
lines_folded(struct lines *t, size_t i)
{
	arena_reset(&t->scratch);
	return str_trim(
	    unicode_fold(str_sub(lines_at(t, i), 0, LINE_LONG), &t->scratch));
}

size_t
lines_last(const struct lines *t, size_t i)
{
	while (i > 0 && t->v[i - 1].class == EMPTY)
		i--;
	return i == 0 ? SIZE_MAX : i - 1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

/* Characters that rules are drawn with, and what mail trackers leave. */
static size_t
rule_char(struct str s)
{
	static const char *const wide[] = { "—", "–", "─", "━", "ᐧ", "‐" };

	switch (s.n == 0 ? 'x' : s.p[0]) {
	case '-':
	case '_':
	case '=':
	case '*':
	case '~':
	case '#':
	case '+':
		return 1;
	case '\xe1':
	case '\xe2':
		for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
			if (str_starts(s, str_of(wide[i])))
				return strlen(wide[i]);
		return 0;
	default:
		return 0;
	}
}

static bool
is_rule(struct str s)
{
	size_t w, marks = 0;
	struct str mark;

	s = str_trim(s);
	w = rule_char(s);
	if (w == 0)
		return false;
	mark = str_sub(s, 0, w);
	while (s.n > 0) {
		if (!str_starts(s, mark))
			return false;
		marks++;
		s = str_sub(s, w, s.n);
		while (s.n > 0 && is_blank(s.p[0]))
			s = str_sub(s, 1, s.n);
	}
	return marks >= 2 || w > 1;
}

/* "C> text": the initials of who is quoted, as old mail programs do. */
static size_t
initials(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < 3 &&
	       (ascii_is_upper(s.p[n]) || (n > 0 && ascii_is_lower(s.p[n]))))
		n++;
	return n > 0 && n < s.n && s.p[n] == '>' ? n + 1 : 0;
}

static enum class class_of(struct str s) {
	size_t i = 0;

	while (i < s.n && is_blank(s.p[i])) i++;
	if (i == s.n || str_is(str_sub(s, i, s.n), "\xc2\xa0")) return EMPTY;
	if (s.p[i] == '>' || (i == 0 && initials(s) > 0)) return QUOTE;
	if (s.n < LINE_LONG && is_rule(s)) return RULE;
	return TEXT;
}

static void
split(struct lines *t, struct arena *a)
{
	struct str rest = t->body;
	size_t n = 1;

	for (const char *p = rest.p, *end = p + rest.n; n < LINES_MAX; n++, p++)
		if ((p = memchr(p, '\n', (size_t)(end - p))) == NULL)
			break;
	t->v = arena_alloc(a, n * sizeof(*t->v));
	while (t->n < n && rest.p != NULL) {
		struct str s = t->n + 1 == n ? rest : str_split(&rest, '\n');
		struct line *l = &t->v[t->n++];

		*l = (struct line){
			.at = (uint32_t)(s.p - t->body.p),
			.n = (uint32_t)s.n,
			.class = (unsigned char)class_of(s),
			.label = UNKNOWN,
		};
	}
}

static bool
is_fence(struct str s)
{
	s = str_trim(s);
	return str_starts(s, STR("```")) || str_starts(s, STR("~~~"));
}

/* Code between fences is text; a last fence without its partner is none. */
static void
mark_code(struct lines *t)
{
	size_t open = SIZE_MAX;

	for (size_t i = 0; i < t->n; i++) {
		if ((t->v[i].class != TEXT && t->v[i].class != RULE) ||
		    !is_fence(lines_at(t, i)))
			continue;
		if (open == SIZE_MAX) {
			open = i;
			continue;
		}
		for (; open <= i; open++)
			t->v[open].class = CODE;
		open = SIZE_MAX;
	}
}

/* Initials count in twos; a ">" that closes the address before it is none. */
static void
mark_false_quotes(struct lines *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str s = lines_at(t, i), before;
		bool alone;

		if (t->v[i].class != QUOTE)
			continue;
		if (initials(s) > 0) {
			alone = (i == 0 || t->v[i - 1].class != QUOTE) &&
				(i + 1 == t->n || t->v[i + 1].class != QUOTE);
			if (alone)
				t->v[i].class = TEXT;
			continue;
		}
		if (i == 0 || t->v[i - 1].class != TEXT || s.n > 80 ||
		    !str_ends(str_trim(s), STR(":")))
			continue;
		before = lines_at(t, i - 1);
		if (str_rchr(before, '<') > str_rchr(before, '>') ||
		    str_starts_nocase(str_trim(before), STR("mailto:")))
			t->v[i].class = TEXT;
	}
}

/* Introductions: "On ... wrote:" over one line or some */

/* A mark of direction (U+200E, U+202C and their like) at the end. */
static bool
ends_marked(struct str s)
{
	s = str_sub(s, s.n < 3 ? 0 : s.n - 3, 3);
	return str_starts(s, STR("\xe2\x80")) || str_starts(s, STR("\xe2\x81"));
}

/* Whether a line may end an introduction, told by its last characters. */
static bool
may_end(struct str s)
{
	s = str_trim_right(s);
	while (s.n > 0 && (s.p[s.n - 1] == '-' || s.p[s.n - 1] == '*'))
		s = str_trim_right(str_sub(s, 0, s.n - 1));
	if (s.n == 0)
		return false;
	return s.p[s.n - 1] == ':' || s.p[s.n - 1] == '>' ||
	       str_ends(s, STR("：")) || ends_marked(s) ||
	       phrase_wrote_end(s) ||
	       str_find(str_sub(s, 0, 32), STR(" GMT")) >= 0;
}

/* "2016-03-03 17:21 GMT+01:00 Some One" */
static bool
is_gmt_form(struct str s)
{
	ptrdiff_t at = str_find(s, STR(" gmt"));

	return at >= 14 && at <= 17 && ascii_is_digit(s.p[0]) &&
	       phrase_time(str_sub(s, 0, (size_t)at)) && s.n < 80;
}

enum strength
lines_strength(struct str s)
{
	struct str bare = s;
	bool colon, verb, mail, year, time, dated;

	while (bare.n > 0 && ascii_is_in(bare.p[bare.n - 1], " -*"))
		bare.n--;
	colon = bare.n > 0 && bare.p[bare.n - 1] == ':';
	year = phrase_year(s);
	time = phrase_time(s);
	mail = phrase_mail(s);
	dated = phrase_dates(s);
	if (!colon) {
		if (is_gmt_form(s))
			return STRONG;
		if (bare.n > 0 && bare.p[bare.n - 1] == '>')
			return mail && year && ascii_is_digit(s.p[0]) &&
				       s.n < 160
				   ? STRONG
				   : NO_INTRO;
		return dated && (time || mail) && phrase_wrote_last(s)
			   ? STRONG
			   : NO_INTRO;
	}
	if (mail && year && (time || dated))
		return STRONG;
	verb = phrase_wrote(s);
	/* "2. 3. 2026 10:00, Bo:" is one where a quote follows. */
	if (!verb && year && time && s.n <= 80 && ascii_is_digit(s.p[0]))
		return WEAK;
	if (!verb || phrase_own(s))
		return NO_INTRO;
	if (mail || (year && time) || (dated && time) ||
	    (dated && year && str_chr(s, ',') >= 0))
		return STRONG;
	return s.n <= 120 ? WEAK : NO_INTRO;
}

/*
 * The lines that end at j joined upwards, as far as they may belong together:
 * the first line that begins like a date and makes the whole strong wins.
 */
static enum strength
intro_up(struct lines *t, size_t j, size_t *first)
{
	char joined[2 * INTRO_MAX];
	size_t at = sizeof(joined);
	enum strength best = NO_INTRO;

	for (size_t k = 0; k < INTRO_LINES && k <= j; k++) {
		size_t i = j - k;
		struct str s = lines_at(t, i);
		enum strength now;

		if (t->v[i].class != TEXT || s.n > INTRO_MAX ||
		    (k > 0 && phrase_sentence(s)))
			break;
		s = lines_folded(t, i);
		if (s.n + 1 > at)
			break;
		if (k > 0)
			joined[--at] = ' ';
		at -= s.n;
		memcpy(joined + at, s.p, s.n);
		now =
		    lines_strength(str_make(joined + at, sizeof(joined) - at));
		if (now == STRONG && phrase_dates(s) &&
		    (k == 0 || phrase_year(s) || phrase_time(s))) {
			*first = i;
			return STRONG;
		}
		if (now > best && (now == STRONG || k == 0)) {
			best = now;
			*first = i;
		}
	}
	return best;
}

/*
 * Some programs put the address between empty lines: "On ... Some One", "<",
 * "mailto:...", "> wrote:".  Returns the last line, or 0.
 */
static size_t
intro_down(struct lines *t, size_t i)
{
	struct str all, s = lines_folded(t, i);
	size_t blanks = 0;

	if (!phrase_dates(s) || !phrase_time(s) || s.n > 120)
		return 0;
	for (size_t j = i + 1; j < t->n && j < i + INTRO_LINES + 2; j++) {
		if (t->v[j].class == EMPTY) {
			if (++blanks > 2)
				return 0;
			continue;
		}
		all = str_trim(lines_at(t, j));
		if (j <= i + 3 && blanks > 0 && all.p[0] != '<' &&
		    str_chr(all, '@') < 0)
			return 0;
		if (all.n < 40 && str_ends(all, STR(":")) &&
		    (all.p[0] == '>' || str_chr(all, '>') >= 0)) {
			all = lines_folded(t, j);
			return phrase_wrote(all) ? j : 0;
		}
		if (all.n > 120)
			return 0;
	}
	return 0;
}

size_t
lines_next(const struct lines *t, size_t i)
{
	while (i < t->n && t->v[i].class == EMPTY)
		i++;
	return i;
}

static void
set_intro(struct lines *t, size_t first, size_t last, enum strength how)
{
	for (size_t i = first; i <= last; i++) {
		t->v[i].class = INTRO;
		t->v[i].strength = (unsigned char)how;
	}
}

/* "[...]", "<snip>", "…": the place of what was not quoted. */
static bool
is_left_out(struct str s)
{
	static const char pairs[] = "[](){}<>";
	const char *open;

	s = str_trim(s);
	if (s.n < 2 || s.n > 32)
		return false;
	open = ascii_is_in(s.p[0], pairs) ? strchr(pairs, s.p[0]) : NULL;
	if (open != NULL && (open - pairs) % 2 == 0 && s.p[s.n - 1] == open[1])
		return true;
	while (s.n > 0 && (s.p[0] == '.' || s.p[0] == ' '))
		s = str_sub(s, 1, s.n);
	return s.n == 0 || str_is(s, "…");
}

/*
 * What a line behind an introduction marks its quote with, where that is not
 * ">" alone: "AL>", "Ada>", "АЛ>", "|".  Its bytes; 0 where there is none.
 */
static size_t
mark_of(struct str s)
{
	size_t i = 0, letters = 0, begin;

	while (i < s.n && i < MARK_BLANKS && is_blank(s.p[i]))
		i++;
	if (i < s.n && ascii_is_in(s.p[i], "|}%"))
		return i + 1;
	for (begin = i; i < s.n && letters <= MARK_LETTERS; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80 && !ascii_is_letter(s.p[i]))
			break;
		letters += (c & 0xc0) != 0x80;
	}
	return i > begin && letters <= MARK_LETTERS && i < s.n && s.p[i] == '>'
		   ? i + 1
		   : 0;
}

/* The quote behind the introduction that ends at j has a mark of its own: all
 * lines below that have it, too, are quoted.  One line alone, with a name
 * before it, may be anything. */
static void
mark_own(struct lines *t, size_t j)
{
	size_t next = lines_next(t, j + 1), n, marked = 0;
	struct str mark;

	if (t->marks >= MARKS)
		return;
	if (next < t->n && is_left_out(lines_at(t, next)))
		next = lines_next(t, next + 1);
	if (next == t->n || t->v[next].class != TEXT)
		return;
	mark = lines_at(t, next);
	n = mark_of(mark);
	if (n == 0 || mark.p == NULL)
		return;
	t->marks++;
	mark = str_sub(mark, 0, n);
	for (size_t i = next; i < t->n; i++)
		marked +=
		    t->v[i].class == TEXT && str_starts(lines_at(t, i), mark);
	if (marked == 1 && initials(mark) == 0)
		return;
	for (size_t i = next; i < t->n; i++)
		if (t->v[i].class == TEXT && str_starts(lines_at(t, i), mark))
			t->v[i].class = QUOTE;
}

/* The line behind an introduction: what stands for words that were left out
 * belongs to it where a quote goes on below. */
static size_t
behind_intro(struct lines *t, size_t *last)
{
	size_t next = lines_next(t, *last + 1), below;

	if (next == t->n || t->v[next].class != TEXT ||
	    !is_left_out(lines_at(t, next)))
		return next;
	below = lines_next(t, next + 1);
	if (below == t->n || t->v[below].class != QUOTE)
		return next;
	*last = next;
	return below;
}

static void
mark_intros(struct lines *t)
{
	for (size_t j = 0; j < t->n; j++) {
		struct str s = lines_at(t, j);
		enum strength how;
		size_t first = j, next, last = j;

		if (t->v[j].class != TEXT || s.n > INTRO_MAX)
			continue;
		if (may_end(s)) {
			how = intro_up(t, j, &first);
			if (how == STRONG)
				mark_own(t, j);
			next = behind_intro(t, &last);
			if (how == WEAK &&
			    (next == t->n || t->v[next].class != QUOTE))
				how = NO_INTRO;
			if (how != NO_INTRO)
				set_intro(t, first, last, how);
		} else if (j + 1 < t->n && t->v[j + 1].class == EMPTY &&
			   j + 2 < t->n && lines_at(t, j + 2).n > 0 &&
			   *lines_at(t, j + 2).p == '<') {
			next = intro_down(t, j);
			if (next > 0)
				set_intro(t, j, next, STRONG);
		}
	}
}

/* The header of a message that follows: "From:", "Sent:", "To:", "Subject:" */

static enum label
label_of(struct lines *t, size_t i)
{
	struct str s = lines_at(t, i), head = str_sub(s, 0, 64);

	if (t->v[i].class != TEXT)
		return LABEL_NONE;
	if (t->v[i].label == UNKNOWN)
		t->v[i].label =
		    s.n < 4 || (str_chr(head, ':') < 0 &&
				   str_find(head, STR("：")) < 0)
			? LABEL_NONE
			: (unsigned char)phrase_label(lines_folded(t, i));
	return (enum label)t->v[i].label;
}

/* Whether the lines from i on are such a header; each label may go on.  An
 * address counts where a mail is from or to: "Date: 5 May" and "Contact:" of
 * somebody who orders a journey make no header. */
static bool
is_header(struct lines *t, size_t i)
{
	enum label last = LABEL_NONE;
	unsigned seen = 0;
	int labels = 0, plain = 0, blanks = 0;
	bool mail = false;

	for (size_t k = i; k < t->n && k < i + HEADER_LINES; k++) {
		enum label l = label_of(t, k);

		if (t->v[k].class == EMPTY) {
			if (++blanks > 1)
				break;
			continue;
		}
		if (l == LABEL_NONE && (blanks > 0 || ++plain > 5))
			break;
		if (l != LABEL_NONE) {
			labels++;
			plain = 0;
			last = l;
		}
		blanks = 0;
		seen |= l;
		mail = mail || ((last == LABEL_FROM || last == LABEL_TO) &&
				   lines_at(t, k).n < LINE_LONG &&
				   phrase_mail(lines_folded(t, k)));
	}
	return labels >= 3 && (seen & LABEL_FROM) != 0 &&
	       (seen & (LABEL_DATE | LABEL_TO)) != 0 &&
	       ((seen & LABEL_SUBJECT) != 0 || mail);
}

/* "> From: Anna", as Apple Mail passes mails on. */
static bool
is_quoted_label(struct lines *t, size_t i)
{
	struct str s = lines_at(t, i);

	return t->v[i].class == QUOTE && s.p != NULL && s.n > 4 &&
	       s.p[0] == '>' && phrase_label(lines_folded(t, i)) != LABEL_NONE;
}

/* "---- Ada wrote ----", as the mail program of Android and its kin have it. */
static bool
is_dashed_intro(struct str words)
{
	size_t before = 0, behind = 0;

	while (before < words.n && words.p[before] == '-')
		before++;
	while (
	    behind < words.n - before && words.p[words.n - 1 - behind] == '-')
		behind++;
	if (before < DASHES || behind < DASHES)
		return false;
	words = str_trim(str_sub(words, before, words.n - before - behind));
	return phrase_wrote_last(words) && !phrase_own(words);
}

/* "-----Original Message-----", and with dashes any words over a header. */
static bool
is_divider(struct lines *t, size_t i)
{
	struct str s = str_trim(lines_at(t, i)), words;
	size_t next;
	bool dashed;

	if (t->v[i].class != TEXT || s.n > 120 || s.n < 6)
		return false;
	while (s.n > 0 && (s.p[0] == '*' || s.p[0] == ' '))
		s = str_sub(s, 1, s.n);
	dashed = str_starts(s, STR("--")) || str_starts(s, STR("__")) ||
		 str_starts(s, STR("==")) || str_starts(s, STR("——")) ||
		 str_starts(s, STR("––")) || str_starts(s, STR("‐‐"));
	if (!dashed && s.n > 0 && s.p[s.n - 1] != ':' && s.p[s.n - 1] != '-' &&
	    !str_ends(s, STR("：")))
		return false;
	words = lines_folded(t, i);
	if (dashed && (phrase_original(words) || is_dashed_intro(words)))
		return true;
	next = lines_next(t, i + 1);
	if (next >= t->n || next > i + 2 ||
	    (!dashed && !phrase_original(words)))
		return false;
	return label_of(t, next) != LABEL_NONE ? is_header(t, next)
					       : is_quoted_label(t, next);
}

static bool
is_above(struct lines *t, size_t i)
{
	struct str s = lines_at(t, i);

	if (t->v[i].class != TEXT || s.n < 12 || s.n > 160 ||
	    rule_char(str_trim(s)) == 0)
		return false;
	return phrase_above(lines_folded(t, i));
}

/*
 * The long line that Outlook draws, and under it a header in a language that
 * is not known here: four short labels one below the other.
 */
static bool
is_drawn(const struct lines *t, size_t i)
{
	size_t next = lines_next(t, i + 1), k;

	if (t->v[i].n < 20 || !str_starts(lines_at(t, i), STR("____")) ||
	    next > i + 2 || next + 4 > t->n)
		return false;
	for (k = next; k < next + 4; k++) {
		struct str s = str_sub(lines_at(t, k), 0, 48);
		ptrdiff_t colon = str_chr(s, ':');

		if (t->v[k].class != TEXT || colon < 2 ||
		    (size_t)colon + 1 >= s.n || s.p[colon + 1] != ' ')
			return false;
	}
	return true;
}

/* GroupWise: ">>> Bo Olsen <bo@b.example> 02.03.2026 10:00 >>>", and under it
 * text without marks. */
static bool
is_pointed(struct lines *t, size_t i)
{
	struct str s = lines_at(t, i);
	size_t next = lines_next(t, i + 1);

	if (s.n < 16 || s.n > 200 || !str_starts(s, STR(">>> ")) ||
	    next >= t->n || t->v[next].class == QUOTE)
		return false;
	s = lines_folded(t, i);
	return phrase_time(s) && phrase_year(s) &&
	       (str_ends(s, STR(">>>")) ||
		   (str_ends(s, STR(":")) &&
		       phrase_wrote_end(str_sub(s, 0, s.n - 1))));
}

bool
lines_original(struct lines *t, size_t i)
{
	if (t->v[i].class == QUOTE)
		return is_pointed(t, i);
	if (t->v[i].class == RULE)
		return is_drawn(t, i);
	return t->v[i].class == TEXT &&
	       (is_divider(t, i) || is_above(t, i) ||
		   (label_of(t, i) != LABEL_NONE && is_header(t, i)));
}

struct str
lines_plain(struct str s, struct arena *a)
{
	char *p;
	size_t n = 0;

	if (s.n == 0 || memchr(s.p, '\r', s.n) == NULL)
		return s;
	p = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			p[n++] = s.p[i];
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			p[n++] = '\n';
	}
	return str_make(p, n);
}

void
lines_init(struct lines *t, struct str body, struct arena *a)
{
	phrase_init();
	*t = (struct lines){ .body = body };
	split(t, a);
	mark_code(t);
	mark_false_quotes(t);
	mark_intros(t);
}
