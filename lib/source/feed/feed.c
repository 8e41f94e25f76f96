/*
 * Feeds: each entry is an item, as its bytes stand, with what the feed says of
 * itself.  A feed of any size is read in the memory of one entry; what is no
 * XML costs nothing but itself.  JSON Feed is JSON.
 */
#include "source/feed/feed.h"

#include <stdio.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/json/items.h"
#include "source/markup/elements.h"
#include "source/peek.h"

enum {
	HEAD_MAX = 64 << 10, /* bytes before the first entry that are read */
	LABEL_MAX = 64,
};

struct reader {
	struct ingest *in;
	struct buf head; /* what stands before the first entry */
	bool headed; /* an entry came */
	char label[LABEL_MAX]; /* of the charset, by the declaration */
	struct str feed; /* members of `feed`, as JSON */
	struct arena arena;
};

/* <?xml version="1.0" encoding="iso-8859-1"?> */
static void
take_label(struct reader *r, struct str head)
{
	struct markup_piece p = { 0 };
	ptrdiff_t from = str_find(str_sub(head, 0, 256), STR("<?xml")), to;
	struct arena a = { 0 };
	struct str label;

	if (from < 0)
		return;
	p.attrs = str_sub(head, (size_t)from + 5, head.n);
	to = str_find(p.attrs, STR("?>"));
	p.attrs = to < 0 ? STR_NONE : str_sub(p.attrs, 0, (size_t)to);
	label = markup_attr(&p, "encoding", &a);
	if (label.n < LABEL_MAX)
		snprintf(r->label, sizeof(r->label), "%.*s", STR_ARG(label));
	arena_release(&a);
}

/* The root's tag, as it stands. */
static struct str
root_tag(struct str head)
{
	struct markup m = { head };
	struct markup_piece p;

	while (markup_next(&m, &p) != MARKUP_END_OF_TEXT)
		if (p.kind == MARKUP_START || p.kind == MARKUP_EMPTY)
			return p.text;
	return STR_NONE;
}

static void
write_field(struct writer *w, const char *name, const struct feed_field *f)
{
	write_member(w, name, f->value);
}

/* What of the feed each of its entries needs. */
static void
take_head(struct reader *r)
{
	struct str head =
	    feed_utf8(buf_str(&r->head), str_of(r->label), &r->arena);
	struct feed_entry e;
	struct writer w;
	struct buf out;

	buf_init(&out, HEAD_MAX * 8);
	write_init(&w, &out);
	feed_entry_read(&e, head, STR_NONE, STR_NONE, &r->arena);
	write_object(&w);
	write_member(&w, "root", root_tag(head));
	write_field(&w, "title", &e.title);
	write_field(&w, "link", &e.link);
	write_field(&w, "id", &e.id);
	write_field(&w, "author", &e.author);
	write_field(&w, "email", &e.email);
	write_field(&w, "published", &e.published);
	write_field(&w, "updated", &e.updated);
	write_member(&w, "language", e.language);
	write_member(&w, "base", e.base.n > 0 ? e.base : STR_NONE);
	write_object_end(&w);
	r->feed = arena_dup(&r->arena, buf_str(&out));
	buf_release(&out);
}

static int
take(void *arg, struct str xml, uint64_t offset, bool cut, struct err *e)
{
	struct reader *r = arg;
	char place[STR_COUNT];
	struct str at = str_count(place, '\0', offset);
	struct writer *w;

	if (!r->headed) {
		take_label(r, buf_str(&r->head));
		take_head(r);
	}
	if (xml.n > r->in->max_item)
		return ingest_reject(
		    r->in, at, "larger than --max-item", xml, e);
	w = ingest_item(r->in, at);
	write_object(w);
	write_member_raw(w, "feed", r->feed);
	/* All of what stands before the first is with it. */
	if (!r->headed) {
		write_key(w, "head");
		write_object(w);
		ingest_bytes(w, buf_str(&r->head));
		write_object_end(w);
	}
	r->headed = true;
	if (r->label[0] != '\0')
		write_member(w, "charset", str_of(r->label));
	if (cut) {
		write_key(w, "cut");
		write_bool(w, true);
	}
	ingest_bytes(w, xml);
	write_object_end(w);
	return ingest_item_end(r->in, e);
}

/* Before the first entry it is the feed's own. */
static int
between(void *arg, struct str bytes, struct err *e)
{
	struct reader *r = arg;

	(void)e;
	if (!r->headed && r->head.n + bytes.n <= HEAD_MAX)
		buf_add_str(&r->head, bytes);
	return 0;
}

static int
read_xml(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in };
	const struct elements events = { &r, feed_is_entry, between, take };
	int rc;

	buf_init(&r.head, HEAD_MAX + 1);
	rc = elements_read(file, in->max_item, &events, e);
	buf_release(&r.head);
	arena_release(&r.arena);
	return rc;
}

static int
read_json(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "items", NULL };
	static const char *const repeat[] = { "title", "home_page_url",
		"feed_url", "author", "authors", "language", "version", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

static int
feed_read(struct ingest *in, struct input *file, struct err *e)
{
	struct str head;
	int live = input_peek(file, SOURCE_HEAD, &head, e);

	if (live < 0)
		return -1;
	return json_peek_is(head) ? read_json(in, file, e)
				  : read_xml(in, file, e);
}

static void
see(void *arg, const struct peeked *p)
{
	bool *is = arg;

	*is |= p->within.n == 0 && str_is(p->name, "version") &&
	       (str_find(p->text, STR("jsonfeed.org/version")) >= 0 ||
		   str_find(p->text, STR("jsonfeed.org\\/version")) >= 0);
}

/* By the root's name, and where others have that too, by what it declares. */
static int
sniff_xml(struct str head)
{
	struct markup m = { head };
	struct markup_piece p = { 0 };
	bool items;

	while (p.kind != MARKUP_START)
		if (markup_next(&m, &p) == MARKUP_END_OF_TEXT)
			return 0;
	if (str_eq_nocase(p.name, STR("entry")))
		return str_find(p.attrs, STR("w3.org/2005/Atom")) >= 0 ? 92 : 0;
	items = str_find_nocase(m.rest, STR("<item")) >= 0;
	if (str_eq_nocase(p.name, STR("rss")))
		return 95;
	if (str_eq_nocase(p.name, STR("RDF")))
		return str_find(head, STR("purl.org/rss/1.0/")) >= 0 ||
			       str_find(head, STR("purl.org/net/rss")) >= 0 ||
			       str_find(head, STR("my.netscape.com")) >= 0
			   ? 92
			   : 0;
	if (str_eq_nocase(p.name, STR("feed")))
		return str_find(p.attrs, STR("w3.org/2005/Atom")) >= 0 ||
			       str_find(p.attrs, STR("purl.org/atom")) >= 0
			   ? 95
		       : str_find_nocase(m.rest, STR("<entry")) >= 0 ? 84
								     : 0;
	return str_eq_nocase(p.name, STR("channel")) && items ? 82 : 0;
}

static int
feed_sniff(const char *base_name, struct str head)
{
	bool json = false;

	(void)base_name;
	head = peek_unmarked(head);
	if (head.n > 0 && head.p[0] == '<')
		return sniff_xml(head);
	json_peek(head, see, &json);
	return json ? 95 : 0;
}

const struct source_format source_feed = {
	.name = "feed",
	.about = "RSS, Atom, RDF and JSON Feed: posts, comments, mentions",
	.sniff = feed_sniff,
	.read = feed_read,
	.normalize = feed_normalize,
};
