/*
 * Cutting a file into stanzas: the outermost elements that are a message, or an
 * archive's result that holds one.  What stands around them (XEP-0227, streams,
 * a wrapper of somebody's) is walked through; of a server's export it tells
 * whose archive it is.  Memory: one stanza.
 */
#include "core/text/ascii.h"
#include "source/equals.h"
#include "source/peek.h"
#include "source/xmpp/xmpp.h"

enum {
	JID_BYTES = 512,
	TAG_BYTES = 1 << 20, /* of a tag or comment; what is longer is none */
	SNIFFED = 16 << 10, /* bytes looked at to tell the format */
};

struct reader {
	struct ingest *in;
	struct err *e;
	struct str window; /* the input's */
	uint64_t offset; /* of the window in the file */
	size_t at; /* what of it is scanned */
	bool within, skipping; /* a stanza is open; it is too large */
	size_t from; /* where it begins in the window */
	size_t depth, forwarded; /* open elements in it */
	struct str name; /* "message" or "result" */
	char host[JID_BYTES], user[JID_BYTES];
	uint64_t others; /* stanzas that are no messages */
	struct equals equals;
};

static bool
is_stanza(struct str local)
{
	return str_is(local, "message") || str_is(local, "result");
}

static struct str
place(struct reader *r, size_t at, char out[STR_COUNT])
{
	return str_count(out, '\0', r->offset + at);
}

static int
reject(struct reader *r, size_t from, size_t to, const char *why)
{
	char at[STR_COUNT];

	return ingest_reject(r->in, place(r, from, at), why,
	    str_sub(r->window, from, to - from), r->e);
}

static int
take_stanza(struct reader *r, size_t to)
{
	struct str s = str_sub(r->window, r->from, to - r->from);
	char at[STR_COUNT], jid[2 * JID_BYTES + 2];
	struct writer *w;
	unsigned again;

	r->within = false;
	if (r->skipping) {
		r->skipping = false;
		return 0;
	}
	again = equals_count(&r->equals, s, STR(""));
	w = ingest_item(r->in, place(r, r->from, at));
	write_object(w);
	ingest_bytes(w, s);
	if (r->user[0] != '\0') {
		snprintf(jid, sizeof(jid), "%s%s%s", r->user,
		    r->host[0] != '\0' && strchr(r->user, '@') == NULL ? "@"
								       : "",
		    strchr(r->user, '@') == NULL ? r->host : "");
		write_member(w, "owner", str_of(jid));
	}
	if (again > 0)
		write_member_int(w, "again", again);
	write_object_end(w);
	return ingest_item_end(r->in, r->e);
}

static void
keep(char out[JID_BYTES], struct str s)
{
	if (s.n > 0 && s.n < JID_BYTES) {
		memcpy(out, s.p, s.n);
		out[s.n] = '\0';
	}
}

/* An element outside of stanzas. */
static int
take_outer(struct reader *r, const struct xmpp_tag *t)
{
	struct str local = xmpp_local(t->name);

	if (t->kind == XMPP_TAG_CLOSE && str_is(local, "user"))
		r->user[0] = '\0';
	if (t->kind != XMPP_TAG_OPEN && t->kind != XMPP_TAG_EMPTY)
		return 0;
	if (str_is(local, "host"))
		keep(r->host, xmpp_attr(t->attrs, "jid"));
	else if (str_is(local, "user"))
		keep(r->user, xmpp_attr(t->attrs, "name"));
	r->others += str_is(local, "presence") || str_is(local, "iq");
	if (!is_stanza(local))
		return 0;
	r->within = true;
	r->from = t->begin;
	r->depth = 1;
	r->forwarded = 0;
	/* The window moves. */
	r->name = str_is(local, "result") ? STR("result") : STR("message");
	return t->kind == XMPP_TAG_EMPTY ? take_stanza(r, t->end) : 0;
}

/* One within: a message in another is one that is forwarded, or the other
 * never ended. */
static int
take_inner(struct reader *r, const struct xmpp_tag *t)
{
	struct str local = xmpp_local(t->name);

	if (t->kind == XMPP_TAG_CLOSE) {
		r->forwarded -= r->forwarded > 0 && str_is(local, "forwarded");
		return --r->depth == 0 ? take_stanza(r, t->end) : 0;
	}
	if (t->kind != XMPP_TAG_OPEN && t->kind != XMPP_TAG_EMPTY)
		return 0;
	if (r->forwarded == 0 &&
	    (str_eq(local, r->name) ||
		(str_is(local, "message") && str_is(r->name, "result")))) {
		r->within = false;
		if (!r->skipping && reject(r, r->from, t->begin,
					"a stanza without its end") < 0)
			return -1;
		r->skipping = false;
		return take_outer(r, t);
	}
	if (t->kind == XMPP_TAG_OPEN) {
		r->depth++;
		r->forwarded += str_is(local, "forwarded");
	}
	return 0;
}

/* All tags that are whole in the window. */
static int
scan(struct reader *r)
{
	struct xmpp_tag t;

	for (;;) {
		xmpp_tag(r->window, r->at, &t);
		if (t.kind == XMPP_TAG_NONE &&
		    r->window.n - t.begin <= TAG_BYTES) {
			r->at = t.begin;
			return 0;
		}
		if (t.kind == XMPP_TAG_NONE)
			t.end = t.begin + 1;
		r->at = t.end;
		if ((r->within ? take_inner(r, &t) : take_outer(r, &t)) < 0)
			return -1;
	}
}

/* What need not be held any more; a stanza past the bound is let go of. */
static int
move_on(struct reader *r)
{
	size_t n = r->within && !r->skipping ? r->from : r->at;

	if (r->within && !r->skipping &&
	    r->window.n - r->from > r->in->max_item) {
		if (reject(r, r->from, r->window.n, "larger than --max-item") <
		    0)
			return -1;
		r->skipping = true;
		n = r->at;
	}
	r->window = str_sub(r->window, n, r->window.n);
	r->offset += n;
	r->at -= n;
	r->from = r->from > n ? r->from - n : 0;
	return 0;
}

static int
finish(struct reader *r)
{
	if (r->within && !r->skipping)
		return reject(r, r->from, r->window.n,
		    "the file ends within it: it is cut off");
	if (!r->within &&
	    str_trim(str_sub(r->window, r->at, r->window.n)).n > 0)
		return reject(r, r->at, r->window.n,
		    "the file ends within a tag: it is cut off");
	return 0;
}

static int
xmpp_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in, .e = e, .window = STR_NONE };
	struct err why;
	int got, rc = 0;

	equals_init(&r.equals);
	while (rc == 0 && (got = input_more(file, &r.window, &why)) > 0) {
		rc = scan(&r);
		if (rc == 0)
			rc = move_on(&r);
	}
	if (rc == 0 && got < 0)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	if (rc == 0)
		rc = finish(&r);
	if (r.others > 0)
		sink_sum(in->sink, "stanzas of presence and questions",
		    (int64_t)r.others);
	equals_release(&r.equals);
	return rc;
}

/* Namespaces that only this protocol has. */
static int
xmpp_sniff(const char *base_name, struct str head)
{
	static const char *const marks[] = { "urn:xmpp:mam:",
		"urn:xmpp:forward:0", "urn:xmpp:pie:0", "urn:xmpp:delay",
		"urn:xmpp:carbons:", "urn:xmpp:sid:0", "urn:xmpp:receipts",
		"urn:xmpp:chat-markers:", "http://etherx.jabber.org/streams",
		"jabber:client", "jabber:server", "jabber:x:delay",
		"http://jabber.org/protocol/", "urn:xmpp:", NULL };
	struct str s = peek_unmarked(str_sub(head, 0, SNIFFED));

	(void)base_name;
	if (s.n == 0 || s.p[0] != '<' ||
	    (str_find(s, STR("<message")) < 0 &&
		str_find(s, STR(":message")) < 0 &&
		str_find(s, STR("<result")) < 0))
		return 0;
	for (size_t i = 0; marks[i] != NULL; i++)
		if (str_find(s, str_of(marks[i])) > 0)
			return 92;
	/* A bare stream: stanzas to and from addresses. */
	return str_starts(s, STR("<message ")) &&
		       (str_find(str_sub(s, 0, 512), STR("type='chat'")) > 0 ||
			   str_find(str_sub(s, 0, 512), STR("type=\"chat\"")) >
			       0 ||
			   str_find(str_sub(s, 0, 512),
			       STR("type=\"groupchat\"")) > 0) &&
		       str_find(str_sub(s, 0, 4096), STR("<body")) > 0
		   ? 84
		   : 0;
}

const struct source_format source_xmpp = {
	.name = "xmpp",
	.about = "XMPP: archives (MAM), server exports (XEP-0227), stanzas",
	.sniff = xmpp_sniff,
	.most = 92,
	.read = xmpp_read,
	.normalize = xmpp_normalize,
};
