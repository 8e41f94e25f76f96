#ifndef KITH_PEOPLE_SQLITE_H
#define KITH_PEOPLE_SQLITE_H
/*
 * Inside of the state, shared by its two sources: statements and the people
 * that a run loaded.
 */
#include "core/io/db.h"
#include "core/map.h"
#include "people/store.h"

enum query {
	Q_KEY,
	Q_EDGES_A,
	Q_EDGES_B,
	Q_PERSON,
	Q_PUT_KEY,
	Q_NAMES,
	Q_PUT_NAME,
	Q_PUT_EDGE,
	Q_PUT_PERSON,
	Q_MOVE,
	Q_TOUCHED,
	Q_STRAY,
	Q_PART,
	Q_PART_REFS,
	Q_MESSAGE,
	Q_PUT_MESSAGE,
	Q_REF,
	Q_PUT_REF,
	Q_LAST_PERSON,
	Q_LAST_PLACE,
	Q_LAST_TIME,
	Q_PUT_CONVERSATION,
	Q_CONVERSATION,
	Q_TIMELINE,
	Q_KEYS,
	Q_ALIASES,
	Q_PUT_EVENT,
	Q_EVENTS,
	Q_TOLD,
	Q_NEXT_KEY,
	Q_NEXT_REF,
	QUERIES,
};

struct state {
	struct db *db;
	int lock;
	struct stmt *q[QUERIES];
	/* Of the graph's keys, as they were loaded: the key of their person
	 * plus one; 0 for keys that are new. */
	uint32_t *old_root;
	size_t old_n;
	struct map parted; /* ids of messages */
	struct state_move *moves;
	size_t move_n;
	struct arena arena;
};

struct stmt *state_query(struct state *s, enum query q, struct err *e);

#endif
