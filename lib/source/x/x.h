#ifndef KITH_SOURCE_X_X_H
#define KITH_SOURCE_X_X_H
/*
 * Direct messages of X (Twitter): what both stages know of them.
 *
 * A file that lies in an archive has in `export` beside its items whose that
 * is, as account.js says: {"accountId":"7","username":"lumen",...}.
 */
#include "source/json/items.h"

/* How its files are cut; `about` is left to be filled in. */
extern const struct items_form x_form;

int x_sniff_tree(const char *const *names, size_t n);
int x_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e);
void x_release_tree(void *kept);

/* What people wrote: links as they are, not as X shortens them, and without
 * those that it adds to what was attached. */
struct str x_text(struct normalize *n, struct str text, struct json urls);

enum stage_result
x_normalize(struct normalize *n, struct json native, struct err *e);

#endif
