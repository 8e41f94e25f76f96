#include "record/pipeline.h"

#include "core/diag.h"
#include "record/channels.h"
#include "record/fields.h"

void
pipeline_init(struct pipeline *p, const char *needs, const struct workspace *c)
{
	*p = (struct pipeline){ .needs = needs, .config = c };
	us_init(&p->us, c);
}

void
pipeline_release(struct pipeline *p)
{
	us_release(&p->us);
}

int
pipeline_check(const struct record *r, struct err *e)
{
	if (json_type(record_get(r, "native")) == JSON_NONE ||
	    json_type(record_get(r, "id")) == JSON_STRING)
		return 0;
	return err_set(e, "not normalized yet: run kith normalize"), 1;
}

/* What its keys are: "claimed" where nothing proves one of them. */
enum proof { NO_KEYS, CLAIMED_KEYS, PROVED_KEYS };

static enum proof
proof_of(struct json ids)
{
	struct json_iter it = json_each(ids);
	enum proof found = NO_KEYS;
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct json trust = json_get(v, "trust");

		if (json_is(trust, "claimed"))
			found = CLAIMED_KEYS;
		else if (json_type(trust) == JSON_STRING &&
			 !json_is(trust, "mentioned"))
			return PROVED_KEYS;
	}
	return found;
}

static void
see_proof(struct pipeline *p, struct record *r)
{
	struct json ids;
	enum proof proof;

	if (p->proved || !record_is(r, "type", "message") ||
	    !record_is(r, "direction", "inbound"))
		return;
	ids = record_get(r, "ids");
	proof = json_type(ids) == JSON_LIST ? proof_of(ids) : NO_KEYS;
	p->proved = proof == PROVED_KEYS ||
		    json_type(record_get(r, "auth")) == JSON_OBJECT;
	if (proof != CLAIMED_KEYS)
		return;
	if (channel_is_mail(channel_named(record_str(r, "channel"))))
		p->mail = true;
	else
		p->other = true;
}

int
pipeline_see(struct pipeline *p, struct record *r, struct err *e)
{
	if (pipeline_check(r, e) != 0)
		return 1;
	us_see(&p->us, r);
	see_proof(p, r);
	if (p->had)
		return 0;
	p->had = json_type(record_get(r, p->needs)) != JSON_NONE;
	p->came |= json_is(record_get(r, "type"), "message") &&
		   json_is(record_get(r, "direction"), "inbound") &&
		   json_type(record_get(r, "from")) != JSON_NONE;
	return 0;
}

int
pipeline_read(
    struct pipeline *p, struct record *r, struct str line, struct err *e)
{
	if (record_parse(r, line, e) != 0 || pipeline_see(p, r, e) != 0)
		return -1;
	return 0;
}

/* No silent open door: who writes under an address then has it. */
static void
warn_unproved(const struct pipeline *p)
{
	const struct workspace *c = p->config;
	const char *line = "verified: [SOURCE.FIELD], of what a source checked";

	if (p->proved || !(p->mail || p->other))
		return;
	if (p->mail)
		line = c != NULL && c->authserv.n > 0
			   ? "authserv as the server has itself in "
			     "Authentication-Results, or verify: true"
			   : "authserv: [YOUR SERVER], or verify: true";
	diag(DIAG_NOTE, c == NULL ? NULL : c->path,
	    "nobody who wrote is verified: whoever names an address speaks for "
	    "it.  For kith identify write %s",
	    line);
}

void
pipeline_warn(const struct pipeline *p)
{
	static const struct {
		const char *needs, *warning;
	} warnings[] = {
		{ "ids", "no record has ids, so nobody is recognised: run them "
			 "through kith identify first" },
		{ "conversation",
		    "no record has a conversation: run them through "
		    "kith identify and kith merge first" },
		{ "reply",
		    "no line is a draft: kith reply --draft TEMPLATE makes "
		    "them" },
	};

	us_warn(&p->us);
	if (!pipeline_lacks(p)) {
		warn_unproved(p);
		return;
	}
	for (size_t i = 0; i < sizeof(warnings) / sizeof(*warnings); i++)
		if (str_is(str_of(p->needs), warnings[i].needs))
			diag(DIAG_WARN, NULL, "%s", warnings[i].warning);
}
