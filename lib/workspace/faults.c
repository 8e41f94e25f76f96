#include "workspace/faults.h"

#include <stdarg.h>
#include <stdio.h>

enum { FAULTS_TOLD = 50 /* all others are only counted */ };

/* The one before is told only now, since the last stays in r->e. */
void
workspace_fault(
    struct reader *r, const struct yaml_node *n, const char *fmt, ...)
{
	char what[sizeof(r->e->msg)];
	va_list ap;

	if (r->faults++ > 0 && r->faults <= FAULTS_TOLD + 1 && r->tell != NULL)
		r->tell(r->arg, r->e->msg);
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (r->faults <= FAULTS_TOLD)
		yaml_fail(r->e, r->y, n, "%s", what);
	else
		err_set(r->e, "%s: %zu faults in all", r->workspace->path,
		    r->faults);
}

struct str
workspace_path(struct reader *r, struct str s)
{
	if (s.n > 0 && s.p[0] == '/')
		return arena_dup(r->arena, s);
	return ARENA_JOIN(r->arena, r->folder, s);
}
