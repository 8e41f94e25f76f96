/*
 * What happened to tickets: audits with their events, the incremental export's
 * events, rows of the history of fields.  Comments are messages there, too;
 * what rules sent to people is automatic; what somebody changed is an event.
 */
#include "source/zendesk/zendesk.h"

/* Fields whose change is told: who has it and how it stands. */
static const char *const told[] = { "status", "custom_status_id", "assignee_id",
	"group_id", "requester_id", "priority", "is_public", "subject",
	"brand_id", NULL };

static struct str
ticket_id(struct zendesk *z, struct json v)
{
	struct str id = zendesk_str(z, v, "ticket_id");

	return id.p != NULL ? id : zendesk_str(z, z->ticket, "id");
}

/* Its id counts anew in no ticket, but rows have none. */
static enum stage_result
emit_change(struct zendesk *z, struct json event, struct json audit,
    struct str field, struct json value, struct err *e)
{
	static const char *const authors[] = { "author_id", "updater_id",
		"user_id", NULL };
	static const char *const times[] = { "created_at", "updated",
		"timestamp", NULL };
	struct ticket_part part = { .kind = "event" };
	struct message *m;
	struct writer *w;
	struct ticket t;

	m = zendesk_begin(z, "event", audit, &t);
	t.id = ticket_id(z, audit);
	part.id = zendesk_str(z, event, "id");
	part.author =
	    zendesk_person(z, zendesk_any(z, audit, authors), JSON_ABSENT);
	part.author.role = TICKET_SYSTEM;
	if (native_time_utc(z->n, zendesk_any(z, audit, times), &m->sent) < 0)
		return native_reject(
		    e, "an event of Zendesk without the time of it");
	ticket_fill(z->n, &t, &part);
	if (part.id.p == NULL)
		m->native_id = json_raw(event);
	m->subject = STR_NONE;
	w = native_data(z->n);
	write_member(w, "subtype", field);
	native_data_raw(w, "value", value);
	native_data_raw(w, "previous", zendesk_get(z, event, "previous_value"));
	return native_data_end(z->n, e) < 0 ? STAGE_REJECT
					    : native_emit(z->n, e);
}

static void
add_recipients(struct zendesk *z, struct json event, struct message *m)
{
	struct json_iter it = json_each(zendesk_get(z, event, "recipients"));
	struct json id;

	m->to = (struct address_list){ 0 };
	while (json_next(&it, NULL, &id)) {
		struct ticket_person p =
		    zendesk_person(z, native_value(z->n, id), JSON_ABSENT);

		message_add_address(
		    m, &m->to, ticket_address(z->n, "zendesk", &p));
	}
}

/* A rule's mail. */
static enum stage_result
emit_notification(
    struct zendesk *z, struct json event, struct json audit, struct err *e)
{
	struct ticket_part part = { .kind = "comment" };
	struct message *m;
	struct writer *w;
	struct ticket t;

	m = zendesk_begin(z, "message", audit, &t);
	t.id = ticket_id(z, audit);
	part.id = zendesk_str(z, event, "id");
	part.author.role = TICKET_BOT;
	if (zendesk_time(z, zendesk_get(z, audit, "created_at"), &m->sent) < 0)
		return native_reject(
		    e, "a notification of Zendesk without the time of it");
	ticket_fill(z->n, &t, &part);
	add_recipients(z, event, m);
	m->subject = zendesk_str(z, event, "subject");
	if (native_html(z->n, zendesk_str(z, event, "body"), &m->text, e) < 0)
		return STAGE_REJECT;
	m->text = ticket_text(z->n, m->text);
	w = native_data(z->n);
	write_member(w, "subtype", zendesk_str(z, event, "type"));
	write_member(w, "via", zendesk_via(z, event));
	return native_data_end(z->n, e) < 0 ? STAGE_REJECT
					    : native_emit(z->n, e);
}

static enum stage_result
emit_rating(
    struct zendesk *z, struct json event, struct json audit, struct err *e)
{
	struct ticket_rating r = { .of = 1 };
	struct str score;
	struct ticket t;

	(void)zendesk_begin(z, "event", audit, &t);
	t.id = ticket_id(z, audit);
	score = zendesk_str(z, event, "score");
	if (!str_starts(score, STR("good")) && !str_starts(score, STR("bad"))) {
		sink_sum(z->n->sink, "ratings not given", 1);
		return STAGE_OK;
	}
	if (t.customer.id.p == NULL)
		t.customer = zendesk_person(
		    z, zendesk_str(z, audit, "author_id"), JSON_ABSENT);
	r.id = zendesk_str(z, event, "id");
	r.score = str_starts(score, STR("good"));
	r.word = score;
	r.comment = ticket_text(z->n, zendesk_str(z, event, "body"));
	r.agent = zendesk_str(z, event, "assignee_id");
	if (zendesk_time(z, zendesk_get(z, audit, "created_at"), &r.at) < 0)
		r.at = TIME_NONE;
	return ticket_rate(z->n, &t, &r, e);
}

static bool
is_told(struct zendesk *z, struct json event, struct str type)
{
	/* What a ticket is made with stands in its first message. */
	return str_is(type, "Change") &&
	       str_is_one_of(zendesk_str(z, event, "field_name"), told);
}

static enum stage_result
one_event(
    struct zendesk *z, struct json event, struct json audit, struct err *e)
{
	static const char *const speech[] = { "Comment", "VoiceComment",
		"TpeVoiceComment", "FacebookComment", "FacebookEvent", "Tweet",
		"LogMeInTranscript", NULL };
	static const char *const notices[] = { "Notification",
		"NotificationWithCcs", "SmsNotification", "Cc",
		"FollowerNotificationEvent", NULL };
	static const char *const types[] = { "type", "event_type", NULL };
	struct str type = zendesk_any(z, event, types);

	if (str_is_one_of(type, speech))
		return zendesk_comment(
		    z, event, zendesk_get(z, audit, "created_at"), e);
	if (str_is_one_of(type, notices) &&
	    json_type(zendesk_get(z, event, "body")) == JSON_STRING)
		return emit_notification(z, event, audit, e);
	if (str_is(type, "SatisfactionRating"))
		return emit_rating(z, event, audit, e);
	if (is_told(z, event, type))
		return emit_change(z, event, audit,
		    zendesk_str(z, event, "field_name"),
		    zendesk_get(z, event, "value"), e);
	sink_sum(z->n->sink, "events of Zendesk left out", 1);
	return STAGE_OK;
}

/* The first comment is of the audit that made the ticket: of a list of audits
 * alone that is the one with fields that were created. */
static bool
makes_ticket(struct zendesk *z, struct json events)
{
	struct json_iter it = json_each(events);
	struct json one;

	while (json_next(&it, NULL, &one))
		if (json_is(zendesk_get(z, one, "type"), "Create"))
			return true;
	return false;
}

enum stage_result
zendesk_audit(struct zendesk *z, struct json audit, struct err *e)
{
	struct json events = zendesk_get(z, audit, "events");
	struct json_iter it = json_each(events);
	struct json item = z->item, one;
	size_t number = 0;

	z->item = audit;
	z->opening =
	    json_type(z->ticket) != JSON_OBJECT && makes_ticket(z, events);
	while (json_type(events) == JSON_LIST && json_next(&it, NULL, &one)) {
		enum stage_result got = one_event(z, one, audit, e);

		got = native_part(z->n, got, "events", ++number, one, e);
		if (got != STAGE_OK)
			return got;
	}
	z->opening = false;
	z->item = item;
	return STAGE_OK;
}

/* {"child_events":[{"event_type":"Comment",...},{"status":"open",
 * "previous_value":"new","event_type":"Change"}],"timestamp":...} */
static enum stage_result
one_child(struct zendesk *z, struct json child, struct err *e)
{
	struct json when = zendesk_get(z, z->item, "created_at");
	struct str type = zendesk_str(z, child, "event_type");

	if (json_type(when) <= JSON_NULL)
		when = zendesk_get(z, z->item, "timestamp");
	if (str_is(type, "Comment") || str_is(type, "VoiceComment"))
		return zendesk_comment(z, child, when, e);
	for (size_t i = 0; str_is(type, "Change") && told[i] != NULL; i++)
		if (json_type(zendesk_get(z, child, told[i])) > JSON_NULL)
			return emit_change(z, child, z->item, str_of(told[i]),
			    zendesk_get(z, child, told[i]), e);
	sink_sum(z->n->sink, "events of Zendesk left out", 1);
	return STAGE_OK;
}

enum stage_result
zendesk_changes(struct zendesk *z, struct err *e)
{
	struct json events = zendesk_get(z, z->item, "child_events");
	struct json_iter it = json_each(events);
	struct json one;
	size_t number = 0;

	z->opening = str_is(zendesk_str(z, z->item, "event_type"), "Create");
	while (json_type(events) == JSON_LIST && json_next(&it, NULL, &one)) {
		enum stage_result got;

		if (json_is(zendesk_get(z, one, "event_type"), "Create"))
			z->opening = true;
		got = one_child(z, one, e);
		got = native_part(z->n, got, "child_events", ++number, one, e);
		if (got != STAGE_OK)
			return got;
	}
	z->opening = false;
	return STAGE_OK;
}

/* A row: field_name, ticket_id, updated, user_id, value. */
enum stage_result
zendesk_change(struct zendesk *z, struct err *e)
{
	struct str field = zendesk_str(z, z->item, "field_name");

	if (str_is_one_of(field, told))
		return emit_change(z, z->item, z->item, field,
		    zendesk_get(z, z->item, "value"), e);
	sink_sum(z->n->sink, "events of Zendesk left out", 1);
	return STAGE_OK;
}
