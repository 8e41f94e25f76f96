#ifndef KITH_RECORD_CONSENT_CONSENTS_H
#define KITH_RECORD_CONSENT_CONSENTS_H
/*
 * What one person said of being written to, over time: by channel and purpose
 * what stands, and what it rests on.
 *
 * The later word counts.  "Asked" never takes the place of an opt-out, and a row
 * of a customer table that says yes not that of what they said themselves.
 */
#include "json/write.h"
#include "record/consent/consent.h"
#include "record/id.h"

enum { CONSENTS_CHANNELS = 32 }; /* of a person; further ones are not kept */

struct consent_kept {
	enum consent said; /* CONSENT_UNSAID: nothing stands */
	enum purpose purpose; /* as it was said */
	bool row;
	int64_t at, last; /* when they first and last said so; TIME_NONE: before
			     all else */
	char *words, *who, *source; /* NULL */
	char record[ID_SIZE];
};

struct consents_channel {
	char *name; /* "all" */
	struct consent_kept of[2]; /* by enum purpose, which is not "all" */
};

struct consents {
	struct consents_channel *v;
	size_t n;
};

/* All zero is empty. */
void consents_release(struct consents *c);
/* Takes a word in, said at a time by somebody (or absent) in a record. */
void consents_say(struct consents *c, const struct consent_word *w, int64_t at,
    struct str who, struct str record);
/* The same with all that stands in more. */
void consents_add(struct consents *c, const struct consents *more);
/*
 * What stands for messages of a purpose (not "all") on a channel, by what was
 * said of it, of other kinds of short message where it is one, and of all
 * channels; NULL where nothing was said.
 */
const struct consent_kept *consents_find(
    const struct consents *c, struct str channel, enum purpose purpose);

/*
 * What stands of an address: by whom it belongs to, and by who only claims it
 * (each may be NULL).  Claims take nothing back, and are taken back by who
 * proves to be them.
 */
const struct consent_kept *consents_stricter(
    const struct consent_kept *proved, const struct consent_kept *claimed);
/* Is the same said of all purposes by one word? */
bool consents_agree(const struct consents_channel *c);

/* The object of context.consent in kith-record(5), and back, with what is
 * written by hand ({"email": false}). */
void consents_write(const struct consents *c, struct writer *w);
void consents_read(struct json v, struct arena *a, struct consents *out);

#endif
