/*
 * A message is one, also where a report tells of it; what became of it is a
 * receipt; a call is one for each of its legs, in the thread of its
 * conversation.
 */
#include "core/text/ascii.h"
#include "source/vonage/vonage.h"

enum { FULL_NUMBER = 8 }; /* digits of one with its country's */

struct view {
	struct normalize *n;
	struct message *m;
	struct json item;
};

static struct str
text(struct view *v, const char *names)
{
	return desk_text(v->n, v->item, names);
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static bool
is_nobody(const struct address *a)
{
	return a->tel.p == NULL && a->uri.p == NULL;
}

/* A number is in full and without its plus; what is none is a name, a short
 * code, or an id of the channel. */
static struct address
party(struct view *v, const char *name)
{
	struct json who = desk_get(v->item, name);
	struct address a = { 0 };
	struct str s = json_type(who) == JSON_OBJECT
			   ? desk_text(v->n, who, "number|id|user|sip|uri")
			   : native_value(v->n, who);
	bool chat = v->m->channel[0] != 's' && v->m->channel[0] != 'm' &&
		    v->m->channel[0] != 'v' && v->m->channel[0] != 'w';

	if (s.p == NULL || desk_is(s, "unknown|anonymous|private|restricted"))
		return a;
	if (str_starts(s, STR("sip:")))
		a.uri = s;
	else if (chat || strcmp(v->m->channel, "messenger") == 0)
		a.uri = native_uri(v->n, v->m->channel, s);
	else if (all_digits(s) && s.n >= FULL_NUMBER && s.p[0] != '0')
		message_phone(v->m, &a, ARENA_JOIN(&v->m->arena, STR("+"), s));
	else
		message_phone(v->m, &a, s);
	return a;
}

static void
read_parties(struct view *v)
{
	struct address from = party(v, "msisdn"), to = party(v, "to");
	bool in = v->m->direction[0] == 'i';

	if (is_nobody(&from))
		from = party(v, "from");
	from.name = desk_text(v->n, desk_get(v->item, "profile"), "name");
	v->m->from = from;
	if (!is_nobody(&to))
		message_add_address(v->m, &v->m->to, to);
	v->m->account = in ? to.tel : from.tel;
	if (v->m->account.p == NULL)
		v->m->account = in ? to.uri : from.uri;
}

/* In the words of receipts; NULL: it is on its way. */
static const char *
receipt_of(struct str status)
{
	return desk_is(status, "delivered|completed") ? "delivered"
	       : desk_is(status, "read")              ? "read"
	       : desk_is(status, "failed|undelivered|undeliverable|rejected|"
				 "expired|deleted|unroutable")
		   ? "failed"
		   : NULL;
}

static enum stage_result
receipt(struct view *v, struct str about, struct err *e)
{
	struct json error = desk_get(v->item, "error");
	struct str code = text(v, "err_code|error_code");
	const char *status = receipt_of(text(v, "status"));
	struct str reason = desk_text(v->n, error, "detail");
	struct message *m = v->m;
	struct writer *w;

	if (status == NULL || about.p == NULL) {
		sink_sum(v->n->sink, "receipts of what is on its way", 1);
		return STAGE_OK;
	}
	if (code.p == NULL)
		code = desk_text(v->n, error, "title|code");
	m->type = "event";
	m->native_id = ARENA_JOIN(&m->arena, about, STR("/"), str_of(status));
	m->message_id = m->thread_id = m->text = STR_NONE;
	m->sent = desk_time_utc(v->n, v->item,
	    "date_finalized|message_timestamp|timestamp|date_received");
	m->direction = "inbound";
	m->from = (struct address){ 0 };
	m->to.n = m->attachments.n = m->in_reply_to.n = 0;
	w = native_data(v->n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", str_of(status));
	write_member_strs(w, "about", &about, 1);
	if (code.p != NULL && !str_is(code, "0"))
		write_member(w, "code", code);
	if (reason.p == NULL && status[0] == 'f')
		reason = text(v, "error_code_description");
	write_member(w, "reason", reason);
	if (native_data_end(v->n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(v->n, "vonage", e);
}

/* What is in it, whichever version of the interface says it. */
static int
read_body(struct view *v, struct err *e)
{
	static const char *const files[] = { "image", "audio", "video", "file",
		"vcard", "sticker", NULL };
	struct json said = native_at(desk_get(v->item, "message"), "content");
	struct str body = text(v, "text|message_body|body");
	struct str about = desk_text(
	    v->n, desk_get(v->item, "context"), "message_uuid|message_id");

	if (json_type(said) != JSON_OBJECT)
		said = v->item;
	if (body.p == NULL)
		body = desk_text(v->n, said, "text");
	for (size_t i = 0; files[i] != NULL; i++) {
		struct json file = desk_get(said, files[i]);

		desk_attach(v->n, file);
		if (body.p == NULL)
			body = desk_text(v->n, file, "caption");
	}
	if (body.p == NULL)
		body = desk_text(
		    v->n, desk_get(v->item, "reply|button"), "title|text");
	if (about.p != NULL)
		message_add_str(v->m, &v->m->in_reply_to, about);
	return desk_body(v->n, body, false, false, e);
}

static int
write_kept(struct view *v, struct err *e)
{
	static const char *const kept[] = { "status", "network", "country",
		"total_price", "currency", "client_ref", "concat_ref",
		"concat_part", "concat_total", "location", "order", NULL };
	struct writer *w = native_data(v->n);

	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], desk_get(v->item, kept[i]));
	return native_data_end(v->n, e);
}

static enum stage_result
message(struct view *v, struct err *e)
{
	struct str id = text(v, "message_uuid|messageId|message_id");
	struct str way = text(v, "direction");
	bool reported =
	    desk_get(v->item, "date_received|date_finalized").doc != NULL;
	enum stage_result rc;

	if (desk_channel(text(v, "channel")) != NULL)
		v->m->channel = desk_channel(text(v, "channel"));
	/* What is posted is from a customer, or a receipt. */
	v->m->direction =
	    str_starts_nocase(way, STR("out")) ? "outbound" : "inbound";
	if (!reported && receipt_of(text(v, "status")) != NULL)
		return receipt(v, id, e);
	v->m->type = "message";
	v->m->native_id = v->m->message_id = id;
	if (id.p == NULL)
		v->m->native_id = native_content(v->n, v->item);
	v->m->sent = desk_time_utc(
	    v->n, v->item, "date_received|message_timestamp|timestamp");
	if (v->m->sent == TIME_NONE)
		return native_reject(e, "no message of Vonage: it has no time");
	read_parties(v);
	if (read_body(v, e) < 0 || write_kept(v, e) < 0)
		return STAGE_REJECT;
	if (!reported && desk_is(text(v, "status"), "submitted|accepted")) {
		sink_sum(v->n->sink, "receipts of what is on its way", 1);
		return STAGE_OK;
	}
	rc = desk_emit(v->n, "vonage", e);
	if (rc == STAGE_OK && v->m->direction[0] == 'o' &&
	    receipt_of(text(v, "status")) != NULL)
		rc = receipt(v, id, e);
	return rc;
}

static enum stage_result
call(struct view *v, struct err *e)
{
	struct str id = text(v, "call_id|uuid");
	struct str status = text(v, "status");
	const char *is = desk_disposition(status);
	struct writer *w;

	if (desk_is(status, "started|ringing|answered|machine|human") &&
	    desk_get(v->item, "date_end|end_time").doc == NULL) {
		sink_sum(v->n->sink, "calls that had not ended", 1);
		return STAGE_OK;
	}
	if (desk_is(status, "timeout|unanswered"))
		is = "no answer";
	v->m->type = "call";
	v->m->channel = "voice";
	v->m->direction = str_starts_nocase(text(v, "direction"), STR("out"))
			      ? "outbound"
			      : "inbound";
	v->m->native_id = v->m->message_id = id;
	if (id.p == NULL)
		v->m->native_id = native_content(v->n, v->item);
	v->m->thread_id = text(v, "conversation_id|conversation_uuid");
	v->m->sent =
	    desk_time_utc(v->n, v->item, "date_start|start_time|timestamp");
	if (v->m->sent == TIME_NONE)
		return native_reject(e, "no call of Vonage: it has no time");
	read_parties(v);
	w = native_data(v->n);
	desk_seconds(v->n, w, "duration", desk_get(v->item, "duration"));
	if (is != NULL)
		write_member(w, "disposition", str_of(is));
	write_member(w, "status", status);
	write_member(w, "call", v->m->thread_id);
	native_data_raw(w, "network", desk_get(v->item, "network"));
	native_data_raw(w, "price", desk_get(v->item, "total_price|price"));
	if (native_data_end(v->n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(v->n, "vonage", e);
}

enum stage_result
vonage_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .item = native };

	v.m->channel = "sms";
	v.m->id_without_account = true;
	if (desk_get(native, "conversation_uuid|call_id").doc != NULL)
		return call(&v, e);
	if (desk_get(native, "message_uuid|message_id|messageId|msisdn").doc !=
	    NULL)
		return message(&v, e);
	return native_reject(e, "neither a message nor a call of Vonage");
}
