#include "record/role.h"

#include "record/act.h"
#include "record/fields.h"

/* A message that went out, and is not only meant to. */
static bool
was_sent(const struct record *r)
{
	struct json status = json_get(record_get(r, "delivery"), "status");

	return status.doc != NULL
		   ? json_is(status, "sent") || json_is(status, "delivered") ||
			 json_is(status, "read")
		   : record_get(r, "reply").doc == NULL;
}

/* Of ours, or a call in which somebody spoke. */
bool
record_answers_itself(struct record *r)
{
	static const char *const not [] = { "automatic", "bounce", "bulk",
		"list", "draft", "deleted", "junk", "private", NULL };
	struct json direction = record_get(r, "direction");

	if (record_has_any(r, not ))
		return false;
	if (record_is(r, "type", "call"))
		return json_is(json_get(record_get(r, "data"), "disposition"),
			   "answered") &&
		       !json_is(direction, "internal");
	return record_is(r, "type", "message") &&
	       json_is(direction, "outbound") && was_sent(r) &&
	       !json_is(
		   json_get(record_get(r, "reply"), "purpose"), "marketing");
}

static bool
is_answer(struct record *r)
{
	return record_get(r, "quarantine").doc == NULL &&
	       record_answers_itself(r);
}

enum role
record_role_by(struct record *r, enum asks why)
{
	if (why == ASKS_YES)
		return ROLE_REQUEST;
	if (why != ASKS_NOT_INBOUND && why != ASKS_SPOKE)
		return ROLE_NONE;
	return is_answer(r)                                 ? ROLE_ANSWER
	       : record_is(r, "type", "event") && act_is(r) ? ROLE_ACT
							    : ROLE_NONE;
}
