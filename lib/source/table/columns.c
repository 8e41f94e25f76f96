#include "source/table/columns.h"

#include "core/text/ascii.h"
#include "text/unicode.h"

enum {
	NAME_BYTES = 200, /* of a column's name; longer ones are of no kind */
	NAME_WORDS = 12,
};

/* Names are compared folded, without what is no letter between the words. */
#define MEANS(SECTION, n) COLUMN_##SECTION
#include "source/table/words/columns.h"

/* Which of several it is, or whose: such words may stand beside the others. */
enum qualifier { QUALIFIER_WHICH };
#define MEANS(SECTION, n) QUALIFIER_##SECTION
#include "source/table/words/qualifiers.h"

/* A name taken apart into folded words; digits count for the number only. */
struct words {
	struct str v[NAME_WORDS];
	size_t n;
	unsigned number;
	bool too_many;
};

static bool
is_letter(char c)
{
	return ascii_is_letter(c) || (unsigned char)c >= 0x80;
}

/* "firstName" is two words: a blank goes between. */
static struct str
split_camel(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, 2 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (i > 0 && ascii_is_upper(s.p[i]) &&
		    ascii_is_lower(s.p[i - 1]))
			out[n++] = ' ';
		out[n++] = s.p[i];
	}
	return str_make(out, n);
}

static void
split_words(struct str name, struct words *w, struct arena *a)
{
	struct str s = unicode_fold(split_camel(name, a), a);

	*w = (struct words){ 0 };
	for (size_t i = 0; i < s.n;) {
		size_t from = i;

		if (ascii_is_digit(s.p[i])) {
			if (w->number < 100000)
				w->number =
				    w->number * 10 + (unsigned)(s.p[i] - '0');
			i++;
			continue;
		}
		while (i < s.n && is_letter(s.p[i]))
			i++;
		if (i == from) {
			i++;
		} else if (w->n < NAME_WORDS) {
			w->v[w->n++] = str_sub(s, from, i - from);
		} else {
			w->too_many = true;
		}
	}
}

/* Words one behind the other, those left out that skip names. */
static struct str
join(const struct words *w, unsigned skip, struct arena *a)
{
	size_t n = 0;
	char *out;

	for (size_t i = 0; i < w->n; i++)
		n += w->v[i].n;
	out = arena_alloc(a, n + 1);
	n = 0;
	for (size_t i = 0; i < w->n; i++) {
		if ((skip >> i & 1) != 0)
			continue;
		memcpy(out + n, w->v[i].p, w->v[i].n);
		n += w->v[i].n;
	}
	return str_make(out, n);
}

static enum column_kind
look_up(struct str joined)
{
	uint64_t means = wordlist_means(&words_columns, joined);

	return means == 0 ? COLUMN_OTHER
			  : (enum column_kind)__builtin_ctzll(means);
}

static bool
is_qualifier(struct str word)
{
	return wordlist_is(&words_qualifiers, word, QUALIFIER_WHICH);
}

/* Of which kinds there may be several, told apart by such words. */
static bool
may_qualify(enum column_kind kind)
{
	switch (kind) {
	case COLUMN_EMAIL:
	case COLUMN_EMAIL_LABEL:
	case COLUMN_TEL:
	case COLUMN_TEL_LABEL:
	case COLUMN_NAME:
	case COLUMN_GIVEN:
	case COLUMN_FAMILY:
	case COLUMN_ADDRESS:
	case COLUMN_STREET:
	case COLUMN_CITY:
	case COLUMN_REGION:
	case COLUMN_CODE:
	case COLUMN_COUNTRY:
	case COLUMN_NOTE:
	case COLUMN_ORG:
	case COLUMN_URL:
		return true;
	default:
		return false;
	}
}

/* Without the words that skip names, which only tell which of several. */
static enum column_kind
look_up_without(const struct words *w, unsigned skip, struct arena *a)
{
	enum column_kind kind = look_up(join(w, skip, a));

	return skip != 0 && may_qualify(kind) ? kind : COLUMN_OTHER;
}

/* What a name is that has such words beside it: "Home E-mail", and "Home
 * Postal Code", in which one of two of them belongs to the name. */
static enum column_kind
look_up_qualified(const struct words *w, unsigned *skip, struct arena *a)
{
	enum column_kind kind;
	unsigned all = 0;

	for (size_t i = 0; i < w->n; i++)
		if (is_qualifier(w->v[i]))
			all |= 1U << i;
	*skip = all;
	kind = look_up_without(w, all, a);
	for (size_t i = 0; i < w->n && kind == COLUMN_OTHER; i++) {
		*skip = all & 1U << i;
		kind = look_up_without(w, *skip, a);
		/* "Contact Owner" is somebody else. */
		if (kind == COLUMN_NAME)
			kind = COLUMN_OTHER;
	}
	return kind;
}

/* HOMEPHONE: taken apart into the two words that it is made of. */
static enum column_kind
look_up_glued(struct words *w, unsigned *skip)
{
	struct str s = w->v[0];

	for (size_t i = 3; w->n == 1 && i + 3 <= s.n; i++) {
		struct str rest = str_sub(s, i, s.n);

		if (!is_qualifier(str_sub(s, 0, i)) ||
		    !may_qualify(look_up(rest)))
			continue;
		*skip = 1;
		w->v[0] = str_sub(s, 0, i);
		w->v[1] = rest;
		w->n = 2;
		return look_up(rest);
	}
	return COLUMN_OTHER;
}

/* "home", "2", "home 2". */
static struct str
group_of(const struct words *w, unsigned skip, struct arena *a)
{
	struct str own = join(w, ~skip, a);

	if (w->number == 0)
		return own;
	return arena_printf(
	    a, "%.*s%s%u", STR_ARG(own), own.n > 0 ? " " : "", w->number);
}

struct column
column_of(struct str name, struct arena *a)
{
	struct column c = { COLUMN_OTHER, 0, 0, STR("") };
	struct words w;
	unsigned skip = 0;

	if (name.n == 0 || name.n > NAME_BYTES)
		return c;
	split_words(name, &w, a);
	if (w.n == 0 || w.too_many)
		return c;
	c.kind = look_up(join(&w, 0, a));
	if (c.kind == COLUMN_OTHER)
		c.kind = look_up_qualified(&w, &skip, a);
	if (c.kind == COLUMN_OTHER)
		c.kind = look_up_glued(&w, &skip);
	/* "Address 2" is a line of the first. */
	if ((c.kind == COLUMN_STREET || c.kind == COLUMN_ADDRESS) &&
	    ascii_is_digit(name.p[name.n - 1])) {
		c.line = w.number;
		w.number = 0;
	}
	c.number = w.number;
	c.group = group_of(&w, skip, a);
	return c;
}
