#ifndef KITH_MERGE_MERGE_H
#define KITH_MERGE_MERGE_H
/*
 * What merge does, in its passes: take every record in, learn from all of
 * them, then give them out again in the order of their time.
 *
 *	merger_add	each record: its keys into the graph, itself into the
 *			sort
 *	merger_learn	which of doubled ids are kept; evidence; people
 *	merger_next	each record, with what it was found to be
 */
#include "merge/conversation.h"
#include "merge/spool.h"
#include "people/linkage/linkage.h"
#include "people/links.h"
#include "record/asks.h"
#include "workspace/workspace.h"

struct merger_options {
	const struct workspace
	    *workspace; /* whose `us` is to fit; NULL: none */
	struct workspace_list links, acts; /* files */
	const char *state; /* a folder, or NULL */
	struct windows windows;
	size_t memory; /* of the sort, in bytes */
	int64_t now; /* rows that say no time and changed: from then on */
	unsigned degree; /* see GRAPH_DEGREE */
	struct limits limits;
	double link; /* probability that joins rows without a key; 0: none */
	const char *model; /* for link: a file to load or to write, or NULL */
	bool explain; /* only learn: the state is read, not written */
	bool follow; /* each record by itself, see merger_follow */
};

struct merger;

struct merger *merger_open(const struct merger_options *o, struct err *e);
void merger_close(struct merger *m);
struct graph *merger_graph(struct merger *m);
/* Are records kept?  Then they leave after merger_keep. */
bool merger_keeps(const struct merger *m);

/* Takes a record in: 0, 1 where it is no record (e says why), -1. */
int merger_add(struct merger *m, struct str line, struct err *e);

/* What the caller may want to show. */
struct merger_report {
	void *arg;
	void (*conflict)(void *arg, const struct graph_conflict *d);
	void (*listed)(void *arg, uint32_t key); /* a shared key, by list */
	void (*useless)(void *arg, const struct link *l, const char *why);
	/* Rows a and b would have been joined, but for p->stop. */
	void (*stopped)(void *arg, const struct linkage_pair *p, struct str a,
	    struct str b);
	void (*linked)(void *arg, uint64_t joined); /* pairs of clusters */
};
int merger_learn(
    struct merger *m, const struct merger_report *report, struct err *e);

enum merger_result {
	MERGER_END,
	MERGER_RECORD, /* out has the line */
	MERGER_DUPLICATE,
	MERGER_VERSION, /* one of it that is past: another stands */
	MERGER_CONFLICT, /* another content under the same id: e says why */
	MERGER_FAIL = -1,
};

/* What became of a record. */
struct merged {
	struct record *record; /* with the puts; until the next call */
	/* Where the line was not parsed again, record is NULL: it is put
	 * together of these. */
	struct str line;
	size_t at; /* where members are put */
	struct str person, conversation;
	enum asks asks;
	bool claimed, quarantined, updated; /* for the sums */
	struct str events; /* of follow: event records to write before it */
};
/* With a state the record is in it, not yet committed: see merger_keep. */
enum merger_result
merger_next(struct merger *m, struct merged *out, struct err *e);
/*
 * With follow, instead of all of the above: what becomes of a record as it
 * comes, by what is known until then.
 * report may be NULL.  MERGER_CONFLICT also where it is no record.
 */
enum merger_result merger_follow(struct merger *m, struct str line,
    const struct merger_report *report, struct merged *out, struct err *e);
/* Appends the record's line as it leaves. */
int merged_write(const struct merged *m, struct buf *out, struct err *e);
/* Commits what was put into the state since the last call.  What the sink had
 * then has left: the events among it are told, and forgotten here. */
int merger_keep(struct merger *m, struct err *e);
/* With follow, first of all and until it gives none: events of an earlier run
 * that may not have left, a line each. */
int merger_unsent(struct merger *m, struct str *out, struct err *e);
/* The sink has all events that were handed out so far. */
void merger_events_given(struct merger *m);
/* Are events among what left, which the next merger_keep forgets?  They are to
 * be safe before. */
bool merger_gave_events(const struct merger *m);
/* All that the sink had has left: commits, as merger_keep. */
int merger_left(struct merger *m, struct err *e);
uint64_t merger_conversations(const struct merger *m);
/* After the last record: where none has been through identify, says so. */
void merger_warn(const struct merger *m);

/* Before merger_learn: a name that will be asked for with merger_key_of. */
int merger_want(struct merger *m, struct link_name name, struct err *e);
/* The key behind a name: GRAPH_NONE where nothing is known of it. */
uint32_t merger_key_of(struct merger *m, struct link_name name);

#endif
