/*
 * A dialog as a record: who spoke to whom, on which channel, and what.
 */
#include <stdlib.h>

#include "core/text/ascii.h"
#include "record/channels.h"
#include "record/id.h"
#include "source/vcon/vcon.h"

enum {
	DIALOG_PARTIES = 1000, /* of one dialog; more are left out */
	DIALOG_OTHERS = 50, /* whom a text is for that names nobody */
};

enum kind {
	KIND_TEXT,
	KIND_CALL, /* recorded, or as a set of recordings */
	KIND_INCOMPLETE,
	KIND_PART, /* a recording that belongs to such a set */
	KIND_EVENT, /* a transfer, and what extensions have */
};

struct view {
	struct vcon *v;
	struct message *m;
	struct json dialog;
	size_t i;
	enum kind kind;
	struct str type;
	int64_t parties[DIALOG_PARTIES];
	size_t n; /* of them, who began it first */
};

static struct str
text(struct view *w, const char *name)
{
	return native_text(w->v->n, w->dialog, name);
}

static struct json
party(struct view *w, int64_t i)
{
	return vcon_item(&w->v->party, i);
}

/* What old ones have in `meta`. */
static struct str
member_or_meta(struct vcon *v, struct json from, const char *name)
{
	struct str s = native_text(v->n, from, name);

	return s.p != NULL ? s
			   : native_text(v->n, json_get(from, "meta"), name);
}

struct address
vcon_party(struct vcon *v, int64_t i, const char *channel)
{
	static const char *const mails[] = { "mailto", "email", NULL };
	static const char *const ids[] = { "uuid", "did", "id", NULL };
	const struct channel *row = channel_named(str_of(channel));
	struct json p = vcon_item(&v->party, i);
	struct address a = { .name = native_text(v->n, p, "name") };
	struct str mail = native_any(v->n, p, mails);
	struct str tel = native_text(v->n, p, "tel");
	struct str sip = native_text(v->n, p, "sip");

	if (str_starts_nocase(mail, STR("mailto:")))
		mail = str_sub(mail, 7, mail.n);
	native_email(v->n, &a, mail);
	if (str_starts_nocase(tel, STR("tel:")))
		tel = str_sub(tel, 4, tel.n);
	message_phone(&v->n->message, &a, tel);
	if (str_starts_nocase(sip, STR("sip:")))
		sip = str_sub(sip, 4, sip.n);
	else if (str_starts_nocase(sip, STR("sips:")))
		sip = str_sub(sip, 5, sip.n);
	if (a.uri.p == NULL)
		a.uri = native_uri(v->n, "sip", sip);
	/* An id is one on services that know their users by it. */
	if (row != NULL && row->uri != NO_ADDRESS && a.uri.p == NULL) {
		char scheme[CHANNEL_NAME];
		struct str s = channel_scheme(row);

		memcpy(scheme, s.p, s.n);
		scheme[s.n] = '\0';
		a.uri = native_uri(v->n, scheme, native_any(v->n, p, ids));
	}
	return a;
}

static void
add_parties(struct view *w, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;
	int64_t i = json_type(list) == JSON_LIST ? -1 : vcon_index(list);

	for (size_t k = 0; i >= 0 && k < w->n; k++)
		if (w->parties[k] == i)
			i = -1;
	if (i >= 0 && w->n < DIALOG_PARTIES)
		w->parties[w->n++] = i;
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one))
		add_parties(w, one);
}

/* The first is who began it.  Of who wrote a text alone, all others are whom
 * it is for. */
static void
read_parties(struct view *w)
{
	static const char *const roles[] = { "originator", "transferor",
		"transferee", "transfer_target", "parties", NULL };
	size_t all = w->v->party.n;

	for (size_t i = 0; roles[i] != NULL; i++)
		add_parties(w, json_get(w->dialog, roles[i]));
	if (w->n == 1)
		for (size_t i = 0; i < all && w->n < DIALOG_OTHERS; i++)
			if (w->parties[0] != (int64_t)i)
				w->parties[w->n++] = (int64_t)i;
}

static enum kind
kind_of(struct view *w)
{
	static const struct {
		const char *type;
		enum kind kind;
	} kinds[] = {
		{ "text", KIND_TEXT },
		{ "recording", KIND_CALL },
		{ "recording-set", KIND_CALL },
		{ "audio", KIND_CALL },
		{ "video", KIND_CALL },
		{ "incomplete", KIND_INCOMPLETE },
	};
	struct json set = json_get(w->dialog, "recording_set");

	if (vcon_index(set) >= 0)
		return KIND_PART;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(w->type, kinds[i].type))
			return kinds[i].kind;
	if (w->type.p != NULL)
		return KIND_EVENT;
	return str_starts_nocase(vcon_media(w->v, w->dialog), STR("text/"))
		   ? KIND_TEXT
		   : KIND_CALL;
}

/* Do all that are part of it have such a member? */
static bool
all_have(struct view *w, const char *name, const char *other)
{
	for (size_t i = 0; i < w->n; i++) {
		struct json p = party(w, w->parties[i]);

		if (native_text(w->v->n, p, name).p == NULL &&
		    (other == NULL || native_text(w->v->n, p, other).p == NULL))
			return false;
	}
	return w->n > 0;
}

static bool
first_has(struct view *w, const char *name)
{
	return w->n > 0 &&
	       native_text(w->v->n, party(w, w->parties[0]), name).p != NULL;
}

/* "WhatsApp", "whatsapp:business", "Microsoft Teams". */
static const struct channel *
application(struct view *w)
{
	struct str s = text(w, "application");
	char low[CHANNEL_NAME] = { 0 };
	const struct channel *c =
	    s.p == NULL ? NULL : channel_spelled(s, &w->m->arena);
	struct str rest = s;

	while (c == NULL && rest.p != NULL && rest.n > 0) {
		struct str word = rest;
		size_t n = 0;

		while (n < word.n && ascii_is_alnum(word.p[n]))
			n++;
		rest = str_sub(rest, n + 1, rest.n);
		if (n == 0 || n >= sizeof(low))
			continue;
		for (size_t i = 0; i < n; i++)
			low[i] = ascii_lower(word.p[i]);
		c = channel_named(str_make(low, n));
	}
	return c;
}

static const char *
channel_of(struct view *w)
{
	const struct channel *c = application(w);
	struct str type = vcon_media(w->v, w->dialog);

	if (c != NULL)
		return c->name;
	if (w->kind == KIND_CALL || w->kind == KIND_INCOMPLETE ||
	    w->kind == KIND_PART)
		return "voice";
	if (str_starts_nocase(type, STR("multipart/")) ||
	    str_starts_nocase(type, STR("message/")) ||
	    str_chr(text(w, "message_id"), '@') >= 0)
		return "email";
	if (all_have(w, "tel", NULL))
		return w->kind == KIND_EVENT ? "voice" : "sms";
	if (all_have(w, "mailto", "email"))
		return "email";
	if (w->kind == KIND_EVENT)
		return "voice";
	return first_has(w, "tel")      ? "sms"
	       : first_has(w, "mailto") ? "email"
					: "chat";
}

/* Ours, the customer's, or not said. */
static int
side_of(struct view *w, int64_t i)
{
	static const char *const ours[] = { "agent", "supervisor", "sme", "ai",
		"bot", "assistant", "employee", "representative", NULL };
	static const char *const theirs[] = { "customer", "client", "consumer",
		"contact", "lead", "patient", "guest", NULL };
	struct str role = member_or_meta(w->v, party(w, i), "role");

	for (size_t k = 0; ours[k] != NULL; k++)
		if (str_eq_nocase(role, str_of(ours[k])))
			return 1;
	for (size_t k = 0; theirs[k] != NULL; k++)
		if (str_eq_nocase(role, str_of(theirs[k])))
			return -1;
	return 0;
}

static const char *
direction_of(struct view *w)
{
	struct str said = member_or_meta(w->v, w->dialog, "direction");
	int from = w->n > 0 ? side_of(w, w->parties[0]) : 0;
	bool to_ours = w->n > 1, to_theirs = false;

	for (size_t i = 1; i < w->n; i++) {
		int side = side_of(w, w->parties[i]);

		to_ours &= side > 0;
		to_theirs |= side < 0;
	}
	if (from > 0)
		return to_ours ? "internal" : "outbound";
	if (from < 0)
		return "inbound";
	if (to_theirs && str_starts_nocase(said, STR("out")))
		return "outbound";
	return str_starts_nocase(said, STR("in"))    ? "inbound"
	       : str_starts_nocase(said, STR("out")) ? "outbound"
						     : NULL;
}

static void
read_people(struct view *w)
{
	struct json p = w->n > 0 ? party(w, w->parties[0]) : JSON_ABSENT;

	w->m->direction = direction_of(w);
	if (w->n > 0)
		w->m->from = vcon_party(w->v, w->parties[0], w->m->channel);
	for (size_t i = 1; i < w->n; i++)
		message_add_address(w->m, &w->m->to,
		    vcon_party(w->v, w->parties[i], w->m->channel));
	if (str_is(native_text(w->v->n, p, "type"), "bot") ||
	    str_eq_nocase(member_or_meta(w->v, p, "role"), STR("ai")))
		message_keyword(w->m, "bot");
}

static struct str
place(struct view *w, int64_t i)
{
	return arena_printf(
	    &w->m->arena, "%.*s/%jd", STR_ARG(w->v->uuid), (intmax_t)i);
}

/* A mail's id is its own wherever it lies; others stand in their vCon. */
static void
read_ids(struct view *w)
{
	struct str id = text(w, "message_id");
	const struct channel *c = channel_named(str_of(w->m->channel));

	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = str_sub(id, 1, id.n - 2);
	w->m->thread_id = w->v->thread;
	w->m->id_without_account = true;
	w->m->message_id = w->m->native_id =
	    id.p != NULL ? id : place(w, (int64_t)w->i);
	if (id.p != NULL && channel_is_mail(c))
		w->m->native_id =
		    record_mail_native_id(id, w->m->from.email, &w->m->arena);
	if (w->kind == KIND_PART)
		message_add_str(w->m, &w->m->in_reply_to,
		    place(w, vcon_index(json_get(w->dialog, "recording_set"))));
}

static void
read_time(struct view *w)
{
	static const char *const whole[] = { "created_at", "updated_at", NULL };
	struct normalize *n = w->v->n;

	if (native_time(n, json_get(w->dialog, "start"), &w->m->sent) == 0)
		return;
	for (size_t i = 0; whole[i] != NULL; i++)
		if (native_time(
			n, json_get(w->v->root, whole[i]), &w->m->sent) == 0)
			return;
}

/* In the words that calls have everywhere. */
static const char *
disposition(struct view *w)
{
	static const struct {
		const char *said, *is;
	} words[] = {
		{ "no-answer", "no answer" },
		{ "no answer", "no answer" },
		{ "busy", "busy" },
		{ "congestion", "failed" },
		{ "failed", "failed" },
		{ "hung-up", "no answer" },
		{ "voicemail-no-message", "no answer" },
		{ "voicemail", "voicemail" },
		{ "vm left", "voicemail" },
	};
	struct str said = member_or_meta(w->v, w->dialog, "disposition");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(said, str_of(words[i].said)))
			return words[i].is;
	return w->kind == KIND_INCOMPLETE ? "failed" : "answered";
}

/* Parties by what they are called, so that it holds without the list. */
static void
write_party(struct view *w, struct writer *out, const char *name)
{
	int64_t i = vcon_first_index(json_get(w->dialog, name));
	struct address a;

	if (i < 0)
		return;
	a = vcon_party(w->v, i, w->m->channel);
	write_key(out, name);
	write_object(out);
	write_member(out, "name", a.name);
	write_member(out, "email", a.email);
	write_member(out, "tel", a.tel);
	write_member(out, "uri", a.uri);
	write_object_end(out);
}

static void
write_history(struct view *w, struct writer *out)
{
	struct json list = json_get(w->dialog, "party_history"), one;
	static const char *const buttons[] = { "button", "dtmf", NULL };
	struct json_iter it = json_each(list);

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(out, "partyHistory");
	write_list(out);
	while (json_next(&it, NULL, &one)) {
		int64_t i = vcon_index(json_get(one, "party")), t;
		struct address a = vcon_party(w->v, i, w->m->channel);

		write_object(out);
		write_member(out, "name", a.name);
		native_data_raw(out, "party", json_get(one, "party"));
		write_member(out, "event", native_text(w->v->n, one, "event"));
		if (native_time(w->v->n, json_get(one, "time"), &t) == 0)
			write_member_time(out, "time", t);
		native_data_raw(out, "button", vcon_any(one, buttons));
		write_object_end(out);
	}
	write_list_end(out);
}

static void
write_call(struct view *w, struct writer *out)
{
	struct str seconds = text(w, "duration");

	if (seconds.p != NULL && w->kind != KIND_TEXT) {
		write_key(out, "duration");
		write_real(
		    out, strtod(arena_cstr(&w->m->arena, seconds), NULL));
	}
	if (w->kind == KIND_CALL || w->kind == KIND_INCOMPLETE) {
		write_key(out, "disposition");
		write_z(out, disposition(w));
	}
	write_member(out, "outcome",
	    w->kind == KIND_INCOMPLETE
		? text(w, "disposition")
		: member_or_meta(w->v, w->dialog, "disposition"));
}

static int
write_data(struct view *w, struct json said, struct err *e)
{
	static const char *const roles[] = { "transferor", "transferee",
		"transfer_target", NULL };
	static const char *const kept[] = { "original", "consultation",
		"target_dialog", "recordings", "url", "content_hash",
		"signature", "alg", "session_id", "application", "campaign",
		"interaction_id", "interaction_type", "skill", "meta", NULL };
	struct writer *out = native_data(w->v->n);

	if (w->kind == KIND_PART || w->kind == KIND_EVENT)
		write_member(out, "subtype", w->type);
	write_call(w, out);
	for (size_t i = 0; roles[i] != NULL; i++)
		write_party(w, out, roles[i]);
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(out, kept[i], json_get(w->dialog, kept[i]));
	write_history(w, out);
	vcon_write_parts(w->v, w->i, said, out);
	if (w->i == 0)
		vcon_write_whole(w->v, out);
	/* What is to be trusted is said of each. */
	if (w->i == 0 || w->v->keys != NULL)
		vcon_write_signed(w->v, out);
	return native_data_end(w->v->n, e);
}

/* What was written, or said and written down by a machine. */
static void
read_text(struct view *w, struct json said)
{
	struct str s = STR_NONE;

	if (w->kind == KIND_TEXT) {
		s = vcon_text(w->v, w->dialog);
		if (s.n == 0)
			vcon_add_file(w->v, w->dialog);
	} else if (w->kind != KIND_EVENT) {
		s = vcon_spoken(w->v, said);
		if (w->kind != KIND_INCOMPLETE)
			vcon_add_file(w->v, w->dialog);
	}
	w->m->text = s.n == 0 ? STR_NONE : s;
	w->m->subject = native_text(w->v->n, w->v->root, "subject");
}

enum stage_result
vcon_dialog(struct vcon *v, size_t i, struct err *e)
{
	struct view w = { .v = v, .m = normalize_begin(v->n), .i = i };
	struct json said, kept;

	w.dialog = vcon_item(&v->dialog, (int64_t)i);
	kept = json_get(w.dialog, "kith");
	if (vcon_is_record(v, kept)) {
		if (vcon_restore(v, kept, e) < 0)
			return STAGE_REJECT;
		if (w.m->text.p == NULL)
			w.m->text = vcon_body(v, w.dialog);
		return native_emit(v->n, e);
	}
	w.type = text(&w, "type");
	w.kind = kind_of(&w);
	said = w.kind == KIND_CALL || w.kind == KIND_PART
		   ? vcon_transcript(v, i)
		   : JSON_ABSENT;
	read_parties(&w);
	w.m->type = w.kind == KIND_TEXT   ? "message"
		    : w.kind >= KIND_PART ? "event"
					  : "call";
	w.m->channel = channel_of(&w);
	read_time(&w);
	read_people(&w);
	read_ids(&w);
	read_text(&w, said);
	vcon_attach(v, i);
	return write_data(&w, said, e) < 0 ? STAGE_REJECT
					   : native_emit(v->n, e);
}
