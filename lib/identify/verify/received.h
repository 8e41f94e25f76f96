#ifndef KITH_IDENTIFY_VERIFY_RECEIVED_H
#define KITH_IDENTIFY_VERIFY_RECEIVED_H
/*
 * Who handed the mail to our servers: from the Received field of the first
 * server that the workspace names, since what stands below it came with the
 * mail.
 */
#include "identify/verify/rawmail.h"
#include "workspace/workspace.h"

struct received {
	struct str address; /* as inet_ntop(3) writes it */
	struct str helo; /* absent where it is not known */
	struct str sender; /* MAIL FROM, empty the null one; absent */
	int64_t at; /* when, or TIME_NONE */
};

/*
 * False where no named server says so: another one received it from outside
 * before, or the field can be read in two ways.  A server's filters, which
 * it hears from its own machine, are passed over.  Texts live in the
 * arena.
 */
bool
received_find(const struct rawmail *m, const struct workspace_list *servers,
    struct arena *a, struct received *out);

#endif
