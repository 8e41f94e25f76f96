/*
 * What is sent to somebody is a message of ours to many; what becomes of it is
 * a receipt about that, and a subscription a consent.
 */
#include "core/text/ascii.h"
#include "source/campaigns/campaigns.h"
#include "source/desk/spelling.h"

enum campaign_act
campaign_act_of(struct str word)
{
	static const struct spelling words[] = {
		{ "bounce", CAMPAIGN_FAILED },
		{ "bounced", CAMPAIGN_FAILED },
		{ "bouncedemail", CAMPAIGN_FAILED },
		{ "click", CAMPAIGN_OPENED },
		{ "clicked", CAMPAIGN_OPENED },
		{ "clickedemail", CAMPAIGN_OPENED },
		{ "clickedsms", CAMPAIGN_OPENED },
		{ "consentedtoreceivesms", CAMPAIGN_IN },
		{ "droppedemail", CAMPAIGN_FAILED },
		{ "failedtodeliversms", CAMPAIGN_FAILED },
		{ "hard", CAMPAIGN_FAILED },
		{ "hardbounce", CAMPAIGN_FAILED },
		{ "markedemailasspam", CAMPAIGN_OUT },
		{ "open", CAMPAIGN_OPENED },
		{ "opened", CAMPAIGN_OPENED },
		{ "openedemail", CAMPAIGN_OPENED },
		{ "optin", CAMPAIGN_IN },
		{ "receivedemail", CAMPAIGN_SENT },
		{ "receivedsms", CAMPAIGN_SENT },
		{ "resubscribe", CAMPAIGN_IN },
		{ "send", CAMPAIGN_SENT },
		{ "sent", CAMPAIGN_SENT },
		{ "soft", CAMPAIGN_FAILED },
		{ "softbounce", CAMPAIGN_FAILED },
		{ "subscribe", CAMPAIGN_IN },
		{ "subscribed", CAMPAIGN_IN },
		{ "subscribedtoemailmarketing", CAMPAIGN_IN },
		{ "subscribedtolist", CAMPAIGN_IN },
		{ "subscribedtosmsmarketing", CAMPAIGN_IN },
		{ "unsub", CAMPAIGN_OUT },
		{ "unsubscribe", CAMPAIGN_OUT },
		{ "unsubscribed", CAMPAIGN_OUT },
		{ "unsubscribedfromemailmarketing", CAMPAIGN_OUT },
		{ "unsubscribedfromlist", CAMPAIGN_OUT },
		{ "unsubscribedfromsmsmarketing", CAMPAIGN_OUT },
	};
	static const struct spellings all = SPELLINGS(words);
	int act = spelling_of(&all, word);

	return act == SPELLING_NONE ? CAMPAIGN_OTHER : (enum campaign_act)act;
}

/* Whom the record is about, by all that the activity has. */
static struct address
person_of(struct campaign_activity *x)
{
	struct address a = { .name = x->person, .uri = x->uri };

	native_email(x->n, &a, x->email);
	if (x->tel.n > 0) {
		struct str uri = a.uri;

		message_phone(&x->n->message, &a, x->tel);
		a.uri = uri.n > 0 ? uri : a.uri;
	}
	return a;
}

/* One campaign to one person is one message, whichever list told of it. */
static struct str
message_id(struct campaign_activity *x)
{
	struct str whom = x->email.n > 0 ? x->email : x->tel;

	if (whom.n == 0)
		whom = x->uri;
	return x->campaign.n == 0 ? STR_NONE
				  : ARENA_JOIN(&x->n->message.arena,
					x->campaign, STR("/"), whom);
}

static struct str
native_id(struct campaign_activity *x, struct str sent)
{
	struct arena *a = &x->n->message.arena;
	struct str service = str_of(x->service);

	if (x->act == CAMPAIGN_SENT && sent.n > 0)
		return ARENA_JOIN(a, service, STR("/"), sent);
	if (x->id.n > 0)
		return ARENA_JOIN(a, service, STR("/"), x->id);
	return ARENA_JOIN(a, service, STR("/"),
	    sent.n > 0       ? sent
	    : x->email.n > 0 ? x->email
			     : x->uri,
	    STR("/"), x->name, arena_printf(a, "/%jd", (intmax_t)x->at));
}

static void
write_receipt(struct campaign_activity *x, struct writer *w, struct str about)
{
	write_member(w, "act", STR("receipt"));
	write_member(w, "status",
	    x->act == CAMPAIGN_FAILED ? STR("failed") : STR("read"));
	write_member_strs(w, "about", &about, 1);
	write_member_strs(w, "recipients", &x->email, x->email.n > 0);
}

static void
write_consent(struct campaign_activity *x, struct writer *w)
{
	write_member(w, "act", STR("consent"));
	write_member(w, "purpose", STR("marketing"));
	write_member(
	    w, "status", x->act == CAMPAIGN_IN ? STR("in") : STR("out"));
	write_member(w, "channel", str_of(x->channel));
	write_member(w, "source",
	    ARENA_JOIN(
		&x->n->message.arena, str_of(x->service), STR(" "), x->name));
}

static int
write_data(struct campaign_activity *x, struct str about, struct err *e)
{
	struct writer *w = native_data(x->n);

	if ((x->act == CAMPAIGN_OPENED || x->act == CAMPAIGN_FAILED) &&
	    about.n > 0)
		write_receipt(x, w, about);
	else if (x->act == CAMPAIGN_OUT || x->act == CAMPAIGN_IN)
		write_consent(x, w);
	else if (x->act != CAMPAIGN_SENT)
		write_member(w, "subtype", x->name);
	write_member(w, "campaign", x->title.n > 0 ? x->title : x->campaign);
	write_member(w, "list", x->list);
	write_member(w, "reason", x->reason);
	write_member(w, "url", x->url);
	native_data_raw(w, "properties", x->more);
	return native_data_end(x->n, e);
}

enum stage_result
campaign_emit(struct campaign_activity *x, struct err *e)
{
	struct message *m = &x->n->message;
	bool sent = x->act == CAMPAIGN_SENT;
	struct str id = message_id(x);
	struct address who = person_of(x);

	m->type = sent ? "message" : "event";
	m->channel = x->channel;
	m->id_without_account = true;
	m->native_id = native_id(x, id);
	m->message_id = sent ? m->native_id : STR_NONE;
	m->sent = x->at;
	m->direction = sent ? "outbound" : "inbound";
	m->from = (struct address){ 0 };
	m->to.n = 0;
	m->subject = sent ? x->subject : STR_NONE;
	m->text = sent ? x->text : STR_NONE;
	m->keywords[0] = NULL;
	/* A consent is believed: it must not join what they typed. */
	if (x->act == CAMPAIGN_OUT || x->act == CAMPAIGN_IN) {
		who.uri = STR_NONE;
		if (str_is(str_of(x->channel), "sms") && who.tel.n > 0)
			who.email = STR_NONE;
		else
			who.tel = STR_NONE;
	}
	if (id.n > 0)
		id = ARENA_JOIN(&m->arena, str_of(x->service), STR("/"), id);
	if (sent) {
		message_keyword(m, "bulk");
		message_add_address(m, &m->to, who);
	} else if ((x->act != CAMPAIGN_OPENED && x->act != CAMPAIGN_FAILED) ||
		   id.n == 0) {
		m->from = who;
	}
	return write_data(x, id, e) < 0 ? STAGE_REJECT : native_emit(x->n, e);
}
