#include "record/pipeline.h"

int
pipeline_check(const struct record *r, struct err *e)
{
	if (json_type(record_get(r, "native")) == JSON_NONE ||
	    json_type(record_get(r, "id")) == JSON_STRING)
		return 0;
	return err_set(e, "not normalized yet: run kith normalize"), 1;
}

int
pipeline_see(struct pipeline *p, const struct record *r, struct err *e)
{
	if (pipeline_check(r, e) != 0)
		return 1;
	if (p->had)
		return 0;
	p->had = json_type(record_get(r, p->needs)) != JSON_NONE;
	p->came |= json_is(record_get(r, "type"), "message") &&
		   json_is(record_get(r, "direction"), "inbound") &&
		   json_type(record_get(r, "from")) != JSON_NONE;
	return 0;
}
