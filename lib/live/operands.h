#ifndef KITH_LIVE_OPERANDS_H
#define KITH_LIVE_OPERANDS_H
/*
 * kith-ingest's operands that are no files: live sources, "@desk" or a url, and
 * the spools of hooks; and its modes that are about them.
 */
#include "driver/driver.h"
#include "live/live.h"
#include "live/take.h"

struct live_operands {
	struct live *live;
	size_t sources; /* operands that are live sources */
	struct live_take *take; /* where an operand is a spool */
	const char *spool; /* the last of them; borrowed */
	bool told; /* that a hint was for nobody */
};

/* How they are read. */
struct live_reading {
	struct source_context *source;
	const char *password_file; /* of a url, or NULL */
	size_t max_item;
	bool follow;
};

/* Reads secrets and descriptions of what stands among the run's operands, and
 * asks for what the walls must leave open.  0 or -1. */
int live_operands_open(struct live_operands *l, struct run *r,
    const struct live_reading *how, struct err *e);
/* Is it one of these?  Reads it where it is a spool; live sources are read at the
 * end.  1, 0 where it is a file, -1. */
int live_operand(struct live_operands *l, struct run *r, const char *path,
    const struct live_reading *how, struct err *e);
/* 0 or -1. */
int live_operands_end(struct live_operands *l, struct run *r,
    const struct live_reading *how, struct err *e);
void live_operands_close(struct live_operands *l);

/* What live_mode_done needs, with walls around it.  0 or -1. */
int live_open_done(struct run *r, struct err *e);
/* The same for live_mode_status. */
int live_open_status(struct run *r, struct err *e);
/* Modes: --done, --status, --hook-setup.  0 or -1. */
int live_mode_done(struct run *r, void *self, struct err *e);
int live_mode_status(struct run *r, void *self, struct err *e);
int live_mode_setup(struct run *r, void *self, struct err *e);

#endif
