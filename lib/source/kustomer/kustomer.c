/*
 * Kustomer: messages, notes, drafts, conversations and satisfaction, objects of
 * JSON:API as its API answers them and as its webhooks send them.
 */
#include "source/kustomer/kustomer.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] = "data|attributes|relationships";

/* Others write JSON:API, too: these names are Kustomer's. */
static int
kustomer_sniff(const char *base_name, struct str head)
{
	size_t frame, own;

	(void)base_name;
	if (!json_peek_is(head) || str_find(head, STR("\"attributes\"")) < 0)
		return 0;
	frame = desk_marks(head, within, "type|id|attributes|relationships");
	own = desk_marks(head, within,
	    "direction_type|preview|app|org|customer|conversation|"
	    "message_count|note_count|satisfaction|outbound_message_count|"
	    "modified_by|updated_at|sent_at|created_by|assigned_users|rev|"
	    "org_name|first_message_in|last_message_in|channels");
	if (frame < 3)
		return 0;
	if (str_find(head, STR("kustomer")) >= 0 && own >= 3)
		return 92;
	return own >= 5 ? 86 : 0;
}

static int
kustomer_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "data", NULL };
	/* What a webhook is about, and people who stand behind the ids. */
	static const char *const repeat[] = { "name", "included", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_kustomer = {
	.name = "kustomer",
	.about = "Kustomer's messages, notes and conversations",
	.sniff = kustomer_sniff,
	.read = kustomer_read,
	.normalize = kustomer_normalize,
};
