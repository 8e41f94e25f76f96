#ifndef KITH_SOURCE_MESSENGER_MESSENGER_H
#define KITH_SOURCE_MESSENGER_MESSENGER_H
/*
 * Downloads of Messenger and Instagram: what both stages know of them.
 *
 * A file that lies in a download says in `export` beside its items what other
 * files told: {"channel":"instagram","owner":["Mara Voss"]}.
 */
#include "source/json/items.h"

/* "instagram" by where a file lies, else by its first bytes; else "messenger". */
const char *messenger_channel(struct str path, struct str head);
int messenger_sniff(const char *base_name, struct str head);
/* How its files are cut; `about` is left to be filled in. */
extern const struct items_form messenger_form;

/* The folder of a chat in this path, "mara_1234567890"; STR_NONE where it
 * lies in none. */
struct str messenger_thread_folder(struct str path);

int messenger_sniff_tree(const char *const *names, size_t n);
int messenger_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e);
void messenger_release_tree(void *kept);

/* The text of a string whose bytes of UTF-8 were each written as a character;
 * s itself where it is none. */
struct str messenger_mend(struct str s, struct arena *a);

enum stage_result
messenger_normalize(struct normalize *n, struct json native, struct err *e);

#endif
