/*
 * An entry's elements: what each means by its namespace, which is told by its
 * declaration, else by the prefix that everybody takes.
 */
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "mail/mime.h"
#include "source/feed/feed.h"

enum {
	OPEN_MAX = 16, /* elements of an entry without an end */
	SEEN_MAX = 32, /* prefixes of an entry that are looked up */
};

enum space {
	CORE, /* RSS and Atom, of any version */
	DC,
	TERMS, /* DCMI Metadata Terms */
	CONTENT,
	ITUNES,
	MEDIA,
	THREAD,
	APPLE, /* the App Store's "im" */
	XHTML,
	OTHER,
};

struct reader {
	struct feed_entry *e;
	struct str root, tag; /* what declares: the feed's, the entry's */
	struct arena *a;
	unsigned open; /* elements that have no end */
	struct { /* what prefixes were found to be */
		struct str prefix;
		enum space space;
	} seen[SEEN_MAX];
	size_t seen_n;
};

/* An element below the entry. */
struct element {
	struct markup_piece tag;
	enum space space;
	struct str inner; /* as it stands */
	struct str base;
};

struct known {
	const char *text;
	enum space space;
};

static enum space
space_of_uri(struct str uri)
{
	static const struct known uris[] = {
		{ "purl.org/dc/elements", DC },
		{ "purl.org/dc/terms", TERMS },
		{ "purl.org/rss/1.0/modules/dcterms", TERMS },
		{ "purl.org/rss/1.0/modules/content", CONTENT },
		{ "purl.org/rss/1.0/modules/", OTHER },
		{ "itunes.apple.com/rss", APPLE },
		{ "itunes.com", ITUNES },
		{ "search.yahoo.com/mrss", MEDIA },
		{ "purl.org/syndication/thread", THREAD },
		{ "w3.org/2005/Atom", CORE },
		{ "purl.org/atom/", CORE },
		{ "purl.org/net/rss", CORE },
		{ "purl.org/rss/1.0", CORE },
		{ "my.netscape.com", CORE },
		{ "backend.userland.com", CORE },
		{ "blogs.law.harvard.edu", CORE },
		{ "w3.org/1999/xhtml", XHTML },
	};

	for (size_t i = 0; i < sizeof(uris) / sizeof(*uris); i++)
		if (str_find_nocase(uri, str_of(uris[i].text)) >= 0)
			return uris[i].space;
	return OTHER;
}

static enum space
space_of_prefix(struct str prefix)
{
	static const struct known prefixes[] = { { "dc", DC },
		{ "dcterms", TERMS }, { "content", CONTENT },
		{ "itunes", ITUNES }, { "media", MEDIA }, { "thr", THREAD },
		{ "im", APPLE }, { "xhtml", XHTML }, { "atom", CORE },
		{ "atom10", CORE }, { "atom03", CORE }, { "rss", CORE },
		{ "a10", CORE } };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (str_eq_nocase(prefix, str_of(prefixes[i].text)))
			return prefixes[i].space;
	return OTHER;
}

/* By what declares it: the element itself, the entry, or the feed. */
static enum space
space_declared(struct reader *r, const struct markup_piece *p)
{
	struct str name = p->prefix.n == 0
			      ? STR("xmlns")
			      : ARENA_JOIN(r->a, STR("xmlns:"), p->prefix);
	const struct markup_piece at[] = { *p, { .attrs = r->tag },
		{ .attrs = r->root } };

	for (size_t i = 0; i < 3; i++) {
		struct str uri =
		    at[i].attrs.n == 0
			? STR_NONE
			: markup_attr(&at[i], arena_cstr(r->a, name), r->a);

		if (uri.n > 0 &&
		    (p->prefix.n > 0 || space_of_uri(uri) != OTHER))
			return space_of_uri(uri) != OTHER
				   ? space_of_uri(uri)
				   : space_of_prefix(p->prefix);
	}
	return p->prefix.n == 0 ? CORE : space_of_prefix(p->prefix);
}

static enum space
space_of(struct reader *r, const struct markup_piece *p)
{
	enum space space;

	if (str_find(p->attrs, STR("xmlns")) >= 0)
		return space_declared(r, p);
	for (size_t i = 0; i < r->seen_n; i++)
		if (str_eq(r->seen[i].prefix, p->prefix))
			return r->seen[i].space;
	if (r->seen_n == SEEN_MAX)
		return space_of_prefix(p->prefix);
	space = space_declared(r, p);
	r->seen[r->seen_n].prefix = p->prefix;
	r->seen[r->seen_n++].space = space;
	return space;
}

bool
feed_is_entry(const struct markup_piece *p)
{
	return (str_eq_nocase(p->name, STR("item")) ||
		   str_eq_nocase(p->name, STR("entry"))) &&
	       !str_is(p->prefix, "media");
}

static bool
same_name(const struct markup_piece *a, const struct markup_piece *b)
{
	return str_eq_nocase(a->name, b->name) &&
	       str_eq_nocase(a->prefix, b->prefix);
}

/* Up to the next tag. */
static struct str
take_text(struct markup *m, struct str from)
{
	struct markup_piece p;
	struct str before = from;

	m->rest = from;
	while (markup_next(m, &p) == MARKUP_TEXT || p.kind == MARKUP_CDATA)
		before = m->rest;
	m->rest = before;
	return str_sub(from, 0, from.n - before.n);
}

/* What stands in the element that began, whose end is taken; of one that has no
 * end the text behind it, so that those that follow are read. */
static struct str
take_inner(struct reader *r, struct markup *m, const struct markup_piece *tag)
{
	struct str from = m->rest;
	struct markup_piece p;
	unsigned depth = 1;

	if (tag->kind == MARKUP_EMPTY)
		return STR("");
	for (;;) {
		struct str before = m->rest;

		if (markup_next(m, &p) == MARKUP_END_OF_TEXT)
			return r->open++ < OPEN_MAX ? take_text(m, from) : from;
		if (!same_name(&p, tag) || p.kind == MARKUP_EMPTY)
			continue;
		depth += p.kind == MARKUP_START;
		depth -= p.kind == MARKUP_END;
		if (depth == 0)
			return str_sub(from, 0, from.n - before.n);
	}
}

/* Whether elements stand in it: then it is markup that nobody escaped. */
static bool
has_tags(struct str inner)
{
	struct markup m = { inner };
	struct markup_piece p;

	while (markup_next(&m, &p) != MARKUP_END_OF_TEXT)
		if (p.kind == MARKUP_START || p.kind == MARKUP_EMPTY)
			return true;
	return false;
}

/* Texts and CDATA one after the other. */
static struct str
joined(struct str inner, bool resolved, struct arena *a)
{
	struct markup m = { inner };
	struct markup_piece p;
	char *to, *end;

	to = end = arena_alloc(a, inner.n + 4);
	while (markup_next(&m, &p) != MARKUP_END_OF_TEXT) {
		struct str s = p.kind == MARKUP_TEXT && resolved
				   ? markup_text(p.text, a)
				   : p.text;

		if (p.kind != MARKUP_TEXT && p.kind != MARKUP_CDATA && resolved)
			continue;
		memcpy(end, s.p, s.n);
		end += s.n;
	}
	return str_trim(str_make(to, (size_t)(end - to)));
}

static struct str
plain(struct reader *r, const struct element *el)
{
	struct str s = joined(el->inner, true, r->a);

	return s.n == 0 ? STR_NONE : s;
}

static void
set(struct feed_field *f, struct str value, enum feed_text kind, unsigned rank)
{
	if (value.n == 0 || (f->value.p != NULL && f->rank <= rank))
		return;
	*f = (struct feed_field){ value, kind, rank };
}

/* A text construct: Atom says what it is, RSS writes HTML. */
static void
set_text(struct reader *r, struct feed_field *f, const struct element *el,
    bool atom, unsigned rank)
{
	struct str type = markup_attr(&el->tag, "type", r->a);
	struct str mode = markup_attr(&el->tag, "mode", r->a);
	struct str s;
	bool markup = has_tags(el->inner);

	if (str_eq_nocase(mode, STR("base64")) ||
	    (atom && type.n > 0 && str_chr(type, '/') > 0 &&
		!str_starts_nocase(type, STR("text/")) &&
		str_find_nocase(type, STR("xml")) < 0 && !markup)) {
		struct str coded = plain(r, el);
		char *to = arena_alloc(r->a, BASE64_DECODED(coded.n));

		if (coded.n > 0 && base64_is(coded)) {
			s = str_make(to, base64_decode(coded, to));
			set(f, str_trim(feed_utf8(s, STR_NONE, r->a)),
			    FEED_HTML, rank);
			return;
		}
	}
	s = markup ? joined(el->inner, false, r->a) : plain(r, el);
	set(f, s,
	    markup || !atom || str_find_nocase(type, STR("html")) >= 0 ||
		    str_eq_nocase(mode, STR("escaped"))
		? FEED_HTML
		: FEED_PLAIN,
	    rank);
}

static void
set_plain(struct reader *r, struct feed_field *f, const struct element *el,
    unsigned rank)
{
	set(f, plain(r, el), FEED_PLAIN, rank);
}

static void
set_url(struct reader *r, struct feed_field *f, const struct element *el,
    struct str ref, unsigned rank)
{
	if (ref.n > 0)
		set(f, feed_url(el->base, ref, r->a), FEED_PLAIN, rank);
}

/* <author><name/><email/><uri/></author> */
static void
read_person(struct reader *r, const struct element *el)
{
	struct markup m = { el->inner };
	struct markup_piece p;

	if (!has_tags(el->inner)) {
		set_plain(r, &r->e->author, el, 0);
		return;
	}
	while (markup_next(&m, &p) != MARKUP_END_OF_TEXT) {
		struct element in = { .tag = p, .base = el->base };

		if (p.kind != MARKUP_START)
			continue;
		in.inner = take_inner(r, &m, &p);
		if (str_eq_nocase(p.name, STR("name")))
			set_plain(r, &r->e->author, &in, 0);
		else if (str_eq_nocase(p.name, STR("email")))
			set_plain(r, &r->e->email, &in, 0);
		else if (str_eq_nocase(p.name, STR("uri")) ||
			 str_eq_nocase(p.name, STR("url")) ||
			 str_eq_nocase(p.name, STR("homepage")))
			set_url(r, &r->e->author_uri, &in, plain(r, &in), 0);
	}
}

static void
add_enclosure(struct reader *r, const struct element *el, struct str url)
{
	struct feed_enclosure x = {
		.url = url.n == 0 ? STR_NONE : feed_url(el->base, url, r->a),
		.type = markup_attr(&el->tag, "type", r->a),
		.length = markup_attr(&el->tag, "length", r->a),
	};

	if (x.url.n > 0)
		vec_add_in(r->a, &r->e->enclosures, x);
}

/* Atom's have a rel and an href; RSS's are text. */
static void
read_link(struct reader *r, const struct element *el)
{
	struct str href = markup_attr(&el->tag, "href", r->a);
	struct str rel = markup_attr(&el->tag, "rel", r->a);
	struct str type = markup_attr(&el->tag, "type", r->a);
	bool page = type.n == 0 || str_find_nocase(type, STR("html")) >= 0;

	if (href.n == 0) {
		set_url(r, &r->e->link, el, plain(r, el), 0);
		return;
	}
	if (str_eq_nocase(rel, STR("enclosure")))
		add_enclosure(r, el, href);
	else if (str_eq_nocase(rel, STR("replies")))
		set_url(r, &r->e->comments, el, href, 1);
	else if (rel.n == 0 || str_eq_nocase(rel, STR("alternate")))
		set_url(r, &r->e->link, el, href, page ? 1 : 2);
	else if (!str_eq_nocase(rel, STR("self")))
		set_url(r, &r->e->link, el, href, 8);
}

static void
read_guid(struct reader *r, const struct element *el)
{
	struct str s = plain(r, el);
	bool link = !str_eq_nocase(
	    markup_attr(&el->tag, "isPermaLink", r->a), STR("false"));

	set(&r->e->id, s, FEED_PLAIN, 0);
	if (link && str_find(s, STR(":")) > 0)
		set_url(r, &r->e->link, el, s, 6);
}

static void
read_tag(struct reader *r, const struct element *el)
{
	struct str s = markup_attr(&el->tag, "label", r->a);

	if (s.n == 0)
		s = markup_attr(&el->tag, "term", r->a);
	if (s.n == 0)
		s = markup_attr(&el->tag, "text", r->a);
	if (s.n == 0)
		s = plain(r, el);
	if (s.n > 0)
		vec_add_in(r->a, &r->e->tags, s);
}

static bool
is(const struct element *el, enum space space, const char *name)
{
	return el->space == space && str_eq_nocase(el->tag.name, str_of(name));
}

/* RSS has a description; where a summary stands beside it, the one that comes
 * second is the whole. */
static void
set_summary(struct reader *r, const struct element *el, unsigned rank)
{
	struct feed_field *f = &r->e->summary;

	if (f->value.p != NULL && f->rank != rank && f->rank < 2)
		f = &r->e->content;
	set_text(r, f, el, rank == 1, f == &r->e->content ? 7 : rank);
}

static bool
read_texts(struct reader *r, const struct element *el)
{
	struct feed_entry *e = r->e;

	if (is(el, CORE, "title"))
		set_text(r, &e->title, el,
		    el->tag.attrs.n > 0 &&
			markup_attr(&el->tag, "type", r->a).n > 0,
		    0);
	else if (is(el, DC, "title") || is(el, MEDIA, "title") ||
		 is(el, ITUNES, "title"))
		set_text(r, &e->title, el, false, 1 + el->space);
	else if (is(el, CORE, "description"))
		set_summary(r, el, 0);
	else if (is(el, CORE, "summary"))
		set_summary(r, el, 1);
	else if (is(el, DC, "description") || is(el, MEDIA, "description") ||
		 is(el, ITUNES, "summary") || is(el, CORE, "abstract") ||
		 is(el, TERMS, "abstract"))
		set_text(r, &e->summary, el, false, 2 + el->space);
	else if (is(el, ITUNES, "subtitle"))
		set_text(r, &e->summary, el, false, 9);
	else if (is(el, CONTENT, "encoded") || is(el, CORE, "fullitem"))
		set_text(r, &e->content, el, false, 0);
	else if (is(el, CORE, "content"))
		set_text(r, &e->content, el, true, 1);
	else if (is(el, XHTML, "body") || is(el, CORE, "body") ||
		 is(el, XHTML, "div"))
		set_text(r, &e->content, el, false, 2);
	else
		return false;
	return true;
}

static bool
read_dates(struct reader *r, const struct element *el)
{
	struct feed_entry *e = r->e;

	if (is(el, CORE, "pubDate") || is(el, CORE, "published"))
		set_plain(r, &e->published, el, 0);
	else if (is(el, CORE, "issued") || is(el, TERMS, "issued"))
		set_plain(r, &e->published, el, 1);
	else if (is(el, CORE, "created") || is(el, TERMS, "created"))
		set_plain(r, &e->published, el, 3);
	else if (is(el, CORE, "updated"))
		set_plain(r, &e->updated, el, 0);
	else if (is(el, CORE, "modified") || is(el, TERMS, "modified"))
		set_plain(r, &e->updated, el, 1);
	else if (is(el, DC, "date") || is(el, CORE, "date") ||
		 is(el, TERMS, "date"))
		set_plain(r, &e->updated, el, 2);
	else if (is(el, CORE, "lastBuildDate"))
		set_plain(r, &e->updated, el, 3);
	else
		return false;
	return true;
}

static bool
read_people(struct reader *r, const struct element *el)
{
	struct feed_entry *e = r->e;

	if (is(el, CORE, "author"))
		read_person(r, el);
	else if (is(el, DC, "creator") || is(el, DC, "author") ||
		 is(el, TERMS, "creator") || is(el, CORE, "creator"))
		set_plain(r, &e->author, el, 1);
	else if (is(el, ITUNES, "author"))
		set_plain(r, &e->author, el, 2);
	else
		return false;
	return true;
}

static void
read_element(struct reader *r, const struct element *el)
{
	struct feed_entry *e = r->e;

	if (read_texts(r, el) || read_dates(r, el) || read_people(r, el))
		return;
	if (is(el, CORE, "link"))
		read_link(r, el);
	else if (is(el, CORE, "guid"))
		read_guid(r, el);
	else if (is(el, CORE, "id"))
		set_plain(r, &e->id, el, 0);
	else if (is(el, DC, "identifier"))
		set_plain(r, &e->id, el, 2);
	else if (is(el, CORE, "enclosure"))
		add_enclosure(r, el, markup_attr(&el->tag, "url", r->a));
	else if (is(el, MEDIA, "content"))
		add_enclosure(r, el, markup_attr(&el->tag, "url", r->a));
	else if (is(el, CORE, "category") || is(el, DC, "subject") ||
		 is(el, ITUNES, "category"))
		read_tag(r, el);
	else if (is(el, CORE, "comments"))
		set_url(r, &e->comments, el, plain(r, el), 0);
	else if (is(el, THREAD, "in-reply-to"))
		set(&e->reply_to, markup_attr(&el->tag, "ref", r->a),
		    FEED_PLAIN, 0);
	else if (is(el, CORE, "source") && !has_tags(el->inner))
		set_plain(r, &e->source, el, 0);
	else if (is(el, APPLE, "rating") ||
		 str_eq_nocase(el->tag.name, STR("rating")))
		set_plain(r, &e->rating, el, el->space == APPLE ? 0 : 1);
	else if (is(el, APPLE, "version"))
		set_plain(r, &e->version, el, 0);
	else if (is(el, CORE, "language") || is(el, DC, "language"))
		e->language = plain(r, el);
}

/* The entry's own tag: RSS 1.0 has the id there. */
static void
read_tag_of_entry(struct reader *r, const struct markup_piece *p)
{
	struct str about = markup_attr(p, "rdf:about", r->a);
	struct str base = markup_attr(p, "xml:base", r->a);

	r->tag = p->attrs;
	r->e->language = markup_attr(p, "xml:lang", r->a);
	if (base.n > 0)
		r->e->base = feed_url(r->e->base, base, r->a);
	if (about.n > 0) {
		about = feed_url(r->e->base, about, r->a);
		set(&r->e->id, about, FEED_PLAIN, 3);
		set(&r->e->link, about, FEED_PLAIN, 7);
	}
}

static bool
is_frame(const struct markup_piece *p)
{
	static const char *const names[] = { "rss", "rdf", "feed", "channel",
		NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (str_eq_nocase(p->name, str_of(names[i])))
			return true;
	return false;
}

void
feed_entry_read(struct feed_entry *out, struct str xml, struct str root,
    struct str base, struct arena *a)
{
	struct reader r = { .e = out, .root = root, .a = a };
	struct markup m = { xml };
	struct markup_piece p;
	bool entry = false, began = false;

	*out = (struct feed_entry){ .a = a, .base = base };
	while (markup_next(&m, &p) != MARKUP_END_OF_TEXT) {
		struct element el = { .tag = p };

		if (p.kind != MARKUP_START && p.kind != MARKUP_EMPTY)
			continue;
		if (feed_is_entry(&p) && began)
			return; /* a feed's head ends */
		if (!began && (feed_is_entry(&p) || is_frame(&p))) {
			began = entry = feed_is_entry(&p);
			read_tag_of_entry(&r, &p);
			if (!entry && r.root.n == 0)
				r.root = p.attrs;
			continue;
		}
		began = true;
		el.space = space_of(&r, &p);
		el.base = markup_attr(&p, "xml:base", a);
		el.base = feed_url(
		    out->base, el.base.p == NULL ? STR("") : el.base, a);
		if (el.base.n == 0)
			el.base = out->base;
		el.inner = take_inner(&r, &m, &p);
		read_element(&r, &el);
	}
}

struct str
feed_utf8(struct str bytes, struct str label, struct arena *a)
{
	bool shifts = str_starts_nocase(label, STR("iso-2022")) ||
		      str_starts_nocase(label, STR("hz")) ||
		      str_starts_nocase(label, STR("utf-7"));
	struct buf out;

	if (!shifts && utf8_is_valid(bytes))
		return bytes;
	buf_init(&out, NORMALIZE_SCRATCH);
	mime_decode(bytes, label.n == 0 ? STR("utf-8") : label, &out);
	bytes = arena_dup(a, buf_str(&out));
	buf_release(&out);
	return bytes;
}
