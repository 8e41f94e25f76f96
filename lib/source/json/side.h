#ifndef KITH_SOURCE_JSON_SIDE_H
#define KITH_SOURCE_JSON_SIDE_H
/*
 * What services load at the side of a list: {"tickets":[...],"users":[...]},
 * where a ticket has ids of users.  Beside an item stand those that it names,
 * so that it is whole and no larger for the others.
 *
 * An item names what it has the id of, as a number or a string, anywhere in it:
 * one pass over its bytes, with a look-up a value of at most 64 bytes.
 */
#include "core/map.h"
#include "core/vec.h"
#include "json/json.h"
#include "json/write.h"

struct side_one {
	struct str raw;
	uint64_t named; /* by the item of this turn */
};

/* A zeroed one with an arena is ready. */
struct side {
	struct str name;
	struct arena *arena; /* borrowed: holds all of it but the map */
	struct map by_id;
	struct VEC(struct side_one) all;
};

void side_release(struct side *s);
/* raw is copied; of equal ids the last counts. */
void side_add(struct side *s, struct str id, struct str raw);
/* What has this id, absent where nothing has. */
struct str side_get(const struct side *s, struct str id);
/* list is copied. */
void side_read(struct side *s, struct str name, struct json list);
/* "users":[...], those that the item (raw JSON) names; nothing where it names
 * none.  turn: not 0, another one for each item. */
bool side_named(struct side *s, struct str item, uint64_t turn);
void side_write(const struct side *s, struct writer *w, uint64_t turn);

#endif
