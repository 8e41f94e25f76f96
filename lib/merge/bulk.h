#ifndef KITH_MERGE_BULK_H
#define KITH_MERGE_BULK_H
/*
 * The same text of ours to many: a mailing, which is no answer to who waits.
 *
 * A message counts that refers to none, neither by the channel's ids nor as a
 * draft that answers one; people are counted by their addresses.  It is bulk
 * where it lies within an hour in which its text went to more than BULK_PEOPLE.
 * Of all messages at once all of those are found, by a sort of those whose text
 * comes often; of messages as they come those from the one on with which it is
 * known.
 *
 * Memory: twice BULK_MEMORY at most, and 24 bytes for each mailing; as they come 700 for each
 * text of the last hour.
 */
#include "core/io/sort.h"
#include "core/map.h"
#include "core/vec.h"
#include "record/record.h"

enum {
	BULK_PEOPLE = 20,
	BULK_MEMORY = 16 << 20, /* bytes that are held, and of the sort */
};

/* Stands among the keywords of such a message. */
#define BULK_KEYWORD "bulk"

/* What is looked at of a message. */
struct bulk_sent {
	uint64_t text, who; /* hashes, the same in every run */
	int64_t time;
	uint32_t people; /* whom it went to */
};

/* A time in which all messages of a text are bulk. */
struct bulk_time {
	uint64_t text;
	int64_t from, until;
};

/* Whom a text went to last: each once, the latest behind. */
struct bulk_recent {
	struct bulk_sent v[BULK_PEOPLE + 1];
	size_t n;
};

struct bulk {
	/* Taken in: held, then in the sort; and how often a text came, by the
	 * first bits of its hash. */
	struct bulk_held VEC(struct bulk_sent) held;
	struct sorter *sorter;
	uint8_t *counts;
	struct bulk_times VEC(struct bulk_time) times; /* sorted */
	struct map texts; /* as they come: to numbers of recent */
	struct bulk_recents VEC(struct bulk_recent) recents;
	size_t most; /* texts before old ones go */
	int64_t newest; /* time of the latest message; TIME_NONE */
};

void bulk_init(struct bulk *b);
void bulk_release(struct bulk *b);
/* Reads a record that one of us wrote at that time; false where it does not
 * count. */
bool bulk_read(struct record *r, int64_t time, struct bulk_sent *out);

/* Of all at once: each of them, in any order; then what they are.  0, -1. */
int bulk_add(struct bulk *b, const struct bulk_sent *x, struct err *e);
int bulk_find(struct bulk *b, struct err *e);
/* Then: is a message bulk? */
bool bulk_has(const struct bulk *b, const struct bulk_sent *x);

/* As they come: is this one, with those of the hour before it? */
bool bulk_next(struct bulk *b, const struct bulk_sent *x);

#endif
