#include "report/kinds.h"

#include "core/text/nearest.h"

#define KIND(name, operands, help, make) { name, make },
#define NAME(name, operands, help, make) name,
#define USE(name, operands, help, make) ", " name operands

static const struct kind kinds[] = { REPORT_KINDS(KIND) };
static const char *const names[] = { REPORT_KINDS(NAME) };
/* Behind the first comma. */
static const char *const uses = REPORT_KINDS(USE) + 2;

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* diff reads two streams, and not the one of the others; vcon and cloudevents
 * write no tables. */
bool
kind_alone(struct str name)
{
	static const char *const alone[] = { "diff", "vcon", "cloudevents" };

	for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
		if (str_is(name, alone[i]))
			return true;
	return false;
}

static const struct kind *
with_others(const struct kind *k, struct err *e)
{
	if (!kind_alone(str_of(k->name)))
		return k;
	err_set(e, "%s stands alone: kith report %s%s", k->name, k->name,
	    str_is(str_of(k->name), "diff") ? " OLD NEW" : "");
	return NULL;
}

bool
kind_is_timeline(const struct kind *k)
{
	return str_is(str_of(k->name), "timeline");
}

bool
kind_is_consent(const struct kind *k)
{
	return str_is(str_of(k->name), "consent");
}

bool
kind_is_linkage(const struct kind *k)
{
	return str_is(str_of(k->name), "linkage");
}

const struct kind *
kind_named(struct str name, struct err *e)
{
	const char *near;

	for (size_t i = 0; i < KINDS; i++)
		if (str_is(name, kinds[i].name))
			return with_others(&kinds[i], e);
	near = nearest(name, names, KINDS);
	if (near != NULL)
		err_set(e, "no report is called '%.*s'; did you mean %s?",
		    STR_ARG(name), near);
	else
		err_set(e, "no report is called '%.*s'; there are %s",
		    STR_ARG(name), uses);
	return NULL;
}

int
kind_missing(struct err *e)
{
	return err_set(
	    e, "which report? %s; several with commas between", uses);
}
