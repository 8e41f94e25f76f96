#ifndef KITH_ROUTE_WORK_PARTS_H
#define KITH_ROUTE_WORK_PARTS_H
/*
 * Inside of open work: what its two ways to keep do.
 */
#include "route/work/work.h"

/* Ids of conversations, or absent; they live as long as w. */
struct work_links {
	struct str joined, gave;
};

/* As the functions of work.h that bear these names.  NULL: there is nothing
 * to do. */
struct work_ops {
	void (*close)(struct work *w);
	int (*commit)(struct work *w, struct err *e);
	/* What is known of a conversation that this run meets first; what it is
	 * part of, and where what waited in it went, to *links. */
	int (*load)(struct work *w, struct standing *t, struct assignment *p,
	    struct work_links *links, struct err *e);
	int (*save)(struct work *w, const struct standing *t,
	    const struct assignment *p, struct err *e);
	int (*save_early)(struct work *w, uint64_t name, struct err *e);
	int (*save_turn)(
	    struct work *w, struct str team, struct str member, struct err *e);
	int (*seen)(
	    struct work *w, struct str id, struct str *route, struct err *e);
	int (*see)(struct work *w, struct str id, struct str route,
	    struct str record, struct assignment *p, struct err *e);
	/* The record of the assignment waits no more. */
	void (*drop)(struct work *w, struct assignment *p);
	/* It was answered at that time, and is dropped WORK_RETURNS later, unless
	 * it is woken until then. */
	void (*rest)(struct work *w, struct assignment *p, int64_t at);
	int (*wake)(struct work *w, struct assignment *p, struct err *e);
	int (*sweep)(struct work *w, bool all, struct err *e);
	/* In any order. */
	int (*overdue)(struct work *w, int64_t now, struct arena *a,
	    struct late **out, size_t *n, struct err *e);
};

extern const struct work_ops work_memory;
/* DIR/work.db; what it has of loads and turns is put into w.  0, or -1; closes
 * nothing. */
int work_sqlite(struct work *w, const char *dir, struct err *e);

/* Is what was answered at that time not kept any more? */
static inline bool
work_is_over(const struct work *w, int64_t at)
{
	return at != TIME_NONE && at < w->standings.latest - WORK_RETURNS;
}

/* One copy of what comes again and again. */
struct str work_word(struct work *w, struct str s);
/* The member had the team's last turn. */
void work_set_turn(struct work *w, struct str team, struct str member);

#endif
