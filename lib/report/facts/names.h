#ifndef KITH_REPORT_FACTS_NAMES_H
#define KITH_REPORT_FACTS_NAMES_H
/*
 * What customers are called in reports: as they sign, else as recall knew them
 * beside the message, else as a contact row calls this person, else by their
 * address.  facts_name reads it.
 */
#include "report/facts/facts.h"

/* The name or the address of one in from or to; absent. */
struct str names_of(struct record *r, struct json party);
/* A message from a customer. */
void names_take(struct facts *f, struct asked *asked, struct record *r);
/* A contact row of a person. */
void names_contact(struct facts *f, struct record *r, struct str person);

#endif
