#ifndef KITH_SOURCE_CONTACTS_CSV_ROW_H
#define KITH_SOURCE_CONTACTS_CSV_ROW_H
/*
 * A person by columns whose names nobody agreed on: cells of a table, or
 * members of what a service has of a customer, into a contact.
 */
#include "source/contact.h"

struct known;

/* A row on its way. */
struct contact_row {
	struct contact c;
	unsigned email, tel; /* numbers of those marked with "* " */
	struct str either; /* a name, or the given one of it */
	struct str title; /* a job's, or such as "Dr." */
	struct str year, month, day; /* of birth, where each has a column */
	struct str first; /* cell with letters, of a column nobody knows */
	bool named; /* it has a column for a name, an address or a number */
	struct str shown; /* "Jana Gross (jana@riba.example)", by Outlook */
	bool exchange; /* which wrote its server's name for the address */
	bool shopify; /* the table is one of its customers */
	bool form; /* ... of what people typed into a form */
	bool hubspot; /* HubSpot exported it */
	struct known *columns; /* what they mean, kept */
};

/* Begins n->message; *n->kept is its own, and contact_row_release frees it. */
void contact_row_begin(struct contact_row *r, struct normalize *n);
void contact_row_release(void *kept);
/* Each column once as a hint, then each once as a cell; empty ones are left
 * out.  The record lives as long as n->message's arena. */
void
contact_row_hint(struct contact_row *r, struct json name, struct str value);
void
contact_row_cell(struct contact_row *r, struct json name, struct str value);
/* Writes the record, as contact_emit. */
enum stage_result
contact_row_end(struct contact_row *r, struct str content, struct err *e);

#endif
