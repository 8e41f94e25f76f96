/*
 * The backlog gives what waits longest, whatever the order it came in; the
 * roster tells who is away.
 */
#include <stdio.h>

#include "route/rules/roster.h"
#include "route/work/backlog.h"
#include "tap.h"

static void
in_order(void)
{
	struct backlog b = { 0 };
	struct backlog_entry last = { INT64_MIN, STR("") };
	struct backlog_line *line;
	uint32_t seed = 7;
	size_t n = 0;
	bool sorted = true;
	static char names[500][8];

	for (size_t i = 0; i < 500; i++) {
		seed = seed * 1664525 + 1013904223;
		snprintf(names[i], sizeof(names[i]), "c%03zu", i);
		backlog_add(
		    &b, i % 3 == 0 ? 4 : 1, str_of(names[i]), seed >> 26);
	}
	ok(b.n == 500, "all are counted");
	ok(backlog_line(&b, 0) == NULL && backlog_line(&b, 9) == NULL,
	    "a team without any has no line");
	while ((line = backlog_line(&b, 1)) != NULL) {
		sorted = sorted && !backlog_before(&line->v[0], &last);
		last = line->v[0];
		backlog_take(&b, line);
		n++;
	}
	ok(sorted && n == 333 && b.n == 167, "the oldest of the team first");
	backlog_release(&b);
}

static void
away(void)
{
	struct roster r = { 0 };
	struct str uli = STR("uli");

	roster_put(&r, STR("vic"));
	ok(roster_has(&r, STR("vic")) && !roster_has(&r, uli),
	    "who is on it, and who is not");
	roster_away(&r, uli, (struct roster_span){ 50, 60 });
	roster_away(&r, uli, (struct roster_span){ 10, 20 });
	roster_away(&r, uli, (struct roster_span){ 20, 30 });
	roster_away(&r, uli, (struct roster_span){ 12, 15 });
	roster_settle(&r);
	ok(roster_back(&r, uli, 9) == TIME_NONE &&
		roster_back(&r, uli, 10) == 30 &&
		roster_back(&r, uli, 29) == 30 &&
		roster_back(&r, uli, 30) == TIME_NONE &&
		roster_back(&r, uli, 55) == 60,
	    "spans that meet are one");
	ok(roster_back(&r, STR("vic"), 55) == TIME_NONE &&
		roster_back(&r, STR("wim"), 55) == TIME_NONE &&
		roster_back(&r, uli, TIME_NONE) == TIME_NONE,
	    "others are here");
	roster_release(&r);
}

int
main(void)
{
	in_order();
	away();
	return done();
}
