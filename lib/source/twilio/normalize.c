/*
 * The meaning of a message, of what became of it, and of what stands beside it
 * in a conversation.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/twilio/twilio.h"

enum { MEDIA = 10 }; /* of a message, at most */

/* What a resource is by the first letters of its id. */
static bool
is_kind(struct twilio *t, const char *letters)
{
	return str_starts(t->sid, str_of(letters));
}

static bool
is_error(struct str code)
{
	return code.n > 0 && !str_is(code, "0");
}

/* What became of a message in the words of receipts; NULL: nothing yet. */
static const char *
receipt_of(struct str status)
{
	static const struct {
		const char *status, *is;
	} words[] = {
		{ "sent", "sent" },
		{ "delivered", "delivered" },
		{ "partially_delivered", "delivered" },
		{ "read", "read" },
		{ "undelivered", "failed" },
		{ "failed", "failed" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(status, str_of(words[i].status)))
			return words[i].is;
	return NULL;
}

/* A record of its own, about the message in hand. */
static enum stage_result
emit_receipt(struct twilio *t, struct str about, struct str also,
    const char *status, struct err *e)
{
	static const enum twilio_field times[] = { T_STAMP, T_RECEIVED,
		T_UPDATED, T_SENT, T_CREATED };
	struct message *m = t->m;
	struct str ids[] = { about, also };
	struct str code = twilio_text(t, T_ERROR);
	struct writer *w;

	m->type = "event";
	m->native_id = ARENA_JOIN(&m->arena, about, STR("/"), str_of(status));
	m->message_id = STR_NONE;
	m->text = STR_NONE;
	m->attachments.n = m->in_reply_to.n = 0;
	m->keywords[0] = NULL;
	m->sent = twilio_time(t, times, sizeof(times) / sizeof(*times));
	/* It tells of who was written to, and comes from nobody. */
	m->direction = "inbound";
	m->from = (struct address){ 0 };
	m->to.n = 0;
	w = native_data(t->n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", str_of(status));
	write_member_strs(w, "about", ids, also.n > 0 ? 2 : 1);
	if (is_error(code))
		write_member(w, "code", code);
	write_member(w, "reason", twilio_text(t, T_ERROR_TEXT));
	return native_data_end(t->n, e) < 0 ? STAGE_REJECT
					    : native_emit(t->n, e);
}

/* STOP and START as Twilio understood them, in whichever words. */
static enum stage_result
emit_consent(struct twilio *t, struct err *e)
{
	struct str said = twilio_text(t, T_OPT_OUT);
	bool out = str_eq_nocase(said, STR("STOP"));
	struct message *m = t->m;
	struct str words = m->text;
	struct writer *w;

	if (!out && !str_eq_nocase(said, STR("START")))
		return STAGE_OK;
	m->type = "event";
	m->native_id = ARENA_JOIN(&m->arena, t->sid, STR("/consent"));
	m->message_id = STR_NONE;
	m->text = STR_NONE;
	m->attachments.n = m->in_reply_to.n = 0;
	w = native_data(t->n);
	write_member(w, "act", STR("consent"));
	write_member(w, "purpose", STR("all"));
	write_member(w, "status", out ? STR("out") : STR("in"));
	write_member(w, "channel", str_of(m->channel));
	write_member(w, "words", words);
	write_member(w, "source", STR("twilio"));
	return native_data_end(t->n, e) < 0 ? STAGE_REJECT
					    : native_emit(t->n, e);
}

/* MediaUrl0 and MediaContentType0 of a form. */
static void
take_media(struct twilio *t, struct json native)
{
	struct arena *a = &t->m->arena;

	for (int i = 0; i < MEDIA; i++) {
		struct attachment at = { .size = -1 };
		struct str url = arena_printf(a, "MediaUrl%d", i);

		at.name = native_text(t->n, native, url.p);
		if (at.name.p == NULL)
			return;
		at.name = str_after_last(at.name, '/');
		at.type = native_text(
		    t->n, native, arena_printf(a, "MediaContentType%d", i).p);
		message_add_attachment(t->m, at);
	}
}

/* The files of a conversation's message. */
static void
take_files(struct twilio *t)
{
	static const char *const names[] = { "filename", "Filename", "sid",
		"Sid", NULL };
	static const char *const types[] = { "content_type", "contentType",
		"ContentType", NULL };
	struct json_iter it = json_each(t->f[T_MEDIA]);
	struct json v;
	bool list = json_type(t->f[T_MEDIA]) == JSON_LIST;

	while (list && json_next(&it, NULL, &v)) {
		struct attachment at = { .size = -1 };

		at.name = native_any(t->n, v, names);
		at.type = native_any(t->n, v, types);
		if (json_int(json_get(v, "size"), &at.size) < 0)
			at.size = -1;
		if (at.name.p != NULL || at.type.p != NULL)
			message_add_attachment(t->m, at);
	}
}

static int
write_data(struct twilio *t, struct err *e)
{
	static const struct twilio_kept kept[] = {
		{ "numSegments", T_SEGMENTS },
		{ "messagingServiceSid", T_SERVICE },
		{ "price", T_PRICE },
		{ "priceUnit", T_PRICE_UNIT },
		{ "latitude", T_LATITUDE },
		{ "longitude", T_LONGITUDE },
		{ "place", T_PLACE },
		{ "address", T_ADDRESS },
		{ "button", T_BUTTON },
		{ "optOutType", T_OPT_OUT },
		{ "delivery", T_DELIVERY },
		{ "origin", T_ORIGIN },
		{ "index", T_INDEX },
		{ "isForwarded", T_FORWARDED },
	};
	struct writer *w = native_data(t->n);
	struct str attributes = twilio_text(t, T_ATTRIBUTES);
	struct str code = twilio_text(t, T_ERROR);
	struct str media = twilio_text(t, T_MEDIA_COUNT);
	bool status = spelling_is_value(t->f[T_STATUS]);

	native_data_raw(w, "status", t->f[status ? T_STATUS : T_CALLED_BACK]);
	twilio_keep(t, w, kept, sizeof(kept) / sizeof(*kept));
	if (is_error(code)) {
		write_member(w, "errorCode", code);
		write_member(w, "reason", twilio_text(t, T_ERROR_TEXT));
	}
	if (is_error(media))
		write_member(w, "numMedia", media);
	if (attributes.n > 0 && !str_is(attributes, "{}"))
		write_member(w, "attributes", attributes);
	return native_data_end(t->n, e);
}

/* What never left is a draft. */
static void
take_status(struct twilio *t, struct str status)
{
	static const char *const unsent[] = { "scheduled", "canceled",
		"cancelled", NULL };

	for (size_t i = 0; unsent[i] != NULL; i++)
		if (str_eq_nocase(status, str_of(unsent[i])))
			message_keyword(t->m, "draft");
	/* What a program of ours answers by itself, in the same breath. */
	if (str_eq_nocase(twilio_text(t, T_DIRECTION), STR("outbound-reply")))
		message_keyword(t->m, "bot");
}

static enum stage_result
message(struct twilio *t, struct json native, struct err *e)
{
	static const enum twilio_field times[] = { T_SENT, T_CREATED, T_STAMP,
		T_RECEIVED, T_UPDATED };
	struct message *m = t->m;
	struct str status = twilio_text(t, T_STATUS);
	struct str replied = twilio_text(t, T_REPLIED);
	enum stage_result is;
	const char *became;

	if (status.n == 0)
		status = twilio_text(t, T_CALLED_BACK);
	m->type = "message";
	m->direction = twilio_direction(twilio_text(t, T_DIRECTION));
	if (m->direction == NULL && str_starts_nocase(status, STR("receiv")))
		m->direction = "inbound";
	m->sent = twilio_time(t, times, sizeof(times) / sizeof(*times));
	twilio_parties(t, is_kind(t, "MM") ? "mms" : "sms");
	m->from.name = twilio_text(t, T_PROFILE);
	m->native_id = m->message_id = t->sid;
	m->text = twilio_text(t, T_BODY);
	if (m->text.n == 0)
		m->text = twilio_text(t, T_BUTTON);
	if (replied.n > 0)
		message_add_str(m, &m->in_reply_to, replied);
	take_media(t, native);
	take_status(t, status);
	if (write_data(t, e) < 0)
		return STAGE_REJECT;
	is = native_emit(t->n, e);
	if (is == STAGE_OK && spelling_is_value(t->f[T_OPT_OUT]))
		is = emit_consent(t, e);
	became = receipt_of(status);
	if (is == STAGE_OK && m->direction[0] == 'o' && became != NULL &&
	    became[0] == 'f')
		is = emit_receipt(t, t->sid, STR_NONE, became, e);
	return is;
}

/* A status that is called back: of a message that has no text here. */
static enum stage_result
called_back(struct twilio *t, struct str status, struct err *e)
{
	const char *became = receipt_of(status);

	if (became == NULL) {
		sink_sum(t->n->sink, "statuses before a message has left", 1);
		return STAGE_OK;
	}
	t->m->direction = "outbound";
	twilio_parties(t, is_kind(t, "MM") ? "mms" : "sms");
	return emit_receipt(t, t->sid, STR_NONE, became, e);
}

/* Of all numbers that a conversation's message went to. */
static bool
reached_nobody(struct twilio *t)
{
	struct json delivery = t->f[T_DELIVERY];

	return json_is(json_get(delivery, "failed"), "all") ||
	       json_is(json_get(delivery, "undelivered"), "all");
}

/*
 * Who takes part in a conversation by telephone is a customer; who has a name
 * in it may be one, too, unless the message went out to telephones.
 */
static enum stage_result
in_conversation(struct twilio *t, struct err *e)
{
	static const enum twilio_field times[] = { T_CREATED, T_SENT, T_STAMP,
		T_RECEIVED, T_UPDATED };
	struct message *m = t->m;
	struct str author = twilio_text(t, T_AUTHOR);
	struct str origin = twilio_text(t, T_ORIGIN);
	const char *by = NULL;
	bool number;
	enum stage_result is;

	if (author.n == 0)
		author = twilio_text(t, T_FROM);
	number =
	    author.n > 0 && (author.p[0] == '+' || str_chr(author, ':') > 0);
	m->type = "message";
	if (number)
		by = twilio_party(t, author, &m->from);
	else
		m->from.name = author;
	m->channel = by != NULL ? by : number ? "sms" : "chat";
	if (author.n > 0 && !number)
		m->from.uri = native_uri(t->n, "twilio", author);
	if (str_is(author, "system") || str_is(author, "Bot"))
		message_keyword(m, "bot");
	if (str_is(author, "system") ||
	    (!number && spelling_is_value(t->f[T_DELIVERY])))
		m->direction = "outbound";
	else if (number && !str_eq_nocase(origin, STR("API")) &&
		 !str_eq_nocase(origin, STR("SDK")))
		m->direction = NULL;
	m->account = twilio_text(t, T_CHAT_SERVICE);
	if (m->account.n == 0)
		m->account = twilio_text(t, T_ACCOUNT);
	m->id_without_account = true;
	m->native_id = m->message_id = t->sid;
	m->thread_id = twilio_text(t, T_CONVERSATION);
	m->sent = twilio_time(t, times, sizeof(times) / sizeof(*times));
	m->text = twilio_text(t, T_BODY);
	take_files(t);
	if (write_data(t, e) < 0)
		return STAGE_REJECT;
	is = native_emit(t->n, e);
	return is == STAGE_OK && reached_nobody(t)
		   ? emit_receipt(t, t->sid, STR_NONE, "failed", e)
		   : is;
}

/* The delivery receipt of a conversation's message. */
static enum stage_result
in_conversation_became(struct twilio *t, struct json native, struct err *e)
{
	static const char *const names[] = { "message_sid", "messageSid",
		"MessageSid", NULL };
	struct str about = native_any(t->n, native, names);
	const char *became = receipt_of(twilio_text(t, T_STATUS));

	if (about.n == 0)
		return native_reject(e, "a receipt of Twilio without the "
					"message that it is about");
	if (became == NULL) {
		sink_sum(t->n->sink, "statuses before a message has left", 1);
		return STAGE_OK;
	}
	t->m->channel = "sms";
	t->m->account = twilio_text(t, T_CHAT_SERVICE);
	t->m->id_without_account = true;
	return emit_receipt(t, about, twilio_text(t, T_CHANNEL_SID), became, e);
}

/*
 * What is called back has no direction and no text, but what comes in says that
 * it was received.
 */
static bool
is_called_back(struct twilio *t, struct str status)
{
	return status.n > 0 && !spelling_is_value(t->f[T_BODY]) &&
	       !spelling_is_value(t->f[T_DIRECTION]) &&
	       !spelling_is_value(t->f[T_SENT]) &&
	       !spelling_is_value(t->f[T_CREATED]) &&
	       !str_starts_nocase(status, STR("receiv"));
}

static enum stage_result
message_or_status(struct twilio *t, struct json native, struct err *e)
{
	struct str status = twilio_text(t, T_CALLED_BACK);

	if (status.n == 0)
		status = twilio_text(t, T_STATUS);
	return is_called_back(t, status) ? called_back(t, status, e)
					 : message(t, native, e);
}

/* An event stream has what happened in `data`, what and when around it; who
 * keeps what was posted has that in `body`. */
static struct json
read_fields(struct twilio *t, struct json native)
{
	struct json inner = JSON_ABSENT, outer[TWILIO_FIELDS] = { 0 };

	spelling_read(&twilio_names, native, outer);
	if (json_type(outer[T_DATA]) == JSON_OBJECT)
		inner = outer[T_DATA];
	else if (json_type(outer[T_BODY]) == JSON_OBJECT)
		inner = outer[T_BODY];
	spelling_read(&twilio_names, inner, t->f);
	if (inner.doc == NULL) {
		memcpy(t->f, outer, sizeof(outer));
		return native;
	}
	for (int i = 0; i < TWILIO_FIELDS; i++)
		if (!spelling_is_value(t->f[i]) && i != T_SID && i != T_DATA &&
		    i != T_BODY)
			t->f[i] = outer[i];
	return inner;
}

/* Ids of a call or of a recording stand beside that of a resource of its own,
 * and are it in forms. */
static void
read_sid(struct twilio *t)
{
	static const enum twilio_field ids[] = { T_SID, T_TRANSCRIPTION,
		T_RECORDING, T_CALL };
	bool call = spelling_is_value(t->f[T_CALL_STATUS]) &&
		    !spelling_is_value(t->f[T_TRANSCRIPTION]);

	if (call && spelling_is_value(t->f[T_CALL])) {
		t->sid = twilio_text(t, T_CALL);
		return;
	}
	for (size_t i = 0; i < 4 && t->sid.n == 0; i++)
		t->sid = twilio_text(t, ids[i]);
}

enum stage_result
twilio_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct twilio t = { .n = n, .m = normalize_begin(n) };

	native = read_fields(&t, native);
	read_sid(&t);
	if (t.sid.n == 0 && !spelling_is_value(t.f[T_OTHER]))
		return native_reject(
		    e, "nothing of Twilio's: it has no id (sid)");
	if (is_kind(&t, "SM") || is_kind(&t, "MM"))
		return message_or_status(&t, native, e);
	if (is_kind(&t, "CA"))
		return twilio_call(&t, e);
	if (is_kind(&t, "DY") ||
	    (is_kind(&t, "IM") && spelling_is_value(t.f[T_CHANNEL_SID])))
		return in_conversation_became(&t, native, e);
	if (is_kind(&t, "IM"))
		return in_conversation(&t, e);
	if (is_kind(&t, "RE") || is_kind(&t, "TR"))
		return twilio_recording(&t, e);
	/* Tables whose ids somebody has made unknowable. */
	if (spelling_is_value(t.f[T_SEGMENTS]) ||
	    spelling_is_value(t.f[T_BODY]))
		return message_or_status(&t, native, e);
	if (spelling_is_value(t.f[T_START]) && spelling_is_value(t.f[T_TO]))
		return twilio_call(&t, e);
	sink_sum(n->sink, "neither messages nor calls", 1);
	return STAGE_OK;
}
