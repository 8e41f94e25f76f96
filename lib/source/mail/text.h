#ifndef KITH_SOURCE_MAIL_TEXT_H
#define KITH_SOURCE_MAIL_TEXT_H
/*
 * What a mail says and what comes with it: the text of its parts as people
 * read it, and the attachments, those within a text (uuencode, yEnc) too.
 */
#include "json/json.h"
#include "source/mail/body.h"
#include "source/message.h"

struct mail_text {
	struct buf body; /* the text, UTF-8 with LF */
	struct buf part, scratch, file; /* used on the way */
};

void mail_text_init(struct mail_text *t);
void mail_text_release(struct mail_text *t);
/* Fills body and adds the attachments to msg; kept is a list of the parts that
 * a mail program keeps beside the mail (source/mail/apple.h), or none.  1; 0
 * where no part is text; -1 past a limit. */
int mail_text_gather(struct mail_text *t, const struct mime *m,
    struct json kept, struct message *msg, struct err *e);

#endif
