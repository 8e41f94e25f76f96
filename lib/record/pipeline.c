#include "record/pipeline.h"

#include "core/diag.h"

void
pipeline_init(struct pipeline *p, const char *needs, const struct workspace *c)
{
	*p = (struct pipeline){ .needs = needs };
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

int
pipeline_see(struct pipeline *p, struct record *r, struct err *e)
{
	if (pipeline_check(r, e) != 0)
		return 1;
	us_see(&p->us, r);
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
	if (!pipeline_lacks(p))
		return;
	for (size_t i = 0; i < sizeof(warnings) / sizeof(*warnings); i++)
		if (str_is(str_of(p->needs), warnings[i].needs))
			diag(DIAG_WARN, NULL, "%s", warnings[i].warning);
}
