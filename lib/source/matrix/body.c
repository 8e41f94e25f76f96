/*
 * What a message says: its body without the quote that older clients write above
 * an answer, files, places, polls.
 */
#include "source/matrix/matrix.h"

/* "> <@ana:shop.example> Is it open?\n> Or not?\n\nYes" */
static void
take_fallback(struct matrix_view *v)
{
	struct str rest = v->m->text, line;
	char *quoted;
	size_t n = 0, from;

	if (!str_starts(rest, STR("> ")))
		return;
	quoted = arena_alloc(&v->m->arena, rest.n + 1);
	while (rest.p != NULL && rest.n > 0 && rest.p[0] == '>') {
		line = str_line(&rest);
		from = line.n > 1 && line.p[1] == ' ' ? 2 : 1;
		/* Whom it quotes. */
		if (n == 0 && str_starts(line, STR("> <@"))) {
			struct str name = str_sub(line, 4, line.n);
			ptrdiff_t end = str_find(name, STR("> "));

			if (end > 0)
				from = 4 + (size_t)end + 2;
		}
		line = str_sub(line, from, line.n);
		if (n > 0)
			quoted[n++] = '\n';
		memcpy(quoted + n, line.p, line.n);
		n += line.n;
	}
	rest = str_trim(rest);
	/* A quote alone is what was said. */
	if (rest.n == 0)
		return;
	v->m->text = rest;
	v->m->quoted = str_trim(str_make(quoted, n));
	if (v->m->quoted.n == 0)
		v->m->quoted = STR_NONE;
}

/* The same as it stands in the HTML: <mx-reply>...</mx-reply>Yes */
static int
take_html(struct matrix_view *v, struct err *e)
{
	static const char end_mark[] = "</mx-reply>";
	struct str html = matrix_text(v, v->content, "formatted_body");
	struct str quoted = STR_NONE;
	ptrdiff_t begin = str_find(html, STR("<mx-reply>"));
	ptrdiff_t end = str_find(html, str_of(end_mark));

	if (begin >= 0 && end > begin) {
		size_t behind = (size_t)end + sizeof(end_mark) - 1;

		quoted = str_sub(html, (size_t)begin, behind - (size_t)begin);
		html = ARENA_JOIN(&v->m->arena, str_sub(html, 0, (size_t)begin),
		    str_sub(html, behind, html.n));
	}
	if (quoted.p != NULL && v->m->quoted.p == NULL) {
		if (native_html(v->n, quoted, &quoted, e) < 0)
			return -1;
		v->m->quoted = quoted.n > 0 ? quoted : STR_NONE;
	}
	if (v->m->text.p != NULL || html.n == 0)
		return 0;
	if (native_html(v->n, html, &html, e) < 0)
		return -1;
	v->m->text = html.n > 0 ? html : STR_NONE;
	return 0;
}

static bool
is_file(struct str kind)
{
	static const char *const kinds[] = { "m.image", "m.file", "m.audio",
		"m.video", NULL };

	return str_is_one_of(kind, kinds);
}

/* A name alone is no caption. */
static void
attach(struct matrix_view *v)
{
	struct json info = json_get(v->content, "info");
	struct str body = matrix_text(v, v->content, "body");
	struct str url = matrix_text(v, v->content, "url");
	struct attachment a = { .size = -1 };

	if (url.p == NULL)
		url = native_value(v->n, native_at(v->content, "file/url"));
	a.name = matrix_text(v, v->content, "filename");
	a.type = matrix_text(v, info, "mimetype");
	a.blob_id = url;
	if (json_int(json_get(info, "size"), &a.size) < 0 || a.size < 0)
		a.size = -1;
	if (a.name.p == NULL || str_eq(a.name, body))
		v->m->text = STR_NONE;
	if (a.name.p == NULL)
		a.name = body;
	message_add_attachment(v->m, a);
}

/* Texts as newer kinds of events have them: [{"body":"..."}] or a string. */
static struct str
extended(struct matrix_view *v, struct json from)
{
	static const char *const names[] = { "m.text",
		"org.matrix.msc1767.text", "body", NULL };
	struct str s = STR_NONE;

	for (size_t i = 0; names[i] != NULL && s.p == NULL; i++) {
		struct json value = json_get(from, names[i]);

		s = json_type(value) == JSON_LIST
			? matrix_text(v, json_at(value, 0), "body")
			: native_value(v->n, value);
	}
	return s;
}

/* The question, and below it the answers. */
static void
read_poll(struct matrix_view *v)
{
	struct json poll = json_get(v->content, "m.poll"), one, list;
	struct json_iter it;
	struct str s;

	if (json_type(poll) != JSON_OBJECT)
		poll = json_get(v->content, "org.matrix.msc3381.poll.start");
	if (json_type(poll) != JSON_OBJECT)
		return;
	s = extended(v, json_get(poll, "question"));
	list = json_get(poll, "answers");
	it = json_each(list);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one))
		s = ARENA_JOIN(&v->m->arena, s, STR("\n- "), extended(v, one));
	if (s.n > 0)
		v->m->text = s;
}

int
matrix_body(struct matrix_view *v, struct err *e)
{
	struct str kind = matrix_text(v, v->content, "msgtype");
	bool answer =
	    json_type(json_get(v->relates, "m.in_reply_to")) == JSON_OBJECT;

	v->m->text = matrix_text(v, v->content, "body");
	if (v->m->text.p == NULL)
		v->m->text = extended(v, v->content);
	/* Of an edit for clients that know none. */
	if (v->edit &&
	    json_type(json_get(v->content, "m.relates_to")) == JSON_OBJECT &&
	    str_starts(v->m->text, STR("* ")))
		v->m->text = str_sub(v->m->text, 2, v->m->text.n);
	if (answer)
		take_fallback(v);
	if (take_html(v, e) < 0)
		return -1;
	if (is_file(kind) || str_is(v->type, "m.sticker"))
		attach(v);
	read_poll(v);
	if (str_is(kind, "m.notice") || str_is(kind, "m.server_notice")) {
		message_keyword(v->m, "automatic");
		message_keyword(v->m, "bot");
	}
	return 0;
}

void
matrix_message_data(struct matrix_view *v, struct writer *w)
{
	static const char *const plain[] = { "m.text", "m.notice", "m.image",
		"m.file", "m.audio", "m.video", NULL };
	struct str kind = matrix_text(v, v->content, "msgtype");
	size_t i = 0;

	while (plain[i] != NULL && !str_is(kind, plain[i]))
		i++;
	if (plain[i] == NULL)
		write_member(w, "kind",
		    kind.p != NULL                       ? kind
		    : !str_is(v->type, "m.room.message") ? v->type
							 : STR_NONE);
	native_data_raw(w, "location", json_get(v->content, "geo_uri"));
	if (!str_is(v->type, "m.room.encrypted") ||
	    json_type(json_get(v->content, "ciphertext")) == JSON_NONE)
		return;
	write_key(w, "encrypted");
	write_bool(w, true);
	write_member(w, "reason", STR("it was not decrypted"));
}
