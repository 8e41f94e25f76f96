#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "source/native.h"
#include "source/teams/teams.h"

enum { GUID_BYTES = 36 };

/* "19%3Aabc%40thread.v2" up to the byte `end`. */
static struct str
percent_decoded(const struct teams_view *v, struct str s, char end)
{
	struct str part = str_split(&s, end);
	char *out = arena_alloc(&v->m->arena, part.n + 1);

	part = percent_decode(part, false, out);
	return part.n == 0 ? STR_NONE : part;
}

static struct str
behind(struct str s, struct str mark)
{
	ptrdiff_t at = str_find(s, mark);

	return at < 0 ? STR_NONE : str_sub(s, (size_t)at + mark.n, s.n);
}

/* Where a message does not say where it stands, what was asked for does. */
static struct str
place_around(struct teams_view *v)
{
	struct str s = native_text(v->n, v->native, "@odata.context"), at;

	if (s.p == NULL)
		s = native_value(v->n, native_beside(v->n, "@odata.context"));
	at = behind(s, STR("channels('"));
	v->channel = at.p != NULL;
	if (at.p == NULL)
		at = behind(s, STR("chats('"));
	if (at.p != NULL)
		return percent_decoded(v, at, '\'');
	at = behind(teams_text(v, v->native, "webUrl"), STR("/l/message/"));
	return percent_decoded(v, at, '/');
}

static void
read_place(struct teams_view *v)
{
	v->place = teams_text(v, v->native, "chatId");
	if (v->place.p != NULL)
		return;
	v->place = teams_text(v, v->native, "channelIdentity/channelId");
	v->channel = v->place.p != NULL;
	if (v->place.p == NULL)
		v->place = place_around(v);
	if (str_ends(v->place, STR("@thread.tacv2")))
		v->channel = true;
}

static struct str
in_place(struct teams_view *v, struct str id)
{
	return v->place.p == NULL || id.p == NULL
		   ? id
		   : ARENA_JOIN(&v->m->arena, v->place, STR("/"), id);
}

/* Ids are milliseconds, and count in their chat alone. */
static int
read_ids(struct teams_view *v)
{
	struct str id = teams_text(v, v->native, "id");
	struct str root = teams_text(v, v->native, "replyToId");

	read_place(v);
	if (teams_time(v, "createdDateTime", &v->m->sent) < 0 &&
	    (!str_is_digits(id) || native_time_text(v->n, id, &v->m->sent) < 0))
		return -1;
	v->m->id_without_account = true;
	v->m->native_id = v->m->message_id = in_place(v, id);
	if (v->m->native_id.p == NULL)
		v->m->native_id = native_content(v->n, v->native);
	if (root.p != NULL && (id.p == NULL || !str_eq(root, id)))
		message_add_str(v->m, &v->m->in_reply_to, in_place(v, root));
	v->m->thread_id = v->place;
	if (root.p == NULL)
		root = id;
	/* As Teams itself calls what was begun in a channel. */
	if (v->channel && v->place.p != NULL && root.p != NULL)
		v->m->thread_id = ARENA_JOIN(
		    &v->m->arena, v->place, STR(";messageid="), root);
	return 0;
}

static void
add_to(struct teams_view *v, struct address a)
{
	const struct message *m = v->m;

	if ((a.uri.p == NULL && a.name.p == NULL && a.tel.p == NULL) ||
	    (a.uri.p != NULL && str_eq(a.uri, m->from.uri)))
		return;
	for (size_t i = 0; i < m->to.n; i++)
		if (a.uri.p != NULL && str_eq(a.uri, m->to.v[i].uri))
			return;
	message_add_address(v->m, &v->m->to, a);
}

/* The id of a chat of two holds both: 19:GUID_GUID@unq.gbl.spaces. */
static void
add_other(struct teams_view *v)
{
	struct str s = v->place, one, other;
	struct address a = { 0 };

	if (!str_starts(s, STR("19:")) ||
	    !str_ends(s, STR("@unq.gbl.spaces")) ||
	    s.n != 3 + 2 * GUID_BYTES + 1 + sizeof("@unq.gbl.spaces") - 1)
		return;
	one = str_sub(s, 3, GUID_BYTES);
	other = str_sub(s, 3 + GUID_BYTES + 1, GUID_BYTES);
	one = native_uri(v->n, "teams", one);
	other = native_uri(v->n, "teams", other);
	if (str_eq(v->m->from.uri, one))
		a.uri = other;
	else if (str_eq(v->m->from.uri, other))
		a.uri = one;
	add_to(v, a);
}

static void
read_people(struct teams_view *v)
{
	struct json list = teams_get(v, v->native, "mentions"), one;
	struct json from = teams_get(v, v->native, "from");
	struct json_iter it = json_each(list);
	bool machine;

	if (json_type(from) != JSON_OBJECT)
		from = teams_at(v, v->native, "eventDetail/initiator");
	v->m->from = teams_identity(v, from, &machine);
	if (machine) {
		message_keyword(v->m, "bot");
		message_keyword(v->m, "automatic");
	}
	add_other(v);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json who = teams_get(v, one, "mentioned");
		struct address a = teams_identity(v, who, &machine);

		if (!machine && a.uri.p != NULL)
			add_to(v, a);
	}
}

/* The first of a kind writes all of it; the list is short. */
static void
write_reaction(struct teams_view *v, struct writer *w, struct json list,
    struct str name, size_t from)
{
	struct json one;
	int64_t count = 0;
	bool machine;

	write_object(w);
	write_member(w, "name", name);
	write_key(w, "by");
	write_list(w);
	for (size_t i = from; json_type(one = json_at(list, i)) != JSON_NONE;
	     i++) {
		struct address a;

		if (!str_eq(teams_text(v, one, "reactionType"), name))
			continue;
		a = teams_identity(v, teams_get(v, one, "user"), &machine);
		write_str(w, a.uri.p == NULL ? STR("") : a.uri);
		count++;
	}
	write_list_end(w);
	write_member_int(w, "count", count);
	write_object_end(w);
}

enum { REACTIONS = 64 }; /* kinds of them that are told */

static void
write_reactions(struct teams_view *v, struct writer *w)
{
	struct json list = teams_get(v, v->native, "reactions"), one;
	struct json_iter it = json_each(list);
	struct str names[REACTIONS];
	size_t n = 0, i, at = 0;

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, "reactions");
	write_list(w);
	for (; json_next(&it, NULL, &one); at++) {
		struct str name = teams_text(v, one, "reactionType");

		for (i = 0; i < n && !str_eq(names[i], name);)
			i++;
		if (i < n || n == REACTIONS || name.p == NULL)
			continue;
		names[n++] = name;
		write_reaction(v, w, list, name, at);
	}
	write_list_end(w);
}

static void
write_when(struct teams_view *v, struct writer *w, const char *name,
    const char *as, const char *keyword)
{
	int64_t t;

	if (teams_time(v, name, &t) < 0)
		return;
	message_keyword(v->m, keyword);
	write_member_time(w, as, t);
}

static int
write_data(struct teams_view *v, struct err *e)
{
	/* What stands on a message and has no member of its own. */
	static const char *const kept[] = { "summary", "policyViolation",
		"locale", "webUrl", "messageHistory", NULL };
	struct writer *w = native_data(v->n);
	struct str importance = teams_text(v, v->native, "importance");

	if (v->m->type[0] != 'm')
		teams_event(v, w);
	write_when(v, w, "lastEditedDateTime", "editedAt", "edited");
	write_when(v, w, "deletedDateTime", "deletedAt", "deleted");
	write_member(
	    w, "team", teams_text(v, v->native, "channelIdentity/teamId"));
	if (importance.p != NULL && !str_eq_nocase(importance, STR("normal")))
		write_member(w, "importance", importance);
	write_reactions(v, w);
	teams_files(v, w);
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], teams_get(v, v->native, kept[i]));
	return native_data_end(v->n, e);
}

/* Numbers where an enumeration was written as such. */
static bool
is_event(struct teams_view *v)
{
	struct json type = teams_get(v, v->native, "messageType");

	if (json_type(type) == JSON_NUMBER)
		return !str_is(json_raw(type), "0");
	if (json_type(type) == JSON_STRING)
		return !json_is(type, "message") && !json_is(type, "Message");
	return json_type(teams_get(v, v->native, "eventDetail")) == JSON_OBJECT;
}

static enum stage_result
emit_one(struct teams_view *v, struct err *e)
{
	v->m->channel = "teams";
	v->m->type = "message";
	if (read_ids(v) < 0)
		return native_reject(e, "no message of Teams: it has no time");
	if (is_event(v))
		v->m->type = teams_event_type(v);
	read_people(v);
	v->m->subject = teams_text(v, v->native, "subject");
	if (json_type(json_get(v->native, "@removed")) == JSON_OBJECT)
		message_keyword(v->m, "deleted");
	if (teams_body(v, e) < 0 || write_data(v, e) < 0)
		return STAGE_REJECT;
	return native_emit(v->n, e);
}

static enum teams_item
kind_of(const struct teams_view *v)
{
	static const struct {
		const char *name;
		enum teams_item kind;
	} marks[] = {
		{ "messageType", TEAMS_MESSAGE },
		{ "body", TEAMS_MESSAGE },
		{ "userPrincipalName", TEAMS_USER },
		{ "groupsId", TEAMS_TEAM },
		{ "membershipType", TEAMS_CHANNEL },
		{ "chatType", TEAMS_CHAT },
		{ "userId", TEAMS_MEMBER },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (json_type(teams_get(v, v->native, marks[i].name)) !=
		    JSON_NONE)
			return marks[i].kind;
	return json_type(json_get(v->native, "@removed")) == JSON_OBJECT
		   ? TEAMS_MESSAGE
		   : TEAMS_OTHER;
}

static struct teams_view
view_of(struct normalize *n, struct json native)
{
	struct teams_view v = {
		.n = n, .m = normalize_begin(n), .native = native
	};

	v.pascal = json_type(json_get(native, "Id")) != JSON_NONE ||
		   json_type(json_get(native, "GroupsId")) != JSON_NONE ||
		   json_type(json_get(native, "UserId")) != JSON_NONE;
	return v;
}

enum stage_result
teams_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct teams_view v = view_of(n, native);
	struct json replies = teams_get(&v, native, "replies"), one;
	struct json_iter it = json_each(replies);
	enum teams_item kind = kind_of(&v);
	enum stage_result rc;

	if (kind == TEAMS_OTHER)
		return native_reject(e, "nothing that Teams has");
	if (kind != TEAMS_MESSAGE)
		return teams_row(&v, kind, e);
	rc = emit_one(&v, e);
	while (rc == STAGE_OK && json_type(replies) == JSON_LIST &&
	       json_next(&it, NULL, &one)) {
		v = view_of(n, one);
		rc = emit_one(&v, e);
	}
	return rc;
}
