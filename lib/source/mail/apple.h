#ifndef KITH_SOURCE_MAIL_APPLE_H
#define KITH_SOURCE_MAIL_APPLE_H
/*
 * Folders of Apple Mail, as it keeps them: beside each folder Messages, whose
 * files are mails with a count before and a property list behind (.emlx), a
 * folder Attachments with ID/PART/NAME: what it took out of ID.partial.emlx.
 * PART is the part's number as IMAP counts (RFC 9051, 6.4.5): "2", "1.3".
 *
 * Memory: the names; of an archive, in which nothing can be looked up, what
 * the attachments hold, up to APPLE_HELD bytes.
 */
#include "source/item.h"

#define APPLE_HELD ((size_t)256 << 20)

struct apple;

/* Whether a tree with these first names is such a folder, or holds some. */
bool apple_is_tree(const char *const *names, size_t n);
/* Reads what stands in a tree, which is at its beginning before and after it. */
struct apple *apple_new(struct tree *t, size_t max_file, struct err *e);
void apple_free(struct apple *a);
/* A file that belongs to a mail of the tree, and is none itself. */
bool apple_is_part(const struct apple *a, const char *name);
/*
 * The files of the mail of this name, as {"part":"2","name":...} with "text" or
 * "base64" each, into the list that is open in w; of more than `room` bytes
 * together the later ones stay out.
 */
void apple_write_parts(struct apple *a, struct tree *t, const char *name,
    size_t room, struct writer *w);
/* True where the mail of this name has such files. */
bool apple_has_parts(const struct apple *a, const char *name);

/* The mail in the bytes of such a file, or all of them; what the property list
 * has as flags, or -1. */
struct str apple_mail(struct str file);
int64_t apple_flags(struct str file);

#endif
