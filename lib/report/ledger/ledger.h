#ifndef KITH_REPORT_LEDGER_LEDGER_H
#define KITH_REPORT_LEDGER_LEDGER_H
/*
 * Who said what of being written to, with the proof: what stands of it at the
 * end of a stream, by person, channel and purpose.
 *
 * A person is whom merge says; of records without one each address is one.
 * Memory grows with the people who wrote or stand in a row (about 300 bytes
 * each), for whom an address may be asked for that another record gives.
 */
#include "core/map.h"
#include "core/vec.h"
#include "record/consent/consents.h"
#include "record/record.h"
#include "report/table.h"

/* One address of a person. */
struct ledger_address {
	struct str email, tel, uri; /* one of these; else absent */
};

struct ledger_person {
	struct str id; /* absent: without one */
	struct str name; /* the last one */
	struct addresses VEC(struct ledger_address) addresses;
	struct consents said;
	bool proved; /* some record is surely theirs */
};

struct ledger {
	struct map index; /* person, or address -> place in people */
	struct people_list VEC(struct ledger_person) people;
	struct arena arena;
};

/* All zero is empty. */
void ledger_release(struct ledger *l);
/* A record; those from us say nothing. */
void ledger_add(struct ledger *l, struct record *r);

/* Which rows are asked for. */
struct ledger_options {
	const char *channel; /* of this alone; NULL: of all */
	int64_t since; /* said at this time or later; TIME_NONE: whenever */
};

/* A row for each word that stands. */
struct table *ledger_table(struct ledger *l, const struct ledger_options *o);
/* The addresses on the channel (NULL: mail) that no solicitation may go to, each
 * once: whoever writes to them need know nothing else. */
struct table *
ledger_suppression(struct ledger *l, const struct ledger_options *o);

#endif
