#include "text/wordfile.h"

#include <stdlib.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "text/phraselist.h"
#include "text/unicode.h"

enum {
	ENTRIES_MAX = UINT16_MAX - 1,
	TAG_BYTES = 35, /* BCP 47, 4.4.1 */
};

/* A file on its way in. */
struct reading {
	const char *name;
	unsigned line;
	struct arena *a;
	struct wordfile *f;
	struct err *e;
};

#define WRONG(r, ...) wrong((r), arena_printf((r)->a, __VA_ARGS__))

static int
wrong(struct reading *r, struct str what)
{
	return err_set(r->e, "%s:%u: %.*s", r->name, r->line, STR_ARG(what));
}

/* "de", "pt-BR", "zh-Hant": a language of two or three letters, and what
 * stands behind it in parts of up to eight. */
static bool
is_tag(struct str s)
{
	struct str part = str_split(&s, '-');

	if (part.n < 2 || part.n > 3)
		return false;
	for (;; part = str_split(&s, '-')) {
		if (part.n == 0 || part.n > 8)
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!ascii_is_alnum(part.p[i]))
				return false;
		if (s.p == NULL)
			return true;
	}
}

static bool
is_language(struct str s)
{
	while (s.p != NULL) {
		struct str tag = str_split(&s, ',');

		if (tag.n > TAG_BYTES || !is_tag(tag))
			return false;
	}
	return true;
}

static int
check_bytes(struct reading *r, struct str line)
{
	if (!utf8_is_valid(line))
		return WRONG(r, "this is not UTF-8: save the file as UTF-8");
	if (str_ends(line, STR("\r")))
		return WRONG(r,
		    "lines must end with LF alone: save the file with the line "
		    "ends of Unix");
	for (size_t i = 0; i < line.n; i++)
		if (ascii_is_control(line.p[i]) && line.p[i] != '\t')
			return WRONG(r,
			    "a control character in column %zu: take it out",
			    i + 1);
	return 0;
}

/* Letters alone, as names of columns are compared. */
static struct str
letters_of(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_lower(s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			p[n++] = s.p[i];
	return str_make(p, n);
}

static struct str
lower_of(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return str_make(p, s.n);
}

/* The word's key; its form must be the file's. */
static int
take_form(struct reading *r, struct wordfile_entry *w)
{
	struct str want = w->word;

	if (r->f->form == WORDFILE_LOWER)
		want = lower_of(want, r->a);
	else if (r->f->form != WORDFILE_EXACT)
		want = unicode_fold(want, r->a);
	if (!str_eq(want, w->word))
		return WRONG(r,
		    "\"%.*s\" must stand as it is compared: write \"%.*s\"",
		    STR_ARG(w->word), STR_ARG(want));
	w->key = want;
	if (r->f->form == WORDFILE_LETTERS)
		w->key = letters_of(want, r->a);
	else if (r->f->form == WORDFILE_PHRASES)
		w->key = phrase_plain(want, r->a);
	if (r->f->form == WORDFILE_PHRASES && phrase_is_short(w->key))
		return WRONG(r,
		    "what stands before the * of \"%.*s\" must have four "
		    "letters, or three beyond ASCII: write all of the word",
		    STR_ARG(w->word));
	if (w->key.n > WORDFILE_LONGEST)
		return WRONG(r, "an entry has at most %d bytes: shorten it",
		    WORDFILE_LONGEST);
	if (w->key.n == 0)
		return WRONG(r, "\"%.*s\" has no letters: leave it out",
		    STR_ARG(w->word));
	return 0;
}

/* Against the entry above it in its section. */
static int
check_order(struct reading *r, const struct wordfile_entry *w)
{
	const struct wordfile_entry *above = w - 1;
	int order;

	if (w == r->f->v || above->section != w->section)
		return 0;
	order = str_cmp(above->word, w->word);
	if (order == 0)
		return WRONG(r,
		    "\"%.*s\" stands in line %u already: take one of them out",
		    STR_ARG(w->word), above->line);
	while (order > 0 && above > r->f->v &&
	       above[-1].section == w->section &&
	       str_cmp(above[-1].word, w->word) >= 0)
		above--;
	if (order > 0 && str_eq(above->word, w->word))
		return WRONG(r,
		    "\"%.*s\" stands in line %u already: take one of them out",
		    STR_ARG(w->word), above->line);
	if (order > 0)
		return WRONG(r,
		    "\"%.*s\" stands too low (entries are in the order of "
		    "their bytes): move it up, before line %u",
		    STR_ARG(w->word), above->line);
	return 0;
}

static int
take_entry(struct reading *r, struct str line)
{
	struct wordfile_entry *w = &r->f->v[r->f->n];
	struct str language;

	*w = (struct wordfile_entry){ .line = r->line };
	w->word = str_split(&line, '\t');
	if (line.p == NULL)
		return WRONG(r,
		    "a TAB and the language must stand behind \"%.*s\"",
		    STR_ARG(w->word));
	if (r->f->sections_n == 0)
		return WRONG(
		    r, "[what it means] must stand above the first entry");
	w->section = (unsigned)r->f->sections_n - 1;
	w->language = language = str_split(&line, '\t');
	if (!is_language(language))
		return WRONG(r,
		    "\"%.*s\" must be a tag of BCP 47, such as de or pt-BR "
		    "(some: de,fr; none: und)",
		    STR_ARG(language));
	if (line.p != NULL && str_chr(line, '\t') >= 0)
		return WRONG(
		    r, "one TAB too many: a line is ENTRY, LANGUAGE, REMARK");
	if (r->f->n >= ENTRIES_MAX)
		return WRONG(r, "a list has at most %d entries", ENTRIES_MAX);
	if (take_form(r, w) < 0 || check_order(r, w) < 0)
		return -1;
	r->f->n++;
	return 0;
}

static int
take_section(struct reading *r, struct str line)
{
	struct str name = str_sub(line, 1, line.n - 2);

	if (line.n < 3 || line.p[line.n - 1] != ']')
		return WRONG(
		    r, "a section must be [its meaning] and nothing else");
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_alnum(name.p[i]) &&
		    !ascii_is_in(name.p[i], "-_."))
			return WRONG(r,
			    "the name of a section must be of letters, "
			    "digits, - . and _");
	for (size_t i = 0; i < r->f->sections_n; i++)
		if (str_eq(r->f->sections[i].name, name))
			return WRONG(r,
			    "[%.*s] begins in line %u already: put the "
			    "entries there",
			    STR_ARG(name), r->f->sections[i].line);
	if (r->f->sections_n == WORDLIST_MEANINGS)
		return WRONG(
		    r, "a list has at most %d sections", WORDLIST_MEANINGS);
	r->f->sections[r->f->sections_n++] =
	    (struct wordfile_section){ name, r->line };
	return 0;
}

static int
take_rule(struct reading *r, struct str line)
{
	static const char *const forms[] = {
		[WORDFILE_EXACT] = "%form exact",
		[WORDFILE_LOWER] = "%form lower",
		[WORDFILE_FOLDED] = "%form folded",
		[WORDFILE_LETTERS] = "%form letters",
		[WORDFILE_PHRASES] = "%phrases",
	};

	if (r->f->sections_n > 0)
		return WRONG(
		    r, "%.*s must stand above the sections", STR_ARG(line));
	r->f->once = r->f->once || str_is(line, "%once");
	if (str_is(line, "%once"))
		return 0;
	if (str_starts(line, STR("%scan "))) {
		r->f->scan = str_sub(line, 6, line.n);
		return 0;
	}
	if (str_starts(line, STR("%common "))) {
		r->f->common = str_sub(line, 8, line.n);
		return 0;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (!str_is(line, forms[i]))
			continue;
		r->f->form = (enum wordfile_form)i;
		return 0;
	}
	return WRONG(r,
	    "%.*s must be %%once, %%phrases, %%scan, %%common, %%form "
	    "exact, lower, folded or letters",
	    STR_ARG(line));
}

static int
take_line(struct reading *r, struct str line)
{
	if (check_bytes(r, line) < 0)
		return -1;
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (str_chr(line, '\t') < 0 && line.p[0] == '[')
		return take_section(r, line);
	if (str_chr(line, '\t') < 0 && line.p[0] == '%')
		return take_rule(r, line);
	return take_entry(r, line);
}

static int
by_key(const void *x, const void *y)
{
	const struct wordfile_entry *const *a = x, *const *b = y;
	int order = str_cmp((*a)->key, (*b)->key);

	return order != 0
		   ? order
		   : ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

/* The entries sorted by their keys, in a's memory. */
static const struct wordfile_entry **
sorted(const struct wordfile *f, struct arena *a)
{
	const struct wordfile_entry **v =
	    arena_alloc(a, (f->n + 1) * sizeof(*v));

	for (size_t i = 0; i < f->n; i++)
		v[i] = &f->v[i];
	qsort(v, f->n, sizeof(*v), by_key);
	return v;
}

/* Doubles that are not neighbours: by their letters, or of two sections. */
static int
check_doubles(struct reading *r)
{
	const struct wordfile_entry **v = sorted(r->f, r->a);

	for (size_t i = 1; i < r->f->n; i++) {
		if (!str_eq(v[i - 1]->key, v[i]->key) ||
		    (v[i - 1]->section != v[i]->section && !r->f->once))
			continue;
		r->line = v[i]->line;
		return WRONG(r,
		    "\"%.*s\" is the same as \"%.*s\" in line %u: take one "
		    "of them out",
		    STR_ARG(v[i]->word), STR_ARG(v[i - 1]->word),
		    v[i - 1]->line);
	}
	return 0;
}

int
wordfile_read(struct str text, const char *name, struct arena *a,
    struct wordfile *out, struct err *e)
{
	struct reading r = { .name = name, .a = a, .f = out, .e = e };
	size_t lines = 1;

	*out = (struct wordfile){ 0 };
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	out->v = arena_alloc(a, lines * sizeof(*out->v));
	while (text.p != NULL && text.n > 0) {
		r.line++;
		if (take_line(&r, str_split(&text, '\n')) < 0)
			return -1;
	}
	return check_doubles(&r);
}

/* Numbers of the entries by section, each section's sorted. */
static void
make_parts(const struct wordfile *f, const uint16_t *number, struct arena *a,
    struct wordlist *out)
{
	uint16_t *rows = arena_alloc(a, (f->n + 1) * sizeof(*rows));

	for (size_t i = 0; i < f->n; i++) {
		struct wordlist_part *part = &out->parts[f->v[i].section];

		if (part->n++ == 0)
			part->first = (uint16_t)i;
		rows[i] = number[i];
	}
	out->rows = rows;
}

static void
make_slots(size_t n, struct arena *a, struct wordlist *out)
{
	uint32_t size = 16;
	uint16_t *slots;

	while (size < 2 * n)
		size *= 2;
	slots = arena_calloc(a, size, sizeof(*slots));
	out->mask = size - 1;
	for (size_t i = 0; i < n; i++) {
		uint32_t h = wordlist_hash(wordlist_at(out, i));

		while (slots[h & out->mask] != 0)
			h++;
		slots[h & out->mask] = (uint16_t)(i + 1);
	}
	out->slots = slots;
}

static const char *
names_of(const struct wordfile *f, struct arena *a)
{
	size_t size = 1, n = 0;
	char *names;

	for (size_t i = 0; i < f->sections_n; i++)
		size += f->sections[i].name.n + 1;
	names = arena_calloc(a, size, 1);
	for (size_t i = 0; i < f->sections_n; i++) {
		struct str name = f->sections[i].name;

		memcpy(names + n, name.p, name.n);
		n += name.n + 1;
	}
	return names;
}

void
wordfile_list(const struct wordfile *f, struct arena *a, struct wordlist *out,
    size_t *entries)
{
	const struct wordfile_entry **v = sorted(f, a);
	uint32_t *at = arena_alloc(a, (f->n + 1) * sizeof(*at));
	uint64_t *means = arena_calloc(a, f->n + 1, sizeof(*means));
	uint16_t *number = arena_alloc(a, (f->n + 1) * sizeof(*number));
	size_t n = 0, size = 1;
	char *text;

	for (size_t i = 0; i < f->n; i++)
		size += v[i]->key.n;
	text = arena_alloc(a, size);
	*out = (struct wordlist){ .text = text, .at = at, .means = means };
	at[0] = 0;
	for (size_t i = 0; i < f->n; i++) {
		struct str key = v[i]->key;

		if (i == 0 || !str_eq(v[i - 1]->key, key)) {
			memcpy(text + at[n], key.p, key.n);
			at[n + 1] = at[n] + (uint32_t)key.n;
			if (key.n > out->longest)
				out->longest = (uint32_t)key.n;
			n++;
		}
		means[n - 1] |= UINT64_C(1) << v[i]->section;
		number[v[i] - f->v] = (uint16_t)(n - 1);
	}
	make_parts(f, number, a, out);
	make_slots(n, a, out);
	if (f->form == WORDFILE_PHRASES)
		phrases_make(f, n, a, out);
	out->names = names_of(f, a);
	*entries = n;
}
