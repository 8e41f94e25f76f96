/*
 * The file is read in blocks and given to libxml2's push parser in pieces that
 * end where an item begins.  When the parser stops, the items of the piece
 * that have ended tell which one is broken; a new parser goes on behind it.
 * While all is well a piece is some hundred items and costs no more than the
 * parser itself.
 */
#include "text/markup/xml.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "text/markup/xmlattrs.h"
#include "text/markup/xmlmend.h"

enum {
	XML_PIECE = 64 << 10, /* bytes given to the parser at once */
	XML_LONGS = 4096, /* long values of one piece */
	XML_WHY = 256,
	XML_NAMES = 64, /* places for their lengths */
	XML_DECLARATION = 256,
};

/* Stands for a long value: a noncharacter, its number, the same again. */
#define LONG_MARK "\xef\xb7\x90"

struct xml {
	const struct xml_events *events;
	const char *const *items;
	struct input *in;
	size_t max_item;
	struct err *e;
	xmlParserCtxtPtr parser;
	unsigned depth;
	bool stopped; /* an event said so */
	bool failed; /* the parser did */
	char why[XML_WHY];
	char root[XML_NAME], declaration[XML_DECLARATION];
	bool fresh; /* the root given is one of ours: no event */
	uint64_t done, lost; /* items that ended, items said to be bad */
	uint64_t said; /* how often something was bad */
	struct str window; /* what is read and not yet given, the input's */
	struct buf piece, mended;
	uint64_t offset; /* of the window in the file */
	bool ended, skipping;
	struct str longs[XML_LONGS];
	size_t long_count;
	struct str names[XML_NAMES];
};

static const char too_many[] = "an element of more than 256 attributes";
_Static_assert(XML_ATTRS == 256, "as the sentence says");

/* Names are the parser's own and stay where they are: their lengths are
 * remembered by their place. */
static struct str
name_of(struct xml *x, const xmlChar *s)
{
	size_t slot = ((uintptr_t)s >> 3) % XML_NAMES;

	if (x->names[slot].p != (const char *)s)
		x->names[slot] = str_of((const char *)s);
	return x->names[slot];
}

/* libxml2 hands on an ampersand as &#38;, in memory of its own. */
static struct str
plain_ampersands(struct str v)
{
	char *p = (char *)(uintptr_t)v.p, *end = p + v.n, *to = p;

	while (p < end) {
		if (end - p >= 5 && memcmp(p, "&#38;", 5) == 0) {
			*to++ = '&';
			p += 5;
		} else {
			*to++ = *p++;
		}
	}
	return str_make(v.p, (size_t)(to - v.p));
}

/* The value that a mark stands for, else the value itself. */
static struct str
value_of(struct xml *x, const xmlChar *from, const xmlChar *to)
{
	struct str v = { (const char *)from, (size_t)(to - from) };
	int64_t i;

	/* What stands in the parser's input had no references in it. */
	if (!(from >= x->parser->input->base && from < x->parser->input->end))
		v = plain_ampersands(v);
	if (x->long_count == 0 || v.n < 7 || !str_starts(v, STR(LONG_MARK)) ||
	    !str_ends(v, STR(LONG_MARK)) ||
	    str_to_int(str_sub(v, 3, v.n - 6), &i) < 0 || i < 0 ||
	    (uint64_t)i >= x->long_count)
		return v;
	return x->longs[i];
}

static void
stop(struct xml *x)
{
	x->stopped = true;
	xmlStopParser(x->parser);
}

static void
on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int spaces, const xmlChar **space, int n, int defaulted,
    const xmlChar **v)
{
	struct xml *x = arg;
	struct xml_attr attrs[XML_ATTRS];
	unsigned depth = x->depth++;

	(void)prefix, (void)uri, (void)spaces, (void)space, (void)defaulted;
	if (depth == 0 && x->fresh) {
		x->fresh = false;
		return;
	}
	if (x->stopped || x->failed)
		return;
	if (n > XML_ATTRS) {
		x->failed = true;
		snprintf(x->why, sizeof(x->why), "%s", too_many);
		xmlStopParser(x->parser);
		return;
	}
	for (int i = 0; i < n; i++, v += 5)
		attrs[i] = (struct xml_attr){ name_of(x, v[0]),
			value_of(x, v[3], v[4]) };
	if (depth == 0)
		snprintf(x->root, sizeof(x->root), "%s", (const char *)name);
	if (x->events->start(x->events->arg, depth, name_of(x, name), attrs,
		(size_t)n, x->e) < 0)
		stop(x);
}

static void
on_end(
    void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml *x = arg;

	(void)prefix, (void)uri;
	x->depth--;
	if (x->stopped)
		return;
	if (x->depth == 1)
		for (size_t i = 0; x->items[i] != NULL; i++)
			x->done += strcmp((const char *)name, x->items[i]) == 0;
	if (x->events->end(x->events->arg, x->depth, name_of(x, name), x->e) <
	    0)
		stop(x);
}

static void
on_error(void *arg, xmlErrorPtr error)
{
	struct xml *x = arg;
	size_t n;

	if (error->level < XML_ERR_FATAL || x->failed)
		return;
	x->failed = true;
	snprintf(x->why, sizeof(x->why), "%s",
	    error->message == NULL ? "not well-formed" : error->message);
	n = strlen(x->why);
	while (n > 0 && (x->why[n - 1] == '\n' || x->why[n - 1] == ' '))
		x->why[--n] = '\0';
}

/* Nothing is loaded, whatever the file names. */
static xmlParserInputPtr
no_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url, (void)id, (void)parser;
	return NULL;
}

static void
free_parser(struct xml *x)
{
	if (x->parser == NULL)
		return;
	if (x->parser->myDoc != NULL)
		xmlFreeDoc(x->parser->myDoc);
	xmlFreeParserCtxt(x->parser);
	x->parser = NULL;
}

static void
new_parser(struct xml *x)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.serror = on_error,
	};

	free_parser(x);
	xmlSetExternalEntityLoader(no_entity);
	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (x->parser == NULL)
		alloc_die(sizeof(*x->parser));
	xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
	memset(x->names, 0, sizeof(x->names));
	x->depth = 0;
	x->failed = false;
	x->why[0] = '\0';
}

/* Gives bytes to the parser; false where it stopped at them. */
static bool
push(struct xml *x, struct str s)
{
	while (s.n > 0 && !x->failed && !x->stopped) {
		size_t n = s.n < XML_PIECE ? s.n : XML_PIECE;

		xmlParseChunk(x->parser, s.p, (int)n, 0);
		s = str_sub(s, n, s.n);
	}
	return !x->failed && !x->stopped;
}

/* A new parser, within a root again. */
static void
restart(struct xml *x)
{
	char root[XML_NAME + 2];

	new_parser(x);
	x->fresh = true;
	if (x->root[0] == '\0')
		snprintf(x->root, sizeof(x->root), "list");
	snprintf(root, sizeof(root), "<%s>", x->root);
	push(x, str_of(x->declaration));
	push(x, str_of(root));
}

/* Does an item begin at this "<"? */
static bool
begins_item(const struct xml *x, struct str s)
{
	for (size_t i = 0; x->items[i] != NULL; i++) {
		struct str name = str_of(x->items[i]);

		if (s.n > name.n + 1 && str_starts(str_sub(s, 1, s.n), name) &&
		    ascii_is_in(s.p[name.n + 1], " \t\r\n/>"))
			return true;
	}
	return false;
}

/* Where the next item begins at or behind `from`; s.n where none does. */
static size_t
next_item(const struct xml *x, struct str s, size_t from)
{
	const char *p = s.p + from, *end = s.p + s.n;

	while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (begins_item(x, str_make(p, (size_t)(end - p))))
			return (size_t)(p - s.p);
		p++;
	}
	return s.n;
}

static size_t
last_item(const struct xml *x, struct str s)
{
	const char *p = s.p + s.n;

	while (p > s.p && (p = memrchr(s.p, '<', (size_t)(p - s.p))) != NULL)
		if (begins_item(x, str_make(p, (size_t)(s.p + s.n - p))))
			return (size_t)(p - s.p);
	return 0;
}

/* The base64 value in quotes around byte `at`; none where it is no long one.
 */
static struct str
long_value(struct str s, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && base64_goes_on(s.p[from - 1]))
		from--;
	while (to < s.n && base64_goes_on(s.p[to]))
		to++;
	if (to - from < XML_LONG || from == 0 || s.p[from - 1] != '"' ||
	    to == s.n || s.p[to] != '"')
		return STR_NONE;
	return str_sub(s, from, to - from);
}

/*
 * Long base64 values stand aside while the parser reads the rest: they hold
 * nothing for it, and past ten million bytes it would refuse them.  None is
 * missed by a look at every so many bytes.
 */
static struct str
set_aside(struct xml *x, struct str s)
{
	size_t kept = 0;

	x->long_count = 0;
	buf_reset(&x->piece);
	for (size_t at = XML_LONG - 1; at < s.n; at += XML_LONG) {
		struct str v = long_value(s, at);

		if (v.p == NULL || x->long_count == XML_LONGS)
			continue;
		at = (size_t)(v.p - s.p);
		buf_add(&x->piece, s.p + kept, at - kept);
		buf_printf(&x->piece, LONG_MARK "%zu" LONG_MARK, x->long_count);
		x->longs[x->long_count++] = v;
		at = kept = at + v.n;
	}
	if (x->long_count == 0)
		return s;
	buf_add(&x->piece, s.p + kept, s.n - kept);
	return buf_str(&x->piece);
}

static int
bad(struct xml *x, bool item, const char *at, const char *why, size_t n)
{
	uint64_t offset = x->offset + (uint64_t)(at - x->window.p);

	x->lost += item;
	x->said++;
	if (x->events->bad(
		x->events->arg, item, offset, why, str_make(at, n), x->e) < 0) {
		x->stopped = true;
		return -1;
	}
	return 0;
}

/* The item is whole: what stands behind it is wrong. */
static int
bad_behind(struct xml *x, struct str item)
{
	size_t shown = item.n < XML_NAME ? item.n : XML_NAME;
	char why[XML_WHY];

	snprintf(why, sizeof(why), "%s", x->why);
	restart(x);
	return bad(x, false, item.p + item.n - shown, why, shown);
}

/* One item that is broken, by a parser of its own: mended, or said. */
static int
mend_one(struct xml *x, struct str item)
{
	uint64_t done = x->done;
	char why[XML_WHY];
	bool mended;

	snprintf(why, sizeof(why), "%s",
	    x->why[0] == '\0' ? "its end is missing" : x->why);
	x->events->drop(x->events->arg);
	restart(x);
	buf_reset(&x->mended);
	mended = xml_mend(item, &x->mended);
	(void)push(x, set_aside(x, buf_str(&x->mended)));
	if (x->stopped)
		return -1;
	if (x->done == done) {
		x->events->drop(x->events->arg);
		restart(x);
		return bad(x, true, item.p, why, item.n);
	}
	if (x->failed)
		restart(x);
	/* Nothing is wrong in it: it was what stood before it. */
	return mended ? 0 : bad(x, false, item.p, why, 0);
}

/* From the item that stopped the parser on, one at a time. */
static int
by_item(struct xml *x, struct str s, size_t from, bool broken)
{
	while (from < s.n) {
		size_t to = next_item(x, s, from + 1);
		struct str item = str_sub(s, from, to - from);
		uint64_t done = x->done;
		bool good = !broken && push(x, set_aside(x, item));

		if (x->stopped)
			return -1;
		if (x->done == done ? mend_one(x, item) < 0
				    : !good && bad_behind(x, item) < 0)
			return -1;
		broken = false;
		from = to;
	}
	return 0;
}

/* What stopped the parser before the first item: no root, or wrong ones. */
static int
bad_head(struct xml *x, struct str s, size_t n)
{
	char why[XML_WHY];
	int rc;

	snprintf(why, sizeof(why), "%s", x->why);
	x->events->drop(x->events->arg);
	restart(x);
	rc = bad(x, false, s.p, why, n);
	return rc < 0 ? -1 : by_item(x, s, n, false);
}

/*
 * Does the parser wait with an item?  libxml2 looks for the tag's end before
 * the last "<" that it has, which may stand in an attribute: it would stop at
 * that with the next piece, and this one would be lost.
 */
static bool
holds_back(const struct xml *x)
{
	const xmlParserInput *in = x->parser->input;
	struct str held;

	if (in == NULL || in->cur >= in->end)
		return false;
	held = str_make((const char *)in->cur, (size_t)(in->end - in->cur));
	return next_item(x, held, 0) < held.n;
}

static int
feed_sound(struct xml *x, struct str s, bool whole)
{
	uint64_t done = x->done, from;
	size_t at;
	bool head = x->root[0] == '\0';

	xml_join_surrogates((char *)(uintptr_t)s.p, s.n);
	if (push(x, set_aside(x, s)) && !(whole && holds_back(x)))
		return 0;
	if (x->stopped)
		return -1;
	at = next_item(x, s, 0);
	if (head && x->done == done && x->root[0] == '\0')
		return bad_head(x, s, at);
	for (from = x->done - done; from > 0 && at < s.n; from--)
		at = next_item(x, s, at + 1);
	if (at == s.n)
		return bad_behind(x, s);
	return by_item(x, s, at, true);
}

/* The root's name, where the parser does not see its tag. */
static void
name_root(struct xml *x, struct str head)
{
	while (x->root[0] == '\0' && head.n > 0) {
		size_t n = 0;

		(void)str_split(&head, '<');
		while (n < head.n && !ascii_is_in(head.p[n], " \t\r\n/>?!"))
			n++;
		if (n > 0)
			snprintf(
			    x->root, sizeof(x->root), "%.*s", (int)n, head.p);
	}
}

/* One that has too many attributes is never the parser's; nor is a root. */
static int
refuse_item(struct xml *x, struct str item)
{
	x->events->drop(x->events->arg);
	if (begins_item(x, item))
		return bad(x, true, item.p, too_many, item.n);
	name_root(x, item);
	restart(x);
	return bad(x, false, item.p, too_many, item.n);
}

/* A piece that begins with an item, but for the file's first; whole: it does
 * not end within one. */
static int
feed(struct xml *x, struct str s, bool whole)
{
	size_t from = 0, at = 0;

	while (at < s.n) {
		size_t to = next_item(x, s, at + 1);
		struct str item = str_sub(s, at, to - at);

		if (!xml_attrs_within(item, XML_ATTRS)) {
			if (at > from &&
			    feed_sound(x, str_sub(s, from, at - from), true) <
				0)
				return -1;
			if (refuse_item(x, item) < 0)
				return -1;
			from = to;
		}
		at = to;
	}
	return from < s.n ? feed_sound(x, str_sub(s, from, s.n), whole) : 0;
}

/* The root's end tag, which a broken item may have kept from the parser. */
static bool
has_end(const struct xml *x, struct str s)
{
	char tag[XML_NAME + 4];

	snprintf(tag, sizeof(tag), "</%s", x->root);
	return str_find(s, str_of(tag)) >= 0;
}

/* The file ends within an item: what was read of it stands. */
static int
cut_off(struct xml *x, struct str item)
{
	ptrdiff_t open = str_rchr(item, '<');
	struct str tail = str_sub(item, (size_t)open, item.n);

	/* The tag that the end stands in is all that was not read. */
	if (open < 0 || str_chr(tail, '>') >= 0)
		tail = str_sub(item, item.n, 0);
	if (x->depth < 2) {
		snprintf(x->why, sizeof(x->why),
		    "the file ends within it: it is cut off");
		return mend_one(x, item);
	}
	if (x->events->cut(x->events->arg, x->e) < 0) {
		x->stopped = true;
		return -1;
	}
	x->done++;
	return bad(x, false, tail.p,
	    "the file ends within the last item: it is cut off", tail.n);
}

/* The last piece, and the end of the file. */
static int
finish(struct xml *x, struct str s)
{
	uint64_t settled, said = x->said;
	size_t last = last_item(x, s);
	bool has_item = next_item(x, s, 0) < s.n;

	if (feed(x, str_sub(s, 0, last), true) < 0)
		return -1;
	settled = x->done + x->lost;
	if (feed(x, str_sub(s, last, s.n), false) < 0)
		return -1;
	if (has_item && x->done + x->lost == settled)
		return cut_off(x, str_sub(s, last, s.n));
	if (x->said > said ||
	    (x->root[0] != '\0' && (x->depth == 0 || has_end(x, s))))
		return 0;
	return bad(x, false, s.p + s.n,
	    x->root[0] == '\0'
		? "no XML: there is no element in it"
		: "the file ends before its last end tag: it is cut off",
	    0);
}

/* How much of the beginning is to be left out: the declaration of a file that
 * was in UTF-16, which it says and is no more. */
static size_t
keep_declaration(struct xml *x, struct str s)
{
	ptrdiff_t end;

	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_sub(s, 3, s.n);
	end = str_find(str_sub(s, 0, XML_DECLARATION - 1), STR("?>"));
	if (!str_starts(s, STR("<?xml ")) || end <= 0)
		return 0;
	if (str_find_nocase(str_sub(s, 0, (size_t)end), STR("\"UTF-16")) > 0 ||
	    str_find_nocase(str_sub(s, 0, (size_t)end), STR("'UTF-16")) > 0)
		return (size_t)end + 2;
	snprintf(
	    x->declaration, sizeof(x->declaration), "%.*s", (int)end + 2, s.p);
	return 0;
}

static void
drop_front(struct xml *x, size_t n)
{
	x->window = str_sub(x->window, n, x->window.n);
	x->offset += n;
}

/* An item past the ceiling: said once, and let go of up to the next. */
static int
too_large(struct xml *x)
{
	struct str s = x->window;
	size_t from = next_item(x, s, 1);
	int rc = 0;

	if (!x->skipping) {
		x->events->drop(x->events->arg);
		restart(x);
		rc = bad(x, true, s.p, "larger than --max-item", s.n);
	}
	x->skipping = from == s.n;
	/* A begin may stand across the cut. */
	drop_front(x, x->skipping && s.n > XML_NAME ? s.n - XML_NAME : from);
	return rc;
}

/* What can be given of the window now. */
static int
drain(struct xml *x)
{
	struct str s = x->window;
	size_t n = last_item(x, s);

	if (x->skipping) {
		n = next_item(x, s, 0);
		x->skipping = n == s.n;
		drop_front(x, x->skipping && n > XML_NAME ? n - XML_NAME
			      : x->skipping               ? 0
							  : n);
		return x->skipping ? 0 : drain(x);
	}
	if (n > 0) {
		if (feed(x, str_sub(s, 0, n), true) < 0)
			return -1;
		drop_front(x, n);
	}
	return x->window.n > x->max_item ? too_large(x) : 0;
}

static int
read_all(struct xml *x)
{
	struct str head;
	struct err why;
	size_t untrue;
	int got, rc = 0;

	if (input_peek(x->in, XML_DECLARATION, &head, x->e) < 0)
		return -1;
	untrue = keep_declaration(x, head);
	while (rc == 0 && (got = input_more(x->in, &x->window, &why)) > 0) {
		if (untrue > 0)
			drop_front(x, untrue);
		untrue = 0;
		rc = drain(x);
	}
	if (rc == 0 && got < 0)
		rc = x->events->bad(x->events->arg, false,
		    x->offset + x->window.n, why.msg, STR(""), x->e);
	if (rc == 0 && !x->skipping)
		rc = finish(x, x->window);
	return rc;
}

int
xml_read(struct input *in, const char *const *items, size_t max_item,
    const struct xml_events *events, struct err *e)
{
	struct xml *x = xcalloc(1, sizeof(*x));
	int rc;

	x->events = events;
	x->items = items;
	x->in = in;
	x->max_item = max_item;
	x->e = e;
	buf_init(&x->piece, max_item + 4 * STREAM_BLOCK);
	buf_init(&x->mended, 8 * (max_item + STREAM_BLOCK));
	new_parser(x);
	rc = read_all(x);
	free_parser(x);
	buf_release(&x->piece);
	buf_release(&x->mended);
	free(x);
	return rc;
}
