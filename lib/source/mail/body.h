#ifndef KITH_SOURCE_MAIL_BODY_H
#define KITH_SOURCE_MAIL_BODY_H
/*
 * Which parts of a mail are its text and which are files: the algorithm of
 * JMAP (RFC 8621, section 4.1.4) with two turns of our own: pictures are
 * always files, and of an alternative whose plain text is empty the HTML is
 * the text.
 */
#include "mail/mime.h"

struct part_list {
	size_t *v; /* indexes for mime_part */
	size_t n;
};

struct mail_body {
	struct part_list text; /* text/plain and text/html parts, in order */
	struct part_list files;
};

/* The lists live in the arena. */
void mail_body(const struct mime *m, struct arena *a, struct buf *scratch,
    struct mail_body *out);

#endif
