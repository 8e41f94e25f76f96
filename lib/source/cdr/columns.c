/*
 * What the columns of a table of calls are called.
 */
#include "source/cdr/cdr.h"

#include "core/text/ascii.h"
enum { NAME_BYTES = 40 };

#define LIT(s)                      \
	{                           \
		"" s, sizeof(s) - 1 \
	}

static const struct {
	struct str name;
	enum cdr_column column;
} names[] = { { LIT("accountcode"), CDR_ACCOUNT }, { LIT("src"), CDR_SRC },
	{ LIT("dst"), CDR_DST }, { LIT("dcontext"), CDR_CONTEXT },
	{ LIT("clid"), CDR_CLID }, { LIT("channel"), CDR_CHANNEL },
	{ LIT("dstchannel"), CDR_DST_CHANNEL }, { LIT("lastapp"), CDR_APP },
	{ LIT("lastdata"), CDR_APP_DATA }, { LIT("start"), CDR_START },
	{ LIT("answer"), CDR_ANSWER }, { LIT("end"), CDR_END },
	{ LIT("duration"), CDR_DURATION }, { LIT("billsec"), CDR_TALK },
	{ LIT("disposition"), CDR_DISPOSITION }, { LIT("amaflags"), CDR_AMA },
	{ LIT("uniqueid"), CDR_UNIQUE_ID }, { LIT("linkedid"), CDR_LINKED_ID },
	{ LIT("userfield"), CDR_USER }, { LIT("direction"), CDR_DIRECTION },
	{ LIT("did"), CDR_DID }, { LIT("cnam"), CDR_SRC_NAME },
	{ LIT("hangupcauseid"), CDR_CAUSE },
	/* Other programs' spellings, without blanks and the like. */
	{ LIT("source"), CDR_SRC }, { LIT("caller"), CDR_SRC },
	{ LIT("from"), CDR_SRC }, { LIT("callernumber"), CDR_SRC },
	{ LIT("calleridnumber"), CDR_SRC }, { LIT("callingnumber"), CDR_SRC },
	{ LIT("cnum"), CDR_SRC }, { LIT("ani"), CDR_SRC },
	{ LIT("callerid"), CDR_CLID }, { LIT("calleridname"), CDR_SRC_NAME },
	{ LIT("callername"), CDR_SRC_NAME }, { LIT("destination"), CDR_DST },
	{ LIT("destinationnumber"), CDR_DST }, { LIT("callee"), CDR_DST },
	{ LIT("calleenumber"), CDR_DST }, { LIT("callednumber"), CDR_DST },
	{ LIT("to"), CDR_DST }, { LIT("dialednumber"), CDR_DST },
	{ LIT("context"), CDR_CONTEXT },
	{ LIT("destinationcontext"), CDR_CONTEXT },
	{ LIT("destinationchannel"), CDR_DST_CHANNEL },
	{ LIT("lastapplication"), CDR_APP }, { LIT("calldate"), CDR_START },
	{ LIT("starttime"), CDR_START }, { LIT("startstamp"), CDR_START },
	{ LIT("startingdate"), CDR_START }, { LIT("startdate"), CDR_START },
	{ LIT("date"), CDR_START }, { LIT("datetime"), CDR_START },
	{ LIT("time"), CDR_START }, { LIT("startepoch"), CDR_START },
	{ LIT("answertime"), CDR_ANSWER }, { LIT("answerstamp"), CDR_ANSWER },
	{ LIT("answerepoch"), CDR_ANSWER }, { LIT("endtime"), CDR_END },
	{ LIT("endstamp"), CDR_END }, { LIT("endepoch"), CDR_END },
	{ LIT("callduration"), CDR_DURATION },
	{ LIT("durationsec"), CDR_DURATION },
	{ LIT("durationseconds"), CDR_DURATION },
	{ LIT("billseconds"), CDR_TALK }, { LIT("billableseconds"), CDR_TALK },
	{ LIT("talktime"), CDR_TALK }, { LIT("conversationtime"), CDR_TALK },
	{ LIT("status"), CDR_DISPOSITION },
	{ LIT("callstatus"), CDR_DISPOSITION },
	{ LIT("hangupcause"), CDR_DISPOSITION },
	{ LIT("hangupcauseq850"), CDR_CAUSE }, { LIT("uuid"), CDR_UNIQUE_ID },
	{ LIT("callid"), CDR_UNIQUE_ID }, { LIT("calluuid"), CDR_UNIQUE_ID },
	{ LIT("calldirection"), CDR_DIRECTION },
	{ LIT("account"), CDR_ACCOUNT } };

enum cdr_column
cdr_column_of(struct str name)
{
	char plain[NAME_BYTES];
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = ascii_lower(name.p[i]);

		if (!ascii_is_alnum(c))
			continue;
		if (n == sizeof(plain))
			return CDR_OTHER;
		plain[n++] = c;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq(str_make(plain, n), names[i].name))
			return names[i].column;
	return CDR_OTHER;
}

const char *
cdr_column_name(enum cdr_column c)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].column == c)
			return names[i].name.p;
	return "column";
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
