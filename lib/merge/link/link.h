#ifndef KITH_MERGE_LINK_LINK_H
#define KITH_MERGE_LINK_LINK_H
/*
 * Rows of people that no key joins, linked by what they say: what keys and
 * operators have decided of them before, and what becomes of the answer.
 */
#include "merge/link/rows.h"

/* After graph_resolve: links, and joins people. */
int merger_link_rows(
    struct merger *m, const struct merger_report *report, struct err *e);
/* Puts `likely`, of the record in hand. */
void merger_put_likely(struct merger *m, uint32_t key);
/* What joins two names, by keys and by what their rows say; false where
 * nothing is there to tell. */
bool merger_explain(
    struct merger *m, struct buf *out, struct link_name a, struct link_name b);

#endif
