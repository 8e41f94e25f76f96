/*
 * The people and channels of a Slack export, kept trimmed while its messages
 * go by.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "source/slack/slack.h"

enum {
	PROFILE_MAX = 16 << 10, /* bytes of a trimmed profile */
	KEY_MAX = 4096, /* of a folder's path */
};

void
slack_roster_release(struct slack_roster *r)
{
	map_release(&r->users);
	map_release(&r->folders);
	map_release(&r->teams);
	map_release(&r->roots);
	vec_release(&r->people);
	vec_release(&r->channels);
	vec_release(&r->workspaces);
	arena_release(&r->arena);
	buf_release(&r->scratch);
	*r = (struct slack_roster){ 0 };
}

/* An emptied buffer to write one text into. */
static struct buf *
scratch(struct slack_roster *r, struct writer *w)
{
	if (r->scratch.max == 0)
		buf_init(&r->scratch, PROFILE_MAX);
	buf_reset(&r->scratch);
	write_init(w, &r->scratch);
	return &r->scratch;
}

/* Copies a member that is a string with something in it, or true. */
static void
copy_member(struct writer *w, struct json from, const char *name)
{
	struct json v = json_get(from, name);
	struct str raw = json_raw(v);

	if ((json_type(v) == JSON_STRING && raw.n > 2) || json_true(v))
		write_member_raw(w, name, raw);
}

static void
write_profile(struct writer *w, struct json user)
{
	static const char *const of_user[] = { "name", "real_name", "team_id",
		"is_bot", "deleted", NULL };
	static const char *const of_profile[] = { "display_name", "real_name",
		"email", "team", NULL };
	struct json profile = json_get(user, "profile");

	write_object(w);
	for (size_t i = 0; of_user[i] != NULL; i++)
		copy_member(w, user, of_user[i]);
	copy_member(w, json_get(user, "enterprise_user"), "enterprise_id");
	write_key(w, "profile");
	write_object(w);
	for (size_t i = 0; of_profile[i] != NULL; i++)
		copy_member(w, profile, of_profile[i]);
	write_object_end(w);
	write_object_end(w);
}

/* root NUL tail, as a key for a map. */
static struct str
key_of(struct arena *a, struct str root, struct str tail)
{
	char *p = arena_alloc(a, root.n + 1 + tail.n + 1);

	if (root.n > 0)
		memcpy(p, root.p, root.n);
	p[root.n] = '\0';
	if (tail.n > 0)
		memcpy(p + root.n + 1, tail.p, tail.n);
	return str_make(p, root.n + 1 + tail.n);
}

static void
count_team(struct slack_roster *r, struct str root, struct json user)
{
	struct arena a = { 0 };
	struct str team = json_str(json_get(user, "team_id"), &a);

	if (team.n == 0)
		team =
		    json_str(json_get(json_get(user, "profile"), "team"), &a);
	if (team.n > 0 && team.n < KEY_MAX && r->teams.n < SLACK_CHANNELS)
		(*map_put(&r->teams, key_of(&a, root, team), NULL))++;
	arena_release(&a);
}

/* Of the user's mail address; STR_NONE without one. */
static struct str
domain_of(struct arena *a, struct json user)
{
	struct str email =
	    json_str(json_get(json_get(user, "profile"), "email"), a);
	ptrdiff_t at = str_rchr(email, '@');

	return at < 0 ? STR_NONE
		      : arena_dup(a, str_sub(email, (size_t)at + 1, email.n));
}

void
slack_roster_user(struct slack_roster *r, struct str root, struct json user)
{
	struct arena a = { 0 };
	struct str id = json_str(json_get(user, "id"), &a);
	struct writer w;
	struct buf *b = scratch(r, &w);
	uint64_t *at;
	bool fresh;

	count_team(r, root, user);
	if (id.n == 0 || id.n > KEY_MAX)
		goto out;
	write_profile(&w, user);
	r->full |= r->users.n >= SLACK_USERS;
	if (b->over || r->users.n >= SLACK_USERS)
		goto out;
	at = map_put(&r->users, id, &fresh);
	if (!fresh)
		goto out;
	*at = r->people.n;
	vec_add(&r->people, (struct slack_person){
				.profile = arena_dup(&r->arena, buf_str(b)),
				.domain = domain_of(&r->arena, user),
				.bot = json_true(json_get(user, "is_bot")),
			    });
out:
	arena_release(&a);
}

static const struct slack_person *
person_of(const struct slack_roster *r, struct str id)
{
	uint64_t *at = id.n == 0 ? NULL : map_get(&r->users, id);

	return at == NULL ? NULL : &r->people.v[*at];
}

struct str
slack_roster_profile(const struct slack_roster *r, struct str id)
{
	const struct slack_person *person = person_of(r, id);

	return person == NULL ? STR_NONE : person->profile;
}

/* The place for the channel of this folder; NULL when there is one already or
 * no more room. */
static struct slack_channel *
add_channel(struct slack_roster *r, struct str root, struct str folder)
{
	struct arena a = { 0 };
	struct slack_channel *c;
	uint64_t *at = NULL;
	bool fresh = false;

	r->full |= r->channels.n >= SLACK_CHANNELS;
	if (folder.n > 0 && folder.n < KEY_MAX &&
	    r->channels.n < SLACK_CHANNELS)
		at = map_put(&r->folders, key_of(&a, root, folder), &fresh);
	arena_release(&a);
	if (!fresh)
		return NULL;
	*at = r->channels.n;
	c = arena_alloc(&r->arena, sizeof(*c));
	*c = (struct slack_channel){ .json = STR("{}") };
	vec_add(&r->channels, c);
	return c;
}

/*
 * The domains of a large channel's members, to tell whether all are ours; none
 * where somebody is unknown or there are too many.
 */
static void
keep_domains(
    struct slack_roster *r, struct slack_channel *c, struct json members)
{
	struct json_iter it = json_each(members);
	struct str found[SLACK_DOMAINS];
	struct arena a = { 0 };
	size_t n = 0, i;
	struct json v;

	while (n <= SLACK_DOMAINS && json_next(&it, NULL, &v)) {
		const struct slack_person *p = person_of(r, json_str(v, &a));

		if (p != NULL && p->bot)
			continue;
		if (p == NULL || p->domain.p == NULL)
			n = SLACK_DOMAINS + 1;
		for (i = 0; i < n && n <= SLACK_DOMAINS; i++)
			if (str_eq_nocase(found[i], p->domain))
				break;
		if (i < n)
			continue;
		if (n < SLACK_DOMAINS)
			found[n] = p->domain;
		n++;
	}
	arena_release(&a);
	if (n == 0 || n > SLACK_DOMAINS)
		return;
	c->domains = arena_calloc(&r->arena, n, sizeof(*c->domains));
	memcpy(c->domains, found, n * sizeof(*found));
	c->domain_count = n;
}

/* The members that messages of the channel repeat: all of a direct
 * conversation, those of a small channel. */
static void
keep_members(struct slack_roster *r, struct slack_channel *c, const char *type,
    struct json members)
{
	bool direct = type[0] == 'd' || type[0] == 'm';
	size_t n = json_count(members);
	struct json_iter it = json_each(members);
	struct json v;

	if (n == 0)
		return;
	if (n > (direct ? SLACK_PEOPLE / 2 : SLACK_MEMBERS)) {
		keep_domains(r, c, members);
		return;
	}
	c->members = arena_calloc(&r->arena, n, sizeof(*c->members));
	while (json_next(&it, NULL, &v)) {
		struct str id = arena_dup(&r->arena, json_str(v, &r->arena));
		bool twice = id.n == 0;

		for (size_t i = 0; i < c->member_count; i++)
			twice |= str_eq(c->members[i], id);
		if (!twice)
			c->members[c->member_count++] = id;
	}
}

static void
write_channel(struct writer *w, struct str id, struct str name,
    const char *type, const struct slack_channel *c)
{
	write_object(w);
	write_member(w, "id", id);
	write_member(w, "name", name);
	write_member(w, "type", str_of(type));
	write_member_strs(w, "members", c->members, c->member_count);
	write_member_strs(w, "memberDomains", c->domains, c->domain_count);
	write_object_end(w);
}

/* The same channel under its id: some exports name their folders so. */
static void
add_alias(struct slack_roster *r, struct str root, struct str id,
    const struct slack_channel *c)
{
	struct slack_channel *alias =
	    id.n == 0 ? NULL : add_channel(r, root, id);

	if (alias != NULL)
		*alias = *c;
}

void
slack_roster_channel(struct slack_roster *r, struct str root, const char *type,
    struct json channel)
{
	struct arena a = { 0 };
	struct str id = json_str(json_get(channel, "id"), &a);
	struct str name = json_str(json_get(channel, "name"), &a);
	struct slack_channel *c;
	struct writer w;
	struct buf *b;

	if (json_true(json_get(channel, "is_private")) && type[0] == 'c')
		type = "group";
	/* Direct messages have no name: their folders are called by the id. */
	c = add_channel(r, root, name.n > 0 ? name : id);
	if (c != NULL) {
		keep_members(r, c, type, json_get(channel, "members"));
		b = scratch(r, &w);
		write_channel(&w, id.n > 0 ? id : STR_NONE,
		    name.n > 0 ? name : STR_NONE, type, c);
		if (!b->over)
			c->json = arena_dup(&r->arena, buf_str(b));
		add_alias(r, root, name.n > 0 ? id : STR_NONE, c);
	}
	arena_release(&a);
}

/* C024BE91L: a conversation's id. */
bool
slack_is_conversation(struct str s)
{
	if (s.n < 8 || !ascii_is_in(s.p[0], "CGD"))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!(ascii_is_upper(s.p[i]) || ascii_is_digit(s.p[i])))
			return false;
	return true;
}

const struct slack_channel *
slack_roster_folder(struct slack_roster *r, struct str root, struct str folder)
{
	static const struct slack_channel nowhere = { .json = { "{}", 2 } };
	struct arena a = { 0 };
	uint64_t *at = map_get(&r->folders, key_of(&a, root, folder));
	bool id = slack_is_conversation(folder);
	const char *type = id && folder.p[0] == 'D' ? "dm" : NULL;
	struct slack_channel *c;
	struct writer w;
	struct buf *b;

	arena_release(&a);
	if (at != NULL)
		return r->channels.v[*at];
	if (folder.n == 0 || (c = add_channel(r, root, folder)) == NULL)
		return &nowhere;
	if (str_starts(folder, STR("mpdm-")))
		type = "mpim";
	b = scratch(r, &w);
	write_channel(
	    &w, id ? folder : STR_NONE, id ? STR_NONE : folder, type, c);
	if (!b->over)
		c->json = arena_dup(&r->arena, buf_str(b));
	return c;
}

const struct slack_channel *
slack_roster_conversation(
    struct slack_roster *r, struct str root, struct str id, struct str name)
{
	struct arena a = { 0 };
	uint64_t *at = map_get(&r->folders, key_of(&a, root, id));
	struct slack_channel *c;
	struct writer w;
	struct buf *b;

	arena_release(&a);
	if (at != NULL)
		return r->channels.v[*at];
	if (!slack_is_conversation(id) || name.n == 0 ||
	    (c = add_channel(r, root, id)) == NULL)
		return slack_roster_folder(r, root, id.n > 0 ? id : name);
	b = scratch(r, &w);
	write_channel(&w, id, name, id.p[0] == 'D' ? "dm" : NULL, c);
	if (!b->over)
		c->json = arena_dup(&r->arena, buf_str(b));
	return c;
}

static void
add_workspace(struct slack_roster *r, struct str root, struct str team)
{
	uint64_t *at = map_put(&r->roots, root, NULL);
	struct writer w;
	struct buf *b = scratch(r, &w);

	*at = r->workspaces.n;
	write_object(&w);
	write_member(&w, "id", team);
	write_object_end(&w);
	vec_add(&r->workspaces,
	    b->over ? STR_NONE : arena_dup(&r->arena, buf_str(b)));
}

/* The team that most users of a root are of; the first of equals. */
void
slack_roster_finish(struct slack_roster *r)
{
	for (size_t i = 0; i < r->teams.n; i++) {
		struct str team = r->teams.entries[i].key;
		struct str root = str_split(&team, '\0');
		size_t best = i;

		if (map_get(&r->roots, root) != NULL)
			continue;
		for (size_t k = i + 1; k < r->teams.n; k++) {
			struct str other = r->teams.entries[k].key;

			if (str_eq(str_split(&other, '\0'), root) &&
			    r->teams.entries[k].value >
				r->teams.entries[best].value)
				best = k;
		}
		team = r->teams.entries[best].key;
		(void)str_split(&team, '\0');
		add_workspace(r, root, team);
	}
}

struct str
slack_roster_workspace(const struct slack_roster *r, struct str root)
{
	uint64_t *at = map_get(&r->roots, root);

	return at == NULL ? STR_NONE : r->workspaces.v[*at];
}
