#ifndef KITH_IDENTIFY_OURS_H
#define KITH_IDENTIFY_OURS_H
/*
 * What is ours, compared as keys: an address of the workspace's `us` counts
 * however a record spells it (A-labels, dots at Gmail, a number with blanks).
 */
#include "core/map.h"
#include "workspace/workspace.h"

struct ours {
	const struct workspace *config; /* borrowed */
	struct map keys; /* normal forms; "@domain" for domains */
};

/* Each `us` entry in its normal form; what has none compares as written. */
void ours_init(struct ours *o, const struct workspace *c);
void ours_release(struct ours *o);
/* An address in its normal form. */
bool ours_email(const struct ours *o, struct str email);
/* A number in E.164. */
bool ours_tel(const struct ours *o, struct str tel);
bool ours_uri(const struct ours *o, struct str uri);

#endif
