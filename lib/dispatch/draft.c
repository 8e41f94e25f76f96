#include "dispatch/draft.h"

#include "record/id.h"

enum address_kind { MAIL, TEL, TEL_OR_URI, URI };

/*
 * What the services document as the most characters of one message; SMS: ten
 * segments.  A transport file may say otherwise (maxChars).
 */
static const struct {
	const char *channel;
	enum address_kind kind;
	int64_t max_chars;
} channels[] = {
	{ "email", MAIL, 1000000 },
	{ "form", MAIL, 1000000 },
	{ "ticket", MAIL, 1000000 },
	{ "review", MAIL, 4096 },
	{ "sms", TEL, 1530 },
	{ "mms", TEL, 1600 },
	{ "voice", TEL, 1000 },
	{ "whatsapp", TEL_OR_URI, 4096 },
	{ "signal", TEL_OR_URI, 2000 },
	{ "telegram", URI, 4096 },
	{ "messenger", URI, 2000 },
	{ "instagram", URI, 1000 },
	{ "x", URI, 10000 },
	{ "slack", URI, 40000 },
	{ "discord", URI, 2000 },
	{ "irc", URI, 400 },
	{ NULL, URI, 16000 },
};

static size_t
channel_at(struct str channel)
{
	size_t i = 0;

	while (channels[i].channel != NULL &&
	       !str_is(channel, channels[i].channel))
		i++;
	return i;
}

int64_t
channel_max_chars(struct str channel)
{
	return channels[channel_at(channel)].max_chars;
}

bool
channel_is_mail(struct str channel)
{
	return channels[channel_at(channel)].kind == MAIL;
}

void
party_read(struct json v, struct arena *a, struct party *out)
{
	*out = (struct party){
		.name = json_str(json_get(v, "name"), a),
		.email = json_str(json_get(v, "email"), a),
		.tel = json_str(json_get(v, "tel"), a),
		.uri = json_str(json_get(v, "uri"), a),
	};
}

struct str
party_address(const struct party *p, struct str channel)
{
	switch (channels[channel_at(channel)].kind) {
	case MAIL:
		return p->email;
	case TEL:
		return p->tel;
	case TEL_OR_URI:
		return p->tel.n > 0 ? p->tel : p->uri;
	default:
		return p->uri;
	}
}

void
draft_id(char out[ID_SIZE], struct str channel, struct str account,
    struct str message_id, struct str from, struct str key)
{
	struct arena a = { 0 };
	struct str parts[] = { STR("draft"), channel, account, key };

	if (channel_is_mail(channel) && message_id.n > 0)
		record_id(out, channel, STR_NONE,
		    record_mail_native_id(message_id, from, &a));
	else
		id_make(out, 'm', parts, sizeof(parts) / sizeof(*parts));
	arena_release(&a);
}

bool
draft_is(const struct record *r)
{
	return record_has_keyword(r, "draft");
}

static bool
says_out(struct json v, struct arena *a)
{
	static const char *const words[] = { "out", "opted-out", "optedOut",
		"denied", "revoked", NULL };
	struct str s;

	if (json_type(v) == JSON_OBJECT)
		v = json_get(v, "status");
	if (json_type(v) == JSON_FALSE)
		return true;
	s = json_str(v, a);
	for (int i = 0; words[i] != NULL; i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

struct str
consent_out(struct json consent, struct str channel, struct arena *a)
{
	struct str names[] = { channel, STR("all") };

	for (size_t i = 0; i < 2; i++) {
		struct json v = json_get_str(consent, names[i]);
		struct str how;

		if (!says_out(v, a))
			continue;
		how = json_str(json_get(v, "words"), a);
		return how.n > 0 ? how : STR("by consent on file");
	}
	return STR_NONE;
}

static size_t
read_ids(struct json v, struct arena *a, struct str out[DRAFT_IDS])
{
	size_t n = 0, count = json_count(v), skip;
	struct json_iter it = json_each(v);
	struct json item;

	if (json_type(v) == JSON_STRING) {
		out[0] = json_str(v, a);
		return 1;
	}
	if (json_type(v) != JSON_LIST)
		return 0;
	/* Of too many the last ones count, and the first. */
	skip = count > DRAFT_IDS ? count - DRAFT_IDS : 0;
	for (size_t i = 0; json_next(&it, NULL, &item); i++)
		if ((i == 0 || i > skip) && json_type(item) == JSON_STRING)
			out[n++] = json_str(item, a);
	return n;
}

/*
 * A member that stands in the record and in `reply`: the latter's value, and
 * a fault where they differ.
 */
static struct json
both(struct record *r, struct json reply, const char *member,
    const char *in_reply, const char *fault, struct draft *d)
{
	struct json mine = record_get(r, member);
	struct json wanted = json_get(reply, in_reply);
	struct arena *a = record_arena(r);

	if (json_type(wanted) == JSON_NONE)
		return mine;
	if (json_type(mine) == JSON_NONE || d->fault != NULL)
		return wanted;
	if (json_type(mine) == JSON_STRING
		? !str_eq(json_str(mine, a), json_str(wanted, a))
		: !str_eq(json_raw(mine), json_raw(wanted)))
		d->fault = fault;
	return wanted;
}

static struct str
folded(struct str s, struct arena *a)
{
	char *p;

	if (s.p == NULL)
		return s;
	p = arena_cstr(a, s);
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + 32);
	return str_make(p, s.n);
}

/* Keys and ids of a draft that brings none: the same text, the same key. */
static void
complete(struct draft *d, struct arena *a)
{
	struct str parts[] = { STR("draft"), d->channel, d->recipient,
		d->subject, d->body, d->conversation, d->answers };
	char key[ID_SIZE];
	ptrdiff_t at;

	if (d->key.n == 0) {
		id_make(key, 'k', parts, sizeof(parts) / sizeof(*parts));
		d->key = arena_dup(a, str_of(key));
	}
	at = str_rchr(d->from.email, '@');
	if (d->message_id.n == 0 && channel_is_mail(d->channel) && at >= 0)
		d->message_id = arena_printf(a, "%.*s%.*s", STR_ARG(d->key),
		    STR_ARG(
			str_sub(d->from.email, (size_t)at, d->from.email.n)));
}

static void
read_rules(struct record *r, struct json reply, struct draft *d)
{
	struct json route = record_get(r, "route");

	d->automatic = json_true(json_get(reply, "automatic")) ||
		       record_has_keyword(r, "automatic");
	d->high_stakes = json_true(json_get(route, "human")) ||
			 json_is(json_get(route, "stakes"), "high");
	d->to_bulk =
	    record_has_keyword(r, "bounce") || record_has_keyword(r, "list");
	d->quarantined = json_type(record_get(r, "quarantine")) != JSON_NONE;
	d->opted_out =
	    consent_out(json_get(record_get(r, "context"), "consent"),
		d->channel, record_arena(r));
}

void
draft_read(struct record *r, struct draft *d)
{
	struct arena *a = record_arena(r);
	struct json reply = record_get(r, "reply"), to;

	*d = (struct draft){ .id = record_str(r, "id") };
	d->channel = json_str(both(r, reply, "channel", "channel",
				  "channel and reply.channel differ", d),
	    a);
	d->subject = json_str(both(r, reply, "subject", "subject",
				  "subject and reply.subject differ", d),
	    a);
	d->body = json_str(both(r, reply, "text", "body",
			       "text and reply.body differ: which one was "
			       "edited is not known; make them the same",
			       d),
	    a);
	to = both(r, reply, "to", "to", "to and reply.to differ", d);
	d->to_count = json_type(to) == JSON_LIST ? json_count(to) : 0;
	d->cc_count = json_count(record_get(r, "cc"));
	party_read(json_at(to, 0), a, &d->to);
	party_read(record_get(r, "from"), a, &d->from);
	d->account = record_str(r, "account");
	d->conversation = record_str(r, "conversation");
	d->person = record_str(r, "person");
	d->thread_id = record_str(r, "threadId");
	d->message_id = record_str(r, "messageId");
	d->template_name = json_str(json_get(reply, "template"), a);
	d->approved_by = str_trim(json_str(json_get(reply, "approvedBy"), a));
	d->answers = json_str(json_get(reply, "answers"), a);
	d->key = json_str(json_get(reply, "idempotencyKey"), a);
	d->in_reply_to_count =
	    read_ids(record_get(r, "inReplyTo"), a, d->in_reply_to);
	d->reference_count =
	    read_ids(record_get(r, "references"), a, d->references);
	d->recipient = folded(party_address(&d->to, d->channel), a);
	read_rules(r, reply, d);
	complete(d, a);
}
