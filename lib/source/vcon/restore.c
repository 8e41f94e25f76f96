/*
 * What `kith report vcon` writes beside a dialog, or in a vCon for what is no
 * dialog: the record as it was, under the extension "kith", so that nothing of
 * it is lost on the way.  Only what fits a record in every member is believed.
 */
#include "record/channels.h"
#include "record/fields.h"
#include "source/vcon/vcon.h"

static const char *const types[] = { "message", "call", "visit", "order",
	"contact", "event", NULL };
static const char *const directions[] = { "inbound", "outbound", "internal",
	NULL };

static const char *
one_of(struct json v, const char *const *words)
{
	for (; *words != NULL; words++)
		if (json_is(v, *words))
			return *words;
	return NULL;
}

bool
vcon_is_record(struct vcon *v, struct json kept)
{
	struct err why;

	return json_type(kept) == JSON_OBJECT &&
	       one_of(json_get(kept, "type"), types) != NULL &&
	       channel_named(json_str(json_get(kept, "channel"), v->arena)) !=
		   NULL &&
	       json_type(json_get(kept, "id")) == JSON_STRING &&
	       record_parse(v->record, json_raw(kept), &why) == 0 &&
	       fields_check(v->record, &why) == 0;
}

static struct str
text(struct vcon *v, struct json from, const char *name)
{
	return json_str(json_get(from, name), &v->n->message.arena);
}

static struct address
address(struct vcon *v, struct json a)
{
	return (struct address){ .name = text(v, a, "name"),
		.email = text(v, a, "email"),
		.tel = text(v, a, "tel"),
		.uri = text(v, a, "uri") };
}

static void
addresses(struct vcon *v, struct json list, struct address_list *out)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one))
		message_add_address(&v->n->message, out, address(v, one));
}

static void
strings(struct vcon *v, struct json list, struct str_list *out)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one))
		message_add_str(
		    &v->n->message, out, json_str(one, &v->n->message.arena));
}

static void
attachments(struct vcon *v, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one)) {
		struct attachment a = { .name = text(v, one, "name"),
			.type = text(v, one, "type"),
			.blob_id = text(v, one, "blobId"),
			.size = -1 };

		if (json_int(json_get(one, "size"), &a.size) < 0)
			a.size = -1;
		message_add_attachment(&v->n->message, a);
	}
}

static void
keywords(struct vcon *v, struct json list)
{
	struct arena *a = &v->n->message.arena;
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one))
		message_keyword(
		    &v->n->message, arena_cstr(a, json_str(one, a)));
}

static int64_t
time_of(struct vcon *v, struct json kept, const char *name)
{
	int64_t t;

	return native_time(v->n, json_get(kept, name), &t) < 0 ? TIME_NONE : t;
}

/*
 * Its data, where a signature that was verified once is none of this vCon's:
 * whoever wrote it could say so.
 */
static int
data(struct vcon *v, struct json kept, struct err *e)
{
	struct json_iter it = json_each(kept);
	struct json key, value;
	struct writer *w = native_data(v->n);

	while (json_next(&it, &key, &value)) {
		struct str name = json_str(key, &v->n->message.arena);

		if (str_is(name, "signed") &&
		    (v->keys != NULL ||
			!json_is(json_get(value, "status"), "unverified")))
			continue;
		write_key_str(w, name);
		write_raw(w, json_raw(value));
	}
	if (v->keys != NULL)
		vcon_write_signed(v, w);
	return native_data_end(v->n, e);
}

int
vcon_restore(struct vcon *v, struct json kept, struct err *e)
{
	struct message *m = &v->n->message;
	const struct channel *c = channel_named(text(v, kept, "channel"));

	m->type = one_of(json_get(kept, "type"), types);
	m->channel = c->name;
	m->id = text(v, kept, "id");
	m->account = text(v, kept, "account");
	m->direction = one_of(json_get(kept, "direction"), directions);
	m->sent = time_of(v, kept, "sentAt");
	m->received = time_of(v, kept, "receivedAt");
	m->from = address(v, json_get(kept, "from"));
	m->sender = address(v, json_get(kept, "sender"));
	addresses(v, json_get(kept, "to"), &m->to);
	addresses(v, json_get(kept, "cc"), &m->cc);
	m->subject = text(v, kept, "subject");
	m->quoted = text(v, kept, "quoted");
	m->signature = text(v, kept, "signature");
	m->message_id = text(v, kept, "messageId");
	m->thread_id = text(v, kept, "threadId");
	strings(v, json_get(kept, "inReplyTo"), &m->in_reply_to);
	strings(v, json_get(kept, "references"), &m->references);
	attachments(v, json_get(kept, "attachments"));
	keywords(v, json_get(kept, "keywords"));
	m->text = text(v, kept, "text");
	return data(v, json_get(kept, "data"), e);
}
