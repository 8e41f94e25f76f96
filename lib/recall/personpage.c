#include "recall/personpage.h"

#include <inttypes.h>

#include "core/text/terminal.h"
#include "core/time.h"
#include "json/json.h"

/* "2024-05-01 10:00Z", in UTC. */
static void
add_time(struct buf *out, int64_t t)
{
	struct civil c;

	if (t == TIME_NONE)
		return;
	time_to_civil(t, &c);
	buf_printf(out, "%04d-%02d-%02d %02d:%02dZ", c.year, c.month, c.day,
	    c.hour, c.minute);
}

static struct str
member(struct json v, const char *name, struct arena *a)
{
	struct str s = json_str(json_get(v, name), a);

	return s.p == NULL ? STR("") : s;
}

static int64_t
time_of(struct json v, const char *name, struct arena *a)
{
	int64_t t;

	return time_parse(member(v, name, a), &t) == 0 ? t : TIME_NONE;
}

static void
add_list(struct buf *out, const char *label, struct json list, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		buf_printf(out, "  %-9s ", label);
		terminal_line(out, json_str(v, a));
		buf_add_char(out, '\n');
		label = "";
	}
}

static void
add_head(struct buf *out, struct json root, const struct person_page *p,
    struct arena *a)
{
	struct json names = json_get(root, "names");
	struct str name = json_str(json_at(names, 0), a);

	terminal_line(out, name.p == NULL ? STR("(no name)") : name);
	buf_add_z(out, "  ");
	terminal_line(out, p->person);
	buf_add_char(out, '\n');
	if (json_count(names) > 1)
		add_list(out, "names", names, a);
	add_list(out, "ids", json_get(root, "ids"), a);
	for (size_t i = 0; i < p->n; i++)
		buf_printf(out, "  %-9s %.*s\n", i == 0 ? "was" : "",
		    STR_ARG(p->aliases[i]));
	if (time_of(root, "firstSeen", a) == TIME_NONE)
		return;
	buf_add_z(out, "  seen      ");
	add_time(out, time_of(root, "firstSeen", a));
	buf_add_z(out, " to ");
	add_time(out, time_of(root, "lastSeen", a));
	buf_add_char(out, '\n');
}

static void
add_channels(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "channels"));
	const char *label = "channels";
	struct json v;

	while (json_next(&it, NULL, &v)) {
		int64_t in = 0, sent = 0;

		json_int(json_get(v, "inbound"), &in);
		json_int(json_get(v, "outbound"), &sent);
		buf_printf(out, "  %-9s ", label);
		terminal_line(out, member(v, "channel", a));
		buf_printf(
		    out, ": %" PRId64 " in, %" PRId64 " out, last ", in, sent);
		add_time(out, time_of(v, "last", a));
		buf_add_char(out, '\n');
		label = "";
	}
}

static void
add_preferred(struct buf *out, struct json root, struct arena *a)
{
	struct str channel = member(root, "preferred", a);

	if (channel.n == 0)
		return;
	buf_add_z(out, "  prefers   ");
	terminal_line(out, channel);
	buf_add_z(out, json_is(json_get(root, "preferredBy"), "stated")
			   ? ", as stated\n"
			   : ", going by where they answer\n");
}

static void
add_conversations(
    struct buf *out, struct json root, int64_t now, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "conversations"));
	struct json v;

	if (json_count(json_get(root, "conversations")) > 0)
		buf_add_z(out, "open\n");
	while (json_next(&it, NULL, &v)) {
		int64_t waits = time_of(v, "waitingSince", a);
		char lapse[TIME_SIZE];

		buf_add_z(out, "  ");
		if (waits != TIME_NONE && now >= waits) {
			duration_format(now - waits, lapse);
			buf_printf(out, "waits %s, since ", lapse);
			add_time(out, waits);
		} else {
			buf_add_z(out, "quiet since ");
			add_time(out, time_of(v, "last", a));
		}
		buf_add_z(out, "  ");
		terminal_line(out, member(v, "channel", a));
		buf_add_z(out, "  ");
		terminal_line(out, member(v, "subject", a));
		buf_printf(
		    out, "  %.*s\n", STR_ARG(member(v, "conversation", a)));
	}
}

static void
add_recent(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "recent"));
	struct json v;

	if (json_count(json_get(root, "recent")) > 0)
		buf_add_z(out, "last\n");
	while (json_next(&it, NULL, &v)) {
		struct str text = member(v, "text", a);

		buf_add_z(out, "  ");
		add_time(out, time_of(v, "at", a));
		buf_add_z(out, "  ");
		terminal_line(out, member(v, "channel", a));
		buf_add_z(out, json_is(json_get(v, "direction"), "inbound")
				   ? "  <  "
				   : "  >  ");
		terminal_line(out, text.n > 0 ? text : member(v, "subject", a));
		buf_add_char(out, '\n');
	}
}

/* The page that is open now. */
static void
add_now(struct buf *out, struct json root, struct arena *a)
{
	static const char *const names[] = { "page", "product", "category",
		"url" };
	struct json now = json_get(root, "now"), order = json_get(now, "order");

	if (json_type(now) != JSON_OBJECT)
		return;
	buf_add_z(out, "  now       ");
	add_time(out, time_of(now, "at", a));
	buf_add_z(out, "  ");
	terminal_line(out, member(now, "channel", a));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str s = member(now, names[i], a);

		if (s.n > 0) {
			buf_add_z(out, "  ");
			terminal_line(out, s);
		}
	}
	if (json_type(order) == JSON_OBJECT) {
		buf_add_z(out, "  (order ");
		terminal_line(out, member(order, "number", a));
		buf_add_z(out, member(order, "status", a).n > 0 ? ": " : "");
		terminal_line(out, member(order, "status", a));
		buf_add_char(out, ')');
	}
	buf_add_char(out, '\n');
}

static void
add_interests(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "interests")), each;
	const char *label = "interest";
	struct json v, channel;

	while (json_next(&it, NULL, &v)) {
		struct str by = member(v, "settledBy", a);
		int64_t count = 0;

		json_int(json_get(v, "count"), &count);
		buf_printf(out, "  %-9s ", label);
		terminal_line(out, member(v, "topic", a));
		buf_printf(out, ": %" PRId64 " times, last ", count);
		add_time(out, time_of(v, "last", a));
		each = json_each(json_get(v, "channels"));
		for (int i = 0; json_next(&each, NULL, &channel); i++) {
			buf_add_z(out, i == 0 ? ", on " : " and ");
			terminal_line(out, json_str(channel, a));
		}
		if (by.n > 0) {
			buf_add_z(out, "; settled by order ");
			terminal_line(out, by);
		}
		buf_add_char(out, '\n');
		label = "";
	}
}

static void
add_order(struct buf *out, struct json order, struct arena *a)
{
	static const char *const names[] = { "number", "total", "currency",
		"status" };
	struct json_iter it = json_each(json_get(order, "items"));
	struct json v;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct json m = json_get(order, names[i]);
		struct str s = json_type(m) == JSON_STRING ? json_str(m, a)
			       : json_type(m) == JSON_NONE ? STR("")
							   : json_raw(m);

		if (s.n > 0) {
			buf_add_z(out, "  ");
			terminal_line(out, s);
		}
	}
	for (int i = 0; json_next(&it, NULL, &v); i++) {
		struct str s = member(v, "name", a);

		buf_add_z(out, i == 0 ? ": " : ", ");
		terminal_line(out, s.n > 0 ? s : member(v, "sku", a));
	}
}

static void
add_orders(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "orders"));
	const char *label = "orders";
	struct json v;

	while (json_next(&it, NULL, &v)) {
		buf_printf(out, "  %-9s ", label);
		add_time(out, time_of(v, "at", a));
		add_order(out, v, a);
		buf_add_char(out, '\n');
		label = "";
	}
}

static void
add_word(struct buf *out, struct json v, struct str channel, struct arena *a)
{
	struct str status = member(v, "status", a);
	struct str purpose = member(v, "purpose", a);
	struct str words = member(v, "words", a);

	buf_printf(out, "  consent   %s %s",
	    str_is(status, "asked") ? "asked not to be written to on"
	    : str_is(status, "out") ? "opted out of"
				    : "opted in to",
	    str_is(status, "asked")        ? ""
	    : str_is(purpose, "marketing") ? "solicitations by "
	    : str_is(purpose, "service")   ? "what is about their orders by "
					   : "");
	terminal_line(out, channel);
	if (time_of(v, "at", a) != TIME_NONE) {
		buf_add_z(out, ", ");
		add_time(out, time_of(v, "at", a));
	}
	if (words.n > 0) {
		buf_add_z(out, ": ");
		terminal_line(out, words);
	}
	buf_add_char(out, '\n');
}

static void
add_consent(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "consent"));
	struct json channel, v;

	while (json_next(&it, &channel, &v)) {
		struct json service = json_get(v, "service");

		add_word(out, v, json_str(channel, a), a);
		if (json_type(service) == JSON_OBJECT)
			add_word(out, service, json_str(channel, a), a);
	}
}

static void
add_traits(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "traits"));
	const char *label = "traits";
	struct json name, v;

	while (json_next(&it, &name, &v)) {
		buf_printf(out, "  %-9s ", label);
		terminal_line(out, json_str(name, a));
		buf_add_z(out, ": ");
		terminal_line(out,
		    json_type(v) == JSON_STRING ? json_str(v, a) : json_raw(v));
		buf_add_char(out, '\n');
		label = "";
	}
}

static void
add_segments(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "segments"));
	struct json v;

	for (int i = 0; json_next(&it, NULL, &v); i++) {
		buf_add_z(out, i == 0 ? "  segments  " : ", ");
		terminal_line(out, json_str(v, a));
	}
	if (json_count(json_get(root, "segments")) > 0)
		buf_add_char(out, '\n');
}

void
person_page_write(struct buf *out, const struct person_page *p)
{
	struct json_doc *doc = json_doc_new();
	struct arena a = { 0 };
	struct json root;
	struct err e;

	if (json_parse_copy(doc, p->json, &root, &e) == 0) {
		add_head(out, root, p, &a);
		add_segments(out, root, &a);
		add_traits(out, root, &a);
		add_channels(out, root, &a);
		add_preferred(out, root, &a);
		add_consent(out, root, &a);
		add_now(out, root, &a);
		add_interests(out, root, &a);
		add_orders(out, root, &a);
		add_conversations(out, root, p->now, &a);
		add_recent(out, root, &a);
	}
	arena_release(&a);
	json_doc_free(doc);
}
