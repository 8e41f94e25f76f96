#include "text/trim.h"

#include "core/buf.h"
#include "core/text/ascii.h"
#include "text/lines.h"
#include "text/phrase.h"
#include "text/unicode.h"

enum {
	SIGNATURE_LINES = 80, /* behind "-- " */
	DASHED_LINES = 14, /* behind other lines of dashes */
	CLOSING_LINES = 10,
	NOTICE_MIN = 60,
	GREETING_MAX = 48,
	SENTENCE_MIN = 40, /* a shorter line may be anything */
	LABEL_MAX = 32,
};

enum fate { IN_TEXT, IN_QUOTED, IN_SIGNATURE };

struct trim {
	struct lines l;
	struct arena *a;
	bool answer;
	size_t first; /* line that is not empty */
	size_t written; /* the first line that says something */
	size_t end; /* lines from here on have their fate */
};

static void
give(struct trim *t, size_t from, size_t to, enum fate fate)
{
	for (size_t i = from; i < to; i++)
		t->l.v[i].fate = (unsigned char)fate;
}

static bool
is_words(const struct trim *t, size_t i)
{
	return t->l.v[i].class == TEXT || t->l.v[i].class == CODE;
}

static bool
is_mobile(struct trim *t, size_t i)
{
	struct str s = lines_at(&t->l, i);

	return t->l.v[i].class == TEXT && s.n < 240 &&
	       phrase_mobile(lines_folded(&t->l, i));
}

/* Whether somebody wrote something above line i ("Sent from" is nothing). */
static bool
anything_above(const struct trim *t, size_t i)
{
	return t->written < i;
}

static size_t
find_written(struct trim *t)
{
	size_t i = 0;

	while (i < t->l.n && t->l.v[i].class != QUOTE &&
	       (!is_words(t, i) || is_mobile(t, i)))
		i++;
	return i;
}

/* Back over empty lines and one rule that belongs to what begins at i. */
static size_t
absorb(const struct trim *t, size_t i)
{
	size_t k = i;

	while (k > 0 && i - k < 3 && t->l.v[k - 1].class == EMPTY)
		k--;
	return k > 0 && t->l.v[k - 1].class == RULE ? k - 1 : i;
}

/* Where the message that was answered or passed on begins, told by its
 * header; t->l.n where there is none. */
static size_t
find_original(struct trim *t)
{
	for (size_t i = 0; i < t->l.n; i++)
		if (lines_original(&t->l, i))
			return i;
	return t->l.n;
}

/* Whether nothing but "Hello Ada," stands above line i: then what was written
 * stands below. */
static bool
only_greeting_above(struct trim *t, size_t i)
{
	size_t first = t->first;
	struct str s;

	if (first >= i || t->l.v[first].class != TEXT ||
	    i > first + SIGNATURE_LINES || lines_next(&t->l, first + 1) < i)
		return false;
	s = str_trim(lines_at(&t->l, first));
	if (s.n > GREETING_MAX ||
	    (!str_ends(s, STR(",")) && !str_ends(s, STR("，"))))
		return false;
	return !phrase_closing(lines_folded(&t->l, first));
}

/* The first introduction that is followed by unmarked text. */
static size_t
find_unmarked(struct trim *t)
{
	for (size_t i = 0; i < t->end; i++) {
		size_t last = i, next;

		if (t->l.v[i].class != INTRO)
			continue;
		while (last + 1 < t->end && t->l.v[last + 1].class == INTRO)
			last++;
		next = lines_next(&t->l, last + 1);
		if (t->l.v[i].strength == STRONG &&
		    (next >= t->end || t->l.v[next].class != QUOTE) &&
		    anything_above(t, i) && !only_greeting_above(t, i))
			return i;
		i = last;
	}
	return t->end;
}

/* Each cut_* gives the last lines before t->end their fate and takes them
 * off; false where the end is none of its kind. */

static bool
cut_mobile(struct trim *t)
{
	size_t i = lines_last(&t->l, t->end);

	if (i == SIZE_MAX || !is_mobile(t, i))
		return false;
	give(t, i, t->end, IN_SIGNATURE);
	t->end = i;
	return true;
}

/* Rules with nothing behind them. */
static bool
cut_rules(struct trim *t)
{
	size_t i = lines_last(&t->l, t->end);

	if (i == SIZE_MAX || t->l.v[i].class != RULE)
		return false;
	give(t, i, t->end, IN_SIGNATURE);
	t->end = i;
	return true;
}

static bool
cut_quote(struct trim *t)
{
	size_t i = lines_last(&t->l, t->end), k;

	if (i == SIZE_MAX || t->l.v[i].class != QUOTE)
		return false;
	while (i > 0 &&
	       (t->l.v[i - 1].class == QUOTE || t->l.v[i - 1].class == EMPTY))
		i--;
	k = i;
	while (k > 0 && t->l.v[k - 1].class == INTRO)
		k--;
	/* A quote that all was said above, or that nobody introduced. */
	if (!anything_above(t, k))
		return false;
	give(t, k, t->end, IN_QUOTED);
	t->end = k;
	return true;
}

/* An introduction with nothing behind it. */
static bool
cut_intro(struct trim *t)
{
	size_t i = lines_last(&t->l, t->end);

	if (i == SIZE_MAX || t->l.v[i].class != INTRO)
		return false;
	while (i > 0 && t->l.v[i - 1].class == INTRO)
		i--;
	give(t, i, t->end, IN_QUOTED);
	t->end = i;
	return true;
}

enum dash { NO_DASH, DASH_STRICT, DASH_LAX, DASH_RULE };

static enum dash
dash_of(const struct trim *t, size_t i)
{
	struct str s = lines_at(&t->l, i), bare = str_trim(s);

	if (t->l.v[i].class != RULE)
		return NO_DASH;
	if (str_is(s, "-- "))
		return DASH_STRICT;
	if (str_is(bare, "--") || str_is(bare, "__") || str_is(bare, "—") ||
	    str_is(bare, "–") || str_is(bare, "- -"))
		return DASH_LAX;
	return bare.n >= 3 && !ascii_is_in(bare.p[0], "#+") ? DASH_RULE
							    : NO_DASH;
}

/* What stands behind a rule: [i, t->end). */
struct tail {
	size_t full, longest;
	bool contact, footer, sentence, question, only_text;
};

static struct tail
tail_of(struct trim *t, size_t i)
{
	struct tail r = { .only_text = true };

	for (; i < t->end; i++) {
		struct str s = lines_at(&t->l, i);
		bool footer;

		if (t->l.v[i].class == EMPTY)
			continue;
		r.full++;
		if (s.n > r.longest)
			r.longest = s.n;
		if (t->l.v[i].class != TEXT) {
			r.only_text = r.only_text && t->l.v[i].class == RULE;
			continue;
		}
		s = lines_folded(&t->l, i);
		r.contact = r.contact || phrase_contact(s);
		r.footer = r.footer || phrase_notice(s, &footer) > 1 ||
			   footer || phrase_mobile(s);
		r.question = r.question || (s.n > 0 && s.p[s.n - 1] == '?');
		r.sentence = r.sentence || r.question ||
			     (s.n > SENTENCE_MIN && phrase_sentence(s));
	}
	return r;
}

/* Whether a rule under a title is meant, as text files have them. */
static bool
is_underline(const struct trim *t, size_t i)
{
	return i > 0 && i + 1 < t->l.n && t->l.v[i - 1].class == TEXT &&
	       t->l.v[i].n <= t->l.v[i - 1].n + 3 &&
	       t->l.v[i - 1].n <= t->l.v[i].n + 3;
}

/* Does a rule like the one at i stand near it in what is left?  Then it parts
 * what was written. */
static bool
is_repeated(const struct trim *t, size_t i)
{
	struct str mark = str_trim(lines_at(&t->l, i));
	size_t k = i > SIGNATURE_LINES ? i - SIGNATURE_LINES : 0;

	for (; k < t->end && k < i + SIGNATURE_LINES; k++)
		if (k != i && t->l.v[k].class == RULE &&
		    str_eq(str_trim(lines_at(&t->l, k)), mark))
			return true;
	return false;
}

/* "Name: Ana Ruiz": what forms send begins with a label, and a signature with
 * a name or a number. */
static bool
is_form(struct trim *t, size_t i)
{
	struct str s = lines_folded(&t->l, i);
	ptrdiff_t colon = str_chr(s, ':');

	return colon > 0 && colon <= LABEL_MAX && (size_t)colon + 2 < s.n &&
	       s.p[colon + 1] == ' ' && !phrase_contact(s);
}

/* Whether what stands behind the rule at i was written to be read: sentences
 * right below it, where nothing was said above or the rule comes again. */
static bool
is_body(struct trim *t, size_t i, enum dash dash, const struct tail *r)
{
	size_t first = lines_next(&t->l, i + 1);
	size_t above = lines_last(&t->l, i);
	bool repeated = is_repeated(t, i), sentence;
	struct str s = lines_at(&t->l, first);

	if (r->footer)
		return false;
	sentence = s.n > SENTENCE_MIN && phrase_sentence(s);
	if (dash == DASH_STRICT)
		return sentence && (repeated || only_greeting_above(t, i));
	if (repeated || sentence || only_greeting_above(t, i) ||
	    is_form(t, first))
		return true;
	return above != SIZE_MAX &&
	       str_ends(str_trim_right(lines_at(&t->l, above)), STR(":"));
}

static bool
is_signature(struct trim *t, size_t i)
{
	enum dash dash = dash_of(t, i);
	struct tail r = tail_of(t, i + 1);
	size_t above = lines_last(&t->l, i);

	if (!r.only_text || r.full == 0 ||
	    (dash != DASH_STRICT && !anything_above(t, i)) ||
	    is_body(t, i, dash, &r))
		return false;
	switch (dash) {
	case DASH_STRICT:
		return true;
	case DASH_LAX:
		return r.full <= DASHED_LINES && i + 1 < t->end &&
		       (r.longest < 200 || r.footer) &&
		       (!r.question || r.contact || r.footer);
	case DASH_RULE:
		if (is_underline(t, i) || r.full > DASHED_LINES)
			return false;
		if (above != SIZE_MAX && t->l.v[above].class == QUOTE)
			return true;
		/* A sender's block: short lines close under the rule.  Boxes
		 * of asterisks hold other things. */
		if (r.footer || *str_trim(lines_at(&t->l, i)).p == '*')
			return r.footer;
		return (!r.sentence && r.longest < 100 && r.contact) ||
		       (!r.sentence && r.longest < 60 && r.full <= 6 &&
			   t->l.v[i + 1].class == TEXT && i > 0 &&
			   t->l.v[i - 1].class == EMPTY);
	default:
		return false;
	}
}

static bool
cut_signature(struct trim *t)
{
	size_t found = SIZE_MAX;
	size_t low = t->end > SIGNATURE_LINES ? t->end - SIGNATURE_LINES : 0;
	size_t tries = 0;

	for (size_t i = t->end; i > low; i--) {
		enum class class = (enum class)t->l.v[i - 1].class;

		if (class == QUOTE || class == CODE || class == INTRO)
			break;
		if (class != RULE || dash_of(t, i - 1) == NO_DASH)
			continue;
		if (++tries > 6)
			break;
		if (is_signature(t, i - 1)) {
			found = i - 1;
			if (dash_of(t, found) == DASH_STRICT)
				break;
		}
	}
	if (found == SIZE_MAX)
		return false;
	give(t, found, t->end, IN_SIGNATURE);
	t->end = found;
	return true;
}

/* A signature of PGP (RFC 4880, 7). */
static bool
cut_armor(struct trim *t)
{
	size_t last = lines_last(&t->l, t->end), i = last;

	if (last == SIZE_MAX ||
	    !str_starts(lines_at(&t->l, last), STR("-----END PGP SIGNATURE")))
		return false;
	while (!str_starts(lines_at(&t->l, i), STR("-----BEGIN PGP SIGNATURE")))
		if (i-- == 0 || last - i > SIGNATURE_LINES)
			return false;
	give(t, i, t->end, IN_SIGNATURE);
	t->end = i;
	return true;
}

/* What PGP puts above the text that it signs: a line, and fields up to an
 * empty one. */
static void
cut_armor_head(struct trim *t)
{
	static const struct str head = { "-----BEGIN PGP SIGNED MESSAGE", 29 };
	size_t first = lines_next(&t->l, 0), i = first;

	if (i >= t->end || !str_starts(lines_at(&t->l, i), head))
		return;
	while (i < t->end && t->l.v[i].class != EMPTY)
		i++;
	if (i < t->end)
		give(t, first, i, IN_SIGNATURE);
}

/* The last paragraph: [first, t->end) without the empty lines above. */
static size_t
paragraph(const struct trim *t, size_t max)
{
	size_t i = lines_last(&t->l, t->end), n = 0;

	if (i == SIZE_MAX)
		return SIZE_MAX;
	for (i++; i > 0 && t->l.v[i - 1].class == TEXT && n <= max; i--)
		n++;
	return n > 0 && n <= max ? i : SIZE_MAX;
}

/* A lawyer's paragraph at the end. */
static bool
cut_notice(struct trim *t)
{
	size_t first = paragraph(t, DASHED_LINES), bytes = 0;
	int words = 0;
	bool footer;

	if (first == SIZE_MAX || !anything_above(t, first))
		return false;
	for (size_t i = first; i < t->end; i++) {
		struct str s = lines_at(&t->l, i);

		bytes += s.n;
		s = str_sub(s, 0, 4096);
		arena_reset(&t->l.scratch);
		words += phrase_notice(unicode_fold(s, &t->l.scratch), &footer);
	}
	if (words < 2 || bytes < NOTICE_MIN)
		return false;
	give(t, first, t->end, IN_SIGNATURE);
	t->end = first;
	return true;
}

/* Where "Best regards," stands, with at most CLOSING_LINES lines that are not
 * empty below it; *full counts them.  SIZE_MAX without one. */
static size_t
find_closing(struct trim *t, size_t *full)
{
	*full = 0;
	for (size_t i = t->end; i-- > 0;) {
		struct str s = lines_at(&t->l, i);

		if (t->l.v[i].class == EMPTY)
			continue;
		if (t->l.v[i].class != TEXT || s.n > 120)
			return SIZE_MAX;
		s = lines_folded(&t->l, i);
		if (phrase_closing(s))
			return i;
		if (++*full > CLOSING_LINES || str_ends(s, STR("?")))
			return SIZE_MAX;
	}
	return SIZE_MAX;
}

/* One line below an empty one: a scanner's, or a card of bars. */
static bool
cut_line(struct trim *t)
{
	size_t i = lines_last(&t->l, t->end);
	struct str s;

	if (i == SIZE_MAX || i == 0 || t->l.v[i].class != TEXT ||
	    t->l.v[i - 1].class == TEXT || !anything_above(t, i))
		return false;
	s = lines_folded(&t->l, i);
	if (!phrase_advert(s) && !phrase_card(s))
		return false;
	give(t, i, t->end, IN_SIGNATURE);
	t->end = i;
	return true;
}

/*
 * "Best regards," and a block of contact details below it.  A name alone
 * stays: it is part of what was written.
 */
static bool
cut_closing(struct trim *t)
{
	size_t full, closing = find_closing(t, &full);
	bool contact = false;

	if (closing == SIZE_MAX || full < 2 || !anything_above(t, closing))
		return false;
	for (size_t i = closing + 1; i < t->end && !contact; i++)
		contact = t->l.v[i].class != EMPTY &&
			  phrase_contact(lines_folded(&t->l, i));
	if (!contact)
		return false;
	give(t, closing, t->end, IN_SIGNATURE);
	t->end = closing;
	return true;
}

/* "-Anna Meier" as the last words, below an empty line. */
static bool
cut_dashed_name(struct trim *t)
{
	size_t i = lines_last(&t->l, t->end), words = 1;
	struct str s;

	if (i == SIZE_MAX || i < 2 || t->l.v[i].class != TEXT ||
	    t->l.v[i - 1].class != EMPTY || !anything_above(t, i))
		return false;
	s = lines_at(&t->l, i);
	if (s.n < 3 || s.n > 40 || s.p[0] != '-' || !ascii_is_upper(s.p[1]))
		return false;
	for (size_t k = 1; k < s.n; k++) {
		if (s.p[k] == ' ' && k + 1 < s.n)
			words += ascii_is_upper(s.p[k + 1]) ? 1 : 10;
		else if (ascii_is_in(s.p[k], ",.;:!?()0123456789"))
			words += 10;
	}
	if (words > 3)
		return false;
	give(t, i, t->end, IN_SIGNATURE);
	t->end = i;
	return true;
}

static void
cut_ends(struct trim *t)
{
	bool name_seen = false;

	for (;;) {
		while (t->end > 0 && t->l.v[t->end - 1].class == EMPTY)
			t->end--;
		if (cut_mobile(t) || cut_rules(t) || cut_armor(t) ||
		    cut_signature(t) || cut_intro(t) || cut_quote(t) ||
		    cut_notice(t) || cut_line(t) || cut_closing(t))
			continue;
		if (name_seen || !cut_dashed_name(t))
			return;
		name_seen = true;
	}
}

/*
 * What stands below one introduced quote is the answer; in a mail that answers
 * another one below any quote.  Between quotes the answers need what they
 * answer to: only the introductions go.
 */
static void
cut_starts(struct trim *t)
{
	size_t first = lines_next(&t->l, 0), below = first;

	for (size_t i = 0; i < t->end; i++)
		if (t->l.v[i].class == INTRO)
			t->l.v[i].fate = IN_QUOTED;
	if (first >= t->end ||
	    (t->l.v[first].class != INTRO &&
		(t->l.v[first].class != QUOTE || !t->answer)))
		return;
	while (below < t->end && !is_words(t, below))
		below++;
	for (size_t i = below; i < t->end; i++)
		if (t->l.v[i].class == QUOTE || t->l.v[i].class == INTRO)
			return;
	give(t, first, below, IN_QUOTED);
}

/*
 * All is quoted, and so is what was typed into the quote, as programs let
 * people do: below an introduction it is the text.  A quote that holds its
 * introduction itself is an empty answer, another one is what was sent.
 */
static void
only_quotes(struct trim *t)
{
	size_t first = lines_next(&t->l, 0);
	struct str s;

	for (size_t i = 0; i < t->end; i++)
		if (t->l.v[i].class == INTRO)
			t->l.v[i].fate = IN_QUOTED;
	if (first >= t->l.n || t->l.v[first].class != QUOTE)
		return;
	s = lines_folded(&t->l, first);
	while (s.n > 0 && (s.p[0] == '>' || s.p[0] == ' '))
		s = str_sub(s, 1, s.n);
	if (lines_strength(s) != STRONG)
		return;
	give(t, 0, t->end, IN_QUOTED);
	t->end = 0;
}

static void
decide(struct trim *t)
{
	size_t original = find_original(t), unmarked;
	bool written = false;

	if (original < t->l.n) {
		/* With nothing above it, the passed-on mail is the message. */
		if (!anything_above(t, original)) {
			give(t, 0, original, IN_SIGNATURE);
			give(t, absorb(t, original), t->l.n, IN_TEXT);
			return;
		}
		t->end = absorb(t, original);
		give(t, t->end, t->l.n, IN_QUOTED);
	}
	unmarked = find_unmarked(t);
	if (unmarked < t->end) {
		give(t, unmarked, t->end, IN_QUOTED);
		t->end = absorb(t, unmarked);
		give(t, t->end, unmarked, IN_QUOTED);
	}
	for (size_t i = 0; i < t->end && !written; i++)
		written = is_words(t, i);
	if (!written) {
		only_quotes(t);
		return;
	}
	cut_ends(t);
	cut_starts(t);
	cut_armor_head(t);
}

/* The parts */

/* The lines of one fate: a slice where they stand together, else a copy. */
static struct str
collect(const struct trim *t, enum fate fate)
{
	size_t first = SIZE_MAX, last = 0, total = 0, gaps = 0;
	struct buf b;
	struct str s;

	for (size_t i = 0; i < t->l.n; i++) {
		if (t->l.v[i].fate != fate || t->l.v[i].class == EMPTY)
			continue;
		if (first == SIZE_MAX)
			first = i;
		last = i;
	}
	if (first == SIZE_MAX)
		return STR_NONE;
	for (size_t i = first; i <= last; i++) {
		gaps += t->l.v[i].fate != fate;
		total += t->l.v[i].n + 1;
	}
	if (gaps == 0)
		return str_trim(str_make(t->l.body.p + t->l.v[first].at,
		    t->l.v[last].at + t->l.v[last].n - t->l.v[first].at));
	b = (struct buf){ .p = arena_alloc(t->a, total + BUF_PAD),
		.cap = total,
		.max = total };
	for (size_t i = first; i <= last; i++) {
		if (t->l.v[i].fate != fate)
			continue;
		s = lines_at(&t->l, i);
		buf_add_str(&b, s);
		buf_add_char(&b, '\n');
	}
	return str_trim(buf_str(&b));
}

void
text_trim(struct str body, bool answer, struct arena *a, struct trimmed *out)
{
	struct trim t = { .a = a, .answer = answer };

	body = lines_plain(body, a);
	*out = (struct trimmed){ .text = str_trim(body) };
	if (out->text.p == NULL)
		out->text = STR("");
	if (out->text.n == 0 || body.n > UINT32_MAX)
		return;
	lines_init(&t.l, body, a);
	t.end = t.l.n;
	t.first = lines_next(&t.l, 0);
	t.written = find_written(&t);
	decide(&t);
	out->text = collect(&t, IN_TEXT);
	if (out->text.p == NULL)
		out->text = STR("");
	out->quoted = collect(&t, IN_QUOTED);
	out->signature = collect(&t, IN_SIGNATURE);
	lines_release(&t.l);
}
