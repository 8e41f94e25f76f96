/*
 * What is inline in a vCon: bodies of dialogs, attachments and analyses.
 */
#include "core/hash.h"
#include "core/text/base64.h"
#include "source/mail/text.h"
#include "source/vcon/vcon.h"

struct json
vcon_any(struct json from, const char *const *names)
{
	for (; *names != NULL; names++) {
		struct json v = json_get(from, *names);

		if (json_type(v) > JSON_NULL)
			return v;
	}
	return JSON_ABSENT;
}

struct str
vcon_media(struct vcon *v, struct json part)
{
	static const char *const names[] = { "mediatype", "mimetype",
		"media_type", NULL };

	return native_any(v->n, part, names);
}

struct json
vcon_inner(struct json root, size_t i)
{
	struct json list = json_get(root, "group"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json body = json_get(one, "body");

		if (json_type(json_get(body, "uuid")) == JSON_STRING &&
		    i-- == 0)
			return body;
	}
	return JSON_ABSENT;
}

int64_t
vcon_index(struct json v)
{
	int64_t i = -1;

	if (json_type(v) == JSON_STRING) {
		struct str s = json_raw(v);

		return str_to_int(str_sub(s, 1, s.n - 2), &i) < 0 ? -1 : i;
	}
	return json_int(v, &i) < 0 ? -1 : i;
}

int64_t
vcon_first_index(struct json v)
{
	struct json_iter it = json_each(v);
	struct json one;
	int64_t i = -1;

	if (json_type(v) != JSON_LIST)
		return vcon_index(v);
	while (i < 0 && json_next(&it, NULL, &one))
		i = vcon_first_index(one);
	return i;
}

struct json
vcon_item(const struct vcon_list *l, int64_t i)
{
	return i >= 0 && (uint64_t)i < l->n ? l->v[i] : JSON_ABSENT;
}

void
vcon_list_read(struct vcon *v, struct json from, struct vcon_list *l)
{
	struct json_iter it = json_each(from);
	struct json one;

	*l = (struct vcon_list){ 0 };
	if (json_type(from) != JSON_LIST)
		return;
	l->v = arena_alloc(v->arena, json_count(from) * sizeof(*l->v));
	while (json_next(&it, NULL, &one))
		l->v[l->n++] = one;
}

void
vcon_list_hang(struct vcon *v, struct vcon_list *l)
{
	size_t dialogs = v->dialog.n == 0 ? 1 : v->dialog.n;

	l->first = arena_calloc(v->arena, dialogs, sizeof(*l->first));
	l->next = arena_calloc(v->arena, l->n + 1, sizeof(*l->next));
	/* From behind, so that they come out as they stand. */
	for (size_t i = l->n; i > 0; i--) {
		int64_t of = vcon_first_index(json_get(l->v[i - 1], "dialog"));
		size_t at = of >= 0 && (uint64_t)of < dialogs ? (size_t)of : 0;

		l->next[i - 1] = l->first[at];
		l->first[at] = (uint32_t)i;
	}
}

struct str
vcon_body(struct vcon *v, struct json part)
{
	struct json body = json_get(part, "body");
	struct str s = json_str(body, &v->n->message.arena), bytes;

	if (json_type(body) != JSON_STRING)
		return json_type(body) > JSON_NULL ? json_raw(body) : STR_NONE;
	if (!json_is(json_get(part, "encoding"), "base64url") &&
	    !json_is(json_get(part, "encoding"), "base64"))
		return s;
	bytes = base64_url(&v->n->message.arena, s);
	return bytes.p == NULL ? s : bytes;
}

/* A mail's parts, with the line of its header that a vCon has as a member. */
static struct str
mail_text(struct vcon *v, struct str type, struct str body)
{
	struct arena *a = &v->n->message.arena;
	bool whole = str_starts_nocase(type, STR("message/rfc822"));
	struct str raw = whole ? arena_dup(a, body)
			       : ARENA_JOIN(a, STR("Content-Type: "), type,
				     STR("\r\n\r\n"), body);
	struct mime *m = mime_new();
	struct mail_text t;
	struct err why;

	mail_text_init(&t);
	if (mime_parse(m, raw, a, &why) == 0 &&
	    mail_text_gather(&t, m, JSON_ABSENT, &v->n->message, &why) >= 0)
		body = arena_dup(a, str_trim(buf_str(&t.body)));
	mail_text_release(&t);
	mime_free(m);
	return body;
}

/* Bytes of whichever charset as UTF-8. */
static struct str
in_utf8(struct vcon *v, struct str bytes)
{
	struct buf out;

	buf_init(&out, NORMALIZE_SCRATCH);
	mime_decode(bytes, STR("utf-8"), &out);
	bytes = arena_dup(&v->n->message.arena, buf_str(&out));
	buf_release(&out);
	return bytes;
}

struct str
vcon_text(struct vcon *v, struct json part)
{
	struct str body = vcon_body(v, part), type = vcon_media(v, part), text;
	struct err why;

	if (body.n == 0)
		return STR_NONE;
	if (str_starts_nocase(type, STR("multipart/")) ||
	    str_starts_nocase(type, STR("message/")))
		return mail_text(v, type, body);
	if (type.n > 0 && !str_starts_nocase(type, STR("text/")) &&
	    !str_starts_nocase(type, STR("application/json")))
		return STR_NONE;
	body = str_trim(in_utf8(v, body));
	return str_starts_nocase(type, STR("text/html")) &&
		       native_html(v->n, body, &text, &why) == 0
		   ? text
		   : body;
}

/* What a url ends with, without what is asked behind it. */
static struct str
url_name(struct str url)
{
	ptrdiff_t end = str_chr(url, '?'), slash;

	url = end < 0 ? url : str_sub(url, 0, (size_t)end);
	slash = str_rchr(url, '/');
	url = str_sub(url, (size_t)(slash + 1), url.n);
	return url.n == 0 ? STR_NONE : url;
}

void
vcon_add_file(struct vcon *v, struct json part)
{
	struct attachment a = { .type = vcon_media(v, part), .size = -1 };
	bool binary = json_is(json_get(part, "encoding"), "base64url") ||
		      json_is(json_get(part, "encoding"), "base64");
	struct str body = binary ? vcon_body(v, part) : STR_NONE;

	a.name = native_text(v->n, part, "filename");
	if (a.name.p == NULL)
		a.name = url_name(native_text(v->n, part, "url"));
	if (body.n > 0) {
		char *id = arena_alloc(&v->n->message.arena, ID_SIZE);

		id_make(id, 'b', &body, 1);
		a.blob_id = str_of(id);
		a.size = (int64_t)body.n;
	}
	if (a.name.p != NULL || a.type.p != NULL || a.size >= 0)
		message_add_attachment(&v->n->message, a);
}
