/*
 * What all services' events are read into.
 */
#include "source/mail_events/events.h"

enum { RECIPIENTS = 100 }; /* of an event that are told */

void
mail_event_about(struct mail_event *x, struct str id)
{
	id = str_trim(id);
	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = str_sub(id, 1, id.n - 2);
	for (size_t i = 0; i < x->about_n; i++)
		if (str_eq(x->about[i], id))
			return;
	if (id.n > 0 && x->about_n < MAIL_EVENT_IDS)
		x->about[x->about_n++] = id;
}

void
mail_event_recipient(struct mail_event *x, struct str email)
{
	struct address a = { 0 };

	native_email(x->n, &a, email);
	if (a.email.p == NULL || x->recipients.n == RECIPIENTS)
		return;
	for (size_t i = 0; i < x->recipients.n; i++)
		if (str_eq(x->recipients.v[i], a.email))
			return;
	message_add_str(&x->n->message, &x->recipients, a.email);
}

/* Apple's mail privacy fetches all pictures, and calls itself this alone. */
bool
mail_event_is_machine(struct str agent)
{
	return str_is(agent, "Mozilla/5.0");
}
