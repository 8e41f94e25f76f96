#include "core/text/ascii.h"
#include "source/native.h"
#include "source/skype/skype.h"
#include "source/teams/markup.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json native, properties;
	struct str owner; /* whose data it is, or absent */
	struct str conversation; /* as it is written */
	struct str place; /* what its ids count in */
	struct str content, kind;
	bool two; /* a conversation of two */
	struct skype_call call;
	struct skype_activity activity;
};

static struct str
text(struct view *v, const char *name)
{
	return native_text(v->n, v->native, name);
}

/* "https://.../contacts/8:live:ana" */
static struct str
bare_id(struct str s)
{
	return str_after_last(s, '/');
}

/* "8:live:ana", "8:orgid:GUID", "28:bot", "4:+4930...", and "live:ana". */
static struct address
person(struct view *v, struct str id, struct str name)
{
	struct address a = { .name = name };

	id = bare_id(id);
	if (id.n == 0 || str_starts(id, STR("19:")))
		return a;
	if (str_starts(id, STR("4:"))) {
		message_phone(v->m, &a, str_sub(id, 2, id.n));
		return a;
	}
	if (str_starts(id, STR("8:")))
		id = str_sub(id, 2, id.n);
	if (str_starts(id, STR("orgid:")))
		id = str_sub(id, 6, id.n);
	a.uri = native_uri(v->n, "teams", id);
	return a;
}

static bool
is_group(struct str id)
{
	return str_starts(id, STR("19:")) || str_starts(id, STR("48:")) ||
	       str_chr(id, '@') > 0;
}

/*
 * A conversation of two is called after the other, in the data of each: both
 * names make one place.
 */
static void
read_place(struct view *v)
{
	static const char *const ids[] = { "conversationid", "conversationId",
		NULL };
	struct str id = native_any(v->n, v->native, ids);
	ptrdiff_t thread;

	if (id.p == NULL)
		id = bare_id(text(v, "conversationLink"));
	if (id.n == 0)
		id = native_value(v->n, native_beside(v->n, "id"));
	v->conversation = id;
	v->owner = native_value(v->n, native_beside(v->n, "userId"));
	v->two = id.n > 0 && !is_group(id);
	thread = str_find(id, STR(";messageid="));
	v->place = thread < 0 ? id : str_sub(id, 0, (size_t)thread);
	if (v->two && v->owner.n > 0) {
		struct str a = v->owner, b = id;

		if (str_cmp(a, b) > 0)
			a = id, b = v->owner;
		v->place = ARENA_JOIN(&v->m->arena, a, STR("_"), b);
		v->conversation = v->place;
	}
}

static struct str
in_place(struct view *v, struct str id)
{
	return v->place.n == 0 || id.p == NULL
		   ? id
		   : ARENA_JOIN(&v->m->arena, v->place, STR("/"), id);
}

static int
read_ids(struct view *v)
{
	static const char *const times[] = { "originalarrivaltime",
		"originalArrivalTime", "composetime", "composeTime", "id",
		NULL };
	struct str id = text(v, "id");
	size_t i = 0;

	read_place(v);
	while (
	    times[i] != NULL &&
	    native_time(v->n, json_get(v->native, times[i]), &v->m->sent) < 0)
		i++;
	if (times[i] == NULL)
		return -1;
	v->m->id_without_account = true;
	v->m->native_id = v->m->message_id = in_place(v, id);
	if (v->m->native_id.p == NULL)
		v->m->native_id = native_content(v->n, v->native);
	v->m->thread_id = v->conversation.n > 0 ? v->conversation : STR_NONE;
	return 0;
}

static void
read_people(struct view *v)
{
	static const char *const names[] = { "displayName", "imdisplayname",
		NULL };
	struct str name =
	    native_value(v->n, native_beside(v->n, "displayName"));
	struct str from = text(v, "from");
	struct str other = native_value(v->n, native_beside(v->n, "id"));
	struct address to = { .name = name };
	bool ours;

	if (v->activity.initiator.p != NULL)
		from = v->activity.initiator;
	v->m->from = person(v, from,
	    v->activity.initiator.p != NULL
		? STR_NONE
		: native_any(v->n, v->native, names));
	ours = v->owner.p != NULL && str_eq(bare_id(from), v->owner);
	if (str_starts(bare_id(from), STR("28:"))) {
		message_keyword(v->m, "bot");
		message_keyword(v->m, "automatic");
	}
	if (ours)
		v->m->direction = "outbound";
	else if (v->owner.p != NULL)
		v->m->direction = "inbound";
	if (v->two && ours)
		to = person(v, other, name);
	else if (v->two)
		to = person(v, v->owner, STR_NONE);
	if (to.name.p != NULL || to.uri.p != NULL || to.tel.p != NULL)
		message_add_address(v->m, &v->m->to, to);
}

/* Some properties are JSON in a string. */
static struct json
property(struct view *v, const char *name)
{
	struct json value = json_get(v->properties, name), root;

	if (json_type(value) != JSON_STRING)
		return value;
	return teams_json(v->n, value, &root) < 0 ? JSON_ABSENT : root;
}

void
skype_release(void *kept)
{
	json_doc_free(kept);
}

/* [{"key":"heart","users":[{"mri":"8:live:ana"}]}] */
static void
write_reactions(struct view *v, struct writer *w)
{
	struct json list = property(v, "emotions"), one, who;
	struct json_iter it = json_each(list), users;

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, "reactions");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct json by = json_get(one, "users");

		write_object(w);
		write_member(w, "name", native_text(v->n, one, "key"));
		write_key(w, "by");
		write_list(w);
		users = json_each(by);
		while (json_type(by) == JSON_LIST &&
		       json_next(&users, NULL, &who)) {
			struct address a =
			    person(v, native_text(v->n, who, "mri"), STR_NONE);

			write_str(w, a.uri.p == NULL ? STR("") : a.uri);
		}
		write_list_end(w);
		write_member_int(w, "count", (int64_t)json_count(by));
		write_object_end(w);
	}
	write_list_end(w);
}

static void
add_files(struct view *v)
{
	static const char *const names[] = { "fileName", "title", NULL };
	struct json list = property(v, "files"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct attachment a = { .size = -1 };

		a.name = native_any(v->n, one, names);
		a.blob_id =
		    native_uri(v->n, "teams", native_text(v->n, one, "itemid"));
		if (a.name.p != NULL || a.blob_id.p != NULL)
			message_add_attachment(v->m, a);
	}
}

static void
write_time_of(struct view *v, struct writer *w, const char *name,
    const char *as, const char *keyword)
{
	int64_t t;

	if (native_time(v->n, json_get(v->properties, name), &t) < 0)
		return;
	message_keyword(v->m, keyword);
	write_member_time(w, as, t);
}

static void
write_call(struct view *v, struct writer *w)
{
	const struct skype_call *c = &v->call;
	bool missed = str_eq_nocase(c->type, STR("missed"));

	if (c->seconds >= 0)
		write_member_int(w, "duration", c->seconds);
	write_member(w, "disposition",
	    missed           ? STR("missed")
	    : c->seconds > 0 ? STR("answered")
			     : STR("no answer"));
	write_member(w, "call", c->id);
	for (size_t i = 0; i < c->n; i++) {
		struct address a = person(v, c->parts[i], c->names[i]);
		bool told = a.uri.p == NULL || str_eq(a.uri, v->m->from.uri);

		for (size_t j = 0; !told && j < v->m->to.n; j++)
			told = str_eq(a.uri, v->m->to.v[j].uri);
		if (!told)
			message_add_address(v->m, &v->m->to, a);
	}
}

static void
write_event(struct view *v, struct writer *w)
{
	write_member(w, "subtype", v->kind);
	if (v->m->type[0] == 'c')
		write_call(v, w);
	if (v->activity.n > 0) {
		write_key(w, "targets");
		write_list(w);
		for (size_t i = 0; i < v->activity.n; i++) {
			struct address a =
			    person(v, v->activity.targets[i], STR_NONE);

			if (a.uri.p != NULL)
				write_str(w, a.uri);
		}
		write_list_end(w);
	}
	write_member(w, "content", v->content);
}

static int
write_data(struct view *v, struct err *e)
{
	struct writer *w = native_data(v->n);

	if (v->m->type[0] != 'm')
		write_event(v, w);
	else if (str_chr(v->kind, '_') > 0 || str_is(v->kind, "Poll"))
		write_member(w, "kind", v->kind);
	write_time_of(v, w, "edittime", "editedAt", "edited");
	write_time_of(v, w, "deletetime", "deletedAt", "deleted");
	write_reactions(v, w);
	return native_data_end(v->n, e);
}

static int
read_text(struct view *v, struct err *e)
{
	struct teams_said said;

	if (v->m->type[0] != 'm') {
		v->m->text = v->activity.value;
		return 0;
	}
	if (teams_markup(v->n, v->content, !str_is(v->kind, "RichText/Html"),
		&said, e) < 0)
		return -1;
	v->m->text = said.text;
	v->m->quoted = said.quoted;
	v->m->subject = native_text(v->n, v->properties, "subject");
	if (said.replies_to.p != NULL)
		message_add_str(
		    v->m, &v->m->in_reply_to, in_place(v, said.replies_to));
	add_files(v);
	/* Who takes a message back leaves the mark of an edit. */
	if (said.edited)
		message_keyword(v->m,
		    said.text.p == NULL && v->m->attachments.n == 0 ? "deleted"
								    : "edited");
	return 0;
}

static const char *
type_of(struct view *v)
{
	if (str_is(v->kind, "Event/Call")) {
		skype_read_call(v->content, &v->call);
		return v->call.type.p == NULL ||
			       str_eq_nocase(v->call.type, STR("started"))
			   ? "event"
			   : "call";
	}
	if (v->kind.p == NULL || str_starts(v->kind, STR("RichText")) ||
	    str_is(v->kind, "Text") || str_is(v->kind, "Poll"))
		return "message";
	skype_read_activity(v->content, &v->activity);
	return "event";
}

enum stage_result
skype_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };

	v.m->channel = "teams";
	v.properties = json_get(native, "properties");
	v.content = native_text(n, native, "content");
	v.kind = native_text(n, native, "messagetype");
	if (v.kind.p == NULL)
		v.kind = native_text(n, native, "messageType");
	v.m->type = type_of(&v);
	if (read_ids(&v) < 0)
		return native_reject(e, "no message of Skype: it has no time");
	read_people(&v);
	if (read_text(&v, e) < 0 || write_data(&v, e) < 0)
		return STAGE_REJECT;
	return native_emit(n, e);
}
