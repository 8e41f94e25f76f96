#ifndef KITH_TEXT_PHRASE_H
#define KITH_TEXT_PHRASE_H
/*
 * What mail programs and people write around a reply, in the languages of
 * words/replies: the verbs of "On ... wrote:", the labels of a message's
 * header, "Sent from my phone", closings.  A part of text/trim.c.  Every line
 * given here is folded (unicode_fold) and without white space at its ends.
 */
#include "core/str.h"

enum label {
	LABEL_NONE = 0,
	LABEL_FROM = 1,
	LABEL_DATE = 2,
	LABEL_TO = 4,
	LABEL_SUBJECT = 8,
	LABEL_OTHER = 16,
};

/* Once before the others. */
void phrase_init(void);
/* The header field that the line begins with, "from: x" or "*von :* x". */
enum label phrase_label(struct str line);
/* Holds a verb such as "wrote"; and at the end of the line. */
bool phrase_wrote(struct str line);
bool phrase_wrote_last(struct str line);
/* Ends with a verb that needs no colon behind it; capitals may stand. */
bool phrase_wrote_end(struct str line);
/* Its verb is the writer's own: "on monday i wrote". */
bool phrase_own(struct str line);
/* Begins with what dates are introduced by: "on", "am", "le", "5", "fri,". */
bool phrase_dates(struct str line);
/* "original message", "forwarded message"; the dashes may be there. */
bool phrase_original(struct str line);
/* "please reply above this line". */
bool phrase_above(struct str line);
/* "sent from my iphone": the line and nothing else. */
bool phrase_mobile(struct str line);
/* "best regards,": the line and nothing else. */
bool phrase_closing(struct str line);
/* A line of contact details: telephone, mail, web. */
bool phrase_contact(struct str line);
/* How many phrases of notices about confidentiality it holds, and whether
 * words of a list's footer, looked for in one pass. */
int phrase_notice(struct str line, bool *footer);
/* A line that scanners and the like put below. */
bool phrase_advert(struct str line);
/* "anna keller | sales | +49 221 1234567" */
bool phrase_card(struct str line);

/* Ends as a sentence does ("28." does not); the empty line too. */
bool phrase_sentence(struct str line);
/* A time of day; a year 19xx or 20xx; a mail address. */
bool phrase_time(struct str line);
bool phrase_year(struct str line);
bool phrase_mail(struct str line);

#endif
