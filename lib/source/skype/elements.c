/*
 * Calls and lines of the system are elements alone:
 *	<partlist type="ended" callId="1"><part identity="live:ana">
 *	<name>Ana</name><duration>65</duration></part></partlist>
 *	<addmember><initiator>8:live:mara</initiator>
 *	<target>8:live:ana</target></addmember>
 */
#include "source/skype/skype.h"
#include "source/teams/tag.h"

/* What stands between a tag and the next one. */
static struct str
inner(struct str content, const struct tag *t)
{
	struct str rest = str_sub(content, t->to, content.n);
	ptrdiff_t end = str_chr(rest, '<');

	rest = str_trim(end < 0 ? rest : str_sub(rest, 0, (size_t)end));
	return rest.n == 0 ? STR_NONE : rest;
}

static void
take_seconds(struct skype_call *out, struct str s)
{
	ptrdiff_t point = str_chr(s, '.');
	int64_t seconds;

	if (point >= 0)
		s = str_sub(s, 0, (size_t)point);
	if (str_to_int(s, &seconds) == 0 && seconds > out->seconds)
		out->seconds = seconds;
}

void
skype_read_call(struct str content, struct skype_call *out)
{
	struct tag t;

	*out = (struct skype_call){ .seconds = -1 };
	for (size_t at = 0; tag_next(content, at, &t); at = t.to) {
		if (t.end)
			continue;
		if (tag_is(&t, "started") || tag_is(&t, "ended") ||
		    tag_is(&t, "missed")) {
			out->type = t.name;
		} else if (tag_is(&t, "partlist")) {
			struct str type = tag_value(&t, "type");

			if (type.p != NULL)
				out->type = type;
			out->id = tag_value(&t, "callId");
		} else if (tag_is(&t, "part") && out->n < SKYPE_PARTS) {
			out->names[out->n] = STR_NONE;
			out->parts[out->n++] = tag_value(&t, "identity");
		} else if (tag_is(&t, "name") && out->n > 0) {
			out->names[out->n - 1] = inner(content, &t);
		} else if (tag_is(&t, "duration")) {
			take_seconds(out, inner(content, &t));
		}
	}
}

void
skype_read_activity(struct str content, struct skype_activity *out)
{
	struct tag t;

	*out = (struct skype_activity){ 0 };
	for (size_t at = 0; tag_next(content, at, &t); at = t.to) {
		if (t.end)
			continue;
		if (tag_is(&t, "initiator"))
			out->initiator = inner(content, &t);
		else if (tag_is(&t, "value"))
			out->value = inner(content, &t);
		else if ((tag_is(&t, "target") || tag_is(&t, "id")) &&
			 out->n < SKYPE_PARTS)
			out->targets[out->n++] = inner(content, &t);
	}
}
