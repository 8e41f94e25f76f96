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

/*
 * Wishes in other words: all parts of a row stand in the text, in that order,
 * each at the beginning of a word.
 */
enum { PARTS = 4 };
static const char *const wishes[][PARTS] = {
	{ "stop", "text" },
	{ "stop", "messag" },
	{ "stop", "email" },
	{ "stop", "mailing" },
	{ "stop", "sending" },
	{ "stop", "writing" },
	{ "stop", "calling" },
	{ "stop", "contacting" },
	{ "stop", "bothering" },
	{ "unsubscribe", "me" },
	{ "unsubscribe", "please" },
	{ "opt", "me", "out" },
	{ "take", "me", "off" },
	{ "remove", "me", "from" },
	{ "remove", "my", "number" },
	{ "remove", "my", "address" },
	{ "do", "not", "contact", "me" },
	{ "do", "not", "text", "me" },
	{ "do", "not", "email", "me" },
	{ "do", "not", "message", "me" },
	{ "do", "not", "call", "me" },
	{ "don't", "contact", "me" },
	{ "don't", "text", "me" },
	{ "don't", "email", "me" },
	{ "don't", "message", "me" },
	{ "don't", "call", "me" },
	{ "no", "more", "texts" },
	{ "no", "more", "messages" },
	{ "no", "more", "emails" },
	{ "leave", "me", "alone" },
	{ "keine", "nachrichten", "mehr" },
	{ "keine", "sms", "mehr" },
	{ "keine", "mails", "mehr" },
	{ "keine", "e-mails", "mehr" },
	{ "keine", "werbung" },
	{ "nicht", "mehr", "anschreiben" },
	{ "nicht", "mehr", "kontaktieren" },
	{ "nicht", "mehr", "anrufen" },
	{ "abbestellen", "newsletter" },
	{ "newsletter", "abbestellen" },
	{ "d\xc3\xa9sabonne" },
	{ "dar", "de", "baja" },
	{ "darme", "de", "baja" },
	{ "no", "me", "escrib" },
	{ "ne", "plus", "recevoir" },
};

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

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool
begins(struct str s, size_t at, struct str part)
{
	if (part.n > s.n - at)
		return false;
	for (size_t i = 0; i < part.n; i++)
		if (lower(s.p[at + i]) != part.p[i])
			return false;
	return true;
}

/* Do all parts stand in s, the first one at `at`? */
static bool
holds(struct str s, size_t at, const char *const parts[PARTS])
{
	size_t next = 1;

	if (!begins(s, at, str_of(parts[0])))
		return false;
	for (size_t i = at + 1; next < PARTS && parts[next] != NULL; i++) {
		if (i >= s.n)
			return false;
		if (!in_word(s.p[i - 1]) && in_word(s.p[i]) &&
		    begins(s, i, str_of(parts[next])))
			next++;
	}
	return true;
}

bool
record_asks_silence(struct record *r)
{
	bool first[256] = { false };
	struct str text;

	if (!record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return false;
	text = record_str(r, "text");
	if (text.n == 0 || text.n > CONSENT_ASKING)
		return false;
	for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++)
		first[(unsigned char)wishes[i][0][0]] = true;
	for (size_t at = 0; at < text.n; at++) {
		if ((at > 0 && in_word(text.p[at - 1])) ||
		    !first[(unsigned char)lower(text.p[at])])
			continue;
		for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++)
			if (holds(text, at, wishes[i]))
				return true;
	}
	return false;
}

const char *
consent_name(enum consent c)
{
	return c == CONSENT_OUT     ? "out"
	       : c == CONSENT_IN    ? "in"
	       : c == CONSENT_ASKED ? "asked"
				    : NULL;
}

enum consent
consent_of(struct str name)
{
	static const struct {
		const char *name;
		enum consent c;
	} names[] = {
		{ "out", CONSENT_OUT },
		{ "opted-out", CONSENT_OUT },
		{ "opted_out", CONSENT_OUT },
		{ "optedout", CONSENT_OUT },
		{ "unsubscribed", CONSENT_OUT },
		{ "denied", CONSENT_OUT },
		{ "revoked", CONSENT_OUT },
		{ "no", CONSENT_OUT },
		{ "false", CONSENT_OUT },
		{ "in", CONSENT_IN },
		{ "opted-in", CONSENT_IN },
		{ "opted_in", CONSENT_IN },
		{ "optedin", CONSENT_IN },
		{ "subscribed", CONSENT_IN },
		{ "granted", CONSENT_IN },
		{ "yes", CONSENT_IN },
		{ "true", CONSENT_IN },
		{ "asked", CONSENT_ASKED },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(name, str_of(names[i].name)))
			return names[i].c;
	return CONSENT_UNSAID;
}
