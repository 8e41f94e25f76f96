/*
 * Klaviyo: events and profiles as JSON:API has them; what an event is, and
 * whose, stands in `included` beside it.
 */
#include "source/campaigns/campaigns.h"

struct view {
	struct normalize *n;
	struct json v, attributes;
};

static struct str
text(struct view *v, const char *name)
{
	return native_text(v->n, v->attributes, name);
}

static int64_t
time_of(struct normalize *n, struct json v)
{
	int64_t t;

	return native_time(n, v, &t) < 0 ? TIME_NONE : t;
}

/* The resource that a relationship names. */
static struct json
related(struct view *v, const char *name, struct str *id)
{
	struct json list = native_beside(v->n, "included"), one;
	struct json_iter it = json_each(list);
	struct json to = json_get(json_get(v->v, "relationships"), name);

	to = json_get(to, "data");
	*id = native_text(v->n, to, "id");
	while (id->n > 0 && json_type(list) == JSON_LIST &&
	       json_next(&it, NULL, &one))
		if (json_is_str(json_get(one, "id"), *id) &&
		    json_is(json_get(one, "type"), name))
			return json_get(one, "attributes");
	return JSON_ABSENT;
}

static void
take_message(struct campaign_activity *x, struct json properties)
{
	static const char *const ids[] = { "$message", "Campaign ID",
		"message_id", NULL };
	static const char *const titles[] = { "Campaign Name", "Message Name",
		"$flow_name", NULL };
	static const char *const lists[] = { "List", "List Name", NULL };
	static const char *const texts[] = { "Message Body", "Body", NULL };
	static const char *const reasons[] = { "Bounce Type", "Reason",
		"Failure Type", "Error", NULL };

	x->campaign = native_any(x->n, properties, ids);
	x->title = native_any(x->n, properties, titles);
	if (x->campaign.n == 0)
		x->campaign = x->title;
	x->subject = native_text(x->n, properties, "Subject");
	x->text = native_any(x->n, properties, texts);
	x->list = native_any(x->n, properties, lists);
	x->reason = native_any(x->n, properties, reasons);
	x->url = native_text(x->n, properties, "URL");
}

static void
take_person(struct campaign_activity *x, struct view *v, struct json person,
    struct str id)
{
	struct str given = native_text(v->n, person, "first_name");
	struct str family = native_text(v->n, person, "last_name");

	x->email = native_text(v->n, person, "email");
	x->tel = native_text(v->n, person, "phone_number");
	x->uri = native_uri(v->n, "klaviyo", id);
	x->person =
	    given.n > 0 && family.n > 0
		? ARENA_JOIN(&v->n->message.arena, given, STR(" "), family)
	    : given.n > 0 ? given
			  : family;
}

static enum stage_result
event(struct view *v, struct err *e)
{
	struct str metric_id, person_id;
	struct json metric = related(v, "metric", &metric_id);
	struct json person = related(v, "profile", &person_id);
	struct json properties = json_get(v->attributes, "event_properties");
	struct campaign_activity x = {
		.n = v->n, .service = "klaviyo", .channel = "email"
	};

	x.name = native_text(v->n, metric, "name");
	if (x.name.n == 0)
		x.name = metric_id;
	x.act = campaign_act_of(x.name);
	if (str_find_nocase(x.name, STR("SMS")) >= 0)
		x.channel = "sms";
	else if (x.act == CAMPAIGN_OTHER)
		x.channel = "web";
	x.id = native_text(v->n, v->v, "id");
	x.at = time_of(v->n, json_get(v->attributes, "datetime"));
	if (x.at == TIME_NONE)
		x.at = time_of(v->n, json_get(v->attributes, "timestamp"));
	take_message(&x, properties);
	take_person(&x, v, person, person_id);
	if (x.email.n == 0)
		x.email =
		    native_text(v->n, properties, "Recipient Email Address");
	/* Apple's mail privacy opened it. */
	if (x.act == CAMPAIGN_OPENED &&
	    (json_true(json_get(properties, "Apple Privacy Open")) ||
		json_true(json_get(properties, "machine_open"))))
		x.act = CAMPAIGN_OTHER;
	if (x.act == CAMPAIGN_OTHER)
		x.more = properties;
	return campaign_emit(&x, e);
}

/* subscriptions.email.marketing: {"consent":"SUBSCRIBED",...} */
static enum stage_result
consent(struct view *v, const char *channel, struct str id, struct err *e)
{
	struct json of =
	    json_get(json_get(v->attributes, "subscriptions"), channel);
	struct json marketing = json_get(of, "marketing");
	struct str said = native_text(v->n, marketing, "consent");
	struct campaign_activity x = {
		.n = v->n, .service = "klaviyo", .channel = channel
	};
	static const char *const times[] = { "consent_timestamp", "timestamp",
		"last_updated", NULL };

	x.act = campaign_act_of(said);
	if (x.act != CAMPAIGN_IN && x.act != CAMPAIGN_OUT)
		return STAGE_OK;
	x.name = said;
	x.id = ARENA_JOIN(&v->n->message.arena, id, STR("/"), str_of(channel),
	    STR("/"), said);
	take_person(&x, v, v->attributes, id);
	x.reason = native_text(v->n, marketing, "method");
	if (native_time_text(v->n, native_any(v->n, marketing, times), &x.at) <
	    0)
		x.at = TIME_NONE;
	return campaign_emit(&x, e);
}

static void
take_location(struct contact *c, struct view *v)
{
	struct json from = json_get(v->attributes, "location");
	struct contact_address *to;

	if (json_type(from) != JSON_OBJECT)
		return;
	to = contact_address(c, STR(""));
	to->street = native_text(v->n, from, "address1");
	to->city = native_text(v->n, from, "city");
	to->region = native_text(v->n, from, "region");
	to->code = native_text(v->n, from, "zip");
	to->country = native_text(v->n, from, "country");
}

static void
take_properties(struct contact *c, struct view *v)
{
	struct json from = json_get(v->attributes, "properties");
	struct json_iter it = json_each(from);
	struct json key, value;

	while (json_type(from) == JSON_OBJECT && json_next(&it, &key, &value)) {
		struct str s = native_value(v->n, value);

		if (s.n > 0)
			contact_other(c, json_str(key, c->a), s);
	}
}

static enum stage_result
profile(struct view *v, struct err *e)
{
	static const char *const channels[] = { "email", "sms", NULL };
	struct contact c;
	enum stage_result is;
	struct str id;

	/* Texts from before it are not there any more. */
	contact_begin(&c, v->n);
	id = native_text(v->n, v->v, "id");
	c.given = text(v, "first_name");
	c.family = text(v, "last_name");
	c.org = text(v, "organization");
	c.title = text(v, "title");
	c.language = text(v, "locale");
	c.created = time_of(v->n, json_get(v->attributes, "created"));
	c.updated = time_of(v->n, json_get(v->attributes, "updated"));
	contact_uri(&c, "klaviyo", id);
	contact_uri(&c, "customer", text(v, "external_id"));
	(void)contact_email(&c, text(v, "email"), true);
	(void)contact_tel(&c, text(v, "phone_number"), true);
	/* A site tells Klaviyo what people type. */
	c.unverified_email = c.emails.n > 0;
	c.unverified_tel = c.tels.n > 0;
	take_location(&c, v);
	take_properties(&c, v);
	is = contact_emit(&c, native_content(v->n, v->v), e);
	for (size_t i = 0; is == STAGE_OK && channels[i] != NULL; i++)
		is = consent(v, channels[i], id, e);
	return is;
}

int
campaign_klaviyo(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n,
		.v = native,
		.attributes = json_get(native, "attributes") };
	struct json type = json_get(native, "type");

	if (json_type(json_get(native, "data")) == JSON_OBJECT) {
		v.v = json_get(native, "data");
		v.attributes = json_get(v.v, "attributes");
		type = json_get(v.v, "type");
	}
	if (json_type(v.attributes) != JSON_OBJECT)
		return CAMPAIGN_UNKNOWN;
	if (json_is(type, "event"))
		return (int)event(&v, e);
	if (json_is(type, "profile"))
		return (int)profile(&v, e);
	sink_sum(n->sink, "neither events nor profiles", 1);
	return (int)STAGE_OK;
}
