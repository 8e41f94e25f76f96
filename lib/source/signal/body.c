/*
 * What a message says: the names of whom it mentions stand in its text as one
 * sign each; files, stickers, polls.
 */
#include "source/signal/signal.h"

static const char placeholder[] = "\xef\xbf\xbc"; /* U+FFFC */

/* In the order of the signs. */
static struct str
with_mentions(struct signal_view *v, struct str s)
{
	struct json list = json_get(v->said, "mentions"), one;
	struct json_iter it = json_each(list);
	struct str out = STR_NONE;
	ptrdiff_t at;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one) &&
	       (at = str_find(s, str_of(placeholder))) >= 0) {
		struct str name = signal_text(v, one, "name");

		if (name.p == NULL)
			name = signal_text(v, one, "number");
		if (name.p == NULL)
			name = signal_text(v, one, "uuid");
		out = ARENA_JOIN(&v->m->arena, out, str_sub(s, 0, (size_t)at),
		    STR("@"), name);
		s = str_sub(s, (size_t)at + 3, s.n);
	}
	return out.p == NULL ? s : ARENA_JOIN(&v->m->arena, out, s);
}

static void
add_files(struct signal_view *v, struct json list)
{
	static const char *const names[] = { "filename", "fileName", "id",
		NULL };
	struct json_iter it = json_each(list);
	struct json one;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct attachment a = { .size = -1 };

		a.name = native_any(v->n, one, names);
		a.type = signal_text(v, one, "contentType");
		a.blob_id =
		    native_uri(v->n, "signal", signal_text(v, one, "id"));
		if (json_int(json_get(one, "size"), &a.size) < 0 || a.size < 0)
			a.size = -1;
		if (a.name.p != NULL || a.type.p != NULL)
			message_add_attachment(v->m, a);
	}
}

/* A question and its answers. */
static struct str
poll(struct signal_view *v)
{
	struct json create = json_get(v->said, "pollCreate"), list, one;
	struct str s = signal_text(v, create, "question");
	struct json_iter it;

	list = json_get(create, "options");
	it = json_each(list);
	while (s.p != NULL && json_type(list) == JSON_LIST &&
	       json_next(&it, NULL, &one))
		s = ARENA_JOIN(
		    &v->m->arena, s, STR("\n- "), native_value(v->n, one));
	return s;
}

void
signal_body(struct signal_view *v)
{
	static const char *const texts[] = { "message", "body", NULL };
	struct json quote = json_get(v->said, "quote");
	struct str quoted_time = signal_text(v, quote, "id"), id;
	struct signal_who who;

	v->m->text = native_any(v->n, v->said, texts);
	if (v->m->text.p != NULL)
		v->m->text = with_mentions(v, v->m->text);
	else
		v->m->text = poll(v);
	if (v->m->text.p == NULL)
		v->m->text =
		    native_value(v->n, native_at(v->said, "sticker/emoji"));
	add_files(v, json_get(v->said, "attachments"));
	if (quoted_time.p == NULL)
		return;
	who = signal_who(v, quote, "author");
	/* In a chat of two whom else they quote is us. */
	if (!v->own && who.number.p == NULL && v->m->thread_id.p != NULL &&
	    str_eq(v->m->thread_id, v->author.uuid) &&
	    !str_eq(who.uuid, v->author.uuid))
		who.number = v->account;
	id = signal_id(v, &who, quoted_time);
	if (id.p != NULL)
		message_add_str(v->m, &v->m->in_reply_to, id);
	v->m->quoted = signal_text(v, quote, "text");
}

void
signal_body_data(struct signal_view *v, struct writer *w)
{
	static const char *const kept[] = { "sticker", "contacts", "previews",
		"payment", "storyContext", NULL };

	if (json_true(json_get(v->said, "viewOnce"))) {
		write_key(w, "viewOnce");
		write_bool(w, true);
	}
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], json_get(v->said, kept[i]));
}
