#ifndef KITH_MERGE_PASSES_H
#define KITH_MERGE_PASSES_H
/*
 * Inside of merger: its state, and what its two ways have in common, all
 * records at once (merge.c) and each as it comes (follow.c).  Each group below
 * stands on those before it.
 */
#include "core/idset.h"
#include "core/io/sort.h"
#include "core/map.h"
#include "merge/bulk.h"
#include "merge/merge.h"
#include "merge/versions.h"
#include "record/pipeline.h"

enum {
	KEY_BYTES = 1 << 12, /* of the sort */
	LINE_BYTES = 0x7fffffff, /* of a record with what stands before it */
	ID_MAX = 256, /* bytes of a record's id */
	ROW_KEY = ID_SIZE + 4,
	EVENTS_MAX = 64 << 20, /* bytes of what one record tells of people */
	LATE_PART = 8, /* of the sort's memory, for versions */
};

enum {
	BATCH_RECORDS = 16, /* their keys are looked up together */
	BATCH_BYTES = 1 << 20, /* of lines, but for the last */
	BATCH_TEXTS = GRAPH_BATCH + EVIDENCE_MAX,
};

/* Several records at once: each touches memory at random, and the waits of
 * one are spent on the others. */
struct batch {
	struct spooled at[BATCH_RECORDS];
	struct str id[BATCH_RECORDS];
	struct str text[BATCH_TEXTS]; /* of keys, while taking in */
	size_t n, texts, bytes;
	size_t next; /* while giving out */
	struct arena arena; /* lines, ids and texts */
};

/* A sort that is read, and what comes next of it. */
struct feed {
	struct sorter *sorter; /* NULL: nothing */
	struct str key, line; /* until the next is fetched */
	bool has;
};

/* See acts.h. */
struct merger_acts {
	struct map let_in; /* ids of records; value 1: one came */
	size_t links, lets; /* so many of the links are in it */
	struct buf files; /* lines of the files of options */
	struct buf fresh; /* lines that came, for the state */
	size_t looked; /* so many of let_in were looked for in the state */
	struct buf first; /* with follow: those that come before a record */
	size_t had; /* likewise: so many bytes of the state's were read */
	struct acted acted;
	size_t unknown; /* acts about nothing known */
	struct arena arena; /* of an act */
	bool any;
};

struct merger {
	struct merger_options o;
	struct merger_acts acts;
	struct merger_link *link; /* of link/link.h, or NULL */
	struct links links;
	struct store *store;
	struct graph graph;
	/* The records by their times, and versions that stand at one of their
	 * own. */
	struct feed main, late;
	struct sorter *lates; /* being filled, for late */
	struct record *record;
	struct pipeline pipeline;
	struct evidence_list *list;
	struct conversations *conversations;
	struct idset seen;
	struct versions versions; /* of ids that came more than once */
	struct map wanted; /* ids of messages in the links file, to keys + 1 */
	/* Hashes (last_hash) of the ids that receipts are about, and of those
	 * that they say failed. */
	struct idset about, failed;
	struct bulk bulk;
	bool bulk_known; /* with follow: what the state has of it was read */
	struct buf key, line;
	struct batch batch;
	struct spooled *at; /* the record in hand, in the batch */
	uint64_t given; /* records */
	bool may_be_plain; /* what is not parsed again: see spool.h */
	bool eager; /* evidence is learned as it comes */
	bool ended; /* of a pass */
	uint32_t met; /* keys that stood in records */
	uint64_t place; /* of the record in hand, in the order */
	uint64_t began; /* conversations, of records that went before */
	struct buf events; /* that stand before the record, a line each */
	/*
	 * Their rows in the store: the last that was put, the last that the
	 * sink has, the last that it had when the state was committed, which
	 * is when all before it had left, and up to where none is there any
	 * more.
	 */
	int64_t event_put, event_given, event_kept, event_left;
};

/* learn.c: below all others. */

/* Puts the evidence of the record in hand into the graph. */
void merger_collect(struct merger *m, struct str id);
void merger_link(
    struct merger *m, const struct link *l, const struct merger_report *report);
/* After graph_resolve: rows with nothing of their own. */
void merger_rows(struct merger *m);
/* The key that decides the person of the record in hand. */
uint32_t merger_decides(struct merger *m, struct str id);

/* batch.c: records into the sort and out of it, several at once. */

/* Parses the line and reads its evidence into the batch, its keys' texts
 * too: 0, or 1 where it is no record.  It lives as long as the line. */
int merger_read(struct merger *m, struct str line, struct err *e);
/* Their keys into the graph, and their claims. */
void merger_intern(struct merger *m);
/* What was read goes to the sort. */
int merger_flush(struct merger *m, struct err *e);
/* The next of a pass: 1 with it in m->at, 0 at the end, -1.  fetch is told of
 * every batch. */
int merger_each(struct merger *m, void (*fetch)(struct merger *m),
    struct str *id, struct err *e);
int merger_rewind(struct merger *m, struct err *e);
/* Of the batch, before its evidence goes into the graph. */
void merger_fetch(struct merger *m);
/* Which ones of each doubled id stand. */
int merger_choose(struct merger *m, struct err *e);
/* The record in hand comes again at its own time. */
int merger_put_late(struct merger *m, struct str id, struct err *e);
/* What the record in hand is among those with its id. */
enum version_part merger_part(const struct merger *m, struct str id);

/* assign.c */

/* Finds out what becomes of the record in hand. */
enum merger_result merger_assign(
    struct merger *m, struct str id, struct merged *out, struct err *e);
/*
 * What the record in hand is to what the store holds under its id: new or as
 * it is there (MERGER_RECORD), a later version (also this, with
 * SPOOL_UPDATED), or what else; *found tells whether it holds any.
 */
struct stored {
	struct store_message m;
	bool found, changed; /* changed: what is kept is to be written anew */
	bool past; /* it is a version that is not the last */
	struct str moved; /* where it was set aside, of what is let in by now */
	bool version; /* another text than the one that is kept */
};
enum merger_result
merger_stored(struct merger *m, struct str id, struct stored *h, struct err *e);

#endif
