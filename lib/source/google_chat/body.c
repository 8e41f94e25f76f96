/*
 * What a message of Google Chat says: text, what it quotes, files, and the words
 * in cards of programs.
 */
#include "source/google_chat/google_chat.h"

enum { CARD_DEPTH = 24 };

static struct str
text(struct google_view *v, struct json from, const char *name)
{
	return native_text(v->n, from, name);
}

static void
add_file(struct google_view *v, struct str name, struct str type, struct str id)
{
	struct attachment a = { .name = name, .type = type, .size = -1 };

	if (id.p != NULL)
		a.blob_id = ARENA_JOIN(&v->m->arena, STR("google:"), id);
	if (a.name.p != NULL || a.blob_id.p != NULL)
		message_add_attachment(v->m, a);
}

static void
add_attached(struct google_view *v)
{
	static const char *const names[] = { "original_name", "contentName",
		"export_name", "title", NULL };
	static const char *const refs[] = { "attachmentDataRef/resourceName",
		"driveDataRef/driveFileId", "drive_metadata/id", NULL };
	struct json list = google_get(v, "attached_files", "attachment"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct str id = STR_NONE;

		for (size_t i = 0; refs[i] != NULL && id.p == NULL; i++)
			id = native_value(v->n, native_at(one, refs[i]));
		if (id.p == NULL)
			id = text(v, one, "export_name");
		add_file(v, native_any(v->n, one, names),
		    text(v, one, "contentType"), id);
	}
}

/* A document that the text links to. */
static void
add_linked(struct google_view *v)
{
	struct json list = json_get(v->native, "annotations"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json drive = json_get(one, "drive_metadata");

		if (json_type(drive) == JSON_OBJECT)
			add_file(v, text(v, drive, "title"), STR_NONE,
			    text(v, drive, "id"));
	}
}

/* A text of a card may be HTML: without its tags. */
static void
add_line(struct google_view *v, struct str *to, struct str more)
{
	struct err e;

	if (more.n == 0 || native_html(v->n, more, &more, &e) < 0)
		return;
	*to = to->p == NULL ? more
			    : ARENA_JOIN(&v->m->arena, *to, STR("\n"), more);
}

/* The texts of cards, whatever they stand in. */
static void
card_text(struct google_view *v, struct json value, struct str *out, int depth)
{
	static const char *const texts[] = { "title", "subtitle", "header",
		"topLabel", "text", "content", "bottomLabel", NULL };
	static const char *const inner[] = { "card", "header", "sections",
		"widgets", "textParagraph", "decoratedText", "keyValue",
		"columns", "columnItems", NULL };
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
			add_line(v, out, text(v, value, texts[i]));
	for (size_t i = 0; inner[i] != NULL; i++)
		card_text(v, json_get(value, inner[i]), out, depth + 1);
}

void
google_body(struct google_view *v)
{
	struct json quoted =
	    google_get(v, "quoted_message_metadata", "quotedMessageMetadata");

	v->m->text = text(v, v->native, "text");
	if (v->m->text.p == NULL)
		v->m->text = text(v, v->native, "fallbackText");
	v->m->quoted = text(v, quoted, "text");
	if (v->m->quoted.p == NULL)
		v->m->quoted = native_value(
		    v->n, native_at(quoted, "quotedMessageSnapshot/text"));
	add_attached(v);
	add_linked(v);
	card_text(v, json_get(v->native, "cardsV2"), &v->m->text, 0);
	card_text(v, json_get(v->native, "cards"), &v->m->text, 0);
}
