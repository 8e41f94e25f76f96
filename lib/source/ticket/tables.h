#ifndef KITH_SOURCE_TICKET_TABLES_H
#define KITH_SOURCE_TICKET_TABLES_H
/*
 * A helpdesk's tables, as pipelines into databases make them of its API: one
 * of tickets, one of their parts, one of people ..., each a file.  A row is an
 * item, and in a folder it has its ticket and the people whose ids it has
 * beside it, as the API's answers have:
 *	{"id":"7","ticket_id":"41",...}, "beside":{"ticket":{...},"users":[...]}
 *
 * Memory, in a folder: the rows of tickets and people.
 */
#include "source/item.h"

enum tickets_table {
	TICKETS_FOREIGN, /* none of the format's */
	TICKETS_PEOPLE,
	TICKETS_TICKETS,
	TICKETS_PARTS, /* of tickets */
	TICKETS_ROWS, /* each for itself */
	TICKETS_SILENT, /* no message: tags, schedules, policies */
};

struct tickets_form {
	/* By its columns, in lower case. */
	enum tickets_table (*tell)(const struct str *names, size_t n);
	const char *ticket, *people; /* what they are called beside */
	const char *ticket_id; /* the column in which parts have it */
	/* Columns of a ticket's first words, and of a part's, where a part may
	 * repeat them: then the ticket's own row is left out.  NULL: none
	 * does. */
	const char *words, *says;
	/* Names of files, in lower case without what is behind a "." and
	 * without "_data": one that must be there, for sniff_tree. */
	const char *const *parts;
};

/* Has the name this column? */
bool tickets_column(const struct str *names, size_t n, const char *name);
/* What the table is that these first bytes of a file are. */
enum tickets_table tickets_sniff(const struct tickets_form *f, struct str head);
int tickets_read(struct ingest *in, struct input *file,
    const struct tickets_form *f, struct err *e);
int tickets_sniff_tree(
    const struct tickets_form *f, const char *const *names, size_t n);
int tickets_read_tree(struct ingest *in, struct tree *tree,
    const struct tickets_form *f, void **kept, const char **other,
    struct err *e);
void tickets_release_tree(void *kept);

#endif
