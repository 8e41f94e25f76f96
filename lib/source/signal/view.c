#include "core/text/ascii.h"
#include "source/signal/signal.h"

enum { MEMBER_BYTES = 40 };

struct str
signal_text(struct signal_view *v, struct json from, const char *name)
{
	return native_text(v->n, from, name);
}

static struct str
part(struct signal_view *v, struct json from, const char *prefix,
    const char *suffix)
{
	char name[MEMBER_BYTES];

	snprintf(name, sizeof(name), "%s%s", prefix, suffix);
	return signal_text(v, from, name);
}

struct signal_who
signal_who(struct signal_view *v, struct json from, const char *prefix)
{
	struct json old = json_get(from, prefix);
	struct signal_who who = { 0 };

	who.uuid = part(v, from, prefix, "Uuid");
	if (who.uuid.p == NULL)
		who.uuid = part(v, from, prefix, "ServiceId");
	who.number = part(v, from, prefix, "Number");
	who.name = part(v, from, prefix, "Name");
	/* Before they were apart: a number, or what else it had. */
	if (json_type(old) == JSON_OBJECT) {
		who.number = signal_text(v, old, "number");
		who.uuid = signal_text(v, old, "uuid");
	} else if (who.uuid.p == NULL && who.number.p == NULL) {
		struct str s = native_value(v->n, old);

		if (str_starts(s, STR("+")))
			who.number = s;
		else
			who.uuid = s;
	}
	return who;
}

struct address
signal_address(struct signal_view *v, struct signal_who who)
{
	struct address a = { .name = who.name };

	if (who.number.p != NULL)
		message_phone(v->m, &a, who.number);
	if (who.uuid.p != NULL)
		a.uri = native_uri(v->n, "signal", who.uuid);
	return a;
}

struct str
signal_id(struct signal_view *v, const struct signal_who *who, struct str time)
{
	bool ours = v->account.p != NULL && str_eq(who->number, v->account);
	struct str key = ours || who->uuid.p == NULL ? who->number : who->uuid;

	return key.p == NULL || time.p == NULL
		   ? STR_NONE
		   : ARENA_JOIN(&v->m->arena, key, STR("/"), time);
}
