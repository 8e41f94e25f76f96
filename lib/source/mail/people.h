#ifndef KITH_SOURCE_MAIL_PEOPLE_H
#define KITH_SOURCE_MAIL_PEOPLE_H
/*
 * Who wrote a mail and who carried it, put into its record.
 */
#include "source/mail/author/passedon.h"

/* Those that a header names, beside To and Cc, and who is behind them. */
struct people {
	struct address header_from; /* the first in From, as it stands */
	struct address_list from, reply_to, original, original_sender;
	struct passed_on passed;
	bool forwarded; /* passed holds a customer's mail */
};

/* Who asks for answers where nobody reads them is answered where they write
 * from. */
void people_drop_robots(struct people *p, struct arena *a);
/* What author_find and passed_on_find ask; m has To, Cc and the subject, list
 * says that a list sent it.  Borrows all. */
struct author_clues people_clues(const struct people *p,
    const struct workspace *c, const struct message *m, bool list);
/* The text and its parts out of body: what was passed on is the customer's. */
void
people_take_text(const struct people *p, struct str body, struct message *m);
/* When the customer wrote, and when it reached us. */
void people_take_times(const struct people *p, struct message *m);
/*
 * Sets from and sender.  True where a program wrote down what somebody else
 * said: that the program is one makes the mail no machine's answer.
 */
bool people_take_author(const struct people *p,
    const struct author_clues *clues, struct message *m);

#endif
