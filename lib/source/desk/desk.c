#include "source/desk/desk.h"

#include <stdio.h>

#include "core/text/ascii.h"
#include "record/channels.h"
#include "record/id.h"
#include "source/peek.h"
#include "source/table/table.h"
#include "text/trim.h"

/* A name without case, blanks and marks is `want`, in snake_case. */
static bool
same_name(struct str name, struct str want)
{
	size_t i = 0, k = 0;

	/* Most are others by their first letter. */
	if (name.n > 0 && want.n > 0 && ascii_is_letter(name.p[0]) &&
	    ascii_is_letter(want.p[0]) && (name.p[0] | 0x20) != want.p[0])
		return false;
	while (i < name.n || k < want.n) {
		unsigned char a = i < name.n ? (unsigned char)name.p[i] : 0;
		unsigned char b = k < want.n ? (unsigned char)want.p[k] : 0;

		if (a != 0 && ascii_is_in((char)a, " _-.:")) {
			i++;
		} else if (b == '_') {
			k++;
		} else if (a == 0 || b == 0 || (a | 0x20) != b) {
			return false;
		} else {
			i++;
			k++;
		}
	}
	return true;
}

bool
desk_is(struct str word, const char *list)
{
	struct str rest = str_of(list);

	while (rest.p != NULL)
		if (same_name(word, str_split(&rest, '|')))
			return true;
	return false;
}

static bool
is_something(struct json v)
{
	struct str raw;

	switch (json_type(v)) {
	case JSON_NONE:
	case JSON_NULL:
		return false;
	case JSON_STRING:
		raw = json_raw(v);
		return str_trim(str_sub(raw, 1, raw.n - 2)).n > 0;
	default:
		return true;
	}
}

/* As the service spells it today, else by what it means. */
static struct json
member(struct json from, struct str name)
{
	struct json_iter it = json_each(from);
	struct json key, value = json_get_str(from, name);

	if (is_something(value))
		return value;
	while (json_next(&it, &key, &value)) {
		struct str raw = json_raw(key);

		if (same_name(str_sub(raw, 1, raw.n - 2), name) &&
		    is_something(value))
			return value;
	}
	return JSON_ABSENT;
}

struct json
desk_get(struct json from, const char *names)
{
	struct str rest = str_of(names);

	while (json_type(from) == JSON_OBJECT && rest.p != NULL) {
		struct json v = member(from, str_split(&rest, '|'));

		if (json_type(v) != JSON_NONE)
			return v;
	}
	return JSON_ABSENT;
}

struct str
desk_text(struct normalize *n, struct json from, const char *names)
{
	return native_value(n, desk_get(from, names));
}

static int64_t
time_of(struct normalize *n, struct json from, const char *names, bool utc)
{
	struct str rest = str_of(names);
	char one[64];
	int64_t t;

	while (rest.p != NULL) {
		struct str name = str_split(&rest, '|');
		struct str s;

		if (name.n >= sizeof(one))
			break;
		memcpy(one, name.p, name.n);
		one[name.n] = '\0';
		s = native_value(n, desk_get(from, one));
		/* 0 says that it has not happened. */
		if ((utc ? native_time_utc(n, s, &t)
			 : native_time_text(n, s, &t)) == 0 &&
		    t > 0)
			return t;
	}
	return TIME_NONE;
}

int64_t
desk_time(struct normalize *n, struct json from, const char *names)
{
	return time_of(n, from, names, false);
}

int64_t
desk_time_utc(struct normalize *n, struct json from, const char *names)
{
	return time_of(n, from, names, true);
}

bool
desk_true(struct json v)
{
	struct str raw = json_raw(v);

	if (json_type(v) == JSON_STRING)
		raw = str_sub(raw, 1, raw.n - 2);
	return json_true(v) || desk_is(raw, "true|yes|1|t|y");
}

const char *
desk_channel(struct str word)
{
	static const struct {
		const char *words, *channel;
	} table[] = {
		{ "email|mail|e_mail|gmail|google_mail|office365|outlook|imap|"
		  "smtp|exchange",
		    "email" },
		{ "api|custom|help_center|contact_form|"
		  "help_center_contact_form|internal_note|note|portal|form|"
		  "facebook_comment|facebook_mention|facebook_post|"
		  "instagram_comment|instagram_ad_comment|instagram_mention",
		    "ticket" },
		{ "chat|live_chat|web_chat|web_widget|widget|web|front_chat|"
		  "beacon|smooch|gorgias_chat|line|viber|kakao|wechat|"
		  "intercom|messaging|chat_window",
		    "chat" },
		{ "whatsapp|whats_app|whatsapp_message|whatsapp_cloud|"
		  "whatsapp_business|twilio_whatsapp",
		    "whatsapp" },
		{ "sms|text_message|twilio_sms|twilio|bandwidth|"
		  "bandwidth_sms|telnyx",
		    "sms" },
		{ "mms", "mms" },
		{ "facebook|facebook_page|facebook_messenger|messenger|"
		  "facebook_message|fb_messenger|facebook_dm",
		    "messenger" },
		{ "instagram|instagram_direct|instagram_dm|"
		  "instagram_direct_message",
		    "instagram" },
		{ "twitter|tweet|tweet_dm|twitter_dm|twitter_profile|"
		  "twitter_tweet|twitter_direct_message|x",
		    "x" },
		{ "telegram", "telegram" },
		{ "phone|call|voice|phone_call|aircall|voice_call|voicemail|"
		  "telephone|telephony",
		    "voice" },
		{ "slack", "slack" },
		{ "teams|ms_teams|microsoft_teams", "teams" },
		{ "discord", "discord" },
		{ "yotpo|yotpo_review|google_play|googleplay|app_store|review|"
		  "trustpilot|facebook_recommendations",
		    "review" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (word.n > 0 && desk_is(word, table[i].words))
			return table[i].channel;
	return NULL;
}

const char *
desk_disposition(struct str word)
{
	static const struct {
		const char *words, *disposition;
	} table[] = {
		{ "answered|completed|complete|connected|in_progress|ended|"
		  "accepted|talked|finished|hung_up|hangup",
		    "answered" },
		{ "voicemail|voice_mail|left_voicemail|voicemail_left|"
		  "voicemail_upload",
		    "voicemail" },
		{ "no_answer|missed|unanswered|not_answered|abandoned|"
		  "declined|rejected|ringing|cancelled|canceled|ignored|"
		  "no_available_agent|agents_did_not_answer|"
		  "out_of_opening_hours|short_abandoned|abandoned_in_ivr|"
		  "abandoned_in_classic",
		    "no answer" },
		{ "busy|user_busy|line_busy", "busy" },
		{ "failed|error|invalid|blocked|congestion|not_reached|"
		  "spam",
		    "failed" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (word.n > 0 && desk_is(word, table[i].words))
			return table[i].disposition;
	return NULL;
}

struct str
desk_ref(struct normalize *n, const char *service, struct str id)
{
	const struct channel *c = channel_named(str_of(n->message.channel));

	return id.p == NULL || !channel_is_mail(c)
		   ? id
		   : ARENA_JOIN(
			 &n->message.arena, str_of(service), STR(":"), id);
}

enum stage_result
desk_emit(struct normalize *n, const char *service, struct err *e)
{
	struct message *m = &n->message;

	m->id_scope = service;
	m->id_without_account = true;
	m->message_id = desk_ref(n, service, m->message_id);
	m->thread_id = desk_ref(n, service, m->thread_id);
	for (size_t i = 0; i < m->in_reply_to.n; i++)
		m->in_reply_to.v[i] = desk_ref(n, service, m->in_reply_to.v[i]);
	return native_emit(n, e);
}

enum stage_result
desk_failed(struct normalize *n, const char *service, struct str id, int64_t at,
    struct str reason, struct err *e)
{
	struct message *m = &n->message;
	struct writer *w;

	m->type = "event";
	m->sent = at;
	m->native_id = ARENA_JOIN(&m->arena, id, STR("/failed"));
	m->message_id = STR_NONE;
	m->direction = "internal";
	w = native_data(n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", STR("failed"));
	id = desk_ref(n, service, id);
	write_member_strs(w, "about", &id, 1);
	write_member(w, "reason", reason);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, service, e);
}

bool
desk_letters(const struct message *m)
{
	const struct channel *c = channel_named(str_of(m->channel));

	return c != NULL && c->letters;
}

/* A string, or of a list the first one's value. */
static struct str
first_of(struct normalize *n, struct json v)
{
	if (json_type(v) == JSON_LIST)
		v = json_at(v, 0);
	if (json_type(v) == JSON_OBJECT)
		v = desk_get(v, "value|email|phone|address|number");
	return native_value(n, v);
}

void
desk_person(struct normalize *n, struct json person, struct address *a)
{
	struct arena *arena = &n->message.arena;
	struct str given = desk_text(n, person, "first_name|first|given_name");
	struct str last =
	    desk_text(n, person, "last_name|last|family_name|surname");

	a->name = desk_text(n, person, "name|display_name|full_name");
	if (a->name.p == NULL && given.p != NULL && last.p != NULL)
		a->name = ARENA_JOIN(arena, given, STR(" "), last);
	else if (a->name.p == NULL)
		a->name = given.p != NULL ? given : last;
	if (a->name.p == NULL)
		a->name = desk_text(n, person, "nickname|username");
	native_email(
	    n, a, first_of(n, desk_get(person, "email|email_address|emails")));
	message_phone(&n->message, a,
	    first_of(
		n, desk_get(person, "phone_number|phone|phones|mobile|tel")));
	/* What is no number is no name of the service's for them, either. */
	if (a->tel.p == NULL)
		a->uri = STR_NONE;
}

static bool
is_number(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) && !ascii_is_in(s.p[i], " +-().\t"))
			return false;
		digits += ascii_is_digit(s.p[i]);
	}
	return digits >= 5;
}

void
desk_handle(struct normalize *n, struct address *a, struct str handle)
{
	struct message *m = &n->message;
	bool rings = str_is(str_of(m->channel), "sms") ||
		     str_is(str_of(m->channel), "mms") ||
		     str_is(str_of(m->channel), "voice") ||
		     str_is(str_of(m->channel), "whatsapp");

	handle = str_trim(handle);
	if (str_starts_nocase(handle, STR("whatsapp:")))
		handle = str_sub(handle, 9, handle.n);
	if (str_chr(handle, '@') > 0 && str_chr(handle, '.') > 0)
		native_email(n, a, handle);
	else if (rings || (is_number(handle) && handle.p[0] == '+'))
		message_phone(m, a, handle);
	else if (a->name.p == NULL && handle.n > 0 && !is_number(handle))
		a->name = handle;
}

int
desk_body(
    struct normalize *n, struct str raw, bool html, bool letter, struct err *e)
{
	struct message *m = &n->message;
	struct str text = str_trim(raw);
	struct trimmed parts;

	if (text.n == 0)
		return 0;
	if (html && native_html(n, raw, &text, e) < 0)
		return -1;
	m->text = str_trim(text);
	if (letter) {
		text_trim(m->text, false, &m->arena, &parts);
		m->text = parts.text;
		m->quoted = parts.quoted;
		m->signature = parts.signature;
	}
	return 0;
}

/* The end of a path or an address in the web. */
static struct str
file_of(struct str url)
{
	ptrdiff_t end = str_chr(url, '?');

	url = str_sub(url, 0, end < 0 ? url.n : (size_t)end);
	url = str_after_last(url, '/');
	return url.n == 0 ? STR_NONE : url;
}

static void
attach_one(struct normalize *n, struct json file)
{
	struct attachment a = { .size = -1 };
	struct str kind = desk_text(n, file, "file_type|type");
	struct str size = desk_text(n, file,
	    "size|file_size|content_length|content_size|size_bytes|byte_size");

	if (json_type(file) == JSON_STRING) {
		a.name = file_of(native_value(n, file));
	} else {
		a.name = desk_text(
		    n, file, "filename|file_name|name|title|attachment_name");
		a.type = desk_text(
		    n, file, "content_type|mime_type|mime|media_type");
		if (a.type.p == NULL && str_chr(kind, '/') > 0)
			a.type = kind;
		if (a.name.p == NULL)
			a.name = file_of(desk_text(
			    n, file, "data_url|url|download_url|href|link"));
	}
	if (str_to_int(size, &a.size) != 0 || a.size < 0)
		a.size = -1;
	if (a.name.p == NULL && a.type.p == NULL)
		a.name = kind;
	if (a.name.p != NULL || a.type.p != NULL || a.size >= 0)
		message_add_attachment(&n->message, a);
}

void
desk_attach(struct normalize *n, struct json files)
{
	struct json_iter it = json_each(files);
	struct json one;

	if (json_type(files) == JSON_OBJECT)
		attach_one(n, files);
	else if (json_type(files) == JSON_LIST)
		while (json_next(&it, NULL, &one))
			attach_one(n, one);
}

void
desk_rating(struct normalize *n, struct writer *w, struct str score,
    const char *of, struct str comment)
{
	int64_t v;

	n->message.type = "event";
	write_member(w, "act", STR("rating"));
	if (str_to_int(score, &v) == 0)
		write_member_int(w, "score", v);
	else
		write_member(w, "score", score);
	if (of != NULL)
		write_member_raw(w, "of", str_of(of));
	write_member(w, "comment", comment);
}

void
desk_seconds(
    struct normalize *n, struct writer *w, const char *name, struct json v)
{
	struct str rest = native_value(n, v);
	int64_t all = 0, part;

	if (rest.p == NULL || str_chr(rest, ':') < 0) {
		if (json_type(v) == JSON_NUMBER)
			native_data_raw(w, name, v);
		else if (str_to_int(rest, &part) == 0)
			write_member_int(w, name, part);
		return;
	}
	while (rest.p != NULL) {
		if (str_to_int(str_split(&rest, ':'), &part) != 0 || part < 0 ||
		    all > INT32_MAX)
			return;
		all = all * 60 + part;
	}
	write_member_int(w, name, all);
}

/* Telling a format. */

enum { WITHIN = 8, DEEP = 4 }; /* members gone into, and how deep */

struct marks {
	const char *within, *names;
	uint64_t seen; /* a bit each */
	struct str inner[WITHIN]; /* names of members to go into */
	size_t inner_n;
};

static void
mark(uint64_t *seen, struct str name, const char *names)
{
	struct str rest = str_of(names);

	for (unsigned i = 0; rest.p != NULL && i < 64; i++)
		if (same_name(name, str_split(&rest, '|')))
			*seen |= UINT64_C(1) << i;
}

static void
see(void *arg, const struct peeked *p)
{
	struct marks *m = arg;

	if (p->within.n > 0)
		return;
	mark(&m->seen, p->name, m->names);
	if ((p->first == '{' || p->first == '[') && m->inner_n < WITHIN &&
	    desk_is(p->name, m->within))
		m->inner[m->inner_n++] = p->name;
}

static uint64_t
marks_of(struct str head, const char *within, const char *names, unsigned deep)
{
	struct marks m = { .within = within, .names = names };

	json_peek(head, see, &m);
	for (size_t i = 0; i < m.inner_n && deep < DEEP; i++) {
		size_t at = (size_t)(m.inner[i].p - head.p) + m.inner[i].n + 1;

		while (at < head.n && head.p[at] != '{' && head.p[at] != '[')
			at++;
		m.seen |= marks_of(
		    str_sub(head, at, head.n), within, names, deep + 1);
	}
	return m.seen;
}

size_t
desk_marks(struct str head, const char *within, const char *names)
{
	return (size_t)__builtin_popcountll(marks_of(head, within, names, 0));
}

size_t
desk_columns(struct str head, const char *names)
{
	struct table *t = json_peek_is(head) ? NULL : table_peek(head, NULL);
	const struct str *columns;
	uint64_t seen = 0;
	size_t n = t == NULL ? 0 : table_columns(t, &columns);

	for (size_t i = 0; i < n; i++)
		mark(&seen, columns[i], names);
	table_close(t);
	return (size_t)__builtin_popcountll(seen);
}

void
desk_names(struct normalize *n, struct writer *w, const char *name,
    struct json list, const char *keys)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, name);
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct str s = json_type(one) == JSON_OBJECT
				   ? desk_text(n, one, keys)
				   : native_value(n, one);

		if (s.p != NULL)
			write_str(w, s);
	}
	write_list_end(w);
}

enum stage_result
desk_standing(struct normalize *n, const struct desk_standing *s, struct err *e)
{
	struct message *m = &n->message;
	struct writer *w;

	m->type = "event";
	m->sent = s->sent;
	if (s->sent == TIME_NONE) {
		err_set(e, "a %s without the time it was made", s->kind);
		return STAGE_REJECT;
	}
	m->thread_id = s->id;
	m->native_id = s->id.p == NULL ? native_content(n, s->item)
				       : ARENA_JOIN(&m->arena, str_of(s->kind),
					     STR("/"), s->id);
	if (desk_body(n, s->excerpt, s->html, false, e) < 0)
		return STAGE_REJECT;
	w = native_data(n);
	write_member(w, "subtype", str_of(s->kind));
	s->write(s->arg, w);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, s->service, e);
}
