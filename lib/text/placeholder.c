#include "text/placeholder.h"

#include <ctype.h>

#include "core/text/ascii.h"

enum { ID_BYTES = 128 /* longer ones are looked at so far */ };

enum placeholder_word {
	PLACEHOLDER_NOTHING,
	PLACEHOLDER_OWNER,
	PLACEHOLDER_NEGATION,
	PLACEHOLDER_NAME,
};
#define MEANS(SECTION, n) PLACEHOLDER_##SECTION
#include "text/words/placeholders.h"

/* Where the value of a name goes, in the languages of templates and shells. */
static const char *const template_signs[] = { "{{", "}}", "${", "#{", "{%",
	"%}", "<%", "%>", "*|", "|*", "[%", "%]", "[[", "]]", "$(", "%%", "@{",
	"{$" };

/* What values become as text. */
static const char *const value_signs[] = { "[object ", "[function", "function(",
	"function (", "[native code]", "promise {", " object at 0x",
	"<bound method", "=> {" };

/* clang-format off */
static const char *const wraps[] = { "()", "[]", "{}", "<>", "%%", "\"\"",
	"''", "``", "$$", "##", "@@", "**", "||", "::" };
/* clang-format on */

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool
is(struct str s, enum placeholder_word what)
{
	return wordlist_is(&words_placeholders, s, what);
}

static bool
holds(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_find(s, str_of(list[i])) >= 0)
			return true;
	return false;
}

static bool
is_alnum(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* In lower case, %5B as "[", and the separators of words as "-". */
static struct str
plain(struct str s, char out[ID_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < ID_BYTES; i++) {
		int c = tolower((unsigned char)s.p[i]);

		if (c == '%' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 &&
		    ascii_hex(s.p[i + 2]) >= 0) {
			c = tolower(
			    ascii_hex(s.p[i + 1]) * 16 + ascii_hex(s.p[i + 2]));
			i += 2;
		}
		out[n++] = (char)c;
	}
	return str_make(out, n);
}

static bool
is_separator(char c)
{
	return ascii_is_in(c, " -_.:/=,|\t");
}

/* Without the brackets or quotes around it; false where there are none. */
static bool
unwrap(struct str *s)
{
	for (size_t i = 0; s->n > 2 && i < COUNT(wraps); i++)
		if (s->p[0] == wraps[i][0] && s->p[s->n - 1] == wraps[i][1]) {
			*s = str_sub(*s, 1, s->n - 2);
			return true;
		}
	if (s->n > 4 && str_starts(*s, STR("__")) && str_ends(*s, STR("__"))) {
		*s = str_sub(*s, 2, s->n - 4);
		return true;
	}
	return false;
}

/* Letters and no digit, and no address: a name of something, not an id. */
static bool
is_words(struct str s)
{
	bool letters = false;

	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '@')
			return false;
		letters |= is_alnum(s.p[i]);
	}
	return letters;
}

/* "undefined", "null null", "user_undefined", "id:null". */
static bool
is_nothing(struct str s)
{
	bool last = false, owned = true;
	size_t end = s.n, from;

	/* Its last word decides most times. */
	while (end > 0 && is_separator(s.p[end - 1]))
		end--;
	for (from = end; from > 0 && !is_separator(s.p[from - 1]); from--)
		;
	if (!is(str_sub(s, from, end - from), PLACEHOLDER_NOTHING))
		return false;
	while (s.n > 0) {
		size_t n = 0;

		while (n < s.n && !is_separator(s.p[n]))
			n++;
		if (n > 0) {
			struct str word = str_sub(s, 0, n);

			owned &= !last || is(word, PLACEHOLDER_NOTHING);
			last = is(word, PLACEHOLDER_NOTHING);
			owned &= last || is(word, PLACEHOLDER_OWNER);
		}
		s = str_sub(s, n < s.n ? n + 1 : n, s.n);
	}
	return last && owned;
}

/* "undefinedundefined": two that were put together; "optional(nil)". */
static bool
is_nothing_twice(struct str s)
{
	if (str_starts(s, STR("optional(")) && str_ends(s, STR(")")))
		return is_nothing(str_sub(s, 9, s.n - 10));
	return s.n % 2 == 0 &&
	       is(str_sub(s, 0, s.n / 2), PLACEHOLDER_NOTHING) &&
	       is(str_sub(s, s.n / 2, s.n), PLACEHOLDER_NOTHING);
}

/* "xxxxxxxx", "xxx-xxx". */
static bool
is_crossed_out(struct str s)
{
	size_t crosses = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != 'x' && !is_separator(s.p[i]))
			return false;
		crosses += s.p[i] == 'x';
	}
	return crosses >= 3;
}

/* "not set", "Not_Logged_In", "user_id". */
static bool
is_negation(struct str s)
{
	char joined[32];

	if (s.n > sizeof(joined))
		return false;
	for (size_t i = 0; i < s.n; i++)
		joined[i] = is_separator(s.p[i]) ? '-' : s.p[i];
	s = str_make(joined, s.n);
	return is(s, PLACEHOLDER_NEGATION) || is(s, PLACEHOLDER_NAME);
}

/* "#REF!", "#DIV/0!", "#N/A", "#NAME?" of spreadsheets; "\N" of databases. */
static bool
is_error_value(struct str s)
{
	return str_is(s, "\\n") || str_is(s, "#n/a") ||
	       (s.n > 3 && s.p[0] == '#' &&
		   (s.p[s.n - 1] == '!' || s.p[s.n - 1] == '?'));
}

/* What none of letters, digits and the signs of plain ids can be. */
static bool
is_odd(struct str s)
{
	return holds(s, template_signs, COUNT(template_signs)) ||
	       holds(s, value_signs, COUNT(value_signs)) || is_error_value(s) ||
	       (s.n == 2 && s.p[0] == '%' && isalpha((unsigned char)s.p[1]));
}

/* A digit, and nothing but letters, digits and separators: as most ids, and
 * as no placeholder is. */
static bool
is_plain_id(struct str s)
{
	bool digit = false;

	for (size_t i = 0; i < s.n && i < ID_BYTES; i++) {
		digit |= s.p[i] >= '0' && s.p[i] <= '9';
		if (!is_alnum(s.p[i]) && !is_separator(s.p[i]))
			return false;
	}
	return digit;
}

bool
placeholder_is(struct str s)
{
	char low[ID_BYTES];
	bool any = false, odd = false;

	if (is_plain_id(s))
		return false;
	s = plain(str_trim(s), low);
	for (size_t i = 0; i < s.n; i++) {
		bool alnum = is_alnum(s.p[i]);

		any |= alnum;
		odd |= !alnum && !is_separator(s.p[i]);
	}
	if (!any || is_nothing(s) || is_nothing_twice(s) || is_negation(s) ||
	    is_crossed_out(s) || (odd && is_odd(s)))
		return true;
	/* ":user_id", "$userId" and "@user.id" are variables of routes, scripts
	 * and queries. */
	if (s.n > 1 && ascii_is_in(s.p[0], ":$@") &&
	    is_negation(str_sub(s, 1, s.n)))
		return true;
	while (unwrap(&s)) {
		s = str_trim(s);
		if (is_words(s) || s.n < 2 || is_nothing(s))
			return true;
	}
	return false;
}
