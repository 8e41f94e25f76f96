#ifndef KITH_REPLY_APPROVE_H
#define KITH_REPLY_APPROVE_H
/*
 * A person's yes to a draft, bound to its recipients, channel, text and
 * attachments: reply.approval {by, at, of}.
 */
#include "reply/draft.h"
#include "workspace/workspace.h"

/*
 * Writes it into a draft; folder as in attach_find.  false: it is left as it
 * is, *why says so in a sentence.
 */
bool approve(struct record *r, const struct workspace *c, struct str folder,
    struct str by, int64_t now, const char **why);

#endif
