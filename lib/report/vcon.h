#ifndef KITH_REPORT_VCON_H
#define KITH_REPORT_VCON_H
/*
 * Conversations as vCons (draft-ietf-vcon-vcon-core-04), one a line.  Messages
 * and calls are dialogs; what a vCon has no member for stands beside them under
 * the extension "kith", so that lib/source/vcon gives the same records back.
 * Memory: one conversation; records wait in an external sort.
 */
#include "record/record.h"
#include "record/sink.h"

struct vcons;

struct vcons *vcons_new(void);
/* NULL is allowed. */
void vcons_free(struct vcons *v);
/* A record; without a conversation its thread tells, or it is one alone. */
int vcons_add(struct vcons *v, struct record *r, struct err *e);
/* Commits a vCon for each conversation, made at this time; of records with one
 * id the last.  0 or -1. */
int
vcons_write(struct vcons *v, int64_t created, struct sink *out, struct err *e);

#endif
