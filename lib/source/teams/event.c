/*
 * Lines of the system, and calls among them.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/teams/teams.h"

/* "MembersAdded" as Graph has it. */
static struct str
lowered(struct teams_view *v, struct str s)
{
	char first = s.n > 0 ? ascii_lower(s.p[0]) : 0;

	return s.n == 0 ? s
			: ARENA_JOIN(&v->m->arena, str_make(&first, 1),
			      str_sub(s, 1, s.n));
}

/*
 * "#microsoft.graph.callEndedEventMessageDetail"; in PascalCase it is the one
 * member of many that is not null.
 */
static struct str
subtype_of(struct teams_view *v, struct json detail)
{
	struct str s = native_text(v->n, detail, "@odata.type");
	struct json_iter it = json_each(detail);
	struct json key, value;
	ptrdiff_t end;

	if (s.p == NULL)
		s = native_text(v->n, detail, "@Odata.type");
	if (s.p != NULL) {
		s = str_after_last(s, '.');
		end = str_find(s, STR("EventMessageDetail"));
		return end > 0 ? str_sub(s, 0, (size_t)end) : s;
	}
	while (json_type(detail) == JSON_OBJECT && json_next(&it, &key, &value))
		if (json_type(value) == JSON_OBJECT &&
		    !json_is(key, "Initiator") && !json_is(key, "initiator"))
			return lowered(v, json_str(key, &v->m->arena));
	return teams_text(v, detail, "eventType");
}

/* What tells of the event: in PascalCase one level further down. */
static struct json
details(struct teams_view *v)
{
	struct json detail = teams_get(v, v->native, "eventDetail");
	struct json ended = teams_get(v, detail, "callEnded");

	return json_type(ended) == JSON_OBJECT ? ended : detail;
}

/* "PT1H2M3.5S", or of .NET "01:02:03.5"; in seconds. */
static int
read_duration(struct str s, int64_t *out)
{
	int64_t sum = 0, number = 0;
	bool iso = s.n > 1 && s.p[0] == 'P', fraction = false;

	if (s.n == 0)
		return -1;
	for (size_t i = iso; i < s.n; i++) {
		char c = s.p[i];

		if (ascii_is_digit(c)) {
			if (!fraction && number < INT32_MAX)
				number = number * 10 + (c - '0');
			continue;
		}
		if (c == '.') {
			fraction = true;
			continue;
		}
		if (c == 'T')
			continue;
		if (!iso && c != ':')
			return -1;
		sum = !iso       ? (sum + number) * 60
		      : c == 'D' ? sum + number * 86400
		      : c == 'H' ? sum + number * 3600
		      : c == 'M' ? sum + number * 60
				 : sum + number;
		number = 0;
		fraction = false;
	}
	*out = iso ? sum : sum + number;
	return 0;
}

const char *
teams_event_type(struct teams_view *v)
{
	struct json detail = teams_get(v, v->native, "eventDetail");
	struct str kind = subtype_of(v, detail);

	return str_starts_nocase(kind, STR("callEnded")) ? "call" : "event";
}

static void
write_call(struct teams_view *v, struct writer *w)
{
	struct json detail = details(v);
	struct json list = teams_get(v, detail, "callParticipants"), one;
	struct json_iter it = json_each(list);
	int64_t seconds = 0;
	bool known, machine;

	known =
	    read_duration(teams_text(v, detail, "callDuration"), &seconds) == 0;
	if (known)
		write_member_int(w, "duration", seconds);
	write_member(w, "disposition",
	    known && seconds == 0 ? STR("no answer") : STR("answered"));
	write_member(w, "call", teams_text(v, detail, "callId"));
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json who = teams_get(v, one, "participant");
		struct address a = teams_identity(v, who, &machine);
		bool told = a.uri.p != NULL && str_eq(a.uri, v->m->from.uri);

		for (size_t i = 0; !told && i < v->m->to.n; i++)
			told =
			    a.uri.p != NULL && str_eq(a.uri, v->m->to.v[i].uri);
		if (!told && !machine && (a.uri.p != NULL || a.name.p != NULL))
			message_add_address(v->m, &v->m->to, a);
	}
}

void
teams_event(struct teams_view *v, struct writer *w)
{
	struct json detail = teams_get(v, v->native, "eventDetail");
	struct str kind = subtype_of(v, detail);
	struct str type = teams_text(v, v->native, "messageType");

	write_member(w, "subtype", kind.p != NULL ? kind : type);
	if (v->m->type[0] == 'c')
		write_call(v, w);
	native_data_raw(w, "detail", detail);
}
