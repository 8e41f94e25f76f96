#include "text/phrase.h"

#include <pthread.h>

#include "core/text/ascii.h"
#include "text/search.h"

/* The sections of the list. */
enum meaning {
	IN_FROM,
	IN_DATE,
	IN_TO,
	IN_SUBJECT,
	IN_FIELD,
	IN_WROTE,
	IN_WROTE_PART,
	IN_WROTE_LAST,
	IN_OWN,
	IN_AS,
	IN_ON,
	IN_ON_PART,
	IN_ORIGINAL,
	IN_ABOVE,
	IN_MOBILE,
	IN_MOBILE_SHORT,
	IN_MOBILE_OPEN,
	IN_MOBILE_CLOSE,
	IN_MOBILE_END,
	IN_EXCUSE,
	IN_CLOSING,
	IN_FOOTER,
	IN_NOTICE,
	IN_ADVERT,
};
#define MEANS(SECTION, n) IN_##SECTION
#include "text/words/replies.h"

enum { SHORT = 28 }; /* bytes, of mobile-short */

/* A meaning as wordlist_means has it. */
#define A(MEANING) (UINT64_C(1) << IN_##MEANING)

_Static_assert(
    (int)entries_of_replies <= (int)SEARCH_MAX, "a search takes them all");

/* What is no whole word, for beginnings, ends, and parts of a line. */
static struct search beginnings, ends, parts;
/* The last bytes of what may end a line, the two cases as one. */
static bool wrote_last[256];

static bool
is_word_byte(char c)
{
	return ascii_is_lower(c) || ascii_is_digit(c) ||
	       ((unsigned char)c & 0x80) != 0;
}

/* Is s[i] the '@' of a mail address? */
static bool
is_mail_at(struct str s, size_t i)
{
	return s.p[i] == '@' && i > 0 && i + 1 < s.n &&
	       is_word_byte(s.p[i - 1]) && is_word_byte(s.p[i + 1]);
}

static void
add(struct search *to, unsigned meaning, enum search_place place)
{
	size_t n = wordlist_count(&words_replies, meaning);

	for (size_t i = 0; i < n; i++)
		search_add(to, wordlist_of(&words_replies, meaning, i), place,
		    meaning);
}

static void
make_searches(void)
{
	static const enum meaning begin[] = { IN_AS, IN_ON_PART, IN_MOBILE,
		IN_MOBILE_SHORT, IN_MOBILE_OPEN },
				  end[] = { IN_WROTE_PART, IN_WROTE_LAST,
					  IN_MOBILE_CLOSE, IN_MOBILE_END },
				  part[] = { IN_WROTE_PART, IN_OWN, IN_ORIGINAL,
					  IN_ABOVE, IN_EXCUSE, IN_FOOTER,
					  IN_NOTICE, IN_ADVERT };

	for (size_t i = 0; i < sizeof(begin) / sizeof(*begin); i++)
		add(&beginnings, begin[i], SEARCH_BEGINNING);
	for (size_t i = 0; i < sizeof(end) / sizeof(*end); i++)
		add(&ends, end[i], SEARCH_END);
	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++)
		add(&parts, part[i], SEARCH_PART);
	for (size_t i = 0; i < wordlist_count(&words_replies, IN_WROTE_LAST);
	     i++) {
		struct str s = wordlist_of(&words_replies, IN_WROTE_LAST, i);

		wrote_last[s.p[s.n - 1] & 0xdf] = true;
	}
}

void
phrase_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_searches);
}

/* What s means as a whole entry. */
static uint64_t
whole(struct str s)
{
	return wordlist_means(&words_replies, s);
}

/* Whether s holds a part of this meaning. */
static bool
holds(struct str s, uint64_t meaning)
{
	return (search_parts(&parts, s, meaning, NULL) & meaning) != 0;
}

static struct str
strip(struct str s, const char *chars)
{
	while (s.n > 0 && ascii_is_in(s.p[s.n - 1], chars))
		s.n--;
	while (s.n > 0 && ascii_is_in(*s.p, chars))
		s = str_sub(s, 1, s.n);
	return s;
}

enum label
phrase_label(struct str line)
{
	struct str name = strip(str_sub(line, 0, 64), " \t*_>|");
	ptrdiff_t colon = str_chr(name, ':');
	uint64_t is;

	if (colon <= 0 || colon > 48)
		return LABEL_NONE;
	name = strip(str_sub(name, 0, (size_t)colon), " \t*_");
	is = whole(name);
	return (is & A(FROM)) != 0      ? LABEL_FROM
	       : (is & A(DATE)) != 0    ? LABEL_DATE
	       : (is & A(TO)) != 0      ? LABEL_TO
	       : (is & A(SUBJECT)) != 0 ? LABEL_SUBJECT
	       : (is & A(FIELD)) != 0   ? LABEL_OTHER
					: LABEL_NONE;
}

/* Whether one of its words is such a verb; the last one. */
static bool
any_wrote(struct str s, bool last)
{
	size_t i = 0;

	while (i < s.n) {
		size_t start = i;
		bool verb;

		while (i < s.n && is_word_byte(s.p[i]))
			i++;
		verb = i > start &&
		       (whole(str_sub(s, start, i - start)) & A(WROTE)) != 0;
		if (verb && (!last || s.n - i <= 8))
			return true;
		i += i == start || i < s.n;
	}
	return last ? search_end(&ends, s, A(WROTE_PART))
		    : holds(s, A(WROTE_PART));
}

bool
phrase_wrote(struct str line)
{
	return any_wrote(line, false);
}

bool
phrase_own(struct str line)
{
	return search_beginning(&beginnings, line, A(AS)) ||
	       holds(line, A(OWN));
}

bool
phrase_wrote_last(struct str line)
{
	return any_wrote(strip(line, " -*_:"), true);
}

bool
phrase_wrote_end(struct str line)
{
	char low[16];
	size_t n = line.n < sizeof(low) ? line.n : sizeof(low);

	if (n == 0 || !wrote_last[line.p[line.n - 1] & 0xdf])
		return false;
	for (size_t i = 0; i < n; i++)
		low[i] = ascii_lower(line.p[line.n - n + i]);
	return search_end(&ends, str_make(low, n), A(WROTE_LAST)) != 0;
}

bool
phrase_dates(struct str line)
{
	struct str s = strip(line, " \t-*_>\"'"), word;
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ' && s.p[n] != ',' && s.p[n] != '.')
		n++;
	word = str_sub(s, 0, n);
	if (n == 0)
		return false;
	if (ascii_is_digit(s.p[0]) || (whole(word) & A(ON)) != 0 ||
	    search_beginning(&beginnings, s, A(ON_PART)))
		return true;
	/* "fri, 5", "søn. 30", "pe 5." */
	for (size_t i = n; i < s.n && i < n + 4; i++)
		if (ascii_is_digit(s.p[i]))
			return n <= 32;
	return false;
}

bool
phrase_original(struct str line)
{
	return holds(line, A(ORIGINAL));
}

bool
phrase_above(struct str line)
{
	return holds(line, A(ABOVE));
}

/* Without markdown's brackets, and the address in them. */
static size_t
unlink(struct str line, char *out, size_t max)
{
	size_t n = 0;
	bool skip = false;

	for (size_t i = 0; i < line.n && n < max; i++) {
		char c = line.p[i];

		if (c == '(' && i > 0 && line.p[i - 1] == ']')
			skip = true;
		if (!skip && c != '[' && c != ']')
			out[n++] = c;
		if (c == ')')
			skip = false;
	}
	return n;
}

/* Prose goes on behind a comma or a period; only excuses do not. */
static bool
goes_on(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		struct str rest;

		if (s.p[i + 1] != ' ' ||
		    (s.p[i] != ',' && s.p[i] != '.' && s.p[i] != ';' &&
			s.p[i] != '!' && s.p[i] != '?'))
			continue;
		rest = str_trim(str_sub(s, i + 1, s.n));
		return rest.n > 0 && !holds(rest, A(EXCUSE));
	}
	return false;
}

/* Whether what a telephone writes opens or closes s. */
static bool
says_mobile(struct str s)
{
	uint64_t begins = search_beginning(
	    &beginnings, s, A(MOBILE) | A(MOBILE_SHORT) | A(MOBILE_OPEN));

	if ((begins & A(MOBILE_OPEN)) != 0 &&
	    !search_end(&ends, strip(s, "."), A(MOBILE_CLOSE)))
		return false;
	return (begins & A(MOBILE)) != 0 ||
	       ((begins & A(MOBILE_SHORT)) != 0 && s.n <= SHORT) ||
	       search_end(&ends, s, A(MOBILE_END));
}

bool
phrase_mobile(struct str line)
{
	enum { LONG = 160, SPACES = 17 };
	char plain[LONG];
	struct str s = line;
	int spaces = 0;

	if (line.n >= LONG)
		return false;
	if (str_chr(line, '[') >= 0 || str_chr(line, ']') >= 0)
		s = str_make(plain, unlink(line, plain, sizeof(plain)));
	s = strip(s, " \t<>()*_-|~");
	if (!says_mobile(s))
		return false;
	for (size_t i = 0; i < s.n; i++)
		spaces += s.p[i] == ' ';
	return spaces <= SPACES && !goes_on(s);
}

bool
phrase_closing(struct str line)
{
	return line.n < 80 &&
	       (whole(strip(line, " \t,.!-:;*_~")) & A(CLOSING)) != 0;
}

/* Of a line of contact details: eight digits and more with nothing but what
 * telephone numbers hold between them, an address, a link. */
bool
phrase_contact(struct str line)
{
	enum { ELSE, BETWEEN, DIGIT, MAY };
	static const unsigned char kinds[256] = {
		[' '] = BETWEEN,
		['+'] = BETWEEN,
		['-'] = BETWEEN,
		['/'] = BETWEEN,
		['('] = BETWEEN,
		[')'] = BETWEEN,
		['.'] = BETWEEN,
		['\t'] = BETWEEN,
		['\0'] = BETWEEN,
		['0' ... '9'] = DIGIT,
		['@'] = MAY,
		['w'] = MAY,
		['h'] = MAY,
	};
	size_t digits = 0;

	if (line.n >= 200)
		return false;
	for (size_t i = 0; i < line.n; i++) {
		unsigned char kind = kinds[(unsigned char)line.p[i]];
		struct str rest;

		if (kind == BETWEEN)
			continue;
		digits = kind == DIGIT ? digits + 1 : 0;
		if (digits >= 8)
			return true;
		if (kind != MAY)
			continue;
		rest = str_make(line.p + i, line.n - i);
		if (is_mail_at(line, i) || str_starts(rest, STR("www.")) ||
		    str_starts(rest, STR("http")))
			return true;
	}
	return false;
}

int
phrase_notice(struct str line, bool *footer)
{
	struct search_count notices = { .tag = IN_NOTICE };
	uint64_t found =
	    search_parts(&parts, line, A(FOOTER) | A(NOTICE), &notices);

	*footer = (found & A(FOOTER)) != 0;
	return notices.n;
}

bool
phrase_advert(struct str line)
{
	return line.n < 200 && holds(line, A(ADVERT));
}

bool
phrase_card(struct str line)
{
	size_t bars = 0;

	for (size_t i = 1; i + 1 < line.n; i++)
		bars += line.p[i] == '|' && line.p[i - 1] == ' ' &&
			line.p[i + 1] == ' ';
	return bars >= 2 && line.n < 200 && phrase_contact(line);
}

bool
phrase_time(struct str s)
{
	for (size_t i = 1; i + 2 < s.n; i++) {
		if ((s.p[i] != ':' && s.p[i] != '.' && s.p[i] != 'h') ||
		    !ascii_is_digit(s.p[i - 1]) ||
		    !ascii_is_digit(s.p[i + 1]) || !ascii_is_digit(s.p[i + 2]))
			continue;
		if (s.p[i] == ':')
			return true;
		/* 20.42 is a time, 20.04.2016 and 3.1415 are not. */
		if ((i < 3 || s.p[i - 2] != '.') &&
		    (i + 3 == s.n ||
			(s.p[i + 3] != '.' && !ascii_is_digit(s.p[i + 3]))))
			return true;
	}
	return false;
}

bool
phrase_year(struct str s)
{
	for (size_t i = 0; i + 3 < s.n; i++) {
		if ((i > 0 && ascii_is_digit(s.p[i - 1])) ||
		    (i + 4 < s.n && ascii_is_digit(s.p[i + 4])))
			continue;
		if (((s.p[i] == '1' && s.p[i + 1] == '9') ||
			(s.p[i] == '2' && s.p[i + 1] == '0')) &&
		    ascii_is_digit(s.p[i + 2]) && ascii_is_digit(s.p[i + 3]))
			return true;
	}
	return false;
}

bool
phrase_mail(struct str s)
{
	for (size_t i = 1; i + 1 < s.n; i++)
		if (is_mail_at(s, i))
			return true;
	return false;
}

bool
phrase_sentence(struct str s)
{
	s = str_trim_right(s);
	if (s.n == 0)
		return true;
	if (s.p[s.n - 1] == '.')
		return s.n < 2 || s.p[s.n - 2] < '0' || s.p[s.n - 2] > '9';
	return s.p[s.n - 1] == '!' || s.p[s.n - 1] == '?';
}
