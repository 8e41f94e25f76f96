#ifndef KITH_LIVE_LIVE_H
#define KITH_LIVE_LIVE_H
/*
 * Live sources of a run of ingest: mailboxes on servers, and services.  What a poll brings
 * goes into the state's journal first and from there to the sink, so that what
 * was taken off a server's hands is never lost, and what did not leave durably
 * is written again.  See live/store.h.
 */
#include "core/arena.h"
#include "record/sink.h"
#include "source/source.h"

/* What the run gives; borrowed. */
struct live_run {
	struct source_context *source; /* with the workspace */
	const char *state; /* NULL: none, which live_add says */
	const char *password_file; /* of a url, or NULL */
	size_t max_item;
	struct sink *sink;
	void *arg; /* of the functions below */
	int64_t (*clock)(void *arg); /* the time */
	/* What is committed leaves now; 1 where it is on disk then, 0 where
	 * nobody knows (a pipe), -1. */
	int (*leave)(void *arg, struct err *e);
};

struct live;

/* Without sources yet; run is copied. */
struct live *live_new(const struct live_run *run);
/*
 * Adds what an operand means (live_is), with its secrets, before the walls.  -1
 * where there is none such, a secret is missing, or there is no state.
 */
int live_add(struct live *l, const char *operand, struct err *e);
/* NULL is allowed. */
void live_free(struct live *l);
/* What is read later beside the state, or *written to (tokens are replaced), for
 * the walls: the i-th path, or NULL behind the last. */
const char *live_path(const struct live *l, size_t i, bool *written);
/*
 * Reads each source once.  What goes wrong with one is said (DIAG_FATAL where
 * it is refused), and the others are read; -1 where the output or the state
 * cannot be written.
 */
int live_poll(struct live *l, struct err *e);
/* What is looked at beside them, several times a second: how much there was, -1
 * where nothing can go on. */
struct live_beside {
	ptrdiff_t (*look)(void *arg, struct err *e);
	void *arg;
	int pause; /* milliseconds between two looks */
};
/* Reads them again and again, until SIGTERM or SIGINT; beside is NULL where
 * there is nothing else. */
int
live_follow(struct live *l, const struct live_beside *beside, struct err *e);
/* A source has news, at a place or, absent, who knows where: live_follow reads
 * it soon.  False where it is none of these. */
bool live_hint(struct live *l, struct str source, struct str place);
/* Could one not be reached, so that a later run has more to do? */
bool live_again(const struct live *l);

/* What the last pipe was given has done its work: the marks move.  operands are
 * live sources, NULL-terminated; none are all of the state. */
int live_done(const char *state, char *const *operands, struct err *e);
/* A line a source of the state, how its last polls went, and one for the spool;
 * either may be NULL.  *failing: one is not well. */
int live_show_status(const char *state, const char *spool, int64_t now,
    struct buf *out, bool *failing, struct err *e);

#endif
