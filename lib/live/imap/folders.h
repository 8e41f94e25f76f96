#ifndef KITH_LIVE_IMAP_FOLDERS_H
#define KITH_LIVE_IMAP_FOLDERS_H
/*
 * Which folders of an account are read.
 */
#include "live/imap/client.h"
#include "workspace/workspace.h"

struct imap_found {
	char *name; /* as the server writes it */
	char *shown; /* in UTF-8, with / between its parts */
};

struct imap_folders VEC(struct imap_found);

/*
 * Those that fit one of the patterns, in UTF-8 with / between parts: * stands
 * for anything, % for anything without a /.  Without patterns: where the
 * server has one folder of all mails (Gmail), that; else INBOX and what it
 * says is for mails that were sent.  Each once, in the order of patterns, then
 * of names.  IMAP_NO: there is none for a pattern, which e says.
 */
enum imap_answer
imap_find_folders(struct imap *c, const struct workspace_list *patterns,
    struct imap_folders *out, struct err *e);
void imap_folders_release(struct imap_folders *f);

#endif
