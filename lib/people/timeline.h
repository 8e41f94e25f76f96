#ifndef KITH_PEOPLE_TIMELINE_H
#define KITH_PEOPLE_TIMELINE_H
/*
 * A record as the store keeps it, and back.
 */
#include "people/store/store.h"
#include "record/record.h"

/* Fills what the record itself says, cut to the state's bounds; the rest is
 * the caller's.  Slices live as long as the record's text and arena. */
void timeline_message(struct record *r, struct store_message *m);
/* The data of a receipt as it is kept: about these of our records. */
struct str
timeline_receipt(struct record *r, const struct str *about, size_t n);
/* Appends it as a record of one line, without the newline: what the state
 * kept of it, under the names of kith-record(5); instead of addresses the key
 * that decided whose it is, and keyword unsubscribe where it was sent to such
 * an address (record/consent). */
void timeline_record(const struct store_message *m, struct buf *out);

#endif
