#include "record/consent.h"

#include "record/fields.h"

static const struct word {
	const char *word;
	enum consent means;
	bool mail;
} words[] = {
	{ "stop", CONSENT_OUT, true },
	{ "stopall", CONSENT_OUT, true },
	{ "stop all", CONSENT_OUT, true },
	{ "unsubscribe", CONSENT_OUT, true },
	{ "optout", CONSENT_OUT, true },
	{ "opt-out", CONSENT_OUT, true },
	{ "opt out", CONSENT_OUT, true },
	{ "abmelden", CONSENT_OUT, true },
	{ "cancel", CONSENT_OUT, false },
	{ "end", CONSENT_OUT, false },
	{ "quit", CONSENT_OUT, false },
	{ "revoke", CONSENT_OUT, false },
	{ "remove", CONSENT_OUT, false },
	{ "td", CONSENT_OUT, false },
	{ "arret", CONSENT_OUT, false },
	{ "arr\xc3\xaat", CONSENT_OUT, false },
	{ "stopp", CONSENT_OUT, false },
	{ "baja", CONSENT_OUT, false },
	{ "start", CONSENT_IN, false },
	{ "unstop", CONSENT_IN, true },
	{ "subscribe", CONSENT_IN, true },
	{ "yes", CONSENT_YES, false },
};

/* Parts of sentences; both must stand in a short text. */
static const char *const asks[][2] = {
	{ "stop ", "texting" },
	{ "stop ", "messaging" },
	{ "stop ", "writing" },
	{ "stop ", "emailing" },
	{ "stop ", "sending" },
	{ "stop ", "contacting" },
	{ "don't ", "contact me" },
	{ "do not ", "contact me" },
	{ "take me off", "" },
	{ "remove me from", "" },
	{ "unsubscribe me", "" },
	{ "keine ", "nachrichten mehr" },
	{ "keine ", "mails mehr" },
	{ "ne plus ", "recevoir" },
	{ "no me ", "escriban" },
};

enum { SENTENCE_MAX = 200 };

enum consent
record_consent(struct record *r)
{
	bool mail = record_is(r, "channel", "email");
	struct str text;

	if (!record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return CONSENT_UNSAID;
	text = str_trim(record_str(r, "text"));
	while (text.n > 0 && str_chr(STR(".!\""), text.p[text.n - 1]) >= 0)
		text.n--;
	if (text.n > 0 && *text.p == '"')
		text = str_sub(text, 1, text.n);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(text, str_of(words[i].word)) &&
		    (!mail || words[i].mail))
			return words[i].means;
	return CONSENT_UNSAID;
}

bool
record_asks_silence(struct record *r)
{
	struct str text;

	if (!record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return false;
	text = record_str(r, "text");
	if (text.n == 0 || text.n > SENTENCE_MAX)
		return false;
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++)
		if (str_find_nocase(text, str_of(asks[i][0])) >= 0 &&
		    str_find_nocase(text, str_of(asks[i][1])) >= 0)
			return true;
	return false;
}
