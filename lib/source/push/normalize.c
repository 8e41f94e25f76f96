/*
 * What an event of a notification says: one that was sent is a message of ours,
 * what became of it a receipt, and who wants no more of them a consent.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/push/push.h"

enum { LEVELS = 3, PATH_BYTES = 120 };

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct str part[PUSH_MEMBERS];
	struct json own; /* the item */
	struct str id; /* of the notification on its device */
};

/* {"en":"Hello","de":"Hallo"}: English, else the first. */
static struct str
words_of(struct view *v, struct json value)
{
	struct json_iter it = json_each(value);
	struct json first;
	struct str s = native_text(v->n, value, "en");

	if (s.p == NULL && json_next(&it, NULL, &first))
		s = native_value(v->n, first);
	return s;
}

static void
set(struct view *v, enum push_member m, struct str s)
{
	if (m < PUSH_MEMBERS && v->part[m].p == NULL && s.n > 0)
		v->part[m] = s;
}

/* path: of the object, with a slash behind it. */
static void
walk(struct view *v, struct json from, struct str path, unsigned depth)
{
	struct json_iter it = json_each(from);
	struct json key, value;
	char joined[PATH_BYTES];

	while (json_next(&it, &key, &value)) {
		struct str raw = json_raw(key);
		struct str name = str_sub(raw, 1, raw.n - 2), whole;
		enum push_member m;

		if (path.n + name.n + 1 > sizeof(joined))
			continue;
		memcpy(joined, path.p, path.n);
		memcpy(joined + path.n, name.p, name.n);
		whole = str_make(joined, path.n + name.n);
		m = push_member(whole);
		if (json_type(value) != JSON_OBJECT) {
			set(v, m, native_value(v->n, value));
		} else if (m == PUSH_TITLE || (m == PUSH_BODY && depth == 0 &&
						  str_is(name, "contents"))) {
			set(v, m, words_of(v, value));
		} else if (depth < LEVELS) {
			joined[whole.n] = '/';
			walk(
			    v, value, str_make(joined, whole.n + 1), depth + 1);
		}
	}
}

/* Its devices, in the words of the channel. */
static struct address
device(struct view *v)
{
	struct address a = { 0 };
	struct str user = native_uri(v->n, "user", v->part[PUSH_USER]);

	a.uri = native_uri(v->n, "push", v->part[PUSH_DEVICE]);
	if (a.uri.p == NULL)
		a.uri = user;
	return a;
}

static void
write_labels(struct view *v, struct writer *w)
{
	write_member(w, "campaign", v->part[PUSH_CAMPAIGN]);
	write_member(w, "platform", v->part[PUSH_PLATFORM]);
}

/* Of who did something: the user's id beside the device's. */
static void
write_common(struct view *v, struct writer *w)
{
	struct str user = native_uri(v->n, "user", v->part[PUSH_USER]);

	if (user.p != NULL && v->part[PUSH_DEVICE].n > 0)
		write_member_strs(w, "uris", &user, 1);
	write_labels(v, w);
}

/* It tells of who was written to, and comes from nobody. */
static enum stage_result
emit_receipt(struct view *v, const char *status, struct err *e)
{
	struct writer *w;

	v->m->type = "event";
	v->m->direction = "inbound";
	v->m->native_id = ARENA_JOIN(v->a, v->id, STR("/"), str_of(status));
	w = native_data(v->n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", str_of(status));
	write_member_strs(w, "about", &v->id, 1);
	write_member(w, "reason", v->part[PUSH_REASON]);
	if (v->part[PUSH_REASON].p == NULL && status[0] == 'f')
		write_member(w, "reason", v->part[PUSH_EVENT]);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

static enum stage_result
emit_consent(struct view *v, bool in, struct err *e)
{
	struct writer *w;

	v->m->type = "event";
	v->m->direction = "inbound";
	v->m->from = device(v);
	v->m->native_id = native_content(v->n, v->own);
	w = native_data(v->n);
	write_common(v, w);
	write_member(w, "act", STR("consent"));
	write_member(w, "purpose", STR("all"));
	write_member(w, "status", in ? STR("in") : STR("out"));
	write_member(w, "channel", STR("push"));
	write_member(w, "source", v->part[PUSH_EVENT]);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

/* Of what went to many there is a count of them instead of a device. */
static enum stage_result
emit_message(struct view *v, struct err *e)
{
	static const char *const counts[] = { "successful", "failed", "errored",
		"converted", "remaining", "url", "included_segments", NULL };
	struct message *m = v->m;
	struct address to = device(v);
	struct writer *w;

	m->type = "message";
	m->direction = "outbound";
	m->message_id = m->native_id = v->id;
	m->subject = v->part[PUSH_TITLE];
	m->text = v->part[PUSH_BODY];
	if (to.uri.p != NULL)
		message_add_address(m, &m->to, to);
	else
		message_keyword(m, "bulk");
	if (json_true(json_get(v->own, "canceled")))
		message_keyword(m, "deleted");
	w = native_data(v->n);
	if (v->part[PUSH_DEVICE].n > 0)
		write_member(w, "user", v->part[PUSH_USER]);
	write_labels(v, w);
	for (size_t i = 0; to.uri.p == NULL && counts[i] != NULL; i++)
		native_data_raw(w, counts[i], json_get(v->own, counts[i]));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

static enum stage_result
emit_other(struct view *v, struct err *e)
{
	struct writer *w;

	v->m->type = "event";
	v->m->direction = "inbound";
	v->m->from = device(v);
	v->m->native_id = native_content(v->n, v->own);
	w = native_data(v->n);
	write_common(v, w);
	write_member(w, "subtype", v->part[PUSH_EVENT]);
	if (v->part[PUSH_MESSAGE].n > 0)
		write_member_strs(w, "about", &v->id, 1);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

/* The notification's id is one for all who get it. */
static void
read_ids(struct view *v)
{
	struct str id = v->part[PUSH_MESSAGE];
	struct str who = v->part[PUSH_DEVICE].n > 0 ? v->part[PUSH_DEVICE]
						    : v->part[PUSH_USER];

	/* OneSignal's list calls it id. */
	if (id.p == NULL && v->part[PUSH_EVENT].p == NULL)
		id = v->part[PUSH_MESSAGE] = native_text(v->n, v->own, "id");
	v->id =
	    id.n > 0 && who.n > 0 ? ARENA_JOIN(v->a, id, STR("/"), who) : id;
}

enum stage_result
push_normalize(struct normalize *n, struct json native, struct err *e)
{
	static const char *const statuses[] = { [PUSH_DELIVERED] = "delivered",
		[PUSH_READ] = "read",
		[PUSH_FAILED] = "failed" };
	struct view v = { .n = n, .m = normalize_begin(n), .own = native };
	enum push_event what;

	v.a = &v.m->arena;
	if (json_type(native) != JSON_OBJECT)
		return native_reject(e, "no event of a push notification");
	walk(&v, native, STR(""), 0);
	read_ids(&v);
	v.m->channel = "push";
	v.m->account = v.part[PUSH_APP];
	if (native_time_text(n, v.part[PUSH_TIME], &v.m->sent) < 0)
		return native_reject(e, "no event of a push notification: it "
					"has no time");
	what = v.part[PUSH_EVENT].n == 0 ? PUSH_SENT
					 : push_event(v.part[PUSH_EVENT]);
	if (what == PUSH_OUT || what == PUSH_IN)
		return emit_consent(&v, what == PUSH_IN, e);
	if (what == PUSH_OTHER)
		return emit_other(&v, e);
	if (v.id.n == 0)
		return native_reject(e, "no event of a push notification: it "
					"has no id");
	return what == PUSH_SENT ? emit_message(&v, e)
				 : emit_receipt(&v, statuses[what], e);
}
