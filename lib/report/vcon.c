#include "report/vcon.h"

#include "core/alloc.h"
#include "core/hash.h"
#include "core/io/sort.h"
#include "core/map.h"
#include "core/vec.h"
#include "json/write.h"
#include "record/fields.h"

enum {
	VCON_MEMORY = 64 << 20, /* bytes held before the sort spills */
	VCON_KEY = 9, /* of a key: a mark, and the time behind it */
};

static const char no_party[] = "";

/* The conversation in hand. */
struct group {
	struct str key; /* in the arena */
	struct VEC(struct str) lines;
	struct map ids; /* of records: their place among the lines */
	struct map parties; /* by what they are written as: their index */
	struct buf party, dialog, analysis, attachments, records;
	struct writer party_w, dialog_w, analysis_w, attachments_w, records_w;
	size_t dialogs, others;
	struct str subject, thread; /* thread: of all of them, a vCon's uuid */
	int64_t last;
	struct arena arena;
};

struct vcons {
	struct sorter *sorter;
	struct buf key;
	struct record *record;
	struct group group;
};

/* What a dialog says in words of its own. */
struct told {
	struct vcons *v;
	struct record *r;
	struct str type, channel, text;
	struct json data;
	int64_t at;
};

struct vcons *
vcons_new(void)
{
	struct vcons *v = xcalloc(1, sizeof(*v));
	struct group *g = &v->group;
	struct buf *bufs[] = { &v->key, &g->party, &g->dialog, &g->analysis,
		&g->attachments, &g->records };

	v->sorter = sorter_new(VCON_MEMORY);
	v->record = record_new();
	for (size_t i = 0; i < sizeof(bufs) / sizeof(*bufs); i++)
		buf_init(bufs[i], RECORD_PUT_BYTES);
	return v;
}

void
vcons_free(struct vcons *v)
{
	struct group *g = v == NULL ? NULL : &v->group;

	if (v == NULL)
		return;
	sorter_free(v->sorter);
	record_free(v->record);
	buf_release(&v->key);
	buf_release(&g->party);
	buf_release(&g->dialog);
	buf_release(&g->analysis);
	buf_release(&g->attachments);
	buf_release(&g->records);
	map_release(&g->ids);
	map_release(&g->parties);
	arena_release(&g->arena);
	free(v);
}

/* An id that is unique in the world, on whichever channels it goes on. */
static bool
is_uuid(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23
			? s.p[i] != '-'
			: ascii_hex(s.p[i]) < 0)
			return false;
	return s.n == 36;
}

/* Which conversation, then when, so that the sort has both. */
int
vcons_add(struct vcons *v, struct record *r, struct err *e)
{
	static const char *const members[] = { "conversation", "threadId",
		"id" };
	struct buf *key = &v->key;
	int64_t t = record_time(r);
	uint64_t order = t == TIME_NONE ? 0 : (uint64_t)t ^ UINT64_C(1) << 63;

	buf_reset(key);
	for (size_t i = 0; i < 3 && key->n == 0; i++) {
		struct str s = record_str(r, members[i]);

		if (s.n == 0)
			continue;
		buf_add_char(key, (char)('a' + i));
		if (i == 1 && !is_uuid(s))
			buf_add_str(key, record_str(r, "channel"));
		buf_add_char(key, '\0');
		buf_add_str(key, s);
	}
	buf_add_char(key, '\0');
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_add_char(key, (char)(order >> shift));
	return sorter_add(v->sorter, buf_str(key), record_line(r), e);
}

static void
group_begin(struct group *g, struct str key)
{
	struct {
		struct buf *b;
		struct writer *w;
	} parts[] = {
		{ &g->party, &g->party_w },
		{ &g->dialog, &g->dialog_w },
		{ &g->analysis, &g->analysis_w },
		{ &g->attachments, &g->attachments_w },
		{ &g->records, &g->records_w },
	};

	map_reset(&g->ids);
	map_reset(&g->parties);
	arena_reset(&g->arena);
	g->lines.v = NULL;
	g->lines.n = g->lines.cap = 0;
	g->key = arena_dup(&g->arena, key);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		buf_reset(parts[i].b);
		write_init(parts[i].w, parts[i].b);
		write_list(parts[i].w);
	}
	g->dialogs = g->others = 0;
	g->subject = g->thread = STR_NONE;
	g->last = TIME_NONE;
}

/* Of records with one id the last stands where the first did. */
static int
group_add(struct vcons *v, struct str line, struct err *e)
{
	struct group *g = &v->group;
	char *copy = arena_alloc(&g->arena, line.n + BUF_PAD);
	struct str own = str_make(copy, line.n);
	uint64_t *place;
	bool fresh;

	memcpy(copy, line.p, line.n);
	memset(copy + line.n, 0, BUF_PAD);
	if (record_parse(v->record, own, e) < 0)
		return -1;
	place = map_put(&g->ids, record_str(v->record, "id"), &fresh);
	if (!fresh) {
		g->lines.v[*place] = own;
		return 0;
	}
	*place = g->lines.n;
	vec_add_in(&g->arena, &g->lines, own);
	return 0;
}

/* Parties. */

static void
write_party(struct writer *w, struct json a, struct arena *arena)
{
	struct str tel = json_str(json_get(a, "tel"), arena);
	struct str uri = json_str(json_get(a, "uri"), arena);

	write_object(w);
	write_member(w, "name", json_str(json_get(a, "name"), arena));
	write_member(w, "mailto", json_str(json_get(a, "email"), arena));
	write_member(w, "tel", tel);
	if (str_starts(uri, STR("sip:")))
		write_member(w, "sip", uri);
	else if (str_starts(uri, STR("tel:")) && tel.p == NULL)
		write_member(w, "tel", uri);
	else
		write_member(w, "uuid", uri);
	write_object_end(w);
}

/* The index of who has this address; nobody's is a party, too. */
static int64_t
party(struct told *t, struct json a)
{
	struct group *g = &t->v->group;
	struct arena *arena = record_arena(t->r);
	struct str key =
	    json_type(a) == JSON_OBJECT ? json_raw(a) : str_of(no_party);
	uint64_t *index;
	bool fresh;

	index = map_put(&g->parties, key, &fresh);
	if (fresh) {
		*index = g->parties.n - 1;
		write_party(&g->party_w, a, arena);
	}
	return (int64_t)*index;
}

static void
write_parties(struct told *t, struct writer *w)
{
	static const char *const lists[] = { "to", "cc", NULL };

	write_key(w, "parties");
	write_list(w);
	write_int(w, party(t, record_get(t->r, "from")));
	for (size_t i = 0; lists[i] != NULL; i++) {
		struct json_iter it = json_each(record_get(t->r, lists[i]));
		struct json one;

		while (json_next(&it, NULL, &one))
			write_int(w, party(t, one));
	}
	write_list_end(w);
}

/* The record, but for what stands elsewhere, and what later tools find. */
static void
write_kept(struct told *t, struct writer *w, bool text)
{
	static const char *const members[] = { "id", "type", "channel",
		"account", "direction", "sentAt", "receivedAt", "from",
		"sender", "to", "cc", "subject", "quoted", "signature",
		"messageId", "inReplyTo", "references", "threadId",
		"attachments", "keywords", "data", NULL };

	write_object(w);
	for (size_t i = 0; members[i] != NULL; i++) {
		struct json v = record_get(t->r, members[i]);

		if (v.doc != NULL)
			write_member_raw(w, members[i], json_raw(v));
	}
	if (text)
		write_member(w, "text", t->text);
	write_object_end(w);
}

/* Analyses and attachments. */

static struct writer *
begin_analysis(struct told *t, const char *type)
{
	struct writer *w = &t->v->group.analysis_w;

	write_object(w);
	write_key(w, "type");
	write_z(w, type);
	write_member_int(w, "dialog", (int64_t)t->v->group.dialogs);
	return w;
}

static void
add_analysis(struct told *t, const char *type, struct str text)
{
	struct writer *w;

	if (text.n == 0)
		return;
	w = begin_analysis(t, type);
	write_member(w, "vendor", STR("kith"));
	write_member(w, "mediatype", STR("text/plain"));
	write_member(w, "encoding", STR("none"));
	write_member(w, "body", text);
	write_object_end(w);
}

/* A body in a form of now: of JSON where it is no string. */
static void
write_body(struct told *t, struct writer *w, struct json part)
{
	struct json body = json_get(part, "body");
	bool string = json_type(body) == JSON_STRING;
	bool coded = json_is(json_get(part, "encoding"), "base64url");

	(void)t;
	if (json_type(body) <= JSON_NULL)
		return;
	write_key(w, "encoding");
	write_z(w, !string ? "json" : coded ? "base64url" : "none");
	write_member_raw(w, "body", json_raw(body));
}

/* What a vCon had said of the dialog, its summary and transcript apart. */
static void
keep_analyses(struct told *t)
{
	static const char *const kept[] = { "mediatype", "filename", "product",
		"schema", NULL };
	struct arena *a = record_arena(t->r);
	struct json_iter it = json_each(json_get(t->data, "analysis"));
	struct json one;

	while (json_next(&it, NULL, &one)) {
		struct str type = json_str(json_get(one, "type"), a);
		struct str vendor = json_str(json_get(one, "vendor"), a);
		struct writer *w;

		if (type.n == 0 || str_is(type, "summary") ||
		    json_type(json_get(one, "body")) <= JSON_NULL)
			continue;
		w = begin_analysis(t, arena_cstr(a, type));
		write_member(w, "vendor", vendor.n > 0 ? vendor : STR("kith"));
		for (size_t i = 0; kept[i] != NULL; i++)
			write_member(
			    w, kept[i], json_str(json_get(one, kept[i]), a));
		write_body(t, w, one);
		write_object_end(w);
	}
}

static struct writer *
begin_attachment(struct told *t, struct str purpose)
{
	struct writer *w = &t->v->group.attachments_w;

	write_object(w);
	write_member(w, "purpose", purpose);
	write_member_time(w, "start", t->at);
	write_member_int(w, "party", party(t, record_get(t->r, "from")));
	write_member_int(w, "dialog", (int64_t)t->v->group.dialogs);
	return w;
}

/* A media type is a type and a subtype; others say "sticker". */
static struct str
media_type(struct str s)
{
	ptrdiff_t slash = str_chr(s, '/');
	size_t n = 0;

	while (n < s.n &&
	       (ascii_is_alnum(s.p[n]) || ascii_is_in(s.p[n], "!#$&^_.+-/")))
		n++;
	return slash > 0 && n > (size_t)slash + 1 &&
		       (n == s.n || ascii_is_in(s.p[n], "; "))
		   ? s
		   : STR_NONE;
}

static void
add_attachments(struct told *t)
{
	struct arena *a = record_arena(t->r);
	struct json_iter it = json_each(record_get(t->r, "attachments"));
	struct json one;
	struct writer *w;

	while (json_next(&it, NULL, &one)) {
		w = begin_attachment(t, STR_NONE);
		write_member(w, "mediatype",
		    media_type(json_str(json_get(one, "type"), a)));
		write_member(w, "filename", json_str(json_get(one, "name"), a));
		write_object_end(w);
	}
	it = json_each(json_get(t->data, "attached"));
	while (json_next(&it, NULL, &one)) {
		struct str purpose = json_str(json_get(one, "purpose"), a);

		if (json_type(json_get(one, "body")) <= JSON_NULL)
			continue;
		if (purpose.p == NULL)
			purpose = json_str(json_get(one, "type"), a);
		w = begin_attachment(t, purpose);
		write_body(t, w, one);
		write_object_end(w);
	}
}

/* Dialogs. */

/* Why a call was none, in the words of a vCon; NULL where somebody spoke. */
static const char *
incomplete(struct told *t)
{
	static const char *const said[] = { "no-answer", "congestion", "failed",
		"busy", "hung-up", "voicemail-no-message", NULL };
	static const struct {
		const char *disposition, *is;
	} words[] = {
		{ "no answer", "no-answer" },
		{ "missed", "no-answer" },
		{ "rejected", "hung-up" },
		{ "blocked", "failed" },
		{ "busy", "busy" },
		{ "failed", "failed" },
	};
	struct json disposition = json_get(t->data, "disposition");
	struct json outcome = json_get(t->data, "outcome");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!json_is(disposition, words[i].disposition))
			continue;
		for (size_t k = 0; said[k] != NULL; k++)
			if (json_is(outcome, said[k]))
				return said[k];
		return words[i].is;
	}
	return NULL;
}

static void
write_text(struct told *t, struct writer *w)
{
	struct str id = record_str(t->r, "messageId");
	bool mail = str_is(t->channel, "email");

	write_parties(t, w);
	if (t->text.n > 0) {
		write_member(w, "mediatype", STR("text/plain"));
		write_member(w, "encoding", STR("none"));
		write_member(w, "body", t->text);
	}
	if (id.n > 0)
		write_member(w, "message_id",
		    mail
			? ARENA_JOIN(record_arena(t->r), STR("<"), id, STR(">"))
			: id);
}

static void
write_call(struct told *t, struct writer *w, bool complete)
{
	static const char *const where[] = { "url", "content_hash" };
	struct json url = json_get(t->data, where[0]);
	struct json hash = json_get(t->data, where[1]);
	double seconds;

	if (json_real(json_get(t->data, "duration"), &seconds) == 0 &&
	    seconds >= 0) {
		write_key(w, "duration");
		write_real(w, seconds);
	}
	write_parties(t, w);
	if (!complete) {
		write_key(w, "disposition");
		write_z(w, incomplete(t));
		return;
	}
	/* Without a hash nobody may fetch it. */
	if (json_type(url) == JSON_STRING && json_type(hash) >= JSON_STRING &&
	    json_type(hash) != JSON_OBJECT) {
		write_member_raw(w, where[0], json_raw(url));
		write_member_raw(w, where[1], json_raw(hash));
	}
}

static void
write_transfer(struct told *t, struct writer *w)
{
	static const char *const roles[] = { "transferee", "transferor",
		"transfer_target", NULL };

	for (size_t i = 0; roles[i] != NULL; i++) {
		struct json a = json_get(t->data, roles[i]);

		if (json_type(a) == JSON_OBJECT)
			write_member_int(w, roles[i], party(t, a));
	}
}

/* Its type, or NULL for what is no dialog. */
static const char *
dialog_type(struct told *t)
{
	if (t->at == TIME_NONE)
		return NULL;
	if (str_is(t->type, "message"))
		return "text";
	if (str_is(t->type, "call"))
		return incomplete(t) == NULL ? "recording" : "incomplete";
	return str_is(t->type, "event") &&
		       json_is(json_get(t->data, "subtype"), "transfer")
		   ? "transfer"
		   : NULL;
}

static void
add_dialog(struct told *t, const char *type)
{
	struct writer *w = &t->v->group.dialog_w;
	bool text = str_is(str_of(type), "text");
	bool transfer = str_is(str_of(type), "transfer");

	write_object(w);
	write_key(w, "type");
	write_z(w, type);
	write_member_time(w, "start", t->at);
	if (text)
		write_text(t, w);
	else if (transfer)
		write_transfer(t, w);
	else
		write_call(t, w, str_is(str_of(type), "recording"));
	if (!str_is(t->channel, "email") && !str_is(t->channel, "sms") &&
	    !str_is(t->channel, "voice"))
		write_member(w, "application", t->channel);
	write_key(w, "kith");
	write_kept(t, w, !text);
	write_object_end(w);
	if (!text && !transfer)
		add_analysis(t, "transcript", t->text);
	add_analysis(t, "summary",
	    json_str(json_get(t->data, "summary"), record_arena(t->r)));
	keep_analyses(t);
	add_attachments(t);
	t->v->group.dialogs++;
}

static void
add_record(struct vcons *v, size_t i)
{
	struct group *g = &v->group;
	struct record *r = v->record;
	struct told t = { .v = v, .r = r, .type = record_str(r, "type") };
	struct str subject = record_str(r, "subject");
	struct str thread = record_str(r, "threadId");
	const char *type;

	t.channel = record_str(r, "channel");
	t.text = record_str(r, "text");
	t.data = record_get(r, "data");
	if (time_parse(record_str(r, "sentAt"), &t.at) < 0)
		t.at = record_time(r);
	if (g->subject.p == NULL && subject.n > 0)
		g->subject = arena_dup(&g->arena, subject);
	if (!is_uuid(thread) ||
	    !json_is(json_get(record_get(r, "source"), "format"), "vcon"))
		thread = STR("");
	if (i == 0)
		g->thread = arena_dup(&g->arena, thread);
	else if (!str_eq(g->thread, thread))
		g->thread = STR("");
	type = dialog_type(&t);
	if (type != NULL) {
		add_dialog(&t, type);
		return;
	}
	write_kept(&t, &g->records_w, true);
	g->others++;
}

/* The vCon's own id, or one that the conversation has for ever: a UUID of
 * version 8 (RFC 9562). */
static struct str
uuid_of(struct group *g)
{
	uint8_t h[32];

	if (g->thread.n > 0)
		return g->thread;
	hash_sha256(g->key.p, g->key.n, h);
	h[6] = (uint8_t)((h[6] & 0x0f) | 0x80);
	h[8] = (uint8_t)((h[8] & 0x3f) | 0x80);
	return arena_printf(&g->arena,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x",
	    h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10],
	    h[11], h[12], h[13], h[14], h[15]);
}

static void
write_part(
    struct writer *w, const char *name, struct writer *list, struct buf *b)
{
	write_list_end(list);
	write_member_raw(w, name, buf_str(b));
}

static int
group_write(struct vcons *v, int64_t created, struct sink *out, struct err *e)
{
	struct group *g = &v->group;
	struct writer w;

	for (size_t i = 0; i < g->lines.n; i++) {
		if (record_parse(v->record, g->lines.v[i], e) < 0)
			return -1;
		add_record(v, i);
	}
	write_init(&w, sink_out(out));
	write_object(&w);
	write_member(&w, "vcon", STR("0.4.0"));
	write_member(&w, "uuid", uuid_of(g));
	write_key(&w, "extensions");
	write_list(&w);
	write_z(&w, "kith");
	write_list_end(&w);
	write_member_time(&w, "created_at", created);
	write_member(&w, "subject", g->subject);
	write_part(&w, "parties", &g->party_w, &g->party);
	write_part(&w, "dialog", &g->dialog_w, &g->dialog);
	write_part(&w, "analysis", &g->analysis_w, &g->analysis);
	write_part(&w, "attachments", &g->attachments_w, &g->attachments);
	write_list_end(&g->records_w);
	if (g->others > 0) {
		write_key(&w, "kith");
		write_object(&w);
		write_member_raw(&w, "records", buf_str(&g->records));
		write_object_end(&w);
	}
	write_object_end(&w);
	return g->party.over || g->dialog.over || g->analysis.over ||
		       g->attachments.over || g->records.over
		   ? err_set(e, "a conversation of more than %d bytes",
			 RECORD_PUT_BYTES)
		   : sink_commit(out, e);
}

int
vcons_write(struct vcons *v, int64_t created, struct sink *out, struct err *e)
{
	struct group *g = &v->group;
	struct str key, line;
	int rc = sorter_finish(v->sorter, e), got = 0;

	g->key = STR_NONE;
	while (rc == 0 && (got = sorter_next(v->sorter, &key, &line, e)) > 0) {
		key = str_sub(key, 0, key.n - VCON_KEY);
		if (g->key.p != NULL && !str_eq(key, g->key))
			rc = group_write(v, created, out, e);
		if (g->key.p == NULL || !str_eq(key, g->key))
			group_begin(g, key);
		if (rc == 0)
			rc = group_add(v, line, e);
	}
	if (rc == 0 && got == 0 && g->key.p != NULL)
		rc = group_write(v, created, out, e);
	return rc < 0 || got < 0 ? -1 : 0;
}
