/*
 * Receipts, consents, and what is neither.  An event may come in as many wraps
 * as it went through queues: the last ones are strings of JSON.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "source/mail_events/events.h"

enum { WRAPS = 4, SERVICES = 5 };

/* Parsers of what stands in strings. */
struct kept {
	struct json_doc *docs[WRAPS];
};

void
mail_events_release(void *kept)
{
	struct kept *k = kept;

	for (size_t i = 0; k != NULL && i < WRAPS; i++)
		json_doc_free(k->docs[i]);
	free(k);
}

/* The value of a string of JSON; absent where it is none. */
static struct json
parsed(struct normalize *n, unsigned depth, struct json v)
{
	struct str s = json_str(v, &n->message.arena);
	struct kept *k = *n->kept;
	struct json root;
	struct err e;

	if (s.n == 0 || s.p[0] != '{')
		return JSON_ABSENT;
	if (k == NULL)
		*n->kept = k = xcalloc(1, sizeof(*k));
	if (k->docs[depth] == NULL)
		k->docs[depth] = json_doc_new();
	return json_parse_copy(k->docs[depth], s, &root, &e) < 0 ? JSON_ABSENT
								 : root;
}

static struct json
unwrapped(struct normalize *n, struct json v)
{
	static const char *const objects[] = { "Sns", "event-data", "detail",
		"event_data", "eventData", NULL };
	static const char *const strings[] = { "Message", "Body", "body",
		NULL };

	for (unsigned depth = 0; depth < WRAPS; depth++) {
		struct json inner = JSON_ABSENT;

		for (size_t i = 0; objects[i] != NULL; i++)
			if (json_type(json_get(v, objects[i])) == JSON_OBJECT)
				inner = json_get(v, objects[i]);
		for (size_t i = 0; inner.doc == NULL && strings[i] != NULL; i++)
			inner = parsed(n, depth, json_get(v, strings[i]));
		if (inner.doc == NULL)
			return v;
		v = inner;
	}
	return v;
}

static const char *
status_of(const struct mail_event *x)
{
	static const char *const words[] = {
		[MAIL_EVENT_SENT] = "sent",
		[MAIL_EVENT_DELIVERED] = "delivered",
		[MAIL_EVENT_DELAYED] = "delayed",
		[MAIL_EVENT_FAILED] = "failed",
		[MAIL_EVENT_OPENED] = "read",
	};

	if (x->kind > MAIL_EVENT_OPENED || x->about_n == 0 ||
	    (x->kind == MAIL_EVENT_OPENED && x->machine))
		return NULL;
	return words[x->kind];
}

/* Without an id of its own: which mail, what, when, and whom. */
static struct str
event_id(struct mail_event *x, struct str whom)
{
	struct arena *a = &x->n->message.arena;
	struct str service = str_of(x->service);

	if (x->id.n > 0)
		return ARENA_JOIN(a, service, STR("/"), x->id, STR("/"), whom);
	return ARENA_JOIN(a, service, STR("/"), x->mail, STR("/"), x->name,
	    arena_printf(a, "/%jd/", (intmax_t)x->at), whom);
}

static void
begin(struct mail_event *x, struct str whom)
{
	struct message *m = &x->n->message;

	m->type = "event";
	m->channel = "email";
	m->direction = "inbound";
	m->id_without_account = true;
	m->native_id = event_id(x, whom);
	m->sent = x->at;
}

static enum stage_result
emit_event(struct mail_event *x, struct err *e)
{
	const char *status = status_of(x);
	struct writer *w;

	begin(x, x->recipients.n > 0 ? x->recipients.v[0] : STR(""));
	w = native_data(x->n);
	if (status != NULL) {
		write_member(w, "act", STR("receipt"));
		write_member(w, "status", str_of(status));
	} else {
		write_member(w, "subtype", x->name);
	}
	write_member_strs(w, "about", x->about, x->about_n);
	write_member(w, "code", x->code);
	write_member(w, "reason", x->reason);
	write_member_strs(w, "recipients", x->recipients.v, x->recipients.n);
	if (status != NULL)
		write_member(w, "event", x->name);
	if (x->machine) {
		write_key(w, "machine");
		write_bool(w, true);
	}
	write_member(w, "url", x->url);
	write_member(w, "service", str_of(x->service));
	return native_data_end(x->n, e) < 0 ? STAGE_REJECT
					    : native_emit(x->n, e);
}

/* Each whom it is about says so; an unsubscription and a complaint are about
 * what nobody asked for. */
static enum stage_result
emit_consents(struct mail_event *x, struct err *e)
{
	enum stage_result is = STAGE_OK;

	for (size_t i = 0; is == STAGE_OK && i < x->recipients.n; i++) {
		struct writer *w = native_data(x->n);

		begin(x, x->recipients.v[i]);
		x->n->message.from =
		    (struct address){ .email = x->recipients.v[i] };
		write_member(w, "act", STR("consent"));
		write_member(w, "purpose", STR("marketing"));
		write_member(w, "status",
		    x->kind == MAIL_EVENT_IN ? STR("in") : STR("out"));
		write_member(w, "channel", STR("email"));
		write_member(w, "source",
		    ARENA_JOIN(&x->n->message.arena, str_of(x->service),
			STR(" "), x->name));
		write_member(w, "reason", x->reason);
		write_member(w, "list", x->list);
		write_member_strs(w, "about", x->about, x->about_n);
		is = native_data_end(x->n, e) < 0 ? STAGE_REJECT
						  : native_emit(x->n, e);
	}
	return is;
}

enum stage_result
mail_events_normalize(struct normalize *n, struct json native, struct err *e)
{
	static bool (*const services[SERVICES])(struct mail_event *,
	    struct json) = { mail_event_ses, mail_event_postmark,
		mail_event_others, mail_event_sendgrid, mail_event_mailgun };
	struct mail_event x;
	struct json v;
	bool known = false;

	normalize_begin(n);
	v = unwrapped(n, native);
	for (size_t i = 0; !known && i < SERVICES; i++) {
		x = (struct mail_event){ .n = n, .at = TIME_NONE };
		known = services[i](&x, v);
	}
	if (!known && json_type(json_get(v, "TopicArn")) == JSON_STRING) {
		sink_sum(n->sink, "notifications that are no events", 1);
		return STAGE_OK;
	}
	if (!known)
		return native_reject(e, "no event of a service that is known");
	x.machine |= mail_event_is_machine(x.agent);
	return x.kind >= MAIL_EVENT_OUT && x.recipients.n > 0
		   ? emit_consents(&x, e)
		   : emit_event(&x, e);
}
