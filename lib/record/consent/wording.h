#ifndef KITH_RECORD_CONSENT_WORDING_H
#define KITH_RECORD_CONSENT_WORDING_H
/*
 * A text as words, and what of words/optout stands in it.
 */
#include "core/text/wordlist.h"
#include "record/consent/optout.h"

/* The sections of the list. */
enum says {
	SAYS_OUT,
	SAYS_OUT_ALONE,
	SAYS_OUT_LETTERS,
	SAYS_OUT_UNSURE,
	SAYS_UNSUB,
	SAYS_DONT,
	SAYS_WANT,
	SAYS_NOWANT,
	SAYS_RECEIVE,
	SAYS_MORE,
	SAYS_SEND,
	SAYS_NOSEND,
	SAYS_CONTACT,
	SAYS_NOCONTACT,
	SAYS_STOP,
	SAYS_SENDING,
	SAYS_NOMORE,
	SAYS_NO,
	SAYS_END,
	SAYS_REMOVE,
	SAYS_REMOVEME,
	SAYS_SPLIT,
	SAYS_PARTICLE,
	SAYS_ME,
	SAYS_MINE,
	SAYS_LIST,
	SAYS_SUBSCRIPTION,
	SAYS_REVOKE,
	SAYS_CONSENT,
	SAYS_OPPOSE,
	SAYS_NEAR,
	SAYS_KEEP,
	SAYS_IN,
	SAYS_IN_LETTERS,
	SAYS_OBJECT,
	SAYS_OBJECT_AD,
	SAYS_OBJECT_MAIL,
	SAYS_OBJECT_TEXT,
	SAYS_OBJECT_CALL,
	SAYS_GREETING,
	SAYS_COURTESY,
	SAYS_POLITE,
	SAYS_FILLER,
	SAYS_ADDRESS,
	SAYS_PROGRAM,
};
#define SAYS(what) (UINT64_C(1) << SAYS_##what)
#define SAYS_OBJECTS                                          \
	(SAYS(OBJECT) | SAYS(OBJECT_AD) | SAYS(OBJECT_MAIL) | \
	    SAYS(OBJECT_TEXT) | SAYS(OBJECT_CALL))

extern const struct wordlist *const wording_list;

struct wording_word {
	uint16_t at, n; /* in plain */
	uint8_t sentence;
	bool alone; /* one character of a script without blanks */
	bool capital; /* begins with one, or its script has none */
	bool digits; /* has one */
	bool first; /* of its line */
	bool shouted; /* all in capitals */
	bool ended; /* a sign or the line's end stands behind it */
};

/* An entry, and the words that it stands for. */
struct wording_match {
	uint16_t at, n;
	uint16_t entry;
	uint64_t means; /* of the entry */
};

/* What the words of a text mean, or may mean. */
struct optout_found {
	uint64_t means;
	uint64_t behind; /* those that stand behind one of DONT */
	uint64_t languages[WORDLIST_MEANINGS]; /* of each meaning */
};

enum {
	WORDING_MATCHES = 800,
	WORDING_SENTENCES = 12, /* more are one */
};

struct wording {
	/* The words: one blank between two, none beside what is alone. */
	char plain[4 * OPTOUT_BYTES];
	size_t bytes;
	struct wording_word words[OPTOUT_WORDS];
	size_t n;
	struct wording_match matches[WORDING_MATCHES];
	size_t match_n;
	uint64_t means[OPTOUT_WORDS]; /* of each word, by all its matches */
	struct optout_found found; /* behind is not read */
	uint8_t sentences;
	bool questions[WORDING_SENTENCES];
	bool over; /* there was more than there is room for */
};

/* Reads a text of UTF-8 without own, which may be absent. */
void wording_read(struct wording *w, struct str text, struct str own);
/* Has it a sign that says stop (U+1F6D1, U+1F6AB, U+26D4)? */
bool wording_has_sign(struct str text);
/* May it be words alone? */
bool optout_may_be_words(uint64_t meanings);
/* What a rule tells.  The rules that may stand there, of one language each. */
enum { WISH_SURE = 1, WISH_NEAR = 2 };
unsigned optout_may_be_wish(const struct optout_found *f);

/* Takes out words that mean this and nothing else, between others of their
 * sentence; false where there are none. */
bool wording_drop(struct wording *w, uint64_t meaning);

#endif
