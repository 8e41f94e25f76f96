#include "source/imessage/view.h"

enum {
	REACTION = 2000, /* associated_message_type; to 2999 */
	REACTION_GONE = 3000, /* the same, taken back; to 3999 */
	REACTION_END = 4000,
	STICKER = 1000,
	BY_EMOJI = 6, /* 2006: associated_message_emoji says which */
	SCHEDULED = 2, /* schedule_type */
	PREFIX = 8, /* bytes of "p:0/" */
};

/* "p:0/GUID", "bp:GUID", "GUID": the message that a row is about. */
static struct str
about(struct imessage_view *v)
{
	struct str s = imessage_text(v, "associated_message_guid");
	ptrdiff_t slash = str_chr(s, '/');

	if (str_starts(s, STR("bp:")))
		return str_sub(s, 3, s.n);
	if (str_starts(s, STR("p:")) && slash > 0 && slash < PREFIX)
		return str_sub(s, (size_t)slash + 1, s.n);
	return s;
}

/* Events. */

/* What a tapback is, as the others see it; STR_NONE for one that nobody knows
 * yet. */
static struct str
reaction(struct imessage_view *v)
{
	static const char *const names[] = { "❤️", "👍", "👎", "😂", "‼️",
		"❓" };
	int64_t type = imessage_int(v, "associated_message_type");
	int64_t i = type % 1000;

	if (type < REACTION || type >= REACTION_END)
		return STR_NONE;
	if (i == BY_EMOJI)
		return imessage_text(v, "associated_message_emoji");
	return i >= 0 && i < (int64_t)(sizeof(names) / sizeof(*names))
		   ? str_of(names[i])
		   : STR_NONE;
}

/* What a row is, where it is no message: item_type and group_action_type. */
static const char *
event_of(struct imessage_view *v)
{
	static const struct {
		int item, action; /* -1: any */
		const char *name;
	} events[] = {
		{ 1, 0, "participantAdded" },
		{ 1, 1, "participantRemoved" },
		{ 2, -1, "nameChanged" },
		{ 3, 0, "participantLeft" },
		{ 3, 1, "photoChanged" },
		{ 3, 2, "photoRemoved" },
		{ 3, 4, "backgroundChanged" },
		{ 3, 6, "backgroundRemoved" },
		{ 4, -1, "locationShared" },
		{ 5, -1, "audioKept" },
		{ 6, -1, "sharePlay" },
	};
	int64_t item = imessage_int(v, "item_type");
	int64_t action = imessage_int(v, "group_action_type");
	int64_t type = imessage_int(v, "associated_message_type");

	if (type >= REACTION && type < REACTION_GONE)
		return "reaction";
	if (type >= REACTION_GONE && type < REACTION_END)
		return "reactionRemoved";
	if (item == 0)
		return imessage_int(v, "is_system_message") != 0 ? "system"
								 : NULL;
	if (item == 4 && imessage_int(v, "share_status") != 0)
		return "locationNoLongerShared";
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (events[i].item == item &&
		    (events[i].action < 0 || events[i].action == action))
			return events[i].name;
	return "system";
}

/* Messages. */

static struct str
text_of(struct imessage_view *v)
{
	struct json text = json_get(v->row, "text");
	struct str s = STR_NONE;
	struct err e;

	if (json_type(text) == JSON_OBJECT)
		(void)normalize_text(v->n, text, &s, &e);
	else
		s = json_str(text, &v->m->arena);
	s = imessage_clean(v, s);
	return s.p != NULL
		   ? s
		   : imessage_clean(v,
			 typedstream_text(imessage_blob(v, "attributedBody")));
}

static void
attach(struct imessage_view *v)
{
	struct json_iter it = json_each(json_get(v->item, "attachments"));
	struct json one;

	while (json_next(&it, NULL, &one)) {
		struct attachment a = { .size = -1 };

		a.name = native_text(v->n, one, "transfer_name");
		if (a.name.p == NULL)
			a.name = str_after_last(
			    native_text(v->n, one, "filename"), '/');
		a.type = native_text(v->n, one, "mime_type");
		if (json_int(json_get(one, "total_bytes"), &a.size) < 0 ||
		    a.size < 0)
			a.size = -1;
		if (a.name.n == 0)
			a.name = native_text(v->n, one, "guid");
		if (a.name.n > 0)
			message_add_attachment(v->m, a);
	}
}

static void
write_who(struct imessage_view *v, struct writer *w)
{
	struct address a = imessage_handle(v, json_get(v->item, "other"));

	if (a.tel.p != NULL)
		write_member(w, "who", a.tel);
	else
		write_member(w, "who", a.email.p != NULL ? a.email : a.uri);
}

static void
write_event(struct imessage_view *v, const char *event, struct writer *w)
{
	write_member(w, "subtype", str_of(event));
	write_member(w, "reaction", reaction(v));
	write_member(w, "title", imessage_text(v, "group_title"));
	write_who(v, w);
}

/* What else is known of a message. */
static void
write_more(struct imessage_view *v, struct writer *w)
{
	static const struct {
		const char *column, *name;
	} times[] = {
		{ "date_delivered", "deliveredAt" },
		{ "date_read", "readAt" },
		{ "date_played", "playedAt" },
	};
	int64_t error = imessage_int(v, "error");

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		write_member_time(
		    w, times[i].name, imessage_time(v, times[i].column));
	if (error != 0)
		write_member_int(w, "error", error);
	/* Nobody got it. */
	if (v->ours && error != 0 && imessage_int(v, "is_sent") == 0 &&
	    imessage_int(v, "is_delivered") == 0) {
		message_keyword(v->m, "draft");
		write_member(w, "status", STR("failed"));
	}
	if (imessage_int(v, "is_audio_message") != 0)
		write_member(w, "kind", STR("audio"));
	else if (imessage_int(v, "associated_message_type") == STICKER)
		write_member(w, "kind", STR("sticker"));
	write_member(w, "app", imessage_text(v, "balloon_bundle_id"));
}

/* Of a recently deleted message its chat says so. */
static void
write_removed(struct imessage_view *v, struct writer *w)
{
	int64_t at;

	if (json_int(json_get(v->chat, "delete_date"), &at) < 0)
		return;
	message_keyword(v->m, "deleted");
	write_member_time(w, "deletedAt", imessage_instant((double)at));
}

static int
write_data(struct imessage_view *v, const char *event, struct err *e)
{
	struct writer *w = native_data(v->n);
	struct str service = imessage_text(v, "service");

	if (service.p != NULL && !str_is(service, "iMessage") &&
	    !str_is(service, "SMS"))
		write_member(w, "service", service);
	if (v->group && v->m->channel[0] == 's')
		write_member(
		    w, "chat", native_text(v->n, v->chat, "display_name"));
	if (event != NULL) {
		write_event(v, event, w);
	} else {
		write_more(v, w);
		imessage_edits(v, w);
	}
	write_removed(v, w);
	return native_data_end(v->n, e);
}

/* SMS and RCS are the telephone's; what has no service is iMessage's. */
static const char *
channel_of(struct imessage_view *v)
{
	struct str service = imessage_text(v, "service");

	return str_starts_nocase(service, STR("SMS")) ||
		       str_starts_nocase(service, STR("MMS")) ||
		       str_starts_nocase(service, STR("RCS"))
		   ? "sms"
		   : "imessage";
}

static void
read_ids(struct imessage_view *v)
{
	struct str guid = imessage_text(v, "guid");
	struct str what = about(v);

	if (what.p == NULL)
		what = imessage_text(v, "thread_originator_guid");
	v->m->native_id = guid.p != NULL ? guid : json_raw(v->row);
	v->m->message_id = guid;
	/* A message that fell back to SMS is the same one. */
	v->m->id_scope = "imessage";
	v->m->id_without_account = guid.p != NULL;
	v->m->thread_id = native_text(v->n, v->chat, "chat_identifier");
	if (v->m->thread_id.p == NULL)
		v->m->thread_id = imessage_text(v, "cache_roomnames");
	if (what.p != NULL)
		message_add_str(v->m, &v->m->in_reply_to, what);
}

enum stage_result
imessage_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct imessage_view v = { .n = n,
		.m = normalize_begin(n),
		.item = native,
		.row = json_get(native, "message"),
		.chat = json_at(json_get(native, "chats"), 0) };
	const char *event;

	if (json_type(v.row) != JSON_OBJECT)
		return native_reject(e, "no row of Messages: it has no "
					"message");
	v.m->sent = imessage_time(&v, "date");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a message without a date");
	v.ours = imessage_int(&v, "is_from_me") != 0;
	v.m->channel = channel_of(&v);
	event = event_of(&v);
	v.m->type = event == NULL ? "message" : "event";
	read_ids(&v);
	imessage_people(&v);
	v.m->subject = imessage_text(&v, "subject");
	v.m->text = event == NULL ? text_of(&v) : STR_NONE;
	attach(&v);
	if (imessage_int(&v, "schedule_type") == SCHEDULED &&
	    imessage_int(&v, "is_sent") == 0)
		message_keyword(v.m, "draft");
	if (imessage_int(&v, "is_auto_reply") != 0)
		message_keyword(v.m, "automatic");
	return write_data(&v, event, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
