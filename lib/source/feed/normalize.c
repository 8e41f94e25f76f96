/*
 * An entry of a feed as a message in public: its author wrote it, and the
 * whole world is whom it is for.
 */
#include <stdlib.h>

#include "core/hash.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "source/feed/feed.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json native, feed;
	struct feed_entry e;
	bool json;
};

static struct str
bytes_of(struct view *v)
{
	struct str s = json_str(json_get(v->native, "text"), &v->m->arena);
	struct str coded =
	    json_str(json_get(v->native, "base64"), &v->m->arena);
	char *to;

	if (s.p != NULL || coded.p == NULL)
		return s.p == NULL ? STR("") : s;
	to = arena_alloc(&v->m->arena, BASE64_DECODED(coded.n));
	return str_make(to, base64_decode(coded, to));
}

static void
read_xml(struct view *v)
{
	struct arena *a = &v->m->arena;
	struct str label = native_text(v->n, v->native, "charset");
	struct str base = native_text(v->n, v->feed, "base"), root, xml;
	struct markup_piece tag = { 0 };

	root = native_text(v->n, v->feed, "root");
	xml = feed_utf8(bytes_of(v), label, a);
	/* A place for links that are relative, where nothing says one. */
	if (base.p == NULL)
		base = markup_attr(
		    &(struct markup_piece){ .attrs = root }, "xml:base", a);
	tag.attrs = root;
	if (base.n == 0)
		base = native_text(v->n, v->feed, "link");
	feed_entry_read(&v->e, xml, tag.attrs, base, a);
}

static void
set(struct feed_field *f, struct str value, enum feed_text kind)
{
	if (value.p != NULL)
		*f = (struct feed_field){ value, kind, 0 };
}

static void
read_json_author(struct view *v, struct json from)
{
	struct json one = json_at(json_get(from, "authors"), 0);

	if (json_type(one) != JSON_OBJECT)
		one = json_get(from, "author");
	set(&v->e.author, native_text(v->n, one, "name"), FEED_PLAIN);
	set(&v->e.author_uri, native_text(v->n, one, "url"), FEED_PLAIN);
	if (v->e.author.value.p == NULL)
		set(&v->e.author, native_value(v->n, one), FEED_PLAIN);
}

/* jsonfeed.org/version/1.1 */
static void
read_json(struct view *v)
{
	static const struct {
		const char *name;
		size_t field;
		enum feed_text kind;
	} members[] = {
		{ "id", offsetof(struct feed_entry, id), FEED_PLAIN },
		{ "external_url", offsetof(struct feed_entry, link),
		    FEED_PLAIN },
		{ "url", offsetof(struct feed_entry, link), FEED_PLAIN },
		{ "title", offsetof(struct feed_entry, title), FEED_PLAIN },
		{ "summary", offsetof(struct feed_entry, summary), FEED_PLAIN },
		{ "content_text", offsetof(struct feed_entry, content),
		    FEED_PLAIN },
		{ "content_html", offsetof(struct feed_entry, content),
		    FEED_HTML },
		{ "date_published", offsetof(struct feed_entry, published),
		    FEED_PLAIN },
		{ "date_modified", offsetof(struct feed_entry, updated),
		    FEED_PLAIN },
	};
	struct json_iter it;
	struct json one;

	v->e = (struct feed_entry){ .a = &v->m->arena };
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		set((struct feed_field *)((char *)&v->e + members[i].field),
		    native_text(v->n, v->native, members[i].name),
		    members[i].kind);
	read_json_author(v, v->native);
	v->e.language = native_text(v->n, v->native, "language");
	it = json_each(json_get(v->native, "tags"));
	while (json_next(&it, NULL, &one)) {
		struct str tag = native_value(v->n, one);

		if (tag.p != NULL)
			vec_add_in(&v->m->arena, &v->e.tags, tag);
	}
	it = json_each(json_get(v->native, "attachments"));
	while (json_next(&it, NULL, &one)) {
		struct feed_enclosure x = {
			.url = native_text(v->n, one, "url"),
			.type = native_text(v->n, one, "mime_type"),
			.length = native_text(v->n, one, "size_in_bytes"),
		};

		if (x.url.p != NULL)
			vec_add_in(&v->m->arena, &v->e.enclosures, x);
	}
}

/* As people read it. */
static struct str
text(struct view *v, const struct feed_field *f)
{
	struct err why;
	struct str s = f->value;

	if (s.p == NULL)
		return s;
	if (f->kind == FEED_HTML &&
	    native_html(v->n, markup_windows(s, v->e.a), &s, &why) < 0)
		s = f->value;
	s = markup_windows(s, v->e.a);
	s = str_trim(s);
	return s.n == 0 ? STR_NONE : s;
}

static struct str
feed_text(struct view *v, const char *xml, const char *json)
{
	return v->json ? native_value(v->n, native_beside(v->n, json))
		       : native_text(v->n, v->feed, xml);
}

/* "ann@x.example (Ann)", "Ann (ann@x.example)", "Ann <ann@x.example>", "Ann".
 */
static void
read_author(struct view *v)
{
	struct str said = text(v, &v->e.author);
	struct str mail = text(v, &v->e.email), name = said;
	ptrdiff_t open, close;

	if (said.p == NULL && mail.p == NULL && !v->json) {
		said = name = native_text(v->n, v->feed, "author");
		mail = native_text(v->n, v->feed, "email");
	}
	open = str_chr(said, '(');
	close = str_rchr(said, ')');
	if (open >= 0 && close > open) {
		struct str in = str_trim(str_sub(
		    said, (size_t)open + 1, (size_t)(close - open) - 1));
		struct str out = str_trim(str_sub(said, 0, (size_t)open));
		bool in_mail = str_chr(in, '@') >= 0;

		if (in_mail || str_chr(out, '@') >= 0) {
			name = in_mail ? out : in;
			mail = in_mail ? in : out;
		}
	} else if (str_chr(said, '@') >= 0 && str_chr(said, '<') >= 0) {
		mail = said;
		name = str_trim(str_sub(said, 0, (size_t)str_chr(said, '<')));
	} else if (str_chr(said, '@') > 0 && str_chr(said, ' ') < 0) {
		mail = said;
		name = STR_NONE;
	}
	if (str_starts_nocase(mail, STR("mailto:")))
		mail = str_sub(mail, 7, mail.n);
	v->m->from.name = name.n == 0 ? STR_NONE : name;
	native_email(v->n, &v->m->from, mail);
}

static int64_t
time_of(struct view *v, const struct feed_field *f)
{
	int64_t t;

	return f->value.p == NULL || native_time_text(v->n, f->value, &t) < 0
		   ? TIME_NONE
		   : t;
}

static void
read_times(struct view *v)
{
	static const char *const feeds[] = { "published", "updated", NULL };

	v->m->sent = time_of(v, &v->e.published);
	if (v->m->sent == TIME_NONE)
		v->m->sent = time_of(v, &v->e.updated);
	for (size_t i = 0; v->m->sent == TIME_NONE && feeds[i] != NULL; i++)
		if (native_time(
			v->n, json_get(v->feed, feeds[i]), &v->m->sent) < 0)
			v->m->sent = TIME_NONE;
}

/* Ids of entries are URIs, or count only in their feed. */
static bool
is_global(struct str id)
{
	ptrdiff_t colon = str_chr(id, ':');

	return colon > 1 && str_chr(str_sub(id, 0, (size_t)colon), ' ') < 0;
}

static void
read_ids(struct view *v)
{
	struct arena *a = &v->m->arena;
	struct str id = v->e.id.value;
	struct str place = feed_text(v, "link", "home_page_url");

	if (id.p == NULL)
		id = v->e.link.value;
	if (place.p == NULL)
		place = feed_text(v, "id", "feed_url");
	if (place.n > 1 && place.p[place.n - 1] == '/')
		place.n--;
	if (id.p != NULL && v->e.rating.value.p != NULL &&
	    v->e.rating.rank == 0) {
		/* As in the same feed of the App Store in JSON. */
		v->m->native_id = v->m->message_id =
		    ARENA_JOIN(a, STR("appstore/"), id);
	} else if (id.p == NULL) {
		struct str parts[3] = { v->e.title.value,
			v->e.content.value.p == NULL ? v->e.summary.value
						     : v->e.content.value,
			place };
		char *hash = arena_alloc(a, ID_SIZE);

		id_make(hash, 'h', parts, 3);
		v->m->native_id = str_of(hash);
	} else {
		v->m->native_id = is_global(id) || place.p == NULL
				      ? id
				      : ARENA_JOIN(a, place, STR("/"), id);
		v->m->message_id = v->m->native_id;
	}
	v->m->id_without_account = true;
	v->m->thread_id = v->m->message_id;
	if (v->e.reply_to.value.p != NULL) {
		message_add_str(v->m, &v->m->in_reply_to, v->e.reply_to.value);
		v->m->thread_id = v->e.reply_to.value;
	}
}

/* What is behind the last slash, without what is asked. */
static struct str
file_name(struct str url)
{
	ptrdiff_t end = str_chr(url, '?');

	url = end < 0 ? url : str_sub(url, 0, (size_t)end);
	url = str_after_last(url, '/');
	return url.n == 0 ? STR_NONE : url;
}

static void
attach(struct view *v)
{
	for (size_t i = 0; i < v->e.enclosures.n; i++) {
		const struct feed_enclosure *x = &v->e.enclosures.v[i];
		struct attachment a = { .name = file_name(x->url),
			.type = x->type.n == 0 ? STR_NONE : x->type,
			.size = -1 };

		if (str_to_int(x->length, &a.size) < 0 || a.size <= 0)
			a.size = -1;
		message_add_attachment(v->m, a);
	}
}

/* Stars, of the App Store and of others. */
static void
write_rating(struct view *v, struct writer *w)
{
	struct str s = v->e.rating.value;
	double score;
	char *end;

	if (s.p == NULL)
		return;
	s = arena_dup(&v->m->arena, s);
	score = strtod(s.p, &end);
	if (end == s.p || *end != '\0' || !(score >= 0 && score <= 100))
		return;
	write_key(w, "rating");
	write_object(w);
	write_key(w, "score");
	write_real(w, score);
	if (v->e.rating.rank == 0)
		write_member_int(w, "of", 5);
	write_object_end(w);
}

static int
write_data(struct view *v, struct err *e)
{
	struct writer *w = native_data(v->n);
	int64_t updated = time_of(v, &v->e.updated);

	if (updated != TIME_NONE && updated != v->m->sent)
		write_member_time(w, "updatedAt", updated);
	write_member(w, "link", v->e.link.value);
	write_member(w, "chat", feed_text(v, "title", "title"));
	write_rating(v, w);
	write_member(w, "version", v->e.version.value);
	write_member(w, "authorUrl", v->e.author_uri.value);
	write_member(w, "comments", v->e.comments.value);
	write_member(w, "from", v->e.source.value);
	write_member(w, "language",
	    v->e.language.n > 0 ? v->e.language
				: feed_text(v, "language", "language"));
	write_member_strs(w, "tags", v->e.tags.v, v->e.tags.n);
	if (v->e.content.value.p != NULL)
		write_member(w, "summary", text(v, &v->e.summary));
	if (v->e.enclosures.n > 0) {
		write_key(w, "enclosures");
		write_list(w);
		for (size_t i = 0; i < v->e.enclosures.n; i++)
			write_str(w, v->e.enclosures.v[i].url);
		write_list_end(w);
	}
	return native_data_end(v->n, e);
}

static bool
is_empty(const struct feed_entry *e)
{
	const struct feed_field *const fields[] = { &e->id, &e->link, &e->title,
		&e->summary, &e->content, &e->author, &e->email, &e->published,
		&e->updated, &e->rating };

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (fields[i]->value.p != NULL)
			return false;
	return e->enclosures.n == 0 && e->tags.n == 0;
}

enum stage_result
feed_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };

	v.feed = json_get(native, "feed");
	v.json = json_type(v.feed) != JSON_OBJECT;
	if (v.json)
		read_json(&v);
	else
		read_xml(&v);
	v.m->type = "message";
	v.m->channel = "review";
	v.m->subject = text(&v, &v.e.title);
	v.m->text = text(&v, &v.e.content);
	if (v.m->text.p == NULL)
		v.m->text = text(&v, &v.e.summary);
	if (is_empty(&v.e))
		return native_reject(e,
		    "an entry without title, text, link, id, author and date");
	read_author(&v);
	read_times(&v);
	read_ids(&v);
	attach(&v);
	if (json_true(json_get(native, "cut")))
		message_keyword(v.m, "truncated");
	return write_data(&v, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
