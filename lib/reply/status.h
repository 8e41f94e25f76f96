#ifndef KITH_REPLY_STATUS_H
#define KITH_REPLY_STATUS_H
/*
 * The outbox, for who asks how far things came.
 */
#include "record/sink.h"
#include "reply/sending/outbox.h"

/* Writes all entries (o NULL: of none) as a table, or as JSON deliveries.
 * 0 or -1. */
int status_write(struct outbox *o, bool json, struct sink *out, struct err *e);

#endif
