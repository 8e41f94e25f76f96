#ifndef KITH_MERGE_VERSIONS_H
#define KITH_MERGE_VERSIONS_H
/*
 * Records that came more than once under one id, and what becomes of each.
 *
 * Those that say the same are one.  Of mails with other words one stands, as of
 * all others the ones from the best witness (spool_weakness).  What was changed since is a
 * version of its own: it stands from its own time on (spool_from), behind the
 * first, which stands at the time of the record; of two that are true from the
 * same time the later one (spool_is_later).  A version that is past by the
 * time it would stand, as of what was deleted before, is none.  Of more than
 * VERSIONS_MAX under one id the first stands, and the last ones.
 *
 * Memory: about 250 bytes a version of such an id.
 */
#include "core/map.h"
#include "core/vec.h"
#include "merge/spool.h"

enum { VERSIONS_MAX = 64 };

struct version {
	struct spooled s; /* without its line */
	uint64_t at; /* its place in the order */
	uint32_t next; /* the one after it, plus one; 0: none */
	bool late; /* it stands at its own time */
};

/* What was found out of the first one of a message. */
struct version_found {
	struct str person, conversation; /* absent: not found out yet */
	struct str quarantine; /* JSON, or absent */
	uint32_t key, number; /* number: of the conversation, in this run */
	bool asked, answered; /* so did it, or a later one */
};

struct version_id {
	uint32_t first; /* version, plus one */
	struct version_found found;
};

struct versions {
	struct map ids; /* to numbers of `each` */
	struct version_ids VEC(struct version_id) each;
	struct versions_list VEC(struct version) list;
};

/* A zeroed one is ready. */
void versions_release(struct versions *vs);
/* This id came more than once. */
void versions_met(struct versions *vs, struct str id);
/* Then, before the records are taken one after the other. */
void versions_begin(struct versions *vs);
void versions_take(struct versions *vs, struct str id, const struct spooled *s,
    uint64_t place);
/* And behind the last. */
void versions_end(struct versions *vs);

enum version_part {
	VERSION_ONLY, /* nothing else of that id, or the first */
	VERSION_LATE, /* stands, at its own time */
	VERSION_SAME, /* another one says it */
	VERSION_PAST, /* another one stands */
	VERSION_FOREIGN, /* says something else with less right to */
};
/* What becomes of the record at this place. */
enum version_part versions_part(const struct versions *vs, struct str id,
    const struct spooled *s, uint64_t place);
/* The version that stands at the end; NULL where the id came once. */
const struct spooled *versions_last(const struct versions *vs, struct str id);
/* One alone stands at its own time, too: an earlier run gave the first. */
void versions_alone(struct versions *vs, struct str id, const struct spooled *s,
    uint64_t place);
/* Copies; later versions of a message are where the first was. */
void versions_found(
    struct versions *vs, struct str id, const struct version_found *found);
/* NULL where nothing was found out. */
const struct version_found *
versions_first(const struct versions *vs, struct str id);

#endif
