#ifndef KITH_ROUTE_RULES_ROSTER_H
#define KITH_ROUTE_RULES_ROSTER_H
/*
 * Who works at the desk, by name: the members of all teams with the days on
 * which they are away, and whom rules name besides.  Who is not on it has left.
 */
#include "core/map.h"
#include "core/time.h"

enum { ROSTER_SPANS = 1000 /* of one person */ };

/* Away from the one instant until the other. */
struct roster_span {
	int64_t from, to;
};

struct roster_entry {
	struct roster_span *v; /* apart and in order, after roster_settle */
	size_t n, cap;
};

/* A zeroed one is ready. */
struct roster {
	struct map names; /* to entries */
	struct roster_entry *v;
	size_t n, cap;
	bool any_away;
};

void roster_release(struct roster *r);
/* They are on it; until the next put. */
struct roster_entry *roster_put(struct roster *r, struct str name);
/* They are away, too; false where that is more than ROSTER_SPANS. */
bool roster_away(struct roster *r, struct str name, struct roster_span span);
/* After the last: spans that meet become one. */
void roster_settle(struct roster *r);
bool roster_has(const struct roster *r, struct str name);
/* When they are back, of who is away at t; TIME_NONE of who is here, and where
 * t is TIME_NONE. */
int64_t roster_back(const struct roster *r, struct str name, int64_t t);

#endif
