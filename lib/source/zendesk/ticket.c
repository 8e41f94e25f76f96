/*
 * A ticket: the words that opened it and how it was liked.  Suspended ones are
 * junk, apart by their cause.
 */
#include "source/zendesk/zendesk.h"

/* Who typed it: an agent may have, for who asked. */
static struct ticket_person
opener(struct zendesk *z, const struct ticket *t)
{
	struct str id = zendesk_str(z, z->ticket, "submitter_id");

	if (id.p == NULL || str_eq(id, t->customer.id))
		return t->customer;
	return zendesk_person(z, id, zendesk_get(z, z->ticket, "submitter"));
}

static void
write_ticket(struct zendesk *z, struct writer *w)
{
	static const char *const kept[] = { "status", "priority", "type",
		"tags", "external_id", "group_id", "organization_id",
		"brand_id", "assignee_id", "problem_id", "followup_ids",
		"merged_ticket_ids", "custom_status_id", NULL };
	static const char *const names[] = { "status", "priority", "ticketType",
		"tags", "externalId", "group", "organization", "brand",
		"assignee", "problem", "followUps", "merged", "customStatus",
		NULL };

	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(
		    w, names[i], zendesk_get(z, z->ticket, kept[i]));
}

/* The words of the ticket itself, where no comment has them. */
static enum stage_result
emit_opening(struct zendesk *z, struct err *e)
{
	static const char *const texts[] = { "description", "comment_body",
		NULL };
	struct ticket_part part = { .kind = "comment", .opens = true };
	struct message *m;
	struct writer *w;
	struct ticket t;

	m = zendesk_begin(z, "message", JSON_ABSENT, &t);
	if (zendesk_time(z, zendesk_get(z, z->ticket, "created_at"), &m->sent) <
	    0)
		return native_reject(
		    e, "a ticket of Zendesk without the time it was created");
	part.author = opener(z, &t);
	part.note = zendesk_false(z, z->ticket, "is_public") &&
		    part.author.role != TICKET_CUSTOMER;
	ticket_fill(z->n, &t, &part);
	if (t.id.p == NULL)
		m->native_id = json_raw(z->ticket);
	m->text = ticket_text(z->n, zendesk_any(z, z->ticket, texts));
	if (str_eq_nocase(zendesk_str(z, z->ticket, "status"), STR("deleted")))
		message_keyword(m, "deleted");
	w = native_data(z->n);
	write_member(w, "via", zendesk_via(z, z->ticket));
	write_ticket(z, w);
	return native_data_end(z->n, e) < 0 ? STAGE_REJECT
					    : native_emit(z->n, e);
}

/* 1 of 1 is good. */
static enum stage_result
rate(struct zendesk *z, struct json rating, struct json when, struct err *e)
{
	struct ticket_rating r = { .of = 1 };
	struct ticket t;
	struct str score;

	(void)zendesk_begin(z, "event", rating, &t);
	score = zendesk_str(z, rating, "score");
	/* "good_with_comment"; offered ones have no answer. */
	if (!str_starts(score, STR("good")) && !str_starts(score, STR("bad"))) {
		if (json_type(z->ticket) != JSON_OBJECT)
			sink_sum(z->n->sink, "ratings not given", 1);
		return STAGE_OK;
	}
	r.id = zendesk_str(z, rating, "id");
	r.score = str_starts(score, STR("good"));
	r.word = score;
	r.comment = ticket_text(z->n, zendesk_str(z, rating, "comment"));
	r.agent = zendesk_str(z, rating, "assignee_id");
	if (r.agent.p == NULL)
		r.agent = zendesk_str(z, z->ticket, "assignee_id");
	if (t.customer.id.p == NULL)
		t.customer = zendesk_person(
		    z, zendesk_str(z, rating, "requester_id"), JSON_ABSENT);
	if (zendesk_time(z, when, &r.at) < 0)
		r.at = TIME_NONE;
	return ticket_rate(z->n, &t, &r, e);
}

enum stage_result
zendesk_rating(struct zendesk *z, struct err *e)
{
	struct json when = zendesk_get(z, z->item, "updated_at");

	if (json_type(when) <= JSON_NULL)
		when = zendesk_get(z, z->item, "created_at");
	return rate(z, z->item, when, e);
}

static bool
any_opens(struct zendesk *z, struct json comments)
{
	struct json_iter it = json_each(comments);
	struct json one;

	while (json_next(&it, NULL, &one))
		if (zendesk_opens(z->how, z->ticket, one, z->n))
			return true;
	return false;
}

/* Comments in the ticket, beside it, or in the audit of its making. */
static struct json
comments_of(struct zendesk *z)
{
	struct json list = zendesk_get(z, z->ticket, "comments");

	if (json_type(list) != JSON_LIST)
		list = zendesk_get(z, z->around, "comments");
	if (json_type(list) != JSON_LIST)
		list = zendesk_get(
		    z, zendesk_get(z, z->around, "audit"), "events");
	return list;
}

enum stage_result
zendesk_ticket(struct zendesk *z, struct err *e)
{
	struct json comments = comments_of(z);
	struct json audit = zendesk_get(z, z->around, "audit");
	struct json rating = zendesk_get(z, z->ticket, "satisfaction_rating");
	enum stage_result got = STAGE_OK;

	if (!any_opens(z, comments))
		got = emit_opening(z, e);
	if (got != STAGE_OK)
		return got;
	got = json_type(audit) == JSON_OBJECT
		  ? zendesk_audit(z, audit, e)
		  : zendesk_comments(z, comments, e);
	if (got == STAGE_OK && json_type(rating) == JSON_OBJECT &&
	    json_type(zendesk_get(z, rating, "score")) == JSON_STRING)
		got =
		    rate(z, rating, zendesk_get(z, z->ticket, "updated_at"), e);
	return got;
}

/* Junk, or taken for it, apart by the reason. */
enum stage_result
zendesk_suspended(struct zendesk *z, struct err *e)
{
	struct json author = zendesk_get(z, z->item, "author");
	struct ticket_part part = { .kind = "suspended" };
	struct message *m;
	struct writer *w;
	struct ticket t;

	z->ticket = z->item;
	m = zendesk_begin(z, "message", z->item, &t);
	t.id = zendesk_str(z, z->item, "ticket_id");
	part.id = zendesk_str(z, z->item, "id");
	part.author = zendesk_person(z, zendesk_str(z, author, "id"), author);
	part.author.role = TICKET_CUSTOMER;
	if (zendesk_time(z, zendesk_get(z, z->item, "created_at"), &m->sent) <
	    0)
		return native_reject(
		    e, "a suspended ticket without the time it came");
	ticket_fill(z->n, &t, &part);
	m->text = ticket_text(z->n, zendesk_str(z, z->item, "content"));
	message_keyword(m, "junk");
	w = native_data(z->n);
	write_member(w, "via", zendesk_via(z, z->item));
	write_member(w, "suspended", zendesk_str(z, z->item, "cause"));
	native_data_raw(w, "causeId", zendesk_get(z, z->item, "cause_id"));
	return native_data_end(z->n, e) < 0 ? STAGE_REJECT
					    : native_emit(z->n, e);
}
