#include "source/mail/author/labelled.h"

#include "core/text/ascii.h"
#include "mail/address.h"
#include "source/mail/author/programs.h"
#include "text/phone.h"
#include "text/unicode.h"

/* The sections of the list. */
enum meaning { IS_EMAIL, IS_TEL, IS_NAME, IS_GIVEN, IS_FAMILY };
#define MEANS(SECTION, n) IS_##SECTION
#include "source/mail/words/labelled.h"

enum {
	LINES = 200, /* of a text that are looked through for labels */
	FIRST_LINES = 12, /* for an address alone */
	LABEL_MAX = 64, /* bytes of a label */
	VALUE_MAX = 320,
	NAME_MAX = 100,
	FORM_LINES = 2, /* with labels make a form */
};

/* What stands behind words that are no known labels. */
struct unknown {
	struct str email;
	int lines; /* "Word: value", with known labels, too */
};

static bool
means(uint64_t is, enum meaning meaning)
{
	return (is >> meaning & 1) != 0;
}

static bool
may_be(const struct workspace *c, struct str email, struct arena *a)
{
	return email.n > 0 && !workspace_our_email(c, email) &&
	       !program_is_robot(email, a);
}

struct str
labelled_email(struct str value, struct arena *a)
{
	struct address_list l = { 0 };
	ptrdiff_t at = str_find(value, STR("mailto:"));

	if (at >= 0)
		value = str_sub(value, (size_t)at + 7, value.n);
	while (
	    at >= 0 && value.n > 0 && ascii_is_in(value.p[value.n - 1], ">]) "))
		value.n--;
	mailaddr_read(value, a, &l);
	for (size_t i = 0; i < l.n; i++) {
		struct str email = l.v[i].email;
		ptrdiff_t sign = str_rchr(email, '@');

		if (sign > 0 &&
		    str_chr(str_sub(email, (size_t)sign + 1, email.n), '.') >
			0 &&
		    str_chr(email, ' ') < 0)
			return email;
	}
	return STR_NONE;
}

/* A number of ours, or an extension behind one. */
static bool
is_our_tel(const struct workspace *c, struct str tel)
{
	for (size_t i = 0; i < c->tels.n; i++)
		if (str_starts(tel, c->tels.v[i]))
			return true;
	return false;
}

struct str
labelled_tel(const struct workspace *c, struct str s, struct arena *a)
{
	char e164[PHONE_SIZE];

	for (size_t i = 0; i < s.n;) {
		size_t n = 0, digits = 0;
		struct str one;

		while (i + n < s.n && (ascii_is_digit(s.p[i + n]) ||
					  ascii_is_in(s.p[i + n], "+-/(). ")))
			digits += ascii_is_digit(s.p[i + n++]);
		one = str_trim(str_sub(s, i, n));
		while (one.n > 0 && ascii_is_in(one.p[one.n - 1], "-/(. "))
			one.n--;
		while (one.n > 0 && ascii_is_in(one.p[0], "-/). "))
			one = str_sub(one, 1, one.n);
		if (digits >= 7 && one.n < PHONE_TEXT &&
		    (i == 0 || !ascii_is_digit(s.p[i]) ||
			!ascii_is_alnum(s.p[i - 1])) &&
		    phone_in_text(one, c->region, e164) &&
		    !is_our_tel(c, str_of(e164)))
			return arena_dup(a, str_of(e164));
		i += n + 1;
	}
	return STR_NONE;
}

/* What stands before a label for the eye; absent where nothing does. */
static struct str
without_mark(struct str s)
{
	static const char *const marks[] = { "■", "□", "◆", "◇", "●", "○", "・",
		"▼", "▽", "※", "【", "《", "「", "［", "•", "–" };
	size_t n = 0;

	if (s.n > 0 && ascii_is_in(*s.p, "*_->#|[ \t"))
		return str_sub(s, 1, s.n);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_starts(s, str_of(marks[i])))
			return str_sub(s, strlen(marks[i]), s.n);
	/* "1. Name:" */
	while (n < s.n && n < 3 && ascii_is_digit(s.p[n]))
		n++;
	return n > 0 && n + 1 < s.n && ascii_is_in(s.p[n], ".)")
		   ? str_sub(s, n + 1, s.n)
		   : STR_NONE;
}

/* How many bytes at s part a label from what it is of; 0: none. */
static size_t
parting(struct str s)
{
	static const char *const wide[] = { "：", "】", "》", "」", "］" };

	if (ascii_is_in(*s.p, ":\t=|]"))
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (str_starts(s, str_of(wide[i])))
			return strlen(wide[i]);
	return 0;
}

/* The word of a label: "e-mail" of "E-mail* (required)". */
static struct str
word_of(struct str s, struct arena *a)
{
	ptrdiff_t open;

	s = str_trim(s);
	open = str_chr(s, '(');
	if (open > 0 && s.p[s.n - 1] == ')')
		s = str_sub(s, 0, (size_t)open);
	while (s.n > 0 && ascii_is_in(s.p[s.n - 1], "*_ \t"))
		s.n--;
	return unicode_fold(s, a);
}

/* What a line's label is, 1 << meaning; *value stands behind it, empty where
 * the line is the label alone. */
static uint64_t
label_of(struct str line, struct str *value, struct arena *a)
{
	struct str rest;
	size_t i = 0, skip = 0;

	while ((rest = without_mark(line)).p != NULL)
		line = rest;
	while (i < line.n && i <= LABEL_MAX &&
	       (skip = parting(str_sub(line, i, line.n))) == 0)
		i++;
	if (i == 0 || i > LABEL_MAX)
		return 0;
	rest = str_trim(str_sub(line, i + skip, line.n));
	/* "【お名前】：" */
	while (rest.n > 0 && ascii_is_in(*rest.p, ":*_ \t"))
		rest = str_sub(rest, 1, rest.n);
	if (str_starts(rest, STR("：")))
		rest = str_sub(rest, 3, rest.n);
	while (rest.n > 0 && ascii_is_in(rest.p[rest.n - 1], "|*_ \t"))
		rest.n--;
	*value = str_trim(rest);
	return wordlist_means(&words_labelled, word_of(str_sub(line, 0, i), a));
}

/* The name before an address; absent. */
static struct str
name_beside(struct str value, struct str email, struct arena *a)
{
	struct address_list l = { 0 };

	if (str_chr(value, '<') <= 0 || value.n >= NAME_MAX + VALUE_MAX)
		return STR_NONE;
	mailaddr_read(value, a, &l);
	for (size_t i = 0; i < l.n; i++)
		if (str_eq(l.v[i].email, email) && l.v[i].name.n < NAME_MAX &&
		    str_chr(l.v[i].name, '@') < 0)
			return l.v[i].name;
	return STR_NONE;
}

static void
take_name(uint64_t label, struct str value, struct labelled *out)
{
	struct str *names[] = { &out->given, &out->family, &out->name };
	static const enum meaning is[] = { IS_GIVEN, IS_FAMILY, IS_NAME };

	if (value.n >= NAME_MAX || str_chr(value, '@') >= 0)
		return;
	for (size_t i = 0; i < 3; i++)
		if (means(label, is[i]) && names[i]->p == NULL) {
			*names[i] = value;
			out->labels++;
			return;
		}
}

/* "Vorname: Jan", "Nachname: Novak"; a form's "Nom" beside "Prénom" is the
 * family's. */
static struct str
whole_name(const struct labelled *l, struct arena *a)
{
	struct str given = l->given.n > 0 ? l->given : l->name;
	struct str family = l->family.n > 0 ? l->family : l->name;
	bool whole = l->name.n > 0 && str_chr(l->name, ' ') >= 0;

	if (whole || given.n == 0 || family.n == 0 || str_eq(given, family))
		return l->name.n > 0 ? l->name : given.n > 0 ? given : family;
	/* Han and kana. */
	if ((unsigned char)family.p[0] >= 0xe3)
		return ARENA_JOIN(a, family, STR(" "), given);
	return ARENA_JOIN(a, given, STR(" "), family);
}

static void
take_label(const struct workspace *c, uint64_t label, struct str value,
    struct arena *a, struct labelled *out)
{
	struct str found = STR_NONE;

	if (out->email.p == NULL)
		found = labelled_email(value, a);
	if (may_be(c, found, a)) {
		out->email = found;
		out->labels++;
		/* "From: Lena Vogt <lena@vogt.example>" */
		if (out->name.p == NULL)
			out->name = name_beside(value, found, a);
		return;
	}
	if (out->tel.p == NULL && means(label, IS_TEL)) {
		found = labelled_tel(c, value, a);
		if (found.n > 0) {
			out->tel = found;
			out->labels++;
			return;
		}
	}
	take_name(label, value, out);
}

/*
 * "Adresiniz: ayse@yilmaz.example": nobody knows all words, but in a form a
 * label before an address alone needs none.
 */
static void
take_unknown(const struct workspace *c, struct str value, struct arena *a,
    struct unknown *out)
{
	out->lines++;
	if (out->email.p != NULL || str_chr(value, '@') <= 0 ||
	    !str_eq(labelled_email(value, a), value) || !may_be(c, value, a))
		return;
	out->email = value;
}

/* A label alone on its line: what it says stands on the next. */
void
labelled_read(const struct workspace *c, struct str text, struct arena *a,
    struct labelled *out)
{
	struct str rest = text, line, value;
	struct unknown unknown = { 0 };
	uint64_t label, waiting = 0;

	*out = (struct labelled){ 0 };
	for (int i = 0; i < LINES && rest.p != NULL; i++) {
		line = str_trim(str_split(&rest, '\n'));
		if (line.n == 0)
			continue;
		value = STR_NONE;
		label = line.n > VALUE_MAX ? 0 : label_of(line, &value, a);
		if (label == 0 && waiting != 0)
			take_label(c, waiting, line, a, out);
		waiting = label != 0 && value.n == 0 ? label : 0;
		if (label != 0 && value.n > 0)
			take_label(c, label, value, a, out);
		if (value.n > 0)
			take_unknown(c, value, a, &unknown);
	}
	out->name = whole_name(out, a);
	if (out->email.p == NULL && unknown.lines >= FORM_LINES &&
	    unknown.email.n > 0) {
		out->email = unknown.email;
		out->labels++;
	}
}

void
labelled_set(const struct labelled *l, struct address *who)
{
	*who = (struct address){ 0 };
	if (l->name.n > 0)
		who->name = l->name;
	if (l->email.n > 0)
		who->email = l->email;
	else if (l->tel.n > 0)
		who->tel = l->tel;
}

static bool
in_email(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 ||
	       ascii_is_in(c, ".!#$%&'*+/=?^_`{|}~-@");
}

/* The next thing in a line that has the form of an address; absent. */
static struct str
next_email(struct str *rest)
{
	struct str s = *rest;

	for (size_t i = 1; i + 1 < s.n; i++) {
		size_t from = i, to = i + 1;

		if (s.p[i] != '@')
			continue;
		while (from > 0 && in_email(s.p[from - 1]))
			from--;
		while (to < s.n && in_email(s.p[to]))
			to++;
		*rest = str_sub(s, to, s.n);
		while (to > i && ascii_is_in(s.p[to - 1], ".?!'*_"))
			to--;
		if (from < i && to > i + 1)
			return str_sub(s, from, to - from);
		s = *rest;
		i = 0;
	}
	*rest = STR_NONE;
	return STR_NONE;
}

struct str
labelled_only_email(const struct workspace *c, struct str text, struct arena *a)
{
	struct str only = STR_NONE;

	for (int i = 0; i < FIRST_LINES && text.p != NULL; i++) {
		struct str line = str_split(&text, '\n');

		while (line.p != NULL) {
			struct str one = labelled_email(next_email(&line), a);

			if (!may_be(c, one, a))
				continue;
			if (only.p != NULL && !str_eq_nocase(only, one))
				return STR_NONE;
			only = one;
		}
	}
	return only;
}
