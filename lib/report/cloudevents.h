#ifndef KITH_REPORT_CLOUDEVENTS_H
#define KITH_REPORT_CLOUDEVENTS_H
/*
 * A record as an event of CloudEvents 1.0, in its structured form of JSON.
 */
#include "json/write.h"
#include "record/record.h"

/* A later version of a record is an event of its own. */
void cloudevent_write(struct writer *w, struct record *r);

#endif
