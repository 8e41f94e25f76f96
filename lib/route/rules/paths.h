#ifndef KITH_ROUTE_RULES_PATHS_H
#define KITH_ROUTE_RULES_PATHS_H
/*
 * Members of a record by their paths: .data.total, .ids[].type, .to[0].email,
 * ."odd name".  All paths of a file are compiled once, each but once however
 * many rules ask for it, and looked up at most once a record, when the first
 * rule asks.  Where a list stands on the way, or at the end, its entries are
 * meant, with or without [].
 */
#include "core/arena.h"
#include "core/err.h"
#include "json/json.h"

enum {
	PATHS_MAX = 5000, /* of a file, and rules that ask */
	PATH_BYTES = 500, /* each */
	PATH_STEPS = 32,
	PATH_VALUES = 1000, /* of one path in one record; others do not count */
};

struct paths;

struct paths *paths_new(void);
void paths_free(struct paths *p);
/* Compiles a path and gives its number, the same for the same text; -1 with
 * what is wrong with it. */
int paths_add(struct paths *p, struct str text, struct err *e);
/*
 * Is each name of the path one that the record's schema has there, or does the
 * schema leave it open?  Else the path with the name that was meant, in the
 * arena; STR_NONE where all is well.
 */
struct str paths_meant(const struct paths *p, int number, struct arena *a);
struct str paths_text(const struct paths *p, int number);
/* The record that is looked at from now on; values live in a. */
void paths_look(struct paths *p, struct json root, struct arena *a);
/* What stands at a path: scalars, and objects at its end.  Returns how many. */
size_t paths_values(struct paths *p, int number, const struct json **out);

#endif
