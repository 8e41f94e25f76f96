#ifndef KITH_RECORD_US_H
#define KITH_RECORD_US_H
/*
 * Does the workspace's `us` fit the records?  Where it was copied from a
 * manual, or names another mailbox, each answer of ours counts as a
 * customer's, and every figure is wrong without an error.
 *
 * It is asked of each channel by itself, of messages and calls: it fits where
 * one of them went out, or is from or to one of us.  Where all of a channel
 * came in, and to somebody else, whom most of them went to is asked about.
 * Memory: the first US_RECIPIENTS of such recipients.
 */
#include "core/buf.h"
#include "core/map.h"
#include "record/address.h"
#include "record/record.h"
#include "workspace/workspace.h"

enum { US_RECIPIENTS = 4096 };

struct us {
	const struct workspace *config; /* NULL: it names nobody */
	/* A bit for each row of the table of channels: it fits, or does not
	 * concern it. */
	uint64_t settled;
	bool fits; /* a channel, or does not concern it */
	struct map recipients; /* channel and address -> how many records */
};

/* What is looked at of a record; absent addresses are empty. */
struct us_parties {
	struct str channel;
	bool outbound;
	struct address from, sender;
	struct address_list to, cc;
};

/* c (NULL: none) is borrowed until the release. */
void us_init(struct us *u, const struct workspace *c);
/* A zeroed one may be released, too. */
void us_release(struct us *u);
void us_see(struct us *u, struct record *r);
/* The same of what is no record yet, but will be a message or call. */
void us_see_parties(struct us *u, const struct us_parties *p);
/* After the last: true, with the sentence appended, where it does not fit. */
bool us_misfits(const struct us *u, struct buf *out);
/* The same as a warning, where it does not. */
void us_warn(const struct us *u);

#endif
