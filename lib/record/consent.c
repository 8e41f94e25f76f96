#include "record/consent.h"

#include "record/fields.h"

enum { WORD_RAW = 100 }; /* bytes of a text as it is written, with quotes */

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
enum {
	PARTS = 4,
	SHORT_PART = 3, /* bytes: such a part is a whole word */
	WISH_REACH = 60, /* bytes from one part to the next */
};
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
	struct str text;
	bool mail;

	/* Most texts are long: they need not be decoded for this. */
	if (json_raw(record_get(r, "text")).n > WORD_RAW ||
	    !record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return CONSENT_UNSAID;
	mail = record_is(r, "channel", "email");
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

/* Does a word begin so at `at`?  A short part must be the whole word. */
static bool
begins(struct str s, size_t at, const char *part)
{
	size_t i = 0;

	for (; part[i] != '\0'; i++)
		if (at + i >= s.n || lower(s.p[at + i]) != part[i])
			return false;
	return i > SHORT_PART || at + i == s.n || !in_word(s.p[at + i]);
}

/* Do all parts stand in s, the first one at `at`, none far from the one
 * before it? */
static bool
holds(struct str s, size_t at, const char *const parts[PARTS])
{
	size_t next = 1, end = at + WISH_REACH;

	if (!begins(s, at, parts[0]))
		return false;
	for (size_t i = at + 1; next < PARTS && parts[next] != NULL; i++) {
		if (i >= s.n || i > end)
			return false;
		if (lower(s.p[i]) != parts[next][0] || in_word(s.p[i - 1]) ||
		    !begins(s, i, parts[next]))
			continue;
		next++;
		end = i + WISH_REACH;
	}
	return true;
}

/* Whether a byte is of a word; and, by a sum of a word's first two bytes,
 * whether a wish may begin so. */
enum { IN_WORD = 1, BEGINS = 2 };

static unsigned
pair(char a, char b)
{
	return ((unsigned char)lower(a) * 31 + (unsigned char)lower(b)) & 255;
}

static const uint8_t *
classes(void)
{
	static uint8_t of[256];

	if (of['a'] != 0)
		return of;
	for (int c = 0; c < 256; c++)
		of[c] = in_word((char)c) ? IN_WORD : 0;
	for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++)
		of[pair(wishes[i][0][0], wishes[i][0][1])] |= BEGINS;
	return of;
}

static bool
any_wish(struct str text, size_t at)
{
	for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++)
		if (wishes[i][0][1] == lower(text.p[at + 1]) &&
		    holds(text, at, wishes[i]))
			return true;
	return false;
}

bool
record_asks_silence(struct record *r)
{
	const uint8_t *of = classes();
	uint8_t before = 0;
	struct str text;

	if (!record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return false;
	if (json_raw(record_get(r, "text")).n > 2 * CONSENT_ASKING)
		return false;
	text = record_str(r, "text");
	if (text.n > CONSENT_ASKING)
		return false;
	for (size_t at = 0; at + 1 < text.n; at++) {
		uint8_t now = of[(unsigned char)text.p[at]] & IN_WORD;

		if (now > before &&
		    (of[pair(text.p[at], text.p[at + 1])] & BEGINS) != 0 &&
		    any_wish(text, at))
			return true;
		before = now;
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
