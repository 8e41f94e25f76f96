/*
 * What the columns of a table of calls are called, and the words in them.
 */
#include "source/cdr/cdr.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "text/unicode.h"

#define MEANS(SECTION, n) CDR_##SECTION
#include "source/cdr/words/columns.h"

#define MEANS(SECTION, n) CDR_SAYS_##SECTION
#include "source/cdr/words/calls.h"

enum {
	NAME_BYTES = 120,
	WORD_BYTES = 120,
};

enum cdr_column
cdr_column_of(struct str name, struct arena *a)
{
	uint64_t means;
	char *plain;
	size_t n = 0;

	/* "Duration (min:sec)" */
	if (str_chr(name, '(') > 0)
		name = str_sub(name, 0, (size_t)str_chr(name, '('));
	if (name.n > NAME_BYTES)
		return CDR_OTHER;
	name = unicode_fold(name, a);
	plain = arena_alloc(a, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		if (ascii_is_letter(name.p[i]) ||
		    (unsigned char)name.p[i] >= 0x80)
			plain[n++] = name.p[i];
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
		[CDR_OTHER_ID] = "blegid",
		[CDR_USER] = "userfield",
		[CDR_DIRECTION] = "direction",
		[CDR_DID] = "did",
	};

	return names[c];
}

bool
cdr_is(struct str s, enum cdr_word what, struct arena *a)
{
	return s.n <= WORD_BYTES &&
	       wordlist_is(&words_calls, unicode_fold(s, a), what);
}

bool
cdr_says(struct str s, enum cdr_word what, struct arena *a)
{
	size_t n = s.n == 0 ? 0 : wordlist_count(&words_calls, what);

	s = unicode_fold(utf8_cut(s, WORD_BYTES), a);
	for (size_t i = 0; i < n; i++)
		if (str_find(s, wordlist_of(&words_calls, what, i)) >= 0)
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
