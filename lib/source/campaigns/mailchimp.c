/*
 * Mailchimp: people of an audience, by table and API; what each was sent and
 * did; campaigns.
 */
#include "core/text/ascii.h"
#include "source/campaigns/campaigns.h"
#include "source/desk/spelling.h"

enum field {
	M_EMAIL,
	M_GIVEN,
	M_FAMILY,
	M_NAME,
	M_TEL,
	M_ADDRESS,
	M_BIRTHDAY,
	M_ORG,
	M_NOTES,
	M_TAGS,
	M_LANGUAGE,
	M_OPT_IN,
	M_CONFIRMED,
	M_SIGNUP,
	M_OUT,
	M_OUT_REASON,
	M_OUT_OTHER,
	M_CLEANED,
	M_CHANGED,
	M_UNIQUE, /* euid, unique_email_id */
	M_MEMBER, /* leid; the API's id of a member */
	M_STATUS,
	M_FIELDS, /* merge_fields */
	M_LIST,
	M_CAMPAIGN,
	M_TITLE,
	M_SUBJECT,
	M_ACTIVITY,
	M_ACTION,
	M_TIME,
	M_URL,
	M_REASON,
	M_LAST_OPEN,
	M_SETTINGS,
	M_SEND_TIME,
	M_IGNORED,
	MAILCHIMP_FIELDS
};

static const struct spelling names[] = {
	{ "action", M_ACTION },
	{ "activity", M_ACTIVITY },
	{ "activitytype", M_ACTION },
	{ "address", M_ADDRESS },
	{ "birthday", M_BIRTHDAY },
	{ "campaignid", M_CAMPAIGN },
	{ "campaigntitle", M_TITLE },
	{ "cleantime", M_CLEANED },
	{ "company", M_ORG },
	{ "confirmtime", M_CONFIRMED },
	{ "createdattimestamp", M_TIME },
	{ "email", M_EMAIL },
	{ "emailaddress", M_EMAIL },
	{ "emailid", M_MEMBER },
	{ "euid", M_UNIQUE },
	{ "firstname", M_GIVEN },
	{ "fname", M_GIVEN },
	{ "fullname", M_NAME },
	{ "id", M_MEMBER },
	{ "language", M_LANGUAGE },
	{ "lastchanged", M_CHANGED },
	{ "lastname", M_FAMILY },
	{ "lastopen", M_LAST_OPEN },
	{ "leid", M_MEMBER },
	{ "links", M_IGNORED },
	{ "listid", M_LIST },
	{ "lname", M_FAMILY },
	{ "mergefields", M_FIELDS },
	{ "notes", M_NOTES },
	{ "optintime", M_OPT_IN },
	{ "phone", M_TEL },
	{ "phonenumber", M_TEL },
	{ "reason", M_REASON },
	{ "sendtime", M_SEND_TIME },
	{ "settings", M_SETTINGS },
	{ "status", M_STATUS },
	{ "subject", M_SUBJECT },
	{ "tags", M_TAGS },
	{ "timestamp", M_TIME },
	{ "timestampopt", M_OPT_IN },
	{ "timestampsignup", M_SIGNUP },
	{ "title", M_TITLE },
	{ "uniqueemailid", M_UNIQUE },
	{ "unsubreason", M_OUT_REASON },
	{ "unsubreasonother", M_OUT_OTHER },
	{ "unsubscribereason", M_OUT_REASON },
	{ "unsubtime", M_OUT },
	{ "url", M_URL },
};
static const struct spellings all = SPELLINGS(names);

struct view {
	struct normalize *n;
	struct json v, f[MAILCHIMP_FIELDS];
};

static struct str
text(struct view *v, enum field f)
{
	return native_value(v->n, v->f[f]);
}

/* Mailchimp's clocks are UTC; tables do not say so. */
static int64_t
time_of(struct view *v, enum field f)
{
	struct str s = text(v, f);
	int64_t t;

	if (s.n == 19 && s.p[10] == ' ')
		s = ARENA_JOIN(&v->n->message.arena, s, STR("Z"));
	return native_time_text(v->n, s, &t) < 0 ? TIME_NONE : t;
}

static struct campaign_activity
activity_of(struct view *v)
{
	struct campaign_activity x = {
		.n = v->n,
		.service = "mailchimp",
		.channel = "email",
		.email = text(v, M_EMAIL),
		.campaign = text(v, M_CAMPAIGN),
		.title = text(v, M_TITLE),
		.subject = text(v, M_SUBJECT),
		.list = text(v, M_LIST),
		.reason = text(v, M_REASON),
		.url = text(v, M_URL),
		.at = time_of(v, M_TIME),
		.more = JSON_ABSENT,
	};

	return x;
}

static enum stage_result
one(struct view *v, struct str name, struct err *e)
{
	struct campaign_activity x = activity_of(v);

	x.name = name;
	x.act = campaign_act_of(name);
	return campaign_emit(&x, e);
}

/* [{"action":"open","timestamp":"..."}] of somebody. */
static enum stage_result
each_activity(struct view *v, struct json list, struct err *e)
{
	struct json_iter it = json_each(list);
	enum stage_result is = STAGE_OK;
	struct json what;

	while (is == STAGE_OK && json_next(&it, NULL, &what)) {
		struct view inner = { .n = v->n };

		spelling_read(&all, what, inner.f);
		for (size_t i = 0; i < MAILCHIMP_FIELDS; i++)
			if (!spelling_is_value(inner.f[i]) && i != M_ACTIVITY)
				inner.f[i] = v->f[i];
		is = one(&inner, text(&inner, M_ACTION), e);
	}
	return is;
}

/* {"ana@riba.example":[{"action":"open",...}]}: a line of the Export API. */
static int
of_address(struct view *v, struct err *e)
{
	struct json_iter it = json_each(v->v);
	enum stage_result is = STAGE_OK;
	struct json key, list;
	bool any = false;

	while (is == STAGE_OK && json_next(&it, &key, &list)) {
		if (json_type(list) != JSON_LIST ||
		    str_chr(json_raw(key), '@') <= 0)
			continue;
		v->f[M_EMAIL] = key;
		any = true;
		is = each_activity(v, list, e);
	}
	return any ? (int)is : CAMPAIGN_UNKNOWN;
}

static void
take_tags(struct contact *c, struct view *v)
{
	struct json_iter it = json_each(v->f[M_TAGS]);
	struct json tag;
	struct str rest;

	if (json_type(v->f[M_TAGS]) == JSON_LIST) {
		while (json_next(&it, NULL, &tag)) {
			struct str s = native_text(v->n, tag, "name");

			if (s.n > 0)
				message_add_str(c->m, &c->labels, s);
		}
		return;
	}
	/* "\"VIP\",\"Riders\"" */
	for (rest = text(v, M_TAGS); rest.p != NULL;) {
		struct str s = str_trim(str_split(&rest, ','));

		if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"')
			s = str_sub(s, 1, s.n - 2);
		if (s.n > 0)
			message_add_str(c->m, &c->labels, s);
	}
}

/* Columns and merge fields of an audience's own. */
static void
take_other(struct contact *c, struct view *v, struct json from)
{
	struct json_iter it = json_each(from);
	struct json key, value;

	while (json_next(&it, &key, &value)) {
		int field = spelling_of(&all, json_raw(key));
		struct str s = native_value(v->n, value);

		if (s.n > 0 && (field == SPELLING_NONE || field == M_STATUS))
			contact_other(c, json_str(key, c->a), s);
	}
}

static void
take_address(struct contact *c, struct view *v)
{
	struct json from = v->f[M_ADDRESS];
	struct contact_address *to;

	if (!spelling_is_value(from))
		return;
	to = contact_address(c, STR(""));
	if (json_type(from) != JSON_OBJECT) {
		to->street = text(v, M_ADDRESS);
		return;
	}
	to->street = native_text(v->n, from, "addr1");
	to->city = native_text(v->n, from, "city");
	to->region = native_text(v->n, from, "state");
	to->code = native_text(v->n, from, "zip");
	to->country = native_text(v->n, from, "country");
}

/* What a row says last of wanting mail. */
static enum stage_result
consent_of(struct view *v, struct err *e)
{
	struct str status = text(v, M_STATUS);
	struct campaign_activity x = activity_of(v);
	struct str other = text(v, M_OUT_OTHER);

	if (spelling_is_value(v->f[M_OUT]) || str_is(status, "unsubscribed")) {
		x.act = CAMPAIGN_OUT;
		x.at = time_of(v, M_OUT);
		if (x.at == TIME_NONE)
			x.at = time_of(v, M_CHANGED);
		x.reason = other.n > 0 ? other : text(v, M_OUT_REASON);
		x.name = STR("unsubscribed");
	} else if (str_is(status, "subscribed") ||
		   (status.n == 0 && !spelling_is_value(v->f[M_CLEANED]) &&
		       (spelling_is_value(v->f[M_OPT_IN]) ||
			   spelling_is_value(v->f[M_CONFIRMED])))) {
		x.act = CAMPAIGN_IN;
		x.at = time_of(v, M_CONFIRMED);
		if (x.at == TIME_NONE)
			x.at = time_of(v, M_OPT_IN);
		if (x.at == TIME_NONE)
			x.at = time_of(v, M_SIGNUP);
		x.name = STR("subscribed");
	} else {
		return STAGE_OK;
	}
	return campaign_emit(&x, e);
}

static enum stage_result
member(struct view *v, struct err *e)
{
	struct contact c;
	enum stage_result is;

	contact_begin(&c, v->n);
	spelling_read(&all, v->f[M_FIELDS], v->f);
	c.name = text(v, M_NAME);
	c.given = text(v, M_GIVEN);
	c.family = text(v, M_FAMILY);
	c.org = text(v, M_ORG);
	c.birthday = text(v, M_BIRTHDAY);
	c.note = text(v, M_NOTES);
	c.language = text(v, M_LANGUAGE);
	c.created = time_of(v, M_SIGNUP);
	if (c.created == TIME_NONE)
		c.created = time_of(v, M_OPT_IN);
	c.updated = time_of(v, M_CHANGED);
	(void)contact_email(&c, text(v, M_EMAIL), true);
	(void)contact_tel(&c, text(v, M_TEL), true);
	/* People typed these into the form of a list; who is asked by mail
	 * confirms it later. */
	c.unverified_email = c.emails.n > 0;
	c.unverified_tel = c.tels.n > 0;
	if (spelling_is_value(v->f[M_CONFIRMED]) &&
	    spelling_is_value(v->f[M_OPT_IN]) &&
	    !str_eq(text(v, M_CONFIRMED), text(v, M_OPT_IN)))
		c.unverified_email = false;
	take_address(&c, v);
	take_tags(&c, v);
	take_other(&c, v, v->v);
	take_other(&c, v, v->f[M_FIELDS]);
	is = contact_emit(&c, native_content(v->n, v->v), e);
	return is == STAGE_OK ? consent_of(v, e) : is;
}

/* Whom it went to is told elsewhere. */
static enum stage_result
campaign(struct view *v, struct err *e)
{
	struct message *m = &v->n->message;
	struct json settings = v->f[M_SETTINGS];
	struct writer *w;

	m->type = "message";
	m->channel = "email";
	m->direction = "outbound";
	m->id_without_account = true;
	m->native_id = ARENA_JOIN(
	    &m->arena, STR("mailchimp/campaign/"), text(v, M_MEMBER));
	m->message_id = m->native_id;
	m->sent = time_of(v, M_SEND_TIME);
	m->subject = native_text(v->n, settings, "subject_line");
	m->text = native_text(v->n, settings, "preview_text");
	m->from.name = native_text(v->n, settings, "from_name");
	native_email(v->n, &m->from, native_text(v->n, settings, "reply_to"));
	message_keyword(m, "bulk");
	if (!str_is(text(v, M_STATUS), "sent"))
		message_keyword(m, "draft");
	w = native_data(v->n);
	write_member(w, "campaign", native_text(v->n, settings, "title"));
	write_member(w, "status", text(v, M_STATUS));
	native_data_raw(w, "emailsSent", json_get(v->v, "emails_sent"));
	native_data_raw(w, "report", json_get(v->v, "report_summary"));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

/* {"status":"hard"} of whom it was sent to: a message, and what came of it. */
static enum stage_result
sent_to(struct view *v, struct err *e)
{
	struct str status = text(v, M_STATUS);
	struct campaign_activity x = activity_of(v);
	enum stage_result is;

	x.name = STR("sent");
	x.act = CAMPAIGN_SENT;
	is = campaign_emit(&x, e);
	if (is != STAGE_OK)
		return is;
	x.act = campaign_act_of(status);
	x.name = status;
	if (x.act == CAMPAIGN_FAILED)
		return campaign_emit(&x, e);
	x.at = time_of(v, M_LAST_OPEN);
	x.name = STR("open");
	x.act = CAMPAIGN_OPENED;
	return x.at == TIME_NONE ? STAGE_OK : campaign_emit(&x, e);
}

int
campaign_mailchimp(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .v = native };
	bool email, campaign_told;

	spelling_read(&all, native, v.f);
	email = spelling_is_value(v.f[M_EMAIL]);
	campaign_told = spelling_is_value(v.f[M_CAMPAIGN]);
	if (json_type(v.f[M_SETTINGS]) == JSON_OBJECT)
		return (int)campaign(&v, e);
	if (json_type(v.f[M_ACTIVITY]) == JSON_LIST && email)
		return (int)each_activity(&v, v.f[M_ACTIVITY], e);
	if (email && spelling_is_value(v.f[M_ACTION]))
		return (int)one(&v, text(&v, M_ACTION), e);
	if (email && campaign_told && spelling_is_value(v.f[M_TIME]))
		return (int)one(&v, STR("unsubscribe"), e);
	if (email && campaign_told && spelling_is_value(v.f[M_STATUS]))
		return (int)sent_to(&v, e);
	if (email)
		return (int)member(&v, e);
	return of_address(&v, e);
}
