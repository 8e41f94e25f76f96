#include "record/consent.h"

#include "record/channels.h"
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
enum { WISHES = sizeof(wishes) / sizeof(*wishes) };

enum consent
record_consent(struct record *r)
{
	const struct channel *c;
	struct str text;

	/* Most texts are long: they need not be decoded for this. */
	if (json_raw(record_get(r, "text")).n > WORD_RAW ||
	    !record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return CONSENT_UNSAID;
	c = channel_named(record_str(r, "channel"));
	text = str_trim(record_str(r, "text"));
	while (text.n > 0 && str_chr(STR(".!\""), text.p[text.n - 1]) >= 0)
		text.n--;
	if (text.n > 0 && *text.p == '"')
		text = str_sub(text, 1, text.n);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(text, str_of(words[i].word)) &&
		    (c == NULL || !c->letters || words[i].mail))
			return words[i].means;
	return CONSENT_UNSAID;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* All beyond ASCII counts as such. */
static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

static bool
in_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
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

/* Does a wish stand in the text? */
static bool
any_wish(struct str text)
{
	for (size_t at = 0; at < text.n; at++) {
		if (at > 0 && in_word(text.p[at - 1]))
			continue;
		for (size_t i = 0; i < WISHES; i++)
			if (lower(text.p[at]) == wishes[i][0][0] &&
			    holds(text, at, wishes[i]))
				return true;
	}
	return false;
}

/*
 * Most texts have no wish, and need not be read for one: it is enough to know
 * which parts they may hold.  What a part begins with, four letters or fewer
 * where the word ends there, has a bit.  Signs and cases fall together here, so
 * that a bit too many may be found and none too few.
 */
enum { OPENINGS = 256 };

struct openings {
	uint32_t letters[OPENINGS]; /* open addressing; 0: free */
	uint64_t bit[OPENINGS];
	uint64_t need[WISHES]; /* those of a wish's parts */
	unsigned n;
};

static const uint64_t ones = UINT64_C(0x0101010101010101);

/* The first bits of each byte, the first byte's the lowest. */
static inline uint64_t
first_bits(uint64_t x)
{
	return (x >> 7 & ones) * UINT64_C(0x0102040810204080) >> 56;
}

/* Letters and all beyond ASCII. */
static inline uint64_t
letters_of(uint64_t x)
{
	uint64_t low = (x | ones * 0x20) & ones * 0x7f;

	return first_bits(((low + ones * 0x1f) & ~(low + ones * 5)) | x);
}

/* Four bytes from p on, or those before the word's end. */
static inline uint32_t
opening(const char *p, size_t n)
{
	uint32_t four;

	memcpy(&four, p, sizeof(four));
	if (n < sizeof(four))
		four &= (UINT32_C(1) << 8 * n) - 1;
	return four | (uint32_t)(ones * ' ');
}

static inline size_t
slot_of(const struct openings *o, uint32_t letters)
{
	size_t i = letters * UINT32_C(0x9e3779b1) >> 24;

	while (o->letters[i] != 0 && o->letters[i] != letters)
		i = (i + 1) % OPENINGS;
	return i;
}

static uint64_t
need_of(struct openings *o, const char *part)
{
	char text[8] = { 0 };
	size_t n = 0, i;

	while (n < sizeof(text) && part[n] != '\0' && is_letter(part[n]))
		n++;
	memcpy(text, part, n);
	i = slot_of(o, opening(text, n));
	if (o->letters[i] == 0) {
		o->letters[i] = opening(text, n);
		o->bit[i] = UINT64_C(1) << o->n++ % 64;
	}
	return o->bit[i];
}

static const struct openings *
openings(void)
{
	static struct openings o;

	for (size_t i = 0; i < WISHES && o.need[WISHES - 1] == 0; i++)
		for (size_t k = 0; k < PARTS && wishes[i][k] != NULL; k++)
			o.need[i] |= need_of(&o, wishes[i][k]);
	return &o;
}

/* The openings among the words that begin in 64 bytes: `letter` has a bit for
 * each of these, `begin` for those that begin a word. */
static uint64_t
found_in(
    const struct openings *o, struct str s, uint64_t letter, uint64_t begin)
{
	uint64_t found = 0;

	for (; begin != 0; begin &= begin - 1) {
		size_t at = (size_t)__builtin_ctzll(begin);
		uint64_t rest = ~(letter >> at);
		size_t n = rest == 0 ? 64 : (size_t)__builtin_ctzll(rest);

		/* A word on the edge ends in the next 64. */
		for (; at + n >= 64 && n < 4 && at + n < s.n; n++)
			if (!is_letter(s.p[at + n]))
				break;
		found |= o->bit[slot_of(o, opening(s.p + at, n))];
	}
	return found;
}

/* raw is a string as it is written, 64 bytes behind it readable; the letters
 * of its escapes begin no word. */
static uint64_t
openings_in(const struct openings *o, struct str raw, const uint16_t *escapes)
{
	uint64_t found = 0, before = 0;

	for (size_t i = 0; i < raw.n; i += 64) {
		struct str rest = str_make(raw.p + i, raw.n - i);
		uint64_t letter = 0, x;

		for (int k = 0; k < 64; k += 8) {
			memcpy(&x, rest.p + k, sizeof(x));
			letter |= letters_of(x) << k;
		}
		for (; *escapes < i + 64; escapes++)
			letter &= ~(UINT64_C(1) << *escapes % 64);
		if (rest.n < 64)
			letter &= (UINT64_C(1) << rest.n) - 1;
		found |=
		    found_in(o, rest, letter, letter & ~(letter << 1 | before));
		before = letter >> 63;
	}
	return found;
}

/* May one stand in this text, as it is written? */
static bool
may_hold_wish(struct str raw)
{
	const struct openings *o = openings();
	const char *p = raw.p, *end = raw.p + raw.n;
	uint16_t escapes[CONSENT_ASKING + 1];
	uint64_t found;
	size_t n = 0;

	/* Most escapes stand for one byte; one of \\u may be a letter. */
	for (; (p = memchr(p, '\\', (size_t)(end - p))) != NULL; p += 2) {
		if (p[1] == 'u')
			return true;
		escapes[n++] = (uint16_t)(p + 1 - raw.p);
	}
	if (raw.n - n > CONSENT_ASKING)
		return false;
	escapes[n] = UINT16_MAX;
	found = openings_in(o, raw, escapes);
	for (size_t i = 0; i < WISHES; i++)
		if ((o->need[i] & ~found) == 0)
			return true;
	return false;
}

bool
record_asks_silence(struct record *r)
{
	struct str raw = json_raw(record_get(r, "text")), text;

	if (raw.n < 2 || raw.n > 2 * CONSENT_ASKING || raw.p[0] != '"' ||
	    !record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message") ||
	    !may_hold_wish(str_sub(raw, 1, raw.n - 2)))
		return false;
	text = record_str(r, "text");
	return text.n <= CONSENT_ASKING && any_wish(text);
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
