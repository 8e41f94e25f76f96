#ifndef KITH_RECORD_WAITING_RECEIPT_H
#define KITH_RECORD_WAITING_RECEIPT_H
/*
 * What became of a message of ours, as a record tells it: a bounce or a
 * reader's receipt that normalize read, an event that a program made of what a
 * service called back (data.act receipt, kith-record(5)), or the delivery
 * itself once more with a later status.
 *
 * What is sent may be delivered, what is delivered read; that it failed is
 * final.  A delay says nothing.
 */
#include "record/record.h"

enum receipt_status {
	RECEIPT_NONE,
	RECEIPT_SENT,
	RECEIPT_DELIVERED,
	RECEIPT_READ,
	RECEIPT_DELAYED,
	RECEIPT_FAILED,
};

struct receipt {
	enum receipt_status status;
	struct json about; /* ids of ours: a list, or one alone */
	struct json recipients; /* addresses; JSON_ABSENT: all of them */
	int64_t before; /* instead of ids: all of ours until then; TIME_NONE */
	bool own; /* the record is the message of ours, in a later version */
};

enum { RECEIPT_ABOUT = 64 }; /* ids that are looked at */

/* False where the record tells of none. */
bool record_receipt(struct record *r, struct receipt *out);
/*
 * The ids that it is about, at most RECEIPT_ABOUT; of an own one its id and the
 * channel's.  Returns how many; texts live in the record's arena.
 */
size_t receipt_about(struct record *r, const struct receipt *receipt,
    struct str out[RECEIPT_ABOUT]);

#endif
