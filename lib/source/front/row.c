/*
 * Rows of the tables that Front exports: of messages, and of activities, which
 * have a type.  Of a text there is an extract alone.
 */
#include "source/front/front.h"

/* "Ana <ana@riba.example>, +49 30 1", handles with or without names. */
static void
add_handles(struct front *f, struct address_list *list, struct str cell)
{
	while (cell.p != NULL && cell.n > 0) {
		struct address a = { 0 };

		desk_handle(f->n, &a, str_split(&cell, ','));
		if (a.name.p != NULL || a.email.p != NULL || a.tel.p != NULL ||
		    a.uri.p != NULL)
			message_add_address(f->m, list, a);
	}
}

static void
people(struct front *f)
{
	struct str direction = desk_text(f->n, f->item, "direction");
	struct address contact = { .name = desk_text(
				       f->n, f->item, "contact_name") };
	bool ours = str_starts_nocase(direction, STR("out"));

	desk_handle(f->n, &contact, desk_text(f->n, f->item, "contact_handle"));
	if (str_starts_nocase(direction, STR("in")))
		f->m->direction = "inbound";
	else if (ours)
		f->m->direction = "outbound";
	add_handles(f, &f->m->to, desk_text(f->n, f->item, "to"));
	add_handles(f, &f->m->cc, desk_text(f->n, f->item, "cc"));
	desk_handle(f->n, &f->m->from, desk_text(f->n, f->item, "from"));
	if (ours) {
		f->m->from.name = desk_text(f->n, f->item, "author");
		if (f->m->to.n == 0)
			message_add_address(f->m, &f->m->to, contact);
	} else if (f->m->from.email.p == NULL && f->m->from.tel.p == NULL) {
		f->m->from = contact;
	} else if (f->m->from.name.p == NULL) {
		f->m->from.name = contact.name;
	}
}

static void
tags(struct front *f, struct writer *w)
{
	struct str rest = desk_text(f->n, f->item, "tags");

	if (rest.p == NULL)
		return;
	write_key(w, "tags");
	write_list(w);
	while (rest.p != NULL) {
		struct str s = str_trim(str_split(&rest, ','));

		if (s.n > 0)
			write_str(w, s);
	}
	write_list_end(w);
}

/* An activity that is no message. */
static bool
is_event(struct str type)
{
	return type.p != NULL &&
	       !desk_is(type,
		   "inbound|outbound|out_reply|outbound_reply|"
		   "inbound_message|outbound_message|message|new_inbound|"
		   "new_outbound|inbound_received|outbound_sent|"
		   "message_received|message_sent|reply|comment");
}

static int
data(struct front *f, bool event, struct err *e)
{
	struct str rating = desk_text(f->n, f->item, "survey_rating");
	struct writer *w = native_data(f->n);

	if (rating.p != NULL)
		desk_rating(f->n, w, rating, NULL,
		    desk_text(f->n, f->item, "survey_comment"));
	if (event)
		write_member(w, "subtype", desk_text(f->n, f->item, "type"));
	write_member(w, "status", desk_text(f->n, f->item, "status"));
	write_member(w, "inbox", desk_text(f->n, f->item, "inbox"));
	write_member(w, "assignee", desk_text(f->n, f->item, "assignee"));
	tags(f, w);
	return native_data_end(f->n, e);
}

enum stage_result
front_row(struct normalize *n, struct json row, struct err *e)
{
	struct front f;
	struct str type;
	bool event, rated;

	front_begin(&f, n, row, JSON_ABSENT);
	type = desk_text(n, row, "type");
	rated = desk_get(row, "survey_rating").doc != NULL;
	event = is_event(type) || rated;
	f.m->channel =
	    str_chr(desk_text(n, row, "contact_handle|from|to"), '@') >= 0
		? "email"
		: "ticket";
	f.m->thread_id =
	    desk_text(n, row, "conversation_api_id|conversation_id");
	f.m->sent =
	    desk_time(n, row, "message_date|activity_date|date|segment_start");
	if (f.m->sent == TIME_NONE)
		return native_reject(e, "a row of Front without a date");
	f.m->native_id = event
			     ? desk_text(n, row, "activity_api_id|activity_id")
			     : desk_text(n, row,
				   "comment_api_id|message_api_id|message_id|"
				   "activity_api_id|activity_id");
	f.m->message_id = f.m->native_id;
	if (f.m->native_id.p == NULL)
		f.m->native_id = json_raw(row);
	people(&f);
	if (desk_is(type, "comment"))
		message_keyword(f.m, "private");
	/* What the staff did and said among itself. */
	if (type.p != NULL && !rated && (event || desk_is(type, "comment"))) {
		f.m->direction = "internal";
		f.m->from = (struct address){ .name = desk_text(
						  n, row, "author|source") };
	}
	if (event)
		f.m->type = "event";
	if (desk_true(desk_get(row, "autoreply")))
		message_keyword(f.m, "automatic");
	f.m->subject = desk_text(n, row, "subject");
	if (desk_body(n, desk_text(n, row, "extract"), false, false, e) < 0 ||
	    data(&f, event, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "front", e);
}
