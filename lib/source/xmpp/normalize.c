/*
 * What a stanza means.  An archive's message stands in wrappers that tell its
 * id there and when it came: they are taken off first.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/native.h"
#include "source/xmpp/xmpp.h"

enum {
	WRAPPERS = 8, /* messages in messages */
	LONG_ID = 16, /* bytes that no counter has */
};

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct xmpp_node *stanza; /* the message itself */
	struct str owner; /* whose archive it is, where that is told */
	struct str archive; /* its id there */
	struct str id, from, to, type, room, again;
	bool of_room; /* the id in hand is the room's own */
	int64_t kept; /* when the archive got it */
};

/* Without the resource, in small letters. */
static struct str
bare(struct view *v, struct str jid)
{
	ptrdiff_t slash = str_chr(jid, '/');
	char *low;

	if (slash >= 0)
		jid = str_sub(jid, 0, (size_t)slash);
	if (jid.n == 0)
		return STR_NONE;
	low = arena_alloc(v->a, jid.n);
	for (size_t i = 0; i < jid.n; i++)
		low[i] = ascii_lower(jid.p[i]);
	return str_make(low, jid.n);
}

static struct str
resource(struct str jid)
{
	ptrdiff_t slash = str_chr(jid, '/');

	return slash < 0 ? STR_NONE : str_sub(jid, (size_t)slash + 1, jid.n);
}

/* XEP-0203, and XEP-0091's "20020910T23:08:25". */
static int64_t
delay_of(struct view *v, const struct xmpp_node *n)
{
	struct xmpp_node *d = xmpp_child(n, "delay", "");
	struct str s = xmpp_value(d, "stamp", v->a);
	int64_t t;

	if (d == NULL) {
		d = xmpp_child(n, "x", "jabber:x:delay");
		s = xmpp_value(d, "stamp", v->a);
		if (s.n >= 17 && str_chr(s, '-') < 0)
			s = arena_printf(v->a, "%.4s-%.2s-%.2s%.9sZ", s.p,
			    s.p + 4, s.p + 6, s.p + 8);
	}
	return s.n > 0 && native_time_text(v->n, s, &t) == 0 ? t : TIME_NONE;
}

/* From the outermost element to the message that somebody wrote. */
static void
unwrap(struct view *v, struct xmpp_node *n)
{
	for (int i = 0; i < WRAPPERS && n != NULL; i++) {
		struct xmpp_node *inner = NULL, *c;

		if (str_is(n->name, "message")) {
			v->stanza = n;
			inner = xmpp_child(n, "result", "urn:xmpp:mam:");
			/* A stream's own copies: it is ours that is told. */
			if (inner == NULL)
				inner =
				    xmpp_child(n, "sent", "urn:xmpp:carbons:");
			if (inner == NULL)
				inner = xmpp_child(
				    n, "received", "urn:xmpp:carbons:");
			if (inner != NULL && v->owner.p == NULL)
				v->owner = bare(v, xmpp_value(n, "to", v->a));
		} else if (str_is(n->name, "forwarded")) {
			int64_t t = delay_of(v, n);

			if (t != TIME_NONE)
				v->kept = t;
			inner = xmpp_child(n, "message", "");
			v->stanza = inner;
		} else {
			inner = n;
		}
		if (inner != NULL && str_is(inner->name, "result"))
			v->archive = xmpp_value(inner, "id", v->a);
		if (inner != NULL && !str_is(inner->name, "message") &&
		    !str_is(inner->name, "forwarded")) {
			c = xmpp_child(inner, "forwarded", "");
			inner =
			    c != NULL ? c : xmpp_child(inner, "message", "");
			if (inner == NULL)
				v->stanza = NULL;
		}
		n = inner;
	}
}

static struct str
child_text(struct view *v, const char *name, const char *ns)
{
	struct xmpp_node *c = xmpp_child(v->stanza, name, ns);

	return c == NULL ? STR_NONE : c->text;
}

/* Bytes of the first so many characters. */
static size_t
characters(struct str s, int64_t n)
{
	size_t i = 0;

	while (n > 0 && i < s.n) {
		i++;
		while (i < s.n && utf8_goes_on(s.p[i]))
			i++;
		n--;
	}
	return i;
}

/* What is quoted for programs that know no answers (XEP-0428). */
static void
cut_fallback(struct view *v, struct str *body)
{
	struct xmpp_node *f = v->stanza->first, *part;
	int64_t from, to;

	for (; f != NULL; f = f->next)
		if (str_is(f->name, "fallback") &&
		    str_is(xmpp_value(f, "for", v->a), "urn:xmpp:reply:0"))
			break;
	part = xmpp_child(f, "body", "");
	if (part == NULL ||
	    str_to_int(xmpp_value(part, "start", v->a), &from) < 0 ||
	    str_to_int(xmpp_value(part, "end", v->a), &to) < 0 || from < 0 ||
	    to <= from)
		return;
	from = (int64_t)characters(*body, from);
	to = (int64_t)characters(*body, to);
	v->m->quoted =
	    str_trim(str_sub(*body, (size_t)from, (size_t)(to - from)));
	*body = ARENA_JOIN(v->a, str_sub(*body, 0, (size_t)from),
	    str_sub(*body, (size_t)to, body->n));
}

/* How it is encrypted, where it is: the body is then a sentence of the
 * program's, for those that cannot read it. */
static struct str
encryption(struct view *v)
{
	static const struct {
		const char *name, *ns, *is;
	} kinds[] = {
		{ "encrypted", "eu.siacs.conversations.axolotl", "OMEMO" },
		{ "encrypted", "urn:xmpp:omemo:", "OMEMO" },
		{ "openpgp", "urn:xmpp:openpgp:", "OpenPGP" },
		{ "x", "jabber:x:encrypted", "OpenPGP" },
	};
	struct xmpp_node *eme;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (xmpp_child(v->stanza, kinds[i].name, kinds[i].ns) != NULL)
			return str_of(kinds[i].is);
	eme = xmpp_child(v->stanza, "encryption", "urn:xmpp:eme:0");
	if (eme == NULL)
		return STR_NONE;
	return xmpp_value(eme, "name", v->a).n > 0
		   ? xmpp_value(eme, "name", v->a)
		   : xmpp_value(eme, "namespace", v->a);
}

static void
attach(struct view *v)
{
	struct xmpp_node *x = xmpp_child(v->stanza, "x", "jabber:x:oob");
	struct xmpp_node *share =
	    xmpp_child(v->stanza, "file-sharing", "urn:xmpp:sfs:");
	struct xmpp_node *file = xmpp_child(share, "file", "");
	struct xmpp_node *url = xmpp_child(x, "url", ""), *c;
	struct attachment at = { .size = -1 };

	if (file != NULL) {
		if ((c = xmpp_child(file, "name", "")) != NULL)
			at.name = c->text;
		if ((c = xmpp_child(file, "media-type", "")) != NULL)
			at.type = c->text;
		if ((c = xmpp_child(file, "size", "")) != NULL &&
		    str_to_int(c->text, &at.size) < 0)
			at.size = -1;
	} else if (url != NULL) {
		ptrdiff_t slash = str_rchr(url->text, '/');

		at.name = str_sub(url->text, (size_t)(slash + 1), url->text.n);
	}
	if (at.name.n > 0 || at.type.n > 0)
		message_add_attachment(v->m, at);
}

/* Who wrote in a room is known by a name that anybody may take, unless the
 * room tells the address or its own id of them. */
static void
set_occupant(struct view *v)
{
	struct xmpp_node *x =
	    xmpp_child(v->stanza, "x", "http://jabber.org/protocol/muc#user");
	struct str jid =
	    bare(v, xmpp_value(xmpp_child(x, "item", ""), "jid", v->a));
	struct str occupant =
	    xmpp_value(xmpp_child(v->stanza, "occupant-id", ""), "id", v->a);

	v->m->from.name = resource(v->from);
	if (jid.n > 0)
		v->m->from.uri = native_uri(v->n, "xmpp", jid);
	else if (occupant.n > 0)
		v->m->from.uri = native_uri(v->n, "xmpp",
		    ARENA_JOIN(v->a, v->room, STR("/"), occupant));
	if (jid.n > 0 && str_eq(jid, v->owner))
		v->m->direction = "outbound";
	message_add_address(
	    v->m, &v->m->to, (struct address){ .name = v->room });
}

static void
set_people(struct view *v)
{
	struct str nick =
	    child_text(v, "nick", "http://jabber.org/protocol/nick");
	struct str from = bare(v, v->from);
	struct address to = { .uri = native_uri(v->n, "xmpp", bare(v, v->to)) };

	v->m->account = v->owner;
	if (v->room.n > 0) {
		set_occupant(v);
		return;
	}
	v->m->from.uri = native_uri(v->n, "xmpp", from);
	if (nick.n > 0)
		v->m->from.name = nick;
	if (to.uri.p != NULL)
		message_add_address(v->m, &v->m->to, to);
	if (v->owner.n > 0 && from.n > 0)
		v->m->direction =
		    str_eq(from, v->owner) ? "outbound" : "inbound";
}

/* The id by which others speak of a message: a room's own of it, else its
 * writer's. */
static struct str
spoken_id(struct view *v)
{
	struct xmpp_node *c = v->stanza->first;
	struct str origin = xmpp_value(
	    xmpp_child(v->stanza, "origin-id", "urn:xmpp:sid:"), "id", v->a);

	for (; c != NULL && v->room.n > 0; c = c->next) {
		v->of_room =
		    str_is(c->name, "stanza-id") &&
		    str_eq(bare(v, xmpp_value(c, "by", v->a)), v->room);
		if (v->of_room)
			return xmpp_value(c, "id", v->a);
	}
	if (v->room.n > 0 && v->archive.n > 0)
		return v->archive;
	return origin.n > 0 ? origin : v->id;
}

/*
 * Both sides' archives have the writer's id; a short one may be a counter that
 * began anew, so that its time or its id in the archive goes with it.
 */
static void
set_id(struct view *v, struct str id, struct str kind)
{
	struct str who = v->room.n > 0 ? v->room : bare(v, v->from);
	struct str place = STR("");

	if (id.n < LONG_ID && !v->of_room)
		place =
		    v->archive.n > 0
			? v->archive
			: arena_printf(v->a, "%jd",
			      (intmax_t)(v->m->sent == TIME_NONE ? 0
								 : v->m->sent));
	v->m->id_without_account = true;
	v->m->native_id = ARENA_JOIN(v->a, who, STR("\n"), id, STR("\n"), place,
	    STR("\n"), kind, id.n == 0 ? v->m->text : STR(""),
	    id.n == 0 ? v->again : STR(""));
}

/* Of a message of ours or of theirs: markers, receipts, errors. */
static struct xmpp_node *
receipt_of(struct view *v, const char **status)
{
	static const struct {
		const char *name, *ns, *status;
	} kinds[] = {
		{ "received", "urn:xmpp:receipts", "delivered" },
		{ "received", "urn:xmpp:chat-markers:", "delivered" },
		{ "displayed", "urn:xmpp:chat-markers:", "read" },
		{ "acknowledged", "urn:xmpp:chat-markers:", "read" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct xmpp_node *c =
		    xmpp_child(v->stanza, kinds[i].name, kinds[i].ns);

		if (c != NULL) {
			*status = kinds[i].status;
			return c;
		}
	}
	if (!str_is(v->type, "error"))
		return NULL;
	*status = "failed";
	return v->stanza;
}

static enum stage_result
emit_receipt(
    struct view *v, struct xmpp_node *about, const char *status, struct err *e)
{
	struct str id = xmpp_value(about, "id", v->a);
	struct xmpp_node *error = xmpp_child(v->stanza, "error", "");
	struct xmpp_node *text = xmpp_child(error, "text", "");
	struct writer *w;

	v->m->type = "event";
	v->m->text = STR_NONE;
	set_people(v);
	set_id(v, id, str_of(status));
	w = native_data(v->n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", str_of(status));
	if (id.n > 0)
		write_member_strs(w, "about", &id, 1);
	if (error != NULL && error->first != NULL)
		write_member(w, "code", error->first->name);
	if (text != NULL && text->text.n > 0)
		write_member(w, "reason", text->text);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

/* XEP-0424 and 0425, in their first form and today's: what is taken back. */
static struct str
retracted(struct view *v)
{
	struct xmpp_node *c =
	    xmpp_child(v->stanza, "retract", "urn:xmpp:message-retract:");

	if (c == NULL) {
		c = xmpp_child(v->stanza, "apply-to", "urn:xmpp:fasten:");
		if (xmpp_child(c, "retract", "") == NULL &&
		    xmpp_child(c, "moderated", "") == NULL)
			return STR_NONE;
	}
	return xmpp_value(c, "id", v->a);
}

/* What else a message without words may say; "": nothing that counts. */
static const char *
event_of(struct view *v)
{
	static const struct {
		const char *name, *ns, *subtype;
	} kinds[] = {
		{ "subject", "", "subject" },
		{ "reactions", "urn:xmpp:reactions:", "reaction" },
		{ "propose", "urn:xmpp:jingle-message:", "call proposed" },
		{ "accept", "urn:xmpp:jingle-message:", "call accepted" },
		{ "reject", "urn:xmpp:jingle-message:", "call rejected" },
		{ "retract", "urn:xmpp:jingle-message:", "call withdrawn" },
		{ "finish", "urn:xmpp:jingle-message:", "call ended" },
		{ "x", "jabber:x:conference", "invite" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (xmpp_child(v->stanza, kinds[i].name, kinds[i].ns) != NULL)
			return kinds[i].subtype;
	return "";
}

static void
write_reactions(struct view *v, struct writer *w)
{
	struct xmpp_node *r =
	    xmpp_child(v->stanza, "reactions", "urn:xmpp:reactions:");
	struct xmpp_node *c = r == NULL ? NULL : r->first;

	if (c == NULL)
		return;
	write_key(w, "reactions");
	write_list(w);
	for (; c != NULL; c = c->next) {
		write_object(w);
		write_member(w, "name", c->text);
		write_object_end(w);
	}
	write_list_end(w);
}

static int
write_data(struct view *v, struct str encrypted, int64_t changed, bool deleted,
    struct err *e)
{
	struct writer *w = native_data(v->n);

	if (v->m->type[0] == 'e')
		write_member(w, "subtype", str_of(event_of(v)));
	write_reactions(v, w);
	write_member(w, "encrypted", encrypted);
	if (v->room.n > 0)
		write_member(w, "replaces",
		    xmpp_value(
			xmpp_child(v->stanza, "replace", ""), "id", v->a));
	write_member_time(w, deleted ? "deletedAt" : "editedAt", changed);
	return native_data_end(v->n, e);
}

/* What it answers, or what its emoji stand under. */
static void
set_reply(struct view *v)
{
	struct str id =
	    xmpp_value(xmpp_child(v->stanza, "reply", ""), "id", v->a);

	if (id.p == NULL)
		id = xmpp_value(
		    xmpp_child(v->stanza, "reactions", ""), "id", v->a);
	if (id.n > 0)
		message_add_str(v->m, &v->m->in_reply_to, id);
}

/* A later version has the id of the first. */
static struct str
version(struct view *v, int64_t *changed, bool *deleted)
{
	struct str old =
	    xmpp_value(xmpp_child(v->stanza, "replace", ""), "id", v->a);
	struct str gone = retracted(v);
	struct xmpp_node *tomb = xmpp_child(v->stanza, "retracted", "");

	*deleted = gone.n > 0 || tomb != NULL;
	*changed = old.n > 0 || gone.n > 0 ? v->m->sent : TIME_NONE;
	if (old.n > 0)
		message_keyword(v->m, "edited");
	if (*deleted)
		message_keyword(v->m, "deleted");
	if (tomb != NULL && native_time_text(v->n,
				xmpp_value(tomb, "stamp", v->a), changed) < 0)
		*changed = TIME_NONE;
	/* In a room what is taken back is named as the room does, but what is
	 * mended as its writer did: nothing leads from one to the other. */
	if (gone.n > 0 && v->room.n > 0)
		v->of_room = true;
	if (old.n > 0 && v->room.n == 0)
		return old;
	return gone.n > 0 ? gone : spoken_id(v);
}

/* Words, or an event instead of them. */
static enum stage_result
emit_message(struct view *v, struct str body, struct err *e)
{
	struct message *m = v->m;
	struct str encrypted = encryption(v), thread, subject, id;
	int64_t changed;
	bool deleted;

	id = version(v, &changed, &deleted);
	if (body.n > 0 && encrypted.p == NULL && !deleted) {
		cut_fallback(v, &body);
		m->text = str_trim(body);
	}
	thread = child_text(v, "thread", "");
	subject = str_trim(child_text(v, "subject", ""));
	if (subject.n > 0)
		m->subject = subject;
	if (body.n == 0 && encrypted.p == NULL && !deleted) {
		if (event_of(v)[0] == '\0') {
			sink_sum(v->n->sink, "stanzas without words", 1);
			return STAGE_OK;
		}
		m->type = "event";
	}
	if (encrypted.p != NULL)
		message_keyword(m, "encrypted");
	if (str_is(v->type, "headline"))
		message_keyword(m, "automatic");
	m->message_id = id.n > 0 ? id : STR_NONE;
	m->thread_id = v->room.n > 0  ? v->room
		       : thread.n > 0 ? thread
				      : STR_NONE;
	set_people(v);
	set_reply(v);
	attach(v);
	set_id(v, id, m->type[0] == 'e' ? str_of(event_of(v)) : STR(""));
	return write_data(v, encrypted, changed, deleted, e) < 0
		   ? STAGE_REJECT
		   : native_emit(v->n, e);
}

/* A room speaks with its own address, or its writer's name behind it. */
static void
read_addresses(struct view *v)
{
	v->type = xmpp_value(v->stanza, "type", v->a);
	v->id = xmpp_value(v->stanza, "id", v->a);
	v->from = xmpp_value(v->stanza, "from", v->a);
	v->to = xmpp_value(v->stanza, "to", v->a);
	if (!str_is(v->type, "groupchat"))
		return;
	/* What we sent into it stands in our archive before it came back. */
	v->room = v->owner.n > 0 && str_eq(bare(v, v->from), v->owner)
		      ? bare(v, v->to)
		      : bare(v, v->from);
}

/* The words in no language that is named, else the first. */
static struct str
body_of(struct view *v)
{
	struct xmpp_node *c = v->stanza->first, *first = NULL;

	for (; c != NULL; c = c->next) {
		if (!str_is(c->name, "body") ||
		    str_starts(c->ns, STR("http://www.w3.org/")))
			continue;
		if (first == NULL)
			first = c;
		if (xmpp_attr(c->attrs, "xml:lang").p == NULL)
			return str_trim(c->text);
	}
	return first == NULL ? STR("") : str_trim(first->text);
}

enum stage_result
xmpp_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .kept = TIME_NONE };
	struct xmpp_node *root, *about;
	struct str text, body;
	const char *status;

	v.a = &v.m->arena;
	v.m->type = "message";
	v.m->channel = "xmpp";
	if (normalize_text(n, native, &text, e) < 0)
		return STAGE_REJECT;
	/* XML 1.0, 2.11. */
	root = xmpp_parse(normalize_lines(n, text), v.a, e);
	if (root == NULL)
		return STAGE_REJECT;
	v.owner = bare(&v, native_text(n, native, "owner"));
	v.again = native_text(n, native, "again");
	unwrap(&v, root);
	if (v.stanza == NULL)
		return native_reject(
		    e, "a result of an archive without its message");
	read_addresses(&v);
	v.m->sent = delay_of(&v, v.stanza);
	if (v.m->sent == TIME_NONE)
		v.m->sent = v.kept;
	else if (v.kept > v.m->sent)
		v.m->received = v.kept;
	body = body_of(&v);
	about = body.n > 0 && !str_is(v.type, "error")
		    ? NULL
		    : receipt_of(&v, &status);
	return about != NULL ? emit_receipt(&v, about, status, e)
			     : emit_message(&v, body, e);
}
