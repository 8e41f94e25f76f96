/*
 * Intercom's tables, as pipelines make them of its API: histories, of which
 * the rows that stand count.
 */
#include "source/intercom/intercom.h"
#include "source/ticket/tables.h"

static bool
has_all(const struct str *names, size_t n, const char *const *wanted)
{
	for (; *wanted != NULL; wanted++)
		if (!tickets_column(names, n, *wanted))
			return false;
	return true;
}

static bool
is_silent(const struct str *names, size_t n)
{
	static const char *const alone[][4] = {
		{ "conversation_id", "conversation_updated_at", NULL },
		{ "contact_id", "contact_updated_at", NULL },
		{ "contact_id", "company_id", NULL },
		{ "company_id", "company_updated_at", "tag_id", NULL },
		{ "admin_id", "team_id", NULL },
		{ "help_center_id", "default_locale", NULL },
		{ "statistics_views", "statistics_conversations", NULL },
		{ "website_turned_on", "workspace_id", NULL },
	};

	for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
		if (has_all(names, n, alone[i]))
			return true;
	return false;
}

static enum tickets_table
tell(const struct str *names, size_t n)
{
	static const char *const conversation[] = { "id", "source_author_id",
		"source_author_type", "source_type", "created_at", NULL };
	static const char *const part[] = { "id", "part_type", "author_id",
		"author_type", "conversation_id", NULL };
	static const char *const contact[] = { "id", "role", "workspace_id",
		"unsubscribed_from_emails", NULL };
	static const char *const admin[] = { "id", "job_title", "email", "name",
		"_fivetran_deleted", NULL };
	static const char *const company[] = { "id", "company_id",
		"monthly_spend", "session_count", NULL };

	if (has_all(names, n, conversation))
		return TICKETS_TICKETS;
	if (has_all(names, n, part))
		return TICKETS_PARTS;
	if (has_all(names, n, contact) || has_all(names, n, admin))
		return TICKETS_PEOPLE;
	if (has_all(names, n, company))
		return TICKETS_ROWS;
	return is_silent(names, n) ? TICKETS_SILENT : TICKETS_FOREIGN;
}

static const char *const parts[] = { "conversation_part", "conversation_parts",
	"stg_intercom__conversation_part_history", NULL };
static const struct tickets_form form = { .tell = tell,
	.ticket = "conversation",
	.people = "people",
	.ticket_id = "conversation_id",
	.parts = parts };

int
intercom_sniff_table(struct str head)
{
	return tickets_sniff(&form, head) == TICKETS_FOREIGN ? 0 : 86;
}

int
intercom_read_table(struct ingest *in, struct input *file, struct err *e)
{
	return tickets_read(in, file, &form, e);
}

int
intercom_sniff_tree(const char *const *names, size_t n)
{
	return tickets_sniff_tree(&form, names, n);
}

int
intercom_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	return tickets_read_tree(in, tree, &form, kept, other, e);
}

void
intercom_release_tree(void *kept)
{
	tickets_release_tree(kept);
}
