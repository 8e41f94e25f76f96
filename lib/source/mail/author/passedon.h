#ifndef KITH_SOURCE_MAIL_AUTHOR_PASSEDON_H
#define KITH_SOURCE_MAIL_AUTHOR_PASSEDON_H
/*
 * A customer's mail that one of ours passed on to us, in the text with the
 * header that mail programs write over it, or attached: the record is the
 * customer's, and the one of ours carried it.
 */
#include "mail/mime.h"
#include "source/clock/localtime.h"
#include "source/mail/author/author.h"
#include "source/mail/text.h"

/* What is kept between mails, zeroed at first: an attached one is rare. */
struct inner_mail {
	struct mime *mime;
	struct mail_text text;
};

struct passed_on {
	struct address from; /* who wrote it; maybe a name alone */
	struct address_list reply_to;
	int64_t sent; /* TIME_NONE: not to be read */
	struct str note; /* of the one of ours; absent */
	struct str header; /* what the mail program wrote over it; absent */
	struct str body; /* of the customer, untrimmed */
};

/*
 * Whether this is such a mail: from one of ours, to nobody but ours, and what
 * is passed on is by somebody else.  mime is parsed, body its text; files of an
 * attached mail are added to m.  Slices live in m's arena or point into body.
 */
bool passed_on_find(struct inner_mail *kept, struct local_clock *clock,
    const struct author_clues *clues, const struct mime *mime, struct str body,
    struct message *m, struct passed_on *out);
void inner_mail_release(struct inner_mail *kept);

#endif
