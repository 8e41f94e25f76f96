/*
 * An item of Front: what it is, whose, and who made it.
 */
#include "source/front/front.h"

enum front_kind
front_kind(struct json item)
{
	static const struct {
		const char *start;
		enum front_kind kind;
	} ids[] = {
		{ "\"msg_", FRONT_MESSAGE },
		{ "\"com_", FRONT_COMMENT },
		{ "\"cnv_", FRONT_CONVERSATION },
		{ "\"evt_", FRONT_EVENT },
	};
	struct str id = json_raw(desk_get(item, "id"));

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (str_starts(id, str_of(ids[i].start)))
			return ids[i].kind;
	if (desk_get(item, "is_inbound|recipients").doc != NULL)
		return FRONT_MESSAGE;
	if (desk_get(item, "posted_at").doc != NULL)
		return FRONT_COMMENT;
	if (desk_get(item, "emitted_at").doc != NULL)
		return FRONT_EVENT;
	if (desk_get(item, "segment|extract|message_api_id|activity_id").doc !=
	    NULL)
		return FRONT_ROW;
	if (desk_get(item, "last_message|messages|comments|status").doc != NULL)
		return FRONT_CONVERSATION;
	return FRONT_NONE;
}

struct str
front_link(struct front *f, struct json related, const char *name)
{
	struct str url = desk_text(f->n, related, name);
	ptrdiff_t end = str_chr(url, '?');

	url = str_sub(url, 0, end < 0 ? url.n : (size_t)end);
	url = str_after_last(url, '/');
	return url.n == 0 ? STR_NONE : url;
}

/* "https://riba.api.frontapp.com/..." is riba's. */
static struct str
company(struct front *f, struct json from, const char *path)
{
	struct str url = native_value(f->n, native_at(from, path));
	ptrdiff_t start = str_find(url, STR("://"));
	ptrdiff_t to = str_find(url, STR(".api.frontapp.com"));

	if (start < 0 || to < start + 4)
		return STR_NONE;
	return str_sub(url, (size_t)start + 3, (size_t)(to - start - 3));
}

/* ".../conversations/cnv_1/messages", of a page. */
static struct str
thread_of_page(struct front *f)
{
	struct str url = native_value(
	    f->n, native_at(native_beside(f->n, "_links"), "self"));
	ptrdiff_t at = str_find(url, STR("/cnv_"));

	if (at < 0)
		return STR_NONE;
	url = str_sub(url, (size_t)at + 1, url.n);
	return str_split(&url, '/');
}

void
front_begin(struct front *f, struct normalize *n, struct json item,
    struct json conversation)
{
	const char *channel;

	*f = (struct front){ n, normalize_begin(n), item, conversation };
	f->m->type = "message";
	f->letters = desk_text(n, item, "type");
	channel =
	    front_kind(item) == FRONT_MESSAGE ? desk_channel(f->letters) : NULL;
	if (channel == NULL)
		channel = desk_channel(desk_text(
		    n, desk_get(conversation, "last_message"), "type"));
	/* What does not say it is most often of a mail. */
	f->m->channel = channel != NULL                     ? channel
			: front_kind(item) == FRONT_MESSAGE ? "ticket"
							    : "email";
	f->m->account = company(f, item, "_links/self");
	if (f->m->account.p == NULL)
		f->m->account = company(f, conversation, "_links/self");
	if (f->m->account.p == NULL)
		f->m->account = company(f, n->root, "beside/_links/self");
	f->m->thread_id = front_link(
	    f, desk_get(desk_get(item, "_links"), "related"), "conversation");
	if (f->m->thread_id.p == NULL)
		f->m->thread_id = desk_text(n, conversation, "id");
	if (f->m->thread_id.p == NULL)
		f->m->thread_id = desk_text(n, item, "conversation_id");
	if (f->m->thread_id.p == NULL)
		f->m->thread_id =
		    native_value(n, native_beside(n, "conversation_id"));
	if (f->m->thread_id.p == NULL)
		f->m->thread_id = thread_of_page(f);
}

void
front_teammate(struct front *f, struct json who, struct address *a)
{
	struct str type = desk_text(f->n, who, "type");
	struct str id = desk_text(f->n, who, "id");

	if (json_type(who) != JSON_OBJECT)
		return;
	desk_person(f->n, who, a);
	a->uri = native_uri(f->n, "front", id);
	if (type.p == NULL || desk_is(type, "user|visitor"))
		return;
	message_keyword(f->m, "automatic");
	if (desk_is(type, "ai|integration|application|api"))
		message_keyword(f->m, "bot");
}
