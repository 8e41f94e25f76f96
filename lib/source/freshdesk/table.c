/*
 * The table of tickets that agents of Freshdesk export.
 */
#include "source/freshdesk/freshdesk.h"
#include "source/ticket/tables.h"

static enum tickets_table
tell(const struct str *names, size_t n)
{
	static const char *const wanted[] = { "Ticket ID", "Subject", "Status",
		"Source", "Created time", NULL };
	static const char *const sure[] = { "Due by Time", "Full name",
		"Last update time", "Agent interactions",
		"Customer interactions", "Initial response time",
		"Resolution status", "Contact ID", "Unique external ID",
		"First response status", NULL };
	unsigned found = 0;

	for (size_t i = 0; wanted[i] != NULL; i++)
		if (!tickets_column(names, n, wanted[i]))
			return TICKETS_FOREIGN;
	for (size_t i = 0; sure[i] != NULL; i++)
		found += tickets_column(names, n, sure[i]);
	return found >= 2 ? TICKETS_ROWS : TICKETS_FOREIGN;
}

static const struct tickets_form form = { .tell = tell,
	.ticket = "ticket",
	.people = "users",
	.ticket_id = "Ticket ID" };

int
freshdesk_sniff_table(struct str head)
{
	return tickets_sniff(&form, head) == TICKETS_FOREIGN ? 0 : 88;
}

int
freshdesk_read_table(struct ingest *in, struct input *file, struct err *e)
{
	return tickets_read(in, file, &form, e);
}
