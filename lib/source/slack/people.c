/*
 * Who wrote a Slack message, to whom, and in which direction it went.
 */
#include "source/slack/slack.h"

enum { ADDRESSEES = 8 }; /* people mentioned that a message is to */

struct json
slack_user_row(const struct slack_view *v, struct str id)
{
	return id.n == 0 ? JSON_ABSENT : json_get_str(v->users, id);
}

static struct str
team_of(struct slack_view *v, struct json msg, struct json row)
{
	struct str team = slack_user_team(v, row);

	if (team.p == NULL)
		team = slack_str(v, msg, "user_team");
	if (team.p == NULL)
		team = v->workspace;
	if (team.p == NULL)
		team = slack_user_team(v, json_get(msg, "user_profile"));
	return team;
}

static struct address
address_of_user(struct slack_view *v, struct json msg, struct str id)
{
	struct json row = slack_user_row(v, id);

	return (struct address){
		.name = str_is(id, "USLACKBOT") ? STR("Slackbot")
						: slack_user_name(v, row),
		.email = slack_email(v, row),
		.uri = slack_uri(v, team_of(v, msg, row), id),
	};
}

/* A program that posts under no user's name. */
static struct address
address_of_bot(struct slack_view *v, struct json msg)
{
	struct json bot = json_get(msg, "bot_profile");
	struct address a = { .name = slack_str(v, msg, "username") };
	struct str team = v->workspace;

	if (a.name.p == NULL)
		a.name = slack_str(v, bot, "name");
	if (team.p == NULL)
		team = slack_str(v, bot, "team_id");
	a.uri = slack_uri(v, team, slack_str(v, msg, "bot_id"));
	return a;
}

/*
 * A program that `us` names by its uri is how our people answer (the token
 * that reply posts with): what it says is ours and no automatic message.
 */
static bool
voice_of_ours(struct slack_view *v, struct json msg)
{
	const struct workspace *c = v->n->workspace;
	struct address bot;

	if (json_type(json_get(msg, "bot_id")) != JSON_STRING)
		return false;
	bot = address_of_bot(v, msg);
	return (bot.uri.p != NULL && workspace_our_uri(c, bot.uri)) ||
	       (v->m->from.uri.p != NULL &&
		   workspace_our_uri(c, v->m->from.uri));
}

static void
set_from(struct slack_view *v, struct json msg)
{
	struct str id = slack_str(v, msg, "user");
	struct json profile = json_get(msg, "user_profile");
	struct json row = slack_user_row(v, id);
	struct json subtype = json_get(msg, "subtype");

	if (id.p == NULL)
		id = slack_str(v, json_get(msg, "comment"), "user");
	v->m->from =
	    id.p == NULL ? address_of_bot(v, msg) : address_of_user(v, msg, id);
	if (v->m->from.name.p == NULL)
		v->m->from.name = slack_user_name(v, profile);
	if (v->m->from.name.p == NULL)
		v->m->from.name = slack_str(v, msg, "username");
	if (voice_of_ours(v, msg))
		return;
	if (json_type(json_get(msg, "bot_id")) == JSON_STRING ||
	    (id.p != NULL && str_is(id, "USLACKBOT")) ||
	    json_true(json_get(row, "is_bot")) ||
	    json_is(subtype, "bot_message") ||
	    json_is(subtype, "slackbot_response"))
		message_keyword(v->m, "automatic");
}

/* The other members of a direct conversation; all where it is with oneself. */
static void
add_members(struct slack_view *v, struct json members, struct str author)
{
	struct json_iter it = json_each(members);
	struct json member;
	struct str id;

	while (json_next(&it, NULL, &member)) {
		id = json_str(member, v->a);
		if (id.n > 0 && !str_eq(id, author))
			message_add_address(v->m, &v->m->to,
			    address_of_user(v, JSON_ABSENT, id));
	}
	if (v->m->to.n == 0 && json_count(members) > 0)
		message_add_address(
		    v->m, &v->m->to, address_of_user(v, JSON_ABSENT, author));
}

static void
set_to(struct slack_view *v, struct json msg, struct str author)
{
	struct json type = json_get(v->channel, "type");
	struct json members = json_get(v->channel, "members");
	bool direct = json_is(type, "dm") || json_is(type, "mpim");
	struct str id = slack_str(v, v->channel, "id");
	struct str name = slack_str(v, v->channel, "name");
	struct address to = { 0 };

	if (direct && json_count(members) > 0) {
		add_members(v, members, author);
		return;
	}
	if (id.p == NULL)
		id = slack_str(v, msg, "channel");
	if (name.p == NULL)
		name = slack_str(v, msg, "channel_name");
	to.uri = slack_uri(v, v->workspace, id);
	if (name.p != NULL)
		to.name = ARENA_JOIN(v->a, STR("#"), name);
	if (to.uri.p != NULL || to.name.p != NULL)
		message_add_address(v->m, &v->m->to, to);
}

/* A person who is known, is not ours and is no program. */
static bool
is_customer(struct slack_view *v, struct str id)
{
	struct json row = slack_user_row(v, id);
	struct address a;

	if (json_type(row) != JSON_OBJECT || json_true(json_get(row, "is_bot")))
		return false;
	a = address_of_user(v, JSON_ABSENT, id);
	return !slack_is_ours(v, &a);
}

/* The only customer among the members that are known; STR_NONE where there
 * are none or more. */
static struct str
only_customer(struct slack_view *v)
{
	struct json_iter it = json_each(json_get(v->channel, "members"));
	struct str found = STR_NONE;
	struct json member;

	while (json_next(&it, NULL, &member)) {
		struct str id = json_str(member, v->a);

		if (!is_customer(v, id))
			continue;
		if (found.p != NULL)
			return STR_NONE;
		found = id;
	}
	return found;
}

/*
 * What we write into a channel is to the customer there, else to those whom
 * it mentions: they stand before the channel.
 */
static void
add_addressees(struct slack_view *v, struct json msg)
{
	struct address_list channel = v->m->to;
	struct str text = json_str(json_get(msg, "text"), v->a);
	struct str id = only_customer(v);

	v->m->to = (struct address_list){ 0 };
	if (id.p != NULL)
		message_add_address(
		    v->m, &v->m->to, address_of_user(v, JSON_ABSENT, id));
	else
		while (v->m->to.n < ADDRESSEES &&
		       (id = slack_mention(&text)).p != NULL)
			if (is_customer(v, id))
				message_add_address(v->m, &v->m->to,
				    address_of_user(v, JSON_ABSENT, id));
	for (size_t i = 0; i < channel.n; i++)
		message_add_address(v->m, &v->m->to, channel.v[i]);
}

/* Are all members of a large channel ours, by their domains? */
static bool
domains_are_ours(struct slack_view *v)
{
	struct json_iter it = json_each(json_get(v->channel, "memberDomains"));
	struct json domain;
	size_t known = 0;

	while (json_next(&it, NULL, &domain)) {
		struct str s = json_str(domain, v->a);
		struct address a = {
			.email = ARENA_JOIN(v->a, STR("x@"), s),
		};

		if (s.n == 0 || !slack_is_ours(v, &a))
			return false;
		known++;
	}
	return known > 0;
}

/* Ours to others is outbound; internal where all members that are known are
 * ours. */
static const char *
direction(struct slack_view *v)
{
	struct json_iter it = json_each(json_get(v->channel, "members"));
	struct json member;
	size_t known = 0;

	if (!slack_is_ours(v, &v->m->from))
		return "inbound";
	while (json_next(&it, NULL, &member)) {
		struct str id = json_str(member, v->a);
		struct address a = address_of_user(v, JSON_ABSENT, id);

		if (json_true(json_get(slack_user_row(v, id), "is_bot")))
			continue;
		if (!slack_is_ours(v, &a))
			return "outbound";
		known++;
	}
	return known > 0 || domains_are_ours(v) ? "internal" : "outbound";
}

void
slack_people(struct slack_view *v, struct json msg, struct json said)
{
	struct json type = json_get(v->channel, "type");
	bool direct = json_is(type, "dm") || json_is(type, "mpim");

	set_from(v, said);
	set_to(v, msg, slack_str(v, said, "user"));
	v->m->direction = direction(v);
	if (!direct && str_is(str_of(v->m->direction), "outbound"))
		add_addressees(v, said);
}
