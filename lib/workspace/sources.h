#ifndef KITH_WORKSPACE_SOURCES_H
#define KITH_WORKSPACE_SOURCES_H
#include "workspace/faults.h"

/* `sources` of kith.yaml, into the workspace.  Only read.c calls this. */
void workspace_sources_read(struct reader *r, const struct yaml_node *n);

#endif
