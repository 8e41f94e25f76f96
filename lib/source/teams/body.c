/*
 * What a message of Teams says: its body, the messages that it quotes or passes
 * on, cards of programs, files.
 */
#include "source/native.h"
#include "source/teams/markup.h"
#include "source/teams/teams.h"

enum { CARD_DEPTH = 24 };

/* Contents of attachments are JSON in a string. */
static int
parse(struct teams_view *v, struct json content, struct json *root)
{
	if (json_type(content) != JSON_OBJECT)
		return teams_json(v->n, content, root);
	*root = content;
	return 0;
}

void
teams_release(void *kept)
{
	json_doc_free(kept);
}

static void
join(struct teams_view *v, struct str *to, struct str more)
{
	if (more.n == 0)
		return;
	*to = to->p == NULL ? more
			    : ARENA_JOIN(&v->m->arena, *to, STR("\n"), more);
}

static struct str
in_place(struct teams_view *v, struct str id)
{
	return v->place.p == NULL
		   ? id
		   : ARENA_JOIN(&v->m->arena, v->place, STR("/"), id);
}

static void
add_reply(struct teams_view *v, struct str id)
{
	if (id.p == NULL)
		return;
	id = in_place(v, id);
	for (size_t i = 0; i < v->m->in_reply_to.n; i++)
		if (str_eq(v->m->in_reply_to.v[i], id))
			return;
	message_add_str(v->m, &v->m->in_reply_to, id);
}

/* {"messageId":"1","messagePreview":"...","messageSender":{"user":{...}}} */
static int
quoted_message(struct teams_view *v, struct json content, struct err *e)
{
	struct json_iter it;
	struct json root, key, value;
	struct str preview;

	if (parse(v, content, &root) < 0)
		return 0;
	add_reply(v, native_text(v->n, root, "messageId"));
	preview = native_text(v->n, root, "messagePreview");
	/* What is passed on. */
	it = json_each(root);
	while (preview.p == NULL && json_type(root) == JSON_OBJECT &&
	       json_next(&it, &key, &value))
		if (json_is(key, "originalMessageContent"))
			preview = native_value(v->n, value);
	if (preview.n > 0 && native_html(v->n, preview, &preview, e) < 0)
		return -1;
	join(v, &v->m->quoted, preview);
	return 0;
}

/* A text of a card may be HTML: without its tags. */
static void
add_text(struct teams_view *v, struct str *to, struct str more)
{
	struct err e;

	if (more.n > 0 && native_html(v->n, more, &more, &e) == 0)
		join(v, to, more);
}

/* The texts of a card, in their order. */
static void
card_text(struct teams_view *v, struct json value, struct str *out, int depth)
{
	static const char *const texts[] = { "title", "subtitle", "text",
		"summary", "speak", "value", NULL };
	static const char *const inner[] = { "body", "items", "columns",
		"facts", "sections", "card", NULL };
	struct json_iter it = json_each(value);
	struct json one;

	if (depth > CARD_DEPTH)
		return;
	if (json_type(value) == JSON_LIST) {
		while (json_next(&it, NULL, &one))
			card_text(v, one, out, depth + 1);
		return;
	}
	if (json_type(value) != JSON_OBJECT)
		return;
	for (size_t i = 0; texts[i] != NULL; i++)
		if (json_type(json_get(value, texts[i])) == JSON_STRING)
			add_text(v, out, native_text(v->n, value, texts[i]));
	for (size_t i = 0; inner[i] != NULL; i++)
		card_text(v, json_get(value, inner[i]), out, depth + 1);
}

static void
add_card(struct teams_view *v, struct json content)
{
	struct json root;

	if (parse(v, content, &root) == 0)
		card_text(v, root, &v->m->text, 0);
}

static void
add_file(struct teams_view *v, struct json one, struct str type)
{
	struct str id = teams_text(v, one, "id");
	struct attachment a = { .size = -1 };

	a.name = teams_text(v, one, "name");
	/* "reference" is a file in SharePoint, whose type nobody says. */
	if (str_chr(type, '/') > 0)
		a.type = type;
	if (id.p != NULL)
		a.blob_id = ARENA_JOIN(&v->m->arena, STR("teams:"), id);
	if (a.name.p != NULL || a.blob_id.p != NULL)
		message_add_attachment(v->m, a);
}

static int
add_attachments(struct teams_view *v, struct err *e)
{
	struct json list = teams_get(v, v->native, "attachments"), one;
	struct json_iter it = json_each(list);
	int rc = 0;

	if (json_type(list) != JSON_LIST)
		return 0;
	while (rc == 0 && json_next(&it, NULL, &one)) {
		struct str type = teams_text(v, one, "contentType");
		struct json content = teams_get(v, one, "content");

		if (str_is(type, "messageReference") ||
		    str_is(type, "forwardedMessageReference"))
			rc = quoted_message(v, content, e);
		else if (str_starts(type, STR("application/vnd.microsoft.")))
			add_card(v, content);
		else
			add_file(v, one, type);
	}
	return rc;
}

static bool
is_text(struct teams_view *v)
{
	struct json type = teams_at(v, v->native, "body/contentType");

	return json_is(type, "text") || json_is(type, "Text") ||
	       (json_type(type) == JSON_NUMBER && str_is(json_raw(type), "0"));
}

int
teams_body(struct teams_view *v, struct err *e)
{
	struct json body = teams_get(v, v->native, "body");
	struct str s = teams_text(v, body, "content");
	struct teams_said said = { .text = s };

	/* Graph's hooks of old and lists of a few members have it bare. */
	if (json_type(body) == JSON_STRING)
		said.text = s = native_value(v->n, body);
	if (!is_text(v) && teams_markup(v->n, s, false, &said, e) < 0)
		return -1;
	v->m->text = said.text;
	v->m->quoted = said.quoted;
	add_reply(v, said.replies_to);
	if (said.edited)
		message_keyword(v->m, "edited");
	return add_attachments(v, e);
}

void
teams_files(struct teams_view *v, struct writer *w)
{
	struct json list = teams_get(v, v->native, "attachments"), one;
	struct json_iter it = json_each(list);
	bool any = false;

	if (json_type(list) != JSON_LIST)
		return;
	while (json_next(&it, NULL, &one)) {
		struct str url = teams_text(v, one, "contentUrl");

		if (url.p == NULL)
			continue;
		if (!any) {
			write_key(w, "files");
			write_list(w);
		}
		any = true;
		write_object(w);
		write_member(w, "id", teams_text(v, one, "id"));
		/* Without what gives the right to fetch it. */
		write_member(w, "url", str_split(&url, '?'));
		write_object_end(w);
	}
	if (any)
		write_list_end(w);
}
