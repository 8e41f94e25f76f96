/*
 * What all that is said in a ticket has of it: on which channel and account it
 * came, and who asked.
 */
#include "source/zendesk/zendesk.h"

struct str
zendesk_via(struct zendesk *z, struct json v)
{
	struct json via = zendesk_get(z, v, "via");

	if (json_type(via) == JSON_OBJECT)
		return zendesk_str(z, via, "channel");
	if (json_type(via) > JSON_NULL)
		return native_value(z->n, via);
	return zendesk_str(z, v, "via_channel");
}

/*
 * By the words of `via` and by its numbers, which old exports have.  What
 * agents and programs begin has no channel but the ticket.
 */
static const char *
channel_of_via(struct str via)
{
	static const struct {
		const char *via, *channel;
	} channels[] = {
		{ "email", "email" },
		{ "mail", "email" },
		{ "4", "email" },
		{ "closed_ticket", "email" },
		{ "web_form", "form" },
		{ "help_center", "form" },
		{ "web_widget", "form" },
		{ "dropbox", "form" },
		{ "17", "form" },
		{ "chat", "chat" },
		{ "chat_transcript", "chat" },
		{ "native_messaging", "chat" },
		{ "messaging", "chat" },
		{ "web_messaging", "chat" },
		{ "mobile_chat", "chat" },
		{ "sunshine_conversations_api", "chat" },
		{ "29", "chat" },
		{ "voice", "voice" },
		{ "phone", "voice" },
		{ "voicemail", "voice" },
		{ "phone_call_inbound", "voice" },
		{ "phone_call_outbound", "voice" },
		{ "api_phone_call_inbound", "voice" },
		{ "api_phone_call_outbound", "voice" },
		{ "api_voicemail", "voice" },
		{ "sms", "sms" },
		{ "text", "sms" },
		{ "twitter", "x" },
		{ "twitter_dm", "x" },
		{ "twitter_like", "x" },
		{ "twitter_favorite", "x" },
		{ "x_corp_dm", "x" },
		{ "30", "x" },
		{ "facebook", "messenger" },
		{ "facebook_post", "messenger" },
		{ "facebook_message", "messenger" },
		{ "messenger", "messenger" },
		{ "instagram", "instagram" },
		{ "instagram_dm", "instagram" },
		{ "whatsapp", "whatsapp" },
		{ "telegram", "telegram" },
		{ "mobile", "app" },
		{ "mobile_sdk", "app" },
		{ "ios_sdk", "app" },
		{ "android_sdk", "app" },
		{ "google_play", "review" },
		{ "apple_app_store", "review" },
	};

	for (size_t i = 0; i < sizeof(channels) / sizeof(*channels); i++)
		if (str_eq_nocase(via, str_of(channels[i].via)))
			return channels[i].channel;
	return NULL;
}

/* "web" is the help center's form where the requester filled it in, and the
 * agents' page where one of them did. */
static const char *
channel_of(struct zendesk *z, struct json part)
{
	struct str via = zendesk_via(z, z->ticket), asks, wrote;
	const char *channel;

	if (via.p == NULL)
		via = zendesk_via(z, part);
	channel = via.p == NULL ? NULL : channel_of_via(via);
	if (channel != NULL)
		return channel;
	asks = zendesk_str(z, z->ticket, "requester_id");
	wrote = zendesk_str(z, z->ticket, "submitter_id");
	return str_eq_nocase(via, STR("web")) && asks.n > 0 &&
		       str_eq(asks, wrote) &&
		       zendesk_person(z, asks, JSON_ABSENT).role != TICKET_AGENT
		   ? "form"
		   : "ticket";
}

/* "https://lamp.zendesk.com/api/v2/..." */
static struct str
account_in(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	struct str host;

	if (at < 0)
		return STR_NONE;
	host = str_sub(url, (size_t)at + 3, url.n);
	host = str_split(&host, '/');
	if (str_chr(host, '.') == str_rchr(host, '.'))
		return STR_NONE; /* zendesk.com itself */
	return str_split(&host, '.');
}

static struct str
account_of(struct zendesk *z, struct json part)
{
	const struct json places[] = { z->ticket, part, z->item,
		json_at(z->users, 0) };
	static const char *const pages[] = { "next_page", "previous_page",
		"after_url", NULL };
	struct str account = STR_NONE;

	for (size_t i = 0;
	     account.p == NULL && i < sizeof(places) / sizeof(*places); i++)
		account = account_in(zendesk_str(z, places[i], "url"));
	return account.p != NULL ? account
				 : account_in(zendesk_any(z, z->around, pages));
}

static struct str
requester_id(struct zendesk *z)
{
	struct str id = zendesk_str(z, z->ticket, "requester_id");

	return id.p != NULL ? id
			    : zendesk_str(z,
				  zendesk_get(z, z->ticket, "requester"), "id");
}

/* Where they wrote to: on the telephone our number, else our address. */
static struct address
ours_of(struct zendesk *z, struct json part)
{
	struct json of = json_type(z->ticket) == JSON_OBJECT ? z->ticket : part;
	struct json source =
	    zendesk_get(z, zendesk_get(z, of, "via"), "source");
	struct json to = zendesk_get(z, source, "to");
	struct address a = { 0 };
	struct str tel = zendesk_str(z, to, "phone");

	if (tel.p != NULL)
		message_phone(&z->n->message, &a, tel);
	if (a.tel.p != NULL || a.uri.p != NULL)
		return a;
	native_email(z->n, &a, zendesk_str(z, z->ticket, "recipient"));
	if (a.email.p == NULL)
		native_email(z->n, &a, zendesk_str(z, to, "address"));
	if (a.email.p == NULL)
		native_email(
		    z->n, &a, zendesk_str(z, of, "via_source_to_address"));
	return a;
}

/* What they wrote from stands in `via`, where no user tells. */
static void
complete_customer(struct zendesk *z, struct ticket_person *p)
{
	struct json source =
	    zendesk_get(z, zendesk_get(z, z->ticket, "via"), "source");
	struct json from = zendesk_get(z, source, "from");

	if (p->role == TICKET_UNKNOWN)
		p->role = TICKET_CUSTOMER;
	if (p->address.email.p == NULL)
		native_email(
		    z->n, &p->address, zendesk_str(z, from, "address"));
	if (p->address.name.p == NULL)
		p->address.name = zendesk_str(z, from, "name");
}

/* What a profile says is no number that a network or service vouches for. */
static void
trust_customer(struct zendesk *z, struct ticket *t)
{
	static const char *const vouched[] = { "sms", "voice", "whatsapp",
		"telegram", "signal", NULL };
	struct json source =
	    zendesk_get(z, zendesk_get(z, z->ticket, "via"), "source");
	struct str tel =
	    zendesk_str(z, zendesk_get(z, source, "from"), "phone");

	if (!str_is_one_of(str_of(t->channel), vouched))
		return;
	t->customer.address.tel = STR_NONE;
	if (tel.p != NULL)
		message_phone(&z->n->message, &t->customer.address, tel);
}

struct message *
zendesk_begin(
    struct zendesk *z, const char *type, struct json part, struct ticket *t)
{
	static const char *const subjects[] = { "subject", "raw_subject",
		NULL };
	struct message *m = ticket_begin(z->n, type);

	*t = (struct ticket){ .service = "zendesk", .created = TIME_NONE };
	(void)zendesk_time(z,
	    zendesk_get(z, z->opening ? z->item : z->ticket, "created_at"),
	    &t->created);
	t->channel = channel_of(z, part);
	t->account = account_of(z, part);
	t->id = zendesk_str(z, z->ticket, "id");
	if (t->id.p == NULL)
		t->id = zendesk_str(z, part, "ticket_id");
	if (t->id.p == NULL)
		t->id = zendesk_str(z, z->item, "ticket_id");
	t->subject = zendesk_any(z, z->ticket, subjects);
	t->customer = zendesk_person(
	    z, requester_id(z), zendesk_get(z, z->ticket, "requester"));
	if (json_type(z->ticket) == JSON_OBJECT)
		complete_customer(z, &t->customer);
	trust_customer(z, t);
	t->ours = ours_of(z, part);
	return m;
}
