/*
 * The meaning of a Segment call: who, when, and what kind of record it is.
 */
#include "source/segment/segment.h"

#include "core/text/ascii.h"
struct call {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct json event, batch; /* batch: what stood beside it, or absent */
	enum segment_kind kind;
	struct str name; /* of the event or page */
	struct str user, anonymous, previous, device;
	struct str_list uris;
};

/* A member of the call, else of its batch. */
static struct json
shared(const struct call *c, const char *name)
{
	struct json v = json_get(c->event, name);

	return json_type(v) > JSON_NULL ? v : json_get(c->batch, name);
}

/* context.GROUP.NAME, of the call, else of its batch. */
static struct json
context(const struct call *c, const char *group, const char *name)
{
	const struct json from[] = { c->event, c->batch };

	for (int i = 0; i < 2; i++) {
		struct json v = json_get(from[i], "context");

		if (group != NULL)
			v = json_get(v, group);
		v = json_get(v, name);
		if (json_type(v) > JSON_NULL)
			return v;
	}
	return JSON_ABSENT;
}

/* RFC 3339, or a count of seconds or milliseconds since 1970. */
static int64_t
time_of(const struct call *c, struct json v)
{
	struct str s = segment_text(v, c->a);
	int64_t t;

	if (s.p != NULL && str_to_int(s, &t) == 0) {
		if (t > INT64_C(100000000000) && t < INT64_C(253402300800000))
			return t * (TIME_SECOND / 1000);
		return t > 0 && t < INT64_C(100000000000) ? t * TIME_SECOND
							  : TIME_NONE;
	}
	return s.p != NULL && time_parse(s, &t) == 0 ? t : TIME_NONE;
}

/*
 * When it happened by a clock that is right: the device's own time with the
 * difference between when the device says it sent the call and when the
 * server got it, unless the server has worked it out.
 */
static int64_t
call_time(const struct call *c)
{
	int64_t original = time_of(c, json_get(c->event, "originalTimestamp"));
	int64_t stamp = time_of(c, json_get(c->event, "timestamp"));
	int64_t sent = time_of(c, shared(c, "sentAt"));
	int64_t received = time_of(c, shared(c, "receivedAt"));

	if (original != TIME_NONE && sent != TIME_NONE &&
	    received != TIME_NONE) {
		int64_t t = received - (sent - original);

		if (t > 0 && t < INT64_C(253402300800) * TIME_SECOND)
			return t;
	}
	return stamp != TIME_NONE      ? stamp
	       : original != TIME_NONE ? original
	       : sent != TIME_NONE     ? sent
				       : received;
}

static bool
holds(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_find_nocase(s, str_of(*words)) >= 0)
			return true;
	return false;
}

/* A phone's app, or a page. */
static const char *
channel_of(const struct call *c)
{
	static const char *const apps[] = { "ios", "android", "react-native",
		"react_native", "flutter", "swift", "kotlin", "unity",
		"xamarin", "cordova", "mobile", NULL };
	static const char *const phones[] = { "ios", "ipados", "android",
		NULL };
	struct str said = segment_text(json_get(c->event, "channel"), c->a);
	struct str os = segment_text(context(c, "os", "name"), c->a);
	struct str library = segment_text(context(c, "library", "name"), c->a);

	if (c->kind == SEGMENT_SCREEN)
		return "app";
	if (c->kind == SEGMENT_PAGE || str_is(said, "web") ||
	    str_is(said, "browser"))
		return "web";
	if (str_is(said, "mobile") || str_is(said, "app") ||
	    holds(library, apps))
		return "app";
	if (holds(os, phones) &&
	    json_type(context(c, "page", "url")) != JSON_STRING)
		return "app";
	return "web";
}

/* 8-4-4-4-12 hexadecimal digits: what libraries make up for the unknown. */
static bool
is_uuid(struct str s)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (s.n != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (shape[i] == 'x' ? ascii_hex(s.p[i]) < 0 : s.p[i] != '-')
			return false;
	return true;
}

static void
add_uri(struct call *c, const char *scheme, struct str id)
{
	struct str uri;

	for (size_t i = 0; i < id.n; i++)
		if (ascii_is_control(id.p[i]))
			return;
	if (id.n == 0)
		return;
	uri = ARENA_JOIN(c->a, str_of(scheme), STR(":"), id);
	for (size_t i = 0; i < c->uris.n; i++)
		if (str_eq(c->uris.v[i], uri))
			return;
	message_add_str(c->m, &c->uris, uri);
}

/*
 * Whose call it is.  What alias names as the id before may be a cookie or a
 * user id: one that a library made up is a cookie, unless user ids look like
 * that too.
 */
static void
set_ids(struct call *c)
{
	bool made_up = is_uuid(c->previous);

	add_uri(c, "cookie", c->anonymous);
	if (made_up || str_eq(c->previous, c->anonymous))
		add_uri(c, "cookie", c->previous);
	add_uri(c, "user", c->user);
	if (!made_up || is_uuid(c->user))
		add_uri(c, "user", c->previous);
	if (!str_eq(c->device, c->anonymous))
		add_uri(c, "device", c->device);
}

/* The id that the library gave, and what no export changes: some clients give
 * every call the same. */
static struct str
id_of(const struct call *c, struct str id)
{
	return ARENA_JOIN(c->a, id, arena_printf(c->a, "\n%d\n", (int)c->kind),
	    c->name, STR("\n"), c->user, STR("\n"), c->anonymous);
}

/* What tells one call from another where the library gave it no id: all that
 * the caller said. */
static struct str
content_of(const struct call *c)
{
	static const char *const members[] = { "type", "event", "name",
		"category", "userId", "anonymousId", "previousId", "groupId",
		"properties", "traits", "timestamp", "originalTimestamp",
		NULL };
	struct str s = STR("");

	for (size_t i = 0; members[i] != NULL; i++) {
		struct str raw = json_raw(json_get(c->event, members[i]));

		s = ARENA_JOIN(c->a, s, STR("\n"), raw);
	}
	return s;
}

static struct str
text_of(const struct call *c, const char *name)
{
	return segment_text(json_get(c->event, name), c->a);
}

/* Into c->m, which has just begun. */
static void
set_message(struct call *c)
{
	struct message *m = c->m;
	struct str id = text_of(c, "messageId");

	c->name =
	    c->kind == SEGMENT_TRACK ? text_of(c, "event") : text_of(c, "name");
	c->user = segment_text(shared(c, "userId"), c->a);
	c->anonymous = segment_text(shared(c, "anonymousId"), c->a);
	c->previous = text_of(c, "previousId");
	c->device = segment_text(context(c, "device", "id"), c->a);
	m->channel = channel_of(c);
	m->message_id = id;
	m->native_id = id.p != NULL ? id_of(c, id) : content_of(c);
	m->sent = call_time(c);
	set_ids(c);
	if (c->uris.n > 0)
		m->from.uri = c->uris.v[0];
}

static void
write_uris(struct writer *w, const struct call *c)
{
	if (c->uris.n < 2)
		return;
	write_member_strs(w, "uris", c->uris.v + 1, c->uris.n - 1);
}

/* Members that are told by names of their own, "a|b" for several spellings. */
static const struct {
	const char *names;
	size_t to; /* in struct contact */
} trait_names[] = {
	{ "name|fullname|displayname", offsetof(struct contact, name) },
	{ "firstname|givenname", offsetof(struct contact, given) },
	{ "lastname|familyname|surname", offsetof(struct contact, family) },
	{ "username|nickname", offsetof(struct contact, nickname) },
	{ "title|jobtitle", offsetof(struct contact, title) },
	{ "birthday|birthdate|dateofbirth",
	    offsetof(struct contact, birthday) },
	{ "language|locale", offsetof(struct contact, language) },
};

static void
take_address(struct call *c, struct contact *k, struct json v)
{
	struct contact_address *a = contact_address(k, STR(""));
	struct str country =
	    segment_text(segment_member(v, "country|countrycode", c->a), c->a);

	a->street = segment_text(
	    segment_member(v, "street|streetaddress|line|address", c->a), c->a);
	a->city = segment_text(segment_member(v, "city|town", c->a), c->a);
	a->region = segment_text(
	    segment_member(v, "state|region|province", c->a), c->a);
	a->code = segment_text(
	    segment_member(v, "postalcode|zip|zipcode|postcode", c->a), c->a);
	a->country = country;
}

static void
take_trait(struct call *c, struct contact *k, struct str name, struct json v)
{
	struct str s = segment_text(v, c->a);
	bool plain = json_type(v) == JSON_STRING || json_type(v) == JSON_NUMBER;

	for (size_t i = 0; i < sizeof(trait_names) / sizeof(*trait_names);
	     i++) {
		struct str *to =
		    (struct str *)(void *)((char *)k + trait_names[i].to);

		if (s.p == NULL || to->p != NULL ||
		    !segment_is(name, trait_names[i].names))
			continue;
		*to = s;
		return;
	}
	if (s.p == NULL && plain)
		return;
	if (segment_is(name, "company|organization") && k->org.p == NULL) {
		k->org = plain ? s : segment_text(json_get(v, "name"), c->a);
		if (k->org.p != NULL)
			return;
	}
	if (segment_is(name, "address") && json_type(v) == JSON_OBJECT)
		take_address(c, k, v);
	else if (segment_is(name, "createdat") && time_of(c, v) != TIME_NONE)
		k->created = time_of(c, v);
	else if (!(segment_is(name, "email|emailaddress") &&
		     contact_email(k, s, false)) &&
		 !(segment_is(
		       name, "phone|phonenumber|mobile|mobilephone|tel") &&
		     contact_tel(k, s, false)) &&
		 json_type(v) > JSON_NULL)
		contact_other(k, name, plain ? s : json_raw(v));
}

static void
take_traits(struct call *c, struct contact *k, struct json traits)
{
	struct json_iter it = json_each(traits);
	struct json key, v, address = json_get(traits, "address");

	if (json_type(traits) != JSON_OBJECT)
		return;
	contact_region(
	    k, segment_text(
		   segment_member(address, "country|countrycode", c->a), c->a));
	while (json_next(&it, &key, &v))
		take_trait(c, k, json_str(key, c->a), v);
}

/* identify and alias: what is known of somebody. */
static enum stage_result
emit_contact(struct call *c, struct err *e)
{
	struct json traits = json_get(c->event, "traits");
	struct contact k;

	contact_begin(&k, c->n);
	set_message(c);
	k.uris = c->uris;
	if (json_count(traits) == 0)
		traits = context(c, NULL, "traits");
	take_traits(c, &k, traits);
	return contact_emit(&k, STR_NONE, e);
}

/* Who ordered, beside the ids: what the order or the library knows. */
static void
set_buyer(struct call *c, struct json properties)
{
	const struct json from[] = { properties, json_get(c->event, "traits"),
		context(c, NULL, "traits") };
	struct contact k;

	k = (struct contact){ .n = c->n, .m = c->m, .a = c->a };
	for (int i = 0; i < 3; i++) {
		struct json email =
		    segment_member(from[i], "email|customeremail", c->a);

		if (contact_email(&k, segment_text(email, c->a), false))
			break;
	}
	if (k.emails.n > 0)
		c->m->from.email = k.emails.v[0];
	c->m->from.name =
	    segment_text(segment_member(from[2], "name|fullname", c->a), c->a);
}

static void
write_group(struct writer *w, struct call *c)
{
	struct json traits = json_get(c->event, "traits");

	write_member(w, "name", STR("group"));
	write_member(w, "groupId", text_of(c, "groupId"));
	if (json_type(traits) == JSON_OBJECT)
		write_member_raw(w, "traits", json_raw(traits));
}

static void
write_event(struct writer *w, struct call *c, struct json properties)
{
	write_member(w, "name", c->name);
	if (json_type(properties) == JSON_OBJECT)
		write_member_raw(w, "properties", json_raw(properties));
}

/* page, screen, track, group: what somebody did. */
static enum stage_result
emit_act(struct call *c, struct err *e)
{
	struct json properties = json_get(c->event, "properties");
	struct json page = context(c, NULL, "page");
	bool track = c->kind == SEGMENT_TRACK;
	struct message *m = c->m;
	enum segment_act act;
	struct writer w;

	set_message(c);
	act = c->kind == SEGMENT_GROUP ? SEGMENT_EVENT
	      : track                  ? segment_act(c->name)
				       : SEGMENT_VISIT;
	m->type = act == SEGMENT_VISIT   ? "visit"
		  : act == SEGMENT_ORDER ? "order"
					 : "event";
	m->direction = "inbound";
	buf_reset(&c->n->scratch);
	write_init(&w, &c->n->scratch);
	write_object(&w);
	write_uris(&w, c);
	if (c->kind == SEGMENT_GROUP)
		write_group(&w, c);
	else if (act == SEGMENT_EVENT)
		write_event(&w, c, properties);
	else if (act == SEGMENT_VISIT)
		segment_visit_data(&w,
		    &(struct segment_visit){ properties, page, c->name,
			text_of(c, "category"), track },
		    c->a);
	else
		segment_order_data(&w, properties, c->name, c->a);
	write_object_end(&w);
	if (act == SEGMENT_ORDER)
		set_buyer(c, properties);
	if (c->n->scratch.n > 2)
		m->data = buf_str(&c->n->scratch);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

enum stage_result
segment_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct call c = {
		.n = n,
		.m = normalize_begin(n),
		.event = native,
		.batch = json_get(n->root, "beside"),
	};
	struct str type;

	c.a = &c.m->arena;
	type = json_str(json_get(native, "type"), c.a);
	c.kind = segment_kind(type);
	if (c.kind == SEGMENT_NONE) {
		err_set(e, "not a Segment call: its type is \"%.*s\"",
		    (int)(type.n < 40 ? type.n : 40),
		    type.p == NULL ? "" : type.p);
		return STAGE_REJECT;
	}
	return c.kind == SEGMENT_IDENTIFY || c.kind == SEGMENT_ALIAS
		   ? emit_contact(&c, e)
		   : emit_act(&c, e);
}
