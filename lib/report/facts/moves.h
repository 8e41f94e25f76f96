#ifndef KITH_REPORT_FACTS_MOVES_H
#define KITH_REPORT_FACTS_MOVES_H
/*
 * Who asked next on another channel, among the facts.
 */
#include "report/facts/facts.h"

/* A request at that time is a move where its person's last one was on another
 * channel, which counts or only tells where they are now.  waited: that one was
 * not answered. */
void moves_take(
    struct facts *f, struct record *r, int64_t t, bool waited, bool counts);
/* With who asked at all. */
void moves_release(struct facts *f);

#endif
