#ifndef KITH_WORKSPACE_FAULTS_H
#define KITH_WORKSPACE_FAULTS_H
/*
 * kith.yaml while it is read, and what is wrong with it.  Nobody outside of
 * this room includes this.
 */
#include "core/io/yaml.h"
#include "workspace/workspace.h"

enum { CONFIG_LIST_MAX = 10000 /* entries a list */ };

struct reader {
	struct workspace *workspace;
	struct arena *arena; /* the workspace's */
	struct yaml *y;
	struct err *e; /* the last fault */
	size_t faults;
	void (*tell)(void *arg, const char *fault);
	void *arg;
	struct str folder; /* of the file, with its slash, or empty */
};

/* One fault more, at this node. */
void workspace_fault(struct reader *r, const struct yaml_node *n,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Relative to the file, with a NUL behind. */
struct str workspace_path(struct reader *r, struct str s);

#endif
