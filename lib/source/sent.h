#ifndef KITH_SOURCE_SENT_H
#define KITH_SOURCE_SENT_H
/*
 * Folders of what people sent, beside the file of an export that tells of it:
 * "files" and "photos" beside Telegram's result.json, "help.json_Files" beside
 * help.json of Discord's.  What is in them nobody of us exported, whatever it
 * looks like: a table of contacts there was sent by a customer.
 *
 * A format names such folders and their file (source_format.sent); the file has
 * to be of the format by its content.
 */
#include "source/item.h"

/* A "*" in both stands for the same text. */
struct source_sent {
	const char *file, *folder;
};

/*
 * Is this folder of the tree ("chats/files") one?  names are the tree's, in the
 * order of strcmp; of a tree that is a folder on disk they are not looked at.
 */
bool sent_is_folder(struct ingest *in, struct tree *t, char *const *names,
    size_t n, struct str folder);
/* Is the name in one of these folders, each with its slash, in the order of
 * strcmp, and none within another? */
bool sent_is_within(const char *name, const struct tree_names *folders);

#endif
