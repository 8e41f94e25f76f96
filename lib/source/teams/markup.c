#include "source/teams/markup.h"

#include "core/text/ascii.h"
#include "source/native.h"
#include "source/teams/tag.h"

enum place { SAID, QUOTED, UNSEEN };

/* A part that is written within the bytes of what it is made from. */
struct part {
	char *p;
	size_t n;
};

struct reader {
	struct normalize *n;
	struct arena *a;
	struct teams_said *out;
	struct str html;
	struct part said, quoted;
	unsigned quotes, unseen; /* that are open */
	struct attachment file; /* of an open URIObject */
	bool in_file;
};

static void
add(struct reader *r, struct str s)
{
	struct part *to = r->quotes > 0 ? &r->quoted : &r->said;

	if (r->unseen > 0 || s.n == 0)
		return;
	if (to->p == NULL)
		to->p = arena_alloc(r->a, r->html.n + 1);
	memcpy(to->p + to->n, s.p, s.n);
	to->n += s.n;
}

static struct str
value(struct reader *r, const struct tag *t, const char *name)
{
	struct str s = tag_value(t, name), plain = s;
	struct err e;

	if (s.n > 0 && str_chr(s, '&') >= 0 &&
	    native_html(r->n, s, &plain, &e) < 0)
		plain = s;
	return plain.n == 0 ? STR_NONE : plain;
}

static void
file_end(struct reader *r)
{
	if (r->in_file)
		message_add_attachment(&r->n->message, r->file);
	r->in_file = false;
}

/* <URIObject type="Picture.1" uri="https://.../objects/ID"> */
static void
file_begin(struct reader *r, const struct tag *t)
{
	static const struct {
		const char *begins, *type;
	} types[] = {
		{ "Picture", "image/*" },
		{ "Video", "video/*" },
		{ "Audio", "audio/*" },
	};
	struct str type = tag_value(t, "type"), uri = value(r, t, "uri");
	ptrdiff_t slash = str_rchr(uri, '/');

	file_end(r);
	r->file = (struct attachment){ .size = -1 };
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (str_starts(type, str_of(types[i].begins)))
			r->file.type = str_of(types[i].type);
	if (uri.n > 0 && slash >= 0 && (size_t)slash + 1 < uri.n)
		r->file.blob_id = ARENA_JOIN(r->a, STR("teams:"),
		    str_sub(uri, (size_t)slash + 1, uri.n));
	r->in_file = true;
}

static void
file_name(struct reader *r, struct str name)
{
	if (r->in_file && name.n > 0 && r->file.name.p == NULL)
		r->file.name = name;
}

/* <file size="120" index="0" tid="1">box.pdf</file> */
static void
old_file(struct reader *r, const struct tag *t)
{
	struct str name = str_sub(r->html, t->to, r->html.n);
	ptrdiff_t end = str_chr(name, '<');

	file_end(r);
	r->file = (struct attachment){ .size = -1 };
	r->in_file = true;
	file_name(r, end < 0 ? STR_NONE : str_sub(name, 0, (size_t)end));
	(void)str_to_int(tag_value(t, "size"), &r->file.size);
	file_end(r);
}

/* A picture in the text, which the service keeps. */
static bool
picture(struct reader *r, const struct tag *t)
{
	static const char hosted[] = "hostedContents/";
	struct attachment a = { .size = -1, .type = STR("image/*") };
	struct str src = value(r, t, "src"), id;
	ptrdiff_t at = str_find(src, str_of(hosted));
	size_t skip = sizeof(hosted) - 1;

	if (str_ends(tag_value(t, "itemtype"), STR("Emoji")))
		return false;
	if (at < 0) {
		at = str_find(src, STR("/objects/"));
		skip = sizeof("/objects/") - 1;
	}
	if (at < 0)
		return false;
	id = str_sub(src, (size_t)at + skip, src.n);
	id = str_split(&id, '/');
	a.blob_id = ARENA_JOIN(r->a, STR("teams:"), id);
	a.name = value(r, t, "alt");
	if (str_is(a.name, "image") || str_is(a.name, "undefined"))
		a.name = STR_NONE;
	message_add_attachment(&r->n->message, a);
	return true;
}

/* A quote begins: what it holds is not what was written now. */
static void
quote_begin(struct reader *r, struct str id)
{
	r->quotes++;
	if (r->out->replies_to.p == NULL && id.n > 0)
		r->out->replies_to = id;
}

static void
quote_end(struct reader *r)
{
	if (r->quotes == 0)
		return;
	add(r, STR("<br>"));
	r->quotes--;
}

static bool
is_reply(const struct tag *t)
{
	struct str type = tag_value(t, "itemtype");

	return str_ends(type, STR("/Reply")) || str_ends(type, STR("/Forward"));
}

/* Elements that stand alone, or whose beginning is all. */
static bool
take_single(struct reader *r, const struct tag *t)
{
	if (tag_is(t, "e_m")) {
		r->out->edited = true;
	} else if (tag_is(t, "emoji") || tag_is(t, "customemoji")) {
		add(r, tag_value(t, "alt"));
	} else if (tag_is(t, "originalname")) {
		file_name(r, value(r, t, "v"));
	} else if (tag_is(t, "meta")) {
		file_name(r, value(r, t, "originalname"));
	} else if (tag_is(t, "filesize")) {
		if (r->in_file)
			(void)str_to_int(tag_value(t, "v"), &r->file.size);
	} else if (tag_is(t, "img")) {
		return picture(r, t);
	} else {
		return tag_is(t, "systemeventmessage") ||
		       tag_is(t, "attachment");
	}
	return true;
}

/* Elements that hold something. */
static bool
take_begin(struct reader *r, const struct tag *t)
{
	if (tag_is(t, "at")) {
		if (t->to < r->html.n && r->html.p[t->to] != '@')
			add(r, STR("@"));
	} else if (tag_is(t, "quote")) {
		quote_begin(r, value(r, t, "messageid"));
	} else if (tag_is(t, "blockquote") && (r->quotes > 0 || is_reply(t))) {
		quote_begin(r, is_reply(t) ? value(r, t, "itemid") : STR_NONE);
	} else if (tag_is(t, "legacyquote")) {
		r->unseen += !t->alone;
	} else if (tag_is(t, "uriobject")) {
		file_begin(r, t);
		r->unseen += !t->alone;
	} else if (tag_is(t, "files")) {
		r->unseen += !t->alone;
	} else if (tag_is(t, "file")) {
		old_file(r, t);
	} else {
		return false;
	}
	return true;
}

static bool
take_end(struct reader *r, const struct tag *t)
{
	if (tag_is(t, "quote")) {
		quote_end(r);
	} else if (tag_is(t, "blockquote") && r->quotes > 0) {
		quote_end(r);
	} else if (tag_is(t, "legacyquote") || tag_is(t, "uriobject") ||
		   tag_is(t, "files")) {
		r->unseen -= r->unseen > 0;
		if (tag_is(t, "uriobject"))
			file_end(r);
	} else {
		return tag_is(t, "at") || tag_is(t, "emoji") ||
		       tag_is(t, "customemoji") || tag_is(t, "attachment") ||
		       tag_is(t, "e_m") || tag_is(t, "file") ||
		       tag_is(t, "systemeventmessage");
	}
	return true;
}

static void
read_all(struct reader *r)
{
	struct tag t;
	size_t at = 0;

	while (tag_next(r->html, at, &t)) {
		add(r, str_sub(r->html, at, t.from - at));
		if (t.end ? !take_end(r, &t)
			  : !take_single(r, &t) && !take_begin(r, &t))
			add(r, str_sub(r->html, t.from, t.to - t.from));
		at = t.to;
	}
	add(r, str_sub(r->html, at, r->html.n));
	file_end(r);
}

static int
plain(struct reader *r, const struct part *from, struct str *out, struct err *e)
{
	struct str s = str_make(from->p, from->n);

	*out = STR_NONE;
	if (from->p == NULL)
		return 0;
	if (native_html(r->n, s, &s, e) < 0)
		return -1;
	s = str_trim(s);
	if (s.n > 0)
		*out = s;
	return 0;
}

int
teams_json(struct normalize *n, struct json text, struct json *root)
{
	struct str s = json_str(text, &n->message.arena);
	struct err e;
	char *p;

	if (s.n == 0)
		return -1;
	if (*n->kept == NULL)
		*n->kept = json_doc_new();
	p = arena_alloc(&n->message.arena, s.n + BUF_PAD);
	memcpy(p, s.p, s.n);
	memset(p + s.n, 0, BUF_PAD);
	return json_parse(*n->kept, str_make(p, s.n), root, &e);
}

int
teams_markup(struct normalize *n, struct str html, bool lines,
    struct teams_said *out, struct err *e)
{
	struct reader r = {
		.n = n, .a = &n->message.arena, .out = out, .html = html
	};

	*out = (struct teams_said){ 0 };
	if (html.n == 0)
		return 0;
	if (lines && str_chr(html, '\n') >= 0)
		r.html = ARENA_JOIN(r.a, STR("<pre>"), html, STR("</pre>"));
	read_all(&r);
	return plain(&r, &r.said, &out->text, e) < 0 ||
		       plain(&r, &r.quoted, &out->quoted, e) < 0
		   ? -1
		   : 0;
}
