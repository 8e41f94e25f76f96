/*
 * What the columns of a table of calls are called, and the words in them.
 */
#include "source/cdr/cdr.h"

#include "core/text/ascii.h"

#define MEANS(SECTION, n) CDR_##SECTION
#include "source/cdr/words/columns.h"

#define MEANS(SECTION, n) CDR_SAYS_##SECTION
#include "source/cdr/words/calls.h"

enum {
	NAME_BYTES = 40,
	WORD_BYTES = 40,
};

enum cdr_column
cdr_column_of(struct str name)
{
	char plain[NAME_BYTES];
	uint64_t means;
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = ascii_lower(name.p[i]);

		if (!ascii_is_alnum(c))
			continue;
		if (n == sizeof(plain))
			return CDR_OTHER;
		plain[n++] = c;
	}
	means = wordlist_means(&words_columns, str_make(plain, n));
	return means == 0 ? CDR_OTHER : (enum cdr_column)__builtin_ctzll(means);
}

const char *
cdr_column_name(enum cdr_column c)
{
	static const char *const names[CDR_COLUMNS] = {
		[CDR_OTHER] = "column",
		[CDR_ACCOUNT] = "accountcode",
		[CDR_SRC] = "src",
		[CDR_SRC_NAME] = "cnam",
		[CDR_DST] = "dst",
		[CDR_CONTEXT] = "dcontext",
		[CDR_CLID] = "clid",
		[CDR_CHANNEL] = "channel",
		[CDR_DST_CHANNEL] = "dstchannel",
		[CDR_APP] = "lastapp",
		[CDR_APP_DATA] = "lastdata",
		[CDR_START] = "start",
		[CDR_ANSWER] = "answer",
		[CDR_END] = "end",
		[CDR_DURATION] = "duration",
		[CDR_TALK] = "billsec",
		[CDR_DISPOSITION] = "disposition",
		[CDR_CAUSE] = "hangupcauseid",
		[CDR_AMA] = "amaflags",
		[CDR_UNIQUE_ID] = "uniqueid",
		[CDR_LINKED_ID] = "linkedid",
		[CDR_USER] = "userfield",
		[CDR_DIRECTION] = "direction",
		[CDR_DID] = "did",
	};

	return names[c];
}

bool
cdr_is(struct str s, enum cdr_word what)
{
	char low[WORD_BYTES];

	if (s.n > sizeof(low))
		return false;
	for (size_t i = 0; i < s.n; i++)
		low[i] = ascii_lower(s.p[i]);
	return wordlist_is(&words_calls, str_make(low, s.n), what);
}

bool
cdr_says(struct str s, enum cdr_word what)
{
	size_t n = s.n == 0 ? 0 : wordlist_count(&words_calls, what);

	for (size_t i = 0; i < n; i++)
		if (str_find_nocase(s, wordlist_of(&words_calls, what, i)) >= 0)
			return true;
	return false;
}

bool
cdr_is_time(struct str s)
{
	static const char shape[] = "dddd-dd-dd dd:dd:dd";
	size_t n = sizeof(shape) - 1;

	if (str_is_digits(s))
		return s.n == 10 && (s.p[0] == '1' || s.p[0] == '2');
	for (size_t i = 0; i < n; i++) {
		char c = i < s.n ? s.p[i] : '\0';

		if (shape[i] == 'd' ? !ascii_is_digit(c)
		    : shape[i] == ' '
			? c != ' ' && c != 'T'
			: c != shape[i] && !(shape[i] == '-' && c == '/'))
			return false;
	}
	return s.n == n || s.p[n] == '.';
}
