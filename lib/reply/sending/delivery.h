#ifndef KITH_REPLY_SENDING_DELIVERY_H
#define KITH_REPLY_SENDING_DELIVERY_H
/*
 * Deliveries: a draft with what became of it.  A sent one is an outbound
 * message record that can be fed back.
 */
#include "record/fields.h"
#include "record/sink.h"
#include "reply/draft.h"
#include "reply/sending/outbox.h"
#include "reply/sending/transport.h"

/*
 * Puts `delivery` with this status into a draft that did not leave, and d was
 * read from; of one that is ready reason is a remark.  until: when it may leave, where that is known.
 */
void delivery_refuse(struct record *draft, const struct draft *d,
    const char *status, struct str reason, int64_t now, int64_t until);
/*
 * r is parsed from entry->record: puts what the entry's state says.  t is the
 * transport that it went by, whose address and account are ours where the draft
 * has none; NULL where that is gone.
 */
void delivery_put(struct record *r, const struct outbox_entry *entry,
    const struct transport *t);
/* Writes the record to a struct sink.  0 or -1. */
int delivery_emit(void *sink, struct record *r, struct err *e);

#endif
