#include "record/asks.h"

#include "record/consent/consent.h"
#include "record/fields.h"

static const char *const names[ASKS_COUNT] = {
	[ASKS_DRAFT] = "draft",
	[ASKS_DELETED] = "deleted",
	[ASKS_JUNK] = "junk",
	[ASKS_AUTOMATIC] = "automatic",
	[ASKS_BOUNCE] = "bounce",
	[ASKS_LIST] = "list",
	[ASKS_OPTOUT] = "optout",
	[ASKS_COURTESY] = "courtesy",
	[ASKS_SPOKE] = "spoke",
	[ASKS_RULE] = "rule",
};

const char *
asks_name(enum asks why)
{
	return names[why];
}

bool
asks_is_keyword(struct str word)
{
	for (enum asks i = ASKS_DRAFT; i <= ASKS_LIST; i++)
		if (str_is(word, names[i]))
			return true;
	return false;
}

static bool
is_inbound(struct record *r)
{
	struct json type = record_get(r, "type");

	return (json_is(type, "message") || json_is(type, "call")) &&
	       record_is(r, "direction", "inbound");
}

/* The first of the reasons that is among the keywords. */
static enum asks
by_keywords(struct record *r)
{
	struct json_iter it = json_each(record_get(r, "keywords"));
	enum asks first = ASKS_YES;
	struct json v;

	while (json_next(&it, NULL, &v))
		for (enum asks i = ASKS_DRAFT; i <= ASKS_LIST; i++)
			if ((first == ASKS_YES || i < first) &&
			    json_is(v, names[i]))
				first = i;
	return first;
}

static enum asks
itself(struct record *r)
{
	enum asks why = by_keywords(r);
	enum consent consent;

	if (why != ASKS_YES)
		return why;
	if (record_is(r, "type", "call"))
		return json_is(json_get(record_get(r, "data"), "disposition"),
			   "answered")
			   ? ASKS_SPOKE
			   : ASKS_YES;
	consent = consent_alone(r);
	return consent != CONSENT_UNSAID ? ASKS_OPTOUT : ASKS_YES;
}

enum asks
record_asks_itself(struct record *r)
{
	return is_inbound(r) ? itself(r) : ASKS_NOT_INBOUND;
}

static enum asks
merged(struct record *r)
{
	struct json asks = record_get(r, "asks"), why;
	enum asks own;

	if (json_true(asks))
		return ASKS_YES;
	if (json_type(asks) != JSON_FALSE)
		return itself(r);
	why = record_get(r, "why");
	for (enum asks i = ASKS_DRAFT; i <= ASKS_RULE; i++)
		if (json_is(why, names[i]))
			return i;
	/* It counts with whatever reason it came. */
	own = itself(r);
	return own == ASKS_YES ? ASKS_RULE : own;
}

enum asks
record_asks_merged(struct record *r)
{
	return is_inbound(r) ? merged(r) : ASKS_NOT_INBOUND;
}

enum asks
record_asks(struct record *r)
{
	struct json word;
	enum asks why;

	if (!is_inbound(r))
		return ASKS_NOT_INBOUND;
	why = merged(r);
	word = json_get(record_get(r, "route"), "asks");
	if (json_true(word))
		return ASKS_YES;
	return json_type(word) == JSON_FALSE && why == ASKS_YES ? ASKS_RULE
								: why;
}
