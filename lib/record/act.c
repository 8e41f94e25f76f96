#include "record/act.h"

#include "core/hash.h"
#include "core/time.h"
#include "json/write.h"
#include "record/fields.h"

static const char *const names[ACT_KINDS] = {
	[ACT_DONE] = "done",
	[ACT_REOPEN] = "reopen",
	[ACT_SNOOZE] = "snooze",
	[ACT_ASSIGN] = "assign",
	[ACT_LET_IN] = "letIn",
	[ACT_SAME] = "same",
	[ACT_DIFFERENT] = "different",
	[ACT_JOIN] = "join",
	[ACT_PART] = "part",
	[ACT_SEEN] = "seen",
};

const char *
act_name(enum act_kind kind)
{
	return names[kind];
}

enum act_kind
act_named(struct str name)
{
	for (enum act_kind i = ACT_DONE; i < ACT_KINDS; i++)
		if (str_is(name, names[i]))
			return i;
	return ACT_NONE;
}

static struct str
text(struct record *r, const char *name)
{
	return json_str(json_get(record_get(r, "data"), name), record_arena(r));
}

bool
act_is(struct record *r)
{
	return act_named(text(r, "act")) != ACT_NONE;
}

bool
act_read(struct record *r, struct act *out)
{
	struct json data;

	*out = (struct act){ .until = TIME_NONE, .at = TIME_NONE };
	if (!record_is(r, "type", "event"))
		return false;
	data = record_get(r, "data");
	out->kind = act_named(text(r, "act"));
	if (out->kind == ACT_NONE)
		return false;
	out->conversation = text(r, "conversation");
	out->assignee = text(r, "assignee");
	out->team = text(r, "team");
	out->record = text(r, "record");
	out->alert = text(r, "alert");
	out->note = text(r, "note");
	out->conversations = json_get(data, "conversations");
	out->names = json_get(data, "names");
	out->by =
	    json_str(json_get(record_get(r, "from"), "name"), record_arena(r));
	out->at = record_time(r);
	if (time_parse(text(r, "until"), &out->until) != 0)
		out->until = TIME_NONE;
	return true;
}

static bool
is_list(struct json v)
{
	struct json_iter it = json_each(v);
	struct json x;

	if (json_type(v) != JSON_LIST || json_count(v) < 2 ||
	    json_count(v) > ACT_NAMES)
		return false;
	while (json_next(&it, NULL, &x))
		if (json_type(x) != JSON_STRING)
			return false;
	return true;
}

static int
needs(struct err *e, const struct act *a, bool given, const char *what)
{
	return given ? 0
		     : err_set(e, "the act %s needs %s", names[a->kind], what);
}

int
act_check(const struct act *a, struct err *e)
{
	static const char conversation[] = "data.conversation: the id of one";

	if (a->at == TIME_NONE)
		return needs(e, a, false, "sentAt: when it was decided");
	switch (a->kind) {
	case ACT_DONE:
	case ACT_REOPEN:
		return needs(e, a, a->conversation.n > 0, conversation);
	case ACT_SNOOZE:
		return needs(e, a, a->conversation.n > 0, conversation) != 0 ||
			       needs(e, a, a->until != TIME_NONE,
				   "data.until: a time") != 0
			   ? -1
			   : 0;
	case ACT_ASSIGN:
		return needs(e, a, a->conversation.n > 0, conversation) != 0 ||
			       needs(e, a, a->assignee.n + a->team.n > 0,
				   "data.assignee or data.team") != 0
			   ? -1
			   : 0;
	case ACT_LET_IN:
		return needs(
		    e, a, a->record.n > 0, "data.record: the id of one");
	case ACT_SAME:
	case ACT_DIFFERENT:
		return needs(e, a, is_list(a->names),
		    "data.names: a list of 2 to 1000 keys or ids");
	case ACT_JOIN:
	case ACT_PART:
		return needs(e, a, is_list(a->conversations),
		    "data.conversations: a list of 2 to 1000 ids");
	default:
		return 0;
	}
}

struct str
record_conversation(struct record *r)
{
	struct str s = record_str(r, "conversation");

	return s.p != NULL || !record_is(r, "type", "event")
		   ? s
		   : text(r, "conversation");
}

/* Which member of data holds what it is about, and is that a list? */
static const char *
member_of(enum act_kind kind, bool *list)
{
	*list = kind == ACT_SAME || kind == ACT_DIFFERENT || kind == ACT_JOIN ||
		kind == ACT_PART;
	return kind == ACT_SAME || kind == ACT_DIFFERENT ? "names"
	       : *list                                   ? "conversations"
	       : kind == ACT_LET_IN                      ? "record"
	       : kind == ACT_SEEN                        ? "alert"
							 : "conversation";
}

static void
write_data(struct writer *w, const struct act_words *a)
{
	bool list;
	const char *member = member_of(a->kind, &list);

	write_object(w);
	write_member(w, "act", str_of(names[a->kind]));
	write_key(w, member);
	if (list)
		write_list(w);
	for (size_t i = 0; i < (list ? a->n : 1); i++)
		write_str(w, a->what[i]);
	if (list)
		write_list_end(w);
	write_member_time(w, "until", a->until);
	write_member(w, "assignee", a->assignee);
	write_member(w, "team", a->team);
	write_member(w, "note", a->note);
	write_object_end(w);
}

void
act_write(struct buf *out, const struct act_words *a)
{
	char id[ID_SIZE], at[TIME_SIZE];
	struct str parts[3];
	struct buf data;
	struct writer w;

	buf_init(&data, 1 << 20);
	write_init(&w, &data);
	write_data(&w, a);
	time_format(a->at, at);
	parts[0] = buf_str(&data);
	parts[1] = str_of(at);
	parts[2] = a->by.p == NULL ? STR("") : a->by;
	id_make(id, 'm', parts, 3);
	write_init(&w, out);
	write_object(&w);
	write_member(&w, "id", str_of(id));
	write_member(&w, "type", STR("event"));
	write_member(&w, "channel", STR("desk"));
	write_member_time(&w, "sentAt", a->at);
	if (a->by.p != NULL) {
		write_key(&w, "from");
		write_object(&w);
		write_member(&w, "name", a->by);
		write_object_end(&w);
	}
	write_member_raw(&w, "data", buf_str(&data));
	write_object_end(&w);
	buf_release(&data);
}
