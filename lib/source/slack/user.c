/*
 * What rows of users and messages hold: names, addresses, teams, times.
 */
#include "source/slack/slack.h"

#include "core/text/ascii.h"
struct str
slack_str(struct slack_view *v, struct json from, const char *name)
{
	struct str s = json_str(json_get(from, name), v->a);

	return s.n == 0 ? STR_NONE : s;
}

struct str
slack_email(struct slack_view *v, struct json user)
{
	struct str s = str_trim(
	    json_str(json_get(json_get(user, "profile"), "email"), v->a));
	ptrdiff_t at = str_chr(s, '@');

	if (at <= 0 || (size_t)at + 1 == s.n || str_rchr(s, '@') != at)
		return STR_NONE;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return STR_NONE;
	return s;
}

/* Letters, digits, "_", "-" and ".": what may stand in a uri. */
static bool
is_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(ascii_is_alnum(s.p[i]) || s.p[i] == '_' ||
			s.p[i] == '-' || s.p[i] == '.'))
			return false;
	return s.n > 0;
}

struct str
slack_uri(struct slack_view *v, struct str team, struct str id)
{
	if (!is_id(id))
		return STR_NONE;
	if (!is_id(team))
		return ARENA_JOIN(v->a, STR("slack:"), id);
	return ARENA_JOIN(v->a, STR("slack:"), team, STR("/"), id);
}

struct str
slack_user_name(struct slack_view *v, struct json user)
{
	struct json profile = json_get(user, "profile");
	struct str name = slack_str(v, profile, "display_name");

	/* A message's own user_profile is flat. */
	if (name.p == NULL)
		name = slack_str(v, user, "display_name");
	if (name.p == NULL)
		name = slack_str(v, profile, "real_name");
	if (name.p == NULL)
		name = slack_str(v, user, "real_name");
	return name.p == NULL ? slack_str(v, user, "name") : name;
}

struct str
slack_user_team(struct slack_view *v, struct json user)
{
	struct str team = slack_str(v, user, "team_id");

	if (team.p == NULL)
		team = slack_str(v, json_get(user, "profile"), "team");
	/* People of a Grid organisation may be of no one team. */
	if (team.p == NULL)
		team = slack_str(v, user, "enterprise_id");
	if (team.p == NULL)
		team = slack_str(
		    v, json_get(user, "enterprise_user"), "enterprise_id");
	return team;
}

bool
slack_is_ours(struct slack_view *v, const struct address *a)
{
	const struct workspace *c = v->n->workspace;

	return (a->email.p != NULL && workspace_our_email(c, a->email)) ||
	       (a->uri.p != NULL && workspace_our_uri(c, a->uri));
}

/* Digits up to n, or -1. */
static int64_t
digits(struct str s)
{
	int64_t v = 0;

	if (s.n == 0 || s.n > 12)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

int
slack_time(struct str ts, int64_t *out)
{
	struct str rest = ts, whole = str_split(&rest, '.');
	int64_t seconds = digits(whole), fraction = 0;

	if (rest.p != NULL) {
		fraction = rest.n > 6 ? -1 : digits(rest);
		for (size_t i = rest.n; i < 6 && fraction > 0; i++)
			fraction *= 10;
	}
	/* The year 9999 ends here. */
	if (seconds < 0 || fraction < 0 || seconds > INT64_C(253402300799))
		return -1;
	*out = seconds * TIME_SECOND + fraction;
	return 0;
}
