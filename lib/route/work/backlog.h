#ifndef KITH_ROUTE_WORK_BACKLOG_H
#define KITH_ROUTE_WORK_BACKLOG_H
/*
 * Conversations that wait and that nobody has, a line for each team, who
 * waits longest first.  A heap a team: log n to add and to take.  What was
 * answered or given away meanwhile stays in it until it comes first: who takes
 * from it asks whether an entry still holds.
 */
#include "core/str.h"

struct backlog_entry {
	int64_t since;
	struct str conversation; /* borrowed as long as the backlog lives */
};

struct backlog_line {
	struct backlog_entry *v;
	size_t n, cap;
	uint64_t full_at; /* for work.c: nobody had room then; 0: not known */
};

/* A zeroed one is ready. */
struct backlog {
	struct backlog_line *lines; /* by the team's number */
	size_t teams;
	size_t n; /* entries of all lines */
};

void backlog_release(struct backlog *b);
void backlog_add(
    struct backlog *b, size_t team, struct str conversation, int64_t since);
/* The team's line; NULL where nothing stands in it.  Until the next add. */
struct backlog_line *backlog_line(const struct backlog *b, size_t team);
/* Of two entries the one that comes first: since, then the name. */
bool
backlog_before(const struct backlog_entry *a, const struct backlog_entry *b);
/* Takes the first of a line that is not empty: line->v[0]. */
void backlog_take(struct backlog *b, struct backlog_line *line);

#endif
