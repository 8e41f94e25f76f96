#ifndef KITH_MERGE_SPOOL_H
#define KITH_MERGE_SPOOL_H
/*
 * Records on their way through merge's sort: each with what the passes need
 * of it in front, so that only the last one parses it again, and that only
 * where it must.
 */
#include "core/buf.h"
#include "identify/evidence.h"
#include "record/channelset.h"
#include "people/graph.h"
#include "people/store/store.h"
#include "record/asks.h"

enum {
	SPOOL_FAILED = 1, /* the sender is not who the mail says */
	SPOOL_CONTACT = 2,
	SPOOL_EDITED = 4,
	SPOOL_OURS = 8, /* outbound or internal */
	SPOOL_MESSAGE = 16, /* what conversations are made of */
	SPOOL_DELETED = 32,
	SPOOL_MAIL = 64, /* its words are never edited, and anybody can send
			    its id */
	SPOOL_UPDATED = 128, /* takes the place of what was given out before */
	SPOOL_UNPROVEN =
	    256, /* says to be ours, and anybody could have sent it */
	/* A version that stands at its own time, behind the first. */
	SPOOL_LATE = 512,
	SPOOL_ANSWER = STORE_ANSWER, /* ends a wait, unless it is kept apart */
	SPOOL_OTHERS = 2048, /* of ours, or a mail: others stand in it, too */
	/* A bounce, or an event that tells of one of ours: nobody's. */
	SPOOL_RECEIPT = STORE_RECEIPT,
	/* So many of these: how far one of ours came, by its delivery. */
	SPOOL_CAME = 8192,
};

/* How far: 0 is none of ours. */
enum spool_came {
	CAME_DRAFT = 1,
	CAME_SENT,
	CAME_THERE,
	CAME_READ,
	CAME_BACK,
	CAME_FROM_US, /* the delivery of reply's, of which no more is known */
};

/* Stands among the keywords of SPOOL_UPDATED. */
#define SPOOL_KEYWORD "updated"

struct spooled {
	int64_t time; /* TIME_NONE sorts first */
	int64_t edited; /* when the record says it was; TIME_NONE */
	uint64_t content; /* hash of what the record says */
	uint64_t tie; /* hash of where it is from */
	uint64_t given; /* place in the input; 0: in an earlier run */
	uint32_t claim; /* the key that stands for whoever claims; GRAPH_NONE */
	uint32_t name; /* of a row of a table of people, plus one */
	/* Where members are put into the line, if what stands here is all that
	 * matters of it to merge; else 0. */
	uint32_t plain;
	uint32_t refs_n; /* bytes of refs */
	uint16_t flags;
	uint8_t rank; /* the smaller is the better witness */
	uint8_t channel; /* a number of the run's */
	uint8_t trusted, claimed; /* so many of keys, in this order */
	uint8_t profile; /* the last so many of those that are trusted */
	uint8_t asks; /* enum asks, by the record itself */
	bool question; /* of one that is plain, and answers: it asks */
	bool thanks; /* likewise, of one that asks: it may be courtesy */
	uint32_t keys[EVIDENCE_MAX];
	struct str refs; /* of one that is plain: see refs_write */
	struct str line;
};

/*
 * Fills s from a parsed record and its evidence, but for what comes from the
 * graph: keys and claim.  The notations of its keys go to text, in the arena;
 * returns how many.
 * refs: room for what those that are plain refer to; NULL: none need be.
 */
size_t spool_read(struct spooled *s, struct record *r,
    const struct evidence_list *list, struct graph *g, struct channel_set *set,
    struct arena *a, struct str text[EVIDENCE_MAX], struct buf *refs);
/* Once s->keys are in: the claim. */
void spool_claim(struct spooled *s, struct graph *g);
/* The sort's key (time, id, then what else tells two apart), and its line. */
void spool_write(
    const struct spooled *s, struct str id, struct buf *key, struct buf *line);
/* The way back; line is borrowed. */
void spool_load(struct spooled *s, struct str line);
/* The id in a sort key. */
struct str spool_id(struct str key);
/*
 * From when on the record is true: of what was changed since it was sent, and
 * says when, that time (data.editedAt, data.updatedAt); else its own.
 */
int64_t spool_from(const struct spooled *s);
/* It goes to the sort once more, at the time from which it is true. */
void
spool_late(struct spooled *s, struct str id, struct buf *key, struct buf *line);
/* Of two with the same id that say the same: is a to be kept rather than b? */
bool spool_better(const struct spooled *a, const struct spooled *b);
/* How little a witness is worth. */
int spool_weakness(const struct spooled *s);
/* What one record is to another of the same id that is kept. */
enum spool_version {
	SPOOL_SAME,
	SPOOL_EARLIER, /* a version of it that is past */
	SPOOL_LATER, /* the version that stands from now on */
	SPOOL_FOREIGN, /* says something else with less right to */
};
enum spool_version
spool_version(const struct spooled *s, const struct spooled *kept);
/* Do they say the same, of mails but for what their mailbox said later? */
bool spool_same_words(const struct spooled *a, const struct spooled *b);
/* Of two versions that are worth the same, of mails with the same words: does a
 * take the place of b? */
bool spool_is_later(const struct spooled *a, const struct spooled *b);

/*
 * The key that decides the person, after graph_resolve: of those that are
 * trusted and nobody else's the first of the strongest type; a shared one where
 * there is nothing better; else the claim.  GRAPH_NONE for nobody.
 */
uint32_t spool_decides(const struct spooled *s, const struct graph *g);

#endif
