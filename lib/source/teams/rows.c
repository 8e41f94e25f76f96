/*
 * What an export of Teams has beside its messages: people become contacts, teams,
 * channels and chats events.
 */
#include "source/contact.h"
#include "source/native.h"
#include "source/teams/teams.h"

static void
add_tels(struct contact *c, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_type(list) == JSON_STRING)
		contact_tel(c, json_str(list, c->a), false);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one))
		contact_tel(c, native_value(c->n, one), false);
}

/* Somebody in the directory, or a member of a team. */
static enum stage_result
person(struct teams_view *v, bool member, struct err *e)
{
	struct contact c;
	struct str id, mail;

	/* Texts from before it are not there any more. */
	contact_begin(&c, v->n);
	id = teams_text(v, v->native, member ? "userId" : "id");
	c.m->channel = "teams";
	c.name = teams_text(v, v->native, "displayName");
	if (c.name.p == NULL)
		c.name = teams_text(v, v->native, "name");
	c.given = teams_text(v, v->native, "givenName");
	c.family = teams_text(v, v->native, "surname");
	c.title = teams_text(v, v->native, "jobTitle");
	c.language = teams_text(v, v->native, "preferredLanguage");
	mail = teams_text(v, v->native, "mail");
	if (mail.p == NULL)
		mail = teams_text(v, v->native, "email");
	if (mail.p == NULL)
		mail = teams_text(v, v->native, "userPrincipalName");
	if (mail.p == NULL)
		mail = teams_text(v, v->native, "userName");
	contact_email(&c, mail, true);
	contact_tel(&c, teams_text(v, v->native, "mobilePhone"), true);
	add_tels(&c, teams_get(v, v->native, "businessPhones"));
	contact_uri(&c, "teams", id);
	return contact_emit(&c, native_content(v->n, v->native), e);
}

/* A team, a channel, a chat: that it is there. */
static enum stage_result
place(struct teams_view *v, const char *kind, struct err *e)
{
	static const char *const ids[] = { "id", "groupsId", NULL };
	static const char *const names[] = { "displayName", "name", "topic",
		NULL };
	struct writer *w;
	struct str id = STR_NONE, name = STR_NONE;

	for (size_t i = 0; ids[i] != NULL && id.p == NULL; i++)
		id = teams_text(v, v->native, ids[i]);
	for (size_t i = 0; names[i] != NULL && name.p == NULL; i++)
		name = teams_text(v, v->native, names[i]);
	v->m->channel = "teams";
	v->m->type = "event";
	v->m->direction = "internal";
	v->m->id_without_account = true;
	v->m->native_id = ARENA_JOIN(&v->m->arena, str_of(kind), STR("/"),
	    native_content(v->n, v->native));
	(void)teams_time(v, "createdDateTime", &v->m->sent);
	w = native_data(v->n);
	write_member(w, "subtype", str_of(kind));
	write_member(w, "chat", name);
	write_member(w, "place", id);
	write_member(w, "description", teams_text(v, v->native, "description"));
	write_member(w, "kind", teams_text(v, v->native, "chatType"));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

enum stage_result
teams_row(struct teams_view *v, enum teams_item kind, struct err *e)
{
	switch (kind) {
	case TEAMS_USER:
		return person(v, false, e);
	case TEAMS_MEMBER:
		return person(v, true, e);
	case TEAMS_TEAM:
		return place(v, "team", e);
	case TEAMS_CHANNEL:
		return place(v, "channel", e);
	default:
		return place(v, "chat", e);
	}
}
