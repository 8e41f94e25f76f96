#ifndef KITH_MAIL_ENTITY_H
#define KITH_MAIL_ENTITY_H
/*
 * What the Content- fields of a mail or part say of it (RFC 2045, 2183), as
 * they are written.
 */
#include "mail/mime.h"

/* Values of the fields as they stand; absent. */
struct entity {
	struct str type, disposition, encoding;
	struct str left_out; /* what says that the content is elsewhere */
};

/* Where the value of that field goes; NULL where it is not asked for.  Of two
 * the first counts, but for what a multipart is on second thought. */
struct str *entity_value(struct entity *e, struct str name);
/* Whether a type, or the field that says it, is of a multipart. */
bool entity_is_multipart(struct str type);
/* "text/plain" of a Content-Type, in lower case; what is none says nothing
 * (RFC 2045, 5.2). */
struct str entity_type(struct str field, struct arena *a);
/* What there is to know of a leaf, whose type is set. */
void
entity_describe(struct mime_part *p, const struct entity *e, struct arena *a);

#endif
