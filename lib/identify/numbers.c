#include "identify/numbers.h"

#include "core/diag.h"
#include "record/channels.h"
#include "record/fields.h"

void
numbers_see(
    struct numbers *n, struct record *r, const struct evidence_list *found)
{
	const struct channel *c;
	bool tel = false, other = false, sender = false;

	if (n->believed && n->beside)
		return;
	for (size_t i = 0; i < found->n; i++) {
		const struct evidence *e = &found->v[i];
		bool is_tel = str_eq(e->type, STR("tel"));

		if (!trust_joins(e->trust))
			continue;
		tel |= is_tel;
		other |= !is_tel;
		sender |= is_tel && e->trust == TRUST_PLATFORM &&
			  str_starts(e->from, STR("from"));
	}
	n->beside |= tel && other;
	if (!sender || n->believed)
		return;
	c = channel_named(record_str(r, "channel"));
	n->believed = c != NULL && c->tel == BY_NETWORK;
}

void
numbers_warn(const struct numbers *n, const struct workspace *c)
{
	if (n->believed && n->beside)
		diag(DIAG_INFO, c->path,
		    "numbers of callers and SMS are believed, and can be "
		    "forged: where that matters write spoofable: [voice, sms, "
		    "mms], else spoofable: []");
}
